"""The live display and a real database: the facilitator’s wishes, a tie, an evening’s end, and a rehearsal."""

import pytest
from sqlalchemy import func, select, update

from lib.clock import now
from lib.model import Ballot, City, Pass, Round
from lib.queries.meetings import meeting
from lib.queries.voting import round_of
from lib.rules.lifecycle import Electorate, Side
from lib.rules.voting import Display, ResultsShown, SideFigures
from lib.services.contested import answer_contested, plan_second_vote
from lib.services.counting import DiceNeeded, count_round
from lib.services.meetings import add_agenda_item, begin_agenda_item, close_meeting, show_in_room
from lib.services.rounds import close_round, open_round
from lib.storage.engine import using
from lib.storage.transaction import reading, writing
from lib.ui import live_reads
from lib.ui.live_states import STATES
from lib.ui.maps import RAMP_ALONE
from tests.builders import a_city, a_concern, a_facilitator
from tests.hall import TITLES, Hall, a_hall
from tests.pages.visiting import page_text, visit


def everybody_votes(hall: Hall, row) -> None:
    """21 residents and 4 officers: the first goal is carried by both, the second by residents only."""
    for voter in range(21):
        hall.votes(row, voter, *((0, 1) if voter < 15 else (2,)))
    for voter in range(4):
        hall.votes(row, voter, 0, side=Electorate.OFFICERS)


def test_the_facilitator_covers_the_display_and_uncovers_it(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    everybody_votes(hall, hall.opened(shows=ResultsShown.LIVE, officers_figures=SideFigures.OPEN))
    for display, seen in ((Display.COVERED, "One moment, please"), (Display.LOBBY, "Get ready to vote")):
        show_in_room(actor=hall.facilitator, meeting_id=hall.meeting_id, display=display)
        shown = page_text(visit("live", monkeypatch))
        assert seen in shown
        assert [title for title in TITLES if title in shown] == []
    show_in_room(actor=hall.facilitator, meeting_id=hall.meeting_id, display=Display.VOTE)
    assert "Show of hands" in page_text(visit("live", monkeypatch))


def test_a_tie_waits_for_the_dice_with_the_fingerprint_of_the_ballots(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall()
    row = hall.opened()
    for voter in range(20):
        hall.votes(row, voter, voter % 2)
    for voter in range(4):
        hall.votes(row, voter, 0, 1, side=Electorate.OFFICERS)
    close_round(actor=hall.facilitator, round_id=row.id)
    with pytest.raises(DiceNeeded) as needed:
        count_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    shown = page_text(visit("live", monkeypatch))
    assert "A tie. The dice decide" in shown
    assert f"<span>{needed.value.ballots_hash[8:12]}</span>" in shown
    hall.counted(row, tie_seed="4-1-6")
    hall.published(row)
    after = page_text(visit("live", monkeypatch))
    assert "The dice decided" in after
    assert "4-1-6" in after


def test_a_contested_goal_shows_who_owes_and_the_answer_with_the_next_step_only(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall()
    row = hall.opened()
    everybody_votes(hall, row)
    hall.counted(row)
    hall.published(row)
    assert "The officers owe a written answer by" in page_text(visit("live", monkeypatch))
    answer_contested(
        actor=a_facilitator("Sam Reyes", side=Side.OFFICERS),
        round_uuid=row.uuid,
        goal_uuid=hall.goals[1],
        reason="The street belongs to the <b>county</b>",
        counter_offer="A speed display in front of the school",
    )
    kept = page_text(visit("live", monkeypatch))
    assert "We will work on this goal" in kept
    assert "1 written answer is here." in kept
    assert "The street belongs" not in kept
    assert "The street belongs" in page_text(
        visit("live", monkeypatch, meeting=str(hall.meeting_uuid), round=str(row.uuid))
    )
    step = add_agenda_item(actor=hall.facilitator, meeting_id=hall.meeting_id, title="The answers", minutes=5)
    begin_agenda_item(actor=hall.facilitator, meeting_id=hall.meeting_id, item_id=step)
    answered = page_text(visit("live", monkeypatch))
    assert "The street belongs to the &lt;b&gt;county&lt;/b&gt;" in answered
    assert "A speed display in front of the school" in answered


def test_after_the_end_the_room_reads_what_was_adopted(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    row = hall.opened()
    everybody_votes(hall, row)
    hall.counted(row)
    hall.published(row)
    close_meeting(actor=hall.facilitator, meeting_id=hall.meeting_id)
    shown = page_text(visit("live", monkeypatch, meeting=str(hall.meeting_uuid)))
    assert "Adopted tonight by both sides" in shown
    assert [title for title in TITLES if title in shown] == [TITLES[0]]
    linked = page_text(visit("live", monkeypatch, meeting=str(hall.meeting_uuid), round=str(row.uuid)))
    assert "Result, counted and published" in linked


def test_a_screen_that_showed_a_meeting_stays_with_it_when_it_ends(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall()
    screen = visit("live", monkeypatch)
    assert "Get ready to vote" in page_text(screen)
    close_meeting(actor=hall.facilitator, meeting_id=hall.meeting_id)
    live_reads.snapshot.clear()
    assert "Thank you for tonight" in page_text(screen.run())


def test_a_rehearsal_shows_the_meeting_s_goals_and_none_of_its_votes(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 2: the real round is secret, 21 and 4 have voted; the rehearsal shows invented figures only."""
    hall = a_hall()
    row = hall.opened()
    everybody_votes(hall, row)
    before = votes_in_database()
    for state in ("show-of-hands", "hidden", "result"):
        shown = page_text(visit("live", monkeypatch, preview=state))
        assert "Rehearsal: invented votes" in shown
        assert "21 of 25" not in shown
        assert "4 of 6" not in shown
        assert row.frozen_hash[:4] not in shown
        assert (TITLES[0] in shown) == (state != "hidden")
    assert votes_in_database() == before


@pytest.mark.parametrize("asked", ["", "nonsense", "<script>alert(1)</script>"])
def test_an_unknown_rehearsal_lists_all_there_are(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    hall = a_hall()
    shown = page_text(visit("live", monkeypatch, preview=asked, meeting=str(hall.meeting_uuid)))
    assert "<script>" not in shown
    assert shown.count('<a href="/live?preview=') == len(STATES)
    assert f"preview=result&amp;meeting={hall.meeting_uuid}" in shown


def test_a_rehearsal_needs_no_meeting(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    shown = page_text(visit("live", monkeypatch, preview="result"))
    assert "Example meeting" in shown
    assert "We will work on these three goals" in shown


def test_while_the_database_is_away_the_last_numbers_stay_with_their_age(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall()
    everybody_votes(hall, hall.opened())
    screen = visit("live", monkeypatch)
    with using("sqlite:////nowhere/at/all.sqlite3"):
        live_reads.snapshot.clear()
        shown = page_text(screen.run())
        assert "The database is away" in shown
        assert "21 of 25" in shown
        assert "One moment, please" in page_text(visit("live", monkeypatch))
    live_reads.snapshot.clear()
    assert "The database is away" not in page_text(screen.run())


def test_a_fault_of_ours_never_reaches_the_room(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_hall()
    with writing() as db:
        db.execute(update(City).values(time_zone="Nowhere/Land"))
    screen = visit("live", monkeypatch)
    assert not screen.exception
    assert "One moment, please" in page_text(screen)


def votes_in_database() -> tuple[object, ...]:
    with reading() as db:
        counts = [db.scalar(select(func.count()).select_from(table)) for table in (Ballot, Pass, Round)]
        return (*counts, *db.execute(select(Round.state, Round.frozen_hash)).all())


def test_a_goal_adopted_in_a_second_vote_is_not_contested_any_more(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall()
    first = hall.opened()
    everybody_votes(hall, first)
    hall.counted(first)
    hall.published(first)
    answer_contested(
        actor=a_facilitator("Sam Reyes", side=Side.OFFICERS),
        round_uuid=first.uuid,
        goal_uuid=hall.goals[1],
        reason="Too few of us",
        counter_offer="Twice a week",
    )
    assert live_reads.evening(hall.meeting_uuid).contested == 1
    second = plan_second_vote(actor=hall.facilitator, meeting_id=hall.meeting_id, first_round_uuid=first.uuid)
    open_round(actor=hall.facilitator, second=hall.second, round_id=second)
    row = round_of(second)
    for voter in range(21):
        hall.votes(row, voter, 1)
    for voter in range(4):
        hall.votes(row, voter, 1, side=Electorate.OFFICERS)
    hall.counted(row)
    hall.published(row)
    close_meeting(actor=hall.facilitator, meeting_id=hall.meeting_id)
    over = page_text(visit("live", monkeypatch, meeting=str(hall.meeting_uuid)))
    assert [title for title in TITLES if title in over] == [TITLES[0], TITLES[1]]
    assert "contested goal" not in over


def test_the_legend_of_the_room_s_map_shows_the_classes_in_use(sqlite_database: str) -> None:
    hall = a_hall()
    beats = meeting(hall.meeting_uuid).beats
    live_reads.room_map.clear()
    nothing = live_reads.room_map(beats)
    assert (nothing.fewest, nothing.most, nothing.colours) == (0, 0, ())
    cells = ("8928d54e2a3ffff", "8928d54e2b7ffff")
    for cell, number in zip(cells, (2, 5), strict=True):
        for _ in range(number):
            a_concern(hall.beat_id, cell=cell, reported_at=now())
    live_reads.room_map.clear()
    drawn = live_reads.room_map(beats)
    assert (drawn.fewest, drawn.most, drawn.colours) == (2, 5, RAMP_ALONE[:2])

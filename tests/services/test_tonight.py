"""Tonight's meeting of the demonstration: open at once, the same one all evening, and a crowd that fits in."""

import stat
from datetime import date

import pytest

from lib import clock
from lib.errors import Conflict
from lib.queries.live import live_snapshot
from lib.queries.minutes_draft import drafted_lines
from lib.queries.voting import pass_batches, rounds
from lib.rules.lifecycle import Electorate, RoundState
from lib.rules.voting import PassKind, ResultsShown, SideFigures
from lib.services.demonstration import TIME_ZONE, Loaded
from lib.services.rounds import close_round
from lib.services.tonight import _facilitator, crowd_slips, open_tonight
from tests.builders import a_city


@pytest.fixture
def demonstration_day() -> date:
    """Tonight is today, whenever the tests run."""
    return clock.today(TIME_ZONE)


def test_every_goal_of_tonights_ballots_is_there_in_spanish(sqlite_demonstration: Loaded) -> None:
    tonight = open_tonight()
    english, spanish = (rounds(tonight.meeting_id, language) for language in ("en", "es"))
    told = [(row.question, *(candidate.title for candidate in row.candidates)) for row in (*english, *spanish)]
    assert len({text for row in told for text in row}) == sum(len(row) for row in told)


def test_a_show_of_hands_runs_and_a_secret_vote_is_prepared(demonstration: Loaded) -> None:
    tonight = open_tonight()
    live, secret = rounds(tonight.meeting_id)
    assert (live.state, live.shows, live.officers_figures) == (
        RoundState.OPEN,
        ResultsShown.LIVE,
        SideFigures.OPEN,
    )
    assert (secret.state, secret.shows, secret.officers_figures) == (
        RoundState.DRAFT,
        ResultsShown.AFTER_CLOSING,
        SideFigures.SEALED,
    )
    assert {(batch.kind, batch.side, batch.size) for batch in pass_batches(tonight.meeting_id)} == {
        (PassKind.SLIPS, Electorate.RESIDENTS, 40),
        (PassKind.SLIPS, Electorate.OFFICERS, 4),
        (PassKind.DOOR, Electorate.RESIDENTS, 30),
        (PassKind.DOOR, Electorate.OFFICERS, 4),
    }
    assert live_snapshot().meeting.id == tonight.meeting_id
    assert len(tonight.slips_file.read_text().splitlines()) == 45
    assert stat.S_IMODE(tonight.slips_file.stat().st_mode) == 0o600


def test_the_minutes_of_tonight_begin_with_the_meeting_and_not_with_its_first_vote(
    sqlite_demonstration: Loaded,
) -> None:
    tonight = open_tonight()
    [live, _] = rounds(tonight.meeting_id)
    begun = [line.source for line in drafted_lines(live_snapshot().meeting)]
    assert begun[:2] == ["opened", f"round:{live.id}:opened"]


def test_the_same_evening_keeps_its_meeting(sqlite_demonstration: Loaded) -> None:
    first, second = open_tonight(), open_tonight()
    assert (first.is_new, second.is_new) == (True, False)
    assert first.meeting_uuid == second.meeting_uuid


def test_another_city_is_left_alone(sqlite_database: str) -> None:
    a_city()
    with pytest.raises(Conflict, match="belongs to the demonstration"):
        open_tonight()


def test_a_crowd_gets_slips_only_while_a_vote_is_open(sqlite_demonstration: Loaded) -> None:
    tonight = open_tonight()
    slips = crowd_slips(meeting_id=tonight.meeting_id, residents=5, officers=2)
    assert [side.value for side, _slip in slips] == ["residents"] * 5 + ["officers"] * 2
    close_round(actor=_facilitator(), round_id=rounds(tonight.meeting_id)[0].id)
    with pytest.raises(Conflict, match="No vote of tonight's meeting is open"):
        crowd_slips(meeting_id=tonight.meeting_id, residents=5, officers=2)

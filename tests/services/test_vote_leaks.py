"""What is kept must not tell who voted what, nor in which order (promise 2)."""

import random
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text

from lib.errors import NotFound, Unavailable
from lib.model import Ballot, LogEntry, RoundSecret, SealedBallot
from lib.queries.counts import figures, opening_warnings, turnouts
from lib.queries.downloads import round_download
from lib.queries.live import live_snapshot
from lib.queries.meetings import meeting_detail
from lib.queries.passes import ballot_state
from lib.queries.published_ballots import ballot_page
from lib.queries.results import ballots_file, published_rounds, round_result
from lib.queries.voting import RoundRow, frozen_text, open_rounds, pass_batches, rounds
from lib.rules.lifecycle import Electorate
from lib.rules.voting import ResultsShown, SideFigures
from lib.services.counting import count_round
from lib.services.rounds import close_round
from lib.settings import settings
from lib.storage.engine import engine
from lib.storage.secrets import unseal
from lib.storage.transaction import reading
from tests.hall import Hall, a_hall

OFFICERS = Electorate.OFFICERS


def a_crowd_votes(hall: Hall, row: RoundRow, *, residents: int, officers: int) -> None:
    """Everybody votes, every third changes the vote, in an order that is nobody's number."""
    dice = random.Random(7)
    voters = [*range(residents), *range(0, residents, 3)]
    dice.shuffle(voters)
    for voter in voters:
        hall.votes(row, voter, *dice.sample(range(3), dice.randint(0, 3)))
    for officer in range(officers):
        hall.votes(row, officer, 0, side=OFFICERS)


def test_a_ballot_holds_no_time_no_address_and_no_pass(database: str) -> None:
    assert [column["name"] for column in inspect(engine()).get_columns("ballot")] == [
        "round_id",
        "key",
        "side",
        "choices",
        "tracker",
        "channel",
    ]
    assert [column["name"] for column in inspect(engine()).get_columns("sealed_ballot")] == [
        "round_id",
        "tracker",
        "side",
        "choices",
    ]


def test_casting_writes_nothing_but_the_ballot(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    before = other_rows()
    hall.votes(row, 0, 0)
    hall.votes(row, 0, 1)
    assert other_rows() == before


def other_rows() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but `ballot`."""
    tables = [table for table in inspect(engine()).get_table_names() if table != "ballot"]
    with reading() as db:
        return {table: sorted(map(tuple, db.execute(text(f"SELECT * FROM {table}"))), key=str) for table in tables}


def test_before_sealing_a_secret_round_shows_turnout_and_nothing_else(database: str) -> None:
    hall = a_hall()
    row = hall.opened(officers_figures=SideFigures.OPEN)
    a_crowd_votes(hall, row, residents=20, officers=4)
    for closed in (False, True):
        if closed:
            close_round(actor=hall.facilitator, round_id=row.id)
        live = live_snapshot(hall.meeting_uuid)
        assert (live.tally, {line.outcome for line in live.lines}, live.sentence) == (None, {None}, "")
        known = figures(row.id, with_choices=True)
        assert (known.ballots, known.turned) == ({}, frozenset())
        said = repr(
            [
                live,
                known,
                turnouts(row.id),
                open_rounds(hall.meeting_id),
                meeting_detail(hall.meeting_uuid),
                ballot_state(row.id, hall.cred(0)),
                pass_batches(hall.meeting_id),
                opening_warnings(row.id),
                frozen_text(row.uuid),
                published_rounds(),
            ]
        )
        with reading() as db:
            for key, choices in db.execute(select(Ballot.key, Ballot.choices)):
                assert repr(key) not in said and key.hex() not in said
                assert choices == "[]" or choices not in said
        for result in (round_result, ballots_file):
            with pytest.raises(NotFound):
                result(row.uuid)


def test_between_counting_and_publishing_turnout_shows_and_nothing_else(database: str) -> None:
    hall = a_hall()
    row = hall.opened(officers_figures=SideFigures.OPEN)
    for voter in range(20):
        hall.votes(row, voter, voter % 3)
    for officer in range(4):
        hall.votes(row, officer, 0, side=OFFICERS)
    close_round(actor=hall.facilitator, round_id=row.id)
    count_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    live = live_snapshot(hall.meeting_uuid)
    assert (live.tally, {line.outcome for line in live.lines}, live.sentence, live.owed) == (None, {None}, "", {})
    assert live.turnout[Electorate.RESIDENTS].cast == 20
    assert published_rounds() == ()
    for question in (round_result, ballots_file, ballot_page, round_download):
        with pytest.raises(NotFound):
            question(row.uuid)
    said = repr([live, meeting_detail(hall.meeting_uuid), rounds(hall.meeting_id), ballot_state(row.id, hall.cred(0))])
    with reading() as db:
        sealed = list(db.scalars(select(SealedBallot.tracker)))
    assert len(sealed) == 24
    assert not any(tracker in said for tracker in sealed)


def test_the_log_holds_totals_and_no_ballot(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    a_crowd_votes(hall, row, residents=20, officers=4)
    with reading() as db:
        trackers = list(db.scalars(select(Ballot.tracker)))
    close_round(actor=hall.facilitator, round_id=row.id)
    count_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    with reading() as db:
        entries = [(entry.action, entry.facts) for entry in db.scalars(select(LogEntry).order_by(LogEntry.id))]
    totals = {"residents_cast": 20, "residents_issued": 25, "officers_cast": 4, "officers_issued": 6}
    assert ("round_closed", {"by": "hand"} | totals) in entries
    assert not any(tracker in str(entries) for tracker in trackers)


@pytest.mark.parametrize("residents", [3, 40, 400])
def test_after_sealing_the_sqlite_file_holds_no_key_no_pepper_and_no_sealed_side(
    sqlite_database: str, residents: int
) -> None:
    hall = a_hall(residents=residents)
    row = hall.opened()
    a_crowd_votes(hall, row, residents=residents, officers=6)
    with reading() as db:
        secret = db.scalars(select(RoundSecret.pepper)).one()
        keys = list(db.scalars(select(Ballot.key)))
        destroyed = list(db.scalars(select(Ballot.tracker).where(Ballot.side == OFFICERS)))
        kept = list(db.scalars(select(Ballot.tracker).where(Ballot.side == Electorate.RESIDENTS)))
    file = Path(sqlite_database.removeprefix("sqlite:///"))
    before = everything(file)
    assert all(key in before for key in keys)
    close_round(actor=hall.facilitator, round_id=row.id)
    assert count_round(actor=hall.facilitator, second=hall.second, round_id=row.id).is_clean
    after = everything(file)
    assert secret not in after and unseal(secret) not in after
    assert [key for key in keys if key in after] == []
    assert [tracker for tracker in destroyed if tracker.encode() in after] == []
    assert all(tracker.encode() in after for tracker in kept)
    assert [tracker for tracker in kept if tracker.encode() + b"phone" in after] == []


def everything(file: Path) -> bytes:
    """The database's file with its log."""
    log = file.with_name(file.name + "-wal")
    return file.read_bytes() + (log.read_bytes() if log.exists() else b"")


def test_casting_leaves_no_transaction_number_in_passes_and_rounds(postgres_database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    before = numbers_of_rows()
    a_crowd_votes(hall, row, residents=20, officers=4)
    assert numbers_of_rows() == before
    with reading() as db:
        ballots = set(db.execute(text("SELECT xmin::text FROM ballot")).scalars())
    assert not ballots & {number for rows in before.values() for _, xmin, xmax in rows for number in (xmin, xmax)}


def numbers_of_rows() -> dict[str, list[tuple[str, str, str]]]:
    """Place, writing and locking transaction of every row that a vote could be linked through."""
    with reading() as db:
        return {
            table: [tuple(line) for line in db.execute(text(f"SELECT ctid::text, xmin::text, xmax::text FROM {table}"))]  # type: ignore[misc]
            for table in ("pass", "pass_batch", "round", "round_secret", "meeting", "candidate")
        }


def test_after_sealing_postgresql_keeps_one_transaction_and_no_order_but_the_trackers(postgres_database: str) -> None:
    hall = a_hall(residents=200)
    row = hall.opened()
    a_crowd_votes(hall, row, residents=200, officers=4)
    close_round(actor=hall.facilitator, round_id=row.id)
    assert count_round(actor=hall.facilitator, second=hall.second, round_id=row.id).is_clean
    with reading() as db:
        places = list(db.execute(text("SELECT (ctid::text::point)[0]::int, tracker FROM sealed_ballot ORDER BY ctid")))
        numbers = set(db.execute(text("SELECT xmin::text FROM sealed_ballot")).scalars())
        sizes = [
            db.execute(text(f"SELECT pg_relation_size('{table}')")).scalar() for table in ("ballot", "round_secret")
        ]
    # The database chooses the pages; on each of them the rows lie in the order of their trackers.
    assert [tuple(place) for place in places] == sorted(tuple(place) for place in places)
    assert len(places) == 200
    assert len(numbers) == 1
    assert sizes == [0, 0]


def test_publishing_waits_until_no_trace_is_left(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCK_WAIT_SECONDS", "0.3")
    settings.cache_clear()
    hall = a_hall()
    row = hall.opened()
    hall.votes(row, 0, 0)
    close_round(actor=hall.facilitator, round_id=row.id)
    with engine().connect() as reader:
        assert len(reader.execute(select(Ballot.key)).all()) == 1
        assert not count_round(actor=hall.facilitator, second=hall.second, round_id=row.id).is_clean
        with pytest.raises(Unavailable, match="traces"):
            hall.published(row)
    hall.published(row)
    assert round_result(row.uuid).is_recounted


def test_other_rounds_keep_their_open_ballots_when_one_is_sealed(database: str) -> None:
    from tests.builders import a_meeting

    hall = a_hall()
    row = hall.opened(goal_ids=hall.goal_ids[:1])
    hall.votes(row, 0, 0)
    close_round(actor=hall.facilitator, round_id=row.id)
    second = hall.opened(goal_ids=hall.goal_ids[1:])
    hall.votes(second, 0, 1)
    a_meeting(hall.beat_id, "Another meeting")
    count_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    assert ballot_state(second.id, hall.cred(0)).has_ballot
    assert ballot_state(row.id, hall.cred(0)).is_sealed


def test_a_live_round_shows_both_sides_and_still_no_key(database: str) -> None:
    hall = a_hall()
    row = hall.opened(shows=ResultsShown.LIVE, officers_figures=SideFigures.OPEN)
    a_crowd_votes(hall, row, residents=20, officers=2)
    known = figures(row.id, with_choices=True)
    assert sum(known.ballots[Electorate.RESIDENTS].values()) == 20
    live = live_snapshot(hall.meeting_uuid)
    # Two officers' ballots would tell who chose what: nothing is shown per goal for their side.
    assert {line.outcome.officers_approvals for line in live.lines if line.outcome} == {None}

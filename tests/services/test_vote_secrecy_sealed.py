"""After sealing the disk holds no key, no PEPPER, no sealed side's choices, no order but the trackers' (promise 2).

The database's own files are read byte by byte, and every order in which they can be read is compared with the order of
voting.
"""

import random
import re
from itertools import combinations
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, text

from lib.model import Ballot, DoorPass, RoundSecret
from lib.queries.results import ballots_file
from lib.queries.voting import RoundRow
from lib.rules.ballots import ballot_key, commitment, credential, crockford
from lib.rules.counting import Ballot as Choice
from lib.rules.counting import choices_text
from lib.rules.lifecycle import Electorate
from lib.rules.voting import Channel, PassKind
from lib.services.casting import cast_ballot, fresh_nonce
from lib.services.counting import count_round, open_paper, seal_round
from lib.services.door import show_next_pass
from lib.services.passes import mint_passes, void_slip
from lib.services.rounds import close_round
from lib.services.traces import sweep_traces
from lib.storage.engine import engine
from lib.storage.secrets import unseal
from lib.storage.transaction import reading, writing
from tests.hall import Hall, a_hall
from tests.services.kept import bytes_kept, follows, found, orders_kept

RESIDENTS, OFFICERS = Electorate.RESIDENTS, Electorate.OFFICERS
EIGHT = tuple(f"Goal number {place}" for place in range(8))


def told_apart(hall: Hall, number: int) -> list[tuple[UUID, ...]]:
    """Different choices for each of so many voters: whoever sees a ballot's choices knows whose it is."""
    goals = range(len(hall.goals))
    every = [chosen for size in range(1, len(hall.goals) + 1) for chosen in combinations(goals, size)]
    return [tuple(hall.goals[goal] for goal in chosen) for chosen in random.Random(3).sample(every, number)]


def written(choices: tuple[UUID, ...]) -> str:
    return choices_text(Choice(frozenset(choices)))


def cast(
    hall: Hall, row: RoundRow, voter: int, choices: tuple[UUID, ...], side: Electorate = RESIDENTS, **how: Channel
) -> str:
    """The tracker of the ballot, as the voter gets it or would get it."""
    nonce = fresh_nonce()
    cast_ballot(round_id=row.id, cred=hall.cred(voter, side), choices=choices, none_of_these=False, nonce=nonce, **how)
    with reading() as db:
        pepper = db.scalars(select(RoundSecret.pepper).where(RoundSecret.round_id == row.id)).one()
        key = ballot_key(hall.cred(voter, side), row.uuid, unseal(pepper))
        return db.scalars(select(Ballot.tracker).where(Ballot.round_id == row.id, Ballot.key == key)).one()


def counted(hall: Hall, row: RoundRow) -> None:
    close_round(actor=hall.facilitator, round_id=row.id)
    assert count_round(actor=hall.facilitator, second=hall.second, round_id=row.id).is_clean


def test_the_disk_holds_no_key_no_pepper_no_earlier_vote_and_nothing_of_a_sealed_side(database: str) -> None:
    hall = a_hall(residents=60, titles=EIGHT)
    row = hall.opened()
    earlier, later, officers = (told_apart(hall, 126)[start : start + 60] for start in (0, 60, 120))
    for voter, choices in enumerate(earlier):
        cast(hall, row, voter, choices)
    seen = [cast(hall, row, voter, choices) for voter, choices in enumerate(later)]
    destroyed = [cast(hall, row, voter, choices, OFFICERS) for voter, choices in enumerate(officers)]
    with reading() as db:
        sealed_pepper = db.scalars(select(RoundSecret.pepper)).one()
        keys = list(db.scalars(select(Ballot.key)))
    secrets = [*keys, sealed_pepper, unseal(sealed_pepper), *destroyed, *map(written, earlier), *map(written, officers)]
    before = bytes_kept(database)
    assert len(found(keys, before)) == 66 and found(destroyed, before) and found([sealed_pepper], before)
    counted(hall, row)
    hall.published(row)
    kept = bytes_kept(database)
    assert found(secrets, kept) == []
    assert found(seen, kept) == [each.encode() for each in seen]
    assert [each for each in seen if re.search(each.encode() + b".{0,4}(phone|paper|kiosk)", kept, re.DOTALL)] == []


def test_pages_that_were_split_keep_no_copy_of_a_deleted_ballot(sqlite_database: str) -> None:
    chance = random.Random(5)
    left = {}
    for trial in range(30):
        # The second round stays open beside the first, so that both share pages.
        sealed, beside = chance.randint(5, 400), chance.choice([0, chance.randint(5, 300)])
        with writing() as db:
            for round_id, number in ((1, sealed // 2), (2, beside), (1, sealed - sealed // 2)):
                db.execute(insert(Ballot), [a_ballot(round_id, chance) for _ in range(number)]) if number else None
            for ballot in db.scalars(select(Ballot).where(Ballot.round_id == 1).limit(100)):
                ballot.choices = "y" * chance.randint(0, 200)
        with reading() as db:
            gone = [
                value
                for row in db.execute(select(Ballot.key, Ballot.tracker).where(Ballot.round_id == 1))
                for value in row
            ]
            stays = db.execute(select(Ballot.__table__).where(Ballot.round_id == 2)).all()
        with writing() as db:
            db.execute(delete(Ballot).where(Ballot.round_id == 1))
        assert sweep_traces()
        left |= {(trial, sealed, beside): found(gone, bytes_kept(sqlite_database))}
        with writing() as db:
            assert db.execute(select(Ballot.__table__)).all() == stays
            db.execute(delete(Ballot))
    assert {trial: what for trial, what in left.items() if what} == {}


def a_ballot(round_id: int, chance: random.Random) -> dict[str, object]:
    return {
        "round_id": round_id,
        "key": chance.randbytes(16),
        "side": RESIDENTS,
        "choices": "x" * chance.randint(0, 160),
        "tracker": crockford(chance.randbytes(8))[:12],
        "channel": Channel.PHONE,
    }


def test_cleaning_leaves_the_schema_as_it_was(sqlite_database: str) -> None:
    def schema() -> set[tuple[str, str]]:
        with reading() as db:
            return {tuple(row) for row in db.execute(text("SELECT name, sql FROM sqlite_master"))}  # type: ignore[misc]

    before = schema()
    assert sweep_traces()
    assert schema() == before


def test_an_older_reader_of_another_table_keeps_no_ballot_alive(postgres_database: str) -> None:
    hall = a_hall(residents=60)
    row = hall.opened()
    for voter in range(60):
        hall.votes(row, voter, voter % 3)
    with reading() as db:
        secrets = [*db.scalars(select(Ballot.key)), db.scalars(select(RoundSecret.pepper)).one()]
    with engine().connect().execution_options(isolation_level="REPEATABLE READ") as older:
        older.execute(text("SELECT count(*) FROM city"))
        counted(hall, row)
        assert found(secrets, bytes_kept(postgres_database)) == []


def test_the_planners_samples_keep_nothing_of_the_ballots(postgres_database: str) -> None:
    hall = a_hall(residents=60)
    row = hall.opened()
    for voter in range(60):
        hall.votes(row, voter, voter % 3)
    for officer in range(6):
        hall.votes(row, officer, 0, 2, side=OFFICERS)
    learn()
    counted(hall, row)
    assert samples() == []
    hall.published(row)
    later = hall.opened(goal_ids=hall.goal_ids[1:2])
    hall.votes(later, 0, 1)
    learn()
    assert samples() == []


def learn() -> None:
    """What PostgreSQL does by itself a minute after many rows have changed."""
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def samples() -> list[str]:
    with reading() as db:
        swept = "('ballot', 'round_secret', 'door_pass')"
        references = "('round_secret.round_id', 'door_pass.batch_id')"
        columns = db.execute(
            text(
                f"SELECT tablename || '.' || attname FROM pg_stats WHERE tablename IN {swept} "
                f"AND tablename || '.' || attname NOT IN {references} ORDER BY 1"
            )
        )
        return [str(column) for column in columns.scalars()]


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.PAPER])
def test_no_order_that_is_kept_follows_the_order_of_voting(database: str, channel: Channel) -> None:
    hall = a_hall(residents=200, titles=EIGHT)
    row = hall.opened()
    order = random.Random(11).sample(range(200), 200)
    choices = dict(zip(order, told_apart(hall, 200), strict=True))
    if channel is Channel.PAPER:
        close_round(actor=hall.facilitator, round_id=row.id)
        open_paper(actor=hall.facilitator, second=hall.second, round_id=row.id)
    trackers = {voter: cast(hall, row, voter, choices[voter], channel=channel) for voter in order}
    if channel is Channel.PHONE:
        close_round(actor=hall.facilitator, round_id=row.id)
        open_paper(actor=hall.facilitator, second=hall.second, round_id=row.id)
    seal_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    with reading() as db:
        whose = {written(choices[voter]): voter for voter in order}
        assert {row.tracker: whose[row.choices] for row in db.execute(text("SELECT * FROM sealed_ballot"))} == {
            tracker: voter for voter, tracker in trackers.items()
        }
    hall.published(row)
    kept = bytes_kept(database)
    orders = dict(orders_kept("sealed_ballot", list(trackers.values()), kept))
    published = re.findall("|".join(trackers.values()), str(ballots_file(row.uuid)))
    told = {
        f"{name} against {by}": follows(seen, known)
        for name, seen in (orders | {"published": published}).items()
        for by, known in (("casting", list(trackers.values())), ("serials", [trackers[v] for v in range(200)]))
    }
    for complete in ("as it comes", "bytes, copy 1"):
        assert sorted(orders[complete]) == sorted(trackers.values())
    assert sorted(published) == sorted(trackers.values())
    assert {name: what for name, what in told.items() if what} == {}


def test_a_slip_scanned_as_void_leaves_no_ballot_after_sealing(database: str) -> None:
    hall = a_hall(residents=30, titles=EIGHT)
    row = hall.opened()
    choices = told_apart(hall, 30)
    trackers = [cast(hall, row, voter, choices[voter]) for voter in range(30)]
    with reading() as db:
        key = db.scalars(select(Ballot.key).where(Ballot.tracker == trackers[4])).one()
    token = hall.tokens[RESIDENTS][4]
    assert void_slip(actor=hall.facilitator, second=hall.second, meeting_id=hall.meeting_id, token=token)
    counted(hall, row)
    hall.published(row)
    kept = bytes_kept(database)
    assert found([key, trackers[4], written(choices[4]), token, hall.cred(4)], kept) == []
    assert len(found(trackers, kept)) == 29


def test_the_door_leaves_no_token_and_no_order_of_showing(database: str) -> None:
    hall = a_hall(residents=1, officers=0)
    mint_passes(actor=hall.facilitator, meeting_id=hall.meeting_id, side=RESIDENTS, number=200, kind=PassKind.DOOR)
    with reading() as db:
        sealed_tokens = {unseal(each).decode(): each for each in db.scalars(select(DoorPass.sealed_token))}
    tokens = [show_next_pass(actor=hall.facilitator, meeting_id=hall.meeting_id, side=RESIDENTS) for _ in range(200)]
    creds = [credential(hall.meeting_uuid, token) for token in tokens]
    clear = [*tokens, *creds]
    assert found(clear, bytes_kept(database)) == []
    row = hall.opened()
    for cred in creds[:50]:
        cast_ballot(round_id=row.id, cred=cred, choices=[], none_of_these=True, nonce=fresh_nonce())
    counted(hall, row)
    assert found(clear[::25], bytes_kept(database, with_log=True)) == []
    kept = bytes_kept(database)
    assert found(clear, kept) == []
    assert found(list(sealed_tokens.values()), kept) == []
    shown = [commitment(cred) for cred in creds]
    with reading() as db:
        stored = [
            bytes(each) for each in db.execute(text("SELECT commitment FROM pass WHERE serial IS NULL")).scalars()
        ]
    on_disk = sorted(shown, key=kept.find)
    for name, order in (("rows", stored), ("bytes", on_disk)):
        assert follows([each.hex() for each in order], [each.hex() for each in shown]) == "", name
    if database.startswith("postgresql"):
        with reading() as db:
            assert len(set(db.execute(text("SELECT xmin::text FROM pass WHERE serial IS NULL")).scalars())) == 1
            assert set(db.execute(text("SELECT xmax::text FROM pass")).scalars()) == {"0"}

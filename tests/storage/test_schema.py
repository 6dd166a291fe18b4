"""Migrations and model are the same schema, and the guarantees that code cannot be trusted with stand in it."""

import stat
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import insert, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from lib.model import Ballot, Commitment, Countersignature, Goal, PassBatch
from lib.rules.lifecycle import CommitmentState, Electorate, GoalState, Party
from lib.rules.voting import Channel
from lib.storage.engine import engine, using
from lib.storage.schema import alembic_config, is_up_to_date, migrate
from lib.storage.transaction import writing
from tests.builders import NOON, a_beat, a_goal, a_person
from tests.hall import a_hall


def test_migrations_create_exactly_the_model(database: str) -> None:
    assert is_up_to_date()
    command.check(alembic_config())


def test_migrating_twice_changes_nothing(database: str) -> None:
    migrate()
    assert is_up_to_date()


def test_all_migrations_can_be_taken_back(database: str) -> None:
    command.downgrade(alembic_config(), "base")
    assert not is_up_to_date()
    migrate()
    assert is_up_to_date()


def test_sqlite_is_durable_and_keeps_no_trace_of_deleted_rows(sqlite_database: str) -> None:
    with engine().connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_a_goal_becomes_active_only_with_measure_and_both_commitments(database: str) -> None:
    goal = a_goal(a_beat(), state=GoalState.ADOPTED)
    with pytest.raises(DBAPIError, match="becomes active only with"), writing() as db:
        db.execute(update(Goal).where(Goal.id == goal).values(state=GoalState.ACTIVE))


def test_a_commitment_is_kept_only_when_the_other_side_says_so(database: str) -> None:
    goal = a_goal(a_beat(), state=GoalState.ACTIVE)
    officer = a_person()
    with writing() as db:
        promise = Commitment(
            goal_id=goal,
            party=Party.OFFICERS,
            owner="Maya",
            deliverable="Foot patrol",
            due_on=date(2026, 7, 1),
            offered_at=NOON,
            state=CommitmentState.ACCEPTED,
        )
        db.add(promise)
    with pytest.raises(DBAPIError, match="only the other side"), writing() as db:
        db.execute(update(Commitment).where(Commitment.id == promise.id).values(state=CommitmentState.KEPT))
    signature = {
        "commitment_id": promise.id,
        "party": Party.OFFICERS,
        "verdict": CommitmentState.KEPT,
        "note": "",
        "person_id": officer.person_id,
        "signed_at": NOON,
    }
    with pytest.raises(IntegrityError), writing() as db:
        db.execute(insert(Countersignature).values(**signature, side=Electorate.OFFICERS))
    with writing() as db:
        db.execute(insert(Countersignature).values(**signature, side=Electorate.RESIDENTS))
        db.execute(update(Commitment).where(Commitment.id == promise.id).values(state=CommitmentState.KEPT))


def test_a_second_ballot_of_one_pass_is_refused_whatever_its_channel_and_side(database: str) -> None:
    """Promise 1: the key is (round, key) and nothing more, so that paper or a kiosk adds no second ballot."""
    round_id = a_hall(residents=1, officers=0).opened().id
    row = {"round_id": round_id, "key": b"k" * 16, "choices": "[]"}
    with writing() as db:
        first = {"side": Electorate.RESIDENTS, "channel": Channel.PHONE, "tracker": "A" * 12}
        db.execute(insert(Ballot).values(**row, **first))
    for number, (side, channel) in enumerate(product(Electorate, Channel)):
        with pytest.raises(IntegrityError), writing() as db:
            db.execute(insert(Ballot).values(**row, side=side, channel=channel, tracker=f"B{number:011}"))


def test_a_batch_without_passes_is_refused(database: str) -> None:
    from tests.builders import a_meeting

    meeting = a_meeting(a_beat())
    with pytest.raises(IntegrityError), writing() as db:
        db.add(
            PassBatch(
                meeting_id=meeting,
                number=1,
                side=Electorate.OFFICERS,
                size=0,
                commitments_hash="0" * 64,
                minted_at=NOON,
            )
        )


def test_the_database_file_is_read_by_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "new" / "beat.sqlite3"
    with using(f"sqlite:///{file}"):
        migrate()
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in file.parent.iterdir()}
    assert set(modes.values()) == {0o600}

"""Backups: complete, of one moment, without open ballots and secrets, and restored into either database."""

import os
import secrets
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import LargeBinary, select, text, update
from sqlalchemy.exc import DatabaseError

from lib.clock import now
from lib.errors import Conflict, Invalid
from lib.model import Ballot, Base, Concern, ConcernPlace, DoorPass, LogEntry, LogLink, Pass, Person, Round, RoundSecret
from lib.model import Minute as MinuteOfMeeting
from lib.queries.counts import turnouts
from lib.queries.live import live_snapshot
from lib.queries.results import ballots_file, round_result
from lib.queries.voting import RoundRow, open_rounds, rounds
from lib.rules.ballots import normalise_token
from lib.rules.lifecycle import Electorate, GoalState, RoundState
from lib.rules.voting import PassKind, ResultsShown, SideFigures
from lib.services import backups
from lib.services.admission import admit_pass
from lib.services.backups import BLANKED, ENDED, LEFT_OUT, back_up, restore
from lib.services.counting import count_round
from lib.services.door import show_next_pass
from lib.services.log import broken_link, chain_log
from lib.services.passes import mint_passes, void_pass
from lib.services.people import set_password
from lib.services.publishing import publish_round
from lib.services.rounds import close_round
from lib.services.sessions import sign_in
from lib.services.witnesses import pin_hash
from lib.storage.engine import engine, using
from lib.storage.secrets import unseal
from lib.storage.transaction import reading, writing
from tests.builders import a_concern, a_goal
from tests.databases import postgres_copy
from tests.hall import Hall, a_hall

RESIDENTS, OFFICERS = Electorate.RESIDENTS, Electorate.OFFICERS
PASSWORD = "four random words here"


def an_evening(hall: Hall) -> RoundRow:
    """Sign-ins, an active goal, concerns, a published vote, passes at the door, and a vote that is running."""
    set_password(person_id=hall.facilitator.person_id, password=PASSWORD, from_command_line=True)
    with reading() as db:
        email = db.scalar(select(Person.email).where(Person.id == hall.facilitator.person_id)) or ""
    sign_in(email=email, password=PASSWORD)
    a_goal(hall.beat_id, "Quieter nights", state=GoalState.ACTIVE)
    first, later = a_concern(hall.beat_id), a_concern(hall.beat_id, text="The same music again")
    with writing() as db:
        db.execute(update(Concern).where(Concern.id == first).values(duplicate_of_id=later))
        db.add(ConcernPlace(concern_id=first, longitude=-122.33, latitude=47.61, contact="ana@example.org"))
    done = hall.opened(goal_ids=hall.goal_ids[:1], officers_figures=SideFigures.OPEN)
    for voter in range(20):
        hall.votes(done, voter, 0)
    for officer in range(4):
        hall.votes(done, officer, 0, side=OFFICERS)
    hall.counted(done)
    hall.published(done)
    mint_passes(actor=hall.facilitator, meeting_id=hall.meeting_id, side=RESIDENTS, number=5, kind=PassKind.DOOR)
    running = hall.opened(goal_ids=hall.goal_ids[1:])
    for voter in range(12):
        hall.votes(running, voter, 1 + voter % 2)
    chain_log()
    return running


def contents(*, without: frozenset[str] = frozenset(LEFT_OUT)) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of the database in use, by table."""
    with reading() as db:
        return {
            table.name: [dict(row) for row in db.execute(select(table).order_by(*table.primary_key)).mappings()]
            for table in Base.metadata.sorted_tables
            if table.name not in without
        }


@contextmanager
def opened_file(file: Path) -> Iterator[None]:
    with using(f"sqlite:///{file}"):
        yield


@contextmanager
def an_empty_installation(kind: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[None]:
    """A database without schema, in use within the block."""
    if kind == "sqlite":
        with using(f"sqlite:///{folder / 'other' / 'beat.sqlite3'}"):
            yield
        return
    with postgres_copy(request.getfixturevalue("postgres_server")) as url, using(url):
        yield


def schema_of(file: Path) -> list[tuple[str, str]]:
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        rows = connection.execute("SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY 1")
        return [(str(name), str(sql)) for name, sql in rows]
    finally:
        connection.close()


class TestTheFile:
    def test_it_holds_every_row_but_those_left_out(self, database: str, tmp_path: Path) -> None:
        an_evening(a_hall())
        before = contents()
        made = back_up(file=tmp_path / "evening.sqlite3")
        for person in before["person"]:
            person["pin_hash"] = ""
        expected = before.pop("round"), before.pop("pass")
        with opened_file(tmp_path / "evening.sqlite3"):
            kept = contents()
            assert {table: contents(without=frozenset())[table] for table in LEFT_OUT} == {t: [] for t in LEFT_OUT}
        assert [{**row, "is_void": None} for row in kept.pop("pass")] == [{**r, "is_void": None} for r in expected[1]]
        ended = {"state", "closed_at", "set_aside"}
        assert [{k: v for k, v in row.items() if k not in ended} for row in kept["round"]] == [
            {k: v for k, v in row.items() if k not in ended} for row in expected[0]
        ]
        rows = {table: len(lines) for table, lines in kept.items()}
        assert dict(made.rows) == rows | {"pass": len(expected[1])}
        del kept["round"]
        assert kept == before

    def test_it_has_the_schema_of_a_migrated_database_with_every_trigger(
        self, database: str, sqlite_template: Path, tmp_path: Path
    ) -> None:
        back_up(file=tmp_path / "empty.sqlite3")
        assert schema_of(tmp_path / "empty.sqlite3") == schema_of(sqlite_template)

    def test_its_log_holds_and_stays_append_only_and_verifying_changes_no_byte(
        self, database: str, tmp_path: Path
    ) -> None:
        an_evening(a_hall())
        file = tmp_path / "evening.sqlite3"
        back_up(file=file)
        bytes_before = file.read_bytes()
        with opened_file(file):
            assert chain_log() == 0
            assert broken_link() is None
        assert file.read_bytes() == bytes_before
        assert [each.name for each in tmp_path.iterdir() if each.name.startswith("evening")] == ["evening.sqlite3"]
        with opened_file(file):
            for statement in (update(LogEntry).values(action="nothing"), text("DELETE FROM log_link")):
                with pytest.raises(DatabaseError, match="append-only"), writing() as db:
                    db.execute(statement)
            with pytest.raises(DatabaseError, match="stay as they are"), writing() as db:
                db.execute(text("DELETE FROM sealed_ballot"))

    def test_only_its_owner_reads_it_and_nothing_is_left_beside_it(self, sqlite_database: str, tmp_path: Path) -> None:
        a_hall()
        (tmp_path / "kept").mkdir()
        before = os.umask(0)
        try:
            made = back_up(file=tmp_path / "kept" / "a.sqlite3")
        finally:
            os.umask(before)
        assert [file.name for file in (tmp_path / "kept").iterdir()] == ["a.sqlite3"]
        file = tmp_path / "kept" / "a.sqlite3"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert made.size == file.stat().st_size

    def test_it_overwrites_nothing_and_fails_without_a_trace(
        self, sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = tmp_path / "kept"
        folder.mkdir()
        (folder / "mine").write_text("a letter")
        with pytest.raises(Conflict, match="not overwritten"):
            back_up(file=folder / "mine")
        with pytest.raises(Invalid, match="does not exist"):
            back_up(file=folder / "none" / "a.sqlite3")

        def somebody_was_faster(table: str, rows: int) -> None:
            (folder / "b.sqlite3").write_text("another letter")

        with pytest.raises(Conflict, match="not overwritten"):
            back_up(file=folder / "b.sqlite3", progress=somebody_was_faster)

        def breaks(table: str, rows: int) -> None:
            raise OSError(28, "No space left on device")

        with pytest.raises(Invalid, match="No space left"):
            back_up(file=folder / "c.sqlite3", progress=breaks)
        assert {file.name: file.read_text() for file in folder.iterdir()} == {
            "mine": "a letter",
            "b.sqlite3": "another letter",
        }

    def test_the_log_says_that_a_copy_was_made(self, sqlite_database: str, tmp_path: Path) -> None:
        made = back_up(file=tmp_path / "a.sqlite3")
        with reading() as db:
            entry = db.scalars(select(LogEntry).order_by(LogEntry.id.desc()).limit(1)).one()
        assert (entry.action, entry.actor_id) == ("backup_made", None)
        assert entry.facts == {"sha256": made.sha256, "rows": sum(made.rows.values()), "bytes": made.size}


class TestSecrets:
    def test_no_trace_of_open_ballots_passes_or_secrets_is_in_its_bytes(self, database: str, tmp_path: Path) -> None:
        hall = a_hall()
        running = an_evening(hall)
        show_next_pass(actor=hall.facilitator, meeting_id=hall.meeting_id, side=RESIDENTS)
        back_up(file=tmp_path / "evening.sqlite3")
        written = (tmp_path / "evening.sqlite3").read_bytes()
        with reading() as db:
            ballots = db.execute(select(Ballot.key, Ballot.tracker, Ballot.choices)).all()
            pepper = db.scalars(select(RoundSecret.pepper)).one()
            tokens = list(db.scalars(select(DoorPass.sealed_token)))
            pins = [pin for pin in db.scalars(select(Person.pin_hash)) if pin]
            digests = list(db.execute(text("SELECT digest FROM sign_in")).scalars())
        assert (len(ballots), len(tokens), len(pins), len(digests)) == (12, 4, 1, 1)
        hidden = [pepper, unseal(pepper), *tokens, *map(unseal, tokens), *map(bytes, digests)]
        hidden += [pin.encode() for pin in pins]
        hidden += [part for ballot in ballots for part in (ballot.key, ballot.tracker.encode())]
        hidden += [(normalise_token(token) or "").encode() for side in hall.tokens.values() for token in side]
        # A published ballot for the first goal is there, an open one for the others is not.
        hidden += [ballot.choices.encode() for ballot in ballots]
        assert [part for part in hidden if part in written] == []
        assert ballots_file(rounds(hall.meeting_id)[0].uuid).count(b"residents") == 20
        assert running.state is RoundState.OPEN

    def test_every_table_is_copied_or_left_out_for_a_reason(self) -> None:
        """A new table stops here until somebody has thought about it."""
        copied = {
            *("activity", "agenda_item", "beat", "beat_boundary", "beat_figure", "candidate", "candidate_text"),
            *("category", "category_text", "checkin_answer", "city", "commitment", "concern", "concern_answer"),
            *("concern_place", "countersignature", "goal", "goal_beat", "goal_concern", "goal_event", "import_run"),
            *("incident", "incident_month", "log_entry", "log_link", "map_feature", "measure", "meeting"),
            *("meeting_beat", "minute", "officer_posting", "outcome", "owed_answer", "partner", "pass", "pass_batch"),
            *("person", "person_role", "pulse_answer", "pulse_invitation", "pulse_survey", "reading"),
            *("reconciliation", "round", "round_text", "sealed_ballot", "second_vote", "service", "side_count"),
            *("support", "door_tally", "measure_area", "measure_month"),
            *("commitment_evidence", "commitment_officer", "goal_answer", "goal_argument", "goal_room_answer"),
            *("story_version", "minutes_approval", "answer_template", "concern_outcome", "concern_photo"),
            *("concern_review", "following", "reader", "sign_up"),
            *("activity_text", "service_place", "service_text"),
        }
        assert set(Base.metadata.tables) - copied - set(LEFT_OUT) == set()
        assert copied & set(LEFT_OUT) == set()
        assert copied | set(LEFT_OUT) <= set(Base.metadata.tables)
        assert all(reason for reason in (*LEFT_OUT.values(), *BLANKED.values()))

    def test_every_column_that_may_hold_a_secret_was_thought_about(self) -> None:
        """Digests of random values, which nobody can guess, and argon2id hashes of passwords are copied."""
        words = ("hash", "secret", "token", "pepper", "pin", "digest", "key", "device", "salt", "code")
        copied = {
            "activity.organiser",
            "activity.organiser_digest",
            "beat.code",
            "category.key",
            "commitment_evidence.photo",
            "concern.follow_digest",
            "concern.salt",
            "concern_outcome.answerer",
            "concern_photo.photo",
            "goal_answer.answerer",
            "incident.source_key",
            "incident.stored_code",
            "log_link.digest",
            "minutes_approval.text_hash",
            "outcome.officers_key",
            "outcome.residents_key",
            "pass.commitment",
            "pass_batch.commitments_hash",
            "person.password_hash",
            "pulse_invitation.digest",
            "pulse_survey.code",
            "reader.address",
            "reader.address_digest",
            "reader.link_digest",
            "round.dice_hash",
            "round.frozen_hash",
            "sign_up.address",
            "sign_up.address_digest",
            "sign_up.link_digest",
            "sign_up.name",
            "support.device",
            "support.follow_digest",
        }
        found = {
            f"{table.name}.{column.name}"
            for table in Base.metadata.sorted_tables
            if table.name not in LEFT_OUT
            for column in table.columns
            if isinstance(column.type, LargeBinary) or any(word in column.name.split("_") for word in words)
        }
        assert found - copied - {".".join(column) for column in BLANKED} == {"beat_boundary.polygon"}


class TestWhilePeopleVote:
    def test_it_is_of_one_moment(self, database: str, tmp_path: Path) -> None:
        """Whatever is written while the copy runs is wholly in it or wholly not."""
        hall = a_hall()
        before = contents()

        def more(table: str, rows: int) -> None:
            if table == "beat":
                a_concern(hall.beat_id, text="Written while the copy runs")
                mint_passes(actor=hall.facilitator, meeting_id=hall.meeting_id, side=RESIDENTS, number=3)

        back_up(file=tmp_path / "a.sqlite3", progress=more)
        with opened_file(tmp_path / "a.sqlite3"):
            kept = contents()
        assert {table: len(rows) for table, rows in kept.items()} == {
            table: len(rows) for table, rows in before.items()
        } | {"log_link": len(before["log_entry"])}

    def test_ballots_are_cast_while_it_runs(self, database: str, tmp_path: Path) -> None:
        hall = a_hall()
        row = hall.opened()
        voters = iter(range(25))
        back_up(file=tmp_path / "a.sqlite3", progress=lambda table, rows: hall.votes(row, next(voters), 0) and None
                if table in ("beat", "person", "round") else None)  # fmt: skip
        assert turnouts(row.id)[RESIDENTS].cast == 3

    def test_sealing_never_calls_itself_clean_beside_a_running_backup(
        self, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A reader of an older moment keeps dead ballots in the files: until it is gone nothing is clean."""
        from lib.settings import settings

        hall = a_hall()
        row = hall.opened()
        hall.votes(row, 0, 0)
        close_round(actor=hall.facilitator, round_id=row.id)
        monkeypatch.setenv("LOCK_WAIT_SECONDS", "0.3")
        settings.cache_clear()
        reads, counted, answers = Event(), Event(), []

        def wait(table: str, rows: int) -> None:
            reads.set()
            counted.wait(30)

        copy = Thread(target=back_up, kwargs={"file": tmp_path / "a.sqlite3", "progress": wait})
        copy.start()
        try:
            assert reads.wait(30)
            answers.append(count_round(actor=hall.facilitator, second=hall.second, round_id=row.id).is_clean)
        finally:
            counted.set()
            copy.join()
        assert answers == [False]
        monkeypatch.setenv("LOCK_WAIT_SECONDS", "10")
        settings.cache_clear()
        hall.published(row)
        assert round_result(row.uuid).is_recounted


class TestRestoring:
    @pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
    def test_an_empty_installation_gets_everything_back(
        self, database: str, kind: str, tmp_path: Path, request: pytest.FixtureRequest
    ) -> None:
        hall = a_hall()
        running = an_evening(hall)
        published = rounds(hall.meeting_id)[0]
        csv, result = ballots_file(published.uuid), round_result(published.uuid)
        file = tmp_path / "evening.sqlite3"
        made = back_up(file=file)
        with opened_file(file):
            kept = contents()
        with an_empty_installation(kind, tmp_path, request):
            done = restore(file=file)
            back = contents()
            assert (done.sha256, dict(done.rows), done.ended_rounds) == (made.sha256, dict(made.rows), 1)
            added = {table: back[table][len(rows) :] for table, rows in kept.items() if back[table] != rows}
            assert {table: len(rows) for table, rows in added.items()} == {"log_entry": 2, "log_link": 2, "minute": 1}
            assert [(row["action"], row["subject_id"]) for row in added["log_entry"]] == [
                ("database_restored", ""),
                ("round_set_aside", str(running.uuid)),
            ]
            assert broken_link() is None
            assert (ballots_file(published.uuid), round_result(published.uuid)) == (csv, result)
            with pytest.raises(DatabaseError, match="append-only"), writing() as db:
                db.execute(text("DELETE FROM log_link"))
            # New rows take numbers of their own: PostgreSQL's sequences go on where the rows end.
            a_concern(hall.beat_id, text="A new one")
            assert live_snapshot(hall.meeting_uuid).meeting.title

    def test_a_restored_installation_can_be_backed_up_and_restored_again(self, database: str, tmp_path: Path) -> None:
        an_evening(a_hall())
        back_up(file=tmp_path / "one.sqlite3")
        with using(f"sqlite:///{tmp_path / 'second.sqlite3'}"):
            restore(file=tmp_path / "one.sqlite3")
            first = contents()
            back_up(file=tmp_path / "two.sqlite3")
        with using(f"sqlite:///{tmp_path / 'third.sqlite3'}"):
            assert restore(file=tmp_path / "two.sqlite3").ended_rounds == 1
            again = contents()
        for table in ("goal", "commitment", "concern", "sealed_ballot", "pass", "round", "person"):
            assert again[table] == first[table]

    def test_an_installation_that_holds_something_is_left_alone(self, database: str, tmp_path: Path) -> None:
        a_hall()
        back_up(file=tmp_path / "a.sqlite3")
        before = contents(without=frozenset())
        with pytest.raises(Conflict, match="not empty"):
            restore(file=tmp_path / "a.sqlite3")
        assert contents(without=frozenset()) == before

    def test_people_sign_in_again_and_choose_a_new_pin(self, sqlite_database: str, tmp_path: Path) -> None:
        hall = a_hall()
        an_evening(hall)
        back_up(file=tmp_path / "a.sqlite3")
        with using(f"sqlite:///{tmp_path / 'other.sqlite3'}"):
            restore(file=tmp_path / "a.sqlite3")
            with reading() as db:
                people = {row.id: row for row in db.scalars(select(Person))}
            assert {person.pin_hash for person in people.values()} == {""}
            assert sign_in(email=people[hall.facilitator.person_id].email, password=PASSWORD).person_id

    def test_the_slips_of_the_evening_are_still_good(self, sqlite_database: str, tmp_path: Path) -> None:
        hall = a_hall()
        an_evening(hall)
        back_up(file=tmp_path / "a.sqlite3")
        with using(f"sqlite:///{tmp_path / 'other.sqlite3'}"):
            restore(file=tmp_path / "a.sqlite3")
            assert admit_pass(token=hall.tokens[RESIDENTS][0]).meeting_id == hall.meeting_id


class TestAVoteThatWasRunning:
    @pytest.mark.parametrize("state", [RoundState.OPEN, RoundState.CLOSED], ids=str)
    @pytest.mark.parametrize("shows", ResultsShown, ids=str)
    def test_it_comes_back_ended_and_the_same_goals_can_be_voted_on(
        self, sqlite_database: str, tmp_path: Path, state: RoundState, shows: ResultsShown
    ) -> None:
        hall = a_hall()
        row = hall.opened(shows=shows, officers_figures=SideFigures.OPEN)
        hall.votes(row, 0, 0)
        if state is RoundState.CLOSED:
            close_round(actor=hall.facilitator, round_id=row.id)
        made = back_up(file=tmp_path / "a.sqlite3")
        assert made.ended_rounds == 1
        assert rounds(hall.meeting_id)[0].state is state
        with using(f"sqlite:///{tmp_path / 'other.sqlite3'}"):
            restore(file=tmp_path / "a.sqlite3")
            assert open_rounds(hall.meeting_id) == ()
            ended = rounds(hall.meeting_id)[0]
            assert (ended.state, ended.set_aside, ended.published_at) == (RoundState.SEALED, ENDED, None)
            with reading() as db:
                said = db.scalars(select(MinuteOfMeeting.text)).one()
            assert said == f"Round 1, {row.question} Set aside without a result: {ENDED}"
            live = live_snapshot(hall.meeting_uuid)
            assert (live.state, live.sentence) == (RoundState.SEALED, "")
            with writing() as db:
                db.get_one(Person, hall.second.person_id).pin_hash = pin_hash(hall.second.person_id, hall.second.pin)
            with pytest.raises(Conflict):
                publish_round(actor=hall.facilitator, second=hall.second, round_id=ended.id)
            again = hall.opened()
            hall.votes(again, 0, 0)
            hall.counted(again)
            hall.published(again)
            assert round_result(again.uuid).is_recounted

    def test_it_closed_when_its_time_was_over_or_when_the_copy_was_made(
        self, sqlite_database: str, tmp_path: Path
    ) -> None:
        hall = a_hall()
        row = hall.opened()
        early, late = now(), now() + timedelta(hours=2)
        back_up(file=tmp_path / "early.sqlite3", now=early)
        back_up(file=tmp_path / "late.sqlite3", now=late)
        closings = []
        for name in ("early", "late"):
            with opened_file(tmp_path / f"{name}.sqlite3"), reading() as db:
                closings.append(db.scalars(select(Round.closed_at)).one())
        assert closings == [early, row.closes_at]

    def test_passes_that_waited_at_the_door_are_void_and_no_longer_count_as_issued(
        self, sqlite_database: str, tmp_path: Path
    ) -> None:
        hall = a_hall()
        mint_passes(actor=hall.facilitator, meeting_id=hall.meeting_id, side=RESIDENTS, number=8, kind=PassKind.DOOR)
        shown = [show_next_pass(actor=hall.facilitator, meeting_id=hall.meeting_id, side=RESIDENTS) for _ in range(3)]
        back_up(file=tmp_path / "a.sqlite3")
        with using(f"sqlite:///{tmp_path / 'other.sqlite3'}"):
            restore(file=tmp_path / "a.sqlite3")
            with reading() as db:
                assert len(db.scalars(select(Pass.commitment).where(Pass.is_void)).all()) == 5
            assert {admit_pass(token=token).side for token in shown} == {RESIDENTS}
            draft = hall.planned()
            assert turnouts(draft.id)[RESIDENTS].issued == 25 + 3


class TestFilesThatAreNoBackup:
    @pytest.fixture
    def backup(self, sqlite_database: str, tmp_path: Path) -> Path:
        a_hall()
        chain_log()
        back_up(file=tmp_path / "good.sqlite3")
        return tmp_path / "good.sqlite3"

    def refused(self, file: Path, folder: Path) -> str:
        """The sentence with which an empty installation refuses a file; it stays empty."""
        with using(f"sqlite:///{folder / secrets.token_hex(4)}"):
            with pytest.raises((Invalid, Conflict)) as problem:
                restore(file=file)
            assert not any(contents(without=frozenset()).values())
        return problem.value.sentence

    def test_other_files_are_refused(self, backup: Path, tmp_path: Path) -> None:
        (tmp_path / "letter").write_text("Dear neighbours")
        other = sqlite3.connect(tmp_path / "other.sqlite3")
        other.execute("CREATE TABLE shopping (item TEXT)")
        other.close()
        assert self.refused(tmp_path / "letter", tmp_path) == "This file is no backup of Common Beat."
        assert self.refused(tmp_path / "other.sqlite3", tmp_path) == "This file is no backup of Common Beat."
        assert "No such file" in self.refused(tmp_path / "none", tmp_path)

    def test_a_damaged_or_cut_off_file_is_refused(self, backup: Path, tmp_path: Path) -> None:
        whole = backup.read_bytes()
        (tmp_path / "cut").write_bytes(whole[: len(whole) // 2])
        (tmp_path / "bad").write_bytes(whole[:8192] + b"\x99" * 8192 + whole[16384:])
        for name in ("cut", "bad"):
            assert "damaged" in self.refused(tmp_path / name, tmp_path)

    def test_a_backup_of_a_newer_version_is_refused(self, backup: Path, tmp_path: Path) -> None:
        connection = sqlite3.connect(backup)
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
        connection.close()
        assert "newer version" in self.refused(backup, tmp_path)

    def test_a_log_that_was_changed_in_the_file_is_refused(self, backup: Path, tmp_path: Path) -> None:
        connection = sqlite3.connect(backup)
        connection.executescript("DROP TRIGGER log_entry_no_update; UPDATE log_entry SET action = 'x' WHERE id = 2")
        connection.commit()
        connection.close()
        assert "broken at position 2" in self.refused(backup, tmp_path)

    def test_a_copy_of_the_live_database_is_taken_without_its_secrets(
        self, sqlite_database: str, tmp_path: Path
    ) -> None:
        hall = a_hall()
        an_evening(hall)
        engine().dispose()
        shutil.copy(sqlite_database.removeprefix("sqlite:///"), tmp_path / "raw.sqlite3")
        with using(f"sqlite:///{tmp_path / 'other.sqlite3'}"):
            assert restore(file=tmp_path / "raw.sqlite3").ended_rounds == 1
            everything = contents(without=frozenset())
        assert {table: everything[table] for table in LEFT_OUT} == {table: [] for table in LEFT_OUT}

    def test_a_backup_of_an_older_version_is_brought_up_to_date_and_the_file_stays_as_it_is(
        self, sqlite_database: str, tmp_path: Path
    ) -> None:
        from alembic import command

        from lib.storage.copies import sqlite_file
        from lib.storage.schema import alembic_config

        a_hall()
        file = tmp_path / "old.sqlite3"
        back_up(file=file)
        expected = len(contents()["goal"])
        with sqlite_file(str(file)) as connection:
            config = alembic_config()
            config.attributes["connection"] = connection
            command.downgrade(config, "0001")
        old = file.read_bytes()
        with using(f"sqlite:///{tmp_path / 'other.sqlite3'}"):
            restore(file=file)
            assert len(contents()["goal"]) == expected
        assert file.read_bytes() == old


def test_nothing_is_kept_of_an_older_schema_than_the_programs(sqlite_database: str, tmp_path: Path) -> None:
    with writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(Conflict, match="database migrate"):
        back_up(file=tmp_path / "a.sqlite3")
    assert backups.LEFT_OUT
    assert not (tmp_path / "a.sqlite3").exists()


def test_a_backup_reads_log_links_and_void_slips_as_they_are(sqlite_database: str, tmp_path: Path) -> None:
    hall = a_hall()
    void_pass(actor=hall.facilitator, second=hall.second, meeting_id=hall.meeting_id, serial=3)
    back_up(file=tmp_path / "a.sqlite3")
    with opened_file(tmp_path / "a.sqlite3"), reading() as db:
        assert db.scalars(select(Pass.serial).where(Pass.is_void)).all() == [3]
        assert len(db.scalars(select(LogLink.position)).all()) == len(db.scalars(select(LogEntry.id)).all())

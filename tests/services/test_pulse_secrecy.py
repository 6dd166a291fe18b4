"""After a wave has closed nothing that is kept links an answer to an invitation: no row, no transaction, no order, no
byte on the disk. Before, whoever reads the raw database can link them (`docs/trust.md`).

Every answer here is one that only its giver gave, so whoever sees the answer knows the invitation, and the other way.
"""

import random
import re
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import event, func, insert, select, text

from lib.errors import Conflict, Unavailable
from lib.model import PulseAnswer, PulseInvitation, PulseSurvey
from lib.model.pulse import Sample
from lib.queries.pulse_results import pulse_results
from lib.rules.ballots import invitation_digest
from lib.services import pulse_sweep
from lib.services.pulse import CLOSED, answer_pulse
from lib.services.pulse_sweep import sweep_closed_waves
from lib.services.traces import PULSE, sweep_traces
from lib.storage.engine import engine
from lib.storage.transaction import reading, writing
from tests.pulse_builders import AFTER, DURING, Asked, a_wave_asked, stored, swept
from tests.services.kept import bytes_kept, follows, found
from tests.services.test_pulse import all_at_once

MANY = 200


def words_of(place: int) -> str:
    """Twelve signs that stand in one answer only."""
    return f"issue{place:05d}zz"


def answered(invitations: int = MANY) -> tuple[Asked, list[int]]:
    """A wave whose every invitation but ten has answered, in an order of chance; the places in that order."""
    asked = a_wave_asked(invitations=invitations)
    order = random.Random(17).sample(range(invitations), invitations - 10)
    for place in order:
        asked.answers(place, top_issue=words_of(place), safety=place % 11)
    return asked, order


def transactions(table: str, value: str) -> dict[str, str]:
    """Which transaction wrote which row, PostgreSQL only."""
    with reading() as db:
        rows = db.execute(text(f"SELECT {value}, xmin::text FROM {table}")).all()
    return {row[0].hex() if isinstance(row[0], bytes) else str(row[0]): str(row[1]) for row in rows}


def heap_order(table: str, value: str) -> list[str]:
    """The rows as they lie in the table."""
    by = "ctid" if engine().dialect.name == "postgresql" else "survey_id"
    with reading() as db:
        rows = db.execute(text(f"SELECT {value} FROM {table} ORDER BY {by}")).scalars().all()
    return [row.hex() if isinstance(row, bytes) else str(row) for row in rows]


def byte_order(kept: bytes, values: Sequence[bytes]) -> list[str]:
    """The values in the order in which they first stand in the database's files."""
    places = {value: kept.find(value) for value in values}
    return [value.hex() for value in sorted(values, key=places.__getitem__) if places[value] >= 0]


def test_before_closing_a_reader_of_the_raw_database_can_link_them(postgres_database: str) -> None:
    """What `docs/trust.md` says of an open wave is so; else the tests below would test nothing."""
    asked, order = answered()
    answers, invitations = transactions("pulse_answer", "top_issue"), transactions("pulse_invitation", "digest")
    linked = [
        place for place in order if answers[words_of(place)] == invitations[invitation_digest(asked.codes[place]).hex()]
    ]
    assert linked == order


def test_after_closing_one_transaction_wrote_every_row(postgres_database: str) -> None:
    answered()
    swept()
    assert len(set(transactions("pulse_answer", "top_issue").values())) == 1
    assert len(set(transactions("pulse_invitation", "digest").values())) == 1


def test_after_closing_nobody_is_known_to_have_answered(database: str) -> None:
    answered()
    swept()
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(PulseInvitation)) == MANY
        assert db.scalar(select(func.count()).where(PulseInvitation.is_used.is_(True))) == 0
        assert db.scalar(select(func.count()).select_from(PulseAnswer)) == MANY - 10


def test_after_closing_no_order_tells_who_gave_which_answer(database: str) -> None:
    asked, order = answered()
    swept()
    words = [words_of(place).encode() for place in order]
    digests = [invitation_digest(asked.codes[place]) for place in order]
    kept = bytes_kept(database)
    assert found(words, kept) == words
    by_words = [word.decode() for word in words]
    by_digest = [digest.hex() for digest in digests]
    told = {
        "answers as they lie": follows(heap_order("pulse_answer", "top_issue"), by_words),
        "invitations as they lie": follows(heap_order("pulse_invitation", "digest"), by_digest),
        "answers on the disk": follows(byte_order(kept, words), [word.hex() for word in words]),
        "invitations on the disk": follows(byte_order(kept, digests), by_digest),
        "answers by serial": follows(heap_order("pulse_answer", "top_issue"), [words_of(p) for p in range(MANY)]),
    }
    assert {name: what for name, what in told.items() if what} == {}


def test_after_closing_the_disk_holds_each_answer_once_and_its_invitation_nowhere_near(database: str) -> None:
    asked, order = answered()
    swept()
    kept = bytes_kept(database)
    copies = {place: len(re.findall(words_of(place).encode(), kept)) for place in order}
    assert {place: number for place, number in copies.items() if number != 1} == {}
    near = []
    for place in order:
        at, digest = kept.find(words_of(place).encode()), invitation_digest(asked.codes[place])
        beside = kept[max(0, at - 400) : at + 400]
        if digest in beside or digest.hex().encode() in beside:
            near.append(place)
    assert near == []
    assert found([code.encode() for code in asked.codes], kept) == []


def test_the_devices_of_volunteers_are_forgotten(database: str) -> None:
    asked = a_wave_asked(sample=Sample.VOLUNTEER)
    devices = [f"device number {number}" for number in range(30)]
    for device in devices:
        answer_pulse(code=asked.codes[0], given={"safety": 5}, device=device, now=DURING)
    digests = [invitation_digest(asked.codes[0], device) for device in devices]
    assert found(digests, bytes_kept(database))
    swept()
    assert found(digests, bytes_kept(database)) == []
    assert len(stored()) == 30


def test_the_planners_samples_keep_nothing(postgres_database: str) -> None:
    answered()
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    swept()
    with reading() as db:
        columns = db.execute(
            text("SELECT attname FROM pg_stats WHERE tablename IN ('pulse_answer', 'pulse_invitation')")
        ).scalars()
        assert set(columns) <= {"survey_id"}


def test_an_older_reader_of_another_table_keeps_no_link_alive(postgres_database: str) -> None:
    """A second version of a row would be a second copy of its digest. A few digests stand between the pages of the
    index as well as in it."""
    asked, order = answered()
    digests = [invitation_digest(asked.codes[place]) for place in order]
    with engine().connect().execution_options(isolation_level="REPEATABLE READ") as older:
        older.execute(text("SELECT count(*) FROM city"))
        swept()
        assert len(set(transactions("pulse_answer", "top_issue").values())) == 1
        kept = bytes_kept(postgres_database)
    copies = [kept.count(digest) for digest in digests]
    assert max(copies) <= 4 and sum(number > 2 for number in copies) <= len(copies) / 20


def test_cleaning_that_is_held_up_begins_again_and_shows_nothing_meanwhile(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(40)
    monkeypatch.setattr(pulse_sweep, "sweep_traces", lambda _tables: False)
    assert sweep_closed_waves(now=AFTER) == 0
    assert pulse_results("K2", today=AFTER.date()) == ()
    monkeypatch.undo()
    assert sweep_closed_waves(now=AFTER) == 1
    assert sweep_closed_waves(now=AFTER) == 0
    assert [wave.answered for wave in pulse_results("K2", today=AFTER.date())] == [30]


def test_cleaning_that_dies_half_way_loses_no_answer(database: str) -> None:
    answered(40)
    before = sorted(map(str, stored()))

    def dies(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO pulse_answer"):
            raise Unavailable("the machine stops here")

    event.listen(engine(), "before_cursor_execute", dies)
    with pytest.raises(Unavailable):
        sweep_closed_waves(now=AFTER)
    event.remove(engine(), "before_cursor_execute", dies)
    assert sorted(map(str, stored())) == before
    swept()
    assert sorted(map(str, stored())) == before


def test_a_wave_is_cleaned_no_sooner_than_a_clock_that_is_behind_has_passed_its_end(sqlite_database: str) -> None:
    answered(40)
    midnight = AFTER.replace(minute=0, second=0)
    assert [sweep_closed_waves(now=midnight + timedelta(seconds=late)) for late in (0, 59, 60)] == [0, 0, 1]


def test_answers_of_the_last_second_are_all_there_after_cleaning(database: str) -> None:
    asked = a_wave_asked(invitations=40)
    last = AFTER.replace(day=18, hour=23, minute=59)
    sweeping = [lambda: sweep_closed_waves(now=AFTER)]
    answering = [
        lambda place=place: answer_pulse(code=asked.codes[place], given={"safety": 5}, now=last)  # type: ignore[misc]
        for place in range(20)
    ]
    told = all_at_once([*answering[:10], *sweeping, *answering[10:]])
    acknowledged = sum(each is None for each in told)
    assert {each.sentence for each in told if isinstance(each, Conflict)} <= {CLOSED}
    assert len(stored()) == acknowledged
    (wave,) = pulse_results("K2", today=AFTER.date())
    assert wave.answered == acknowledged


def test_an_open_wave_beside_is_left_as_it_is(database: str) -> None:
    asked, _order = answered(40)
    with writing() as db:
        wave = db.get_one(PulseSurvey, asked.wave.survey_id)
        copied = {
            column.key: getattr(wave, column.key) for column in PulseSurvey.__table__.columns if column.key != "id"
        }
        later = copied | {"wave_on": AFTER.date(), "closes_on": AFTER.date()}
        beside = db.execute(insert(PulseSurvey).values(later).returning(PulseSurvey.id)).scalar_one()
        db.execute(insert(PulseInvitation), {"survey_id": beside, "digest": b"x" * 32, "is_used": True})
        db.execute(insert(PulseAnswer), {"survey_id": beside, "safety": 3, "top_issue": ""})
    swept()
    with reading() as db:
        assert db.scalar(select(PulseInvitation.is_used).where(PulseInvitation.survey_id == beside))
        assert db.scalar(select(PulseAnswer.safety).where(PulseAnswer.survey_id == beside)) == 3
        assert db.get_one(PulseSurvey, beside).swept_at is None


def test_cleaning_leaves_the_schema_as_it_was(sqlite_database: str) -> None:
    def schema() -> set[tuple[str, str]]:
        with reading() as db:
            return {tuple(row) for row in db.execute(text("SELECT name, sql FROM sqlite_master"))}  # type: ignore[misc]

    before = schema()
    assert sweep_traces(PULSE)
    assert schema() == before

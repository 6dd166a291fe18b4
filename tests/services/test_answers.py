"""What officers do about concerns: who may, which moves there are, and that a look at an exact place leaves a trace."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from lib.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded
from lib.model import Concern, ConcernAnswer, LogEntry
from lib.queries.desk import desk_story
from lib.rules.geography import PlaceKind, Point
from lib.rules.lifecycle import ConcernStatus
from lib.rules.rights import Actor
from lib.services.answers import ExactPlace, answer_concern, see_exact_place
from lib.services.concerns import Place, erase_concern, report_concern
from lib.storage.transaction import reading
from tests.builders import (
    NOON,
    a_beat,
    a_category,
    a_city,
    a_concern,
    a_coordinator,
    a_facilitator,
    a_person,
    uuid_of,
)

EXACT = Point(-122.331234, 47.611234)


def stored(concern: UUID) -> Concern:
    with reading() as db:
        return db.scalars(select(Concern).where(Concern.uuid == concern)).one()


def test_an_answer_moves_the_concern_and_stays_readable(database: str) -> None:
    beat = a_beat()
    officer = a_person(beats=(beat,))
    concern = uuid_of(Concern, a_concern(beat))
    answer_concern(
        actor=officer, concern_uuid=concern, status=ConcernStatus.PLANNED, text=" <b>Lamps</b>\nare ordered ", now=NOON
    )
    later = NOON + timedelta(days=3)
    answer_concern(actor=officer, concern_uuid=concern, status=ConcernStatus.SOLVED, text="Done.", now=later)
    row = stored(concern)
    assert (row.status, row.answered_at, row.closed_at) == (ConcernStatus.SOLVED, NOON, later)
    with reading() as db:
        answers = [(a.status, a.text, a.answered_at, a.person_id) for a in db.scalars(select(ConcernAnswer))]
        entries = [(entry.action, entry.actor_id, entry.facts) for entry in db.scalars(select(LogEntry))]
    assert answers == [
        (ConcernStatus.PLANNED, "<b>Lamps</b>\nare ordered", NOON, officer.person_id),
        (ConcernStatus.SOLVED, "Done.", later, officer.person_id),
    ]
    assert entries == [
        ("concern_answered", officer.person_id, {"from_status": "new", "to_status": "planned"}),
        ("concern_answered", officer.person_id, {"from_status": "planned", "to_status": "solved"}),
    ]


def test_words_can_be_added_without_a_move_while_it_is_open(database: str) -> None:
    beat = a_beat()
    concern = uuid_of(Concern, a_concern(beat, status=ConcernStatus.PLANNED))
    answer_concern(
        actor=a_coordinator(), concern_uuid=concern, status=ConcernStatus.PLANNED, text="The lamps come in June."
    )
    assert stored(concern).status is ConcernStatus.PLANNED
    closed = uuid_of(Concern, a_concern(beat, status=ConcernStatus.SOLVED))
    with pytest.raises(Conflict, match="closed"):
        answer_concern(
            actor=a_person(beats=(beat,)), concern_uuid=closed, status=ConcernStatus.SOLVED, text="Still fine."
        )


def test_of_two_who_answer_at_once_the_later_one_reads_first(database: str) -> None:
    beat = a_beat()
    concern = uuid_of(Concern, a_concern(beat))
    first, second = a_person(beats=(beat,)), a_person(beats=(beat,))
    barrier = Barrier(2, timeout=60)

    def answer(officer: Actor, status: ConcernStatus) -> str:
        barrier.wait()
        try:
            answer_concern(
                actor=officer, concern_uuid=concern, status=status, text="We look at it.", seen=ConcernStatus.NEW
            )
        except Conflict as refusal:
            return refusal.sentence
        return ""

    with ThreadPoolExecutor(2) as pool:
        both = [
            pool.submit(answer, first, ConcernStatus.INVESTIGATING),
            pool.submit(answer, second, ConcernStatus.PLANNED),
        ]
        told = sorted(each.result() for each in both)
    assert told[0] == ""
    assert "Somebody else has answered meanwhile" in told[1]
    assert len(desk_story(concern).answers) == 1


def test_a_closed_concern_opens_again(database: str) -> None:
    beat = a_beat()
    concern = uuid_of(Concern, a_concern(beat, status=ConcernStatus.SOLVED))
    officer = a_person(beats=(beat,))
    with pytest.raises(Conflict, match="cannot become"):
        answer_concern(actor=officer, concern_uuid=concern, status=ConcernStatus.NEW, text="Again")
    answer_concern(actor=officer, concern_uuid=concern, status=ConcernStatus.INVESTIGATING, text="It began again.")
    row = stored(concern)
    assert (row.status, row.closed_at) == (ConcernStatus.INVESTIGATING, None)


def test_who_may_not_answer_is_told_why_and_nothing_changes(database: str) -> None:
    here, there = a_beat("K2"), a_beat("K3", west=-122.30)
    concern = uuid_of(Concern, a_concern(here))
    officer = a_person(beats=(here,))
    given = {"actor": officer, "concern_uuid": concern, "status": ConcernStatus.PLANNED, "text": "Soon"}
    for changed, error, words in (
        ({"actor": None}, SignInNeeded, "sign in"),
        ({"actor": a_facilitator()}, NotAllowed, "officer"),
        ({"actor": a_person(beats=(there,))}, NotAllowed, "Only an officer of beat K2"),
        ({"actor": a_coordinator()}, NotAllowed, "Only an officer"),
        ({"concern_uuid": uuid4()}, NotFound, "does not exist"),
        ({"text": " "}, Invalid, "Answer is empty"),
        ({"text": "x" * 10_000}, Invalid, "2,000 characters are possible"),
        ({"status": ConcernStatus.DUPLICATE}, Invalid, "about the same thing"),
        ({"status": ConcernStatus.DUPLICATE, "duplicate_of": concern}, Invalid, "another concern of the same beat"),
    ):
        with pytest.raises(error, match=words):
            answer_concern(**{**given, **changed})  # type: ignore[arg-type]
    assert stored(concern).status is ConcernStatus.NEW
    with reading() as db:
        assert db.scalar(select(ConcernAnswer.id)) is None


def test_a_duplicate_points_to_the_concern_that_goes_on(database: str) -> None:
    here, there = a_beat("K2"), a_beat("K3", west=-122.30)
    first, second, third = (uuid_of(Concern, a_concern(here)) for _ in range(3))
    elsewhere = uuid_of(Concern, a_concern(there))
    officer = a_person(beats=(here,))
    answer_concern(
        actor=officer, concern_uuid=second, status=ConcernStatus.DUPLICATE, text="As before", duplicate_of=first
    )
    assert stored(second).duplicate_of_id == stored(first).id
    for wrong in (second, elsewhere):
        with pytest.raises(Invalid, match="same beat that is no duplicate"):
            answer_concern(
                actor=officer, concern_uuid=third, status=ConcernStatus.DUPLICATE, text="As before", duplicate_of=wrong
            )
    answer_concern(actor=officer, concern_uuid=second, status=ConcernStatus.INVESTIGATING, text="It is another one.")
    assert stored(second).duplicate_of_id is None


def a_report(*, officers_may_see: bool = True) -> tuple[UUID, str]:
    found = report_concern(
        category_id=a_category(),
        text="Somebody sleeps in the cellar",
        frequency="",
        place=Place(EXACT, "1412 Harbor Lane"),
        place_kind=PlaceKind.HOME,
        contact="555-0100",
        officers_may_see=officers_may_see,
        now=NOON,
    )
    return found.uuid, found.follow_secret


def test_each_look_at_an_exact_place_is_logged(database: str) -> None:
    a_city()
    officer = a_person(beats=(a_beat(),))
    concern, _secret = a_report()
    for _ in range(2):
        assert see_exact_place(actor=officer, concern_uuid=concern) == ExactPlace(EXACT, "1412 Harbor Lane", "555-0100")
    with reading() as db:
        entries = [(entry.action, entry.actor_id, entry.subject_id) for entry in db.scalars(select(LogEntry))]
    assert entries[1:] == [("exact_place_seen", officer.person_id, str(concern))] * 2


def test_an_exact_place_is_for_officers_of_the_beat_with_consent_only(database: str) -> None:
    a_city()
    here, there = a_beat("K2"), a_beat("K3", west=-122.30)
    officer = a_person(beats=(here,))
    agreed, secret = a_report()
    refused, _secret = a_report(officers_may_see=False)
    without = uuid_of(Concern, a_concern(here))
    for actor, concern, error, words in (
        (None, agreed, SignInNeeded, "sign in"),
        (a_coordinator(), agreed, NotAllowed, "officer"),
        (a_facilitator(), agreed, NotAllowed, "officer"),
        (a_person(beats=(there,)), agreed, NotAllowed, "Only an officer of beat K2"),
        (officer, refused, NotAllowed, "did not agree"),
        (officer, without, NotFound, "no exact place"),
    ):
        with pytest.raises(error, match=words):
            see_exact_place(actor=actor, concern_uuid=concern)
    erase_concern(follow_secret=secret)
    with pytest.raises(NotFound, match="took it back"):
        see_exact_place(actor=officer, concern_uuid=agreed)
    with reading() as db:
        assert db.scalar(select(LogEntry.id).where(LogEntry.action == "exact_place_seen")) is None

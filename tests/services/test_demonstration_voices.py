"""The demonstration city shows what people say about goals, as if it had been said through the product."""

from datetime import date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from PIL import Image
from sqlalchemy import func, select

from lib.demo.goal_voices import ANSWERS, ARGUMENTS, EVIDENCE
from lib.model import (
    Commitment,
    CommitmentOfficer,
    Goal,
    GoalAnswer,
    GoalArgument,
    GoalEvent,
    GoalRoomAnswer,
    StoryVersion,
)
from lib.queries.goal_voices import GoalVoices, evidence_photo, goal_voices
from lib.queries.residents_word import word_of_residents
from lib.rules.goals import EvidenceKind, Stance
from lib.rules.lifecycle import CommitmentState, GoalState, Party
from lib.rules.residents_word import WordCount
from lib.services.demonstration import Loaded
from lib.services.handover import hand_over_ended_postings
from lib.storage.transaction import reading

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("America/Los_Angeles"))


def named(title: str) -> Goal:
    with reading() as db:
        return db.scalars(select(Goal).where(Goal.title.startswith(title))).one()


def voices(title: str) -> GoalVoices:
    return goal_voices(named(title).uuid)


def test_everything_that_is_said_is_stored(sqlite_demonstration: Loaded) -> None:
    with reading() as db:
        arguments = db.scalar(select(func.count()).select_from(GoalArgument))
        answers = db.scalar(select(func.count()).select_from(GoalAnswer))
        stories = dict(db.execute(select(StoryVersion.goal_id, func.count()).group_by(StoryVersion.goal_id)).all())
        goals = db.scalar(select(func.count()).select_from(Goal))
    assert arguments == sum(map(len, ARGUMENTS.values()))
    assert answers == sum(sum(numbers.values()) for numbers in ANSWERS.values())
    assert (len(stories), max(stories.values())) == (goals, 2)


def test_both_sides_argue_both_ways_and_one_thing_is_crossed_out(sqlite_demonstration: Loaded) -> None:
    said = voices("Officers on foot").arguments
    assert len({(row.stance, row.side) for row in said}) == 4
    assert [row.stance for row in said if row.is_withdrawn] == [Stance.AGAINST]


def test_evidence_of_every_kind_stands_with_one_taken_back(sqlite_demonstration: Loaded) -> None:
    shown = voices("Fewer car break-ins").evidence
    assert len(shown) == len(EVIDENCE["k2-cars"])
    assert {row.kind for row in shown} == set(EvidenceKind)
    assert sum(bool(row.withdrawn_reason) for row in shown) == 1
    (photo,) = (row.uuid for row in shown if row.kind is EvidenceKind.PHOTO)
    assert Image.open(BytesIO(evidence_photo(photo))).format == "JPEG"


def test_a_due_goal_asks_and_an_achieved_one_was_confirmed(sqlite_demonstration: Loaded) -> None:
    word = word_of_residents(named("Quieter nights").uuid, today=TODAY)
    assert (word.is_asked, word.by_link, word.confirms) == (True, WordCount(1, 4, 3, 2), False)
    with reading() as db:
        achieved = db.scalars(select(Goal.uuid).where(Goal.state == GoalState.ACHIEVED)).all()
    confirmed = [word_of_residents(uuid, today=TODAY).confirms for uuid in achieved]
    assert confirmed == [True] * 4


def test_a_room_raised_hands_on_an_achieved_goal(sqlite_demonstration: Loaded) -> None:
    with reading() as db:
        goal_id = db.scalars(select(GoalRoomAnswer.goal_id).distinct()).one()
        goal = db.get_one(Goal, goal_id)
    word = word_of_residents(goal.uuid, today=TODAY)
    assert (goal.state, word.by_hands, word.room != "") == (GoalState.ACHIEVED, WordCount(31, 22, 6, 1), True)


def test_every_officers_commitment_is_answered_for_and_one_waits_for_a_successor(sqlite_demonstration: Loaded) -> None:
    with reading() as db:
        unanswered = db.scalars(
            select(Commitment.id)
            .outerjoin(CommitmentOfficer, CommitmentOfficer.commitment_id == Commitment.id)
            .where(Commitment.party == Party.OFFICERS, CommitmentOfficer.person_id.is_(None))
        ).all()
        waiting = db.scalars(select(Commitment.id).where(Commitment.state == CommitmentState.UNACCEPTED)).all()
        told = db.scalars(select(GoalEvent.id).where(GoalEvent.kind == "handed_over")).all()
    assert (unanswered, len(waiting), len(told)) == ([], 1, 1)
    assert hand_over_ended_postings(now=NOON) == 0

"""Contested goals: the side that did not carry one answers the other, and a second vote follows."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, Invalid, NotAllowed, NotFound
from lib.model import Candidate, CandidateText, Goal, OwedAnswer, Round, SecondVote
from lib.rules.lifecycle import Electorate, Role, RoundState
from lib.rules.rights import Actor, Right, require
from lib.rules.text import STORY_LENGTH, SUMMARY_LENGTH, clean_text, clipped
from lib.services.goal_rows import day_in_city, note_event, require_posting
from lib.services.log import record
from lib.services.planning import plan_round
from lib.storage.transaction import writing

ELIGIBLE = "Everybody who lives or works in the beat and holds a pass of this meeting; officers posted to the beat."

OFFER_LENGTH = 300
"""Characters of a counter-offer: it stands on the second ballot beside the goal."""


def answer_contested(
    *,
    actor: Actor | None,
    round_uuid: UUID,
    goal_uuid: UUID,
    reason: str,
    counter_offer: str = "",
    now: datetime | None = None,
) -> None:
    """Say why a side did not carry a goal that the other carried, and what it offers instead.

    For the officers an officer of the goal's beats or their facilitator answers, for the residents a facilitator of
    their side. An answer can be given again until the second vote is opened; each is logged. Raises SignInNeeded,
    NotAllowed, NotFound (nothing is owed), Conflict (the second vote has begun), Invalid (texts).
    """
    person = require(actor, Right.ANSWER_CONTESTED)
    moment = now or clock.now()
    with writing() as db:
        row, goal = _owed(db, round_uuid, goal_uuid)
        if person.side.value != row.side.value:
            raise NotAllowed(f"The {row.side.value} owe this answer: somebody of their side writes it.")
        if row.side is Electorate.OFFICERS:
            require_posting(db, person, goal)
        elif Role.FACILITATOR not in person.roles:
            raise NotAllowed("A facilitator of the residents’ side writes their answer.")
        if _second_vote_has_begun(db, row.round_id, goal.id):
            raise Conflict("The second vote has begun; the answer stays as it stood before it.")
        row.reason = clean_text(reason, field="Reason", longest=STORY_LENGTH, required=True, lines=True)
        row.counter_offer = clean_text(counter_offer, field="Counter-offer", longest=OFFER_LENGTH)
        row.answered_at, row.person_id = moment, person.person_id
        offer = " and made an offer" if row.counter_offer else ""
        note_event(db, goal, "answered", f"The {row.side.value} answered why they did not carry it{offer}.", at=moment)
        record(db, person, "contested_answered", "goal", goal.uuid, round=str(round_uuid), side=row.side.value)


def plan_second_vote(
    *,
    actor: Actor | None,
    meeting_id: int,
    first_round_uuid: UUID,
    places: int | None = None,
    minutes: int = 10,
    today: date | None = None,
) -> int:
    """Prepare the second vote on what an earlier round left contested, with the counter-offers on the ballot; its id.

    A goal whose answer is still owed and not yet due waits. Raises SignInNeeded, NotAllowed, NotFound, Conflict
    (nothing to vote on yet, prepared already, meeting over, goal decided meanwhile), Invalid.
    """
    person = require(actor, Right.RUN_ROUND)
    day = today or day_in_city(clock.now())
    with writing() as db:
        first = db.scalar(select(Round).where(Round.uuid == first_round_uuid))
        if first is None or first.state is not RoundState.PUBLISHED:
            raise NotFound("This vote has no published result to follow on.")
        taken = _goals_of_second_votes(db, first.id)
        waiting = [
            (candidate, owed)
            for candidate, owed in db.execute(
                select(Candidate, OwedAnswer)
                .join(OwedAnswer, OwedAnswer.candidate_id == Candidate.id)
                .where(OwedAnswer.round_id == first.id)
                .order_by(Candidate.position)
            )
            if candidate.goal_id not in taken
        ]
        if not waiting:
            raise Conflict("Every contested goal of this vote is on a second ballot already.")
        ready = [(each, owed) for each, owed in waiting if owed.answered_at is not None or owed.due_on < day]
        if not ready:
            latest = max(owed.due_on for _each, owed in waiting)
            raise Conflict(f"The answers are owed until {latest:%d %B %Y}. The second vote follows on them.")
        if places is not None and not 1 <= places <= len(ready):
            raise Invalid("There must be at least one place, and not more places than goals.", field="places")
        round_id = plan_round(
            actor=person,
            meeting_id=meeting_id,
            question="Second vote: shall we work on these goals after all?",
            eligibility=first.eligibility or ELIGIBLE,
            goal_ids=[candidate.goal_id for candidate, _owed in ready],
            places=places or len(ready),
            rule=first.rule,
            officers_figures=first.officers_figures,
            minutes=minutes,
        )
        offers = {candidate.goal_id: owed for candidate, owed in ready if owed.counter_offer}
        for text, goal_id in db.execute(
            select(CandidateText, Candidate.goal_id)
            .join(Candidate, Candidate.id == CandidateText.candidate_id)
            .where(Candidate.round_id == round_id, Candidate.goal_id.in_(offers))
        ):
            owed = offers[goal_id]
            offer = f"The {owed.side.value} offer: {owed.counter_offer}"
            text.summary = f"{clipped(text.summary, SUMMARY_LENGTH - len(offer) - 1)} {offer}".strip()
        db.add(SecondVote(round_id=round_id, first_round_id=first.id))
        record(db, person, "second_vote_planned", "round", first.uuid, goals=len(ready))
        return round_id


def _owed(db: Session, round_uuid: UUID, goal_uuid: UUID) -> tuple[OwedAnswer, Goal]:
    found = db.execute(
        select(OwedAnswer, Goal)
        .join(Candidate, Candidate.id == OwedAnswer.candidate_id)
        .join(Round, Round.id == OwedAnswer.round_id)
        .join(Goal, Goal.id == Candidate.goal_id)
        .where(Round.uuid == round_uuid, Goal.uuid == goal_uuid)
        .with_for_update(of=OwedAnswer)
    ).first()
    if found is None:
        raise NotFound("No answer is owed for this goal.")
    return found[0], found[1]


def _goals_of_second_votes(db: Session, first_round_id: int) -> set[int]:
    """Goals that a second vote of this round holds already, unless it was set aside."""
    return set(
        db.scalars(
            select(Candidate.goal_id)
            .join(SecondVote, SecondVote.round_id == Candidate.round_id)
            .join(Round, Round.id == SecondVote.round_id)
            .where(SecondVote.first_round_id == first_round_id, Round.set_aside == "")
        )
    )


def _second_vote_has_begun(db: Session, first_round_id: int, goal_id: int) -> bool:
    begun = (
        select(Round.id)
        .join(SecondVote, SecondVote.round_id == Round.id)
        .join(Candidate, Candidate.round_id == Round.id)
        .where(
            SecondVote.first_round_id == first_round_id,
            Candidate.goal_id == goal_id,
            Round.state != RoundState.DRAFT,
            Round.set_aside == "",
        )
    )
    return db.scalar(begun.limit(1)) is not None

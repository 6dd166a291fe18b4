"""Who does what by when: offering, accepting, releasing, and the other side's word on whether it was kept."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, Invalid, NotAllowed, NotFound
from lib.model import Commitment, Countersignature, Goal, Partner
from lib.rules.lifecycle import (
    CommitmentState,
    Electorate,
    GoalState,
    Party,
    Role,
    electorate_of,
    may_countersign,
    require_commitment_move,
    settled_state,
)
from lib.rules.rights import Actor, Right, require
from lib.rules.states import words
from lib.rules.text import LINE_LENGTH, TITLE_LENGTH, clean_text
from lib.services.goal_rows import (
    RUNNING,
    codes_of,
    day_in_city,
    note_event,
    require_own_beat,
    require_posting,
    running_goal,
)
from lib.services.handover import answers_for
from lib.services.log import record
from lib.storage.transaction import writing

STANDING = (
    CommitmentState.ACCEPTED,
    CommitmentState.UNACCEPTED,
    CommitmentState.KEPT,
    CommitmentState.BROKEN,
)
"""States in which a commitment keeps an active goal complete."""

ONLY_THE_OTHER_SIDE = "Only the other side can say whether a commitment was kept."

_SPEAK_FOR_A_SIDE = frozenset({Role.OFFICER, Role.FACILITATOR})


def offer_commitment(
    *,
    actor: Actor | None,
    goal_uuid: UUID,
    party: Party,
    owner: str,
    deliverable: str,
    due_on: date,
    done_means: str = "",
    partner_id: int | None = None,
    now: datetime | None = None,
) -> int:
    """Offer that somebody of `party` does something for a goal by a day; the commitment's id.

    A side offers for itself only; a partner's commitment is offered by either side or by a coordinator, and names the
    partner. It counts once a side has accepted it. Raises SignInNeeded, NotAllowed (right, side, beat), NotFound,
    Invalid (texts, no partner, a due date that is past), Conflict (the goal has ended).
    """
    person = require(actor, Right.OFFER_COMMITMENT)
    when = now or clock.now()
    if party is not Party.PARTNER and (person.side.value != party.value or not person.roles & _SPEAK_FOR_A_SIDE):
        raise NotAllowed(f"Only somebody of the {party.value}’ side can offer a commitment of the {party.value}.")
    with writing() as db:
        goal = running_goal(db, goal_uuid)
        require_posting(db, person, goal)
        if party is Party.PARTNER and (partner_id is None or db.get(Partner, partner_id) is None):
            raise Invalid("Choose the partner who commits to this.", field="partner")
        if due_on < day_in_city(when):
            raise Invalid("The due date is past. Choose today or a later day.", field="due_on")
        commitment = Commitment(
            goal_id=goal.id,
            party=party,
            partner_id=partner_id if party is Party.PARTNER else None,
            owner=clean_text(owner, field="Who does it", longest=TITLE_LENGTH, required=True),
            deliverable=clean_text(deliverable, field="What will be done", longest=LINE_LENGTH, required=True),
            done_means=clean_text(done_means, field="Done means", longest=LINE_LENGTH),
            due_on=due_on,
            state=CommitmentState.OFFERED,
            offered_at=when,
        )
        db.add(commitment)
        db.flush()
        answers_for(db, commitment, person.person_id, on=day_in_city(when))
        note_event(db, goal, "offered", f"{_whose(party)} offered a commitment.", at=when)
        record(db, person, "commitment_offered", "commitment", commitment.id, goal=str(goal.uuid), party=party.value)
        return commitment.id


def accept_commitment(*, actor: Actor | None, commitment_id: int, now: datetime | None = None) -> None:
    """Take on a commitment that was offered, or one that a predecessor left unaccepted: its own side only.

    An officer of the goal's beats answers for it from then on. What a predecessor left is taken on by such an officer
    only. Raises SignInNeeded, NotAllowed (right, side, beat), NotFound, Conflict (moved meanwhile, or the goal has
    ended).
    """
    person = require(actor, Right.OFFER_COMMITMENT)
    when = now or clock.now()
    with writing() as db:
        commitment, goal = _commitment(db, commitment_id, person)
        if goal.state not in RUNNING:
            raise Conflict(f"This goal is {words(goal.state)}: nobody can commit to it any more.")
        _require_move(commitment, CommitmentState.ACCEPTED, person)
        is_successor = commitment.state is CommitmentState.UNACCEPTED
        if is_successor:
            require_own_beat(person, codes_of(db, goal.id))
        commitment.state = CommitmentState.ACCEPTED
        answers_for(db, commitment, person.person_id, on=day_in_city(when))
        if is_successor:
            note_event(db, goal, "taken_over", "A successor took on a commitment of the officers.", at=when)
        else:
            note_event(db, goal, "accepted", f"{_whose(commitment.party)} took on a commitment.", at=when)
        record(db, person, "commitment_accepted", "commitment", commitment.id)


def release_commitment(*, actor: Actor | None, commitment_id: int, reason: str, now: datetime | None = None) -> None:
    """Let a commitment go, with a reason that everybody can read: an offer by its own side, a promise by the other.

    An active goal keeps at least one commitment of each side. Raises SignInNeeded, NotAllowed (right, side, beat),
    NotFound, Invalid (no reason), Conflict (settled meanwhile, or the side's only one on an active goal).
    """
    person = require(actor, Right.SETTLE_COMMITMENT)
    when = now or clock.now()
    with writing() as db:
        commitment, goal = _commitment(db, commitment_id, person)
        _require_move(commitment, CommitmentState.RELEASED, person, reason=reason)
        if _is_last_promise(db, commitment, goal):
            raise Conflict(_keeps_one(commitment.party))
        commitment.released_reason = clean_text(reason, field="Reason", longest=LINE_LENGTH, required=True)
        commitment.state = CommitmentState.RELEASED
        commitment.settled_on = day_in_city(when)
        note_event(db, goal, "released", f"{_whose(commitment.party)} may let a commitment go.", at=when)
        record(db, person, "commitment_released", "commitment", commitment.id)


def countersign_commitment(
    *,
    actor: Actor | None,
    commitment_id: int,
    verdict: Literal[CommitmentState.KEPT, CommitmentState.BROKEN],
    note: str = "",
    now: datetime | None = None,
) -> CommitmentState:
    """Say for one's side that the other's commitment was kept or broken; the commitment's state afterwards.

    Nobody countersigns their own side (promise 11). A partner's commitment is kept once both sides have said so, broken
    with the first that says so; broken needs a note. Raises SignInNeeded, NotAllowed (right, side, beat), NotFound,
    Invalid (no note, another verdict), Conflict (settled meanwhile, or this side has signed already).
    """
    person = require(actor, Right.SETTLE_COMMITMENT)
    when = now or clock.now()
    if verdict not in (CommitmentState.KEPT, CommitmentState.BROKEN):
        raise Invalid("Say whether it was kept or broken.", field="verdict")
    with writing() as db:
        commitment, goal = _commitment(db, commitment_id, person)
        side = electorate_of(person.side)
        if side is None or not may_countersign(commitment.party, side):
            raise NotAllowed(ONLY_THE_OTHER_SIDE)
        _require_move(commitment, verdict, person, reason=note)
        signature = Countersignature(
            commitment_id=commitment.id,
            party=commitment.party,
            side=side,
            verdict=verdict,
            note=clean_text(note, field="Note", longest=LINE_LENGTH),
            person_id=person.person_id,
            signed_at=when,
        )
        try:
            db.add(signature)
            db.flush()
            settled = settled_state(commitment.party, _verdicts(db, commitment.id))
            if settled is not None:
                commitment.state = settled
                commitment.settled_on = day_in_city(when)
                db.flush()
        except IntegrityError as cause:
            raise _refused(cause, side) from cause
        note_event(
            db,
            goal,
            "countersigned",
            f"A commitment of {_whose(commitment.party).lower()} was countersigned as {verdict.value} by {side.value}.",
            at=when,
        )
        record(db, person, "commitment_countersigned", "commitment", commitment.id, verdict=verdict.value)
        return commitment.state


def _commitment(db: Session, commitment_id: int, person: Actor) -> tuple[Commitment, Goal]:
    """The commitment and its goal, locked, if this person may work on it; an ended goal's may still be settled."""
    commitment = db.scalar(select(Commitment).where(Commitment.id == commitment_id).with_for_update())
    if commitment is None:
        raise NotFound("This commitment does not exist. Go back to the goal.")
    # Locked too, so that two releases at once cannot both be told that another commitment is left.
    goal = db.get_one(Goal, commitment.goal_id, with_for_update=True)
    require_posting(db, person, goal)
    return commitment, goal


def _is_last_promise(db: Session, commitment: Commitment, goal: Goal) -> bool:
    """Whether an active goal, or an achieved one that may open again, would stand without any commitment of this party.
    For an active one the database refuses it too."""
    if (
        goal.state not in (GoalState.ACTIVE, GoalState.ACHIEVED)
        or commitment.party is Party.PARTNER
        or commitment.state not in STANDING
    ):
        return False
    others = select(Commitment.id).where(
        Commitment.goal_id == goal.id,
        Commitment.party == commitment.party,
        Commitment.id != commitment.id,
        Commitment.state.in_(STANDING),
    )
    return db.scalar(others.limit(1)) is None


def _keeps_one(party: Party) -> str:
    return (
        f"This is the only commitment of the {party.value}, and an active goal keeps one of each side. "
        f"Let the {party.value} offer another and take it on first, or end the goal."
    )


def _require_move(commitment: Commitment, target: CommitmentState, person: Actor, *, reason: str = "") -> None:
    require_commitment_move(
        commitment.state,
        target,
        party=commitment.party,
        roles=person.roles,
        side=person.side,
        reason=reason,
    )


def _verdicts(db: Session, commitment_id: int) -> dict[Electorate, CommitmentState]:
    rows = db.execute(
        select(Countersignature.side, Countersignature.verdict).where(Countersignature.commitment_id == commitment_id)
    )
    return {row.side: row.verdict for row in rows}


def _refused(cause: IntegrityError, side: Electorate) -> Conflict | NotAllowed:
    """What the database refused, as a sentence."""
    broken = str(cause.orig).lower()
    if "other_side" in broken or "only the other side" in broken:
        return NotAllowed(ONLY_THE_OTHER_SIDE)
    return Conflict(f"Somebody of the {side.value}’ side has already countersigned this. Reload the page.")


def _whose(party: Party) -> str:
    return {Party.RESIDENTS: "Residents", Party.OFFICERS: "Officers", Party.PARTNER: "A partner"}[party]

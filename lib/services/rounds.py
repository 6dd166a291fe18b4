"""A round from opening to closing: what is frozen, how long it takes ballots, and who closed it."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, Invalid
from lib.model import Candidate, CandidateText, Goal, LogEntry, Meeting, Pass, PassBatch, Round, RoundSecret, RoundText
from lib.queries.counts import turnouts
from lib.rules.ballots import canonical_json, frozen_hash
from lib.rules.lifecycle import GOAL_MOVES, Electorate, GoalState, MeetingState, RoundState
from lib.rules.moves import require_move
from lib.rules.results import rule_sentence
from lib.rules.rights import Actor, Right, require
from lib.rules.tally import OFFICERS_THRESHOLD, residents_threshold
from lib.rules.voting import Display, PassKind, RoundMode
from lib.services.goal_rows import note_event
from lib.services.log import record
from lib.services.round_rows import meeting_with, move_round, require_round_move, round_with
from lib.services.witnesses import Witness, confirmed_by
from lib.storage.secrets import seal
from lib.storage.transaction import reading, writing

PEPPER_BYTES = 32
MOST_EXTRA_MINUTES = 120


@dataclass(frozen=True)
class OpenedRound:
    """What is read out at opening: the fingerprint of everything frozen, and when the round closes by itself."""

    frozen_hash: str
    closes_at: datetime


def open_round(
    *, actor: Actor | None, second: Witness | None, round_id: int, now: datetime | None = None
) -> OpenedRound:
    """Freeze a draft and let ballots in until its minutes are over; its goals become candidates. Needs two people.

    Raises SignInNeeded, NotAllowed, NotFound, Conflict (meeting not open, another round open, no residents' pass, a
    goal decided meanwhile or on another running ballot), Invalid and SlowDown (PIN).
    """
    person = require(actor, Right.RUN_ROUND)
    second_id = confirmed_by(actor=person, second=second)
    moment = now or clock.now()
    with writing() as db:
        row = round_with(db, round_id)
        meeting = meeting_with(db, row.meeting_id)
        if meeting.state is not MeetingState.OPEN:
            raise Conflict("Open the meeting first: until then no pass is admitted.")
        require_round_move(row, person, RoundState.OPEN)
        _require_no_other_round(db, meeting, moment)
        batches = minted_batches(db, meeting.id)
        if row.mode is RoundMode.MEETING and not any(batch["side"] == Electorate.RESIDENTS.value for batch in batches):
            raise Conflict("Mint passes for the residents first: nobody could vote.")
        goals = _goals_to_vote_on(db, row, person)
        content = frozen_content(db, row, meeting, batches)
        row.frozen, row.frozen_hash = canonical_json(content), frozen_hash(content)
        row.state = RoundState.OPEN
        row.opened_at, row.closes_at = moment, moment + timedelta(minutes=row.minutes)
        db.add(RoundSecret(round_id=row.id, pepper=seal(secrets.token_bytes(PEPPER_BYTES))))
        for goal in goals:
            note_event(db, goal, "on_ballot", "The goal is on the ballot of a meeting.", at=moment)
        meeting.display = Display.VOTE
        record(
            db,
            person,
            "round_opened",
            "round",
            row.uuid,
            frozen_hash=row.frozen_hash,
            minutes=row.minutes,
            second=second_id,
        )
        return OpenedRound(row.frozen_hash, row.closes_at)


def extend_round(*, actor: Actor | None, round_id: int, minutes: int) -> datetime:
    """Give an open round more time; when it closes then.

    Raises SignInNeeded, NotAllowed, NotFound, Conflict (no longer open), Invalid (minutes).
    """
    person = require(actor, Right.RUN_ROUND)
    if not 1 <= minutes <= MOST_EXTRA_MINUTES:
        raise Invalid(f"Give between 1 and {MOST_EXTRA_MINUTES} more minutes.", field="minutes")
    with writing() as db:
        row = round_with(db, round_id)
        if row.state is not RoundState.OPEN or row.closes_at is None or row.closes_at <= clock.now():
            raise Conflict("This vote is closed and cannot be given more time.")
        row.closes_at += timedelta(minutes=minutes)
        record(db, person, "round_extended", "round", row.uuid, minutes=minutes)
        return row.closes_at


def close_round(*, actor: Actor | None, round_id: int, now: datetime | None = None) -> None:
    """Close an open round by hand: every ballot that was acknowledged is in, and no other gets in.

    Raises SignInNeeded, NotAllowed, NotFound, Conflict (not open).
    """
    person = require(actor, Right.RUN_ROUND)
    moment = now or clock.now()
    with writing() as db:
        row = round_with(db, round_id)
        if close_if_due(db, row, moment):
            return
        move_round(row, person, RoundState.CLOSED)
        row.closed_at = moment
        record(db, person, "round_closed", "round", row.uuid, by="hand", **_totals(row.id))


def close_due_rounds(*, now: datetime) -> int:
    """Close every round whose time is over; how many. One cheap question while none is due."""
    due = select(Round.id).where(Round.state == RoundState.OPEN, Round.closes_at <= now)
    with reading() as db:
        waiting = list(db.scalars(due))
    closed = 0
    for round_id in waiting:
        with writing() as db:
            row = round_with(db, round_id)
            # Another process, or a facilitator who gave more time, may have been faster.
            closed += close_if_due(db, row, now)
    return closed


def close_if_due(db: Session, row: Round, moment: datetime) -> bool:
    """Close a round whose time is over, inside the caller's transaction; whether it was."""
    if row.state is not RoundState.OPEN or row.closes_at is None or row.closes_at > moment:
        return False
    set_by = db.scalar(
        select(LogEntry.actor_id)
        .where(
            LogEntry.subject == "round",
            LogEntry.subject_id == str(row.uuid),
            LogEntry.action.in_(("round_opened", "round_extended")),
        )
        .order_by(LogEntry.id.desc())
        .limit(1)
    )
    row.state, row.closed_at = RoundState.CLOSED, row.closes_at
    record(db, None, "round_closed", "round", row.uuid, by=f"timer set by person {set_by}", **_totals(row.id))
    return True


def _totals(round_id: int) -> dict[str, int]:
    """Turnout as the log keeps it: totals at closing, never single ballots (promise 13)."""
    totals = {}
    for side, turnout in turnouts(round_id).items():
        totals[f"{side.value}_cast"], totals[f"{side.value}_issued"] = turnout.cast, turnout.issued
    return totals


def _require_no_other_round(db: Session, meeting: Meeting, moment: datetime) -> None:
    others = select(Round.id).where(Round.meeting_id == meeting.id, Round.state == RoundState.OPEN)
    for other_id in list(db.scalars(others)):
        other = round_with(db, other_id)
        if not close_if_due(db, other, moment):
            raise Conflict(f"Round {other.number} is open. Close it before you open the next one.")


def minted_batches(db: Session, meeting_id: int) -> list[dict[str, Any]]:
    """The meeting's passes as they are frozen: how many of each batch, how many void, and the proof of their number.

    Passes of an open room are none: they are handed to any device, and vote in no other round.
    """
    rows = db.execute(
        select(
            PassBatch.number,
            PassBatch.side,
            PassBatch.kind,
            PassBatch.size,
            PassBatch.commitments_hash,
            select(func.count()).where(Pass.batch_id == PassBatch.id, Pass.is_void).scalar_subquery().label("void"),
        )
        .where(PassBatch.meeting_id == meeting_id, PassBatch.kind != PassKind.OPEN_ROOM)
        .order_by(PassBatch.number)
    )
    return [
        {
            "batch": row.number,
            "side": row.side.value,
            "kind": row.kind.value,
            "minted": row.size,
            "void": row.void,
            "commitments_hash": row.commitments_hash,
        }
        for row in rows
    ]


def _goals_to_vote_on(db: Session, row: Round, person: Actor) -> list[Goal]:
    """The round's goals, made candidates; an open room only ranks, so it leaves its goals as they are."""
    goals = list(
        db.scalars(
            select(Goal)
            .join(Candidate, Candidate.goal_id == Goal.id)
            .where(Candidate.round_id == row.id)
            .order_by(Goal.id)
            .with_for_update()
        )
    )
    if row.mode is RoundMode.OPEN_ROOM:
        return []
    busy = set(
        db.scalars(
            select(Candidate.goal_id)
            .join(Round, Round.id == Candidate.round_id)
            .where(
                Candidate.goal_id.in_([goal.id for goal in goals]),
                Round.id != row.id,
                Round.mode == RoundMode.MEETING,
                Round.set_aside == "",
                Round.state.in_((RoundState.OPEN, RoundState.CLOSED, RoundState.PAPER, RoundState.SEALED)),
            )
        )
    )
    for goal in goals:
        if goal.id in busy:
            raise Conflict(f"“{goal.title}” is on another ballot whose result is not published yet.")
        if goal.state is GoalState.PROPOSED:
            require_move(GOAL_MOVES, goal.state, GoalState.CANDIDATE, roles=person.roles, side=person.side)
            goal.state = GoalState.CANDIDATE
        elif goal.state is not GoalState.CANDIDATE:
            raise Conflict(f"“{goal.title}” was decided or withdrawn meanwhile. Plan the vote again without it.")
    return goals


def frozen_content(db: Session, row: Round, meeting: Meeting, batches: list[dict[str, Any]]) -> dict[str, Any]:
    """Everything the vote depends on, as it is hashed at opening (promise 4)."""
    texts: dict[UUID, dict[str, dict[str, str]]] = {}
    for goal, language, title, summary in db.execute(
        select(Candidate.goal_uuid, CandidateText.language, CandidateText.title, CandidateText.summary)
        .join(CandidateText, CandidateText.candidate_id == Candidate.id)
        .where(Candidate.round_id == row.id)
        .order_by(Candidate.position, CandidateText.language)
    ):
        texts.setdefault(goal, {})[language] = {"title": title, "summary": summary}
    return {
        "format": "common-beat round 1",
        "meeting": str(meeting.uuid),
        "round": str(row.uuid),
        "number": row.number,
        "question": row.question,
        "eligibility": row.eligibility,
        "translations": {
            words.language: {"question": words.question, "eligibility": words.eligibility}
            for words in db.scalars(select(RoundText).where(RoundText.round_id == row.id))
        },
        "mode": row.mode.value,
        "rule": row.rule.value,
        "rule_sentence": rule_sentence(row.rule, row.places, row.mode),
        "places": row.places,
        "thresholds": {"residents": str(residents_threshold(row.places)), "officers": str(OFFICERS_THRESHOLD)},
        "shows": row.shows.value,
        "officers_figures": row.officers_figures.value,
        "minutes": row.minutes,
        "candidates": [{"goal": str(goal), "texts": words} for goal, words in texts.items()],
        "passes": batches,
    }

"""Storing what the demonstration's sides owed and answered each other about contested goals."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.demo.ballots import DemoRound
from lib.demo.contested import ANSWERS
from lib.demo.goals import Staff
from lib.model import Candidate, OwedAnswer, SecondVote
from lib.rules.lifecycle import Electorate
from lib.rules.tally import Ending
from lib.services.demonstration_history import Ids, Step
from lib.services.log import type_of_fact
from lib.services.publishing import ANSWER_DAYS


def store_contested(
    db: Session, round_id: int, each: DemoRound, *, beat: str, first_rounds: dict[str, int], staff: Staff, ids: Ids
) -> tuple[list[dict[str, Any]], list[Step]]:
    """What the sides owe for contested goals and what they answered; events and log of the answers.

    `first_rounds` holds the round in which a goal was contested first, by the goal's key.
    """
    other = {Ending.RESIDENTS_ONLY: Electorate.OFFICERS, Ending.OFFICERS_ONLY: Electorate.RESIDENTS}
    candidates = {row.goal_uuid: row.id for row in db.scalars(select(Candidate).where(Candidate.round_id == round_id))}
    events: list[dict[str, Any]] = []
    steps: list[Step] = []
    for key, outcome in zip(each.goals, each.tally.outcomes, strict=True):
        if key in first_rounds and db.get(SecondVote, round_id) is None:
            db.add(SecondVote(round_id=round_id, first_round_id=first_rounds[key]))
        if outcome not in each.tally.contested:
            continue
        side = other[outcome.ending]
        answer = ANSWERS.get((key, 2 if key in first_rounds else 1))
        first_rounds.setdefault(key, round_id)
        owed = OwedAnswer(
            round_id=round_id,
            candidate_id=candidates[outcome.goal],
            side=side,
            due_on=each.published_at.astimezone(ids.zone).date() + timedelta(days=ANSWER_DAYS),
        )
        if answer is not None:
            by = staff.signer(side, beat)
            at = each.published_at + answer.after
            owed.reason, owed.counter_offer = answer.reason, answer.counter_offer
            owed.answered_at, owed.person_id = at, ids.people[by.email]
            sentence = f"The {side.value} answered why they did not carry it and made an offer."
            goal_id = ids.goals[outcome.goal]
            events.append({"goal_id": goal_id, "kind": "answered", "sentence": sentence, "happened_at": at})
            facts: dict[str, type_of_fact] = {"round": str(each.plan.uuid), "side": side.value}
            steps.append(Step(at, "contested_answered", "goal", str(outcome.goal), actor=by.email, facts=facts))
        db.add(owed)
    db.flush()
    return events, steps

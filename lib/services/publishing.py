"""What becomes of a sealed round: its result is published and its goals move, or it is set aside for good."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, Unavailable
from lib.model import Minute, OwedAnswer, Round
from lib.queries.reconciling import reconciliation
from lib.queries.repeating import when_repeated
from lib.queries.results import RoundResult, round_result
from lib.rules.lifecycle import Electorate, RoundState
from lib.rules.minutes import MinuteKind
from lib.rules.rights import Actor, Right, require
from lib.rules.tally import Ending
from lib.rules.text import clean_text, listed
from lib.rules.voting import RoundMode
from lib.services.goal_course import follow_outcome
from lib.services.goal_rows import day_in_city
from lib.services.log import chain_log, record
from lib.services.minutes import last_position
from lib.services.round_rows import move_round, round_with
from lib.services.traces import sweep_traces
from lib.services.witnesses import Witness, confirmed_by
from lib.storage.transaction import writing

ANSWER_DAYS = 21
"""Days in which the side that did not carry a contested goal owes its reason and counter-offer."""

NOT_CLEAN = (
    "The ballots are counted, but the database is busy and still holds traces of them. Publish again in a moment."
)


def publish_round(*, actor: Actor | None, second: Witness | None, round_id: int, now: datetime | None = None) -> None:
    """Make a sealed result public: its goals move by the rule, and the decision stands in the minutes.

    For each contested goal the side that did not carry it owes an answer within `ANSWER_DAYS`. Needs two people, and
    passes and ballots of both sides that agree. Not inside another transaction. Raises SignInNeeded, NotAllowed,
    NotFound, Conflict (not sealed, not reconciled, or the ballots kept do not give the result written down), Invalid
    and SlowDown (PIN), Unavailable (traces of open ballots cannot be removed yet: try again).
    """
    person = require(actor, Right.RUN_ROUND)
    second_id = confirmed_by(actor=person, second=second)
    moment = now or clock.now()
    if not sweep_traces():
        raise Unavailable(NOT_CLEAN)
    with writing() as db:
        row = round_with(db, round_id)
        if row.state is RoundState.SEALED and not round_result(row.uuid, also_unpublished=True).is_recounted:
            raise Conflict("The ballots kept do not give the result written down at sealing. Call the auditor.")
        if row.set_aside:
            raise Conflict("This vote was set aside and is never published.")
        if row.state is RoundState.SEALED:
            _require_reconciled(row)
        move_round(row, person, RoundState.PUBLISHED)
        row.published_at = moment
        db.flush()
        result = round_result(row.uuid)
        if row.mode is RoundMode.MEETING:
            for line in result.lines:
                follow_outcome(
                    db,
                    goal_id=line.candidate.goal_id,
                    outcome=line.outcome.ending.value if result.tally.adopts else "advisory",
                    on=day_in_city(moment),
                    sentence=line.sentence,
                )
            _owe_answers(db, row, result, moment)
        minute = Minute(
            meeting_id=row.meeting_id,
            kind=MinuteKind.DECISION,
            text=_decision(result),
            noted_at=moment,
            position=last_position(db, row.meeting_id),
        )
        db.add(minute)
        record(
            db,
            person,
            "round_published",
            "round",
            row.uuid,
            adopted=len(result.tally.adopted),
            contested=len(result.tally.contested),
            second=second_id,
        )
    # The published result names this entry's link, so that a log cut off later is seen by whoever kept the result.
    while chain_log():
        pass


def set_aside_round(
    *, actor: Actor | None, second: Witness | None, round_id: int, reason: str, now: datetime | None = None
) -> None:
    """Give up a sealed round whose passes and ballots cannot be made to agree: its result is never published.

    Its goals can be voted on again, and the minutes say why. Needs two people. Raises SignInNeeded, NotAllowed,
    NotFound, Conflict (not sealed, or set aside already), Invalid (reason, PIN), SlowDown (PIN).
    """
    person = require(actor, Right.RUN_ROUND)
    why = clean_text(reason, field="Reason", longest=300, required=True)
    second_id = confirmed_by(actor=person, second=second)
    with writing() as db:
        row = round_with(db, round_id)
        if row.state is not RoundState.SEALED or row.set_aside:
            raise Conflict("Only a counted vote that is not published can be set aside.")
        row.set_aside = why
        text = f"Round {row.number}, {row.question} Set aside without a result: {why}"
        minute = Minute(
            meeting_id=row.meeting_id,
            kind=MinuteKind.DECISION,
            text=text,
            noted_at=now or clock.now(),
            position=last_position(db, row.meeting_id),
        )
        db.add(minute)
        record(db, person, "round_set_aside", "round", row.uuid, second=second_id)


def _require_reconciled(row: Round) -> None:
    """Raises Conflict with where to look, before the database's own trigger would refuse."""
    if row.mode is RoundMode.MEETING:
        for side in reconciliation(row.id):
            if side.problems:
                raise Conflict(" ".join(side.problems))


def _owe_answers(db: Session, row: Round, result: RoundResult, moment: datetime) -> None:
    other = {Ending.RESIDENTS_ONLY: Electorate.OFFICERS, Ending.OFFICERS_ONLY: Electorate.RESIDENTS}
    ids = {line.candidate.goal_uuid: line.candidate.id for line in result.lines}
    due_on = day_in_city(moment) + timedelta(days=ANSWER_DAYS)
    db.add_all(
        OwedAnswer(round_id=row.id, candidate_id=ids[outcome.goal], side=other[outcome.ending], due_on=due_on)
        for outcome in result.tally.contested
    )


def _decision(result: RoundResult) -> str:
    """The decision as it stands in the minutes."""
    titles = {line.candidate.goal_uuid: line.candidate.title for line in result.lines}
    parts = [f"Round {result.round.number}, {result.round.question} {result.sentence}"]
    if repeated := when_repeated(result.tally, result.meeting):
        parts.append(repeated)
    adopted, contested = result.tally.adopted, result.tally.contested
    if adopted:
        parts.append(f"Adopted: {listed([f'{titles[each.goal]} (place {each.place})' for each in adopted])}.")
    if contested:
        parts.append(f"Contested: {listed([titles[each.goal] for each in contested])}.")
    if result.tally.ranking:
        parts.append(f"Residents’ order: {listed([titles[goal] for goal in result.tally.ranking])}.")
    return "\n".join(parts)

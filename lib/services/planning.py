"""Planning a round: the question, the goals with copies of their texts, the rule, and what shows when."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from lib.errors import Conflict, Invalid, NotFound
from lib.model import (
    AgendaItem,
    Candidate,
    CandidateText,
    City,
    Goal,
    GoalBeat,
    MeetingBeat,
    Round,
    RoundText,
    SecondVote,
)
from lib.rules.lifecycle import GoalState, RoundState
from lib.rules.rights import Actor, Right, require
from lib.rules.text import LINE_LENGTH, SUMMARY_LENGTH, TITLE_LENGTH, clean_text
from lib.rules.voting import ResultsShown, RoundMode, RoundRule, SideFigures
from lib.services.log import record
from lib.services.round_rows import meeting_with, round_with, running_meeting
from lib.storage.transaction import writing

MOST_GOALS = 30
"""More than anybody reads on a phone."""

LONGEST_ROUND = 240
"""Minutes a round may be open by its timer."""

VOTABLE = frozenset({GoalState.PROPOSED, GoalState.CANDIDATE})


def plan_round(
    *,
    actor: Actor | None,
    meeting_id: int,
    question: str,
    eligibility: str,
    goal_ids: Sequence[int],
    places: int,
    rule: RoundRule = RoundRule.TWO_KEYS_TURNS,
    shows: ResultsShown = ResultsShown.AFTER_CLOSING,
    officers_figures: SideFigures = SideFigures.SEALED,
    mode: RoundMode = RoundMode.MEETING,
    minutes: int = 10,
) -> int:
    """Plan a vote on goals of the meeting's beats, with copies of their texts as they are at this moment; its id.

    A live display and the rule "lower of the two shares" need officers who agreed to show their figures. Raises
    SignInNeeded, NotAllowed, NotFound (meeting, goal), Conflict (meeting over, goal decided), Invalid.
    """
    person = require(actor, Right.RUN_ROUND)
    check_round(
        goal_ids=goal_ids, places=places, rule=rule, shows=shows, officers_figures=officers_figures, minutes=minutes
    )
    with writing() as db:
        meeting = running_meeting(db, meeting_id)
        goals = votable_on(db, meeting_id, goal_ids)
        last = db.scalar(select(func.max(Round.number)).where(Round.meeting_id == meeting_id)) or 0
        row = Round(
            meeting_id=meeting_id,
            number=last + 1,
            question=clean_text(question, field="Question", longest=160, required=True),
            eligibility=clean_text(eligibility, field="Who may vote", longest=LINE_LENGTH, required=True),
            places=places,
            rule=rule,
            mode=mode,
            shows=shows,
            officers_figures=officers_figures,
            minutes=minutes,
        )
        db.add(row)
        db.flush()
        for position, goal in enumerate(goals, 1):
            candidate = Candidate(round_id=row.id, goal_id=goal.id, goal_uuid=goal.uuid, position=position)
            db.add(candidate)
            db.flush()
            db.add(CandidateText(candidate_id=candidate.id, language="en", title=goal.title, summary=goal.summary))
        record(db, person, "round_planned", "round", row.uuid, meeting=str(meeting.uuid), goals=len(goals))
        return row.id


def translate_round(*, actor: Actor | None, round_id: int, language: str, question: str, eligibility: str) -> None:
    """Give a draft its question and eligibility in another language of the city; typed again, it replaces the earlier.

    Raises SignInNeeded, NotAllowed, NotFound, Conflict (opened meanwhile), Invalid (texts, language).
    """
    person = require(actor, Right.RUN_ROUND)
    with writing() as db:
        row = draft_with(db, round_id)
        _require_language(db, language)
        words = db.get(RoundText, (round_id, language)) or RoundText(round_id=round_id, language=language)
        words.question = clean_text(question, field="Question", longest=160, required=True)
        words.eligibility = clean_text(eligibility, field="Who may vote", longest=LINE_LENGTH, required=True)
        db.add(words)
        record(db, person, "round_translated", "round", row.uuid, language=language)


def translate_candidate(
    *, actor: Actor | None, round_id: int, goal_id: int, language: str, title: str, summary: str = ""
) -> None:
    """Give a goal on a draft its title and summary in another language of the city.

    Raises SignInNeeded, NotAllowed, NotFound (round, goal), Conflict (opened meanwhile), Invalid (texts, language).
    """
    person = require(actor, Right.RUN_ROUND)
    with writing() as db:
        row = draft_with(db, round_id)
        _require_language(db, language)
        candidate = db.scalar(select(Candidate).where(Candidate.round_id == round_id, Candidate.goal_id == goal_id))
        if candidate is None:
            raise NotFound("This goal is not on the ballot any more. Reload the page.")
        words = db.get(CandidateText, (candidate.id, language))
        words = words or CandidateText(candidate_id=candidate.id, language=language)
        words.title = clean_text(title, field="Title", longest=TITLE_LENGTH, required=True)
        words.summary = clean_text(summary, field="Summary", longest=SUMMARY_LENGTH)
        db.add(words)
        record(db, person, "candidate_translated", "round", row.uuid, language=language, goal=goal_id)


def reorder_rounds(*, actor: Actor | None, meeting_id: int, round_ids: Sequence[int]) -> None:
    """Put the rounds that are still drafts into this order, after those that have been opened; each is named once.

    Raises SignInNeeded, NotAllowed, NotFound, Conflict (the list changed meanwhile).
    """
    person = require(actor, Right.RUN_ROUND)
    with writing() as db:
        meeting = meeting_with(db, meeting_id)
        drafts = {row.id: row for row in _drafts(db, meeting_id)}
        if sorted(round_ids) != sorted(drafts):
            raise Conflict("The list of votes changed meanwhile. Reload the page and order it again.")
        _number(db, meeting_id, [drafts[round_id] for round_id in round_ids])
        record(db, person, "rounds_reordered", "meeting", meeting.uuid, rounds=len(drafts))


def reorder_candidates(*, actor: Actor | None, round_id: int, goal_ids: Sequence[int]) -> None:
    """Put the goals of a draft into this order (voters see an order of their own); each is named once.

    Raises SignInNeeded, NotAllowed, NotFound, Conflict (opened meanwhile, or the list changed).
    """
    person = require(actor, Right.RUN_ROUND)
    with writing() as db:
        row = draft_with(db, round_id)
        candidates = {c.goal_id: c for c in db.scalars(select(Candidate).where(Candidate.round_id == round_id))}
        if sorted(goal_ids) != sorted(candidates):
            raise Conflict("The list of goals changed meanwhile. Reload the page and order it again.")
        for sign in (-1, 1):
            # Positions are unique, so everything steps aside before it takes its new one.
            for position, goal_id in enumerate(goal_ids, 1):
                candidates[goal_id].position = sign * position
            db.flush()
        record(db, person, "candidates_reordered", "round", row.uuid, goals=len(candidates))


def drop_draft(*, actor: Actor | None, round_id: int) -> None:
    """Give up a round that was never opened; its step on the agenda stays, without a vote.

    Raises SignInNeeded, NotAllowed, NotFound, Conflict (opened meanwhile).
    """
    person = require(actor, Right.RUN_ROUND)
    with writing() as db:
        row = draft_with(db, round_id)
        of_round = select(Candidate.id).where(Candidate.round_id == round_id)
        db.execute(update(AgendaItem).where(AgendaItem.round_id == round_id).values(round_id=None))
        db.execute(delete(CandidateText).where(CandidateText.candidate_id.in_(of_round)))
        db.execute(delete(Candidate).where(Candidate.round_id == round_id))
        db.execute(delete(RoundText).where(RoundText.round_id == round_id))
        db.execute(delete(SecondVote).where(SecondVote.round_id == round_id))
        db.delete(row)
        db.flush()
        _number(db, row.meeting_id, _drafts(db, row.meeting_id))
        record(db, person, "draft_dropped", "round", row.uuid)


def check_round(
    *,
    goal_ids: Sequence[int],
    places: int,
    rule: RoundRule,
    shows: ResultsShown,
    officers_figures: SideFigures,
    minutes: int,
) -> None:
    """Raises Invalid for a ballot that nobody could be asked to vote on."""
    if not goal_ids:
        raise Invalid("Choose the goals that the vote is about.", field="goals")
    if len(set(goal_ids)) != len(goal_ids):
        raise Invalid("A goal stands on the list twice.", field="goals")
    if len(goal_ids) > MOST_GOALS:
        raise Invalid(f"At most {MOST_GOALS} goals fit on one ballot; split them into two votes.", field="goals")
    if not 1 <= places <= len(goal_ids):
        raise Invalid("There must be at least one place, and not more places than goals.", field="places")
    if not 1 <= minutes <= LONGEST_ROUND:
        raise Invalid(f"A vote is open for between 1 and {LONGEST_ROUND} minutes.", field="minutes")
    if officers_figures is SideFigures.SEALED and rule is RoundRule.LOWER_SHARE:
        raise Invalid(
            "“Lower of the two shares” gives the officers’ shares away, so they must agree to show their figures.",
            field="rule",
        )
    if officers_figures is SideFigures.SEALED and shows is ResultsShown.LIVE:
        raise Invalid(
            "A live display shows both sides, so the officers must agree to show their figures first.", field="shows"
        )


def _require_language(db: Session, language: str) -> None:
    spoken = db.scalar(select(City.languages)) or []
    if language == "en" or language not in spoken:
        raise Invalid("Choose one of the city's other languages.", field="language")


def votable_on(db: Session, meeting_id: int, goal_ids: Sequence[int]) -> list[Goal]:
    """The goals in this order. Raises NotFound, Invalid (of another beat), Conflict (decided or withdrawn)."""
    goals = {goal.id: goal for goal in db.scalars(select(Goal).where(Goal.id.in_(goal_ids)))}
    here = set(
        db.scalars(
            select(GoalBeat.goal_id)
            .join(MeetingBeat, MeetingBeat.beat_id == GoalBeat.beat_id)
            .where(MeetingBeat.meeting_id == meeting_id, GoalBeat.goal_id.in_(goal_ids))
        )
    )
    for goal_id in goal_ids:
        goal = goals.get(goal_id)
        if goal is None:
            raise NotFound("One of the goals does not exist any more. Choose again from the list.")
        if goal_id not in here:
            raise Invalid(f"“{goal.title}” is a goal of another beat than this meeting’s.", field="goals")
        if goal.state not in VOTABLE:
            raise Conflict(f"“{goal.title}” has been decided or withdrawn and cannot be voted on.")
    return [goals[goal_id] for goal_id in goal_ids]


def draft_with(db: Session, round_id: int) -> Round:
    """The row of a round that was not opened yet. Raises NotFound, Conflict."""
    row = round_with(db, round_id)
    if row.state is not RoundState.DRAFT:
        raise Conflict("This vote has been opened; what it is about stays as it was frozen.")
    return row


def _drafts(db: Session, meeting_id: int) -> list[Round]:
    question = select(Round).where(Round.meeting_id == meeting_id, Round.state == RoundState.DRAFT)
    return list(db.scalars(question.order_by(Round.number)))


def _number(db: Session, meeting_id: int, drafts: Sequence[Round]) -> None:
    """Number the drafts without gaps after the rounds that have been opened."""
    opened = select(func.max(Round.number)).where(Round.meeting_id == meeting_id, Round.state != RoundState.DRAFT)
    first = (db.scalar(opened) or 0) + 1
    # Numbers are unique, so all step aside first.
    for place, row in enumerate(drafts):
        row.number = -1 - place
    db.flush()
    for place, row in enumerate(drafts):
        row.number = first + place
    db.flush()

"""Goals that residents and officers set together, and what became of them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import isfinite
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from lib import clock
from lib.api.answers import BeatCode, errors
from lib.api.goal_voices import (
    ArgumentAnswer,
    EvidenceAnswer,
    ResidentsWordAnswer,
    argument_answer,
    evidence_answer,
    word_answer,
)
from lib.queries.evidence import MeasureProgress, MeasureRow, SeriesPoint
from lib.queries.goal_story import CommitmentRow, GoalStory, goal_story
from lib.queries.goal_voices import EvidenceRow, goal_voices
from lib.queries.goals import GoalCard, Keys, goal_cards
from lib.queries.places import city
from lib.queries.residents_word import word_of_residents
from lib.rules.lifecycle import CommitmentState, Electorate, GoalState, Party
from lib.rules.windows import Window

router = APIRouter(tags=["goals"], responses=errors(404, 422, 503))


class WindowAnswer(BaseModel):
    """Complete months that were compared, with their events."""

    first: str = Field(examples=["2026-01"])
    last: str = Field(examples=["2026-12"])
    months: int
    events: int


class MeasureAnswer(BaseModel):
    """What the goal is judged by. Values are in `unit` (a month, for what is counted; 0 to 1 for the pulse)."""

    kind: str = Field(examples=["incidents"])
    category: str
    unit: str
    direction: str = Field(description="Which way is better: down or up.")
    baseline: float
    target: float
    starts_on: date
    due_on: date
    source: str
    latest: float | None = Field(description="Null before the goal has begun or its first figure is known.")
    reached: bool | None
    change: str | None = Field(description="too_early, moved, no_detectable_change, worse or not_tested.")
    sentence: str | None = Field(description="What the figures say, with n, window and source.")
    is_drawn_area: bool = Field(description="Only incidents inside a drawn part of the beats count.")
    expected: float | None = Field(description="Events that would have been usual in the months since the start.")
    found: int | None = Field(description="Events in the months since the start that are compared.")
    before: WindowAnswer | None = Field(description="The months before the start that are compared.")
    after: WindowAnswer | None = Field(description="The months since the start that are compared: the same ones.")
    ratio_low: float | None = Field(description="Lower end of the 95 % interval of found / expected.")
    ratio_high: float | None = Field(description="Its upper end; null where there is none.")
    comparison_beats: list[str] = Field(description="Beats it is compared with, chosen before the goal began.")
    neighbour_beats: list[str] = Field(description="Beats that trouble might have moved to.")
    displacement: str | None = Field(description="more, fewer or no_detectable_change in the neighbouring beats.")
    displacement_quotient: float | None = Field(
        description="Weighted displacement quotient (Bowers and Johnson 2003); null unless the goal's area gained."
    )


class VoteAnswer(BaseModel):
    """How the goal ended in its last published round. Shares are 0 to 1; an officers' share is null while sealed."""

    round: UUID
    published_at: datetime
    outcome: str
    place: int | None
    residents_key: bool
    officers_key: bool
    residents_share: float | None
    officers_share: float | None


class GoalAnswer(BaseModel):
    uuid: UUID
    title: str
    summary: str
    state: GoalState
    is_contested: bool = Field(description="One side only carried it in its last round.")
    category: str | None
    beats: list[str]
    proposed_at: datetime
    adopted_on: date | None
    ended_on: date | None
    feasibility: str | None = Field(description="The officers' answer before the vote: yes, partly or no.")
    concerns: int = Field(description="How many concerns it grew out of.")
    promised: int = Field(description="Commitments of all parties.")
    kept: int
    overdue: int
    measure: MeasureAnswer | None
    vote: VoteAnswer | None


class SignatureAnswer(BaseModel):
    side: Electorate
    verdict: CommitmentState
    signed_at: datetime


class CommitmentAnswer(BaseModel):
    """Who does what by when; only the other side can say that it was kept."""

    party: Party
    owner: str
    deliverable: str
    done_means: str
    due_on: date
    state: CommitmentState
    is_overdue: bool
    settled_on: date | None
    signatures: list[SignatureAnswer]
    evidence: list[EvidenceAnswer] = Field(description="What shows that it was done, the oldest first.")


class ReadingAnswer(BaseModel):
    on: date = Field(description="First day of the month, for what is counted.")
    value: float
    source: str
    n: int | None = Field(description="How many answered, for the pulse.")


class EventAnswer(BaseModel):
    kind: str
    sentence: str
    happened_at: datetime


class GoalDetail(GoalAnswer):
    """A goal with its SARA story, what is said for and against it, readings, commitments with what shows that they were
    kept, the residents' word and lineage."""

    scanning: str
    analysis: str
    response: str
    assessment: str
    feasibility_reason: str
    ended_reason: str
    withdrawn_reason: str
    arguments: list[ArgumentAnswer] = Field(description="For and against, in the order in which they were given.")
    residents_word: ResidentsWordAnswer | None = Field(description="Null for a goal that has not begun.")
    readings: list[ReadingAnswer]
    commitments: list[CommitmentAnswer]
    concern_uuids: list[UUID]
    events: list[EventAnswer]


@router.get("/goals", summary="Every goal")
def goals(
    *,
    beat: BeatCode = None,
    state: Annotated[GoalState | None, Query(description="Only this state.")] = None,
) -> list[GoalAnswer]:
    """Goals of a beat or of every beat, the first adopted first, then the latest proposed."""
    cards = goal_cards(
        today=clock.today(city().time_zone), beat_code=beat, states=None if state is None else frozenset({state})
    )
    return [_goal(card) for card in cards]


@router.get("/goals/{uuid}", summary="One goal")
def goal(uuid: UUID) -> GoalDetail:
    """One goal with everything that is public about it."""
    today = clock.today(city().time_zone)
    story, voices = goal_story(uuid, today=today), goal_voices(uuid)
    word = word_of_residents(uuid, today=today)
    return GoalDetail(
        **_goal(story.card).model_dump(),
        scanning=story.scanning,
        analysis=story.analysis,
        response=story.response,
        assessment=story.assessment,
        feasibility_reason=story.feasibility_reason,
        ended_reason=story.ended_reason,
        withdrawn_reason=story.withdrawn_reason,
        arguments=[argument_answer(row) for row in voices.arguments],
        residents_word=word_answer(story.card.state, word, today - timedelta(days=1)),
        readings=[_reading(point) for point in _points(story)],
        commitments=[_commitment(row, voices.of_commitment(row.id), today) for row in story.commitments],
        concern_uuids=[row.uuid for row in story.concerns],
        events=[EventAnswer(kind=row.kind, sentence=row.sentence, happened_at=row.happened_at) for row in story.events],
    )


def _goal(card: GoalCard) -> GoalAnswer:
    return GoalAnswer(
        uuid=card.uuid,
        title=card.title,
        summary=card.summary,
        state=card.state,
        is_contested=card.is_contested,
        category=card.category or None,
        beats=[beat.code for beat in card.beats],
        proposed_at=card.proposed_at,
        adopted_on=card.adopted_on,
        ended_on=card.ended_on,
        feasibility=card.feasibility.value if card.feasibility else None,
        concerns=card.concerns,
        promised=card.promised,
        kept=card.kept,
        overdue=card.overdue,
        measure=_measure(card.measure, card.progress) if card.measure else None,
        vote=_vote(card.keys) if card.keys else None,
    )


def _measure(row: MeasureRow, progress: MeasureProgress | None) -> MeasureAnswer:
    standing = progress.standing if progress else None
    interval = standing.interval if standing else None
    spill = standing.displacement if standing else None
    return MeasureAnswer(
        kind=row.kind.value,
        category=row.category,
        unit=row.unit,
        direction=row.direction.value,
        baseline=float(row.baseline),
        target=float(row.target),
        starts_on=row.starts_on,
        due_on=row.due_on,
        source=row.source,
        latest=_number(standing.latest) if standing else None,
        reached=standing.reached if standing else None,
        change=standing.change.value if standing else None,
        sentence=standing.sentence if standing else None,
        is_drawn_area=bool(row.outline),
        expected=_number(standing.expected) if standing else None,
        found=standing.after.events if standing and standing.after else None,
        before=_window(standing.before) if standing else None,
        after=_window(standing.after) if standing else None,
        ratio_low=interval.low if interval else None,
        ratio_high=interval.high if interval and isfinite(interval.high) else None,
        comparison_beats=list(progress.comparison) if progress else [],
        neighbour_beats=list(progress.neighbours) if progress else [],
        displacement=spill.spill.value if spill else None,
        displacement_quotient=_number(spill.quotient) if spill else None,
    )


def _vote(keys: Keys) -> VoteAnswer:
    return VoteAnswer(
        round=keys.round_uuid,
        published_at=keys.published_at,
        outcome=keys.outcome,
        place=keys.place,
        residents_key=keys.residents_key,
        officers_key=keys.officers_key,
        residents_share=_number(keys.residents_share),
        officers_share=_number(keys.officers_share),
    )


def _points(story: GoalStory) -> tuple[SeriesPoint, ...]:
    return story.card.progress.points if story.card.progress else ()


def _reading(point: SeriesPoint) -> ReadingAnswer:
    return ReadingAnswer(on=point.on, value=float(point.value), source=point.source, n=point.n)


def _commitment(row: CommitmentRow, shown: Sequence[EvidenceRow], today: date) -> CommitmentAnswer:
    return CommitmentAnswer(
        party=row.party,
        owner=row.partner or row.owner,
        deliverable=row.deliverable,
        done_means=row.done_means,
        due_on=row.due_on,
        state=row.state,
        is_overdue=row.is_overdue(today),
        settled_on=row.settled_on,
        signatures=[
            SignatureAnswer(side=each.side, verdict=each.verdict, signed_at=each.signed_at) for each in row.signatures
        ],
        evidence=[evidence_answer(each) for each in shown],
    )


def _window(window: Window | None) -> WindowAnswer | None:
    if window is None or not window.months:
        return None
    first, last = window.months[0], window.months[-1]
    return WindowAnswer(first=f"{first:%Y-%m}", last=f"{last:%Y-%m}", months=len(window.months), events=window.events)


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)

"""The parts of what the demonstration tells: goals and meetings with the days they fall on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from lib.rules.lifecycle import CommitmentState, GoalState, MeetingState, Party
from lib.rules.voting import RoundRule, SideFigures


@dataclass(frozen=True)
class Trouble:
    """What residents raised about a goal: at which place, which situation, how often until the goal and since."""

    place: str
    situation: str
    concerns: int
    after: int


@dataclass(frozen=True)
class PromisePlan:
    """A commitment. `due` and `signed` are days from today; `signed` is when it was settled, with `note`."""

    party: Party
    owner: str
    deliverable: str
    done: str
    due: int
    becomes: CommitmentState
    partner: str = ""
    signed: int | None = None
    note: str = ""


@dataclass(frozen=True)
class MeasurePlan:
    """`target` of a counted measure is a share of its baseline, else in its unit; `due` is in months from today.

    `within`: metres round the trouble's place inside which incidents count; 0 for the whole beats.
    """

    kind: str
    direction: str
    target: float
    due: int
    category: str = ""
    unit: str = ""
    baseline: float = 0
    source: str = ""
    within: int = 0


@dataclass(frozen=True)
class Reopening:
    """A goal that was achieved and is worked on again: when both happened, and why."""

    achieved_on: date
    on: date
    sentence: str


@dataclass(frozen=True)
class GoalPlan:
    """One goal as it is told, and its days. `linked_until`: concerns raised before it belong to the goal's story."""

    key: str
    uuid: UUID
    beats: tuple[str, ...]
    category: str
    title: str
    summary: str
    state: GoalState
    trouble: Trouble
    proposed_on: date
    linked_until: date
    adopted_on: date | None
    starts_on: date | None
    ended_on: date | None
    feasibility: str
    feasibility_reason: str
    story: Mapping[str, str] = field(default_factory=dict)
    measure: MeasurePlan | None = None
    promises: tuple[PromisePlan, ...] = ()
    readings: tuple[tuple[int, float], ...] = ()
    reopened: Reopening | None = None
    ended_reason: str = ""
    withdrawn_reason: str = ""


@dataclass(frozen=True)
class CandidatePlan:
    """A goal on a ballot: the share of residents' ballots and the number of officers' that approve it, and how it must
    end ("" in an advisory round)."""

    goal: str
    residents: float
    officers: int
    ends: str = ""


@dataclass(frozen=True)
class RoundPlan:
    """A round; without `candidates` a draft of the goals in `draft`."""

    uuid: UUID
    question: str
    places: int
    figures: SideFigures
    rule: RoundRule
    candidates: tuple[CandidatePlan, ...]
    draft: tuple[str, ...]


@dataclass(frozen=True)
class MeetingPlan:
    """A meeting. `residents` and `officers` cast ballots, `present` came; its agenda speaks about the lists."""

    key: str
    uuid: UUID
    beats: tuple[str, ...]
    title: str
    place: str
    access: str
    wifi: str
    starts_at: datetime
    ends_at: datetime
    state: MeetingState
    residents: int
    officers: int
    present: tuple[int, int]
    minutes: tuple[str, ...]
    promises: tuple[str, ...]
    overdue: tuple[str, ...]
    verdicts: tuple[str, ...]
    contested: tuple[str, ...]
    concerns: tuple[str, ...]
    rounds: tuple[RoundPlan, ...]


@dataclass(frozen=True)
class Plan:
    """Every goal by its key, and every meeting in the order of time."""

    goals: Mapping[str, GoalPlan]
    meetings: tuple[MeetingPlan, ...]

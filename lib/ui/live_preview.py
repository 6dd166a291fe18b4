"""What a rehearsal of the live display is made of: a stage borrowed from a meeting, and snapshots of invented votes.

Title, address and goals may be those of a real meeting; turnout, figures and outcomes never are. Nothing here asks or
tells the database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from uuid import UUID, uuid5

from lib.queries.contested import OwedAnswer
from lib.queries.counts import Turnout
from lib.queries.live import LiveLine, LiveSnapshot
from lib.queries.meetings import AgendaRow, MeetingRow
from lib.queries.places import BeatRow
from lib.queries.step_matter import StepMatter
from lib.queries.voting import CandidateRow, RoundRow
from lib.rules.counting import Ballot
from lib.rules.lifecycle import Electorate, MeetingState, RoundState
from lib.rules.results import outcome_sentence, result_sentence
from lib.rules.tally import RoundTally, tally_round, without_officers_figures
from lib.rules.voting import Display, ResultsShown, RoundMode, RoundRule, SideFigures
from lib.ui.live_goals import LONG_GOALS, SHORT_GOALS
from lib.ui.live_marks import Evening

RESIDENTS, OFFICERS = Electorate.RESIDENTS, Electorate.OFFICERS

_SPACE = UUID("6f0f7a52-6d0b-4a52-8f0a-3f0e9f1f7c11")
_ROUND_LASTS = timedelta(minutes=4, seconds=12)
_ANSWER_WITHIN = timedelta(days=14)

_SHARES = (71, 52, 40, 45, 58, 19, 36, 62, 28, 49, 33, 22)
_KEYS = (True, True, True, True, False, False, True, True, True, False, True, False)
"""Approval of the residents in per cent, and whether the officers turn their key, goal by goal."""


@dataclass(frozen=True)
class Stage:
    """What a rehearsal may borrow from a real meeting: nothing of it is a vote."""

    meeting: MeetingRow
    agenda: tuple[AgendaRow, ...]
    question: str
    goals: tuple[CandidateRow, ...]
    join_address: str


@dataclass(frozen=True)
class Rehearsal:
    """One state to draw: a snapshot with what stands around it, or a notice (title, sentence) where there is none."""

    snapshot: LiveSnapshot | None
    evening: Evening = field(default_factory=Evening)
    trouble: str = ""
    notice: tuple[str, str] = ("", "")
    speaks_spanish: bool = False
    matter: StepMatter | None = None


def invented_stage(now: datetime, *, beats: Sequence[BeatRow] = (), join_address: str) -> Stage:
    """A meeting of an invented neighbourhood, for a rehearsal before any meeting is planned."""
    beat = tuple(beats[:1]) or (BeatRow(0, "A1", "Example Hill", ""),)
    meeting = MeetingRow(
        id=0,
        uuid=uuid5(_SPACE, "meeting"),
        title="Example meeting",
        place="Example hall, 1 Example Street",
        access="",
        wifi="Example hall",
        starts_at=now - timedelta(minutes=30),
        ends_at=now + timedelta(minutes=90),
        state=MeetingState.OPEN,
        address="",
        display=Display.VOTE,
        beats=beat,
    )
    agenda = (
        AgendaRow(1, 1, "Welcome", 10, meeting.starts_at, None, None, None),
        AgendaRow(2, 2, "Which goals shall we work on?", 15, now, 1, 1, RoundState.DRAFT),
    )
    return Stage(meeting, agenda, "Which goals shall we work on?", (), join_address)


@dataclass(frozen=True)
class Maker:
    """Makes snapshots out of a stage. The clock of an open round runs down and begins again."""

    stage: Stage
    now: datetime
    since: datetime

    def lobby(self, *, meeting: MeetingRow | None = None, round: RoundRow | None = None) -> LiveSnapshot:
        return LiveSnapshot(
            meeting=meeting or replace(self.stage.meeting, state=MeetingState.OPEN),
            agenda=tuple(
                replace(step, round_state=RoundState.DRAFT) if step.round_id else step for step in self.stage.agenda
            ),
            round=round,
            state=round.state if round else None,
            turnout={side: Turnout(0, 0) for side in Electorate},
            tally=None,
            lines=(),
            sentence="",
            join_address=self.stage.join_address,
            as_of=self.now,
            in_lobby=round is not None,
        )

    def round(
        self, state: RoundState, *, goals: Sequence[CandidateRow] = (), question: str = "", **changes: object
    ) -> RoundRow:
        lasted = (self.now - self.since) // _ROUND_LASTS
        row = RoundRow(
            id=0,
            uuid=uuid5(_SPACE, "round"),
            meeting_id=self.stage.meeting.id,
            number=1,
            of=2,
            question=question or self.stage.question,
            eligibility="Everybody who lives or works in the beat",
            places=3,
            rule=RoundRule.TWO_KEYS_TURNS,
            mode=RoundMode.MEETING,
            shows=ResultsShown.AFTER_CLOSING,
            officers_figures=SideFigures.SEALED,
            minutes=10,
            state=state,
            opened_at=self.since,
            closes_at=self.since + (lasted + 1) * _ROUND_LASTS,
            closed_at=None if state is RoundState.OPEN else self.since,
            published_at=self.since if state is RoundState.PUBLISHED else None,
            frozen_hash=sha256(b"a rehearsal freezes nothing").hexdigest(),
            tie_seed="",
            dice_hash="",
            is_advisory=False,
            set_aside="",
            meeting_uuid=self.stage.meeting.uuid,
            candidates=tuple(goals) or self.goals(6),
        )
        return replace(row, **changes)  # type: ignore[arg-type]

    def goals(self, number: int) -> tuple[CandidateRow, ...]:
        """The meeting's own goals first, then invented ones."""
        real = self.stage.goals[:number]
        invented = [_goal(at, *each) for at, each in enumerate(SHORT_GOALS, 1)]
        return real + tuple(invented[: number - len(real)])

    def vote(
        self,
        row: RoundRow,
        *,
        residents: tuple[int, int] = (97, 124),
        officers: tuple[int, int] = (5, 8),
        keys: Sequence[bool] = _KEYS,
        level: bool = False,
        owed: Mapping[UUID, OwedAnswer] | None = None,
    ) -> LiveSnapshot:
        """A snapshot of a round: with invented ballots where its figures may show, else turnout only."""
        turnout = {RESIDENTS: Turnout(*residents), OFFICERS: Turnout(*officers)}
        is_published = row.state is RoundState.PUBLISHED
        tally = None
        if is_published or row.shows is ResultsShown.LIVE:
            tally = _tally(row, residents[0], officers[0], keys, level=level)
        return LiveSnapshot(
            meeting=replace(self.stage.meeting, state=MeetingState.OPEN),
            agenda=self.stage.agenda,
            round=row,
            state=row.state,
            turnout=turnout,
            tally=tally,
            lines=_lines(row, tally),
            sentence=result_sentence(tally) if tally is not None and is_published else "",
            join_address=self.stage.join_address,
            as_of=self.now,
            owed=owed or {},
        )

    def published(
        self, *, owes: str = "", keys: Sequence[bool] = _KEYS, level: bool = False, **changes: object
    ) -> LiveSnapshot:
        """A published round of six goals (or of those in `changes`); `owes`: what became of owed answers
        ("", "open", "answered", "at length")."""
        row = self.round(RoundState.PUBLISHED, **changes)  # type: ignore[arg-type]
        shown = self.vote(row, residents=(118, 124), officers=(8, 8), keys=keys, level=level)
        if not owes or shown.tally is None:
            return shown
        reason, offer = _ANSWERS.get(owes, ("", ""))
        owed = {
            outcome.goal: OwedAnswer(
                side=OFFICERS if outcome.residents_key else RESIDENTS,
                due_on=(self.now + _ANSWER_WITHIN).date(),
                reason=reason,
                counter_offer=offer,
                answered_at=self.now if reason else None,
            )
            for outcome in shown.tally.contested
        }
        return replace(shown, owed=owed)


_ANSWER = (
    "A patrol every night would take two officers from emergency calls between ten and two, when most calls come in.",
    "Foot patrol on Fridays and Saturdays until the end of June, and a count of calls before and after that everybody "
    "can see.",
)
_ANSWERS = {"answered": _ANSWER, "at length": (" ".join([_ANSWER[0]] * 9), " ".join([_ANSWER[1]] * 3))}


def _goal(at: int, title: str, icon: str, colour: str) -> CandidateRow:
    return CandidateRow(
        id=at,
        goal_id=at,
        goal_uuid=uuid5(_SPACE, title),
        position=at,
        title=title,
        summary="",
        icon=icon,
        colour=colour,
    )


def long_goals() -> tuple[CandidateRow, ...]:
    return tuple(_goal(at, *each) for at, each in enumerate(LONG_GOALS, 1))


def _ballots(goals: Sequence[UUID], number: int, shares: Sequence[int], *, level: bool = False) -> list[Ballot]:
    """`number` ballots, of which each goal's share approves it; `level`: the second and third have the same ones."""
    chosen: list[set[UUID]] = [set() for _ in range(number)]
    for at, goal in enumerate(goals):
        like = 1 if level and at == 2 else at
        approvals = round(Fraction(shares[like % len(shares)] * number, 100))
        for voter in range(approvals):
            chosen[(voter * 7 + like * 31) % number if number % 7 else (voter + like * 31) % number].add(goal)
    return [Ballot(frozenset(each)) if each else Ballot(none_of_these=True) for each in chosen]


def _tally(row: RoundRow, residents: int, officers: int, keys: Sequence[bool], *, level: bool) -> RoundTally:
    goals = [candidate.goal_uuid for candidate in row.candidates]
    shares = [75 if keys[at % len(keys)] else 25 for at in range(len(goals))]
    tally = tally_round(
        row.rule,
        goals,
        _ballots(goals, residents, _SHARES, level=level),
        _ballots(goals, officers, shares),
        places=row.places,
        tie_seed=row.tie_seed,
        mode=row.mode,
    )
    return tally if row.officers_figures is SideFigures.OPEN else without_officers_figures(tally)


def _lines(row: RoundRow, tally: RoundTally | None) -> tuple[LiveLine, ...]:
    if tally is None:
        return tuple(LiveLine(candidate, None, "") for candidate in row.candidates)
    if row.state is not RoundState.PUBLISHED:
        return tuple(LiveLine(each, tally.outcome_of(each.goal_uuid), "") for each in row.candidates)
    candidates = {candidate.goal_uuid: candidate for candidate in row.candidates}
    return tuple(LiveLine(candidates[each.goal], each, outcome_sentence(each, tally)) for each in tally.in_order())

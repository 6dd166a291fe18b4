"""What a meeting's minutes can be drafted from: what was opened, counted, owed and promised, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import String, cast, select

from lib.model import (
    Beat,
    Candidate,
    Commitment,
    Goal,
    GoalBeat,
    LogEntry,
    Outcome,
    OwedAnswer,
    Partner,
    Person,
    SideCount,
)
from lib.queries.checkin import room_sentence
from lib.queries.meetings import MeetingRow, agenda, coming_meetings
from lib.queries.places import city
from lib.queries.voting import RoundRow, rounds
from lib.rules.lifecycle import Electorate, RoundState, Side
from lib.rules.minutes import MinuteKind
from lib.rules.months import day_in_words, hour_in_words
from lib.rules.tally import Ending
from lib.rules.text import counted, listed
from lib.rules.voting import RoundMode
from lib.storage.transaction import reading


@dataclass(frozen=True)
class DraftLine:
    """A line that happened at `noted_at`; `source` says what it was drawn from, once per meeting."""

    kind: MinuteKind
    text: str
    noted_at: datetime
    source: str


@dataclass(frozen=True)
class _Held:
    """When the meeting really began and ended (as planned, where the log does not say)."""

    meeting: MeetingRow
    opened_at: datetime
    closed_at: datetime
    zone: ZoneInfo

    def clock(self, instant: datetime) -> str:
        return hour_in_words(instant.astimezone(self.zone))

    def day(self, instant: datetime) -> str:
        local = instant.astimezone(self.zone).date()
        return f"{local:%A} {day_in_words(local)}"


def drafted_lines(meeting: MeetingRow) -> tuple[DraftLine, ...]:
    """Every line that the minutes of a meeting that is over can be drafted from, in the order of time.

    Of people there are the sides that acted and the owners that commitments name, never who raised, voted or came.
    Thirteen statements; one more with votes, and with a next meeting.
    """
    held = _held(meeting)
    voted = {row.id: row for row in rounds(meeting.id) if row.opened_at is not None}
    lines = [
        DraftLine(
            MinuteKind.NOTE,
            f"The meeting of beat {meeting.beat_labels} began on {held.day(held.opened_at)} at "
            f"{held.clock(held.opened_at)}: {meeting.place}.",
            held.opened_at,
            "opened",
        ),
        *_votes(held, voted),
        *_commitments(held),
        *_owed(held, voted),
        *_at_the_end(held),
    ]
    return tuple(sorted(lines, key=lambda line: line.noted_at))


def _held(meeting: MeetingRow) -> _Held:
    question = (
        select(LogEntry.action, LogEntry.happened_at)
        .where(
            LogEntry.subject == "meeting",
            LogEntry.subject_id == str(meeting.uuid),
            LogEntry.action.in_(("meeting_opened", "meeting_closed")),
        )
        .order_by(LogEntry.id)
    )
    with reading() as db:
        times = {row.action: row.happened_at for row in db.execute(question)}
    return _Held(
        meeting=meeting,
        opened_at=times.get("meeting_opened", meeting.starts_at),
        closed_at=times.get("meeting_closed", meeting.ends_at),
        zone=ZoneInfo(city().time_zone),
    )


def _at_the_end(held: _Held) -> list[DraftLine]:
    """Who was in the room, the agenda as it went, the end, and when the beat meets again."""
    meeting, ended = held.meeting, held.closed_at
    lines = []
    said = room_sentence(meeting.id)
    if said:
        lines.append(DraftLine(MinuteKind.NOTE, said, ended, "room"))
    steps = agenda(meeting)
    begun = sorted((step for step in steps if step.started_at is not None), key=lambda step: (step.started_at, step.id))
    if begun:
        spoken_of = "; ".join(f"{step.title} ({held.clock(step.started_at or ended)})" for step in begun)
        missed = [step.title for step in steps if step.started_at is None]
        rest = f" Not reached: {'; '.join(missed)}." if missed else ""
        lines.append(DraftLine(MinuteKind.NOTE, f"Agenda as it went: {spoken_of}.{rest}", ended, "agenda"))
    lines.append(DraftLine(MinuteKind.NOTE, f"The meeting ended at {held.clock(ended)}.", ended, "closed"))
    for code in meeting.beat_codes:
        coming = [row for row in coming_meetings(code, now=ended, at_most=2) if row.id != meeting.id]
        if coming:
            following = coming[0]
            text = (
                f"The next meeting is on {held.day(following.starts_at)} at {held.clock(following.starts_at)}: "
                f"{following.place}."
            )
            lines.append(DraftLine(MinuteKind.NOTE, text, ended, "next"))
            break
    return lines


def _votes(held: _Held, voted: Mapping[int, RoundRow]) -> list[DraftLine]:
    """Each vote that was opened, and how many of each side took part once it was published."""
    with reading() as db:
        counts: dict[int, list[SideCount]] = {}
        for count in db.scalars(select(SideCount).where(SideCount.round_id.in_(voted))):
            counts.setdefault(count.round_id, []).append(count)
        endings: dict[int, dict[int, str]] = {}
        for each in db.scalars(select(Outcome).where(Outcome.round_id.in_(voted))):
            endings.setdefault(each.round_id, {})[each.candidate_id] = each.outcome
    lines = []
    for row in voted.values():
        opened_at = row.opened_at or held.opened_at
        places = counted(row.places, "place")
        text = (
            f"Round {row.number} was opened at {held.clock(opened_at)}: “{row.question}” "
            f"{counted(len(row.candidates), 'goal')}, {places}."
        )
        lines.append(DraftLine(MinuteKind.NOTE, text, opened_at, f"round:{row.id}:opened"))
        if row.state is RoundState.PUBLISHED and counts.get(row.id):
            at = row.closed_at or row.published_at or held.closed_at
            text = _counted(row, counts[row.id], endings.get(row.id, {}))
            lines.append(DraftLine(MinuteKind.NOTE, text, at, f"round:{row.id}:counted"))
    return lines


def _counted(row: RoundRow, counts: list[SideCount], endings: dict[int, str]) -> str:
    """Turnout of each side, never added up, and the goals that the decision does not name."""
    by_side = {count.side: count for count in counts}
    voted = [
        f"{by_side[side].cast_ballots:,} of {counted(by_side[side].issued, side.value.removesuffix('s'))}"
        for side in Electorate
        if side in by_side and by_side[side].issued
    ]
    parts = [f"Round {row.number} was counted: {listed(voted)} voted."]
    paper = sum(count.paper_ballots for count in counts)
    if paper:
        parts.append(f"{counted(paper, 'ballot')} came on paper.")
    # Of an advisory vote nothing is said per goal: too few officers took part to keep their votes secret.
    if not row.is_advisory and row.mode is RoundMode.MEETING:
        for ending, words in (
            (Ending.OPEN_WITHOUT_PLACE, "Carried by both sides, without a place"),
            (Ending.NEITHER, "Carried by neither side"),
        ):
            titles = [each.title for each in row.candidates if endings.get(each.id) == ending.value]
            if titles:
                parts.append(f"{words}: {listed(titles)}.")
    return " ".join(parts)


_STEPS = {
    "commitment_offered": "offered",
    "commitment_accepted": "taken on",
    "commitment_released": "let go",
    "commitment_countersigned": "countersigned",
}


def _commitments(held: _Held) -> list[DraftLine]:
    """What was offered, taken on, let go or countersigned while the meeting was open, for goals of its beats."""
    goals = (
        select(GoalBeat.goal_id).join(Beat, Beat.id == GoalBeat.beat_id).where(Beat.code.in_(held.meeting.beat_codes))
    )
    question = (
        select(
            LogEntry.action,
            LogEntry.happened_at,
            LogEntry.facts,
            Commitment.id,
            Commitment.party,
            Commitment.owner,
            Commitment.deliverable,
            Commitment.due_on,
            Partner.name.label("partner"),
            Person.side,
            Goal.title,
        )
        .join(Commitment, cast(Commitment.id, String) == LogEntry.subject_id)
        .join(Goal, Goal.id == Commitment.goal_id)
        .outerjoin(Partner, Partner.id == Commitment.partner_id)
        .outerjoin(Person, Person.id == LogEntry.actor_id)
        .where(
            LogEntry.subject == "commitment",
            LogEntry.action.in_(_STEPS),
            LogEntry.happened_at >= held.opened_at,
            LogEntry.happened_at <= held.closed_at,
            Goal.id.in_(goals),
        )
        .order_by(LogEntry.id)
    )
    with reading() as db:
        rows = db.execute(question).all()
    lines: dict[str, DraftLine] = {}
    for row in rows:
        whose = row.partner or row.party.value
        is_promise = row.action in ("commitment_offered", "commitment_accepted")
        source = f"commitment:{row.id}:{'promised' if is_promise else _STEPS[row.action]}"
        if row.action == "commitment_countersigned" and row.side is not None:
            # A partner's commitment is countersigned by each side.
            source += f":{row.side.value}"
        before = lines.get(source)
        if is_promise:
            step = "offered and taken on" if before is not None else _STEPS[row.action]
            text = (
                f"{row.owner} ({whose}): {row.deliverable}, by {day_in_words(row.due_on)}. {step.capitalize()} for "
                f"“{row.title}”."
            )
        else:
            verdict = f" as {row.facts['verdict']}" if row.facts.get("verdict") else ""
            by = f" by the {row.side.value}" if row.side in (Side.RESIDENTS, Side.OFFICERS) else ""
            text = f"“{row.deliverable}” ({whose}) was {_STEPS[row.action]}{verdict}{by}, for “{row.title}”."
        kind = MinuteKind.PROMISE if is_promise else MinuteKind.NOTE
        lines[source] = DraftLine(kind, text, before.noted_at if before else row.happened_at, source)
    return list(lines.values())


def _owed(held: _Held, voted: Mapping[int, RoundRow]) -> list[DraftLine]:
    """The written answers that the votes of this meeting left owed."""
    question = (
        select(OwedAnswer.round_id, OwedAnswer.candidate_id, OwedAnswer.side, OwedAnswer.due_on, Goal.title)
        .join(Candidate, Candidate.id == OwedAnswer.candidate_id)
        .join(Goal, Goal.id == Candidate.goal_id)
        .where(OwedAnswer.round_id.in_(voted))
        .order_by(OwedAnswer.round_id, Candidate.position)
    )
    with reading() as db:
        return [
            DraftLine(
                MinuteKind.PROMISE,
                f"The {row.side.value} answer in writing on “{row.title}” by {day_in_words(row.due_on)}.",
                voted[row.round_id].published_at or held.closed_at,
                f"owed:{row.round_id}:{row.candidate_id}",
            )
            for row in db.execute(question)
        ]

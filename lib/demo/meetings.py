"""What stands on the agendas and in the minutes of the demonstration's meetings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from lib.demo.ballots import DemoRound, DemoVote
from lib.demo.goals import Staff
from lib.demo.plan import MeetingPlan, Plan
from lib.rules.agenda import Matter, OpenMatters, Topic, drafted_agenda
from lib.rules.lifecycle import MeetingState
from lib.rules.minutes import MinuteKind
from lib.rules.results import result_sentence
from lib.rules.text import listed

_BEGAN = timedelta(minutes=12)
_STEP = timedelta(minutes=11)
_LATE = timedelta(minutes=2)
"""How late the demonstration's meetings begin."""


@dataclass(frozen=True)
class DemoStep:
    """A step of an agenda; `round_number` where it is a vote, `started_at` where the meeting has been held."""

    position: int
    title: str
    minutes: int
    round_number: int | None
    topic: str
    started_at: datetime | None


@dataclass(frozen=True)
class DemoMinute:
    kind: MinuteKind
    text: str
    noted_at: datetime


def demo_agenda(meeting: MeetingPlan) -> tuple[DemoStep, ...]:
    """The agenda as the product would draft it from what the meeting speaks about."""
    matters = OpenMatters(
        overdue=_matters(meeting.overdue),
        verdicts=_matters(meeting.verdicts),
        contested=_matters(meeting.contested),
        concerns=_matters(meeting.concerns),
        votes=_matters([each.question for each in meeting.rounds]),
    )
    minutes = round((meeting.ends_at - meeting.starts_at).total_seconds() / 60)
    votes = 0
    steps = []
    at = meeting.starts_at + _LATE
    for position, item in enumerate(drafted_agenda(matters, minutes), 1):
        votes += item.topic is Topic.VOTE
        began = None if meeting.state is MeetingState.PLANNED else at
        number = votes if item.topic is Topic.VOTE else None
        steps.append(DemoStep(position, item.title, item.minutes, number, item.topic.value, began))
        at += timedelta(minutes=item.minutes)
    return tuple(steps)


def _matters(titles: Sequence[str]) -> tuple[Matter, ...]:
    return tuple(Matter(title) for title in titles)


def demo_minutes(meeting: MeetingPlan, vote: DemoVote | None, plan: Plan, staff: Staff) -> tuple[DemoMinute, ...]:
    """What was said, decided and promised at a past meeting, in the order of time; nothing before it is held."""
    if meeting.state is MeetingState.PLANNED:
        return ()
    residents, officers = meeting.present
    names = staff.slots(meeting.beats[0])
    said = [f"{residents} residents and {officers} officers are present.", *meeting.minutes]
    at = meeting.starts_at + _BEGAN
    lines = [DemoMinute(MinuteKind.NOTE, text.format(**names), at + place * _STEP) for place, text in enumerate(said)]
    titles = {goal.uuid: goal.title for goal in plan.goals.values()}
    for each in vote.rounds if vote is not None else ():
        lines.append(DemoMinute(MinuteKind.DECISION, _decision(each, titles), each.published_at))
    end = meeting.ends_at - timedelta(minutes=4)
    lines += [
        DemoMinute(MinuteKind.PROMISE, text.format(**names), end + timedelta(minutes=place))
        for place, text in enumerate(meeting.promises)
    ]
    return tuple(sorted(lines, key=lambda line: line.noted_at))


def _decision(each: DemoRound, titles: Mapping[UUID, str]) -> str:
    """A published result as it stands in the minutes (as `services/counting.py` writes it)."""
    tally = each.tally
    parts = [f"Round {each.number}, {each.plan.question} {result_sentence(tally)}"]
    if tally.adopted:
        parts.append(f"Adopted: {listed([f'{titles[one.goal]} (place {one.place})' for one in tally.adopted])}.")
    if tally.contested:
        parts.append(f"Contested: {listed([titles[one.goal] for one in tally.contested])}.")
    if tally.ranking:
        parts.append(f"Residents’ order: {listed([titles[goal] for goal in tally.ranking])}.")
    return "\n".join(parts)

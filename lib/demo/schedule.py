"""What the demonstration tells: goals and meetings as they are written in `texts/*.toml`, with the days they fall on.

Everything counts from today, so that the city looks alive on any day: a goal voted on nine months ago began on the
first of the month after, commitments are due so many days from now, the next meetings come within three weeks.
"""

import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from lib.demo.geography import Geography
from lib.demo.plan import (
    CandidatePlan,
    GoalPlan,
    MeasurePlan,
    MeetingPlan,
    Plan,
    PromisePlan,
    Reopening,
    RoundPlan,
    Trouble,
)
from lib.rules.lifecycle import CommitmentState, GoalState, MeetingState, Party
from lib.rules.months import month_of, months_later
from lib.rules.voting import RoundRule, SideFigures

FOLDER = Path(__file__).parent / "texts"
GOAL_FILES = ("goals_pioneer_square", "goals_west", "goals_north_south")

PROPOSED_BEFORE = timedelta(days=32)
"""How long before its first vote a goal is proposed."""

_BEGINS, _LASTS = time(18, 30), timedelta(minutes=90)
_EVENINGS = (1, 2, 3)
"""Meetings are on Tuesday, Wednesday or Thursday (Monday is 0)."""

_SEASONS = ("Winter", "Winter", *["Spring"] * 3, *["Summer"] * 3, *["Autumn"] * 3, "Winter")

Row = TypeVar("Row")


def demo_plan(*, seed: int, today: date, time_zone: str, geography: Geography) -> Plan:
    """The plan as it falls on this day. The same seed gives the same public names."""
    rng = np.random.default_rng([seed, 6])
    zone = ZoneInfo(time_zone)
    told = [_meeting(row, rng, today, zone, geography) for row in read_words("meetings")["meeting"]]
    meetings = tuple(sorted(told, key=lambda meeting: meeting.starts_at))
    stories = [row for name in GOAL_FILES for row in read_words(name)["goal"]]
    goals = {row["key"]: _goal(row, rng, today, zone, meetings) for row in stories}
    return Plan(goals, meetings)


@lru_cache
def read_words(name: str) -> dict[str, Any]:
    """One file of `texts/` as it stands there."""
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def drawn_uuid(rng: np.random.Generator) -> UUID:
    """A random UUID (version 4) from the generator."""
    return UUID(bytes=rng.bytes(16), version=4)


def at_hour(day: date, hour: float, zone: ZoneInfo) -> datetime:
    """An hour of a day in the city as an instant in UTC."""
    return (datetime.combine(day, time(), zone) + timedelta(hours=hour)).astimezone(UTC)


def last_day(today: date, months: int) -> date:
    """The last day of the month that lies so many months from now."""
    return months_later(month_of(today), months + 1) - timedelta(days=1)


def _meeting(
    row: Mapping[str, Any], rng: np.random.Generator, today: date, zone: ZoneInfo, geography: Geography
) -> MeetingPlan:
    day = _evening(row, today)
    is_past = day < today
    starts_at = datetime.combine(day, _BEGINS, zone).astimezone(UTC)
    past_state = MeetingState.CLOSED if row.get("closed") else MeetingState.MINUTED
    name = geography.by_code[row["beats"][0]].name
    return MeetingPlan(
        key=row["key"],
        uuid=drawn_uuid(rng),
        beats=tuple(row["beats"]),
        title=f"{_SEASONS[day.month - 1]} meeting, {name}",
        place=row["place"],
        access=row["access"],
        wifi=row.get("wifi", ""),
        starts_at=starts_at,
        ends_at=starts_at + _LASTS,
        state=past_state if is_past else MeetingState.PLANNED,
        residents=row.get("residents", 0),
        officers=row.get("officers", 0),
        present=(row["present"][0], row["present"][1]) if "present" in row else (0, 0),
        minutes=tuple(row.get("minutes", ())),
        promises=tuple(row.get("promises", ())),
        overdue=tuple(row.get("overdue", ())),
        verdicts=tuple(row.get("verdicts", ())),
        contested=tuple(row.get("contested", ())),
        concerns=tuple(row.get("concerns", ())),
        rounds=tuple(_round(each, rng) for each in row.get("round", ())),
    )


def _evening(row: Mapping[str, Any], today: date) -> date:
    """The evening of a meeting: the nearest one after the day that is told, before it for days close to a limit."""
    if "months_ago" in row:
        day, step = months_later(month_of(today), -row["months_ago"]) + timedelta(days=row["day"] - 1), 1
    else:
        day, step = today + timedelta(days=row["days"]), 1 if 0 < row["days"] <= 12 else -1
    while day.weekday() not in _EVENINGS:
        day += timedelta(days=step)
    return day


def _round(row: Mapping[str, Any], rng: np.random.Generator) -> RoundPlan:
    return RoundPlan(
        uuid=drawn_uuid(rng),
        question=row["question"],
        places=row["places"],
        figures=SideFigures(row["figures"]),
        rule=RoundRule(row.get("rule", RoundRule.TWO_KEYS_TURNS)),
        candidates=tuple(_filled(CandidatePlan, each) for each in row.get("candidates", ())),
        draft=tuple(row.get("draft", ())),
    )


def _goal(
    row: Mapping[str, Any],
    rng: np.random.Generator,
    today: date,
    zone: ZoneInfo,
    meetings: tuple[MeetingPlan, ...],
) -> GoalPlan:
    votes = [
        (meeting.starts_at.astimezone(zone).date(), candidate.ends)
        for meeting in meetings
        for each in meeting.rounds
        for candidate in each.candidates
        if candidate.goal == row["key"]
    ]
    proposed_on = min(day for day, _ in votes) - PROPOSED_BEFORE if votes else today - timedelta(days=row["proposed"])
    adopted_on = next((day for day, ends in votes if ends == "adopted"), None)
    state = GoalState(row["state"])
    ended = row.get("ended", row.get("withdrawn"))
    return GoalPlan(
        key=row["key"],
        uuid=drawn_uuid(rng),
        beats=tuple(row["beats"]),
        category=row["category"],
        title=row["title"],
        summary=row["summary"],
        state=state,
        trouble=_filled(Trouble, row["trouble"]),
        proposed_on=proposed_on,
        linked_until=max((day for day, _ in votes), default=proposed_on) if adopted_on is None else adopted_on,
        adopted_on=adopted_on,
        starts_on=_start(adopted_on, today),
        ended_on=today + timedelta(days=ended) if ended is not None else None,
        feasibility=row["feasibility"],
        feasibility_reason=row["feasibility_reason"],
        story={part: row[part] for part in ("scanning", "analysis", "response", "assessment") if part in row},
        measure=_filled(MeasurePlan, row["measure"]) if "measure" in row else None,
        promises=tuple(
            _filled(PromisePlan, {**each, "party": Party(each["party"]), "becomes": CommitmentState(each["becomes"])})
            for each in row.get("commitments", ())
        ),
        readings=tuple((int(days), float(value)) for days, value in row.get("readings", ())),
        reopened=_reopening(row["reopened"], today) if "reopened" in row else None,
        ended_reason=row.get("ended_reason", ""),
        withdrawn_reason=row.get("withdrawn_reason", ""),
    )


def _reopening(row: Mapping[str, Any], today: date) -> Reopening:
    return Reopening(
        achieved_on=today + timedelta(days=row["achieved"]),
        on=today + timedelta(days=row["on"]),
        sentence=row["sentence"],
    )


def _start(adopted_on: date | None, today: date) -> date | None:
    """A goal starts on the first of the month after its adoption; one adopted just now at once."""
    if adopted_on is None:
        return None
    following = months_later(month_of(adopted_on), 1)
    return following if following <= today else adopted_on


def _filled(kind: type[Row], row: Mapping[str, Any]) -> Row:
    """A dataclass from a table of the same names. Raises TypeError for a name it does not know."""
    return kind(**row)

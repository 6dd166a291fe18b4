"""The concerns that goals grew out of: one trouble at one place, told by many people in their own words.

A text is put together from the parts of `texts/concerns_*.toml`. Within one trouble no two texts are the same, and two
in a row do not begin alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from hashlib import sha256
from zoneinfo import ZoneInfo

import numpy as np

from lib.demo.concerns import DAYS, DemoConcern, DemoPlace
from lib.demo.geography import Geography, Spot, scattered
from lib.demo.plan import GoalPlan, Plan
from lib.demo.schedule import at_hour, drawn_uuid, read_words
from lib.rules.concerns import Frequency
from lib.rules.geography import HOME_RESOLUTION, STREET_RESOLUTION, PlaceKind, cell_centre, public_cell

CONCERN_FILES = ("concerns_streets", "concerns_people")

LONGEST_BEFORE = timedelta(days=390)
"""How long before a goal's vote the first of its concerns was raised."""

_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine")
_WEEKS = ("two weeks", "three weeks", "a month", "six weeks", "two months")
_HOURS = ("eleven at night", "midnight", "one in the morning", "two in the morning")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_CROSSING = (
    "at the corner of {a} and {b}",
    "at {a} and {b}",
    "where {a} meets {b}",
    "near {a} and {b}",
    "on {a} near {b}",
)
_PARK = ("in {a}", "at {a}", "next to {a}")
_SQUARE = ("on {a}", "at {a}", "next to {a}")
_ALLEY = ("in {a}", "at the end of {a}", "at the mouth of {a}")
_SCHOOL = ("outside {a}", "in front of {a}", "near {a}")
_PLACE = ("at {a}", "near {a}", "next to {a}")
_HOME = ("near {a}", "not far from {a}", "close to {a}", "a block from {a}")

_HOW_OFTEN = {
    "road_safety": (0.05, 0.15, 0.2, 0.5, 0.1),
    "street_lighting": (0.05, 0.1, 0.1, 0.35, 0.4),
    "young_people": (0.05, 0.3, 0.4, 0.25, 0.0),
    "drugs_and_alcohol": (0.05, 0.2, 0.3, 0.4, 0.05),
    "noise": (0.02, 0.2, 0.6, 0.15, 0.03),
    "parks_and_trees": (0.1, 0.3, 0.2, 0.25, 0.15),
    "waste_and_litter": (0.05, 0.25, 0.45, 0.15, 0.1),
    "theft_and_break_ins": (0.3, 0.4, 0.25, 0.05, 0.0),
}
"""Shares of `Frequency`, in its order."""


@dataclass(frozen=True)
class Situation:
    """Something that residents raise, in parts: `what` always, `more`, `so` and what is asked for sometimes."""

    category: str
    is_home: bool
    what: tuple[str, ...]
    more: tuple[str, ...]
    so: tuple[str, ...]
    asks: tuple[str, ...]


@lru_cache
def situations() -> dict[str, Situation]:
    """Every situation by its key."""
    found = {}
    for name in CONCERN_FILES:
        words = read_words(name)
        for row in words["situation"]:
            found[row["key"]] = Situation(
                category=row["category"],
                is_home=row.get("where") == "home",
                what=tuple(row["what"]),
                more=tuple(row["more"]),
                so=tuple(row["so"]),
                asks=tuple(words["asks"][row["category"]]),
            )
    return found


def concerns_behind_goals(
    *,
    seed: int,
    today: date,
    geography: Geography,
    plan: Plan,
    time_zone: str,
    size: float = 1.0,
    home_resolution: int = HOME_RESOLUTION,
    street_resolution: int = STREET_RESOLUTION,
) -> dict[str, tuple[DemoConcern, ...]]:
    """The concerns of each goal's trouble by the goal's key, the oldest first; not answered yet.

    Each goal has at least one from before its vote. `size` below 1 shrinks their number.
    """
    zone = ZoneInfo(time_zone)
    behind = {}
    for number, goal in enumerate(plan.goals.values()):
        rng = np.random.default_rng([seed, 7, number])
        trouble = goal.trouble
        before = max(1, round(trouble.concerns * size))
        days = sorted(_days(rng, goal, today, before, round(trouble.after * size)))
        situation = situations()[trouble.situation]
        spot = next(each for each in geography.by_code[goal.beats[0]].spots if each.name == trouble.place)
        kind = PlaceKind.HOME if situation.is_home else PlaceKind.STREET
        resolution = {"home_resolution": home_resolution, "street_resolution": street_resolution}
        texts = _texts(rng, situation, spot, len(days))
        behind[goal.key] = tuple(
            _concern(
                rng,
                goal,
                spot=spot,
                kind=kind,
                day=day,
                text=text,
                zone=zone,
                geography=geography,
                resolution=resolution,
            )
            for day, text in zip(days, texts, strict=True)
        )
    return behind


def _days(rng: np.random.Generator, goal: GoalPlan, today: date, before: int, after: int) -> list[date]:
    """Days on which it was raised: one shortly before the vote, the others spread over the year before, some since."""
    until = goal.linked_until
    first = max(until - LONGEST_BEFORE, today - timedelta(days=DAYS - 1))
    days = [until - timedelta(days=int(rng.integers(4, 45)))]
    span = max((until - first).days - 4, 1)
    days += [first + timedelta(days=int(share * span)) for share in rng.random(before - 1) ** 0.8]
    span = max((today - until).days - 1, 1)
    days += [
        min(until + timedelta(days=1 + int(share * span)), today - timedelta(days=1)) for share in rng.random(after)
    ]
    return [max(day, today - timedelta(days=DAYS - 1)) for day in days]


def _concern(
    rng: np.random.Generator,
    goal: GoalPlan,
    *,
    spot: Spot,
    kind: PlaceKind,
    day: date,
    text: str,
    zone: ZoneInfo,
    geography: Geography,
    resolution: dict[str, int],
) -> DemoConcern:
    point = _point(rng, goal.beats[0], spot=spot, kind=kind, geography=geography, resolution=resolution)
    cell = public_cell(*point, kind, **resolution) if point is not None else ""
    private = None
    if point is not None and rng.random() < 0.45:
        address = f"near {spot.name}" if rng.random() < 0.4 else ""
        private = DemoPlace(*point, address=address, contact="", officers_may_see=bool(rng.random() < 0.65))
    return DemoConcern(
        uuid=drawn_uuid(rng),
        category=goal.category,
        beat=goal.beats[0],
        cell=cell,
        place_kind=kind,
        text=text,
        frequency=list(Frequency)[int(rng.choice(len(Frequency), p=_HOW_OFTEN[goal.category]))],
        reported_at=at_hour(day, float(np.clip(rng.normal(18, 3.5), 6.5, 23.5)), zone),
        salt=rng.bytes(16),
        follow_digest=sha256(rng.bytes(16)).digest(),
        place=private,
        spot=spot.name,
    )


def _point(
    rng: np.random.Generator,
    beat: str,
    *,
    spot: Spot,
    kind: PlaceKind,
    geography: Geography,
    resolution: dict[str, int],
) -> tuple[float, float] | None:
    """A point near the place whose public cell lies in the beat; None for one in six, who chose the beat only."""
    if rng.random() < 1 / 6:
        return None
    metres = 80 if kind is PlaceKind.HOME else 40
    lon, lat = scattered(rng, np.full(12, spot.longitude), np.full(12, spot.latitude), metres)
    lon, lat = np.round(lon, 6), np.round(lat, 6)
    centres = [cell_centre(public_cell(x, y, kind, **resolution)) for x, y in zip(lon, lat, strict=True)]
    holders = geography.beats_holding(
        np.array([centre.longitude for centre in centres]), np.array([centre.latitude for centre in centres])
    )
    inside = [row for row, holder in enumerate(holders) if holder >= 0 and geography.beats[holder].code == beat]
    return (float(lon[inside[0]]), float(lat[inside[0]])) if inside else None


def _texts(rng: np.random.Generator, situation: Situation, spot: Spot, count: int) -> list[str]:
    """So many different texts."""
    texts: list[str] = []
    order = rng.permutation(len(situation.what)).tolist()
    while len(texts) < count:
        text = _text(rng, situation, situation.what[order[len(texts) % len(order)]], spot)
        if text not in texts:
            texts.append(text)
    return texts


def _text(rng: np.random.Generator, situation: Situation, what: str, spot: Spot) -> str:
    parts = [what]
    for share, sentences in ((0.7, situation.more), (0.5, situation.so), (0.3, situation.asks)):
        if rng.random() < share:
            parts.append(_any(rng, sentences))
    at = _any(rng, _ways(spot, is_home=situation.is_home)).format(**_names(spot))
    slots = {
        "at": at,
        "At": at[0].upper() + at[1:],
        "n": _any(rng, _NUMBERS),
        "weeks": _any(rng, _WEEKS),
        "hour": _any(rng, _HOURS),
        "day": _any(rng, _DAYS),
    }
    said = [part.format(**slots) for part in parts]
    return " ".join(part[0].upper() + part[1:] for part in said)


def _ways(spot: Spot, *, is_home: bool) -> Sequence[str]:
    if is_home:
        return _HOME
    if spot.kind == "school":
        return _SCHOOL
    if " and " in spot.name:
        return _CROSSING
    if spot.name.endswith("Square"):
        return _SQUARE
    if spot.name.endswith("Alley"):
        return _ALLEY
    return _PARK if spot.kind == "park" or spot.name.endswith(("Park", "Playfield", "Playground")) else _PLACE


def _names(spot: Spot) -> dict[str, str]:
    first, _, second = spot.name.partition(" and ")
    return {"a": spot.name, "b": ""} if not second else {"a": first, "b": second}


def _any(rng: np.random.Generator, items: Sequence[str]) -> str:
    return items[int(rng.integers(len(items)))]

"""Concerns of the demonstration, clustered as real ones are: a few corners of a beat carry most, in waves.

The public row holds a cell and the beat of the cell's centre, exactly as a real report does (promise 10).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from lib.demo.concern_answers import Story, invent_story
from lib.demo.concern_sentences import invent_sentence, is_green
from lib.demo.concern_texts import PHRASES
from lib.demo.geography import DemoBeat, Geography, Spot, anywhere, scattered
from lib.rules.concerns import Frequency
from lib.rules.geography import HOME_RESOLUTION, STREET_RESOLUTION, PlaceKind, cell_centre, public_cell
from lib.rules.lifecycle import ConcernStatus

TOTAL = 2_000
MOST_SUPPORTS = 120
DAYS = 730
GOAL_BEAT, GOAL_CATEGORY, GOAL_DAYS = "K2", "theft_and_break_ins", 240
"""Where fewer thefts are reported since a goal began, and how long ago in days that was."""

_CATEGORIES = tuple(PHRASES)

_PROFILES: dict[str, tuple[int, ...]] = {
    "residential": (24, 11, 9, 5, 10, 12, 13, 16),
    "main_street": (20, 9, 9, 9, 14, 7, 16, 16),
    "downtown": (14, 9, 6, 23, 12, 4, 17, 15),
    "nightlife": (10, 14, 7, 17, 18, 4, 12, 18),
    "industrial": (24, 14, 3, 10, 7, 3, 25, 14),
    "campus": (17, 10, 12, 9, 20, 7, 13, 12),
    "beach": (18, 6, 13, 6, 21, 14, 14, 8),
}
"""What is raised where: percentages in the order of `PHRASES`."""

_HOME_SHARE = {"noise": 0.45, "theft_and_break_ins": 0.35, "young_people": 0.15, "drugs_and_alcohol": 0.2}


@dataclass(frozen=True)
class DemoPlace:
    """What only officers may see, and only if `officers_may_see`."""

    longitude: float | None
    latitude: float | None
    address: str
    contact: str
    officers_may_see: bool


@dataclass(frozen=True)
class DemoConcern:
    """A concern with its story; `duplicate_of` is the position of an earlier one in the list."""

    uuid: UUID
    category: str
    beat: str
    cell: str
    place_kind: PlaceKind
    text: str
    frequency: Frequency
    reported_at: datetime
    salt: bytes
    follow_digest: bytes
    place: DemoPlace | None
    spot: str
    story: Story = field(default_factory=Story)
    duplicate_of: int | None = None
    supports: tuple[bytes, ...] = ()


def demo_concerns(
    *,
    seed: int,
    today: date,
    geography: Geography,
    officers: Mapping[str, Sequence[str]],
    time_zone: str,
    size: float = 1.0,
    home_resolution: int = HOME_RESOLUTION,
    street_resolution: int = STREET_RESOLUTION,
    behind_goals: Sequence[DemoConcern] = (),
) -> tuple[DemoConcern, ...]:
    """`TOTAL * size` concerns of the 24 months before today, oldest first. `officers`: e-mail addresses by beat.

    `behind_goals` are among them, and get answers and supports as the others do.
    """
    rng = np.random.default_rng([seed, 3])
    zone = ZoneInfo(time_zone)
    until = datetime.combine(today, time(), zone).astimezone(UTC)
    resolutions = {"home_resolution": home_resolution, "street_resolution": street_resolution}
    count = round(TOTAL * size)
    beats = geography.beats
    weights = np.array([beat.busy * beat.adults**0.25 for beat in beats])
    weights[[beat.code == GOAL_BEAT for beat in beats]] *= 2.0
    corners = [_Corners(rng, beat) for beat in beats]
    used: dict[tuple[str, str], int] = {}
    raised: list[DemoConcern] = list(behind_goals)
    while len(raised) < count:
        position = int(rng.choice(len(beats), p=weights / weights.sum()))
        beat = beats[position]
        spot, category, days_ago = corners[position].next_concern(rng)
        if beat.code == GOAL_BEAT and category == GOAL_CATEGORY and days_ago < GOAL_DAYS and rng.random() < 0.6:
            continue
        kind = PlaceKind.HOME if rng.random() < _HOME_SHARE.get(category, 0.02) else PlaceKind.STREET
        lon, lat = _point(rng, beat, spot, kind)
        cell = public_cell(lon, lat, kind, **resolutions)
        centre = cell_centre(cell)
        holder = int(geography.beats_holding(np.array([centre.longitude]), np.array([centre.latitude]))[0])
        if holder < 0:
            continue
        turn = used[spot.name, category] = used.get((spot.name, category), int(rng.integers(0, 40))) + 1
        text, frequency = invent_sentence(rng, category, spot, kind, turn)
        raised.append(
            DemoConcern(
                uuid=UUID(bytes=rng.bytes(16), version=4),
                category=category,
                beat=beats[holder].code,
                cell=cell,
                place_kind=kind,
                text=text,
                frequency=frequency,
                reported_at=_moment(rng, today - timedelta(days=days_ago), zone),
                salt=rng.bytes(16),
                follow_digest=sha256(rng.bytes(16)).digest(),
                place=_private_place(rng, lon, lat, spot) if rng.random() < 0.4 else None,
                spot=spot.name,
            )
        )
    raised.sort(key=lambda each: each.reported_at)
    return _with_stories(rng, raised, officers, until)


class _Corners:
    """What one beat's people mind: which corners, what there, and in which months it was worst."""

    def __init__(self, rng: np.random.Generator, beat: DemoBeat) -> None:
        self.spots = beat.spots
        pull = np.array([1.0 if spot.kind == "corner" else 0.35 for spot in beat.spots])
        shares = rng.dirichlet(0.5 * pull) + 0.01 * pull
        self.shares = shares / shares.sum()
        usual = np.array(_PROFILES[beat.profile], dtype=float)
        self.kinds = []
        for spot in beat.spots:
            kinds = usual * rng.gamma(0.7, 1 / 0.7, len(usual)) + 0.05 * usual
            kinds *= [_fits(category, spot) for category in _CATEGORIES]
            self.kinds.append(kinds / kinds.sum())
        self.waves = rng.integers(5, DAYS - 10, (len(beat.spots), 2))

    def next_concern(self, rng: np.random.Generator) -> tuple[Spot, str, int]:
        """A corner, a category, and how many days ago: half of them in one of the corner's two waves."""
        chosen = int(rng.choice(len(self.spots), p=self.shares))
        category = _CATEGORIES[int(rng.choice(len(_CATEGORIES), p=self.kinds[chosen]))]
        if rng.random() < 0.5:
            days_ago = int(abs(rng.normal(int(rng.choice(self.waves[chosen])), 28)))
        else:
            # More people know of it now than two years ago.
            days_ago = int(DAYS * rng.random() ** 1.25)
        return self.spots[chosen], category, min(max(days_ago, 1), DAYS)


def _fits(category: str, spot: Spot) -> float:
    """How much more or less a category is raised at a park or school than at a corner."""
    if spot.kind == "school":
        return {"road_safety": 2.0, "young_people": 2.0, "street_lighting": 0.6, "waste_and_litter": 0.5}.get(
            category, 0
        )
    if is_green(spot):
        return {"parks_and_trees": 5.0, "road_safety": 0.2, "theft_and_break_ins": 0.25}.get(category, 1.0)
    return 0.35 if category == "parks_and_trees" else 1.0


def _point(rng: np.random.Generator, beat: DemoBeat, spot: Spot, kind: PlaceKind) -> tuple[float, float]:
    """Where exactly: within some metres of the corner, a home a little further off; in one of twelve anywhere."""
    if rng.random() < 1 / 12:
        lon, lat = anywhere(rng, beat, 1)
    else:
        metres = 70 if kind is PlaceKind.HOME else 35
        lon, lat = scattered(rng, np.array([spot.longitude]), np.array([spot.latitude]), metres)
    return round(float(lon[0]), 6), round(float(lat[0]), 6)


def _moment(rng: np.random.Generator, day: date, zone: ZoneInfo) -> datetime:
    """A moment of that day when people write: a little in the morning, most after work."""
    hour = float(rng.choice([rng.normal(9, 1.5), rng.normal(13, 2), rng.normal(19.5, 2)], p=[0.25, 0.25, 0.5]))
    seconds = int(min(max(hour, 6), 23.8) * 3600)
    return (datetime.combine(day, time(), zone) + timedelta(seconds=seconds)).astimezone(UTC)


def _private_place(rng: np.random.Generator, lon: float, lat: float, spot: Spot) -> DemoPlace:
    pinned = rng.random() < 0.8
    contact = f"resident{int(rng.integers(1000, 9999))}@mail.example" if rng.random() < 0.45 else ""
    where = str(rng.choice(["by", "across from", "half a block from", "next to"]))
    address = f"{where} {spot.name}" if not pinned or rng.random() < 0.4 else ""
    consents = bool(rng.random() < 0.7)
    return DemoPlace(lon if pinned else None, lat if pinned else None, address, contact, consents)


def _with_stories(
    rng: np.random.Generator,
    raised: list[DemoConcern],
    officers: Mapping[str, Sequence[str]],
    until: datetime,
) -> tuple[DemoConcern, ...]:
    """The concerns with answers, duplicates and supports."""
    told: list[DemoConcern] = []
    earlier: dict[tuple[str, str], int] = {}
    for position, concern in enumerate(raised):
        original = earlier.get((concern.cell, concern.category)) if concern.cell else None
        may_join = original is not None and concern.reported_at - raised[original].reported_at < timedelta(days=120)
        story = invent_story(
            rng,
            category=concern.category,
            reported_at=concern.reported_at,
            until=until,
            officers=officers[concern.beat],
            may_be_duplicate=may_join,
        )
        joined = original if story.status is ConcernStatus.DUPLICATE else None
        if joined is None:
            earlier[concern.cell, concern.category] = position
        told.append(replace(concern, story=story, duplicate_of=joined, supports=_supports(rng, joined is not None)))
    return tuple(told)


def _supports(rng: np.random.Generator, is_duplicate: bool) -> tuple[bytes, ...]:
    """Most concerns have none or a few, some have dozens."""
    count = 0 if is_duplicate else int(rng.pareto(1.3) * 1.6)
    if count > MOST_SUPPORTS:
        count = MOST_SUPPORTS // 2 + count % (MOST_SUPPORTS // 2)
    return tuple(rng.bytes(16) for _ in range(count))

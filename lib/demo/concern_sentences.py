"""Putting a resident's sentence together, so that neighbours do not write the same."""

import re

import numpy as np

from lib.demo.concern_texts import ALSO, PHRASES
from lib.demo.geography import Spot
from lib.rules.concerns import Frequency
from lib.rules.geography import PlaceKind

_AGAIN = (Frequency.NOW_AND_THEN, Frequency.WEEKLY, Frequency.MOST_DAYS, Frequency.DAILY)
_GREEN = ("Park", "Playground", "Playfield", "Square", "Trail", "Arboretum", "Beach", "Garden", "Green", "Plaza")
_CROSSING = ("at the corner of {}", "near {}", "at {}", "just off {}", "a few steps from {}")
_ASIDE = ("by the bus stop at {}", "in the alley off {}", "in the parking lot near {}")
_ON_FOOT = ("on the stairs near {}",)
_ROADS = ("at {}", "at the corner of {}", "on the crossing of {}", "near {}")
_HOMES = ("near {}", "just off {}", "half a block from {}", "close to {}")
_PLACE = ("at {}", "near {}", "right by {}", "across from {}")
_PARK = ("at {}", "at the entrance to {}", "next to {}", "on the edge of {}")
_SCHOOL = ("outside {}", "near {}", "by the gate of {}", "around the corner from {}")

_NOT_IN_A_PARK = re.compile(
    r"\b(bars?|shops?|store|driveway|turn lane|red light|lobby|crosswalk|stop sign|signal|bus lane|Mailboxes|doorsteps|"
    r"corner|lot|ventilation|terrace|collection|mattresses|freeway|miles an hour|racing|overtake|street)\b",
    re.IGNORECASE,
)
_ONLY_IN_A_PARK = re.compile(
    r"\b(playground|toilets?|swings?|grass|barbecue|fountain|benches|fires|paths?|footpath|gate|leash|court|ramp|"
    r"garden|branch|Young trees)\b",
    re.IGNORECASE,
)
_NOT_AT_A_SCHOOL = re.compile(r"\b(bars?|beer|smoke|dealers?|injecting|parcel|shops?|sleeps|midnight)\b", re.IGNORECASE)
_NAMES_A_PLACE = re.compile(
    r"stop|alley|stair|steps|\blot\b|corner|\bbus|street\b|stores?\b|[Ss]hops?\b|doorway|underpass"
)
_MOVES_ON_WHEELS = re.compile(
    r"[Cc]ars?\b|bikes?\b|[Bb]ikes|[Tt]rucks?|[Cc]arts|vans|rubble|sofas|fridge|camper|tires|signal|post"
)
_WEEKLY = re.compile(r"week|Saturday|Friday|Monday|Sunday|collection|payday|month|holidays|rain|wind|market|summer")
"""Times that do not come round every day."""


def is_green(spot: Spot) -> bool:
    """Whether a spot is a park or square, by its kind or its name."""
    return spot.kind == "park" or (spot.kind == "corner" and " and " not in spot.name and _named_green(spot.name))


def invent_sentence(
    rng: np.random.Generator, category: str, spot: Spot, kind: PlaceKind, turn: int
) -> tuple[str, Frequency]:
    """A text and its frequency word. Consecutive turns at one spot take consecutive phrases, so they differ."""
    phrases = PHRASES[category]
    again, once = _fitting(phrases.again, spot), _fitting(phrases.once, spot)
    if kind is PlaceKind.HOME and phrases.home:
        sentence, frequency = phrases.home[turn % len(phrases.home)], _AGAIN[int(rng.integers(0, len(_AGAIN)))]
    elif once and (not again or rng.random() < 0.25):
        sentence, frequency = once[turn % len(once)], Frequency.ONCE
    else:
        sentence, frequency = again[turn % len(again)], _AGAIN[int(rng.integers(0, len(_AGAIN)))]
    where = _where(rng, category, spot, kind, sentence)
    when = phrases.times[int(rng.integers(0, len(phrases.times)))]
    if frequency is not Frequency.ONCE and _WEEKLY.search(when):
        frequency = _AGAIN[turn % 2]
    parts = [sentence.format(at=where, time=when)]
    if rng.random() < 0.85:
        parts.append(phrases.more[(turn + sum(map(ord, spot.name))) % len(phrases.more)])
    parts.append(ALSO[int(rng.integers(0, len(ALSO)))])
    return " ".join(part for part in parts if part), frequency


def _fitting(sentences: tuple[str, ...], spot: Spot) -> tuple[str, ...]:
    """The sentences that can be true of this kind of spot."""
    if spot.kind == "school":
        return tuple(each for each in sentences if not _NOT_AT_A_SCHOOL.search(each))
    unfit = _NOT_IN_A_PARK if is_green(spot) else _ONLY_IN_A_PARK
    return tuple(each for each in sentences if not unfit.search(each))


def _where(rng: np.random.Generator, category: str, spot: Spot, kind: PlaceKind, sentence: str) -> str:
    """The place phrase: never a place inside a place where the sentence names one already."""
    if kind is PlaceKind.HOME:
        ways: tuple[str, ...] = _HOMES
    elif spot.kind == "school":
        ways = _SCHOOL
    elif is_green(spot):
        ways = _PARK
    elif " and " not in spot.name:
        ways = _PLACE
    elif category == "road_safety":
        ways = _ROADS
    elif _NAMES_A_PLACE.search(sentence):
        ways = _CROSSING
    elif _MOVES_ON_WHEELS.search(sentence):
        ways = (*_CROSSING, *_ASIDE)
    else:
        ways = (*_CROSSING, *_ASIDE, *_ON_FOOT)
    return ways[int(rng.integers(0, len(ways)))].format(spot.name)


def _named_green(name: str) -> bool:
    return any(word in name for word in _GREEN) and not name.startswith("the ")

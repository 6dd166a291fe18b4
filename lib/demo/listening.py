"""How the demonstration shows that concerns are listened to: whom they go to, templates, splits, and residents'
word."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lib.rules.goals import ResidentsWord
from lib.rules.lifecycle import ConcernStatus

PARTNER_OF: Mapping[str, str] = {
    "road_safety": "Safe Routes Desk",
    "street_lighting": "City Lighting Desk",
    "young_people": "Lantern Youth House",
    "drugs_and_alcohol": "Rainwater Outreach",
    "noise": "Good Neighbours Mediation",
    "parks_and_trees": "Clean Blocks Crew",
    "waste_and_litter": "Clean Blocks Crew",
    "theft_and_break_ins": "Pioneer Square Business Circle",
}
"""Category to the partner that its concerns are passed on to."""

TEMPLATES: tuple[tuple[str, ConcernStatus | None, str], ...] = (
    (
        "We have read it",
        ConcernStatus.ACKNOWLEDGED,
        "Thank you, we have read this. One of us comes by within the week, and what we find will stand here.",
    ),
    (
        "Looking into it",
        ConcernStatus.INVESTIGATING,
        "We are looking into this on our next shifts, at the hours you named. You will read here what we saw.",
    ),
    (
        "On the next meeting's agenda",
        ConcernStatus.PLANNED,
        "Several of you raised this, so it stands on the agenda of the next beat meeting. Please come and say more.",
    ),
    (
        "Passed on",
        ConcernStatus.REFERRED,
        "This is not ours to solve, but we know who can. We have passed it on and named them here, with their number.",
    ),
    (
        "Done, tell us in four weeks",
        ConcernStatus.SOLVED,
        "This is done as far as we can see. In four weeks this page asks you whether it is: you know best.",
    ),
    (
        "Nothing we can do",
        ConcernStatus.NO_FURTHER_ACTION,
        "We have looked and there is nothing more that we can do, because",
    ),
)
"""Name, usual status and words."""


@dataclass(frozen=True)
class SplitPlan:
    """A concern of this beat and category tells of a second thing."""

    beat: str
    category: str
    part_category: str
    part: str


SPLITS = (
    SplitPlan(
        "K2",
        "noise",
        "waste_and_litter",
        "After these nights there is broken glass along the sidewalk until the sweeper comes on Tuesday.",
    ),
    SplitPlan(
        "E2",
        "street_lighting",
        "road_safety",
        "Cars park on the crosswalk there, so that nobody sees who steps out between them.",
    ),
)
SPLIT_WORDS = "You tell of two things that different people look after, so each has a story of its own now."
REOPENED_BEATS = ("K2", "E2")
"""Where two residents said that something solved is worse."""

_WORDS = tuple(ResidentsWord)
_SHARES = (0.42, 0.3, 0.21, 0.07)


def invent_word(rng: np.random.Generator, supports: int) -> tuple[ResidentsWord, ...]:
    """What those who follow one solved concern say: nobody for half of them, and never two times "worse", for that
    would have opened it again."""
    if rng.random() < 0.45:
        return ()
    number = min(supports + 1, 1 + int(rng.poisson(2.2)))
    said = [_WORDS[int(at)] for at in rng.choice(len(_WORDS), size=number, p=_SHARES)]
    first_worse = said.index(ResidentsWord.WORSE) if ResidentsWord.WORSE in said else -1
    return tuple(
        ResidentsWord.SAME if word is ResidentsWord.WORSE and at != first_worse else word
        for at, word in enumerate(said)
    )

"""Words of the demonstration that name somebody, and what its moderator decided. Everybody is invented."""

from collections.abc import Callable
from dataclasses import dataclass

from lib.demo.pictures import dark_lamp, full_bin
from lib.rules.moderation import PhotoState, Reason, TextState


@dataclass(frozen=True)
class DemoModerated:
    """Words for the newest unanswered concern of a category; `public` is what everybody reads in the end.

    `picture` draws its photo, which is in `photo_state`.
    """

    category: str
    original: str
    state: TextState = TextState.SHOWN
    public: str = ""
    reason: Reason | None = None
    picture: Callable[[], bytes] | None = None
    photo_state: PhotoState = PhotoState.HELD


MODERATED: tuple[DemoModerated, ...] = (
    DemoModerated(
        "drugs_and_alcohol",
        "Kevin Doyle from the second floor sells pills at the bus stop every evening, from a grey van, BXR 4471.",
        TextState.HELD,
    ),
    DemoModerated(
        "noise",
        "The parties at 4127 Rainier Ave go on until four. Call me at 206-555-0142 and you can hear it.",
        TextState.HELD,
    ),
    DemoModerated(
        "young_people",
        "La señora Quintero deja salir solos a sus hijos por la noche, y tiran piedras a los coches.",
        TextState.HELD,
    ),
    DemoModerated(
        "road_safety",
        "A white pickup, plate KVT 2209, runs the stop sign at the school every morning at eight.",
        TextState.REDACTED,
        "A white pickup, plate […], runs the stop sign at the school every morning at eight.",
        Reason.NAMES_A_PERSON,
    ),
    DemoModerated(
        "waste_and_litter",
        "Tyrone Bell is a pig and dumps his trash on the corner. Somebody should teach him a lesson.",
        TextState.WITHHELD,
        "",
        Reason.INSULTS_OR_THREATENS,
    ),
    DemoModerated(
        "street_lighting",
        "The lamp at the corner has been out for two weeks; people cross the street to walk under the next one.",
        picture=dark_lamp,
        photo_state=PhotoState.SHOWN,
    ),
    DemoModerated(
        "parks_and_trees",
        "The bin beside the bench runs over every weekend, and the crows do the rest.",
        picture=full_bin,
    ),
)

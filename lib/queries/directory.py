"""The directory as people search it: by need, for a beat; and what to suggest beside a concern."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from lib.queries.partners import ActivityRow, ServiceRow, activities, services
from lib.rules.need_search import (
    Fit,
    Offer,
    Search,
    both,
    is_general,
    nearest,
    needs_of_category,
    ranked,
    read_search,
)

MOST_SUGGESTED = 3

FEW = 2
"""Under so many services that fit, the number for any question is given too."""

Row = TypeVar("Row", ServiceRow, ActivityRow)


@dataclass(frozen=True)
class Found(Generic[Row]):
    """A service or an activity, and why it was found: None where nothing was searched or it only comes near."""

    row: Row
    fit: Fit | None = None


@dataclass(frozen=True)
class Directory:
    """`is_near`: nothing fits what was asked, so `services` are what comes nearest. `general`: the numbers for any
    question, given where nothing or little was found. `elsewhere`: activities of other beats, where this one has none
    that fits."""

    search: Search
    services: tuple[Found[ServiceRow], ...]
    activities: tuple[Found[ActivityRow], ...]
    elsewhere: tuple[Found[ActivityRow], ...] = ()
    general: tuple[ServiceRow, ...] = ()
    is_near: bool = False


def directory(*, beat_code: str | None = None, need: str = "") -> Directory:
    """What helps with a need, for the whole city and a beat (every beat without one). Two statements."""
    return directory_of(services(), activities(), beat_code=beat_code, need=need)


def directory_of(
    offered: Sequence[ServiceRow], joined: Sequence[ActivityRow], *, beat_code: str | None, need: str
) -> Directory:
    """The same out of rows that are at hand: the best first; where nothing is asked, everything in its order
    behind the numbers for any question.

    What somebody asks for is kept nowhere, in no cache either.
    """
    offered = tuple(row for row in offered if beat_code is None or row.beat in ("", beat_code))
    here = tuple(row for row in joined if beat_code is None or row.beat == beat_code)
    there = tuple(row for row in joined if beat_code is not None and row.beat != beat_code)
    search = read_search(need)
    general = tuple(row for row in offered if is_general(_service_offer(row)))
    if not need.strip() or search.asks_nothing:
        others = tuple(row for row in offered if row not in general)
        return Directory(search, _all((*general, *others)), _all(here))
    helping = _fitting(search, offered, _service_offer)
    joining = _fitting(search, here, _activity_offer)
    elsewhere = () if joining else _fitting(search, there, _activity_offer)[:MOST_SUGGESTED]
    if helping or joining or elsewhere:
        found = {each.row.id for each in helping}
        few = tuple(row for row in general if row.id not in found) if len(helping) < FEW else ()
        return Directory(search, helping, joining, elsewhere, few)
    near = nearest(need, [_service_offer(row) for row in offered])
    shown = tuple(Found(offered[at]) for at in near if offered[at] not in general)
    return Directory(search, shown, (), (), general, is_near=True)


def suggested_services(category_key: str, text: str, beat_code: str | None) -> tuple[Found[ServiceRow], ...]:
    """At most three services that go with a concern of this category and these words, the best first; none where
    nothing fits. One statement."""
    search = both(needs_of_category(category_key), read_search(text))
    return _fitting(search, services(beat_code=beat_code), _service_offer)[:MOST_SUGGESTED]


def _fitting(search: Search, rows: Sequence[Row], offer: Callable[[Row], Offer]) -> tuple[Found[Row], ...]:
    return tuple(Found(rows[at], fit) for at, fit in ranked(search, [offer(row) for row in rows]))


def _all(rows: Sequence[Row]) -> tuple[Found[Row], ...]:
    return tuple(Found(row) for row in rows)


def _service_offer(row: ServiceRow) -> Offer:
    return Offer(row.name, row.needs, f"{row.description} {row.partner}")


def _activity_offer(row: ActivityRow) -> Offer:
    return Offer(row.name, f"{row.needs}, {row.kind}", f"{row.description} {row.place}")

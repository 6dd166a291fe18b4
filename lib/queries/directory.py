"""The directory as people search it: by need, for a beat; and what to suggest beside a concern."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select

from lib.model import Activity, LogEntry, Service
from lib.queries.partners import ActivityRow, ServiceRow, activities, services
from lib.rules.need_index import OfferIndex
from lib.rules.need_search import Fit, Offer, Search, both, needs_of_category, read_search
from lib.storage.engine import engine
from lib.storage.transaction import reading

MOST_SUGGESTED = 3

NEARBY = 1.0
"""What it weighs that a service can be visited in the beat that was chosen: as much as a word of its description."""

CHANGED_BY = ("service", "activity", "partner", "import_run", "city")
"""Subjects of the log whose entries may change the directory."""

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


@dataclass(frozen=True)
class _Kept:
    """The directory of one version, ready to be searched."""

    version: tuple[int | None, ...]
    services: tuple[ServiceRow, ...]
    activities: tuple[ActivityRow, ...]
    service_index: OfferIndex
    activity_index: OfferIndex


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()
_preparing = Lock()


def directory(*, beat_code: str | None = None, need: str = "") -> Directory:
    """What helps with a need, for the whole city and a beat (every beat without one): the best first, before equals$
    what can be visited in the beat; where nothing is asked, all in its order behind the numbers for any question.

    What somebody asks for is kept nowhere, in no cache either. One statement; eight more when the directory has
    changed.
    """
    kept = _directory()
    offered = [at for at, row in enumerate(kept.services) if beat_code is None or row.beat in ("", beat_code)]
    here = [at for at, row in enumerate(kept.activities) if beat_code is None or row.beat == beat_code]
    there = [at for at, row in enumerate(kept.activities) if beat_code is not None and row.beat != beat_code]
    search = read_search(need)
    general = [at for at in offered if at in kept.service_index.general]
    if not need.strip() or search.asks_nothing:
        others = sorted(
            (at for at in offered if at not in kept.service_index.general),
            key=lambda at: beat_code not in kept.services[at].places,
        )
        return Directory(
            search,
            tuple(Found(kept.services[at]) for at in (*general, *others)),
            tuple(Found(kept.activities[at]) for at in here),
        )
    helping = _nearby_first(_fitting(kept.service_index, kept.services, search, offered), beat_code)
    joining = _fitting(kept.activity_index, kept.activities, search, here)
    elsewhere = () if joining else _fitting(kept.activity_index, kept.activities, search, there)[:MOST_SUGGESTED]
    if helping or joining or elsewhere:
        found = {each.row.id for each in helping}
        few = [at for at in general if kept.services[at].id not in found] if len(helping) < FEW else []
        return Directory(search, helping, joining, elsewhere, tuple(kept.services[at] for at in few))
    near = kept.service_index.nearest(need, offered)
    shown = tuple(Found(kept.services[at]) for at in near if at not in kept.service_index.general)
    return Directory(search, shown, (), (), tuple(kept.services[at] for at in general), is_near=True)


def held_together(found: Sequence[Found[ActivityRow]]) -> tuple[tuple[Found[ActivityRow], ...], ...]:
    """Activities in groups: what several beats hold in the same words, run by the same partner, is one for who looks at
    all of them. Groups stand where their first one stood. No statement."""
    groups: dict[tuple[str, ...], list[Found[ActivityRow]]] = {}
    for each in found:
        row = each.row
        groups.setdefault((row.kind, row.name, row.description, row.partner, row.phone), []).append(each)
    return tuple(tuple(group) for group in groups.values())


def suggested_services(category_key: str, text: str, beat_code: str | None) -> tuple[Found[ServiceRow], ...]:
    """At most three services that go with a concern of this category and these words, the best first; none where
    nothing fits. Statements as `directory`."""
    kept = _directory()
    search = both(needs_of_category(category_key), read_search(text))
    offered = [at for at, row in enumerate(kept.services) if beat_code is None or row.beat in ("", beat_code)]
    found = _nearby_first(_fitting(kept.service_index, kept.services, search, offered), beat_code)
    return found[:MOST_SUGGESTED]


def _directory() -> _Kept:
    """The directory as it stands now: read, and prepared for searching, once for each of its versions.

    Whatever changes it writes to the log; the counts notice rows that were stored without a word.
    """
    changed = select(func.max(LogEntry.id)).where(LogEntry.subject.in_(CHANGED_BY)).scalar_subquery()
    counts = [select(of(row)).scalar_subquery() for row in (Service.id, Activity.id) for of in (func.count, func.max)]
    with reading() as db:
        version = tuple(db.execute(select(changed, *counts)).one())
        kept = _kept.get(engine())
        if kept is not None and kept.version == version:
            return kept
        # One prepares it, the others wait: ten at once would take ten times as long.
        with _preparing:
            kept = _kept.get(engine())
            if kept is not None and kept.version == version:
                return kept
            offered, joined = services(), activities()
            kept = _Kept(
                version,
                offered,
                joined,
                OfferIndex([_service_offer(row) for row in offered]),
                OfferIndex([_activity_offer(row) for row in joined]),
            )
            _kept[engine()] = kept
    return kept


def _fitting(index: OfferIndex, rows: Sequence[Row], search: Search, among: Sequence[int]) -> tuple[Found[Row], ...]:
    return tuple(Found(rows[at], fit) for at, fit in index.ranked(search, among))


def _nearby_first(found: tuple[Found[ServiceRow], ...], beat_code: str | None) -> tuple[Found[ServiceRow], ...]:
    """What can be visited in the beat counts a little more."""

    def worth(each: Found[ServiceRow]) -> float:
        return (each.fit.score if each.fit else 0.0) + (NEARBY if beat_code in each.row.places else 0.0)

    return tuple(sorted(found, key=worth, reverse=True)) if beat_code else found


def _service_offer(row: ServiceRow) -> Offer:
    said = [each.name for each in row.translations]
    more = [each.description for each in row.translations]
    return Offer(" . ".join([row.name, *said]), row.needs, " . ".join([row.description, row.partner, *more]))


def _activity_offer(row: ActivityRow) -> Offer:
    said = [each.name for each in row.translations]
    more = [each.description for each in row.translations]
    return Offer(
        " . ".join([row.name, *said]), f"{row.needs}, {row.kind}", " . ".join([row.description, row.place, *more])
    )

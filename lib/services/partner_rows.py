"""Storing the partners and services of a file: what is new, what changed, what is gone. Inside the caller's
transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lib.importers.listing import Entry, Translation
from lib.model import Partner, Service, ServicePlace, ServiceText

LONGEST_SOURCE = 50
"""Characters: with the longest id behind it, it fits the column."""


@dataclass
class Changes:
    """What a file changes; `same` counts services that are stored as they stand in the file, `lines` where."""

    partners_added: int = 0
    partners_changed: int = 0
    added: int = 0
    changed: int = 0
    same: int = 0
    unlisted: int = 0
    kept_unlisted: int = 0
    lines: list[int] = field(default_factory=list)

    @property
    def any(self) -> bool:
        return bool(self.partners_added or self.partners_changed or self.added or self.changed or self.unlisted)


def store_services(
    db: Session,
    entries: Iterable[Entry],
    *,
    source: str,
    beats: Mapping[str, int],
    places: Mapping[str, frozenset[int]],
    ids: frozenset[str],
    inactive: frozenset[str],
    today: date,
    dry_run: bool = False,
) -> Changes:
    """Store the services of a file; `beats` gives the id of each code that they name, `places` the beats in which each
    of them, by its id in the file, can be visited.

    A service is known by source and id; a partner too, else by its name, so that one that was typed in is not doubled.
    The later day of a check counts. Services of this source that the file does not name any more, or says are no
    longer offered, are unlisted; one that is unlisted stays so until a coordinator lists it again. A dry run counts.
    """
    changes = Changes()
    mark = f"{source}/"
    by_id = {partner.external_id: partner for partner in db.scalars(select(Partner)) if partner.external_id}
    by_name = {partner.name.casefold(): partner for partner in db.scalars(select(Partner))}
    known = {
        service.external_id: service
        for service in db.scalars(select(Service).where(Service.external_id.startswith(mark, autoescape=True)))
    }
    stored = _Beside.of(db, [service.id for service in known.values()])
    for entry in entries:
        partner = _partner(db, entry, mark, by_id, by_name, changes, dry_run=dry_run)
        wished = _wished(entry, partner, beats)
        beside = (places.get(entry.id, frozenset()), frozenset(entry.translations))
        _service(db, entry, f"{mark}{entry.id}", wished, beside, known, stored, changes, today=today, dry_run=dry_run)
    gone = [
        service.id
        for key, service in known.items()
        if service.is_listed and (key.removeprefix(mark) not in ids or key.removeprefix(mark) in inactive)
    ]
    changes.unlisted = len(gone)
    if gone and not dry_run:
        db.execute(update(Service).where(Service.id.in_(gone)).values(is_listed=False))
    return changes


def _partner(
    db: Session,
    entry: Entry,
    mark: str,
    by_id: dict[str, Partner],
    by_name: dict[str, Partner],
    changes: Changes,
    *,
    dry_run: bool,
) -> Partner:
    key = f"{mark}{entry.partner_id}" if entry.partner_id else ""
    named = by_name.get(entry.partner.casefold())
    partner = by_id.get(key) or named
    # Without a phone of its own a partner is reached at the number of its first service.
    phone = entry.partner_phone or (entry.phones[0] if partner is None else "")
    wished = {"name": entry.partner, "phone": phone, "website": entry.website}
    if partner is None:
        partner = Partner(**wished, external_id=key)
        changes.partners_added += 1
        if not dry_run:
            db.add(partner)
            db.flush()
    else:
        if named is not None and named is not partner:
            # Another partner has this name already: names are unique, so this one keeps its own.
            wished["name"] = partner.name
        different = {name: value for name, value in wished.items() if value and getattr(partner, name) != value}
        if not partner.external_id and key:
            different["external_id"] = key
        if different:
            changes.partners_changed += 1
            if not dry_run:
                for name, value in different.items():
                    setattr(partner, name, value)
    if key:
        by_id[key] = partner
    by_name.setdefault(entry.partner.casefold(), partner)
    return partner


_Said = tuple[frozenset[int], frozenset[Translation]]
"""The beats in which a service can be visited, and its texts in other languages."""


@dataclass(frozen=True)
class _Beside:
    """What stands beside the stored services, by their id."""

    said: Mapping[int, _Said]

    @classmethod
    def of(cls, db: Session, service_ids: list[int]) -> Self:
        places: dict[int, set[int]] = {}
        for service_id, beat_id in db.execute(select(ServicePlace.service_id, ServicePlace.beat_id)):
            places.setdefault(service_id, set()).add(beat_id)
        texts: dict[int, set[Translation]] = {}
        for row in db.scalars(select(ServiceText)):
            said = Translation(row.language, row.name, row.description, row.hours)
            texts.setdefault(row.service_id, set()).add(said)
        return cls({at: (frozenset(places.get(at, ())), frozenset(texts.get(at, ()))) for at in service_ids})

    @staticmethod
    def store(db: Session, service_id: int, said: _Said, *, keep_texts: bool) -> None:
        db.execute(delete(ServicePlace).where(ServicePlace.service_id == service_id))
        db.add_all([ServicePlace(service_id=service_id, beat_id=beat_id) for beat_id in sorted(said[0])])
        if keep_texts:
            return
        db.execute(delete(ServiceText).where(ServiceText.service_id == service_id))
        db.add_all(
            ServiceText(
                service_id=service_id,
                language=each.language,
                name=each.name,
                description=each.description,
                hours=each.hours,
            )
            for each in said[1]
        )


def _wished(entry: Entry, partner: Partner, beats: Mapping[str, int]) -> dict[str, object]:
    phone = entry.phones[0]
    return {
        "partner_id": partner.id,
        "beat_id": beats.get(entry.beat),
        "name": entry.name,
        "description": entry.description,
        "needs": entry.needs,
        "hours": entry.hours,
        "languages": entry.languages,
        "language": entry.language,
        "phone": "" if phone == partner.phone else phone,
    }


def _service(
    db: Session,
    entry: Entry,
    key: str,
    wished: dict[str, object],
    beside: _Said,
    known: Mapping[str, Service],
    stored: _Beside,
    changes: Changes,
    *,
    today: date,
    dry_run: bool,
) -> None:
    service = known.get(key)
    if service is None:
        changes.added += 1
        if not dry_run:
            service = Service(**wished, checked_on=entry.checked_on or today, external_id=key)
            db.add(service)
            if any(beside):
                db.flush()
                stored.store(db, service.id, beside, keep_texts=False)
        return
    if entry.checked_on is not None and entry.checked_on > service.checked_on:
        wished["checked_on"] = entry.checked_on
    changes.kept_unlisted += not service.is_listed
    different = {name: value for name, value in wished.items() if getattr(service, name) != value}
    was = stored.said[service.id]
    # A file without translations leaves those that a coordinator wrote.
    keep_texts = not beside[1]
    is_elsewhere = beside[0] != was[0] or (not keep_texts and beside[1] != was[1])
    if not different and not is_elsewhere:
        changes.same += 1
        changes.lines.append(entry.line)
        return
    changes.changed += 1
    if not dry_run:
        for name, value in different.items():
            setattr(service, name, value)
        if is_elsewhere:
            stored.store(db, service.id, beside, keep_texts=keep_texts)

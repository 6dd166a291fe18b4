"""What recurs on a beat, from its public concerns."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from lib.model import Beat, Category, CategoryText, Concern
from lib.queries.personal import place_words
from lib.queries.places import city
from lib.queries.supports import supports_counted
from lib.rules.lifecycle import OPEN_CONCERN
from lib.rules.recurring import RaisedConcern, Recurring, recurring_places, recurring_themes
from lib.storage.transaction import reading

WINDOW_DAYS = 365


@dataclass(frozen=True)
class RecurringOnBeat:
    """The places and themes of a beat in the last so many days, out of how many concerns."""

    beat: str
    days: int
    concerns: int
    places: tuple[Recurring, ...]
    themes: tuple[Recurring, ...]

    def named(self, key: str) -> Recurring | None:
        """The place or theme with this key, None where it recurs no more."""
        return next((each for each in (*self.places, *self.themes) if each.key == key), None)


def recurring_on(beat_code: str, *, now: datetime, days: int = WINDOW_DAYS) -> RecurringOnBeat:
    """Places and themes among the public concerns of a beat that were raised in the last so many days; erased ones say
    neither day nor words and are left out. Four statements."""
    zone = ZoneInfo(city().time_zone)
    with reading() as db:
        rows = db.execute(
            select(
                Concern.uuid,
                Category.key,
                Concern.cell,
                Concern.text,
                Concern.status,
                Concern.reported_at,
                supports_counted().label("supports"),
            )
            .join(Category, Category.id == Concern.category_id)
            .join(Beat, Beat.id == Concern.beat_id)
            .where(
                Beat.code == beat_code,
                Category.is_public,
                Concern.erased_at.is_(None),
                Concern.reported_at >= now - timedelta(days=days),
            )
            .order_by(Concern.reported_at, Concern.id)
        ).all()
    raised = [
        RaisedConcern(
            uuid=row.uuid,
            category=row.key,
            cell=row.cell,
            text=row.text,
            raised_on=row.reported_at.astimezone(zone).date(),
            is_open=row.status in OPEN_CONCERN,
            supports=row.supports,
        )
        for row in rows
    ]
    themes = recurring_themes(raised, places=place_words(), favoured=_category_words())
    return RecurringOnBeat(beat_code, days, len(raised), recurring_places(raised), themes)


def _category_words() -> frozenset[str]:
    """The words of the public categories' names, in every language, in lower case."""
    with reading() as db:
        names = db.scalars(
            select(CategoryText.name).join(Category, Category.id == CategoryText.category_id).where(Category.is_public)
        ).all()
    return frozenset(word for name in names for word in re.findall(r"[^\W\d_]{4,}", name.lower()))

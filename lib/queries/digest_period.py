"""The time that a digest tells of."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Period:
    """`since` (not included) to `until` (included). Of what is dated by day, whole days: from `first` to the day before
    `end`, so that the next digest begins where this one ended, and nothing of today is told before today is over."""

    since: datetime
    until: datetime
    first: date
    end: date

    @classmethod
    def between(cls, since: datetime, until: datetime, zone: ZoneInfo) -> Self:
        return cls(since, until, since.astimezone(zone).date(), until.astimezone(zone).date())

    def __contains__(self, on: date | None) -> bool:
        """Whether a day, or an instant, lies in it; no day never does."""
        if isinstance(on, datetime):
            return self.since < on <= self.until
        return on is not None and self.first <= on < self.end

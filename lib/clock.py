"""The time, from one place. Services and doors ask here; `lib/rules` takes `now` or `today` as an argument."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def today(time_zone: str) -> date:
    """The calendar date at this instant in the city's time zone (an IANA name)."""
    return now().astimezone(ZoneInfo(time_zone)).date()

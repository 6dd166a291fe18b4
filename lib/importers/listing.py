"""One service of a directory's file, before and after it is cleaned."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Translation:
    """A service's texts in one language (ISO 639-1)."""

    language: str
    name: str
    description: str
    hours: str = ""


@dataclass(frozen=True)
class Entry:
    """`id` and `partner_id` are the file's own, "" without. `checked` is the day of the last check as it is written,
    `checked_on` as it was read. `beat`: the code of the only beat that it is for. `points`: where it can be visited, as
    (longitude, latitude) in WGS 84. `language`: in which it is written, "" where the file does not say so."""

    line: int
    partner: str = ""
    name: str = ""
    id: str = ""
    partner_id: str = ""
    description: str = ""
    needs: str = ""
    phones: tuple[str, ...] = ()
    partner_phone: str = ""
    website: str = ""
    hours: str = ""
    languages: str = ""
    beat: str = ""
    checked: str = ""
    checked_on: date | None = None
    is_active: bool = True
    points: tuple[tuple[float, float], ...] = ()
    language: str = ""
    translations: tuple[Translation, ...] = ()

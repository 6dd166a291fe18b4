"""The dates that cities write, into calendar dates and instants.

Read: ISO 8601 with or without time and offset ("2012-01-01T00:05:00.000", "2019/12/31 23:00:00+00"), months
("2014-08"), month first ("01/31/2020 11:05:00 PM") or day first ("31/01/2020 23:05"), "2024 Jan 31 11:05:00 PM",
"31-Jan-2020", "Jan 31, 2020", "20200131", and milliseconds since 1970 as ArcGIS answers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M:%S %p", " %I:%M %p", " %H:%M:%S.%f")
_OTHERS = tuple(
    day + time
    for day in ("%Y %b %d", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%b %d %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y")
    for time in _TIMES
)
_EARLIEST = np.datetime64("1900-01-01")


@dataclass(frozen=True)
class Moments:
    """One entry per row. `day` is NaT where `reason` says why; `at` is UTC, NaT where no time of day is known."""

    day: NDArray[np.datetime64]
    at: pd.Series
    is_month: NDArray[np.bool_]
    reason: NDArray[np.object_]
    notes: tuple[str, ...]


def read_dates(
    written: pd.Series, *, zone: str, times: pd.Series | None = None, month_first: bool | None = None
) -> Moments:
    """Dates of a column of text, and instants where it (or the column `times`) gives a time of day.

    Times without an offset are the clock of `zone` (an IANA name): an hour that the clock skips moves to the next one,
    an hour that comes twice is taken the first time. Dates with slashes are read month first or day first, whichever
    the column as a whole allows; if it allows both, month first, and a note says so, unless `month_first` decides.
    A column whose every time is midnight has no times, and midnight in UTC throughout is a calendar date, too.
    """
    codes, distinct = pd.factorize(written)
    text = pd.Series(np.asarray(distinct, dtype=object), dtype="str").str.strip()
    local, zoned, notes = _parsed(text, month_first)
    if zoned.notna().any() and (zoned.dropna() == zoned.dropna().dt.normalize()).all():
        local, zoned = local.where(zoned.isna(), zoned.dt.tz_localize(None)), zoned.where(zoned.isna())
    clock = local.where(zoned.isna(), zoned.dt.tz_convert(zone).dt.tz_localize(None))
    day = clock.to_numpy(dtype="datetime64[D]")
    is_timed = zoned.notna().to_numpy() | text.str.contains(":", regex=False).to_numpy(dtype=bool)
    is_month = text.str.fullmatch(r"\d{4}[-/]\d\d").to_numpy(dtype=bool) & ~np.isnat(day)
    reason = np.full(len(text), "", dtype=object)
    reason[np.isnat(day)] = [f"the date “{value[:40]}” cannot be read" for value in text[np.isnat(day)]]
    reason[(text == "").to_numpy(dtype=bool)] = "no date"
    early = ~np.isnat(day) & (day < _EARLIEST)
    reason[early] = "a date before 1900"
    day[early] = np.datetime64("NaT")

    day, is_month, is_timed, reason = day[codes], is_month[codes], is_timed[codes], reason[codes]
    clock, zoned = clock.iloc[codes].reset_index(drop=True), zoned.iloc[codes].reset_index(drop=True)
    if times is not None:
        clock, zoned = clock.dt.normalize() + _time_of_day(times.reset_index(drop=True)), zoned.where(zoned.isna())
        is_timed = clock.notna().to_numpy()
    return Moments(day, _instants(clock, zoned, np.isnat(day) | ~is_timed, zone), is_month, reason, notes)


def _parsed(text: pd.Series, month_first: bool | None) -> tuple[pd.Series, pd.Series, tuple[str, ...]]:
    """Wall-clock times, and instants for those that name an offset (UTC); NaT where none fits."""
    local = pd.Series(pd.NaT, index=text.index, dtype="datetime64[us]")
    zoned = pd.Series(pd.NaT, index=text.index, dtype="datetime64[us, UTC]")
    notes: tuple[str, ...] = ()

    iso = text.str.match(r"\d{4}-\d\d|\d{4}/\d\d/\d\d")
    offset = iso & (text.str.len() > 10) & text.str.contains(r"(?:Z|[+-]\d\d(?::?\d\d)?)$", regex=True)
    _fill(local, iso & ~offset, text, partial(_iso, utc=False))
    _fill(zoned, offset, text, partial(_iso, utc=True))
    if iso.all():
        return local, zoned, notes

    number = text.str.fullmatch(r"\d+")
    _fill(local, number & (text.str.len() == 8), text, partial(_strptime, form="%Y%m%d"))
    epoch = text.str.fullmatch(r"-?\d{11,13}")
    _fill(zoned, epoch, text, _epoch)

    slashed = text.str.match(r"\d\d?[/.-]\d\d?[/.-]\d\d")
    if slashed.any():
        first_is_month, note = _order(text[slashed], month_first)
        notes = (note,) if note else ()
        even = text.str.replace(r"[.-]", "/", n=2, regex=True)
        day = "%m/%d/" if first_is_month else "%d/%m/"
        years = ("%Y", "%y")
        for form in (day + year + time for year in years for time in _TIMES):
            _fill(local, slashed & local.isna(), even, partial(_strptime, form=form))
    for form in _OTHERS:
        rest = local.isna() & zoned.isna() & (text != "") & ~iso & ~slashed
        if not rest.any():
            break
        _fill(local, rest, text, partial(_strptime, form=form))
    return local, zoned, notes


def _fill(into: pd.Series, where: pd.Series, text: pd.Series, parse: Callable[[pd.Series], pd.Series]) -> None:
    """Write what `parse` makes of the chosen texts; a form that fits none of a sample is not tried on the rest."""
    chosen = text[where]
    if len(chosen) > 2000 and parse(chosen.iloc[:: len(chosen) // 200]).isna().all():
        return
    if len(chosen):
        into[where] = parse(chosen)


def _iso(text: pd.Series, *, utc: bool) -> pd.Series:
    even = text.str.replace("/", "-", regex=False) if text.str.contains("/", regex=False).any() else text
    return pd.to_datetime(even, format="ISO8601", utc=utc, errors="coerce").astype(
        "datetime64[us, UTC]" if utc else "datetime64[us]"
    )


def _epoch(text: pd.Series) -> pd.Series:
    return pd.to_datetime(text.astype("int64"), unit="ms", utc=True, errors="coerce").astype("datetime64[us, UTC]")


def _strptime(text: pd.Series, form: str) -> pd.Series:
    return pd.to_datetime(text, format=form, errors="coerce").astype("datetime64[us]")


def _order(text: pd.Series, month_first: bool | None) -> tuple[bool, str]:
    """Whether the first number is the month, and a remark where the column does not tell."""
    if month_first is not None:
        return month_first, ""
    parts = text.str.extract(r"^(\d+)[/.-](\d+)").astype("float64")
    first_over, second_over = int((parts[0] > 12).sum()), int((parts[1] > 12).sum())
    if first_over == second_over == 0:
        return True, f"Dates such as {text.iloc[0][:10]} were read month first; --day-first reads them the other way."
    return second_over >= first_over, ""


def _time_of_day(times: pd.Series) -> pd.Series:
    """The clock of "17:30:00", "5:30 PM" or "1730" as the time since midnight; NaT where there is none."""
    text = times.str.strip()
    digits = text.str.fullmatch(r"\d{1,4}")
    text = text.where(~digits, text.str.zfill(4).str.replace(r"(\d\d)(\d\d)", r"\1:\2", regex=True))
    found = pd.Series(pd.NaT, index=text.index, dtype="datetime64[us]")
    for form in ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%H:%M:%S.%f"):
        _fill(found, found.isna() & (text != ""), text, partial(_strptime, form=form))
    since: pd.Series = found - found.dt.normalize()
    return since


def _instants(clock: pd.Series, zoned: pd.Series, unknown: NDArray[np.bool_], zone: str) -> pd.Series:
    """UTC instants of wall-clock times; all NaT if every one is midnight."""
    given = clock.where(~unknown)
    if zoned.isna().all() and (given.dropna() == given.dropna().dt.normalize()).all():
        return pd.Series(pd.NaT, index=clock.index, dtype="datetime64[us, UTC]")
    local = given.dt.tz_localize(zone, ambiguous=np.ones(len(given), dtype=bool), nonexistent="shift_forward")
    instants: pd.Series = local.dt.tz_convert("UTC").where(zoned.isna(), zoned).where(~unknown)
    return instants.astype("datetime64[us, UTC]")

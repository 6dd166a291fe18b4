"""What the screens of the live display have in common: what a drawing needs, and its smallest pieces as HTML."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from html import escape
from zoneinfo import ZoneInfo

import segno

from lib.queries.counts import Turnout
from lib.queries.live import LiveLine, LiveSnapshot
from lib.queries.meetings import MeetingRow
from lib.queries.places import CityRow
from lib.queries.step_matter import StepMatter
from lib.rules.ballots import short_hash
from lib.rules.lifecycle import Electorate

Shares = Mapping[str, float]
"""Widths drawn last, by the bar's name, so that the next drawing can glide from there."""

ROWS_ON_A_PAGE = 12
SECONDS_A_PAGE = 12
"""A list too long for one screen is shown in pages that turn by themselves; all screens turn at the same moment."""

FEW_ROWS = 6
LONG_TITLE, VERY_LONG_TITLE = 40, 72


@dataclass(frozen=True)
class Evening:
    """What the room takes home: the titles adopted in any vote of the meeting, and when it meets again."""

    adopted: tuple[str, ...] = ()
    contested: int = 0
    next_meeting: MeetingRow | None = None


@dataclass(frozen=True)
class Drawing:
    """What one drawing needs beside the snapshot.

    `now` is the moment of drawing (the snapshot may be a second older). `trouble` is said at once, in place of the
    sentence that appears when drawings stop. `names_round`: the address asks for one round, so that it is shown even
    after its meeting. `repeated`: when an advisory vote is held again. `matter`: what the present step of the agenda is
    about.
    """

    city: CityRow
    now: datetime
    before: Shares = field(default_factory=dict)
    evening: Evening = field(default_factory=Evening)
    trouble: str = ""
    is_rehearsal: bool = False
    names_round: bool = False
    has_map: bool = True
    repeated: str = ""
    matter: StepMatter | None = None


def clock_of(instant: datetime, city: CityRow, *, seconds: bool = False) -> str:
    """The time of day in the city, 24 hours."""
    return instant.astimezone(ZoneInfo(city.time_zone)).strftime("%H:%M:%S" if seconds else "%H:%M")


def day_of(instant: datetime | date, city: CityRow) -> str:
    """A day as people say it, in the city's time zone.

    >>> day_of(date(2026, 12, 8), CityRow("", "UTC", "", (), False))
    'Tuesday 8 December'
    """
    day = instant.astimezone(ZoneInfo(city.time_zone)) if isinstance(instant, datetime) else instant
    return f"{day:%A} {day.day} {day:%B}"


def spoken(address: str) -> str:
    """An address as people type it: without the scheme."""
    return address.split("://", 1)[-1].rstrip("/")


@lru_cache(maxsize=16)
def qr_image(address: str) -> str:
    """The address as a QR code, as the source of an image."""
    return str(
        segno.make(address, error="m", micro=False).svg_data_uri(border=1, dark="#0E1F38", light="#fff", scale=8)
    )


def svg_image(svg: str) -> str:
    """An SVG text as the source of an image (an image runs no script and loads nothing)."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def share_of(turnout: Turnout) -> Fraction:
    """Ballots cast of passes issued, 0 to 1."""
    return Fraction(turnout.cast, turnout.issued) if turnout.issued else Fraction(0)


def width(share: Fraction | float) -> str:
    """A share (0 to 1) as a CSS width, never beyond its track."""
    return f"{min(max(float(share), 0.0), 1.0) * 100:.1f}%"


def tile(line: LiveLine) -> str:
    """The category's coloured tile with its icon; an empty place for a goal without a category."""
    if not line.candidate.icon:
        return '<span class="lv-tile"></span>'
    colour, glyph = escape(line.candidate.colour), escape(line.candidate.icon)
    return (
        f'<span class="lv-tile" style="background:{colour};--icon:url(/assets/icons/{glyph}.svg)"><span></span></span>'
    )


def key(is_turned: bool, words: str = "") -> str:
    """One side's key. Without `words` beside it, what it means is still there for readers who do not see it."""
    meaning = "Turned" if is_turned else "Not turned"
    hidden = "" if words.casefold() == meaning.casefold() else f'<span class="cb-hidden">{meaning}</span>'
    text = hidden + (f"<span>{escape(words)}</span>" if words else "")
    return f'<span class="lv-key{"" if is_turned else " is-not"}"><i aria-hidden="true"></i>{text}</span>'


def fingerprint(full: str) -> str:
    """The first 12 characters of a hash in groups of four, so that they can be read out."""
    return _in_fours(short_hash(full))


def whole_fingerprint(full: str) -> str:
    """All 64 characters of a hash in groups of four."""
    return _in_fours(full)


def dice(seed: str) -> str:
    """Rolled dice ("4-1-6") as faces, with the figures for readers who do not see them."""
    faces = "".join(f'<i class="lv-die is-{face}"></i>' for face in seed if face in "123456")
    return f'<span class="lv-dice" aria-hidden="true">{faces}</span>'


def turnout_meter(side: Electorate, turnout: Turnout, before: Shares, *, name: str = "lv-side") -> str:
    """How many of one side have voted, as figures with a bar that glides from its last width."""
    start = before.get(f"turnout {side.value}", 0.0)
    return (
        f'<div class="{name} is-{side.value}"><p><b>{turnout.cast:,} of {turnout.issued:,}</b>'
        f"<span>{side.value}</span></p>"
        f'<div class="lv-turn" style="--from:{width(start)};--to:{width(share_of(turnout))}"><i></i></div></div>'
    )


def sides_at_the_vote(snapshot: LiveSnapshot) -> tuple[Electorate, ...]:
    """The sides that hold passes; both before any are handed out."""
    holding = tuple(side for side in Electorate if snapshot.turnout[side].issued)
    return holding or tuple(Electorate)


def page_of(lines: Sequence[LiveLine], now: datetime, size: int = ROWS_ON_A_PAGE) -> tuple[tuple[LiveLine, ...], str]:
    """The lines on screen at this moment, and which of how many they are ("" where all are)."""
    if len(lines) <= size:
        return tuple(lines), ""
    first = int(now.timestamp() // SECONDS_A_PAGE) % -(-len(lines) // size) * size
    shown = tuple(lines[first : first + size])
    return shown, f"Goals {first + 1} to {first + len(shown)} of {len(lines)}"


def density(lines: tuple[LiveLine, ...]) -> str:
    """Classes for lists that would not fit at full size: many goals, or titles of many words."""
    longest = max((len(line.candidate.title) for line in lines), default=0)
    many = " many" if len(lines) > FEW_ROWS else ""
    return many + (" wordy" if longest > LONG_TITLE else "") + (" very" if longest > VERY_LONG_TITLE else "")


def _in_fours(text: str) -> str:
    groups = "".join(f"<span>{escape(text[at : at + 4])}</span>" for at in range(0, len(text), 4))
    return f'<code class="lv-code">{groups}</code>'

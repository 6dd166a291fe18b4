"""The pulse: how large a share feels safe, with n, interval and what may not be shown.

Fewer than 10 answers are hidden, fewer than 30 are shown with a warning. With volunteers the interval shows chance
only: it cannot say who did not answer.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from lib.rules.intervals import Interval, difference_interval, wilson_interval
from lib.rules.text import counted, percent

HIDDEN_BELOW = 10
WARNED_BELOW = 30

VOLUNTEERS = "Volunteer answers: the interval shows chance only."


@dataclass(frozen=True)
class Answered:
    """How many answered one question in one wave, of how many adults (None: not known), and whether as volunteers."""

    n: int
    adults: int | None
    volunteers: bool

    @property
    def is_hidden(self) -> bool:
        return self.n < HIDDEN_BELOW

    @property
    def is_warned(self) -> bool:
        return HIDDEN_BELOW <= self.n < WARNED_BELOW

    def in_words(self, figure: str, low: str, high: str, *, of: str) -> str:
        """A figure with its range and all that it has to be read with. `of`: what joins the range and whom it is of."""
        likely = f"likely {low} to {high} {of} {'all adults' if self.adults is not None else 'everybody'}"
        if self.volunteers:
            # They stand for nobody but themselves.
            likely = f"by chance {low} to {high}"
        parts = [f"{figure}; {likely}."]
        if self.is_warned:
            parts.append(f"Fewer than {WARNED_BELOW} answers: take it as a hint.")
        if self.volunteers:
            parts.append(VOLUNTEERS)
        return " ".join(parts)

    @property
    def why_hidden(self) -> str:
        return f"Not shown: {counted(self.n, 'answer')}, at least {HIDDEN_BELOW} are needed."


def one_population(before: Answered, after: Answered) -> int | None:
    """The adults for both waves' finite population correction: the larger figure, which corrects less; None where one
    is not known, or volunteers answered."""
    if before.adults is None or after.adults is None or before.volunteers or after.volunteers:
        return None
    return max(before.adults, after.adults)


@dataclass(frozen=True)
class PulseShare(Answered):
    """A share of the answers to one question in one wave. Share and interval are None while hidden."""

    positive: int | None
    share: Fraction | None
    interval: Interval | None

    @property
    def sentence(self) -> str:
        """The figure as it is read, always with n and interval.

        >>> print(pulse_share(33, 60, adults=2500).sentence.replace("\\N{NO-BREAK SPACE}", " "))
        55 % of 60 answers; likely 43 % to 67 % of all adults.
        """
        if self.share is None or self.interval is None:
            return self.why_hidden
        figure = f"{percent(self.share)} of {counted(self.n, 'answer')}"
        return self.in_words(figure, percent(self.interval.low), percent(self.interval.high), of="of")


class PulseChange(StrEnum):
    """What can be said of two waves."""

    MORE = "more"
    LESS = "less"
    NO_DETECTABLE_CHANGE = "no_detectable_change"
    NOT_SHOWN = "not_shown"


@dataclass(frozen=True)
class PulseComparison:
    """Two waves compared; `interval` is that of the difference of the shares, after minus before."""

    before: PulseShare
    after: PulseShare
    change: PulseChange
    interval: Interval | None
    sentence: str


def pulse_share(positive: int, n: int, *, adults: int | None = None, volunteers: bool = False) -> PulseShare:
    """The share of positive answers among the n people who answered the question, of `adults` living there.

    `adults` None leaves out the finite population correction; so do volunteers, who are no sample of the adults.
    """
    if n < HIDDEN_BELOW:
        return PulseShare(n, adults, volunteers, None, None, None)
    interval = wilson_interval(positive, n, None if volunteers else adults)
    return PulseShare(n, adults, volunteers, positive, Fraction(positive, n), interval)


def pulse_comparison(before: PulseShare, after: PulseShare) -> PulseComparison:
    """Whether a later wave differs from an earlier one by more than chance: zero lies outside the interval of the
    difference.

    >>> pulse_comparison(pulse_share(33, 60), pulse_share(45, 75)).change
    <PulseChange.NO_DETECTABLE_CHANGE: 'no_detectable_change'>
    """
    if before.positive is None or after.positive is None or before.share is None or after.share is None:
        sentence = f"Too few answers to compare: both waves need at least {HIDDEN_BELOW}."
        return PulseComparison(before, after, PulseChange.NOT_SHOWN, None, sentence)
    volunteers = before.volunteers or after.volunteers
    adults = one_population(before, after)
    interval = difference_interval((before.positive, before.n), (after.positive, after.n), adults)
    figures = (
        f"{percent(after.share)} of {counted(after.n, 'answer')}, "
        f"{percent(before.share)} of {counted(before.n, 'answer')} before"
    )
    if interval.includes(0):
        change, meaning = PulseChange.NO_DETECTABLE_CHANGE, "no detectable change"
    elif after.share > before.share:
        change, meaning = PulseChange.MORE, "more, and chance alone would rarely do that"
    else:
        change, meaning = PulseChange.LESS, "fewer, and chance alone would rarely do that"
    sentence = f"{figures}: {meaning}." + (f" {VOLUNTEERS}" if volunteers else "")
    return PulseComparison(before, after, change, interval, sentence)


def may_show_parts(sizes: Collection[int]) -> bool:
    """Whether the parts that add up to a figure shown beside them may be shown: only if each has answers enough.

    Where one part is too small all are hidden: the whole less the others would give it back.

    >>> may_show_parts([12, 48]), may_show_parts([9, 51]), may_show_parts([0, 60])
    (True, False, False)
    """
    return all(size >= HIDDEN_BELOW for size in sizes)


class WaveState(StrEnum):
    """Where a wave stands on a day of the city; computed, never stored."""

    EARLY = "early"
    OPEN = "open"
    CLOSED = "closed"


def wave_state(wave_on: date, closes_on: date, *, today: date) -> WaveState:
    """A wave is open from its first day to the end of its last.

    >>> wave_state(date(2026, 4, 1), date(2026, 4, 22), today=date(2026, 4, 22))
    <WaveState.OPEN: 'open'>
    """
    if today < wave_on:
        return WaveState.EARLY
    return WaveState.OPEN if today <= closes_on else WaveState.CLOSED

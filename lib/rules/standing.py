"""How a goal stands that is judged by the pulse: the share of people who feel safe after dark, wave by wave."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import inf

from lib.rules.evidence import Change, MeasureStanding, is_reached, share_of_the_way
from lib.rules.goals import Direction
from lib.rules.intervals import Interval
from lib.rules.mail_words import marked
from lib.rules.months import day_in_words
from lib.rules.pulse import PulseChange, PulseComparison, PulseShare, pulse_comparison
from lib.rules.text import percent
from lib.rules.told import Told, Value

NO_WAVE = marked("Too early to say: no wave of the pulse since %(day)s. Before: %(before)s felt safe.")
ONE_WAVE = marked(
    "%(share)s of %(number)s answers felt safe on %(day)s, %(before)s before; whether it is chance cannot be said."
)
VOLUNTEERS_SINCE = marked(
    "%(share)s of %(number)s answers felt safe on %(day)s, but volunteers answered, who stand for nobody but "
    "themselves: the goal is not judged by them."
)
VOLUNTEERS_BEFORE = marked(
    "%(share)s of %(number)s answers felt safe on %(day)s; before, volunteers answered, who stand for nobody but "
    "themselves: the two are not compared."
)
OTHER_WORDING = marked(
    "%(share)s of %(number)s answers felt safe on %(day)s, but not everybody was asked in the same words as before: "
    "two wordings are not compared."
)
WAVES_COMPARED = marked(
    "Feeling safe: %(after)s of %(answers)s answers, %(before)s of %(answers_before)s answers before: %(meaning)s."
)
MEANINGS = {
    PulseChange.MORE: marked("more, and chance alone would rarely do that"),
    PulseChange.LESS: marked("fewer, and chance alone would rarely do that"),
    PulseChange.NO_DETECTABLE_CHANGE: marked("no detectable change"),
}
"""What `MeasureStanding.told` says of a measure by the pulse."""

ALONE = "There is no area to compare with."


@dataclass(frozen=True)
class AskedWave:
    """One wave in a goal's beats: its share, and its wording's version, "" where its beats were asked in several."""

    asked_on: date
    share: PulseShare
    wording: str

    @property
    def is_comparable(self) -> bool:
        """Volunteers stand for nobody but themselves, and two wordings are two questions."""
        return not self.share.volunteers and self.wording != ""


def pulse_standing(
    waves: Sequence[AskedWave],
    *,
    baseline: Fraction,
    target: Fraction,
    direction: Direction,
    starts_on: date,
    due_on: date,
    today: date,
    source: str,
) -> MeasureStanding:
    """The last wave since the start against the last one before it, by the interval of their difference.

    Values are shares from 0 to 1. Waves that are hidden (under 10 answers) count as not there; without a wave from
    before, nothing is said about chance. Only random samples that were asked in the same words prove or reach anything.
    """
    shown = [wave for wave in waves if wave.share.share is not None and wave.asked_on <= today]
    since = [wave for wave in shown if wave.asked_on >= starts_on]
    earlier = [wave for wave in shown if wave.asked_on < starts_on]
    aim = f"at {'least' if direction == Direction.UP else 'most'} {percent(target)} by {day_in_words(due_on)}"
    if not since:
        finding = Told(NO_WAVE, {"day": starts_on, "before": percent(baseline)})
        ending = f"Target: {aim}. Source: {source}."
        return _standing(baseline, None, target, direction, change=Change.TOO_EARLY, told=(finding, (ending,)))
    base = base_wave(earlier)
    judged = [wave for wave in since if wave.is_comparable and (base is None or wave.wording == base.wording)]
    if not judged or (earlier and base is None):
        told = (_why_not(since[-1], earlier, base), (f"Target: {aim}. Source: {source}.",))
        return _standing(baseline, None, target, direction, change=Change.NOT_TESTED, told=told)
    after = judged[-1].share
    latest = after.share or Fraction(0)
    met = "reached" if is_reached(latest, target, direction) else "not reached yet"
    ending = f"Target: {aim}, {met}. Source: {source}."
    if base is None:
        finding = Told(ONE_WAVE, {**_figures(judged[-1]), "before": percent(baseline)})
        return _standing(baseline, latest, target, direction, change=Change.NOT_TESTED, told=(finding, (ending,)))
    comparison = pulse_comparison(base.share, after)
    better = PulseChange.MORE if direction == Direction.UP else PulseChange.LESS
    if comparison.change in (PulseChange.NO_DETECTABLE_CHANGE, PulseChange.NOT_SHOWN):
        change = Change.NO_DETECTABLE_CHANGE
    else:
        change = Change.MOVED if comparison.change is better else Change.WORSE
    finding = _compared_in_words(comparison)
    notes = tuple(_after_extreme([wave for wave in earlier if wave.is_comparable], direction))
    standing = _standing(baseline, latest, target, direction, change=change, told=(finding, (ALONE, *notes, ending)))
    return replace(standing, basis=ALONE, notes=notes)


def base_wave(earlier: Sequence[AskedWave]) -> AskedWave | None:
    """The last of these waves, oldest first, that later ones can be compared with; None where none can be."""
    return next((wave for wave in reversed(earlier) if wave.is_comparable), None)


def _after_extreme(earlier: Sequence[AskedWave], direction: Direction) -> Iterable[str]:
    """Whether the goal began after a wave that lay clearly on the bad side of the one before it."""
    if len(earlier) < 2 or earlier[-1].wording != earlier[-2].wording:
        return
    first, last = earlier[-2].share, earlier[-1].share
    where, extreme, turn, bad = (
        ("below", "a low point", "rise", PulseChange.LESS)
        if direction == Direction.UP
        else ("above", "a peak", "fall", PulseChange.MORE)
    )
    if pulse_comparison(first, last).change is bad:
        yield (
            f"The last wave before the goal lay clearly {where} the one before it: {percent(last.share or 0)}, against "
            f"{percent(first.share or 0)}. Part of a {turn} from {extreme} comes by itself."
        )


def _why_not(wave: AskedWave, earlier: Sequence[AskedWave], base: AskedWave | None) -> Told:
    """Why the last wave since the start says nothing about the goal."""
    if wave.share.volunteers:
        pattern = VOLUNTEERS_SINCE
    elif base is None and any(each.share.volunteers for each in earlier):
        pattern = VOLUNTEERS_BEFORE
    else:
        pattern = OTHER_WORDING
    return Told(pattern, _figures(wave))


def _figures(wave: AskedWave) -> dict[str, Value]:
    """The share of a wave that is shown, its answers (10 at least) and its day."""
    return {"share": percent(wave.share.share or Fraction(0)), "number": f"{wave.share.n:,}", "day": wave.asked_on}


def _compared_in_words(found: PulseComparison) -> Told:
    """A comparison of two random samples, both shown: what `PulseComparison.sentence` says."""
    return Told(
        WAVES_COMPARED,
        {
            "after": percent(found.after.share or Fraction(0)),
            "answers": f"{found.after.n:,}",
            "before": percent(found.before.share or Fraction(0)),
            "answers_before": f"{found.before.n:,}",
            "meaning": Told(MEANINGS[found.change], {}),
        },
    )


def _standing(
    baseline: Fraction,
    latest: Fraction | None,
    target: Fraction,
    direction: Direction,
    *,
    change: Change,
    told: tuple[Told, tuple[str, ...]],
) -> MeasureStanding:
    reached = latest is not None and is_reached(latest, target, direction)
    more = (change is Change.MOVED) == (direction == Direction.UP)
    headline = {
        Change.TOO_EARLY: "Too early to say",
        Change.NO_DETECTABLE_CHANGE: "No detectable change",
        Change.NOT_TESTED: "Target reached"
        if reached
        else "Target not reached yet"
        if latest is not None
        else "Not compared",
    }.get(change, "More feel safe" if more else "Fewer feel safe")
    return MeasureStanding(
        baseline=baseline,
        latest=latest,
        target=target,
        direction=direction,
        reached=reached,
        way=Fraction(0) if latest is None else share_of_the_way(baseline, latest, target),
        change=change,
        interval=None,
        headline=headline,
        finding=told[0].english,
        told=told[0],
        sentence=" ".join([told[0].english, *told[1]]),
    )


def ratio_in_words(interval: Interval) -> str:
    """The interval of a ratio after / before, as people read it.

    >>> print(ratio_in_words(Interval(0.45, 0.8)).replace("\\N{NO-BREAK SPACE}", " "))
    likely between 55 % and 20 % fewer
    >>> print(ratio_in_words(Interval(0.9, 1.25)).replace("\\N{NO-BREAK SPACE}", " "))
    likely between 10 % fewer and 25 % more
    """
    if interval.high == inf:
        return f"likely at least {_change(interval.low)}"
    low, high = _change(interval.low), _change(interval.high)
    if low.rsplit(" ", 1)[-1] == high.rsplit(" ", 1)[-1]:
        low = low.rsplit(" ", 1)[0]
    return f"likely between {low} and {high}"


def _change(ratio: float) -> str:
    return f"{percent(abs(Fraction(ratio) - 1))} {'fewer' if ratio < 1 else 'more'}"

"""Concerns in words: the sentence beside the map, headings, units and figures as people write them. No markup."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd

from lib.queries.places import BeatRow
from lib.rules.concerns import leading
from lib.rules.months import months_in_words
from lib.rules.text import NO_BREAK, counted, listed
from lib.ui import reads
from lib.ui.concerns_choice import COLOUR_LABELS, PERIOD_WORDS, Choice, Colour
from lib.ui.concerns_reads import BeatFigures


@dataclass(frozen=True)
class Told:
    """What the page says in a sentence: the part in bold, and the rest."""

    bold: str
    rest: str

    @property
    def plain(self) -> str:
        return f"{self.bold}{self.rest}"


def sentence(choice: Choice, beat: BeatRow | None, counts: pd.DataFrame, names: Mapping[str, str], today: date) -> Told:
    """How many concerns, what most are about, how long the oldest has waited for an answer. `counts`: of the place."""
    place = f"in {beat.label if beat else reads.city().name}"
    total = int(counts["concerns"].sum())
    about = f" about {small(names[choice.category])}" if choice.category else ""
    bold = f"{total:,} {'concern' if total == 1 else 'concerns'}" if total else "No concern"
    if choice.status in ("open", "closed"):
        bold = bold.replace("concern", f"{choice.status} concern", 1)
    elif choice.status != "all":
        about += f" with the status “{choice.status.replace('_', ' ')}”"
    rest = f"{about} {place} {PERIOD_WORDS[choice.period]}."
    most = (
        leading({str(key): int(number) for key, number in counts.groupby("category")["concerns"].sum().items()})
        if choice.category is None
        else ()
    )
    parts = [f"most are about {listed([small(names[key]) for key in most])}"] if most and total > 2 else []
    waiting = counts["waiting_since"].min() if total else None
    if waiting is not None and not pd.isna(waiting):
        days = max(0, (today - waiting.astimezone(ZoneInfo(reads.city().time_zone)).date()).days)
        one = "it" if total == 1 else "the oldest of these"
        parts.append(
            f"{one} has waited {counted(days, 'day').replace(' ', NO_BREAK)} for an answer"
            if days
            else f"{one} came in today"
        )
    elif total and choice.status == "open":
        parts.append("it has an answer" if total == 1 else "all have an answer")
    joined = "; ".join(parts)
    return Told(bold, f"{rest} {joined[:1].upper()}{joined[1:]}." if joined else rest)


def figure_of(figures: BeatFigures, colour: Colour) -> float | None:
    """The figure that the colour of a beat stands for."""
    return {
        Colour.CONCERNS: figures.concerns_a_month,
        Colour.CONCERNS_PER_ADULTS: figures.concerns_per_adults,
        Colour.INCIDENTS: figures.incidents_a_month,
        Colour.INCIDENTS_PER_ADULTS: figures.incidents_per_adults,
    }[colour]


def written(figure: float | None) -> str | None:
    """A rate with as many places as it bears; None stays None.

    >>> [written(figure) for figure in (None, 0.0, 0.044, 0.999, 3.21, 12.34, 1250.4)]
    [None, '0', '0.04', '1.0', '3.2', '12', '1,250']
    """
    if not figure:
        return None if figure is None else "0"
    return f"{figure:,.{2 if figure < 0.995 else 1 if figure < 9.95 else 0}f}"


def colour_words(choice: Choice) -> str:
    label = COLOUR_LABELS[choice.colour]
    if choice.colour.counts_incidents:
        return f"{label}{f' ({choice.kind})' if choice.kind else ''}"
    return label if choice.status == "all" else f"{status_heading(choice)} {small(label)}"


def concerns_words(choice: Choice) -> str:
    return "Concerns" if choice.status == "all" else f"{status_heading(choice)} concerns"


def months_words(choice: Choice, months: Sequence[date]) -> str:
    if not choice.colour.counts_incidents:
        return ""
    return f", {months_in_words(months)}" if months else ": none was imported yet"


def status_heading(choice: Choice) -> str:
    return "All" if choice.status == "all" else choice.status.replace("_", " ").capitalize()


def small(name: str) -> str:
    return name[:1].lower() + name[1:]

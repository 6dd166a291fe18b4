"""What somebody chose to see of the concerns: kept in the address bar, so that a link shows the same to everybody."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

import streamlit as st

from lib.queries.places import BeatRow, CategoryRow
from lib.rules.concerns import PERIODS, STATUS_CHOICES, status_words
from lib.rules.text import listed
from lib.ui.session import BEAT, choose_beat

PAGE = "/concerns"

EVERY = ""
"""Stands for "all" in a select box."""


class Colour(StrEnum):
    """What the colour of a beat shows, always by month."""

    CONCERNS = "concerns"
    CONCERNS_PER_ADULTS = "concerns_per_1000_adults"
    INCIDENTS = "incidents"
    INCIDENTS_PER_ADULTS = "incidents_per_1000_adults"

    @property
    def counts_incidents(self) -> bool:
        return self in (Colour.INCIDENTS, Colour.INCIDENTS_PER_ADULTS)

    @property
    def per_adults(self) -> bool:
        return self in (Colour.CONCERNS_PER_ADULTS, Colour.INCIDENTS_PER_ADULTS)


class Shown(StrEnum):
    """How single concerns are drawn."""

    POINTS = "points"
    HEXAGONS = "hexagons"


PERIOD_LABELS = {"30": "Last 30 days", "90": "Last 90 days", "365": "Last 12 months", "all": "Since the beginning"}
PERIOD_WORDS = {
    "30": "in the last 30 days",
    "90": "in the last 90 days",
    "365": "in the last 12 months",
    "all": "since the beginning",
}
COLOUR_LABELS = {
    Colour.CONCERNS: "Concerns a month",
    Colour.CONCERNS_PER_ADULTS: "Concerns a month per 1,000 adults",
    Colour.INCIDENTS: "Recorded incidents a month",
    Colour.INCIDENTS_PER_ADULTS: "Recorded incidents a month per 1,000 adults",
}
SHOWN_LABELS = {Shown.POINTS: "Points", Shown.HEXAGONS: "Hexagons"}

CATEGORY, DAYS, STATUS, COLOUR, SHOWN, KIND = "category", "days", "status", "colour", "as", "kind"
"""Names in the address bar; the beat's is the same on every page."""


@dataclass(frozen=True)
class Choice:
    """Category key and kind of incident None for all; `period` and `status` as in `lib/rules/concerns.py`."""

    category: str | None = None
    period: str = "90"
    status: str = "open"
    colour: Colour = Colour.CONCERNS
    shown: Shown = Shown.POINTS
    kind: str | None = None


def choice_in_address(
    beats: Collection[BeatRow], categories: Collection[CategoryRow], kinds: Collection[str]
) -> tuple[Choice, tuple[str, ...]]:
    """What the address asks for, and the names of what it asks for in vain: those are taken as not asked."""
    keys = {category.key for category in categories if category.is_public}
    known: dict[str, tuple[str, Collection[str]]] = {
        CATEGORY: (EVERY, keys),
        DAYS: ("90", PERIODS),
        STATUS: ("open", STATUS_CHOICES),
        COLOUR: (Colour.CONCERNS, set(Colour)),
        SHOWN: (Shown.POINTS, set(Shown)),
        KIND: (EVERY, kinds),
    }
    asked = {name: st.query_params.get(name, "") for name in known}
    ignored = [name for name, word in asked.items() if word and word not in known[name][1]]
    if st.query_params.get(BEAT) and st.query_params[BEAT] not in {beat.code for beat in beats}:
        ignored.insert(0, BEAT)
    taken = {name: known[name][0] if name in ignored or not word else word for name, word in asked.items()}
    choice = Choice(
        category=taken[CATEGORY] or None,
        period=taken[DAYS],
        status=taken[STATUS],
        colour=Colour(taken[COLOUR]),
        shown=Shown(taken[SHOWN]),
        kind=taken[KIND] or None,
    )
    return choice, tuple(ignored)


def address_of(choice: Choice, beat_code: str | None) -> str:
    """The page's address that shows this choice; what is usual is not written.

    >>> address_of(Choice(category="noise", period="365"), "K2"), address_of(Choice(), None)
    ('/concerns?beat=K2&category=noise&days=365', '/concerns')
    """
    usual = Choice()
    written = {
        BEAT: (beat_code, None),
        CATEGORY: (choice.category, usual.category),
        DAYS: (choice.period, usual.period),
        STATUS: (choice.status, usual.status),
        COLOUR: (choice.colour.value, usual.colour.value),
        SHOWN: (choice.shown.value, usual.shown.value),
        KIND: (choice.kind, usual.kind),
    }
    params = {name: chosen for name, (chosen, default) in written.items() if chosen and chosen != default}
    return PAGE + (f"?{urlencode(params)}" if params else "")


def ignored_sentence(ignored: Sequence[str]) -> str:
    """What to say of a link that asks for what there is not."""
    said = {DAYS: "period", SHOWN: "way of drawing", KIND: "kind of incident"}
    return (
        f"This link asks for a {listed([said.get(name, name) for name in ignored])} that there is not here. "
        "The page shows what it would without; choose again below."
    )


def main_filters(choice: Choice, beat: BeatRow | None, beats: Sequence[BeatRow], names: Mapping[str, str]) -> None:
    """Beat, category, period and status."""
    with st.container(key="concerns_filters", horizontal=True):
        codes = {EVERY: "All beats", **{each.code: each.label for each in beats}}
        _select("Beat", BEAT, codes, beat.code if beat else EVERY)
        _select("Category", CATEGORY, {EVERY: "All categories", **names}, choice.category or EVERY)
        _select("Period", DAYS, PERIOD_LABELS, choice.period)
        _select("Status", STATUS, {each: status_words(each) for each in STATUS_CHOICES}, choice.status)


def map_filters(choice: Choice, kinds: Sequence[str]) -> None:
    """How concerns are drawn, and what the colour of the beats shows."""
    with st.container(key="concerns_drawing", horizontal=True, vertical_alignment="bottom"):
        key = _key(SHOWN)
        st.session_state[key] = choice.shown
        st.segmented_control(
            "Concerns as",
            list(Shown),
            format_func=lambda shown: SHOWN_LABELS[Shown(shown)],
            key=key,
            required=True,
            on_change=_note,
            args=(SHOWN, Shown.POINTS),
        )
        if choice.shown is Shown.POINTS:
            labels = {colour.value: label for colour, label in COLOUR_LABELS.items()}
            _select("Colour of a beat", COLOUR, labels, choice.colour)
            if choice.colour.counts_incidents:
                _select(
                    "Kind of incident",
                    KIND,
                    {EVERY: "All kinds", **{kind: kind for kind in kinds}},
                    choice.kind or EVERY,
                )


def _select(label: str, name: str, options: Mapping[str, str], chosen: str) -> None:
    key = _key(name)
    st.session_state[key] = str(chosen)
    default = str(getattr(Choice(), {DAYS: "period"}.get(name, name), EVERY) or EVERY)
    st.selectbox(label, list(options), format_func=options.__getitem__, key=key, on_change=_note, args=(name, default))


def _note(name: str, default: str) -> None:
    """A changed widget changes the address; what is usual is not written there."""
    chosen = st.session_state[_key(name)]
    if name == BEAT:
        choose_beat(chosen or None)
    elif chosen and chosen != default:
        st.query_params[name] = str(chosen)
    elif name in st.query_params:
        del st.query_params[name]


def _key(name: str) -> str:
    return f"concerns_{name}"

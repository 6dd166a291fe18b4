"""What recurs on a beat: places and themes with their numbers, the concerns behind each, and the way to a goal."""

from html import escape

import streamlit as st

from lib.queries.recurring import RecurringOnBeat
from lib.rules.months import day_in_words
from lib.rules.recurring import FEWEST, FEWEST_DAYS, REACH_M, Recurring, RecurringKind
from lib.rules.rights import Right
from lib.rules.text import clipped, counted, listed
from lib.ui import pressure_reads, reads
from lib.ui.desk_parts import for_holders
from lib.ui.links import page_link
from lib.ui.parts import card, category_tile, empty_state, meta, plain
from lib.ui.session import BEAT

GROW = "grow"
"""Name in an address of the place or theme that a goal is to grow out of."""

LISTED = 40
HOW = (
    f"A place: at least {FEWEST} concerns of one category within {REACH_M} metres of each other, in cells of the public "
    f"map. A theme: words that at least {FEWEST} open concerns share. Both over at least {FEWEST_DAYS} days."
)


@st.fragment
@for_holders(Right.ANSWER_CONCERN)
def recurring_part() -> None:
    """What recurs on the beat in the address; asked for, because it reads a year of concerns."""
    st.header("What recurs", anchor=False)
    code = st.query_params.get(BEAT) or st.session_state.get("desk_only_beat", "")
    if not code:
        st.text("Choose one beat to see which places and themes come back on it.")
        return
    if not st.toggle("Look for places and themes that come back", key="recurring_on"):
        return
    found = pressure_reads.recurring_on(code)
    if not (found.places or found.themes):
        empty_state(
            "Nothing comes back here",
            f"{counted(found.concerns, 'concern')} in {found.days} days, each a thing of its own.",
        )
        return
    st.html(meta(f"{counted(found.concerns, 'concern')} in {found.days} days. {HOW}"))
    for heading, group in (("Places", found.places), ("Themes", found.themes)):
        if group:
            st.subheader(heading, anchor=False)
            for each in group:
                _recurring(each, found)


def name_of(found: Recurring) -> str:
    """A place or theme in words; plain text."""
    names = {category.key: category.name for category in reads.categories()}
    if found.kind is RecurringKind.THEME:
        return f"“{found.words[0]}”"
    said = f": {listed([f'“{word}”' for word in found.words])}" if found.words else ""
    return f"{names.get(found.category, found.category)} at one place{said}"


def _recurring(found: Recurring, on_beat: RecurringOnBeat) -> None:
    with card(f"recurs_{found.key.replace(' ', '_')}", height="content"):
        tiles = {category.key: category_tile(category.icon, category.colour) for category in reads.categories()}
        st.html(
            f'<div class="cn-head">{tiles.get(found.category, "")}<b>{escape(name_of(found))}</b></div>'
            f"<p>{escape(found.numbers)} {escape(found.where)}</p>"
        )
        page_link("Make this a goal", "goals", icon=":material/flag:", **{BEAT: on_beat.beat, GROW: found.key})
        with st.expander(plain(f"The {counted(len(found.concerns), 'concern')} behind it"), icon=":material/list:"):
            items = "".join(
                f"<li>{escape(day_in_words(each.raised_on))}: "
                f"{escape(clipped(' '.join(each.text.split()), 160) or 'its words are not public')}</li>"
                for each in reversed(found.concerns[-LISTED:])
            )
            rest = len(found.concerns) - LISTED
            st.html(f"<ul>{items}</ul>" + (meta(f"{rest:,} older ones are not listed.") if rest > 0 else ""))

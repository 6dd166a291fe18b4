"""Concerns: what residents raised, on the map, in a sentence, in tables and in their own words."""

from pathlib import Path

import streamlit as st

from lib.ui import concerns_parts as parts
from lib.ui import concerns_reads, reads
from lib.ui.concerns_choice import choice_in_address, ignored_sentence, main_filters, map_filters
from lib.ui.links import page_link
from lib.ui.parts import empty_state, icon, plain
from lib.ui.session import chosen_beat

STEP = 12

st.html(Path(parts.__file__).with_name("concerns.css"))
today, beats, categories, beat = reads.today(), reads.beats(), reads.categories(), chosen_beat()
names = {category.key: category.name for category in categories if category.is_public}
kinds = [
    each.category for each in concerns_reads.incidents_by_category(None, concerns_reads.recorded_months("all", today))
]
choice, ignored = choice_in_address(beats, categories, kinds)

with st.container(key="concerns_top", horizontal=True, vertical_alignment="center"):
    st.title(plain(f"Concerns in {beat.label}" if beat else "Concerns"), anchor=False, width="stretch")
    with st.container(key="raise_action", width="content"):
        page_link(
            "Raise a concern", "raise", icon=":material/add_location_alt:", **({"beat": beat.code} if beat else {})
        )
if ignored:
    st.info(ignored_sentence(ignored), icon=":material/link_off:")
main_filters(choice, beat, beats, names)

asked = concerns_reads.Asked(choice.category, choice.period, choice.status, today)
counts = concerns_reads.counts(asked)
here = counts if beat is None else counts[counts["beat"] == beat.code]
total = int(here["concerns"].sum())
figures = concerns_reads.beat_figures(asked, choice.kind)
months = concerns_reads.recorded_months(choice.period, today)
told = parts.sentence(choice, beat, here, names, today)

left, right = st.columns([1.75, 1], gap="medium")
with left:
    parts.sentence_markup(told, "above")
    located = concerns_reads.located(asked)
    parts.map_part(choice, beat, figures=figures, located=located, told=told, months=months, today=today)
    map_filters(choice, kinds)
with right:
    parts.sentence_markup(told, "beside")
    if total:
        st.html(parts.category_table(here, categories, choice, told.plain))
        grown = concerns_reads.goals_grown(asked, beat.code if beat else None)
        if grown:
            st.html(parts.goals_note(grown, names))
        st.html(
            f'<p class="cn-jumps"><a href="#read-all" target="_self">{icon("list")} Read all {total:,}</a>'
            f'<a href="#compare-beats" target="_self">{icon("table_chart")} Compare beats</a></p>'
        )
    else:
        empty_state("Nothing here", "Choose a longer period or another status, or raise what you see.")

if total:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("In residents’ own words", anchor="read-all", width="stretch")
        st.download_button(
            "Download (CSV)",
            lambda: concerns_reads.download(asked, beat.code if beat else None),
            file_name="concerns.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
    limit = st.session_state.setdefault("concerns_shown", STEP)
    rows = concerns_reads.listed(asked, beat.code if beat else None, limit)
    st.html(parts.concern_items(rows, categories, parts.address_here()))
    if total > limit:
        st.button(
            f"Show more ({total - limit:,} left)",
            on_click=lambda: st.session_state.update(concerns_shown=limit + 4 * STEP),
        )
if beats:
    st.header("Beats side by side", anchor="compare-beats")
    st.html(parts.beats_table(figures, beat, choice, months))

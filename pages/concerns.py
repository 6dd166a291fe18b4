"""Concerns: what residents raised, on the map, in a sentence, in tables and in their own words."""

from pathlib import Path

import streamlit as st

from lib.ui import concerns_parts as parts
from lib.ui import concerns_reads, maps, reads
from lib.ui.clock_parts import beats_clock_table, clock_part, outcome_part
from lib.ui.concerns_choice import address_of, choice_in_address, ignored_sentence, main_filters, map_filters
from lib.ui.concerns_picture import map_part, picture
from lib.ui.links import feed_link, page_link
from lib.ui.parts import empty_state, plain
from lib.ui.pressures_parts import pressures_part
from lib.ui.session import chosen_beat

st.html(Path(parts.__file__).with_name("concerns.css"))
today, beats, categories, beat = reads.today(), reads.beats(), reads.categories(), chosen_beat()
names = {category.key: category.name for category in categories if category.is_public}
kinds = concerns_reads.incident_kinds(today)
choice, ignored = choice_in_address(beats, categories, kinds)
code = beat.code if beat else None

with st.container(key="concerns_top", horizontal=True, vertical_alignment="center"):
    st.title(plain(f"Concerns in {beat.label}" if beat else "Concerns"), anchor=False, width="stretch")
    with st.container(key="raise_action", width="content"):
        page_link("Raise a concern", "raise", icon=":material/add_location_alt:", **({"beat": code} if code else {}))
if ignored:
    st.info(ignored_sentence(ignored), icon=":material/link_off:")
main_filters(choice, beat, beats, names)

shown = picture(choice, code, today, maps.is_phone())
left, right = st.columns([1.75, 1], gap="medium")
with left:
    parts.sentence_markup(shown.told, "above")
    map_part(shown)
    map_filters(choice, kinds)
with right:
    parts.sentence_markup(shown.told, "beside")
    if shown.total:
        st.html(shown.categories)
        if shown.goals:
            st.html(shown.goals)
        st.html(parts.jumps(shown.total))
    else:
        empty_state("Nothing here", "Choose a longer period or another status, or raise what you see.")

if shown.total:
    parts.own_words(
        concerns_reads.Asked(choice.category, choice.period, choice.status, today),
        code,
        total=shown.total,
        back=address_of(choice, code),
    )
if beat:
    answered, ended = st.columns(2, gap="large")
    with answered:
        clock_part([beat.code], beat.label)
    with ended:
        outcome_part([beat.code], beat.label)
    pressures_part([beat.code], beat.label, heading="The pressures officers deal with")
if beats:
    st.header("Beats side by side", anchor="compare-beats")
    st.html(shown.beats)
    with st.expander("First answers and how concerns ended, by beat", icon=":material/timer:"):
        st.html(beats_clock_table(beats))
if code:
    feed_link(code)

"""Home: my beat at a glance. What we agreed and how it stands, how safe people feel, what is next, who to meet."""

import streamlit as st

from lib.queries.goals import AGREED
from lib.ui import goals_reads, home_compared, home_maps, home_parts, reads, voting_reads
from lib.ui.goals_parts import dress
from lib.ui.links import page_link
from lib.ui.parts import card, empty_state, plain
from lib.ui.session import chosen_beat

dress()
city, beat, today = reads.city(), chosen_beat(), reads.today()
with st.container(key="home_top", horizontal=True, vertical_alignment="center"):
    with st.container(width="stretch", gap=None):
        st.title(plain(f"Beat {beat.code} · {beat.name}" if beat else city.name), anchor=False)
        st.html(f'<p class="cb-sub">{home_parts.WHAT_THIS_IS}</p>')
    if reads.beats():
        with st.container(key="home_choice", width=300):
            home_parts.beat_choice(beat)
    with st.container(key="raise_action", width="content"):
        page_link("Raise a concern", "raise", icon=":material/add_comment:", **({"beat": beat.code} if beat else {}))

if not reads.beats():
    empty_state(
        "This city has no beats yet",
        "The coordinator imports them from the city's own file: python -m lib import beats FILE.",
    )
elif beat is None:
    compared = goals_reads.beats_compared(today)
    left, right = st.columns([1, 2.2], gap="small")
    with left:
        with card("city_map", height="content"):
            home_maps.city_map_part(compared, today)
        with card("meeting", height="content"):
            home_parts.meeting_part(goals_reads.next_meeting(None), city, names_beats=True)
    with right, card("city_beats"):
        st.header("Beats side by side", anchor=False)
        st.html(home_compared.compared_table(compared))
else:
    goals = goals_reads.goal_cards(beat.code, tuple(sorted(AGREED)), today)
    home_parts.agreed_goals(goals, beat, voting_reads.since((beat.code,)), city)
    pulse, meeting, officers, on_the_map = st.columns([1.2, 1.15, 1.26, 0.72], gap="small")
    with pulse, card("pulse"):
        home_parts.pulse_part(goals_reads.pulse_waves(beat.code, today), beat)
    with meeting, card("meeting"):
        home_parts.meeting_part(goals_reads.next_meeting(beat.code), city)
    with officers, card("officers"):
        home_parts.officers_part(goals_reads.officers(beat.code, today), city)
    with on_the_map, card("map"):
        home_maps.map_part(beat, goals, today)

"""Help and services: whom to call, and what to join. Phone numbers first."""

import streamlit as st

from lib.ui import goals_reads, home_parts, reads
from lib.ui.goals_parts import dress
from lib.ui.parts import page_title
from lib.ui.services_parts import activities_list, emergency_line, services_list
from lib.ui.session import chosen_beat

dress()
city, beat = reads.city(), chosen_beat()
page_title("Help and services", "Whom to call, and something to join")
emergency_line(city)
where, what = st.columns([1, 2], gap="small", vertical_alignment="bottom")
with where:
    home_parts.beat_choice(beat, every_beat="Every beat")
with what:
    searched = st.text_input(
        "What do you need?", key="services_words", max_chars=100, placeholder="my neighbour drinks, a bed for tonight"
    )
code = beat.code if beat else None
helping, joining = st.columns([2, 1], gap="small")
with helping:
    services_list(goals_reads.services(code, searched), searched)
with joining:
    activities_list(goals_reads.activities(code, searched), searched, city)

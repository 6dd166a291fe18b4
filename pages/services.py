"""Help and services: whom to call, what to join, and what partners have promised. Phone numbers first."""

import streamlit as st

from lib.queries.directory import directory
from lib.rules.need_search import LONGEST_SEARCH, asks_about_violence
from lib.ui import goals_reads, home_parts, reads, services_reads
from lib.ui.goals_parts import dress
from lib.ui.leaving import leave_control
from lib.ui.parts import page_title
from lib.ui.services_parts import activities_list, emergency_line, partners_list, services_list
from lib.ui.session import chosen_beat

dress()
city, beat = reads.city(), chosen_beat()
page_title("Help and services", "Whom to call, and something to join")
emergency_line(city)
st.html('<p class="cb-meta">On a phone the <a href="/help" target="_self">plain page</a> is lighter.</p>')
where, what = st.columns([1, 2], gap="small", vertical_alignment="bottom")
with where:
    home_parts.beat_choice(beat, every_beat="Every beat")
with what:
    need = st.text_input(
        "What do you need?",
        st.query_params.get("need", ""),
        key="services_words",
        max_chars=LONGEST_SEARCH,
        placeholder="my neighbour drinks, something for a 14-year-old, mi vecino bebe",
    )
found = directory(beat_code=beat.code if beat else None, need=need)
if asks_about_violence(need, found.search):
    leave_control()
helping, joining = st.columns([2, 1], gap="small")
with helping:
    services_list(found, need, reads.today())
with joining:
    activities_list(found, need, city, reads.today())
partners_list(goals_reads.all_partners(), services_reads.promises(), reads.today())

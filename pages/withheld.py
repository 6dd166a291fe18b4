"""What was kept back: redacted or withheld words and photos of concerns, with the reason and without the words."""

import streamlit as st

from lib.ui.links import page_link
from lib.ui.parts import page_title
from lib.ui.withheld_parts import withheld_part

page_title("What was kept back", "Moderators protect people. Here everybody sees how often, and why")
withheld_part()
st.html(
    '<p class="cb-meta">A text that may name a person, find a home or tell of violence at home, and every photo, is '
    "read by a moderator before anybody else: a facilitator or the coordinator, never an officer. Who raised a concern "
    "can erase it; the row stays then, with its month and without a word. The same rows for programs: "
    '<a href="/api/withheld">/api/withheld</a>.</p>'
)
page_link("All concerns", "concerns")

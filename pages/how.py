"""How it works: the loop, the vote, what is counted, what stays private, and what this cannot protect you from."""

import streamlit as st

from lib.ui import how_parts, reads
from lib.ui.goals_parts import dress
from lib.ui.links import page_link
from lib.ui.parts import page_title
from lib.ui.services_parts import emergency_line

dress()
page_title("How it works", "Residents and police officers of one beat agree on goals and see whether they were met")
how_parts.loop_part()
st.header("How the vote is counted", anchor=False)
how_parts.paragraphs(how_parts.VOTE)
st.header("How you can check it", anchor=False)
how_parts.paragraphs(how_parts.COUNTED)
st.header("What the figures say", anchor=False)
how_parts.paragraphs(how_parts.FIGURES)
st.header("What stays private", anchor=False)
how_parts.points(how_parts.PRIVACY)
st.header("What it cannot protect you from", anchor=False)
how_parts.points(how_parts.LIMITS)
emergency_line(reads.city())
page_link("Go to your beat", "home")

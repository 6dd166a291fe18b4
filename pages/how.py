"""How it works: the loop, the vote, what is counted, what stays private, and what this cannot protect you from."""

import streamlit as st

from lib.ui import how_parts, reads
from lib.ui.goals_parts import dress
from lib.ui.links import page_link
from lib.ui.parts import card, page_title
from lib.ui.services_parts import emergency_line

dress()
page_title("How it works", "Residents and police officers of one beat agree on goals and see whether they were met")
how_parts.loop_part()
left, right = st.columns(2, gap="small")
with left:
    with card("vote", height="content"):
        st.header("How the vote is counted", anchor=False)
        how_parts.paragraphs(how_parts.VOTE)
    with card("check", height="content"):
        st.header("How you can check it", anchor=False)
        how_parts.paragraphs(how_parts.COUNTED)
    with card("figures", height="content"):
        st.header("What the figures say", anchor=False)
        how_parts.paragraphs(how_parts.FIGURES)
with right:
    with card("private", height="content"):
        st.header("What stays private", anchor=False)
        how_parts.points(how_parts.PRIVACY)
    with card("limits", height="content"):
        st.header("What it cannot protect you from", anchor=False)
        how_parts.points(how_parts.LIMITS)
emergency_line(reads.city())
page_link("What moderators kept back, and why", "withheld")
page_link("Go to your beat", "home")

"""Goals: what both sides agreed, what stands for a vote, what is proposed, what has ended; and beats side by side."""

import streamlit as st

from lib.rules.rights import Right, may
from lib.ui import goals_reads, home_compared, home_parts, reads
from lib.ui.changes import begin
from lib.ui.goals_parts import GROUPS, dress, goal_list
from lib.ui.parts import empty_state, page_title
from lib.ui.propose_form import is_growing, propose_form
from lib.ui.session import actor, chosen_beat

dress()
beat, today, person = chosen_beat(), reads.today(), actor()
page_title("Goals", "What residents and officers want to change, and what became of it")
with st.container(key="home_choice", width=340):
    home_parts.beat_choice(beat, every_beat="Every beat")


@st.fragment
def propose() -> None:
    """Proposing a goal, for officers and facilitators."""
    begin()
    with st.expander("Propose a goal", icon=":material/add:", expanded=is_growing()):
        propose_form(person, beat)


if may(person, Right.PROPOSE_GOAL):
    propose()

cards = goals_reads.goal_cards(beat.code if beat else None, None, today)
if not cards:
    empty_state(
        "No goal has been proposed here yet",
        "What residents raise again and again becomes a goal. It begins with concerns.",
    )
for group, heading, states in GROUPS:
    goal_list(
        group,
        heading,
        [card for card in cards if card.state in states],
        with_beat=beat is None,
        zone=reads.city().time_zone,
    )


if reads.beats():
    with st.expander("Beats side by side", icon=":material/table_chart:"):
        st.html(home_compared.compared_table(goals_reads.beats_compared(today)))

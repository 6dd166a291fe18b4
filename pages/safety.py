"""How safe people feel: what a beat said in each wave of the pulse, beside the goals, and how it was asked."""

import streamlit as st

from lib.queries.goals import BEGUN
from lib.rules.rights import Right, may
from lib.ui import goals_reads, home_parts, pulse_parts, reads
from lib.ui.goals_parts import dress
from lib.ui.parts import card, page_title
from lib.ui.pulse_issues import issues_of_beat
from lib.ui.session import actor, chosen_beat

dress()
beat, today = chosen_beat(), reads.today()
page_title("How safe people feel", "The pulse asks residents of one beat the same questions, wave by wave")
with st.container(key="home_choice", width=340):
    home_parts.beat_choice(beat, every_beat="Every beat")

waves = goals_reads.pulse_results(beat.code, today) if beat else ()
if beat is None:
    with card("beats", height="content"):
        pulse_parts.beats_part(goals_reads.beats_compared(today))
elif not waves:
    pulse_parts.nobody_asked(beat)
else:
    left, right = st.columns([1, 1.7], gap="small")
    with left, card("headline"):
        pulse_parts.headline_part(waves)
    with right, card("trend"):
        marks = pulse_parts.goal_marks(goals_reads.goal_cards(beat.code, tuple(sorted(BEGUN)), today))
        pulse_parts.trend_part(waves, marks)
    with card("questions", height="content"):
        pulse_parts.questions_part(waves)
    left, right = st.columns([1, 1.4], gap="small")
    with left, card("compared"):
        pulse_parts.compared_part(waves[-1])
    with right, card("groups"):
        pulse_parts.groups_part(waves[-1])
    with st.expander("Every wave as a table", icon=":material/table_chart:"):
        st.html(pulse_parts.waves_table(waves))
    pulse_parts.wording_part(waves[-1].wording)
    if may(actor(), Right.READ_ISSUES):
        with card("issues", height="content"):
            issues_of_beat(beat)
pulse_parts.reading_part()
pulse_parts.answering_part(beat)

"""Desk: the concerns that wait for the officers of a beat, and the pressures on the beat beside them."""

from pathlib import Path

import streamlit as st

from lib.queries.contested import contested_goals
from lib.rules.lifecycle import Electorate, Side
from lib.rules.rights import Right
from lib.ui import answer_parts, reads
from lib.ui.contested_parts import owed_part
from lib.ui.parts import empty_state, page_title
from lib.ui.session import acting_person, chosen_beat

person = acting_person(Right.ANSWER_CONCERN)
st.html(Path(answer_parts.__file__).with_name("concerns.css"))
beats = answer_parts.own_beats(person)
page_title("Desk", "What residents raised and nobody has closed yet, and what was recorded where it happened")
if beats:
    codes = answer_parts.beat_choice(beats, chosen_beat())
    if person.side is Side.OFFICERS:
        owed_part(contested_goals(codes), Electorate.OFFICERS, reads.today())
    left, right = st.columns([1.45, 1], gap="large")
    with left:
        answer_parts.waiting_part()
    with right:
        answer_parts.pressures_part(codes)
else:
    empty_state(
        "You serve no beat at present",
        "The coordinator posts officers to beats on the page Admin. Then the beat's concerns appear here.",
    )

"""Desk: the concerns that wait for the officers of a beat, and the pressures on the beat beside them."""

from pathlib import Path

import streamlit as st

from lib.queries.contested import contested_goals
from lib.rules.lifecycle import Electorate, Side
from lib.rules.rights import Right
from lib.ui import desk_queue, reads
from lib.ui.clock_parts import clock_part, outcome_part
from lib.ui.contested_parts import owed_part
from lib.ui.parts import empty_state, page_title
from lib.ui.pressures_parts import pressures_part
from lib.ui.recurring_parts import recurring_part
from lib.ui.session import acting_person, chosen_beat
from lib.ui.template_forms import templates_part

person = acting_person(Right.ANSWER_CONCERN)
st.html(Path(desk_queue.__file__).with_name("concerns.css"))
beats = desk_queue.own_beats(person)
page_title("Desk", "What residents raised and nobody has closed yet, and what was recorded where it happened")
if beats:
    codes = desk_queue.beat_choice(beats, chosen_beat())
    place = desk_queue.place_words(beats, codes)
    if person.side is Side.OFFICERS:
        owed_part(contested_goals(codes), Electorate.OFFICERS, reads.today())
    left, right = st.columns([1.45, 1], gap="large")
    with left:
        desk_queue.waiting_part()
        templates_part()
    with right:
        clock_part(codes, place)
        outcome_part(codes, place)
        pressures_part(codes, place)
        recurring_part()
else:
    empty_state(
        "You serve no beat at present",
        "The coordinator posts officers to beats on the page Admin. Then the beat's concerns appear here.",
    )

"""Hands during the meeting: what has become of the goals that are due, asked of the room and written down here."""

from datetime import date

import streamlit as st

from lib.queries.meetings import MeetingRow
from lib.queries.residents_word import GoalForRoom, goals_for_room
from lib.rules.goals import ResidentsWord
from lib.rules.lifecycle import Side
from lib.rules.months import day_in_words
from lib.rules.residents_word import ANSWER_WORDS, MOST_HANDS
from lib.rules.rights import Actor, Right, may
from lib.rules.text import counted
from lib.services.residents_word import count_hands
from lib.ui import goals_reads
from lib.ui.links import page_link
from lib.ui.parts import Column, empty_state, plain, table
from lib.ui.run_telling import doing, said

_PLACE = "goal_hands"


def hands_card(person: Actor, meeting: MeetingRow, today: date) -> None:
    """The goals of this meeting's beats whose residents are asked now, what the room has said, and the form for it."""
    goals = goals_for_room(meeting.id, today=today)
    said(_PLACE)
    if not goals:
        empty_state("No goal is due", "From a goal's due date on the room is asked what has become of it.")
        return
    st.html(_asked_table(goals))
    if not may(person, Right.COUNT_HANDS) or person.side is not Side.RESIDENTS:
        st.text("A facilitator of the residents’ side counts the hands.")
        return
    named = {goal.uuid: goal for goal in goals}
    chosen = st.selectbox(
        "Ask the room about", list(named), key="room_goal", format_func=lambda uuid: plain(named[uuid].title)
    )
    st.text("Ask: where you are, what has become of it? Those who answered by their follow link keep still.")
    with st.form(f"room_hands_{chosen}", border=False):
        for place, answer in zip(st.columns(len(ANSWER_WORDS)), ANSWER_WORDS, strict=True):
            place.number_input(ANSWER_WORDS[answer], 0, MOST_HANDS, 0, key=f"room_{answer.value}_{chosen}")
        st.form_submit_button(
            "Write down the hands",
            on_click=doing(
                count_hands,
                arguments=lambda: {
                    "actor": person,
                    "goal_uuid": chosen,
                    "meeting_uuid": meeting.uuid,
                    "hands": {
                        answer: int(st.session_state[f"room_{answer.value}_{chosen}"]) for answer in ResidentsWord
                    },
                },
                done="The hands are written down. Counting again at this meeting replaces them.",
                place=_PLACE,
                after=lambda _state: goals_reads.forget(),
            ),
        )
    page_link("This goal's page", "goal", id=str(chosen))


def _asked_table(goals: tuple[GoalForRoom, ...]) -> str:
    rows = [(goal.title, f"since {day_in_words(goal.asked_from)}", _counted(goal)) for goal in goals]
    columns = [Column("Goal"), Column("Residents are asked"), Column("Hands at this meeting")]
    return table("Goals that the room is asked about", columns, rows, hide_caption=True)


def _counted(goal: GoalForRoom) -> str:
    if not goal.hands.total:
        return "not asked yet"
    told = ", ".join(
        f"{number} {ANSWER_WORDS[answer].lower()}" for answer, number, _share in goal.hands.shares if number
    )
    return f"{counted(goal.hands.total, 'hand')}: {told}"

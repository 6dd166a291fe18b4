"""The console's part about who is not in the room: totals of voluntary answers beside the figures of the beat."""

from html import escape
from uuid import UUID

import streamlit as st

from lib.queries.checkin import who_is_missing
from lib.queries.meetings import MeetingRow
from lib.rules.checkin import (
    ANSWERS_AT_A_TIME,
    FEWEST_ANSWERS,
    NEVER_WEIGHTED,
    SMALLEST_CELL,
    TOTALS_ONLY,
    AnswerLine,
    QuestionInRoom,
)
from lib.rules.lifecycle import MeetingState
from lib.rules.rights import Right
from lib.rules.text import counted, percent
from lib.services.checkin import MOST_HANDS, count_hands
from lib.ui import voting_reads
from lib.ui.acting import acting, told
from lib.ui.boundary import explained
from lib.ui.desk_parts import wide
from lib.ui.parts import Column, meta, plain, table
from lib.ui.session import acting_person


@st.fragment
@explained(is_said_elsewhere=True)
def room_part(chosen: UUID | None) -> None:
    """Who is in the room, and hands that were counted there. It reads itself anew when asked, never by itself: whoever
    watched it tick could tell single answers apart."""
    acting_person(Right.PLAN_MEETING)
    detail = voting_reads.console_meeting(chosen)
    if detail is None:
        return
    meeting = detail.meeting
    is_running = meeting.state in (MeetingState.PLANNED, MeetingState.OPEN)
    with st.expander("Who is not in the room", icon=":material/diversity_3:"):
        st.text(f"{TOTALS_ONLY} {NEVER_WEIGHTED}")
        room = who_is_missing(meeting.id)
        for question in room:
            if question.source:
                st.html(question_table(question))
        others = [question for question in room if not question.source]
        for column, question in zip(st.columns(len(others)), others, strict=True):
            column.html(question_table(question))
        st.html(meta(_what_is_hidden(room)))
        with st.container(horizontal=True):
            st.button("Look again", key="room_again", icon=":material/refresh:")
            if is_running:
                st.link_button("Open the door’s screen", f"/door?meeting={meeting.uuid}", icon=":material/door_front:")
        if is_running:
            _hands_form(meeting, room)


def question_table(question: QuestionInRoom) -> str:
    """One question with its answers, or the sentence that says why nothing of it is shown."""
    if question.is_too_few:
        said = (
            f"Fewer than {FEWEST_ANSWERS} answers so far."
            if not question.n
            else question.sentence.partition(": ")[2].capitalize()
        )
        return f"<p><b>{escape(question.question.text)}</b>: {escape(said)}</p>"
    caption = f"{question.question.text}, {counted(question.n, 'answer')}"
    columns = [Column("Answer"), Column("Number", is_number=True), Column("In the room", is_number=True)]
    rows = [(line.words, "not shown" if line.number is None else line.number, _share(line)) for line in question.lines]
    if not question.source:
        return table(caption, columns, rows)
    columns += [Column("In the beat", is_number=True), Column("Compared")]
    compared = [
        (
            *row,
            "" if line.beat_share is None else percent(line.beat_share),
            line.gap.partition(":")[0].partition(";")[0],
        )
        for row, line in zip(rows, question.lines, strict=True)
    ]
    return wide(table(caption, columns, compared), caption, rem=34) + meta(f"Figures of the beat: {question.source}.")


def _share(line: AnswerLine) -> str:
    return "" if line.share is None else percent(line.share)


def _what_is_hidden(room: tuple[QuestionInRoom, ...]) -> str:
    said = (
        f"Numbers under {SMALLEST_CELL}, and what would give them away, are not shown; nor is anything with fewer than "
        f"{FEWEST_ANSWERS} answers. The totals move when {ANSWERS_AT_A_TIME} more people answered, never one by one. "
        "At the end of the meeting this goes into the minutes."
    )
    if any(question.question.key == "age" and question.n and not question.source for question in room):
        said += " The coordinator has not entered all age bands of this beat: Admin, Figures of beats."
    return said


def _hands_form(meeting: MeetingRow, room: tuple[QuestionInRoom, ...]) -> None:
    """Count hands instead: they replace the totals of their question."""
    told("hands")
    asked = {question.question.key: question.question for question in room}
    chosen = st.selectbox(
        "Counted a show of hands? Which question?",
        list(asked),
        key="hands_question",
        format_func=lambda key: plain(asked[key].text),
    )
    with st.form("hands", border=False):
        for column, (answer, words) in zip(
            st.columns(len(asked[chosen].answers)), asked[chosen].answers.items(), strict=True
        ):
            column.number_input(plain(words), 0, MOST_HANDS, 0, key=f"hands_{chosen}_{answer}")
        st.form_submit_button(
            "Take these hands",
            on_click=acting(
                count_hands,
                arguments=lambda: {
                    "actor": acting_person(Right.PLAN_MEETING),
                    "meeting_id": meeting.id,
                    "question": chosen,
                    "hands": {each: int(st.session_state[f"hands_{chosen}_{each}"]) for each in asked[chosen].answers},
                },
                done="These hands now stand for this question; later answers at the door are added.",
                key="hands",
            ),
        )

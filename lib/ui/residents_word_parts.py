"""The residents' word on a goal: what they say became of it, and hands counted at a meeting."""

from html import escape

import streamlit as st

from lib.queries.goal_story import GoalStory
from lib.queries.residents_word import WordOfResidents
from lib.rules.goals import ResidentsWord
from lib.rules.lifecycle import GoalState, Side
from lib.rules.months import day_in_words
from lib.rules.residents_word import ANSWER_WORDS, MOST_HANDS, WordCount
from lib.rules.rights import Actor, Right, may
from lib.services import residents_word
from lib.ui import goals_reads
from lib.ui.acting import acting
from lib.ui.changes import WORK, changed
from lib.ui.parts import bar, card, pill
from lib.ui.session import actor

_COLOURS = {
    ResidentsWord.SOLVED: "#0B6B4B",
    ResidentsWord.BETTER: "#0A5BB5",
    ResidentsWord.SAME: "#46566E",
    ResidentsWord.WORSE: "#A31621",
}


def word_part(story: GoalStory, word: WordOfResidents) -> None:
    """What residents say became of it, each source by itself; before the due date, when they will be asked."""
    state = story.card.state
    if word.asked_from is None or state not in (GoalState.ACTIVE, GoalState.ACHIEVED, GoalState.NOT_ACHIEVED):
        return
    with card("word", height="content"):
        st.header("The residents’ word", anchor=False)
        if not word.is_asked and not (word.shown_by_link + word.by_hands).total:
            when = day_in_words(word.asked_from)
            st.text(
                f"From {when} on, whoever raised or supported a concern behind this goal is asked through their follow "
                "link, and the room at the meeting: solved, better, the same or worse?"
            )
            return
        st.html(_standing(state, word))
        links, hands = st.columns(2, gap="small")
        with links:
            st.html(_source("By follow link, until yesterday", word.shown_by_link))
        with hands:
            where = f"Hands raised: {word.room}, {day_in_words(word.room_on)}" if word.room_on else "Hands raised"
            st.html(_source(where, word.by_hands) if word.room_on else _none(where))


def may_count_hands(person: Actor, story: GoalStory, word: WordOfResidents) -> bool:
    """Whether the room may be asked now: the goal is due, a meeting of its beats is open, the person is the residents'."""
    return (
        may(person, Right.COUNT_HANDS)
        and person.side is Side.RESIDENTS
        and word.is_asked
        and bool(goals_reads.open_meetings_of([beat.code for beat in story.card.beats]))
    )


def hands_form(story: GoalStory) -> None:
    """Hands counted for each answer at an open meeting."""
    row = story.card.id
    meetings = {each.uuid: each for each in goals_reads.open_meetings_of([beat.code for beat in story.card.beats])}
    st.text("Ask the room: where you are, what has become of it? Those who answered by their follow link keep still.")
    with st.form(f"hands_{row}", border=False):
        st.selectbox("Meeting", list(meetings), format_func=lambda uuid: meetings[uuid].title, key=f"hands_at_{row}")
        for place, answer in zip(st.columns(len(ANSWER_WORDS)), ANSWER_WORDS, strict=True):
            with place:
                st.number_input(ANSWER_WORDS[answer], 0, MOST_HANDS, 0, key=f"hands_{answer.value}_{row}")
        st.form_submit_button(
            "Write down the hands",
            on_click=acting(
                residents_word.count_hands,
                arguments=lambda: {
                    "actor": actor(),
                    "goal_uuid": story.card.uuid,
                    "meeting_uuid": st.session_state[f"hands_at_{row}"],
                    "hands": {answer: int(st.session_state[f"hands_{answer.value}_{row}"]) for answer in ResidentsWord},
                },
                done="The hands are written down. Counting again at this meeting replaces them.",
                key=WORK,
                after=changed,
            ),
        )


def _standing(state: GoalState, word: WordOfResidents) -> str:
    if state is GoalState.ACHIEVED:
        return pill("open", "Residents confirmed it. Two “worse” in 90 days open it again.", "verified")
    if word.seems_to_confirm:
        return pill("open", "Residents confirm it", "verified")
    return pill("quiet", "Not confirmed: it needs 3 answers, most of them solved or better", "hourglass_empty")


def _source(heading: str, count: WordCount) -> str:
    if not count.is_shown:
        return f"<h3>{escape(heading)}</h3><p class='cb-none'>{escape(count.sentence)}</p>"
    rows = "".join(
        f"<div><dt>{ANSWER_WORDS[answer]}</dt><dd>{bar(share, _COLOURS[answer])}<span>{number}</span></dd></div>"
        for answer, number, share in count.shares
    )
    return f'<h3>{escape(heading)}</h3><dl class="cb-word">{rows}</dl><p>{escape(count.sentence)}</p>'


def _none(heading: str) -> str:
    return f"<h3>{escape(heading)}</h3><p class='cb-none'>No meeting has raised hands on it yet.</p>"

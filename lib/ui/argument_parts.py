"""What speaks for and against a goal, side by side before the vote; and the form in which each side says it."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from lib.queries.goal_story import GoalStory
from lib.queries.goal_voices import ArgumentRow, GoalVoices
from lib.rules.goals import Stance
from lib.rules.lifecycle import Electorate, GoalState, Side
from lib.rules.rights import Actor, Right, may
from lib.rules.text import LINE_LENGTH, clipped, counted
from lib.services import arguments
from lib.ui.acting import acting
from lib.ui.changes import WORK, changed
from lib.ui.parts import card
from lib.ui.session import actor

_HEADINGS = {Stance.FOR: "What speaks for it", Stance.AGAINST: "What speaks against it"}
_SIDES = {Electorate.RESIDENTS: "residents", Electorate.OFFICERS: "officers"}


def arguments_part(story: GoalStory, said: Sequence[ArgumentRow]) -> None:
    """For and against side by side while the vote is ahead; folded away afterwards; nothing where nobody argued."""
    before_vote = story.card.state in (GoalState.PROPOSED, GoalState.CANDIDATE)
    if before_vote and said:
        for place, stance in zip(st.columns(2, gap="small"), Stance, strict=True):
            with place, card(f"said_{stance.value}"):
                st.header(_HEADINGS[stance], anchor=False)
                st.html(_list(said, stance))
    elif said:
        with st.expander(f"What was said before the vote: {counted(len(said), 'argument')}", icon=":material/forum:"):
            both = "".join(f"<h3>{_HEADINGS[stance]}</h3>{_list(said, stance)}" for stance in Stance)
            st.html(f'<div class="cb-said-both">{both}</div>')


def may_argue(person: Actor) -> bool:
    return may(person, Right.ARGUE_GOAL) and person.side is not Side.NEITHER


def argument_form(person: Actor, story: GoalStory, voices: GoalVoices) -> None:
    """Saying something for one's own side; below it, taking something of one's own side back."""
    row = story.card.id
    st.radio(
        "Does it speak for or against this goal?",
        list(Stance),
        format_func=lambda stance: {Stance.FOR: "For", Stance.AGAINST: "Against"}[stance],
        key=f"argument_stance_{row}",
        horizontal=True,
    )
    st.text_area("What do you say, in one or two sentences?", key=f"argument_text_{row}", max_chars=LINE_LENGTH)
    st.button(
        f"Say it for the {person.side.value}",
        on_click=acting(
            arguments.argue,
            arguments=lambda: {
                "actor": actor(),
                "goal_uuid": story.card.uuid,
                "stance": st.session_state[f"argument_stance_{row}"],
                "text": st.session_state[f"argument_text_{row}"],
            },
            done="It stands on this page, with your name and your side.",
            key=WORK,
            after=changed,
        ),
    )
    own = {said.id: said for said in voices.arguments if said.side.value == person.side.value and not said.is_withdrawn}
    if not own:
        return

    def in_words(argument: int) -> str:
        return clipped(own[argument].text, 100)

    with st.expander("Take something back", icon=":material/undo:"):
        st.selectbox("What your side said", list(own), format_func=in_words, key=f"argument_gone_{row}")
        st.button(
            "Take it back",
            on_click=acting(
                arguments.withdraw_argument,
                arguments=lambda: {"actor": actor(), "argument_id": st.session_state[f"argument_gone_{row}"]},
                done="It is crossed out. It stays readable.",
                key=WORK,
                after=changed,
            ),
        )


def _list(said: Sequence[ArgumentRow], stance: Stance) -> str:
    rows = [row for row in said if row.stance is stance]
    if not rows:
        return '<p class="cb-none">Nobody has said anything yet.</p>'
    return f'<ul class="cb-said">{"".join(_item(row) for row in rows)}</ul>'


def _item(row: ArgumentRow) -> str:
    text = f"<s>{escape(row.text)}</s>" if row.is_withdrawn else escape(row.text)
    taken = ", taken back" if row.is_withdrawn else ""
    return f"<li><p>{text}</p><p>{escape(row.by)}, {_SIDES[row.side]}{taken}</p></li>"

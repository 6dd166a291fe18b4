"""Contested goals on screen: who owes whom an answer by when, what was answered, and the form to answer."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from lib.queries.contested import ContestedGoal
from lib.queries.goal_story import GoalStory
from lib.queries.places import CityRow
from lib.rules.lifecycle import Electorate, Role
from lib.rules.months import day_in_words
from lib.rules.rights import Actor
from lib.services.contested import OFFER_LENGTH, answer_contested
from lib.ui import goals_reads
from lib.ui.changes import submit
from lib.ui.goals_parts import local_day
from lib.ui.links import page_link
from lib.ui.parts import card, meta, pill, plain
from lib.ui.session import actor

_OTHER = {Electorate.OFFICERS: "Residents", Electorate.RESIDENTS: "Officers"}


def owed_words(goal: ContestedGoal, today: date) -> str:
    """Where the answer stands, in one sentence."""
    side, owed = goal.owed.side.value, goal.owed
    if owed.answered_at is not None:
        return f"The {side} answered."
    due = day_in_words(owed.due_on)
    if owed.is_overdue(today):
        return f"The {side} owed an answer by {due} and have not given one."
    return f"The {side} owe an answer by {due}."


def contested_part(story: GoalStory, city: CityRow, today: date) -> None:
    """What the two sides owe and told each other about this goal; nothing for a goal that never was contested."""
    told = goals_reads.contested(story.card.uuid)
    if told is None or not story.card.is_contested:
        return
    side = told.owed.side.value
    with card("contested", height="content"):
        st.header(plain(f"{_OTHER[told.owed.side]} carried this goal, {side} did not"), anchor=False)
        kind, glyph = ("open", "forum") if told.owed.answered_at else ("warn", "hourglass_empty")
        st.html(pill("open" if kind == "open" else "warn", owed_words(told, today), glyph))
        if told.owed.answered_at is not None:
            st.text(told.owed.reason)
            if told.owed.counter_offer:
                st.subheader(plain(f"What the {side} offer"), anchor=False)
                st.text(told.owed.counter_offer)
            st.html(meta(f"Answered {day_in_words(local_day(told.owed.answered_at, city.time_zone))}."))
        coming = "is prepared or was held" if told.has_second_vote else "follows on the answer"
        st.html(meta(f"A second vote {coming}."))


def may_answer(person: Actor, story: GoalStory) -> bool:
    """Whether the person's side owes an answer for this goal, before its second vote."""
    told = goals_reads.contested(story.card.uuid)
    return (
        told is not None
        and story.card.is_contested
        and told.owed.side.value == person.side.value
        and bool(person.roles & {Role.OFFICER, Role.FACILITATOR})
    )


def contested_form(story: GoalStory) -> None:
    """Why this side did not carry the goal, and what it offers instead."""
    told = goals_reads.contested(story.card.uuid)
    if told is None:
        return
    key = f"contested_{story.card.id}"
    with st.form(key, border=False):
        st.text_area(
            "Why did your side not carry it? Everybody can read this.",
            told.owed.reason,
            key=f"{key}_reason",
            max_chars=2000,
        )
        st.text_area(
            "What do you offer instead? It stands on the second ballot.",
            told.owed.counter_offer,
            key=f"{key}_offer",
            max_chars=OFFER_LENGTH,
        )
        submit(
            "Answer the other side",
            answer_contested,
            "Your answer stands on this page.",
            lambda: {
                "actor": actor(),
                "round_uuid": told.round_uuid,
                "goal_uuid": story.card.uuid,
                "reason": st.session_state[f"{key}_reason"],
                "counter_offer": st.session_state[f"{key}_offer"],
            },
        )


def owed_part(goals: Sequence[ContestedGoal], side: Electorate, today: date) -> None:
    """The answers that one side owes, each with a link to its goal; nothing where none is owed."""
    waiting = [goal for goal in goals if goal.owed.side is side and goal.owed.answered_at is None]
    if not waiting:
        return
    with card("owed_answers", height="content"):
        st.header("Residents wait for your answer", anchor=False)
        for goal in waiting:
            st.text(f"{goal.title}: {owed_words(goal, today)}")
            page_link("Answer on the goal’s page", "goal", id=str(goal.goal_uuid))

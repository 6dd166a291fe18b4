"""What officers and facilitators do with a goal, each as a form of its own. Services check the rights again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import streamlit as st

from lib.queries.goal_story import GoalStory
from lib.rules.goals import Direction, Feasibility, MeasureKind
from lib.rules.lifecycle import GoalState, Role
from lib.rules.rights import Actor, Right, may
from lib.services import goals, readings
from lib.ui import goals_reads, reads
from lib.ui.acting import acting, told
from lib.ui.changes import changed
from lib.ui.commitment_forms import offer_form, settle_form, settling_moves
from lib.ui.goals_parts import FEASIBILITY
from lib.ui.session import actor

STORY_HELP = {
    "scanning": (
        "Scanning: what keeps happening?",
        "Where, when and how often does it happen? Whom does it harm? How do you know that it recurs?",
    ),
    "analysis": (
        "Analysis: why does it keep happening?",
        "What do the events have in common: places, times, people, things? What has been tried already, and what came "
        "of it? What do residents and officers know that figures do not show?",
    ),
    "response": (
        "Response: what could break the pattern?",
        "Who could do what, and who else would have to help? What worked elsewhere? What may go wrong?",
    ),
    "assessment": (
        "Assessment: how will we know?",
        "What is counted, since when, compared with what? What would show that it did not help? Did it only move "
        "somewhere else?",
    ),
}
"""The four parts of a SARA story with the questions behind them, after the POP Center's guides, in our own words."""

KINDS = {
    MeasureKind.INCIDENTS: "Recorded incidents a month",
    MeasureKind.CONCERNS: "Concerns raised a month",
    MeasureKind.PULSE: "Share of people who feel safe after dark",
    MeasureKind.TYPED: "Something we count ourselves",
}

_RUNNING = (GoalState.PROPOSED, GoalState.CANDIDATE, GoalState.ADOPTED, GoalState.ACTIVE)


@dataclass(frozen=True)
class Task:
    """Something this person can do with a goal at this moment."""

    title: str
    icon: str
    show: Callable[[Actor, GoalStory], None]


def tasks(person: Actor | None, story: GoalStory) -> tuple[Task, ...]:
    """What this person can do with the goal, the most pressing first. Officers: on goals of their own beats only."""
    if person is None or not _works_here(person, story):
        return ()
    state, measure = story.card.state, story.card.measure
    shapes, runs = may(person, Right.SHAPE_GOAL), state in _RUNNING
    before_vote = state in (GoalState.PROPOSED, GoalState.CANDIDATE)
    waiting = any(settling_moves(person, each) for each in story.commitments)
    typed = measure is not None and measure.kind is MeasureKind.TYPED
    possible = (
        (may(person, Right.ANSWER_FEASIBILITY) and before_vote, "Answer for the officers", "forum", feasibility_form),
        (shapes and state is GoalState.ADOPTED, "Begin this goal", "flag", activate_form),
        (waiting, "Accept or countersign a commitment", "fact_check", settle_form),
        (may(person, Right.OFFER_COMMITMENT) and runs, "Offer a commitment", "add_task", offer_form),
        (may(person, Right.RECORD_READING) and typed and runs, "Record a reading", "straighten", reading_form),
        (shapes and runs and state is not GoalState.ACTIVE, "What it is judged by", "target", measure_form),
        (shapes and runs, "Tell its story", "menu_book", story_form),
        (shapes and state is GoalState.PROPOSED, "Change title and summary", "edit", reword_form),
        (shapes and state is GoalState.ACTIVE, "End this goal", "verified", end_form),
        (shapes and runs, "Withdraw this goal", "undo", withdraw_form),
    )
    return tuple(Task(title, f":material/{glyph}:", show) for can, title, glyph, show in possible if can)


def feasibility_form(person: Actor, story: GoalStory) -> None:
    """The officers' answer before the vote."""
    told("feasibility")
    with st.form(f"feasibility_{story.card.id}", border=False):
        st.radio(
            "Can officers work on this?",
            list(Feasibility),
            format_func=lambda answer: FEASIBILITY[answer].words,
            key=f"feasibility_answer_{story.card.id}",
            horizontal=True,
        )
        st.text_area("Why, in words for everybody", key=f"feasibility_reason_{story.card.id}", max_chars=2000)
        _send(
            "Answer",
            goals.answer_feasibility,
            "The officers’ answer stands on this page.",
            "feasibility",
            lambda: {
                "actor": actor(),
                "goal_uuid": story.card.uuid,
                "answer": st.session_state[f"feasibility_answer_{story.card.id}"],
                "reason": st.session_state[f"feasibility_reason_{story.card.id}"],
            },
        )


def story_form(person: Actor, story: GoalStory) -> None:
    """The four parts of the story, with what to ask oneself."""
    told("story")
    with st.form(f"story_{story.card.id}", border=False):
        for part, (label, questions) in STORY_HELP.items():
            st.text_area(
                label, getattr(story, part), key=f"story_{part}_{story.card.id}", help=questions, max_chars=2000
            )
        _send(
            "Keep the story",
            goals.tell_story,
            "The story is kept.",
            "story",
            lambda: {
                "actor": actor(),
                "goal_uuid": story.card.uuid,
                **{part: st.session_state[f"story_{part}_{story.card.id}"] for part in STORY_HELP},
            },
        )


def measure_form(person: Actor, story: GoalStory) -> None:
    """What the goal is judged by. What is counted is never typed: only the target is."""
    told("measure")
    kind = st.selectbox("Judged by", list(KINDS), format_func=KINDS.__getitem__, key=f"measure_kind_{story.card.id}")
    if kind is MeasureKind.INCIDENTS:
        st.selectbox(
            "Which incidents, in the city’s own words",
            goals_reads.incident_categories(tuple(beat.id for beat in story.card.beats)),
            key=f"measure_category_{story.card.id}",
        )
        st.text_input(
            "As people say it (may stay empty)", key=f"measure_unit_{story.card.id}", placeholder="thefts from cars"
        )
    elif kind is MeasureKind.CONCERNS:
        names = {category.key: category.name for category in reads.categories()}
        st.selectbox("About what", list(names), format_func=names.__getitem__, key=f"measure_category_{story.card.id}")
    elif kind is MeasureKind.TYPED:
        st.text_input("What is counted", key=f"measure_unit_{story.card.id}", placeholder="dark lamps on the walk")
        st.number_input("How many today", min_value=0.0, step=1.0, format="%g", key=f"measure_baseline_{story.card.id}")
        st.text_input(
            "Who counts, and how",
            key=f"measure_source_{story.card.id}",
            placeholder="block watch, walk on first Mondays",
        )
    if kind is MeasureKind.PULSE:
        st.number_input("Target, in per cent", 1, 100, 60, key=f"measure_percent_{story.card.id}")
    else:
        st.number_input("Target", min_value=0.0, step=1.0, format="%g", key=f"measure_target_{story.card.id}")
        st.radio(
            "Better is",
            list(Direction),
            format_func=_direction,
            key=f"measure_direction_{story.card.id}",
            horizontal=True,
        )
    st.date_input("To be reached by", _next_year(), key=f"measure_due_{story.card.id}", format="YYYY-MM-DD")
    if kind is not MeasureKind.TYPED:
        st.caption("How it was before is counted from the same source, over the last twelve complete months.")
    st.button(
        "Set the measure",
        on_click=acting(
            readings.set_measure,
            arguments=lambda: {"actor": actor(), "goal_uuid": story.card.uuid, **_measure_given(story)},
            done="The measure is set.",
            key="measure",
            after=changed,
        ),
    )


def reading_form(person: Actor, story: GoalStory) -> None:
    """A dated, sourced reading of a typed measure."""
    told("reading")
    unit = story.card.measure.unit if story.card.measure is not None else ""
    with st.form(f"reading_{story.card.id}", border=False):
        st.date_input(
            "Read on", reads.today(), key=f"reading_on_{story.card.id}", format="YYYY-MM-DD", max_value=reads.today()
        )
        st.number_input(f"How many: {unit}", min_value=0.0, step=1.0, format="%g", key=f"reading_value_{story.card.id}")
        st.text_input("Source", key=f"reading_source_{story.card.id}", max_chars=300)
        _send(
            "Record the reading",
            readings.record_reading,
            "The reading is recorded.",
            "reading",
            lambda: {
                "actor": actor(),
                "goal_uuid": story.card.uuid,
                "read_on": st.session_state[f"reading_on_{story.card.id}"],
                "value": st.session_state[f"reading_value_{story.card.id}"],
                "source": st.session_state[f"reading_source_{story.card.id}"],
            },
        )


def activate_form(person: Actor, story: GoalStory) -> None:
    """Beginning an adopted goal."""
    told("activate")
    st.text("It needs a measure, and an accepted commitment of the residents and of the officers.")
    st.button(
        "Begin this goal",
        type="primary",
        on_click=acting(
            goals.activate_goal,
            arguments=lambda: {"actor": actor(), "goal_uuid": story.card.uuid},
            done="The goal has begun.",
            key="activate",
            after=changed,
        ),
    )


def end_form(person: Actor, story: GoalStory) -> None:
    """Ending an active goal: achieved by the residents' word, or not achieved with a reason."""
    told("end")
    with st.form(f"end_{story.card.id}", border=False):
        st.radio(
            "How did it end?",
            [GoalState.ACHIEVED, GoalState.NOT_ACHIEVED],
            format_func=lambda state: {"achieved": "Achieved", "not_achieved": "Not achieved"}[state.value],
            key=f"end_state_{story.card.id}",
            horizontal=True,
        )
        st.text_area("Reason (needed when it was not achieved)", key=f"end_reason_{story.card.id}", max_chars=600)
        _send(
            "End this goal",
            goals.end_goal,
            "The goal has ended.",
            "end",
            lambda: {
                "actor": actor(),
                "goal_uuid": story.card.uuid,
                "state": st.session_state[f"end_state_{story.card.id}"],
                "reason": st.session_state[f"end_reason_{story.card.id}"],
            },
        )


def withdraw_form(person: Actor, story: GoalStory) -> None:
    """Giving a goal up, with a reason."""
    told("withdraw")
    with st.form(f"withdraw_{story.card.id}", border=False):
        st.text_area(
            "Why is it given up? Everybody can read this.", key=f"withdraw_reason_{story.card.id}", max_chars=600
        )
        _send(
            "Withdraw this goal",
            goals.withdraw_goal,
            "The goal is withdrawn.",
            "withdraw",
            lambda: {
                "actor": actor(),
                "goal_uuid": story.card.uuid,
                "reason": st.session_state[f"withdraw_reason_{story.card.id}"],
            },
        )


def reword_form(person: Actor, story: GoalStory) -> None:
    """Title and summary, while the goal is only proposed."""
    told("reword")
    with st.form(f"reword_{story.card.id}", border=False):
        st.text_input("Title", story.card.title, key=f"reword_title_{story.card.id}", max_chars=120)
        st.text_area("Summary", story.card.summary, key=f"reword_summary_{story.card.id}", max_chars=600)
        _send(
            "Keep these words",
            goals.reword_goal,
            "Title and summary are changed.",
            "reword",
            lambda: {
                "actor": actor(),
                "goal_uuid": story.card.uuid,
                "title": st.session_state[f"reword_title_{story.card.id}"],
                "summary": st.session_state[f"reword_summary_{story.card.id}"],
            },
        )


def _send(
    label: str, intention: Callable[..., Any], done: str, key: str, arguments: Callable[[], Mapping[str, Any]]
) -> None:
    st.form_submit_button(label, on_click=acting(intention, arguments=arguments, done=done, key=key, after=changed))


def _measure_given(story: GoalStory) -> dict[str, Any]:
    """What the measure's widgets hold, as `set_measure` takes it."""
    at = story.card.id
    kind = st.session_state[f"measure_kind_{at}"]
    given: dict[str, Any] = {"kind": kind, "due_on": st.session_state[f"measure_due_{at}"]}
    if kind is MeasureKind.PULSE:
        return {**given, "direction": Direction.UP, "target": st.session_state[f"measure_percent_{at}"] / 100}
    given |= {
        "direction": st.session_state[f"measure_direction_{at}"],
        "target": st.session_state[f"measure_target_{at}"],
    }
    if kind is MeasureKind.TYPED:
        return given | {
            "unit": st.session_state[f"measure_unit_{at}"],
            "baseline": st.session_state[f"measure_baseline_{at}"],
            "source": st.session_state[f"measure_source_{at}"],
        }
    return given | {
        "category": st.session_state[f"measure_category_{at}"] or "",
        "unit": st.session_state.get(f"measure_unit_{at}", ""),
    }


def _works_here(person: Actor, story: GoalStory) -> bool:
    beats = {beat.code for beat in story.card.beats}
    return bool(person.roles & {Role.FACILITATOR, Role.COORDINATOR} or person.beats & beats)


def _next_year() -> date:
    return reads.today() + timedelta(days=365)


def _direction(direction: Direction) -> str:
    return "fewer" if direction is Direction.DOWN else "more"

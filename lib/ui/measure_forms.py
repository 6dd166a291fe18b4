"""What a goal is judged by, and the readings that people type. What is counted is never typed: only the target is."""

from datetime import date, timedelta
from math import nan
from typing import Any

import streamlit as st

from lib.queries.goal_story import GoalStory
from lib.rules.goals import Direction, MeasureKind
from lib.services import readings
from lib.ui import goals_reads, reads
from lib.ui.acting import acting
from lib.ui.area_forms import areas_given, comparison_choice, outline_choice
from lib.ui.changes import WORK, changed, submit
from lib.ui.parts import plain
from lib.ui.session import actor

KINDS = {
    MeasureKind.INCIDENTS: "Recorded incidents a month",
    MeasureKind.CONCERNS: "Concerns raised a month",
    MeasureKind.PULSE: "Share of people who feel safe after dark",
    MeasureKind.TYPED: "Something we count ourselves",
}


def measure_form(story: GoalStory) -> None:
    """What the goal is judged by. What is counted is never typed: only the target is."""
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
        outline_choice(story, _category(story))
    elif kind is MeasureKind.CONCERNS:
        names = {category.key: category.name for category in reads.categories() if category.is_public}
        st.selectbox("About what", list(names), format_func=names.__getitem__, key=f"measure_category_{story.card.id}")
    elif kind is MeasureKind.TYPED:
        st.text_input("What is counted", key=f"measure_unit_{story.card.id}", placeholder="dark lamps on the walk")
        st.number_input(
            "How many today", min_value=0.0, value=None, step=1.0, format="%g", key=f"measure_baseline_{story.card.id}"
        )
        st.text_input(
            "Who counts, and how",
            key=f"measure_source_{story.card.id}",
            placeholder="block watch, walk on first Mondays",
        )
    if kind is MeasureKind.PULSE:
        st.number_input("Target, in per cent", 1, 100, 60, key=f"measure_percent_{story.card.id}")
    else:
        st.number_input(
            "Target", min_value=0.0, value=None, step=1.0, format="%g", key=f"measure_target_{story.card.id}"
        )
        st.radio(
            "Better is",
            list(Direction),
            format_func=_direction,
            key=f"measure_direction_{story.card.id}",
            horizontal=True,
        )
    st.date_input("To be reached by", _next_year(), key=f"measure_due_{story.card.id}", format="YYYY-MM-DD")
    if kind in (MeasureKind.INCIDENTS, MeasureKind.CONCERNS):
        comparison_choice(story, kind, _category(story))
    if kind is not MeasureKind.TYPED:
        st.caption("How it was before is counted from the same source, over the last twelve complete months.")
    st.button(
        "Set the measure",
        on_click=acting(
            readings.set_measure,
            arguments=lambda: {"actor": actor(), "goal_uuid": story.card.uuid, **_measure_given(story)},
            done="The measure is set.",
            key=WORK,
            after=changed,
        ),
    )


def reading_form(story: GoalStory) -> None:
    """A dated, sourced reading of a typed measure."""
    unit = story.card.measure.unit if story.card.measure is not None else ""
    with st.form(f"reading_{story.card.id}", border=False):
        st.date_input(
            "Read on", reads.today(), key=f"reading_on_{story.card.id}", format="YYYY-MM-DD", max_value=reads.today()
        )
        st.number_input(
            plain(f"How many: {unit}"),
            min_value=0.0,
            value=None,
            step=1.0,
            format="%g",
            key=f"reading_value_{story.card.id}",
        )
        st.text_input("Source", key=f"reading_source_{story.card.id}", max_chars=300)
        submit(
            "Record the reading",
            readings.record_reading,
            "The reading is recorded.",
            lambda: {
                "actor": actor(),
                "goal_uuid": story.card.uuid,
                "read_on": st.session_state[f"reading_on_{story.card.id}"],
                "value": _number(f"reading_value_{story.card.id}"),
                "source": st.session_state[f"reading_source_{story.card.id}"],
            },
        )


def _measure_given(story: GoalStory) -> dict[str, Any]:
    """What the measure's widgets hold, as `set_measure` takes it."""
    at = story.card.id
    kind = st.session_state[f"measure_kind_{at}"]
    given: dict[str, Any] = {"kind": kind, "due_on": st.session_state[f"measure_due_{at}"]}
    if kind is MeasureKind.PULSE:
        return {**given, "direction": Direction.UP, "target": st.session_state[f"measure_percent_{at}"] / 100}
    given |= {
        "direction": st.session_state[f"measure_direction_{at}"],
        "target": _number(f"measure_target_{at}"),
    }
    if kind is MeasureKind.TYPED:
        return given | {
            "unit": st.session_state[f"measure_unit_{at}"],
            "baseline": st.session_state[f"measure_baseline_{at}"],
            "source": st.session_state[f"measure_source_{at}"],
        }
    return given | {
        "category": _category(story),
        "unit": st.session_state.get(f"measure_unit_{at}", ""),
        **areas_given(story, kind, _category(story)),
    }


def _category(story: GoalStory) -> str:
    return st.session_state.get(f"measure_category_{story.card.id}") or ""


def _number(key: str) -> float:
    """What a number field holds; not a number while it is empty, which services explain."""
    value = st.session_state[key]
    return nan if value is None else float(value)


def _next_year() -> date:
    return reads.today() + timedelta(days=365)


def _direction(direction: Direction) -> str:
    return "fewer" if direction is Direction.DOWN else "more"

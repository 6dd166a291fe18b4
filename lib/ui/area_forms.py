"""Where a measure counts, and what it is compared with: chosen before a goal begins, and never changed after."""

from typing import Any

import streamlit as st

from lib.errors import Invalid
from lib.queries.goal_story import GoalStory
from lib.rules.geography import Point
from lib.rules.goals import MeasureKind
from lib.rules.outlines import LARGEST_RADIUS_M, SMALLEST_RADIUS_M, circle_outline, typed_outline
from lib.ui import area_reads, goals_reads, reads
from lib.ui.area_drawing import drawn_area_choice, what_lies_inside, written_area
from lib.ui.parts import plain

WHOLE = "The whole beat"
DRAWN = "An area I draw or write down"
BEHIND_IT = "Around the middle of its concerns"
USUAL_RADIUS_M = 300


def comparison_choice(story: GoalStory, kind: MeasureKind, category: str) -> None:
    """The beats to compare with, those that were most alike chosen already, and why."""
    own = _own(story)
    labels = {beat.code: beat.label for beat in reads.beats() if beat.id not in own}
    alike = area_reads.similar_beats(own, kind, category, reads.today()) if category else ()
    st.multiselect(
        "Compare with",
        list(labels),
        [beat.code for beat in alike],
        format_func=labels.__getitem__,
        key=_comparison_key(story, kind, category),
        placeholder="Choose beats where nothing new is planned",
    )
    told = (
        "A fall that happens everywhere is no success of this goal: other beats show what would have happened anyway. "
    )
    if alike:
        figures = ", ".join(f"{beat.label} ({float(beat.per_month):,.1f} a month)" for beat in alike)
        told += f"Most like this beat over the last two years, and no neighbours: {figures}."
    else:
        told += "No other beat has enough figures to suggest it."
    st.caption(plain(told))


def outline_choice(story: GoalStory, category: str) -> None:
    """The whole beat, an area of cells or of a pasted polygon, or a circle round a place; and what lies inside it."""
    places = _places(story)
    at = story.card.id
    chosen = st.selectbox("Where", [WHOLE, DRAWN, *places], key=f"measure_place_{at}")
    if chosen == WHOLE:
        return
    if chosen == DRAWN:
        drawn_area_choice(story)
    else:
        st.number_input(
            "Within how many metres",
            SMALLEST_RADIUS_M,
            LARGEST_RADIUS_M,
            USUAL_RADIUS_M,
            step=50,
            key=f"measure_radius_{at}",
        )
    try:
        outline = _outline(story)
    except Invalid as problem:
        st.error(plain(problem.sentence), icon=":material/error:")
        return
    if outline:
        what_lies_inside(story, outline, category)


def areas_given(story: GoalStory, kind: MeasureKind, category: str) -> dict[str, Any]:
    """What the widgets hold, as `set_measure` takes it. Raises Invalid (what is drawn is no area)."""
    given: dict[str, Any] = {
        "comparison_beats": tuple(st.session_state.get(_comparison_key(story, kind, category), ()))
    }
    if kind is not MeasureKind.INCIDENTS:
        return given
    if st.session_state.get(f"measure_place_{story.card.id}") == DRAWN and not written_area(story).strip():
        raise Invalid("The drawn area is empty. Choose cells, paste a polygon, or count the whole beat.", "outline")
    return given | {"outline": _outline(story)}


def _own(story: GoalStory) -> tuple[int, ...]:
    return tuple(beat.id for beat in story.card.beats)


def _comparison_key(story: GoalStory, kind: MeasureKind, category: str) -> str:
    # Another category is another choice: its suggestions come fresh.
    return f"measure_comparison_{story.card.id}_{kind.value}_{category}"


def _places(story: GoalStory) -> dict[str, Point]:
    """Where a circle can be drawn: the middle of the goal's concerns, and the parks and schools of its beats."""
    middle = goals_reads.goal_places((story.card.id,)).get(story.card.id)
    behind = {} if middle is None else {BEHIND_IT: middle}
    return behind | {place.name: place.point for place in area_reads.named_places(_own(story), reads.today())}


def _outline(story: GoalStory) -> str:
    """The area that is chosen; "" for the whole beat, and while none is drawn. Raises Invalid."""
    chosen = st.session_state.get(f"measure_place_{story.card.id}", WHOLE)
    if chosen == DRAWN:
        return typed_outline(written_area(story))
    point = _places(story).get(chosen)
    if point is None:
        return ""
    return circle_outline(*point, float(st.session_state.get(f"measure_radius_{story.card.id}", USUAL_RADIUS_M)))

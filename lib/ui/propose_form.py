"""Proposing a goal: the concerns it grows out of, chosen from a table, then its title and what it is about."""

from collections.abc import Sequence
from uuid import UUID

import pandas as pd
import streamlit as st

from lib.queries.lineage import ProposableRow
from lib.queries.places import BeatRow
from lib.rules.lifecycle import Role
from lib.rules.months import day_in_words
from lib.rules.recurring import RaisedConcern, Recurring, goal_words
from lib.rules.rights import Actor
from lib.rules.states import words
from lib.rules.text import STORY_LENGTH, TITLE_LENGTH, clipped, counted
from lib.services import goals
from lib.ui import goals_reads, pressure_reads, reads
from lib.ui.acting import acting, told
from lib.ui.changes import changed
from lib.ui.links import page_link
from lib.ui.recurring_parts import GROW, name_of
from lib.ui.session import actor

_PROPOSED = "goal_just_proposed"
_TABLE = "propose_concerns"
_FILLED, _GROWN = "propose_filled", "propose_grown"


def propose_form(person: Actor, chosen: BeatRow | None) -> None:
    """Beat, concerns, title, summary. What was just proposed is linked, so that its story can be told at once."""
    told("propose")
    if proposed := st.session_state.get(_PROPOSED):
        page_link("Open the new goal", "goal", id=str(proposed))
    beats = {beat.code: f"Beat {beat.label}" for beat in reads.beats() if _may_propose(person, beat)}
    codes = list(beats)
    code = st.selectbox(
        "For which beat",
        codes,
        index=codes.index(chosen.code) if chosen is not None and chosen.code in beats else 0 if codes else None,
        format_func=beats.__getitem__,
        key="propose_beat",
    )
    if code is None:
        st.text("You are not posted to a beat yet. Ask your coordinator.")
        return
    grown = _grown_out_of(code)
    rows = goals_reads.proposable_concerns(code)
    if grown is None and not rows:
        st.text("There is no open concern in this beat. A goal grows out of what residents raised.")
        return
    if grown is not None:
        _fill(code, grown)
        raised = {each.uuid: each for each in grown.concerns}
        st.multiselect(
            "The concerns that it grows out of",
            list(raised),
            format_func=lambda uuid: _in_short(raised[uuid]),
            key=_GROWN,
        )
    else:
        st.html("<p>Which concerns should it answer? Choose one or more rows (on the keyboard: Shift and Space).</p>")
        st.dataframe(
            _shown(rows),
            hide_index=True,
            height=280,
            key=f"{_TABLE}_{code}",
            on_select="rerun",
            selection_mode="multi-row",
            alt="Open concerns of the beat, the most supported first. Choose those that the goal should answer.",
        )
    st.text_input("Title, as it will stand on the ballot", key="propose_title", max_chars=120)
    st.text_area("What should be different then", key="propose_summary", max_chars=600)
    if grown is not None:
        st.text_area("What is known about it (scanning)", key="propose_scanning", max_chars=STORY_LENGTH, height=120)
    st.button(
        "Propose this goal",
        type="primary",
        on_click=acting(
            goals.propose_goal,
            arguments=lambda: {
                "actor": actor(),
                "title": st.session_state["propose_title"],
                "summary": st.session_state["propose_summary"],
                "beat_codes": [code],
                **(
                    {"concern_uuids": _chosen(rows, f"{_TABLE}_{code}")}
                    if grown is None
                    else {
                        "concern_uuids": st.session_state[_GROWN],
                        "category": grown.category,
                        "scanning": st.session_state["propose_scanning"],
                    }
                ),
            },
            done="The goal is proposed. Next: tell its story, and let the officers answer.",
            key="propose",
            after=_proposed,
        ),
    )


def is_growing() -> bool:
    """Whether the address asks for a goal that grows out of something that recurs."""
    return bool(st.query_params.get(GROW))


def _grown_out_of(code: str) -> Recurring | None:
    """The place or theme that the goal is to grow out of, None where it begins with single concerns."""
    asked = st.query_params.get(GROW, "")
    if not st.toggle("Begin with what recurs on this beat", value=bool(asked), key="propose_from_recurring"):
        return None
    found = pressure_reads.recurring_on(code)
    options = {each.key: each for each in (*found.places, *found.themes)}
    if not options:
        st.text("No place and no theme comes back on this beat. Choose single concerns instead.")
        return None
    if asked and asked not in options and not st.session_state.get(f"propose_recurring_{code}"):
        st.text("What this link is about recurs no more, or on another beat. Choose from the list.")
    key = st.selectbox(
        "What recurs",
        list(options),
        index=list(options).index(asked) if asked in options else None,
        format_func=lambda each: f"{name_of(options[each])} ({counted(len(options[each].concerns), 'concern')})",
        key=f"propose_recurring_{code}",
    )
    return options.get(key) if key else None


def _fill(code: str, grown: Recurring) -> None:
    """Title, summary, story and concerns as they follow from what recurs, once for each: what is typed after stays."""
    if st.session_state.get(_FILLED) == (code, grown.key):
        return
    st.session_state[_FILLED] = (code, grown.key)
    beat = next(each for each in reads.beats() if each.code == code)
    names = {category.key: category.name for category in reads.categories()}
    title, summary, scanning = goal_words(grown, names.get(grown.category, ""), beat.label)
    st.session_state["propose_title"] = clipped(title, TITLE_LENGTH)
    st.session_state["propose_summary"] = summary
    st.session_state["propose_scanning"] = clipped(scanning, STORY_LENGTH)
    st.session_state[_GROWN] = [each.uuid for each in grown.concerns]


def _in_short(raised: RaisedConcern) -> str:
    return f"{day_in_words(raised.raised_on)}: {clipped(' '.join(raised.text.split()), 60) or 'words not public'}"


def _may_propose(person: Actor, beat: BeatRow) -> bool:
    return Role.FACILITATOR in person.roles or beat.code in person.beats


def _shown(rows: Sequence[ProposableRow]) -> pd.DataFrame:
    names = {category.key: category.name for category in reads.categories()}
    return pd.DataFrame(
        {
            "What": [row.text for row in rows],
            "About": [names.get(row.category, row.category) for row in rows],
            "Others say so too": [row.supports for row in rows],
            "Raised on": [row.reported_at.date() for row in rows],
            "Status": [words(row.status) for row in rows],
            "Goals": [row.goals for row in rows],
        }
    )


def _chosen(rows: Sequence[ProposableRow], table: str) -> list[UUID]:
    return [rows[at].uuid for at in st.session_state[table]["selection"]["rows"] if at < len(rows)]


def _proposed(goal_uuid: UUID) -> None:
    st.session_state[_PROPOSED] = goal_uuid
    for key in ("propose_title", "propose_summary"):
        st.session_state[key] = ""
    for key in (_FILLED, _GROWN, "propose_scanning", "propose_from_recurring"):
        st.session_state.pop(key, None)
    st.query_params.pop(GROW, None)
    changed()

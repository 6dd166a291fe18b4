"""Proposing a goal: the concerns it grows out of, chosen from a table, then its title and what it is about."""

from collections.abc import Sequence
from uuid import UUID

import pandas as pd
import streamlit as st

from lib.queries.lineage import ProposableRow
from lib.queries.places import BeatRow
from lib.rules.lifecycle import Role, words
from lib.rules.rights import Actor
from lib.services import goals
from lib.ui import goals_reads, reads
from lib.ui.acting import acting, told
from lib.ui.changes import changed
from lib.ui.links import page_link
from lib.ui.session import actor

_PROPOSED = "goal_just_proposed"
_TABLE = "propose_concerns"


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
    rows = goals_reads.proposable_concerns(code)
    if not rows:
        st.text("There is no open concern in this beat. A goal grows out of what residents raised.")
        return
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
                "concern_uuids": _chosen(rows, f"{_TABLE}_{code}"),
            },
            done="The goal is proposed. Next: tell its story, and let the officers answer.",
            key="propose",
            after=_proposed,
        ),
    )


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
    changed()

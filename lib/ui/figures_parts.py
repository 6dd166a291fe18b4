"""Part of the coordinator's page: figures of a beat, typed in with their day and source."""

from datetime import date

import streamlit as st

from lib.errors import Invalid
from lib.queries.checkin import beat_figures
from lib.rules.checkin import FIGURE_KINDS
from lib.rules.rights import Right
from lib.services.figures import MOST_PEOPLE, enter_figures
from lib.ui import reads
from lib.ui.acting import acting, told
from lib.ui.desk_parts import for_holders, wide
from lib.ui.parts import Column, meta, plain, table
from lib.ui.session import actor


@st.fragment
@for_holders(Right.MANAGE_CITY)
def figures_part() -> None:
    """The figures of one beat, and a form to enter more. The age bands are what a meeting's room is compared with."""
    labels = {beat.code: beat.label for beat in reads.beats()}
    if not labels:
        return
    st.header("Enter figures of a beat", anchor=False)
    st.text(
        "With all four age bands, a meeting can say which ages are missing in the room. Votes are never re-weighted."
    )
    told("figures")
    code = st.selectbox("Beat", list(labels), key="figures_beat", format_func=lambda each: plain(labels[each]))
    st.html(wide(figures_table(code), f"Figures of {labels[code]}", rem=34))
    with st.form("figures", enter_to_submit=False, width=640):
        for kind, words in FIGURE_KINDS.items():
            st.number_input(words, 0, MOST_PEOPLE, None, key=f"figure_{kind}", placeholder="not known", step=1)
        st.text_input("Counted on (year-month-day)", key="figures_as_of", placeholder="2020-04-01", max_chars=10)
        st.text_input("Source", key="figures_source", placeholder="Census 2020, table P12", max_chars=300)
        st.form_submit_button(
            "Save the figures",
            type="primary",
            on_click=acting(
                enter_figures,
                arguments=_typed,
                done="Saved. A figure of the same day was replaced; figures left empty stay as they were.",
                key="figures",
                after=lambda _number: _emptied(),
            ),
        )


def figures_table(code: str) -> str:
    """The latest figure of each kind of a beat, with day and source."""
    known = {row.kind: row for row in beat_figures([code])}
    rows = [
        (words, known[kind].value, f"{known[kind].as_of:%Y-%m-%d}", known[kind].source)
        if kind in known
        else (words, None, "", "not entered yet")
        for kind, words in FIGURE_KINDS.items()
    ]
    columns = [Column("Who"), Column("People", is_number=True), Column("Counted on"), Column("Source")]
    return table("Figures of this beat", columns, rows, hide_caption=True) + meta("The latest of each kind.")


def _typed() -> dict[str, object]:
    try:
        as_of = date.fromisoformat(st.session_state["figures_as_of"].strip())
    except ValueError as cause:
        raise Invalid("Write the day as 2020-04-01.", field="as_of") from cause
    return {
        "actor": actor(),
        "beat_code": st.session_state["figures_beat"],
        "as_of": as_of,
        "source": st.session_state["figures_source"],
        "values": {kind: st.session_state[f"figure_{kind}"] for kind in FIGURE_KINDS},
    }


def _emptied() -> None:
    """Clear the numbers for the next beat; day and source stay, since they are often the same."""
    for kind in FIGURE_KINDS:
        st.session_state[f"figure_{kind}"] = None
    st.cache_data.clear()

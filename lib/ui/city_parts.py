"""Parts of the coordinator's page: how the city is named, which files were taken in, how many adults each beat has."""

from zoneinfo import ZoneInfo

import streamlit as st

from lib.queries.import_runs import ImportRunRow, import_runs
from lib.queries.places import adults_per_beat
from lib.rules.rights import Right
from lib.rules.text import counted
from lib.services.places import name_city
from lib.ui import reads
from lib.ui.acting import acting, told
from lib.ui.desk_parts import for_holders, wide
from lib.ui.parts import Column, Markup, empty_state, meta, pill, plain, table
from lib.ui.session import actor

FIGURES = ("rows", "taken", "without_coordinates", "outside", "duplicate", "unreadable")


@st.fragment
@for_holders(Right.MANAGE_CITY)
def city_part() -> None:
    """Name, time zone and emergency number, as every page shows them."""
    city = reads.city()
    told("city")
    with st.form("city", enter_to_submit=False, width=640):
        st.text_input("Name of the city", city.name, key="city_name", max_chars=120)
        st.text_input("Time zone, as in America/Chicago", city.time_zone, key="city_zone", max_chars=64)
        st.text_input("Emergency number", city.emergency_number, key="city_emergency", max_chars=20)
        st.form_submit_button(
            "Save",
            type="primary",
            on_click=acting(
                name_city,
                arguments=lambda: {
                    "actor": actor(),
                    "name": st.session_state["city_name"],
                    "time_zone": st.session_state["city_zone"].strip(),
                    "emergency_number": st.session_state["city_emergency"].strip(),
                    "languages": city.languages,
                    "is_demonstration": city.is_demonstration,
                },
                done="Saved. Every page shows it within a minute.",
                key="city",
                after=lambda _none: reads.city.clear(),
            ),
        )


def imports_part() -> None:
    """The files that were taken in, the latest first, each with what its report said."""
    runs = import_runs()
    if not runs:
        empty_state(
            "No file was taken in yet",
            "On the machine that runs this: python -m lib import beats FILE, then python -m lib import incidents "
            "FILE; the directory of help: python -m lib import partners FILE.",
        )
        return
    st.html(wide(imports_table(runs), "Imports so far", rem=60))
    for run in runs:
        if run.notes:
            with st.expander(f"Notes on {plain(run.file_name)}, {_moment(run)}"):
                for note in run.notes:
                    st.text(note)
                st.html(meta(f"SHA-256 of the file: {run.sha256}"))


def imports_table(runs: tuple[ImportRunRow, ...]) -> str:
    """One row per file; rows = taken + duplicate + unreadable."""
    return table(
        "Imports so far",
        [
            Column("File"),
            Column("Kind"),
            Column("Taken in"),
            Column("Source"),
            *(Column(name.replace("_", " ").capitalize(), is_number=True) for name in FIGURES),
        ],
        [(run.file_name, run.kind, _moment(run), run.source, *(run.counted(name) for name in FIGURES)) for run in runs],
        hide_caption=True,
    )


def adults_part() -> None:
    """Which beats have a number of adults: without it nothing can be shown per 1,000 adults."""
    adults, beats = adults_per_beat(), reads.beats()
    missing = [beat for beat in beats if beat.code not in adults]
    if missing:
        st.text(
            f"{counted(len(missing), 'beat')} of {len(beats)} {'has' if len(missing) == 1 else 'have'} no number of "
            "adults, so nothing is shown per 1,000 adults there. Enter them above, or on the machine that runs this: "
            "python -m lib import figures FILE --as-of DATE --source WHERE-FROM"
        )
    else:
        st.text(f"All {counted(len(beats), 'beat')} have a number of adults.")
    st.html(
        table(
            "Adults per beat",
            [Column("Beat"), Column("Adults", is_number=True), Column("Figure")],
            [
                (
                    beat.label,
                    adults.get(beat.code),
                    Markup(pill("open", "present") if beat.code in adults else pill("warn", "missing")),
                )
                for beat in beats
            ],
            hide_caption=True,
        )
    )


def _moment(run: ImportRunRow) -> str:
    return f"{run.imported_at.astimezone(ZoneInfo(reads.city().time_zone)):%Y-%m-%d %H:%M}"

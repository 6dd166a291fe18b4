"""Part of the coordinator's page: a directory of help from a file, with the report of what was taken and refused."""

from typing import Any

import streamlit as st

from lib.rules.rights import Right
from lib.rules.text import counted
from lib.services.import_runs import Imported
from lib.services.importing_partners import import_uploaded_partners
from lib.services.partner_rows import LONGEST_SOURCE
from lib.ui import reads, services_reads
from lib.ui.acting import acting, told
from lib.ui.desk_parts import for_holders, wide
from lib.ui.parts import Column, meta, table
from lib.ui.session import actor

REPORT = "directory_upload_report"
SHOWN = 50
"""Refused rows in the table; the file to download has all of them."""

NARROW = 480
"""Pixels: a figure far from its words is read in the wrong line, and one that is swiped for is not read."""

_LABELS = {
    "rows": "rows read",
    "taken": "new or changed",
    "duplicate": "stored already, or twice in the file",
    "unreadable": "refused",
}


@st.fragment
@for_holders(Right.IMPORT_FILES)
def directory_upload_part() -> None:
    """Choose a file, check it, take it in: all of it or nothing."""
    st.header("From a file", anchor=False)
    st.html(
        meta(
            "CSV, TSV, XLSX, or Open Referral (HSDS 3) as JSON or a zip of tables, up to 20 MB. Check it first: a row "
            "that cannot be taken is refused with its reason, and a file that breaks off changes nothing."
        )
    )
    told(REPORT)
    st.file_uploader("The file", type=["csv", "tsv", "txt", "xlsx", "json", "zip", "gz"], key="directory_upload_file")
    st.text_input(
        "Where it comes from; services of the same source that the file names no more are taken off the list",
        "directory",
        key="directory_upload_source",
        max_chars=LONGEST_SOURCE,
    )
    if reads.city().is_demonstration:
        st.checkbox("Add real data to the invented demonstration city all the same", key="directory_upload_invented")
    with st.container(horizontal=True):
        _button("Check the file", dry_run=True)
        _button("Take it in", dry_run=False)
    kept = st.session_state.get(REPORT)
    if kept is not None:
        _report(*kept)


def _button(label: str, *, dry_run: bool) -> None:
    st.button(
        label,
        type="secondary" if dry_run else "primary",
        on_click=acting(
            import_uploaded_partners,
            arguments=lambda: _given(dry_run=dry_run),
            done="Checked: nothing was stored." if dry_run else "Taken in.",
            key=REPORT,
            after=lambda done: _keep(done, dry_run=dry_run),
        ),
    )


def _given(*, dry_run: bool) -> dict[str, Any]:
    st.session_state.pop(REPORT, None)
    file = st.session_state.get("directory_upload_file")
    return {
        "actor": actor(),
        "file_name": file.name if file else "",
        "content": file.getvalue() if file else b"",
        "source": st.session_state["directory_upload_source"],
        "dry_run": dry_run,
        "into_demonstration": bool(st.session_state.get("directory_upload_invented")),
    }


def _keep(done: Imported, *, dry_run: bool) -> None:
    st.session_state[REPORT] = (done, dry_run)
    services_reads.forget()


def _report(done: Imported, dry_run: bool) -> None:
    report = done.report
    with st.container(width=NARROW):
        st.html(report_table(done, dry_run=dry_run))
    for note in report.notes:
        st.text(note)
    if not report.refused:
        return
    st.html(wide(refused_table(done), "Refused rows", rem=60))
    st.download_button(
        f"All {counted(len(report.refused), 'refused row')} as a CSV file",
        report.refused_csv(),
        "refused.csv",
        "text/csv",
        key="directory_upload_refused",
    )


def report_table(done: Imported, *, dry_run: bool) -> str:
    """The figures of a report, whether it was taken in or only checked."""
    counts = done.report.counts()
    rows = [(label, counts[name]) for name, label in _LABELS.items()]
    rows += [(name.replace("_", " "), number) for name, number in done.further.items()]
    heading = "The file would change" if dry_run else "The file has changed"
    return table(heading, [Column(""), Column("number", is_number=True)], rows)


def refused_table(done: Imported) -> str:
    """The first refused rows, each with its line and reason."""
    return table(
        "Refused rows",
        [Column("Line", is_number=True), Column("Why"), Column("The row")],
        [(row.line, row.reason, row.raw[:200]) for row in done.report.refused[:SHOWN]],
    )

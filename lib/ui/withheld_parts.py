"""What moderators kept back and why, for everybody, without the words."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from lib.queries.moderation import KeptBack, kept_back
from lib.rules.moderation import REASON_WORDS
from lib.rules.text import counted
from lib.ui import reads
from lib.ui.desk_parts import wide
from lib.ui.parts import Column, empty_state, table

WHAT = {"words": "Words", "photo": "A photo"}
ROLES = {"facilitator": "Facilitator", "coordinator": "Coordinator"}


@st.cache_data(ttl=15, show_spinner=False)
def kept() -> tuple[KeptBack, ...]:
    """The rows, the latest month first."""
    return kept_back()


def withheld_part() -> None:
    """The table, and how much it is in one sentence."""
    rows = kept()
    if not rows:
        empty_state("Nothing was kept back", "Everything that residents wrote here is public as they wrote it.")
        return
    withheld = sum(row.decision == "withheld" for row in rows)
    st.text(
        f"{counted(len(rows) - withheld, 'text')} with something taken out, {counted(withheld, 'text or photo', 'texts or photos')} "
        "withheld. The concerns themselves are counted like all others, and the officers of the beat can read them."
    )
    st.html(wide(withheld_table(rows), "What was kept back"))


def withheld_table(rows: Sequence[KeptBack]) -> str:
    """One row for each decision that stands; the reason first, so that a phone shows it without a swipe."""
    names = {category.key: category.name for category in reads.categories()}
    return table(
        "What was kept back",
        [
            Column("Why"),
            Column("Kept back"),
            Column("Of a concern about"),
            Column("Month"),
            Column("Decided by"),
        ],
        [
            (
                REASON_WORDS[row.reason],
                f"{WHAT[row.what]}, {row.decision}",
                f"{names.get(row.category, row.category)} in {row.beat}",
                _month(row.month),
                ROLES.get(row.role, row.role),
            )
            for row in rows
        ],
        hide_caption=True,
    )


def _month(month: date) -> str:
    return f"{month:%B %Y}"

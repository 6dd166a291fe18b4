"""Parts of the auditor's page: the log's entries, filtered and page by page, and whether its chain holds."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from lib import clock
from lib.queries.log import LogFilter, LogRow, LogState, log_count, log_entries, log_frame, log_state, log_words
from lib.queries.people import people
from lib.rules.rights import Right
from lib.rules.text import counted
from lib.services.log import broken_link
from lib.ui import reads
from lib.ui.desk_parts import for_holders, wide
from lib.ui.parts import Column, Markup, empty_state, meta, pill, table

PER_PAGE = 50

PERIODS: dict[str, timedelta | None] = {
    "Any time": None,
    "Last 24 hours": timedelta(days=1),
    "Last 7 days": timedelta(days=7),
    "Last 30 days": timedelta(days=30),
}
ANY = "any"


@st.cache_data(ttl=60, show_spinner="Recomputing every link of the chain …")
def first_broken_link(last_digest: str) -> int | None:
    """The first position that does not match its entry, for the chain that ends in this digest."""
    return broken_link()


@st.cache_data(ttl=60, show_spinner=False)
def words_in_the_log() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The actions and subjects to choose from."""
    return log_words()


def chain_part() -> None:
    """Whether the chain holds: every link is recomputed from its entry."""
    state = log_state()
    broken = first_broken_link(state.last_digest)
    st.html(
        f"<p>{chain_pill(state, broken)}</p>"
        + meta(
            f"{counted(state.linked, 'entry', 'entries')} of {state.entries:,} are chained; each link is the SHA-256 "
            f"of the one before it and its entry. The last one begins with {state.last_digest[:12] or '–'}. "
            "On the machine: python -m lib log verify"
        )
    )


def chain_pill(state: LogState, broken: int | None) -> str:
    """The chain's state in one phrase."""
    if broken is not None:
        return pill("closed", f"The chain is broken at position {broken}", "link_off")
    if not state.linked:
        return pill("quiet", "Nothing is chained yet")
    return pill("open", "Every link holds", "link")


@st.fragment
@for_holders(Right.READ_LOG)
def entries_part() -> None:
    """Filters, one page of entries, the way to the next, and the download."""
    wanted = _chosen_filter()
    number = log_count(wanted)
    pages = max(1, -(-number // PER_PAGE))
    page = min(int(st.session_state.get("log_page", 1)), pages)
    if not number:
        empty_state("No entry fits", "Choose other filters.")
        return
    st.text(f"{counted(number, 'entry', 'entries')}, newest first. Page {page} of {pages}.")
    rows = log_entries(wanted, page=page, per_page=PER_PAGE)
    st.html(wide(entries_table(rows), "Entries of the log", rem=56))
    with st.container(horizontal=True):
        st.button("Newer", disabled=page == 1, on_click=_turn_to, args=(page - 1,))
        st.button("Older", disabled=page == pages, on_click=_turn_to, args=(page + 1,))
        st.download_button(
            "Download as CSV",
            lambda: log_frame(wanted).to_csv(index=False),
            "common-beat-log.csv",
            "text/csv",
            on_click="ignore",
        )


def entries_table(rows: Sequence[LogRow]) -> str:
    """Entries as a table; ids and digests only, as they are kept, but the second person by name as the first."""
    zone = ZoneInfo(reads.city().time_zone)
    names = {row.id: row.name for row in people()} if any("second" in row.facts for row in rows) else {}
    return table(
        "Entries of the log",
        [Column("When"), Column("Who"), Column("What"), Column("On"), Column("Facts"), Column("Chain")],
        [
            (
                f"{row.happened_at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
                row.actor or "–",
                row.action.replace("_", " "),
                f"{row.subject.replace('_', ' ')} {row.subject_id}",
                "; ".join(_fact(name, value, names) for name, value in sorted(row.facts.items())),
                f"{row.position}: {(row.digest or '')[:8]}" if row.position else Markup(pill("quiet", "soon")),
            )
            for row in rows
        ],
        hide_caption=True,
    )


def _fact(name: str, value: object, names: Mapping[int, str]) -> str:
    said = names.get(value, value) if name == "second" and isinstance(value, int) else value
    return f"{name.replace('_', ' ')}: {said}"


def _chosen_filter() -> LogFilter:
    actions, subjects = words_in_the_log()
    names = {row.id: row.name for row in people()}
    with st.container(horizontal=True):
        action = _choice("What", {ANY: "Anything", **{word: word.replace("_", " ") for word in actions}}, "log_action")
        subject = _choice("On", {ANY: "Anything", **{word: word.replace("_", " ") for word in subjects}}, "log_subject")
        person = _choice("Who", {ANY: "Anybody", **{str(number): name for number, name in names.items()}}, "log_person")
        period = _choice("When", {name: name for name in PERIODS}, "log_period")
    span = PERIODS[period]
    return LogFilter(
        action="" if action == ANY else action,
        subject="" if subject == ANY else subject,
        actor_id=None if person == ANY else int(person),
        since=_minute_ago(span) if span else None,
    )


def _choice(label: str, names: dict[str, str], key: str) -> str:
    chosen = st.selectbox(
        label, list(names), format_func=lambda word: names[word], key=key, on_change=_turn_to, args=(1,)
    )
    return str(chosen)


def _minute_ago(span: timedelta) -> datetime:
    return clock.now().replace(second=0, microsecond=0) - span


def _turn_to(page: int) -> None:
    st.session_state["log_page"] = page

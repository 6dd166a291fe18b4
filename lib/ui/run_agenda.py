"""The agenda as it runs: planned and real times, the present step with what is left of its time box."""

from datetime import timedelta
from html import escape

import streamlit as st

from lib.errors import Explained
from lib.queries.meetings import AgendaRow, MeetingDetail
from lib.rules.agenda import DraftItem
from lib.rules.console import lateness, time_box
from lib.rules.lifecycle import MeetingState
from lib.rules.rights import Actor
from lib.rules.text import clipped, counted
from lib.services import agenda, meetings
from lib.services.meeting_changes import take_back_agenda_step
from lib.ui import voting_reads
from lib.ui.live_agenda import present_step
from lib.ui.parts import Column, plain, table
from lib.ui.run_order import ordering
from lib.ui.run_preview import hour
from lib.ui.run_reads import Console
from lib.ui.run_telling import doing, said

SHOWN = 8
"""Steps that stand on the console at once, so that it fits one laptop screen."""

_TITLE = 64


def agenda_card(of: Console) -> None:
    """Where the evening stands, and the button that begins the next step."""
    steps = of.detail.agenda
    now = present_step(steps)
    is_open = of.detail.meeting.state is MeetingState.OPEN
    late = f", {_late(now, of)}" if now is not None and is_open else ""
    st.header(f"Agenda{late}", anchor=False)
    said("agenda")
    if not steps:
        st.text("Nothing planned yet. Let it be drafted from what is open, under “Agenda” below.")
        return
    st.html(f'<ol class="run-agenda">{"".join(_around(of, steps, now))}</ol>')
    following = _following(steps, now)
    if is_open and following is not None:
        st.button(
            plain(f"Begin: {clipped(following.title, _TITLE)}"),
            icon=":material/play_arrow:",
            key=f"begin_{following.id}",
            shortcut=of.letter("A"),
            width="stretch",
            on_click=doing(
                meetings.begin_agenda_item,
                arguments={"actor": of.person, "meeting_id": of.detail.meeting.id, "item_id": following.id},
                place="agenda",
            ),
        )
    if is_open and now is not None:
        _back(of, now)


def _back(of: Console, now: AgendaRow) -> None:
    st.button(
        "Back to the step before" if now.position > 1 else "Not begun yet",
        icon=":material/undo:",
        key="agenda_back",
        type="tertiary",
        on_click=doing(
            take_back_agenda_step,
            arguments={"actor": of.person, "meeting_id": of.detail.meeting.id},
            place="agenda",
        ),
    )


def agenda_forms(person: Actor, detail: MeetingDetail) -> None:
    """Draft the agenda, order the steps, change one, take one off, add one."""
    about = {"actor": person, "meeting_id": detail.meeting.id}
    _draft(about, detail)
    if detail.agenda:
        ordering(
            "Step",
            {step.id: f"{step.title} ({step.minutes} min)" for step in detail.agenda},
            key="order_agenda",
            reorder=meetings.reorder_agenda,
            order=lambda ids: {**about, "item_ids": ids},
            drop=meetings.drop_agenda_item,
            dropped=lambda item: {**about, "item_id": item},
        )
        _change(about, detail)
    rounds = {each.id: f"Round {each.number}: {each.question}" for each in detail.rounds}
    with st.form("agenda", border=False, clear_on_submit=True):
        st.text_input("Another step", key="a_title", max_chars=160)
        left, right = st.columns(2)
        left.number_input("Minutes", 1, meetings.LONGEST_STEP, 10, key="a_minutes")
        right.selectbox("A vote?", [None, *rounds], key="a_round", format_func=lambda key: rounds.get(key, "No"))
        st.form_submit_button(
            "Add to the agenda",
            on_click=doing(
                meetings.add_agenda_item,
                arguments=lambda: {
                    **about,
                    "title": st.session_state["a_title"],
                    "minutes": int(st.session_state["a_minutes"]),
                    "round_id": st.session_state["a_round"],
                },
                done="Added.",
                place="add_step",
            ),
        )
        said("add_step")


def _draft(about: dict[str, object], detail: MeetingDetail) -> None:
    """What a draft would write, shown before it is written."""
    said("draft_agenda")
    key = f"draft_shown_{detail.meeting.id}"
    st.session_state.setdefault(key, not detail.agenda)
    shown = st.toggle(
        "Draft from what is open in the beat",
        key=key,
        help="Steps that you typed or changed stay as they are, and so does what has begun.",
    )
    if not shown:
        return
    try:
        drafted = voting_reads.agenda_draft(detail.meeting)
    except Explained as problem:
        st.warning(plain(problem.sentence), icon=":material/warning:")
        return
    titles = {step.id: step.title for step in detail.agenda}
    rows = [
        (item.title, f"{item.minutes} min", "new")
        if isinstance(item, DraftItem)
        else (titles.get(item.order, "–"), f"{item.minutes} min", "stays")
        for item in drafted
    ]
    columns = [Column("Step"), Column("Time", is_number=True), Column("")]
    st.html(table("This would be the agenda", columns, rows))
    st.button(
        "Write this agenda",
        icon=":material/auto_fix_high:",
        key="draft_agenda",
        type="primary",
        on_click=doing(
            agenda.draft_agenda,
            arguments={"actor": about["actor"], "meeting_id": about["meeting_id"]},
            done="The agenda is written. Change, order and add steps below.",
            place="draft_agenda",
            after=lambda _written: st.session_state.update({key: False}),
        ),
    )


def _change(about: dict[str, object], detail: MeetingDetail) -> None:
    """Another title or time box for the step chosen above."""
    chosen = next(
        (step for step in detail.agenda if step.id == st.session_state.get("order_agenda_chosen")), detail.agenda[0]
    )
    said("change_step")
    # The key names the step, so that its fields never show another one's words.
    title, minutes = f"c_title_{chosen.id}", f"c_minutes_{chosen.id}"
    with st.form(f"change_{chosen.id}", border=False):
        left, right = st.columns([3, 1])
        left.text_input("Its title", chosen.title, key=title, max_chars=agenda.STEP_TITLE)
        right.number_input("Its minutes", 1, meetings.LONGEST_STEP, chosen.minutes, key=minutes)
        st.form_submit_button(
            "Change this step",
            on_click=doing(
                agenda.change_agenda_item,
                arguments=lambda: {
                    **about,
                    "item_id": chosen.id,
                    "title": st.session_state[title],
                    "minutes": int(st.session_state[minutes]),
                },
                done="Changed.",
                place="change_step",
            ),
        )


def _around(of: Console, steps: tuple[AgendaRow, ...], now: AgendaRow | None) -> list[str]:
    """The steps round the present one: the last of those before it and the next ones, the others as a number."""
    at = 0 if now is None else steps.index(now)
    first = max(at - 1, 0)
    shown = steps[first : first + SHOWN]
    rest = len(steps) - first - len(shown)
    earlier = f'<li class="is-past"><time></time><span>{counted(first, "earlier step")} done</span></li>'
    later = f"<li><time></time><span>and {counted(rest, 'more step')}</span></li>"
    return [earlier] * (first > 0) + [_item(of, step, now) for step in shown] + [later] * (rest > 0)


def _following(steps: tuple[AgendaRow, ...], now: AgendaRow | None) -> AgendaRow | None:
    """The step to begin next: the first one that was not begun after the present one."""
    after = 0 if now is None else now.position
    return next((step for step in steps if step.position > after and step.started_at is None), None)


def _late(step: AgendaRow, of: Console) -> str:
    """How late: begun late, or run over meanwhile, whichever is more."""
    if step.started_at is None:
        return "on time"
    run_over = of.now - timedelta(minutes=step.minutes)
    return lateness(step.starts_at, max(step.started_at, run_over))


def _item(of: Console, step: AgendaRow, now: AgendaRow | None) -> str:
    time = hour(step.started_at or step.starts_at, of.city)
    title = escape(clipped(step.title, _TITLE))
    if step is now and step.started_at is not None and of.detail.meeting.state is MeetingState.OPEN:
        left = time_box(step.started_at, step.minutes, of.now)
        return (
            f'<li class="is-now" aria-current="step"><time>{time}</time><span><b>{title}</b>'
            f"<small>{left}, planned {hour(step.starts_at, of.city)}</small></span><i>{step.minutes}&nbsp;min</i></li>"
        )
    is_past = now is not None and step.position < now.position
    done = ' <small class="run-done">done</small>' if is_past else ""
    kind = ' class="is-past"' if is_past else ""
    return f"<li{kind}><time>{time}</time><span>{title}{done}</span><i>{step.minutes}&nbsp;min</i></li>"

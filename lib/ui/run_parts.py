"""The facilitator's console in parts: the state in one line, the row of steps, what the room sees, who has voted."""

from html import escape
from pathlib import Path

import streamlit as st

from lib.queries.live import LiveSnapshot
from lib.queries.voting import RoundRow
from lib.rules.console import Phase, phase_of
from lib.rules.lifecycle import Electorate, MeetingState, RoundState
from lib.rules.text import counted
from lib.rules.voting import Display, RoundMode
from lib.services import meetings
from lib.ui.live_marks import Drawing
from lib.ui.live_result import answers_waiting
from lib.ui.parts import Column, Markup, bar, table
from lib.ui.run_preview import countdown, hour, room_preview
from lib.ui.run_reads import Console
from lib.ui.run_telling import doing, said

_PHASES = {
    Phase.PREPARED: "Prepared",
    Phase.OPEN: "Open",
    Phase.CLOSED: "Closed",
    Phase.RECONCILED: "Slips counted",
    Phase.COUNTED: "Counted",
    Phase.PUBLISHED: "Published",
}


def style() -> None:
    """The console's own sheet."""
    st.html(Path(__file__).with_name("run.css"))


def state_line(of: Console) -> str:
    """Where the meeting stands, in one line."""
    shown = of.shown
    if of.detail.meeting.state is not MeetingState.OPEN:
        is_planned = of.detail.meeting.state is MeetingState.PLANNED
        return "The meeting has not begun" if is_planned else "The meeting is over"
    if shown is None or of.standing is None:
        return _after(of.last) if of.last else "The meeting is open"
    if of.standing.state is RoundState.DRAFT:
        return f"{_after(of.last)} · round {shown.number} is next" if of.last else f"Round {shown.number} is next"
    return f"Round {shown.number} is {_standing_words(of)}"


def _standing_words(of: Console) -> str:
    match of.standing.state if of.standing else None:
        case RoundState.OPEN:
            return f"open · {who_voted(of.snapshot)} · closes in {countdown(of.snapshot.seconds_left)}"
        case RoundState.SEALED:
            return "counted and not yet published"
        case _ if of.standing and of.standing.waits_for_dice:
            return "closed · goals are level, dice decide"
        case RoundState.PAPER:
            return "closed · paper ballots are typed in"
        case _:
            return "closed and not yet counted"


def who_voted(snapshot: LiveSnapshot) -> str:
    """Turnout of both sides in words; sides are never added up."""
    return ", ".join(f"{side.value} {each.cast} of {each.issued}" for side, each in snapshot.turnout.items())


def round_steps(of: Console, row: RoundRow) -> str:
    """The row of steps of the present round, each with what belongs to it."""
    now = phase_of(of.standing) if of.standing else Phase.PREPARED
    phases = [phase for phase in Phase if row.mode is RoundMode.MEETING or phase is not Phase.RECONCILED]
    if row.mode is RoundMode.OPEN_ROOM and now is Phase.RECONCILED:
        now = Phase.CLOSED
    items = []
    for phase in phases:
        is_now = phase is now
        past = phases.index(phase) < phases.index(now)
        mark = "is-now" if is_now else "is-past" if past else ""
        current = ' aria-current="step"' if is_now else ""
        note = escape(_note(phase, of, row))
        items.append(f'<li class="{mark}"{current}>{_PHASES[phase]}<small>{note}</small></li>')
    return f'<ol class="cb-steps run-steps">{"".join(items)}</ol>'


def room_card(of: Console) -> None:
    """What the room sees, and the four things it can be shown."""
    st.header("The room sees now", anchor=False)
    drawing = Drawing(city=of.city, now=of.now)
    st.html(room_preview(of.snapshot, drawing))
    if waiting := answers_waiting(of.snapshot, drawing):
        _say_answers_wait(of, waiting)
    said("room")
    if of.may_run and of.detail.meeting.state is MeetingState.OPEN:
        display = of.detail.meeting.display
        with st.container(horizontal=True, gap="small", key="run_displays"):
            for wish, label, glyph, key in (
                (Display.VOTE, "The vote", "how_to_vote", "V"),
                (Display.LOBBY, "Lobby: how to join", "qr_code_2", "L"),
                (Display.AGENDA, "The agenda", "list", "T"),
                (Display.COVERED, "Cover the display", "visibility_off", "B"),
            ):
                st.button(
                    label,
                    icon=f":material/{glyph}:",
                    key=f"display_{wish.value}",
                    shortcut=of.letter(key),
                    disabled=display is wish,
                    type="secondary",
                    on_click=doing(
                        meetings.show_in_room,
                        arguments={"actor": of.person, "meeting_id": of.detail.meeting.id, "display": wish},
                        place="room",
                    ),
                )
    st.html(turnout_table(of.snapshot))
    address = f"/live?meeting={of.detail.meeting.uuid}"
    st.html(
        f'<p class="cb-meta"><a href="{address}" target="_blank" rel="noopener">Open the live display</a> · '
        f'<a href="{address}&amp;preview=" target="_blank" rel="noopener">Rehearse what it can show</a></p>'
    )


def _say_answers_wait(of: Console, waiting: int) -> None:
    """Answers never turn the room's page by themselves: what turns it."""
    row = of.snapshot.round
    link = (
        f' Or <a href="/live?meeting={of.detail.meeting.uuid}&amp;round={row.uuid}" target="_blank" rel="noopener">open '
        "them on a screen of their own</a>."
        if row is not None
        else ""
    )
    st.html(
        f"<p>{counted(waiting, 'written answer has', 'written answers have')} come in. The room keeps the result until you "
        f"begin the next step of the agenda.{link}</p>"
    )


def turnout_table(snapshot: LiveSnapshot) -> str:
    """Who has voted, per side, as bars with figures."""
    rows = [
        (
            side.value.capitalize(),
            Markup(bar(turnout.cast / turnout.issued if turnout.issued else 0)),
            f"{turnout.cast} of {turnout.issued}",
        )
        for side, turnout in snapshot.turnout.items()
    ]
    return table("Who has voted", [Column("Side"), Column("Turnout"), Column("Ballots", True)], rows)


def _after(row: RoundRow | None) -> str:
    if row is None:
        return ""
    return f"Round {row.number} is set aside" if row.set_aside else f"Round {row.number} is published"


def _note(phase: Phase, of: Console, row: RoundRow) -> str:
    match phase:
        case Phase.PREPARED:
            return counted(len(row.candidates), "goal")
        case Phase.OPEN:
            return f"since {hour(row.opened_at, of.city)}" if row.opened_at else f"{row.minutes} minutes"
        case Phase.CLOSED:
            ends = row.closed_at or row.closes_at
            return ("at " if row.closed_at else "by itself at ") + hour(ends, of.city) if ends else "by hand or timer"
        case Phase.RECONCILED:
            return "both sides agree" if of.standing and of.standing.agrees else "each side must agree"
        case Phase.COUNTED:
            return "no vote can be traced"
        case Phase.PUBLISHED:
            return "anyone can recount"


def side_words(side: Electorate) -> str:
    """A side at the beginning of a line."""
    return side.value.capitalize()

"""The facilitator's console in parts: the state in one line, the row of steps, what the room sees, who has voted."""

from datetime import datetime
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

import streamlit as st

from lib.queries.live import LiveLine, LiveSnapshot
from lib.queries.places import CityRow
from lib.queries.voting import RoundRow
from lib.rules.ballots import short_hash
from lib.rules.console import Phase, phase_of
from lib.rules.lifecycle import Electorate, MeetingState, RoundState, words
from lib.rules.text import counted, percent
from lib.rules.voting import Display, RoundMode
from lib.services import meetings
from lib.ui.live_agenda import agenda_heading, agenda_pill
from lib.ui.parts import Column, Markup, bar, table
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


def hour(moment: datetime, city: CityRow, *, seconds: bool = False) -> str:
    """A time of day in the city."""
    return moment.astimezone(ZoneInfo(city.time_zone)).strftime("%H:%M:%S" if seconds else "%H:%M")


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


def countdown(seconds: int) -> str:
    """Time left as a clock shows it.

    >>> countdown(252)
    '4:12'
    """
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}:{rest:02d}"


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
    st.html(room_preview(of.snapshot, of.city))
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
                    shortcut=key,
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


def room_preview(snapshot: LiveSnapshot, city: CityRow) -> str:
    """What the room sees at this moment, small."""
    shown = snapshot.round
    if snapshot.is_covered:
        return (
            '<div class="cb-room is-covered"><p>The display is covered. The room sees the meeting’s title and nothing '
            "else.</p></div>"
        )
    if snapshot.on_agenda:
        head = (agenda_heading(snapshot), "Agenda")
        inside = f'<p class="run-inside"><b>{escape(agenda_pill(snapshot))}</b>with what is left of its time</p>'
    elif shown is None or snapshot.in_lobby:
        head = ("How to join", "Lobby")
        inside = '<p class="run-inside"><b>The code to join, in large</b>your vote is secret</p>'
    else:
        word, inside = _of_the_vote(snapshot)
        head = (shown.question, word)
    hides_vote = snapshot.in_lobby or snapshot.on_agenda
    left = countdown(snapshot.seconds_left) if snapshot.seconds_left and not hides_vote else ""
    clock = f'<b class="run-clock">{left}</b>' if left else ""
    return (
        f'<div class="cb-room"><div class="top"><b>{escape(head[0])}</b><span>{head[1]} {clock}</span></div>{inside}'
        f'<div class="foot"><b>{escape(snapshot.join_address.split("://")[-1])}</b>'
        f"<span>as of {hour(snapshot.as_of, city, seconds=True)}</span></div></div>"
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


def _of_the_vote(snapshot: LiveSnapshot) -> tuple[str, str]:
    """What stands at the upper right of the picture, and what is in its middle."""
    if snapshot.dice_hash:
        said_large = f"<b>Level: dice decide</b>fingerprint {short_hash(snapshot.dice_hash)}"
        return "Voting closed", f'<p class="run-inside">{said_large}</p>'
    if snapshot.tally is not None:
        word = "Show of hands" if snapshot.is_live else "Result"
        return word, f"<ul>{''.join(_line(line, snapshot.is_live) for line in snapshot.lines)}</ul>"
    is_open = snapshot.state is RoundState.OPEN
    told_large = "Results are shown when voting closes" if is_open else "Voting is closed. The result comes soon"
    word = '<i class="cb-pill is-open">Voting open</i>' if is_open else "Voting closed"
    return word, f'<p class="run-inside"><b>{told_large}</b>choose any number of goals</p>'


def _line(line: LiveLine, is_live: bool) -> str:
    approval = line.outcome.residents_approval if line.outcome else None
    share = percent(approval) if approval is not None else "–"
    place = f"{line.outcome.place}. " if line.outcome and line.outcome.place and not is_live else ""
    ending = f"<small>{words(line.outcome.ending)}</small> " if line.outcome and not is_live else ""
    return f"<li><span>{place}{escape(line.candidate.title)}</span> <b>{ending}{share}</b></li>"


def side_words(side: Electorate) -> str:
    """A side at the beginning of a line."""
    return side.value.capitalize()

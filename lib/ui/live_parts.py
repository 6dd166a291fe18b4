"""The projector's screens as finished HTML, from one snapshot. Every text of people is escaped.

The display is drawn anew each second: bars glide from the last drawn share to the present one, and a chip that stays
invisible for eight seconds after each drawing says by itself when the connection is lost, without any script.
"""

from enum import Enum
from html import escape

from lib.queries.live import LiveSnapshot
from lib.rules.lifecycle import Electorate, MeetingState, RoundState
from lib.rules.text import counted
from lib.rules.voting import RoundMode
from lib.ui.live_agenda import agenda_heading, agenda_html, agenda_pill
from lib.ui.live_lobby import (
    COVER_HEADING,
    OVER_HEADING,
    cover_html,
    lobby_heading,
    lobby_html,
    lobby_pill,
    over_html,
)
from lib.ui.live_marks import Drawing, clock_of, share_of
from lib.ui.live_result import result_heading, result_html
from lib.ui.live_vote import dice_html, vote_pill, voting_html
from lib.ui.parts import icon

LONG_HEADING, VERY_LONG_HEADING = 42, 100

REHEARSAL = "Rehearsal: invented votes"


class Scene(Enum):
    """Which of the display's screens is on."""

    COVER = "cover"
    LOBBY = "lobby"
    AGENDA = "agenda"
    VOTE = "vote"
    DICE = "dice"
    RESULT = "result"
    OVER = "over"


def scene_of(snapshot: LiveSnapshot, *, names_round: bool = False) -> Scene:
    """The screen for a snapshot. The facilitator's cover goes before everything, agenda and lobby before a vote; after the
    meeting a vote is shown only to those whose address names it."""
    if snapshot.is_covered:
        return Scene.COVER
    if snapshot.meeting.state in (MeetingState.CLOSED, MeetingState.MINUTED) and not names_round:
        return Scene.OVER
    if snapshot.on_agenda:
        return Scene.AGENDA
    if snapshot.in_lobby or snapshot.round is None:
        return Scene.LOBBY
    if snapshot.state is RoundState.PUBLISHED:
        return Scene.RESULT
    return Scene.DICE if snapshot.dice_hash else Scene.VOTE


def live_html(snapshot: LiveSnapshot, drawing: Drawing) -> str:
    """The whole display."""
    scene = scene_of(snapshot, names_round=drawing.names_round)
    if scene is Scene.COVER:
        return _framed(cover_html(snapshot), snapshot, drawing, chips=_rehearsal(drawing))
    state = ""
    match scene:
        case Scene.LOBBY:
            body, state = lobby_html(snapshot, drawing), lobby_pill(snapshot, drawing)
        case Scene.AGENDA:
            body, state = agenda_html(snapshot, drawing), escape(agenda_pill(snapshot))
        case Scene.OVER:
            body, state = over_html(snapshot, drawing), "Meeting over"
        case Scene.RESULT:
            body, state = result_html(snapshot, drawing), f"{icon('verified')} Result, counted and published"
        case Scene.DICE:
            body = dice_html(snapshot)
        case _:
            body = voting_html(snapshot, drawing)
    pill = f'<p class="lv-pill is-quiet">{state}</p>' if state else vote_pill(snapshot)
    whole = f"{_top(snapshot, drawing, scene, scene_heading(snapshot, drawing), pill)}{body}"
    return _framed(whole, snapshot, drawing, lost=_lost(snapshot, drawing))


def scene_heading(snapshot: LiveSnapshot, drawing: Drawing) -> str:
    """What stands in the largest letters of the screen that is on."""
    match scene_of(snapshot, names_round=drawing.names_round):
        case Scene.COVER:
            heading = COVER_HEADING
        case Scene.LOBBY:
            heading = lobby_heading(snapshot)
        case Scene.AGENDA:
            heading = agenda_heading(snapshot)
        case Scene.OVER:
            heading = OVER_HEADING
        case Scene.RESULT:
            heading = result_heading(snapshot, drawing)
        case Scene.DICE:
            heading = "A tie. The dice decide"
        case Scene.VOTE:
            heading = snapshot.round.question if snapshot.round is not None else ""
    return heading


def notice_html(title: str, sentence: str = "", *, is_rehearsal: bool = False) -> str:
    """What the room sees when there is nothing to show, or the database is away before anything was."""
    said = f"<span>{escape(sentence)}</span>" if sentence else ""
    label = f'<span class="lv-rehearsal">{REHEARSAL}</span>' if is_rehearsal else ""
    return (
        f'<div class="lv{" is-rehearsal" if is_rehearsal else ""}"><div class="lv-line"><span>Live display</span>{label}'
        '</div><div class="lv-top"><h1>Common Beat</h1></div>'
        f'<div class="lv-body"><div class="lv-panel"><b>{escape(title)}</b>{said}</div></div></div>'
    )


def live_shares(snapshot: LiveSnapshot) -> dict[str, float]:
    """The widths that `live_html` draws for this snapshot, by the bar's name."""
    shares = {f"turnout {side.value}": float(share_of(turnout)) for side, turnout in snapshot.turnout.items()}
    for line in snapshot.lines:
        if line.outcome is not None:
            goal = line.candidate.goal_uuid
            shares[f"residents {goal}"] = float(line.outcome.residents_approval or 0)
            shares[f"officers {goal}"] = float(line.outcome.officers_approval or 0)
    return shares


def who_voted(snapshot: LiveSnapshot) -> str:
    """Turnout in words, each side for itself: sides are never added up."""
    residents, officers = (snapshot.turnout[side].cast for side in (Electorate.RESIDENTS, Electorate.OFFICERS))
    return f"{counted(residents, 'resident')} and {counted(officers, 'officer')} have voted"


def _framed(body: str, snapshot: LiveSnapshot, drawing: Drawing, *, chips: str = "", lost: str = "") -> str:
    rehearsal = " is-rehearsal" if drawing.is_rehearsal else ""
    # The browser draws anew only what differs: without the second in it, a quiet lobby would seem to have stopped.
    seen = clock_of(snapshot.as_of, drawing.city, seconds=True)
    state = f'class="lv{rehearsal}{" is-lost" if drawing.trouble else ""}" data-seen="{seen}"'
    return f"<div {state}>{chips}{body}{lost}</div>"


def _top(snapshot: LiveSnapshot, drawing: Drawing, scene: Scene, heading: str, pill: str) -> str:
    shown = snapshot.round
    where, rest = f"{snapshot.meeting.title} · Beat {snapshot.meeting.beat_labels}", ""
    chips = _rehearsal(drawing)
    if drawing.city.is_demonstration and not drawing.is_rehearsal:
        chips += '<span class="lv-demo">Demonstration, invented people</span>'
    if shown is not None and scene in (Scene.VOTE, Scene.DICE, Scene.RESULT):
        rest = f'<span class="rest">· Round {shown.number} of {shown.of}</span>'
        if shown.mode is RoundMode.OPEN_ROOM:
            chips = f'<span class="lv-room">Open room</span>{chips}'
    length = len(heading)
    size = ' class="very"' if length > VERY_LONG_HEADING else ' class="long"' if length > LONG_HEADING else ""
    return (
        f'<div class="lv-line"><span class="where">{escape(where)}</span>{rest}{chips}</div>'
        f'<div class="lv-top"><h1{size}>{escape(heading)}</h1>{pill}</div>'
    )


def _rehearsal(drawing: Drawing) -> str:
    return f'<span class="lv-rehearsal">{REHEARSAL}</span>' if drawing.is_rehearsal else ""


def _lost(snapshot: LiveSnapshot, drawing: Drawing) -> str:
    said = drawing.trouble or "Connection lost"
    seen = clock_of(snapshot.as_of, drawing.city)
    return f'<div class="lv-lost">{icon("sync_problem")}{escape(said)}, <br>numbers as of {seen}</div>'

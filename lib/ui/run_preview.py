"""What the room sees at this moment, small, on the console: decided by the display's own scene, in its own words."""

from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from lib.queries.live import LiveLine, LiveSnapshot
from lib.queries.places import CityRow
from lib.rules.ballots import short_hash
from lib.rules.lifecycle import RoundState
from lib.rules.states import words
from lib.rules.text import counted, percent
from lib.ui.live_agenda import agenda_pill
from lib.ui.live_lobby import lobby_pill
from lib.ui.live_marks import Drawing
from lib.ui.live_parts import Scene, scene_heading, scene_of
from lib.ui.live_result import answers_shown
from lib.ui.live_vote import pill_words, shows_hands, vote_words


def hour(moment: datetime, city: CityRow, *, seconds: bool = False) -> str:
    """A time of day in the city."""
    return moment.astimezone(ZoneInfo(city.time_zone)).strftime("%H:%M:%S" if seconds else "%H:%M")


def countdown(seconds: int) -> str:
    """Time left as a clock shows it.

    >>> countdown(252)
    '4:12'
    """
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}:{rest:02d}"


def room_preview(snapshot: LiveSnapshot, drawing: Drawing) -> str:
    """What the room sees, in the heading of its display and what is in the middle of it."""
    scene, heading = scene_of(snapshot), escape(scene_heading(snapshot, drawing))
    if scene is Scene.COVER:
        return (
            f'<div class="cb-room is-covered"><p><b>{heading}</b><br>The display is covered. The room sees the '
            "meeting’s title and nothing else.</p></div>"
        )
    left = ""
    match scene:
        case Scene.LOBBY:
            state, inside = lobby_pill(snapshot, drawing), _middle("The code to join, in large", "your vote is secret")
        case Scene.AGENDA:
            state, inside = "Agenda", _middle(escape(agenda_pill(snapshot)), "with what is left of its time")
        case Scene.OVER:
            state, inside = "Meeting over", _middle("What was adopted tonight", "and what comes next")
        case Scene.DICE:
            state, inside = "Voting closed", _middle("Roll the dice", f"fingerprint {short_hash(snapshot.dice_hash)}")
        case Scene.RESULT:
            state, inside = "Result", _result(snapshot, drawing)
        case Scene.VOTE:
            state, inside = _pill(snapshot), _vote(snapshot)
            left = f' <b class="run-clock">{countdown(snapshot.seconds_left)}</b>' if snapshot.seconds_left else ""
    return (
        f'<div class="cb-room"><div class="top"><b>{heading}</b><span>{state}{left}</span></div>{inside}'
        f'<div class="foot"><b>{_foot(snapshot, scene)}</b>'
        f"<span>as of {hour(snapshot.as_of, drawing.city, seconds=True)}</span></div></div>"
    )


def _foot(snapshot: LiveSnapshot, scene: Scene) -> str:
    """What stands at the bottom: the address to join while somebody can, else the one to read on at."""
    if scene is Scene.RESULT:
        return "The rule, and who voted"
    if scene is Scene.DICE or (scene is Scene.VOTE and snapshot.state is not RoundState.OPEN):
        return "Voting is over"
    if scene in (Scene.AGENDA, Scene.OVER):
        return escape(snapshot.join_address.removesuffix("/join").split("://")[-1])
    return escape(snapshot.join_address.split("://")[-1])


def _pill(snapshot: LiveSnapshot) -> str:
    label, _shape = pill_words(snapshot)
    return f'<i class="cb-pill is-open">{label}</i>' if snapshot.state is RoundState.OPEN else label


def _vote(snapshot: LiveSnapshot) -> str:
    if shows_hands(snapshot) and not (snapshot.round and snapshot.round.set_aside):
        return _lines(snapshot, is_live=True)
    title, sentence = vote_words(snapshot)
    return _middle(title, escape(sentence) or "The result comes soon")


def _result(snapshot: LiveSnapshot, drawing: Drawing) -> str:
    if shown := answers_shown(snapshot, drawing):
        titles = [line.candidate.title for line in snapshot.lines if line.candidate.goal_uuid in shown]
        return _middle(counted(len(titles), "written answer"), "<br>".join(escape(title) for title in titles))
    return _lines(snapshot, is_live=False)


def _lines(snapshot: LiveSnapshot, *, is_live: bool) -> str:
    return f"<ul>{''.join(_line(line, is_live=is_live) for line in snapshot.lines)}</ul>"


def _line(line: LiveLine, *, is_live: bool) -> str:
    approval = line.outcome.residents_approval if line.outcome else None
    share = percent(approval) if approval is not None else "–"
    place = f"{line.outcome.place}. " if line.outcome and line.outcome.place and not is_live else ""
    ending = f"<small>{words(line.outcome.ending)}</small> " if line.outcome and not is_live else ""
    return f"<li><span>{place}{escape(line.candidate.title)}</span> <b>{ending}{share}</b></li>"


def _middle(large: str, small: str) -> str:
    return f'<p class="run-inside"><b>{large}</b>{small}</p>'

"""The live display's parts on the page: the room's view, its map, and the rehearsal.

The projector shows no trace of a fault: if the numbers cannot be read, it keeps the last ones and says how old they
are.
"""

import logging
from collections import deque
from dataclasses import replace
from html import escape
from urllib.parse import urlencode
from uuid import UUID

import streamlit as st

from lib import clock
from lib.errors import Explained, NotFound
from lib.queries.live import LiveSnapshot
from lib.queries.places import CityRow
from lib.rules.lifecycle import RoundState
from lib.ui import live_reads, reads
from lib.ui.live_agenda import present_step
from lib.ui.live_marks import Drawing, Evening
from lib.ui.live_parts import Scene, live_html, live_shares, notice_html, scene_of
from lib.ui.live_states import NO_NUMBERS, STATES, rehearsal_of

SHARES, LAST, SINCE = "live_shares_drawn", "live_snapshot_drawn", "live_rehearsal_since"

MOST_DRAWINGS = 8

_drawings: deque[tuple[LiveSnapshot, Drawing, str]] = deque(maxlen=MOST_DRAWINGS)
"""What was drawn last, for several meetings and places of the bars."""

_log = logging.getLogger(__name__)


def room(meeting: UUID | None, shown_round: UUID | None) -> None:
    """The display of this second; all screens of the process share one snapshot."""
    last: tuple[LiveSnapshot, CityRow] | None = st.session_state.get(LAST)
    # A meeting that ends stays on the screen that showed it, in place of the next one on the calendar.
    wanted = meeting or (last[0].meeting.uuid if last else None)
    try:
        snapshot = live_reads.snapshot(wanted, shown_round)
        city = reads.city()
        scene = scene_of(snapshot, names_round=shown_round is not None)
        step = present_step(snapshot.agenda) if scene is Scene.AGENDA else None
        drawing = Drawing(
            city=city,
            now=clock.now(),
            before=st.session_state.get(SHARES, {}),
            evening=live_reads.evening(snapshot.meeting.uuid) if scene is Scene.OVER else Evening(),
            names_round=shown_round is not None,
            repeated=_repeated(snapshot),
            matter=live_reads.matter(step, snapshot.meeting) if step is not None else None,
        )
        html = _drawn_once(snapshot, drawing)
    except NotFound as problem:
        title, _, rest = problem.sentence.partition(". ")
        st.html(notice_html(f"{title.rstrip('.')}.", rest))
        return
    except Explained:
        _without_numbers(last)
        return
    except Exception:
        _log.exception("the live display could not be drawn")
        _without_numbers(last)
        return
    st.html(html)
    st.session_state[LAST] = (snapshot, city)
    st.session_state[SHARES] = live_shares(snapshot)


def rehearsal(state: str, meeting: UUID | None) -> None:
    """One state with invented votes. No vote of the database is read."""
    now = clock.now()
    since = st.session_state.setdefault(f"{SINCE} {state}", now)
    try:
        shown = rehearsal_of(state, live_reads.stage(meeting), now=now, since=since)
        city = reads.city()
    except Explained as problem:
        st.html(notice_html("No rehearsal is possible", problem.sentence, is_rehearsal=True))
        return
    if shown.snapshot is None:
        st.html(notice_html(*shown.notice, is_rehearsal=True))
        return
    drawing = Drawing(
        city=_in_spanish_too(city) if shown.speaks_spanish else city,
        now=now,
        before=st.session_state.get(SHARES, {}),
        evening=shown.evening,
        trouble=shown.trouble,
        is_rehearsal=True,
        matter=shown.matter,
    )
    st.html(live_html(shown.snapshot, drawing))
    st.session_state[SHARES] = live_shares(shown.snapshot)


def rehearsal_index(meeting: UUID | None) -> None:
    """Every state that can be rehearsed, as a link."""
    of = {"meeting": str(meeting)} if meeting else {}
    links = "".join(
        f'<li><a href="/live?{escape(urlencode({"preview": name} | of))}" target="_self">{escape(state.words)}</a></li>'
        for name, state in STATES.items()
    )
    st.html(
        '<div class="lv is-rehearsal"><div class="lv-line"><span>Live display</span></div>'
        f'<div class="lv-top"><h1>Rehearse the display</h1></div><ul class="lv-index">{links}</ul></div>'
    )


def map_beside(meeting: UUID | None, *, is_rehearsal: bool) -> None:
    """The beats of the meeting with their concerns. The display decides by its layout whether the map is seen."""
    try:
        beats = (
            live_reads.stage(meeting).meeting.beats
            if is_rehearsal
            else live_reads.snapshot(meeting, None).meeting.beats
        )
        drawn = live_reads.room_map(beats)
    except Explained:
        return
    except Exception:
        _log.exception("the map beside the vote could not be drawn")
        return
    labels = " and ".join(beat.label for beat in beats)
    words = f"Map of beat {labels}: {drawn.words}; darker cells hold more"
    steps = "".join(f'<i style="background:{colour}"></i>' for colour in drawn.colours)
    fewest = f"<span>{drawn.fewest}</span>" if len(drawn.colours) > 1 else ""
    legend = f"<p>{fewest}{steps}<span>{drawn.most} in one place</span></p>" if drawn.most > 1 else ""
    st.html(
        f'<div class="lv-side-map"><b>{escape(drawn.words)}</b><img alt="{escape(words)}" src="{drawn.source}">'
        f"{legend}</div>"
    )


def _drawn_once(snapshot: LiveSnapshot, drawing: Drawing) -> str:
    """`live_html`, drawn once for all screens that show the same: each costs the server a millisecond otherwise."""
    shown = replace(drawing, now=drawing.now.replace(microsecond=0))
    for known, with_drawing, html in _drawings:
        if known is snapshot and with_drawing == shown:
            return html
    html = live_html(snapshot, drawing)
    _drawings.append((snapshot, shown, html))
    return html


def _repeated(snapshot: LiveSnapshot) -> str:
    is_advice = snapshot.round is not None and snapshot.state is RoundState.PUBLISHED and snapshot.round.is_advisory
    return live_reads.repeated(snapshot.round.uuid) if is_advice and snapshot.round is not None else ""


def _without_numbers(last: tuple[LiveSnapshot, CityRow] | None) -> None:
    """The last numbers with their age; before there were any, a notice."""
    if last is None:
        st.html(notice_html(*NO_NUMBERS))
        return
    snapshot, city = last
    drawing = Drawing(city=city, now=snapshot.as_of, before=live_shares(snapshot), trouble="The database is away")
    st.html(live_html(snapshot, drawing))


def _in_spanish_too(city: CityRow) -> CityRow:
    return replace(city, languages=tuple(dict.fromkeys((*city.languages, "es"))))

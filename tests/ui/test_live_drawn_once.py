"""Screens that show the same share one drawing, and none shows an older one than it asked for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from lib.queries.live import LiveSnapshot
from lib.queries.places import CityRow
from lib.ui.live_marks import Drawing
from lib.ui.live_parts import live_html
from lib.ui.live_preview import invented_stage
from lib.ui.live_screen import _drawn_once
from lib.ui.live_states import rehearsal_of

NOW = datetime(2026, 11, 24, 3, 42, 10, 900_000, tzinfo=UTC)
DRAWING = Drawing(city=CityRow("Example City", "America/Los_Angeles", "911", ("en",), False), now=NOW)


def a_snapshot() -> LiveSnapshot:
    stage = invented_stage(NOW, join_address="http://localhost/join")
    snapshot = rehearsal_of("hidden", stage, now=NOW, since=NOW).snapshot
    assert snapshot is not None
    return snapshot


def test_what_is_the_same_in_one_second_is_drawn_once_and_as_it_is_at_that_moment() -> None:
    snapshot = a_snapshot()
    first = _drawn_once(snapshot, DRAWING)
    assert first == live_html(snapshot, DRAWING)
    assert _drawn_once(snapshot, replace(DRAWING, now=NOW + timedelta(milliseconds=50))) is first


def test_another_second_another_bar_or_a_newer_snapshot_is_drawn_anew() -> None:
    snapshot = a_snapshot()
    first = _drawn_once(snapshot, DRAWING)
    newer = replace(snapshot, as_of=NOW + timedelta(seconds=60))
    others = [
        _drawn_once(snapshot, replace(DRAWING, now=NOW + timedelta(seconds=1))),
        _drawn_once(snapshot, replace(DRAWING, before={"turnout residents": 0.1})),
        _drawn_once(newer, DRAWING),
    ]
    assert [other is first for other in others] == [False, False, False]
    other_bar = replace(DRAWING, before={"turnout residents": 0.1})
    assert others[1:] == [live_html(snapshot, other_bar), live_html(newer, DRAWING)]

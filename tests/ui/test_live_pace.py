"""How often a display is drawn when many watch."""

from collections.abc import Iterator

import pytest
import streamlit as st

from lib.ui import live_pace
from lib.ui.live_pace import CROWD_SECONDS, FEW, ROOM_SECONDS, note_drawn, seconds_between


@pytest.fixture(autouse=True)
def nobody_watches(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(st, "session_state", {})
    live_pace._drawn.clear()
    yield
    live_pace._drawn.clear()


def others_watch(number: int, *, at: float | None = None) -> None:
    moment = live_pace.monotonic() if at is None else at
    live_pace._drawn.update({f"viewer {each}": moment for each in range(number)})


def test_a_few_displays_are_drawn_each_second() -> None:
    others_watch(FEW - 1)
    assert seconds_between(is_signed_in=False) == ROOM_SECONDS


def test_who_comes_to_a_crowd_is_drawn_less_often() -> None:
    others_watch(FEW)
    assert seconds_between(is_signed_in=False) == CROWD_SECONDS


def test_the_projector_of_a_signed_in_facilitator_keeps_its_second() -> None:
    others_watch(5 * FEW)
    assert seconds_between(is_signed_in=True) == ROOM_SECONDS


def test_a_display_does_not_count_itself() -> None:
    others_watch(FEW - 1)
    note_drawn()
    assert seconds_between(is_signed_in=False) == ROOM_SECONDS


def test_who_closed_the_page_is_forgotten() -> None:
    others_watch(2 * FEW, at=live_pace.monotonic() - live_pace.GONE_SECONDS - 1)
    assert seconds_between(is_signed_in=False) == ROOM_SECONDS
    assert live_pace._drawn == {}

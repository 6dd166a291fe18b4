"""The page of one published result."""

import pytest

from tests.pages.visiting import page_text, visit
from tests.published import a_round


def test_the_story_names_both_sides_their_passes_and_where_to_count_again(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    voted = a_round("dice")
    shown = page_text(visit("result", monkeypatch, round=str(voted.uuid)))
    assert "Adopted: " in shown
    assert "4-1-6, rolled after the fingerprint of the ballots was read out" in shown
    assert '>By phone</th><td class="num">7</td><td class="num">3</td>' in shown
    assert "counted under two witnesses and destroyed" in shown
    assert "the same result" in shown


def test_of_an_advisory_round_nothing_is_shown_of_the_officers_per_goal(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    voted = a_round("two officers")
    shown = page_text(visit("result", monkeypatch, round=str(voted.uuid)))
    assert "Advice only: too few officers voted" in shown
    assert "key turned" not in shown and "key not turned" not in shown


def test_an_open_room_is_labelled_so(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    voted = a_round("open room")
    shown = page_text(visit("result", monkeypatch, round=str(voted.uuid)))
    assert "Open room: an order of the goals, nothing adopted" in shown

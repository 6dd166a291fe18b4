"""Figures of a beat on the coordinator's page."""

from datetime import date

import pytest

from lib.queries.checkin import FigureRow, beat_figures
from tests.builders import a_beat, a_city, a_coordinator
from tests.pages.test_admin import button
from tests.pages.visiting import page_text, visit


def test_figures_are_entered_with_day_and_source(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    a_beat("K2")
    app = visit("admin", monkeypatch, a_coordinator())
    app.number_input(key="figure_adults").set_value(3700)
    app.number_input(key="figure_adults_16_24").set_value(900)
    app.text_input(key="figures_as_of").input("2020-04-01")
    app.text_input(key="figures_source").input("Census <2020>")
    button(app, "Save the figures").click().run()  # type: ignore[attr-defined]
    assert "Saved" in app.success[0].value
    assert beat_figures(["K2"]) == (
        FigureRow("K2", "adults", 3700, date(2020, 4, 1), "Census <2020>"),
        FigureRow("K2", "adults_16_24", 900, date(2020, 4, 1), "Census <2020>"),
    )
    assert (app.number_input(key="figure_adults").value, app.text_input(key="figures_as_of").value) == (
        None,
        "2020-04-01",
    )
    assert "Census &lt;2020&gt;" in page_text(app)


@pytest.mark.parametrize(("day", "said"), [("yesterday", "Write the day as"), ("2020-04-01", "at least one figure")])
def test_what_cannot_be_a_figure_is_said(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch, day: str, said: str
) -> None:
    a_city()
    a_beat("K2")
    app = visit("admin", monkeypatch, a_coordinator())
    app.text_input(key="figures_as_of").input(day)
    app.text_input(key="figures_source").input("Census")
    button(app, "Save the figures").click().run()  # type: ignore[attr-defined]
    assert said in app.error[0].value
    assert beat_figures(["K2"]) == ()

"""Figures of a beat that a coordinator types in."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from lib.clock import now
from lib.errors import Invalid, NotAllowed, NotFound, SignInNeeded
from lib.queries.checkin import FigureRow, beat_figures
from lib.queries.places import adults_per_beat
from lib.services.figures import enter_figures
from lib.services.importing import import_figures
from tests.builders import a_beat, a_city, a_coordinator, a_facilitator

DAY = date(2020, 4, 1)
VALUES: dict[str, int | None] = {
    "adults": 3700,
    "adults_16_24": 900,
    "adults_25_39": 1100,
    "adults_40_64": 1500,
    "adults_65_up": 500,
}


@pytest.fixture
def beat(database: str) -> str:
    a_city()
    a_beat("K2")
    return "K2"


def test_figures_are_kept_with_their_day_and_source_and_a_correction_replaces_them(beat: str) -> None:
    coordinator = a_coordinator()
    assert enter_figures(actor=coordinator, beat_code=beat, as_of=DAY, source=" Census  2020 ", values=VALUES) == 5
    one = {"adults_16_24": 950, "adults_25_39": None}
    assert enter_figures(actor=coordinator, beat_code=beat, as_of=DAY, source="Corrected", values=one) == 1
    assert beat_figures([beat]) == (
        FigureRow("K2", "adults", 3700, DAY, "Census 2020"),
        FigureRow("K2", "adults_16_24", 950, DAY, "Corrected"),
        FigureRow("K2", "adults_25_39", 1100, DAY, "Census 2020"),
        FigureRow("K2", "adults_40_64", 1500, DAY, "Census 2020"),
        FigureRow("K2", "adults_65_up", 500, DAY, "Census 2020"),
    )
    assert adults_per_beat() == {"K2": 3700}


@pytest.mark.parametrize(
    "wrong",
    [
        {"values": {}},
        {"values": {"adults": None}},
        {"values": {"dogs": 7}},
        {"values": {"adults": -1}},
        {"values": VALUES | {"adults": 4001}},
        {"source": "  "},
        {"as_of": now().date() + timedelta(days=2)},
    ],
    ids=["none", "all unknown", "kind", "below nobody", "bands below adults", "no source", "to come"],
)
def test_what_cannot_be_a_figure_is_refused(beat: str, wrong: dict[str, object]) -> None:
    arguments = {"beat_code": beat, "as_of": DAY, "source": "Census", "values": VALUES} | wrong
    with pytest.raises(Invalid):
        enter_figures(actor=a_coordinator(), **arguments)  # type: ignore[arg-type]
    assert beat_figures([beat]) == ()


def test_only_a_coordinator_enters_figures_of_a_beat_that_exists(beat: str) -> None:
    for actor, refusal in ((None, SignInNeeded), (a_facilitator(), NotAllowed)):
        with pytest.raises(refusal):
            enter_figures(actor=actor, beat_code=beat, as_of=DAY, source="Census", values=VALUES)
    with pytest.raises(NotFound):
        enter_figures(actor=a_coordinator(), beat_code="Z9", as_of=DAY, source="Census", values=VALUES)


def test_figures_of_an_age_band_are_imported_under_their_own_kind(beat: str, tmp_path: Path) -> None:
    file = tmp_path / "young.csv"
    file.write_text("code,value,as_of,source\nK2,900,2020-04-01,Census\n", encoding="utf-8")
    assert import_figures(path=file, kind="adults_16_24", from_command_line=True).report.taken == 1
    assert beat_figures([beat]) == (FigureRow("K2", "adults_16_24", 900, DAY, "Census"),)
    with pytest.raises(Invalid, match=r"There is no figure 'dogs'\. Known are adults, adults_16_24"):
        import_figures(path=file, kind="dogs", from_command_line=True)

"""What a measure says beside other beats: the compared verdict, its neighbours, and which beats suit a comparison."""

from datetime import date, timedelta
from fractions import Fraction

from lib.model import Goal
from lib.queries.evidence import measure_series
from lib.queries.measure_areas import SimilarBeat, similar_beats
from lib.rules.displacement import Spill
from lib.rules.evidence import Change
from lib.rules.goals import MeasureKind
from lib.rules.lifecycle import GoalState
from tests.builders import NOON, a_beat, a_city, a_goal, incidents_recorded, uuid_of
from tests.counting import counted_statements
from tests.evidence_builders import measure_set, months

FIRST, START, TODAY = date(2025, 5, 1), date(2026, 5, 1), date(2027, 5, 3)


def a_row_of_beats() -> tuple[int, int, int, int]:
    """K1, K2, K3 side by side from west to east, and K9 far away."""
    a_city()
    return a_beat("K1", west=-122.36), a_beat("K2"), a_beat("K3", west=-122.32), a_beat("K9", west=-122.1)


def test_a_fall_that_the_comparison_beats_share_is_no_success(database: str) -> None:
    """Ten a month before and five since; K9 went from twenty to ten, the neighbours stayed at eight together."""
    first, own, third, far = a_row_of_beats()
    goal = uuid_of(Goal, a_goal(own, state=GoalState.ADOPTED))
    for beat, before, after in ((own, 10, 5), (far, 20, 10), (first, 4, 4), (third, 4, 4)):
        incidents_recorded(beat, "CAR PROWL", months(FIRST, [before] * 12 + [after] * 12))
    measure_set(goal, comparison_beats=["K9"], unit="thefts from cars", now=NOON)
    with counted_statements() as sent:
        progress = measure_series(goal, today=TODAY)
    assert len(sent) == 9
    assert progress is not None
    stands = progress.standing
    assert (stands.change, stands.expected, stands.comparison) == (
        Change.NO_DETECTABLE_CHANGE, Fraction(60), (240, 120)
    )  # fmt: skip
    assert "changed as in beat K9 (240 before, 120 since)" in stands.basis
    assert (progress.comparison, progress.neighbours) == (("K9",), ("K1", "K3"))
    assert progress.beside == (20,) * 12 + (10,) * 12
    assert stands.displacement is not None
    assert stands.displacement.spill is Spill.MORE
    assert stands.displacement.sentence.startswith("Neighbouring beats K1 and K3: 96 instead of about 48 expected")
    assert stands.sentence.endswith("Source: recorded incidents, beat K2.")


def test_without_beats_to_compare_with_that_is_said(database: str) -> None:
    _, own, _, _ = a_row_of_beats()
    goal = uuid_of(Goal, a_goal(own, state=GoalState.ADOPTED))
    incidents_recorded(own, "CAR PROWL", months(FIRST, [10] * 12 + [5] * 12))
    measure_set(goal, now=NOON)
    progress = measure_series(goal, today=TODAY)
    assert progress is not None
    assert (progress.standing.change, progress.beside, progress.comparison) == (Change.MOVED, (), ())
    assert progress.standing.basis.endswith("There is no area to compare with.")


def test_the_beats_most_alike_are_suggested_and_never_a_neighbour(database: str) -> None:
    _, own, third, _ = a_row_of_beats()
    steady, unsteady, empty = (a_beat(code, south=south) for code, south in (("N1", 47.7), ("N2", 47.8), ("N3", 47.9)))
    season = [20, 30, 25] * 8
    first = date(2024, 5, 1)
    incidents_recorded(own, "CAR PROWL", months(first, season))
    incidents_recorded(third, "CAR PROWL", months(first, season))
    incidents_recorded(steady, "CAR PROWL", months(first, season))
    incidents_recorded(unsteady, "CAR PROWL", months(first, [60, 0, 15] * 8))
    incidents_recorded(empty, "BURGLARY", months(first, season))
    with counted_statements() as sent:
        found = similar_beats({own}, MeasureKind.INCIDENTS, "CAR PROWL", today=NOON.date())
    assert found == (
        SimilarBeat("N1", "N1 Quarter N1", Fraction(25)),
        SimilarBeat("N2", "N2 Quarter N2", Fraction(25)),
    )
    assert len(sent) <= 8
    assert similar_beats({own}, MeasureKind.INCIDENTS, "ARSON", today=NOON.date()) == ()
    assert similar_beats({own}, MeasureKind.INCIDENTS, "CAR PROWL", today=NOON.date() + timedelta(days=1), most=1) == (
        SimilarBeat("N1", "N1 Quarter N1", Fraction(25)),
    )

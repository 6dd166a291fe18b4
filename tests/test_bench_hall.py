"""The figures of the hall can be trusted to count: a small hall votes, and everything that it was told is stored."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.bench.bench_hall import SMOKE, measure


def test_a_small_hall_votes_beside_the_floor_and_nothing_is_lost_or_double(tmp_path: Path) -> None:
    # In a thread of its own: a browser test before this one keeps a loop in the main thread.
    with ThreadPoolExecutor(1) as thread:
        figures = thread.submit(measure, SMOKE, tmp_path).result()
    assert (figures.lost, figures.double, figures.product.failures) == (0, 0, [])
    assert figures.acknowledged == SMOKE.quiet + SMOKE.phones * (1 + 2 * SMOKE.rushes)
    assert (len(figures.quiet_delays), len(figures.busy_delays)) == (SMOKE.quiet, SMOKE.phones)
    assert min(figures.throughput, figures.throughput_alone, figures.slowness) > 0

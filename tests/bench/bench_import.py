"""Importing recorded incidents, the whole command from start to exit, against the bare floor of the same run.

The floor is a script that does only what cannot be left out: pandas reads the file, geopandas joins the points to the
polygons, one `executemany` inserts the rows into a bare SQLite table without keys, indexes, or counts. Both run in
processes of their own, in turn; the best of three counts. Memory is the process's peak.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "realdata"
RUNS = 3
MILLION = 1_000_000

_FLOOR = """
import sqlite3, sys
import geopandas as gpd, pandas as pd

file, beats_file, code, database, *columns = sys.argv[1:]
frame = pd.read_csv(file)
beats = gpd.read_file(beats_file)
points = gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(frame.longitude, frame.latitude), crs=beats.crs)
joined = gpd.sjoin(points, beats[[code, "geometry"]], how="left")
connection = sqlite3.connect(database)
connection.execute(f"CREATE TABLE incident ({', '.join(columns)}, beat)")
rows = joined[[*columns, code]].itertuples(index=False, name=None)
connection.executemany(f"INSERT INTO incident VALUES ({', '.join('?' * (len(columns) + 1))})", rows)
connection.commit()
"""


def main() -> None:
    table = Table("import", "rows", "command s", "floor s", "ratio", "command MB", "floor MB")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if REAL.is_dir():
            beats, code, zone = REAL / "chicago_police_beats.zip", "BEAT_NUM", "America/Chicago"
            assaults = REAL / "chicago_aggravated_assaults.csv.gz"
            _prepare(folder, beats, zone)
            table.add_row("real incidents, Chicago", *_compare(folder, assaults, beats, code, "date", "loc_cat"))
        else:
            beats, code, zone = ROOT / "data" / "demo" / "beats.geojson", "name", "America/Los_Angeles"
            _prepare(folder, beats, zone)
        generated = _generated(folder / "million.csv", gpd.read_file(beats).total_bounds)
        table.add_row("generated incidents", *_compare(folder, generated, beats, code, "id", "date", "category"))
    Console(width=120).print(table)
    print("At most 2x the floor, and under 2,000 MB for a million rows, is what we ask for.")


def _prepare(folder: Path, beats: Path, zone: str) -> None:
    """A database with the beats in it, to copy before each run."""
    _command(folder, "city", "Bench", "--time-zone", zone)
    _command(folder, "import", "beats", str(beats))
    shutil.move(folder / "run.sqlite3", folder / "empty.sqlite3")


def _compare(folder: Path, file: Path, beats: Path, code: str, *columns: str) -> tuple[str, ...]:
    best = {"command": (float("inf"), 0.0), "floor": (float("inf"), 0.0)}
    floor = [
        sys.executable,
        "-c",
        _FLOOR,
        file,
        beats,
        code,
        folder / "floor.sqlite3",
        *columns,
        "longitude",
        "latitude",
    ]
    command = [sys.executable, "-m", "lib", "import", "incidents", file, "--json"]
    for _ in range(RUNS):
        for left in [*folder.glob("run.sqlite3*"), *folder.glob("floor.sqlite3*")]:
            left.unlink()
        shutil.copy(folder / "empty.sqlite3", folder / "run.sqlite3")
        best["command"] = min(best["command"], _measured(folder, command))
        best["floor"] = min(best["floor"], _measured(folder, floor))
    with sqlite3.connect(folder / "run.sqlite3") as database:
        rows = int(database.execute("SELECT count(*) FROM incident").fetchone()[0])
    (ours, our_peak), (bare, bare_peak) = best["command"], best["floor"]
    return f"{rows:,}", f"{ours:.2f}", f"{bare:.2f}", f"{ours / bare:.2f}", f"{our_peak:,.0f}", f"{bare_peak:,.0f}"


def _measured(folder: Path, command: list[object]) -> tuple[float, float]:
    """Seconds from start to exit, and the peak of memory in MB. A failing command stops the bench."""
    start = time.perf_counter()
    process = subprocess.Popen(list(map(str, command)), cwd=ROOT, env=_environment(folder), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"exit code {process.returncode} of {' '.join(map(str, command[:5]))}")
    return seconds, usage.ru_maxrss / 1000


def _generated(file: Path, bounds: np.ndarray) -> Path:
    """A million incidents over ten years, each at a place of its own, in the order of their dates."""
    chance = np.random.default_rng(2026)
    west, south, east, north = bounds
    minutes = np.sort(chance.integers(0, 10 * 365 * 24 * 60, MILLION))
    frame = pd.DataFrame(
        {
            "id": np.arange(MILLION) + 10_000_000,
            "date": (np.datetime64("2014-01-01T00:00") + minutes).astype(str),
            "category": chance.choice(["Theft", "Burglary", "Assault", "Vandalism", "Robbery", "Noise"], MILLION),
            "longitude": chance.uniform(west, east, MILLION).round(9),
            "latitude": chance.uniform(south, north, MILLION).round(9),
        }
    )
    frame.to_csv(file, index=False)
    return file


def _command(folder: Path, *words: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "lib", *words], cwd=ROOT, env=_environment(folder), check=True, stdout=subprocess.DEVNULL
    )


def _environment(folder: Path) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": f"sqlite:///{folder / 'run.sqlite3'}",
        "DATA_FOLDER": str(folder / "data"),
        "SECRET_KEY": "a secret for benches only",
    }

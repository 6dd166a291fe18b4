"""Verdicts on 300 beats times 10 categories from 1,000,000 incidents: what the pages ask, all of them at once.

Three years of incidents, a goal for each beat and category that began two years in, each with three comparison beats
and four neighbours. The incidents are stored and counted per month as an import stores them; only the verdicts are
timed. The floor of the same run is a bare SELECT of the monthly counts they rest on. Seconds are those of a core, the
least of three: what others do on the machine meanwhile only ever adds.
"""

import os
import tempfile
import time
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, insert, select, text

from lib.model import Beat, City, Goal, GoalBeat, Incident, IncidentMonth, Measure, MeasureArea
from lib.queries.evidence import MeasureProgress, measure_row, measures_progress
from lib.rules.goals import AreaUse, Direction, MeasureKind
from lib.rules.lifecycle import GoalState
from lib.services.incident_rows import store_incidents
from lib.storage.engine import using
from lib.storage.schema import migrate
from lib.storage.transaction import reading, writing
from tests.bench.databases import empty_database

INCIDENTS, BEATS, CATEGORIES = 1_000_000, 300, 10
FIRST, START, TODAY = date(2024, 1, 1), date(2026, 1, 1), date(2027, 1, 1)
RUNS = 3


def main(*, smoke: bool = False) -> None:
    os.environ.setdefault("SECRET_KEY", "a secret for figures only")
    incidents, beats, categories = (3_000, 12, 2) if smoke else (INCIDENTS, BEATS, CATEGORIES)
    table = Table(f"{incidents:,} incidents", "verdicts", "monthly counts", "CPU s", "floor", "to the floor", "said")
    with tempfile.TemporaryDirectory() as folder, empty_database("sqlite", Path(folder)) as url, using(url):
        os.environ["DATA_FOLDER"] = folder
        migrate()
        _filled(incidents, beats, categories)
        verdicts, floors = [], []
        found: dict[int, MeasureProgress] = {}
        for _ in range(RUNS):
            began = time.process_time()
            found = _judged()
            verdicts.append(time.process_time() - began)
            began = time.process_time()
            counts = _bare_counts()
            floors.append(time.process_time() - began)
        said = Counter(each.standing.change.value for each in found.values())
        seconds, floor = min(verdicts), min(floors)
        table.add_row(
            "",
            f"{len(found):,}",
            f"{counts:,}",
            f"{seconds:.2f}",
            f"{floor:.2f}",
            f"{seconds / floor:.1f}x",
            ", ".join(f"{number:,} {change}" for change, number in said.most_common()),
        )
    Console(width=140).print(table)


def _judged() -> dict[int, MeasureProgress]:
    """The measures and their verdicts, every statement included."""
    with reading() as db:
        beats = {goal: frozenset({beat}) for goal, beat in db.execute(select(GoalBeat.goal_id, GoalBeat.beat_id))}
        measures = [measure_row(row, beats[row.goal_id], None) for row in db.scalars(select(Measure))]
    return measures_progress(measures, today=TODAY)


def _bare_counts() -> int:
    """The floor: every monthly count read as the driver gives it, and nothing done with it."""
    with reading() as db:
        rows = db.connection().exec_driver_sql("SELECT beat_id, category, month, incidents FROM incident_month")
        return len(rows.fetchall())


def _filled(incidents: int, beats: int, categories: int) -> None:
    """City, beats, incidents, goals with the beats beside them."""
    rng = np.random.default_rng(2026)
    names = [f"CATEGORY {number}" for number in range(categories)]
    with writing() as db:
        db.add(City(id=1, name="Bench", time_zone="UTC", emergency_number="911", languages=["en"]))
        db.execute(insert(Beat), [{"id": n + 1, "code": f"B{n:03}", "name": f"B{n:03}"} for n in range(beats)])
        days = rng.integers(0, (TODAY - FIRST).days, incidents)
        frame = pd.DataFrame(
            {
                "source_key": [f"{n:08}" for n in range(incidents)],
                "category": np.array(names, dtype=object)[rng.integers(0, categories, incidents)],
                "occurred_on": np.datetime64(FIRST, "s") + days.astype("timedelta64[D]"),
                "lon": np.full(incidents, np.nan),
                "lat": np.full(incidents, np.nan),
                "beat_id": pd.array(rng.integers(1, beats + 1, incidents), dtype="Int64"),
                "stored_code": "",
            }
        )
        frame["occurred_at"] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us, UTC]")
        store_incidents(db, frame, source="bench")
        db.execute(text("ANALYZE"))
        numbered = [(beat, name) for beat in range(1, beats + 1) for name in names]
        proposed = datetime(2025, 12, 1, tzinfo=UTC)
        db.execute(
            insert(Goal),
            [
                {"title": name, "summary": name, "state": GoalState.ADOPTED, "proposed_at": proposed}
                for _, name in numbered
            ],
        )
        goals = db.scalars(select(Goal.id).order_by(Goal.id)).all()
        db.execute(
            insert(GoalBeat),
            [{"goal_id": goal, "beat_id": beat} for goal, (beat, _) in zip(goals, numbered, strict=True)],
        )
        db.execute(
            insert(Measure),
            [
                {
                    "goal_id": goal,
                    "kind": MeasureKind.INCIDENTS,
                    "category": name,
                    "unit": name.lower(),
                    "direction": Direction.DOWN,
                    "baseline": 10.0,
                    "baseline_months": 12,
                    "target": 5.0,
                    "starts_on": START,
                    "due_on": date(2027, 12, 31),
                    "source": f"recorded incidents, beat B{beat - 1:03}",
                }
                for goal, (beat, name) in zip(goals, numbered, strict=True)
            ],
        )
        measures = db.execute(
            select(Measure.id, GoalBeat.beat_id).join(GoalBeat, GoalBeat.goal_id == Measure.goal_id)
        ).all()
        uses = [(AreaUse.COMPARISON, range(5, 8)), (AreaUse.NEIGHBOUR, range(1, 5))]
        db.execute(
            insert(MeasureArea),
            [
                {"measure_id": measure, "beat_id": (beat - 1 + step) % beats + 1, "use": use}
                for measure, beat in measures
                for use, steps in uses
                for step in steps
            ],
        )
        if (stored := db.scalar(select(func.count()).select_from(Incident))) != incidents:
            raise SystemExit(f"{stored} of {incidents} incidents were stored")
        if not db.scalar(select(func.count()).select_from(IncidentMonth)):
            raise SystemExit("nothing was counted per month")

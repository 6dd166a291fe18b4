"""Storing incidents by the hundred thousand, and keeping their beats and monthly counts right.

Everything here runs inside the caller's transaction.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from sqlalchemy import Table, delete, func, insert, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from lib.importers.assigning import assign_beats
from lib.model import Incident, IncidentMonth
from lib.queries.imports import located_incidents
from lib.queries.places import boundaries
from lib.services.outlines import recount_outlines

_COLUMNS = (
    "source",
    "source_key",
    "category",
    "occurred_on",
    "occurred_at",
    "longitude",
    "latitude",
    "beat_id",
    "stored_code",
)
_TABLE = cast(Table, Incident.__table__)
_BATCH = 50_000
_CACHE_KIB = 256 * 1024
"""SQLite's page cache while an import writes: with the usual 2 MB each batch rewrites pages of the indexes."""


def store_incidents(
    db: Session, frame: pd.DataFrame, *, source: str, progress: Callable[[float], None] | None = None
) -> None:
    """Insert every row of `frame` and add it to the monthly counts and those of drawn areas.

    `frame`: source_key, category, occurred_on, occurred_at, lon, lat, beat_id (nullable), stored_code. Raises
    IntegrityError if a key is stored already.
    """
    table = _arrow(frame, source)
    # In the order of the unique index its pages are written one after another.
    table = table.take(pc.sort_indices(table.column("source_key")))
    is_postgresql = db.get_bind().dialect.name == "postgresql"
    fill = _copy if is_postgresql else _insert
    with nullcontext() if is_postgresql else _bulk_writing(db, rows=table.num_rows):
        for start in range(0, table.num_rows, _BATCH):
            fill(db, table.slice(start, _BATCH))
            if progress is not None:
                progress(min(1.0, (start + _BATCH) / table.num_rows))
        _count_months(db, frame)
    recount_outlines(db)


def reassign_incidents(db: Session) -> int:
    """Give every located incident the beat whose boundary held it on its day; how many changed. Recounts months."""
    db.flush()
    stored = located_incidents()
    assigned = assign_beats(stored, boundaries())
    moved = (assigned.fillna(-1) != stored["beat_id"].fillna(-1)).to_numpy(dtype=bool)
    if not moved.any():
        return 0
    beat_ids = [None if pd.isna(beat_id) else int(beat_id) for beat_id in assigned[moved]]
    rows = zip(beat_ids, stored.loc[moved, "id"].tolist(), strict=True)
    db.connection().execute(
        text("UPDATE incident SET beat_id = :beat_id WHERE id = :id"),
        [{"beat_id": beat_id, "id": row} for beat_id, row in rows],
    )
    recount_months(db)
    return int(moved.sum())


def recount_months(db: Session) -> None:
    """Make the monthly counts, and those of drawn areas, anew from the incidents."""
    if db.get_bind().dialect.name == "postgresql":
        month: Any = func.date_trunc("month", Incident.occurred_on).cast(postgresql.DATE)
    else:
        month = func.date(Incident.occurred_on, "start of month")
    db.execute(delete(IncidentMonth))
    db.execute(
        insert(IncidentMonth).from_select(
            ["beat_id", "category", "month", "incidents"],
            select(Incident.beat_id, Incident.category, month, func.count())
            .where(Incident.beat_id.is_not(None))
            .group_by(Incident.beat_id, Incident.category, month),
        )
    )
    recount_outlines(db)


def _arrow(frame: pd.DataFrame, source: str) -> Any:
    """The rows as an Arrow table of `_COLUMNS`, dates and instants as the text both databases read."""
    lon = frame["lon"].to_numpy(dtype=np.float64)
    absent = np.isnan(lon)
    day = pa.array(frame["occurred_on"].to_numpy(dtype="datetime64[D]")).cast(pa.string())
    at = pa.array(frame["occurred_at"].dt.tz_localize(None), type=pa.timestamp("us"), from_pandas=True).cast(
        pa.string()
    )
    return pa.table(
        [
            pa.array([source] * len(frame), type=pa.string()),
            pa.array(frame["source_key"], type=pa.large_string()),
            pa.array(frame["category"], type=pa.large_string()),
            day,
            at,
            pa.array(lon, mask=absent),
            pa.array(frame["lat"].to_numpy(dtype=np.float64), mask=absent),
            pa.array(frame["beat_id"], type=pa.int64(), from_pandas=True),
            pa.array(frame["stored_code"], type=pa.large_string()),
        ],
        names=list(_COLUMNS),
    )


def _insert(db: Session, batch: Any) -> None:
    """SQLite: one prepared INSERT for the whole batch."""
    marks = ", ".join("?" * len(_COLUMNS))
    rows = zip(*(batch.column(name).to_pylist() for name in _COLUMNS), strict=True)
    db.connection().exec_driver_sql(
        f"INSERT INTO incident ({', '.join(_COLUMNS)}) VALUES ({marks})",  # noqa: S608 - names from this module only
        list(rows),
    )


def _copy(db: Session, batch: Any) -> None:
    """PostgreSQL: COPY, which takes text several times faster than INSERT takes values.

    Arrow writes text in quotes and nothing for NULL, which is how COPY tells "" from NULL.
    """
    buffer = io.BytesIO()
    pa_csv.write_csv(batch, buffer, pa_csv.WriteOptions(include_header=False))
    connection: Any = db.connection().connection.driver_connection
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY incident ({', '.join(_COLUMNS)}) FROM STDIN (FORMAT csv)") as copy,
    ):
        copy.write(buffer.getvalue())


def _count_months(db: Session, frame: pd.DataFrame) -> None:
    inside = frame[frame["beat_id"].notna()]
    if inside.empty:
        return
    months = inside["occurred_on"].to_numpy(dtype="datetime64[M]").astype("datetime64[s]")
    counts = inside.assign(month=months).groupby(["beat_id", "category", "month"]).size().reset_index(name="incidents")
    counts["month"] = counts["month"].dt.strftime("%Y-%m-%d")
    columns = ("beat_id", "category", "month", "incidents")
    marks = ", ".join(["%s" if db.get_bind().dialect.name == "postgresql" else "?"] * len(columns))
    db.connection().exec_driver_sql(
        f"INSERT INTO incident_month ({', '.join(columns)}) VALUES ({marks}) "  # noqa: S608 - names from here only
        "ON CONFLICT (beat_id, category, month) "
        "DO UPDATE SET incidents = incident_month.incidents + excluded.incidents",
        list(zip(*(counts[name].tolist() for name in columns), strict=True)),
    )


@contextmanager
def _bulk_writing(db: Session, *, rows: int) -> Iterator[None]:
    """SQLite within the block: a large page cache, and indexes that are built once at the end if most rows are new.

    Both are part of the transaction: an import that fails leaves the indexes as they were.
    """
    connection = db.connection()
    usual = connection.exec_driver_sql("PRAGMA cache_size").scalar()
    connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE_KIB}")
    stored = connection.scalar(select(func.count()).select_from(Incident)) or 0
    indexes = sorted(_TABLE.indexes, key=lambda index: str(index.name)) if rows > stored else []
    try:
        for index in indexes:
            index.drop(connection)
        yield
        for index in indexes:
            index.create(connection)
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size = {usual}")

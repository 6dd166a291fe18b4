"""Questions that an import asks before it writes."""

import numpy as np
import pandas as pd
from sqlalchemy import func, select

from lib.model import BeatFigure, Incident
from lib.storage.transaction import reading


def stored_keys(source: str) -> pd.Index:
    """The keys of every incident stored from this source. One statement; 120 bytes a key."""
    with reading() as db:
        keys = db.scalars(select(Incident.source_key).where(Incident.source == source)).all()
    found: pd.Index = pd.Index(np.array(keys, dtype=object), dtype="str")
    return found


def located_incidents() -> pd.DataFrame:
    """Every incident with a point: id, lon, lat, occurred_on, beat_id (nullable). One statement."""
    with reading() as db:
        rows = db.execute(
            select(Incident.id, Incident.longitude, Incident.latitude, Incident.occurred_on, Incident.beat_id).where(
                Incident.longitude.is_not(None)
            )
        ).all()
    frame = pd.DataFrame(rows, columns=["id", "lon", "lat", "occurred_on", "beat_id"])
    return frame.astype(
        {"id": "int64", "lon": "float64", "lat": "float64", "occurred_on": "datetime64[s]", "beat_id": "Int64"}
    )


def has_incidents() -> bool:
    """Whether any incident is stored. One statement."""
    with reading() as db:
        return bool(db.scalar(select(func.count()).select_from(select(Incident.id).limit(1).subquery())))


def stored_figures(kind: str) -> pd.DataFrame:
    """Every figure of a kind: beat_id, as_of, value, source. One statement."""
    with reading() as db:
        rows = db.execute(
            select(BeatFigure.beat_id, BeatFigure.as_of, BeatFigure.value, BeatFigure.source).where(
                BeatFigure.kind == kind
            )
        ).all()
    frame = pd.DataFrame(rows, columns=["beat_id", "as_of", "value", "source"])
    return frame.astype({"beat_id": "int64", "as_of": "datetime64[s]", "value": "int64", "source": "str"})

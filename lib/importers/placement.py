"""What an import says of where its rows fell: in which beats, in none, and against the city's own codes."""

from dataclasses import replace

import geopandas as gpd
import pandas as pd

from lib.errors import Invalid
from lib.importers.assigning import assign_beats
from lib.importers.beats import comparable_code, unknown_codes
from lib.importers.report import SHOWN, ImportReport

_SHOWN_CODES = 8


def check_some_inside(frame: pd.DataFrame, areas: gpd.GeoDataFrame, name: str) -> None:
    """Raises Invalid if there are points and none lies in a beat, with the likeliest reason."""
    located = frame[frame["lon"].notna()]
    if located.empty or located["beat_id"].notna().any():
        return
    west, south, east, north = areas.total_bounds
    around = f"its rows lie around longitude {located['lon'].median():.3f}, latitude {located['lat'].median():.3f}"
    there = f"the beats between {west:.3f} and {east:.3f}, {south:.3f} and {north:.3f}"
    undated = areas.assign(valid_from=None, valid_to=None)
    swapped = located.rename(columns={"lon": "lat", "lat": "lon"})
    if assign_beats(located, undated).notna().any():
        days = f"{located['occurred_on'].min():%Y-%m-%d} to {located['occurred_on'].max():%Y-%m-%d}"
        reason = f"its rows are of {days}, and no stored boundary holds on those days"
    elif assign_beats(swapped, undated).notna().any():
        reason = "longitude and latitude are exchanged; name them with --column longitude=NAME --column latitude=NAME"
    else:
        reason = f"{around}, {there}; it may be another city's file, or in another projection (--crs)"
    raise Invalid(f"No row of {name} falls in any beat, so nothing was imported: {reason}.", "file")


def remarks_on_codes(frame: pd.DataFrame, areas: gpd.GeoDataFrame) -> list[str]:
    """Remarks on the city's own codes: how often they agree with the computed beat, and which no beat has."""
    stored = frame["stored_code"]
    if not (stored != "").any():
        return []
    both = (stored != "") & frame["beat_id"].notna()
    codes = areas.drop_duplicates("beat_id").set_index("beat_id")["code"].map(comparable_code)
    distinct = {code: comparable_code(code) for code in stored[both].unique()}
    agree = int((stored[both].map(distinct) == frame.loc[both, "beat_id"].map(codes)).sum())
    notes = [f"The city's own code names the computed beat in {agree:,} of {int(both.sum()):,} rows; both are kept."]
    unknown = unknown_codes(stored, areas["code"].tolist())
    if unknown:
        shown = ", ".join(f"{code} ({rows:,})" for code, rows in list(unknown.items())[:_SHOWN_CODES])
        more = f" and {len(unknown) - _SHOWN_CODES} more" if len(unknown) > _SHOWN_CODES else ""
        notes.append(f"Codes of the city that no stored beat has (rows): {shown}{more}.")
    return notes


def placed_report(read: ImportReport, new: pd.DataFrame, known: pd.Series, notes: list[str]) -> ImportReport:
    """The file's report, once it is known which rows are new and where they lie."""
    unlocated = new["lon"].isna().to_numpy(dtype=bool)
    outside = ~unlocated & new["beat_id"].isna().to_numpy(dtype=bool)
    lines = new["line"].to_numpy()
    repeated = sorted([*read.examples.get("duplicate", []), *known.head(SHOWN).tolist()])
    return replace(
        read,
        taken=len(new),
        duplicate=read.duplicate + len(known),
        without_coordinates=int(unlocated.sum()),
        outside=int(outside.sum()),
        notes=tuple(notes),
        examples={
            "without_coordinates": lines[unlocated][:SHOWN].tolist(),
            "outside": lines[outside][:SHOWN].tolist(),
            "duplicate": repeated[:SHOWN],
        },
    )

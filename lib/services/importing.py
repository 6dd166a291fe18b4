"""Importing a city's own files: beats, recorded incidents, figures per beat. All of a file or nothing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lib.clock import today
from lib.errors import Invalid
from lib.importers.assigning import assign_beats
from lib.importers.beats import read_beats
from lib.importers.figures import read_figures
from lib.importers.incidents import read_incidents
from lib.importers.placement import check_some_inside, placed_report, remarks_on_codes
from lib.importers.report import RefusedRow
from lib.model import BeatFigure
from lib.queries.imports import has_incidents, stored_figures, stored_keys
from lib.queries.places import beats, boundaries, city
from lib.rules.checkin import ADULTS, FIGURE_KINDS
from lib.rules.rights import Actor
from lib.rules.text import listed
from lib.services.boundary_rows import plan_redraw, store_redraw
from lib.services.import_runs import (
    Imported,
    Progress,
    beats_by_code,
    check_allowed,
    keep_run,
    reading_or_writing,
    tell,
)
from lib.services.incident_rows import reassign_incidents, store_incidents

DEFAULT_SOURCE = "recorded incidents"
_LONGEST_SOURCE = 80


def import_beats(
    *,
    path: Path,
    code_column: str | None = None,
    name_column: str | None = None,
    crs: str | None = None,
    layer: str | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    source: str | None = None,
    dry_run: bool = False,
    into_demonstration: bool = False,
    actor: Actor | None = None,
    from_command_line: bool = False,
    progress: Progress | None = None,
) -> Imported:
    """Import beats and their boundaries. Features drawn as stored count as duplicate; `taken` are the others.

    A redraw needs `valid_from`, the day since which the file holds; the stored set is kept and ends there, and
    incidents since then get their new beats. An earlier set has `valid_to`. On the command line the machine's owner
    acts. Raises SignInNeeded, NotAllowed, NotFound (no city yet), Conflict (demonstration city), Invalid (the file; a
    redraw without a day), Unavailable.
    """
    check_allowed(actor, from_command_line, dry_run=dry_run, into_demonstration=into_demonstration)
    tell(progress, "Reading the file", 0.0)
    file = read_beats(path, code_column=code_column, name_column=name_column, crs=crs, layer=layer)
    tell(progress, "Comparing with the stored beats", 0.4)
    with reading_or_writing(dry_run=dry_run) as db:
        plan = plan_redraw(file.frame, beats(), boundaries(), valid_from=valid_from, valid_to=valid_to)
        taken = int(plan.new["features"].sum())
        report = replace(
            file.report,
            taken=taken,
            duplicate=file.report.taken - taken,
            notes=(*file.report.notes, *plan.notes),
        )
        further = {
            "beats": len(file.frame),
            "beats_added": plan.beats_added,
            "boundaries_added": len(plan.new),
            "boundaries_ended": len(plan.ended),
        }
        if not dry_run and (len(plan.new) or plan.ended):
            tell(progress, "Storing the boundaries", 0.6)
            store_redraw(db, plan, source or path.name)
            if has_incidents():
                tell(progress, "Giving incidents their beats", 0.8)
                further["incidents_moved"] = reassign_incidents(db)
            keep_run(db, actor, "beats", path=path, source=source or path.name, report=report, further=further)
    tell(progress, "Done", 1.0)
    return Imported(report, further)


def import_incidents(
    *,
    path: Path,
    source: str | None = None,
    columns: Mapping[str, str] | None = None,
    category: str | None = None,
    crs: str | None = None,
    month_first: bool | None = None,
    dry_run: bool = False,
    into_demonstration: bool = False,
    actor: Actor | None = None,
    from_command_line: bool = False,
    progress: Progress | None = None,
) -> Imported:
    """Import recorded incidents; rows stored already, by `source` and key, count as duplicate.

    `source` is the name under which keys are unique and figures are quoted; without one it is `category` or
    "recorded incidents". Each row's beat is the boundary that held its point on its day; the city's own code is kept
    beside it. Monthly counts are kept right in the same transaction.
    Raises SignInNeeded, NotAllowed, NotFound (no city yet), Conflict (demonstration city), Invalid (the file; no beats
    yet; no point in any beat), Unavailable.
    """
    check_allowed(actor, from_command_line, dry_run=dry_run, into_demonstration=into_demonstration)
    place = city()
    named = (source or category or DEFAULT_SOURCE).strip()
    if not 0 < len(named) <= _LONGEST_SOURCE:
        raise Invalid(f"The source needs a name of 1 to {_LONGEST_SOURCE} characters.", "source")
    areas = boundaries()
    if areas.empty:
        raise Invalid("No beats are stored yet; import them first: python -m lib import beats FILE.", "file")
    tell(progress, "Reading the file", 0.0)
    file = read_incidents(
        path,
        time_zone=place.time_zone,
        today=today(place.time_zone),
        columns=columns,
        category=category,
        crs=crs,
        month_first=month_first,
    )
    tell(progress, "Finding each one's beat", 0.3)
    frame = file.frame.assign(beat_id=assign_beats(file.frame, areas))
    check_some_inside(frame, areas, path.name)
    notes = [*file.report.notes, *remarks_on_codes(frame, areas)]
    with reading_or_writing(dry_run=dry_run) as db:
        tell(progress, "Comparing with what is stored", 0.45)
        known = frame["source_key"].isin(stored_keys(named)).to_numpy(dtype=bool)
        new = frame[~known] if known.any() else frame
        report = placed_report(file.report, new, frame.loc[known, "line"], notes)
        if not dry_run and len(new):
            store_incidents(db, new, source=named, progress=lambda share: tell(progress, "Storing", 0.5 + 0.5 * share))
            keep_run(db, actor, "incidents", path=path, source=named, report=report)
    tell(progress, "Done", 1.0)
    return Imported(report, {})


def import_figures(
    *,
    path: Path,
    kind: str = ADULTS,
    columns: Mapping[str, str] | None = None,
    as_of: date | None = None,
    source: str | None = None,
    dry_run: bool = False,
    into_demonstration: bool = False,
    actor: Actor | None = None,
    from_command_line: bool = False,
) -> Imported:
    """Import a figure per beat (`kind` as in `FIGURE_KINDS`); one stored for the same beat and day is replaced if it
    differs.

    Rows whose code names no stored beat are unreadable. Raises SignInNeeded, NotAllowed, NotFound (no city yet),
    Conflict (demonstration city), Invalid (the file; the kind; no row names a beat), Unavailable.
    """
    check_allowed(actor, from_command_line, dry_run=dry_run, into_demonstration=into_demonstration)
    if kind not in FIGURE_KINDS:
        raise Invalid(f"There is no figure {kind[:32]!r}. Known are {listed(list(FIGURE_KINDS))}.", "kind")
    file = read_figures(path, columns=columns, as_of=as_of, source=source)
    with reading_or_writing(dry_run=dry_run) as db:
        beat_ids = beats_by_code(file.frame["code"])
        known = file.frame[beat_ids.notna()].assign(beat_id=beat_ids.dropna().astype("int64"))
        unknown = file.frame[beat_ids.isna()]
        refused = [
            RefusedRow(int(line), f"no beat “{code[:32]}” is stored", f"{code},{value}")
            for code, value, line in unknown[["code", "value", "line"]].itertuples(index=False)
        ]
        if known.empty:
            raise Invalid(
                f"No row of {path.name} names a stored beat; line {refused[0].line}: {refused[0].reason}.", "file"
            )
        stored = stored_figures(kind)
        on = ["beat_id", "as_of"]
        is_equal = known.merge(stored, on=[*on, "value", "source"], how="left", indicator=True)["_merge"] == "both"
        new = known[~is_equal.to_numpy(dtype=bool)]
        replaced = len(new.merge(stored, on=on))
        report = replace(
            file.report,
            taken=len(new),
            duplicate=file.report.duplicate + len(known) - len(new),
            unreadable=file.report.unreadable + len(refused),
            refused=tuple(sorted((*file.report.refused, *refused), key=lambda row: row.line)),
            notes=file.report.notes + ((f"{replaced} figures of the same day were replaced.",) if replaced else ()),
        )
        if not dry_run and len(new):
            _store_figures(db, new, kind)
            keep_run(db, actor, "figures", path=path, source=source or path.name, report=report)
    return Imported(report, {})


def _store_figures(db: Session, new: pd.DataFrame, kind: str) -> None:
    made = (postgresql if db.get_bind().dialect.name == "postgresql" else sqlite).insert(BeatFigure)
    db.execute(
        made.on_conflict_do_update(
            index_elements=["beat_id", "kind", "as_of"],
            set_={"value": made.excluded.value, "source": made.excluded.source},
        ),
        [
            {"beat_id": beat_id, "kind": kind, "as_of": as_of.date(), "value": value, "source": source}
            for beat_id, as_of, value, source in new[["beat_id", "as_of", "value", "source"]].itertuples(index=False)
        ],
    )

"""`python -m lib import …`: a city's own beats, recorded incidents, figures, and its directory of help."""

import gc
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lib.errors import Explained, Invalid
from lib.rules.checkin import ADULTS

if TYPE_CHECKING:
    from lib.services.import_runs import Imported, Progress

import_app = typer.Typer(
    no_args_is_help=True,
    help="Import your city's own files: first its beats, then incidents and figures. Nothing is ever half-imported.",
)

File = Annotated[Path, typer.Argument(help="The file as the city publishes it; zip and gz need no unpacking.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only report; store nothing.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]
Refused = Annotated[Path | None, typer.Option("--refused", help="Write all refused rows to this CSV file.")]
Columns = Annotated[
    list[str] | None, typer.Option("--column", help="Name a column: FIELD=NAME, repeatable (date=Occurred).")
]
Source = Annotated[
    str | None, typer.Option(help="Where it comes from, as it will be quoted; ids are unique within a source.")
]
Crs = Annotated[str | None, typer.Option(help="The coordinate system, as EPSG:2926, where the file does not say it.")]
IntoDemonstration = Annotated[
    bool, typer.Option("--into-demonstration", help="Add real data to the invented demonstration city all the same.")
]

_LABELS = {
    "rows": "rows read",
    "taken": "taken",
    "without_coordinates": "taken without coordinates",
    "outside": "taken, outside every beat",
    "duplicate": "duplicate",
    "unreadable": "unreadable",
}


@import_app.command("beats")
def beats_command(
    file: File,
    *,
    code_column: Annotated[str | None, typer.Option(help="The column with the beat's code.")] = None,
    name_column: Annotated[str | None, typer.Option(help="The column with the beat's name.")] = None,
    crs: Crs = None,
    layer: Annotated[str | None, typer.Option(help="The layer, where the file has several.")] = None,
    valid_from: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A redraw: the first day these boundaries hold.")
    ] = None,
    valid_to: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="An earlier set: the first day they hold no more.")
    ] = None,
    source: Source = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    refused: Refused = None,
    into_demonstration: IntoDemonstration = False,
) -> None:
    """Import beats: shapefile (zipped), GeoPackage, GeoJSON or KML, in any projection.

    Example: python -m lib import beats police_beats.zip

    Example of a redraw: python -m lib import beats beats_2013.zip --valid-from 2012-12-01
    """
    with _reported(file, as_json, refused, dry_run=dry_run) as told:
        from lib.services.importing import import_beats

        told.done = import_beats(
            path=file,
            code_column=code_column,
            name_column=name_column,
            crs=crs,
            layer=layer,
            valid_from=_day(valid_from),
            valid_to=_day(valid_to),
            source=source,
            dry_run=dry_run,
            into_demonstration=into_demonstration,
            from_command_line=True,
            progress=told.progress,
        )


@import_app.command("incidents")
def incidents_command(
    file: File,
    *,
    source: Source = None,
    category: Annotated[str | None, typer.Option(help="The category of every row, where no column has one.")] = None,
    column: Columns = None,
    crs: Crs = None,
    month_first: Annotated[
        bool | None, typer.Option("--month-first/--day-first", help="How dates such as 03/04/2024 are meant.")
    ] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    refused: Refused = None,
    into_demonstration: IntoDemonstration = False,
) -> None:
    """Import recorded crime or calls for service: CSV, TSV, XLSX, JSON (data.police.uk), GeoJSON points.

    Fields for --column: id, case_id, category, date, time, longitude, latitude, point, x, y, beat. The names that are
    recognised without it: python -m lib import columns.

    Example: python -m lib import incidents crimes_2012.csv --source "Chicago crimes" --refused refused.csv

    Example: python -m lib import incidents asb.tab.gz --category "Anti-social behaviour" --column date=month --dry-run
    """
    with _reported(file, as_json, refused, dry_run=dry_run) as told:
        from lib.services.importing import import_incidents

        told.done = import_incidents(
            path=file,
            source=source,
            columns=_named(column),
            category=category,
            crs=crs,
            month_first=month_first,
            dry_run=dry_run,
            into_demonstration=into_demonstration,
            from_command_line=True,
            progress=told.progress,
        )


@import_app.command("figures")
def figures_command(
    file: File,
    *,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day the figures are of, where no column says it.")
    ] = None,
    source: Source = None,
    kind: Annotated[
        str,
        typer.Option(help="What is counted: adults, or an age band that meetings are compared with (see below)."),
    ] = ADULTS,
    column: Columns = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    refused: Refused = None,
    into_demonstration: IntoDemonstration = False,
) -> None:
    """Import a figure per beat, by default the adults: a table with code, value, and where it has them day and source.

    Fields for --column: code, value, as_of, source. Kinds: adults, adults_16_24, adults_25_39, adults_40_64,
    adults_65_up.

    Example: python -m lib import figures adults.csv --as-of 2020-04-01 --source "Census 2020"

    Example: python -m lib import figures young.csv --kind adults_16_24 --column value=aged_16_24 --as-of 2020-04-01
    """
    with _reported(file, as_json, refused, dry_run=dry_run) as told:
        from lib.services.importing import import_figures

        told.done = import_figures(
            path=file,
            kind=kind,
            columns=_named(column),
            as_of=_day(as_of),
            source=source,
            dry_run=dry_run,
            into_demonstration=into_demonstration,
            from_command_line=True,
        )


@import_app.command("partners")
def partners_command(
    file: File,
    *,
    source: Source = None,
    column: Columns = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    refused: Refused = None,
    into_demonstration: IntoDemonstration = False,
) -> None:
    """Import partners and their services: a table, or a directory in the Open Referral form (HSDS 3: JSON, or a folder
    or zip of its tables). Services of the same source that are gone from the file are unlisted.

    Fields for --column: id, partner_id, partner, name, description, needs, phone, partner_phone, website, hours,
    languages, beat, checked_on.

    Example: python -m lib import partners directory.csv --source "City directory" --refused refused.csv

    Example: python -m lib import partners hsds.zip --source "King County 211" --dry-run
    """
    with _reported(file, as_json, refused, dry_run=dry_run) as told:
        from lib.services.importing_partners import import_partners

        told.done = import_partners(
            path=file,
            source=source,
            columns=_named(column),
            dry_run=dry_run,
            into_demonstration=into_demonstration,
            from_command_line=True,
            progress=told.progress,
        )


@import_app.command("columns")
def columns_command(as_json: AsJson = False) -> None:
    """List the column names that are recognised, by file and field; case, spaces and underscores do not matter.

    Example: python -m lib import columns
    """
    from lib.importers.columns import BEAT_COLUMNS, FIGURE_COLUMNS, INCIDENT_COLUMNS, PARTNER_COLUMNS

    known = {
        "beats": BEAT_COLUMNS,
        "incidents": INCIDENT_COLUMNS,
        "figures": FIGURE_COLUMNS,
        "partners": PARTNER_COLUMNS,
    }
    if as_json:
        typer.echo(json.dumps(known))
        return
    for file, fields in known.items():
        typer.echo(file)
        for field, names in fields.items():
            typer.echo(f"  {field}: {', '.join(names)}")


class _Told:
    """What a command tells while it runs (a bar on a terminal) and when it is done."""

    def __init__(self, *, with_bar: bool) -> None:
        self.done: Imported | None = None
        self.progress: Progress | None = self._advance if with_bar else None
        self._bar: Any = None

    def _advance(self, doing: str, share: float) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        if self._bar is None:
            columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._bar.add_task(doing, total=1.0)
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], description=doing, completed=share)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.stop()


@contextmanager
def _reported(file: Path, as_json: bool, refused: Path | None, *, dry_run: bool) -> Iterator[_Told]:
    """Bring the schema up to date, run the import, print its report. An explained error: a sentence, exit code 1."""
    told = _Told(with_bar=sys.stderr.isatty())
    # A command is over in seconds and holds every row until then: looking for garbage only walks them again (10 %).
    gc.disable()
    try:
        from lib.storage.schema import migrate

        _check_writable(refused)
        migrate()
        try:
            yield told
        finally:
            told.close()
        if told.done is not None and refused is not None:
            told.done.report.write_refused_csv(refused)
    except Explained as problem:
        typer.echo(problem.sentence, err=True)
        raise typer.Exit(1) from problem
    finally:
        gc.enable()
    if told.done is not None:
        if as_json:
            typer.echo(json.dumps({**told.done.report.as_json(), **told.done.further, "dry_run": dry_run}))
        else:
            _print_report(file, told.done, refused, dry_run=dry_run)


def _check_writable(refused: Path | None) -> None:
    """Before anything is stored, so that no import succeeds without its list of refused rows."""
    try:
        if refused is not None:
            refused.open("a").close()
    except OSError as cause:
        raise Invalid(f"The refused rows cannot be written to {refused}: {cause.strerror}.", "refused") from cause


def _print_report(file: Path, done: "Imported", refused: Path | None, *, dry_run: bool) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    report = done.report
    table = Table()
    table.add_column("")
    table.add_column("number", justify="right")
    table.add_column("first lines")
    for key, number in report.counts().items():
        lines = [row.line for row in report.refused[:5]] if key == "unreadable" else report.examples.get(key, [])
        table.add_row(_LABELS[key], f"{number:,}", ", ".join(map(str, lines)))
    for key, number in done.further.items():
        table.add_row(key.replace("_", " "), f"{number:,}", "")
    console = Console()
    console.print(f"{escape(file.name)}{' (dry run: nothing was stored)' if dry_run else ''}", highlight=False)
    console.print(table)
    for note in report.notes:
        console.print(f"- {escape(note)}", highlight=False)
    for row in report.refused[:5]:
        console.print(f"  line {row.line}: {escape(row.reason)}", highlight=False)
    if refused is not None:
        console.print(f"{len(report.refused):,} refused rows are in {escape(str(refused))}.", highlight=False)
    elif report.refused:
        console.print("All refused rows: add --refused FILE.", highlight=False)


def _named(columns: list[str] | None) -> dict[str, str]:
    """FIELD=NAME pairs. Raises Invalid for one without "="."""
    pairs = {}
    for pair in columns or []:
        field, sign, name = pair.partition("=")
        if not (sign and field.strip() and name.strip()):
            raise Invalid(f"“{pair}” does not name a column; write it as date=Occurred.", "columns")
        pairs[field.strip()] = name.strip()
    return pairs


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None

"""The names cities give to what we look for, and finding them in a file's header.

Names are compared without case, spaces, underscores and other signs: "DATE OCC", "date_occ" and "DateOcc" are one.
Sources, in the order of the tuples: Chicago (Crimes 2001 to present), Seattle (SPD Crime Data), New York (NYPD
Complaint Data), Los Angeles (Crime Data 2010 to present), San Francisco (Incident Reports), data.police.uk (CSV and
API), then names that many portals use. The first name of a tuple that a file has wins.
"""

from collections.abc import Iterable, Mapping

from lib.errors import Invalid

ROW_ID = "id"
CASE_ID = "case_id"

INCIDENT_COLUMNS: dict[str, tuple[str, ...]] = {
    # Numbers that name one row each: the same number is the same event.
    ROW_ID: (
        "id",
        "offense id",
        "cmplnt num",
        "dr no",
        "row id",
        "cad event number",
        "cad event id",
        "event number",
        "event id",
        "incident key",
        "unique id",
        "unique key",
        "source key",
    ),
    # Numbers of a case that may hold several offences: rows that differ under one number are different events.
    # A Chicago `case_number` is in neither list: two victims of one case are two rows that agree in everything.
    CASE_ID: ("persistent id", "crime id"),
    "category": (
        "primary type",
        "offense parent group",
        "offense category",
        "ofns desc",
        "crm cd desc",
        "incident category",
        "crime type",
        "category",
        "offense type",
        "offence type",
        "offense",
        "offence",
        "incident type",
        "call type",
        "event type",
        "type",
        "offense description",
        "description",
    ),
    "date": (
        "date",
        "offense start datetime",
        "offense date",
        "cmplnt fr dt",
        "date occ",
        "incident datetime",
        "incident date",
        "month",
        "occurred at",
        "occurred on",
        "occurred",
        "date occurred",
        "occurred date",
        "occurrence date",
        "date of occurrence",
        "occur date",
        "offence date",
        "crime date",
        "event date",
        "start date",
        "start datetime",
        "date time",
        "timestamp",
        "call datetime",
        "call date",
        "report datetime",
        "report date time",
        "date reported",
        "reported date",
        "report date",
        "rpt dt",
    ),
    "time": ("cmplnt fr tm", "time occ", "incident time", "occurred time", "time occurred", "occur time", "time"),
    "longitude": (
        "longitude",
        "lon",
        "lng",
        "long",
        "location.longitude",
        "location longitude",
        "dispatch longitude",
        "blurred longitude",
        "geo lon",
        "intptlon",
    ),
    "latitude": (
        "latitude",
        "lat",
        "location.latitude",
        "location latitude",
        "dispatch latitude",
        "blurred latitude",
        "geo lat",
        "intptlat",
    ),
    # One column with both, as "POINT (-122.3 47.6)" or "(47.6, -122.3)".
    "point": ("point", "location", "location 1", "lat lon", "georeference", "geolocation", "the geom", "geom"),
    "x": ("x coordinate", "x coord cd", "x coord", "x", "point x", "easting"),
    "y": ("y coordinate", "y coord cd", "y coord", "y", "point y", "northing"),
    # The city's own code of the beat, kept beside the computed one.
    "beat": ("beat", "beat num", "police beat", "beat code", "addr pct cd", "rpt dist no", "precinct", "stored code"),
}

CLEAR_BEAT_CODES = (
    "beat num",
    "beat number",
    "beat no",
    "beat code",
    "beat id",
    "ward code",
    "neighbourhood id",
    "neighbourhood code",
    "neighborhood code",
)
"""Names that hold the code of the beat itself and nothing else."""

BEAT_COLUMNS: dict[str, tuple[str, ...]] = {
    "code": (
        *CLEAR_BEAT_CODES,
        "beat",
        "police beat",
        "pct",
        "precinct",
        "aprec",
        "dist num",
        "district",
        "code",
        "name",
        "beat name",
        "ward name",
        "neighbourhood",
        "neighborhood",
        "label",
        "id",
    ),
    "name": ("beat name", "ward name", "neighbourhood name", "neighborhood name", "name", "label", "title"),
    "precinct": ("precinct", "precinct name", "district", "division", "sector"),
}

FIGURE_COLUMNS: dict[str, tuple[str, ...]] = {
    "code": (*BEAT_COLUMNS["code"],),
    "value": ("adults", "value", "adult population", "population 18", "population", "count", "number"),
    "as_of": ("as of", "date", "on", "year", "reference date"),
    "source": ("source", "origin"),
}

PARTNER_COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id", "service id", "external id", "uid"),
    "partner_id": ("partner id", "organization id", "organisation id", "agency id"),
    "partner": ("partner", "partner name", "organization", "organisation", "organization name", "agency", "provider"),
    "name": ("name", "service", "service name", "program", "title"),
    "description": ("description", "service description", "about", "summary"),
    "needs": ("needs", "keywords", "tags", "taxonomy", "categories", "category"),
    "phone": ("phone", "service phone", "phone number", "telephone", "hotline"),
    "partner_phone": ("partner phone", "organization phone", "agency phone", "main phone"),
    "website": ("website", "url", "web", "homepage"),
    "hours": ("hours", "opening hours", "schedule", "open", "times"),
    "languages": ("languages", "language", "languages spoken"),
    "beat": ("beat", "beat code", "police beat"),
    "longitude": ("longitude", "lon", "lng", "long", "x coordinate"),
    "latitude": ("latitude", "lat", "y coordinate"),
    "text_language": ("text language", "written in"),
    "checked_on": ("checked on", "checked", "last checked", "assured date", "verified on", "last verified", "updated"),
}


def plain(name: str) -> str:
    """A column's name as it is compared: letters and digits only, case folded."""
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def find_columns(
    header: Iterable[str], known: Mapping[str, tuple[str, ...]], named: Mapping[str, str] | None = None
) -> dict[str, str]:
    """For each field of `known` that the header holds: the column's name as it stands in the file.

    `named` (field → column) goes before recognition. Raises Invalid if a field or a named column does not exist.
    """
    columns = list(header)
    by_plain: dict[str, str] = {}
    for column in columns:
        by_plain.setdefault(plain(column), column)
    found: dict[str, str] = {}
    for field, names in known.items():
        match = next((by_plain[plain(name)] for name in names if plain(name) in by_plain), None)
        if match is not None:
            found[field] = match
    for field, wanted in (named or {}).items():
        if field not in known:
            raise Invalid(f"There is no field “{field}”. Fields that can be named: {', '.join(known)}.", "columns")
        match = wanted if wanted in columns else by_plain.get(plain(wanted))
        if match is None:
            raise Invalid(f"The file has no column “{wanted}”. {columns_found(columns)}", "columns")
        found[field] = match
    return found


def columns_found(header: Iterable[str]) -> str:
    """A sentence with the header's names, at most 40 of them."""
    names = [name if len(name) <= 60 else name[:59] + "…" for name in header]
    more = f" and {len(names) - 40} more" if len(names) > 40 else ""
    return f"Columns found: {', '.join(names[:40])}{more}."


def need_column(found: Mapping[str, str], field: str, header: Iterable[str], what: str, names: tuple[str, ...]) -> str:
    """The column of a field that an import cannot do without. Raises Invalid naming what was looked for and found."""
    if field in found:
        return found[field]
    raise Invalid(
        f"No column with {what} was recognised. {columns_found(header)} "
        f"Looked for: {', '.join(names[:8])} and the like; name yours with --column {field}=NAME.",
        "columns",
    )

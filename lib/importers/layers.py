"""Finding and opening the one layer of polygons in a file: shapefile, GeoPackage, GeoJSON, KML, bare or zipped."""

import tempfile
import warnings
import zipfile
from pathlib import Path, PurePosixPath

import geopandas as gpd
import pyogrio
import shapely

from lib.errors import Invalid
from lib.importers.files import DAMAGED, check_size, members

ENDINGS = (".shp", ".gpkg", ".geojson", ".json", ".kml", ".kmz", ".fgb", ".gml")
_UNREADABLE = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    shapely.errors.GEOSException,
)
_PARTS = (".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix")


def read_layer(path: Path, *, layer: str | None = None) -> tuple[gpd.GeoDataFrame, list[str]]:
    """The features of the file's only layer of polygons, as they stand, and what the reader remarked.

    Raises Invalid with a sentence if the file is absent, damaged, no geographic file, or holds several such layers and
    `layer` names none of them.
    """
    if not path.exists():
        raise Invalid(f"There is no file {path}.", "file")
    if path.is_dir() and path.suffix.lower() != ".gdb":
        raise Invalid(f"{path} is a folder; name the file itself.", "file")
    if path.is_file() and path.stat().st_size == 0:
        raise Invalid(f"{path.name} is empty.", "file")
    if path.is_file() and zipfile.is_zipfile(path):
        with tempfile.TemporaryDirectory(prefix="common-beat-") as folder:
            return _read(_unzipped(path, Path(folder)), path.name, layer)
    _check_is_geographic(path)
    return _read(path, path.name, layer)


def _unzipped(path: Path, folder: Path) -> Path:
    """Unpack the archive's geographic files and name the one to read."""
    try:
        with zipfile.ZipFile(path) as archive:
            check_size(archive, path.name)
            found = [PurePosixPath(entry.filename) for entry in members(archive, ENDINGS)]
            if not found:
                inside = ", ".join(archive.namelist()[:8]) or "nothing"
                raise Invalid(f"{path.name} holds no geographic file ({', '.join(ENDINGS)}). Inside: {inside}.", "file")
            if len(found) > 1:
                raise Invalid(
                    f"{path.name} holds {len(found)} geographic files: {', '.join(map(str, found[:8]))}. "
                    "Unpack it and import one of them.",
                    "file",
                )
            wanted = found[0]
            for entry in members(archive, (wanted.suffix.lower(), *_PARTS)):
                inner = PurePosixPath(entry.filename)
                if inner.parent == wanted.parent and inner.stem.lower() == wanted.stem.lower():
                    (folder / inner.name).write_bytes(archive.read(entry))
            inner_file = folder / wanted.name
            if zipfile.is_zipfile(inner_file):
                return _unzipped(inner_file, Path(tempfile.mkdtemp(dir=folder)))
            return inner_file
    except DAMAGED as cause:
        raise Invalid(f"{path.name} is a damaged zip file; download it again.", "file") from cause
    except RuntimeError as cause:
        raise Invalid(f"{path.name} is protected with a password; unpack it first.", "file") from cause


def _check_is_geographic(path: Path) -> None:
    """Common wrong files, by their first bytes."""
    if path.is_dir():
        return
    with path.open("rb") as source:
        start = source.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head")):
        raise Invalid(
            f"{path.name} is a web page, not a map: the download probably answered with a sign-in or error page.",
            "file",
        )
    if path.suffix.lower() in {".csv", ".tsv", ".txt", ".tab", ".xlsx"}:
        raise Invalid(
            f"{path.name} is a table; beats need their outlines: a shapefile (zipped), GeoPackage, GeoJSON or KML.",
            "file",
        )
    if path.suffix.lower() == ".shp" and not any(path.with_suffix(end).exists() for end in (".dbf", ".DBF")):
        raise Invalid(
            f"Beside {path.name} there is no .dbf file, which holds the codes; import the zip with all its parts.",
            "file",
        )


def _read(path: Path, name: str, layer: str | None) -> tuple[gpd.GeoDataFrame, list[str]]:
    try:
        with warnings.catch_warnings(record=True) as remarks:
            warnings.simplefilter("always", RuntimeWarning)
            layers = [(str(title), str(kind)) for title, kind in pyogrio.list_layers(path)]
            areas = [title for title, kind in layers if "Polygon" in kind or kind in {"Unknown", "GeometryCollection"}]
            chosen = _chosen(areas, layers, name, layer)
            # A .shx that was lost on the way is made again.
            pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": True})
            frame = pyogrio.read_dataframe(path, layer=chosen, on_invalid="fix")
    except (*_UNREADABLE, UnicodeDecodeError, ValueError) as cause:
        raise Invalid(
            f"{name} cannot be read as a map; a shapefile (zipped), GeoPackage, GeoJSON or KML is needed.", "file"
        ) from cause
    if not isinstance(frame, gpd.GeoDataFrame):
        raise Invalid(f"{name} is a table without outlines; beats need polygons.", "file")
    if frame.empty:
        raise Invalid(f"{name} holds no features.", "file")
    said = dict.fromkeys(str(remark.message).replace(str(path), name) for remark in remarks)
    return frame, [f"The reader remarked: {remark}" for remark in list(said)[:3]]


def _chosen(areas: list[str], layers: list[tuple[str, str]], name: str, layer: str | None) -> str:
    listed = ", ".join(f"{title} ({kind})" for title, kind in layers)
    if layer is not None:
        if layer not in {title for title, _ in layers}:
            raise Invalid(f"{name} has no layer “{layer}”. Layers: {listed}.", "layer")
        return layer
    if len(areas) == 1:
        return areas[0]
    if not areas:
        raise Invalid(f"{name} holds no polygons. Layers: {listed or 'none'}.", "file")
    raise Invalid(f"{name} has several layers of polygons: {listed}. Name one with --layer.", "layer")

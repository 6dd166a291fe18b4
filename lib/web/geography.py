"""What the maps draw, as compact GeoJSON by address: read by every browser once, gzipped and hashed once per process.

A layer that names an address sends 98 KiB of outlines instead of 398 KiB inside the page, and again only when changed.
"""

import gzip
import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from time import monotonic

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lib import clock
from lib.queries.places import city, drawn_beats, drawn_features
from lib.storage.engine import engine
from lib.web.errors import no_such_page

KINDS = frozenset({"ground", "waterline", "park", "school", "precinct"})
BEATS = "beats"

BELIEVED_SECONDS = 30
"""How long a process believes what it drew: an import shows on every map after this at the latest."""


@dataclass(frozen=True)
class Drawn:
    """One file of outlines: as it is, gzipped, and its tag."""

    plain: bytes
    zipped: bytes
    tag: str


def show_drawn(request: Request) -> Response:
    """`/map/beats.geojson` (today's outlines) and `/map/<kind>.geojson`; 304 for a browser that has it. Raises NotFound
    for another name, or before there is a city."""
    kind = str(request.path_params["kind"])
    if kind != BEATS and kind not in KINDS:
        raise no_such_page()
    today = clock.today(city().time_zone) if kind == BEATS else date.min
    drawn = _drawn(str(engine().url), kind, today, int(monotonic() // BELIEVED_SECONDS))
    headers = {"ETag": drawn.tag, "Cache-Control": "public, max-age=60", "Vary": "Accept-Encoding"}
    if drawn.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(drawn.zipped, headers=headers | {"Content-Encoding": "gzip"}, media_type="application/geo+json")
    return Response(drawn.plain, headers=headers, media_type="application/geo+json")


@lru_cache(maxsize=16)
def _drawn(database: str, kind: str, today: date, tick: int) -> Drawn:
    collection = drawn_beats(today) if kind == BEATS else drawn_features(kind)
    return _packed(json.dumps(collection, separators=(",", ":"), ensure_ascii=False).encode())


@lru_cache(maxsize=16)
def _packed(plain: bytes) -> Drawn:
    """By content: unchanged outlines are not gzipped again."""
    return Drawn(plain, gzip.compress(plain, mtime=0), f'"{hashlib.sha256(plain).hexdigest()[:24]}"')


ROUTES = [Route("/map/{kind}.geojson", show_drawn, methods=["GET"])]

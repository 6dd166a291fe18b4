"""Style sheets, icons and fonts, held in memory: a full hall asks for the same small file a thousand times a minute.

An address with the content's hash (`?v=`) may be kept for a year.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

FOLDER = Path(__file__).resolve().parent / "assets"

YEAR = 365 * 24 * 3600
HOUR = 3600

LEAST_TO_COMPRESS = 500
"""Bytes. Below this, compressing saves nothing that a line would notice."""

TEXTUAL = ("text/", "image/svg+xml", "application/json", "application/javascript")


@dataclass(frozen=True)
class HeldFile:
    """A file's bytes, compressed as well where that helps (else empty), its kind and the hash of its content."""

    plain: bytes
    compressed: bytes
    kind: str
    digest: str


class Assets:
    """An ASGI application below `/assets`: files of this folder and below it, and nothing else."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer GET and HEAD: 200, 304 to who has the file already, 404 for what is no file here."""
        path = scope["path"].removeprefix(scope.get("root_path", "")).removeprefix("/assets").lstrip("/")
        await _answer(path, scope)(scope, receive, send)


def digest_of(file: str) -> str:
    """The first 12 hex digits of the SHA-256 of a file's content."""
    return _held(file).digest


def _answer(path: str, scope: Scope) -> Response:
    if scope["method"] not in ("GET", "HEAD"):
        return PlainTextResponse("Method Not Allowed", 405, headers={"Allow": "GET, HEAD"})
    if path not in _files():
        return PlainTextResponse("Not Found", 404)
    held, asked = _held(path), Headers(scope=scope)
    is_hashed = scope.get("query_string", b"").startswith(b"v=")
    headers = {
        "Cache-Control": f"public, max-age={YEAR}, immutable" if is_hashed else f"public, max-age={HOUR}",
        "X-Content-Type-Options": "nosniff",
        "ETag": f'"{held.digest}"',
        "Vary": "Accept-Encoding",
    }
    if held.digest in asked.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    body = held.plain
    if held.compressed and "gzip" in asked.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = held.compressed, "gzip"
    return Response(body if scope["method"] == "GET" else b"", headers=headers, media_type=held.kind)


@lru_cache(maxsize=1)
def _files() -> frozenset[str]:
    """The names that can be asked for. Listed once, so that no address can lead out of the folder."""
    return frozenset(str(file.relative_to(FOLDER).as_posix()) for file in FOLDER.rglob("*") if file.is_file())


@lru_cache(maxsize=256)
def _held(file: str) -> HeldFile:
    plain = (FOLDER / file).read_bytes()
    kind = mimetypes.guess_type(file)[0] or "application/octet-stream"
    is_worth_it = kind.startswith(TEXTUAL) and len(plain) >= LEAST_TO_COMPRESS
    return HeldFile(
        plain,
        gzip.compress(plain, mtime=0) if is_worth_it else b"",
        kind,
        hashlib.sha256(plain).hexdigest()[:12],
    )

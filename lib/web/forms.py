"""What a form sent. The guard in `headers.py` has read it, checked its size and where it came from."""

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

LARGEST_FORM = 64 * 1024
"""Bytes. The longest text that a form takes has 2,000 characters."""

LARGEST_PART = 4 * 1024 * 1024
"""Bytes of one field that is no file: a photo on its way through a page in between, as base64."""

LARGEST = {"/report": 24 * 1024 * 1024}
"""Bytes of the forms that take photos, by path: three of 5 MB, and room to say so of one that is larger."""


def largest_form(path: str) -> int:
    """How many bytes a form sent to this path may have.

    >>> largest_form("/ballot"), largest_form("/report")
    (65536, 25165824)
    """
    return LARGEST.get(path, LARGEST_FORM)


def form(request: Request) -> FormData:
    """The fields of a POST, empty for any other request."""
    fields: FormData = getattr(request.state, "form", None) or FormData()
    return fields


def field(request: Request, name: str) -> str:
    """The first value of one field, "" if it is absent. Services judge what it says."""
    value = form(request).get(name, "")
    return value if isinstance(value, str) else ""


def fields(request: Request, name: str) -> list[str]:
    """Every value of a field that may be there several times, such as a check box."""
    return [value for value in form(request).getlist(name) if isinstance(value, str)]


def files(request: Request, name: str) -> list[bytes]:
    """What was uploaded under a name; a file field that was left empty counts for nothing."""
    uploads = [value for value in form(request).getlist(name) if isinstance(value, UploadFile)]
    contents = []
    for upload in uploads:
        with upload.file as file:
            contents.append(file.read())
    return [content for content in contents if content]


def own_path(text: str | None, otherwise: str = "/") -> str:
    """Where to go after signing in: `text` if it is a path of this installation, else `otherwise`.

    >>> own_path("/desk?beat=K2")
    '/desk?beat=K2'
    >>> own_path("//elsewhere.example/"), own_path("https://elsewhere.example/"), own_path("/\\\\elsewhere.example")
    ('/', '/', '/')
    """
    if not text or not text.startswith("/") or text.startswith("//"):
        return otherwise
    unsafe = any(sign == "\\" or not sign.isprintable() or sign.isspace() for sign in text)
    return otherwise if unsafe else text

"""Cookies of the phone pages: signed, out of the reach of scripts, and sent along from our own pages only."""

from starlette.requests import Request
from starlette.responses import Response

from lib.settings import settings
from lib.storage.signing import sign, unsign

__all__ = ["drop_cookie", "keep_cookie", "read_cookie", "sign", "unsign"]


def keep_cookie(response: Response, name: str, value: str, *, path: str = "/", seconds: int | None = None) -> None:
    """Give the browser a cookie: HttpOnly, SameSite=Lax, Secure when `BASE_URL` is https. Without `seconds` it ends
    with the browser's session."""
    response.set_cookie(
        name, value, max_age=seconds, path=path, secure=settings().is_https, httponly=True, samesite="lax"
    )


def drop_cookie(response: Response, name: str, *, path: str = "/") -> None:
    """Make the browser forget a cookie; `path` as it was kept."""
    response.delete_cookie(name, path=path, secure=settings().is_https, httponly=True, samesite="lax")


def read_cookie(request: Request, name: str, purpose: str, max_age: float) -> str | None:
    """The value of a cookie that was kept as `sign(purpose, value)`; None if absent, altered or older than `max_age`
    seconds."""
    text = request.cookies.get(name)
    return unsign(purpose, text, max_age) if text else None

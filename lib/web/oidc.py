"""Signing in with the city's own account (OpenID Connect), when the settings name an issuer.

The confirmed e-mail address finds the person; nobody becomes a person this way. State, nonce and the PKCE verifier
travel in a short-lived signed cookie of their own, so that any process behind a balancer can finish what another began.
"""

import json
from collections.abc import Mapping
from typing import Any

from authlib.integrations.starlette_client import OAuth, OAuthError
from httpx2 import HTTPError
from joserfc.errors import JoseError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from lib.errors import NotAllowed, NotFound, Unavailable
from lib.services.sessions import DEVICE_COOKIE, sign_in_with_city_account
from lib.settings import settings
from lib.web.cookies import drop_cookie, keep_cookie, read_cookie, sign
from lib.web.forms import own_path
from lib.web.rendering import _
from lib.web.signin import welcome

ON_THE_WAY_COOKIE = "beat_city_account"
ON_THE_WAY_SECONDS = 600
PATH = "/signin/city"


async def leave(request: Request) -> Response:
    """Send the browser to the city's sign-in page."""
    client = _client()
    carried: dict[str, Any] = {}
    try:
        await _check_issuer(client)
        away: Response = await client.authorize_redirect(_with_session(request, carried), _return_address())
    except (HTTPError, OAuthError, RuntimeError, ValueError) as cause:
        raise _unreachable() from cause
    # A fresh answer: the client's own would keep the session where Streamlit's server looks for its own.
    answer = RedirectResponse(away.headers["location"], 303)
    carried["next"] = own_path(request.query_params.get("next"), "")
    keep_cookie(
        answer,
        ON_THE_WAY_COOKIE,
        sign("city-account", json.dumps(carried)),
        path=PATH,
        seconds=ON_THE_WAY_SECONDS,
    )
    return answer


async def come_back(request: Request) -> Response:
    """Take the city's answer, and sign in the person with that address. Raises NotAllowed, Unavailable."""
    client = _client()
    text = read_cookie(request, ON_THE_WAY_COOKIE, "city-account", ON_THE_WAY_SECONDS)
    carried: dict[str, Any] = json.loads(text) if text else {}
    wanted = str(carried.pop("next", ""))
    try:
        issuer = await _check_issuer(client)
        token = await client.authorize_access_token(
            _with_session(request, carried),
            claims_options={
                "iss": {"essential": True, "value": issuer},
                "aud": {"essential": True, "value": settings().oidc_client_id},
            },
        )
    except HTTPError as cause:
        raise _unreachable() from cause
    except (OAuthError, JoseError, RuntimeError, ValueError) as cause:
        raise NotAllowed(_("Signing in with your city account did not work. Please start again.")) from cause
    claims: Mapping[str, Any] = token.get("userinfo") or {}
    signed_in = await run_in_threadpool(
        sign_in_with_city_account,
        email=str(claims.get("email", "")),
        is_verified=claims.get("email_verified") is True,
        device=request.cookies.get(DEVICE_COOKIE, ""),
    )
    answer = await run_in_threadpool(welcome, request, signed_in, wanted)
    drop_cookie(answer, ON_THE_WAY_COOKIE, path=PATH)
    return answer


def _client() -> Any:
    """Authlib's client for the issuer in the settings, made afresh: it keeps what it discovers, and a city that renews
    its keys must not need our restart."""
    if not settings().has_oidc:
        raise NotFound(_("This installation knows no city account. Sign in with your password."))
    return OAuth().register(
        "city",
        client_id=settings().oidc_client_id,
        client_secret=settings().oidc_client_secret.get_secret_value(),
        server_metadata_url=settings().oidc_issuer.rstrip("/") + "/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "timeout": 10},
    )


async def _check_issuer(client: Any) -> str:
    """The issuer as it names itself, which must be the one in the settings (OpenID Connect Discovery, 4.3)."""
    said = str((await client.load_server_metadata()).get("issuer", ""))
    if said.rstrip("/") != settings().oidc_issuer.rstrip("/"):
        raise ValueError(f"the issuer calls itself {said!r}")
    return said


def _with_session(request: Request, session: dict[str, Any]) -> Request:
    """The request with a session of its own, which the caller keeps in the cookie."""
    return Request({**request.scope, "session": session}, request.receive)


def _return_address() -> str:
    return settings().address + PATH + "/return"


def _unreachable() -> Unavailable:
    return Unavailable(_("The city's own sign-in cannot be reached. Try again in a moment, or use your password."))


ROUTES = [Route(PATH, leave, methods=["GET"]), Route(PATH + "/return", come_back, methods=["GET"])]

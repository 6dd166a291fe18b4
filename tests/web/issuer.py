"""A tiny OpenID Connect issuer over real HTTP on this machine, with the faults a real one might have."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "beat"
SECRET = "issuer's secret"


class Issuer:
    """`claims` overrides what the id token says; `called` overrides how the issuer names itself."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.signing_key = self.key
        self.claims: dict[str, Any] = {}
        self.called = ""
        self.waiting: dict[str, dict[str, str]] = {}
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                address = urlsplit(self.path)
                match address.path:
                    case "/.well-known/openid-configuration":
                        self.answer(issuer.document())
                    case "/keys":
                        self.answer({"keys": [issuer.key.as_dict(private=False)]})
                    case "/authorize":
                        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
                        self.send_response(302)
                        self.send_header("Location", issuer.authorize(asked))
                        self.end_headers()
                    case _:
                        self.send_error(404)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                sent = {name: values[0] for name, values in parse_qs(body).items()}
                try:
                    self.answer(issuer.token(sent, self.headers.get("authorization", "")))
                except PermissionError as refusal:
                    self.answer({"error": str(refusal)}, 400)

            def answer(self, content: dict[str, Any], status: int = 200) -> None:
                body = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def document(self) -> dict[str, Any]:
        return {
            "issuer": self.called or self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes after somebody has signed in there."""
        assert (asked["client_id"], asked["response_type"], asked["scope"]) == (CLIENT, "code", "openid email")
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.waiting)}"
        self.waiting[code] = asked
        return asked["redirect_uri"] + "?" + urlencode({"code": code, "state": asked["state"]})

    def token(self, sent: dict[str, str], authorization: str) -> dict[str, Any]:
        """The tokens for a code, once, to whoever knows the client's secret and the PKCE verifier."""
        asked = self.waiting.pop(sent.get("code", ""), None)
        if asked is None:
            raise PermissionError("invalid_grant")
        expected = base64.b64encode(f"{CLIENT}:{SECRET.replace(' ', '+')}".encode()).decode()
        plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if authorization.removeprefix("Basic ") not in (expected, plain):
            raise PermissionError("invalid_client")
        challenge = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"].encode()).digest()).rstrip(b"=")
        if challenge.decode() != asked["code_challenge"]:
            raise PermissionError("invalid_grant")
        now = int(time.time())
        claims = {
            "iss": self.url,
            "sub": "42",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "email": "maya@example.org",
            "email_verified": True,
        } | self.claims
        id_token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.signing_key)
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": id_token}


@contextmanager
def issuing() -> Iterator[Issuer]:
    """A running issuer."""
    issuer = Issuer()
    thread = threading.Thread(target=issuer.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        issuer.server.shutdown()
        issuer.server.server_close()
        thread.join()

"""Signing in and out in a browser: by password, and by the city's own account over a real HTTP issuer."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx2 as httpx
import pytest
from joserfc.jwk import RSAKey
from starlette.testclient import TestClient

from lib.clock import now
from lib.queries.people import people
from lib.rules.lifecycle import Role, Side
from lib.services.people import add_person, deactivate_person
from lib.services.sessions import SESSION_COOKIE, actor_of_cookie
from lib.settings import settings
from tests.builders import a_city
from tests.web.issuer import CLIENT, SECRET, Issuer, issuing

PASSWORD = "four random words here"


def maya(*, roles: tuple[Role, ...] = (Role.OFFICER,), side: Side = Side.OFFICERS) -> int:
    return add_person(
        name="Maya <b>Lindqvist",
        email="maya@example.org",
        side=side,
        roles=roles,
        password=PASSWORD,
        from_command_line=True,
    )


def sign_in(phone: TestClient, password: str = PASSWORD, **more: str) -> httpx.Response:
    return phone.post("/signin", data={"email": "maya@example.org", "password": password, **more})


def visitor(phone: TestClient) -> str | None:
    actor = actor_of_cookie(phone.cookies.get(SESSION_COOKIE), now())
    return actor.name if actor else None


def test_signing_in_leads_to_the_desk_and_keeps_a_strict_cookie(phone: TestClient, database: str) -> None:
    a_city()
    maya()
    answer = sign_in(phone)
    cookies = [value for name, value in answer.headers.multi_items() if name == "set-cookie"]
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    session = next(cookie for cookie in cookies if cookie.startswith(f"{SESSION_COOKIE}="))
    assert [part.strip() for part in session.split(";")[1:]] == ["HttpOnly", "Max-Age=43200", "Path=/", "SameSite=lax"]
    assert visitor(phone) == "Maya <b>Lindqvist"


def test_over_https_the_cookies_are_secure(
    phone: TestClient, sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BASE_URL", "https://beat.example.org")
    settings.cache_clear()
    maya()
    cookies = [value for name, value in sign_in(phone).headers.multi_items() if name == "set-cookie"]
    assert [cookie.partition("=")[0] for cookie in cookies if "; Secure" in cookie] == ["beat_session", "beat_device"]


@pytest.mark.parametrize(
    ("role", "side", "place"),
    [
        (Role.FACILITATOR, Side.RESIDENTS, "/run"),
        (Role.COORDINATOR, Side.NEITHER, "/desk"),
        (Role.AUDITOR, Side.NEITHER, "/audit"),
    ],
)
def test_everybody_lands_at_their_own_place(
    phone: TestClient, sqlite_database: str, role: Role, side: Side, place: str
) -> None:
    maya(roles=(role,), side=side)
    assert sign_in(phone).headers["location"] == place


def test_who_wanted_somewhere_goes_there(phone: TestClient, sqlite_database: str) -> None:
    maya()
    form = phone.get("/signin?next=/goal%3Fid%3D1%26beat%3DK2")
    assert 'value="/goal?id=1&amp;beat=K2"' in form.text
    assert sign_in(phone, next="/goal?id=1&beat=K2").headers["location"] == "/goal?id=1&beat=K2"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_to_another_site(phone: TestClient, sqlite_database: str, elsewhere: str) -> None:
    maya()
    assert "evil" not in phone.get("/signin", params={"next": elsewhere}).text
    assert sign_in(phone, next=elsewhere).headers["location"] == "/desk"


def test_a_wrong_password_keeps_the_address_and_says_so(phone: TestClient, database: str) -> None:
    maya()
    answer = sign_in(phone, "wrong", next="/run")
    assert answer.status_code == 422
    assert "The e-mail address or the password is not right." in answer.text
    assert 'value="maya@example.org"' in answer.text
    assert 'value="/run"' in answer.text
    assert "wrong</" not in answer.text
    assert visitor(phone) is None


def test_too_many_wrong_passwords_say_how_long_to_wait(phone: TestClient, sqlite_database: str) -> None:
    maya()
    statuses = [sign_in(phone, "wrong").status_code for _ in range(5)]
    answer = sign_in(phone)
    assert (statuses, answer.status_code, answer.headers["retry-after"]) == ([422] * 5, 429, "1")
    assert "Please wait 1 second, then try again." in answer.text


def test_a_name_is_text(phone: TestClient, sqlite_database: str) -> None:
    maya()
    sign_in(phone)
    text = phone.get("/signin").text
    assert ("Maya &lt;b&gt;Lindqvist" in text, "<b>" in text) == (True, False)


def test_script_in_the_form_stays_text(phone: TestClient, sqlite_database: str) -> None:
    nasty = '"><script>alert(1)</script>'
    answer = phone.post("/signin", data={"email": nasty, "password": "x", "next": "/" + nasty})
    assert (answer.status_code, "<script" in answer.text) == (422, False)


def test_signing_out_ends_the_session_on_the_server_too(phone: TestClient, database: str) -> None:
    maya()
    sign_in(phone)
    kept = phone.cookies[SESSION_COOKIE]
    answer = phone.post("/signout", data={"where": "here"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (phone.cookies.get(SESSION_COOKIE), actor_of_cookie(kept, now())) == (None, None)


def test_signing_out_everywhere_ends_the_other_devices(phone: TestClient, sqlite_database: str) -> None:
    maya()
    sign_in(phone)
    other = phone.cookies[SESSION_COOKIE]
    phone.cookies.clear()
    sign_in(phone)
    phone.post("/signout", data={"where": "everywhere"})
    assert actor_of_cookie(other, now()) is None


def test_signing_in_again_ends_the_older_session_of_this_browser(phone: TestClient, sqlite_database: str) -> None:
    maya()
    sign_in(phone)
    first = phone.cookies[SESSION_COOKIE]
    sign_in(phone)
    assert (actor_of_cookie(first, now()), visitor(phone)) == (None, "Maya <b>Lindqvist")


def test_signing_out_needs_nobody(phone: TestClient, sqlite_database: str) -> None:
    assert phone.post("/signout").status_code == 303
    assert "You are not signed in." in phone.get("/signout").text


def test_a_deactivated_person_is_nobody_at_the_next_click(phone: TestClient, sqlite_database: str) -> None:
    person_id = maya()
    sign_in(phone)
    deactivate_person(person_id=person_id, from_command_line=True)
    assert visitor(phone) is None


def test_ones_password_is_changed_on_its_page(phone: TestClient, sqlite_database: str) -> None:
    maya()
    assert phone.get("/password").status_code == 401
    assert phone.post("/password", data={"present": PASSWORD, "password": "x", "again": "x"}).status_code == 401
    sign_in(phone)
    for given, sentence in (
        ((PASSWORD, "four other words here", "four other words there"), "The two new passwords differ."),
        (("wrong", "four other words here", "four other words here"), "Your present password is not right."),
        ((PASSWORD, "short", "short"), "A password has 12 to 200 characters"),
    ):
        answer = phone.post("/password", data=dict(zip(("present", "password", "again"), given, strict=True)))
        assert (answer.status_code, sentence in answer.text) == (422, True)
    new = "four other words here"
    answer = phone.post("/password", data={"present": PASSWORD, "password": new, "again": new})
    assert (answer.status_code, answer.headers["location"], visitor(phone)) == (303, "/signin", None)
    assert sign_in(phone, new).status_code == 303


def test_before_there_is_anybody_the_form_says_how_to_begin(phone: TestClient, sqlite_database: str) -> None:
    assert "python -m lib person add" in phone.get("/signin").text
    maya()
    assert "python -m lib person add" not in phone.get("/signin").text


def test_without_an_issuer_there_is_no_city_account(phone: TestClient, sqlite_database: str) -> None:
    assert "/signin/city" not in phone.get("/signin").text
    assert phone.get("/signin/city").status_code == 404


@pytest.fixture
def issuer(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    with issuing() as running:
        monkeypatch.setenv("OIDC_ISSUER", running.url)
        monkeypatch.setenv("OIDC_CLIENT_ID", CLIENT)
        monkeypatch.setenv("OIDC_CLIENT_SECRET", SECRET)
        monkeypatch.setenv("BASE_URL", "http://testserver")
        settings.cache_clear()
        maya()
        yield running


def through_the_city(phone: TestClient, path: str = "/signin/city?next=/run") -> httpx.Response:
    """Leave for the issuer, sign in there, come back."""
    away = phone.get(path)
    assert away.status_code == 303
    back = httpx.get(away.headers["location"]).headers["location"]
    return phone.get(back)


def test_the_city_account_signs_in_the_person_with_its_address(phone: TestClient, issuer: Issuer) -> None:
    assert "Sign in with City account" in phone.get("/signin").text
    answer = through_the_city(phone)
    assert (answer.status_code, answer.headers["location"], visitor(phone)) == (303, "/run", "Maya <b>Lindqvist")
    assert phone.cookies.get("beat_city_account") is None


def test_every_request_to_the_city_is_another(phone: TestClient, issuer: Issuer) -> None:
    asked = [parse_qs(urlsplit(phone.get("/signin/city").headers["location"]).query) for _ in range(2)]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "stranger@example.org"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": ""},
        {"nonce": "another"},
        {"aud": "another"},
        {"aud": ["another"], "azp": CLIENT},
        {"iss": "http://127.0.0.1:1"},
        {"exp": 1_000_000_000},
    ],
)
def test_what_the_city_does_not_confirm_for_us_signs_nobody_in(
    phone: TestClient, issuer: Issuer, claims: dict[str, object]
) -> None:
    issuer.claims = claims
    answer = through_the_city(phone)
    assert (answer.status_code, visitor(phone), len(people())) == (403, None, 1)


def test_a_token_signed_by_somebody_else_is_refused(phone: TestClient, issuer: Issuer) -> None:
    issuer.signing_key = RSAKey.generate_key(2048, {"kid": "one"})
    assert through_the_city(phone).status_code == 403


def test_an_issuer_that_calls_itself_another_is_refused(phone: TestClient, issuer: Issuer) -> None:
    issuer.called = "https://another.example"
    assert phone.get("/signin/city").status_code == 503


def test_an_answer_that_this_browser_never_asked_for_is_refused(phone: TestClient, issuer: Issuer) -> None:
    back = httpx.get(phone.get("/signin/city").headers["location"]).headers["location"]
    phone.cookies.clear()
    answer = phone.get(back)
    assert (answer.status_code, visitor(phone)) == (403, None)


def test_an_answer_works_once(phone: TestClient, issuer: Issuer) -> None:
    away = phone.get("/signin/city")
    back = httpx.get(away.headers["location"]).headers["location"]
    assert phone.get(back).status_code == 303
    phone.cookies.clear()
    assert phone.get(back).status_code == 403


@pytest.mark.parametrize("path", ["/return", "/return?error=access_denied", "/return?code=x&state=y"])
def test_a_refusal_of_the_city_is_a_page(phone: TestClient, issuer: Issuer, path: str) -> None:
    phone.get("/signin/city")
    assert phone.get("/signin/city" + path).status_code == 403


def test_a_city_that_cannot_be_reached_is_said(
    phone: TestClient, sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OIDC_ISSUER", "http://127.0.0.1:1")
    monkeypatch.setenv("OIDC_CLIENT_ID", CLIENT)
    settings.cache_clear()
    answer = phone.get("/signin/city")
    assert (answer.status_code, "cannot be reached" in answer.text) == (503, True)

"""Nothing that goes wrong shows a trace, loses its status, or leaves a person without a way on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from lib.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded, TooMany, Unavailable
from lib.storage.engine import using
from lib.web.addresses import is_somebody_elses
from lib.web.errors import handlers
from lib.web.forms import field, fields, own_path
from lib.web.headers import middleware
from tests.builders import a_city
from tests.web.conftest import phone_door

FORM = {"content-type": "application/x-www-form-urlencoded"}


def wrong(request: Request) -> Response:
    raise {
        "invalid": Invalid("Too long.", field="text"),
        "missing": NotFound("Not here."),
        "who": SignInNeeded("Please sign in first."),
        "no": NotAllowed("Not yours."),
        "late": Conflict("The round has closed."),
        "slow": TooMany("Wait 8 seconds."),
        "gone": Unavailable("The database is busy."),
        "defect": ZeroDivisionError("a secret detail"),
    }[request.path_params["kind"]]


def echo(request: Request) -> Response:
    return PlainTextResponse(f"{field(request, 'word')}|{','.join(fields(request, 'choice'))}")


OURS = [
    Route("/wrong/{kind}", wrong, methods=["GET", "POST"]),
    Route("/echo", echo, methods=["POST"]),
]


@pytest.fixture
def trying(sqlite_database: str) -> Iterator[TestClient]:
    """Our door with routes that go wrong on purpose, before something that answers everything, as Streamlit does."""

    def shell(_request: Request) -> Response:
        return PlainTextResponse("the shell")

    everything = Route("/{path:path}", shell, methods=["GET", "POST"])
    application = Starlette(
        routes=[*OURS, everything], middleware=middleware(OURS), exception_handlers=dict(handlers())
    )
    with TestClient(application, follow_redirects=False, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize(
    ("kind", "status", "sentence"),
    [
        ("invalid", 422, "Too long."),
        ("missing", 404, "Not here."),
        ("who", 401, "Please sign in first."),
        ("no", 403, "Not yours."),
        ("late", 409, "The round has closed."),
        ("slow", 429, "Wait 8 seconds."),
        ("gone", 503, "The database is busy."),
    ],
)
def test_an_explained_error_is_a_page_with_its_status_and_sentence(
    trying: TestClient, kind: str, status: int, sentence: str
) -> None:
    answer = trying.get(f"/wrong/{kind}")
    assert (answer.status_code, sentence in answer.text) == (status, True)
    assert answer.headers["content-type"].startswith("text/html")


def test_a_defect_says_so_without_its_details(trying: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    answer = trying.get("/wrong/defect?token=abc")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text
    assert "ZeroDivisionError" in caplog.text
    assert "abc" not in caplog.records[0].getMessage()


def test_a_database_that_is_gone_is_worth_another_try(trying: TestClient) -> None:
    assert trying.get("/wrong/gone").headers["retry-after"] == "10"


def test_who_must_sign_in_comes_back_to_where_they_were(trying: TestClient) -> None:
    assert 'href="/signin?next=/wrong/who%3Fbeat%3DK2"' in trying.get("/wrong/who?beat=K2").text


@pytest.mark.parametrize("path", ["/nope", "/signin2", "/wrong", "/echo/more", "/wp-admin/setup.php", "/desk/deeper"])
def test_an_address_of_nobody_is_not_found(trying: TestClient, path: str) -> None:
    answer = trying.get(path)
    assert (answer.status_code, "There is no page at this address" in answer.text) == (404, True)


@pytest.mark.parametrize(
    "path", ["/", "/goals", "/desk", "/_stcore/health", "/static/js/main.js", "/media/x", "/goal/_stcore/host-config"]
)
def test_what_is_a_page_or_streamlits_passes_untouched(trying: TestClient, path: str) -> None:
    answer = trying.get(path)
    assert (answer.status_code, answer.text, "content-security-policy" in answer.headers) == (200, "the shell", False)


def test_an_address_of_ours_refuses_another_method(trying: TestClient) -> None:
    answer = trying.get("/echo")
    assert (answer.status_code, "does not take what your browser sent" in answer.text) == (405, True)


def test_a_plain_handler_reads_its_form(trying: TestClient) -> None:
    answer = trying.post("/echo", data={"word": "grüezi <b>", "choice": ["a", "b"]})
    assert (answer.status_code, answer.text) == (200, "grüezi <b>|a,b")


def test_a_form_with_parts_is_read_too(trying: TestClient) -> None:
    answer = trying.post("/echo", files={"word": (None, "hello")})
    assert answer.text == "hello|"


def test_an_empty_post_is_an_empty_form(trying: TestClient) -> None:
    assert trying.post("/echo").text == "|"


def test_a_form_longer_than_64_kib_is_refused(trying: TestClient) -> None:
    answer = trying.post("/echo", data={"word": "x" * 70_000})
    assert (answer.status_code, "longer than any form" in answer.text) == (413, True)


def test_a_form_that_hides_its_length_is_refused_too(trying: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        yield b"word="
        for _ in range(70):
            yield b"x" * 1024

    assert trying.post("/echo", content=endless(), headers=FORM).status_code == 413


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"content-type": "application/json"}, b'{"word": "x"}'),
        ({"content-type": "multipart/form-data"}, b"no boundary"),
        ({"content-type": "multipart/form-data; boundary=x"}, b"--y\r\nnonsense"),
        (FORM, b"&".join(b"a=1" for _ in range(2000))),
    ],
)
def test_what_is_no_form_is_refused_with_a_page(trying: TestClient, headers: dict[str, str], body: bytes) -> None:
    answer = trying.post("/echo", content=body, headers=headers)
    assert answer.status_code == 400
    assert "<h1>" in answer.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://testserver"}, 200),
        ({"origin": "http://localhost:8501"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://evil.example", "sec-fetch-site": "same-origin"}, 200),
    ],
)
def test_a_form_is_taken_from_our_own_pages_only(trying: TestClient, headers: dict[str, str], status: int) -> None:
    assert trying.post("/echo", data={"word": "x"}, headers=headers).status_code == status


def test_every_answer_of_ours_carries_the_strict_headers(trying: TestClient) -> None:
    for answer in (trying.get("/nope"), trying.post("/echo"), trying.get("/wrong/defect"), trying.get("/wrong/no")):
        assert {
            name: answer.headers[name]
            for name in ("content-security-policy", "referrer-policy", "x-content-type-options", "cache-control")
        } == {
            "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; "
            "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
            "referrer-policy": "strict-origin",
            "x-content-type-options": "nosniff",
            "cache-control": "no-store",
        }


def test_a_page_is_small_and_its_files_may_be_kept(phone: TestClient, sqlite_database: str) -> None:
    a_city(is_demonstration=True)
    answer = phone.get("/signin")
    style = phone.get(next(part for part in answer.text.split('"') if "phone.css?v=" in part))
    assert len(answer.content) + len(style.content) < 15 * 1024
    assert style.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert phone.get(str(style.url), headers={"if-none-match": style.headers["etag"]}).status_code == 304


def test_the_demonstration_says_so_on_every_page(phone: TestClient, sqlite_database: str) -> None:
    a_city(is_demonstration=True)
    for path in ("/signin", "/signout", "/nope"):
        assert "Demonstration: real boundaries, invented people and events." in phone.get(path).text


def test_a_city_of_its_own_is_no_demonstration(phone: TestClient, sqlite_database: str) -> None:
    a_city()
    text = phone.get("/signin").text
    assert ("Demonstration" in text, "Lakeside" in text, '<html lang="en">' in text) == (False, True, True)


def test_pages_work_before_there_is_a_city(phone: TestClient, sqlite_database: str) -> None:
    assert phone.get("/signin").status_code == 200


def test_a_page_says_when_the_database_is_gone(phone: TestClient) -> None:
    with using("postgresql+psycopg://nobody@127.0.0.1:1/nowhere?connect_timeout=1"):
        answer = phone.get("/signin")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert "The database is busy or cannot be reached." in answer.text


def test_the_first_page_has_one_address(phone: TestClient, sqlite_database: str) -> None:
    answer = phone.get("/home?beat=K2")
    assert (answer.status_code, answer.headers["location"]) == (308, "/?beat=K2")


@pytest.mark.parametrize(
    ("path", "elsewhere"),
    [
        ("/", True),
        ("/goals", True),
        ("/goals/", True),
        ("/goals/x", False),
        ("/api/beats", True),
        ("/auth/login", True),
        ("/signin", False),
        ("/index.html", True),
        ("/favicon.png/x", False),
    ],
)
def test_whose_an_address_is(path: str, elsewhere: bool) -> None:
    assert is_somebody_elses(path) is elsewhere


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/desk?beat=K2", "/desk?beat=K2"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/a\nb", "/"),
        ("/\t/evil.example", "/"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_only_own_paths_are_gone_to(text: str | None, path: str) -> None:
    assert own_path(text) == path


def test_what_streamlit_serves_from_its_folder_is_passed_on() -> None:
    for file in (Path(streamlit.__file__).parent / "static").iterdir():
        assert is_somebody_elses(f"/{file.name}" + ("/x" if file.is_dir() else "")), file.name


def test_the_door_has_every_subject() -> None:
    mounted = {route.path for route in phone_door().routes if isinstance(route, Mount | Route)}
    assert {"/assets", "/signin", "/signout", "/password", "/signin/city", "/map/{kind}.geojson"} <= mounted

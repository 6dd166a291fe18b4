"""Style sheets and icons from memory: what a browser gets, and what it may keep."""

import gzip

import pytest
from starlette.testclient import TestClient

from lib.web.held_files import FOLDER, digest_of
from lib.web.rendering import asset


def test_an_address_with_the_contents_hash_may_be_kept_for_a_year(phone: TestClient) -> None:
    found = phone.get(asset("phone.css"))
    assert found.content == (FOLDER / "phone.css").read_bytes()
    assert {name: found.headers[name] for name in ("cache-control", "content-type", "x-content-type-options")} == {
        "cache-control": "public, max-age=31536000, immutable",
        "content-type": "text/css; charset=utf-8",
        "x-content-type-options": "nosniff",
    }


def test_an_address_without_it_is_asked_again_after_an_hour(phone: TestClient) -> None:
    assert phone.get("/assets/phone.css").headers["cache-control"] == "public, max-age=3600"


def test_text_is_compressed_for_who_can_read_it_and_pictures_are_not(phone: TestClient) -> None:
    squeezed = phone.get("/assets/phone.css", headers={"accept-encoding": "gzip"})
    plain = phone.get("/assets/phone.css", headers={"accept-encoding": "identity"})
    assert (squeezed.headers["content-encoding"], "content-encoding" in plain.headers) == ("gzip", False)
    assert int(squeezed.headers["content-length"]) < len(plain.content) / 2
    assert "content-encoding" not in phone.get("/assets/favicon.png", headers={"accept-encoding": "gzip"}).headers


def test_who_has_the_file_already_is_told_so(phone: TestClient) -> None:
    digest = digest_of("phone.css")
    found = phone.get("/assets/phone.css", headers={"if-none-match": f'"{digest}"'})
    assert (found.status_code, found.content) == (304, b"")
    assert phone.get("/assets/phone.css", headers={"if-none-match": '"000000000000"'}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/assets/",
        "/assets/no-such.css",
        "/assets/icons",
        "/assets/../rendering.py",
        "/assets/%2e%2e/rendering.py",
        "/assets/..%2frendering.py",
        "/assets//etc/passwd",
    ],
)
def test_what_is_no_file_here_is_not_found(phone: TestClient, path: str) -> None:
    assert phone.get(path).status_code == 404


def test_a_file_takes_no_form(phone: TestClient) -> None:
    assert phone.post("/assets/phone.css").status_code == 405


def test_a_head_brings_no_body(phone: TestClient) -> None:
    found = phone.head("/assets/phone.css")
    assert (found.status_code, found.content) == (200, b"")


def test_compressed_bytes_are_the_file(phone: TestClient) -> None:
    with phone.stream("GET", "/assets/phone.css", headers={"accept-encoding": "gzip"}) as found:
        assert gzip.decompress(b"".join(found.iter_raw())) == (FOLDER / "phone.css").read_bytes()

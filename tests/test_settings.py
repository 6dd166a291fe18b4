"""Settings come from the environment; a missing secret is made once and kept for its owner only."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from pydantic import ValidationError

from lib.settings import Settings, _kept_secret


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("postgres://beat@db/city", "postgresql+psycopg://beat@db/city"),
        ("postgresql://beat@db/city", "postgresql+psycopg://beat@db/city"),
        ("postgresql+psycopg://beat@db/city", "postgresql+psycopg://beat@db/city"),
        ("sqlite:////tmp/x.sqlite3", "sqlite:////tmp/x.sqlite3"),
    ],
)
def test_a_database_address_is_taken_as_people_write_it(given: str, meant: str) -> None:
    assert Settings(database_url=given).database == meant


def test_without_a_database_address_the_file_in_the_data_folder_is_used(tmp_path: Path) -> None:
    assert Settings(data_folder=tmp_path).database == f"sqlite:///{tmp_path}/common_beat.sqlite3"


def test_empty_variables_count_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")
    assert Settings().port == 8501


@pytest.mark.parametrize(
    ("base_url", "address", "is_https"),
    [
        ("", "http://localhost:8501", False),
        ("http://192.168.1.20:8501/", "http://192.168.1.20:8501", False),
        ("https://beat.example.org", "https://beat.example.org", True),
    ],
)
def test_links_carry_the_base_address_without_a_slash(base_url: str, address: str, is_https: bool) -> None:
    settings = Settings(base_url=base_url)
    assert (settings.address, settings.is_https) == (address, is_https)


@pytest.mark.parametrize(
    ("given", "sender", "domain"),
    [
        ({}, "Common Beat <common-beat@localhost.localdomain>", "localhost.localdomain"),
        (
            {"base_url": "https://beat.example.org"},
            "Common Beat <common-beat@beat.example.org>",
            "beat.example.org",
        ),
        ({"mail_from": "Beat <beat@city.example>"}, "Beat <beat@city.example>", "city.example"),
    ],
)
def test_mails_are_from_the_named_sender_or_from_the_base_address(
    given: dict[str, str], sender: str, domain: str
) -> None:
    settings = Settings(**given)  # type: ignore[arg-type]
    assert (settings.sender, settings.mail_domain) == (sender, domain)


@pytest.mark.parametrize("given", ["Beat", "Beat <beat@city.example>\nBcc: x@y.org", "Bäat <beat@city.example>"])
def test_a_sender_that_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(ValidationError, match="write one address"):
        Settings(mail_from=given)


def test_a_secret_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "new" / "secret_key"
    made = _kept_secret(file)
    assert len(made) >= 48
    assert _kept_secret(file) == made
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_processes_that_start_together_agree_on_one_secret(tmp_path: Path) -> None:
    start = Barrier(8, timeout=60)

    def ask(_: int) -> str:
        start.wait()
        return _kept_secret(tmp_path / "secret_key")

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1

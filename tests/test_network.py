"""What the hall's phones are told to open, from settings and this machine's own network."""

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

import pytest

from lib.network import hall_address, listens_to_the_hall, possible_addresses
from lib.settings import settings


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    for name in ("HOST", "PORT", "PHONE_PORT", "BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    settings.cache_clear()
    yield monkeypatch
    settings.cache_clear()


def test_a_product_that_listens_to_this_machine_only_says_localhost(environment: pytest.MonkeyPatch) -> None:
    assert (hall_address(), possible_addresses(), listens_to_the_hall()) == ("http://localhost:8501", (), False)


def test_the_address_that_was_set_goes_before_everything_else(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("BASE_URL", "https://vote.example.org/")
    environment.setenv("HOST", "0.0.0.0")  # noqa: S104 - a setting, nothing is bound here
    assert hall_address() == "https://vote.example.org"
    assert possible_addresses()[0] == "https://vote.example.org"


def test_a_product_bound_to_one_address_offers_that_one(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("HOST", "192.168.7.7")
    environment.setenv("PORT", "9000")
    assert possible_addresses() == ("http://192.168.7.7:9000",)
    assert hall_address() == "http://192.168.7.7:9000"


def test_a_product_open_to_the_hall_offers_addresses_that_phones_can_reach(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("HOST", "0.0.0.0")  # noqa: S104 - a setting, nothing is bound here
    for address in possible_addresses():
        machine = ip_address(urlsplit(address).hostname or "")
        assert (machine.is_loopback, machine.is_link_local, urlsplit(address).port) == (False, False, 8501)
    assert hall_address() == next(iter(possible_addresses()), "http://localhost:8501")


def test_phones_are_sent_to_the_port_of_their_own_process(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PHONE_PORT", "8502")
    assert hall_address() == "http://localhost:8502"
    environment.setenv("HOST", "192.168.7.7")
    settings.cache_clear()
    assert possible_addresses() == ("http://192.168.7.7:8502",)

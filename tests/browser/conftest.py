"""A real Chromium before a real server with the demonstration city.

Without a Chromium these tests skip with a reason; with REQUIRE_BROWSER=1 its absence is a failure.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from lib.rules.lifecycle import Role, Side
from lib.services.people import add_person
from lib.storage.engine import using
from lib.storage.schema import migrate
from tests.hall import Hall, a_hall
from tests.serving import Served, command, serving

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
"""The first is the engine alone: half as much work as the browser around it, and the same pages."""

CHROMIUM = os.environ.get("CHROMIUM") or next((found for name in NAMES if (found := shutil.which(name))), "")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    # Maps need a graphics card, here a computed one; to put the whole page together with it takes half of the machine.
    "--disable-gpu-compositing",
]
PASSWORD = "common beat demo"

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def city_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demonstration city with tonight's meeting, served for the whole session."""
    folder = tmp_path_factory.mktemp("city")
    with serving(folder) as served:
        command(folder, "demo", "--tonight", port=urlparse(served.url).port or 0)
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium of its own for each file: one that went through a hundred pages is no longer what visitors have."""
    if not CHROMIUM:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("REQUIRE_BROWSER=1, but no Chromium is here: apt-get install chromium-headless-shell.")
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium-headless-shell)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def a_browser(browser: Browser, city_server: Served) -> Iterator[Callable[..., BrowserContext]]:
    """Make browser windows of a size; every address they ask for outside the server fails the test."""
    with windows(browser, city_server) as make:
        yield make


@contextmanager
def windows(browser: Browser, served: Served) -> Iterator[Callable[..., BrowserContext]]:
    """As `a_browser`, until the block ends."""
    contexts: list[BrowserContext] = []
    outside: set[str] = set()
    host = urlparse(served.url).netloc

    def note(request: Request) -> None:
        address = urlparse(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc != host:
            outside.add(address.netloc)

    def make(width: int = 1366, height: int = 768, **options: object) -> BrowserContext:
        context = browser.new_context(
            viewport={"width": width, "height": height}, base_url=served.url, locale="en-GB", **options
        )
        context.set_default_timeout(20_000)
        context.on("request", note)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert outside == set(), f"the page reached out to {outside}"


def sign_in(context: BrowserContext, email: str) -> None:
    """Sign an account in through the form, as a person would, on the way to a page that is there at once."""
    page = context.new_page()
    page.goto("/signin?next=/join")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/join")
    page.close()


def add_facilitator() -> None:
    """Somebody of the residents' side who can sign in, as in the demonstration."""
    add_person(
        name="Rosa Delgado",
        email="facilitator@demo.example",
        side=Side.RESIDENTS,
        roles=[Role.FACILITATOR],
        password=PASSWORD,
        from_command_line=True,
    )


@contextmanager
def hall_served(folder: Path, *, is_open: bool) -> Iterator[tuple[Served, Hall]]:
    """A hall with a secret round (draft or open), slips of both sides, and a facilitator with a password, served."""
    with using(f"sqlite:///{folder}/common_beat.sqlite3"):
        migrate()
        hall = a_hall()
        if is_open:
            hall.opened(places=2)
        else:
            hall.planned(places=2)
        add_facilitator()
    with serving(folder) as served:
        yield served, hall


def settle(page: Page) -> None:
    """Wait until Streamlit has connected, run the script and drawn what it sent."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    page.wait_for_function("document.querySelectorAll('[data-testid=stSkeleton]').length === 0")
    page.wait_for_timeout(300)


def axe_violations(page: Page) -> list[str]:
    """What axe-core finds on the page, one line a rule, with the first place."""
    import axe_playwright_python

    source = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    page.evaluate(source)
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    return [f"{rule['id']}: {rule['help']} at {rule['nodes'][0]['target']}" for rule in found]

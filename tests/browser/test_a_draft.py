"""A concern that is being typed survives a lost network and a closed page, and stays there as short as can be."""

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import func, select

from lib.model import Concern, ConcernPhoto
from lib.services.places import name_city
from lib.storage.engine import using
from lib.storage.schema import migrate
from lib.storage.transaction import reading
from tests.browser.conftest import axe_violations
from tests.builders import a_beat
from tests.serving import Served, serving

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
AGED = """([store, days]) => {
    const draft = JSON.parse(window[store].getItem("beat_report"));
    draft.at -= days * 864e5;
    window[store].setItem("beat_report", JSON.stringify(draft));
}"""
"""Makes a draft older by so many days."""
TEXT = "The lamp at the corner has been out for weeks"


@pytest.fixture(scope="module")
def small_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A city of one beat, served."""
    folder = tmp_path_factory.mktemp("draft")
    with using(f"sqlite:///{folder}/common_beat.sqlite3"):
        migrate()
        name_city(name="Lakeside", time_zone="UTC", from_command_line=True)
        a_beat()
        with serving(folder) as served:
            yield served


@pytest.fixture
def a_phone(browser: Browser, small_city: Served) -> Iterator[Callable[..., BrowserContext]]:
    made: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        context = browser.new_context(base_url=small_city.url, locale="en-GB", **{**PHONE, **options})
        context.set_default_timeout(20_000)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


def typed(page: Page, text: str = TEXT) -> Page:
    page.goto("/report")
    page.get_by_role("radio", name="Street lighting").check()
    page.get_by_label("What happens?").fill(text)
    page.locator("#beat").select_option("K2")
    page.get_by_label("How can the officers reach you").fill("maya@example.org")
    return page


def kept(page: Page) -> tuple[str | None, str | None]:
    """What the phone keeps: beyond the tab, and in the tab."""
    stores = page.evaluate("[localStorage.getItem('beat_report'), sessionStorage.getItem('beat_report')]")
    return stores[0], stores[1]


def test_what_was_typed_is_there_again_and_gone_once_it_is_in(a_phone: Callable[..., BrowserContext]) -> None:
    phone = a_phone()
    page = typed(phone.new_page())
    page.goto("/report")
    expect(page.get_by_label("What happens?")).to_have_value(TEXT)
    expect(page.get_by_role("radio", name="Street lighting")).to_be_checked()
    expect(page.get_by_label("How can the officers reach you")).to_have_value("maya@example.org")
    assert axe_violations(page) == []
    # Another tab, as after the phone was put away: the words are there, how to reach somebody is not.
    other = phone.new_page()
    other.goto("/report")
    expect(other.get_by_label("What happens?")).to_have_value(TEXT)
    expect(other.get_by_label("How can the officers reach you")).to_have_value("")
    assert "maya" not in str(kept(other)[0])
    other.close()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you, it is in")).to_be_visible()
    page.wait_for_load_state()
    assert kept(page) == (None, None)
    page.goto("/report")
    expect(page.get_by_label("What happens?")).to_have_value("")


def test_the_pages_in_between_can_be_read_by_everybody(a_phone: Callable[..., BrowserContext]) -> None:
    page = a_phone().new_page()
    page.goto("/report?category=domestic_abuse")
    expect(page.get_by_role("link", name="In danger now: call 911")).to_be_visible()
    assert axe_violations(page) == []
    for text, title in (
        ("Fireworks beside the fuel pumps", "Thank you, it is in"),
        ("Fireworks beside the fuel pumps, right now", "Is it happening now?"),
    ):
        typed(page, text).get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        assert axe_violations(page) == []
    page.get_by_role("button", name="It is not happening now: send it").click()
    expect(page.get_by_role("heading", name="Is it one of these?")).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_role("link", name="That’s mine too").click()
    expect(page.get_by_role("button", name="Me too")).to_be_visible()
    assert kept(page) == (None, None)


def test_a_draft_can_be_cleared_and_ends_by_itself(a_phone: Callable[..., BrowserContext]) -> None:
    page = typed(a_phone().new_page(), "A broken bench beside the pond")
    page.goto("/report")
    page.get_by_role("button", name="Clear it from this phone").click()
    expect(page.get_by_label("What happens?")).to_have_value("")
    assert kept(page) == (None, None)
    typed(page, "A broken bench beside the pond")
    # A day later how to reach somebody is gone, a week later everything.
    page.evaluate(AGED, ["sessionStorage", 1.01])
    page.goto("/report")
    expect(page.get_by_label("How can the officers reach you")).to_have_value("")
    assert "maya" not in str(kept(page))
    page.evaluate(AGED, ["localStorage", 7.01])
    page.goto("/report")
    expect(page.get_by_label("What happens?")).to_have_value("")


def test_a_page_about_violence_at_home_is_left_without_a_trace_on_the_phone(
    a_phone: Callable[..., BrowserContext],
) -> None:
    page = typed(a_phone(has_touch=False, is_mobile=False).new_page(), "My husband beats me")
    assert "beats me" in str(kept(page)[0])
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Before everybody can read it")).to_be_visible()
    page.wait_for_load_state()
    assert (kept(page), axe_violations(page)) == ((None, None), [])
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Leave this page")).to_be_focused()
    pages_before = page.evaluate("history.length")
    for _time in range(3):
        page.keyboard.press("Shift")
    expect(page.get_by_role("heading", name="Today in Lakeside")).to_be_visible()
    assert (page.evaluate("history.length"), axe_violations(page)) == (pages_before, [])
    page.go_back()
    expect(page.get_by_label("What happens?")).to_have_value("")
    page.goto("/report?category=domestic_abuse")
    page.get_by_role("link", name="Leave this page").click()
    expect(page.get_by_role("heading", name="Today in Lakeside")).to_be_visible()


def test_without_a_network_it_says_so_and_sends_itself_once_there_is_one(
    a_phone: Callable[..., BrowserContext],
) -> None:
    page = typed(a_phone().new_page(), "Cars park on the crossing of the school")
    is_lost = True

    def lose(route: Route) -> None:
        if is_lost:
            route.abort()
        else:
            route.continue_()

    page.route("**/report", lose)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("No connection. What you typed is kept on this phone")).to_be_visible()
    assert "Cars park" in str(kept(page)[0])
    is_lost = False
    expect(page.get_by_role("heading", name="Thank you, it is in")).to_be_visible(timeout=15_000)
    with reading() as db:
        said = db.scalars(select(Concern.text).where(Concern.text.like("Cars park%"))).all()
    assert said == ["Cars park on the crossing of the school"]


def test_without_scripts_everything_works_as_before(a_phone: Callable[..., BrowserContext]) -> None:
    page = typed(a_phone(java_script_enabled=False).new_page(), "Glass on the path along the river")
    expect(page.locator("#draft")).to_be_hidden()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you, it is in")).to_be_visible()


def test_a_large_photo_is_made_smaller_before_it_leaves_the_phone(a_phone: Callable[..., BrowserContext]) -> None:
    noise = Image.effect_noise((4000, 3000), 90).convert("RGB")
    upload = BytesIO()
    noise.save(upload, "JPEG", quality=95)
    assert len(upload.getvalue()) > 5 * 1024 * 1024
    page = typed(a_phone().new_page(), "Rubbish behind the market hall")
    page.locator("#photo").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": upload.getvalue()})
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("1 photo waits for a moderator.")).to_be_visible()
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(ConcernPhoto)) == 1

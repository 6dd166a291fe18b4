"""Every page, as everybody who may see it, on a laptop and on a phone: it shows, it fits, and axe finds nothing."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from lib.rules.lifecycle import Role
from lib.rules.rights import PAGES, may_see
from tests.browser.conftest import axe_violations, settle, sign_in, windows
from tests.serving import Served

pytestmark = pytest.mark.browser

ACCOUNTS = {
    "officer@demo.example": (Role.OFFICER,),
    "facilitator@demo.example": (Role.FACILITATOR,),
    "coordinator@demo.example": (Role.COORDINATOR,),
    "auditor@demo.example": (Role.AUDITOR,),
}
ADDRESS = {"home": "/"}
PUBLIC = sorted(page for page in PAGES if may_see((), page) and page not in ("goal", "result"))
STAFF = sorted((email, page) for email, roles in ACCOUNTS.items() for page in PAGES if not may_see((), page))
SIZES: dict[str, ViewportSize] = {"phone": {"width": 390, "height": 844}, "laptop": {"width": 1366, "height": 768}}


@pytest.fixture(scope="module")
def tabs(browser: Browser, city_server: Served) -> Iterator[Callable[[str], Page]]:
    """The one tab of an account, or of a visitor (""), in which page after page is opened: a new window for each page
    costs as much as the page."""
    opened: dict[str, Page] = {}
    with windows(browser, city_server) as make:

        def tab_of(email: str) -> Page:
            if email not in opened:
                context = make()
                if email:
                    sign_in(context, email)
                opened[email] = context.new_page()
            return opened[email]

        yield tab_of


@pytest.mark.parametrize("page_name", PUBLIC)
def test_a_visitor_sees_the_page(tabs: Callable[[str], Page], page_name: str) -> None:
    """The page is asked for on a phone, and the window then widened to a laptop's."""
    page = tabs("")
    page.set_viewport_size(SIZES["phone"])
    page.goto(ADDRESS.get(page_name, f"/{page_name}"))
    settle(page)
    assert page.locator("[data-testid=stException]").count() == 0
    assert page.get_by_text("Something went wrong").count() == 0
    for name, size in SIZES.items():
        page.set_viewport_size(size)
        settle(page)
        assert page.locator("h1").count() == 1, name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert axe_violations(page) == [], name


@pytest.mark.parametrize(("email", "page_name"), STAFF)
def test_a_page_for_a_role_is_there_for_it_and_for_nobody_else(
    tabs: Callable[[str], Page], email: str, page_name: str
) -> None:
    page = tabs(email)
    page.goto(f"/{page_name}")
    settle(page)
    if may_see(ACCOUNTS[email], page_name):
        assert page.locator("h1").count() == 1
        assert page.get_by_text("Something went wrong").count() == 0
        assert axe_violations(page) == []
    else:
        assert page.get_by_text("needs another role than yours").count() == 1


@pytest.mark.parametrize("page_name", sorted(page for page in PAGES if not may_see((), page)))
def test_a_visitor_who_opens_the_page_of_a_role_is_led_to_sign_in_and_back(
    tabs: Callable[[str], Page], page_name: str
) -> None:
    page = tabs("")
    page.set_viewport_size(SIZES["laptop"])
    page.goto(f"/{page_name}?beat=K2")
    settle(page)
    assert page.get_by_text("is for people who sign in").count() == 1
    way = page.get_by_role("link", name="Sign in").last.get_attribute("href")
    assert way == f"/signin?next=/{page_name}%3Fbeat%3DK2"
    assert page.get_by_role("navigation").get_by_text(page_name.capitalize(), exact=True).count() == 0

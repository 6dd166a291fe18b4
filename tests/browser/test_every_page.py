"""Every page, as everybody who may see it, on a laptop and on a phone: it shows, it fits, and axe finds nothing."""

import pytest

from lib.rules.lifecycle import Role
from lib.rules.rights import PAGES, may_see
from tests.browser.conftest import axe_violations, settle, sign_in
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
SIZES = {"laptop": (1366, 768), "phone": (390, 844)}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("page_name", PUBLIC)
def test_a_visitor_sees_the_page(a_browser, city_server: Served, page_name: str, size: str) -> None:
    page = a_browser(*SIZES[size]).new_page()
    page.goto(ADDRESS.get(page_name, f"/{page_name}"))
    settle(page)
    assert page.locator("[data-testid=stException]").count() == 0
    assert page.get_by_text("Something went wrong").count() == 0
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe_violations(page) == []


@pytest.mark.parametrize(("email", "page_name"), STAFF)
def test_a_page_for_a_role_is_there_for_it_and_for_nobody_else(
    a_browser, city_server: Served, email: str, page_name: str
) -> None:
    context = a_browser()
    sign_in(context, email)
    page = context.new_page()
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
    a_browser, city_server: Served, page_name: str
) -> None:
    page = a_browser().new_page()
    page.goto(f"/{page_name}?beat=K2")
    settle(page)
    assert page.get_by_text("is for people who sign in").count() == 1
    way = page.get_by_role("link", name="Sign in").last.get_attribute("href")
    assert way == f"/signin?next=/{page_name}%3Fbeat%3DK2"
    assert page.get_by_role("navigation").get_by_text(page_name.capitalize(), exact=True).count() == 0

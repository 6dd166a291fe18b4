"""From a beat to the progress of a goal, and what officers and facilitators do there, in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import axe_violations, settle, sign_in
from tests.serving import Served

pytestmark = pytest.mark.browser

Windows = Callable[..., BrowserContext]


def goal_page(context: BrowserContext, title: str, *, beat: str = "K2") -> Page:
    """The page of the goal with this title, reached from the list of its beat."""
    page = context.new_page()
    page.goto(f"/goals?beat={beat}")
    settle(page)
    shown_all = page.get_by_text(re.compile(r"^Show all \d+$"))
    for toggle in range(shown_all.count()):
        shown_all.nth(toggle).click()
        settle(page)
    card = page.locator("[class*=st-key-card_goal]", has=page.get_by_role("heading", name=title, exact=True))
    card.get_by_role("link").click()
    page.wait_for_url(re.compile(r"/goal\?id="))
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    settle(page)
    return page


def choose_task(page: Page, task: str) -> None:
    page.get_by_role("radiogroup", name="What do you want to do?").get_by_text(task).click()
    settle(page)


def test_a_beat_is_chosen_by_keyboard_and_stands_in_the_address(a_browser: Windows, city_server: Served) -> None:
    page = a_browser().new_page()
    page.goto("/")
    settle(page)
    page.get_by_role("combobox", name="Your beat").focus()
    page.keyboard.type("K2")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"beat=K2"))
    expect(page.get_by_role("heading", level=1, name=re.compile("^Beat K2"))).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", level=1, name=re.compile("^Beat K2"))).to_be_visible()


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_home_leads_to_a_goals_progress_in_the_running_session(
    a_browser: Windows, city_server: Served, size: tuple[int, int]
) -> None:
    page = a_browser(*size).new_page()
    page.goto("/?beat=K2")
    settle(page)
    page.get_by_role("link", name="Progress").first.click()
    page.wait_for_url(re.compile(r"/goal\?id="))
    expect(page.get_by_role("heading", name="How it stands")).to_be_visible()
    settle(page)
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe_violations(page) == []


def test_an_officers_answer_is_there_for_everybody(a_browser: Windows, city_server: Served) -> None:
    context = a_browser()
    sign_in(context, "officer@demo.example")
    page = goal_page(context, "Benches that everybody dares to sit on")
    choose_task(page, "Answer for the officers")
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.get_by_text("Reason is empty: please write something.")).to_be_visible()
    page.get_by_text("Partly", exact=True).click()
    page.get_by_label("Why, in words for everybody").fill("We can walk past *every* hour, <b>lamps</b> are the city's.")
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.get_by_text("The officers’ answer stands on this page.")).to_be_visible()
    assert axe_violations(page) == []
    seen = goal_page(a_browser(), "Benches that everybody dares to sit on")
    expect(seen.get_by_text("We can walk past *every* hour, <b>lamps</b> are the city's.")).to_be_visible()
    expect(seen.get_by_text("What do you want to do?")).to_have_count(0)


def test_residents_say_that_officers_kept_their_word(a_browser: Windows, city_server: Served) -> None:
    context = a_browser()
    sign_in(context, "facilitator@demo.example")
    page = goal_page(context, "A safe walk from the station after dark")
    officers = page.locator("[class*=st-key-card_side_officers]")
    overdue = officers.locator("li", has_text="Overdue").first
    deliverable = overdue.locator("b").first.inner_text()
    choose_task(page, "Accept or countersign a commitment")
    page.get_by_role("combobox", name="Commitment").focus()
    page.keyboard.type(deliverable)
    page.keyboard.press("Enter")
    settle(page)
    page.get_by_text("It was kept", exact=True).click()
    page.get_by_label("Note or reason, for everybody to read").fill("All four stretches, twice")
    page.get_by_role("button", name="Say so").click()
    expect(page.get_by_text("Noted, with your name")).to_be_visible()
    expect(officers.locator("li", has_text=deliverable)).to_contain_text("All four stretches, twice")
    expect(officers.locator("li", has_text=deliverable)).to_contain_text("Kept")


def test_the_page_of_a_goal_fits_the_narrowest_phone_and_its_tables_are_reached_by_keyboard(
    a_browser: Windows, city_server: Served
) -> None:
    context = a_browser()
    address = goal_page(context, "A safe walk from the station after dark").url
    page = a_browser(320, 640, is_mobile=True, has_touch=True).new_page()
    page.goto(address)
    settle(page)
    expect(page.get_by_text("Copy a link")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert [found for found in axe_violations(page) if found.startswith("scrollable")] == []


def test_the_sheet_of_every_begun_goal_fits_the_projector_without_scrolling(
    a_browser: Windows, city_server: Served
) -> None:
    page = a_browser(1920, 1080).new_page()
    goals = page.request.get("/api/goals?state=active").json()
    heights = {}
    for goal in goals:
        page.goto(f"/goals/{goal['uuid']}/sheet")
        heights[goal["title"]] = page.evaluate("document.documentElement.scrollHeight")
    assert {title: height for title, height in heights.items() if height > 1080} == {}

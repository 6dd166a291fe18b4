"""Meetings in real browsers: a console, a projector and phones, from the open door to the published result."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lib.queries.passes import ballot_state
from lib.queries.voting import rounds
from lib.rules.lifecycle import Electorate
from lib.storage.engine import using
from tests.browser.conftest import axe_violations, hall_served, settle, sign_in
from tests.builders import WITNESS_PIN
from tests.hall import Hall
from tests.serving import Served

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Hall]]:
    """Before the first vote."""
    with hall_served(tmp_path_factory.mktemp("evening"), is_open=False) as served:
        yield served


@pytest.fixture(scope="module")
def open_vote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Hall]]:
    """While a vote is open."""
    with hall_served(tmp_path_factory.mktemp("open-vote"), is_open=True) as served:
        yield served


@pytest.fixture
def window(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Make a browser window at a server."""
    contexts: list[BrowserContext] = []

    def make(served: Served, **options: object) -> BrowserContext:
        context = browser.new_context(base_url=served.url, locale="en-GB", **options)
        context.set_default_timeout(20_000)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


def vote(phone: Page, *goals: str) -> None:
    for goal in goals:
        phone.get_by_text(goal).click()
    phone.get_by_role("button", name="Cast my vote").click()
    expect(phone.get_by_role("heading", name="Your ballot is in")).to_be_visible()


def together(console: Page, label: str) -> None:
    """The second person types the own PIN into the button's form, and the button is pressed."""
    button = console.get_by_role("button", name=label)
    form = console.get_by_test_id("stForm").filter(has=button)
    form.get_by_label("Second person’s own PIN").fill(WITNESS_PIN)
    button.click()


def count_slips(console: Page, side: str, *, left: int, paper_slips: int = 0) -> None:
    """What was counted by hand for one side."""
    button = console.get_by_role("button", name=f"Keep the count of the {side}")
    form = console.get_by_test_id("stForm").filter(has=button)
    for words, number in (("Slips left", left), ("Slips spoiled", 0), ("Paper slips", paper_slips)):
        form.get_by_role("spinbutton", name=f"{words}, {side}").fill(str(number))
    button.click()
    settle(console)


def enter_paper(console: Page, token: str, goal: str) -> None:
    """A slip is scanned, ticked, read back by the second person, and gets its tracker."""
    console.get_by_label("Scan the slip, or type its code").fill(token)
    console.keyboard.press("Enter")
    console.get_by_test_id("stCheckbox").filter(has_text=goal).locator("label").click()
    console.get_by_role("button", name="Read it back").click()
    expect(console.get_by_role("region", name="Read back")).to_contain_text(goal)
    together(console, "It is right: count this ballot")
    expect(console.get_by_role("status").filter(has_text="Write this on the slip")).to_be_visible()
    console.get_by_role("button", name="Next slip").click()
    settle(console)


def test_a_meeting_from_the_open_door_to_the_published_result(evening: tuple[Served, Hall], window) -> None:
    served, hall = evening
    residents, officers = hall.tokens[Electorate.RESIDENTS], hall.tokens[Electorate.OFFICERS]
    desk = window(served, viewport={"width": 1366, "height": 768})
    sign_in(desk, "facilitator@demo.example")
    console, projector = desk.new_page(), window(served, viewport={"width": 1920, "height": 1080}).new_page()
    console.goto("/run")
    projector.goto("/live")
    settle(projector)
    expect(projector.get_by_text("Scan the code on your slip")).to_be_visible()
    assert axe_violations(projector) == []

    early = window(served, **PHONE).new_page()
    early.goto(f"/b/{residents[0]}")
    expect(early.get_by_role("main")).to_contain_text(re.compile("wait|not open|opens", re.IGNORECASE))

    together(console, "Open the vote")
    expect(projector.get_by_text("Voting open")).to_be_visible()
    expect(projector.get_by_text("Waiting for the first vote")).to_be_visible()

    early.goto("/ballot")
    assert axe_violations(early) == []
    vote(early, "Light the path")
    expect(projector.get_by_text("1 of 25")).to_be_visible(timeout=4_000)

    typed = window(served, **PHONE).new_page()
    typed.goto("/join")
    typed.get_by_role("textbox").fill(residents[1].lower().replace("0", "o"))
    typed.keyboard.press("Enter")
    vote(typed, "Light the path", "A gym open")
    for token in officers[:4]:
        phone = window(served, **PHONE).new_page()
        phone.goto(f"/b/{token}")
        vote(phone, "Light the path")
    expect(projector.get_by_text("2 of 25")).to_be_visible(timeout=4_000)
    expect(projector.get_by_text("4 of 6")).to_be_visible(timeout=4_000)
    expect(projector.get_by_text("Light the path")).to_have_count(0)

    early.goto("/ballot?change=1")
    vote(early, "Slow the cars")
    console.get_by_role("button", name="Close the vote").click()
    console.get_by_role("button", name="Yes, close it now").click()
    expect(projector.locator(".lv-pill", has_text="Voting closed")).to_be_visible()

    console.get_by_text("Enter paper ballots").click()
    together(console, "Begin with the paper ballots")
    enter_paper(console, residents[2], "Light the path")
    count_slips(console, "officers", left=2)
    count_slips(console, "residents", left=23, paper_slips=1)
    expect(console.get_by_role("alert").filter(has_text="too many")).to_be_visible()
    count_slips(console, "residents", left=22, paper_slips=1)
    console.reload()
    together(console, "Count the vote")
    expect(projector.get_by_text("Result, counted and published")).to_have_count(0)
    together(console, "Publish the result")
    expect(projector.get_by_text("Result, counted and published")).to_be_visible()
    expect(projector.get_by_role("row").filter(has_text="Light the path")).to_contain_text("Adopted")
    assert axe_violations(projector) == []


def test_a_vote_by_keyboard_alone(open_vote: tuple[Served, Hall], window) -> None:
    served, hall = open_vote
    page = window(served).new_page()
    page.goto("/join")
    tab_to(page, "document.activeElement.id === 'code'")
    page.keyboard.type(hall.tokens[Electorate.RESIDENTS][0])
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Cast my vote")).to_be_visible()
    tab_to(page, "document.activeElement.type === 'checkbox'")
    page.keyboard.press("Space")
    tab_to(page, "document.activeElement.textContent === 'Cast my vote'")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your ballot is in")).to_be_visible()


def test_a_vote_without_script_and_with_a_network_lost_while_sending(open_vote: tuple[Served, Hall], window) -> None:
    """The ballot is counted once, and the voter knows whether it was."""
    served, hall = open_vote
    context = window(served, **PHONE, java_script_enabled=False)
    phone = context.new_page()
    phone.goto(f"/b/{hall.tokens[Electorate.RESIDENTS][1]}")
    phone.get_by_text("Light the path").click()
    context.set_offline(True)
    phone.get_by_role("button", name="Cast my vote").click()
    phone.wait_for_timeout(500)
    context.set_offline(False)
    phone.goto("/ballot")
    vote(phone, "Light the path")
    phone.goto("/ballot")
    expect(phone.get_by_role("heading", name="Your ballot is in")).to_be_visible()
    with using(f"sqlite:///{served.data_folder}/common_beat.sqlite3"):
        (row,) = rounds(hall.meeting_id)
        assert ballot_state(row.id, hall.cred(1)).has_ballot


def test_a_projector_says_when_the_connection_is_lost(open_vote: tuple[Served, Hall], window) -> None:
    served, _hall = open_vote
    context = window(served, viewport={"width": 1920, "height": 1080})
    projector = context.new_page()
    projector.goto("/live")
    settle(projector)
    context.set_offline(True)
    projector.evaluate("window.stop()")
    chip = projector.get_by_text("Connection lost, numbers as of")
    expect(chip).to_have_css("opacity", "1", timeout=15_000)


def tab_to(page: Page, condition: str) -> None:
    """Press Tab until the condition holds; a person gives up after forty."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(condition):
            return
    raise AssertionError(f"never reached by Tab: {condition}")

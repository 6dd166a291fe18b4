"""The tablet at the door and a phone before it, in a real browser: with scripts and without, with mouse and without."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect

from lib.queries.checkin import answers_counted
from lib.queries.counts import turnouts
from lib.queries.voting import RoundRow, waiting_passes
from lib.rules.lifecycle import Electorate
from lib.rules.voting import PassKind, RoundMode
from lib.services.door import PACE
from lib.services.passes import mint_passes
from lib.storage.engine import using
from lib.storage.schema import migrate
from tests.browser.conftest import add_facilitator, axe_violations, sign_in
from tests.hall import Hall, a_hall
from tests.serving import Served, serving

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
TABLET = {"viewport": {"width": 1024, "height": 768}, "has_touch": True}
RESIDENTS = Electorate.RESIDENTS
WIDTHS = (320, 390, 1024, 1920)


def served_hall(folder: Path, mode: RoundMode) -> Iterator[tuple[Served, Hall, RoundRow]]:
    """A hall with an open round, forty passes at the door, and a facilitator with a password, served."""
    address = f"sqlite:///{folder}/common_beat.sqlite3"
    with using(address):
        migrate()
        hall = a_hall(residents=0, officers=0)
        for side, number in ((RESIDENTS, 40), (Electorate.OFFICERS, 2)):
            mint_passes(
                actor=hall.facilitator, meeting_id=hall.meeting_id, side=side, number=number, kind=PassKind.DOOR
            )
        row = hall.opened(mode=mode)
        add_facilitator()
    with serving(folder) as served, using(address):
        yield served, hall, row


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Hall, RoundRow]]:
    yield from served_hall(tmp_path_factory.mktemp("door"), RoundMode.MEETING)


@pytest.fixture
def window(browser: Browser, evening: tuple[Served, Hall, RoundRow]) -> Iterator[Callable[..., BrowserContext]]:
    contexts: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        context = browser.new_context(base_url=evening[0].url, locale="en-GB", **options)
        context.set_default_timeout(20_000)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def signed_in(browser: Browser, evening: tuple[Served, Hall, RoundRow]) -> StorageState:
    """What a browser keeps in which the facilitator has signed in."""
    context = browser.new_context(base_url=evening[0].url)
    sign_in(context, "facilitator@demo.example")
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture
def tablet_of(window: Callable[..., BrowserContext], signed_in: StorageState) -> Callable[..., Page]:
    return partial(_tablet, window, signed_in)


def _tablet(window: Callable[..., BrowserContext], signed_in: StorageState, **options: object) -> Page:
    """A tablet at the door, ready to hand out a pass."""
    page = window(storage_state=signed_in, **TABLET | options).new_page()
    page.goto("/door")
    # The door hands out one pass at a time, and the test before this one may have had one a moment ago.
    page.wait_for_timeout(PACE / timedelta(milliseconds=1))
    return page


def code_on(page: Page) -> str:
    code = page.locator("p.code").inner_text()
    assert re.fullmatch(r"(?:[0-9A-Z]{4}[ -]?){4}", code), code
    return code


def waiting(hall: Hall) -> int:
    return waiting_passes(hall.meeting_id)[RESIDENTS]


def test_a_resident_is_handed_a_pass_votes_with_it_and_may_answer(evening, window, tablet_of) -> None:
    _served, hall, row = evening
    before, votes = waiting(hall), turnouts(row.id)[RESIDENTS].cast
    tablet = tablet_of()
    assert axe_violations(tablet) == []
    tablet.get_by_role("button", name="Next resident").click()
    expect(tablet.get_by_role("heading", name="Scan this with your phone’s camera")).to_be_visible()
    assert axe_violations(tablet) == []
    assert "/b/" not in tablet.url and waiting(hall) == before - 1
    svg = tablet.get_by_role("img", name="The pass as a QR code").bounding_box()
    assert svg is not None and svg["width"] >= 400, "large enough to scan from an arm's length"

    phone = window(**PHONE).new_page()
    phone.goto("/join")
    phone.get_by_label("Code on your slip").fill(code_on(tablet))
    phone.get_by_role("button", name="Go to the ballot").click()
    phone.get_by_text("A gym open on Fridays").click()
    phone.get_by_role("button", name="Cast my vote").click()
    expect(phone.get_by_role("heading", name="Your ballot is in")).to_be_visible()
    assert turnouts(row.id)[RESIDENTS].cast == votes + 1

    tablet.get_by_role("link", name="Scanned. Three questions, only if you like").click()
    assert axe_violations(tablet) == []
    counted = answers_counted(hall.meeting_id).get("age", 0)
    tablet.get_by_text("25 to 39").click()
    tablet.get_by_role("button", name="Count my answers").dblclick()
    expect(tablet.get_by_text("Thank you")).to_be_visible()
    assert answers_counted(hall.meeting_id)["age"] == counted + 1


def test_back_and_reload_bring_no_pass_back_and_take_none(evening, tablet_of) -> None:
    _served, hall, _row = evening
    tablet = tablet_of()
    before = waiting(hall)
    tablet.get_by_role("button", name="Next resident").click()
    code = code_on(tablet)
    tablet.get_by_role("link", name="Scanned. Hide it").click()
    expect(tablet.get_by_role("heading", name="Passes at the door")).to_be_visible()
    # Later, so that the answer to this call does not fall to the page that it leaves.
    tablet.evaluate("setTimeout(() => history.back())")
    tablet.wait_for_timeout(1500)
    assert code not in tablet.content()
    tablet.goto("/door")
    assert waiting(hall) == before - 1


def test_a_double_tap_takes_one_pass(evening, tablet_of) -> None:
    _served, hall, _row = evening
    for scripts in (True, False):
        tablet = tablet_of(java_script_enabled=scripts)
        before = waiting(hall)
        tablet.get_by_role("button", name="Next resident").dblclick()
        expect(tablet.get_by_role("heading", name="Scan this with your phone’s camera")).to_be_visible()
        code_on(tablet)
        assert waiting(hall) == before - 1


def test_a_second_tap_on_a_page_that_came_quickly_takes_no_pass_from_under_the_first(evening, tablet_of) -> None:
    _served, hall, _row = evening
    tablet = tablet_of()
    tablet.get_by_role("button", name="Next resident").click()
    following = tablet.get_by_role("button", name="Next resident")
    expect(following).to_be_visible()
    box, before, earlier = following.bounding_box(), waiting(hall), code_on(tablet)
    assert box is not None
    place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    tablet.mouse.click(*place)
    expect(tablet.locator("p.code")).not_to_have_text(earlier)
    tablet.mouse.click(*place)
    tablet.wait_for_timeout(500)
    assert waiting(hall) == before - 1


def test_the_door_works_by_keyboard_alone_and_without_scripts(evening, tablet_of) -> None:
    _served, hall, _row = evening
    tablet = tablet_of(java_script_enabled=False)
    before = waiting(hall)
    expect(tablet.get_by_role("button", name="Next resident")).to_be_visible()
    for _press in range(8):
        tablet.keyboard.press("Tab")
        if tablet.locator("button:focus", has_text="Next resident").count():
            break
    tablet.keyboard.press("Enter")
    expect(tablet.get_by_role("heading", name="Scan this with your phone’s camera")).to_be_visible()
    assert waiting(hall) == before - 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_screen_of_the_door_scrolls_sideways_or_breaks_axe(evening, tablet_of, scheme: str) -> None:
    tablet = tablet_of(viewport={"width": WIDTHS[0], "height": 768}, color_scheme=scheme)
    meeting = evening[1].meeting_uuid
    for step in ("start", "pass", "questions", "open room"):
        if step == "pass":
            tablet.get_by_role("button", name="Next resident").click()
            expect(tablet.locator("p.code")).to_be_visible()
        elif step == "questions":
            tablet.goto(f"/door/questions?meeting={meeting}")
        elif step == "open room":
            tablet.goto("/open-room")
        if step in ("start", "pass"):
            # Two buttons take no tap in their first moments.
            expect(tablet.get_by_role("button", name="Next resident")).to_be_visible()
        for width in WIDTHS:
            tablet.set_viewport_size({"width": width, "height": 768})
            assert axe_violations(tablet) == [], (step, width)
            assert tablet.evaluate("document.documentElement.scrollWidth <= innerWidth"), (step, width)


def test_a_phone_joins_an_open_room_without_a_slip(browser: Browser, tmp_path: Path) -> None:
    for served, hall, row in served_hall(tmp_path, RoundMode.OPEN_ROOM):
        context = browser.new_context(base_url=served.url, java_script_enabled=False, **PHONE)
        phone = context.new_page()
        phone.goto("/join")
        phone.get_by_role("link", name="Join this open room").click()
        expect(phone.get_by_text("Open room: it ranks, it adopts nothing.")).to_be_visible()
        phone.get_by_role("button", name="Join this open room").click()
        phone.get_by_text("A gym open on Fridays").click()
        phone.get_by_role("button", name="Cast my vote").click()
        expect(phone.get_by_role("heading", name="Your ballot is in")).to_be_visible()
        phone.goto("/open-room")
        phone.get_by_role("button", name="Join this open room").click()
        expect(phone.get_by_role("heading", name="Your ballot is in")).to_be_visible()
        assert turnouts(row.id)[RESIDENTS].cast == 1
        assert hall.meeting_id == row.meeting_id
        context.close()

"""A phone in a full hall: whatever the finger, the screen lock or the Wi-Fi does, the ballot is counted once, and the
voter knows whether it was.

Each test has a meeting of its own on the one server, so none of them changes what another one sees.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from lib.clock import now
from lib.model import Goal, Meeting
from lib.queries.counts import turnouts
from lib.queries.passes import BallotState, ballot_state
from lib.queries.voting import RoundRow, last_opened_round
from lib.rules.ballots import printed_token
from lib.rules.lifecycle import Electorate, GoalState
from lib.services.passes import mint_passes, void_slip
from lib.services.planning import translate_candidate, translate_round
from lib.services.rounds import close_round, open_round
from lib.storage.engine import using
from lib.storage.schema import migrate
from tests.browser.conftest import axe_violations
from tests.builders import a_goal, a_meeting, uuid_of
from tests.hall import TITLES, Hall, a_hall
from tests.serving import Served, serving

pytestmark = pytest.mark.browser

RESIDENTS = Electorate.RESIDENTS
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
IN = "Your ballot is in"


class Vote:
    """One meeting with three slips, its round open or still to be opened."""

    def __init__(self, hall: Hall, row: RoundRow) -> None:
        self.hall, self.row = hall, row

    def slip(self, voter: int = 0) -> str:
        return f"/b/{self.hall.tokens[RESIDENTS][voter]}"

    def open(self) -> None:
        open_round(actor=self.hall.facilitator, second=self.hall.second, round_id=self.row.id)

    def close(self) -> None:
        close_round(actor=self.hall.facilitator, round_id=self.row.id)

    def void(self, voter: int = 0) -> None:
        hall = self.hall
        token = hall.tokens[RESIDENTS][voter]
        void_slip(actor=hall.facilitator, second=hall.second, meeting_id=hall.meeting_id, token=token)

    def cast(self) -> int:
        """How many ballots of the residents are in."""
        return turnouts(self.row.id)[RESIDENTS].cast

    def stored(self, voter: int = 0) -> BallotState:
        return ballot_state(self.row.id, self.hall.cred(voter))


@pytest.fixture(scope="module")
def served_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Hall]]:
    """A server with a city, and the hall that lends its people to every vote. Its database is also ours."""
    folder = tmp_path_factory.mktemp("phone")
    with using(f"sqlite:///{folder}/common_beat.sqlite3"):
        migrate()
        hall = a_hall()
        with serving(folder) as served:
            yield served, hall


@pytest.fixture
def planned(served_hall: tuple[Served, Hall]) -> Vote:
    """A vote that is still to be opened, its texts in both languages."""
    _served, lender = served_hall
    meeting_id = a_meeting(lender.beat_id, starts_at=now() - timedelta(minutes=10))
    goal_ids = [a_goal(lender.beat_id, title, state=GoalState.PROPOSED) for title in TITLES]
    hall = Hall(
        lender.facilitator,
        lender.second,
        lender.beat_id,
        meeting_id,
        uuid_of(Meeting, meeting_id),
        goal_ids,
        [uuid_of(Goal, goal_id) for goal_id in goal_ids],
    )
    batch = mint_passes(actor=hall.facilitator, meeting_id=meeting_id, side=RESIDENTS, number=3)
    hall.tokens[RESIDENTS] = [slip.token for slip in batch.slips]
    row = hall.planned()
    who = {"actor": hall.facilitator, "round_id": row.id, "language": "es"}
    translate_round(**who, question="¿En qué metas trabajamos?", eligibility="Quien vive o trabaja aquí")
    for goal_id, title in zip(goal_ids, ("Iluminar el paso", "Autos más lentos", "Un gimnasio"), strict=True):
        translate_candidate(**who, goal_id=goal_id, title=title, summary="Menos noches ruidosas.")
    return Vote(hall, row)


@pytest.fixture
def vote(planned: Vote) -> Vote:
    """An open vote."""
    planned.open()
    return planned


@pytest.fixture
def phone(browser: Browser, served_hall: tuple[Served, Hall]) -> Iterator[Callable[..., BrowserContext]]:
    """Make a phone; a page of it that breaks a rule of its own headers fails the test."""
    contexts: list[BrowserContext] = []
    refused: list[str] = []

    def make(**options: object) -> BrowserContext:
        wishes = {"base_url": served_hall[0].url, "locale": "en-GB", **PHONE, **options}
        context = browser.new_context(**wishes)
        context.set_default_timeout(20_000)
        context.on("console", lambda said: refused.append(said.text) if "Content Security" in said.text else None)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert refused == []


def choose(page: Page, *places: int) -> None:
    for place in places:
        page.get_by_text(TITLES[place]).tap()


def send(page: Page) -> None:
    page.get_by_role("button", name="Cast my vote").tap()


def expect_in(page: Page) -> None:
    expect(page.get_by_role("heading", name=IN)).to_be_visible(timeout=15_000)


def test_back_and_reload_show_the_ballot_that_is_in(vote: Vote, phone) -> None:
    page = phone().new_page()
    page.goto(vote.slip())
    choose(page, 0)
    send(page)
    expect_in(page)
    page.reload()
    expect_in(page)
    page.go_back()
    expect_in(page)
    assert vote.cast() == 1


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_double_tap_is_one_ballot(vote: Vote, phone, scripts: bool) -> None:
    page = phone(java_script_enabled=scripts).new_page()
    page.goto(vote.slip())
    choose(page, 0)
    page.get_by_role("button", name="Cast my vote").dblclick(no_wait_after=True)
    expect_in(page)
    assert vote.cast() == 1
    assert printed_token(vote.stored().tracker or "") in page.inner_text("main")


def test_the_older_of_two_tabs_learns_that_the_later_one_counts(vote: Vote, phone) -> None:
    context = phone()
    older, later = context.new_page(), context.new_page()
    for page, goal in ((older, 0), (later, 1)):
        page.goto(vote.slip())
        choose(page, goal)
    send(older)
    expect_in(older)
    first = vote.stored()
    send(later)
    expect(later.get_by_text("You voted since this form was opened")).to_be_visible()
    expect(later.locator(".code")).to_have_text(printed_token(first.tracker or ""))
    assert vote.stored() == first
    later.get_by_role("link", name="Change my vote").tap()
    choose(later, 1)
    send(later)
    expect_in(later)
    older.reload()
    expect(older.get_by_text("replaced by your later vote")).to_be_visible()
    assert vote.cast() == 1


def test_two_phones_with_one_slip_are_one_ballot(vote: Vote, phone) -> None:
    pages = [phone().new_page() for _ in range(2)]
    for place, page in enumerate(pages):
        page.goto(vote.slip())
        choose(page, place)
    send(pages[0])
    expect_in(pages[0])
    send(pages[1])
    expect(pages[1].get_by_text("If that was not you, show the slip at the door.")).to_be_visible()
    assert printed_token(vote.stored().tracker or "") not in pages[1].inner_text("main")
    pages[1].get_by_role("link", name="Change my vote").tap()
    choose(pages[1], 1)
    send(pages[1])
    expect_in(pages[1])
    pages[0].reload()
    expect(pages[0].get_by_text("replaced by a later vote with this slip")).to_be_visible()
    expect(pages[0].locator(".code")).to_have_count(0)
    assert vote.cast() == 1


def test_a_form_that_was_offline_while_another_tab_voted_replaces_nothing_when_it_comes_back(vote: Vote, phone) -> None:
    context = phone()
    offline, online = context.new_page(), context.new_page()
    for page, goal in ((offline, 0), (online, 1)):
        page.goto(vote.slip())
        choose(page, goal)
    offline.route("**/ballot", lambda route: route.abort("connectionfailed"))
    send(offline)
    expect(offline.get_by_role("alert").filter(has_text="No connection")).to_be_visible()
    send(online)
    expect_in(online)
    stored = vote.stored()
    offline.unroute("**/ballot")
    expect(offline.get_by_role("heading", name="Your ballot was not taken")).to_be_visible(timeout=15_000)
    expect(offline.locator(".code")).to_have_text(printed_token(stored.tracker or ""))
    assert (vote.stored(), vote.cast()) == (stored, 1)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_slip_declared_void_under_the_finger_says_so(vote: Vote, phone, scripts: bool) -> None:
    page = phone(java_script_enabled=scripts).new_page()
    page.goto(vote.slip())
    choose(page, 0)
    vote.void()
    send(page)
    expect(page.get_by_role("heading", name="This slip is void")).to_be_visible()
    expect(page.get_by_text("declared void during round 1")).to_be_visible()
    assert vote.cast() == 0


def test_an_open_receipt_learns_by_itself_that_its_ballot_was_deleted(vote: Vote, phone) -> None:
    page = phone().new_page()
    page.goto(vote.slip())
    choose(page, 0)
    send(page)
    expect_in(page)
    vote.void()
    expect(page.get_by_text("deleted and is not counted")).to_be_visible(timeout=15_000)
    assert vote.cast() == 0


def test_a_ballot_that_is_led_elsewhere_than_to_its_receipt_is_not_said_to_be_in(vote: Vote, phone) -> None:
    context = phone()
    page = context.new_page()
    page.goto(vote.slip())
    choose(page, 0)
    # What was said stays readable after the page is left.
    said: list[str] = []
    page.expose_function("told", lambda text: said.append(text))  # noqa: PLW0108
    page.evaluate(
        "new MutationObserver(() => told(document.getElementById('lost').textContent))"
        ".observe(document.getElementById('lost'), {childList: true})"
    )
    context.clear_cookies(name="beat_pass")
    send(page)
    page.wait_for_url("**/join")
    assert (said, vote.cast()) == ([], 0)


def test_a_phone_that_slept_while_the_vote_was_opened_wakes_up_to_the_ballot(planned: Vote, phone) -> None:
    context = phone()
    page = context.new_page()
    page.clock.install()
    page.goto(planned.slip())
    expect(page.get_by_role("heading", name="You are in. No vote is open yet.")).to_be_visible()
    lock = context.new_cdp_session(page)
    lock.send("Page.setWebLifecycleState", {"state": "frozen"})
    planned.open()
    lock.send("Page.setWebLifecycleState", {"state": "active"})
    page.clock.fast_forward("10:00")
    expect(page.get_by_role("button", name="Cast my vote")).to_be_visible()
    choose(page, 2)
    lock.send("Page.setWebLifecycleState", {"state": "frozen"})
    lock.send("Page.setWebLifecycleState", {"state": "active"})
    page.clock.fast_forward("10:00")
    send(page)
    expect_in(page)
    assert planned.cast() == 1


def test_a_waiting_phone_without_scripts_turns_into_the_ballot_too(planned: Vote, phone) -> None:
    page = phone(java_script_enabled=False).new_page()
    page.goto(planned.slip())
    planned.open()
    expect(page.get_by_role("button", name="Cast my vote")).to_be_visible(timeout=20_000)


def test_a_network_lost_before_sending_is_said_and_the_ballot_goes_in_by_itself(vote: Vote, phone) -> None:
    context = phone()
    page = context.new_page()
    page.goto(vote.slip())
    choose(page, 0)
    context.set_offline(True)
    send(page)
    expect(page.get_by_role("alert").filter(has_text="No connection")).to_be_visible()
    assert vote.cast() == 0
    context.set_offline(False)
    expect_in(page)
    assert vote.cast() == 1


def test_an_answer_lost_on_its_way_back_is_asked_for_again_and_counts_once(vote: Vote, phone) -> None:
    page = phone().new_page()
    lost = lose_the_first_answer(page)
    page.goto(vote.slip())
    choose(page, 0)
    send(page)
    expect(page.get_by_role("alert").filter(has_text="No connection")).to_be_visible()
    assert (len(lost), vote.cast()) == (1, 1)
    first = vote.stored().tracker
    expect_in(page)
    assert (vote.cast(), vote.stored().tracker) == (1, first)
    assert printed_token(first or "") in page.inner_text("main")


def test_without_scripts_an_answer_lost_on_its_way_back_is_found_by_looking_again(vote: Vote, phone) -> None:
    page = phone(java_script_enabled=False).new_page()
    lost = lose_the_first_answer(page)
    page.goto(vote.slip())
    choose(page, 0)
    send(page)
    expect(page.get_by_role("heading", name=IN)).to_have_count(0)
    page.wait_for_timeout(500)
    assert len(lost) == 1
    page.goto("/ballot")
    expect_in(page)
    assert vote.cast() == 1


def lose_the_first_answer(page: Page) -> list[str]:
    """The first ballot sent reaches the server; its answer never comes back."""
    lost: list[str] = []

    def through(route: Route) -> None:
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        route.fetch(max_redirects=0)
        lost.append(route.request.url)
        route.abort("connectionreset")

    page.route("**/ballot", through)
    return lost


def test_a_vote_that_closes_under_the_finger_says_that_nothing_was_counted(vote: Vote, phone) -> None:
    page = phone().new_page()
    page.goto(vote.slip())
    choose(page, 0)
    vote.close()
    send(page)
    expect(page.get_by_role("heading", name="Your ballot was not taken")).to_be_visible()
    expect(page.get_by_text("Nothing of yours is counted in this round.")).to_be_visible()
    assert vote.cast() == 0


def test_the_next_vote_comes_to_the_phone_but_never_takes_the_tracker_off_the_screen(vote: Vote, phone) -> None:
    voted, waiting = phone().new_page(), phone().new_page()
    voted.goto(vote.slip())
    choose(voted, 0)
    send(voted)
    expect_in(voted)
    waiting.goto(vote.slip(1))
    expect(waiting.get_by_role("button", name="Cast my vote")).to_be_visible()
    vote.close()
    waiting.goto("/ballot")
    expect(waiting.get_by_role("heading", name="This vote is closed")).to_be_visible()
    vote.hall.counted(vote.row)
    goal_id = a_goal(vote.hall.beat_id, "Clean the playground", state=GoalState.PROPOSED)
    vote.hall.opened(goal_ids=[goal_id])
    expect(waiting.get_by_text("Clean the playground")).to_be_visible(timeout=15_000)
    on = voted.get_by_role("link", name="Something changed: go on")
    expect(on).to_be_visible(timeout=15_000)
    expect(voted.locator(".code")).to_be_visible()
    on.tap()
    expect(voted.get_by_text("Clean the playground")).to_be_visible()


def test_a_tracker_is_saved_as_a_file_without_scripts(vote: Vote, phone) -> None:
    page = phone(java_script_enabled=False).new_page()
    page.goto(vote.slip())
    choose(page, 0)
    send(page)
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save the tracker as a file").tap()
    tracker = printed_token(vote.stored().tracker or "")
    text = Path(saved.value.path()).read_text(encoding="utf-8")
    assert (saved.value.suggested_filename, tracker in text) == (f"tracker-{tracker}.txt", True)
    assert str(vote.row.uuid) in text
    assert [title for title in TITLES if title in text] == []


def test_a_spanish_phone_votes_in_spanish_and_may_switch_on_the_ballot(vote: Vote, phone) -> None:
    page = phone(locale="es-MX").new_page()
    page.goto(vote.slip())
    expect(page.get_by_role("heading", name="¿En qué metas trabajamos?")).to_be_visible()
    page.get_by_role("link", name="English").tap()
    expect(page.get_by_role("button", name="Cast my vote")).to_be_visible()
    page.get_by_role("link", name="Español").tap()
    page.get_by_text("Autos más lentos").tap()
    page.get_by_role("button", name="Enviar mi voto").tap()
    expect(page.get_by_role("heading", name="Su boleta está guardada")).to_be_visible()
    assert vote.cast() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-GB", "es-MX"])
def test_every_page_of_a_vote_is_readable_by_everybody(planned: Vote, phone, scheme: str, locale: str) -> None:
    page = phone(color_scheme=scheme, locale=locale, viewport={"width": 320, "height": 640}).new_page()
    found = {}

    def look(name: str) -> None:
        is_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        found[name] = axe_violations(page) + (["wider than the screen"] if is_wide else [])

    page.goto("/join")
    look("join")
    page.goto("/b/0000000000000000")
    look("wrong code")
    page.goto(planned.slip())
    look("waiting")
    planned.open()
    page.goto("/ballot")
    look("ballot")
    page.locator("label.card").first.tap()
    page.locator("#ballot button").first.tap()
    page.wait_for_url("**/ballot/in*")
    look("in")
    planned.close()
    page.goto("/ballot")
    look("closed")
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_a_cold_phone_asks_for_three_things_at_most(vote: Vote, phone) -> None:
    page = phone().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.startswith("http") else None)
    page.goto(vote.slip(), wait_until="networkidle")
    assert len([address for address in asked if "/b/" not in address]) <= 3
    row = last_opened_round(vote.hall.meeting_id)
    assert row is not None and row.id == vote.row.id

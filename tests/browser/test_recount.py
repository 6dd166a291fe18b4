"""The recount and the search for a ballot, in a real Chromium, before the phone pages served by themselves."""

import asyncio
import random
import threading
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from lib.queries.download.recount import count
from lib.rules.ballots import normalise_tracker, printed_token
from lib.rules.counting import Ballot
from lib.rules.tally import tally_round, without_officers_figures
from lib.rules.voting import RoundMode, RoundRule, SideFigures
from lib.web.rendering import ASSETS, _city
from tests.browser.conftest import axe_violations
from tests.forgeries import FORGERIES, as_json
from tests.published import ROUNDS, a_published_round, a_round, ballots_of, files_of, some_goals
from tests.rules.votes import GOALS
from tests.serving import free_port
from tests.test_recount_script import a_row, counted_of, frozen_of, witnessed_of
from tests.web.conftest import phone_door

pytestmark = pytest.mark.browser

CANDIDATES = GOALS[:5]
RANDOM_ROUNDS = 400


@pytest.fixture
def served(sqlite_database: str) -> Iterator[str]:
    """The address of the phone pages on the test's own database."""
    _city.cache_clear()
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(phone_door(), port=port, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the phone pages did not come up"
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(30)
    assert not thread.is_alive(), "the phone pages did not end"


@pytest.fixture
def visitor(browser: Browser, served: str) -> Iterator[Callable[..., BrowserContext]]:
    """Make browser windows of a size; a page that throws, breaks its policy or keeps a cookie fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(width: int = 390, height: int = 844, **options: object) -> BrowserContext:
        context = browser.new_context(viewport={"width": width, "height": height}, base_url=served, **options)
        context.set_default_timeout(10_000)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on(
            "console",
            lambda said: (
                complaints.append(said.text)
                if said.type == "error" and "Failed to load resource" not in said.text
                else None
            ),
        )
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        assert context.cookies() == []
        context.close()
    assert complaints == []


def answer_of(page: Page) -> str:
    """What the page says after counting again."""
    page.get_by_role("button", name="Count again in this browser").click()
    said = page.locator("#recount [role=status]")
    expect(said).not_to_have_text("Loading the ballots and counting …")
    expect(said).to_be_visible()
    return said.inner_text()


@pytest.mark.parametrize("kind", ROUNDS)
def test_the_browser_counts_every_kind_of_round_again(visitor: Callable[..., BrowserContext], kind: str) -> None:
    voted = a_round(kind)
    page = visitor().new_page()
    page.goto(f"/results/{voted.uuid}")
    said = answer_of(page)
    residents, officers = voted.tally.residents.cast, voted.tally.officers.cast
    assert said.startswith(f"Yes. Your browser counted {residents} ballots of residents and {officers} of officers")
    is_open_room = voted.tally.mode is RoundMode.OPEN_ROOM
    is_sealed = not is_open_room and (
        ROUNDS[kind].get("officers_figures") is not SideFigures.OPEN or not voted.tally.adopts
    )
    assert ("keys are taken as the witnesses saw them" in said) is is_sealed


@pytest.mark.parametrize("forgery", FORGERIES)
def test_the_browser_refuses_a_changed_download(visitor: Callable[..., BrowserContext], forgery: str) -> None:
    """The forger sits between server and browser and changes what the page loads."""
    kind, forge = FORGERIES[forgery]
    voted = a_round(kind)
    page = visitor().new_page()
    page.goto(f"/results/{voted.uuid}")
    address = f"/results/{voted.uuid}/ballots.zip"
    files = files_of(page.request.get(address).body())
    ballots = files["ballots.csv"]
    forge(files)
    if files["ballots.csv"] != ballots:
        files["ballots.json"] = as_json(files)

    def exchange(route: Route) -> None:
        route.fulfill(body=files[route.request.url.rpartition("/")[2]])

    for name in ("frozen.json", "ballots.json", "result.json"):
        page.route(f"**/{name}", exchange)
    assert answer_of(page).startswith("No. The ballots")


def test_a_lost_network_is_no_answer(visitor: Callable[..., BrowserContext]) -> None:
    voted = a_round("dice")
    page = visitor().new_page()
    page.goto(f"/results/{voted.uuid}")
    page.route("**/ballots.json", lambda route: route.abort())
    assert answer_of(page) == "The ballots could not be loaded. Please try again."
    page.unroute("**/ballots.json")
    assert answer_of(page).startswith("Yes.")


def a_random_round(chance: random.Random) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the script is given, and what the product counts."""
    rule, mode = chance.choice(list(RoundRule)), chance.choice([*RoundMode, RoundMode.MEETING, RoundMode.MEETING])
    residents = some_ballots(chance, chance.choice([0, 1, 3, 8, 20, 60]))
    officers = some_ballots(chance, chance.choice([0, 1, 2, 3, 5, 8]))
    dice = chance.choice(["", "4-1-6", "6-6-1"])
    places = chance.randint(1, 6)
    tally = tally_round(rule, CANDIDATES, residents, officers, places=places, mode=mode, tie_seed=dice)
    shows = tally.adopts and (rule is RoundRule.LOWER_SHARE or chance.random() < 0.5)
    rows = [a_row("residents", ballot) for ballot in residents]
    rows += [a_row("officers", ballot) for ballot in officers] if shows else []
    given = {
        "frozen": frozen_of(tally),
        "ballots": [row | {"choices": row["choices"].split()} for row in rows],
        "witnessed": None if shows else witnessed_of(tally),
        "dice": dice,
    }
    expected = counted_of(tally if shows else without_officers_figures(tally), is_sealed=not shows)
    assert count(given["frozen"], rows, given["witnessed"], dice) == expected
    return given, expected


def some_ballots(chance: random.Random, number: int) -> list[Ballot]:
    """Ballots of few different kinds, so that ties are common."""
    kinds = [
        Ballot(frozenset(goal for goal in CANDIDATES if chance.random() < 0.4), none_of_these=False) for _ in range(4)
    ]
    return chance.choices([*kinds, Ballot(none_of_these=True), Ballot()], k=number)


def test_the_browser_counts_as_the_product_does(browser: Browser) -> None:
    chance = random.Random(20260504)
    rounds = [a_random_round(chance) for _ in range(RANDOM_ROUNDS)]
    page = browser.new_page()
    page.add_script_tag(content=(ASSETS / "recount.js").read_text(encoding="utf-8"))
    counted = page.evaluate(
        "rounds => rounds.map(({frozen, ballots, witnessed, dice}) =>"
        " recountRound.count(frozen, ballots, witnessed, dice))",
        [given for given, _expected in rounds],
    )
    page.close()
    assert sum(expected["dice decided"] for _given, expected in rounds) > 20
    assert [
        pair for pair in zip(counted, (expected for _g, expected in rounds), strict=True) if pair[0] != pair[1]
    ] == []


def test_the_browser_has_the_right_fingerprints(browser: Browser) -> None:
    chance = random.Random(4)
    texts = ["", "abc", "ñ – 日本", *("x" * length for length in (55, 56, 63, 64, 65, 119, 120, 1000))]
    texts += ["".join(chances) for chances in (chance.choices("abc\n,é", k=n) for n in range(1, 200, 7))]
    page = browser.new_page()
    page.add_script_tag(content=(ASSETS / "recount.js").read_text(encoding="utf-8"))
    found = page.evaluate("texts => texts.map(text => recountRound.sha256(new TextEncoder().encode(text)))", texts)
    page.close()
    assert found == [sha256(text.encode()).hexdigest() for text in texts]


def test_codes_are_read_as_the_server_reads_them(browser: Browser) -> None:
    typed = [
        "abcd-efgh-jkmn",
        " ABCD EFGH JKMN ",
        "oiL0.1234–5678",
        "ＡＢＣＤＥＦＧＨＪＫＭＮ",
        "abc\u200bd\u00adefghjkmn",
    ]
    page = browser.new_page()
    page.add_script_tag(content=(ASSETS / "find_ballot.js").read_text(encoding="utf-8"))
    read = page.evaluate("typed => typed.map(ballotFinder.normalised)", typed)
    assert read == [normalise_tracker(text) for text in typed]
    assert page.evaluate("typed => typed.map(ballotFinder.isReadable)", ["ABC", "U", "A!", "A" * 13]) == [
        True,
        False,
        False,
        False,
    ]
    page.close()


def test_a_ballot_is_found_in_the_browser_and_its_tracker_goes_nowhere(
    visitor: Callable[..., BrowserContext],
) -> None:
    goals = some_goals()
    voted = a_published_round(goals, ballots_of(goals, "02", "-", "", *["1"] * 40), ballots_of(goals, "0", "0", "0"))
    two, none, blank, *_others = voted.trackers
    page = visitor().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/results/{voted.uuid}/ballots")
    field, found = page.get_by_label("Your tracker"), page.locator("#found")
    for typed, words in (
        (two, ["Light the path on 23rd Avenue", "A gym open on Fridays"]),
        (none, ["None of these"]),
        (blank, ["Blank ballot"]),
    ):
        field.fill(f" {printed_token(typed).lower().replace('0', 'o').replace('1', 'l')} ")
        expect(found.locator("code")).to_have_text(printed_token(typed))
        assert sorted(found.locator("li").all_inner_texts()) == sorted(words)
    field.press("Enter")
    field.fill("0000 0000 0000")
    expect(found).to_contain_text("No published ballot has this tracker.")
    field.fill("unreadable")
    expect(found).to_contain_text("A tracker has 12 letters and digits.")
    field.fill("")
    expect(found).to_have_text("")
    paths = {url.partition("/results/")[2] for url in asked if "/results/" in url}
    assert paths == {f"{voted.uuid}/ballots", f"{voted.uuid}/ballots.json"}
    assert not any(tracker in url for tracker in voted.trackers for url in asked)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(390, 844), (1920, 1080), (320, 640)], ids=["phone", "desktop", "narrow"])
def test_the_pages_are_readable_by_everybody(
    visitor: Callable[..., BrowserContext], size: tuple[int, int], scheme: str
) -> None:
    voted = a_round("dice")
    page = visitor(*size, color_scheme=scheme).new_page()
    for address in ("", "/ballots"):
        page.goto(f"/results/{voted.uuid}{address}")
        if not address:
            answer_of(page)
            page.locator("summary").click()
        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_without_scripts_the_story_and_the_list_are_complete(visitor: Callable[..., BrowserContext]) -> None:
    voted = a_round("sealed officers")
    page = visitor(java_script_enabled=False).new_page()
    page.goto(f"/results/{voted.uuid}")
    expect(page.get_by_role("button", name="Count again in this browser")).to_be_hidden()
    expect(page.get_by_text("Adopted, place 1", exact=True)).to_be_visible()
    page.get_by_role("link", name="Find my ballot").first.click()
    expect(page.get_by_label("Your tracker")).to_be_hidden()
    for tracker in voted.trackers:
        expect(page.get_by_text(printed_token(tracker))).to_be_visible()

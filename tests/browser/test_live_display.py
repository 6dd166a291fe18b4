"""Every state of the live display in a real browser, from a small projector to a large screen.

Nothing leaves the screen, nothing is cut or covered, nothing is smaller than the room can read, and axe finds nothing.
"""

from itertools import pairwise

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from lib.ui.live_states import STATES
from tests.browser.conftest import axe_violations, settle
from tests.serving import Served

pytestmark = pytest.mark.browser

SIZES = {"full": (1920, 1080), "small": (1280, 720), "large": (3840, 2160)}
ODD_SIZES = {"old projector": (1024, 768), "sixteen to ten": (1920, 1200), "not full screen": (1920, 900)}
AT_ODD_SIZES = ("lobby-spanish", "hidden", "show-of-hands", "tie", "contested", "answered", "twelve-goals", "over")
"""The states that are looked at on every kind of screen."""
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"

MISFITS = """() => {
  const bad = [], texts = [], W = innerWidth, H = innerHeight, page = document.documentElement;
  const rem = parseFloat(getComputedStyle(page).fontSize);
  if (page.scrollWidth > W || page.scrollHeight > H)
    bad.push(`the page scrolls: ${page.scrollWidth}x${page.scrollHeight}`);
  const isWaiting = el => el.closest('.lv-lost') && !el.closest('.is-lost');
  for (const el of document.querySelectorAll('.lv *')) {
    const box = el.getBoundingClientRect();
    if (!box.width || el.closest('.cb-hidden') || isWaiting(el)) continue;
    if (box.left < -1 || box.top < -1 || box.right > W + 1 || box.bottom > H + 1)
      bad.push(`outside: ${el.className || el.tagName}`);
    const foot = el.closest('.lv-body') && document.querySelector('.lv-foot');
    if (foot && box.bottom > foot.getBoundingClientRect().top + 1)
      bad.push(`under the foot: ${el.className || el.tagName}`);
  }
  for (const root of document.querySelectorAll('.lv, .lv-side-map')) {
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const el = walk.currentNode.parentElement, style = getComputedStyle(el), range = document.createRange();
      if (!walk.currentNode.textContent.trim() || el.closest('.cb-hidden, .cb-icon') || isWaiting(el)) continue;
      range.selectNodeContents(walk.currentNode);
      const box = range.getBoundingClientRect(), size = parseFloat(style.fontSize);
      if (!box.width || style.visibility === 'hidden') continue;
      const say = walk.currentNode.textContent.trim().slice(0, 40);
      if (size < rem - .1) bad.push(`too small to read (${size}): ${say}`);
      let isWhole = true;
      for (let up = el; up !== root.parentElement; up = up.parentElement) {
        const hides = getComputedStyle(up).overflow !== 'visible' && !up.matches('.where, .words');
        if (up.matches('.where, .words')) isWhole = false;
        if (hides && (up.scrollHeight > up.clientHeight + .3 * rem || up.scrollWidth > up.clientWidth + 1))
          bad.push(`cut: ${say}`);
      }
      if (!isWhole) continue;
      if (box.right > W + 1 || box.bottom > H + 1 || box.left < -1 || box.top < -1) bad.push(`outside: ${say}`);
      const lines = Math.max(1, Math.round(box.height / size / 1.2)), air = .2 * box.height / lines;
      texts.push({say, el, left: box.left, right: box.right, top: box.top + air, bottom: box.bottom - air});
    }
  }
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  for (const image of document.querySelectorAll('.lv img, .lv-side-map img')) {
    const box = image.getBoundingClientRect();
    if (box.width) for (const text of texts) if (meet(box, text)) bad.push(`on a picture: ${text.say}`);
  }
  texts.forEach((a, at) => texts.slice(at + 1).forEach(b => {
    if (meet(a, b) && !a.el.contains(b.el) && !b.el.contains(a.el)) bad.push(`overlap: ${a.say} / ${b.say}`);
  }));
  return bad;
}"""


def rehearse(page: Page, state: str) -> None:
    page.goto(f"/live?preview={state}")
    expect(page.locator(".lv")).to_be_visible()
    page.wait_for_function("document.fonts.status === 'loaded'")
    if page.locator(".lv-body.with-map").count():
        expect(page.locator(".lv-side-map img")).to_be_visible()


def test_every_state_fits_the_screens_and_axe_finds_nothing(a_browser, city_server: Served) -> None:
    """A state is asked for once and looked at on one screen after the other; what it says does not depend on them.
    Nor do colours, names and headings, so that axe looks once."""
    page = a_browser(*SIZES["full"], reduced_motion="reduce").new_page()
    found = {}
    for state in STATES:
        page.set_viewport_size(_size(SIZES["full"]))
        rehearse(page, state)
        assert page.locator("h1").count() == 1, state
        found[state, "axe"] = axe_violations(page)
        for name, size in (SIZES | ODD_SIZES if state in AT_ODD_SIZES else SIZES).items():
            page.set_viewport_size(_size(size))
            page.evaluate(DRAWN)
            found[state, name] = page.evaluate(MISFITS)
    assert {where: problems for where, problems in found.items() if problems} == {}


def _size(size: tuple[int, int]) -> ViewportSize:
    return ViewportSize(width=size[0], height=size[1])


def test_the_code_in_the_lobby_is_as_large_as_the_back_row_needs(a_browser, city_server: Served) -> None:
    """A code is scanned from about ten times its width: 720 of 1920 pixels on a screen of three metres, 11 metres."""
    page = a_browser(1920, 1080).new_page()
    rehearse(page, "lobby")
    box = page.locator(".lv-lobby .qr img").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 720


def test_a_quiet_lobby_never_claims_that_the_connection_is_lost(a_browser, city_server: Served) -> None:
    page = a_browser(1280, 720).new_page()
    rehearse(page, "lobby")
    for _ in range(11):
        page.wait_for_timeout(1_000)
        expect(page.locator(".lv-lost")).to_be_hidden()


def test_the_reveal_comes_row_by_row_unless_motion_is_unwelcome(a_browser, city_server: Served) -> None:
    """Each drawing gives a row what is left of its wait; rows that have come wait no more."""
    moving, still = a_browser(1280, 720).new_page(), a_browser(1280, 720, reduced_motion="reduce").new_page()
    rows = """
        Array.from(document.querySelectorAll(".lv-result tbody tr"), row => getComputedStyle(row))
            .map(style => [style.animationName, parseFloat(style.animationDelay)])
    """
    names: list[str] = []
    coming: list[float] = []
    for _try in range(5):
        rehearse(moving, "result")
        seen = moving.evaluate(rows)
        names, coming = [name for name, _wait in seen], [wait for name, wait in seen if name == "lv-come"]
        if len(coming) > 1:
            break
    assert names == ["none"] * (len(names) - len(coming)) + ["lv-come"] * len(coming)
    assert len(coming) > 1
    assert all(one < other for one, other in pairwise(coming))
    rehearse(still, "result")
    assert {name for name, _wait in still.evaluate(rows)} == {"none"}
    for page in (still, moving):
        expect(page.locator("tbody tr:last-child")).to_have_css("opacity", "1")


def test_the_list_of_rehearsals_leads_to_each_of_them(a_browser, city_server: Served) -> None:
    page = a_browser(1280, 720).new_page()
    page.goto("/live?preview=")
    settle(page)
    assert page.evaluate(MISFITS) == []
    assert axe_violations(page) == []
    assert page.locator(".lv-index a").count() == len(STATES)
    page.get_by_role("link", name="A tie waits for the dice").click()
    expect(page.get_by_role("heading", name="A tie. The dice decide")).to_be_visible()
    expect(page.get_by_text("Rehearsal: invented votes")).to_be_visible()

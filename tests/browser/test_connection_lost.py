"""The server dies under open pages: the product's own words, nothing of Streamlit's, and all goes on after it."""

import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import hall_served, settle, sign_in
from tests.serving import serving

pytestmark = pytest.mark.browser


def test_a_lost_connection_is_told_in_our_own_words_until_it_is_back(browser: Browser, tmp_path: Path) -> None:
    with hall_served(tmp_path, is_open=True) as (served, _hall):
        port = int(served.url.rpartition(":")[2])
        context = browser.new_context(viewport={"width": 1366, "height": 768}, base_url=served.url)
        context.set_default_timeout(30_000)
        sign_in(context, "facilitator@demo.example")
        console, live = context.new_page(), context.new_page()
        console.goto("/run")
        settle(console)
        live.goto("/live")
        expect(live.locator(".lv-pill")).to_be_visible()
        expect(console.locator(".cb-lost")).to_be_hidden()
        os.killpg(served.process.pid, signal.SIGKILL)
        for page in (console, live):
            page.wait_for_selector("[data-testid=stDialog]", state="attached")
            expect(page.locator("[data-testid=stDialog]")).to_be_hidden()
        expect(console.locator(".cb-lost")).to_have_text(
            "Connection lost: nothing is lost. Start it again with make run."
        )
        expect(console.locator(".cb-lost")).to_be_visible()
        expect(live.locator(".lv-lost")).to_contain_text("Connection lost")
        expect(live.locator(".lv-lost")).to_be_visible()
        expect(live.locator(".lv-lost")).to_have_css("opacity", "1")
        for gone in (".lv-top .lv-pill", ".lv-top .lv-time"):
            expect(live.locator(gone)).to_be_hidden()
    with serving(tmp_path, port=port):
        for page, chip in ((console, ".cb-lost"), (live, ".lv-lost")):
            expect(page.locator(chip)).to_be_hidden(timeout=60_000)
            page.wait_for_function("!document.querySelector('#root').inert")
        context.close()

"""How long a cold phone on a slow line looks at nothing: the first paint of the ballot in a real Chromium.

Slow 4G as Lighthouse throttles it (150 ms round trip, 1.6 Mbit/s down, 0.75 Mbit/s up, the processor slowed down four
times), an empty cache each time. The floor is the same load of a bare form.
"""

import os
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.table import Table

from tests.bench.bench_hall import percentile
from tests.bench.hall_served import floor_served, hall_served
from tests.browser.conftest import ARGUMENTS, CHROMIUM

LOADS = 20
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6 * 1024 * 1024 / 8,
    "uploadThroughput": 0.75 * 1024 * 1024 / 8,
}
PAINTED = "performance.getEntriesByName('first-paint').map(entry => entry.startTime)[0]"
ASKED = """
    [performance.getEntriesByType('navigation')[0], ...performance.getEntriesByType('resource')]
        .reduce((sum, entry) => [sum[0] + 1, sum[1] + entry.transferSize], [0, 0])
"""


def first_paint(browser: Browser, url: str) -> tuple[float, int, int]:
    """Milliseconds until something stands on the screen of a cold phone; requests and bytes of the whole page."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    try:
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW_4G)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.goto(url)
        # The page's own policy lets no text be evaluated inside it, so it is asked from outside.
        while (painted := page.evaluate(PAINTED)) is None:
            page.wait_for_timeout(50)
        requests, size = page.evaluate(ASKED)
        return painted, requests, size
    finally:
        context.close()


def main(*, smoke: bool = False) -> None:
    """Open fresh slips one after the other; print how long each looked at nothing."""
    if not CHROMIUM:
        print("no Chromium on this machine")
        return
    loads = 2 if smoke else LOADS
    os.environ["SECRET_KEY"] = "a secret for tests only"
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with hall_served(Path(folder) / "hall") as hall, floor_served(Path(folder) / "floor") as floor:
            ours = [first_paint(browser, f"{hall.phones_url}/b/{token}") for token in hall.slips(loads)]
            bare = [first_paint(browser, f"{floor.url}/ballot") for _ in range(loads)]
        browser.close()
    table = Table("first paint, slow 4G, ms", "p50", "p95", "requests", "kB on the line")
    for name, seen in (("ballot, from the slip's code", ours), ("floor: a bare form", bare)):
        paints = [milliseconds for milliseconds, _requests, _size in seen]
        table.add_row(
            name,
            f"{statistics.median(paints):.0f}",
            f"{percentile(paints, 95):.0f}",
            str(max(requests for _paint, requests, _size in seen)),
            f"{max(size for _paint, _requests, size in seen) / 1024:.1f}",
        )
    Console(width=120).print(table)

"""The script that runs for every visitor: navigation by role, the demonstration's banner, one error boundary."""

import logging
from functools import partial
from html import escape
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import streamlit as st

from lib.errors import Explained, NotAllowed, NotFound, SignInNeeded
from lib.rules.rights import Actor, may_see
from lib.settings import ROOT
from lib.ui import reads
from lib.ui.acting import OUR_FAULT
from lib.ui.server import script_places
from lib.ui.session import actor, keep_beat

ASSETS = ROOT / "lib" / "web" / "assets"
PAGES = ROOT / "pages"

TITLES: dict[str, tuple[str, str]] = {
    "home": ("home.py", "Home"),
    "goals": ("goals.py", "Goals"),
    "concerns": ("concerns.py", "Concerns"),
    "meetings": ("meetings.py", "Meetings"),
    "safety": ("safety.py", "Safety"),
    "services": ("services.py", "Help and services"),
    "how": ("how.py", "How it works"),
    "vote": ("vote.py", "Vote"),
    "desk": ("desk.py", "Desk"),
    "run": ("run.py", "Run"),
    "admin": ("admin.py", "Admin"),
    "moderation": ("moderation.py", "Moderation"),
    "audit": ("audit.py", "Audit"),
    "goal": ("goal.py", "Progress"),
    "raise": ("raise_concern.py", "Raise a concern"),
    "live": ("live.py", "Live display"),
    "result": ("result.py", "Result"),
    "withheld": ("withheld.py", "What was kept back"),
}
"""Address, file and title of each page, in the order of the navigation."""

UNLISTED = frozenset({"goal", "raise", "live", "result", "withheld"})
"""Pages that are reached by a link only."""

PROJECTOR = frozenset({"live"})
"""Pages for the room: no navigation, no banner of ours (they carry their own)."""

_log = logging.getLogger(__name__)


def main() -> None:
    """Run the page that was asked for."""
    st.set_page_config(
        page_title="Common Beat",
        page_icon=str(ASSETS / "favicon.png"),
        layout="wide",
        initial_sidebar_state="collapsed",
    )
    try:
        person = actor()
        page = st.navigation(_pages(person), position="top")
    except Explained as problem:
        explain(problem)
        return
    st.html(Path(__file__).with_name("theme.css"))
    try:
        if page.url_path not in PROJECTOR:
            _frame(person)
        keep_beat()
        page.run()
    except Explained as problem:
        explain(problem)
    except Exception:
        _log.exception("page %s failed", page.url_path or "home")
        st.error(OUR_FAULT, icon=":material/error:")


def explain(problem: Explained) -> None:
    """Show an explained error as a sentence, with the way on."""
    st.title("This page cannot be shown", anchor=False)
    st.text(problem.sentence)
    if isinstance(problem, SignInNeeded):
        st.link_button("Sign in", f"/signin?next={quote(_present_address(), safe='/')}", type="primary")
    elif not isinstance(problem, (NotFound, NotAllowed)):
        st.link_button("Try again", "")


def _pages(person: Actor | None) -> list[st.Page]:
    """Every page. One that the visitor's roles do not open stays out of the navigation, and says what is missing to
    whoever comes by a link or after their sign-in has ended."""
    roles = person.roles if person else frozenset()
    return [
        st.Page(
            PAGES / file if may_see(roles, address) else partial(_closed, person, title),
            title=title,
            url_path=address,
            default=address == "home",
            visibility="hidden" if address in UNLISTED or not may_see(roles, address) else "visible",
        )
        for address, (file, title) in TITLES.items()
    ]


def _closed(person: Actor | None, title: str) -> None:
    """Raises SignInNeeded, NotAllowed."""
    if person is None:
        raise SignInNeeded(f"“{title}” is for people who sign in. Please sign in first.")
    raise NotAllowed(f"“{title}” needs another role than yours. Ask your coordinator if you should have it.")


def _present_address() -> str:
    """Path and query of the page that was asked for, to come back to after signing in."""
    path = urlsplit(st.context.url or "/").path or "/"
    query = urlencode(st.query_params.to_dict())
    return f"{path}?{query}" if query else path


def _frame(person: Actor | None) -> None:
    """What stands above every page: logo, banner, who is signed in."""
    st.logo(str(ASSETS / "logo.png"), size="large")
    banner = (
        '<p class="cb-banner" role="note"><b>Demonstration:</b> real boundaries, invented people and events</p>'
        if reads.city().is_demonstration
        else "<span></span>"
    )
    who = (
        f'{escape(person.name)} · <a href="/signout" target="_self">Sign out</a>'
        if person
        else '<a href="/signin" target="_self">Sign in</a>'
    )
    st.html(f'<div class="cb-frame">{banner}<p class="cb-who">{who}</p></div>{_lost(person)}')


def _lost(person: Actor | None) -> str:
    """What the page says by itself when the server is away; the sheet shows it only then. Those who sign in may stand
    beside the laptop that serves the hall."""
    way = "Start it again with <code>make run</code>." if person else "This page goes on by itself."
    return f'<p class="cb-lost" role="status"><b>Connection lost: nothing is lost.</b> {way}</p>'


with script_places:
    main()

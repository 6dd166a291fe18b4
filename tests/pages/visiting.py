"""A page as one visitor sees it: Streamlit's own test harness, with the session cookie a browser would send.

The harness has no browser and so no cookies; what Streamlit would read from the socket is given to it here. Everything
of ours runs as it is: the cookie is signed, and the session row is asked for at every rerun.
"""

import json
import re

import pytest
import streamlit as st
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from lib.clock import now
from lib.model import Person
from lib.rules.rights import Actor
from lib.services.sessions import SESSION_COOKIE, sign_in_with_city_account
from lib.settings import ROOT
from lib.storage.transaction import reading


def visit(page: str, monkeypatch: pytest.MonkeyPatch, actor: Actor | None = None, **address: str) -> AppTest:
    """Run `pages/<page>.py` once, signed in as this person; nothing is cached from an earlier test.

    `address` is what stands behind the question mark of the page's address.
    """
    st.cache_data.clear()
    st.cache_resource.clear()
    cookies = {SESSION_COOKIE: _session(actor)} if actor else {}
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _context: cookies))
    app = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=30)
    for name, value in address.items():
        app.query_params[name] = value
    return app.run()


def _session(actor: Actor) -> str:
    with reading() as db:
        email = db.get_one(Person, actor.person_id).email
    return sign_in_with_city_account(email=email, is_verified=True, now=now()).session


def page_text(app: AppTest) -> str:
    """Every word on the page, markup included."""
    return "\n".join(str(getattr(element, "body", None) or getattr(element, "value", "") or "") for element in app.main)


def focused(app: AppTest) -> list[str]:
    """The CSS selectors on which the page puts the keyboard's focus now."""
    asked = (re.search(r"querySelector\((.+?)\);", each.proto.body) for each in app.get("html"))
    return [json.loads(found[1]) for found in asked if found]

"""What stands beside the form of a concern: others who raised the same, danger at this moment, whom to call instead."""

from html import escape
from zoneinfo import ZoneInfo

import streamlit as st

from lib import clock
from lib.errors import NotFound
from lib.queries.categories import ABUSE, ContactCard, contact_card
from lib.queries.similar import SimilarConcern, similar_concerns
from lib.rules.moderation import STATE_SENTENCES
from lib.rules.months import day_in_words
from lib.rules.similar import Told, reason
from lib.rules.states import words
from lib.rules.text import clipped, counted
from lib.ui import reads
from lib.ui.leaving import leave_control
from lib.ui.links import page_link
from lib.ui.parts import card, category_tile, icon

LONGEST_SHOWN = 280


@st.cache_data(ttl=15, show_spinner=False, max_entries=64)
def similar(category: str, cell: str, beat_code: str, text: str) -> tuple[SimilarConcern, ...]:
    """Open concerns about the same thing as what is being told."""
    return similar_concerns(Told(category, cell, text, clock.now()), beat_code)


@st.cache_data(ttl=60, show_spinner=False)
def whom_to_call(category: str) -> ContactCard:
    """The contact card of a category that never becomes public."""
    return contact_card(category)


def similar_part(category: str, cell: str, beat_code: str, text: str) -> None:
    """At most three others before sending; nothing where none is alike."""
    found = similar(category, cell, beat_code, text)
    if not found:
        return
    with card("similar", height="content"):
        st.header("Is it one of these?", anchor=False)
        st.caption("“Me too” counts as much as a concern of your own. If it is none of these, go on and send yours.")
        st.html(f'<ul class="cn-list cn-similar">{"".join(_item(row) for row in found)}</ul>')


def _item(row: SimilarConcern) -> str:
    zone = ZoneInfo(reads.city().time_zone)
    facts = [reason(row.alike), day_in_words(row.reported_at.astimezone(zone).date()), words(row.status)]
    if row.supports:
        facts.append(f"{counted(row.supports, 'device')} said “me too”")
    said = escape(clipped(row.text, LONGEST_SHOWN)) if row.text else STATE_SENTENCES.get(row.text_state, "")
    answer = (
        f'<p class="cn-answer"><b>Officers:</b> {escape(clipped(row.answer, LONGEST_SHOWN))}</p>' if row.answer else ""
    )
    return (
        f'<li><div class="cn-head">{category_tile(row.icon, row.colour)}<b>{escape(row.category_name)}</b>'
        f'<span class="cn-facts">{escape(" · ".join(facts))}</span></div><p class="cn-said">{said}</p>{answer}'
        f'<p><a class="cn-metoo" href="/me-too/{row.uuid}?back=/raise" target="_self">{icon("add_reaction")} '
        "That’s mine too</a></p></li>"
    )


def contact_part(category: str) -> None:
    """Whom to call, in place of the form: what is raised here would be public."""
    told = whom_to_call(category)
    leave_control()
    with card("call", height="content"):
        st.header(told.name, anchor=False)
        st.html(
            '<p class="cn-emergency" role="note">This is not written down here: what is raised here becomes public.</p>'
        )
        _card(told)


def at_home_part() -> None:
    """Whom to talk to first: what was written may tell of violence at home, and whoever it is about could read it."""
    leave_control()
    with card("at_home", height="content"):
        st.header("Before everybody can read it", anchor=False)
        st.html(
            '<p class="cn-emergency" role="alert">What you wrote may tell of violence at home. What is raised here '
            "becomes public, and whoever it is about could read it.</p>"
        )
        try:
            told = whom_to_call(ABUSE)
        except NotFound:
            told = ContactCard(ABUSE, "", "", "", "", "")
        _card(told)
        st.caption("Nothing is sent yet, and nothing is lost.")


def _card(told: ContactCard) -> None:
    number = escape(reads.city().emergency_number)
    st.text(told.advice)
    st.html(f'<p class="cn-call">In danger now: <a href="tel:{number}">{number}</a></p>')
    if told.phone:
        dialled = escape("".join(sign for sign in told.phone if sign.isdigit() or sign == "+"))
        st.html(f'<p class="cn-call">{escape(told.partner)}: <a href="tel:{dialled}">{escape(told.phone)}</a></p>')
    elif told.partner:
        st.text(told.partner)
    if told.website.startswith(("https://", "http://")):
        address = escape(told.website)
        st.html(f'<p><a href="{address}" rel="noopener noreferrer nofollow" target="_blank">{address}</a></p>')
    page_link("More help and services", "services")


def danger_part() -> None:
    """The emergency number first: what was written sounds like danger at this moment."""
    number = escape(reads.city().emergency_number)
    st.html(
        '<div class="cn-danger" role="alert"><h2>Is it happening now?</h2><p>What you wrote sounds like danger at this '
        "moment. Nobody reads this page around the clock: please call.</p>"
        f'<p class="cn-call"><a href="tel:{number}">Call {number} now</a></p>'
        "<p>Nothing is sent yet, and nothing is lost.</p></div>"
    )

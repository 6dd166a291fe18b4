"""Help and services on screen: the phone number first, then what it is, when, and in which languages."""

from collections.abc import Sequence
from html import escape
from urllib.parse import quote
from zoneinfo import ZoneInfo

import streamlit as st

from lib.queries.partners import ActivityRow, ServiceRow
from lib.queries.places import CityRow
from lib.rules.months import day_in_words
from lib.ui.parts import card, empty_state, meta

SHOWN = 30


def emergency_line(city: CityRow) -> None:
    """Who is in danger is not sent searching."""
    number = escape(city.emergency_number)
    st.html(f'<p class="cb-danger">In danger, or is something happening at this moment? Call <b>{number}</b>.</p>')


def services_list(services: Sequence[ServiceRow], searched: str) -> None:
    """Services, the phone number first."""
    st.header("Help you can call", anchor=False)
    if not services:
        _nothing(searched, "No service is entered for this beat yet.")
    shown = services[:SHOWN]
    half = (len(shown) + 1) // 2
    for place, first in zip(st.columns(2, gap="small"), (0, half), strict=True):
        with place:
            for number, service in enumerate(shown[first : first + half], first):
                with card(f"service_{number}", height="content"):
                    st.html(_service(service))


def activities_list(activities: Sequence[ActivityRow], searched: str, city: CityRow) -> None:
    """What people can join, the soonest first."""
    st.header("Something to join", anchor=False)
    if not activities:
        _nothing(searched, "No activity is entered for this beat yet.")
    for number, activity in enumerate(activities[:SHOWN]):
        with card(f"activity_{number}", height="content"):
            st.html(_activity(activity, city))


def _service(service: ServiceRow) -> str:
    facts = [each for each in (service.hours, service.languages) if each]
    where = f"beat {service.beat}" if service.beat else "whole city"
    return (
        f"{_phone(service.phone)}<h3>{escape(service.name)}</h3><p>{escape(service.description)}</p>"
        f"<p>{escape(' · '.join(facts))}</p>"
        f"{meta(f'{service.partner}, {where} · checked {day_in_words(service.checked_on)}')}"
    )


def _activity(activity: ActivityRow, city: CityRow) -> str:
    following = ""
    if activity.next_at is not None:
        at = activity.next_at.astimezone(ZoneInfo(city.time_zone))
        following = f"next: {at:%A} {at.day} {at:%B}, {at.hour % 12 or 12}:{at:%M} {'am' if at.hour < 12 else 'pm'}"
    by = [each for each in (activity.kind, activity.partner, f"beat {activity.beat}") if each]
    facts = [each for each in (activity.place, activity.rhythm, following) if each]
    return (
        f"{_phone(activity.phone) if activity.phone else ''}<h3>{escape(activity.name)}</h3>"
        f"<p>{escape(activity.description)}</p><p>{escape(' · '.join(facts))}</p>"
        f"{meta(' · '.join(by))}"
    )


def _phone(number: str) -> str:
    if not number:
        return '<p class="cb-phone">No phone number</p>'
    dialled = quote("".join(sign for sign in number if sign.isdigit() or sign == "+"))
    return f'<p class="cb-phone"><a href="tel:{dialled}">{escape(number)}</a></p>'


def _nothing(searched: str, otherwise: str) -> None:
    if searched:
        empty_state("Nothing found for these words", "Try one word only, or another word for the same thing.")
    else:
        empty_state("Nothing here yet", otherwise)

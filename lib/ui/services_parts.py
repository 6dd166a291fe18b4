"""Help and services on screen: the phone number first, then what it is, when, in which languages, and why it is shown."""

from collections.abc import Sequence
from datetime import date
from html import escape
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

import streamlit as st

from lib.queries.directory import Directory, Found, held_together, suggested_services
from lib.queries.partners import ActivityRow, PartnerRow, PromiseRow, ServiceRow
from lib.queries.places import CityRow
from lib.rules.months import day_in_words, hour_in_words
from lib.rules.need_search import Fit
from lib.rules.text import counted, listed
from lib.ui import reads
from lib.ui.parts import empty_state, icon, meta, pill

SHOWN = 30

PLACES_NAMED = 3
"""Beats that are named of those in which a service can be visited."""


def emergency_line(city: CityRow) -> None:
    """Who is in danger is not sent searching."""
    number = escape(city.emergency_number)
    st.html(
        '<p class="cb-danger">In danger, or is something happening at this moment? '
        f'Call <b><a href="tel:{number}">{number}</a></b>.</p>'
    )


def services_list(found: Directory, need: str, today: date) -> None:
    """Services, the phone number first."""
    st.header("Help you can call", anchor=False)
    if found.is_near:
        _nothing_fits(found)
    elif not found.services and not found.general:
        if need.strip():
            empty_state("No service fits these words", "Something to join does: it stands beside this.")
        else:
            empty_state("Nothing here yet", "No service is entered for this beat yet.")
    shown = [*found.services[:SHOWN], *(Found(row) for row in found.general)]
    _grid([service_words(each, today) for each in shown])


def activities_list(found: Directory, need: str, city: CityRow, today: date) -> None:
    """What people can join, the soonest first, or what fits best."""
    st.header("Something to join", anchor=False)
    if not found.activities and not found.elsewhere:
        if need.strip():
            empty_state("No activity fits these words", "Try another word, or look at all of them without any.")
        else:
            empty_state("Nothing here yet", "No activity is entered for this beat yet.")
    elif not found.activities:
        st.html(meta("None in this beat; these are in other beats."))
    groups = held_together(found.activities or found.elsewhere)[:SHOWN]
    _grid([_activity(group, city, today) for group in groups])


def partners_list(partners: Sequence[PartnerRow], promises: Sequence[PromiseRow], today: date) -> None:
    """The partners that have promised something for a goal, each with what is open and what became of the rest."""
    by_partner = {partner.id: [each for each in promises if each.partner_id == partner.id] for partner in partners}
    promising = [partner for partner in partners if by_partner[partner.id]]
    if not promising:
        return
    st.header("What partners have promised", anchor=False)
    _grid([_partner(partner, by_partner[partner.id], today) for partner in promising])


def suggested_list(category_key: str, text: str, beat_code: str | None, *, heading: str = "While you wait") -> None:
    """What may help with a concern at once; nothing where nothing fits."""
    found = suggested_services(category_key, text, beat_code)
    if not found:
        return
    st.subheader(heading, anchor=False)
    _grid([service_words(each, reads.today()) for each in found])


def helping_part(category_key: str, text: str, beat_code: str) -> None:
    """What an officer can point somebody to, folded away; nothing where nothing fits."""
    found = suggested_services(category_key, text, beat_code)
    if found:
        with st.expander(f"Who can help ({len(found)})", icon=":material/support_agent:"):
            _grid([service_words(each, reads.today()) for each in found])


def service_words(found: Found[ServiceRow], today: date) -> str:
    """A service in words: phone, name, what it does, when, in which languages, why it is shown, when it was checked."""
    service = found.row
    facts = [("schedule", service.hours), ("translate", service.languages)]
    lines = "".join(f"<p>{icon(glyph)} {escape(words)}</p>" for glyph, words in facts if words)
    where = f"beat {service.beat}" if service.beat else "whole city"
    if service.places:
        more = len(service.places) - PLACES_NAMED
        named = listed([f"beat {code}" for code in service.places[:PLACES_NAMED]])
        where += f", places in {named}" + (f" and {more} more" if more > 0 else "")
    lang = _lang(service.language)
    by = escape(service.partner)
    if service.website:
        by = f'<a href="{escape(service.website)}" target="_blank" rel="noopener noreferrer">{by}</a>'
    return (
        f"{_phone(service.phone)}<h3{lang}>{escape(service.name)}</h3><p{lang}>{escape(service.description)}</p>{lines}"
        f'{_why(found.fit)}<p class="cb-meta">{by}, {where} · {_checked(service.checked_on, today)}</p>'
        f"{_stale() if service.is_stale(today) else ''}"
    )


def why(fit: Fit | None) -> str:
    """Why something was found, as a sentence; "" where nothing was asked.

    >>> why(Fit(3.0, words=("needle",), age=14))
    'Says “needle”, for age 14'
    """
    if fit is None:
        return ""
    said = [f"for {fit.needs[0].name}"] if fit.needs else []
    if fit.words and not fit.needs:
        said.append(f"says {listed([f'“{word}”' for word in fit.words[:3]])}")
    if fit.age is not None:
        said.append(f"for age {fit.age}")
    sentence = ", ".join(said)
    return sentence[:1].upper() + sentence[1:]


def _grid(cards: Sequence[str]) -> None:
    """Cards beside each other where there is room, in the order of reading on every screen."""
    if cards:
        st.html(f'<ul class="cb-grid">{"".join(f"<li>{each}</li>" for each in cards)}</ul>')


def _why(fit: Fit | None) -> str:
    words = why(fit)
    return f'<p class="cb-why">{icon("check")} {escape(words)}</p>' if words else ""


def _activity(group: Sequence[Found[ActivityRow]], city: CityRow, today: date) -> str:
    """An activity, its place and hour in each beat that holds it, and when it was last known to be right."""
    found = group[0]
    activity, lang = found.row, _lang(found.row.language)
    by = [each for each in (activity.kind, activity.partner) if each]
    if len(group) == 1:
        by.append(f"beat {activity.beat}")
        if activity.checked_on is not None:
            by.append(_checked(activity.checked_on, today))
        times = f"<p>{escape(_time_and_place(activity, city))}</p>{_why(found.fit)}{_join(activity)}"
    else:
        lines = [
            f"<li><b>Beat {escape(each.row.beat)}</b>: {escape(_time_and_place(each.row, city))}{_join(each.row)}"
            f"{_stale() if each.row.is_stale(today) else ''}</li>"
            for each in group
        ]
        times = f'{_why(found.fit)}<ul class="cb-also">{"".join(lines)}</ul>'
    is_stale = len(group) == 1 and activity.is_stale(today)
    return (
        f"{_phone(activity.phone) if activity.phone else ''}<h3{lang}>{escape(activity.name)}</h3>"
        f"<p{lang}>{escape(activity.description)}</p>{times}{meta(' · '.join(by))}{_stale() if is_stale else ''}"
    )


def _time_and_place(activity: ActivityRow, city: CityRow) -> str:
    following = ""
    if activity.next_at is not None:
        at = activity.next_at.astimezone(ZoneInfo(city.time_zone))
        following = f"next: {at:%A} {at.day} {at:%B}, {hour_in_words(at)}"
    return " · ".join(each for each in (activity.place, activity.rhythm, following, activity.languages) if each)


def _join(activity: ActivityRow) -> str:
    if not activity.can_join:
        return ""
    return (
        f'<p><a class="cb-join" href="/join-in/{activity.uuid}" target="_self">Join in'
        f'<span class="cb-hidden">: {escape(activity.name)}, beat {escape(activity.beat)}</span></a></p>'
    )


def _partner(partner: PartnerRow, promises: Sequence[PromiseRow], today: date) -> str:
    lines = "".join(
        f"<li>{_became(each, today)} "
        f"{escape(each.deliverable)} "
        f'<span class="cb-meta">by {day_in_words(each.due_on)}, for '
        f'<a href="/goal?{urlencode({"id": str(each.goal)})}" target="_self">{escape(each.goal_title)}</a></span></li>'
        for each in promises
    )
    return f'<h3>{escape(partner.name)}</h3>{meta(_kept_words(promises, today))}<ul class="cb-also">{lines}</ul>'


def _became(promise: PromiseRow, today: date) -> str:
    if promise.is_kept:
        return pill("open", "Kept", "check_circle")
    if promise.is_broken:
        return pill("closed", "Broken", "cancel")
    return pill("warn", "Overdue", "schedule") if promise.is_overdue(today) else pill("quiet", "Open")


def _kept_words(promises: Sequence[PromiseRow], today: date) -> str:
    """How many were kept; how many are open, always said; how many were broken or are overdue, where there are."""
    kept, broken = sum(each.is_kept for each in promises), sum(each.is_broken for each in promises)
    overdue = sum(each.is_overdue(today) for each in promises)
    words = [f"{counted(kept, 'promise')} kept"]
    if broken:
        words.append(f"{broken} broken")
    if overdue:
        words.append(f"{overdue} overdue")
    return ", ".join([*words, f"{len(promises) - kept - broken - overdue} open"])


def _checked(on: date, today: date) -> str:
    return f"checked {'today' if on == today else day_in_words(on)}"


def _lang(language: str) -> str:
    """For screen readers: in which language a text is written, where it is not the screen's."""
    return f' lang="{escape(language)}"' if language != "en" else ""


def _stale() -> str:
    return f"<p>{pill('warn', 'Not checked for more than a year', 'history')}</p>"


def _nothing_fits(found: Directory) -> None:
    near = "These come nearest" if found.services else "Try one word only, or another word for the same thing"
    ask = ", and this number takes any question." if found.general else "."
    empty_state("Nothing fits these words", near + ask)


def _phone(number: str) -> str:
    if not number:
        return '<p class="cb-phone">No phone number</p>'
    dialled = quote("".join(sign for sign in number if sign.isdigit() or sign == "+"))
    return f'<p class="cb-phone"><a href="tel:{dialled}">{escape(number)}</a></p>'

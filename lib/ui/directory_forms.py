"""Part of the coordinator's page: partners and what they offer, what has to be checked next, what is off the list."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st
from babel import Locale, UnknownLocaleError

from lib.queries.partners import PartnerRow, ServiceRow, Wording, partners, services
from lib.rules import partners as lengths
from lib.rules.rights import Right
from lib.rules.text import counted
from lib.services.partners import check_service, keep_partner, keep_service, list_service, translate_service
from lib.ui import reads, services_reads
from lib.ui.acting import acting, told
from lib.ui.desk_parts import for_holders, wide
from lib.ui.parts import Column, Markup, meta, pill, table
from lib.ui.session import actor

NEW = 0
NEXT_CHECKED = 15
"""So many services stand in the table of what to check next."""


@st.fragment
@for_holders(Right.MANAGE_DIRECTORY)
def services_part() -> None:
    """What has to be checked next, and forms for one service and one partner."""
    rows, known = services(unlisted=True), partners()
    st.header("Help people can call", anchor=False)
    told("directory")
    st.html(checking_words(rows, reads.today()))
    st.html(wide(checking_table(rows, reads.today()), "Services to check next"))
    names = {NEW: "Add a service"} | {row.id: f"{row.name} ({row.partner})" for row in rows}
    chosen = st.selectbox("Service", list(names), format_func=names.__getitem__, key="directory_service")
    row = next((each for each in rows if each.id == chosen), None)
    left, right = st.columns([3, 2], gap="large")
    with left:
        if known:
            _service_form(row, known)
        else:
            st.text("Add a partner first: every service belongs to one.")
    with right:
        if row is not None:
            _service_buttons(row)
            translation_form("service", row.id, row.language, row.translations, translate_service, "hours")
        partners_part()


@st.fragment
@for_holders(Right.MANAGE_DIRECTORY)
def partners_part() -> None:
    """A form for one partner."""
    known = partners()
    st.header("Partners", anchor=False)
    told("partners")
    names = {NEW: "Add a partner"} | {row.id: row.name for row in known}
    chosen = st.selectbox("Partner", list(names), format_func=names.__getitem__, key="directory_partner")
    row = next((each for each in known if each.id == chosen), None)
    fields = Fields(f"partner_{chosen}")
    with st.form(f"partner_form_{chosen}", enter_to_submit=False):
        fields.line("Name", "name", row.name if row else "", lengths.PARTNER_NAME)
        fields.line("Phone", "phone", row.phone if row else "", 40)
        fields.line("Website", "website", row.website if row else "", lengths.WEBSITE_LENGTH)
        st.form_submit_button(
            "Save",
            type="primary",
            on_click=acting(
                keep_partner,
                arguments=lambda: {"actor": actor(), "partner_id": chosen or None, **fields.typed()},
                done="Saved.",
                key="partners",
                after=lambda _id: fields.done(is_new=row is None),
            ),
        )


def languages_written(own: str = "") -> dict[str, str]:
    """The languages of the city, the first one first, and that of the entry, by code."""
    codes = dict.fromkeys((*reads.city().languages, *([own] if own else [])))
    return {code: _language_name(code) for code in codes}


def _language_name(code: str) -> str:
    try:
        return Locale.parse(code, sep="-").get_display_name("en") or code
    except (ValueError, UnknownLocaleError):
        return code


def translation_form(
    what: str, row_id: int, own: str, known: Sequence[Wording], service: Callable[..., None], when: str
) -> None:
    """What an entry says in another language of the city. `when`: how its hours or rhythm are called."""
    others = {code: name for code, name in languages_written().items() if code != own}
    if not others:
        return
    st.subheader("In another language", anchor=False)
    key = f"{what}_{row_id}_translation"
    spoken = st.selectbox("Language", list(others), format_func=others.__getitem__, key=f"{key}_language")
    said = next((each for each in known if each.language == spoken), Wording(spoken, "", "", ""))
    fields = Fields(f"{key}_{spoken}")
    with st.form(f"{key}_form_{spoken}", enter_to_submit=False):
        fields.line("Name", "name", said.name, lengths.SERVICE_NAME)
        fields.text("Description", "description", said.description, lengths.DESCRIPTION)
        fields.line("When", when, said.when, lengths.LINE)
        st.form_submit_button(
            "Save the translation",
            on_click=acting(
                service,
                arguments=lambda: {
                    "actor": actor(),
                    f"{what}_id": row_id,
                    "language": spoken,
                    **fields.typed(),
                },
                done="Saved. With an empty name and description a translation is taken away.",
                key="directory" if what == "service" else "activities",
                after=lambda _none: services_reads.forget(),
            ),
        )


class Fields:
    """The text inputs of one form, by the name that the service gives them; each row has its own."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.names: list[str] = []

    def line(self, label: str, name: str, value: str, longest: int, hint: str = "") -> None:
        self.names.append(name)
        st.text_input(label, value, key=self.key(name), max_chars=longest, placeholder=hint or None)

    def text(self, label: str, name: str, value: str, longest: int) -> None:
        self.names.append(name)
        st.text_area(label, value, key=self.key(name), max_chars=longest)

    def choice(self, label: str, name: str, names: Mapping[Any, str], value: Any) -> None:
        self.names.append(name)
        options = list(names)
        at = options.index(value) if value in options else 0
        st.selectbox(label, options, at, format_func=names.__getitem__, key=self.key(name))

    def key(self, name: str) -> str:
        return f"{self.prefix}_{name}"

    def typed(self) -> dict[str, Any]:
        """What stands in the form at the click."""
        return {name: st.session_state.get(self.key(name), "") for name in self.names}

    def done(self, *, is_new: bool) -> None:
        """After a write: the directory is read again, and the form for a new row is empty again."""
        services_reads.forget()
        if is_new:
            for name in self.names:
                st.session_state.pop(self.key(name), None)


def checking_words(rows: Sequence[ServiceRow], today: date) -> str:
    """How many entries are too old."""
    stale = sum(row.is_stale(today) for row in rows if row.is_listed)
    listed = sum(row.is_listed for row in rows)
    if not rows:
        return meta("No service is entered yet. Add partners first, or import a directory: docs/directory.md.")
    old = f"{counted(stale, 'service')} not checked for more than a year" if stale else "all checked within a year"
    return meta(f"{counted(listed, 'service')} listed, {old}; {len(rows) - listed} off the list.")


def checking_table(rows: Sequence[ServiceRow], today: date) -> str:
    """The services that were checked the longest ago, those off the list last."""
    waiting = sorted(rows, key=lambda row: (not row.is_listed, row.checked_on, row.name))[:NEXT_CHECKED]
    return table(
        "Services to check next",
        [Column("Service"), Column("Partner"), Column("Phone"), Column("Where"), Column("Checked"), Column("State")],
        [
            (
                row.name,
                row.partner,
                row.phone or None,
                f"beat {row.beat}" if row.beat else "whole city",
                row.checked_on.isoformat(),
                Markup(_state(row, today)),
            )
            for row in waiting
        ],
        hide_caption=True,
    )


def _state(row: ServiceRow, today: date) -> str:
    if not row.is_listed:
        return pill("closed", "off the list")
    return pill("warn", "over a year") if row.is_stale(today) else pill("open", "listed")


def _service_form(row: ServiceRow | None, known: Sequence[PartnerRow]) -> None:
    chosen = row.id if row else NEW
    fields = Fields(f"service_{chosen}")
    beats = {"": "The whole city"} | {beat.code: f"Beat {beat.label}" for beat in reads.beats()}
    with st.form(f"service_form_{chosen}", enter_to_submit=False):
        fields.choice("Partner", "partner_id", {each.id: each.name for each in known}, row.partner_id if row else None)
        fields.line("Name", "name", row.name if row else "", lengths.SERVICE_NAME)
        fields.text("What it does for people", "description", row.description if row else "", lengths.DESCRIPTION)
        fields.line(
            "Words people search with",
            "needs",
            row.needs if row else "",
            lengths.NEEDS_LENGTH,
            "alcohol, drinks, family; “general help” for the number for any question",
        )
        number = row.phone if row and row.phone != _phone_of(known, row.partner_id) else ""
        fields.line("Phone, where it is not the partner’s", "phone", number, 40)
        fields.line("Opening hours", "hours", row.hours if row else "", lengths.LINE, "Mon–Fri 9:00–17:00")
        fields.line("Languages spoken", "languages", row.languages if row else "", lengths.LINE, "English, Spanish")
        written = row.language if row else ""
        fields.choice("Written in", "language", languages_written(written), written)
        fields.choice("Where", "beat_code", beats, row.beat if row else "")
        st.form_submit_button(
            "Save",
            type="primary",
            on_click=acting(
                keep_service,
                arguments=lambda: {"actor": actor(), "service_id": chosen or None, **fields.typed()},
                done="Saved, and checked today.",
                key="directory",
                after=lambda _id: fields.done(is_new=row is None),
            ),
        )


def _service_buttons(row: ServiceRow) -> None:
    with st.container(horizontal=True):
        st.button(
            "Checked today: all of it is right",
            on_click=acting(
                check_service,
                arguments=lambda: {"actor": actor(), "service_id": row.id},
                done=f"{row.name}: checked today.",
                key="directory",
                after=lambda _none: services_reads.forget(),
            ),
        )
        st.button(
            "Take it off the list" if row.is_listed else "List it again",
            on_click=acting(
                list_service,
                arguments=lambda: {"actor": actor(), "service_id": row.id, "is_listed": not row.is_listed},
                done=f"{row.name}: {'off the list' if row.is_listed else 'listed again'}.",
                key="directory",
                after=lambda _none: services_reads.forget(),
            ),
        )


def _phone_of(known: Sequence[PartnerRow], partner_id: int) -> str:
    return next((each.phone for each in known if each.id == partner_id), "")

"""Parts of the coordinator's page: the people who sign in, and which beats the officers among them serve."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import streamlit as st

from lib.queries.people import PersonRow, PostingRow, people
from lib.rules.lifecycle import Role, Side
from lib.rules.rights import Right
from lib.services.people import (
    add_person,
    change_roles,
    deactivate_person,
    end_posting,
    post_officer,
    reactivate_person,
    set_password,
)
from lib.ui import reads
from lib.ui.acting import acting, told
from lib.ui.desk_parts import for_holders, wide
from lib.ui.parts import Column, Markup, empty_state, pill, table
from lib.ui.session import actor

ROLE_NAMES = {
    Role.OFFICER: "Officer",
    Role.FACILITATOR: "Facilitator",
    Role.COORDINATOR: "Coordinator",
    Role.AUDITOR: "Auditor",
}
SIDE_NAMES = {Side.OFFICERS: "Officers", Side.RESIDENTS: "Residents", Side.NEITHER: "Neither side"}


@st.fragment
@for_holders(Right.MANAGE_PEOPLE)
def people_part() -> None:
    """Everybody who signs in, a form to add somebody, and one to change somebody."""
    rows = people()
    st.html(wide(people_table(rows), "People who sign in"))
    told("people")
    adding, changing = st.columns(2, gap="large")
    with adding:
        _adding_form()
    with changing:
        _changing_form(rows)


@st.fragment
@for_holders(Right.MANAGE_PEOPLE)
def postings_part() -> None:
    """Which officer serves which beat, and when residents meet them."""
    rows = people()
    officers = [row for row in rows if Role.OFFICER in row.roles and row.is_active]
    postings = [(row, posting) for row in rows for posting in row.postings if _still_holds(posting)]
    if postings:
        st.html(wide(postings_table(postings), "Officers and the beats they serve"))
    else:
        empty_state("No officer is posted to a beat", "Residents then see nobody to talk to on their beat's page.")
    told("postings")
    adding, ending = st.columns(2, gap="large")
    with adding:
        _posting_form(officers)
    with ending:
        _ending_form(postings)


def people_table(rows: Sequence[PersonRow]) -> str:
    """Who signs in, with what right; those who may no more are marked in words."""
    return table(
        "People who sign in",
        [Column("Name"), Column("E-mail"), Column("Roles"), Column("Side"), Column("Signs in")],
        [
            (
                row.name,
                row.email,
                ", ".join(ROLE_NAMES[role] for role in sorted(row.roles)),
                SIDE_NAMES[row.side],
                Markup(_way_in(row)),
            )
            for row in rows
        ],
        hide_caption=True,
    )


def postings_table(postings: Sequence[tuple[PersonRow, PostingRow]]) -> str:
    """Present and coming postings by beat."""
    return table(
        "Officers and the beats they serve",
        [Column("Beat"), Column("Officer"), Column("From"), Column("Last day"), Column("Hours")],
        [
            (
                posting.beat,
                row.name,
                posting.valid_from.isoformat(),
                (posting.valid_to - timedelta(days=1)).isoformat() if posting.valid_to else None,
                posting.hours or None,
            )
            for row, posting in sorted(postings, key=lambda each: (each[1].beat, each[0].name))
        ],
        hide_caption=True,
    )


def _adding_form() -> None:
    st.subheader("Add somebody", anchor=False)
    with st.form("add_person", enter_to_submit=False):
        st.text_input("Name", key="new_name", max_chars=120)
        st.text_input("E-mail", key="new_email", max_chars=254)
        st.multiselect("Roles", list(Role), format_func=ROLE_NAMES.__getitem__, key="new_roles")
        st.selectbox("Side", list(Side), index=2, format_func=SIDE_NAMES.__getitem__, key="new_side")
        st.text_input(
            "Password (12 characters or more; leave empty for the city's account only)",
            type="password",
            key="new_password",
        )
        st.form_submit_button(
            "Add",
            type="primary",
            on_click=acting(
                add_person,
                arguments=lambda: {
                    "actor": actor(),
                    "name": _typed("new_name"),
                    "email": _typed("new_email"),
                    "roles": st.session_state["new_roles"],
                    "side": st.session_state["new_side"],
                    "password": _typed("new_password") or None,
                },
                done="Added. They can sign in at /signin.",
                key="people",
                after=lambda _id: _clear("new_name", "new_email", "new_password"),
            ),
        )


def _changing_form(rows: Sequence[PersonRow]) -> None:
    st.subheader("Change somebody", anchor=False)
    names = {row.id: f"{row.name}, {row.email}" for row in rows}
    person_id = st.selectbox("Person", list(names), format_func=lambda number: names[number], key="changed_person")
    row = next((each for each in rows if each.id == person_id), None)
    if row is None:
        return

    def given(**more: Any) -> dict[str, Any]:
        return {"actor": actor(), "person_id": row.id, **more}

    st.multiselect(
        "Roles", list(Role), sorted(row.roles), format_func=ROLE_NAMES.__getitem__, key=f"changed_roles_{row.id}"
    )
    st.selectbox(
        "Side", list(Side), list(Side).index(row.side), format_func=SIDE_NAMES.__getitem__, key=f"changed_side_{row.id}"
    )
    st.button(
        "Save roles and side",
        on_click=acting(
            change_roles,
            arguments=lambda: given(
                roles=st.session_state[f"changed_roles_{row.id}"], side=st.session_state[f"changed_side_{row.id}"]
            ),
            done="Roles and side are saved.",
            key="people",
        ),
    )
    st.text_input("New password", type="password", key=f"changed_password_{row.id}")
    st.button(
        "Set the password",
        on_click=acting(
            set_password,
            arguments=lambda: given(password=_typed(f"changed_password_{row.id}")),
            done="The password is set; the person is signed out everywhere.",
            key="people",
            after=lambda _none: _clear(f"changed_password_{row.id}"),
        ),
    )
    if row.is_active:
        st.button(
            "Let them sign in no more",
            on_click=acting(deactivate_person, arguments=given, done="They may sign in no more.", key="people"),
        )
    else:
        st.button(
            "Let them sign in again",
            on_click=acting(reactivate_person, arguments=given, done="They may sign in again.", key="people"),
        )


def _posting_form(officers: Sequence[PersonRow]) -> None:
    st.subheader("Post an officer", anchor=False)
    names = {row.id: row.name for row in officers}
    labels = {beat.code: beat.label for beat in reads.beats()}
    with st.form("post_officer", enter_to_submit=False):
        st.selectbox("Officer", list(names), format_func=lambda number: names[number], key="posted_person")
        st.selectbox("Beat", list(labels), format_func=lambda code: labels[code], key="posted_beat")
        st.date_input("First day", reads.today(), key="posted_from", format="YYYY-MM-DD")
        st.text_input("Hours: when and where residents meet them", key="posted_hours", max_chars=200)
        st.form_submit_button(
            "Post",
            type="primary",
            on_click=acting(
                post_officer,
                arguments=lambda: {
                    "actor": actor(),
                    "person_id": st.session_state["posted_person"] or 0,
                    "beat": st.session_state["posted_beat"] or "",
                    "valid_from": st.session_state["posted_from"],
                    "hours": _typed("posted_hours"),
                },
                done="The posting is saved.",
                key="postings",
                after=lambda _id: _clear("posted_hours"),
            ),
        )


def _ending_form(postings: Sequence[tuple[PersonRow, PostingRow]]) -> None:
    st.subheader("End a posting", anchor=False)
    if not postings:
        st.text("There is none to end.")
        return
    labels = {posting.id: f"{posting.beat}: {row.name}" for row, posting in postings}
    with st.form("end_posting", enter_to_submit=False):
        st.selectbox("Posting", list(labels), format_func=lambda number: labels[number], key="ended_posting")
        st.date_input("Last day", reads.today(), key="ended_last_day", format="YYYY-MM-DD")
        st.form_submit_button(
            "End it",
            on_click=acting(
                end_posting,
                arguments=lambda: {
                    "actor": actor(),
                    "posting_id": st.session_state["ended_posting"],
                    "last_day": st.session_state["ended_last_day"],
                },
                done="The posting ends on that day.",
                key="postings",
            ),
        )


def _way_in(row: PersonRow) -> str:
    if not row.is_active:
        return pill("quiet", "No more")
    return pill("open", "By password") if row.has_password else pill("info", "City account only")


def _still_holds(posting: PostingRow) -> bool:
    return posting.valid_to is None or posting.valid_to > _today()


def _today() -> date:
    return reads.today()


def _typed(key: str) -> str:
    return str(st.session_state.get(key) or "")


def _clear(*keys: str) -> None:
    for key in keys:
        st.session_state[key] = ""

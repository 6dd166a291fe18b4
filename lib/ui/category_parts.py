"""Part of the coordinator's page: what concerns are about, who is responsible, and what never becomes public."""

from typing import Any

import streamlit as st

from lib.queries.categories import CategorySettings, WordsRow, category_settings
from lib.queries.partners import partners
from lib.rules.categories import COLOURS, ICONS
from lib.rules.rights import Right
from lib.rules.text import SUMMARY_LENGTH
from lib.services.categories import NAME_LENGTH, RESPONSIBLE_LENGTH, add_category, change_category
from lib.services.standard_categories import CategoryWords
from lib.ui import concerns_picture, raise_aside, reads
from lib.ui.acting import acting, told
from lib.ui.desk_parts import for_holders, wide
from lib.ui.parts import Column, Markup, named_category, pill, table
from lib.ui.session import actor

LANGUAGES = {"en": "English", "es": "Spanish"}


@st.fragment
@for_holders(Right.MANAGE_CITY)
def categories_part() -> None:
    """Every category in its order, a form to change one, and one to add one."""
    rows = category_settings()
    if not rows:
        return
    st.html(wide(categories_table(rows), "Categories"))
    told("categories")
    by_id = {row.id: row for row in rows}
    chosen = st.selectbox(
        "Change a category", list(by_id), format_func=lambda row: by_id[row].name, key="category_chosen", width=420
    )
    row = by_id[chosen]
    with st.form(f"category_{row.id}", enter_to_submit=False, width=760):
        _fields(row, rows)
        st.form_submit_button(
            "Save",
            type="primary",
            on_click=acting(
                change_category,
                arguments=lambda: _given(row),
                done="Saved. Every page shows it within a minute.",
                key="categories",
                after=lambda _none: _forget(),
            ),
        )
    with st.expander("Add a category", icon=":material/add:"):
        _adding(rows)


def _adding(rows: tuple[CategorySettings, ...]) -> None:
    """A new one takes the form's turn as its key, so that the next form is empty."""
    turn = len(rows)
    new = CategorySettings(-turn, "", "other", "", is_public=True, partner_id=None, texts={})
    key = f"category_{new.id}"
    with st.form(key, enter_to_submit=False, border=False, width=760):
        st.selectbox("Picture", list(ICONS), format_func=ICONS.__getitem__, index=None, key=f"{key}_icon")
        st.selectbox("Colour", list(COLOURS), format_func=COLOURS.__getitem__, index=None, key=f"{key}_colour")
        _fields(new, (*rows, new))
        st.form_submit_button(
            "Add it",
            type="primary",
            on_click=acting(
                add_category,
                arguments=lambda: _given_anew(new),
                done="Added. Residents can choose it within a minute.",
                key="categories",
                after=lambda _key: _forget(),
            ),
        )


def categories_table(rows: tuple[CategorySettings, ...]) -> str:
    """The order in which people choose from them."""
    none = WordsRow("", "", "")
    return table(
        "Categories",
        [Column("Category"), Column("In Spanish"), Column("Who is responsible"), Column("Concerns")],
        [
            (
                named_category(row.icon, row.colour, row.name),
                row.texts.get("es", none).name,
                row.texts.get("en", none).responsible,
                Markup(pill("open", "Public") if row.is_public else pill("closed", "Never: a contact card instead")),
            )
            for row in rows
        ],
        hide_caption=True,
    )


def _fields(row: CategorySettings, rows: tuple[CategorySettings, ...]) -> None:
    key, none = f"category_{row.id}", WordsRow("", "", "")
    for language, spoken in LANGUAGES.items():
        words = row.texts.get(language, none)
        st.text_input(f"Name in {spoken}", words.name, key=f"{key}_name_{language}", max_chars=NAME_LENGTH)
        st.text_input(
            f"Who is responsible, in {spoken}",
            words.responsible,
            key=f"{key}_responsible_{language}",
            max_chars=RESPONSIBLE_LENGTH,
        )
    if row.key:
        st.number_input("Place in the list", 1, len(rows), rows.index(row) + 1, key=f"{key}_place")
    st.checkbox("Concerns about it are public", row.is_public, key=f"{key}_public")
    st.caption("Where they are not, nothing is written down: whoever chooses it reads the advice and whom to call.")
    for language, spoken in LANGUAGES.items():
        st.text_area(
            f"Advice in {spoken}",
            row.texts.get(language, none).advice,
            key=f"{key}_advice_{language}",
            max_chars=SUMMARY_LENGTH,
        )
    names = {each.id: each.name for each in partners()}
    options = [None, *names]
    st.selectbox(
        "Whom to call",
        options,
        index=options.index(row.partner_id) if row.partner_id in options else 0,
        format_func=lambda each: names.get(each or 0, "The emergency number only"),
        key=f"{key}_partner",
    )


def _given(row: CategorySettings) -> dict[str, Any]:
    place = int(st.session_state[f"category_{row.id}_place"]) - 1
    return {**_words_given(row), "category_id": row.id, "position": place}


def _given_anew(new: CategorySettings) -> dict[str, Any]:
    typed, key = st.session_state, f"category_{new.id}"
    return {**_words_given(new), "icon": typed[f"{key}_icon"] or "", "colour": typed[f"{key}_colour"] or ""}


def _words_given(row: CategorySettings) -> dict[str, Any]:
    typed, key = st.session_state, f"category_{row.id}"
    return {
        "actor": actor(),
        "texts": {
            language: CategoryWords(
                typed[f"{key}_name_{language}"],
                typed[f"{key}_responsible_{language}"],
                typed[f"{key}_advice_{language}"],
            )
            for language in LANGUAGES
        },
        "is_public": typed[f"{key}_public"],
        "partner_id": typed[f"{key}_partner"],
    }


def _forget() -> None:
    reads.categories.clear()
    raise_aside.whom_to_call.clear()
    concerns_picture.forget()

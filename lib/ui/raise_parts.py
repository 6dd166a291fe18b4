"""Telling a concern on a screen. The place is clicked on a map, or written, or left at "somewhere in my beat"."""

from enum import StrEnum
from html import escape
from typing import Any

import streamlit as st

from lib.queries.places import BeatRow, CategoryRow
from lib.rules.at_home import tells_of_home
from lib.rules.concerns import CONTACT_LENGTH, Frequency, frequency_words
from lib.rules.geography import PlaceKind, cell_centre, public_cell
from lib.rules.text import LINE_LENGTH, STORY_LENGTH
from lib.rules.urgent import is_urgent
from lib.services.concerns import Place, Reported, fresh_nonce, report_concern
from lib.services.photos import LARGEST_UPLOAD, MOST_PHOTOS
from lib.settings import settings
from lib.ui import concerns_picture, maps, reads
from lib.ui.acting import acting, told
from lib.ui.focus import focus_next, put_focus
from lib.ui.links import page_link
from lib.ui.parts import card, plain
from lib.ui.raise_aside import at_home_part, contact_part, danger_part, similar_part
from lib.ui.services_parts import suggested_list
from lib.ui.session import chosen_beat

SENT, NONCE, CELL, ABOUT, FIRST = "raise_sent", "raise_nonce", "raise_cell", "raise_about", "raise_first"
"""`FIRST`: what is shown before the words are sent, a `Before`."""

MOST_CELLS = 2000
"""So many places a map offers at most; a larger beat gets a coarser grid."""


class Before(StrEnum):
    """Why a click on Send waits for a second one."""

    DANGER = "danger"
    AT_HOME = "at home"


class Where(StrEnum):
    """How somebody says where it is."""

    MAP = "map"
    ADDRESS = "address"
    BEAT = "beat"


WHERE_LABELS = {Where.MAP: "Point on the map", Where.ADDRESS: "Write the address", Where.BEAT: "Somewhere in the beat"}
KIND_LABELS = {
    PlaceKind.HOME: "At a home or another private place",
    PlaceKind.STREET: "On a street, in a park or another public place",
}


def emergency() -> None:
    """What comes before everything else."""
    number = reads.city().emergency_number
    st.html(
        f'<p class="cn-emergency" role="note"><b>In an emergency call '
        f'<a href="tel:{escape(number)}">{escape(number)}</a>.</b> Nobody watches this page around the clock.</p>'
    )


def thanks(sent: Reported) -> None:
    """What the reporter has to keep, in big type."""
    link = f"{settings().address}/follow/{sent.follow_secret}"
    with card("raised", height="content"):
        st.header("Thank you, it is in", anchor=False)
        if sent.was_known:
            st.text("The same form was sent before; it counts once.")
        st.text("Keep this link. It shows what becomes of your concern, and only with it can you take it back:")
        st.html(f'<p class="cn-link"><a href="{escape(link)}">{escape(link)}</a></p>')
        st.code(link, language=None, wrap_lines=True)
        if sent.is_held:
            st.text(
                "A moderator reads your words before everybody can: something in them may name a person, find a home or "
                "put somebody in danger. The officers of the beat can read them now."
            )
        st.text(f"Your concern belongs to beat {sent.beat.label}. The officers of the beat read it and answer there.")
    category_key, text = st.session_state.get(ABOUT, ("", ""))
    suggested_list(category_key, text, sent.beat.code)
    with st.container(horizontal=True):
        page_link("See it among the others", "concerns", beat=sent.beat.code)
        st.button("Raise another concern", on_click=_begin_again)


def concern_form() -> None:
    """The form; what was typed stays when something has to be corrected."""
    st.session_state.setdefault(NONCE, fresh_nonce())
    left, right = st.columns([1, 1], gap="large")
    with left:
        chosen = _category_part()
        if chosen is not None and not chosen.is_public:
            contact_part(chosen.key)
            return
        st.text_area(
            "What happens?",
            key="raise_text",
            height=150,
            help=f"Up to {STORY_LENGTH:,} characters.",
            placeholder="In your own words",
        )
        st.caption("Everybody can read this. Please write no names, house numbers or phone numbers here.")
        st.selectbox(
            "How often?",
            [each.value for each in Frequency],
            index=None,
            format_func=frequency_words,
            placeholder="I cannot say",
            key="raise_frequency",
        )
        st.radio("What kind of place is it?", list(PlaceKind), format_func=KIND_LABELS.__getitem__, key="raise_kind")
        _photos_part()
    with right:
        _place_part()
        if chosen is not None:
            _similar(chosen)
    with st.container(width=720):
        st.text_input("How can the officers reach you, if you like?", key="raise_contact", max_chars=CONTACT_LENGTH)
        st.checkbox("Officers of the beat may see the exact place and how to reach me", key="raise_consent")
        st.caption("Neither is ever public, and each look is written down.")
    told("raise")
    if FIRST in st.session_state:
        _first(st.session_state[FIRST])
        put_focus()
    else:
        st.button("Send", type="primary", on_click=acting(_send, arguments=_given, key="raise"), width=240)


def _category_part() -> CategoryRow | None:
    """What it is about, and who takes care of it. Those that never become public come last."""
    known = {category.id: category for category in reads.categories()}
    order = sorted(known, key=lambda row: not known[row].is_public)
    st.pills("What is it about?", order, format_func=lambda row: known[row].name, key="raise_category", wrap=True)
    chosen = known.get(st.session_state.get("raise_category") or 0)
    if chosen is not None and chosen.is_public and chosen.responsible:
        st.caption(plain(f"Who is responsible: {chosen.responsible}"))
    return chosen


def _photos_part() -> None:
    """Photos for those who have some: Streamlit's field for files is hard to read aloud, so it waits to be asked for."""
    if not st.checkbox("Add photos", key="raise_has_photos"):
        return
    st.file_uploader(
        f"Up to {MOST_PHOTOS} photos",
        type=["jpg", "jpeg", "png", "webp"],
        accept_multiple_files=True,
        max_upload_size=LARGEST_UPLOAD // 1024**2,
        key="raise_photos",
    )
    st.caption("A moderator looks at them before anybody else. No faces, number plates or homes, please.")


def _similar(category: CategoryRow) -> None:
    """Others who raised the same, as far as it is told by now."""
    typed = st.session_state
    code = typed.get("raise_beat")
    if code:
        cell = str(typed.get(CELL) or "") if typed.get("raise_where", Where.MAP) == Where.MAP else ""
        kind = typed.get("raise_kind", PlaceKind.HOME)
        similar_part(category.key, _public(cell, PlaceKind(kind)) if cell else "", code, typed.get("raise_text", ""))


def _public(cell: str, kind: PlaceKind) -> str:
    """The cell that would be public: never finer than the kind of place allows."""
    return public_cell(
        *cell_centre(cell),
        kind,
        home_resolution=settings().home_cell_resolution,
        street_resolution=settings().street_cell_resolution,
    )


def _first(why: Before) -> None:
    """Whom to call where the button was that was just clicked, and the two ways on."""
    if why is Before.DANGER:
        danger_part()
        anyway = "It is not happening now: send it"
    else:
        at_home_part()
        anyway = "Send it all the same: a moderator reads it first"
    with st.container(horizontal=True):
        st.button(anyway, on_click=acting(_send_anyway, arguments=_given, key="raise"))
        st.button("Change what I wrote", on_click=lambda: st.session_state.pop(FIRST, None))


def _place_part() -> None:
    beats = {beat.code: beat for beat in reads.beats()}
    beat = chosen_beat()
    if beat is not None:
        st.session_state.setdefault("raise_beat", beat.code)
    code = st.selectbox(
        "Beat",
        list(beats),
        index=None,
        format_func=lambda each: beats[each].label,
        placeholder="Choose the beat",
        key="raise_beat",
        on_change=lambda: st.session_state.pop(CELL, None),
    )
    where = st.segmented_control(
        "Where is it?",
        list(Where),
        format_func=lambda each: WHERE_LABELS[Where(each)],
        default=Where.MAP,
        required=True,
        wrap=True,
        key="raise_where",
    )
    if where == Where.MAP and code is not None:
        _map(beats[code])
    elif where == Where.MAP:
        st.caption("Choose the beat first: its map appears here.")
    if where != Where.BEAT:
        st.text_input(
            "Street, corner or place" if where == Where.ADDRESS else "Where exactly, in words, if you like",
            key="raise_address",
            max_chars=LINE_LENGTH,
            help="Never public; for the officers of the beat only, and only if you agree below.",
        )


def _map(beat: BeatRow) -> None:
    outlines = reads.drawn_beats(reads.today())
    cell = st.session_state.get(CELL)
    height = 360 if maps.is_phone() else 400
    maps.clicked_place(
        maps.cell_map(
            beats=outlines,
            selected=beat.code,
            cells=_cells(beat.code),
            chosen=cell,
            view=maps.view_of(outlines, beat.code, width=360 if maps.is_phone() else 620, height=height),
            around=maps.drawn_around(),
        ),
        alt=f"Map of {beat.label} to click a place on. Instead you can write the address or leave it at the beat.",
        key=f"raise_map_{beat.code}",
        height=height,
        on_pick=lambda picked: st.session_state.update({CELL: picked}),
    )
    st.caption(
        "Chosen. Click again to move it; the public map shows an area of some streets, never the spot."
        if cell
        else "Click where it happens. The public map shows an area of some streets, never the spot."
    )


@st.cache_data(ttl=300, show_spinner=False, max_entries=64)
def _cells(code: str) -> list[str]:
    """The places that the map of a beat offers: public cells of a street, coarser where the beat is large."""
    outlines, resolution = reads.drawn_beats(reads.today()), settings().street_cell_resolution
    cells = maps.cells_in(outlines, code, resolution)
    while len(cells) > MOST_CELLS:
        resolution -= 1
        cells = maps.cells_in(outlines, code, resolution)
    return cells


def _given() -> dict[str, Any]:
    """The form as it stands at the click."""
    typed = st.session_state
    where, cell = typed.get("raise_where"), typed.get(CELL)
    return {
        "category_id": typed.get("raise_category"),
        "text": typed.get("raise_text", ""),
        "frequency": typed.get("raise_frequency") or "",
        "place": Place(
            point=cell_centre(cell) if where == Where.MAP and cell else None,
            address=typed.get("raise_address", "") if where != Where.BEAT else "",
            beat_code=typed.get("raise_beat") or "",
        ),
        "place_kind": PlaceKind(typed.get("raise_kind", PlaceKind.HOME)),
        "contact": typed.get("raise_contact", ""),
        "officers_may_see": bool(typed.get("raise_consent", False)),
        "photos": [upload.getvalue() for upload in typed.get("raise_photos") or []],
        "nonce": typed.get(NONCE),
    }


def _send(**given: Any) -> None:
    """Report once, however often the button is clicked. Words that tell of danger at this moment, or of violence at
    home, wait for a second click, below whom to call."""
    if is_urgent(given["text"]):
        st.session_state[FIRST] = Before.DANGER
    elif tells_of_home(given["text"]):
        st.session_state[FIRST] = Before.AT_HOME
        focus_next("[data-leave]")
    else:
        _send_anyway(**given)


def _send_anyway(**given: Any) -> None:
    if SENT not in st.session_state:
        st.session_state[SENT] = report_concern(**given)
        keys = {category.id: category.key for category in reads.categories()}
        st.session_state[ABOUT] = (keys.get(given["category_id"], ""), given["text"])
        concerns_picture.forget()


def _begin_again() -> None:
    for key in [key for key in st.session_state if str(key).startswith("raise_") and key != "raise_beat"]:
        del st.session_state[key]

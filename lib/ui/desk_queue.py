"""The officer's queue: open concerns of the own beats by age or support, some at a time, one of them open."""

from collections.abc import Collection, Sequence
from html import escape
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from lib.queries.desk import DeskConcern, DeskOrder, desk_concern, desk_concerns
from lib.queries.moderation import HeldPhoto, photos_of
from lib.queries.places import BeatRow
from lib.rules.concern_outcome import said_by
from lib.rules.concerns import frequency_words
from lib.rules.lifecycle import Role
from lib.rules.moderation import PhotoState
from lib.rules.rights import Actor, Right
from lib.rules.states import words
from lib.rules.text import counted
from lib.ui import concerns_picture, reads
from lib.ui.acting import told
from lib.ui.answer_parts import PLACE, answer_form, words_field
from lib.ui.concerns_parts import STATUS_PILLS, pictures
from lib.ui.desk_parts import for_holders
from lib.ui.focus import focus_next, put_focus
from lib.ui.parts import card, category_tile, empty_state, meta, pill
from lib.ui.session import BEAT, acting_person, choose_beat
from lib.ui.split_form import split_form

STEP, OPEN, PAGE = 10, "desk_open", "desk_page"
FIRST_OF_LIST = '[class*="st-key-open_"] button'
ORDER_LABELS = {DeskOrder.AGE: "Longest waiting", DeskOrder.SUPPORT: "Most “me too”"}


def own_beats(person: Actor) -> tuple[BeatRow, ...]:
    """The beats whose concerns the person may answer: an officer's postings; every beat for a coordinator."""
    if Role.COORDINATOR in person.roles:
        return reads.beats()
    return tuple(beat for beat in reads.beats() if beat.code in person.beats)


def beat_choice(beats: Sequence[BeatRow], chosen: BeatRow | None) -> tuple[str, ...]:
    """One of the beats, or all of them together; the codes that are meant."""
    if len(beats) == 1:
        st.html(meta(f"Beat {beats[0].label}"))
        st.session_state["desk_only_beat"] = beats[0].code
        return (beats[0].code,)
    labels = {"": "All my beats", **{beat.code: beat.label for beat in beats}}
    st.session_state["desk_beat"] = chosen.code if chosen in beats and chosen else ""
    code = st.selectbox(
        "Beat",
        list(labels),
        format_func=labels.__getitem__,
        key="desk_beat",
        on_change=_other_beat,
        width=320,
    )
    return (code,) if code else tuple(beat.code for beat in beats)


def place_words(beats: Sequence[BeatRow], codes: Sequence[str]) -> str:
    """The beat that is meant, or all of them together, as it is said; plain text."""
    meant = [beat for beat in beats if beat.code in codes]
    return meant[0].label if len(meant) == 1 else f"These {len(meant)} beats"


@st.fragment
@for_holders(Right.ANSWER_CONCERN)
def waiting_part() -> None:
    """What waits for an answer. The codes are asked again at each run: a posting may have ended meanwhile."""
    person = acting_person(Right.ANSWER_CONCERN)
    beats = own_beats(person)
    chosen = st.query_params.get(BEAT)
    codes = [beat.code for beat in beats if chosen in (None, "", beat.code)] or [beat.code for beat in beats]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("Open concerns", anchor=False, width="stretch")
        order = st.segmented_control(
            "Order",
            list(DeskOrder),
            format_func=lambda each: ORDER_LABELS[DeskOrder(each)],
            default=DeskOrder.AGE,
            required=True,
            key="desk_order",
            label_visibility="collapsed",
            on_change=_turn,
            args=(0,),
        )
    told("desk")
    sorting = DeskOrder(order or DeskOrder.AGE)
    page = int(st.session_state.setdefault(PAGE, 0))
    concerns, total = _page(codes, sorting, page, person)
    kept = _left_behind(codes, concerns, person)
    if total and not concerns:
        # The last page has been answered meanwhile.
        page = st.session_state[PAGE] = (total - 1) // STEP
        concerns, total = _page(codes, sorting, page, person)
    if kept is not None:
        _concern(kept, person, None, photos_of([kept.uuid]).get(kept.uuid, ()), is_first=False)
    if not total:
        if kept is not None:
            return
        empty_state("Every concern is answered and closed", "New ones appear here as soon as residents raise them.")
        return
    first = (
        "Those without any answer come first." if order != DeskOrder.SUPPORT else "Those with most support come first."
    )
    st.html(meta(f"{counted(total, 'open concern')}. {first}"))
    photos = photos_of([concern.uuid for concern in concerns])
    for at, concern in enumerate(concerns):
        following = concerns[at + 1].uuid if at + 1 < len(concerns) else None
        _concern(concern, person, following, photos.get(concern.uuid, ()), is_first=at == 0)
    _pager(page, total)
    put_focus()


def _page(codes: Sequence[str], order: DeskOrder, page: int, person: Actor) -> tuple[tuple[DeskConcern, ...], int]:
    return desk_concerns(codes, order=order, limit=STEP, offset=page * STEP, reader_beats=_reader_beats(person))


def _reader_beats(person: Actor) -> Collection[str]:
    """Words that are not public are for the officers who serve the beat, whoever else sees the desk."""
    return person.beats if Role.OFFICER in person.roles else ()


def _left_behind(codes: Sequence[str], shown: Sequence[DeskConcern], person: Actor) -> DeskConcern | None:
    """The concern whose form is open and that has left the page: somebody else answered it, so it stands further back
    or is closed. It stays until its officer has read that, with the words typed so far."""
    open_now = st.session_state.get(OPEN)
    if open_now is None or any(concern.uuid == open_now for concern in shown):
        return None
    return desk_concern(open_now, codes, reader_beats=_reader_beats(person))


def _concern(
    concern: DeskConcern, person: Actor, following: UUID | None, photos: Sequence[HeldPhoto], *, is_first: bool
) -> None:
    open_now = st.session_state.get(OPEN)
    with card(f"desk_{concern.uuid}", height="content"):
        st.html(_head(concern))
        if concern.unread:
            st.html(pill("warn", "Not public", "visibility_off"))
        st.text(concern.unread or concern.text or _without_words(concern))
        if photos:
            st.html(_photos(photos))
        if concern.last_answer:
            st.html(f'<p class="cn-answer"><b>{_label(concern)}:</b> {escape(concern.last_answer)}</p>')
        if open_now != concern.uuid:
            st.button(
                "Answer",
                key=f"open_{concern.uuid}",
                shortcut="a" if is_first and open_now is None else None,
                on_click=_open,
                args=(concern.uuid,),
            )
            return
        answer_form(concern, person, after=_close, after_next=lambda _answer: _open_next(following))
        if Role.OFFICER in person.roles and not concern.is_erased:
            with st.expander("Split it into two", icon=":material/call_split:"):
                split_form(concern, after=_close)
        st.button("Not now", key=f"close_{concern.uuid}", on_click=_leave, args=(concern.uuid,))


def _photos(photos: Sequence[HeldPhoto]) -> str:
    """What everybody sees, and how many nobody sees yet: officers see no held photo either."""
    waiting = sum(photo.state is PhotoState.HELD for photo in photos)
    said = f"{counted(waiting, 'photo waits', 'photos wait')} for a moderator" if waiting else ""
    return pictures([photo.uuid for photo in photos if photo.state is PhotoState.SHOWN]) + (meta(said) if said else "")


def _label(concern: DeskConcern) -> str:
    return "Last answer" if said_by(concern.last_answer) == "Officers" else "By rule"


def _without_words(concern: DeskConcern) -> str:
    if concern.is_erased:
        return "Its reporter took the words back; it still counts."
    return "Its words are not public yet. Officers of the beat read them."


def _pager(page: int, total: int) -> None:
    last = (total - 1) // STEP
    if not last:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Previous", disabled=page == 0, shortcut="p", on_click=_turn, args=(max(0, page - 1),))
        st.html(meta(f"Page {page + 1:,} of {last + 1:,}"))
        st.button("Next", disabled=page >= last, shortcut="n", on_click=_turn, args=(min(last, page + 1),))


def _turn(page: int) -> None:
    st.session_state[PAGE] = page
    st.session_state.pop(OPEN, None)
    st.session_state.pop(PLACE, None)
    focus_next(FIRST_OF_LIST)


def _other_beat() -> None:
    _turn(0)
    choose_beat(st.session_state["desk_beat"] or None)


def _open(concern_uuid: UUID) -> None:
    st.session_state.pop(PLACE, None)
    st.session_state[OPEN] = concern_uuid
    focus_next(words_field(concern_uuid))


def _close(_answer: object = None) -> None:
    """An exact place is forgotten with the form it was shown in; the keyboard goes on in the list."""
    st.session_state.pop(PLACE, None)
    st.session_state.pop(OPEN, None)
    concerns_picture.forget()
    focus_next(FIRST_OF_LIST)


def _leave(concern_uuid: UUID) -> None:
    _close()
    focus_next(f".st-key-open_{concern_uuid} button")


def _open_next(following: UUID | None) -> None:
    _close()
    if following is not None:
        _open(following)


def _head(concern: DeskConcern) -> str:
    raised = concern.reported_at.astimezone(ZoneInfo(reads.city().time_zone)).date()
    days = max(0, (reads.today() - raised).days)
    age = f"raised {counted(days, 'day')} ago" if days else "raised today"
    merged = f"{counted(concern.merged, 'other')} merged into it" if concern.merged else ""
    parts = [concern.beat, age, frequency_words(concern.frequency), f"{concern.supports:,} me too", merged]
    facts = " · ".join(part for part in parts if part)
    state = pill(STATUS_PILLS.get(concern.status, "quiet"), words(concern.status).capitalize())
    tile = category_tile(concern.icon, concern.colour)
    return (
        f'<div class="cn-head">{tile}<b>{escape(concern.category_name)}</b>{state}'
        f'<span class="cn-facts">{escape(facts)}</span></div>'
    )

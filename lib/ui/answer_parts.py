"""The officer's desk: open concerns of the own beats, answering them, and the pressures on the beat beside them."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from lib.queries.desk import DeskConcern, DeskOrder, desk_concerns
from lib.queries.incidents import CategoryCount
from lib.queries.places import BeatRow
from lib.rules.concerns import STATUS_SENTENCES, frequency_words
from lib.rules.lifecycle import CONCERN_MOVES, ConcernStatus, Role, next_states, words
from lib.rules.months import months_in_words
from lib.rules.rights import Actor, Right
from lib.rules.text import STORY_LENGTH, counted
from lib.services.answers import ExactPlace, answer_concern, see_exact_place
from lib.ui import concerns_picture, concerns_reads, reads
from lib.ui.acting import acting, told
from lib.ui.concerns_parts import STATUS_PILLS
from lib.ui.desk_parts import for_holders
from lib.ui.links import page_link
from lib.ui.parts import Column, Markup, bar, card, category_tile, empty_state, meta, pill, table
from lib.ui.session import BEAT, acting_person, actor, choose_beat

STEP, OPEN, PLACE, SHOWN = 10, "desk_open", "desk_place", "desk_shown"
ORDER_LABELS = {DeskOrder.AGE: "Longest waiting", DeskOrder.SUPPORT: "Most “me too”"}
LARGEST_CATEGORIES = 12


def own_beats(person: Actor) -> tuple[BeatRow, ...]:
    """The beats whose concerns the person may answer: an officer's postings; every beat for a coordinator."""
    if Role.COORDINATOR in person.roles:
        return reads.beats()
    return tuple(beat for beat in reads.beats() if beat.code in person.beats)


def beat_choice(beats: Sequence[BeatRow], chosen: BeatRow | None) -> tuple[str, ...]:
    """One of the beats, or all of them together; the codes that are meant."""
    if len(beats) == 1:
        st.html(meta(f"Beat {beats[0].label}"))
        return (beats[0].code,)
    labels = {"": "All my beats", **{beat.code: beat.label for beat in beats}}
    st.session_state["desk_beat"] = chosen.code if chosen in beats and chosen else ""
    code = st.selectbox(
        "Beat",
        list(labels),
        format_func=labels.__getitem__,
        key="desk_beat",
        on_change=lambda: choose_beat(st.session_state["desk_beat"] or None),
        width=320,
    )
    return (code,) if code else tuple(beat.code for beat in beats)


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
        )
    told("desk")
    limit = st.session_state.setdefault(SHOWN, STEP)
    concerns, total = desk_concerns(codes, order=DeskOrder(order or DeskOrder.AGE), limit=limit)
    if not concerns:
        empty_state("Every concern is answered and closed", "New ones appear here as soon as residents raise them.")
        return
    first = (
        "Those without any answer come first." if order != DeskOrder.SUPPORT else "Those with most support come first."
    )
    st.html(meta(f"{counted(total, 'open concern')}. {first}"))
    for concern in concerns:
        _concern(concern, concerns, person)
    if total > limit:
        st.button(f"Show more ({total - limit:,} left)", on_click=_show_more, args=(limit,))


def pressures_part(codes: Sequence[str]) -> None:
    """Recorded incidents of the last twelve complete months by category, as bars with their numbers."""
    st.header("The pressures on the beat", anchor=False)
    months = concerns_reads.recorded_months("365", reads.today())
    counts = concerns_reads.incidents_by_category(tuple(codes), months)
    total = sum(count.incidents for count in counts)
    if not total:
        empty_state("No incidents are recorded here", "The coordinator imports them from the city's own file.")
        return
    st.html(meta(f"{counted(total, 'recorded incident')}, {months_in_words(months)}; imported, never typed in."))
    st.html(_pressures_table(counts, len(months)))
    only = {BEAT: codes[0]} if len(codes) == 1 else {}
    page_link("Incidents and concerns on one map", "concerns", colour="incidents", days="365", **only)


def _concern(concern: DeskConcern, others: Sequence[DeskConcern], person: Actor) -> None:
    is_open = st.session_state.get(OPEN) == concern.uuid
    with card(f"desk_{concern.uuid}", height="content"):
        st.html(_head(concern))
        st.text(concern.text or "Its reporter took the words back; it still counts.")
        if concern.last_answer:
            st.html(f'<p class="cn-answer"><b>Last answer:</b> {escape(concern.last_answer)}</p>')
        if not is_open:
            st.button("Answer", key=f"open_{concern.uuid}", on_click=_open, args=(concern.uuid,))
        else:
            _answer_form(concern, others, person)


def _answer_form(concern: DeskConcern, others: Sequence[DeskConcern], person: Actor) -> None:
    """Status, words, and where the reporter agreed the exact place."""
    _exact_place(concern)
    moves = next_states(CONCERN_MOVES, concern.status, roles=person.roles, side=person.side)
    options = [concern.status, *moves]
    key = f"answer_{concern.uuid}"
    status = st.selectbox(
        "Status",
        options,
        index=1 if concern.status is ConcernStatus.NEW and moves else 0,
        format_func=lambda each: f"{words(each).capitalize()}: {STATUS_SENTENCES[each]}",
        key=f"{key}_status",
    )
    if status is ConcernStatus.DUPLICATE:
        labels = {
            each.uuid: each.text[:90] for each in others if each.uuid != concern.uuid and each.beat == concern.beat
        }
        st.selectbox("Of which concern?", list(labels), format_func=labels.__getitem__, index=None, key=f"{key}_of")
    st.text_area("What everybody can read", key=f"{key}_text", height=110, help=f"Up to {STORY_LENGTH:,} characters.")
    with st.container(horizontal=True):
        st.button(
            "Send the answer",
            type="primary",
            key=f"{key}_send",
            on_click=acting(
                answer_concern,
                arguments=lambda: _given(concern.uuid),
                done="Your answer is out. Whoever raised it sees it behind the follow link.",
                key="desk",
                after=_close,
            ),
        )
        st.button("Not now", key=f"{key}_close", on_click=_close)


def _exact_place(concern: DeskConcern) -> None:
    shown: dict[UUID, ExactPlace] = st.session_state.get(PLACE, {})
    place = shown.get(concern.uuid)
    if place is not None:
        point = f"{place.point.latitude:.5f}, {place.point.longitude:.5f}" if place.point else ""
        for label, value in (("Point", point), ("Address", place.address), ("Contact", place.contact)):
            if value:
                st.text(f"{label}: {value}")
    elif concern.may_see_place:
        st.button(
            "Show the exact place",
            icon=":material/visibility:",
            help="The reporter agreed. Each look is written into the log.",
            key=f"place_{concern.uuid}",
            on_click=acting(
                see_exact_place,
                arguments=lambda: {"actor": actor(), "concern_uuid": concern.uuid},
                key="desk",
                after=lambda seen: st.session_state.update({PLACE: {concern.uuid: seen}}),
            ),
        )


def _given(concern_uuid: UUID) -> Mapping[str, Any]:
    key, typed = f"answer_{concern_uuid}", st.session_state
    return {
        "actor": actor(),
        "concern_uuid": concern_uuid,
        "status": typed[f"{key}_status"],
        "text": typed[f"{key}_text"],
        "duplicate_of": typed.get(f"{key}_of"),
    }


def _open(concern_uuid: UUID) -> None:
    st.session_state.pop(PLACE, None)
    st.session_state[OPEN] = concern_uuid


def _close(_answer: object = None) -> None:
    """An exact place is forgotten with the form it was shown in."""
    st.session_state.pop(PLACE, None)
    st.session_state.pop(OPEN, None)
    concerns_picture.forget()


def _show_more(limit: int) -> None:
    st.session_state[SHOWN] = limit + 2 * STEP


def _head(concern: DeskConcern) -> str:
    raised = concern.reported_at.astimezone(ZoneInfo(reads.city().time_zone)).date()
    days = max(0, (reads.today() - raised).days)
    age = f"raised {counted(days, 'day')} ago" if days else "raised today"
    parts = [concern.beat, age, frequency_words(concern.frequency), f"{concern.supports:,} me too"]
    facts = " · ".join(part for part in parts if part)
    state = pill(STATUS_PILLS.get(concern.status, "quiet"), words(concern.status).capitalize())
    tile = category_tile(concern.icon, concern.colour)
    return (
        f'<div class="cn-head">{tile}<b>{escape(concern.category_name)}</b>{state}'
        f'<span class="cn-facts">{escape(facts)}</span></div>'
    )


def _pressures_table(counts: Sequence[CategoryCount], months: int) -> str:
    shown = counts[:LARGEST_CATEGORIES]
    rest = sum(count.incidents for count in counts[LARGEST_CATEGORIES:])
    largest = shown[0].incidents
    rows: list[tuple[str, Markup, int, str]] = [
        (count.category, Markup(bar(count.incidents / largest)), count.incidents, f"{count.incidents / months:,.1f}")
        for count in shown
    ]
    if rest:
        name = f"{counted(len(counts) - len(shown), 'other category', 'other categories')}"
        rows.append((name, Markup(bar(min(1.0, rest / largest), "#76869C")), rest, f"{rest / months:,.1f}"))
    total = sum(count.incidents for count in counts)
    return table(
        "Recorded incidents by category",
        [
            Column("Category"),
            Column("Share"),
            Column("12 months" if months == 12 else "All", True),
            Column("A month", True),
        ],
        rows,
        total=("All", Markup(""), total, f"{total / months:,.1f}"),
        hide_caption=True,
    )

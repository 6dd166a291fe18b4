"""Answering one concern on the desk: status, words, whom it goes to, and where the reporter agreed the exact place."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from lib.queries.concern_line import AnswerRow
from lib.queries.desk import DeskConcern, DeskStory, MergeChoice, answer_templates, desk_story, merge_choices
from lib.rules.concerns import STATUS_SENTENCES
from lib.rules.lifecycle import CONCERN_MOVES, ConcernStatus
from lib.rules.months import day_in_words
from lib.rules.moves import next_states
from lib.rules.rights import Actor
from lib.rules.states import words
from lib.rules.text import STORY_LENGTH, clipped
from lib.services.answers import ExactPlace, answer_concern, see_exact_place
from lib.ui import goals_reads, reads
from lib.ui.acting import acting
from lib.ui.services_parts import helping_part
from lib.ui.session import actor

PLACE = "desk_place"
DONE = "Your answer is out. Whoever raised it sees it behind the follow link."
TAKEN_OUT = "It is a concern of its own again, with its supports; its story says so."


def answer_form(
    concern: DeskConcern, person: Actor, *, after: Callable[[object], None], after_next: Callable[[object], None]
) -> None:
    """Status, what it needs, a template, the words; then on to the next one, or back to the list.

    The words and the buttons are a form: on the keyboard Ctrl and Enter send them from within the field.
    """
    story = desk_story(concern.uuid)
    _exact_place(concern)
    if story.answers:
        with st.expander(f"What was said so far ({len(story.answers)})", icon=":material/history:"):
            st.html(story_list(story.answers))
    helping_part(concern.category, concern.text, concern.beat)
    key = f"answer_{concern.uuid}"
    options = [concern.status, *next_states(CONCERN_MOVES, concern.status, roles=person.roles, side=person.side)]
    chosen, begun = st.columns([1.3, 1], gap="small")
    with chosen:
        status = st.selectbox(
            "Status",
            options,
            index=1 if concern.status is ConcernStatus.NEW and len(options) > 1 else 0,
            format_func=lambda each: f"{words(each).capitalize()}: {STATUS_SENTENCES[each]}",
            key=f"{key}_status",
        )
    with begun:
        _template_choice(key, options)
    if status is ConcernStatus.DUPLICATE:
        _merge_choice(concern, key)
    if status is ConcernStatus.REFERRED:
        partners = {partner.id: partner for partner in goals_reads.all_partners()}
        st.selectbox(
            "Passed on to",
            list(partners),
            format_func=lambda row: " · ".join(part for part in (partners[row].name, partners[row].phone) if part),
            index=None,
            key=f"{key}_partner",
        )
    with st.form(f"{key}_form", border=False):
        st.text_area(
            "What everybody can read",
            key=f"{key}_text",
            height=110,
            help=f"Up to {STORY_LENGTH:,} characters. Ctrl and Enter answer and open the next one.",
        )
        with st.container(horizontal=True):
            _send("Answer and next", concern, after_next, is_main=True)
            _send("Send the answer", concern, after)
    _merged(story, after)


def words_field(concern_uuid: UUID) -> str:
    """A CSS selector of the field for the answer's words."""
    return f".st-key-answer_{concern_uuid}_text textarea"


def _send(label: str, concern: DeskConcern, after: Callable[[object], None], *, is_main: bool = False) -> None:
    st.form_submit_button(
        label,
        type="primary" if is_main else "secondary",
        key=f"{label}_{concern.uuid}",
        on_click=acting(answer_concern, arguments=lambda: _given(concern), done=DONE, key="desk", after=after),
    )


def _template_choice(key: str, options: Sequence[ConcernStatus]) -> None:
    """Choose words to begin with; they fill the field, and set the status where it can be reached."""
    templates = {template.id: template for template in answer_templates()}
    if not templates:
        return

    def fill() -> None:
        template = templates.get(st.session_state[f"{key}_template"])
        if template is not None:
            st.session_state[f"{key}_text"] = template.text
            if template.status in options:
                st.session_state[f"{key}_status"] = template.status

    st.selectbox(
        "Begin with a template",
        list(templates),
        format_func=lambda row: templates[row].name,
        index=None,
        key=f"{key}_template",
        on_change=fill,
    )


def _merge_choice(concern: DeskConcern, key: str) -> None:
    choices = {choice.uuid: choice for choice in merge_choices(concern.uuid)}
    st.selectbox(
        "Merge it into which concern? Its supports count there, and its link leads there.",
        list(choices),
        format_func=lambda uuid: _choice_words(choices[uuid]),
        index=None,
        key=f"{key}_of",
    )


def _choice_words(choice: MergeChoice) -> str:
    raised = day_in_words(choice.reported_at.astimezone(ZoneInfo(reads.city().time_zone)).date())
    said = clipped(" ".join(choice.text.split()), 90) or "its words are not public"
    return f"{choice.category_name} · {raised} · {words(choice.status)}: {said}"


def _merged(story: DeskStory, after: Callable[[object], None]) -> None:
    """What was merged into it, each with the way out."""
    if not story.merged:
        return
    st.html("<p><b>Merged into it</b></p>")
    for merged in story.merged:
        left, right = st.columns([4, 1], vertical_alignment="center")
        with left:
            st.text(merged.text or "Its words are not public.")
        with right:
            st.button(
                "Take out",
                key=f"out_{merged.uuid}",
                help="It becomes a concern of its own again, to be investigated.",
                on_click=acting(
                    answer_concern,
                    arguments=_taking_out(merged.uuid),
                    done=TAKEN_OUT,
                    key="desk",
                    after=after,
                ),
            )


def _taking_out(concern_uuid: UUID) -> Callable[[], Mapping[str, Any]]:
    return lambda: {
        "actor": actor(),
        "concern_uuid": concern_uuid,
        "status": ConcernStatus.INVESTIGATING,
        "text": "It is about something else than the concern that it was merged into.",
    }


def story_list(answers: Sequence[AnswerRow]) -> str:
    """Steps of a story, the oldest first."""
    zone = ZoneInfo(reads.city().time_zone)
    items = []
    for answer in answers:
        on = day_in_words(answer.answered_at.astimezone(zone).date())
        head = f"{on} · {words(answer.status).capitalize()} · {answer.by or 'by rule'}"
        if answer.partner:
            head += " · " + ", ".join(part for part in (answer.partner, answer.phone) if part)
        if answer.other is not None:
            head += " · another concern is part of this step"
        items.append(f'<li><p class="cn-facts">{escape(head)}</p><p class="cn-said">{escape(answer.text)}</p></li>')
    return f'<ol class="cn-story">{"".join(items)}</ol>'


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


def _given(concern: DeskConcern) -> Mapping[str, Any]:
    key, typed = f"answer_{concern.uuid}", st.session_state
    return {
        "actor": actor(),
        "concern_uuid": concern.uuid,
        "seen": concern.status,
        "status": typed[f"{key}_status"],
        "text": typed[f"{key}_text"],
        "duplicate_of": typed.get(f"{key}_of"),
        "partner_id": typed.get(f"{key}_partner"),
    }

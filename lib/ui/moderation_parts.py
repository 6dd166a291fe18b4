"""The moderator's page: words and photos that wait, with what was found marked, and what was decided lately."""

from collections.abc import Mapping
from html import escape
from typing import Any
from uuid import UUID

import streamlit as st

from lib.queries.moderation import (
    HeldPhoto,
    Moderated,
    moderated_concern,
    moderated_concerns,
    waiting_for_moderator,
)
from lib.queries.personal import personal_in
from lib.rules.moderation import (
    FINDING_WORDS,
    MARK,
    REASON_WORDS,
    USUAL_REASON,
    WORDS_REASONS,
    Finding,
    PhotoState,
    Reason,
    TextState,
)
from lib.rules.months import day_in_words
from lib.rules.personal import Found, without
from lib.rules.rights import Right, require_moderator
from lib.rules.text import STORY_LENGTH, counted, listed
from lib.services.moderation import redact_words, show_photo, show_words, withhold_photo, withhold_words
from lib.ui import concerns_picture, reads
from lib.ui.acting import acting, told
from lib.ui.addresses import uuid_in_address
from lib.ui.boundary import explained
from lib.ui.desk_parts import for_holders
from lib.ui.focus import focus_next, put_focus
from lib.ui.goals_parts import local_day
from lib.ui.parts import Kind, card, category_tile, empty_state, meta, pill
from lib.ui.session import actor

STEP, SHOWN = 10, "moderation_shown"

STATE_PILLS: Mapping[TextState, tuple[Kind, str]] = {
    TextState.SHOWN: ("open", "Public as it came"),
    TextState.HELD: ("warn", "Waits for you"),
    TextState.REDACTED: ("info", "Redacted"),
    TextState.WITHHELD: ("closed", "Withheld"),
}


@st.fragment
@for_holders(Right.MODERATE)
def queue_part() -> None:
    """What waits, the oldest first; above it the one concern that a link asked for."""
    require_moderator(actor())
    told("moderation")
    asked = uuid_in_address("concern")
    if asked is not None:
        with explained():
            st.header("The concern that you came for", anchor=False)
            _concern(moderated_concern(asked), "asked")
    limit = st.session_state.setdefault(SHOWN, STEP)
    waiting, total = waiting_for_moderator(limit=limit)
    st.header("Waiting", anchor=False)
    if not waiting:
        empty_state(
            "Nothing waits", "Words that may name somebody, and every photo, come here before anybody sees them."
        )
    else:
        st.html(
            meta(
                f"{counted(total, 'concern')}, the longest waiting first. Words that wait are read by the officers of the "
                "beat only, photos that wait by nobody."
            )
        )
    turn = [concern for concern in waiting if concern.uuid != asked]
    for at, concern in enumerate(turn):
        _concern(concern, "waiting", turn[at + 1].uuid if at + 1 < len(turn) else None)
    if total > limit:
        st.button(
            f"Show more ({total - limit:,} left)", on_click=st.session_state.update, args=({SHOWN: limit + STEP},)
        )
    decided = [each for each in moderated_concerns() if each.uuid != asked and not _waits(each)]
    if decided:
        st.header("Decided lately", anchor=False)
        st.html(meta("Everything can be decided anew, as long as its reporter has not erased it."))
    for concern in decided:
        _concern(concern, "decided")
    put_focus()


def _waits(concern: Moderated) -> bool:
    return concern.text_state is TextState.HELD or any(photo.state is PhotoState.HELD for photo in concern.photos)


def _go_on(concern: Moderated, following: UUID | None) -> None:
    """The keyboard goes on where the next decision is: in the same card while more of it waits, then in the next."""
    waits = (concern.text_state is TextState.HELD) + sum(photo.state is PhotoState.HELD for photo in concern.photos)
    onward = concern.uuid if waits > 1 else following
    card_of = f".st-key-card_moderated_{onward}" if onward else '[class*="st-key-card_moderated_"]'
    focus_next(f"{card_of} [data-testid=stButton] button")


def _concern(concern: Moderated, where: str, following: UUID | None = None) -> None:
    found = personal_in(concern.original)
    with card(f"moderated_{concern.uuid}", height="content"):
        st.html(_head(concern))
        st.html(f'<p class="cn-said">{marked(concern.original, found)}</p>')
        if concern.text_state is TextState.REDACTED:
            st.html(f'<p class="cn-answer"><b>Everybody reads:</b> {escape(concern.public)}</p>')
        if concern.reason is not None:
            st.html(meta(REASON_WORDS[concern.reason]))
        if where == "waiting" and concern.text_state is not TextState.HELD:
            st.html(meta("The words are public; only the photos wait."))
        elif where == "decided":
            with st.expander("Decide anew"):
                _words_form(concern, found, following)
        else:
            _words_form(concern, found, following)
        _photos(concern, following)


def _words_form(concern: Moderated, found: tuple[Found, ...], following: UUID | None) -> None:
    """One decision about the words."""
    key = f"words_{concern.uuid}"
    reasons = [reason for reason in Reason if reason in WORDS_REASONS]
    usual = USUAL_REASON[found[0].kind] if found else None
    st.selectbox(
        "Reason, if something is kept back",
        reasons,
        index=reasons.index(usual) if usual else None,
        format_func=REASON_WORDS.__getitem__,
        placeholder="Choose why",
        key=f"{key}_reason",
        width=460,
    )
    with st.container(horizontal=True):
        if found:
            _button(
                "Take out what is marked",
                redact_words,
                concern,
                following,
                kind="primary",
                text=without(concern.original, found),
                reason=f"{key}_reason",
            )
        if concern.text_state is not TextState.SHOWN:
            _button("Show as it is", show_words, concern, following)
        _button("Withhold", withhold_words, concern, following, reason=f"{key}_reason")
    with st.expander("Take out by hand"):
        st.text_area(
            f"What everybody reads: write {MARK} in place of what you take out, and change nothing else",
            concern.public or without(concern.original, found),
            key=f"{key}_text",
            height=120,
            max_chars=STORY_LENGTH,
        )
        _button("Publish it so", redact_words, concern, following, typed=f"{key}_text", reason=f"{key}_reason")


def _button(
    label: str,
    intention: Any,
    concern: Moderated,
    following: UUID | None,
    *,
    kind: str = "secondary",
    text: str = "",
    typed: str = "",
    reason: str = "",
) -> None:
    """A decision; `typed` and `reason` name the widgets that are read at the click."""

    def given() -> dict[str, Any]:
        arguments: dict[str, Any] = {"actor": actor(), "concern_uuid": concern.uuid}
        if reason:
            arguments["reason"] = st.session_state.get(reason)
        if text or typed:
            arguments["text"] = st.session_state.get(typed, "") if typed else text
        return arguments

    def decided(_none: object) -> None:
        concerns_picture.forget()
        _go_on(concern, following)

    st.button(
        label,
        type="primary" if kind == "primary" else "secondary",
        key=f"{label}_{concern.uuid}",
        on_click=acting(
            intention,
            arguments=given,
            done="Decided. The public log says so, without the words.",
            key="moderation",
            after=decided,
        ),
    )


def _photos(concern: Moderated, following: UUID | None) -> None:
    """Each photo that is not gone, with its two decisions."""
    standing = [photo for photo in concern.photos if photo.state is not PhotoState.WITHHELD]
    for number, photo in enumerate(standing, start=1):
        address = f"/concerns/photos/{photo.uuid}.jpg"
        st.html(f'<img class="cn-photo" src="{address}" alt="Photo {number} of {len(standing)}" loading="lazy">')
        is_held = photo.state is PhotoState.HELD
        st.html(pill("warn", "Held") if is_held else pill("open", "Public"))
        reasons = list(Reason)
        st.selectbox(
            f"Reason to withhold photo {number}",
            reasons,
            index=reasons.index(Reason.SHOWS_A_PERSON),
            format_func=REASON_WORDS.__getitem__,
            key=f"photo_{photo.uuid}_reason",
            width=460,
        )
        with st.container(horizontal=True):
            if is_held:
                _photo_button(f"Show photo {number}", show_photo, photo, concern, following)
            _photo_button(
                f"Withhold and delete photo {number}", withhold_photo, photo, concern, following, with_reason=True
            )
    gone = len(concern.photos) - len(standing)
    if gone:
        st.html(meta(f"{counted(gone, 'photo')} withheld and deleted."))


def _photo_button(
    label: str,
    intention: Any,
    photo: HeldPhoto,
    concern: Moderated,
    following: UUID | None,
    *,
    with_reason: bool = False,
) -> None:
    def given() -> dict[str, Any]:
        more = {"reason": st.session_state.get(f"photo_{photo.uuid}_reason")} if with_reason else {}
        return {"actor": actor(), "photo_uuid": photo.uuid, **more}

    st.button(
        label,
        key=f"{label}_{photo.uuid}",
        on_click=acting(
            intention,
            arguments=given,
            done="Decided.",
            key="moderation",
            after=lambda _none: _go_on(concern, following),
        ),
    )


def marked(text: str, found: tuple[Found, ...]) -> str:
    """The text with what was found in it marked, and said for those who do not see the colour; escaped."""
    parts, at = [], 0
    for each in found:
        words = escape(text[each.start : each.end])
        parts += [escape(text[at : each.start]), f'<mark title="{FINDING_WORDS[each.kind]}">{words}</mark>']
        at = each.end
    return "".join([*parts, escape(text[at:])])


def _head(concern: Moderated) -> str:
    kind, label = STATE_PILLS[concern.text_state]
    said = listed([FINDING_WORDS[Finding(each)] for each in concern.findings])
    day = day_in_words(local_day(concern.reported_at, reads.city().time_zone))
    facts = " · ".join(part for part in (concern.beat, day, f"may hold {said}" if said else "") if part)
    return (
        f'<div class="cn-head">{category_tile(concern.icon, concern.colour)}<b>{escape(concern.category_name)}</b>'
        f'{pill(kind, label)}<span class="cn-facts">{escape(facts)}</span></div>'
    )


def moderate_address(concern_uuid: UUID) -> str:
    """Where a moderator decides about one concern."""
    return f"/moderation?concern={concern_uuid}"

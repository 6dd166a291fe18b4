"""Showing what was done for a commitment, and taking it back with a reason."""

from typing import Any
from uuid import UUID

import streamlit as st

from lib.queries.goal_story import CommitmentRow, GoalStory
from lib.queries.goal_voices import EvidenceRow, GoalVoices
from lib.rules.goals import EvidenceKind
from lib.rules.lifecycle import CommitmentState, Role
from lib.rules.rights import Actor, Right, may
from lib.rules.text import LINE_LENGTH, clipped
from lib.services import commitment_evidence
from lib.ui.acting import acting
from lib.ui.changes import WORK, changed
from lib.ui.session import actor

_KINDS = {EvidenceKind.TEXT: "Words", EvidenceKind.LINK: "A link", EvidenceKind.PHOTO: "A photo"}


def may_show_evidence(person: Actor, story: GoalStory) -> bool:
    """Whether there is a commitment that was taken on, and this person may show something for it."""
    return may(person, Right.SHOW_EVIDENCE) and bool(_taken_on(story))


def evidence_form(person: Actor, story: GoalStory, voices: GoalVoices) -> None:
    """One thing that shows what was done; below it, what this person may take back."""
    row = story.card.id
    promised = st.selectbox("Commitment", _taken_on(story), format_func=_named, key=f"evidence_commitment_{row}")
    kind = st.radio(
        "What do you show?", list(_KINDS), format_func=_KINDS.__getitem__, key=f"evidence_kind_{row}", horizontal=True
    )
    if kind is EvidenceKind.LINK:
        st.text_input("Address of the page (https://…)", key=f"evidence_link_{row}", max_chars=500)
    if kind is EvidenceKind.PHOTO:
        st.file_uploader(
            "Photo, at most 5 MB. Its place, time and camera are removed.",
            type=["jpg", "jpeg", "png", "webp"],
            key=f"evidence_photo_{row}",
        )
        st.caption("Show no faces and no number plates: everybody can see this.")
    st.text_input("What there is to see, in words", key=f"evidence_text_{row}", max_chars=LINE_LENGTH)
    st.button(
        "Show it",
        on_click=acting(
            commitment_evidence.add_evidence,
            arguments=lambda: {
                "actor": actor(),
                "commitment_id": promised.id,
                "kind": st.session_state[f"evidence_kind_{row}"],
                "text": st.session_state[f"evidence_text_{row}"],
                "link": st.session_state.get(f"evidence_link_{row}", ""),
                "photo": _photo(st.session_state.get(f"evidence_photo_{row}")),
            },
            done="It stands below the commitment, for everybody to see.",
            key=WORK,
            after=changed,
        ),
    )
    _take_back(person, story, voices)


def _take_back(person: Actor, story: GoalStory, voices: GoalVoices) -> None:
    own = {each.uuid: each for each in voices.evidence if _may_take_back(person, each)}
    if not own:
        return
    row = story.card.id

    def in_words(uuid: UUID) -> str:
        return clipped(f"{own[uuid].text} ({own[uuid].by})", 100)

    with st.expander("Take something back", icon=":material/undo:"):
        st.selectbox("What was shown", list(own), format_func=in_words, key=f"evidence_gone_{row}")
        st.text_input("Why? Everybody can read this.", key=f"evidence_reason_{row}", max_chars=LINE_LENGTH)
        st.button(
            "Take it back",
            on_click=acting(
                commitment_evidence.withdraw_evidence,
                arguments=lambda: {
                    "actor": actor(),
                    "evidence_uuid": st.session_state[f"evidence_gone_{row}"],
                    "reason": st.session_state[f"evidence_reason_{row}"],
                },
                done="It is taken back; the reason stands in its place.",
                key=WORK,
                after=changed,
            ),
        )


def _may_take_back(person: Actor, row: EvidenceRow) -> bool:
    return not row.withdrawn_reason and (Role.FACILITATOR in person.roles or row.side is person.side)


def _taken_on(story: GoalStory) -> list[CommitmentRow]:
    return [each for each in story.commitments if each.state is not CommitmentState.OFFERED]


def _named(commitment: CommitmentRow) -> str:
    return f"{commitment.deliverable} ({commitment.party.value})"


def _photo(upload: Any) -> bytes:
    return bytes(upload.getvalue()) if upload is not None else b""

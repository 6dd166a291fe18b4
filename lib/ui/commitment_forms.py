"""What the two sides do with commitments: offer them, take them on, and say what became of the other side's."""

from datetime import timedelta

import streamlit as st

from lib.queries.goal_story import CommitmentRow, GoalStory
from lib.rules.lifecycle import CommitmentState, Party, Role, Side, may_move_commitment
from lib.rules.rights import Actor, Right, may
from lib.rules.text import counted
from lib.services import commitments
from lib.ui import goals_reads, reads
from lib.ui.acting import acting
from lib.ui.changes import WORK, changed
from lib.ui.session import actor

_SETTLING = {
    CommitmentState.ACCEPTED: "We take this on",
    CommitmentState.KEPT: "It was kept",
    CommitmentState.BROKEN: "It was not kept",
    CommitmentState.RELEASED: "Let it go",
}


def offer_form(person: Actor, story: GoalStory) -> None:
    """Offering a commitment for one's own side or for a partner."""
    speaks = person.side is not Side.NEITHER and person.roles & {Role.OFFICER, Role.FACILITATOR}
    partners = {partner.id: partner.name for partner in goals_reads.all_partners()}
    parties = [*([Party(person.side.value)] if speaks else []), *([Party.PARTNER] if partners else [])]
    if not parties:
        st.text("The directory holds no partner yet; one is added on the page Admin.")
        return
    party = st.radio("Who commits", parties, format_func=_party, key=f"offer_party_{story.card.id}", horizontal=True)
    if party is Party.PARTNER:
        st.selectbox("Partner", list(partners), format_func=partners.__getitem__, key=f"offer_partner_{story.card.id}")
    st.text_input("What will be done", key=f"offer_deliverable_{story.card.id}", max_chars=300)
    st.text_input("Who does it", key=f"offer_owner_{story.card.id}", max_chars=120)
    st.text_input("Done means (may stay empty)", key=f"offer_means_{story.card.id}", max_chars=300)
    st.date_input("By", reads.today() + timedelta(days=60), key=f"offer_due_{story.card.id}", format="YYYY-MM-DD")
    st.button(
        "Offer",
        on_click=acting(
            commitments.offer_commitment,
            arguments=lambda: {
                "actor": actor(),
                "goal_uuid": story.card.uuid,
                "party": st.session_state[f"offer_party_{story.card.id}"],
                "partner_id": st.session_state.get(f"offer_partner_{story.card.id}"),
                "owner": st.session_state[f"offer_owner_{story.card.id}"],
                "deliverable": st.session_state[f"offer_deliverable_{story.card.id}"],
                "done_means": st.session_state[f"offer_means_{story.card.id}"],
                "due_on": st.session_state[f"offer_due_{story.card.id}"],
            },
            done="The offer stands on this page. It counts once it is accepted.",
            key=WORK,
            after=changed,
        ),
    )


def settle_form(person: Actor, story: GoalStory) -> None:
    """Accepting one's own side's commitments, and saying what became of the other's."""
    waiting = [each for each in story.commitments if settling_moves(person, each)]
    chosen = st.selectbox("Commitment", waiting, format_func=_named, key=f"settle_commitment_{story.card.id}")
    moves = settling_moves(person, chosen)
    st.radio(
        "What became of it",
        moves,
        format_func=_SETTLING.__getitem__,
        key=f"settle_move_{story.card.id}",
        horizontal=True,
    )
    st.text_input("Note or reason, for everybody to read", key=f"settle_note_{story.card.id}", max_chars=300)
    st.button(
        "Say so",
        on_click=acting(
            _settle,
            arguments=lambda: {
                "actor": actor(),
                "commitment_id": chosen.id,
                "move": st.session_state[f"settle_move_{story.card.id}"],
                "note": st.session_state[f"settle_note_{story.card.id}"],
            },
            done="Noted, with your name and today’s date.",
            key=WORK,
            after=changed,
        ),
    )


def settling_moves(person: Actor, commitment: CommitmentRow) -> list[CommitmentState]:
    """What this person may say of a commitment."""
    return [
        move
        for move in _SETTLING
        if may(person, Right.SETTLE_COMMITMENT)
        and may_move_commitment(commitment.state, move, party=commitment.party, roles=person.roles, side=person.side)
        and not (
            move in (CommitmentState.KEPT, CommitmentState.BROKEN)
            and person.side.value not in {side.value for side in commitment.waits_for}
        )
    ]


def _settle(*, actor: Actor, commitment_id: int, move: CommitmentState, note: str) -> None:
    if move is CommitmentState.ACCEPTED:
        commitments.accept_commitment(actor=actor, commitment_id=commitment_id)
    elif move is CommitmentState.RELEASED:
        commitments.release_commitment(actor=actor, commitment_id=commitment_id, reason=note)
    elif move is CommitmentState.KEPT or move is CommitmentState.BROKEN:
        commitments.countersign_commitment(actor=actor, commitment_id=commitment_id, verdict=move, note=note)


def _party(party: Party) -> str:
    return {Party.RESIDENTS: "Residents", Party.OFFICERS: "Officers", Party.PARTNER: "A partner"}[party]


def _named(commitment: CommitmentRow) -> str:
    overdue = commitment.days_overdue(reads.today())
    late = f", overdue by {counted(overdue, 'day')}" if overdue else ""
    return f"{commitment.deliverable} ({_party(commitment.party).lower()}, due {commitment.due_on:%-d %b %Y}{late})"

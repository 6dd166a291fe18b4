"""The ballot on a shared screen: a station computer or a kiosk in the hall. Phones use the plain ballot pages.

The code that was typed lives in its own input and nowhere else; after casting the input is emptied for the next person.
"""

from datetime import datetime

import streamlit as st

from lib.queries.voting import RoundRow, open_rounds
from lib.rules.voting import Channel
from lib.services.admission import Admission, admit_pass
from lib.services.casting import Receipt, cast_ballot, fresh_nonce
from lib.ui.acting import acting, told
from lib.ui.parts import card, empty_state, plain

CODE, FORM, RECEIPT = "vote_code", "vote_form", "vote_receipt"


def code_input() -> str:
    """Where the code of a slip is typed; forgiving with case, spaces and look-alike signs."""
    return st.text_input(
        "Code on your slip",
        key=CODE,
        max_chars=60,
        placeholder="XXXX-XXXX-XXXX-XXXX",
        on_change=_next_form,
        help="16 letters and digits. Spaces and hyphens do not matter.",
    )


def receipt() -> None:
    """What the person who has just voted may take along, until the next code is typed."""
    kept: Receipt | None = st.session_state.get(RECEIPT)
    if kept is None:
        return
    with card("receipt"):
        st.header("Your ballot is in", anchor=False)
        if kept.tracker:
            st.text("Your tracker, to find your ballot in the published list:")
            st.code(kept.tracker, language=None)
        st.text("You can change your vote with the same code until the round closes.")
        st.button("Next person", type="primary", on_click=_next_person)


def ballot(admission: Admission, now: datetime) -> None:
    """The open round of the pass's meeting as a ballot."""
    rounds = open_rounds(admission.meeting_id, now=now)
    if not rounds:
        empty_state("No vote is open right now", "Please wait: the ballot appears here when the facilitator opens it.")
        return
    shown = rounds[0]
    st.header(plain(shown.question), anchor=False)
    st.text(f"You vote with the {admission.side.value}. Choose any number. You can change it until the round closes.")
    told("vote")
    prefix = f"vote-{st.session_state.get(FORM, 0)}"
    with st.form("ballot", border=False):
        for candidate in shown.in_own_order(admission.cred):
            with card(f"candidate_{candidate.position}", height="content"):
                st.checkbox(plain(candidate.title), key=f"{prefix}-{candidate.goal_uuid}")
                st.caption(plain(candidate.summary))
        with card("candidate_none", height="content"):
            st.checkbox("None of these", key=f"{prefix}-none")
        st.text_input("A word of your own for the tracker, if you like", key=f"{prefix}-word", max_chars=60)
        st.form_submit_button(
            "Cast my vote",
            type="primary",
            width="stretch",
            on_click=acting(
                cast_ballot,
                arguments=lambda: _choices(shown, admission, prefix),
                key="vote",
                after=_keep_receipt,
            ),
        )
    st.caption("Your vote is secret. The room sees totals only.")


def admitted(code: str) -> Admission:
    """The pass behind a typed code. Raises NotFound, Conflict."""
    return admit_pass(token=code)


def _choices(shown: RoundRow, admission: Admission, prefix: str) -> dict[str, object]:
    chosen = [row.goal_uuid for row in shown.candidates if st.session_state.get(f"{prefix}-{row.goal_uuid}")]
    return {
        "round_id": shown.id,
        "cred": admission.cred,
        "choices": chosen,
        "none_of_these": bool(st.session_state.get(f"{prefix}-none")),
        "nonce": fresh_nonce(),
        "word": st.session_state.get(f"{prefix}-word", ""),
        "channel": Channel.KIOSK,
    }


def _keep_receipt(given: Receipt) -> None:
    """Show the receipt and forget what was typed and ticked: the next person starts with an empty screen."""
    st.session_state[RECEIPT] = given
    st.session_state[CODE] = ""
    _next_form()


def _next_form() -> None:
    """Start an empty form: the ticks of one code never show under another."""
    st.session_state[FORM] = st.session_state.get(FORM, 0) + 1


def _next_person() -> None:
    st.session_state.pop(RECEIPT, None)
    st.session_state[CODE] = ""

"""One's own PIN, with which a signed-in person confirms on somebody else's screen."""

import streamlit as st

from lib.errors import Invalid
from lib.rules.rights import Actor
from lib.services.witnesses import set_own_pin
from lib.ui.run_telling import doing, said


def pin_form(person: Actor) -> None:
    """Choose a PIN; neither the password nor the PIN stays in the session."""
    st.text(
        "As the second person you type it on another facilitator's screen, to open, count and publish together. It "
        "signs nobody in. Choose four digits or more that are not your phone's."
    )
    said("pin")
    with st.form("pin", border=False, clear_on_submit=True):
        st.text_input("Your present password", key="pin_present", type="password", autocomplete="current-password")
        left, right = st.columns(2)
        left.text_input("New PIN", key="pin_new", type="password", max_chars=12, autocomplete="off")
        right.text_input("New PIN again", key="pin_again", type="password", max_chars=12, autocomplete="off")
        st.form_submit_button(
            "Keep this PIN",
            on_click=doing(_set, arguments=lambda: _typed(person), done="Your PIN is kept.", place="pin"),
        )


def _set(*, actor: Actor, password: str, pin: str, again: str) -> None:
    if pin != again:
        raise Invalid("The two PINs are not the same. Type both again.", field="pin")
    set_own_pin(actor=actor, password=password, pin=pin)


def _typed(person: Actor) -> dict[str, object]:
    password, pin, again = (st.session_state.get(f"pin_{name}") or "" for name in ("present", "new", "again"))
    for name in ("present", "new", "again"):
        st.session_state[f"pin_{name}"] = ""
    return {"actor": person, "password": password, "pin": pin, "again": again}

"""Passes: minting slips and door passes, batches with their hashes, declaring slips void."""

import streamlit as st

from lib.errors import Invalid
from lib.rules.ballots import short_hash
from lib.rules.console import scanned_code
from lib.rules.lifecycle import Electorate, RoundState
from lib.rules.voting import PassKind
from lib.services import passes
from lib.ui.parts import Column, meta, table
from lib.ui.run_minted import minted_slips, remember_minted
from lib.ui.run_parts import side_words
from lib.ui.run_reads import Console
from lib.ui.run_second import second_form
from lib.ui.run_telling import doing, said, say

LOST = "A lost slip is not replaced: nobody could tell whether it has voted."

_UNSEALED = (RoundState.OPEN, RoundState.CLOSED, RoundState.PAPER)
_KINDS = {PassKind.SLIPS: "Slips to print", PassKind.DOOR: "For the door: shown one by one"}


def passes_forms(of: Console) -> None:
    """Mint, save, hand out, declare void; and the batches as they stand."""
    minted_slips(of)
    left, right = st.columns([1.4, 1], gap="large")
    with left:
        _mint_form(of)
        waiting = ", ".join(f"{number} for {side.value}" for side, number in of.waiting.items())
        st.html(meta(f"Waiting at the door: {waiting}."))
        st.link_button("Open the door screen", f"/door?meeting={of.detail.meeting.uuid}", icon=":material/door_front:")
        if of.batches:
            st.html(batch_table(of))
    with right:
        _void_forms(of)


def batch_table(of: Console) -> str:
    """The minted batches with the hash that shows how many there are."""
    kinds = {PassKind.SLIPS: "slips", PassKind.DOOR: "at the door", PassKind.OPEN_ROOM: "open room"}
    rows = [
        (
            f"{batch.number}. {side_words(batch.side)}, {kinds[batch.kind]}",
            batch.size,
            batch.void,
            f"{batch.first_serial}–{batch.last_serial}" if batch.first_serial else "none",
            short_hash(batch.commitments_hash),
        )
        for batch in of.batches
    ]
    columns = [Column("Batch"), Column("Passes", True), Column("Void", True), Column("Serials"), Column("Hash")]
    return table("Passes minted", columns, rows)


def _mint_form(of: Console) -> None:
    """How many of what; while a vote runs it is a latecomers' batch, which two people mint together."""
    said("mint")

    def given() -> dict[str, object]:
        return {
            "meeting_id": of.detail.meeting.id,
            "side": st.session_state["p_side"],
            "number": int(st.session_state["p_number"]),
            "kind": st.session_state["p_kind"],
        }

    if _is_running(of):
        st.text("A vote runs: this is a latecomers’ batch. The display announces it; say its number aloud too.")
        second_form(
            "Mint a latecomers’ batch",
            passes.mint_passes,
            person=of.person,
            key="mint_late",
            arguments=given,
            before=_mint_fields,
            after=remember_minted,
            place="mint",
            is_main=False,
            glyph="confirmation_number",
            is_wide=True,
        )
        return
    with st.form("mint", border=False):
        _mint_fields()
        st.form_submit_button(
            "Mint passes",
            icon=":material/confirmation_number:",
            on_click=doing(
                passes.mint_passes,
                arguments=lambda: {"actor": of.person, **given()},
                place="mint",
                after=remember_minted,
            ),
        )


def _mint_fields() -> None:
    left, middle, right = st.columns([1, 1.4, 0.8])
    left.selectbox("Side", list(Electorate), key="p_side", format_func=side_words)
    middle.selectbox("How they reach voters", list(_KINDS), key="p_kind", format_func=_KINDS.__getitem__)
    right.number_input("How many", 1, passes.LARGEST_BATCH, 50, key="p_number")


def _is_running(of: Console) -> bool:
    """Whether a round is open, or closed and not counted."""
    return any(each.state in _UNSEALED for each in of.detail.rounds)


def _void_forms(of: Console) -> None:
    st.subheader("Declare a slip void", anchor=False)
    said("void")
    st.text(f"For a slip that is torn or handed back. It cannot be taken back. {LOST}")
    meeting_id = of.detail.meeting.id
    if not _is_running(of):
        second_form(
            "Declare void",
            passes.void_pass,
            person=of.person,
            key="void_pass",
            arguments=lambda: {"meeting_id": meeting_id, "serial": _serial()},
            before=lambda: st.number_input(
                "Number on its stub", 1, None, None, key="void_serial", placeholder="serial"
            ),
            done="The slip is void: it counts as never issued.",
            place="void",
            is_main=False,
            glyph="block",
        )
        return
    if not of.may_run:
        st.text("While a vote runs, facilitators declare slips void, two together, by scanning the slip itself.")
        return
    st.text("A vote runs: scan the slip itself. A ballot that it has cast in this vote is deleted.")
    second_form(
        "Declare void",
        passes.void_slip,
        person=of.person,
        key="void_slip",
        arguments=lambda: {"meeting_id": meeting_id, "token": _scanned()},
        before=lambda: st.text_input(
            "Scan the slip to declare void, or type its code", key="void_code", autocomplete="off"
        ),
        after=_say_void,
        place="void",
        is_main=False,
        glyph="block",
    )


def _serial() -> int:
    serial = st.session_state.get("void_serial")
    if serial is None:
        raise Invalid("Type the number on the stub of the slip.", field="serial")
    return int(serial)


def _scanned() -> str:
    code = str(st.session_state.get("void_code") or "")
    st.session_state["void_code"] = ""
    return scanned_code(code)


def _say_void(had_ballot: bool) -> None:
    ballot = "Its ballot in this vote was deleted." if had_ballot else "It had cast no ballot in this vote."
    say(f"The slip is void. {ballot} It counts as drawn and spoiled.", place="void")

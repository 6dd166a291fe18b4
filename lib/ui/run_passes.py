"""Passes: minting slips and door passes, printing slips once, batches with their hashes, declaring slips void."""

import csv
import io
from enum import StrEnum
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import streamlit as st

from lib.errors import Invalid
from lib.printing.paper import Paper
from lib.printing.paper_ballots import PaperRound
from lib.printing.parts import PrintedMeeting
from lib.printing.slips import slips_pdf, unprintable
from lib.queries.meetings import MeetingRow
from lib.rules.ballots import printed_token, short_hash
from lib.rules.console import scanned_code
from lib.rules.lifecycle import Electorate, RoundState
from lib.rules.text import counted
from lib.rules.voting import PassKind, RoundMode
from lib.services import passes
from lib.services.passes import MintedBatch
from lib.ui import reads
from lib.ui.parts import Column, meta, plain, table
from lib.ui.run_parts import side_words
from lib.ui.run_reads import Console
from lib.ui.run_second import second_form
from lib.ui.run_telling import doing, said, say

MINTED, _DRAWN = "minted_batch", "minted_file"
MOST_ON_PAPER = 3
_ONLY_HERE = frozenset({"localhost", "127.0.0.1", "::1"})

LOST = "A lost slip is not replaced: nobody could tell whether it has voted."

_UNSEALED = (RoundState.OPEN, RoundState.CLOSED, RoundState.PAPER)
_KINDS = {PassKind.SLIPS: "Slips to print", PassKind.DOOR: "For the door: shown one by one"}


class Sheet(StrEnum):
    """In what a batch can be saved."""

    A4 = "PDF, A4"
    LETTER = "PDF, Letter"
    CODES = "List of codes (CSV)"


def passes_forms(of: Console) -> None:
    """Mint, save, hand out, declare void; and the batches as they stand."""
    _minted_download(of)
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
            after=_remember_minted,
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
                after=_remember_minted,
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


def _minted_download(of: Console) -> None:
    """The batch just minted, to be saved once: its codes are stored nowhere else."""
    batch: MintedBatch | None = st.session_state.get(MINTED)
    if batch is None:
        return
    st.warning(
        plain(
            f"Batch {batch.number} ({batch.side.value}): save its {len(batch.slips)} codes now. They are kept nowhere "
            "else, and can be saved once."
        ),
        icon=":material/key:",
    )
    _warn_before_printing(of)
    sheet = st.radio("Save as", list(Sheet), key="p_sheet", horizontal=True, format_func=lambda each: each.value)
    drafts = {each.id: each for each in of.drafts if each.mode is RoundMode.MEETING}
    chosen: list[int] = []
    if sheet is not Sheet.CODES and drafts:
        chosen = st.multiselect(
            "As paper ballots too, with the goals of",
            list(drafts),
            key="p_rounds",
            max_selections=MOST_ON_PAPER,
            format_func=lambda number: f"Round {drafts[number].number}: {drafts[number].question}",
            help="Goals are printed with the numbers by which they are typed in.",
        )
    rounds = tuple(
        PaperRound(
            row.number, row.question, tuple(each.title for each in row.candidates), row.gives_tracker(batch.side)
        )
        for row in (drafts[number] for number in chosen)
    )
    try:
        content = _file(batch, of, sheet, rounds)
    except Invalid as problem:
        st.error(plain(problem.sentence), icon=":material/error:")
        return
    st.download_button(
        f"Save {counted(len(batch.slips), 'slip')} of batch {batch.number}",
        content,
        file_name=f"passes-batch-{batch.number}-{batch.side.value}.{'csv' if sheet is Sheet.CODES else 'pdf'}",
        mime="text/csv" if sheet is Sheet.CODES else "application/pdf",
        type="primary",
        icon=":material/download:",
        on_click=_forget_minted,
    )


def _warn_before_printing(of: Console) -> None:
    """What would be wrong on every slip, said while it can still be mended."""
    meeting = of.detail.meeting
    if urlsplit(meeting.room_address).hostname in _ONLY_HERE:
        st.warning(
            plain(
                f"The slips would carry {meeting.room_address}, which no phone can open. Choose the room’s address "
                "below first."
            ),
            icon=":material/wifi_off:",
        )
    lost = unprintable(meeting.title, meeting.place, meeting.beat_labels)
    if lost:
        st.warning(
            plain(f"These letters cannot be printed and become circles: {lost}"), icon=":material/font_download:"
        )


def _file(batch: MintedBatch, of: Console, sheet: Sheet | None, rounds: tuple[PaperRound, ...]) -> str | bytes:
    """The batch as it is saved; drawn once, however often the page reads itself anew. Raises Invalid."""
    about = (batch.commitments_hash, sheet, rounds)
    drawn: tuple[object, str | bytes] | None = st.session_state.get(_DRAWN)
    if drawn is None or drawn[0] != about:
        content = _codes(batch, of.detail.meeting) if sheet is Sheet.CODES else _pdf(batch, of, sheet, rounds)
        drawn = (about, content)
        st.session_state[_DRAWN] = drawn
    return drawn[1]


def _pdf(batch: MintedBatch, of: Console, sheet: Sheet | None, rounds: tuple[PaperRound, ...]) -> bytes:
    meeting = of.detail.meeting
    starts_at = meeting.starts_at.astimezone(ZoneInfo(of.city.time_zone))
    return slips_pdf(
        batch.slips,
        side=batch.side,
        meeting=PrintedMeeting(meeting.title, meeting.place, meeting.beat_labels, starts_at),
        address=meeting.room_address,
        paper=Paper.LETTER if sheet is Sheet.LETTER else Paper.A4,
        city=reads.city().name,
        batch=batch.number,
        rounds=rounds,
    )


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


def _remember_minted(batch: MintedBatch) -> None:
    """Keep printed slips for the one download that follows; passes for the door come back without their codes."""
    if batch.slips:
        st.session_state[MINTED] = batch
    else:
        say(f"Batch {batch.number}: {counted(batch.size, 'pass', 'passes')} wait at the door.", place="mint")


def _forget_minted() -> None:
    st.session_state.pop(MINTED, None)
    st.session_state.pop(_DRAWN, None)


def _codes(batch: MintedBatch, meeting: MeetingRow) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("serial", "side", "code", "address"))
    for slip in batch.slips:
        writer.writerow(
            (slip.serial or "", batch.side.value, printed_token(slip.token), f"{meeting.room_address}/b/{slip.token}")
        )
    return text.getvalue()

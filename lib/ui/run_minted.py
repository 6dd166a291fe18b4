"""The batch just minted: its slips or codes are fetched once, by the person who minted them, and are kept nowhere."""

import csv
import io
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import streamlit as st

from lib.errors import Explained
from lib.printing.paper import Paper
from lib.printing.paper_ballots import PaperRound
from lib.printing.parts import PrintedMeeting
from lib.printing.slips import slips_pdf, unprintable
from lib.queries.meetings import MeetingRow
from lib.rules.ballots import printed_token
from lib.rules.text import counted
from lib.rules.voting import RoundMode
from lib.services.once import Waiting, forget_once, keep_once, waiting_once
from lib.services.passes import MintedBatch
from lib.ui import reads
from lib.ui.parts import plain
from lib.ui.run_reads import Console
from lib.ui.run_telling import say

_MINTED, _DRAWN = "minted_batch", "minted_file"
MOST_ON_PAPER = 3
_ONLY_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


class Sheet(StrEnum):
    """In what a batch can be saved."""

    A4 = "PDF, A4"
    LETTER = "PDF, Letter"
    CODES = "List of codes (CSV)"


@dataclass(frozen=True)
class _Drawn:
    """The file that waits to be fetched, and what it was drawn from."""

    about: object
    name: str


def remember_minted(batch: MintedBatch) -> None:
    """Keep printed slips for the one fetch that follows; passes for the door come back without their codes."""
    if batch.slips:
        st.session_state[_MINTED] = batch
    else:
        say(f"Batch {batch.number}: {counted(batch.size, 'pass', 'passes')} wait at the door.", place="mint")


def minted_slips(of: Console) -> None:
    """The link that fetches the batch just minted, once; nothing when there is none, or when it was fetched."""
    batch: MintedBatch | None = st.session_state.get(_MINTED)
    drawn: _Drawn | None = st.session_state.get(_DRAWN)
    if batch is None:
        return
    if drawn is not None and (stands := waiting_once(drawn.name)) is not Waiting.WAITS:
        _forget_minted()
        if stands is Waiting.TAKEN:
            say(f"Batch {batch.number} was fetched. Its codes are kept nowhere here any more.", place="mint")
        else:
            first, last = batch.slips[0].serial, batch.slips[-1].serial
            say(
                f"Batch {batch.number} waited too long to be fetched and is gone. Declare its slips {first} to {last} "
                "void and mint again.",
                kind="error",
                place="mint",
            )
        return
    st.warning(
        plain(
            f"Batch {batch.number} ({batch.side.value}): save its {len(batch.slips)} codes now. They are kept nowhere "
            "else, wait ten minutes, and can be fetched once."
        ),
        icon=":material/key:",
    )
    _warn_before_printing(of)
    sheet = st.radio("Save as", list(Sheet), key="p_sheet", horizontal=True, format_func=lambda each: each.value)
    try:
        name = _file(batch, of, sheet or Sheet.A4, _paper_rounds(of, batch, sheet))
    except Explained as problem:
        st.error(plain(problem.sentence), icon=":material/error:")
        return
    st.link_button(
        f"Save {counted(len(batch.slips), 'slip')} of batch {batch.number}",
        f"/slips/{name}",
        type="primary",
        icon=":material/download:",
    )


def _paper_rounds(of: Console, batch: MintedBatch, sheet: Sheet | None) -> tuple[PaperRound, ...]:
    drafts = {each.id: each for each in of.drafts if each.mode is RoundMode.MEETING}
    if sheet is Sheet.CODES or not drafts:
        return ()
    chosen = st.multiselect(
        "As paper ballots too, with the goals of",
        list(drafts),
        key="p_rounds",
        max_selections=MOST_ON_PAPER,
        format_func=lambda number: f"Round {drafts[number].number}: {drafts[number].question}",
        help="Goals are printed with the numbers by which they are typed in.",
    )
    return tuple(
        PaperRound(
            row.number, row.question, tuple(each.title for each in row.candidates), row.gives_tracker(batch.side)
        )
        for row in (drafts[number] for number in chosen)
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


def _file(batch: MintedBatch, of: Console, sheet: Sheet, rounds: tuple[PaperRound, ...]) -> str:
    """The name under which the batch waits; drawn anew only when something else is to be printed. Raises Explained."""
    about = (batch.commitments_hash, sheet, rounds, of.detail.meeting.room_address)
    drawn: _Drawn | None = st.session_state.get(_DRAWN)
    if drawn is None or drawn.about != about:
        is_list = sheet is Sheet.CODES
        content = _codes(batch, of.detail.meeting) if is_list else _pdf(batch, of, sheet, rounds)
        name = keep_once(
            person_id=of.person.person_id,
            file_name=f"passes-batch-{batch.number}-{batch.side.value}.{'csv' if is_list else 'pdf'}",
            media_type="text/csv; charset=utf-8" if is_list else "application/pdf",
            content=content,
        )
        if drawn is not None:
            forget_once(drawn.name)
        drawn = _Drawn(about, name)
        st.session_state[_DRAWN] = drawn
    return drawn.name


def _pdf(batch: MintedBatch, of: Console, sheet: Sheet, rounds: tuple[PaperRound, ...]) -> bytes:
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


def _codes(batch: MintedBatch, meeting: MeetingRow) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("serial", "side", "code", "address"))
    for slip in batch.slips:
        writer.writerow(
            (slip.serial or "", batch.side.value, printed_token(slip.token), f"{meeting.room_address}/b/{slip.token}")
        )
    return text.getvalue().encode()


def _forget_minted() -> None:
    st.session_state.pop(_MINTED, None)
    st.session_state.pop(_DRAWN, None)

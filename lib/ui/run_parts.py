"""The facilitator's console in parts: the state in one line, the next step, what the room sees, agenda and passes."""

import csv
import io
from collections.abc import Callable, Sequence
from html import escape
from zoneinfo import ZoneInfo

import streamlit as st

from lib.queries.live import LiveSnapshot
from lib.queries.meetings import AgendaRow, MeetingDetail
from lib.queries.places import CityRow
from lib.queries.voting import BatchRow, RoundRow
from lib.rules.ballots import printed_token
from lib.rules.console import Step, next_step, present_round
from lib.rules.lifecycle import Electorate, RoundState
from lib.rules.rights import Actor
from lib.rules.text import counted, percent
from lib.services import counting, meetings, voting
from lib.services.passes import MintedBatch
from lib.settings import settings
from lib.ui.acting import acting, told
from lib.ui.live_parts import who_voted
from lib.ui.parts import Column, Markup, bar, meta, plain, steps, table
from lib.ui.run_second import second_form
from lib.ui.run_telling import said

ROUND_STEPS = ("Prepared", "Open", "Closed", "Counted", "Published")
_STEP_OF_STATE = {
    RoundState.DRAFT: 0,
    RoundState.OPEN: 1,
    RoundState.CLOSED: 2,
    RoundState.PAPER: 2,
    RoundState.SEALED: 3,
    RoundState.PUBLISHED: 4,
}
MINTED = "minted_batch"


def present(detail: MeetingDetail) -> RoundRow | None:
    """The round the console works on."""
    at = present_round([each.state for each in detail.rounds])
    return detail.rounds[at] if at is not None else None


def step_of(detail: MeetingDetail, batches: Sequence[BatchRow]) -> Step:
    """The one next step of this meeting."""
    sides = {batch.side for batch in batches}
    return next_step(detail.meeting.state, [each.state for each in detail.rounds], has_passes=len(sides) == 2)


def state_line(detail: MeetingDetail, shown: RoundRow | None, snapshot: LiveSnapshot) -> str:
    """Where the meeting stands, in one line."""
    if shown is None:
        return {"planned": "The meeting has not begun", "open": "The meeting is open"}.get(
            detail.meeting.state.value, "The meeting is over"
        )
    match shown.state:
        case RoundState.DRAFT:
            return f"Round {shown.number} is prepared"
        case RoundState.OPEN:
            minutes, seconds = divmod(snapshot.seconds_left, 60)
            return f"Round {shown.number} is open · {who_voted(snapshot)} · closes in {minutes}:{seconds:02d}"
        case RoundState.SEALED:
            return f"Round {shown.number} is counted and not yet published"
        case _:
            return f"Round {shown.number} is closed and not yet counted"


def round_steps(shown: RoundRow) -> str:
    """The row of steps of the present round."""
    return steps(ROUND_STEPS, _STEP_OF_STATE[shown.state])


def next_card(person: Actor, detail: MeetingDetail, shown: RoundRow | None, step: Step) -> None:
    """The next step as the one big button, with what it does and whether it can be taken back."""
    told("next")
    said()
    match step:
        case Step.OPEN_MEETING:
            _say("Next: open the meeting", "The lobby appears on the live display and passes are let in.")
            _do("Open the meeting", meetings.open_meeting, actor=person, meeting_id=detail.meeting.id)
        case Step.MINT_PASSES:
            _say("Next: passes for both sides", "Mint a batch for residents and one for officers below.")
        case Step.PLAN_ROUND:
            _say("Next: prepare a vote", "Choose the goals for the first ballot below.")
        case Step.OPEN_ROUND if shown is not None:
            _say(
                f"Next: open round {shown.number}",
                f"“{shown.question}”, {shown.minutes} minutes. Rule, goals and texts are frozen from then on; "
                "this cannot be taken back.",
            )
            _do_with_second("Open the vote", voting.open_round, person, shown.id)
        case Step.CLOSE_ROUND if shown is not None:
            _say("Next: close the vote", "Phones stop voting. If you do nothing, the vote closes by itself.")
            _do("Close the vote", voting.close_round, actor=person, round_id=shown.id)
            st.button(
                "Give 2 more minutes",
                icon=":material/more_time:",
                on_click=acting(
                    voting.extend_round,
                    arguments={"actor": person, "round_id": shown.id, "minutes": 2},
                    done="The vote stays open for two more minutes.",
                    key="next",
                ),
            )
        case Step.COUNT_ROUND if shown is not None:
            _say(
                "Next: count the vote",
                "Ballots are sorted and cut off from the passes they were cast with. This cannot be taken back.",
            )
            second_form(
                "Count the vote",
                counting.count_round,
                person=person,
                key=f"count_{shown.id}",
                arguments=lambda: {"round_id": shown.id, "tie_seed": st.session_state.get("tie_seed", "")},
                before=_dice_field,
            )
        case Step.PUBLISH_ROUND if shown is not None:
            _say(
                f"Next: publish round {shown.number}",
                "The result appears on the live display and for everybody. Adopted goals become goals of the beat.",
            )
            _do_with_second("Publish the result", counting.publish_round, person, shown.id)
        case Step.CLOSE_MEETING:
            _say(
                "Next: end the meeting", "Or prepare another vote below. After the end its passes are good for nothing."
            )
            _do("End the meeting", meetings.close_meeting, actor=person, meeting_id=detail.meeting.id)
        case _:
            _say("This meeting is over", "Its agenda, minutes and results stay on the page Meetings.")


def room_preview(snapshot: LiveSnapshot, city: CityRow) -> str:
    """What the room sees at this moment, small."""
    shown = snapshot.round
    question = shown.question if shown else "Lobby: how to join"
    word = {None: "Starts soon", RoundState.OPEN: "Voting open", RoundState.PUBLISHED: "Result published"}.get(
        snapshot.state, "Voting closed"
    )
    if snapshot.tally is not None:
        inside = "".join(
            f"<li>{escape(line.candidate.title)}"
            f" <b>{percent(line.outcome.residents_approval) if line.outcome.residents_approval is not None else '–'}</b></li>"
            for line in snapshot.lines
            if line.outcome is not None
        )
        inside = f"<ul>{inside}</ul>"
    else:
        inside = "<p>The code to join, in large</p>" if shown is None else "<p>Results are shown when voting closes</p>"
    seen = snapshot.as_of.astimezone(ZoneInfo(city.time_zone)).strftime("%H:%M:%S")
    return (
        f'<div class="cb-room"><div class="top"><b>{escape(question)}</b><span>{word}</span></div>{inside}'
        f'<div class="foot"><b>{escape(snapshot.join_address.split("://")[-1])}</b><span>as of {seen}</span></div></div>'
    )


def turnout_table(snapshot: LiveSnapshot) -> str:
    """Who has voted, per side, as bars with figures."""
    rows = [
        (
            side.value.capitalize(),
            Markup(bar(turnout.cast / turnout.issued if turnout.issued else 0)),
            f"{turnout.cast} of {turnout.issued}",
        )
        for side, turnout in snapshot.turnout.items()
    ]
    return table("Who has voted", [Column("Side"), Column("Turnout"), Column("Ballots", True)], rows)


def agenda_table(agenda: Sequence[AgendaRow], city: CityRow) -> str:
    """The agenda with the planned times."""
    zone = ZoneInfo(city.time_zone)
    rows = [(step.starts_at.astimezone(zone).strftime("%H:%M"), step.title, f"{step.minutes} min") for step in agenda]
    return table("Agenda", [Column("Begins"), Column("Step"), Column("Time", True)], rows, hide_caption=True)


def batch_table(batches: Sequence[BatchRow]) -> str:
    """The minted batches with the hash that shows how many there are."""
    rows = [
        (
            batch.side.value.capitalize(),
            batch.size - batch.void,
            f"{batch.first_serial}–{batch.last_serial}" if batch.first_serial else "none",
        )
        for batch in batches
    ]
    hashes = "; ".join(f"batch {batch.number}: {batch.commitments_hash[:12]}" for batch in batches)
    columns = [Column("Side"), Column("Passes", True), Column("Serials")]
    return table("Passes minted", columns, rows) + meta(f"Hashes over all passes, {hashes}")


def minted_download() -> None:
    """The batch just minted, to be saved once: its codes are stored nowhere else."""
    batch: MintedBatch | None = st.session_state.get(MINTED)
    if batch is None:
        return
    st.warning(
        f"Batch {batch.number} ({batch.side.value}): save its {len(batch.slips)} codes now. They are kept nowhere else.",
        icon=":material/key:",
    )
    st.download_button(
        f"Save {counted(len(batch.slips), 'code')} of batch {batch.number}",
        _codes(batch),
        file_name=f"passes-batch-{batch.number}-{batch.side.value}.csv",
        mime="text/csv",
        on_click=_forget_minted,
    )


def remember_minted(batch: MintedBatch) -> None:
    """Keep the batch for the one download that follows."""
    st.session_state[MINTED] = batch


def side_name(side: Electorate) -> str:
    return side.value.capitalize()


def _forget_minted() -> None:
    st.session_state.pop(MINTED, None)


def _codes(batch: MintedBatch) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("serial", "side", "code", "address"))
    for slip in batch.slips:
        writer.writerow(
            (slip.serial or "", batch.side.value, printed_token(slip.token), f"{settings().address}/b/{slip.token}")
        )
    return text.getvalue()


def _say(title: str, sentence: str) -> None:
    st.header(plain(title), anchor=False)
    st.text(sentence)


def _do(label: str, intention: object, **arguments: object) -> None:
    if callable(intention):
        st.button(label, type="primary", width="stretch", on_click=acting(intention, arguments=arguments, key="next"))


def _do_with_second(label: str, intention: Callable[..., object], person: Actor, round_id: int) -> None:
    key = f"{intention.__name__}_{round_id}"
    second_form(label, intention, person=person, key=key, arguments={"round_id": round_id})


def _dice_field() -> None:
    st.text_input(
        "Dice, only if a tie asks for them (4-1-6)", key="tie_seed", placeholder="rolled in the room", max_chars=40
    )

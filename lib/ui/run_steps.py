"""The next step as the one big button: what it does, whether it can be taken back, and the second person it needs."""

from collections.abc import Callable, Mapping

import streamlit as st

from lib.errors import Invalid
from lib.queries.counts import opening_warnings
from lib.queries.voting import RoundRow
from lib.rules.ballots import short_hash
from lib.rules.console import Step
from lib.rules.lifecycle import Electorate, MeetingState
from lib.rules.text import counted
from lib.rules.voting import Display, RoundMode
from lib.services import counting, meetings, publishing, rounds
from lib.ui.parts import plain
from lib.ui.run_leaving import BIG_BUTTON_KEY, asks, ways_out
from lib.ui.run_preview import countdown, hour
from lib.ui.run_reads import Console
from lib.ui.run_reconcile import reconcile_step
from lib.ui.run_second import second_form
from lib.ui.run_telling import doing, said

DICE = 3

_WAITING_FOR_A_FACILITATOR = {
    Step.OPEN_MEETING: "open the meeting",
    Step.PLAN_ROUND: "prepare a vote",
    Step.OPEN_ROUND: "open the vote",
    Step.CLOSE_ROUND: "close the vote",
    Step.RECONCILE: "count the slips",
    Step.COUNT_ROUND: "count the vote",
    Step.ROLL_DICE: "roll the dice",
    Step.PUBLISH_ROUND: "publish the result",
    Step.REVEAL: "show the result",
    Step.CLOSE_MEETING: "end the meeting",
}


def next_card(of: Console) -> None:
    """The next step with what it does, and the ways out of an open meeting."""
    _next(of)
    if of.may_run and of.detail.meeting.state is MeetingState.OPEN:
        ways_out(of)


def _next(of: Console) -> None:
    if not of.may_run and of.step in _WAITING_FOR_A_FACILITATOR:
        _say(
            f"Next: {_WAITING_FOR_A_FACILITATOR[of.step]}",
            "A facilitator does this. With your role you mint passes, write the agenda and keep the minutes below.",
        )
        return
    match of.step:
        case Step.OPEN_MEETING:
            _say(
                "Next: open the meeting",
                "The lobby appears on the live display, and passes are let in. It stays open until you end it.",
            )
            said()
            _big("Open the meeting", meetings.open_meeting, of, glyph="door_open")
        case Step.MINT_PASSES:
            _missing_passes(of)
        case Step.PLAN_ROUND:
            _say("Next: prepare a vote", "Choose the goals for the first ballot under “Votes” below.")
            said()
        case Step.REVEAL:
            _say(
                "Next: show the result", "The result is published, but the display is covered. You can cover it again."
            )
            said()
            _big(
                "Show the result",
                meetings.show_in_room,
                of,
                glyph="visibility",
                about={"display": Display.VOTE},
            )
        case Step.CLOSE_MEETING:
            _close_meeting(of)
        case Step.NOTHING:
            _over(of)
        case _ if of.shown is not None:
            _of_round(of, of.shown)


def _over(of: Console) -> None:
    if of.detail.meeting.state is MeetingState.CLOSED:
        _say(
            "Next: approve the minutes",
            "They were drafted from what happened. Read, change and strike lines under “Minutes” below, then approve "
            "them together.",
        )
        return
    _say("This meeting is over", "Its minutes are approved. They stay on the page Meetings, with its results.")


def _of_round(of: Console, row: RoundRow) -> None:
    match of.step:
        case Step.OPEN_ROUND:
            _open_round(of, row)
        case Step.CLOSE_ROUND:
            _close_round(of, row)
        case Step.RECONCILE:
            reconcile_step(of, row)
        case Step.COUNT_ROUND:
            _count_round(of, row)
        case Step.ROLL_DICE:
            _roll_dice(of, row)
        case _:
            _publish_round(of, row)


def _missing_passes(of: Console) -> None:
    missing = [side.value for side in Electorate if side not in {batch.side for batch in of.batches}]
    _say(
        f"Next: passes for the {' and the '.join(missing)}", "Mint a batch under “Passes” below: slips or for the door."
    )
    said()


def _open_round(of: Console, row: RoundRow) -> None:
    _say(
        f"Next: open round {row.number}",
        f"“{row.question}” {counted(len(row.candidates), 'goal')}, {row.minutes} minutes.",
    )
    said()
    if row.mode is RoundMode.MEETING:
        for warning in opening_warnings(row.id):
            st.warning(plain(warning), icon=":material/warning:")
    _cannot_be_undone("Rule, goals, texts and passes are frozen at opening.")
    second_form(
        "Open the vote",
        rounds.open_round,
        person=of.person,
        key=f"open_{row.id}",
        arguments={"round_id": row.id},
        done=f"Round {row.number} is open: read out its fingerprint below.",
        glyph="lock_open",
    )


def _close_round(of: Console, row: RoundRow) -> None:
    ends = f" at {hour(row.closes_at, of.city)}" if row.closes_at else ""
    _say(
        "Next: close the vote",
        f"If you do nothing, it closes by itself{ends}, in {countdown(of.snapshot.seconds_left)}.",
    )
    said()
    st.html(
        f'<p class="cb-meta">Frozen at opening, to read out: <b class="run-print">{_in_fours(row.short_hash)}</b></p>'
    )
    if asks(
        f"close_{row.id}",
        "Close the vote",
        question="Phones stop voting at once. This cannot be taken back.",
        keep="Keep it open",
    ):
        _big("Yes, close it now", rounds.close_round, of, glyph="lock", row=row)
    st.button(
        "Give 2 more minutes",
        icon=":material/more_time:",
        key=f"more_{row.id}",
        shortcut="M",
        width="stretch",
        on_click=doing(
            rounds.extend_round,
            arguments={"actor": of.person, "round_id": row.id, "minutes": 2},
            done="The vote stays open for two more minutes.",
        ),
    )


def _count_round(of: Console, row: RoundRow) -> None:
    _say(
        f"Next: count round {row.number}",
        "Passes and ballots of both sides agree. The second person sees what you see.",
    )
    said()
    _cannot_be_undone("Ballots are cut off from the passes they were cast with, and nothing more can be typed in.")
    second_form(
        "Count the vote",
        counting.count_round,
        person=of.person,
        key=f"count_{row.id}",
        arguments={"round_id": row.id},
        done=f"Round {row.number} is counted. Nobody sees the result before you publish it.",
        glyph="calculate",
        is_wide=True,
    )
    if row.mode is RoundMode.MEETING:
        with st.expander("Count the slips again, or enter paper", icon=":material/edit:"):
            reconcile_step(of, row, is_next=False)


def _roll_dice(of: Console, row: RoundRow) -> None:
    _say(
        "Next: roll three dice", "Goals are level for a place, by residents’ ballots too. The dice decide between them."
    )
    said()
    st.html(
        '<p class="run-aloud">First read out the fingerprint of the ballots'
        f"<b>{_in_fours(short_hash(row.dice_hash))}</b><small>whole: {row.dice_hash}</small></p>"
    )
    st.text("No ballot comes or goes any more, not even on paper. Now roll, in the open.")

    def given() -> dict[str, object]:
        rolled = [st.session_state.get(f"die_{row.id}_{die}") for die in range(DICE)]
        if None in rolled:
            raise Invalid("Type what each of the three dice shows.", field="tie_seed")
        return {"round_id": row.id, "tie_seed": "-".join(str(each) for each in rolled)}

    def dice() -> None:
        for die, column in enumerate(st.columns(DICE, gap="small")):
            column.number_input(f"Die {die + 1}", 1, 6, None, key=f"die_{row.id}_{die}", placeholder="1–6")

    _cannot_be_undone("The dice stand in the published result, so that everybody can recount.")
    second_form(
        "Count with these dice",
        counting.count_round,
        person=of.person,
        key=f"dice_{row.id}",
        arguments=given,
        before=dice,
        done=f"Round {row.number} is counted. Nobody sees the result before you publish it.",
        glyph="casino",
        is_wide=True,
    )


def _publish_round(of: Console, row: RoundRow) -> None:
    _say(
        f"Next: publish round {row.number}",
        "The result appears on the live display and for everybody. Adopted goals become goals of the beat.",
    )
    said()
    if row.tie_seed:
        st.text(f"Counted with the dice {row.tie_seed}.")
    _cannot_be_undone("A published result stays, and it is written into the minutes.")
    second_form(
        "Publish the result",
        publishing.publish_round,
        person=of.person,
        key=f"publish_{row.id}",
        arguments={"round_id": row.id},
        done=f"Round {row.number} is published, and the decision stands in the minutes.",
        glyph="campaign",
    )


def _close_meeting(of: Console) -> None:
    _say("Next: end the meeting", "Or prepare another vote under “Votes” below.")
    said()
    if asks(
        f"end_{of.detail.meeting.id}",
        "End the meeting",
        question="Its passes are good for nothing any more. This cannot be taken back.",
        keep="Not yet",
    ):
        _big("Yes, end the meeting", meetings.close_meeting, of, glyph="meeting_room")


def _big(
    label: str,
    intention: Callable[..., object],
    of: Console,
    *,
    glyph: str,
    row: RoundRow | None = None,
    about: Mapping[str, object] | None = None,
) -> None:
    which = {"round_id": row.id} if row else {"meeting_id": of.detail.meeting.id}
    st.button(
        label,
        type="primary",
        width="stretch",
        icon=f":material/{glyph}:",
        key=f"big_{of.step.value}",
        shortcut=None if row or label.startswith("Yes") else BIG_BUTTON_KEY,
        on_click=doing(intention, arguments={"actor": of.person, **which, **(about or {})}),
    )


def _in_fours(text: str) -> str:
    """As it is read out: in groups of four.

    >>> _in_fours("acea0884305f")
    'acea 0884 305f'
    """
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def _say(title: str, sentence: str) -> None:
    st.header(plain(title), anchor=False)
    st.text(sentence)


def _cannot_be_undone(sentence: str) -> None:
    st.html(f'<p class="run-final"><b>Cannot be taken back.</b> {sentence}</p>')

"""Typing in paper ballots, slip by slip: scan, tick, read back, the second person's PIN, the tracker for the slip.

What is typed lives in this browser's session only until it is confirmed; a reload begins the slip anew.
"""

from dataclasses import dataclass
from html import escape
from uuid import UUID

import streamlit as st

from lib.errors import Conflict, Invalid, NotFound
from lib.queries.voting import RoundRow, round_of
from lib.rules.ballots import normalise_token, printed_token
from lib.rules.console import scanned_code
from lib.rules.lifecycle import RoundState
from lib.rules.passes import UNKNOWN_CODE
from lib.services import counting
from lib.services.casting import TypedInAlready
from lib.services.paper import enter_paper_ballot
from lib.ui.parts import plain
from lib.ui.run_reads import Console
from lib.ui.run_second import second_form
from lib.ui.run_telling import doing, said

_TYPED, _RECEIPT, _TURN = "paper_typed", "paper_receipt", "paper_turn"

REFUSED = (
    "Put this slip on a pile of its own, “refused”: it counts as spoiled, not as a paper slip. Then take the next."
)


@dataclass(frozen=True)
class TypedSlip:
    """A slip as it was typed, before the second person compared it with the paper."""

    round_id: int
    token: str
    goals: tuple[UUID, ...]
    none_of_these: bool


@dataclass(frozen=True)
class SlipReceipt:
    """What belongs on a slip whose ballot is in. `is_known`: it had been typed in before."""

    tracker: str | None
    is_known: bool = False


def paper_entry(of: Console, row: RoundRow) -> bool:
    """Where paper stands for a closed round: to be begun, or the present slip. Whether a slip is in hand."""
    st.subheader("Paper ballots", anchor=False)
    if row.state is not RoundState.PAPER:
        st.text("Are there paper slips in the box? Type them in before you count. Otherwise go on below.")
        with st.expander("Enter paper ballots", icon=":material/edit_note:"):
            second_form(
                "Begin with the paper ballots",
                counting.open_paper,
                person=of.person,
                key=f"paper_{row.id}",
                arguments={"round_id": row.id},
                is_main=False,
                glyph="edit_note",
            )
        return False
    said("paper")
    receipt: SlipReceipt | None = st.session_state.get(_RECEIPT)
    typed: TypedSlip | None = st.session_state.get(_TYPED)
    if receipt is not None:
        _receipt(receipt)
    elif typed is not None and typed.round_id == row.id:
        _read_back(of, row, typed)
    else:
        return _type_in(row)
    return True


def _type_in(row: RoundRow) -> bool:
    """The code, by scanner or by hand, and the goals in the order of the printed list. Whether there is a code."""
    code = f"paper_code_{row.id}"
    st.text_input(
        "Scan the slip, or type its code and press Enter",
        key=code,
        autocomplete="off",
        max_chars=200,
        placeholder="the reader types the code and presses Enter by itself",
    )
    _focus(code)
    token = normalise_token(scanned_code(st.session_state.get(code) or ""))
    if st.session_state.get(code) and token is None:
        st.error(plain(UNKNOWN_CODE), icon=":material/error:")
    if token is None:
        return False
    with st.form(f"paper_{row.id}", border=True):
        st.html(f"<h3>What is ticked on the slip …{escape(token[-4:])}?</h3>")
        for candidate in row.candidates:
            st.checkbox(plain(f"{candidate.position}. {candidate.title}"), key=_tick(row, candidate.goal_uuid))
        st.checkbox("None of these", key=_tick(row, "none"))
        st.checkbox("The ballot is blank: nothing is ticked", key=_tick(row, "blank"))
        st.form_submit_button(
            "Read it back",
            type="primary",
            width="stretch",
            icon=":material/visibility:",
            on_click=doing(lambda: _remember(row, token), place="paper"),
        )
    st.button("Put this slip aside", key="paper_aside", on_click=lambda: _next_slip(row))
    st.caption("Not confirmed yet: if this page is reloaded now, begin this slip again.")
    return True


def _remember(row: RoundRow, token: str) -> None:
    goals = tuple(each.goal_uuid for each in row.candidates if st.session_state.get(_tick(row, each.goal_uuid)))
    none, blank = (bool(st.session_state.get(_tick(row, name))) for name in ("none", "blank"))
    if (bool(goals), none, blank).count(True) > 1:
        raise Invalid("Goals, “None of these” and “blank” exclude each other. Look at the slip again.", field="goals")
    if not (goals or none or blank):
        raise Invalid("Nothing is ticked. If that is how the slip is, say that the ballot is blank.", field="goals")
    st.session_state[_TYPED] = TypedSlip(row.id, token, goals, none)


def _read_back(of: Console, row: RoundRow, typed: TypedSlip) -> None:
    """What was typed, large, for the second person to compare with the slip."""
    titles = [f"{each.position}. {each.title}" for each in row.candidates if each.goal_uuid in typed.goals]
    lines = titles or ["None of these" if typed.none_of_these else "Blank: nothing is ticked"]
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    st.html(
        '<div class="run-aloud" role="region" aria-label="Read back"><span>The second person compares this with the '
        f"slip …{escape(typed.token[-4:])}</span><ul>{items}</ul></div>"
    )
    second_form(
        "It is right: count this ballot",
        _entered,
        person=of.person,
        key=f"slip_{row.id}",
        arguments={"round_id": row.id, "typed": typed},
        after=lambda receipt: _keep(row, receipt),
        place="paper",
        glyph="check",
        is_wide=True,
    )
    left, right = st.columns(2)
    left.button("Change what was ticked", width="stretch", key="paper_change", on_click=lambda: _change(row, typed))
    right.button(
        "Put this slip aside", width="stretch", key="paper_aside", on_click=lambda: _next_slip(row), help=REFUSED
    )


def _entered(*, actor: object, second: object, round_id: int, typed: TypedSlip) -> SlipReceipt:
    """`enter_paper_ballot`, saying what becomes of a slip that is refused.

    A slip that was typed in before (a reload, the other console) is no refusal: its tracker is told again.
    """
    try:
        entered = enter_paper_ballot(
            actor=actor,  # type: ignore[arg-type]
            second=second,  # type: ignore[arg-type]
            round_id=round_id,
            token=typed.token,
            choices=typed.goals,
            none_of_these=typed.none_of_these,
        )
    except TypedInAlready as known:
        return SlipReceipt(known.tracker, is_known=True)
    except (Conflict, NotFound) as refusal:
        present = round_of(round_id)
        if present.state is not RoundState.PAPER or present.dice_hash:
            raise
        raise type(refusal)(f"{refusal.sentence} {REFUSED}") from refusal
    return SlipReceipt(entered.tracker)


def _receipt(receipt: SlipReceipt) -> None:
    if receipt.is_known:
        st.info(
            "Typed in already as paper. The ballot that was confirmed then counts; this one changed nothing.",
            icon=":material/info:",
        )
    if receipt.tracker is None:
        words, number = "This side gets no tracker. Mark the slip as entered.", "✓"
    else:
        words, number = "Write this on the slip", printed_token(receipt.tracker)
    st.html(f'<p class="run-aloud" role="status"><span>{words}</span><b>{escape(number)}</b></p>')
    st.button("Next slip", type="primary", width="stretch", key="paper_next", shortcut="N", on_click=_to_the_next)


def _keep(row: RoundRow, receipt: SlipReceipt) -> None:
    st.session_state[_RECEIPT] = receipt
    _next_slip(row)


def _focus(key: str) -> None:
    """Put the cursor into the code's field once for each slip: a reader types wherever the cursor is, and where it is
    nowhere its letters are taken for keys of this page. The turn in the text makes the browser run it once."""
    turn = st.session_state.get(_TURN, 0)
    if turn:
        st.html(
            f"<script>/* slip {turn} */ setTimeout(() => "
            f'document.querySelector(".st-key-{key} input")?.focus(), 50)</script>',
            unsafe_allow_javascript=True,
        )


def _to_the_next() -> None:
    st.session_state.pop(_RECEIPT, None)
    _begin_turn()


def _begin_turn() -> None:
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1


def _next_slip(row: RoundRow) -> None:
    _forget_typed()
    _begin_turn()
    st.session_state[f"paper_code_{row.id}"] = ""
    for name in (*(each.goal_uuid for each in row.candidates), "none", "blank"):
        st.session_state[_tick(row, name)] = False


def _change(row: RoundRow, typed: TypedSlip) -> None:
    """Back to the ticks as they were: what is not drawn is forgotten by Streamlit."""
    _forget_typed()
    st.session_state[f"paper_code_{row.id}"] = printed_token(typed.token)
    for goal in typed.goals:
        st.session_state[_tick(row, goal)] = True
    st.session_state[_tick(row, "none")] = typed.none_of_these
    st.session_state[_tick(row, "blank")] = not (typed.goals or typed.none_of_these)


def _forget_typed() -> None:
    st.session_state.pop(_TYPED, None)


def _tick(row: RoundRow, what: object) -> str:
    return f"paper_{row.id}_{what}"

"""Counting by hand after closing: slips left, spoiled and on paper, side by side with what is known here."""

import streamlit as st

from lib.errors import Invalid
from lib.queries.door import handed_out
from lib.queries.reconciling import SideReconciliation
from lib.queries.voting import RoundRow
from lib.rules.lifecycle import RoundState
from lib.services import counting, publishing
from lib.services.reconciling import reconcile_side
from lib.ui.parts import Column, meta, plain, table
from lib.ui.run_paper import paper_entry
from lib.ui.run_parts import side_words
from lib.ui.run_reads import Console
from lib.ui.run_second import second_form
from lib.ui.run_telling import doing, said

_FIELDS = (
    ("left", "Slips left", "never handed out: in the bowl and at the door"),
    ("spoiled", "Slips spoiled", "handed back torn, or refused when typed in"),
    ("paper_slips", "Paper slips", "voted on paper, with a tracker written on each"),
)


def reconcile_step(of: Console, row: RoundRow, *, is_next: bool = True) -> None:
    """Paper first, then both sides; what does not agree yet is said in sentences that tell where to look."""
    if is_next:
        st.header("Next: count the slips", anchor=False)
        st.text("Each side counts its own slips aloud. Until both sides agree, the result cannot be published.")
        said()
    if of.standing is not None and of.standing.state is not RoundState.SEALED and paper_entry(of, row):
        return
    st.subheader("Slips, counted by hand", anchor=False)
    for column, side in zip(st.columns(2, gap="small"), of.sides, strict=False):
        with column:
            _side_form(of, row, side)
    st.html(reconciliation_table(of.sides))
    st.html(meta(_door_sentence(of)))
    for side in of.sides:
        for problem in side.problems:
            if side.counted_at is None:
                st.html(meta(problem))
            else:
                st.warning(plain(problem), icon=":material/search:")
    if of.sides and all(side.agrees for side in of.sides):
        st.success("Both sides agree.", icon=":material/check_circle:")
    elif is_next:
        _ways_out(of, row)


def _door_sentence(of: Console) -> str:
    """Who handed out how many, for whoever tallied the arrivals."""
    said = [f"{each.name} {each.number} to {each.side.value}" for each in handed_out(of.detail.meeting.id)]
    return f"Shown at the door: {', '.join(said) or 'none'}. Compare with a tally of who came."


def reconciliation_table(sides: tuple[SideReconciliation, ...]) -> str:
    """Both sides beside each other, in the order in which they are compared. What waits at the door is counted together
    with the slips.
    """
    lines = (
        ("Passes issued", "issued"),
        ("less slips left (by hand)", "left"),
        ("less still waiting at the door", "door_waiting"),
        ("= drawn", "drawn"),
        ("of these shown at the door", "door_shown"),
        ("Ballots cast", "cast"),
        ("Drawn but not cast", "not_cast"),
        ("Slips spoiled (by hand)", "spoiled"),
        ("Paper slips (by hand)", "paper_slips"),
        ("Paper ballots typed in", "paper_ballots"),
    )
    columns = [Column("Compare"), *(Column(side_words(side.side), True) for side in sides)]
    rows = [(words, *(getattr(side, name) for side in sides)) for words, name in lines]
    return table("Passes and ballots of both sides", columns, rows, hide_caption=True)


def _side_form(of: Console, row: RoundRow, side: SideReconciliation) -> None:
    """One side's three numbers. The keys carry when they were counted, so that another console's count shows here."""
    stamp = f"{row.id}_{side.side.value}_{side.counted_at.timestamp() if side.counted_at else 0}"
    # Nothing is taken for granted where there is something to count.
    start = {"left": side.left, "spoiled": side.spoiled if side.counted_at else 0, "paper_slips": side.paper_slips}
    if side.counted_at is None and not side.paper_ballots:
        start["paper_slips"] = 0

    def given() -> dict[str, object]:
        typed = {name: st.session_state.get(f"{name}_{stamp}") for name, _, _ in _FIELDS}
        if None in typed.values():
            raise Invalid("Type all three numbers; 0 where there is none.", field="left")
        return {
            "actor": of.person,
            "round_id": row.id,
            "side": side.side,
            "slips_left": typed["left"],
            "slips_spoiled": typed["spoiled"],
            "paper_slips": typed["paper_slips"],
        }

    name = side_words(side.side)
    with st.form(f"reconcile_{row.id}_{side.side.value}", border=True):
        st.html(f"<h3>{name}</h3>")
        for field, label, what in _FIELDS:
            value = start[field]
            st.number_input(
                f"{label}, {side.side.value}",
                min_value=0,
                max_value=100_000,
                value=value,
                step=1,
                key=f"{field}_{stamp}",
                help=what,
                placeholder="count",
            )
        said(f"reconcile_{side.side.value}")
        st.form_submit_button(
            f"Keep the count of the {side.side.value}",
            width="stretch",
            key=f"keep_{row.id}_{side.side.value}",
            on_click=doing(reconcile_side, arguments=given, done="Kept.", place=f"reconcile_{side.side.value}"),
        )


def _ways_out(of: Console, row: RoundRow) -> None:
    """What can be done when the sides cannot be made to agree."""
    if row.state is RoundState.SEALED:
        with st.expander("It cannot be made to agree: set this vote aside", icon=":material/block:"):
            st.text("Its result is then never published, the minutes say why, and you vote again on the same goals.")
            second_form(
                "Set this vote aside",
                publishing.set_aside_round,
                person=of.person,
                key=f"aside_{row.id}",
                arguments=lambda: {"round_id": row.id, "reason": st.session_state.get(f"aside_why_{row.id}", "")},
                before=lambda: st.text_input("Why (stands in the minutes)", key=f"aside_why_{row.id}", max_chars=300),
                done=f"Round {row.number} is set aside. Prepare the vote again under “Votes”.",
                is_main=False,
                glyph="block",
            )
        return
    with st.expander("Count the vote before both sides agree", icon=":material/calculate:"):
        st.text(
            "Only when every paper slip has been typed in: after counting, none can be added. The result still stays "
            "unpublished until both sides agree; a vote that never agrees is set aside. This cannot be taken back."
        )
        second_form(
            "Count the vote already",
            counting.count_round,
            person=of.person,
            key=f"early_{row.id}",
            arguments={"round_id": row.id},
            is_main=False,
            glyph="calculate",
        )

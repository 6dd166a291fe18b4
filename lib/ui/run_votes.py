"""Preparing votes: a new ballot, its order, its words in the city's other languages, and what opening will freeze."""

from collections.abc import Mapping
from html import escape
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.queries.counts import opening_warnings
from lib.queries.meetings import MeetingDetail
from lib.queries.voting import RoundRow, round_of
from lib.rules.ballots import short_hash
from lib.rules.lifecycle import RoundState
from lib.rules.rights import Actor
from lib.rules.text import LINE_LENGTH, SUMMARY_LENGTH, TITLE_LENGTH, counted
from lib.rules.voting import ResultsShown, RoundMode, RoundRule, SideFigures
from lib.services import planning
from lib.services.draft_changes import change_draft
from lib.services.frozen import draft_text
from lib.ui import voting_reads
from lib.ui.parts import Column, plain, table
from lib.ui.run_order import ordering
from lib.ui.run_reads import Console
from lib.ui.run_telling import doing, said

T = TypeVar("T")

RULES = {
    RoundRule.TWO_KEYS_TURNS: "Two keys, then take turns",
    RoundRule.LOWER_SHARE: "Lower of the two shares (both sides show their figures)",
}
SHOWS = {ResultsShown.AFTER_CLOSING: "After closing", ResultsShown.LIVE: "Live, as a show of hands"}
FIGURES = {SideFigures.SEALED: "Only whether the key turned", SideFigures.OPEN: "Officers agreed to show their figures"}
MODES = {
    RoundMode.MEETING: "Meeting: a pass for everybody, both sides decide",
    RoundMode.OPEN_ROOM: "Open room: every device votes, it ranks and adopts nothing",
}
ELIGIBLE = "Everybody who lives or works in the beat and holds a pass of this meeting; officers posted to the beat."
LANGUAGES = {"es": "Spanish", "zh": "Chinese", "vi": "Vietnamese", "so": "Somali", "am": "Amharic", "ko": "Korean"}


def votes_forms(of: Console) -> None:
    """The prepared votes, one to look at closely, and a new one."""
    left, right = st.columns(2, gap="large")
    with left:
        if of.drafts:
            _drafts(of)
        else:
            st.text("No vote is prepared.")
        _frozen_rounds(of)
    with right:
        st.subheader("Prepare another vote" if of.drafts else "Prepare a vote", anchor=False)
        _plan_form(of.person, of.detail)


def _drafts(of: Console) -> None:
    names = {row.id: f"Round {row.number}: {row.question}" for row in of.drafts}
    ordering(
        "Prepared votes",
        names,
        key="order_rounds",
        reorder=planning.reorder_rounds,
        order=lambda ids: {"actor": of.person, "meeting_id": of.detail.meeting.id, "round_ids": ids},
        drop=planning.drop_draft,
        dropped=lambda number: {"actor": of.person, "round_id": number},
    )
    row = next((each for each in of.drafts if each.id == st.session_state.get("order_rounds_chosen")), of.drafts[0])
    goals = {each.goal_id: f"{each.position}. {each.title}" for each in row.candidates}
    ordering(
        f"Goals of round {row.number}, in the order of the printed list",
        goals,
        key=f"order_goals_{row.id}",
        reorder=planning.reorder_candidates,
        order=lambda ids: {"actor": of.person, "round_id": row.id, "goal_ids": ids},
    )
    _edit_form(of, row)
    _what_is_frozen(of, row)
    others = [each for each in of.city.languages if each != "en"]
    if others:
        st.subheader(f"Round {row.number} in other languages", anchor=False)
        _translation(of, row, others)


def _what_is_frozen(of: Console, row: RoundRow) -> None:
    """All that opening freezes, in words, with its fingerprint as of now."""
    draft = draft_text(actor=of.person, round_id=row.id)
    st.subheader(f"What opening round {row.number} will freeze", anchor=False)
    lines = [
        ("Rule", row.rule_sentence),
        ("Who may vote", row.eligibility),
        ("Results show", SHOWS[row.shows]),
        ("Officers’ figures", FIGURES[row.officers_figures]),
        ("Places, minutes", f"{counted(row.places, 'place')}, {counted(row.minutes, 'minute')}"),
        (
            "Passes",
            f"{sum(each.size - each.void for each in of.batches):,} in {counted(len(of.batches), 'batch', 'batches')}",
        ),
        ("Fingerprint as of now", short_hash(draft.frozen_hash)),
    ]
    st.html(table("What is frozen", [Column("What"), Column("How")], lines, hide_caption=True))
    if row.mode is RoundMode.MEETING:
        for warning in opening_warnings(row.id):
            st.warning(plain(warning), icon=":material/warning:")
    st.download_button(
        "Save all of it as JSON",
        draft.text,
        file_name=f"round-{row.number}-draft.json",
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
        key=f"frozen_{row.id}",
    )


def _frozen_rounds(of: Console) -> None:
    opened = [row for row in of.detail.rounds if row.state is not RoundState.DRAFT]
    if not opened:
        return
    items = "".join(
        f"<li>Round {row.number}, frozen at opening: <b>{row.short_hash}</b> · "
        f'<a href="/results/{row.uuid}/rule.json" target="_blank" rel="noopener">whole text</a>'
        f"{' · ' + escape('set aside: ' + row.set_aside) if row.set_aside else ''}</li>"
        for row in opened
    )
    st.html(f'<ul class="run-frozen">{items}</ul>')


def _translation(of: Console, row: RoundRow, languages: list[str]) -> None:
    """One text at a time in one language; what is left out stays in English."""
    left, right = st.columns([1, 2])
    language = left.selectbox(
        "Language", languages, key="t_language", format_func=lambda code: LANGUAGES.get(code, code)
    )
    parts = {0: "Question, and who may vote"} | {each.goal_id: each.title for each in row.candidates}
    part = right.selectbox("Text", list(parts), key="t_part", format_func=lambda number: parts.get(number, "–"))
    there = round_of(row.id, language)
    about = {"actor": of.person, "round_id": row.id, "language": language}
    stamp = f"{row.id}_{language}_{part}"
    one, two = f"t_one_{stamp}", f"t_two_{stamp}"
    with st.form(f"translation_{stamp}", border=False):
        if part == 0:
            st.text_input("Question", "" if there.question == row.question else there.question, key=one, max_chars=160)
            st.text_area(
                "Who may vote",
                "" if there.eligibility == row.eligibility else there.eligibility,
                key=two,
                max_chars=LINE_LENGTH,
            )
            names = ("question", "eligibility")
        else:
            english = next(each for each in row.candidates if each.goal_id == part)
            kept = next(each for each in there.candidates if each.goal_id == part)
            st.text_input("Title", "" if kept.title == english.title else kept.title, key=one, max_chars=TITLE_LENGTH)
            st.text_area(
                "Summary", "" if kept.summary == english.summary else kept.summary, key=two, max_chars=SUMMARY_LENGTH
            )
            names = ("title", "summary")
            about |= {"goal_id": part}
        st.form_submit_button(
            "Keep the translation",
            on_click=doing(
                planning.translate_round if part == 0 else planning.translate_candidate,
                arguments=lambda: {
                    **about,
                    names[0]: st.session_state.get(one, ""),
                    names[1]: st.session_state.get(two, ""),
                },
                done="Kept.",
                place="translation",
            ),
        )
        said("translation")


def _plan_form(person: Actor, detail: MeetingDetail) -> None:
    """A new ballot: question, goals, places, rule and what shows when."""
    goals = {goal.id: f"{goal.title} ({goal.concerns} concerns)" for goal in voting_reads.goals_for(detail.meeting)}
    if not goals:
        st.text("No goal of this meeting's beats is proposed. Propose one on the page Goals.")
        return
    with st.form("plan_round", border=False):
        _round_fields("r", goals, None)
        st.form_submit_button(
            "Prepare the vote",
            on_click=doing(
                planning.plan_round,
                arguments=lambda: {"actor": person, "meeting_id": detail.meeting.id, **_round_typed("r")},
                done="The vote is prepared. Open it when the room is ready.",
                place="plan_round",
            ),
        )
        said("plan_round")


def _edit_form(of: Console, row: RoundRow) -> None:
    """A prepared vote as it stands, to be changed until it is opened."""
    if not st.toggle(f"Change round {row.number}", key=f"edit_{row.id}"):
        return
    goals = {each.goal_id: f"{each.title}" for each in row.candidates}
    goals |= {
        goal.id: f"{goal.title} ({goal.concerns} concerns)"
        for goal in voting_reads.goals_for(of.detail.meeting)
        if goal.id not in goals
    }
    stamp = f"e{row.id}"
    with st.form(f"edit_form_{row.id}", border=True):
        _round_fields(stamp, goals, row)
        st.caption("A question worded anew loses its translations; goals that stay keep theirs.")
        st.form_submit_button(
            "Keep the changes of this vote",
            on_click=doing(
                change_draft,
                arguments=lambda: {"actor": of.person, "round_id": row.id, **_round_typed(stamp)},
                done="Changed.",
                place="edit_round",
            ),
        )
        said("edit_round")


def _round_fields(stamp: str, goals: dict[int, str], of: RoundRow | None) -> None:
    """What a vote is made of, as it is usual or as it was prepared."""

    def choice(label: str, names: Mapping[T, str], name: str, kept: T | None, where: DeltaGenerator) -> None:
        options = list(names)
        at = options.index(kept) if kept is not None else 0
        where.selectbox(label, options, at, key=f"{stamp}_{name}", format_func=names.__getitem__)

    question = of.question if of else "Which goals for the coming months?"
    st.text_input("Question", question, key=f"{stamp}_question", max_chars=160)
    st.multiselect(
        "Goals on the ballot",
        list(goals),
        [each.goal_id for each in of.candidates] if of else None,
        key=f"{stamp}_goals",
        format_func=goals.__getitem__,
    )
    left, right = st.columns(2)
    left.number_input("Places", 1, 10, of.places if of else 3, key=f"{stamp}_places")
    right.number_input("Minutes", 1, planning.LONGEST_ROUND, of.minutes if of else 10, key=f"{stamp}_minutes")
    whole = st.container()
    choice("Who votes", MODES, "mode", of.mode if of else None, whole)
    choice("Rule", RULES, "rule", of.rule if of else None, whole)
    left, right = st.columns(2)
    choice("Results show", SHOWS, "shows", of.shows if of else None, left)
    choice("Officers' figures", FIGURES, "figures", of.officers_figures if of else None, right)
    st.text_area("Who may vote", of.eligibility if of else ELIGIBLE, key=f"{stamp}_eligibility", max_chars=LINE_LENGTH)


def _round_typed(stamp: str) -> dict[str, object]:
    """What the services of a vote take, as it was typed."""
    return {
        "question": st.session_state[f"{stamp}_question"],
        "eligibility": st.session_state[f"{stamp}_eligibility"],
        "goal_ids": st.session_state[f"{stamp}_goals"],
        "places": int(st.session_state[f"{stamp}_places"]),
        "rule": st.session_state[f"{stamp}_rule"],
        "mode": st.session_state[f"{stamp}_mode"],
        "shows": st.session_state[f"{stamp}_shows"],
        "officers_figures": st.session_state[f"{stamp}_figures"],
        "minutes": int(st.session_state[f"{stamp}_minutes"]),
    }

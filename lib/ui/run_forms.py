"""The console's forms: plan a meeting, prepare a vote, mint passes, note a minute."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from lib.queries.meetings import MeetingDetail
from lib.rules.lifecycle import Electorate
from lib.rules.minutes import MinuteKind
from lib.rules.rights import Actor
from lib.rules.voting import ResultsShown, RoundRule, SideFigures
from lib.services import meetings, passes, planning
from lib.ui import reads, voting_reads
from lib.ui.acting import acting, told
from lib.ui.run_parts import minted_download, remember_minted

RULES = {
    RoundRule.TWO_KEYS_TURNS: "Two keys, then take turns",
    RoundRule.LOWER_SHARE: "Lower of the two shares (both sides show their figures)",
}
SHOWS = {ResultsShown.AFTER_CLOSING: "After closing", ResultsShown.LIVE: "Live, as a show of hands"}
FIGURES = {SideFigures.SEALED: "Only whether the key turned", SideFigures.OPEN: "Officers agreed to show their figures"}
ELIGIBLE = "Everybody who lives or works in the beat and holds a pass of this meeting; officers posted to the beat."


def plan_meeting_form(person: Actor) -> None:
    """A new meeting: what, where, when, for which beats."""
    told("plan_meeting")
    with st.form("plan_meeting", border=False):
        st.text_input("Title", key="m_title", max_chars=120, placeholder="Autumn meeting of beat K2")
        st.text_input("Place", key="m_place", max_chars=200, placeholder="Community Room, 105 Yesler Way")
        st.text_input("How to get in, children, languages", key="m_access", max_chars=300)
        st.text_input("Name of the hall's Wi-Fi", key="m_wifi", max_chars=80)
        st.multiselect("Beats", [beat.code for beat in reads.beats()], key="m_beats", format_func=_beat_label)
        left, right = st.columns(2)
        left.text_input("Begins (year-month-day hour:minute)", key="m_begins", placeholder="2027-01-14 18:30")
        right.number_input("Minutes", 15, 600, 120, step=15, key="m_minutes")
        st.form_submit_button(
            "Plan the meeting",
            on_click=acting(
                meetings.plan_meeting,
                arguments=lambda: _meeting_arguments(person),
                done="The meeting is planned and shows on Home and Meetings.",
                key="plan_meeting",
                after=lambda _id: st.cache_data.clear(),
            ),
        )


def plan_round_form(person: Actor, detail: MeetingDetail) -> None:
    """A new ballot: question, goals, places, rule and what shows when."""
    told("plan_round")
    goals = {goal.id: goal for goal in voting_reads.goals_for(detail.meeting)}
    if not goals:
        st.text("No goal of this meeting's beats is proposed. Propose one on the page Goals.")
        return
    with st.form("plan_round", border=False):
        st.text_input("Question", "Which goals for the coming months?", key="r_question", max_chars=160)
        st.multiselect(
            "Goals on the ballot",
            list(goals),
            key="r_goals",
            format_func=lambda key: f"{goals[key].title} ({goals[key].concerns} concerns)",
        )
        left, right = st.columns(2)
        left.number_input("Places", 1, 10, 3, key="r_places")
        right.number_input("Minutes", 1, 180, 10, key="r_minutes")
        st.selectbox("Rule", list(RULES), key="r_rule", format_func=RULES.__getitem__)
        left, right = st.columns(2)
        left.selectbox("Results show", list(SHOWS), key="r_shows", format_func=SHOWS.__getitem__)
        right.selectbox("Officers' figures", list(FIGURES), key="r_figures", format_func=FIGURES.__getitem__)
        st.text_area("Who may vote", ELIGIBLE, key="r_eligibility", max_chars=300)
        st.form_submit_button(
            "Prepare the vote",
            on_click=acting(
                planning.plan_round,
                arguments=lambda: {
                    "actor": person,
                    "meeting_id": detail.meeting.id,
                    "question": st.session_state["r_question"],
                    "eligibility": st.session_state["r_eligibility"],
                    "goal_ids": st.session_state["r_goals"],
                    "places": int(st.session_state["r_places"]),
                    "rule": st.session_state["r_rule"],
                    "shows": st.session_state["r_shows"],
                    "officers_figures": st.session_state["r_figures"],
                    "minutes": int(st.session_state["r_minutes"]),
                },
                done="The vote is prepared. Open it when the room is ready.",
                key="plan_round",
            ),
        )


def mint_form(person: Actor, detail: MeetingDetail) -> None:
    """Mint a batch of passes; its codes are shown for one download."""
    told("mint")
    minted_download()
    with st.form("mint", border=False):
        left, right = st.columns(2)
        left.selectbox("Side", list(Electorate), key="p_side", format_func=lambda side: side.value.capitalize())
        right.number_input("How many", 1, passes.LARGEST_BATCH, 50, key="p_number")
        st.form_submit_button(
            "Mint passes",
            on_click=acting(
                passes.mint_passes,
                arguments=lambda: {
                    "actor": person,
                    "meeting_id": detail.meeting.id,
                    "side": st.session_state["p_side"],
                    "number": int(st.session_state["p_number"]),
                },
                key="mint",
                after=remember_minted,
            ),
        )


def minute_form(person: Actor, detail: MeetingDetail) -> None:
    """Note what was said or promised."""
    told("minute")
    with st.form("minute", border=False, clear_on_submit=True):
        st.selectbox(
            "Kind",
            [MinuteKind.NOTE, MinuteKind.PROMISE],
            key="n_kind",
            format_func=lambda kind: kind.value.capitalize(),
        )
        st.text_area("What was said or promised", key="n_text", max_chars=2000)
        st.form_submit_button(
            "Note it",
            on_click=acting(
                meetings.note_minute,
                arguments=lambda: {
                    "actor": person,
                    "meeting_id": detail.meeting.id,
                    "text": st.session_state["n_text"],
                    "kind": st.session_state["n_kind"],
                },
                done="Noted.",
                key="minute",
            ),
        )


def agenda_form(person: Actor, detail: MeetingDetail) -> None:
    """Add a step to the agenda."""
    told("agenda")
    rounds = {each.id: f"Round {each.number}: {each.question}" for each in detail.rounds}
    with st.form("agenda", border=False, clear_on_submit=True):
        st.text_input("Step", key="a_title", max_chars=160)
        left, right = st.columns(2)
        left.number_input("Minutes", 1, 480, 10, key="a_minutes")
        right.selectbox("A vote?", [None, *rounds], key="a_round", format_func=lambda key: rounds.get(key, "No"))
        st.form_submit_button(
            "Add to the agenda",
            on_click=acting(
                meetings.add_agenda_item,
                arguments=lambda: {
                    "actor": person,
                    "meeting_id": detail.meeting.id,
                    "title": st.session_state["a_title"],
                    "minutes": int(st.session_state["a_minutes"]),
                    "round_id": st.session_state["a_round"],
                },
                done="Added.",
                key="agenda",
            ),
        )


def _beat_label(code: str) -> str:
    return next((beat.label for beat in reads.beats() if beat.code == code), code)


def _meeting_arguments(person: Actor) -> dict[str, object]:
    from lib.errors import Invalid

    try:
        begins = datetime.strptime(st.session_state["m_begins"].strip(), "%Y-%m-%d %H:%M")  # noqa: DTZ007
    except ValueError as cause:
        raise Invalid("Write when the meeting begins as 2027-01-14 18:30.", field="m_begins") from cause
    starts_at = begins.replace(tzinfo=ZoneInfo(reads.city().time_zone))
    return {
        "actor": person,
        "title": st.session_state["m_title"],
        "place": st.session_state["m_place"],
        "access": st.session_state["m_access"],
        "wifi": st.session_state["m_wifi"],
        "beat_codes": st.session_state["m_beats"],
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=int(st.session_state["m_minutes"])),
    }

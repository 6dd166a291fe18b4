"""The result of one published round, or the list of all of them."""

from html import escape

import streamlit as st

from lib.ui import live_reads, result_parts, result_reads, voting_reads
from lib.ui.addresses import uuid_in_address
from lib.ui.parts import card, empty_state, meta, page_title, pill, plain

chosen = uuid_in_address("round")
if chosen is None:
    page_title("Results", "Every vote that was counted and published.")
    results = voting_reads.published(None)
    if not results:
        empty_state("Nothing is published yet", "Results appear here when a vote has been counted.")
    for each in results:
        st.link_button(plain(f"{each.meeting_title}: {each.question}"), f"/result?round={each.uuid}")
else:
    result = voting_reads.result(chosen)
    page_title(
        result.round.question,
        f"{result.meeting.title} · beat {result.meeting.beat_labels} · round {result.round.number}",
    )
    with card("story", height="content"):
        st.header("What was decided", anchor=False)
        if result_parts.label(result):
            st.html(pill("warn", result_parts.label(result)))
        st.html(f'<p class="cb-say">{escape(result.sentence)}</p>')
        if repeated := live_reads.repeated(chosen):
            st.text(repeated)
        for sentence in result_parts.endings(result):
            st.text(sentence)
        for line in result.lines:
            st.subheader(plain(line.candidate.title), anchor=False)
            st.html(result_parts.goal_story(result, line))
            st.text(line.sentence)
        st.html(meta("People chose any number of goals, so shares do not add up to 100."))
    with card("sides", height="content"):
        st.header("Passes and ballots", anchor=False)
        st.html(result_parts.sides_table(result, result_reads.passes(result.round.id)))
        if not result.publishes_officers_ballots and not result_parts.is_open_room(result):
            st.html(meta("The officers’ ballots were counted under two witnesses and destroyed."))
    with card("proof", height="content"):
        st.header("The rule, and counting again", anchor=False)
        st.text(result.round.rule_sentence)
        for name, words in result_parts.facts(result, result_reads.ballots_fingerprint(chosen)):
            st.text(f"{name}: {words}")
        st.html(
            meta(
                "Counted again just now from the published ballots: the same result."
                if result.is_recounted
                else "The published ballots do not give the result that was written down. Please tell the auditor."
            )
        )
        with st.container(horizontal=True):
            st.link_button("Count again in your browser", f"/results/{chosen}#again")
            st.link_button("Find my ballot", f"/results/{chosen}/ballots")
            st.link_button("All ballots and the recount script (zip)", f"/results/{chosen}/ballots.zip")
            st.link_button("What became of it", f"/rounds/{chosen}/follow")
            st.link_button("Show on the projector", f"/live?meeting={result.meeting.uuid}&round={chosen}")

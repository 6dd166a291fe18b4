"""The result of one published round, or the list of all of them."""

from html import escape

import streamlit as st

from lib.ui import voting_reads
from lib.ui.addresses import uuid_in_address
from lib.ui.parts import card, empty_state, meta, page_title, plain
from lib.ui.result_parts import goals_table, sides_table

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
        st.html(f'<p class="cb-say">{escape(result.sentence)}</p>')
        st.html(goals_table(result))
        for line in result.lines:
            st.text(f"{line.candidate.title}: {line.sentence}")
    with card("sides", height="content"):
        st.header("Both sides", anchor=False)
        st.html(sides_table(result))
        st.text(result.round.rule_sentence)
        st.html(meta(f"Frozen at opening under the hash {result.round.short_hash}. Shares do not add up to 100."))
        if result.is_recounted:
            st.html(meta("Counted again just now from the published ballots: the same result."))
    st.link_button("Show on the projector", f"/live?meeting={result.meeting.uuid}&round={result.round.uuid}")

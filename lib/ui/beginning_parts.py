"""An adopted goal that has not begun: what is missing, and whose turn it is."""

from html import escape

import streamlit as st

from lib.queries.goal_story import GoalStory
from lib.rules.beginning import missing_to_begin
from lib.rules.lifecycle import Party
from lib.rules.text import listed
from lib.ui.parts import card, pill


def beginning_part(story: GoalStory) -> None:
    """The list of what is missing with who does it; or that somebody can begin it now."""
    beats = [beat.code for beat in story.card.beats]
    promised = {
        party: [each.state for each in story.commitments if each.party is party]
        for party in (Party.RESIDENTS, Party.OFFICERS)
    }
    missing = missing_to_begin(has_measure=story.card.measure is not None, promised=promised, beats=beats)
    with card("beginning", height="content"):
        st.header("Before it can begin", anchor=False)
        if not missing:
            officer = f"an officer of beat {listed(beats, last='or')}" if beats else "an officer"
            st.html(pill("open", "Everything is there", "check_circle"))
            st.text(f"A facilitator or {officer} begins it on this page. Its figures are compared from that day on.")
            return
        st.text(
            "Both sides agreed on this goal. It begins, and is compared with what was before, once these are there:"
        )
        items = "".join(
            f"<li>{pill('warn', 'Missing', 'pending')} <b>{escape(each.what[:1].upper() + each.what[1:])}.</b> "
            f"{escape(each.by)}</li>"
            for each in missing
        )
        st.html(f'<ul class="cb-also">{items}</ul>')

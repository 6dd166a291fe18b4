"""Audit: every change, and whether anybody tampered with the record of it."""

import streamlit as st

from lib.rules.rights import Right
from lib.ui.log_parts import chain_part, entries_part
from lib.ui.parts import page_title
from lib.ui.session import acting_person

acting_person(Right.READ_LOG)
page_title("Audit", "Every change but ballots, pulse answers and supports, which the log holds as totals")
chain_part()
st.header("Entries", anchor=False)
entries_part()

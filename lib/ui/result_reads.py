"""What the result page asks. A published round never changes, so a read is kept for a minute."""

from uuid import UUID

import streamlit as st

from lib.queries.downloads import round_download
from lib.queries.reconciling import SideReconciliation, reconciliation


@st.cache_data(ttl=60, show_spinner=False)
def passes(round_id: int) -> tuple[SideReconciliation, ...]:
    """Passes and ballots of both sides."""
    return reconciliation(round_id)


@st.cache_data(ttl=60, show_spinner=False)
def ballots_fingerprint(round_uuid: UUID) -> str:
    """The SHA-256 of the published ballots in hex."""
    return round_download(round_uuid).hashes["ballots.csv"]

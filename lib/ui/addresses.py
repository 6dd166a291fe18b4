"""Reading what stands behind the question mark of a page's address. Nonsense counts as nothing."""

from uuid import UUID

import streamlit as st


def uuid_in_address(name: str) -> UUID | None:
    """The UUID under this name in the address bar; None if there is none or it is not one."""
    try:
        return UUID(st.query_params.get(name, ""))
    except ValueError:
        return None

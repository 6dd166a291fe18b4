"""Keeping the templates of answers, on the desk."""

import streamlit as st

from lib.queries.desk import answer_templates
from lib.rules.lifecycle import ConcernStatus
from lib.rules.rights import Right
from lib.rules.states import words
from lib.services import answer_templates as keeping
from lib.ui.acting import acting, told
from lib.ui.desk_parts import for_holders
from lib.ui.session import actor

STATUSES = [None, *(each for each in ConcernStatus if each not in (ConcernStatus.NEW, ConcernStatus.DUPLICATE))]


@st.fragment
@for_holders(Right.ANSWER_CONCERN)
def templates_part() -> None:
    """All templates; one of them, or a new one, in a form."""
    with st.expander("Answer templates", icon=":material/quick_phrases:"):
        told("templates")
        templates = {template.id: template for template in answer_templates()}
        chosen = st.selectbox(
            "Template",
            [None, *templates],
            format_func=lambda row: templates[row].name if row else "A new one",
            key="template_chosen",
        )
        template = templates.get(chosen) if chosen else None
        # Another template is another form: what was typed for one never lands in the next.
        key = f"template_{chosen or 'new'}"
        with st.form(key, border=False):
            st.text_input("Name", value=template.name if template else "", max_chars=80, key=f"{key}_name")
            st.selectbox(
                "Usually goes with",
                STATUSES,
                index=STATUSES.index(template.status) if template and template.status in STATUSES else 0,
                format_func=lambda each: words(each).capitalize() if each else "Any status",
                key=f"{key}_status",
            )
            st.text_area("Words", value=template.text if template else "", height=110, key=f"{key}_text")
            with st.container(horizontal=True):
                st.form_submit_button(
                    "Keep it",
                    on_click=acting(
                        keeping.keep_template,
                        arguments=lambda: {
                            "actor": actor(),
                            "template_id": chosen,
                            "name": st.session_state[f"{key}_name"],
                            "text": st.session_state[f"{key}_text"],
                            "status": st.session_state[f"{key}_status"],
                        },
                        done="The template is kept. It is there for every officer.",
                        key="templates",
                    ),
                )
                if template is not None:
                    st.form_submit_button(
                        "Remove it",
                        on_click=acting(
                            keeping.remove_template,
                            arguments=lambda: {"actor": actor(), "template_id": chosen},
                            done="The template is gone; answers that began with it stay.",
                            key="templates",
                            after=lambda _gone: st.session_state.pop("template_chosen", None),
                        ),
                    )

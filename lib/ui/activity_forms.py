"""Part of the coordinator's page: what people can join, and who is told of volunteers."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from lib.errors import Invalid
from lib.queries.partners import ActivityRow, activities, partners
from lib.rules import partners as lengths
from lib.rules.rights import Right
from lib.services.activities import (
    check_activity,
    keep_activity,
    name_organiser,
    remove_activity,
    translate_activity,
)
from lib.ui import reads, services_reads
from lib.ui.acting import acting, told
from lib.ui.desk_parts import for_holders
from lib.ui.directory_forms import NEW, Fields, languages_written, translation_form
from lib.ui.parts import meta
from lib.ui.session import actor

NOBODY = 0


@st.fragment
@for_holders(Right.MANAGE_DIRECTORY)
def activities_part() -> None:
    """A form for one activity, and who organises it."""
    rows = activities()
    st.header("What people can join", anchor=False)
    told("activities")
    if not reads.beats():
        st.text("Import the city's beats first: every activity is in one.")
        return
    names = {NEW: "Add an activity"} | {row.id: f"{row.name} (beat {row.beat})" for row in rows}
    chosen = st.selectbox("Activity", list(names), format_func=names.__getitem__, key="directory_activity")
    row = next((each for each in rows if each.id == chosen), None)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _activity_form(row)
    if row is not None:
        with right:
            _organiser_form(row)
            _activity_buttons(row)
            translation_form("activity", row.id, row.language, row.translations, translate_activity, "rhythm")


def _activity_form(row: ActivityRow | None) -> None:
    chosen = row.id if row else NEW
    fields = Fields(f"activity_{chosen}")
    beats = {beat.code: f"Beat {beat.label}" for beat in reads.beats()}
    by = {NOBODY: "Nobody: residents run it themselves"} | {each.id: each.name for each in partners()}
    present = next((each.id for each in partners() if row and each.name == row.partner), NOBODY)
    kinds = {kind: kind.capitalize() for kind in dict.fromkeys((*lengths.KINDS, row.kind if row else lengths.KINDS[0]))}
    with st.form(f"activity_form_{chosen}", enter_to_submit=False):
        fields.choice("Kind", "kind", kinds, row.kind if row else None)
        fields.line("Name", "name", row.name if row else "", lengths.SERVICE_NAME)
        fields.text("What people do there", "description", row.description if row else "", lengths.DESCRIPTION)
        fields.choice("Beat", "beat_code", beats, row.beat if row else None)
        fields.line("Place", "place", row.place if row else "", lengths.PLACE_LENGTH)
        fields.line("How often", "rhythm", row.rhythm if row else "", lengths.LINE, "every Thursday, 18:00")
        fields.line("Next time (year-month-day hour:minute)", "next_at", _written(row), 16, "2026-12-03 18:00")
        fields.line("Words people search with", "needs", row.needs if row else "", lengths.NEEDS_LENGTH)
        fields.line("Languages spoken", "languages", row.languages if row else "", lengths.LINE)
        written = row.language if row else ""
        fields.choice("Written in", "language", languages_written(written), written)
        fields.choice("Partner who runs it", "partner_id", by, present)
        st.form_submit_button(
            "Save",
            type="primary",
            on_click=acting(
                keep_activity,
                arguments=lambda: _typed(fields, chosen),
                done="Saved, and checked today.",
                key="activities",
                after=lambda _id: fields.done(is_new=row is None),
            ),
        )


def _organiser_form(row: ActivityRow) -> None:
    st.subheader("Who is told of volunteers", anchor=False)
    st.html(
        meta(
            "Somebody is. Their address is sealed and shown to nobody; a new one gets a new link."
            if row.can_join
            else "Nobody yet, so nobody can sign up here."
        )
    )
    key = f"organiser_{row.id}"
    with st.form(f"{key}_form", enter_to_submit=False):
        st.text_input("Organiser's e-mail address", key=key, max_chars=254)
        st.form_submit_button(
            "Save the address",
            on_click=acting(
                name_organiser,
                arguments=lambda: {"actor": actor(), "activity_id": row.id, "address": st.session_state.get(key, "")},
                done="Saved. With an empty address nobody can sign up.",
                key="activities",
                after=lambda _none: _emptied(key),
            ),
        )


def _activity_buttons(row: ActivityRow) -> None:
    st.button(
        "Checked today: all of it is right",
        key=f"activity_checked_{row.id}",
        on_click=acting(
            check_activity,
            arguments=lambda: {"actor": actor(), "activity_id": row.id},
            done=f"{row.name}: checked today.",
            key="activities",
            after=lambda _none: services_reads.forget(),
        ),
    )
    sure = st.checkbox("Remove it, with everybody who signed up", key=f"activity_sure_{row.id}")
    st.button(
        "Remove for good",
        key=f"activity_removed_{row.id}",
        disabled=not sure,
        on_click=acting(
            remove_activity,
            arguments=lambda: {"actor": actor(), "activity_id": row.id},
            done=f"{row.name} is removed, and everybody's address with it.",
            key="activities",
            after=lambda _none: services_reads.forget(),
        ),
    )


def _typed(fields: Fields, chosen: int) -> dict[str, Any]:
    typed = fields.typed()
    return {
        **typed,
        "actor": actor(),
        "activity_id": chosen or None,
        "partner_id": typed["partner_id"] or None,
        "next_at": _moment(typed["next_at"]),
    }


def _moment(written: str) -> datetime | None:
    """A time in the city as an instant. Raises Invalid."""
    if not written.strip():
        return None
    try:
        local = datetime.fromisoformat(written.strip())
        return local.replace(tzinfo=ZoneInfo(reads.city().time_zone)).astimezone(UTC)
    except (ValueError, OverflowError) as cause:
        raise Invalid("Write the next time as 2026-12-03 18:00, or leave it empty.", field="next_at") from cause


def _written(row: ActivityRow | None) -> str:
    if row is None or row.next_at is None:
        return ""
    return f"{row.next_at.astimezone(ZoneInfo(reads.city().time_zone)):%Y-%m-%d %H:%M}"


def _emptied(key: str) -> None:
    st.session_state[key] = ""
    services_reads.forget()

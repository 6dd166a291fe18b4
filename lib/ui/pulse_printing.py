"""What a wave of the pulse is printed on: invitations or questionnaires with their codes, saved once, and sheets with
space for a code at any time."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

import streamlit as st

from lib.errors import Explained
from lib.printing.invitations import Invitation, invitations_pdf
from lib.printing.paper import Paper
from lib.printing.questionnaires import Questionnaire, questionnaires_pdf
from lib.printing.slips import unprintable
from lib.queries.pulse_waves import WaveProgress
from lib.rules.instrument import PRESENT, Sample
from lib.rules.text import counted
from lib.services.once import Waiting, forget_once, keep_once, waiting_once
from lib.services.pulse import PlannedWave
from lib.settings import settings
from lib.ui import reads
from lib.ui.parts import meta, plain
from lib.ui.session import actor

PLANNED = "pulse_planned"
"""The wave just planned, with its codes, until they are saved."""

_DRAWN = "pulse_drawn"

PAPERS = {Paper.A4: "A4", Paper.LETTER: "Letter"}
SPOKEN = {"en": "English", "es": "Spanish"}


class Printed(StrEnum):
    """What the codes of a wave are printed on."""

    INVITATIONS = "Invitations, four on a sheet"
    ENGLISH = "Questionnaires to fill in, English"
    SPANISH = "Questionnaires to fill in, Spanish"
    BOTH = "Questionnaires in both languages, one code for the pair"


QUESTIONNAIRES = {Printed.ENGLISH: ("en",), Printed.SPANISH: ("es",), Printed.BOTH: ("en", "es")}


@dataclass(frozen=True)
class _Drawn:
    """The file that waits to be fetched, and what it was drawn from."""

    about: object
    name: str


def remember_planned(wave: PlannedWave) -> None:
    """Keep the codes of the wave just planned for the one fetch that follows."""
    _forget()
    st.session_state[PLANNED] = wave


def codes_to_print() -> None:
    """The link that fetches the codes of the wave just planned, once; nothing when there are none left to save."""
    wave: PlannedWave | None = st.session_state.get(PLANNED)
    drawn: _Drawn | None = st.session_state.get(_DRAWN)
    if wave is None:
        return
    label = next((beat.label for beat in reads.beats() if beat.code == wave.beat_code), wave.beat_code)
    is_volunteer = wave.sample is Sample.VOLUNTEER
    if drawn is not None and (stands := waiting_once(drawn.name)) is not Waiting.WAITS:
        if stands is Waiting.TAKEN:
            _forget()
            st.success(plain(f"The file for beat {label} was fetched. {_where_codes_are(is_volunteer)}"))
            return
        st.session_state.pop(_DRAWN)
    st.warning(
        plain(f"Save the invitations of beat {label} now. {_where_codes_are(is_volunteer)}"), icon=":material/key:"
    )
    lost = unprintable(label, reads.city().name)
    if lost:
        st.warning(
            plain(f"These letters cannot be printed and become circles: {lost}"), icon=":material/font_download:"
        )
    printed = st.radio("Print them as", list(Printed), key="pulse_printed", format_func=lambda each: each.value)
    paper = st.radio("Paper", list(PAPERS), key="pulse_paper_size", horizontal=True, format_func=PAPERS.__getitem__)
    try:
        name = _file(wave, label, printed or Printed.INVITATIONS, paper)
    except Explained as problem:
        st.error(plain(problem.sentence), icon=":material/error:")
        return
    st.link_button(
        f"Save {counted(len(wave.codes), 'code')} as PDF",
        f"/slips/{name}",
        type="primary",
        icon=":material/download:",
    )


def blank_questionnaires(waves: list[WaveProgress]) -> None:
    """A questionnaire with space for the code, for whoever has an invitation and no phone, or lost the sheet."""
    names = {wave.beat.code: f"{wave.beat.label}, until {wave.closes_on:%Y-%m-%d}" for wave in waves}
    with st.expander("Print a questionnaire with space for the code", icon=":material/print:"):
        st.html(
            meta(
                "Invitations with their codes are saved when a wave is planned. For volunteers the public code is "
                "printed on the sheet."
            )
        )
        beat = st.selectbox(
            "Wave", ["", *names], key="blank_beat", format_func=lambda code: names.get(code, "any wave")
        )
        spoken = st.radio("Language", list(SPOKEN), key="blank_spoken", horizontal=True, format_func=SPOKEN.__getitem__)
        paper = st.radio("Size", list(PAPERS), key="blank_paper", horizontal=True, format_func=PAPERS.__getitem__)
        asked = {"spoken": spoken, "paper": PAPERS[paper].lower()} | ({"beat": beat} if beat else {})
        st.link_button(
            "Open the questionnaire to print", f"/pulse/questionnaire.pdf?{urlencode(asked)}", icon=":material/print:"
        )


def _file(wave: PlannedWave, label: str, printed: Printed, paper: Paper) -> str:
    """The name under which the file waits; drawn anew only when something else is to be printed. Raises Explained."""
    about = (wave.survey_id, printed, paper)
    drawn: _Drawn | None = st.session_state.get(_DRAWN)
    if drawn is None or drawn.about != about:
        person = actor()
        name = keep_once(
            person_id=person.person_id if person else 0,
            file_name=f"pulse-{wave.beat_code}-{wave.wave_on:%Y-%m-%d}.pdf",
            media_type="application/pdf",
            content=_pdf(wave, label, printed, paper),
        )
        if drawn is not None:
            forget_once(drawn.name)
        drawn = _Drawn(about, name)
        st.session_state[_DRAWN] = drawn
    return drawn.name


def _pdf(wave: PlannedWave, label: str, printed: Printed, paper: Paper) -> bytes:
    city, address = reads.city().name, settings().address
    if printed is Printed.INVITATIONS:
        is_volunteer = wave.sample is Sample.VOLUNTEER
        about = Invitation(f"Beat {label}", city, address, wave.closes_on, is_volunteer)
        return invitations_pdf(wave.codes, about, paper=paper)
    sheet = Questionnaire(label, city, address, PRESENT, wave.closes_on)
    return questionnaires_pdf(wave.codes, sheet, paper=paper, languages=QUESTIONNAIRES[printed])


def _where_codes_are(is_volunteer: bool) -> str:
    return "The code stays in the list below." if is_volunteer else "Their codes are kept nowhere else."


def _forget() -> None:
    st.session_state.pop(PLANNED, None)
    st.session_state.pop(_DRAWN, None)

"""The pulse's questions to print and fill in by hand: drawn at each asking, never stored.

Anybody may print one; without the code of an invitation it counts for nothing. Volunteers' public code is printed for
whoever runs the pulse.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lib import clock
from lib.errors import NotFound
from lib.printing.questionnaires import LANGUAGES, Questionnaire, questionnaires_pdf
from lib.queries.places import city
from lib.queries.pulse_waves import WaveProgress, wave_progress
from lib.rules.instrument import ENGLISH, PRESENT
from lib.rules.pulse import WaveState
from lib.rules.rights import Right, may
from lib.settings import settings
from lib.web.languages import _
from lib.web.minutes import SHOWN_BY_BROWSERS, paper_asked
from lib.web.rendering import NEVER_STORED, strict_headers
from lib.web.signin import actor_of

PATH = "/pulse/questionnaire.pdf"


def show_questionnaire(request: Request) -> Response:
    """One questionnaire in `spoken` (en, es) on `paper` (a4, letter), of the wave that runs or is planned in `beat`;
    without a beat it names none. Raises NotFound (no such wave)."""
    asked = request.query_params
    language = asked.get("spoken", ENGLISH)
    here = city()
    wave = _wave(asked["beat"], here.time_zone) if asked.get("beat") else None
    is_for_runner = wave is not None and may(actor_of(request), Right.RUN_PULSE)
    about = Questionnaire(
        beat=wave.beat.label if wave else "",
        city=here.name,
        address=settings().address,
        wording=wave.wording if wave else PRESENT,
        closes_on=wave.closes_on if wave else None,
    )
    codes = (wave.code,) if wave and wave.code and is_for_runner else ()
    spoken = language if language in LANGUAGES else ENGLISH
    return Response(
        questionnaires_pdf(codes, about, paper=paper_asked(request), languages=(spoken,)),
        media_type="application/pdf",
        headers={
            **strict_headers(),
            "Content-Security-Policy": SHOWN_BY_BROWSERS,
            "Cache-Control": NEVER_STORED,
            "Content-Disposition": f'inline; filename="pulse-{spoken}.pdf"',
        },
    )


def _wave(beat_code: str, time_zone: str) -> WaveProgress:
    """The earliest wave of the beat that has not closed. Raises NotFound."""
    waves = wave_progress(today=clock.today(time_zone))
    running = [wave for wave in waves if wave.beat.code == beat_code and wave.state is not WaveState.CLOSED]
    if not running:
        raise NotFound(_("No survey runs in this beat, and none is planned."))
    return min(running, key=lambda wave: wave.wave_on)


ROUTES: list[BaseRoute] = [Route(PATH, show_questionnaire, methods=["GET"])]

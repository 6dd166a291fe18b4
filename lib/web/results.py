"""A published result on plain pages that read no cookie: words, both sides, the rule, the ballots, and a recount.

They are the same for everybody, so only the address itself names their language (`?language=es`).
"""

from collections.abc import Callable
from functools import lru_cache
from math import ceil
from threading import Lock
from time import monotonic
from uuid import UUID
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lib.errors import NotFound
from lib.queries.batches import round_batches
from lib.queries.contested import owed_answers
from lib.queries.counts import keeps_officers_ballots
from lib.queries.downloads import round_download
from lib.queries.log import published_link
from lib.queries.published_ballots import PublishedBallot, ballot_page
from lib.queries.reconciling import SideReconciliation, reconciliation
from lib.queries.repeating import repeated_on
from lib.queries.results import RoundResult, round_result
from lib.queries.voting import frozen_text, voting_round
from lib.rules.ballots import printed_token
from lib.rules.lifecycle import Electorate
from lib.rules.tally import Ending
from lib.rules.text import percent
from lib.rules.voting import Channel, PassKind, RoundMode
from lib.storage.engine import engine
from lib.web.languages import day, language, other_languages
from lib.web.rendering import _, city_shown, page
from lib.web.result_words import outcome_in_words, place_in_order, repeat_in_words, result_in_words
from lib.web.sentences import rule_in_words

PUBLIC = "public, max-age=60"

RESULT_SECONDS = 60
"""How long a process shows a result that it counted: a whole hall opens it in the same minute."""

_counting = Lock()

PILLS = {
    Ending.ADOPTED: "open",
    Ending.OPEN_WITHOUT_PLACE: "info",
    Ending.RESIDENTS_ONLY: "warn",
    Ending.OFFICERS_ONLY: "warn",
    Ending.NEITHER: "",
}

KINDS = {
    "ballots.csv": "text/csv; charset=utf-8",
    "ballots.json": "application/json",
    "frozen.json": "application/json",
    "result.json": "application/json",
    "recount.py": "text/x-python; charset=utf-8",
    "README.txt": "text/plain; charset=utf-8",
    "SHA256SUMS": "text/plain; charset=utf-8",
}
"""The files of the download that can be had one by one, with their media types."""


def show_result(request: Request) -> Response:
    """Raises NotFound (no such round, not published yet)."""
    round_uuid = _round(request)
    # One at a time: whoever comes meanwhile waits for that count instead of making another.
    with _counting:
        result, sides = _counted(str(engine().url), round_uuid, language(), int(monotonic() // RESULT_SECONDS))
    download = round_download(round_uuid)
    city, at = city_shown(), result.round.published_at
    tally = result.tally
    return page(
        request,
        "result.html",
        cache=PUBLIC,
        scripts=True,
        other_languages=other_languages(request),
        result=result,
        row=result.round,
        tally=tally,
        sides=sides,
        turnout=result.sides,
        Electorate=Electorate,
        is_open_room=result.round.mode is RoundMode.OPEN_ROOM,
        ranks=[place_in_order(place + 1) for place in range(len(tally.ranking))],
        sentence=result_in_words(tally),
        repeated=repeat_in_words(repeated_on(tally, result.meeting)) if tally.advisory else "",
        endings=_endings(result),
        needed={
            Electorate.RESIDENTS: ceil(result.round.residents_threshold * tally.residents.non_blank),
            Electorate.OFFICERS: ceil(result.round.officers_threshold * tally.officers.non_blank),
        },
        sentences={line.outcome.goal: outcome_in_words(line.outcome, tally) for line in result.lines},
        owed=owed_answers(result.round.id) if tally.contested else {},
        owing={
            Electorate.RESIDENTS: _("The residents owe an answer by"),
            Electorate.OFFICERS: _("The officers owe an answer by"),
        },
        answered={Electorate.RESIDENTS: _("The residents answered"), Electorate.OFFICERS: _("The officers answered")},
        day=day,
        rule_sentence=rule_in_words(result.round.rule, result.round.places, result.round.mode),
        published=day(at.astimezone(ZoneInfo(city.time_zone)).date()) if at and city else "",
        pills=PILLS,
        names=ending_names(),
        channels=_channels(),
        log_link=published_link(round_uuid),
        batches=round_batches(result.round),
        kinds={
            PassKind.SLIPS: _("slips"),
            PassKind.DOOR: _("shown at the door"),
            PassKind.OPEN_ROOM: _("for any device"),
        },
        percent=percent,
        download=download,
        size=_size(len(download.content)),
    )


def list_ballots(request: Request) -> Response:
    """The published ballots by tracker, in pages where they are many. Raises NotFound."""
    round_uuid = _round(request)
    shown = ballot_page(round_uuid, str(request.path_params.get("start", "")))
    row = voting_round(round_uuid, language())
    groups: dict[str, list[PublishedBallot]] = {}
    for ballot in shown.ballots:
        groups.setdefault(ballot.tracker[: len(shown.start) + 1], []).append(ballot)
    return page(
        request,
        "result_ballots.html",
        cache=PUBLIC,
        scripts=True,
        other_languages=other_languages(request),
        row=row,
        shown=shown,
        shows_sides=keeps_officers_ballots(row),
        is_open_room=row.mode is RoundMode.OPEN_ROOM,
        groups=groups,
        titles={candidate.goal_uuid: candidate.title for candidate in row.candidates},
        names={Electorate.RESIDENTS: _("Residents"), Electorate.OFFICERS: _("Officers")},
        printed=printed_token,
    )


def download_zip(request: Request) -> Response:
    """All that a recount needs, in one file. Raises NotFound."""
    return _file(round_download(_round(request)).content, "application/zip", "ballots.zip")


def download_sum(request: Request) -> Response:
    """The zip's SHA-256, as `sha256sum -c` reads it. Raises NotFound."""
    line = f"{round_download(_round(request)).sha256}  ballots.zip\n"
    return _file(line.encode(), "text/plain; charset=utf-8", "ballots.zip.sha256")


def download_file(request: Request) -> Response:
    """One file of the zip. Raises NotFound."""
    name = request.url.path.rpartition("/")[2]
    return _file(round_download(_round(request)).file(name), KINDS[name], name)


def download_rule(request: Request) -> Response:
    """What was frozen at opening, byte for byte as it was hashed. Raises NotFound before opening."""
    return _file(frozen_text(_round(request)).encode(), "application/json", "rule.json")


@lru_cache(maxsize=16)
def _counted(
    _database: str, round_uuid: UUID, spoken: str, _tick: int
) -> tuple[RoundResult, tuple[SideReconciliation, ...]]:
    result = round_result(round_uuid, language=spoken)
    return result, reconciliation(result.round.id)


def _endings(result: RoundResult) -> list[str]:
    """Which goals were adopted, in the order of their places, and which stand contested."""
    titles = {line.outcome.goal: line.candidate.title for line in result.lines}
    adopted = "; ".join(titles[outcome.goal] for outcome in result.tally.adopted)
    contested = "; ".join(titles[outcome.goal] for outcome in result.tally.contested)
    return [
        *([_("Adopted: %(goals)s.") % {"goals": adopted}] if adopted else []),
        *([_("Contested: %(goals)s.") % {"goals": contested}] if contested else []),
    ]


def ending_names() -> dict[Ending, str]:
    """How a goal ended in a vote, in the language of the request."""
    return {
        Ending.ADOPTED: _("Adopted"),
        Ending.OPEN_WITHOUT_PLACE: _("Open, no place left"),
        Ending.RESIDENTS_ONLY: _("Contested"),
        Ending.OFFICERS_ONLY: _("Contested"),
        Ending.NEITHER: _("Not carried"),
    }


def _channels() -> dict[str, str]:
    return {
        Channel.PHONE.value: _("By phone"),
        Channel.PAPER.value: _("On paper"),
        Channel.KIOSK.value: _("At a kiosk"),
    }


def _size(length: int) -> str:
    return f"{length / 1e6:.1f} MB" if length >= 1_000_000 else f"{max(1, round(length / 1e3))} kB"


def _round(request: Request) -> UUID:
    try:
        return UUID(str(request.path_params["round"]))
    except ValueError as cause:
        raise NotFound(_("There is no vote at this address. Check the link.")) from cause


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(
        content,
        media_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": PUBLIC},
    )


_ADDRESSES: tuple[tuple[str, Callable[[Request], Response]], ...] = (
    ("/results/{round}", show_result),
    ("/results/{round}/ballots", list_ballots),
    ("/results/{round}/ballots/{start}", list_ballots),
    ("/results/{round}/ballots.zip", download_zip),
    ("/results/{round}/ballots.zip.sha256", download_sum),
    *((f"/results/{{round}}/{name}", download_file) for name in KINDS),
    ("/results/{round}/rule.json", download_rule),
)

ROUTES: list[BaseRoute] = [Route(address, handler, methods=["GET"]) for address, handler in _ADDRESSES]

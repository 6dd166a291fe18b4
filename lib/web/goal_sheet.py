"""One goal on one sheet: big and calm for the room, one page on paper. Plain HTML without a script.

It says what was agreed, where the measure stands, who does what by when, what residents say, and what comes next; its
QR code leads to the page with everything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID
from zoneinfo import ZoneInfo

import segno
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lib import clock
from lib.errors import NotFound
from lib.queries.evidence import MeasureProgress, MeasureRow
from lib.queries.goal_story import CommitmentRow, GoalStory, goal_story
from lib.queries.meetings import next_meeting
from lib.queries.residents_word import WordOfResidents, word_of_residents
from lib.rules.beginning import missing_to_begin
from lib.rules.evidence import Change
from lib.rules.lifecycle import OPEN_COMMITMENT, CommitmentState, GoalState, Party
from lib.rules.residents_word import ANSWER_WORDS
from lib.rules.text import percent
from lib.settings import settings
from lib.web.goal_picture import goal_picture
from lib.web.languages import _, day, months
from lib.web.rendering import city_shown, page
from lib.web.sentences import marked, translated

NO_GOAL = "This goal does not exist. Go back to the list of goals."

STATES = {
    GoalState.PROPOSED: marked("Proposed"),
    GoalState.CANDIDATE: marked("Stands for a vote"),
    GoalState.ADOPTED: marked("Agreed, not begun yet"),
    GoalState.ACTIVE: marked("Under way"),
    GoalState.ACHIEVED: marked("Achieved"),
    GoalState.NOT_ACHIEVED: marked("Not achieved"),
    GoalState.WITHDRAWN: marked("Withdrawn"),
}

PROMISES = {
    CommitmentState.OFFERED: ("info", marked("Offered")),
    CommitmentState.ACCEPTED: ("", marked("Open")),
    CommitmentState.UNACCEPTED: ("warn", marked("Waits for a new officer")),
    CommitmentState.KEPT: ("open", marked("Kept")),
    CommitmentState.BROKEN: ("closed", marked("Broken")),
    CommitmentState.RELEASED: ("", marked("Released")),
}

PARTIES = {
    Party.RESIDENTS: marked("The residents"),
    Party.OFFICERS: marked("The officers"),
    Party.PARTNER: marked("Partners"),
}

VERDICTS = {
    Change.TOO_EARLY: "",
    Change.MOVED: "open",
    Change.WORSE: "closed",
    Change.NO_DETECTABLE_CHANGE: "",
    Change.NOT_TESTED: "info",
}
"""The colour of a verdict; its words are the measure's own headline."""

HEADLINES = (
    marked("Too early to say"),
    marked("Fewer than before"),
    marked("More than before"),
    marked("Fewer than expected"),
    marked("More than expected"),
    marked("More feel safe"),
    marked("Fewer feel safe"),
    marked("No detectable change"),
    marked("Target reached"),
    marked("Target not reached yet"),
    marked("Not compared"),
)

MISSING = (
    marked("a measure"),
    marked("an accepted commitment of the residents"),
    marked("an accepted commitment of the officers"),
)
"""What `lib/rules/beginning.py` can miss."""

STEPS_SHOWN = 4


@dataclass(frozen=True)
class Figure:
    """One bar: what it is, its value in words, and its length from 0 to 100."""

    label: str
    value: str
    length: int
    kind: str


def show_sheet(request: Request) -> Response:
    """The sheet. Raises NotFound."""
    try:
        uuid = UUID(str(request.path_params["uuid"]))
    except ValueError as cause:
        raise NotFound(NO_GOAL) from cause
    city = city_shown()
    zone = ZoneInfo(city.time_zone if city else "UTC")
    today = clock.now().astimezone(zone).date()
    story = goal_story(uuid, today=today)
    word = word_of_residents(uuid, today=today)
    goal = story.card
    address = f"{settings().address}/goal?id={uuid}"
    return page(
        request,
        "goal_sheet.html",
        goal=goal,
        state=_("Opened again: residents say worse") if goal.is_open_again else _(STATES[goal.state]),
        agreed=day(goal.adopted_on) if goal.adopted_on else "",
        until=day(goal.measure.due_on) if goal.measure else "",
        today=day(today),
        measure=goal.measure,
        figures=list(_figures(goal.measure, goal.progress)),
        is_reached=goal.progress is not None and goal.progress.standing.reached,
        verdict=translated(goal.progress.standing.headline) if goal.progress else "",
        verdict_kind=VERDICTS[goal.progress.standing.change] if goal.progress else "",
        finding=goal.progress.standing.told.said(_, day, months) if goal.progress else "",
        picture=goal_picture(goal.progress, start=_("Start"), target=_("Target")),
        has_band=goal.progress is not None and bool(goal.progress.standing.band),
        missing=_missing(story),
        sides=[(_(PARTIES[party]), rows) for party in Party if (rows := _promises(story, party, today))],
        word=word,
        said=_said(word),
        answers=[(answer.value, translated(words)) for answer, words in ANSWER_WORDS.items()],
        word_asked=day(word.asked_from) if word.asked_from else "",
        steps=[(day(on), what) for on, what in sorted(_steps(story, today, zone))[:STEPS_SHOWN]],
        address=address,
        code=segno.make(address, error="m", micro=False).svg_data_uri(border=0, dark="#0E1F38", light="#fff"),
    )


def _missing(story: GoalStory) -> list[str]:
    """What an adopted goal still needs before it can begin."""
    if story.card.state is not GoalState.ADOPTED:
        return []
    promised = {party: [each.state for each in story.commitments if each.party is party] for party in Party}
    has_measure = story.card.measure is not None
    return [translated(each.what) for each in missing_to_begin(has_measure=has_measure, promised=promised, beats=())]


def _said(word: WordOfResidents) -> list[tuple[str, dict[str, int]]]:
    """What residents say, by source: those that may be shown."""
    sources = ((_("By follow link"), word.shown_by_link), (_("Hands at the meeting"), word.by_hands))
    return [
        (heading, {answer.value: number for answer, number, _share in count.shares})
        for heading, count in sources
        if count.is_shown
    ]


def _figures(measure: MeasureRow | None, progress: MeasureProgress | None) -> Iterator[Figure]:
    """Before, now and target as bars of one scale; before is what the finding compares with, else the baseline."""
    if measure is None:
        return
    standing = progress.standing if progress is not None else None
    latest = standing.latest if standing is not None else None
    before = standing.before.per_month if standing is not None and standing.before is not None else measure.baseline
    values = [(_("Before"), before, "was"), (_("Target"), measure.target, "aim")]
    if latest is not None:
        values.insert(1, (_("Now"), latest, "now"))
    most = max([value for _label, value, _kind in values] + [Fraction(1, 1000)])
    for label, value, kind in values:
        yield Figure(label, _in_words(value, measure), round(100 * max(Fraction(0), value) / most), kind)


def _in_words(value: Fraction, measure: MeasureRow) -> str:
    return percent(value) if measure.is_share else f"{float(value):,.1f}".removesuffix(".0")


def _promises(story: GoalStory, party: Party, today: date) -> list[dict[str, str]]:
    """A side's commitments: what is still to be done first, each in the order of its due date."""
    own = [each for each in story.commitments if each.party is party]
    return [_promise(each, today) for each in sorted(own, key=lambda each: each.state not in OPEN_COMMITMENT)]


def _promise(row: CommitmentRow, today: date) -> dict[str, str]:
    kind, state = PROMISES[row.state]
    if row.is_overdue(today):
        kind, state = "closed", marked("Overdue")
    return {"what": row.deliverable, "who": row.owner, "due": day(row.due_on), "kind": kind, "state": _(state)}


def _steps(story: GoalStory, today: date, zone: ZoneInfo) -> Iterator[tuple[date, str]]:
    """What is dated from today on: open commitments, the next meeting, the day on which residents are asked."""
    following = next_meeting(story.card.beats[0].code) if story.card.beats else None
    if following is not None:
        yield following.starts_at.astimezone(zone).date(), f"{following.title}, {following.place}"
    for each in story.commitments:
        if each.state in OPEN_COMMITMENT and each.state is not CommitmentState.OFFERED and each.due_on >= today:
            yield each.due_on, each.deliverable
    measure = story.card.measure
    if measure is not None and measure.due_on >= today and story.card.state in (GoalState.ADOPTED, GoalState.ACTIVE):
        yield measure.due_on, _("Residents are asked what has become of it.")


ROUTES: list[BaseRoute] = [Route("/goals/{uuid}/sheet", show_sheet, methods=["GET"])]

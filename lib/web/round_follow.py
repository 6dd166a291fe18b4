"""The public follow link of a round: what became of the goals that people voted on, the same for every voter.

It reads no cookie, so nothing tells who looks; only the address names its language (`?language=es`).
"""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lib import clock
from lib.errors import NotFound
from lib.queries.goals import AGREED, GoalCard
from lib.queries.round_follow import FollowedGoal, followed_round
from lib.rules.lifecycle import RoundState
from lib.web.goal_sheet import STATES, VERDICTS
from lib.web.languages import day, language, ngettext, other_languages
from lib.web.rendering import _, city_shown, page
from lib.web.results import PILLS, PUBLIC, ending_names
from lib.web.sentences import translated


def show_followed(request: Request) -> Response:
    """Raises NotFound (no such round, or not opened yet)."""
    try:
        uuid = UUID(str(request.path_params["round"]))
    except ValueError as cause:
        raise NotFound(_("There is no vote at this address. Check the link.")) from cause
    city = city_shown()
    zone = ZoneInfo(city.time_zone if city else "UTC")
    found = followed_round(uuid, today=clock.now().astimezone(zone).date(), language=language())
    at = found.round.published_at
    return page(
        request,
        "round_follow.html",
        cache=PUBLIC,
        other_languages=other_languages(request),
        row=found.round,
        is_published=found.round.state is RoundState.PUBLISHED,
        published=day(at.astimezone(zone).date()) if at else "",
        goals=[_shown(goal) for goal in found.goals],
    )


def _shown(goal: FollowedGoal) -> dict[str, Any]:
    card, standing = goal.card, goal.card.progress.standing if goal.card and goal.card.progress else None
    return {
        "uuid": goal.candidate.goal_uuid,
        "title": goal.candidate.title,
        "summary": goal.candidate.summary,
        "ending": ending_names()[goal.ending] if goal.ending else "",
        "ending_kind": PILLS[goal.ending] if goal.ending else "",
        "state": _state(card) if card else "",
        "verdict": translated(standing.headline) if standing else "",
        "verdict_kind": VERDICTS[standing.change] if standing else "",
        "promises": _promises(goal),
        "due": day(card.measure.due_on) if card and card.measure and _is_due(card) else "",
    }


def _state(card: GoalCard) -> str:
    return _("Opened again: residents say worse") if card.is_open_again else _(STATES[card.state])


def _is_due(card: GoalCard) -> bool:
    """Whether a day lies ahead by which it is to be reached: "worse, until April" would promise that it gets better."""
    return card.state in AGREED and not card.is_open_again


def _promises(goal: FollowedGoal) -> str:
    """What was kept of what was promised; "" where nothing is."""
    card = goal.card
    if card is None or not card.promised:
        return ""
    kept = ngettext("%(kept)s of %(all)s commitment kept", "%(kept)s of %(all)s commitments kept", card.promised) % {
        "kept": card.kept,
        "all": card.promised,
    }
    if not card.overdue:
        return kept
    overdue = ngettext("%(number)s overdue", "%(number)s overdue", card.overdue) % {"number": card.overdue}
    return f"{kept}, {overdue}"


ROUTES: list[BaseRoute] = [Route("/rounds/{round}/follow", show_followed, methods=["GET"])]

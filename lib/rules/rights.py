"""Who may do what: the one table of rights, and the one list of pages with the roles that see them.

Services ask `require` again whatever the page showed; a guard test walks every page and route as every role.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from lib.errors import NotAllowed, SignInNeeded
from lib.rules.lifecycle import Role, Side

_OFFICER, _FACILITATOR, _COORDINATOR, _AUDITOR = Role.OFFICER, Role.FACILITATOR, Role.COORDINATOR, Role.AUDITOR


class Right(StrEnum):
    """One intention that needs a signed-in person."""

    ANSWER_CONCERN = "answer_concern"
    SEE_EXACT_PLACE = "see_exact_place"
    PROPOSE_GOAL = "propose_goal"
    ANSWER_FEASIBILITY = "answer_feasibility"
    SHAPE_GOAL = "shape_goal"
    OFFER_COMMITMENT = "offer_commitment"
    SETTLE_COMMITMENT = "settle_commitment"
    RECORD_READING = "record_reading"
    PLAN_MEETING = "plan_meeting"
    RUN_ROUND = "run_round"
    MINT_PASSES = "mint_passes"
    HAND_OUT_PASSES = "hand_out_passes"
    ANSWER_CONTESTED = "answer_contested"
    COUNT_HANDS = "count_hands"
    ARGUE_GOAL = "argue_goal"
    SHOW_EVIDENCE = "show_evidence"
    IMPORT_FILES = "import_files"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_CITY = "manage_city"
    MANAGE_DIRECTORY = "manage_directory"
    RUN_PULSE = "run_pulse"
    READ_ISSUES = "read_issues"
    READ_LOG = "read_log"
    MODERATE = "moderate"


RIGHTS: dict[Right, frozenset[Role]] = {
    Right.ANSWER_CONCERN: frozenset({_OFFICER, _COORDINATOR}),
    Right.SEE_EXACT_PLACE: frozenset({_OFFICER}),
    Right.PROPOSE_GOAL: frozenset({_OFFICER, _FACILITATOR}),
    Right.ANSWER_FEASIBILITY: frozenset({_OFFICER}),
    Right.SHAPE_GOAL: frozenset({_OFFICER, _FACILITATOR}),
    Right.OFFER_COMMITMENT: frozenset({_OFFICER, _FACILITATOR, _COORDINATOR}),
    Right.SETTLE_COMMITMENT: frozenset({_OFFICER, _FACILITATOR}),
    Right.RECORD_READING: frozenset({_OFFICER, _FACILITATOR, _COORDINATOR}),
    Right.PLAN_MEETING: frozenset({_FACILITATOR, _COORDINATOR}),
    Right.RUN_ROUND: frozenset({_FACILITATOR}),
    Right.MINT_PASSES: frozenset({_FACILITATOR, _COORDINATOR}),
    Right.HAND_OUT_PASSES: frozenset({_FACILITATOR, _COORDINATOR, _OFFICER}),
    Right.ANSWER_CONTESTED: frozenset({_FACILITATOR, _OFFICER}),
    Right.COUNT_HANDS: frozenset({_FACILITATOR}),
    Right.ARGUE_GOAL: frozenset({_FACILITATOR, _OFFICER}),
    Right.SHOW_EVIDENCE: frozenset({_FACILITATOR, _OFFICER}),
    Right.IMPORT_FILES: frozenset({_COORDINATOR}),
    Right.MANAGE_PEOPLE: frozenset({_COORDINATOR}),
    Right.MANAGE_CITY: frozenset({_COORDINATOR}),
    Right.MANAGE_DIRECTORY: frozenset({_COORDINATOR}),
    Right.RUN_PULSE: frozenset({_COORDINATOR}),
    Right.READ_ISSUES: frozenset({_FACILITATOR, _COORDINATOR}),
    Right.READ_LOG: frozenset({_AUDITOR, _COORDINATOR}),
    Right.MODERATE: frozenset({_FACILITATOR, _COORDINATOR}),
}

EVERYBODY: frozenset[Role] = frozenset()

PAGES: dict[str, frozenset[Role]] = {
    "home": EVERYBODY,
    "goals": EVERYBODY,
    "goal": EVERYBODY,
    "concerns": EVERYBODY,
    "raise": EVERYBODY,
    "meetings": EVERYBODY,
    "services": EVERYBODY,
    "safety": EVERYBODY,
    "how": EVERYBODY,
    "withheld": EVERYBODY,
    "vote": EVERYBODY,
    "live": EVERYBODY,
    "result": EVERYBODY,
    "desk": frozenset({_OFFICER, _COORDINATOR}),
    "run": frozenset({_FACILITATOR, _COORDINATOR}),
    "admin": frozenset({_COORDINATOR}),
    "audit": frozenset({_AUDITOR, _COORDINATOR}),
    "moderation": frozenset({_FACILITATOR, _COORDINATOR}),
}
"""Address of each Streamlit page and the roles that see it; `EVERYBODY` needs no sign-in."""


@dataclass(frozen=True)
class Actor:
    """The signed-in person on whose behalf a service acts. `beats` are the codes of the officer's present postings."""

    person_id: int
    name: str
    side: Side
    roles: frozenset[Role]
    beats: frozenset[str] = frozenset()


def may(actor: Actor | None, right: Right) -> bool:
    """Whether one of the actor's roles holds the right; nobody signed in holds none."""
    return actor is not None and bool(RIGHTS[right] & actor.roles)


def require_door(actor: Actor | None, beats: Collection[str]) -> Actor:
    """Whoever hands out passes at the door of a meeting of these beats: officers at those of their own beats only.

    Raises SignInNeeded, NotAllowed.
    """
    person = require(actor, Right.HAND_OUT_PASSES)
    is_everywhere = bool(person.roles & {Role.FACILITATOR, Role.COORDINATOR})
    if not is_everywhere and not person.beats & frozenset(beats):
        raise NotAllowed("Officers hand out passes at meetings of their own beats only.")
    return person


def may_moderate(actor: Actor | None) -> bool:
    """Whether somebody decides what is public of residents' words: see `require_moderator`."""
    is_of_officers = actor is not None and (actor.side is Side.OFFICERS or Role.OFFICER in actor.roles)
    return may(actor, Right.MODERATE) and not is_of_officers


def require_moderator(actor: Actor | None) -> Actor:
    """Whoever decides what is public of residents' words: nobody of the officers' side, whatever their roles, so that a
    complaint about officers is never theirs to withhold.

    Raises SignInNeeded, NotAllowed.
    """
    person = require(actor, Right.MODERATE)
    if not may_moderate(person):
        raise NotAllowed(
            "Officers do not decide what residents’ words become public. Ask a facilitator or coordinator."
        )
    return person


def may_see(roles: Collection[Role], page: str) -> bool:
    """Whether somebody with these roles sees the page. Unknown pages are seen by nobody."""
    allowed = PAGES.get(page)
    return allowed is not None and (allowed is EVERYBODY or bool(allowed & frozenset(roles)))


def require(actor: Actor | None, right: Right) -> Actor:
    """The actor, if they hold the right. Raises SignInNeeded without an actor, NotAllowed without the right."""
    if actor is None:
        raise SignInNeeded("Please sign in first.")
    if not RIGHTS[right] & actor.roles:
        holders = " or ".join(sorted(role.value for role in RIGHTS[right]))
        raise NotAllowed(f"This needs the role {holders}. Ask your coordinator if you should have it.")
    return actor

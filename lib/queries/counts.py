"""How many: ballots and passes of each side, and the counted result where it may be shown.

While a round is unsealed its ballots' choices leave the database only if everybody agreed to a live display before
opening (promise 2): that condition stands in the question itself, not in those who ask it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, case, cast, func, literal, null, or_, select, union_all

from lib.model import Ballot, Candidate, DoorPass, Goal, Outcome, Pass, PassBatch, Round, SealedBallot, SideCount
from lib.queries.voting import RoundRow
from lib.rules.counting import Ballot as Choice
from lib.rules.counting import Count, as_sealed, ballot_of_text
from lib.rules.lifecycle import Electorate, RoundState
from lib.rules.tally import RoundTally, WitnessedKeys, tally_round, without_officers_figures
from lib.rules.text import counted, listed
from lib.rules.voting import PassKind, ResultsShown, RoundMode, SideFigures
from lib.storage.transaction import reading

SMALL_SIDE = 20
"""Below this many ballots of residents a unanimous result tells how everybody voted (design, section 6)."""

_UNSEALED = frozenset({RoundState.OPEN, RoundState.CLOSED, RoundState.PAPER})


@dataclass(frozen=True)
class Turnout:
    """Ballots cast and passes issued (see `_is_issued`) of one side. Never what was chosen."""

    cast: int
    issued: int


@dataclass(frozen=True)
class Figures:
    """What is known of a round: turnout, blank ballots as frozen at sealing, and each side's ballots, grouped.

    `ballots` is empty for a round that is unsealed and not live, and for a sealed side. `turned` are the goals for
    which the officers' key was seen turned at sealing.
    """

    turnout: Mapping[Electorate, Turnout]
    blank: Mapping[Electorate, int] = field(default_factory=dict)
    ballots: Mapping[Electorate, Mapping[Choice, int]] = field(default_factory=dict)
    turned: frozenset[UUID] = frozenset()


def turnouts(round_id: int) -> Mapping[Electorate, Turnout]:
    """Cast and issued of both sides, live or as counted at sealing. One statement."""
    return figures(round_id).turnout


def figures(round_id: int, *, with_choices: bool = False) -> Figures:
    """Everything countable of one round, with ballots only where they may be seen. One statement."""
    shown = and_(Round.shows == ResultsShown.LIVE, Round.officers_figures == SideFigures.OPEN)
    choices = case((shown, Ballot.choices), else_=null()) if with_choices else cast(null(), Ballot.choices.type)
    parts = [
        select(literal("cast").label("kind"), Ballot.side, choices.label("text"), func.count().label("number"))
        .join(Round, Round.id == Ballot.round_id)
        .where(Ballot.round_id == round_id)
        .group_by(Ballot.side, choices),
        select(literal("issued"), PassBatch.side, null(), func.count())
        .join(Pass, Pass.batch_id == PassBatch.id)
        .join(Round, Round.meeting_id == PassBatch.meeting_id)
        .where(Round.id == round_id, _is_issued())
        .group_by(PassBatch.side),
        select(literal("waiting"), PassBatch.side, null(), func.count())
        .join(DoorPass, DoorPass.batch_id == PassBatch.id)
        .join(Round, Round.meeting_id == PassBatch.meeting_id)
        .where(Round.id == round_id, Round.mode == RoundMode.OPEN_ROOM, PassBatch.kind == PassKind.OPEN_ROOM)
        .group_by(PassBatch.side),
    ]
    for kind, column in (
        ("frozen issued", SideCount.issued),
        ("frozen cast", SideCount.cast_ballots),
        ("frozen blank", SideCount.blank_ballots),
    ):
        parts.append(select(literal(kind), SideCount.side, null(), column).where(SideCount.round_id == round_id))
    if with_choices:
        parts.append(
            select(literal("sealed"), SealedBallot.side, SealedBallot.choices, func.count())
            .where(SealedBallot.round_id == round_id)
            .group_by(SealedBallot.side, SealedBallot.choices)
        )
        parts.append(
            select(literal("turned"), literal(Electorate.OFFICERS.value), cast(Candidate.goal_uuid, String), literal(1))
            .select_from(Outcome)
            .join(Candidate, Candidate.id == Outcome.candidate_id)
            .where(Outcome.round_id == round_id, Outcome.officers_key)
        )
    with reading() as db:
        rows = [(str(kind), Electorate(side), text, int(n)) for kind, side, text, n in db.execute(union_all(*parts))]
    return _figures(rows)


def _is_issued() -> ColumnElement[bool]:
    """Which passes were issued for a round: minted before it closed, and not void before it opened.

    A slip that was scanned and declared void while the round ran still counts. Passes of an open room vote there only;
    an open room is for residents only.
    """
    return and_(
        or_(Pass.is_void.is_(False), Pass.void_round_id == Round.id),
        or_(Round.closed_at.is_(None), PassBatch.minted_at <= Round.closed_at),
        or_(
            and_(Round.mode == RoundMode.MEETING, PassBatch.kind != PassKind.OPEN_ROOM),
            and_(Round.mode == RoundMode.OPEN_ROOM, PassBatch.side == Electorate.RESIDENTS),
        ),
    )


def may_show(row: RoundRow) -> bool:
    """Whether the room may see figures of this round: it is published, or everybody agreed to a live display."""
    is_live = row.shows is ResultsShown.LIVE and row.officers_figures is SideFigures.OPEN
    return row.state is RoundState.PUBLISHED or (is_live and row.state is not RoundState.DRAFT)


def keeps_officers_ballots(row: RoundRow) -> bool:
    """Whether the officers' ballots of a sealed round are kept and published: never those of a sealed side, nor one or
    two that would tell who chose what."""
    return row.officers_figures is SideFigures.OPEN and row.mode is RoundMode.MEETING and not row.is_advisory


def tally_of(row: RoundRow, known: Figures) -> RoundTally:
    """The result, counted again from what is kept; of a sealed round from exactly what is published.

    For a side without ballots its witnessed keys are taken as given. Officers' figures are hidden unless agreed.
    """
    officers: Mapping[Choice, int] | WitnessedKeys = known.ballots.get(Electorate.OFFICERS, {})
    if row.state not in _UNSEALED and not keeps_officers_ballots(row):
        count = as_sealed(Count(known.turnout[Electorate.OFFICERS].cast, known.blank.get(Electorate.OFFICERS, 0)))
        if row.is_advisory or row.mode is RoundMode.OPEN_ROOM:
            # Only how many there were matters then, so ballots that approve nothing stand for them under either rule.
            officers = {Choice(): count.blank, Choice(none_of_these=True): count.non_blank}
        else:
            officers = WitnessedKeys(count, known.turned)
    tally = tally_round(
        row.rule,
        [candidate.goal_uuid for candidate in row.candidates],
        known.ballots.get(Electorate.RESIDENTS, {}),
        officers,
        places=row.places,
        tie_seed=row.tie_seed,
        mode=row.mode,
    )
    return tally if row.officers_figures is SideFigures.OPEN else without_officers_figures(tally)


def opening_warnings(round_id: int) -> tuple[str, ...]:
    """What a facilitator should hear before opening: small sides tell on their voters, and goals of which the officers
    have not said what is feasible. Two statements."""
    issued = {side: turnout.issued for side, turnout in turnouts(round_id).items()}
    residents, officers = issued[Electorate.RESIDENTS], issued[Electorate.OFFICERS]
    warnings = []
    if residents < SMALL_SIDE:
        few = counted(residents, "pass", "passes")
        warnings.append(
            f"{few} for residents: with fewer than {SMALL_SIDE} ballots a unanimous result tells how everybody voted. "
            "Say so before you open."
        )
    if officers == 0:
        warnings.append("No officers’ passes: without officers’ ballots no goal can be adopted.")
    elif officers < 3:
        warnings.append("Fewer than three officers’ passes: the result will be advisory, and nothing is adopted.")
    unanswered = select(Goal.title).join(Candidate, Candidate.goal_id == Goal.id)
    with reading() as db:
        titles = db.scalars(
            unanswered.where(Candidate.round_id == round_id, Goal.feasibility.is_(None)).order_by(Candidate.position)
        ).all()
    if titles:
        named = listed([f"“{title}”" for title in titles])
        warnings.append(f"The officers have not answered yet what is feasible: {named}.")
    return tuple(warnings)


def _figures(rows: list[tuple[str, Electorate, str | None, int]]) -> Figures:
    numbers: dict[tuple[str, Electorate], int] = {}
    ballots: dict[Electorate, dict[Choice, int]] = {}
    turned = []
    for kind, side, text, number in rows:
        if kind == "turned" and text is not None:
            turned.append(UUID(text))
            continue
        numbers[kind, side] = numbers.get((kind, side), 0) + number
        if text is not None:
            ballots.setdefault(side, {})[ballot_of_text(text)] = number

    def number_of(kind: str, side: Electorate) -> int:
        return numbers.get((f"frozen {kind}", side), numbers.get((kind, side), 0))

    def issued(side: Electorate) -> int:
        frozen = numbers.get(("frozen issued", side))
        return numbers.get(("issued", side), 0) - numbers.get(("waiting", side), 0) if frozen is None else frozen

    return Figures(
        turnout={side: Turnout(number_of("cast", side), issued(side)) for side in Electorate},
        blank={side: numbers.get(("frozen blank", side), 0) for side in Electorate},
        ballots=ballots,
        turned=frozenset(turned),
    )

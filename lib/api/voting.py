"""Rounds: their frozen rule, turnout, and the result once it is published, with all that a recount needs."""

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from lib.api.answers import BeatCode, errors
from lib.errors import NotFound
from lib.queries.counts import turnouts
from lib.queries.repeating import repeated_on
from lib.queries.results import RoundResult, ballots_file, published_rounds, round_result
from lib.queries.voting import frozen_text, voting_round
from lib.rules.lifecycle import Electorate, RoundState
from lib.rules.voting import ResultsShown, RoundMode, RoundRule, SideFigures

router = APIRouter(tags=["rounds"], responses=errors(422, 503))


class PublishedAnswer(BaseModel):
    uuid: UUID
    number: int
    question: str
    meeting: UUID
    meeting_title: str
    published_at: datetime
    adopted: int = Field(description="How many goals it adopted.")


class CandidateAnswer(BaseModel):
    goal: UUID
    title: str
    summary: str


class TurnoutAnswer(BaseModel):
    cast: int
    issued: int = Field(description="Passes minted and not void.")


class OutcomeAnswer(BaseModel):
    """How one candidate ended. Approval is of the side's non-blank ballots, 0 to 1; null for a sealed side."""

    goal: UUID
    outcome: str = Field(description="adopted, open_without_place, residents_only, officers_only or neither.")
    place: int | None
    residents_key: bool
    officers_key: bool
    residents_approvals: int
    residents_approval: float | None
    officers_approvals: int | None
    officers_approval: float | None
    sentence: str


class ResultAnswer(BaseModel):
    """The published result, counted again from the published ballots when it was asked for."""

    sentence: str
    is_advisory: bool = Field(description="Too few officers voted to adopt anything; the ranking is advice.")
    repeated_on: date | None = Field(
        description="Day of the meeting that repeats an advisory vote, once it is planned."
    )
    is_recounted: bool = Field(description="The new count gives what was written down at sealing.")
    tie_seed: str = Field(description="Dice rolled in the room, if a tie needed them.")
    publishes_officers_ballots: bool
    outcomes: list[OutcomeAnswer]


class RoundAnswer(BaseModel):
    uuid: UUID
    number: int
    question: str
    eligibility: str
    places: int
    rule: RoundRule
    rule_sentence: str
    mode: RoundMode
    shows: ResultsShown
    officers_figures: SideFigures
    state: RoundState
    opened_at: datetime | None
    closes_at: datetime | None
    published_at: datetime | None
    frozen_hash: str = Field(description="SHA-256 of the text at /rounds/{uuid}/frozen.json.")
    candidates: list[CandidateAnswer]
    turnout: dict[Electorate, TurnoutAnswer]
    result: ResultAnswer | None = Field(description="Null until the round is published.")


@router.get("/rounds", summary="Published rounds")
def rounds(*, beat: BeatCode = None) -> list[PublishedAnswer]:
    """The last fifty published rounds, of one beat or of all."""
    return [
        PublishedAnswer(
            uuid=row.uuid,
            number=row.number,
            question=row.question,
            meeting=row.meeting_uuid,
            meeting_title=row.meeting_title,
            published_at=row.published_at,
            adopted=row.adopted,
        )
        for row in published_rounds(beat)
    ]


@router.get("/rounds/{uuid}", summary="One round", responses=errors(404))
def one_round(uuid: UUID) -> RoundAnswer:
    """A round that has been opened: its rule and turnout at any time, its result once published."""
    row = voting_round(uuid)
    if row.state is RoundState.DRAFT:
        raise NotFound("This vote has not been opened yet.")
    return RoundAnswer(
        uuid=row.uuid,
        number=row.number,
        question=row.question,
        eligibility=row.eligibility,
        places=row.places,
        rule=row.rule,
        rule_sentence=row.rule_sentence,
        mode=row.mode,
        shows=row.shows,
        officers_figures=row.officers_figures,
        state=row.state,
        opened_at=row.opened_at,
        closes_at=row.closes_at,
        published_at=row.published_at,
        frozen_hash=row.frozen_hash,
        candidates=[
            CandidateAnswer(goal=each.goal_uuid, title=each.title, summary=each.summary) for each in row.candidates
        ],
        turnout=_turnout(row.id),
        result=_result(round_result(uuid)) if row.state is RoundState.PUBLISHED else None,
    )


@router.get(
    "/rounds/{uuid}/ballots.csv",
    summary="The published ballots",
    responses=errors(404) | {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    response_class=Response,
)
def ballots(uuid: UUID) -> Response:
    """Every published ballot, sorted by tracker: tracker, side, choices. The same bytes for everybody."""
    return Response(
        ballots_file(uuid),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="ballots-{uuid}.csv"'},
    )


@router.get(
    "/rounds/{uuid}/frozen.json",
    summary="What was frozen at opening",
    responses=errors(404) | {200: {"content": {"application/json": {"schema": {"type": "object"}}}}},
    response_class=Response,
)
def frozen(uuid: UUID) -> Response:
    """The canonical JSON of rule, eligibility, texts and what shows when; its SHA-256 is the round's hash."""
    return Response(frozen_text(uuid), media_type="application/json")


def _turnout(round_id: int) -> Mapping[Electorate, TurnoutAnswer]:
    return {side: TurnoutAnswer(cast=known.cast, issued=known.issued) for side, known in turnouts(round_id).items()}


def _result(result: RoundResult) -> ResultAnswer:
    return ResultAnswer(
        sentence=result.sentence,
        is_advisory=result.tally.advisory,
        repeated_on=repeated_on(result.tally, result.meeting),
        is_recounted=result.is_recounted,
        tie_seed=result.round.tie_seed,
        publishes_officers_ballots=result.publishes_officers_ballots,
        outcomes=[
            OutcomeAnswer(
                goal=line.outcome.goal,
                outcome=line.outcome.ending.value,
                place=line.outcome.place,
                residents_key=line.outcome.residents_key,
                officers_key=line.outcome.officers_key,
                residents_approvals=line.outcome.residents_approvals,
                residents_approval=_share(line.outcome.residents_approval),
                officers_approvals=line.outcome.officers_approvals,
                officers_approval=_share(line.outcome.officers_approval),
                sentence=line.sentence,
            )
            for line in result.lines
        ],
    )


def _share(value: Fraction | None) -> float | None:
    return None if value is None else float(value)

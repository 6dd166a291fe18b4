"""What opening will freeze can be read before, and is exactly what is frozen then."""

import json

import pytest
from sqlalchemy import select, update

from lib.errors import Conflict, NotAllowed, NotFound
from lib.model import Pass, PassBatch
from lib.queries.voting import frozen_text, round_of
from lib.rules.ballots import canonical_json
from lib.rules.lifecycle import Electorate, Role, Side
from lib.rules.voting import ResultsShown, SideFigures
from lib.services.frozen import draft_text
from lib.services.passes import mint_passes
from lib.services.planning import translate_candidate, translate_round
from lib.services.rounds import open_round
from lib.storage.transaction import reading, writing
from tests.builders import a_coordinator, a_person
from tests.hall import TITLES, a_hall


def test_the_draft_is_what_opening_freezes(database: str) -> None:
    hall = a_hall()
    row = hall.planned()
    draft = draft_text(actor=a_coordinator(), round_id=row.id)
    open_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    assert (frozen_text(row.uuid), round_of(row.id).frozen_hash) == (draft.text, draft.frozen_hash)


def test_passes_minted_later_change_what_would_be_frozen(sqlite_database: str) -> None:
    hall = a_hall()
    row = hall.planned()
    before = draft_text(actor=hall.facilitator, round_id=row.id)
    mint_passes(actor=hall.facilitator, meeting_id=hall.meeting_id, side=Electorate.RESIDENTS, number=1)
    assert draft_text(actor=hall.facilitator, round_id=row.id).frozen_hash != before.frozen_hash


def test_an_opened_or_unknown_round_has_no_draft(sqlite_database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    with pytest.raises(Conflict, match="has been opened"):
        draft_text(actor=hall.facilitator, round_id=row.id)
    with pytest.raises(NotFound):
        draft_text(actor=hall.facilitator, round_id=row.id + 1)


def test_officers_plan_no_votes(sqlite_database: str) -> None:
    hall = a_hall()
    officer = a_person("Maya Lindqvist", side=Side.OFFICERS, roles=(Role.OFFICER,))
    with pytest.raises(NotAllowed):
        draft_text(actor=officer, round_id=hall.planned().id)


def test_everything_the_vote_depends_on_is_frozen(database: str) -> None:
    """Word for word: whoever takes something out of what is hashed has to take it out here too (promise 4)."""
    hall = a_hall()
    row = hall.planned(places=2, shows=ResultsShown.LIVE, officers_figures=SideFigures.OPEN)
    translate_round(
        actor=hall.facilitator, round_id=row.id, language="es", question="¿Qué metas?", eligibility="Quien vive aquí"
    )
    translate_candidate(
        actor=hall.facilitator,
        round_id=row.id,
        goal_id=hall.goal_ids[1],
        language="es",
        title="Frenar los coches",
        summary="Menos coches rápidos.",
    )
    with writing() as db:
        db.execute(update(Pass).where(Pass.serial == 3).values(is_void=True))
    open_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    summary = "Fewer noisy nights between ten and two."
    texts = [{"en": {"title": title, "summary": summary}} for title in TITLES]
    texts[1]["es"] = {"title": "Frenar los coches", "summary": "Menos coches rápidos."}
    with reading() as db:
        hashes = dict(db.execute(select(PassBatch.number, PassBatch.commitments_hash)).all())
    text = frozen_text(row.uuid)
    assert text == canonical_json(json.loads(text))
    assert json.loads(text) == {
        "format": "common-beat round 1",
        "meeting": str(hall.meeting_uuid),
        "round": str(row.uuid),
        "number": 1,
        "question": "Which goals shall we work on?",
        "eligibility": "Everybody who lives or works in the beat, 16 or older",
        "translations": {"es": {"question": "¿Qué metas?", "eligibility": "Quien vive aquí"}},
        "mode": "meeting",
        "rule": "two_keys_turns",
        "rule_sentence": round_of(row.id).rule_sentence,
        "places": 2,
        "thresholds": {"residents": "1/2", "officers": "1/2"},
        "shows": "live",
        "officers_figures": "open",
        "minutes": 10,
        "candidates": [{"goal": str(goal), "texts": words} for goal, words in zip(hall.goals, texts, strict=True)],
        "passes": [
            {
                "batch": number,
                "side": side,
                "kind": "slips",
                "minted": minted,
                "void": void,
                "commitments_hash": hashes[number],
            }
            for number, side, minted, void in ((1, "residents", 25, 1), (2, "officers", 6, 0))
        ],
    }

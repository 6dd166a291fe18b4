"""What opening will freeze can be read before, and is exactly what is frozen then."""

import pytest

from lib.errors import Conflict, NotAllowed, NotFound
from lib.queries.voting import frozen_text, round_of
from lib.rules.lifecycle import Electorate, Role, Side
from lib.services.frozen import draft_text
from lib.services.passes import mint_passes
from lib.services.rounds import open_round
from tests.builders import a_coordinator, a_person
from tests.hall import a_hall


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

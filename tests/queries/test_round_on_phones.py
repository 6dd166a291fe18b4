"""What phones ask hundreds of times a second is read once, and is never older than the round."""

from datetime import timedelta

from lib.queries.voting import last_opened_round, round_on_phones
from lib.rules.lifecycle import RoundState
from lib.services.rounds import close_round, extend_round
from tests.counting import counted_statements
from tests.hall import a_hall


def test_before_the_first_round_there_is_none(database: str) -> None:
    hall = a_hall()
    hall.planned()
    assert round_on_phones(hall.meeting_id) is None


def test_it_is_the_round_that_was_opened_last(database: str) -> None:
    hall = a_hall()
    hall.opened()
    hall.planned()
    for language in ("en", "es"):
        assert round_on_phones(hall.meeting_id, language) == last_opened_round(hall.meeting_id, language)


def test_what_is_frozen_is_read_once(database: str) -> None:
    hall = a_hall()
    hall.opened()
    round_on_phones(hall.meeting_id)
    with counted_statements() as statements:
        round_on_phones(hall.meeting_id)
    assert len(statements) == 1


def test_more_time_and_closing_show_at_once(database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    before = round_on_phones(hall.meeting_id)
    extend_round(actor=hall.facilitator, round_id=row.id, minutes=5)
    later = round_on_phones(hall.meeting_id)
    assert (before is not None, later is not None) == (True, True)
    assert later == last_opened_round(hall.meeting_id)
    assert later.closes_at - before.closes_at == timedelta(minutes=5)  # type: ignore[union-attr, operator]
    close_round(actor=hall.facilitator, round_id=row.id)
    closed = round_on_phones(hall.meeting_id)
    assert closed == last_opened_round(hall.meeting_id)
    assert closed is not None and closed.state is RoundState.CLOSED

"""The second person's PIN: who confirms, what is refused, what is kept."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lib.clock import now
from lib.errors import Conflict, Invalid, SignInNeeded, TooMany
from lib.model import LogEntry, Person, SignInFailure
from lib.queries.people import PossibleWitness, possible_witnesses
from lib.rules.lifecycle import Side
from lib.services.witnesses import Witness, confirmed_by, pin_hash, set_own_pin, set_pin_from_command_line
from lib.storage.transaction import reading, writing
from tests.builders import WITNESS_PIN, a_facilitator, a_person, a_witness


def test_nobody_is_their_own_second_person(database: str) -> None:
    second = a_witness()
    with reading() as db:
        person = db.get_one(Person, second.person_id)
    themselves = a_person(person.name, side=person.side)
    with writing() as db:
        db.get_one(Person, themselves.person_id).pin_hash = pin_hash(themselves.person_id, WITNESS_PIN)
    with pytest.raises(Conflict, match="somebody else"):
        confirmed_by(actor=themselves, second=Witness(themselves.person_id, WITNESS_PIN))


@pytest.mark.parametrize("typed", ["", "   ", "4712", "47110", "x"])
def test_a_wrong_pin_confirms_nothing(database: str, typed: str) -> None:
    facilitator, second = a_facilitator(), a_witness()
    with pytest.raises(Invalid) as refused:
        confirmed_by(actor=facilitator, second=Witness(second.person_id, typed))
    assert refused.value.field == "pin"


def test_a_pin_may_be_typed_with_spaces(database: str) -> None:
    facilitator, second = a_facilitator(), a_witness()
    assert confirmed_by(actor=facilitator, second=Witness(second.person_id, " 47 11 ")) == second.person_id


def test_somebody_without_a_pin_or_no_longer_active_confirms_nothing(database: str) -> None:
    facilitator, second = a_facilitator(), a_witness()
    without = a_person("Sam Ortiz")
    with pytest.raises(Invalid):
        confirmed_by(actor=facilitator, second=Witness(without.person_id, WITNESS_PIN))
    with pytest.raises(Invalid):
        confirmed_by(actor=facilitator, second=Witness(9999, WITNESS_PIN))
    with writing() as db:
        db.get_one(Person, second.person_id).is_active = False
    with pytest.raises(Invalid):
        confirmed_by(actor=facilitator, second=second)


def test_guessing_a_pin_is_slowed_down_and_the_right_one_forgets_the_wrong_ones(database: str) -> None:
    facilitator, second = a_facilitator(), a_witness()
    at = now()
    for _ in range(5):
        with pytest.raises(Invalid):
            confirmed_by(actor=facilitator, second=Witness(second.person_id, "9731"), now=at)
    with pytest.raises(TooMany):
        confirmed_by(actor=facilitator, second=second, now=at)
    assert confirmed_by(actor=facilitator, second=second, now=at + timedelta(seconds=2)) == second.person_id
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(SignInFailure)) == 0


def test_one_pin_is_another_hash_for_another_person_and_never_kept_in_clear(database: str) -> None:
    first, other = a_witness(), a_witness("Jo Reyes")
    with reading() as db:
        kept = [db.get_one(Person, each.person_id).pin_hash for each in (first, other)]
        entries = [entry.facts for entry in db.scalars(select(LogEntry))]
    assert len(set(kept)) == 2
    assert all(WITNESS_PIN not in text for text in (*kept, repr(first), str(entries)))


@pytest.mark.parametrize("pin", ["", "123", "1234567890123", "12a4", "1111", "1234", "8765"])
def test_a_pin_that_is_no_pin_or_too_easy_is_refused(database: str, pin: str) -> None:
    person = a_facilitator()
    with pytest.raises(Invalid):
        set_own_pin(actor=person, password="", pin=pin)


def test_a_person_chooses_their_own_pin_and_can_then_confirm(database: str) -> None:
    person, facilitator = a_person("Jo Reyes"), a_facilitator()
    with pytest.raises(SignInNeeded):
        set_own_pin(actor=None, password="", pin="2468")
    set_own_pin(actor=person, password="", pin="2469")
    assert confirmed_by(actor=facilitator, second=Witness(person.person_id, "2469")) == person.person_id
    set_pin_from_command_line(person_id=person.person_id, pin="9753 1")
    assert confirmed_by(actor=facilitator, second=Witness(person.person_id, "97531")) == person.person_id


def test_those_who_can_confirm_are_listed_with_the_other_side_first(database: str) -> None:
    facilitator = a_facilitator()
    officer, resident = a_witness("Noor Haddad"), a_witness("Ana Paz", side=Side.RESIDENTS)
    a_person("Without Pin")
    assert possible_witnesses(beside=facilitator.person_id, side=facilitator.side) == (
        PossibleWitness(officer.person_id, "Noor Haddad", Side.OFFICERS),
        PossibleWitness(resident.person_id, "Ana Paz", Side.RESIDENTS),
    )

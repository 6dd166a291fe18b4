"""A vote in two languages: what the facilitator translates is frozen, hashed and shown."""

import json

import pytest

from lib.errors import Conflict, Invalid, NotFound
from lib.queries.voting import frozen_text, voting_round
from lib.services.planning import drop_draft, translate_candidate, translate_round
from lib.services.rounds import open_round
from tests.hall import Hall, a_hall


def question_in_spanish(hall: Hall, round_id: int, question: str = "¿En qué metas trabajamos?") -> None:
    translate_round(
        actor=hall.facilitator,
        round_id=round_id,
        language="es",
        question=question,
        eligibility="Quien vive o trabaja en el sector",
    )


def test_question_and_goals_are_shown_in_the_language_asked_for_and_else_in_english(database: str) -> None:
    hall = a_hall()
    row = hall.planned()
    question_in_spanish(hall, row.id, "Una pregunta")
    question_in_spanish(hall, row.id)
    translate_candidate(
        actor=hall.facilitator, round_id=row.id, goal_id=hall.goal_ids[0], language="es", title="Iluminar el sendero"
    )
    spanish, english, other = (voting_round(row.uuid, language) for language in ("es", "en", "fr"))
    assert (spanish.question, spanish.eligibility) == ("¿En qué metas trabajamos?", "Quien vive o trabaja en el sector")
    assert [candidate.title for candidate in spanish.candidates] == [
        "Iluminar el sendero",
        "Slow the cars at the school",
        "A gym open on Fridays",
    ]
    assert other == english
    assert english.question == "Which goals shall we work on?"


def test_translations_are_frozen_with_the_round(database: str) -> None:
    hall = a_hall()
    row = hall.planned()
    question_in_spanish(hall, row.id)
    open_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    frozen = json.loads(frozen_text(row.uuid))
    assert frozen["translations"] == {
        "es": {"question": "¿En qué metas trabajamos?", "eligibility": "Quien vive o trabaja en el sector"}
    }
    with pytest.raises(Conflict, match="stays as it was frozen"):
        question_in_spanish(hall, row.id, "Otra")


@pytest.mark.parametrize("language", ["en", "fr", ""])
def test_only_other_languages_of_the_city_are_taken(database: str, language: str) -> None:
    hall = a_hall()
    row = hall.planned()
    with pytest.raises(Invalid, match="other languages"):
        translate_round(
            actor=hall.facilitator, round_id=row.id, language=language, question="Which?", eligibility="All"
        )


def test_a_goal_that_is_not_on_the_ballot_has_nothing_to_translate(database: str) -> None:
    hall = a_hall()
    row = hall.planned(goal_ids=hall.goal_ids[:1])
    with pytest.raises(NotFound):
        translate_candidate(
            actor=hall.facilitator, round_id=row.id, goal_id=hall.goal_ids[1], language="es", title="Otra"
        )


def test_a_dropped_draft_takes_its_translations_with_it(database: str) -> None:
    hall = a_hall()
    row = hall.planned()
    question_in_spanish(hall, row.id)
    drop_draft(actor=hall.facilitator, round_id=row.id)
    assert hall.planned().question == "Which goals shall we work on?"

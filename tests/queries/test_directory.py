"""The directory by need, and what is suggested beside a concern."""

from lib.model import ServicePlace, ServiceText
from lib.queries.directory import Directory, directory, suggested_services
from lib.queries.partners import Wording, partners, services
from lib.services.partners import keep_partner, keep_service, list_service
from lib.storage.transaction import writing
from tests.builders import a_coordinator, a_partner
from tests.counting import counted_statements
from tests.directory_builders import a_directory, a_service


def names(found: Directory) -> tuple[list[str], list[str], list[str], list[str]]:
    """Services, activities, those elsewhere, the numbers for any question."""
    return (
        [each.row.name for each in found.services],
        [each.row.name for each in found.activities],
        [each.row.name for each in found.elsewhere],
        [row.name for row in found.general],
    )


def test_without_a_need_everything_of_the_beat_is_listed(database: str) -> None:
    a_directory()
    with counted_statements() as sent:
        found = directory(beat_code="K2", need="  ")
    assert names(found) == (
        ["City line", "Needle pick-up", "Talk about drinking"],
        ["Block watch walk", "Open gym"],
        [],
        [],
    )
    assert [each.fit for each in found.services] == [None] * 3
    assert len(sent) == 8
    with counted_statements() as sent:
        assert directory(beat_code="K2", need="  ") == found
    assert len(sent) == 1


def test_a_need_is_answered_with_the_best_first_and_its_reason(sqlite_database: str) -> None:
    a_directory()
    found = directory(beat_code="K2", need="My neighbour drinks")
    assert names(found)[0][0] == "Talk about drinking"
    assert found.services[0].fit is not None
    assert found.services[0].fit.needs[0].key == "alcohol_drugs"
    assert not found.is_near


def test_an_age_finds_what_is_for_it(sqlite_database: str) -> None:
    a_directory()
    assert names(directory(need="something for a 14-year-old"))[1][0] == "Open gym"


def test_what_another_beat_offers_is_told_where_this_one_has_nothing(sqlite_database: str) -> None:
    a_directory()
    assert names(directory(beat_code="K2", need="chess")) == ([], [], ["Chess evening"], ["City line"])
    assert names(directory(beat_code="K3", need="chess"))[1:3] == (["Chess evening"], [])


def test_where_nothing_fits_what_comes_nearest_and_the_number_for_any_question_are_given(sqlite_database: str) -> None:
    a_directory()
    found = directory(beat_code="K2", need="pikup")
    assert (found.is_near, names(found)) == (True, (["Needle pick-up"], [], [], ["City line"]))
    assert names(directory(beat_code="K2", need="xyzzy")) == ([], [], [], ["City line"])


def test_an_empty_directory_answers_with_nothing(sqlite_database: str) -> None:
    assert names(directory(need="my neighbour drinks")) == ([], [], [], [])


def test_services_are_suggested_for_a_concern_by_its_category_and_its_words(database: str) -> None:
    a_directory()
    directory()
    with counted_statements() as sent:
        found = suggested_services("parks_and_trees", "Needles beside the swings", "K2")
    assert [each.row.name for each in found] == ["Needle pick-up"]
    assert len(sent) == 1
    assert [each.row.name for each in suggested_services("drugs_and_alcohol", "", "K3")] == ["Talk about drinking"]
    assert suggested_services("road_safety", "", "K2") == ()


def test_every_change_is_found_at_once(database: str) -> None:
    who = a_coordinator()
    here, _there = a_directory()
    assert len(directory(need="needles").services) == 1
    service, partner = services()[0], partners()[0]
    list_service(actor=who, service_id=directory(need="needles").services[0].row.id, is_listed=False)
    assert [each.row.name for each in directory(need="needles").services] == []
    keep_service(
        actor=who,
        service_id=service.id,
        partner_id=service.partner_id,
        name="Needle boxes",
        description="Free.",
        needs="needles",
    )
    assert [each.row.name for each in directory(need="needles").services] == ["Needle boxes"]
    keep_partner(actor=who, partner_id=partner.id, name="Needle House", phone="911")
    assert "Needle House" in {each.row.partner for each in directory().services}
    a_service(partner.id, "Sharps", needs="needles", beat_id=here)
    assert "Sharps" in names(directory(need="needles"))[0]


def test_what_can_be_visited_in_the_beat_comes_before_equals(database: str) -> None:
    here, there = a_directory()
    agency = a_partner("Food House")
    far, near = (a_service(agency, name, needs="food hungry pantry") for name in ("A pantry", "B pantry"))
    with writing() as db:
        db.add_all([ServicePlace(service_id=far, beat_id=there), ServicePlace(service_id=near, beat_id=here)])
    assert names(directory(beat_code="K2", need="food"))[0] == ["B pantry", "A pantry"]
    assert names(directory(beat_code="K3", need="food"))[0] == ["A pantry", "B pantry"]
    assert names(directory(need="food"))[0] == ["A pantry", "B pantry"]
    assert names(directory(beat_code="K2"))[0][:2] == ["City line", "B pantry"]


def test_a_translation_is_searched_too_and_said_where_there_is_one(sqlite_database: str) -> None:
    a_directory()
    row = next(row for row in services() if row.name == "Needle pick-up")
    with writing() as db:
        db.add(ServiceText(service_id=row.id, language="es", name="Recogida de jeringas", description="Gratis."))
    [found, *_] = directory(need="recogida").services
    assert found.row.said_in("es") == Wording("es", "Recogida de jeringas", "Gratis.", "")
    assert found.row.said_in("vi") == Wording("en", "Needle pick-up", row.description, "")

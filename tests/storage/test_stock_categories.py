"""A city from before gets the categories of a new one, and keeps what its coordinator has written."""

from alembic import command
from sqlalchemy import text

from lib.queries.categories import category_settings
from lib.services.places import name_city
from lib.storage.schema import alembic_config, migrate
from lib.storage.transaction import writing

BEFORE = "0003"


def test_a_city_from_before_gets_what_a_new_one_gets(database: str) -> None:
    name_city(name="Lakeside", time_zone="UTC", from_command_line=True)
    new = {row.key: row for row in category_settings()}
    command.downgrade(alembic_config(), BEFORE)
    with writing() as db:
        for key in ("domestic_abuse", "named_suspects", "noise"):
            of = f"category_id = (SELECT id FROM category WHERE key = '{key}')"
            db.execute(text(f"DELETE FROM category_text WHERE {of}"))
            db.execute(text(f"DELETE FROM category WHERE key = '{key}'"))
        db.execute(text("UPDATE category_text SET name = 'Lamps' WHERE name = 'Street lighting'"))
    migrate()
    rows = category_settings()
    found = {row.key: row for row in rows}
    assert [row.key for row in rows[-3:]] == ["noise", "domestic_abuse", "named_suspects"]
    assert found["street_lighting"].name == "Lamps"
    assert found["street_lighting"].texts["es"] == new["street_lighting"].texts["es"]
    for key, row in new.items():
        assert (found[key].icon, found[key].colour, found[key].is_public) == (row.icon, row.colour, row.is_public)
        if key != "street_lighting":
            assert found[key].texts == row.texts


def test_without_a_city_nothing_is_added(sqlite_database: str) -> None:
    command.downgrade(alembic_config(), BEFORE)
    migrate()
    assert category_settings() == ()

"""The demonstration shows moderation at work: words held, redacted and withheld, a photo shown and one that waits."""

import pytest

from lib.demo.moderated import MODERATED, DemoModerated
from lib.queries.categories import contact_card
from lib.queries.moderation import kept_back, moderated_concerns, waiting_for_moderator
from lib.rules.moderation import PhotoState, TextState, is_redaction
from lib.rules.personal import find_personal
from lib.services.demonstration import Loaded
from lib.services.photos import clean_photo


def test_the_demonstration_city_has_something_to_moderate_and_to_look_at(sqlite_demonstration: Loaded) -> None:
    waiting, total = waiting_for_moderator()
    decided = [each for each in moderated_concerns() if each.text_state is not TextState.HELD]
    assert total >= 3
    assert {each.findings for each in waiting if each.text_state is TextState.HELD} >= {("phone", "house")}
    assert {each.text_state for each in decided} >= {TextState.REDACTED, TextState.WITHHELD}
    photos = {photo.state for each in (*waiting, *decided) for photo in each.photos}
    assert photos == {PhotoState.HELD, PhotoState.SHOWN}
    assert {row.decision for row in kept_back()} == {"redacted", "withheld"}
    assert contact_card("domestic_abuse", "es").partner == "Safe Threshold"


@pytest.mark.parametrize("told", MODERATED, ids=lambda told: told.category)
def test_what_the_demonstration_tells_is_what_the_product_would_do(told: DemoModerated) -> None:
    found = find_personal(told.original)
    assert bool(found) is (told.state is not TextState.SHOWN)
    assert told.state is not TextState.REDACTED or is_redaction(told.original, told.public)
    if told.picture is not None:
        assert clean_photo(told.picture())[:3] == b"\xff\xd8\xff"

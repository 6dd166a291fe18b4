"""What moderators kept back, as open data: how often and why, and not a word of it."""

import csv
import io

from starlette.testclient import TestClient

from lib.api.app import api
from lib.queries.moderation import every_shown_photo, moderated_concern
from lib.rules.moderation import Reason
from lib.services.moderation import redact_words, show_photo, withhold_words
from lib.settings import settings
from tests.builders import NOON, a_city, a_coordinator, a_facilitator
from tests.photo_builders import a_picture
from tests.services.test_moderation import REDACTED, held


def test_public_photos_stand_beside_their_concern_and_no_others(sqlite_database: str) -> None:
    concern = held("A broken lamp", photos=[a_picture(), a_picture("#2AA58E"), a_picture("#222222")])
    first, second, _held = (photo.uuid for photo in moderated_concern(concern).photos)
    for photo in (first, second):
        show_photo(actor=a_facilitator(), photo_uuid=photo)
    addresses = [f"{settings().address}/concerns/photos/{photo}.jpg" for photo in (first, second)]
    with TestClient(api) as client:
        assert [row["photos"] for row in client.get("/concerns").json()["rows"]] == [addresses]
        table = client.get("/concerns?format=csv").text
    assert [row["photos"] for row in csv.DictReader(io.StringIO(table))] == [" ".join(addresses)]
    assert every_shown_photo() == {concern: (first, second)}


def test_what_was_kept_back_is_open_data_without_a_word_of_it(sqlite_database: str) -> None:
    first, second = held(), held()
    redact_words(actor=a_facilitator(), concern_uuid=first, text=REDACTED, reason=Reason.NAMES_A_PERSON, now=NOON)
    withhold_words(actor=a_coordinator(), concern_uuid=second, reason=Reason.INSULTS_OR_THREATENS, now=NOON)
    with TestClient(api) as client:
        answer = client.get("/withheld")
        states = [row["text_state"] for row in client.get("/concerns").json()["rows"]]
        table = client.get("/withheld?format=csv")
    shared = {"month": "2026-05", "beat": "K2", "category": "noise", "what": "words"}
    assert answer.json() == {
        "rows": [
            {
                **shared,
                "decision": "redacted",
                "reason": "names_a_person",
                "reason_in_words": "It names a person.",
                "role": "facilitator",
            },
            {
                **shared,
                "decision": "withheld",
                "reason": "insults_or_threatens",
                "reason_in_words": "It insults or threatens somebody.",
                "role": "coordinator",
            },
        ]
    }
    assert sorted(states) == ["redacted", "withheld"]
    assert len(list(csv.reader(io.StringIO(table.text)))) == 3
    assert [part for part in ("Kevin", str(first), str(second)) if part in answer.text + table.text] == []


def test_nothing_kept_back_is_an_empty_list_and_without_a_city_there_is_none(sqlite_database: str) -> None:
    with TestClient(api) as client:
        assert client.get("/withheld").status_code == 404
        a_city()
        assert client.get("/withheld").json() == {"rows": []}

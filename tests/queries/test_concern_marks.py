"""What stands beside a concern in a public list."""

from datetime import timedelta

from lib.model import Concern, ConcernOutcome
from lib.queries.concern_marks import ConcernMark, concern_marks
from lib.rules.goals import ResidentsWord
from lib.rules.lifecycle import ConcernStatus
from lib.rules.residents_word import WordCount
from lib.services.answers import answer_concern
from lib.services.splitting import split_concern
from lib.storage.transaction import writing
from lib.ui.concerns_parts import marked
from tests.builders import NOON, a_beat, a_city, a_concern, a_partner, a_person, uuid_of
from tests.counting import counted_statements

TODAY = NOON.date() + timedelta(days=60)


def test_partner_merges_parts_and_the_residents_word_are_marked(database: str) -> None:
    a_city()
    beat = a_beat()
    officer = a_person(beats=(beat,))
    plain, referred, original, merged, solved = (a_concern(beat) for _ in range(5))
    uuids = [uuid_of(Concern, row) for row in (plain, referred, original, merged, solved)]
    given = {"actor": officer, "text": "Told", "now": NOON}
    partner = a_partner("City <i>Light</i>", phone="206-555-0100")
    answer_concern(**given, concern_uuid=uuids[1], status=ConcernStatus.REFERRED, partner_id=partner)
    part = split_concern(**given, concern_uuid=uuids[2], category_key="noise", part="A part")
    answer_concern(**given, concern_uuid=uuids[3], status=ConcernStatus.DUPLICATE, duplicate_of=uuids[2])
    answer_concern(**given, concern_uuid=uuids[4], status=ConcernStatus.SOLVED)
    with writing() as db:
        db.add_all(
            ConcernOutcome(
                concern_id=solved,
                answerer=bytes([number]) * 32,
                answer=ResidentsWord.BETTER,
                answered_on=TODAY - timedelta(days=1),
            )
            for number in range(3)
        )
    with counted_statements() as sent:
        marks = concern_marks([*uuids, part], today=TODAY)
    assert len(sent) == 3
    assert marks == {
        uuids[1]: ConcernMark("City <i>Light</i>", "206-555-0100", 0, 0, False, False, None),
        uuids[2]: ConcernMark("", "", 1, 1, False, False, None),
        uuids[3]: ConcernMark("", "", 0, 0, True, False, None),
        part: ConcernMark("", "", 0, 0, False, True, None),
        uuids[4]: ConcernMark("", "", 0, 0, False, False, WordCount(better=3)),
    }
    assert "City &lt;i&gt;Light&lt;/i&gt;" in marked(marks[uuids[1]])
    assert "3 of 3 answers say solved or better" in marked(marks[uuids[4]])
    assert marked(None) == ""

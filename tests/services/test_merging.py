"""Merging and splitting: supports are kept, links lead on, and everything can be undone and is read in the story."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import select

from lib.errors import Conflict, Invalid, NotAllowed, SignInNeeded
from lib.model import Concern, LogEntry, Support
from lib.queries.concern_line import AnswerRow
from lib.queries.concern_story import OnwardConcern, followed_concern, is_followed, is_supporter
from lib.queries.concerns import ConcernFilter, concern_counts, concern_list
from lib.queries.desk import MergedConcern, desk_concerns, desk_story, merge_choices
from lib.queries.support_links import device_as_once_kept, device_behind
from lib.rules.ballots import crockford
from lib.rules.concerns import STATUS_CHOICES
from lib.rules.lifecycle import ConcernStatus
from lib.rules.rights import Actor
from lib.services.answers import answer_concern
from lib.services.concerns import Supported, erase_concern, support_concern
from lib.services.splitting import split_concern
from lib.storage.transaction import reading, writing
from tests.builders import NOON, a_beat, a_category, a_city, a_concern, a_coordinator, a_partner, a_person, uuid_of
from tests.goal_builders import a_follow_link, a_supporter

D, I = ConcernStatus.DUPLICATE, ConcernStatus.INVESTIGATING  # noqa: E741 - two statuses that every line here speaks of


class Desk:
    """A beat with its officer, and concerns with the phones that support each, a letter each."""

    def __init__(self, *supports: str) -> None:
        a_city()
        self.beat = a_beat()
        self.officer: Actor = a_person(beats=(self.beat,))
        self.ids = [a_concern(self.beat, text=f"Noise {number}") for number in range(len(supports))]
        self.uuids: list[UUID] = [uuid_of(Concern, row) for row in self.ids]
        for uuid, phones in zip(self.uuids, supports, strict=True):
            for phone in phones:
                support_concern(concern_uuid=uuid, device=f"phone {phone}")

    def merge(self, concern: int, into: int) -> None:
        answer_concern(
            actor=self.officer,
            concern_uuid=self.uuids[concern],
            status=D,
            text="The same thing",
            duplicate_of=self.uuids[into],
            now=NOON,
        )

    def take_out(self, concern: int) -> None:
        answer_concern(
            actor=self.officer, concern_uuid=self.uuids[concern], status=I, text="It is another one", now=NOON
        )

    @property
    def supports(self) -> list[int]:
        shown = {row.uuid: row.supports for row in concern_list(ConcernFilter())}
        return [shown[uuid] for uuid in self.uuids]

    @property
    def originals(self) -> list[int | None]:
        with reading() as db:
            rows = {row.id: row.duplicate_of_id for row in db.execute(select(Concern.id, Concern.duplicate_of_id))}
        return [self.ids.index(original) if (original := rows[row]) else None for row in self.ids]


def test_supports_count_with_the_original_and_everybody_once_in_every_sum(database: str) -> None:
    desk = Desk("ab", "cde", "f")
    desk.merge(1, 0)
    assert desk.supports == [5, 0, 1]
    assert int(concern_counts(ConcernFilter())["supports"].sum()) == 6
    assert int(concern_counts(ConcernFilter(statuses=STATUS_CHOICES["open"]))["supports"].sum()) == 6
    told = support_concern(concern_uuid=desk.uuids[1], device="another phone")
    assert (told.concern_uuid, told.supports) == (desk.uuids[0], 6)
    desk.take_out(1)
    assert desk.supports == [3, 3, 1]


def test_a_phone_that_supports_two_concerns_counts_once_while_they_are_merged(database: str) -> None:
    desk = Desk("abc", "bcd", "b", "e")
    desk.merge(1, 0)
    assert desk.supports == [4, 0, 1, 1]
    desk.merge(2, 0)
    assert desk.supports == [4, 0, 0, 1]
    desk.take_out(1)
    assert desk.supports == [3, 3, 0, 1]
    desk.merge(0, 3)
    assert desk.supports == [0, 3, 0, 4]
    desk.take_out(0)
    desk.take_out(2)
    assert desk.supports == [3, 3, 1, 1]


def test_a_phone_that_supports_the_original_after_the_merge_still_counts_once(database: str) -> None:
    desk = Desk("a", "bc")
    desk.merge(1, 0)
    again = support_concern(concern_uuid=desk.uuids[0], device="phone b")
    assert again == Supported(desk.uuids[0], 3, was_known=True)
    assert support_concern(concern_uuid=desk.uuids[1], device="phone d").supports == 4
    desk.take_out(1)
    assert desk.supports == [3, 2]


def test_support_that_was_kept_another_way_counts_once_for_its_concern(database: str) -> None:
    desk = Desk("", "a")
    with writing() as db:
        once = device_as_once_kept(desk.uuids[0], "phone a")
        db.add(Support(concern_id=desk.ids[0], device=once, supported_on=NOON.date()))
    assert is_supporter(desk.uuids[0], "phone a")
    assert support_concern(concern_uuid=desk.uuids[0], device="phone a") == Supported(desk.uuids[0], 1, was_known=True)
    desk.merge(1, 0)
    assert desk.supports == [1, 0]


def test_nothing_that_is_stored_joins_what_one_phone_supports(database: str) -> None:
    desk = Desk("a", "a")
    desk.merge(1, 0)
    with reading() as db:
        one, other = db.scalars(select(Support).order_by(Support.concern_id)).all()
        assert one.device != other.device
        assert one.follow_digest != other.follow_digest
    for row, uuid in ((one, desk.uuids[0]), (other, desk.uuids[1])):
        assert not is_followed(crockford(row.device).lower())
        assert row.device != device_behind(uuid, row.device)


def test_a_phone_counts_once_though_it_supports_while_an_officer_merges(database: str) -> None:
    desk = Desk(*["a", "b"] * 5)
    for original in range(0, 10, 2):
        barrier = Barrier(2, timeout=60)

        def support(original: int = original, barrier: Barrier = barrier) -> object:
            barrier.wait()
            return support_concern(concern_uuid=desk.uuids[original], device="phone b")

        def merge(original: int = original, barrier: Barrier = barrier) -> object:
            barrier.wait()
            return desk.merge(original + 1, original)

        with ThreadPoolExecutor(2) as pool:
            for doing in [pool.submit(support), pool.submit(merge)]:
                doing.result()
    assert desk.supports == [2, 0] * 5


def test_what_was_merged_goes_along_and_comes_back_along(database: str) -> None:
    desk = Desk("a", "b", "c", "d")
    desk.merge(2, 1)
    desk.merge(3, 0)
    desk.merge(1, 0)
    assert (desk.originals, desk.supports) == ([None, 0, 0, 0], [4, 0, 0, 0])
    desk.take_out(1)
    assert (desk.originals, desk.supports) == ([None, None, 1, 0], [2, 2, 0, 0])


def test_the_desk_tells_what_was_merged_and_offers_what_it_could_be(database: str) -> None:
    desk = Desk("", "", "")
    a_concern(a_beat("K3", west=-122.30))
    desk.merge(2, 0)
    rows, total = desk_concerns(["K2"])
    assert [(row.uuid, row.merged) for row in rows] == [(desk.uuids[0], 1), (desk.uuids[1], 0)]
    assert total == 2
    assert desk_story(desk.uuids[0]).merged == (MergedConcern(desk.uuids[2], "Noise 2", NOON),)
    assert [choice.uuid for choice in merge_choices(desk.uuids[1])] == [desk.uuids[0]]
    desk.take_out(2)
    assert [(step.status, step.other) for step in desk_story(desk.uuids[2]).answers] == [
        (D, desk.uuids[0]),
        (I, desk.uuids[0]),
    ]


def test_a_merged_concerns_link_leads_on_to_the_originals_story(database: str) -> None:
    desk = Desk("", "")
    link = a_follow_link(desk.ids[1])
    answer_concern(
        actor=desk.officer, concern_uuid=desk.uuids[0], status=ConcernStatus.PLANNED, text="In June", now=NOON
    )
    desk.merge(1, 0)
    story = followed_concern(link)
    assert (story.status, story.merged, followed_concern(a_follow_link(desk.ids[0])).merged) == (D, 0, 1)
    assert story.onward == (
        OnwardConcern(
            uuid=desk.uuids[0],
            category_name="Noise",
            text="Noise 0",
            status=ConcernStatus.PLANNED,
            supports=0,
            is_part=False,
            answers=(AnswerRow(ConcernStatus.PLANNED, "In June", NOON, "Maya Lindqvist"),),
        ),
    )


def test_a_split_makes_a_second_story_behind_the_same_link(database: str) -> None:
    desk = Desk("a")
    lighting = a_category("street_lighting")
    link, supporter = a_follow_link(desk.ids[0], NOON.date()), a_supporter(desk.ids[0])
    part = split_concern(
        actor=desk.officer,
        concern_uuid=desk.uuids[0],
        category_key="street_lighting",
        part="The lamp at the corner is broken",
        text="These are two things",
        now=NOON,
    )
    for secret in (link, supporter):
        story = followed_concern(secret)
        assert (story.status, [step.other for step in story.answers]) == (ConcernStatus.ACKNOWLEDGED, [part])
        assert [(each.uuid, each.category_name, each.text, each.is_part) for each in story.onward] == [
            (part, "Street lighting", "The lamp at the corner is broken", True)
        ]
        assert [step.other for step in story.onward[0].answers] == [desk.uuids[0]]
    with reading() as db:
        whole, new = db.scalars(select(Concern).order_by(Concern.id)).all()
        entry = db.scalars(select(LogEntry).order_by(LogEntry.id.desc())).first()
    assert (new.category_id, new.beat_id, new.cell, new.reported_at, new.split_from_id) == (
        lighting,
        whole.beat_id,
        whole.cell,
        whole.reported_at,
        whole.id,
    )
    assert entry is not None
    assert (entry.action, sorted(entry.facts), "lamp" in str(entry.facts)) == (
        "concern_split",
        ["part", "text_digest"],
        False,
    )
    erase_concern(follow_secret=link)
    assert [(row.text, row.is_erased) for row in concern_list(ConcernFilter())] == [("", True)] * 2


def test_erasing_a_merged_concern_leaves_the_parts_of_the_other_one(database: str) -> None:
    desk = Desk("", "")
    link = a_follow_link(desk.ids[1])
    split_concern(
        actor=desk.officer, concern_uuid=desk.uuids[0], category_key="noise", part="A part", text="Two things"
    )
    desk.merge(1, 0)
    erase_concern(follow_secret=link)
    assert sorted(row.text for row in concern_list(ConcernFilter())) == ["", "A part", "Noise 0"]


def test_who_may_not_split_and_what_cannot_be_split(database: str) -> None:
    desk = Desk("", "")
    a_beat("K3", west=-122.30)
    desk.merge(1, 0)
    given = {
        "actor": desk.officer,
        "concern_uuid": desk.uuids[0],
        "category_key": "noise",
        "part": "A part",
        "text": "Two things",
    }
    for changed, error, words in (
        ({"actor": None}, SignInNeeded, "sign in"),
        ({"actor": a_coordinator()}, NotAllowed, "Only an officer"),
        ({"actor": a_person()}, NotAllowed, "Only an officer"),
        ({"concern_uuid": desk.uuids[1]}, Conflict, "Only an open concern"),
        ({"part": "  "}, Invalid, "is empty"),
        ({"text": ""}, Invalid, "is empty"),
        ({"category_key": "nothing"}, Invalid, "from the list"),
        ({"category_key": None}, Invalid, "from the list"),
    ):
        with pytest.raises(error, match=words):
            split_concern(**{**given, **changed})  # type: ignore[arg-type]
    assert len(concern_list(ConcernFilter())) == 2


def test_a_referral_names_the_partner(database: str) -> None:
    desk = Desk("")
    partner = a_partner("City Light", phone="206-555-0100")
    link = a_follow_link(desk.ids[0])
    given = {"actor": desk.officer, "concern_uuid": desk.uuids[0], "text": "They repair lamps", "now": NOON}
    for unknown in (None, 999):
        with pytest.raises(Invalid, match="list of partners"):
            answer_concern(**given, status=ConcernStatus.REFERRED, partner_id=unknown)
    answer_concern(**given, status=ConcernStatus.REFERRED, partner_id=partner)
    assert followed_concern(link).answers == (
        AnswerRow(ConcernStatus.REFERRED, "They repair lamps", NOON, "Maya Lindqvist", "City Light", "206-555-0100"),
    )
    answer_concern(**given, status=I)
    with reading() as db:
        assert db.scalars(select(Concern.referred_to_id)).all() == [None]

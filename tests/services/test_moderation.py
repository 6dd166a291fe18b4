"""Words and photos that are held: who decides, what becomes public, and what nobody reads."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from lib.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded
from lib.model import Concern, ConcernPhoto, ConcernReview, LogEntry
from lib.queries.concerns import ConcernFilter, as_csv, concern_list
from lib.queries.moderation import (
    KeptBack,
    concern_photo,
    held_words,
    kept_back,
    moderated_concern,
    moderated_concerns,
    shown_photos,
    waiting_for_moderator,
)
from lib.queries.open_data import public_concerns
from lib.rules.geography import PlaceKind
from lib.rules.lifecycle import Role, Side
from lib.rules.moderation import PhotoState, Reason, TextState
from lib.services.concerns import Place, Reported, erase_concern, report_concern
from lib.services.moderation import redact_words, show_photo, show_words, withhold_photo, withhold_words
from lib.services.splitting import split_concern
from lib.storage.transaction import reading
from tests.builders import (
    NOON,
    a_beat,
    a_category,
    a_city,
    a_concern,
    a_coordinator,
    a_facilitator,
    a_person,
    uuid_of,
)
from tests.counting import counted_statements
from tests.photo_builders import a_picture

WORDS = "Kevin Doyle deals at the corner, BXR 4471"
REDACTED = "[…] deals at the corner, […]"


def held(text: str = WORDS, **more: Any) -> UUID:
    """A concern whose words are held; in a city with beat K2, which is made the first time."""
    with reading() as db:
        if not db.scalar(select(func.count()).select_from(Concern)):
            a_city()
            a_beat()
    return report_concern(
        category_id=a_category(),
        text=text,
        frequency="",
        place=Place(beat_code="K2"),
        place_kind=PlaceKind.STREET,
        now=NOON,
        **more,
    ).uuid


def public_words() -> str:
    """Everything that somebody who does not sign in can read."""
    rows = concern_list(ConcernFilter())
    return f"{rows}{as_csv(rows, 'UTC')}{public_concerns()}{kept_back()}"


def review_of(concern: UUID) -> tuple[object, ...]:
    with reading() as db:
        row = db.scalars(
            select(ConcernReview).join(Concern, Concern.id == ConcernReview.concern_id).where(Concern.uuid == concern)
        ).one()
        return row.original, row.findings, row.decision, row.reason


def test_words_that_name_somebody_are_public_nowhere_before_a_moderator_has_read_them(database: str) -> None:
    concern = held()
    assert [part for part in ("Kevin", "Doyle", "BXR", "deals") if part in public_words()] == []
    assert review_of(concern) == (WORDS, ["name", "plate"], TextState.HELD, None)
    [waiting], total = waiting_for_moderator()
    assert (total, waiting.uuid, waiting.original, waiting.public, waiting.findings) == (
        1,
        concern,
        WORDS,
        "",
        ("name", "plate"),
    )


def test_words_that_name_nobody_are_public_at_once(database: str) -> None:
    held("Loud music every Friday night")
    assert "Loud music every Friday night" in public_words()
    assert waiting_for_moderator() == ((), 0)


def test_officers_read_the_held_words_and_nothing_that_is_public_as_it_came(database: str) -> None:
    first, second, third = held(), held("Loud music"), held("Call 206-555-0142")
    show_words(actor=a_facilitator(), concern_uuid=third)
    assert held_words([first, second, third]) == {first: WORDS}


def test_a_moderator_shows_redacts_or_withholds_and_may_think_again(database: str) -> None:
    concern, moderator = held(), a_facilitator()
    redact_words(actor=moderator, concern_uuid=concern, text=REDACTED, reason=Reason.NAMES_A_PERSON)
    assert (concern_list(ConcernFilter())[0].text, review_of(concern)[0]) == (REDACTED, WORDS)
    assert waiting_for_moderator()[1] == 0
    withhold_words(actor=moderator, concern_uuid=concern, reason=Reason.ACCUSES_SOMEBODY)
    assert concern_list(ConcernFilter())[0].text == ""
    assert review_of(concern) == (WORDS, ["name", "plate"], TextState.WITHHELD, Reason.ACCUSES_SOMEBODY)
    show_words(actor=moderator, concern_uuid=concern)
    assert (concern_list(ConcernFilter())[0].text, moderated_concern(concern).text_state) == (WORDS, TextState.SHOWN)
    with pytest.raises(Conflict):
        show_words(actor=moderator, concern_uuid=concern)
    assert [each.uuid for each in moderated_concerns()] == [concern]


def test_a_public_concern_can_be_taken_back_later(database: str) -> None:
    concern, moderator = held("That house with the red door is the one"), a_coordinator()
    redact_words(
        actor=moderator, concern_uuid=concern, text="That house […] is the one", reason=Reason.TELLS_A_HOME, now=NOON
    )
    assert review_of(concern) == (
        "That house with the red door is the one",
        [],
        TextState.REDACTED,
        Reason.TELLS_A_HOME,
    )
    assert "red door" not in public_words()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (WORDS, Reason.NAMES_A_PERSON),
        ("Kevin Doyle is innocent […]", Reason.NAMES_A_PERSON),
        ("[…]", Reason.NAMES_A_PERSON),
        ("", Reason.NAMES_A_PERSON),
        (REDACTED, None),
        (REDACTED, Reason.SHOWS_A_PERSON),
        (REDACTED + " […]" * 600, Reason.NAMES_A_PERSON),
    ],
)
def test_a_moderator_takes_out_and_never_puts_in(sqlite_database: str, text: str, reason: Reason | None) -> None:
    concern = held()
    with pytest.raises(Invalid):
        redact_words(actor=a_facilitator(), concern_uuid=concern, text=text, reason=reason)
    assert review_of(concern)[2] is TextState.HELD


def test_officers_never_decide_whatever_their_roles(database: str) -> None:
    """A complaint about officers must not be theirs to withhold."""
    concern = held("Officer Brandt shouts at us", photos=[a_picture()])
    photo = moderated_concern(concern).photos[0].uuid
    refused = {
        None: SignInNeeded,
        a_person(): NotAllowed,
        a_person("Sgt. Haddad", roles=(Role.FACILITATOR,)): NotAllowed,
        a_person("Both", side=Side.RESIDENTS, roles=(Role.OFFICER, Role.COORDINATOR)): NotAllowed,
        a_person("Auditor", side=Side.NEITHER, roles=(Role.AUDITOR,)): NotAllowed,
    }
    for person, error in refused.items():
        with pytest.raises(error):
            show_words(actor=person, concern_uuid=concern)
        with pytest.raises(error):
            redact_words(actor=person, concern_uuid=concern, text="[…] shouts at us", reason=Reason.NAMES_A_PERSON)
        with pytest.raises(error):
            withhold_words(actor=person, concern_uuid=concern, reason=Reason.NAMES_A_PERSON)
        with pytest.raises(error):
            show_photo(actor=person, photo_uuid=photo)
        with pytest.raises(error):
            withhold_photo(actor=person, photo_uuid=photo, reason=Reason.SHOWS_A_PERSON)
    assert waiting_for_moderator()[1] == 1


def test_a_photo_is_a_new_picture_held_until_somebody_has_looked(database: str) -> None:
    upload = a_picture(with_place=True)
    assert b"A camera of somebody" in upload
    concern = held("A broken lamp", photos=[upload, a_picture("#2AA58E")])
    first, second = (photo.uuid for photo in moderated_concern(concern).photos)
    with pytest.raises(NotFound):
        concern_photo(first)
    kept, state = concern_photo(first, is_moderator=True)
    assert (state, kept[:3], b"camera" in kept, b"Exif" in kept) == (PhotoState.HELD, b"\xff\xd8\xff", False, False)
    moderator = a_facilitator()
    show_photo(actor=moderator, photo_uuid=first)
    withhold_photo(actor=moderator, photo_uuid=second, reason=Reason.SHOWS_A_PERSON)
    assert concern_photo(first) == (kept, PhotoState.SHOWN)
    assert shown_photos([concern]) == {concern: (first,)}
    for again in (first, second):
        with pytest.raises(Conflict):
            show_photo(actor=moderator, photo_uuid=again)
    with pytest.raises(NotFound):
        concern_photo(second, is_moderator=True)
    with reading() as db:
        assert db.scalar(select(func.count()).where(ConcernPhoto.photo.is_not(None))) == 1
    withhold_photo(actor=moderator, photo_uuid=first, reason=Reason.SHOWS_A_PERSON)
    assert shown_photos([concern]) == {}


@pytest.mark.parametrize(
    ("photos", "said"),
    [
        ([b"GIF89a nonsense"], "no photo"),
        ([a_picture()[:200]], "no photo"),
        ([b""], "Choose a photo"),
        ([b"\xff\xd8\xff" + b"x" * 5 * 1024 * 1024], "larger than 5 MB"),
        ([a_picture()] * 4, "Up to three"),
    ],
)
def test_what_is_no_photo_is_refused_and_nothing_is_stored(
    sqlite_database: str, photos: list[bytes], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        held("A broken lamp", photos=photos)
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(Concern)) == 0


def sent_with_photos(number: int) -> Reported:
    a_city()
    a_beat()
    return report_concern(
        category_id=a_category(),
        text=WORDS,
        frequency="",
        place=Place(beat_code="K2"),
        place_kind=PlaceKind.STREET,
        photos=[a_picture()] * number,
        now=NOON,
    )


def test_erasing_takes_the_held_words_and_the_photos_with_it(database: str) -> None:
    sent = sent_with_photos(1)
    erase_concern(follow_secret=sent.follow_secret)
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(ConcernReview)) == 0
        assert db.scalar(select(func.count()).select_from(ConcernPhoto)) == 0
    with pytest.raises(NotFound):
        show_words(actor=a_facilitator(), concern_uuid=sent.uuid)
    assert (waiting_for_moderator(), moderated_concerns(), kept_back()) == (((), 0), (), ())


def test_what_was_kept_back_stays_counted_after_erasing_without_words_and_day(database: str) -> None:
    sent = sent_with_photos(3)
    moderator = a_facilitator()
    redact_words(actor=moderator, concern_uuid=sent.uuid, text=REDACTED, reason=Reason.NAMES_A_PERSON, now=NOON)
    shown, withheld, _held = (photo.uuid for photo in moderated_concern(sent.uuid).photos)
    show_photo(actor=moderator, photo_uuid=shown, now=NOON)
    withhold_photo(actor=moderator, photo_uuid=withheld, reason=Reason.SHOWS_A_PERSON, now=NOON)
    before = kept_back()
    erase_concern(follow_secret=sent.follow_secret)
    may = NOON.replace(day=1, hour=12, minute=0)
    with reading() as db:
        [review], [photo] = db.scalars(select(ConcernReview)).all(), db.scalars(select(ConcernPhoto)).all()
        assert (review.original, review.findings, review.held_at, review.decided_at) == ("", [], may, may)
        assert (photo.uuid, photo.photo, photo.added_at, photo.decided_at) == (withheld, None, may, may)
    assert (
        before
        == kept_back()
        == (
            KeptBack(may.date(), "K2", "noise", "photo", "withheld", Reason.SHOWS_A_PERSON, "facilitator"),
            KeptBack(may.date(), "K2", "noise", "words", "redacted", Reason.NAMES_A_PERSON, "facilitator"),
        )
    )
    assert (waiting_for_moderator(), moderated_concerns()) == (((), 0), ())
    for refused in (
        lambda: show_words(actor=moderator, concern_uuid=sent.uuid),
        lambda: concern_photo(withheld, is_moderator=True),
    ):
        with pytest.raises(NotFound):
            refused()


def test_everybody_reads_what_was_kept_back_and_why_without_a_word_of_it(database: str) -> None:
    concern = held(photos=[a_picture()])
    later = NOON + timedelta(days=40)
    redact_words(actor=a_facilitator(), concern_uuid=concern, text=REDACTED, reason=Reason.NAMES_A_PERSON, now=NOON)
    photo = moderated_concern(concern).photos[0].uuid
    withhold_photo(actor=a_coordinator(), photo_uuid=photo, reason=Reason.SHOWS_A_PERSON, now=later)
    june, may = later.date().replace(day=1), NOON.date().replace(day=1)
    assert kept_back() == (
        KeptBack(june, "K2", "noise", "photo", "withheld", Reason.SHOWS_A_PERSON, "coordinator"),
        KeptBack(may, "K2", "noise", "words", "redacted", Reason.NAMES_A_PERSON, "facilitator"),
    )


def test_the_log_says_what_was_decided_by_ids_and_digests_only(database: str) -> None:
    concern = held(photos=[a_picture()])
    moderator = a_facilitator()
    withhold_words(actor=moderator, concern_uuid=concern, reason=Reason.ACCUSES_SOMEBODY)
    show_photo(actor=moderator, photo_uuid=moderated_concern(concern).photos[0].uuid)
    with reading() as db:
        entries = db.scalars(select(LogEntry).order_by(LogEntry.id)).all()
    told = [(entry.action, entry.actor_id) for entry in entries]
    assert told == [
        ("concern_reported", None),
        ("words_moderated", moderator.person_id),
        ("photo_shown", moderator.person_id),
    ]
    assert [part for part in ("Kevin", "corner", "BXR") if part in str([entry.facts for entry in entries])] == []


@pytest.mark.parametrize("number", [1, 3])
def test_the_queue_asks_three_questions_however_much_waits(sqlite_database: str, number: int) -> None:
    for _ in range(number):
        held(photos=[a_picture()])
    with counted_statements() as sent:
        assert len(waiting_for_moderator()[0]) == number
    assert len(sent) == 3


def test_unknown_concerns_and_photos_are_not_found(sqlite_database: str) -> None:
    a_city()
    moderator, nobody = a_facilitator(), UUID(int=0)
    for doing in (
        lambda: show_words(actor=moderator, concern_uuid=nobody),
        lambda: withhold_words(actor=moderator, concern_uuid=nobody, reason=Reason.NAMES_A_PERSON),
        lambda: show_photo(actor=moderator, photo_uuid=nobody),
        lambda: moderated_concern(nobody),
        lambda: concern_photo(nobody, is_moderator=True),
    ):
        with pytest.raises(NotFound):
            doing()
    plain = uuid_of(Concern, a_concern(a_beat()))
    with pytest.raises(Conflict):
        show_words(actor=moderator, concern_uuid=plain)


def test_a_part_that_an_officer_splits_off_is_held_like_the_whole_and_goes_with_it(database: str) -> None:
    a_city()
    officer = a_person(beats=(a_beat(),))
    sent = report_concern(
        category_id=a_category(),
        text=WORDS,
        frequency="",
        place=Place(beat_code="K2"),
        place_kind=PlaceKind.STREET,
    )
    part = split_concern(
        actor=officer, concern_uuid=sent.uuid, category_key="noise", part="Kevin Doyle is loud", text="Two things"
    )
    assert "Kevin" not in public_words()
    assert held_words([part]) == {part: "Kevin Doyle is loud"}
    erase_concern(follow_secret=sent.follow_secret)
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(ConcernReview)) == 0
    assert held_words([part]) == {}

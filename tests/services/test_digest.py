"""The digest: what became of it, once, in the reader's language, and nothing when nothing happened."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import event, func, select

from lib.errors import Invalid
from lib.model import (
    Commitment,
    Concern,
    ConcernAnswer,
    ConcernPhoto,
    ConcernReview,
    Goal,
    GoalEvent,
    LogEntry,
    Mail,
    Reader,
)
from lib.queries.digest import ReaderDigest, digest_of
from lib.queries.following import reader_secret
from lib.rules.lifecycle import CommitmentState, ConcernStatus, GoalState, MeetingState, Party
from lib.rules.mail import MailKind
from lib.rules.moderation import Reason, TextState
from lib.rules.rights import Actor
from lib.services.answers import answer_concern
from lib.services.commitments import countersign_commitment
from lib.services.concerns import erase_concern
from lib.services.digest import Digests, preview_digests, write_digests
from lib.services.following import confirm_reader, follow_by_mail, forget_reader
from lib.services.goal_course import withdraw_goal
from lib.services.mail import SealedMail, send_waiting
from lib.services.moderation import redact_words, show_photo, show_words, withhold_photo, withhold_words
from lib.storage.engine import engine
from lib.storage.transaction import reading, writing
from tests.builders import NOON, a_beat, a_city, a_concern, a_facilitator, a_goal, a_meeting, a_person, uuid_of
from tests.goal_builders import a_follow_link, due, grown_out_of
from tests.posting import posted, text_of

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MAYA = "maya@example.org"
SECRET = reader_secret(MAYA)


class Followed:
    """A concern that Maya follows by mail since noon, the officer of its beat, and a facilitator of the residents."""

    def __init__(self, language: str = "en") -> None:
        a_city()
        self.beat = a_beat()
        self.concern = a_concern(self.beat, text="Two lamps are broken.\nIt is dark.")
        self.link = a_follow_link(self.concern)
        self.uuid = uuid_of(Concern, self.concern)
        self.officer: Actor = a_person("Sam Okafor", beats=(self.beat,))
        self.resident = a_facilitator()
        follow_by_mail(follow_secret=self.link, address=MAYA, language=language, now=NOON)
        confirm_reader(secret=SECRET, now=NOON)

    def answered(self, text: str, at: datetime, status: ConcernStatus = ConcernStatus.PLANNED) -> None:
        answer_concern(actor=self.officer, concern_uuid=self.uuid, status=status, text=text, now=at)


@pytest.fixture
def followed(database: str) -> Followed:
    return Followed()


def held_for_moderator(concern: int, words: str) -> None:
    """The concern's words wait for a moderator."""
    with writing() as db:
        row = db.get_one(Concern, concern)
        row.text, row.text_state = "", TextState.HELD
        db.add(ConcernReview(concern_id=concern, original=words, findings=["name"], held_at=NOON))


def digests() -> list[str]:
    """The texts of the digests in the outbox."""
    send_waiting(limit=99, now=NOON + timedelta(days=900))
    return [text_of(mail) for mail in posted() if "What became of it" in str(mail["Subject"])]


def test_nothing_is_written_when_nothing_happened(followed: Followed) -> None:
    assert write_digests(now=NOON + DAY) == Digests(1, 0)
    a_meeting(followed.beat, starts_at=NOON + 9 * DAY, state=MeetingState.PLANNED)
    assert write_digests(now=NOON + 2 * DAY) == Digests(1, 0)
    assert digests() == []


def test_a_digest_says_what_was_said_and_where_to_look(followed: Followed) -> None:
    a_meeting(followed.beat, starts_at=NOON + 9 * DAY, state=MeetingState.PLANNED)
    followed.answered("<b>Lamps</b> are ordered.\nThey come in June.", NOON + HOUR)
    assert write_digests(now=NOON + DAY) == Digests(1, 1)
    send_waiting(limit=9, now=NOON + DAY)
    [mail] = [mail for mail in posted() if "became" in str(mail["Subject"])]
    address = "http://localhost:8501"
    text = text_of(mail)
    assert str(mail["Subject"]) == "What became of it: news about 1 matter"
    assert mail["List-Unsubscribe"] == f"<{address}/mail/off/{SECRET}>"
    assert text.startswith(
        f"""This happened since 4 May 2026 with what you follow.

Noise, K2 Quarter K2
--------------------

You said:
> Two lamps are broken. It is dark.

4 May 2026: Something is planned.
> <b>Lamps</b> are ordered.
> They come in June.
    Sam Okafor

{address}/me-too/{followed.uuid}

Next meetings
-------------

Spring meeting
13 May 2026, 12:00, Community Room
{address}/meetings?meeting="""
    )
    assert text.endswith(
        f"""

What I follow: {address}/mail/{SECRET}

Stop all mail and erase my address: {address}/mail/off/{SECRET}

--{" "}
Common Beat Lakeside
Nobody reads answers to this mail.
"""
    )


def test_a_reader_is_told_once_and_at_most_once_in_the_days_given(followed: Followed) -> None:
    followed.answered("First words.", NOON + HOUR)
    assert write_digests(now=NOON + DAY) == Digests(1, 1)
    assert write_digests(now=NOON + DAY) == Digests(0, 0)
    followed.answered("Second words.", NOON + DAY + HOUR, ConcernStatus.IN_PROGRESS)
    assert write_digests(now=NOON + 3 * DAY) == Digests(0, 0)
    assert write_digests(now=NOON + 8 * DAY - HOUR) == Digests(1, 1)
    assert write_digests(days=1, now=NOON + 20 * DAY) == Digests(1, 0)
    assert ["First words." in text for text in digests()].count(True) == 1
    assert ["Second words." in text for text in digests()].count(True) == 1
    assert len(digests()) == 2


def test_nobody_is_told_who_did_not_confirm_or_ended_it(followed: Followed) -> None:
    follow_by_mail(follow_secret=followed.link, address="tom@example.org", now=NOON)
    followed.answered("Words.", NOON + HOUR)
    forget_reader(secret=SECRET)
    assert write_digests(now=NOON + DAY) == Digests(0, 0)
    assert digests() == []


def test_what_waits_for_a_yes_is_not_told_but_named(followed: Followed) -> None:
    other = a_concern(followed.beat, text="Somebody else's secret words")
    follow_by_mail(follow_secret=a_follow_link(other), address=MAYA, now=NOON + DAY)
    answer_concern(
        actor=followed.officer,
        concern_uuid=uuid_of(Concern, other),
        status=ConcernStatus.SOLVED,
        text="Done elsewhere.",
        now=NOON + DAY + HOUR,
    )
    assert write_digests(now=NOON + 2 * DAY) == Digests(1, 0)
    followed.answered("Words.", NOON + 2 * DAY)
    assert write_digests(now=NOON + 3 * DAY) == Digests(1, 1)
    [text] = digests()
    assert "secret words" not in text and "Done elsewhere." not in text
    assert f"1 more concern waits for your yes:\nhttp://localhost:8501/mail/{SECRET}" in text


def test_a_duplicate_is_told_of_with_the_concern_that_it_goes_on_in(followed: Followed) -> None:
    original = uuid_of(Concern, a_concern(followed.beat, text="Another person's words"))
    answer_concern(
        actor=followed.officer,
        concern_uuid=followed.uuid,
        status=ConcernStatus.DUPLICATE,
        text="Same lamps.",
        duplicate_of=original,
        now=NOON + HOUR,
    )
    answer_concern(
        actor=followed.officer,
        concern_uuid=original,
        status=ConcernStatus.SOLVED,
        text="They shine.",
        now=NOON + 2 * HOUR,
    )
    write_digests(now=NOON + DAY)
    [text] = digests()
    assert "4 May 2026: It is about the same thing as another concern and goes on there.\n> Same lamps." in text
    assert (
        "4 May 2026: The officers say that it is solved.\nIt was said of the concern that yours goes on in.\n"
        "> They shine." in text
    )
    assert "Another person's words" not in text


def test_a_part_that_was_split_off_is_told_of_too(followed: Followed) -> None:
    part = a_concern(followed.beat, text="It is dark.")
    with writing() as db:
        db.get_one(Concern, part).split_from_id = followed.concern
    answer_concern(
        actor=followed.officer,
        concern_uuid=uuid_of(Concern, part),
        status=ConcernStatus.SOLVED,
        text="It is bright.",
        now=NOON + HOUR,
    )
    write_digests(now=NOON + DAY)
    [text] = digests()
    assert "It was said of the concern that yours goes on in.\n> It is bright.\n    Sam Okafor" in text


def test_four_weeks_after_solved_whoever_follows_is_asked_once(followed: Followed) -> None:
    followed.answered("Both shine.", NOON + HOUR, ConcernStatus.SOLVED)
    asked = "You are asked what has become of it: open the private link that you kept, and answer there."
    for days in (2, 28, 30, 60):
        write_digests(days=1, now=NOON + days * DAY)
    assert sorted((asked in text, "Both shine." in text) for text in digests()) == [(False, True), (True, False)]


def a_goal_of(followed: Followed, state: GoalState = GoalState.ACTIVE) -> int:
    goal = a_goal(followed.beat, state=state)
    grown_out_of(goal, followed.concern)
    return goal


def chapters(text: str) -> str:
    """What a digest says of the goal, without links and what every mail ends with."""
    return text.split("Quieter Friday nights on Pine Street\n", 1)[1].split("\n\n", 1)[1].split("\n\nhttp", 1)[0]


def test_a_goal_tells_what_was_agreed_done_and_not_done_and_why(followed: Followed) -> None:
    goal = a_goal_of(followed)
    with writing() as db:
        row = db.get_one(Goal, goal)
        row.adopted_on = date(2026, 5, 5)
        db.add(GoalEvent(goal_id=goal, kind="proposed", sentence="x", happened_at=NOON + DAY))
        kept, broken = db.scalars(select(Commitment.id).order_by(Commitment.id))
        more = Commitment(
            goal_id=goal,
            party=Party.RESIDENTS,
            owner="Rosa",
            deliverable="Lamps in ten windows",
            due_on=date(2026, 6, 30),
            state=CommitmentState.ACCEPTED,
            offered_at=NOON,
        )
        db.add(more)
        db.flush()
        accepted = {"action": "commitment_accepted", "subject": "commitment", "facts": {}}
        db.add_all(LogEntry(happened_at=NOON + HOUR, subject_id=str(each), **accepted) for each in (kept, more.id))
    countersign_commitment(actor=followed.officer, commitment_id=kept, verdict=CommitmentState.KEPT, now=NOON + 2 * DAY)
    countersign_commitment(
        actor=followed.resident,
        commitment_id=broken,
        verdict=CommitmentState.BROKEN,
        note="Nobody\ncame on three Fridays",
        now=NOON + 2 * DAY,
    )
    assert write_digests(now=NOON + 6 * DAY) == Digests(1, 1)
    [text] = digests()
    assert chapters(text) == (
        """We agreed:
- Residents and officers adopted it on 5 May 2026.
- The residents took on, by 30 June 2026: Lamps in ten windows

We did:
- The residents kept, countersigned by the other side: A walk every Friday night

We didn’t, and why:
- The officers did not keep: A walk every Friday night
  Why: Nobody came on three Fridays"""
    )


def test_what_is_overdue_is_told_once_on_the_day_after_its_due_date(followed: Followed) -> None:
    a_goal_of(followed)
    assert write_digests(days=1, now=datetime(2026, 6, 30, 20, tzinfo=NOON.tzinfo)) == Digests(1, 0)
    assert write_digests(days=1, now=datetime(2026, 7, 1, 7, tzinfo=NOON.tzinfo)) == Digests(1, 0)
    assert write_digests(days=1, now=datetime(2026, 7, 2, 7, tzinfo=NOON.tzinfo)) == Digests(1, 1)
    assert write_digests(days=1, now=datetime(2026, 7, 3, 7, tzinfo=NOON.tzinfo)) == Digests(1, 0)
    [text] = digests()
    assert chapters(text).count("should have done by 30 June 2026: A walk every Friday night") == 2


def test_nothing_that_happened_later_on_the_day_of_a_digest_is_lost(followed: Followed) -> None:
    goal = a_goal_of(followed)
    followed.answered("Words.", NOON + DAY)
    assert write_digests(days=1, now=NOON + DAY + HOUR) == Digests(1, 1)
    with writing() as db:
        db.get_one(Goal, goal).adopted_on = (NOON + DAY).date()
    assert write_digests(days=1, now=NOON + 2 * DAY + HOUR) == Digests(1, 1)
    assert write_digests(days=1, now=NOON + 3 * DAY + HOUR) == Digests(1, 0)
    assert ["adopted it on 5 May 2026" in text for text in digests()].count(True) == 1


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("proposed", "On the way:\n- It was proposed as a goal on 5 May 2026."),
        ("on_ballot", "On the way:\n- It is on the ballot of a meeting."),
        (
            "contested",
            "We didn’t, and why:\n- Only one side carried it on 5 May 2026; the other owes a written answer.",
        ),
        (
            "reopened",
            "We didn’t, and why:\n- Residents said that it got worse: the goal was opened again on 5 May 2026.",
        ),
    ],
)
def test_the_events_of_a_goal_are_told(sqlite_database: str, kind: str, said: str) -> None:
    followed = Followed()
    goal = a_goal_of(followed)
    with writing() as db:
        db.add(GoalEvent(goal_id=goal, kind=kind, sentence="x", happened_at=NOON + DAY))
        db.add(GoalEvent(goal_id=goal, kind="argued", sentence="noise", happened_at=NOON + DAY))
    assert write_digests(now=NOON + 3 * DAY) == Digests(1, 1)
    assert [chapters(text) for text in digests()] == [said]


def test_a_withdrawn_goal_says_why(sqlite_database: str) -> None:
    followed = Followed()
    goal = a_goal_of(followed, GoalState.PROPOSED)
    withdraw_goal(actor=followed.resident, goal_uuid=uuid_of(Goal, goal), reason="The bar closed", now=NOON + DAY)
    assert write_digests(now=NOON + 3 * DAY) == Digests(1, 1)
    assert [chapters(text) for text in digests()] == [
        "We didn’t, and why:\n- The goal was withdrawn.\n  Why: The bar closed"
    ]


def test_a_goal_that_was_not_achieved_says_why_and_what_the_measure_says(sqlite_database: str) -> None:
    followed = Followed()
    goal = a_goal_of(followed)
    with writing() as db:
        row = db.get_one(Goal, goal)
        row.state, row.ended_on, row.ended_reason = GoalState.NOT_ACHIEVED, date(2026, 5, 5), "The nights stayed loud"
    write_digests(now=NOON + 3 * DAY)
    assert [chapters(text) for text in digests()] == [
        "We didn’t, and why:\n- The goal ended on 5 May 2026 without being achieved.\n  Why: The nights stayed loud\n\n"
        "The measure says: Too early to say"
    ]


def test_whoever_is_asked_is_led_to_their_own_link_and_not_asked_by_mail(sqlite_database: str) -> None:
    followed = Followed()
    due(a_goal_of(followed), date(2026, 5, 6))
    write_digests(now=NOON + 3 * DAY)
    [text] = digests()
    assert chapters(text) == (
        "You are asked what has become of it: open the private link that you kept, and answer there."
    )
    assert followed.link not in text


def test_a_digest_speaks_spanish_to_whoever_asked_in_spanish(sqlite_database: str) -> None:
    followed = Followed("es")
    a_goal_of(followed)
    followed.answered("Ya se pidieron.", NOON + HOUR)
    with writing() as db:
        db.scalars(select(Goal)).one().adopted_on = date(2026, 5, 5)
    write_digests(now=NOON + 3 * DAY)
    send_waiting(limit=9, now=NOON + 3 * DAY)
    [mail] = [mail for mail in posted() if "Qué pasó" in str(mail["Subject"])]
    text = text_of(mail)
    assert str(mail["Subject"]) == "Qué pasó: novedades sobre 2 asuntos"
    for part in (
        "Esto pasó desde el 4 de mayo de 2026",
        "4 de mayo de 2026: Ya hay algo planeado.",
        "Residentes y agentes la adoptaron el 5 de mayo de 2026.",
        "Terminar todo el correo y borrar mi dirección",
    ):
        assert part in text


def test_what_people_wrote_cannot_look_like_ours_or_become_a_header(sqlite_database: str) -> None:
    followed = Followed()
    followed.answered("Fine.\n.\nStop all mail: http://evil.example\nBcc: tom@example.org", NOON + HOUR)
    write_digests(now=NOON + DAY)
    [text] = digests()
    assert "> .\n> Stop all mail: http://evil.example\n> Bcc: tom@example.org" in text


def test_a_preview_shows_the_mails_without_secrets_and_writes_nothing(sqlite_database: str) -> None:
    followed = Followed()
    followed.answered("Words.", NOON + HOUR)
    [letter] = preview_digests(now=NOON + DAY)
    assert "Words." in letter.text
    assert SECRET not in letter.text and MAYA not in letter.text
    with reading() as db:
        assert db.scalar(select(func.count()).where(Mail.kind == MailKind.DIGEST)) == 0
        assert db.scalars(select(Reader.told_until)).all() == [None]


@pytest.mark.parametrize("days", [0, -1, 91])
def test_days_that_make_no_sense_are_refused(sqlite_database: str, days: int) -> None:
    a_city()
    with pytest.raises(Invalid):
        write_digests(days=days)


def test_runs_at_once_write_each_digest_once(followed: Followed) -> None:
    for number in range(6):
        address = f"reader{number}@example.org"
        follow_by_mail(follow_secret=followed.link, address=address, now=NOON)
        confirm_reader(secret=reader_secret(address), now=NOON)
    followed.answered("Words.", NOON + HOUR)
    barrier = Barrier(4, timeout=60)

    def writes(number: int) -> Digests:
        barrier.wait()
        return write_digests(now=NOON + DAY + timedelta(seconds=number))

    with ThreadPoolExecutor(4) as pool:
        assert sum(run.written for run in pool.map(writes, range(4))) == 7
    assert len(digests()) == 7


@pytest.mark.parametrize(("together", "left"), [(1, 1), (10, 2)])
def test_a_run_that_dies_goes_on_behind_the_last_readers(
    followed: Followed, monkeypatch: pytest.MonkeyPatch, together: int, left: int
) -> None:
    follow_by_mail(follow_secret=followed.link, address="tom@example.org", now=NOON)
    confirm_reader(secret=reader_secret("tom@example.org"), now=NOON)
    followed.answered("Words.", NOON + HOUR)

    class Death(BaseException):
        pass

    written: list[object] = []

    def dies_at_the_second(*arguments: object, **given: object) -> bool:
        if written:
            raise Death
        written.append(given)
        return queue(*arguments, **given)  # type: ignore[arg-type]

    from lib.services.mail import keep_mail as queue

    with monkeypatch.context() as moment:
        moment.setattr("lib.services.digest.keep_mail", dies_at_the_second)
        moment.setattr("lib.services.digest.WRITTEN_TOGETHER", together)
        with pytest.raises(Death):
            write_digests(now=NOON + DAY)
    assert write_digests(now=NOON + DAY + HOUR) == Digests(left, left)
    assert len(digests()) == 2


def test_what_is_erased_or_told_while_a_digest_is_written_is_not_in_it(
    followed: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = a_concern(followed.beat, text="Somebody else's words")
    link = a_follow_link(other)
    follow_by_mail(follow_secret=link, address=MAYA, now=NOON)
    confirm_reader(secret=SECRET, now=NOON)
    followed.answered("Words.", NOON + HOUR)
    answer_concern(
        actor=followed.officer,
        concern_uuid=uuid_of(Concern, other),
        status=ConcernStatus.PLANNED,
        text="To nobody.",
        now=NOON + HOUR,
    )
    from lib.services.digest import _mail as in_words

    def erased_meanwhile(found: ReaderDigest, until: datetime) -> SealedMail:
        written = in_words(found, until)
        if len(found.follows) == 2:
            erase_concern(follow_secret=link)
        return written

    monkeypatch.setattr("lib.services.digest._mail", erased_meanwhile)
    assert write_digests(now=NOON + DAY) == Digests(1, 1)
    [text] = digests()
    assert ("Words." in text, "To nobody." in text, "Somebody else's" in text) == (True, False, False)


def test_every_reader_is_told_of_their_own_concerns_and_from_their_own_time_on(sqlite_database: str) -> None:
    followed = Followed()
    followed.answered("Early words.", NOON + HOUR)
    grown_out_of(a_goal(followed.beat, "Lamps for all"), followed.concern)
    late, other = "late@example.org", "other@example.org"
    follow_by_mail(follow_secret=followed.link, address=late, now=NOON + 2 * HOUR)
    follow_by_mail(follow_secret=a_follow_link(a_concern(followed.beat)), address=other, now=NOON)
    for address in (late, other):
        confirm_reader(secret=reader_secret(address), now=NOON + 2 * HOUR)
    followed.answered("Late words.", NOON + 3 * HOUR, ConcernStatus.IN_PROGRESS)
    assert write_digests(now=NOON + DAY) == Digests(3, 2)
    send_waiting(limit=99, now=NOON + DAY)
    told = {str(mail["To"]): text_of(mail) for mail in posted() if "became" in str(mail["Subject"])}
    assert {to: ("Early words." in text, "Late words." in text) for to, text in told.items()} == {
        MAYA: (True, True),
        late: (False, True),
    }


@pytest.mark.parametrize(
    ("decide", "said"),
    [
        (show_words, "4 May 2026: A moderator has read the words; everybody can read them now as they were written."),
        (
            partial(redact_words, text="Kevin sells […].", reason=Reason.ACCUSES_SOMEBODY),
            "4 May 2026: A moderator took out parts of the words, marked […]; everybody reads the rest. It accuses "
            "somebody who can be recognised.",
        ),
        (
            partial(withhold_words, reason=Reason.NAMES_A_PERSON),
            "4 May 2026: A moderator withheld the words; the concern itself stays and counts. It names a person.",
        ),
    ],
)
def test_a_digest_says_plainly_what_a_moderator_decided_and_why(
    sqlite_database: str, decide: Callable[..., None], said: str
) -> None:
    followed = Followed()
    held_for_moderator(followed.concern, "Kevin sells pills.")
    decide(actor=followed.resident, concern_uuid=followed.uuid, now=NOON + HOUR)
    assert write_digests(now=NOON + DAY) == Digests(1, 1)
    [text] = digests()
    assert (said in text, "pills" in text) == (True, decide is show_words)
    assert write_digests(now=NOON + 20 * DAY) == Digests(1, 0)


def test_a_digest_says_what_became_of_a_photo_in_the_readers_language(sqlite_database: str) -> None:
    followed = Followed("es")
    with writing() as db:
        for name in ("one", "two"):
            db.add(ConcernPhoto(concern_id=followed.concern, photo=name.encode(), added_at=NOON))
    with reading() as db:
        first, second = db.scalars(select(ConcernPhoto.uuid).order_by(ConcernPhoto.id)).all()
    show_photo(actor=followed.resident, photo_uuid=first, now=NOON + HOUR)
    withhold_photo(actor=followed.resident, photo_uuid=second, reason=Reason.SHOWS_A_PERSON, now=NOON + 2 * HOUR)
    write_digests(now=NOON + DAY)
    send_waiting(limit=9, now=NOON + DAY)
    [text] = [text_of(mail) for mail in posted() if "Qué pasó" in str(mail["Subject"])]
    assert (
        "4 de mayo de 2026: Una persona moderadora revisó una foto; ahora la pueden ver todas las personas.\n"
        "4 de mayo de 2026: Una persona moderadora retuvo una foto y la borró. Muestra a una persona, una placa o "
        "una vivienda.\n"
    ) in text


@pytest.fixture
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            seen.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    yield seen
    event.remove(engine(), "before_cursor_execute", note)


def test_a_reader_takes_the_same_number_of_statements_whatever_they_follow(
    sqlite_database: str, statements: list[str]
) -> None:
    followed = Followed()
    followed.answered("Words.", NOON + HOUR)
    with reading() as db:
        reader = db.scalars(select(Reader.id)).one()
        asked = db.scalar(select(func.count()).select_from(ConcernAnswer))
    assert asked == 1
    counts = []
    for number in range(3):
        statements.clear()
        digest_of(reader, until=NOON + DAY)
        counts.append(len(statements))
        link = a_follow_link(a_concern(followed.beat, text=f"Number {number}"))
        follow_by_mail(follow_secret=link, address=MAYA, now=NOON + timedelta(minutes=number))
        confirm_reader(secret=SECRET, now=NOON + timedelta(minutes=number))
    assert counts == [11, 11, 11]

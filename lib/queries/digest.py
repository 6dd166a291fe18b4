"""What readers are told in one mail each, read from what everybody could see.

Many readers are read together: each question is asked once for all of them, and each is told of their own time.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import literal, or_, select
from sqlalchemy.orm import Session, aliased

from lib.model import Beat, Concern, ConcernAnswer, Following, Partner, Person, Reader
from lib.queries.digest_checks import Checks, checks_of
from lib.queries.digest_goals import GoalFacts, goals_that_grew
from lib.queries.digest_period import Period
from lib.queries.following import is_told
from lib.queries.meetings import next_meeting
from lib.queries.places import BeatRow, categories, city
from lib.rules.concern_outcome import asked_from
from lib.rules.digest import ConcernNews, Digest, MeetingNews, Step
from lib.rules.states import ConcernStatus
from lib.rules.text import clipped
from lib.settings import settings
from lib.storage.transaction import reading

_TEXT = 160
_MOST_MEETINGS = 3
_MOST_STEPS = 8
"""How far a line of merged and split concerns is followed."""


@dataclass(frozen=True)
class ReaderDigest:
    """A digest, and what it was read from: as long as that is still so, it tells neither too little nor twice.

    `address` is the reader's, sealed.
    """

    reader_id: int
    address: bytes
    language: str
    told_until: datetime | None
    confirmed_at: datetime | None
    follows: frozenset[int]
    digest: Digest


@dataclass(frozen=True)
class _Followed:
    """A concern and, in `line`, itself and all that it goes on in: what it was merged into, and parts split from it."""

    concern: Concern
    beat: BeatRow
    since: datetime
    line: frozenset[int]


@dataclass(frozen=True)
class _Happened:
    """What happened to all concerns of some readers, for each of them to be picked from. `asked`: when solved concerns
    were closed; `meetings`: the next one of each beat, by its code."""

    answers: Mapping[int, Sequence[tuple[ConcernAnswer, str, str]]]
    checks: Checks
    asked: Mapping[int, datetime]
    goals: GoalFacts
    meetings: dict[str, MeetingNews | None]
    zone: ZoneInfo


def readers_to_tell(*, after: int = 0, at_most: int = 500) -> tuple[tuple[int, datetime | None], ...]:
    """Confirmed readers as (id, told until), by id, in pages that begin behind an id. One statement."""
    question = (
        select(Reader.id, Reader.told_until)
        .where(Reader.confirmed_at.is_not(None), Reader.id > after)
        .order_by(Reader.id)
        .limit(at_most)
    )
    with reading() as db:
        return tuple((row.id, row.told_until) for row in db.execute(question))


def digest_of(reader_id: int, *, until: datetime) -> Digest:
    """What happened with all that one reader follows since they were last told. As `digests_of`."""
    return digests_of([reader_id], until=until)[reader_id].digest


def digests_of(reader_ids: Collection[int], *, until: datetime) -> dict[int, ReaderDigest]:
    """What happened with all that each reader follows since they were last told; who is gone is absent.

    However many readers: at most nineteen statements and those of the measures of goals that ended, two more for each
    beat in which something happened; nine and those two where nothing that they follow grew into a goal.
    """
    zone = ZoneInfo(city().time_zone)
    with reading() as db:
        readers = db.scalars(select(Reader).where(Reader.id.in_(reader_ids))).all()
        followed, every = _followed(db, readers)
        happened = _happened(db, [each for rows in followed.values() for each in rows], until, zone)
        names = {language: _names(language) for language in {reader.language for reader in readers}}
        return {
            reader.id: ReaderDigest(
                reader.id,
                reader.address,
                reader.language,
                reader.told_until,
                reader.confirmed_at,
                every[reader.id],
                _digest(
                    followed[reader.id],
                    len(every[reader.id]) - len(followed[reader.id]),
                    happened,
                    names[reader.language],
                    until,
                ),
            )
            for reader in readers
        }


def _digest(
    followed: Sequence[_Followed], unconfirmed: int, happened: _Happened, names: Mapping[int, str], until: datetime
) -> Digest:
    zone = happened.zone
    if not followed:
        return Digest(until.astimezone(zone).date(), unconfirmed=unconfirmed)
    period = Period.between(min(each.since for each in followed), until, zone)
    concerns = tuple(
        news for each in followed if (news := _news(each, happened, names.get(each.concern.category_id, ""), period))
    )
    goals = happened.goals.told(frozenset().union(*(each.line for each in followed)), period)
    meetings = _meetings({each.beat.code for each in followed}, happened, until) if concerns or goals else ()
    return Digest(period.first, concerns, goals, meetings, unconfirmed)


def _names(language: str) -> dict[int, str]:
    return {row.id: row.name for row in categories(language)}


def _followed(db: Session, readers: Sequence[Reader]) -> tuple[dict[int, list[_Followed]], dict[int, frozenset[int]]]:
    """What each reader confirmed, the first followed first; and all that they asked for, by concern."""
    by_id = {reader.id: reader for reader in readers}
    rows = db.execute(
        select(Concern, Beat, Following.reader_id, Following.began_at)
        .join(Following, Following.concern_id == Concern.id)
        .join(Beat, Beat.id == Concern.beat_id)
        .where(Following.reader_id.in_(by_id))
        .order_by(Following.began_at, Concern.id)
    ).all()
    told = [row for row in rows if is_told(row.began_at, by_id[row.reader_id].confirmed_at)]
    lines = _lines(db, {row.Concern.id for row in told})
    followed: dict[int, list[_Followed]] = {reader_id: [] for reader_id in by_id}
    every: dict[int, set[int]] = {reader_id: set() for reader_id in by_id}
    for row in rows:
        every[row.reader_id].add(row.Concern.id)
    for row in told:
        followed[row.reader_id].append(
            _Followed(
                concern=row.Concern,
                beat=BeatRow(row.Beat.id, row.Beat.code, row.Beat.name, row.Beat.precinct),
                since=max(row.began_at, by_id[row.reader_id].told_until or row.began_at),
                line=frozenset(lines[row.Concern.id]),
            )
        )
    return followed, {reader_id: frozenset(ids) for reader_id, ids in every.items()}


def _lines(db: Session, concern_ids: Collection[int]) -> dict[int, set[int]]:
    """Each of these concerns with all that it goes on in."""
    first = (
        select(
            Concern.id.label("root"), Concern.id, Concern.duplicate_of_id.label("original"), literal(0).label("step")
        )
        .where(Concern.id.in_(concern_ids))
        .cte("line", recursive=True)
    )
    next_one = aliased(Concern)
    line = first.union(
        select(first.c.root, next_one.id, next_one.duplicate_of_id, first.c.step + 1).where(
            or_(next_one.id == first.c.original, next_one.split_from_id == first.c.id), first.c.step < _MOST_STEPS
        )
    )
    found: dict[int, set[int]] = {concern_id: {concern_id} for concern_id in concern_ids}
    for root, concern_id in db.execute(select(line.c.root, line.c.id)):
        found[root].add(concern_id)
    return found


def _happened(db: Session, followed: Sequence[_Followed], until: datetime, zone: ZoneInfo) -> _Happened:
    """All that happened since the reader was told who was told the longest ago."""
    wanted = frozenset().union(*(each.line for each in followed))
    widest = Period.between(min((each.since for each in followed), default=until), until, zone)
    rows = db.execute(
        select(ConcernAnswer, Person.name, Partner.name.label("partner"))
        .outerjoin(Person, Person.id == ConcernAnswer.person_id)
        .outerjoin(Partner, Partner.id == ConcernAnswer.partner_id)
        .where(
            ConcernAnswer.concern_id.in_(wanted),
            ConcernAnswer.answered_at > widest.since,
            ConcernAnswer.answered_at <= until,
        )
        .order_by(ConcernAnswer.answered_at, ConcernAnswer.id)
    )
    answers: dict[int, list[tuple[ConcernAnswer, str, str]]] = {}
    for row in rows:
        answers.setdefault(row.ConcernAnswer.concern_id, []).append(
            (row.ConcernAnswer, row.name or "", row.partner or "")
        )
    closed = db.execute(
        select(Concern.id, Concern.closed_at).where(
            Concern.id.in_(wanted), Concern.status == ConcernStatus.SOLVED, Concern.closed_at.is_not(None)
        )
    )
    return _Happened(
        answers=answers,
        checks=checks_of(db, {each.concern.id for each in followed}, widest),
        asked={row.id: row.closed_at for row in closed},
        goals=goals_that_grew(db, wanted, widest, zone),
        meetings={},
        zone=zone,
    )


def _news(followed: _Followed, happened: _Happened, category: str, period: Period) -> ConcernNews | None:
    """What is new of one concern; None where nothing is."""
    said = sorted(
        (
            answer
            for concern_id in followed.line
            for answer in happened.answers.get(concern_id, ())
            if answer[0].answered_at > followed.since
        ),
        key=lambda each: (each[0].answered_at, each[0].id),
    )
    steps = tuple(
        Step(
            on=answer.answered_at.astimezone(happened.zone).date(),
            status=answer.status,
            said=answer.text,
            by=name,
            partner=partner if answer.status is ConcernStatus.REFERRED else "",
            elsewhere=answer.concern_id != followed.concern.id,
        )
        for answer, name, partner in said
    )
    checked = happened.checks.since(followed.concern.id, followed.since, happened.zone)
    closings = (happened.asked[each] for each in followed.line if each in happened.asked)
    is_asked = any(asked_from(at.astimezone(happened.zone).date()) in period for at in closings)
    if not steps and not checked and not is_asked:
        return None
    text = clipped(" ".join(followed.concern.text.split()), _TEXT)
    link = f"{settings().address}/me-too/{followed.concern.uuid}"
    return ConcernNews(category, followed.beat.label, text, link, steps, is_asked, checked)


def _meetings(codes: Collection[str], happened: _Happened, until: datetime) -> tuple[MeetingNews, ...]:
    """The next meetings of these beats, the soonest first; each beat is asked about once for all readers."""
    known = happened.meetings
    for code in sorted(codes)[:_MOST_MEETINGS]:
        if code not in known:
            known[code] = _next_meeting(code, until, happened.zone)
    found = {each.link: each for code in sorted(codes)[:_MOST_MEETINGS] if (each := known[code]) is not None}
    return tuple(sorted(found.values(), key=lambda each: each.starts_at))


def _next_meeting(code: str, until: datetime, zone: ZoneInfo) -> MeetingNews | None:
    coming = next_meeting(code, now=until)
    if coming is None:
        return None
    return MeetingNews(
        coming.title,
        coming.place,
        coming.starts_at.astimezone(zone),
        f"{settings().address}/meetings?meeting={coming.uuid}",
    )

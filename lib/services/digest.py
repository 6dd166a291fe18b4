"""The digest: one mail for each reader who has news, never a blast. Written first, in one transaction with the moment
until which its reader is told; sent afterwards like every mail."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lib import clock
from lib.errors import Invalid
from lib.languages import _, day, ngettext, speaking
from lib.model import Following, Reader
from lib.queries.digest import ReaderDigest, digests_of, readers_to_tell
from lib.queries.following import reader_secret
from lib.queries.places import city
from lib.rules.digest import Digest, digest_letter, is_due
from lib.rules.mail import MailKind
from lib.rules.mail_words import Letter
from lib.services.log import record
from lib.services.mail import SealedMail, keep_mail, sealed_mail
from lib.settings import settings
from lib.storage.secrets import unseal
from lib.storage.transaction import writing

AT_ONCE = 100
"""Readers whose news are read together."""

WRITTEN_TOGETHER = 10
"""Digests in one transaction: few, because whoever votes at this moment waits for it."""

HIDDEN = "…"
"""What stands in a preview for the secret in a reader's links."""


@dataclass(frozen=True)
class Digests:
    """How many readers were looked at because their time has come, and how many mails were written to them."""

    readers: int
    written: int


def write_digests(*, days: int = 7, now: datetime | None = None) -> Digests:
    """Write a mail to every reader who has news and was not told within `days`.

    What is new is read, and put into words, for many readers together and before anything is locked. Then a few at a
    time are one transaction: their mails and until when they are told come together or not at all, so whatever stops
    this, the next run goes on behind the last ones and tells nobody twice. Several may run at once. Raises Invalid
    (days), NotFound (no city), Unavailable.
    """
    until = now or clock.now()
    readers = written = 0
    for batch in _due(days, until):
        readers += len(batch)
        # A quiet week takes no lock.
        news = [each for each in digests_of(batch, until=until).values() if not each.digest.is_empty]
        mails = [(each, _mail(each, until)) for each in news]
        for start in range(0, len(mails), WRITTEN_TOGETHER):
            written += _write(mails[start : start + WRITTEN_TOGETHER], days, until)
    if written:
        with writing() as db:
            record(db, None, "digests_written", "city", 1, readers=readers, mails=written)
    return Digests(readers, written)


def preview_digests(*, days: int = 7, now: datetime | None = None) -> tuple[Letter, ...]:
    """The mails that `write_digests` would write at this moment, without addresses and without the secrets in their
    links. Raises Invalid (days), NotFound (no city)."""
    until = now or clock.now()
    return tuple(
        _letter(found.digest, found.language, HIDDEN)
        for batch in _due(days, until)
        for found in digests_of(batch, until=until).values()
        if not found.digest.is_empty
    )


def _due(days: int, until: datetime) -> Iterator[list[int]]:
    """The readers whose time has come, some at a time."""
    if not 1 <= days <= 90:
        raise Invalid("A digest is sent every 1 to 90 days.", field="days")
    last = 0
    while page := readers_to_tell(after=last, at_most=AT_ONCE):
        yield [reader_id for reader_id, told_until in page if is_due(told_until, until, days)]
        last = page[-1][0]


def _write(mails: Sequence[tuple[ReaderDigest, SealedMail]], days: int, until: datetime) -> int:
    """How many of these mails were written."""
    written = 0
    with writing() as db:
        ids = [found.reader_id for found, _mail in mails]
        locked = db.scalars(select(Reader).where(Reader.id.in_(ids)).order_by(Reader.id).with_for_update())
        readers = {reader.id: reader for reader in locked}
        follows: dict[int, set[int]] = {reader_id: set() for reader_id in readers}
        for row in db.execute(
            select(Following.reader_id, Following.concern_id).where(Following.reader_id.in_(readers))
        ):
            follows[row.reader_id].add(row.concern_id)
        for found, prepared in mails:
            reader, mail = readers.get(found.reader_id), prepared
            if reader is None or reader.confirmed_at is None or not is_due(reader.told_until, until, days):
                continue
            if not _is_still_so(reader, follows[reader.id], found):
                anew = digests_of([reader.id], until=until)[reader.id]
                if anew.digest.is_empty:
                    continue
                mail = _mail(anew, until)
            reader.told_until = until
            written += keep_mail(db, mail)
    return written


def _is_still_so(reader: Reader, follows: set[int], found: ReaderDigest) -> bool:
    """Whether what was read together with other readers' news is what this reader would be told now: they follow the
    same concerns (an erased one is gone from them), and were told nothing since."""
    then = (found.address, found.language, found.told_until, found.confirmed_at, found.follows)
    return then == (reader.address, reader.language, reader.told_until, reader.confirmed_at, frozenset(follows))


def _mail(found: ReaderDigest, until: datetime) -> SealedMail:
    address = unseal(found.address).decode()
    secret = reader_secret(address)
    letter = _letter(found.digest, found.language, secret)
    return sealed_mail(
        kind=MailKind.DIGEST,
        key=f"digest:{found.reader_id}:{until.isoformat()}",
        to=address,
        subject=letter.subject,
        text=letter.text,
        unsubscribe_url=f"{settings().address}/mail/off/{secret}",
        reader_id=found.reader_id,
        now=until,
    )


def _letter(digest: Digest, language: str, secret: str) -> Letter:
    with speaking(language):
        return digest_letter(
            _,
            ngettext,
            day,
            digest,
            city=city().name,
            followed=f"{settings().address}/mail/{secret}",
            end=f"{settings().address}/mail/off/{secret}",
        )

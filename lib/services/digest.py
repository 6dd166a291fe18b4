"""The digest: one mail for each reader who has news, never a blast. Written first, all of one reader in one transaction
with the moment until which they are told; sent afterwards like every mail."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lib import clock
from lib.errors import Invalid
from lib.languages import _, day, ngettext, speaking
from lib.model import Reader
from lib.queries.digest import digest_of, readers_to_tell
from lib.queries.following import reader_secret
from lib.queries.places import city
from lib.rules.digest import Digest, digest_letter, is_due
from lib.rules.mail import MailKind
from lib.rules.mail_words import Letter
from lib.services.log import record
from lib.services.mail import queue_mail
from lib.settings import settings
from lib.storage.secrets import unseal
from lib.storage.transaction import reading, writing

HIDDEN = "…"
"""What stands in a preview for the secret in a reader's links."""


@dataclass(frozen=True)
class Digests:
    """How many readers were looked at because their time has come, and how many mails were written to them."""

    readers: int
    written: int


def write_digests(*, days: int = 7, now: datetime | None = None) -> Digests:
    """Write a mail to every reader who has news and was not told within `days`.

    Each reader is one transaction: the mail and until when they are told come together or not at all, so whatever stops
    this, the next run goes on behind the last reader and tells nobody twice. Several may run at once. Raises Invalid
    (days), NotFound (no city), Unavailable.
    """
    until = now or clock.now()
    readers = written = 0
    for reader_id in _due(days, until):
        readers += 1
        written += _write(reader_id, days, until)
    if written:
        with writing() as db:
            record(db, None, "digests_written", "city", 1, readers=readers, mails=written)
    return Digests(readers, written)


def preview_digests(*, days: int = 7, now: datetime | None = None) -> tuple[Letter, ...]:
    """The mails that `write_digests` would write at this moment, without addresses and without the secrets in their
    links. Raises Invalid (days), NotFound (no city)."""
    until = now or clock.now()
    letters = []
    for reader_id in _due(days, until):
        digest = digest_of(reader_id, until=until)
        if not digest.is_empty:
            with reading() as db:
                language = db.get_one(Reader, reader_id).language
            letters.append(_letter(digest, language, HIDDEN))
    return tuple(letters)


def _due(days: int, until: datetime) -> Iterator[int]:
    if not 1 <= days <= 90:
        raise Invalid("A digest is sent every 1 to 90 days.", field="days")
    last = 0
    while page := readers_to_tell(after=last):
        yield from (reader_id for reader_id, told_until in page if is_due(told_until, until, days))
        last = page[-1][0]


def _write(reader_id: int, days: int, until: datetime) -> bool:
    """Whether there was something to write."""
    # Read before, so that a quiet week takes no lock; what is written is read again under the lock.
    if digest_of(reader_id, until=until).is_empty:
        return False
    with writing() as db:
        reader = db.get(Reader, reader_id, with_for_update=True)
        if reader is None or reader.confirmed_at is None or not is_due(reader.told_until, until, days):
            return False
        digest = digest_of(reader_id, until=until)
        if digest.is_empty:
            return False
        address = unseal(reader.address).decode()
        secret = reader_secret(address)
        letter = _letter(digest, reader.language, secret)
        reader.told_until = until
        return queue_mail(
            db,
            kind=MailKind.DIGEST,
            key=f"digest:{reader.id}:{until.isoformat()}",
            to=address,
            subject=letter.subject,
            text=letter.text,
            unsubscribe_url=f"{settings().address}/mail/off/{secret}",
            reader_id=reader.id,
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

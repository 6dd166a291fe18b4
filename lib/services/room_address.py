"""The address that a room's QR codes carry, and the check with a phone before the meeting."""

import re
import secrets
from datetime import datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from sqlalchemy import delete, update

from lib import clock
from lib.errors import Conflict, Invalid, NotFound
from lib.model import PhoneCheck
from lib.rules.ballots import crockford
from lib.rules.rights import Actor, Right, require
from lib.services.log import record
from lib.services.round_rows import meeting_with
from lib.storage.transaction import writing

LONGEST = 200
KEPT = timedelta(hours=12)
"""How long a check with a phone is remembered."""

UNKNOWN_CHECK = "This check is over. Scan the code on the facilitator's screen again."
OTHER_ADDRESS = "This page was opened by another address than the one that is checked. Scan the code on the screen."

_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", re.IGNORECASE)


def choose_room_address(*, actor: Actor | None, meeting_id: int, address: str) -> str:
    """Let the QR codes of this meeting carry this address, "" for the installation's own; the address as it is kept.

    The log names the machine: whoever chooses another one leads the room's phones there. Raises SignInNeeded,
    NotAllowed, NotFound, Invalid (no http or https address of a machine).
    """
    person = require(actor, Right.PLAN_MEETING)
    kept = clean_address(address) if address.strip() else ""
    with writing() as db:
        meeting = meeting_with(db, meeting_id)
        if meeting.address != kept:
            meeting.address = kept
            record(db, person, "room_address_chosen", "meeting", meeting.uuid, host=urlsplit(kept).hostname or "")
        return kept


def clean_address(text: str) -> str:
    """`http://192.168.1.20:8501`: scheme and machine, nothing after it. The machine is an IP address, localhost, or a
    name with a dot in it (`hall.local`). Raises Invalid.

    >>> clean_address(" 192.168.1.20:8501/ ")
    'http://192.168.1.20:8501'
    """
    typed = text.strip()
    wanted = (typed if "://" in typed else f"http://{typed}").rstrip("/")
    try:
        parts = urlsplit(wanted)
        is_machine = parts.scheme in ("http", "https") and is_machine_name(parts.hostname or "") and parts.port != 0
    except ValueError:
        is_machine = False
    extra = parts.path or parts.query or parts.fragment or "@" in parts.netloc if is_machine else ""
    if not is_machine or extra or any(sign.isspace() for sign in wanted) or len(wanted) > LONGEST:
        raise Invalid("Write the address as in http://192.168.1.20:8501, without anything after it.", field="address")
    return wanted


def is_machine_name(name: str) -> bool:
    """Whether a phone can look for a machine under this name.

    >>> [is_machine_name(name) for name in ("192.168.1.20", "localhost", "hall.local", "foo", "1.2.3", "a b.local")]
    [True, True, True, False, False, False]
    """
    try:
        ip_address(name)
    except ValueError:
        return name == "localhost" or (_NAME.fullmatch(name) is not None and not name.rpartition(".")[2].isdigit())
    return True


def begin_phone_check(*, actor: Actor | None, meeting_id: int, address: str, now: datetime | None = None) -> str:
    """Begin a check whether a phone reaches `address`; the code that `/try/CODE` ends with. Older checks are forgotten.

    Raises SignInNeeded, NotAllowed, NotFound, Invalid (address).
    """
    require(actor, Right.PLAN_MEETING)
    moment = now or clock.now()
    wanted = clean_address(address)
    with writing() as db:
        meeting = meeting_with(db, meeting_id)
        db.execute(delete(PhoneCheck).where(PhoneCheck.made_at < moment - KEPT))
        db.execute(delete(PhoneCheck).where(PhoneCheck.meeting_id == meeting.id))
        code = crockford(secrets.token_bytes(5))
        db.add(PhoneCheck(code=code, meeting_id=meeting.id, address=wanted, made_at=moment))
        return code


def note_phone_reached(*, code: str, host: str, now: datetime | None = None) -> None:
    """A phone opened the address of a check. Said once; a phone that looks again changes nothing.

    `host`: machine and port that the browser asked for, as in the header Host. Raises NotFound, Conflict (it came by
    another address, which says nothing about the one that is checked).
    """
    moment = now or clock.now()
    with writing() as db:
        known = db.get(PhoneCheck, code[:16])
        if known is None or known.made_at < moment - KEPT:
            raise NotFound(UNKNOWN_CHECK)
        if not _is_same_machine(known.address, host):
            raise Conflict(OTHER_ADDRESS)
        db.execute(
            update(PhoneCheck)
            .where(PhoneCheck.code == known.code, PhoneCheck.reached_at.is_(None))
            .values(reached_at=moment)
        )


def _is_same_machine(address: str, host: str) -> bool:
    parts = urlsplit(address)
    usual = {"http": ":80", "https": ":443"}[parts.scheme]
    return host.strip().lower().removesuffix(usual) == parts.netloc.lower().removesuffix(usual)

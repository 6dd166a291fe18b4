"""Partners, what they offer, and what people can join: how long an entry is believed, what may stand in it."""

import re
from datetime import date, timedelta

from lib.errors import Invalid

BELIEVED = timedelta(days=365)
"""An entry that nobody has checked for longer says so."""

PARTNER_NAME, SERVICE_NAME, DESCRIPTION, NEEDS_LENGTH, LINE, PLACE_LENGTH, WEBSITE_LENGTH, KIND_LENGTH = (
    120,
    120,
    400,
    300,
    120,
    160,
    200,
    40,
)
"""The longest texts, as the columns of `lib/model/partners.py`."""

YOUTH_EVENING, WATCH_GROUP, JOINT_TRAINING = "youth evening", "watch group", "joint training"
KINDS = (YOUTH_EVENING, WATCH_GROUP, JOINT_TRAINING)
"""The kinds of activity that a coordinator chooses from."""

_PHONE = re.compile(r"\+?[0-9(][0-9 ()./\-]{1,30}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?")
_LANGUAGE = re.compile(r"[a-z]{2}(-[a-z]{2,4})?")
_WEBSITE = re.compile(r"https?://[^\s/?#<>\"']+\.[^\s/?#<>\"']+[^\s<>\"']*", re.IGNORECASE)


def is_long_ago(checked_on: date, today: date) -> bool:
    """Whether an entry was checked more than a year ago.

    >>> is_long_ago(date(2025, 3, 1), date(2026, 3, 1)), is_long_ago(date(2025, 3, 1), date(2026, 3, 2))
    (False, True)
    """
    return today - checked_on > BELIEVED


def clean_language(code: str, *, required: bool = False) -> str:
    """A language's code (ISO 639-1, lower case). Raises Invalid.

    >>> clean_language(" ES "), clean_language("")
    ('es', '')
    """
    written = code.strip().lower()
    if (written or required) and not _LANGUAGE.fullmatch(written):
        raise Invalid("Write the language as its two letters, as in en, es or vi.", field="Language")
    return written


def clean_phone(number: str, *, required: bool = False) -> str:
    """A phone number as people write it, its spaces collapsed. Raises Invalid for anything that cannot be dialled.

    >>> clean_phone("  +1 (206)  555-0101 "), clean_phone("911"), clean_phone("")
    ('+1 (206) 555-0101', '911', '')
    """
    written = " ".join(number.split())
    if not written and not required:
        return ""
    digits = sum(sign.isdigit() for sign in written)
    if not _PHONE.fullmatch(written) or not 3 <= digits <= 20 or not written.isascii():
        raise Invalid("Write the phone number in digits, as in 206-555-0101 or +1 206 555 0101.", field="Phone")
    return written


def clean_website(address: str) -> str:
    """A web address, https unless it says otherwise. Raises Invalid for anything else than http and https.

    >>> clean_website("harborlight.example"), clean_website("")
    ('https://harborlight.example', '')
    """
    written = address.strip()
    if not written:
        return ""
    if "://" not in written and not written.lower().startswith(("javascript:", "data:", "mailto:")):
        written = f"https://{written}"
    if len(written) > WEBSITE_LENGTH or not _WEBSITE.fullmatch(written):
        raise Invalid("Write the website as in https://example.org.", field="Website")
    return written

"""Atom feeds (RFC 4287) as bytes: whatever people wrote becomes text in them, never markup."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from xml.etree import ElementTree

NAMESPACE = "http://www.w3.org/2005/Atom"

NOTHING_YET = datetime(2000, 1, 1, tzinfo=UTC)
"""When a feed without entries was updated: the format wants an instant that does not move."""

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped."""


@dataclass(frozen=True)
class Entry:
    """One event. `id` is the same for as long as the event is kept. `term`: what kind of event it is."""

    id: UUID
    title: str
    updated: datetime
    link: str
    term: str
    text: str = ""


@dataclass(frozen=True)
class Feed:
    """`address`: the feed's own; `link`: the page that shows the same. Entries come in any order, in one
    `language` (ISO 639-1)."""

    id: UUID
    title: str
    author: str
    address: str
    link: str
    entries: Sequence[Entry]
    language: str = "en"

    @property
    def updated(self) -> datetime:
        """When the latest event happened."""
        return max((entry.updated for entry in self.entries), default=NOTHING_YET)


def atom(feed: Feed) -> bytes:
    """The feed as an Atom document, the latest entry first. The same feed gives the same bytes.

    >>> written = atom(Feed(UUID(int=1), "K2 <b>", "Lakeside", "http://x/f.atom", "http://x/", ()))
    >>> b"<title>K2 &lt;b&gt;</title>" in written, b"<id>urn:uuid:00000000-0000-0000-0000-000000000001</id>" in written
    (True, True)
    """
    root = ElementTree.Element("feed", {"xmlns": NAMESPACE, "xml:lang": feed.language})
    _add(root, "id", feed.id.urn)
    _add(root, "title", feed.title)
    _add(root, "updated", _instant(feed.updated))
    ElementTree.SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": feed.address})
    ElementTree.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": feed.link})
    _add(ElementTree.SubElement(root, "author"), "name", feed.author)
    for entry in sorted(feed.entries, key=lambda each: (each.updated, each.id.int), reverse=True):
        element = ElementTree.SubElement(root, "entry")
        _add(element, "id", entry.id.urn)
        _add(element, "title", entry.title)
        _add(element, "updated", _instant(entry.updated))
        ElementTree.SubElement(element, "link", {"rel": "alternate", "href": entry.link})
        ElementTree.SubElement(element, "category", {"term": entry.term})
        if entry.text:
            _add(element, "content", entry.text).set("type", "text")
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _add(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name)
    element.text = _FORBIDDEN.sub("", text)
    return element


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

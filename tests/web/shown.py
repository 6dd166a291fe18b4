"""What a phone page shows or reads out, and whether English is left in it."""

import re
from html.parser import HTMLParser

ENGLISH_WORDS = re.compile(
    r"\b(the|your|you|of|to|with|and|is|are|it|its|this|that|not|for|from|by|be|can|what|which|who|was|were|been|only|"
    r"one|ballot|slip|round|code|page|again|please|here|there|open|closed|yes|or|if|when|then|sign|back|home)\b"
)
"""Words that Spanish does not have."""


def english_words(text: str) -> set[str]:
    """The English words left in a text."""
    return set(ENGLISH_WORDS.findall(text.lower()))


class Shown(HTMLParser):
    """The texts that a page shows or reads out, without scripts, what people wrote, and what is marked as of another
    language."""

    VOID = frozenset({"meta", "link", "input", "br", "path", "rect", "circle"})
    READ_OUT = ("aria-label", "title", "alt", "placeholder")
    NO_TEXTS = frozenset({"data-address", "data-goal"})
    """Every other `data-` attribute holds a text that a script shows."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.texts += [value for name, value in given.items() if value and self._is_read_out(name)]
        is_silent = self.silent or tag in ("script", "style") or (tag != "html" and "lang" in given)
        if is_silent and tag not in self.VOID:
            self.silent.append(tag)

    def _is_read_out(self, name: str) -> bool:
        return name in self.READ_OUT or (name.startswith("data-") and name not in self.NO_TEXTS)

    def handle_endtag(self, tag: str) -> None:
        if self.silent and tag not in self.VOID:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.texts.append(data.strip())


def shown(page: str) -> list[str]:
    reader = Shown()
    reader.feed(page)
    return reader.texts

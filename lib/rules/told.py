"""Sentences with figures that a door can say in each of its languages: the same figures, in the words of the reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, Union

from lib.rules.mail_words import Days, Speech
from lib.rules.months import day_in_words, months_in_words


class Runs(Protocol):
    """A run of months as people write it in a language."""

    def __call__(self, months: Sequence[date], /) -> str: ...


Value = Union[str, date, tuple[date, ...], "Told"]


@dataclass(frozen=True)
class Told:
    """`pattern`: our sentence, one that is `marked`. `values` fill it in: a text stays as it is (figures, and what
    people wrote), a day and a run of months are written, and a sentence is said, in the language."""

    pattern: str
    values: Mapping[str, Value]

    @property
    def english(self) -> str:
        """The sentence in English.

        >>> Told("%(n)s since %(day)s; %(so)s.", {"n": "7", "day": date(2026, 3, 5), "so": Told("few", {})}).english
        '7 since 5 March 2026; few.'
        """
        return self.said(lambda text: text, day_in_words, months_in_words)

    def said(self, say: Speech, day: Days, months: Runs) -> str:
        """The sentence in the language of these three."""

        def written(value: Value) -> str:
            if isinstance(value, Told):
                return value.said(say, day, months)
            if isinstance(value, date):
                return day(value)
            return value if isinstance(value, str) else months(value)

        return say(self.pattern) % {name: written(value) for name, value in self.values.items()}

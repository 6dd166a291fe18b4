"""What the pulse asks, word for word: versions of the wording that never change once they were asked.

A wave names its version (`PulseSurvey.wording`). To change a question, add a version; never edit one that stands here:
figures of two wordings are not one series. Each question names its source, as far as we could read it: what we say of a
source may be mended, for nobody was asked anything else. Spanish is our own translation, and so is everything marked as
own wording.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lib.rules.ballots import frozen_hash

ENGLISH = "en"


class QuestionKind(StrEnum):
    """How a question is answered: one of a few answers, a whole number from 0 to 10, or a few words."""

    CHOICE = "choice"
    SCALE = "scale"
    TEXT = "text"


class Sample(StrEnum):
    """How people came to answer: drawn at random, or whoever wanted to (then the interval shows chance only)."""

    RANDOM = "random"
    VOLUNTEER = "volunteer"


SCALE = range(11)
"""Whole numbers from 0 to 10."""

ISSUE_LENGTH = 160


@dataclass(frozen=True)
class Words:
    """A question in one language. `answers` are in the order of `Question.values`, or the words at 0 and at 10."""

    ask: str
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """One question. `key` is its column in `PulseAnswer`, `values` what is stored for each answer."""

    key: str
    kind: QuestionKind
    source: str
    is_own_wording: bool
    words: Mapping[str, Words]
    values: tuple[int, ...] = ()

    def in_language(self, language: str) -> Words:
        """Its words in a language, English where there are none."""
        return self.words.get(language, self.words[ENGLISH])


@dataclass(frozen=True)
class Instrument:
    """One version of the wording, its questions in the order in which they are asked."""

    version: str
    questions: tuple[Question, ...]

    def question(self, key: str) -> Question:
        """The question with this key. Raises KeyError."""
        return next(each for each in self.questions if each.key == key)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over everything that people are asked: a test holds it, so that no version is edited by accident."""
        return frozen_hash(
            [
                {
                    "key": each.key,
                    "kind": each.kind.value,
                    "values": list(each.values),
                    "words": {code: [words.ask, *words.answers] for code, words in each.words.items()},
                }
                for each in self.questions
            ]
        )


_ESS = (
    "European Social Survey, core questionnaire, variable aesfdrk: “How safe do you - or would you - feel walking "
    "alone in this area after dark?”, with the same four answers."
)
_BY_DAY = (
    "Our own wording: the question before it, by day, with answers in the style of the Crime Survey for England and "
    "Wales (very safe, fairly safe, a bit unsafe, very unsafe). That survey asks about the day as well; its "
    "questionnaire was not at hand, so do not compare this figure with its figures."
)
_SENTIMENT = (
    "Police sentiment surveys of Elucd for Chicago, New York and Tempe (open data, 2017 to 2022), whose scores are "
    "means times ten"
)

_FIRST = Instrument(
    "2026-1",
    (
        Question(
            "after_dark",
            QuestionKind.CHOICE,
            _ESS,
            False,
            {
                "en": Words(
                    "How safe do you – or would you – feel walking alone in this area after dark?",
                    ("Very safe", "Safe", "Unsafe", "Very unsafe"),
                ),
                "es": Words(
                    "¿Cómo de seguro se siente, o se sentiría, caminando a solas por esta zona de noche?",
                    ("Muy seguro", "Seguro", "Inseguro", "Muy inseguro"),
                ),
            },
            (1, 2, 3, 4),
        ),
        Question(
            "by_day",
            QuestionKind.CHOICE,
            _BY_DAY,
            True,
            {
                "en": Words(
                    "How safe do you feel walking alone in this area during the day?",
                    ("Very safe", "Fairly safe", "A bit unsafe", "Very unsafe"),
                ),
                "es": Words(
                    "¿Cómo de seguro se siente caminando a solas por esta zona de día?",
                    ("Muy seguro", "Bastante seguro", "Algo inseguro", "Muy inseguro"),
                ),
            },
            (1, 2, 3, 4),
        ),
        Question(
            "safety",
            QuestionKind.SCALE,
            f"{_SENTIMENT}; the question's wording is theirs, the words at 0 and 10 are our own.",
            False,
            {
                "en": Words(
                    "When it comes to the threat of crime, how safe do you feel in your neighborhood?",
                    ("Not safe at all", "Completely safe"),
                ),
                "es": Words(
                    "En cuanto a la amenaza del delito, ¿cómo de seguro se siente en su vecindario?",
                    ("Nada seguro", "Totalmente seguro"),
                ),
            },
            tuple(SCALE),
        ),
        Question(
            "respect",
            QuestionKind.SCALE,
            f"{_SENTIMENT}: “The police in my neighborhood treat local residents with respect.”",
            False,
            {
                "en": Words(
                    "How much do you agree? The police in my neighborhood treat local residents with respect.",
                    ("Do not agree at all", "Agree completely"),
                ),
                "es": Words(
                    "¿Cuánto está de acuerdo? La policía de mi vecindario trata con respeto a sus residentes.",
                    ("Nada de acuerdo", "Totalmente de acuerdo"),
                ),
            },
            tuple(SCALE),
        ),
        Question(
            "listens",
            QuestionKind.SCALE,
            f"{_SENTIMENT}: “The police in my neighborhood listen to and take into account the concerns of local "
            "residents.”",
            False,
            {
                "en": Words(
                    "How much do you agree? The police in my neighborhood listen to and take into account the concerns "
                    "of local residents.",
                    ("Do not agree at all", "Agree completely"),
                ),
                "es": Words(
                    "¿Cuánto está de acuerdo? La policía de mi vecindario escucha y toma en cuenta las inquietudes de "
                    "sus residentes.",
                    ("Nada de acuerdo", "Totalmente de acuerdo"),
                ),
            },
            tuple(SCALE),
        ),
        Question(
            "compared",
            QuestionKind.CHOICE,
            "Our own wording.",
            True,
            {
                "en": Words(
                    "Compared with 12 months ago, is this area a better and safer place to live?",
                    ("Better", "About the same", "Worse"),
                ),
                "es": Words(
                    "En comparación con hace 12 meses, ¿es esta zona un lugar mejor y más seguro para vivir?",
                    ("Mejor", "Más o menos igual", "Peor"),
                ),
            },
            (1, 0, -1),
        ),
        Question(
            "took_part",
            QuestionKind.CHOICE,
            "Our own wording.",
            True,
            {
                "en": Words(
                    "In the last 12 months, did you come to a beat meeting, vote on its goals or raise a concern here?",
                    ("Yes", "No"),
                ),
                "es": Words(
                    "En los últimos 12 meses, ¿fue a una reunión del sector, votó por sus metas o planteó aquí una "
                    "inquietud?",
                    ("Sí", "No"),
                ),
            },
            (1, 0),
        ),
        Question(
            "top_issue",
            QuestionKind.TEXT,
            "Our own wording, after the open question of the same sentiment surveys.",
            True,
            {
                "en": Words("What is the number one issue that should be worked on in this area?"),
                "es": Words("¿Cuál es el problema número uno en el que habría que trabajar en esta zona?"),
            },
        ),
    ),
)

INSTRUMENTS: Mapping[str, Instrument] = {each.version: each for each in (_FIRST,)}
"""Every version that was ever asked, by its name."""

PRESENT = _FIRST.version
"""The version that new waves ask."""


def instrument(version: str) -> Instrument:
    """The wording of a version. Raises KeyError for one that was never asked."""
    return INSTRUMENTS[version]

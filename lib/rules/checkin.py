"""Who is not in the room: voluntary answers at the door, counted in totals only, against figures of the beat.

A table of totals could give single people away, so small cells are hidden here, before anybody reads them. Nothing here
changes a vote: ballots are never re-weighted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lib.rules.intervals import wilson_interval
from lib.rules.text import counted, listed, percent

FEWEST_ANSWERS = 10
"""With fewer answers to a question nothing of it is shown."""

ANSWERS_AT_A_TIME = 10
"""The totals that people see move by this many answers to a question at least, so that no two looks differ by fewer."""

SMALLEST_CELL = 5
"""A smaller number could point to somebody."""

NEVER_WEIGHTED = "Votes are never re-weighted: every ballot counts the same, whoever is missing."
TOTALS_ONLY = "Answers were voluntary and are counted in totals only."

AGE, PART, FIRST = "age", "part", "first"
ELSEWHERE = "elsewhere"
BEAT = "beat:"
"""What the answer "lives in this beat" begins with; the beat's code follows."""

AGE_BANDS = {"16_24": "16 to 24", "25_39": "25 to 39", "40_64": "40 to 64", "65_up": "65 or older"}
TIES = {"lives": "I live here", "works": "I work here", "both": "I live and work here", ELSEWHERE: "Neither"}
"""Answers in a meeting of one beat."""

FIRST_TIME = {"yes": "Yes", "no": "No"}

ADULTS = "adults"
FIGURE_KINDS = {ADULTS: "Adults", **{f"{ADULTS}_{band}": f"Aged {words}" for band, words in AGE_BANDS.items()}}
"""The figures of a beat that a coordinator enters: all adults, and the people of each age band."""


@dataclass(frozen=True)
class Question:
    """A voluntary question at the door: its answers by key, in their order, as they are read."""

    key: str
    text: str
    answers: Mapping[str, str]


@dataclass(frozen=True)
class AnswerLine:
    """One answer. `number` None: hidden. `share`: of those in the room who answered; `beat_share`: what the figures of
    the beat say; both 0 to 1, None where unknown or hidden. `gap` compares them in a sentence, "" if it cannot."""

    key: str
    words: str
    number: int | None
    share: Fraction | None
    beat_share: Fraction | None
    gap: str


@dataclass(frozen=True)
class QuestionInRoom:
    """What the answers to one question say about the room: `n` answered it. `source` names the figures of the beat."""

    question: Question
    n: int
    lines: tuple[AnswerLine, ...]
    source: str = ""

    @property
    def is_too_few(self) -> bool:
        return self.n < FEWEST_ANSWERS

    @property
    def fewer(self) -> tuple[str, ...]:
        """The answers of people who are missing in the room."""
        return tuple(line.words for line in self.lines if line.gap.startswith(_FEWER))

    @property
    def sentence(self) -> str:
        """The question in one sentence, with n.

        >>> room = question_in_room(FIRST_QUESTION, {"yes": 12, "no": 28})
        >>> print(room.sentence.replace("\\N{NO-BREAK SPACE}", " "))
        First time at such a meeting (40 answers): Yes 30 %, No 70 %.
        >>> print(question_in_room(FIRST_QUESTION, {"yes": 3, "no": 4}).sentence)
        First time at such a meeting: too few answers to show (7; at least 10 are needed).
        """
        if self.is_too_few:
            return f"{self.question.text}: too few answers to show ({self.n}; at least {FEWEST_ANSWERS} are needed)."
        parts = [f"{line.words} {_share_in_words(line)}" for line in self.lines]
        said = f"{self.question.text} ({counted(self.n, 'answer')}): {', '.join(parts)}."
        return said + (f" Fewer in the room than in the beat: {listed(self.fewer)}." if self.fewer else "")


_FEWER, _MORE = "Fewer", "More"

AGE_QUESTION = Question(AGE, "Age", AGE_BANDS)
FIRST_QUESTION = Question(FIRST, "First time at such a meeting", FIRST_TIME)


def questions_of(beats: Mapping[str, str]) -> tuple[Question, ...]:
    """The three questions of a meeting, whose beats are given as code and label. Where there are several beats, the
    part of the beat is the beat one lives in.

    >>> [tuple(question.answers) for question in questions_of({"K2": "K2 Pioneer Square"})][1]
    ('lives', 'works', 'both', 'elsewhere')
    >>> questions_of({"K2": "K2 Pioneer Square", "K3": "K3"})[1].answers["beat:K3"]
    'I live in K3'
    """
    if len(beats) > 1:
        homes = {f"{BEAT}{code}": f"I live in {label}" for code, label in beats.items()}
        part = Question(PART, "Part of the beats", {**homes, ELSEWHERE: "I live elsewhere"})
    else:
        part = Question(PART, "This beat", TIES)
    return AGE_QUESTION, part, FIRST_QUESTION


def shown_numbers(numbers: Sequence[int]) -> tuple[int | None, ...]:
    """The numbers that may be shown beside their sum; None for the others.

    Hidden are numbers under 5, and as many of the next larger ones as it takes until the hidden ones differ and are at
    least 5 together: else their sum would give them away. Equal numbers are hidden together, so that the order of the
    answers tells nothing either: whatever is hidden could stand the other way round.

    >>> shown_numbers([20, 3, 12, 9])
    (20, None, 12, None)
    >>> shown_numbers([20, 4, 12, 3]), shown_numbers([2, 30]), shown_numbers([6, 5])
    ((20, None, 12, None), (None, None), (6, 5))
    >>> shown_numbers([9, 4, 4, 5]), shown_numbers([9, 2, 7, 7])
    ((9, None, None, None), (9, None, None, None))
    """
    if sum(numbers) < FEWEST_ANSWERS:
        return (None,) * len(numbers)
    hidden = [number for number in numbers if number < SMALLEST_CELL]
    for value in sorted({number for number in numbers if number >= SMALLEST_CELL}):
        if not hidden or (len(set(hidden)) > 1 and sum(hidden) >= SMALLEST_CELL):
            break
        hidden += [value] * numbers.count(value)
    return tuple(None if number in hidden else number for number in numbers)


def question_in_room(
    question: Question, numbers: Mapping[str, int], beat: Mapping[str, int] | None = None, source: str = ""
) -> QuestionInRoom:
    """The room against the beat. `beat`: people by answer; answers that are not in it are left out of the shares.

    Shares and gaps are computed from what is shown, so that they give away nothing that is hidden.

    >>> room = question_in_room(AGE_QUESTION, {"16_24": 6, "25_39": 14, "40_64": 30, "65_up": 10},
    ...                         {"16_24": 900, "25_39": 1100, "40_64": 1500, "65_up": 500})
    >>> print(room.lines[0].gap.replace("\\N{NO-BREAK SPACE}", " "))
    Fewer than in the beat: 10 % in the room, 23 % in the beat.
    >>> print(room.lines[1].gap.replace("\\N{NO-BREAK SPACE}", " "))
    About as in the beat: 23 % in the room, 28 % in the beat.
    """
    keys = list(question.answers)
    n = sum(numbers.get(key, 0) for key in keys)
    shown = dict(zip(keys, shown_numbers([numbers.get(key, 0) for key in keys]), strict=True))
    figures = {key: number for key, number in (beat or {}).items() if key in question.answers}
    people = sum(figures.values())
    compares = people > 0
    base = n - sum(number or 0 for key, number in shown.items() if compares and key not in figures)
    lines = []
    for key, words in question.answers.items():
        number = shown[key]
        is_compared = compares and key in figures
        share = None if number is None or not base or (compares and not is_compared) else Fraction(number, base)
        beat_share = Fraction(figures[key], people) if is_compared else None
        lines.append(AnswerLine(key, words, number, share, beat_share, _gap(number, base, share, beat_share)))
    return QuestionInRoom(question, n, tuple(lines), source if compares else "")


def room_in_words(room: Sequence[QuestionInRoom]) -> str:
    """The room as it stands in the minutes; "" where nobody answered anything.

    >>> room_in_words([question_in_room(FIRST_QUESTION, {})])
    ''
    """
    answered = [question for question in room if question.n]
    if not answered:
        return ""
    sources = sorted({question.source for question in answered if question.source and not question.is_too_few})
    return " ".join(
        [
            f"Who was in the room. {TOTALS_ONLY}",
            *(question.sentence for question in answered),
            *([f"Figures of the beat: {'; '.join(sources)}."] if sources else []),
            NEVER_WEIGHTED,
        ]
    )


def _gap(number: int | None, base: int, share: Fraction | None, beat_share: Fraction | None) -> str:
    """More or fewer is said only where chance alone would rarely make such a difference."""
    if beat_share is None:
        return ""
    if share is None or number is None:
        return f"Too small a number to show; {percent(beat_share)} in the beat."
    figures = f"{percent(share)} in the room, {percent(beat_share)} in the beat."
    interval = wilson_interval(number, base)
    if interval.includes(float(beat_share)):
        return f"About as in the beat: {figures}"
    return f"{_FEWER if share < beat_share else _MORE} than in the beat: {figures}"


def _share_in_words(line: AnswerLine) -> str:
    if line.number is None:
        return "not shown"
    if line.share is None:
        return f"{line.number}"
    return percent(line.share) + (f" (in the beat {percent(line.beat_share)})" if line.beat_share is not None else "")

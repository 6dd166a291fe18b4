"""What became of a concern, by the word of whoever raised or supported it: closed is not solved.

They are asked four weeks after the officers said that it is solved; two "worse" within 90 days open it again, as for
goals (`residents_word`). See docs/decisions/0021.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from lib.rules.residents_word import SHOWN_FROM, WordCount
from lib.rules.states import ConcernStatus
from lib.rules.text import counted

ASKED_AFTER_DAYS = 28

REOPENED = "Residents said twice that it is worse."
"""What the story says where the rule opened a concern again: the one step that nobody took."""


def asked_from(solved_on: date) -> date:
    """The day from which people are asked.

    >>> asked_from(date(2026, 5, 4))
    datetime.date(2026, 6, 1)
    """
    return solved_on + timedelta(days=ASKED_AFTER_DAYS)


def is_asked_about(status: ConcernStatus, solved_on: date | None, today: date) -> bool:
    """Whether people are asked what became of a concern: only of a solved one, from four weeks after that day on.

    >>> is_asked_about(ConcernStatus.SOLVED, date(2026, 5, 4), date(2026, 5, 31))
    False
    >>> is_asked_about(ConcernStatus.SOLVED, date(2026, 5, 4), date(2026, 6, 1))
    True
    >>> is_asked_about(ConcernStatus.NO_FURTHER_ACTION, date(2026, 5, 4), date(2026, 6, 1))
    False
    """
    return status is ConcernStatus.SOLVED and solved_on is not None and today >= asked_from(solved_on)


def pooled(counts: Iterable[WordCount]) -> WordCount:
    """Answers about several concerns as one count. Concerns with fewer than three answers are added up by themselves
    and join from three on: else somebody's answer could be read as the difference to what each concern shows.

    >>> pooled([WordCount(solved=3), WordCount(worse=1), WordCount(better=1)])
    WordCount(solved=3, better=0, same=0, worse=0)
    >>> pooled([WordCount(solved=3), WordCount(worse=1), WordCount(better=2)])
    WordCount(solved=3, better=2, same=0, worse=1)
    """
    shown, few = WordCount(), WordCount()
    for count in counts:
        if count.is_shown:
            shown += count
        else:
            few += count
    return shown + few if few.total >= SHOWN_FROM else shown


def said_by(answer: str) -> str:
    """Whose the last words about a concern are, as a label.

    >>> said_by("In June."), said_by(REOPENED)
    ('Officers', 'By rule')
    """
    return "By rule" if answer == REOPENED else "Officers"


def outcome_sentence(solved: int, word: WordCount) -> str:
    """What a beat's solved concerns came to, as it is read; `solved`: those that people were asked about.

    >>> outcome_sentence(40, WordCount(solved=9, better=6, same=4, worse=3))
    'Of 40 concerns that officers called solved at least four weeks ago, 22 answers came: 15 say solved or better.'
    >>> outcome_sentence(2, WordCount(solved=1))
    'Of 2 concerns that officers called solved at least four weeks ago, fewer than 3 answers came so far.'
    >>> outcome_sentence(0, WordCount())
    'No concern was called solved long enough ago to ask what became of it.'
    """
    if not solved:
        return "No concern was called solved long enough ago to ask what became of it."
    asked = f"Of {counted(solved, 'concern')} that officers called solved at least four weeks ago"
    if not word.is_shown:
        return f"{asked}, fewer than {SHOWN_FROM} answers came so far."
    say = "says" if word.improved == 1 else "say"
    return f"{asked}, {counted(word.total, 'answer')} came: {word.improved} {say} solved or better."

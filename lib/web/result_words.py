"""A result in the language of the request: what `lib/rules/results.py` says, sentence by sentence.

In English both are the same text; `tests/web/test_result_words.py` compares them on many results.
"""

from datetime import date
from math import ceil

from lib.rules.counting import Count
from lib.rules.tally import Ending, Outcome, RoundTally, Tie, residents_threshold
from lib.rules.text import ordinal
from lib.rules.voting import RoundMode
from lib.web.languages import ENGLISH, _, day, language, ngettext


def result_in_words(tally: RoundTally) -> str:
    """The whole result in one sentence."""
    if tally.mode == RoundMode.OPEN_ROOM:
        goals = len(tally.ranking)
        return _number(
            ngettext(
                "Open room: %(number)s goal in order by %(ballots)s.",
                "Open room: %(number)s goals in order by %(ballots)s.",
                goals,
            ),
            goals,
            ballots=_ballots(tally.residents.cast),
        )
    if tally.advisory:
        return _(
            "Advisory: with %(officers)s nothing is adopted; "
            "the residents’ order stands in the minutes and the vote is repeated."
        ) % {"officers": _officers_voted(tally.officers)}
    adopted, places = len(tally.adopted), tally.places
    return _number(
        _adopted(adopted, has_contested=bool(tally.contested), waits=tally.needs_dice and not tally.tie_seed),
        adopted,
        places=_number(ngettext("%(number)s place", "%(number)s places", places), places),
        contested=len(tally.contested),
    )


def repeat_in_words(on: date | None) -> str:
    """When an advisory vote is repeated."""
    if on is None:
        return _("It has no date yet: plan the next meeting.")
    return _("It is repeated on %(day)s.") % {"day": day(on)}


def _adopted(adopted: int, *, has_contested: bool, waits: bool) -> str:
    """The sentence, with places for the figures. `waits`: a tie is open until the dice are rolled."""
    if has_contested and waits:
        return ngettext(
            "%(number)s goal adopted for %(places)s, %(contested)s contested, "
            "a tie is still open until the dice are rolled.",
            "%(number)s goals adopted for %(places)s, %(contested)s contested, "
            "a tie is still open until the dice are rolled.",
            adopted,
        )
    if has_contested:
        return ngettext(
            "%(number)s goal adopted for %(places)s, %(contested)s contested.",
            "%(number)s goals adopted for %(places)s, %(contested)s contested.",
            adopted,
        )
    if waits:
        return ngettext(
            "%(number)s goal adopted for %(places)s, a tie is still open until the dice are rolled.",
            "%(number)s goals adopted for %(places)s, a tie is still open until the dice are rolled.",
            adopted,
        )
    return ngettext("%(number)s goal adopted for %(places)s.", "%(number)s goals adopted for %(places)s.", adopted)


def outcome_in_words(outcome: Outcome, tally: RoundTally) -> str:
    """How one candidate ended, with the figures that may be shown."""
    residents = _of(outcome.residents_approvals, tally.residents)
    if not tally.adopts:
        return _ranked_in_words(outcome, tally, residents)
    is_shown = outcome.officers_approvals is not None and tally.officers.non_blank > 0
    words = {
        "residents": residents,
        "officers": _of(outcome.officers_approvals, tally.officers),
        "needed": f"{ceil(residents_threshold(tally.places) * tally.residents.non_blank):,}",
        "place": outcome.place,
        "places": tally.places,
    }
    return _ending_in_words(outcome.ending, tally, is_shown) % words + _tie_in_words(outcome.tie)


def _ending_in_words(ending: Ending, tally: RoundTally, is_shown: bool) -> str:
    """The sentence, with places for the figures. `is_shown`: those of the officers too."""
    if ending is Ending.RESIDENTS_ONLY:
        return _residents_only(tally.officers, is_shown)
    if ending is Ending.OPEN_WITHOUT_PLACE and tally.places == 1:
        return _("Both sides carried it (residents: %(residents)s), but the one place went to other goals.")
    if is_shown and ending is Ending.ADOPTED:
        return _("Adopted, place %(place)s: residents (%(residents)s) and officers (%(officers)s) both carried it.")
    if is_shown and ending is Ending.OFFICERS_ONLY:
        return _(
            "Contested: officers carried it (%(officers)s), residents did not (%(residents)s; %(needed)s needed). "
            "The residents owe a written answer, and a second vote follows."
        )
    return {
        Ending.ADOPTED: _("Adopted, place %(place)s: residents (%(residents)s) and officers both carried it."),
        Ending.OPEN_WITHOUT_PLACE: _(
            "Both sides carried it (residents: %(residents)s), but all %(places)s places went to other goals."
        ),
        Ending.OFFICERS_ONLY: _(
            "Contested: officers carried it, residents did not (%(residents)s; %(needed)s needed). "
            "The residents owe a written answer, and a second vote follows."
        ),
        Ending.NEITHER: _("Neither side carried it (residents: %(residents)s; %(needed)s needed)."),
    }[ending]


def place_in_order(number: int) -> str:
    """1st, 2nd, 3rd."""
    return ordinal(number) if language() == ENGLISH else _("No. %(number)s") % {"number": number}


def _residents_only(officers: Count, is_shown: bool) -> str:
    if officers.cast == 0:
        return _(
            "Contested: residents carried it (%(residents)s), no officer voted. "
            "The officers owe a written answer, and a second vote follows."
        )
    if officers.non_blank == 0:
        return _(
            "Contested: residents carried it (%(residents)s), all officers’ ballots were blank. "
            "The officers owe a written answer, and a second vote follows."
        )
    if is_shown:
        return _(
            "Contested: residents carried it (%(residents)s), officers did not (%(officers)s). "
            "The officers owe a written answer, and a second vote follows."
        )
    return _(
        "Contested: residents carried it (%(residents)s), officers did not. "
        "The officers owe a written answer, and a second vote follows."
    )


def _ranked_in_words(outcome: Outcome, tally: RoundTally, residents: str) -> str:
    is_ranked, is_open_room = outcome.goal in tally.ranking, tally.mode == RoundMode.OPEN_ROOM
    words = {
        "place": place_in_order(tally.ranking.index(outcome.goal) + 1) if is_ranked else "",
        "residents": residents,
        "officers": "" if is_open_room else _officers_voted(tally.officers),
    }
    if is_open_room and is_ranked:
        return _("%(place)s in the residents’ order (%(residents)s); an open room ranks and never adopts.") % words
    if is_open_room:
        return _("Not in the residents’ order: no ballot names it; an open room ranks and never adopts.")
    if is_ranked:
        return _("%(place)s in the residents’ order (%(residents)s); advisory, with %(officers)s.") % words
    return _("Not in the residents’ order: no ballot names it; advisory, with %(officers)s.") % words


def _tie_in_words(tie: Tie | None) -> str:
    match tie:
        case Tie.MORE_BALLOTS:
            return " " + _("It was level with another goal; more residents’ ballots decided.")
        case Tie.DICE:
            return " " + _("It was level with another goal; the dice decided.")
        case None:
            return ""


def _of(approvals: int | None, count: Count) -> str:
    return _number(
        ngettext("%(approvals)s of %(number)s ballot", "%(approvals)s of %(number)s ballots", count.non_blank),
        count.non_blank,
        approvals=f"{approvals or 0:,}",
    )


def _officers_voted(officers: Count) -> str:
    if officers.cast == officers.non_blank:
        return _number(
            ngettext(
                "only %(number)s officer’s ballot",
                "only %(number)s officers’ ballots",
                officers.cast,
            ),
            officers.cast,
        )
    return _number(
        ngettext(
            "fewer than three of %(number)s officer’s ballot not blank",
            "fewer than three of %(number)s officers’ ballots not blank",
            officers.cast,
        ),
        officers.cast,
    )


def _ballots(number: int) -> str:
    return _number(ngettext("%(number)s ballot", "%(number)s ballots", number), number)


def _number(text: str, number: int, **others: object) -> str:
    return text % {"number": f"{number:,}", **others}

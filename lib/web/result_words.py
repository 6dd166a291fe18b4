"""A result in the language of the request: what `lib/rules/results.py` says, sentence by sentence.

In English both are the same text; `tests/web/test_result_words.py` compares them on many results.
"""

from math import ceil

from lib.rules.counting import Count
from lib.rules.tally import Ending, Outcome, RoundTally, Tie, residents_threshold
from lib.rules.text import ordinal
from lib.rules.voting import RoundMode
from lib.web.languages import ENGLISH, _, language, ngettext


def result_in_words(tally: RoundTally) -> str:
    """The whole result in one sentence."""
    if tally.mode == RoundMode.OPEN_ROOM:
        goals = _number(ngettext("%(number)s goal", "%(number)s goals", len(tally.ranking)), len(tally.ranking))
        return _("Open room: %(goals)s in order by %(ballots)s.") % {
            "goals": goals,
            "ballots": _ballots(tally.residents.cast),
        }
    if tally.advisory:
        return _(
            "Advisory: with %(officers)s nothing is adopted; "
            "the residents’ order stands in the minutes and the vote is repeated."
        ) % {"officers": _officers_voted(tally.officers)}
    adopted, places = len(tally.adopted), tally.places
    parts = [
        _("%(goals)s adopted for %(places)s")
        % {
            "goals": _number(ngettext("%(number)s goal", "%(number)s goals", adopted), adopted),
            "places": _number(ngettext("%(number)s place", "%(number)s places", places), places),
        }
    ]
    if tally.contested:
        parts.append(_("%(number)s contested") % {"number": len(tally.contested)})
    if tally.needs_dice and not tally.tie_seed:
        parts.append(_("a tie is still open until the dice are rolled"))
    return ", ".join(parts) + "."


def outcome_in_words(outcome: Outcome, tally: RoundTally) -> str:
    """How one candidate ended, with the figures that may be shown."""
    residents = _of(outcome.residents_approvals, tally.residents)
    if not tally.adopts:
        return _ranked_in_words(outcome, tally, residents)
    shown = outcome.officers_approvals is not None and tally.officers.non_blank > 0
    words = {
        "residents": residents,
        "officers": f" ({_of(outcome.officers_approvals, tally.officers)})" if shown else "",
        "needed": f"{ceil(residents_threshold(tally.places) * tally.residents.non_blank):,}",
        "place": outcome.place,
        "places": tally.places,
    }
    return _ending_in_words(outcome.ending, tally) % words + _tie_in_words(outcome.tie)


def _ending_in_words(ending: Ending, tally: RoundTally) -> str:
    """The sentence, with places for the figures."""
    if ending is Ending.RESIDENTS_ONLY:
        return _residents_only(tally.officers)
    if ending is Ending.OPEN_WITHOUT_PLACE and tally.places == 1:
        return _("Both sides carried it (residents: %(residents)s), but the one place went to other goals.")
    return {
        Ending.ADOPTED: _(
            "Adopted, place %(place)s: residents (%(residents)s) and officers%(officers)s both carried it."
        ),
        Ending.OPEN_WITHOUT_PLACE: _(
            "Both sides carried it (residents: %(residents)s), but all %(places)s places went to other goals."
        ),
        Ending.OFFICERS_ONLY: _(
            "Contested: officers carried it%(officers)s, residents did not (%(residents)s; %(needed)s needed). "
            "The residents owe a written answer, and a second vote follows."
        ),
        Ending.NEITHER: _("Neither side carried it (residents: %(residents)s; %(needed)s needed)."),
    }[ending]


def place_in_order(number: int) -> str:
    """1st, 2nd, 3rd."""
    return ordinal(number) if language() == ENGLISH else _("No. %(number)s") % {"number": number}


def _residents_only(officers: Count) -> str:
    if officers.cast == 0:
        return _(
            "Contested: residents carried it (%(residents)s), no officer voted%(officers)s. "
            "The officers owe a written answer, and a second vote follows."
        )
    if officers.non_blank == 0:
        return _(
            "Contested: residents carried it (%(residents)s), all officers’ ballots were blank%(officers)s. "
            "The officers owe a written answer, and a second vote follows."
        )
    return _(
        "Contested: residents carried it (%(residents)s), officers did not%(officers)s. "
        "The officers owe a written answer, and a second vote follows."
    )


def _ranked_in_words(outcome: Outcome, tally: RoundTally, residents: str) -> str:
    if tally.mode == RoundMode.OPEN_ROOM:
        why = _("an open room ranks and never adopts")
    else:
        why = _("advisory, with %(officers)s") % {"officers": _officers_voted(tally.officers)}
    if outcome.goal not in tally.ranking:
        return _("Not in the residents’ order: no ballot names it; %(why)s.") % {"why": why}
    return _("%(place)s in the residents’ order (%(residents)s); %(why)s.") % {
        "place": place_in_order(tally.ranking.index(outcome.goal) + 1),
        "residents": residents,
        "why": why,
    }


def _tie_in_words(tie: Tie | None) -> str:
    match tie:
        case Tie.MORE_BALLOTS:
            return " " + _("It was level with another goal; more residents’ ballots decided.")
        case Tie.DICE:
            return " " + _("It was level with another goal; the dice decided.")
        case None:
            return ""


def _of(approvals: int | None, count: Count) -> str:
    return _("%(approvals)s of %(ballots)s") % {
        "approvals": f"{approvals or 0:,}",
        "ballots": _ballots(count.non_blank),
    }


def _officers_voted(officers: Count) -> str:
    ballots = _number(
        ngettext("%(number)s officer’s ballot", "%(number)s officers’ ballots", officers.cast), officers.cast
    )
    if officers.cast == officers.non_blank:
        return _("only %(ballots)s") % {"ballots": ballots}
    return _("fewer than three of %(ballots)s not blank") % {"ballots": ballots}


def _ballots(number: int) -> str:
    return _number(ngettext("%(number)s ballot", "%(number)s ballots", number), number)


def _number(text: str, number: int) -> str:
    return text % {"number": f"{number:,}"}

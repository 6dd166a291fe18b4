"""A round's rule and result in plain sentences, the same on the projector, the phone, the page and in the minutes."""

from datetime import date
from math import ceil

from lib.rules.counting import Count
from lib.rules.months import day_in_words
from lib.rules.tally import Ending, Outcome, RoundTally, Tie, residents_threshold
from lib.rules.text import counted, ordinal
from lib.rules.voting import RoundMode, RoundRule

_PARTS = {2: "half", 3: "a third", 4: "a quarter"}


def rule_sentence(rule: RoundRule, places: int, mode: RoundMode = RoundMode.MEETING) -> str:
    """The rule as it is read out before the vote.

    >>> print(rule_sentence(RoundRule.TWO_KEYS_TURNS, 3).replace("; ", ";\\n"))
    A goal needs at least a third of the residents’ ballots and at least half of the officers’ ballots;
    the 3 places go, one after the other, to the open goal whose supporters have waited longest.
    >>> print(rule_sentence(RoundRule.LOWER_SHARE, 1).replace("; ", ";\\n"))
    A goal needs at least half of the residents’ ballots and at least half of the officers’ ballots;
    the place goes to the open goal with the highest share, counting for each goal the lower of its two sides.
    """
    if mode == RoundMode.OPEN_ROOM:
        return "This open room puts the goals in an order by the residents’ ballots; it adopts none of them."
    part = residents_threshold(places).denominator
    residents = _PARTS.get(part, f"one in {part}")
    keys = f"A goal needs at least {residents} of the residents’ ballots and at least half of the officers’ ballots"
    if rule == RoundRule.LOWER_SHARE:
        given = "place goes to the open goal" if places == 1 else f"{places} places go to the open goals"
        highest = "share" if places == 1 else "shares"
        return f"{keys}; the {given} with the highest {highest}, counting for each goal the lower of its two sides."
    if places == 1:
        return f"{keys}; the place goes to the open goal that most residents’ ballots approve."
    turns = "one after the other, to the open goal whose supporters have waited longest"
    return f"{keys}; the {places} places go, {turns}."


def outcome_sentence(outcome: Outcome, tally: RoundTally) -> str:
    """How one candidate ended, with the figures that may be shown (`without_officers_figures` for a sealed side)."""
    residents = _of(outcome.residents_approvals, tally.residents)
    if not tally.adopts:
        return _ranked_sentence(outcome, tally, residents)
    shown = outcome.officers_approvals is not None and tally.officers.non_blank > 0
    officers = f" ({_of(outcome.officers_approvals, tally.officers)})" if shown else ""
    match outcome.ending:
        case Ending.ADOPTED:
            return (
                f"Adopted, place {outcome.place}: residents ({residents}) and officers{officers} both carried it."
                f"{_tie_sentence(outcome.tie)}"
            )
        case Ending.OPEN_WITHOUT_PLACE:
            taken = "the one place" if tally.places == 1 else f"all {tally.places} places"
            return (
                f"Both sides carried it (residents: {residents}), but {taken} went to other goals."
                f"{_tie_sentence(outcome.tie)}"
            )
        case Ending.RESIDENTS_ONLY:
            return (
                f"Contested: residents carried it ({residents}), {_officers_refused(tally.officers)}{officers}. "
                "The officers owe a written answer, and a second vote follows."
            )
        case Ending.OFFICERS_ONLY:
            return (
                f"Contested: officers carried it{officers}, residents did not ({residents}; {_needed(tally)} needed). "
                "The residents owe a written answer, and a second vote follows."
            )
        case Ending.NEITHER:
            return f"Neither side carried it (residents: {residents}; {_needed(tally)} needed)."


def result_sentence(tally: RoundTally) -> str:
    """The whole result in one sentence."""
    if tally.mode == RoundMode.OPEN_ROOM:
        return (
            f"Open room: {counted(len(tally.ranking), 'goal')} in order by {counted(tally.residents.cast, 'ballot')}."
        )
    if tally.advisory:
        return (
            f"Advisory: with {_officers_voted(tally.officers)} nothing is adopted; "
            "the residents’ order stands in the minutes and the vote is repeated."
        )
    adopted = counted(len(tally.adopted), "goal")
    parts = [f"{adopted} adopted for {counted(tally.places, 'place')}"]
    if tally.contested:
        parts.append(f"{len(tally.contested)} contested")
    if tally.needs_dice and not tally.tie_seed:
        parts.append("a tie is still open until the dice are rolled")
    return f"{', '.join(parts)}."


def repeat_sentence(day: date | None) -> str:
    """When an advisory vote is repeated, so that it is not forgotten.

    >>> repeat_sentence(date(2027, 1, 14)), repeat_sentence(None)
    ('It is repeated on 14 January 2027.', 'It has no date yet: plan the next meeting.')
    """
    return "It has no date yet: plan the next meeting." if day is None else f"It is repeated on {day_in_words(day)}."


def _ranked_sentence(outcome: Outcome, tally: RoundTally, residents: str) -> str:
    why = (
        "an open room ranks and never adopts"
        if tally.mode == RoundMode.OPEN_ROOM
        else f"advisory, with {_officers_voted(tally.officers)}"
    )
    if outcome.goal not in tally.ranking:
        return f"Not in the residents’ order: no ballot names it; {why}."
    return f"{ordinal(tally.ranking.index(outcome.goal) + 1)} in the residents’ order ({residents}); {why}."


def _tie_sentence(tie: Tie | None) -> str:
    match tie:
        case Tie.MORE_BALLOTS:
            return " It was level with another goal; more residents’ ballots decided."
        case Tie.DICE:
            return " It was level with another goal; the dice decided."
        case None:
            return ""


def _officers_refused(officers: Count) -> str:
    if officers.cast == 0:
        return "no officer voted"
    return "all officers’ ballots were blank" if officers.non_blank == 0 else "officers did not"


def _of(approvals: int | None, count: Count) -> str:
    return f"{approvals or 0:,} of {counted(count.non_blank, 'ballot')}"


def _needed(tally: RoundTally) -> str:
    return f"{ceil(residents_threshold(tally.places) * tally.residents.non_blank):,}"


def _officers_voted(officers: Count) -> str:
    if officers.cast == officers.non_blank:
        return f"only {counted(officers.cast, 'officer’s ballot', 'officers’ ballots')}"
    return f"fewer than three of {counted(officers.cast, 'officer’s ballot', 'officers’ ballots')} not blank"

"""What the figures of the pulse mean, in words: changes from wave to wave, and groups beside each other."""

from fractions import Fraction

from lib.rules.pulse import PulseChange, PulseShare, pulse_comparison
from lib.rules.pulse_means import PulseMean, in_points, mean_comparison
from lib.rules.text import counted, percent

Figure = PulseShare | PulseMean

QUESTION_NAMES = {
    "after_dark": "Feel safe after dark",
    "by_day": "Feel safe by day",
    "safety": "Safety",
    "respect": "Treated with respect",
    "listens": "Police listen",
}
"""Short names of the questions that are shown as one figure."""


def figure_words(figure: Figure | None) -> str:
    """A figure in a table cell; "not shown" while hidden. Points are never per cent.

    >>> from lib.rules.pulse import pulse_share
    >>> figure_words(pulse_share(2, 5)), figure_words(None)
    ('not shown', 'not shown')
    """
    if isinstance(figure, PulseShare):
        return "not shown" if figure.share is None else percent(figure.share)
    return "not shown" if figure is None or figure.mean is None else f"{in_points(figure.mean)} points"


def interval_words(figure: Figure | None) -> str:
    """Its interval in a table cell, "" while hidden."""
    if figure is None or figure.interval is None:
        return ""
    low, high = figure.interval
    if isinstance(figure, PulseShare):
        return f"{percent(low)} to {percent(high)}"
    return f"{in_points(low)} to {in_points(high)}"


def response_words(answered: int, invited: int) -> str:
    """How many of those invited answered; without invitations, that volunteers did.

    >>> response_words(190, 600).replace("\\N{NO-BREAK SPACE}", " "), response_words(31, 0)
    ('190 answers to 600 invitations: 32 % answered', '31 answers of volunteers: nobody was invited')
    """
    if not invited:
        return f"{counted(answered, 'answer')} of volunteers: nobody was invited"
    share = percent(Fraction(answered, invited))
    return f"{counted(answered, 'answer')} to {counted(invited, 'invitation')}: {share} answered"


def change_words(before: Figure | None, after: Figure | None) -> str:
    """A change from one wave to the next, in a few words; nothing is called a change that chance explains."""
    told = {
        PulseChange.MORE: "up, beyond chance",
        PulseChange.LESS: "down, beyond chance",
        PulseChange.NO_DETECTABLE_CHANGE: "no detectable change",
        PulseChange.NOT_SHOWN: "",
    }
    return told[_change(before, after)]


def group_words(took_part: Figure | None, others: Figure | None) -> str:
    """Those who took part beside the others, in a few words. Says nothing of causes."""
    told = {
        PulseChange.MORE: "higher, beyond chance",
        PulseChange.LESS: "lower, beyond chance",
        PulseChange.NO_DETECTABLE_CHANGE: "no detectable difference",
        PulseChange.NOT_SHOWN: "",
    }
    return told[_change(others, took_part)]


def _change(before: Figure | None, after: Figure | None) -> PulseChange:
    if isinstance(before, PulseShare) and isinstance(after, PulseShare):
        return pulse_comparison(before, after).change
    if isinstance(before, PulseMean) and isinstance(after, PulseMean):
        return mean_comparison(before, after).change
    return PulseChange.NOT_SHOWN

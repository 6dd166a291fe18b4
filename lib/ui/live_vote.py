"""The live display during a vote: waiting, hidden, a show of hands, closed and being counted, level goals and dice."""

from fractions import Fraction
from html import escape

from lib.queries.live import LiveLine, LiveSnapshot
from lib.rules.lifecycle import RoundState
from lib.rules.text import counted, percent
from lib.ui.live_marks import (
    VERY_LONG_TITLE,
    Drawing,
    Shares,
    clock_of,
    density,
    fingerprint,
    page_of,
    qr_image,
    sides_at_the_vote,
    spoken,
    tile,
    turnout_meter,
    whole_fingerprint,
    width,
)
from lib.ui.parts import icon

LAST_SECONDS = 30
MOST_LATE = 3
"""Latecomers' batches that are named on the display; of earlier ones only how many there were."""

_BLANK_DIE = '<i class="lv-die is-blank">?</i>'
"""Before anything was rolled: faces would look like a result."""

_COUNTING = ("Voting closed", "Paper ballots added", "Counted by two people", "Shown here")
_STEP_OF_STATE = {RoundState.CLOSED: 1, RoundState.PAPER: 1, RoundState.SEALED: 3}


def voting_html(snapshot: LiveSnapshot, drawing: Drawing) -> str:
    """An open round, or a closed one that is not published: figures only where everybody agreed to show hands."""
    if shows_hands(snapshot) and not (snapshot.round and snapshot.round.set_aside):
        return _hands(snapshot, drawing)
    meters = "".join(
        turnout_meter(side, snapshot.turnout[side], drawing.before, name="lv-meter")
        for side in sides_at_the_vote(snapshot)
    )
    title, sentence = vote_words(snapshot)
    said = f"<b>{title}</b>" + (f"<span>{escape(sentence)}</span>" if sentence else _counting(snapshot))
    # The right column stays free: the map is an element of its own that does not change each second.
    beside = " with-map" if drawing.has_map else ""
    return (
        f'<div class="lv-body{beside}"><div class="lv-panel">{said}<div class="lv-meters">{meters}</div></div>'
        f"{'<div></div>' if beside else ''}</div>{_foot(snapshot, _frozen(snapshot))}"
    )


def vote_words(snapshot: LiveSnapshot) -> tuple[str, str]:
    """What stands in the middle while no figure is shown: in large, and a sentence ("" while votes are counted)."""
    if snapshot.round is not None and snapshot.round.set_aside:
        return "This vote is set aside", f"{snapshot.round.set_aside} No result is published."
    if snapshot.state is RoundState.OPEN:
        return _waiting(snapshot)
    return "The vote is being counted", ""


def dice_html(snapshot: LiveSnapshot) -> str:
    """Goals are level for a place: the fingerprint of the ballots to read out, then dice."""
    return (
        '<div class="lv-body lv-tie"><section><h2>Fingerprint of the ballots</h2>'
        f'<p class="lv-aloud">{fingerprint(snapshot.dice_hash)}</p>'
        f'<p class="lv-whole"><span>All of it:</span> {whole_fingerprint(snapshot.dice_hash)}</p></section>'
        f'<section><div class="lv-dice" aria-hidden="true">{_BLANK_DIE * 3}</div><ol class="lv-steps">'
        "<li><span>Read out the fingerprint. From now on no ballot can change.</span></li>"
        "<li><span><b>Roll the dice</b> where everybody can see them.</span></li>"
        "<li><span>Type what they show. Everybody can check the outcome.</span></li></ol></section></div>"
        f"{_foot(snapshot, _frozen(snapshot))}"
    )


def shows_hands(snapshot: LiveSnapshot) -> bool:
    """Whether figures of an unpublished round are on screen: everybody agreed before, and somebody has voted."""
    return snapshot.is_live and any(turnout.cast for turnout in snapshot.turnout.values())


def vote_pill(snapshot: LiveSnapshot) -> str:
    """The round's state in words and shape, and the time that is left."""
    label, kind = pill_words(snapshot)
    if snapshot.state is not RoundState.OPEN:
        return f'<p class="lv-pill {kind}"><i></i>{label}</p>'
    minutes, seconds = divmod(snapshot.seconds_left, 60)
    return (
        f'<p class="lv-pill {kind}"><i></i>{label}</p>'
        f'<p class="lv-time"><b>{minutes}:{seconds:02d}</b><span>left</span></p>'
    )


def pill_words(snapshot: LiveSnapshot) -> tuple[str, str]:
    """The round's state in a word, and its shape."""
    if snapshot.state is not RoundState.OPEN:
        return "Voting closed", "is-closed"
    if snapshot.seconds_left <= LAST_SECONDS:
        return "Closing soon", "is-last"
    return "Voting open" if snapshot.hides_results else "Show of hands", "is-open"


def _waiting(snapshot: LiveSnapshot) -> tuple[str, str]:
    if not any(turnout.cast for turnout in snapshot.turnout.values()):
        return "Waiting for the first vote", "Scan the code on your slip, or type the address below"
    if snapshot.hides_results:
        return "Results are shown when voting closes", "Until then nobody sees them. Choose any number of goals"
    return "Votes are coming in", "Choose any number of goals"


def _counting(snapshot: LiveSnapshot) -> str:
    now = _STEP_OF_STATE.get(snapshot.state, 1) if snapshot.state else 1
    items = "".join(
        f'<li class="{"is-done" if at < now else "is-now" if at == now else ""}">'
        f"{icon('check_circle' if at < now else 'pending' if at == now else 'radio_button_unchecked')}"
        f"<span>{name}</span></li>"
        for at, name in enumerate(_COUNTING)
    )
    return f'<ol class="lv-counting">{items}</ol>'


def _hands(snapshot: LiveSnapshot, drawing: Drawing) -> str:
    lines, page = page_of(snapshot.lines, drawing.now)
    dense = density(lines)
    rows = "".join(_row(snapshot, line, drawing.before) for line in lines)
    longest = max(len(line.candidate.title) for line in lines)
    beside = drawing.has_map and "many" not in dense and longest <= VERY_LONG_TITLE
    sides = "".join(turnout_meter(side, snapshot.turnout[side], drawing.before) for side in sides_at_the_vote(snapshot))
    frozen = f" · Frozen {fingerprint(snapshot.round.frozen_hash)}" if snapshot.round else ""
    seen = f"Updated {clock_of(snapshot.as_of, drawing.city, seconds=True)}{frozen}"
    right = f'<div>{_latecomers(snapshot)}<div class="lv-sides">{sides}</div><p class="lv-seen">{seen}</p></div>'
    turning = f'<p class="lv-page">{page}</p>' if page else ""
    return (
        f'<div class="lv-body{" with-map" if beside else ""}"><section class="lv-list">{turning}'
        f'<div class="lv-rows{dense}" style="--rows:{-(-len(lines) // 2)}">{rows}</div></section>'
        f"{'<div></div>' if beside else ''}</div>{_foot(snapshot, right)}"
    )


def _row(snapshot: LiveSnapshot, line: LiveLine, before: Shares) -> str:
    goal = line.candidate.goal_uuid
    outcome, shown = line.outcome, snapshot.round
    bars = ""
    if outcome is not None and shown is not None:
        bars = _bar(
            "residents",
            outcome.residents_approval,
            outcome.residents_approvals,
            shown.residents_threshold,
            before.get(f"residents {goal}", 0.0),
        )
        if outcome.officers_approvals is not None and snapshot.tally is not None and snapshot.tally.officers.cast:
            bars += _bar(
                "officers",
                outcome.officers_approval,
                outcome.officers_approvals,
                shown.officers_threshold,
                before.get(f"officers {goal}", 0.0),
            )
    title = escape(line.candidate.title)
    return f'<div class="lv-row">{tile(line)}<div class="name">{title}</div><div class="lv-bars">{bars}</div></div>'


def _bar(side: str, approval: Fraction | None, approvals: int, threshold: Fraction, before: float) -> str:
    share = approval or Fraction(0)
    return (
        f'<div class="lv-bar is-{side}"><div class="lv-track" style="--from:{width(before)};--to:{width(share)}">'
        f'<i class="lv-fill"></i><i class="lv-mark" style="--at:{width(threshold)}"></i></div>'
        f'<b>{percent(share)}</b><span class="n">{counted(approvals, side[:-1])}</span></div>'
    )


def _foot(snapshot: LiveSnapshot, right: str) -> str:
    address = spoken(snapshot.join_address)
    if snapshot.state is RoundState.OPEN:
        join = (
            f'<img class="qr" alt="" src="{qr_image(snapshot.join_address)}"><p class="join">'
            "<span>Vote with your phone, or on paper at the table</span>"
            f'<b class="address" style="--letters:{max(len(address), 16)}">{escape(address)}</b></p>'
        )
    else:
        join = '<p class="join"><span>Thank you.</span><b>Voting is over</b></p>'
    return f'<footer class="lv-foot">{join}{right}</footer>'


def _frozen(snapshot: LiveSnapshot) -> str:
    """The fingerprint of what was frozen when the round opened."""
    if snapshot.round is None:
        return ""
    return (
        f"<div>{_latecomers(snapshot)}"
        f'<p class="lv-frozen"><span>{icon("lock")} Rule, goals and texts are frozen:</span>'
        f"<b>{fingerprint(snapshot.round.frozen_hash)}</b></p></div>"
    )


def _latecomers(snapshot: LiveSnapshot) -> str:
    """Passes minted after opening are announced to the room, by number."""
    if not snapshot.latecomers:
        return ""
    said = " · ".join(batch.announcement for batch in snapshot.latecomers[-MOST_LATE:])
    more = len(snapshot.latecomers) - MOST_LATE
    earlier = f" · and {counted(more, 'earlier batch', 'earlier batches')}" if more > 0 else ""
    return f'<p class="lv-late">{escape(said)}{earlier}</p>'

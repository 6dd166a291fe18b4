"""The live display after publishing: the reveal with both keys per goal, advice, and the answers that sides owe."""

from collections.abc import Mapping
from datetime import datetime
from html import escape
from uuid import UUID

from lib.queries.contested import OwedAnswer
from lib.queries.counts import Turnout
from lib.queries.live import LiveLine, LiveSnapshot
from lib.rules.lifecycle import Electorate, MeetingState
from lib.rules.tally import Ending, Outcome, RoundTally
from lib.rules.text import counted, percent
from lib.rules.voting import RoundMode, SideFigures
from lib.ui.live_marks import Drawing, density, key, page_of, sides_at_the_vote, spoken, width
from lib.ui.live_strips import beside, owed_sentences, stacked, strip, strips
from lib.ui.parts import icon

SECONDS_PER_ROW = 0.8
SECONDS_OF_REVEAL = 6.0
"""Rows appear one after the other, and however many there are, the room has seen all of them by then."""

ANSWERS_ON_A_PAGE = 2
LONG_ANSWER = 320

_LINES_OF_TITLE = {1: 6, 2: 6, 3: 5, 4: 4, 5: 3, 6: 3}
_ROWS_WITH_ROOM = 3
"""Lines a title may take, by the number of cards above each other; one less where a strip stands under many cards."""

_PLACES = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth"}
_NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
_WHO = {Electorate.RESIDENTS: "residents", Electorate.OFFICERS: "officers"}


def result_html(snapshot: LiveSnapshot, drawing: Drawing) -> str:
    """The result of a published round: as a table, or in two columns of cards where there are many goals."""
    shown, tally = snapshot.round, snapshot.tally
    if shown is None or tally is None:
        return ""
    if answers_shown(snapshot, drawing):
        return _answers(snapshot, drawing)
    lines, page = page_of(snapshot.lines, drawing.now)
    laid = strips(snapshot, tally, drawing, waiting=answers_waiting(snapshot, drawing))
    dense = density(lines) + beside(laid, lines)
    waits = _waits(shown.published_at, drawing.now, len(lines))
    if "many" in dense or "very" in dense:
        rows = "".join(_card(snapshot, tally, line, wait) for line, wait in zip(lines, waits, strict=True))
        down = -(-len(lines) // 2)
        room = _LINES_OF_TITLE[down] - (1 if laid and down > _ROWS_WITH_ROOM else 0)
        legend = (
            f'<p class="lv-legend">{key(True, "turned")}{key(False, "not turned")}'
            "<span>first key: residents · second key: officers</span></p>"
            if tally.adopts
            else ""
        )
        listing = f'{legend}<div class="lv-cards" style="--rows:{down};--lines:{room}">{rows}</div>'
    elif tally.adopts:
        rows = "".join(_row(snapshot, tally, line, wait) for line, wait in zip(lines, waits, strict=True))
        listing = f'<table class="lv-result{dense}" style="--rows:{len(lines)}">{_HEAD}<tbody>{rows}</tbody></table>'
    else:
        rows = "".join(_ranked_row(snapshot, tally, line, wait) for line, wait in zip(lines, waits, strict=True))
        listing = (
            f'<table class="lv-result is-ranked{dense}" style="--rows:{len(lines)}">{_RANKED_HEAD}'
            f"<tbody>{rows}</tbody></table>"
        )
    turning = f'<p class="lv-page">{page}</p>' if page else ""
    return f'<div class="lv-body lv-listed">{turning}{listing}{stacked(laid)}</div>{_foot(snapshot)}'


def answers_shown(snapshot: LiveSnapshot, drawing: Drawing) -> Mapping[UUID, OwedAnswer]:
    """The answers that take the result's place, by goal.

    The facilitator turns the page, not whoever types: an answer given during the meeting waits until the next step of
    the agenda is begun. An address that names the round shows it at once, and so does a meeting that is over.
    """
    begun = max((step.started_at for step in snapshot.agenda if step.started_at is not None), default=None)
    waits = snapshot.meeting.state is MeetingState.OPEN and not (drawing.names_round or drawing.is_rehearsal)
    return {
        goal: owed
        for goal, owed in snapshot.owed.items()
        if owed.answered_at is not None and (not waits or (begun is not None and owed.answered_at <= begun))
    }


def answers_waiting(snapshot: LiveSnapshot, drawing: Drawing) -> int:
    """How many answers have come in that the room does not see yet."""
    given = sum(owed.answered_at is not None for owed in snapshot.owed.values())
    return given - len(answers_shown(snapshot, drawing))


def result_heading(snapshot: LiveSnapshot, drawing: Drawing) -> str:
    """The result in the fewest words."""
    shown, tally = snapshot.round, snapshot.tally
    if shown is None or tally is None:
        return "The result"
    if not tally.adopts:
        return "Advice from the residents" if shown.mode is RoundMode.MEETING else "What this open room says"
    if answers_shown(snapshot, drawing):
        return "What the other side answers"
    adopted = len(tally.adopted)
    if adopted == 0:
        return "No goal was carried by both sides"
    if adopted == 1:
        return "We will work on this goal"
    return f"We will work on these {_NUMBERS.get(adopted, str(adopted))} goals"


_HEAD = (
    '<colgroup><col class="sign"><col><col class="track"><col class="num"><col class="n"><col class="key">'
    '<col class="end"></colgroup><thead><tr><th><span class="cb-hidden">Place</span></th><th>Goal</th>'
    '<th>Residents’ key</th><th class="num">Share</th><th class="num">Votes</th><th>Officers’ key</th>'
    "<th>Outcome</th></tr></thead>"
)
_RANKED_HEAD = (
    '<colgroup><col class="sign"><col><col class="wide"><col class="num"><col class="n"></colgroup>'
    '<thead><tr><th><span class="cb-hidden">Order</span></th><th>Goal</th><th>Residents</th>'
    '<th class="num">Share</th><th class="num">Votes</th></tr></thead>'
)


def _waits(published_at: datetime | None, now: datetime, rows: int) -> list[str]:
    """How each row appears: a style that waits for its turn, "" once it is there for good.

    The display is drawn anew each second, so the wait is counted from the publishing and becomes negative.
    """
    if published_at is None:
        return [""] * rows
    step = min(SECONDS_PER_ROW, SECONDS_OF_REVEAL / max(rows, 1))
    passed = (now - published_at).total_seconds()
    waits = [at * step - passed for at in range(rows)]
    return [f"animation:lv-come .6s ease-out {wait:.2f}s both" if wait > -1 else "" for wait in waits]


def _row(snapshot: LiveSnapshot, tally: RoundTally, line: LiveLine, wait: str) -> str:
    outcome, shown = line.outcome, snapshot.round
    if outcome is None or shown is None:
        return ""
    kind, sign, word, detail = _ending(outcome, tally)
    officers = "Turned" if outcome.officers_key else "Not turned"
    if outcome.officers_approval is not None and shown.officers_figures is SideFigures.OPEN:
        officers = percent(outcome.officers_approval)
    return (
        f'<tr class="is-{kind}" style="{wait}"><td>{sign}</td>'
        f'<td><span class="goal">{escape(line.candidate.title)}</span></td>'
        f'<td><div class="lv-share">{key(outcome.residents_key)}{_track(snapshot, outcome)}</div></td>'
        f'<td class="num">{percent(outcome.residents_approval or 0)}</td>'
        f'<td class="n">{outcome.residents_approvals:,}</td>'
        f"<td>{key(outcome.officers_key, officers)}</td>"
        f'<td class="lv-end is-{kind}"><b>{word}</b><span>{detail}</span></td></tr>'
    )


def _ranked_row(snapshot: LiveSnapshot, tally: RoundTally, line: LiveLine, wait: str) -> str:
    if line.outcome is None:
        return ""
    return (
        f'<tr class="is-advice" style="{wait}"><td>{_rank(line, tally)}</td>'
        f'<td><span class="goal">{escape(line.candidate.title)}</span></td>'
        f"<td>{_track(snapshot, line.outcome, threshold=False)}</td>"
        f'<td class="num">{percent(line.outcome.residents_approval or 0)}</td>'
        f'<td class="n">{line.outcome.residents_approvals:,}</td></tr>'
    )


def _card(snapshot: LiveSnapshot, tally: RoundTally, line: LiveLine, wait: str) -> str:
    outcome = line.outcome
    if outcome is None:
        return ""
    kind, sign, word, detail = _ending(outcome, tally)
    share = percent(outcome.residents_approval or 0)
    if tally.adopts:
        keys = (
            f'<p class="keys">{key(outcome.residents_key)}<b>{share}</b>'
            f'<span class="cb-hidden">Officers:</span>{key(outcome.officers_key)}</p>'
        )
        end = f'<p class="lv-end is-{kind}"><b>{word}</b>{f"<span>{detail}</span>" if kind == "adopted" else ""}</p>'
    else:
        sign = _rank(line, tally)
        keys, end = (
            f'<p class="keys"><b>{share}</b></p>',
            f'<p class="lv-end">{counted(outcome.residents_approvals, "vote")}</p>',
        )
    return (
        f'<div class="lv-card is-{kind}" style="{wait}">{sign}<p class="goal">{escape(line.candidate.title)}</p>'
        f'<div class="said">{end}{keys}</div></div>'
    )


def _rank(line: LiveLine, tally: RoundTally) -> str:
    goal = line.candidate.goal_uuid
    if goal not in tally.ranking:
        return f'<span class="lv-sign">{icon("remove")}</span>'
    return f'<span class="lv-disc is-rank">{tally.ranking.index(goal) + 1}</span>'


def _track(snapshot: LiveSnapshot, outcome: Outcome, *, threshold: bool = True) -> str:
    share = width(outcome.residents_approval or 0)
    quiet = " is-under" if threshold and not outcome.residents_key else ""
    mark = ""
    if threshold and snapshot.round is not None:
        mark = f'<i class="lv-mark" style="--at:{width(snapshot.round.residents_threshold)}"></i>'
    return f'<div class="lv-track"><i class="lv-fill{quiet}" style="--from:{share};--to:{share}"></i>{mark}</div>'


def _ending(outcome: Outcome, tally: RoundTally) -> tuple[str, str, str, str]:
    """Class of the row, its sign, its word, and what stands under the word."""
    if not tally.adopts:
        return "advice", "", "Advice", "nothing is adopted"
    match outcome.ending:
        case Ending.ADOPTED:
            place = outcome.place or 0
            return "adopted", f'<span class="lv-disc">{place}</span>', "Adopted", _PLACES.get(place, f"place {place}")
        case Ending.OPEN_WITHOUT_PLACE:
            return "open", _sign("hourglass_empty"), "Open", "no place left this time"
        case Ending.RESIDENTS_ONLY:
            return "contested", _sign("forum"), "Contested", "residents yes, officers no"
        case Ending.OFFICERS_ONLY:
            return "contested", _sign("forum"), "Contested", "officers yes, residents no"
        case Ending.NEITHER:
            return "neither", _sign("remove"), "Not carried", "by neither side"


def _sign(glyph: str) -> str:
    return f'<span class="lv-sign">{icon(glyph)}</span>'


def _answers(snapshot: LiveSnapshot, drawing: Drawing) -> str:
    """The answers given on contested goals, each with its counter-offer, and who still owes one."""
    shown = answers_shown(snapshot, drawing)
    lines = [line for line in snapshot.lines if line.candidate.goal_uuid in shown]
    answered, page = page_of(lines, drawing.now, ANSWERS_ON_A_PAGE)
    cards = "".join(_answer(line, shown[line.candidate.goal_uuid]) for line in answered)
    size = "one" if len(answered) == 1 else "two"
    where = escape(spoken(snapshot.join_address.removesuffix("/join")))
    adopted = sum(1 for line in snapshot.lines if line.outcome is not None and line.outcome.place)
    kept = f"{counted(adopted, 'goal is', 'goals are')} adopted by both sides. " if adopted else ""
    said = f"{kept}Whole texts with the result: {where}"
    turning = f"<span>{page}</span>" if page else ""
    owing = stacked([strip("warn", "forum", sentence) for sentence in owed_sentences(snapshot, drawing)])
    return (
        f'<div class="lv-body lv-listed"><p class="lv-page"><span>{said}</span>{turning}</p>'
        f'<div class="lv-answers is-{size}">{cards}</div>{owing}</div>{_foot(snapshot)}'
    )


def _answer(line: LiveLine, owed: OwedAnswer) -> str:
    other = "residents" if owed.side is Electorate.OFFICERS else "officers"
    long = " is-long" if len(owed.reason) + len(owed.counter_offer) > LONG_ANSWER else ""
    offer = (
        f'<h3>{icon("handshake")} They offer instead</h3><p class="words offer">{escape(owed.counter_offer)}</p>'
        if owed.counter_offer
        else ""
    )
    return (
        f'<article class="{long}"><p class="who">{icon("forum")} Contested: {other} yes, {_WHO[owed.side]} no</p>'
        f"<h2>{escape(line.candidate.title)}</h2><h3>{icon('chat')} The {_WHO[owed.side]} answer</h3>"
        f'<p class="words">{escape(owed.reason)}</p>{offer}</article>'
    )


def _foot(snapshot: LiveSnapshot) -> str:
    if snapshot.round is None:
        return ""
    done = "".join(_done(snapshot.turnout[side], f"{side.value} voted") for side in sides_at_the_vote(snapshot))
    return (
        f'<footer class="lv-foot"><p class="lv-rule">{escape(snapshot.round.rule_sentence)} '
        f"Choose any number: shares do not add up to 100.</p>{done}</footer>"
    )


def _done(turnout: Turnout, words: str) -> str:
    return f'<p class="lv-done"><b>{turnout.cast:,} of {turnout.issued:,}</b><span>{words}</span></p>'

"""The projector's screens as finished HTML, from one snapshot. Every text of people is escaped.

The display is drawn anew each second: bars glide from the last drawn share to the present one, and a chip that stays
invisible for eight seconds after each drawing says by itself when the connection is lost, without any script.
"""

import base64
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from html import escape
from zoneinfo import ZoneInfo

import segno

from lib.queries.counts import Turnout
from lib.queries.live import LiveLine, LiveSnapshot
from lib.queries.places import CityRow
from lib.rules.lifecycle import Electorate, MeetingState, RoundState
from lib.rules.tally import Ending, Outcome
from lib.rules.text import counted, percent
from lib.rules.voting import RoundMode, SideFigures
from lib.ui.parts import icon

Shares = Mapping[str, float]
"""Widths drawn last, by the bar's name, so that the next drawing can glide from there."""

LONG_QUESTION = 46
MANY_ROWS = 6
LONG_TITLE = 34

_PLACES = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth"}


def live_html(snapshot: LiveSnapshot, city: CityRow, before: Shares) -> str:
    """The whole display. `before` holds the widths of the last drawing, from `live_shares`."""
    match snapshot.state:
        case None:
            body = _lobby(snapshot)
        case RoundState.PUBLISHED:
            body = _result(snapshot)
        case _:
            body = _voting(snapshot, city, before)
    seen = _clock(snapshot.as_of, city)
    lost = f'<div class="lv-lost" role="status">Connection lost, numbers as of {seen}</div>'
    return f'<div class="lv">{_top(snapshot, city)}{body}{lost}</div>'


def notice_html(sentence: str) -> str:
    """What the room sees when there is nothing to show, or the database is away for a moment."""
    return (
        '<div class="lv"><div class="lv-top"><h1>Common Beat</h1></div>'
        f'<div class="lv-body"><div class="lv-panel"><b>{escape(sentence)}</b></div></div></div>'
    )


def live_shares(snapshot: LiveSnapshot) -> dict[str, float]:
    """The widths that `live_html` draws for this snapshot, by the bar's name."""
    shares = {f"turnout {side.value}": float(_share(turnout)) for side, turnout in snapshot.turnout.items()}
    for line in snapshot.lines:
        if line.outcome is not None:
            goal = line.candidate.goal_uuid
            shares[f"residents {goal}"] = float(line.outcome.residents_approval or 0)
            shares[f"officers {goal}"] = float(line.outcome.officers_approval or 0)
    return shares


def who_voted(snapshot: LiveSnapshot) -> str:
    """Turnout in words, each side for itself: sides are never added up."""
    residents, officers = (snapshot.turnout[side].cast for side in (Electorate.RESIDENTS, Electorate.OFFICERS))
    return f"{counted(residents, 'resident')} and {counted(officers, 'officer')} have voted"


@lru_cache(maxsize=8)
def qr_image(address: str) -> str:
    """The address as a QR code, as the source of an image."""
    return str(
        segno.make(address, error="m", micro=False).svg_data_uri(border=1, dark="#0E1F38", light="#fff", scale=8)
    )


def svg_image(svg: str) -> str:
    """An SVG text as the source of an image (an image runs no script and loads nothing)."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _top(snapshot: LiveSnapshot, city: CityRow) -> str:
    shown = snapshot.round
    line = [escape(snapshot.meeting.title), escape(f"Beat {snapshot.meeting.beat_labels}")]
    if shown is not None:
        line.append(f"Round {shown.number} of {shown.of}")
    demo = '<span class="lv-demo">Demonstration, invented people</span>' if city.is_demonstration else ""
    heading = _heading(snapshot)
    size = ' class="long"' if len(heading) > LONG_QUESTION else ""
    return (
        f'<div class="lv-line"><span>{" · ".join(line)}</span>{demo}</div>'
        f'<div class="lv-top"><h1{size}>{escape(heading)}</h1>{_state(snapshot)}</div>'
    )


def _heading(snapshot: LiveSnapshot) -> str:
    if snapshot.round is None:
        return "Welcome. Get ready to vote" if snapshot.meeting.state is MeetingState.OPEN else "We meet soon"
    if snapshot.state is not RoundState.PUBLISHED:
        return snapshot.round.question
    adopted = len(snapshot.tally.adopted) if snapshot.tally else 0
    if snapshot.tally is not None and not snapshot.tally.adopts:
        return "Advice from the residents" if snapshot.round.mode is RoundMode.MEETING else "What this open room says"
    if adopted == 0:
        return "No goal was carried by both sides"
    return "We will work on this goal" if adopted == 1 else f"We will work on these {_number(adopted)} goals"


def _state(snapshot: LiveSnapshot) -> str:
    match snapshot.state:
        case RoundState.OPEN:
            minutes, seconds = divmod(snapshot.seconds_left, 60)
            label = "Show of hands" if not snapshot.hides_results else "Voting open"
            return (
                f'<p class="lv-pill is-open"><i></i>{label}</p>'
                f'<p class="lv-time"><b>{minutes}:{seconds:02d}</b><span>left</span></p>'
            )
        case RoundState.PUBLISHED:
            return f'<p class="lv-pill is-quiet">{icon("verified")} Result, counted and published</p>'
        case None:
            word = "Starts soon" if snapshot.meeting.state is MeetingState.PLANNED else "Welcome"
            return f'<p class="lv-pill is-quiet">{word}</p>'
        case _:
            return '<p class="lv-pill is-closed"><i></i>Voting closed</p>'


def _lobby(snapshot: LiveSnapshot) -> str:
    wifi = snapshot.meeting.wifi
    steps = [f"Join the Wi-Fi <b>{escape(wifi)}</b>"] if wifi else []
    steps.append(f"Scan the code on your slip, or open <b>{escape(_spoken(snapshot.join_address))}</b>")
    steps.append("Choose any number of goals. Your vote is secret.")
    items = "".join(f"<li><span>{step}</span></li>" for step in steps)
    coming = next((step for step in snapshot.agenda if step.round_id is not None), None)
    ready = f"First vote on the agenda: <b>{escape(coming.title)}</b>" if coming else escape(snapshot.meeting.place)
    return (
        f'<div class="lv-lobby"><div class="qr"><img alt="Code that opens {escape(_spoken(snapshot.join_address))}" '
        f'src="{qr_image(snapshot.join_address)}"></div><ol>{items}</ol></div><p class="lv-ready">{ready}</p>'
    )


def _voting(snapshot: LiveSnapshot, city: CityRow, before: Shares) -> str:
    cast = sum(turnout.cast for turnout in snapshot.turnout.values())
    if snapshot.tally is not None and cast:
        many = _density(snapshot)
        rows = "".join(_live_row(snapshot, line, before) for line in snapshot.lines)
        left = f'<div class="lv-rows{many}">{rows}</div>'
    else:
        title, sentence = _waiting(snapshot, cast)
        left = f'<div class="lv-panel"><b>{escape(title)}</b><span>{escape(sentence)}</span></div>'
    # The right column stays free: the map is an element of its own that does not change each second.
    return f'<div class="lv-body with-map"><section>{left}</section><div></div></div>{_foot(snapshot, city, before)}'


def _waiting(snapshot: LiveSnapshot, cast: int) -> tuple[str, str]:
    if snapshot.state is not RoundState.OPEN:
        return "The vote is being counted", "The result appears here when both sides have been counted"
    if cast == 0:
        return "Waiting for the first vote", "Scan the code on your slip, or type the address below"
    return "Results are shown when voting closes", f"{who_voted(snapshot)} · choose any number of goals"


def _density(snapshot: LiveSnapshot) -> str:
    """Classes for lists that would not fit at full size: many goals, or titles of many words."""
    wordy = any(len(line.candidate.title) > LONG_TITLE for line in snapshot.lines)
    return f"{' many' if len(snapshot.lines) > MANY_ROWS else ''}{' wordy' if wordy else ''}"


def _live_row(snapshot: LiveSnapshot, line: LiveLine, before: Shares) -> str:
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
        if outcome.officers_approvals is not None:
            bars += _bar(
                "officers",
                outcome.officers_approval,
                outcome.officers_approvals,
                shown.officers_threshold,
                before.get(f"officers {goal}", 0.0),
            )
    tile = (
        f'<span class="lv-tile" style="background:{escape(line.candidate.colour)};'
        f'--icon:url(/assets/icons/{escape(line.candidate.icon)}.svg)"><span></span></span>'
        if line.candidate.icon
        else '<span class="lv-tile"></span>'
    )
    return f'<div class="lv-row">{tile}<div class="name">{escape(line.candidate.title)}</div><div class="lv-bars">{bars}</div></div>'


def _bar(side: str, approval: Fraction | None, approvals: int, threshold: Fraction, before: float) -> str:
    share = approval or Fraction(0)
    return (
        f'<div class="lv-bar is-{side}"><div class="lv-track" style="--from:{before * 100:.1f}%;--to:{float(share) * 100:.1f}%">'
        f'<i class="lv-fill"></i><i class="lv-mark" style="--at:{float(threshold) * 100:.1f}%"></i></div>'
        f'<b>{percent(share)}</b><span class="n">{counted(approvals, side[:-1])}</span></div>'
    )


def _foot(snapshot: LiveSnapshot, city: CityRow, before: Shares) -> str:
    sides = "".join(_turnout(side, snapshot.turnout[side], before) for side in Electorate)
    is_open = snapshot.state is RoundState.OPEN
    join = (
        f'<img class="qr" alt="" src="{qr_image(snapshot.join_address)}"><p class="join"><span>Vote with your phone</span>'
        f"<b>{escape(_spoken(snapshot.join_address))}</b></p>"
        if is_open
        else '<p class="join"><span>Thank you.</span><b>Every ballot is in</b></p>'
    )
    seen = f'<p class="lv-seen">Updated {_clock(snapshot.as_of, city)}</p>'
    return f'<footer class="lv-foot">{join}<div><div class="lv-sides">{sides}</div>{seen}</div></footer>'


def _turnout(side: Electorate, turnout: Turnout, before: Shares) -> str:
    share = _share(turnout)
    start = before.get(f"turnout {side.value}", 0.0)
    return (
        f'<div class="lv-side is-{side.value}"><p><b>{turnout.cast} of {turnout.issued}</b>'
        f"<span>{side.value}</span></p>"
        f'<div class="lv-turn" style="--from:{start * 100:.1f}%;--to:{float(share) * 100:.1f}%"><i></i></div></div>'
    )


def _result(snapshot: LiveSnapshot) -> str:
    shown, tally = snapshot.round, snapshot.tally
    if shown is None or tally is None:
        return ""
    rows = "".join(_result_row(snapshot, line) for line in snapshot.lines)
    many = _density(snapshot)
    head = (
        '<colgroup><col style="width:4rem"><col><col style="width:12rem"><col style="width:4rem">'
        '<col style="width:3.2rem"><col style="width:9.5rem"><col style="width:11.5rem"></colgroup>'
        '<thead><tr><th><span class="cb-hidden">Place</span></th><th>Goal</th><th>Residents’ key</th><th>Share</th><th>Votes</th>'
        "<th>Officers’ key</th><th>Outcome</th></tr></thead>"
    )
    residents, officers = snapshot.turnout[Electorate.RESIDENTS], snapshot.turnout[Electorate.OFFICERS]
    foot = (
        f'<footer class="lv-foot"><p class="lv-rule">{escape(shown.rule_sentence)} Choose any number: shares do not add up '
        f"to 100.</p>{_done(residents, 'residents voted')}{_done(officers, 'officers voted')}</footer>"
    )
    return f'<div class="lv-body"><table class="lv-result{many}">{head}<tbody>{rows}</tbody></table></div>{foot}'


def _result_row(snapshot: LiveSnapshot, line: LiveLine) -> str:
    outcome, shown = line.outcome, snapshot.round
    if outcome is None or shown is None:
        return ""
    kind, sign, word, detail = _ending(outcome, adopts=snapshot.tally is not None and snapshot.tally.adopts)
    share = outcome.residents_approval or Fraction(0)
    grey = "" if outcome.residents_key else "background:#76869C;"
    track = (
        f'<div class="lv-track"><i class="lv-fill" style="{grey}--from:{float(share) * 100:.1f}%;--to:{float(share) * 100:.1f}%"></i>'
        f'<i class="lv-mark" style="--at:{float(shown.residents_threshold) * 100:.1f}%"></i></div>'
    )
    officers = "Turned" if outcome.officers_key else "Not turned"
    if outcome.officers_approval is not None and shown.officers_figures is SideFigures.OPEN:
        officers = f"{percent(outcome.officers_approval)}"
    return (
        f'<tr class="is-{kind}"><td>{sign}</td><td><span class="goal">{escape(line.candidate.title)}</span></td>'
        f'<td><div class="lv-share">{_key(outcome.residents_key, "")}{track}</div></td>'
        f'<td class="num">{percent(share)}</td><td class="n">{outcome.residents_approvals}</td>'
        f"<td>{_key(outcome.officers_key, officers)}</td>"
        f'<td class="lv-end is-{kind}"><b>{word}</b><span>{detail}</span></td></tr>'
    )


def _ending(outcome: Outcome, *, adopts: bool) -> tuple[str, str, str, str]:
    """Class of the row, its sign, its word, and what stands under the word."""
    if not adopts:
        return "neither", f'<span class="lv-sign">{icon("forum")}</span>', "Advice", "nothing is adopted"
    match outcome.ending:
        case Ending.ADOPTED:
            place = outcome.place or 0
            return "adopted", f'<span class="lv-disc">{place}</span>', "Adopted", _PLACES.get(place, f"place {place}")
        case Ending.OPEN_WITHOUT_PLACE:
            return "open", f'<span class="lv-sign">{icon("hourglass_empty")}</span>', "Open", "no place left this time"
        case Ending.RESIDENTS_ONLY:
            return (
                "contested",
                f'<span class="lv-sign">{icon("forum")}</span>',
                "Contested",
                "residents yes, officers no",
            )
        case Ending.OFFICERS_ONLY:
            return (
                "contested",
                f'<span class="lv-sign">{icon("forum")}</span>',
                "Contested",
                "officers yes, residents no",
            )
        case Ending.NEITHER:
            return "neither", f'<span class="lv-sign">{icon("remove")}</span>', "Not carried", "by neither side"


def _key(is_turned: bool, words: str) -> str:
    said = words or ("Turned" if is_turned else "Not turned")
    text = f"<span>{escape(said)}</span>" if words else f'<span class="cb-hidden">{said}</span>'
    return f'<span class="lv-key{"" if is_turned else " is-not"}"><i aria-hidden="true"></i>{text}</span>'


def _done(turnout: Turnout, words: str) -> str:
    return f'<p class="lv-done"><b>{turnout.cast} of {turnout.issued}</b><span>{words}</span></p>'


def _share(turnout: Turnout) -> Fraction:
    return Fraction(turnout.cast, turnout.issued) if turnout.issued else Fraction(0)


def _clock(instant: datetime, city: CityRow) -> str:
    return instant.astimezone(ZoneInfo(city.time_zone)).strftime("%H:%M:%S")


def _spoken(address: str) -> str:
    """An address as people type it: without the scheme."""
    return address.split("://", 1)[-1]


def _number(count: int) -> str:
    return {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}.get(count, str(count))

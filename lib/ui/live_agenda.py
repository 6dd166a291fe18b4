"""The agenda on the live display: the present step with what is left of its time, what it is about, what comes next."""

from datetime import datetime, timedelta
from html import escape

from lib.queries.live import LiveSnapshot
from lib.queries.meetings import AgendaRow
from lib.queries.step_matter import StepMatter
from lib.rules.console import time_box
from lib.rules.text import clipped, counted
from lib.ui.live_marks import Drawing, clock_of, qr_image, spoken, width
from lib.ui.parts import icon

COMING = 4
"""Steps that stand beside the present one."""

AT_ONCE = 9
"""Steps that fit before the first has begun."""

MATTERS = 4
"""Things that one step is about, on the screen at once; where there are more, the last place says how many."""

_BESIDE = 52
"""Characters of a step's title beside the present one."""

_LINE, _ONLY_LINE = 110, 190
"""Characters of one line of what a step is about, beside others and alone."""


def present_step(steps: tuple[AgendaRow, ...]) -> AgendaRow | None:
    """The step that was begun last; None before the first."""
    begun = [step for step in steps if step.started_at is not None]
    return max(begun, key=lambda step: (step.started_at, step.position), default=None)


def agenda_heading(snapshot: LiveSnapshot) -> str:
    """What stands above it: the present step in its own words."""
    step = present_step(snapshot.agenda)
    if step is not None:
        return step.title
    return "What we speak about" if snapshot.agenda else "The agenda"


def agenda_pill(snapshot: LiveSnapshot) -> str:
    """Where the evening stands."""
    step = present_step(snapshot.agenda)
    if step is None:
        return counted(len(snapshot.agenda), "step")
    return f"Step {step.position} of {len(snapshot.agenda)}"


def agenda_html(snapshot: LiveSnapshot, drawing: Drawing) -> str:
    """The present step and what comes next; before the first step, all of them with their times."""
    step = present_step(snapshot.agenda)
    if not snapshot.agenda:
        inside = '<div class="lv-panel"><b>The agenda is being written</b><span>It appears here.</span></div>'
        body = f'<div class="lv-body">{inside}</div>'
    elif step is None or step.started_at is None:
        steps = _list(snapshot.agenda, AT_ONCE, drawing)
        body = f'<div class="lv-body"><section class="lv-coming is-all">{steps}</section></div>'
    else:
        after = tuple(each for each in snapshot.agenda if each.position > step.position and each.started_at is None)
        coming = (
            f"<h2>What comes next</h2>{_list(after, COMING, drawing, longest=_BESIDE)}"
            if after
            else '<h2>What comes next</h2><p class="lv-last">This is the last step. Thank you for coming.</p>'
        )
        matter = matter_html(drawing.matter) if drawing.matter is not None else ""
        alone = "" if matter else ' class="is-alone"'
        body = (
            f'<div class="lv-body lv-agenda"><section{alone}>{_box(step, step.started_at, drawing)}{matter}</section>'
            f'<section class="lv-coming">{coming}</section></div>'
        )
    return f"{body}{_foot(snapshot, drawing)}"


def matter_html(matter: StepMatter) -> str:
    """What the step is about, in large letters. Text of people is escaped."""
    figures = "".join(
        f'<li class="{_tone(words, number)}"><b>{number:,}</b><span>{escape(words)}</span></li>'
        for words, number in matter.figures
    )
    numbers = f'<ul class="figures">{figures}</ul>' if figures else ""
    title = f"<h2>{escape(matter.title)}</h2>" if matter.title else ""
    most = 2 if figures else MATTERS
    shown = matter.lines[: most if figures or len(matter.lines) <= most else most - 1]
    lines = "".join(
        f"<li><p>{escape(clipped(line.text, _LINE if len(shown) > 1 else _ONLY_LINE))}</p>"
        + (f"<span>{escape(line.note)}</span>" if line.note else "")
        + "</li>"
        for line in shown
    )
    rest = len(matter.lines) - len(shown)
    more = f'<li class="more"><span>and {rest} more</span></li>' if rest and not figures else ""
    size = "one" if len(shown) == 1 else "few" if len(shown) <= 2 and not figures else "many"
    said = f'<ul class="lines">{lines}{more}</ul>' if lines else ""
    return f'<div class="lv-matter is-{size}">{numbers}{title}{said}</div>'


def _tone(words: str, number: int) -> str:
    return "is-late" if words == "We didn’t" and number else ""


def _box(step: AgendaRow, began: datetime, drawing: Drawing) -> str:
    """What is left of the time box, in words and as a bar that runs full."""
    passed = drawing.now - began
    whole = timedelta(minutes=step.minutes)
    kind = "is-over" if passed > whole else ""
    ends = clock_of(began + whole, drawing.city)
    return (
        f'<div class="lv-box {kind}"><p><b>{time_box(began, step.minutes, drawing.now)}</b>'
        f"<span>of {step.minutes}, until {ends}</span></p>"
        f'<div class="lv-box-bar" aria-hidden="true"><i style="width:{width(passed / whole)}"></i></div></div>'
    )


def _list(steps: tuple[AgendaRow, ...], most: int, drawing: Drawing, *, longest: int = 76) -> str:
    shown = steps[: most if len(steps) <= most else most - 1]
    rows = "".join(
        f"<li><time>{clock_of(step.starts_at, drawing.city)}</time>"
        f"<span>{_sign(step)}{escape(clipped(step.title, longest))}</span>"
        f"<i>{step.minutes}&nbsp;min</i></li>"
        for step in shown
    )
    rest = len(steps) - len(shown)
    more = f'<li class="more"><span>and {counted(rest, "more step")}</span></li>' if rest else ""
    return f"<ol>{rows}{more}</ol>"


def _sign(step: AgendaRow) -> str:
    return f"{icon('how_to_vote')} " if step.round_id is not None else ""


def _foot(snapshot: LiveSnapshot, drawing: Drawing) -> str:
    home = snapshot.join_address.removesuffix("/join")
    return (
        f'<footer class="lv-foot"><img class="qr" alt="" src="{qr_image(home)}">'
        f'<p class="join"><span>Agenda, minutes and what became of it</span><b>{escape(spoken(home))}</b></p>'
        f'<p class="lv-done"><b>{clock_of(drawing.now, drawing.city)}</b>'
        f"<span>we end at {clock_of(snapshot.meeting.ends_at, drawing.city)}</span></p></footer>"
    )

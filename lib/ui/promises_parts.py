"""Who does what, and what happened: commitments with who countersigned them, and the goal's timeline."""

from collections.abc import Sequence
from datetime import date
from html import escape
from zoneinfo import ZoneInfo

from lib.queries.goal_story import CommitmentRow, GoalStory
from lib.queries.goal_voices import GoalVoices
from lib.rules.lifecycle import CommitmentState, Party
from lib.rules.months import day_in_words
from lib.rules.text import counted
from lib.ui.evidence_parts import evidence_list
from lib.ui.goals_parts import Look, local_day
from lib.ui.parts import icon

_COMMITMENT_LOOKS: dict[CommitmentState, Look] = {
    CommitmentState.OFFERED: Look("info", "Offered, not yet accepted", "pending"),
    CommitmentState.ACCEPTED: Look("quiet", "Open", "radio_button_unchecked"),
    CommitmentState.UNACCEPTED: Look("warn", "Waits for a new officer", "person_search"),
    CommitmentState.KEPT: Look("open", "Kept", "check_circle"),
    CommitmentState.BROKEN: Look("closed", "Broken", "cancel"),
    CommitmentState.RELEASED: Look("quiet", "Released", "undo"),
}

_TOLD_WITH_NAMES = frozenset({"offered", "accepted", "countersigned", "argued"})
"""Events that the commitments and arguments themselves tell better."""

EVENTS_SHOWN = 6


def side_heading(story: GoalStory, party: Party) -> str:
    """A side's name with what it kept."""
    record = story.card.promises[party]
    name = {Party.RESIDENTS: "Residents", Party.OFFICERS: "Officers", Party.PARTNER: "Partners"}[party]
    others = {Party.RESIDENTS: "officers", Party.OFFICERS: "residents", Party.PARTNER: "both sides"}[party]
    kept = f"<b>{record.kept} of {record.promised} kept</b>, countersigned by {others}" if record.promised else ""
    return f'<div class="cb-side"><h2>{name}</h2><p>{kept}</p></div>'


def commitment_list(commitments: Sequence[CommitmentRow], voices: GoalVoices, *, today: date, zone: str) -> str:
    """Who does what by when, who countersigned it, and what shows that it was done."""
    if not commitments:
        return '<p class="cb-none">Nobody has offered anything yet.</p>'
    return f'<ul class="cb-promised">{"".join(_commitment(each, voices, today, zone) for each in commitments)}</ul>'


def timeline(story: GoalStory, zone: str) -> str:
    """What happened, the latest first; the oldest folded away."""
    told = [
        *((event.happened_at, event.sentence) for event in story.events if event.kind not in _TOLD_WITH_NAMES),
        *(
            (signed.signed_at, f"Countersigned as {signed.verdict.value} by {signed.side.value}: {each.deliverable}")
            for each in story.commitments
            for signed in each.signatures
        ),
    ]
    items = [
        f"<li><time>{at.astimezone(ZoneInfo(zone)):%-d %b %Y}</time> <span>{escape(words)}</span></li>"
        for at, words in sorted(told, reverse=True)
    ]
    shown, older = items[:EVENTS_SHOWN], items[EVENTS_SHOWN:]
    rest = (
        f"<details><summary>{counted(len(older), 'earlier event')}</summary>"
        f'<ol class="cb-time">{"".join(older)}</ol></details>'
        if older
        else ""
    )
    return f'<ol class="cb-time">{"".join(shown)}</ol>{rest}'


def coming_steps(steps: Sequence[tuple[date, str]]) -> str:
    """What is next, the soonest first."""
    if not steps:
        return '<p class="cb-none">Nothing is dated yet.</p>'
    return (
        '<ol class="cb-time is-coming">'
        + "".join(f"<li><time>{day:%-d %b %Y}</time> <span>{escape(words)}</span></li>" for day, words in sorted(steps))
        + "</ol>"
    )


def _commitment(row: CommitmentRow, voices: GoalVoices, today: date, zone: str) -> str:
    overdue = row.days_overdue(today)
    look = Look("closed", "Overdue", "schedule") if overdue else _COMMITMENT_LOOKS[row.state]
    is_named = not row.partner or row.partner in row.owner
    owner = row.owner if is_named else f"{row.owner} ({row.partner})"
    means = f'<p class="means">Done means: {escape(row.done_means)}</p>' if row.done_means else ""
    notes = [escape(f"by {counted(overdue, 'day')}")] if overdue else []
    if row.state is CommitmentState.UNACCEPTED:
        left = f"{row.answers} left" if row.answers else "The officer left"
        notes.append(escape(f"{left}. An officer of the beat takes it on here."))
    notes += [
        escape(
            f"{'' if signed.verdict is row.state else f'{signed.verdict.value}, '}countersigned "
            f"{day_in_words(local_day(signed.signed_at, zone))} by {signed.signed_by}, {signed.side.value}"
        )
        + (f". “{escape(signed.note)}”" if signed.note else "")
        for signed in row.signatures
    ]
    if row.released_reason:
        notes.append(f"“{escape(row.released_reason)}”")
    return (
        f"<li><div><b>{escape(row.deliverable)}</b><p>{escape(owner)} · due {day_in_words(row.due_on)}</p>"
        f"{_answers(row)}{means}{evidence_list(voices.of_commitment(row.id), zone)}</div>"
        f'<div class="state is-{look.kind}">{icon(look.glyph)}<div><b>{look.words}</b>'
        + "".join(f"<p>{note}</p>" for note in notes)
        + "</div></div></li>"
    )


def _answers(row: CommitmentRow) -> str:
    """The officer who answers for it, where somebody does and the owner's line does not say so already."""
    if not row.answers or row.state is CommitmentState.UNACCEPTED or row.answers in row.owner:
        return ""
    return f'<p class="means">{escape(row.answers)} answers for it</p>'

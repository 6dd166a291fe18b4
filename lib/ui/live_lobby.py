"""The live display when no vote is on it: the lobby, the cover, and what the room takes home."""

from html import escape

from lib.queries.live import LiveSnapshot
from lib.queries.meetings import AgendaRow
from lib.rules.lifecycle import MeetingState, RoundState
from lib.rules.text import counted
from lib.ui.live_marks import Drawing, clock_of, day_of, qr_image, spoken
from lib.ui.parts import icon

SHOWN_ADOPTED = 8
COVER_HEADING, OVER_HEADING = "One moment, please", "Thank you for tonight"


def lobby_html(snapshot: LiveSnapshot, drawing: Drawing) -> str:
    """How to join: a code to scan from afar, and the same in words; for those without a phone too."""
    address = escape(spoken(snapshot.join_address))
    steps = []
    if snapshot.meeting.wifi:
        steps.append(f"Join the Wi-Fi <b>{escape(snapshot.meeting.wifi)}</b>")
    letters = max(len(spoken(snapshot.join_address)), 12)
    steps.append(
        "Scan the code on your slip<small>or scan this one, or open</small>"
        f'<b class="address" style="--letters:{letters}">{address}</b>'
    )
    steps.append("Choose any number of goals. Your vote is secret.")
    items = "".join(f"<li><span>{step}</span></li>" for step in steps)
    items += f'<li class="paper">{icon("draft")}<span>No phone? Paper at the table.</span></li>'
    return (
        f'<div class="lv-lobby"><div class="qr"><img alt="Code that opens {address}" '
        f'src="{qr_image(snapshot.join_address)}"></div><div class="how"><ol>{items}</ol>{_in_spanish(drawing)}</div>'
        f'</div><p class="lv-ready">{_ready(snapshot, drawing)}</p>'
    )


def cover_html(snapshot: LiveSnapshot) -> str:
    """What hides the display for a moment; nothing of the vote can be seen through it."""
    return (
        f'<div class="lv-cover"><p>{escape(snapshot.meeting.title)}</p><h1>{COVER_HEADING}</h1>'
        f"<p>{escape(f'Beat {snapshot.meeting.beat_labels}')}</p></div>"
    )


def over_html(snapshot: LiveSnapshot, drawing: Drawing) -> str:
    """What was adopted tonight, and what comes next."""
    evening = drawing.evening
    if evening.adopted:
        shown = evening.adopted[:SHOWN_ADOPTED]
        rows = "".join(
            f'<li><i class="lv-disc">{icon("check")}</i><span>{escape(title)}</span></li>' for title in shown
        )
        more = len(evening.adopted) - len(shown)
        rows += f'<li class="more"><span>and {counted(more, "more goal")}</span></li>' if more else ""
        size = "few" if len(evening.adopted) <= 4 else "some"
        agreed = f'<ul class="lv-agreed {size}">{rows}</ul>'
    else:
        agreed = (
            '<div class="lv-panel"><b>No goal was adopted tonight</b><span>The concerns stay on the list.</span></div>'
        )
    home = snapshot.join_address.removesuffix("/join")
    next_steps = "".join(f"<li>{step}</li>" for step in _next_steps(drawing))
    return (
        f'<div class="lv-body lv-over"><section><h2>Adopted tonight by both sides</h2>{agreed}</section>'
        f"<section><h2>What comes next</h2><ul>{next_steps}</ul></section></div>"
        f'<footer class="lv-foot"><img class="qr" alt="" src="{qr_image(home)}">'
        f'<p class="join"><span>Follow what becomes of it</span><b>{escape(spoken(home))}</b></p>'
        f'<p class="lv-done"><b>Thank you</b><span>for deciding together</span></p></footer>'
    )


def lobby_heading(snapshot: LiveSnapshot) -> str:
    """What stands above the lobby."""
    if snapshot.meeting.state is MeetingState.PLANNED:
        return "We meet soon"
    return "Welcome. Get ready to vote"


def lobby_pill(snapshot: LiveSnapshot, drawing: Drawing) -> str:
    """The lobby's state in a word."""
    if snapshot.meeting.state is MeetingState.PLANNED:
        return f"Begins at {clock_of(snapshot.meeting.starts_at, drawing.city)}"
    return "Welcome" if snapshot.round is None else "Next vote soon"


def _ready(snapshot: LiveSnapshot, drawing: Drawing) -> str:
    if snapshot.meeting.state is MeetingState.PLANNED:
        day = day_of(snapshot.meeting.starts_at, drawing.city)
        place = f" · {escape(snapshot.meeting.place)}" if snapshot.meeting.place else ""
        return f"<b>{escape(day)}</b>{place}"
    coming = _coming_vote(snapshot)
    if coming is None:
        return escape(snapshot.meeting.place)
    which = "First vote" if snapshot.round is None else "Next vote"
    return f"{which} on the agenda: <b>{escape(coming.title)}</b>"


def _coming_vote(snapshot: LiveSnapshot) -> AgendaRow | None:
    waiting = (RoundState.DRAFT, None)
    steps = [step for step in snapshot.agenda if step.round_id is not None and step.round_state in waiting]
    return steps[0] if steps else None


def _in_spanish(drawing: Drawing) -> str:
    """How to join, once more, where the city speaks Spanish too."""
    if not any(language.split("-")[0] == "es" for language in drawing.city.languages):
        return ""
    return (
        '<p class="other" lang="es">Escanee el código de su papeleta o abra la dirección. '
        "Su voto es secreto. ¿Sin teléfono? Papel en la mesa.</p>"
    )


def _next_steps(drawing: Drawing) -> list[str]:
    steps = []
    if drawing.evening.adopted:
        steps.append("Residents and officers say what each will do, and by when.")
        steps.append("Each goal has a measure: everybody can see whether it was met.")
    if drawing.evening.contested:
        goals = counted(drawing.evening.contested, "contested goal gets", "contested goals get")
        steps.append(f"{goals} a written answer, then a second vote.")
    coming = drawing.evening.next_meeting
    if coming is not None:
        day = f"{day_of(coming.starts_at, drawing.city)}, {clock_of(coming.starts_at, drawing.city)}"
        steps.append(f"We meet again on <b>{escape(day)}</b>.")
    else:
        steps.append("The minutes appear with the meeting, for everybody.")
    return steps

"""What shows that a commitment was kept, below it: texts, links, photos; and what was taken back, with the reason."""

from collections.abc import Sequence
from html import escape

from lib.queries.goal_voices import EvidenceRow
from lib.rules.goals import EvidenceKind
from lib.rules.hosts import shown_host
from lib.rules.months import day_in_words
from lib.rules.text import counted
from lib.ui.goals_parts import local_day
from lib.ui.parts import icon

_GLYPHS = {EvidenceKind.TEXT: "notes", EvidenceKind.LINK: "link", EvidenceKind.PHOTO: "photo_camera"}


def evidence_list(shown: Sequence[EvidenceRow], zone: str) -> str:
    """Folded under one line, so that the list of commitments stays one glance; "" without any."""
    if not shown:
        return ""
    items = "".join(_item(row, zone) for row in shown)
    standing = sum(not row.withdrawn_reason for row in shown)
    summary = counted(standing, "piece of evidence", "pieces of evidence") if standing else "Evidence taken back"
    return f'<details class="cb-shown"><summary>{summary}</summary><ul>{items}</ul></details>'


def _item(row: EvidenceRow, zone: str) -> str:
    who = f"{row.by}, {day_in_words(local_day(row.added_at, zone))}"
    if row.withdrawn_reason:
        gone = f"Taken back: “{row.withdrawn_reason}” (was shown by {who})"
        return f'<li>{icon("undo")}<p class="gone">{escape(gone)}</p></li>'
    told = escape(row.text)
    if row.kind is EvidenceKind.LINK:
        told = f'<a href="{escape(row.link)}" rel="noopener noreferrer nofollow" target="_blank">{told}</a>'
        told += f" <small>({escape(_host(row.link))})</small>"
    photo = (
        f'<img src="/evidence/{row.uuid}.jpg" alt="{escape(row.text)}" loading="lazy">'
        if row.kind is EvidenceKind.PHOTO
        else ""
    )
    return f"<li>{icon(_GLYPHS[row.kind])}<div>{photo}<p>{told}</p><p>{escape(who)}</p></div></li>"


def _host(link: str) -> str:
    """Where a link leads, whatever its text says."""
    try:
        return shown_host(link)
    except ValueError:
        return link

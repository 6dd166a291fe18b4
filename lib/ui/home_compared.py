"""Every beat beside the others on Home, by code and never by merit."""

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from lib.queries.comparison import BeatCompared
from lib.rules.commitments import PromiseRecord
from lib.rules.pulse import PulseShare
from lib.rules.pulse_words import figure_words, interval_words
from lib.rules.text import counted
from lib.ui.parts import Column, Markup, meta, table


def compared_table(compared: Sequence[BeatCompared]) -> str:
    """Every beat by code, as a table whose names lead to the beat. No order by merit: places differ too much."""
    columns = [
        Column("Beat"),
        Column("Under way", True),
        Column("Achieved", True),
        Column("Not achieved", True),
        Column("With\u00addrawn", True),
        Column("Residents kept", True),
        Column("Officers kept", True),
        Column("Overdue", True),
        Column("Open concerns", True),
        Column("Feel safe after dark"),
    ]
    rows = [
        (
            Markup(f'<a href="/?beat={quote(row.beat.code)}">{escape(row.beat.label)}</a>'),
            row.agreed,
            row.achieved,
            row.not_achieved,
            row.withdrawn,
            _kept(row.residents),
            _kept(row.officers),
            row.overdue,
            row.open_concerns,
            _felt(row.feels_safe),
        )
        for row in compared
    ]
    compared_beats = table("Beats by code. Not a ranking: places differ too much for that.", columns, rows)
    how = (
        "Goals under way are agreed and have not ended; withdrawn ones were agreed before. "
        "Kept: of the commitments due."
    )
    return f'{meta(how)}<div class="cb-compared">{compared_beats}</div>'


def _kept(record: PromiseRecord) -> str | None:
    return f"{record.kept} of {record.due}" if record.due else None


def _felt(share: PulseShare | None) -> Markup | None:
    """The share never without how many answered, whom they stand for and how far chance reaches."""
    if share is None:
        return None
    if share.interval is None:
        return Markup(f"{figure_words(share)}<small>{counted(share.n, 'answer')}</small>")
    who = "volunteers, by chance" if share.volunteers else "likely"
    said = f"{counted(share.n, 'answer')}, {who} {interval_words(share)}"
    return Markup(f"{escape(figure_words(share))}<small>{escape(said)}</small>")

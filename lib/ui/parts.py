"""Building blocks of the Streamlit pages. All text is escaped here, in one place; callers pass plain values.

`st.html` is given our own markup only; whatever people typed goes through `escape`. Streamlit's sanitiser removes
inline SVG, so icons are CSS masks on `/assets/icons/…` or ligatures of the symbol font that Streamlit ships.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

_MARKDOWN = frozenset("\\`*_{}[]<>()#+-.!|~$:=&^")
_SHORT_CODE = re.compile(":(?=material/|streamlit:)")
"""Streamlit reads these even after a backslash; an invisible sign between keeps them text."""

_ADDRESS = re.compile(r"(?:https?|mailto|xmpp)(?=:)|www(?=\.)|(?=@)", re.IGNORECASE)
"""What Streamlit's Markdown makes a link of by itself, also where every sign of it is escaped (GitHub's extended
autolinks, looked for in the finished text); the same invisible sign behind it keeps it text."""

_NAME = re.compile(r"[a-z0-9_]{1,40}")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")

Kind = Literal["quiet", "open", "closed", "warn", "info", "violet"]
Cell = str | int | None


@dataclass(frozen=True)
class Markup:
    """Markup of ours that is already escaped, so that it can stand in a table cell."""

    html: str


@dataclass(frozen=True)
class Column:
    """A table column: its heading, and whether it holds numbers."""

    heading: str
    is_number: bool = False


def plain(text: str) -> str:
    r"""Text for a Streamlit heading or label: every Markdown sign escaped, white space as single spaces, no web or mail
    address a link.

    >>> print(plain("**Stop** & <b>go</b>:\n- 2 $"))
    \*\*Stop\*\* \& \<b\>go\</b\>\: \- 2 \$
    """
    text = _SHORT_CODE.sub(":\u2060", " ".join(text.split()))
    text = _ADDRESS.sub(lambda found: f"{found[0]}\u2060", text)
    return "".join(f"\\{sign}" if sign in _MARKDOWN else sign for sign in text)


def icon(name: str) -> str:
    """A glyph of the symbol font by its ligature; hidden from screen readers, so say the same in words beside it."""
    return f'<span class="cb-icon" aria-hidden="true">{escape(name)}</span>'


def pill(kind: Kind, text: str, glyph: str = "") -> str:
    """A state in words, coloured, with an optional glyph."""
    sign = icon(glyph) if glyph else ""
    return f'<span class="cb-pill is-{kind}">{sign}{escape(text)}</span>'


def disc(number: int, kind: Kind = "quiet") -> str:
    """A numbered disc; the same number stands on the map."""
    return f'<span class="cb-disc is-{kind}">{number}</span>'


def category_tile(key: str, colour: str) -> str:
    """The category's coloured tile with its glyph (a file in `/assets/icons`); its name has to stand beside it."""
    glyph = key if _NAME.fullmatch(key) else "other"
    tint = colour if _COLOUR.fullmatch(colour) else "#46566E"
    return (
        f'<span class="cb-tile" aria-hidden="true" style="--tile:{tint};--glyph:url(/assets/icons/{glyph}.svg)">'
        "<i></i></span>"
    )


def named_category(key: str, colour: str, name: str) -> Markup:
    """The category's tile with its name, for a table cell or a line."""
    return Markup(f'<span class="cb-named">{category_tile(key, colour)}<span>{escape(name)}</span></span>')


def bar(share: Fraction | float, colour: str = "", mark: Fraction | float | None = None) -> str:
    """A bar of a share (0–1), with an optional threshold line. The figure has to stand beside it as text."""
    tint = f"--bar:{colour};" if _COLOUR.fullmatch(colour) else ""
    line = "" if mark is None else f'<b style="--at:{_percent(mark)}"></b>'
    return f'<div class="cb-track" aria-hidden="true" style="{tint}--to:{_percent(share)}"><i></i>{line}</div>'


def key(is_turned: bool, side: str, words: str) -> str:
    """One side's key with what it means in words, as a list item of `keys_row`."""
    turned = "" if is_turned else " is-not"
    return f'<li><i class="cb-key{turned}" aria-hidden="true"></i>{escape(side)} <b>{escape(words)}</b></li>'


def keys_row(residents: tuple[bool, str], officers: tuple[bool, str]) -> str:
    """Both keys of a goal: whether each turned, and what to say of it ("61 %", "agreed")."""
    both = key(residents[0], "Residents", residents[1]) + key(officers[0], "Officers", officers[1])
    return f'<ul class="cb-keys">{both}</ul>'


def table(
    caption: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell | Markup]],
    *,
    total: Sequence[Cell | Markup] | None = None,
    chosen: int | None = None,
    hide_caption: bool = False,
) -> str:
    """A real HTML table whose first column names the row; `total` is a last row in bold, `chosen` a marked row.

    Where it is wider than its place it scrolls sideways, by keyboard too.
    """
    head = "".join(
        f'<th scope="col"{_number(column)}>{escape(column.heading)}</th>' if column.heading else "<td></td>"
        for column in columns
    )
    body = "".join(_row(columns, row, "is-chosen" if at == chosen else "") for at, row in enumerate(rows))
    last = _row(columns, total, "is-total") if total else ""
    hidden = ' class="cb-hidden"' if hide_caption else ""
    return (
        f'<div class="cb-scroll" role="group" tabindex="0" aria-label="{escape(caption)}">'
        f'<table class="cb-table"><caption{hidden}>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}{last}</tbody></table></div>"
    )


def page_title(title: str, sub: str = "", *, action: tuple[str, str] | None = None, glyph: str = "") -> None:
    """The page's one h1 with its sentence, and at most one main action (label, address) that sticks on a phone.

    The action opens a tab of its own. For a page of ours put a `page_link` into a container keyed `raise_action`.
    """
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(width="stretch", gap=None):
            st.title(plain(title), anchor=False)
            if sub:
                st.html(f'<p class="cb-sub">{escape(sub)}</p>')
        if action is not None:
            with st.container(key="raise_action", width="content"):
                st.link_button(
                    plain(action[0]), action[1], type="primary", icon=f":material/{glyph}:" if glyph else None
                )


def card(name: str, *, height: Literal["stretch", "content"] = "stretch") -> DeltaGenerator:
    """A bordered card; `name` is unique on the page. Cards begin with an h2."""
    return st.container(border=True, key=f"card_{name}", height=height, gap="small")


def empty_state(title: str, sentence: str, *, action: tuple[str, str] | None = None) -> None:
    """What stands where there is nothing yet: what that means, and what to do."""
    st.html(f'<div class="cb-empty"><b>{escape(title)}</b><p>{escape(sentence)}</p></div>')
    if action is not None:
        st.link_button(plain(action[0]), action[1])


def key_figure(figure: str, words: str) -> str:
    """A large figure with what it counts."""
    return f'<p class="cb-big">{escape(figure)} <small>{escape(words)}</small></p>'


def stat_line(words: str, figure: str) -> str:
    """A quiet line with a figure at its end, set off from what stands above."""
    return f'<p class="cb-line"><span>{escape(words)}</span><b>{escape(figure)}</b></p>'


def meta(text: str) -> str:
    """A quiet line: n, window, source."""
    return f'<p class="cb-meta">{escape(text)}</p>'


def steps(names: Sequence[str], present: int) -> str:
    """Where something stands in a row of steps; `present` is the index of the present one."""
    items = "".join(
        f'<li class="{"is-past" if at < present else "is-now" if at == present else ""}"'
        f"{' aria-current=step' if at == present else ''}>{escape(name)}</li>"
        for at, name in enumerate(names)
    )
    return f'<ol class="cb-steps">{items}</ol>'


def _row(columns: Sequence[Column], cells: Sequence[Cell | Markup], marked: str) -> str:
    inside = "".join(
        f'<th scope="row"{_number(column)}>{_cell(cell)}</th>'
        if at == 0
        else f"<td{_number(column)}>{_cell(cell)}</td>"
        for at, (column, cell) in enumerate(zip(columns, cells, strict=True))
    )
    return f'<tr class="{marked}">{inside}</tr>' if marked else f"<tr>{inside}</tr>"


def _cell(cell: Cell | Markup) -> str:
    if isinstance(cell, Markup):
        return cell.html
    return "–" if cell is None else escape(f"{cell:,}" if isinstance(cell, int) else cell)


def _number(column: Column) -> str:
    return ' class="num"' if column.is_number else ""


def _percent(share: Fraction | float) -> str:
    return f"{min(max(float(share), 0.0), 1.0) * 100:.1f}%"

"""A list that is put into order: choose one, move it, take it off. Works with a keyboard and on a phone."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from lib.ui.run_telling import doing, said


def ordering(
    label: str,
    names: Mapping[int, str],
    *,
    key: str,
    reorder: Callable[..., Any],
    order: Callable[[list[int]], Mapping[str, Any]],
    drop: Callable[..., Any] | None = None,
    dropped: Callable[[int], Mapping[str, Any]] | None = None,
) -> None:
    """`names` by id in their present order. `order` gives the arguments of `reorder`, `dropped` those of `drop`."""
    ids = list(names)
    said(key)
    chosen = st.selectbox(label, ids, key=f"{key}_chosen", format_func=lambda number: names.get(number, "–"))
    at = ids.index(chosen) if chosen in ids else 0
    with st.container(horizontal=True, gap="small"):
        for words, glyph, to in (("Earlier", "arrow_upward", at - 1), ("Later", "arrow_downward", at + 1)):
            st.button(
                words,
                icon=f":material/{glyph}:",
                key=f"{key}_{words}",
                disabled=not 0 <= to < len(ids),
                on_click=doing(reorder, arguments=order(_moved(ids, at, to)), place=key),
            )
        if drop is not None and dropped is not None:
            st.button(
                "Take off",
                icon=":material/delete:",
                key=f"{key}_drop",
                on_click=doing(drop, arguments=dropped(chosen), done="Taken off.", place=key),
            )


def _moved(ids: Sequence[int], at: int, to: int) -> list[int]:
    """The ids with the one at `at` moved to `to`.

    >>> _moved([1, 2, 3], 2, 1)
    [1, 3, 2]
    """
    rest = [number for place, number in enumerate(ids) if place != at]
    return [*rest[: max(to, 0)], ids[at], *rest[max(to, 0) :]] if ids else []

"""Parts that the pages for people who sign in share."""

from html import escape


def wide(table: str, label: str, rem: int = 46) -> str:
    """A table with more columns than a phone has room for: it keeps its width there and is swiped sideways.

    The region can be reached and scrolled by keyboard; `label` names it for screen readers.
    """
    return (
        f'<div role="region" tabindex="0" aria-label="{escape(label)}" style="overflow-x:auto">'
        f'<div style="min-width:{rem}rem">{table}</div></div>'
    )

"""The categories' icons as shapes that a template draws inside its page, so that they cost no request of their own."""

import re
from functools import lru_cache

from lib.web.rendering import ASSETS

Shape = tuple[str, tuple[tuple[str, str], ...]]


@lru_cache(maxsize=64)
def icon_shapes(name: str) -> tuple[Shape, ...]:
    """The shapes of an icon as (element, attributes); empty for a name that there is no icon for."""
    file = ASSETS / "icons" / f"{name}.svg"
    if not re.fullmatch(r"[a-z_]{1,40}", name) or not file.exists():
        return ()
    shapes = re.findall(r"<(path|rect|circle)\s([^>]*)/>", file.read_text(encoding="utf-8"))
    return tuple((element, tuple(re.findall(r'([a-z]+)="([^"]*)"', attributes))) for element, attributes in shapes)

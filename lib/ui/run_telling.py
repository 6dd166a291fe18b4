"""What the last click on the console led to. The console reads itself anew every two seconds, so a sentence stays for
a while instead of being shown once."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

import streamlit as st

from lib import clock
from lib.errors import Conflict, Explained
from lib.ui.acting import OUR_FAULT, acting
from lib.ui.parts import plain

SUCCESS_STAYS = timedelta(seconds=10)
ERROR_STAYS = timedelta(seconds=45)

NEXT_STEP = "next"
"""The place that every next step shows, whichever it is."""

Kind = Literal["error", "success"]


def doing(
    intention: Callable[..., Any],
    *,
    arguments: Mapping[str, Any] | Callable[[], Mapping[str, Any]] | None = None,
    done: str = "",
    place: str = NEXT_STEP,
    failed: str = "",
    overtaken: str = "",
    after: Callable[[Any], None] | None = None,
) -> Callable[[], None]:
    """As `acting`, for a part of the page that reads itself anew: `said(place)` tells what came of it.

    `failed`: another place for what went wrong, for instance beside the field. `overtaken`: another one for a
    Conflict, where the form is gone with the step that somebody else has done meanwhile.
    """

    def noted() -> None:
        for told_at in (place, failed, overtaken):
            st.session_state.pop(_slot(told_at), None)
        try:
            answer = intention(**(arguments() if callable(arguments) else (arguments or {})))
            if after is not None:
                after(answer)
        except Conflict as problem:
            say(problem.sentence, kind="error", place=overtaken or failed or place)
            raise
        except Explained as problem:
            say(problem.sentence, kind="error", place=failed or place)
            raise
        except Exception:
            say(OUR_FAULT, kind="error", place=failed or place)
            raise
        if done:
            say(done, place=place)

    return acting(noted, key="run")


def say(sentence: str, *, kind: Kind = "success", place: str = NEXT_STEP) -> None:
    """Keep a sentence for `said`."""
    st.session_state[_slot(place)] = (kind, sentence, clock.now())


def said(place: str = NEXT_STEP) -> None:
    """Show what was said last at this place, while it is fresh."""
    kind, sentence, at = st.session_state.get(_slot(place), ("", "", None))
    if not sentence or not _is_fresh(kind, at):
        return
    if kind == "error":
        st.error(plain(sentence), icon=":material/error:")
    else:
        st.success(plain(sentence), icon=":material/check_circle:")


def _is_fresh(kind: str, at: datetime) -> bool:
    return clock.now() - at < (ERROR_STAYS if kind == "error" else SUCCESS_STAYS)


def _slot(place: str) -> str:
    return f"said:{place}"

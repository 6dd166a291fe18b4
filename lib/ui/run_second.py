"""The second person: chooses their name on the same screen and types their own PIN.

The PIN travels with the form that uses it and is taken out of the session in the same moment.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import streamlit as st

from lib.queries.people import PossibleWitness, possible_witnesses
from lib.rules.lifecycle import Side
from lib.rules.rights import Actor
from lib.services.witnesses import Witness
from lib.ui.parts import plain
from lib.ui.run_telling import NEXT_STEP, doing, said

NOBODY = (
    "Nobody else has a PIN yet, and this needs two people. The second person signs in once on their own phone and "
    "chooses one under “Your PIN” on this page; or the coordinator types: python -m lib person pin ADDRESS."
)
_CHOSEN = "second_chosen"


def second_form(
    label: str,
    intention: Callable[..., Any],
    *,
    person: Actor,
    key: str,
    arguments: Mapping[str, Any] | Callable[[], Mapping[str, Any]],
    done: str = "",
    after: Callable[[Any], None] | None = None,
    before: Callable[[], object] | None = None,
    disabled: bool = False,
    is_main: bool = True,
    glyph: str = "lock",
    place: str = NEXT_STEP,
    is_wide: bool = False,
    among: Collection[int] | None = None,
) -> None:
    """A form that tells `intention` with `actor`, `second` and `arguments`; Enter in the PIN field presses its button.

    `before` draws further fields above the second person. `key` is unique on the page and names what is confirmed, so
    that a PIN typed for one step never confirms another. `is_wide`: there is room for name and PIN beside each other.
    `among`: the people whose word counts for this step, where not everybody's does.
    """
    known = tuple(
        # The other side first, then those of neither, then one's own: two of one side see with the same eyes.
        sorted(
            (
                one
                for one in possible_witnesses(beside=person.person_id, side=person.side)
                if among is None or one.person_id in among
            ),
            key=lambda one: (one.side is person.side, one.side is Side.NEITHER),
        )
    )

    def given() -> dict[str, Any]:
        second = _taken(key)
        return {"actor": person, "second": second, **(arguments() if callable(arguments) else arguments)}

    with st.form(f"second_{key}", border=False):
        if before is not None:
            before()
        _fields(person, known, key, is_wide=is_wide)
        said(f"pin_{key}")
        st.form_submit_button(
            label,
            type="primary" if is_main else "secondary",
            width="stretch",
            icon=f":material/{glyph}:",
            disabled=disabled or not known,
            key=f"do_{key}",
            on_click=doing(
                intention,
                arguments=given,
                done=done,
                after=after,
                place=place,
                failed=f"pin_{key}",
                overtaken=place if place == NEXT_STEP else "",
            ),
        )


def _fields(person: Actor, known: tuple[PossibleWitness, ...], key: str, *, is_wide: bool) -> None:
    if not known:
        st.warning(plain(NOBODY), icon=":material/group_add:")
        return
    by_id = {one.person_id: one for one in known}
    remembered = st.session_state.get(_CHOSEN)
    left, right = st.columns(2, gap="small") if is_wide else (st.container(), st.container())
    chosen = left.selectbox(
        "Second person",
        list(by_id),
        index=list(by_id).index(remembered) if remembered in by_id else 0,
        key=f"second_{key}_who",
        format_func=lambda number: _named(by_id[number].name, by_id[number].side),
        help=f"Beside you: {_named(person.name, person.side)}. People of the other side come first.",
    )
    st.session_state[_CHOSEN] = chosen
    right.text_input(
        "Second person’s own PIN",
        key=f"second_{key}_pin",
        type="password",
        max_chars=12,
        autocomplete="off",
        placeholder="typed by the second person",
    )


def _taken(key: str) -> Witness | None:
    """Who confirms, with the PIN as typed; it stays nowhere in the session."""
    pin = st.session_state.get(f"second_{key}_pin") or ""
    st.session_state[f"second_{key}_pin"] = ""
    who = st.session_state.get(f"second_{key}_who")
    return Witness(who, pin) if who is not None else None


def _named(name: str, side: Side) -> str:
    return f"{name}, {'neither side' if side is Side.NEITHER else side.value}"

"""What a code that cannot vote says to whoever holds it: nobody knows it, or its slip was declared void."""

UNKNOWN_CODE = (
    "This code is not known here. Codes have 16 letters and digits; please check it, or ask at the door for a new slip."
)
IS_VOID = "This slip was declared void before the vote. Ask at the door: a void slip cannot vote."


def void_sentence(round_number: int | None) -> str:
    """Why a void slip cannot vote. `round_number`: the round that was running when it was declared void; None before
    any.

    >>> void_sentence(2)[:46]
    'This slip was declared void during round 2; a '
    """
    if round_number is None:
        return IS_VOID
    return (
        f"This slip was declared void during round {round_number}; a ballot it had cast there or later was deleted "
        "and is not counted. Ask at the door: a void slip cannot vote."
    )

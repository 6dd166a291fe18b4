"""The console as its facilitators use it: fields by their labels, buttons by their words."""

from streamlit.testing.v1 import AppTest

from lib.rules.lifecycle import Electorate
from tests.hall import Hall

PIN = "Second person’s own PIN"
SCAN = "Scan the slip, or type its code and press Enter"


def press(app: AppTest, label: str) -> None:
    """Press the first button with this label."""
    next(each for each in app.button if each.label == label).click().run()


def press_together(app: AppTest, label: str, hall: Hall, *, pin: str = "") -> None:
    """The second person chooses their name, types the PIN into the button's own form, and the button is pressed."""
    button = next(each for each in app.button if each.label == label)
    form = button.proto.form_id
    who = next(each for each in app.selectbox if each.label == "Second person" and each.proto.form_id == form)
    who.select(hall.second.person_id)
    next(each for each in app.text_input if each.label == PIN and each.proto.form_id == form).set_value(
        pin or hall.second.pin
    )
    button.click().run()


def is_there(app: AppTest, label: str) -> bool:
    """Whether a button with this label is on the page."""
    return any(each.label == label for each in app.button)


def count_slips(app: AppTest, side: Electorate, *, left: int, spoiled: int = 0, paper_slips: int = 0) -> None:
    """Type what was counted by hand for one side, and keep it."""
    for words, number in (("Slips left", left), ("Slips spoiled", spoiled), ("Paper slips", paper_slips)):
        number_field(app, f"{words}, {side.value}").set_value(number)
    press(app, f"Keep the count of the {side.value}")


def number_field(app: AppTest, label: str):
    """The number field with this label."""
    return next(each for each in app.number_input if each.label == label)


def scan(app: AppTest, code: str) -> None:
    """What a handheld reader types, Enter included."""
    next(each for each in app.text_input if each.label == SCAN).set_value(code).run()


def tick(app: AppTest, *starts: str) -> None:
    """Tick what begins with these words on the form of the present slip, then have it read back."""
    for start in starts:
        next(each for each in app.checkbox if each.label.replace("\\", "").startswith(start)).check()
    press(app, "Read it back")


def said(app: AppTest) -> str:
    """Every sentence about what went well or wrong, or is to be heeded."""
    return "\n".join(each.value for each in (*app.error, *app.warning, *app.success)).replace("\\", "")

"""Sentences on a page that reads itself anew: they stay for a while, and the next click takes them away."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from lib.clock import now


def page() -> None:
    import streamlit as st

    from lib.errors import Conflict
    from lib.ui.run_telling import doing, said

    def refused() -> None:
        raise Conflict("Somebody was **faster**.")

    def broken() -> None:
        raise RuntimeError("secret detail")

    st.button("Works", on_click=doing(lambda: None, done="It is done.", place="here"))
    st.button("Refused", on_click=doing(refused, place="here", failed="field"))
    st.button("Broken", on_click=doing(broken, place="here"))
    st.header("Here")
    said("here")
    st.header("Field")
    said("field")


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(page).run()


def told(app: AppTest) -> list[str]:
    return [each.value.replace("\\", "") for each in (*app.success, *app.error)]


def test_a_sentence_survives_the_next_reading(app: AppTest) -> None:
    app.button[0].click().run()
    app.run()
    assert told(app) == ["It is done."]


def test_a_sentence_goes_when_it_is_old(app: AppTest) -> None:
    app.session_state["said:here"] = ("success", "Long ago.", now() - timedelta(seconds=11))
    assert told(app.run()) == []


def test_a_refusal_stands_at_its_field_as_plain_text(app: AppTest) -> None:
    app.button[1].click().run()
    assert told(app) == ["Somebody was **faster**."]
    assert "\\*\\*faster" in app.error[0].value


def test_what_broke_on_our_side_tells_no_detail(app: AppTest) -> None:
    app.button[2].click().run()
    assert "Something went wrong on our side" in told(app)[0]
    assert "secret" not in told(app)[0]

"""Moderation: words and photos that are not public yet, and one decision about each."""

from pathlib import Path

import streamlit as st

from lib.rules.rights import Right, require_moderator
from lib.ui import moderation_parts
from lib.ui.links import page_link
from lib.ui.parts import page_title
from lib.ui.session import acting_person

require_moderator(acting_person(Right.MODERATE))
st.html(Path(moderation_parts.__file__).with_name("concerns.css"))
page_title("Moderation", "Take out what could harm somebody and leave the rest: every decision is in the public log")
moderation_parts.queue_part()
page_link("What was kept back, for everybody", "withheld")

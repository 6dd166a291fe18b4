"""Admin: what a coordinator looks after."""

import streamlit as st

from lib.rules.rights import Right
from lib.ui.activity_forms import activities_part
from lib.ui.category_parts import categories_part
from lib.ui.city_parts import adults_part, city_part, imports_part
from lib.ui.directory_forms import services_part
from lib.ui.directory_upload import directory_upload_part
from lib.ui.figures_parts import figures_part
from lib.ui.mail_parts import mail_part
from lib.ui.parts import page_title
from lib.ui.people_parts import people_part, postings_part
from lib.ui.pulse_forms import paper_part, plan_part, waves_part
from lib.ui.session import acting_person

acting_person(Right.MANAGE_PEOPLE)
page_title("Admin", "People, postings, the city and its files")

people, postings, city, categories, directory, imports, figures, pulse, mail = st.tabs(
    [
        *("People", "Officers' beats", "City", "Categories", "Help and services"),
        *("Imports", "Figures of beats", "Pulse", "Mail"),
    ],
    key="admin_part",
)
with people:
    st.header("People who sign in", anchor=False)
    people_part()
with postings:
    st.header("Which officer serves which beat", anchor=False)
    postings_part()
with city:
    st.header("The city", anchor=False)
    city_part()
with directory:
    services_part()
    activities_part()
    directory_upload_part()
with categories:
    st.header("What concerns are about", anchor=False)
    categories_part()
with imports:
    st.header("Files that were taken in", anchor=False)
    imports_part()
with figures:
    figures_part()
    st.header("Adults per beat", anchor=False)
    adults_part()
with pulse:
    plan_part()
    paper_part()
    waves_part()
with mail:
    st.header("Mail", anchor=False)
    mail_part()

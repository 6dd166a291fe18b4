"""Part of the coordinator's page: how mails are sent, what waits, what went wrong, and a test mail."""

import streamlit as st

from lib.queries.following import MailCounts, mail_counts
from lib.rules.rights import Right
from lib.rules.text import counted
from lib.services.mail import send_test_mail, write_off_uncertain
from lib.settings import settings
from lib.ui.acting import acting, told
from lib.ui.desk_parts import for_holders
from lib.ui.parts import Column, meta, table
from lib.ui.session import actor

SAFETY = {"starttls": "encrypted (STARTTLS)", "tls": "encrypted (TLS)", "none": "not encrypted"}


@st.fragment
@for_holders(Right.MANAGE_CITY)
def mail_part() -> None:
    """Numbers only: who gets mail, and about what, is shown to nobody."""
    counts = mail_counts()
    st.text(way_out())
    told("mail")
    st.html(mail_table(counts))
    if counts.last_trouble:
        st.html(meta(f"What the mail server said last when it refused a mail: {counts.last_trouble}"))
    with st.container(horizontal=True):
        st.button(
            "Send a test mail to me",
            type="primary",
            on_click=acting(send_test_mail, arguments=_me, done=test_sentence(), key="mail"),
        )
        if counts.sending:
            st.button(
                "I have looked: count the uncertain ones no longer",
                on_click=acting(
                    write_off_uncertain,
                    arguments=_me,
                    done="Done. Those of the last hour stay: they may be under way.",
                    key="mail",
                ),
            )
    st.html(
        meta(
            "Digests are written by a command that a timer runs every day: python -m lib digest. Addresses are kept "
            "encrypted and are shown to nobody."
        )
    )


def way_out() -> str:
    """How mails leave, in one sentence."""
    known = settings()
    if not known.smtp_host:
        return "No mail server is set, so mails are files in data/outbox and reach nobody. Set SMTP_HOST to send them."
    return (
        f"Mails are sent through {known.smtp_host}, port {known.smtp_port}, {SAFETY[known.smtp_tls]}, "
        f"from {known.sender}."
    )


def test_sentence() -> str:
    """What a test mail that went well led to."""
    if settings().smtp_host:
        return "The mail server took it. Look into your mailbox."
    return "A test mail lies in data/outbox."


def mail_table(counts: MailCounts) -> str:
    """The numbers, each with what it means."""
    return table(
        "Mail in numbers",
        [Column("What"), Column("Number", is_number=True), Column("Meaning")],
        [
            ("Readers", counts.readers, "addresses that confirmed and follow something"),
            ("Not confirmed yet", counts.unconfirmed, "erased after 7 days without a yes"),
            ("Waiting", counts.waiting, "sent within seconds, or tried again after a refusal"),
            ("Uncertain", counts.sending, _uncertain(counts.sending)),
            ("Given up", counts.given_up, "refused for good, or five times, in the last 90 days"),
            ("Sent", counts.sent, "handed over in the last 90 days"),
        ],
        hide_caption=True,
    )


def _uncertain(number: int) -> str:
    if not number:
        return "handed over, and the answer was lost: none"
    return f"handed over, and the answer was lost: {counted(number, 'mail')} may or may not have arrived"


def _me() -> dict[str, object]:
    return {"actor": actor()}

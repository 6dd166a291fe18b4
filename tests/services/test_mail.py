"""Mails leave the house at most once, to a real mail server or into the outbox, whatever the server answers."""

import ssl
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Barrier

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from sqlalchemy import select

from lib.errors import Invalid
from lib.model import Mail
from lib.rules.mail import MailKind, MailState
from lib.services.mail import Sent, keep_mail, sealed_mail, send_waiting
from lib.settings import settings
from lib.storage.post import outbox
from lib.storage.transaction import reading, writing
from tests.builders import NOON
from tests.posting import BREAK_OFF, mail_server, posted, text_of

MINUTE = timedelta(minutes=1)


def a_mail(key: str = "k", *, to: str = "maya@example.org", subject: str = "News", text: str = "Hello.\n") -> bool:
    with writing() as db:
        return keep_mail(db, sealed_mail(kind=MailKind.DIGEST, key=key, to=to, subject=subject, text=text, now=NOON))


def kept() -> list[tuple[MailState, bool, int, str]]:
    """(state, whether its text is still kept, attempts, trouble) of each mail, the oldest first."""
    with reading() as db:
        rows = db.scalars(select(Mail).order_by(Mail.id))
        return [(row.state, row.message is not None, row.attempts, row.trouble) for row in rows]


def test_a_mail_reaches_a_real_server_as_it_was_written(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server(monkeypatch) as server:
        with writing() as db:
            assert keep_mail(
                db,
                sealed_mail(
                    kind=MailKind.DIGEST,
                    key="digest:1",
                    to="maya@example.org",
                    subject="Qué pasó con lo que usted contó",
                    text="Sí: la lámpara está arreglada.\n.\nUna línea con un punto.\n",
                    unsubscribe_url="https://beat.example.org/mail/off/abc",
                    now=NOON,
                ),
            )
        assert send_waiting(limit=10, now=NOON) == Sent(1, 0, 0)
        assert send_waiting(limit=10, now=NOON) == Sent(0, 0, 0)
    [mail] = server.taken
    assert server.recipients == ["maya@example.org"]
    assert text_of(mail) == "Sí: la lámpara está arreglada.\n.\nUna línea con un punto.\n"
    local, _at, domain = str(mail["Message-ID"]).strip("<>").partition("@")
    assert (len(local), domain) == (32, "beat.example.org")
    assert {
        name: str(mail[name]) for name in mail if name not in ("Message-ID", "X-Peer", "X-MailFrom", "X-RcptTo")
    } == {
        "From": "Common Beat <common-beat@beat.example.org>",
        "To": "maya@example.org",
        "Subject": "Qué pasó con lo que usted contó",
        "Date": "Mon, 04 May 2026 12:00:00 +0000",
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": "<https://beat.example.org/mail/off/abc>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable",
        "MIME-Version": "1.0",
    }
    assert kept() == [(MailState.SENT, False, 1, "")]


def test_the_same_mail_is_written_once(database: str) -> None:
    assert (a_mail("one"), a_mail("one"), a_mail("two")) == (True, False, True)
    assert len(kept()) == 2


def test_a_mail_goes_back_with_the_change_that_it_tells_of(database: str) -> None:
    with pytest.raises(ZeroDivisionError), writing() as db:
        keep_mail(
            db, sealed_mail(kind=MailKind.DIGEST, key="k", to="maya@example.org", subject="News", text="", now=NOON)
        )
        raise ZeroDivisionError
    assert kept() == []


def test_without_a_server_mails_lie_in_the_outbox_for_its_owner_alone(database: str) -> None:
    a_mail(text="Hello.\n")
    assert send_waiting(limit=10, now=NOON) == Sent(1, 0, 0)
    [file] = outbox().iterdir()
    assert (file.suffix, stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(outbox().stat().st_mode)) == (
        ".eml",
        0o600,
        0o700,
    )
    [mail] = posted()
    assert (mail["To"], text_of(mail)) == ("maya@example.org", "Hello.\n")
    assert kept() == [(MailState.SENT, False, 1, "")]


def test_an_outbox_that_cannot_be_written_to_loses_no_mail(database: str) -> None:
    a_mail()
    settings().data_folder.mkdir(parents=True, exist_ok=True)
    outbox().write_text("a file in its place")
    done = send_waiting(limit=10, now=NOON)
    assert (done.sent, done.failed, "outbox" in done.trouble) == (0, 0, True)
    outbox().unlink()
    assert send_waiting(limit=10, now=NOON + MINUTE) == Sent(1, 0, 0)


@pytest.mark.parametrize("subject", ["News\r\nBcc: everybody@example.org", "News\nX-Evil: 1", "News\r\n\r\nbody\x00"])
def test_no_subject_becomes_a_header(sqlite_database: str, subject: str) -> None:
    a_mail(subject=subject)
    send_waiting(limit=10, now=NOON)
    [mail] = posted()
    assert mail["Bcc"] is None and mail["X-Evil"] is None
    assert str(mail["Subject"]).startswith("News ")
    assert text_of(mail) == "Hello.\n"


@pytest.mark.parametrize(
    "to",
    [
        "",
        "maya",
        "maya@",
        "maya@localhost",
        "maya@example.org, tom@example.org",
        "maya@example.org\r\nBcc: tom@example.org",
        "maya@example.org\n",
        "Maya <maya@example.org>",
        '"maya\r\n"@example.org',
        "mäya@example.org",
        "maya@exa\x00mple.org",
    ],
)
def test_only_one_whole_address_is_written_to(sqlite_database: str, to: str) -> None:
    if to.strip() == "maya@example.org":
        assert a_mail(to=to)
        return
    with pytest.raises(Invalid):
        a_mail(to=to)
    assert kept() == []


def test_a_mail_that_is_refused_for_now_is_tried_again_with_growing_pauses(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_mail()
    with mail_server(monkeypatch) as server:
        server.answers = ["451 4.3.0 maya@example.org: come back later"] * 2
        assert send_waiting(limit=10, now=NOON) == Sent(0, 1, 0)
        assert kept() == [(MailState.WAITING, True, 1, "451 4.3.0 … come back later")]
        assert send_waiting(limit=10, now=NOON + timedelta(seconds=59)) == Sent(0, 0, 0)
        assert send_waiting(limit=10, now=NOON + MINUTE) == Sent(0, 1, 0)
        assert send_waiting(limit=10, now=NOON + 5 * MINUTE) == Sent(0, 0, 0)
        assert send_waiting(limit=10, now=NOON + 11 * MINUTE) == Sent(1, 0, 0)
    assert kept() == [(MailState.SENT, False, 3, "451 4.3.0 … come back later")]
    assert len(server.taken) == 1


def test_a_mail_that_is_refused_five_times_is_given_up(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_mail()
    with mail_server(monkeypatch) as server:
        server.answers = ["451 later"] * 5
        for hours in range(5):
            assert send_waiting(limit=10, now=NOON + timedelta(hours=hours * 7)) == Sent(0, 1, 0)
        assert send_waiting(limit=10, now=NOON + timedelta(days=9)) == Sent(0, 0, 0)
    assert kept() == [(MailState.GIVEN_UP, False, 5, "451 later")]


def test_a_refusal_for_good_ends_one_mail_and_the_others_go_on(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for key, to in (("a", "maya@example.org"), ("b", "gone@example.org"), ("c", "tom@example.org")):
        a_mail(key, to=to)
    with mail_server(monkeypatch) as server:
        server.unknown = {"gone@example.org": "550 5.1.1 <gone@example.org>: no such mailbox"}
        assert send_waiting(limit=10, now=NOON) == Sent(2, 1, 0)
    assert server.recipients == ["maya@example.org", "tom@example.org"]
    assert kept()[1] == (MailState.GIVEN_UP, False, 1, "550 5.1.1 …: no such mailbox")


def test_a_connection_that_breaks_in_the_middle_leaves_a_mail_that_is_never_sent_again(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, to in (("a", "maya@example.org"), ("b", "tom@example.org")):
        a_mail(key, to=to)
    with mail_server(monkeypatch) as server:
        server.answers = [BREAK_OFF]
        assert send_waiting(limit=10, now=NOON) == Sent(1, 0, 1)
        assert send_waiting(limit=10, now=NOON + timedelta(days=9)) == Sent(0, 0, 1)
    assert server.recipients == ["tom@example.org"]
    assert kept()[0] == (MailState.SENDING, True, 0, "")


def test_a_server_that_is_not_there_counts_against_no_mail(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("a", "b"):
        a_mail(key)
    with mail_server(monkeypatch):
        pass
    monkeypatch.setenv("SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("SMTP_PORT", "1")
    settings.cache_clear()
    done = send_waiting(limit=10, now=NOON)
    assert (done.sent, done.failed, done.uncertain, bool(done.trouble)) == (0, 0, 0, True)
    assert kept() == [(MailState.WAITING, True, 0, "")] * 2
    with mail_server(monkeypatch) as server:
        assert send_waiting(limit=10, now=NOON + MINUTE) == Sent(2, 0, 0)
    assert len(server.taken) == 2


def test_a_process_that_dies_while_it_hands_over_leaves_a_mail_that_is_said_and_not_sent_again(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_mail()

    class Death(BaseException):
        pass

    def dies(_post: object, _mail: bytes) -> None:
        raise Death

    with monkeypatch.context() as moment:
        moment.setattr("lib.storage.post.Post.hand_over", dies)
        with pytest.raises(Death):
            send_waiting(limit=10, now=NOON)
    assert send_waiting(limit=10, now=NOON + timedelta(days=1)) == Sent(0, 0, 1)
    assert posted() == []


@pytest.mark.parametrize("way", ["starttls", "tls"])
def test_a_server_is_signed_in_to_behind_tls_that_is_checked(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: str
) -> None:
    certificate = a_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    options = {"tls_context": context, "require_starttls": True} if way == "starttls" else {"ssl_context": context}
    a_mail()
    with mail_server(
        monkeypatch,
        authenticator=lambda *given: (
            AuthResult(success=True) if given[4].password == b"pass" else AuthResult(success=False, handled=False)
        ),
        auth_required=True,
        auth_require_tls=way == "starttls",
        **options,
    ) as server:
        monkeypatch.setenv("SMTP_TLS", way)
        monkeypatch.setenv("SMTP_USER", "beat")
        monkeypatch.setenv("SMTP_PASSWORD", "pass")
        settings.cache_clear()
        unknown = send_waiting(limit=10, now=NOON)
        assert (unknown.sent, "CERTIFICATE_VERIFY_FAILED" in unknown.trouble) == (0, True)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        monkeypatch.setenv("SMTP_PASSWORD", "wrong")
        settings.cache_clear()
        refused = send_waiting(limit=10, now=NOON + MINUTE)
        assert (refused.sent, refused.trouble[:3]) == (0, "535")
        monkeypatch.setenv("SMTP_PASSWORD", "pass")
        settings.cache_clear()
        assert send_waiting(limit=10, now=NOON + 2 * MINUTE) == Sent(1, 0, 0)
    assert server.recipients == ["maya@example.org"]


def a_certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that signs itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - MINUTE)
        .not_valid_after(datetime.now(UTC) + 60 * MINUTE)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        made.public_bytes(Encoding.PEM) + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return file


def test_processes_that_send_at_once_send_each_mail_once(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(24):
        a_mail(f"k{number}", to=f"reader{number}@example.org")
    barrier = Barrier(6, timeout=60)

    def sends(_: int) -> Sent:
        barrier.wait()
        return send_waiting(limit=100, now=NOON)

    with mail_server(monkeypatch) as server, ThreadPoolExecutor(6) as pool:
        runs = list(pool.map(sends, range(6)))
    assert sum(run.sent for run in runs) == 24
    assert sorted(server.recipients) == sorted(f"reader{number}@example.org" for number in range(24))
    assert [state for state, *_ in kept()] == [MailState.SENT] * 24


def test_a_run_sends_no_more_than_it_was_asked_to(sqlite_database: str) -> None:
    for number in range(5):
        a_mail(f"k{number}")
    assert [send_waiting(limit=2, now=NOON).sent for _ in range(3)] == [2, 2, 1]


def test_what_waits_is_not_readable_in_the_database(sqlite_database: str) -> None:
    a_mail(subject="A subject that tells", text="A text that tells.\n")
    content = Path(sqlite_database.removeprefix("sqlite:///")).read_bytes()
    content += Path(sqlite_database.removeprefix("sqlite:///") + "-wal").read_bytes()
    assert not any(word in content for word in (b"maya@example", b"that tells"))

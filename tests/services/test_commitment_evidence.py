"""What shows that something was done: texts, links and photos, each made harmless, and taken back with a reason."""

import struct
import zlib
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from PIL import Image
from sqlalchemy import select
from starlette.testclient import TestClient

from lib.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded
from lib.model import Commitment, CommitmentEvidence, Goal, LogEntry
from lib.queries.goal_voices import EvidenceRow, evidence_photo, goal_voices
from lib.rules.goals import EvidenceKind
from lib.rules.lifecycle import CommitmentState, GoalState, Party, Role, Side
from lib.services.commitment_evidence import MOST_OF_A_COMMITMENT, add_evidence, clean_link, withdraw_evidence
from lib.services.photos import LARGEST_UPLOAD, clean_photo
from lib.storage.transaction import reading, writing
from tests.builders import NOON, a_beat, a_city, a_facilitator, a_goal, a_person, uuid_of

TEXT, LINK, PHOTO = EvidenceKind


def a_picture(width: int = 64, height: int = 48, form: str = "JPEG", **saved: object) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, form, **saved)
    return file.getvalue()


def a_located_picture() -> bytes:
    """A photo lying on its side, as phones store them, with place, camera and a comment."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Invented Camera"
    exif.get_ifd(0x8825)[1] = "N"
    return a_picture(80, 40, exif=exif, comment=b"hidden words", icc_profile=b"hidden profile")


class Beat:
    def __init__(self) -> None:
        a_city()
        self.beat = a_beat()
        self.goal_id = a_goal(self.beat, state=GoalState.ACTIVE)
        self.goal = uuid_of(Goal, self.goal_id)
        self.officer = a_person("Maya Lindqvist", beats=(self.beat,))
        self.resident = a_facilitator("Rosa Delgado")
        with reading() as db:
            self.commitment = db.scalars(
                select(Commitment.id).where(Commitment.goal_id == self.goal_id, Commitment.party == Party.OFFICERS)
            ).one()

    def shown(self, actor: object, kind: EvidenceKind = TEXT, text: str = "Eight walks", **more: object) -> UUID:
        return add_evidence(
            actor=actor,  # type: ignore[arg-type]
            commitment_id=self.commitment,
            kind=kind,
            text=text,
            now=NOON,
            **more,  # type: ignore[arg-type]
        )


def test_text_link_and_photo_stand_with_who_showed_them(database: str) -> None:
    at = Beat()
    text = at.shown(at.officer, link="https://ignored.example", photo=b"ignored")
    link = at.shown(at.resident, LINK, "The shop's log", link=" https://example.org/log?day=4 ")
    photo = at.shown(at.officer, PHOTO, "The new lamp", photo=a_picture())
    rest = {"commitment_id": at.commitment, "added_at": NOON, "withdrawn_reason": ""}
    assert goal_voices(at.goal).of_commitment(at.commitment) == (
        EvidenceRow(uuid=text, kind=TEXT, text="Eight walks", link="", by="Maya Lindqvist", side=Side.OFFICERS, **rest),
        EvidenceRow(
            uuid=link,
            kind=LINK,
            text="The shop's log",
            link="https://example.org/log?day=4",
            by="Rosa Delgado",
            side=Side.RESIDENTS,
            **rest,
        ),
        EvidenceRow(
            uuid=photo, kind=PHOTO, text="The new lamp", link="", by="Maya Lindqvist", side=Side.OFFICERS, **rest
        ),
    )
    with pytest.raises(NotFound):
        evidence_photo(text)


def test_a_photo_keeps_its_pixels_upright_and_nothing_else() -> None:
    kept = clean_photo(a_located_picture())
    opened = Image.open(BytesIO(kept))
    assert (opened.format, opened.size, dict(opened.getexif())) == ("JPEG", (40, 80), {})
    assert [word for word in (b"Invented", b"hidden", b"Exif", b"GPS") if word in kept] == []


@pytest.mark.parametrize(
    ("made", "size"),
    [
        (a_picture(3200, 1000), (1600, 500)),
        (a_picture(900, 2400, "PNG"), (600, 1600)),
        (a_picture(1600, 1600, "WEBP"), (1600, 1600)),
        (a_picture(1, 1, "PNG"), (1, 1)),
    ],
)
def test_a_photo_is_made_small_enough_and_always_a_jpeg(made: bytes, size: tuple[int, int]) -> None:
    opened = Image.open(BytesIO(clean_photo(made)))
    assert (opened.format, opened.mode, opened.size) == ("JPEG", "RGB", size)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16"])
def test_every_kind_of_pixel_is_understood(mode: str) -> None:
    file = BytesIO()
    Image.new(mode, (20, 10)).save(file, "PNG")
    assert Image.open(BytesIO(clean_photo(file.getvalue()))).size == (20, 10)


def a_bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of some kilobytes that would unpack to gigabytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (b"", "Choose a photo first"),
        (b"x" * (LARGEST_UPLOAD + 1), "larger than 5 MB"),
        (b"<svg onload=alert(1)></svg>", "no photo that we can read"),
        (b"GIF89a" + b"\0" * 40, "no photo that we can read"),
        (a_picture(form="BMP"), "no photo that we can read"),
        (a_picture(400, 300)[:200], "no photo that we can read"),
        (a_picture(form="PNG")[:40], "no photo that we can read"),
        (a_bomb(), "too many pixels"),
        (a_bomb(9_000, 9_000), "too many pixels"),
        (a_bomb(15_000, 10_000), "too many pixels"),
        (a_bomb(2_000, 2_000), "no photo that we can read"),
    ],
)
def test_what_is_no_photo_is_refused_with_a_sentence(upload: bytes, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence) as refused:
        clean_photo(upload)
    assert refused.value.field == "photo"


@pytest.mark.parametrize(
    "link",
    [
        "",
        "example.org",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.org",
        "https://",
        "https://user:word@example.org",
        "http://[::1",
        'https://example.org/"onclick=x',
        "https://example.org/a b",
        "https://example.org/" + "a" * 500,
        "https://localhost/x",
        "https://LOCALHOST./x",
        "http://app.localhost:8080",
        "https://intranet/log",
        "https://printer.local",
        "http://127.0.0.1/",
        "http://10.1.2.3/",
        "http://192.168.0.1",
        "http://169.254.169.254/latest",
        "http://2130706433/",
        "http://127.1/",
        "http://0x7f.0.0.0x1/",
        "http://0/",
        "http://[::1]/",
        "http://[fe80::1]/",
        "http://[::ffff:10.0.0.1]/",
        "https://example.org:0/",
        "https://example.org:65536/",
        "https://example.org:abc/",
        "https://exa..mple.org/",
        "https://example.org%2f@10.0.0.1/",
        "https://\N{FULLWIDTH DIGIT ONE}27.0.0.1/",
    ],
)
def test_a_link_that_leads_to_no_web_page_is_refused(link: str) -> None:
    with pytest.raises(Invalid):
        clean_link(link)


@pytest.mark.parametrize(
    "link",
    [
        "https://example.org",
        "http://example.org:8080/a?b#c",
        "https://8.8.8.8/",
        "https://m\N{LATIN SMALL LETTER U WITH DIAERESIS}ller.example/",
    ],
)
def test_a_link_that_everybody_can_follow_is_kept_as_it_is(link: str) -> None:
    assert clean_link(link) == link


def test_who_has_no_say_here_shows_nothing(database: str) -> None:
    at = Beat()
    elsewhere = a_person(beats=(a_beat("K9", west=-122.2),))
    auditor = a_person("Olu", side=Side.NEITHER, roles=(Role.AUDITOR,))
    for wrong in (elsewhere, auditor):
        with pytest.raises(NotAllowed):
            at.shown(wrong)
    with pytest.raises(SignInNeeded):
        at.shown(None)
    with pytest.raises(Invalid, match="What it shows is empty"):
        at.shown(at.officer, PHOTO, " ", photo=a_picture())
    with writing() as db:
        offered = Commitment(
            goal_id=at.goal_id,
            party=Party.OFFICERS,
            owner="x",
            deliverable="y",
            due_on=NOON.date(),
            state=CommitmentState.OFFERED,
            offered_at=NOON,
        )
        db.add(offered)
    for commitment, refusal in ((offered.id, Conflict), (7777, NotFound)):
        with pytest.raises(refusal):
            add_evidence(actor=at.officer, commitment_id=commitment, kind=TEXT, text="x")
    with reading() as db:
        assert db.scalar(select(CommitmentEvidence.id)) is None


def test_it_is_taken_back_with_a_reason_by_its_side_or_a_facilitator(database: str) -> None:
    at = Beat()
    of_resident = at.shown(at.resident)
    photo = at.shown(at.officer, PHOTO, "The new lamp", photo=a_picture())
    colleague = a_person("Sam Okafor", beats=(at.beat,))
    with pytest.raises(NotAllowed, match="Only the side that showed this"):
        withdraw_evidence(actor=at.officer, evidence_uuid=of_resident, reason="Not true")
    with pytest.raises(Invalid, match="Reason is empty"):
        withdraw_evidence(actor=colleague, evidence_uuid=photo, reason="  ")
    withdraw_evidence(actor=colleague, evidence_uuid=photo, reason="It shows a neighbour")
    withdraw_evidence(actor=at.resident, evidence_uuid=of_resident, reason="Written twice")
    told = [(row.kind, row.text, row.withdrawn_reason) for row in goal_voices(at.goal).evidence]
    assert told == [(TEXT, "", "Written twice"), (PHOTO, "", "It shows a neighbour")]
    with reading() as db:
        assert db.scalars(select(CommitmentEvidence.photo)).all() == [None, None]
    with pytest.raises(NotFound):
        evidence_photo(photo)
    with pytest.raises(Conflict, match="already"):
        withdraw_evidence(actor=at.resident, evidence_uuid=photo, reason="Again")
    with pytest.raises(NotFound):
        withdraw_evidence(actor=at.resident, evidence_uuid=uuid4(), reason="x")


def test_there_is_an_end_to_evidence_and_no_words_of_people_in_the_log(database: str) -> None:
    at = Beat()
    shown = [at.shown(at.officer, text=f"Walk {number}") for number in range(MOST_OF_A_COMMITMENT)]
    with pytest.raises(Conflict, match="Take one back first"):
        at.shown(at.officer)
    withdraw_evidence(actor=at.officer, evidence_uuid=shown[0], reason="Counted twice")
    at.shown(at.officer)
    with reading() as db:
        facts = str(db.scalars(select(LogEntry.facts)).all())
    assert "Walk" not in facts
    assert "twice" not in facts


def test_a_photo_is_served_as_a_picture_and_as_nothing_else(database: str) -> None:
    from tests.web.conftest import phone_door

    at = Beat()
    photo = at.shown(at.officer, PHOTO, "The new lamp", photo=a_located_picture())
    with TestClient(phone_door(), raise_server_exceptions=False) as phone:
        answer = phone.get(f"/evidence/{photo}.jpg")
        assert (answer.status_code, answer.content) == (200, evidence_photo(photo))
        assert {name: answer.headers[name] for name in ("content-type", "cache-control", "x-content-type-options")} == {
            "content-type": "image/jpeg",
            "cache-control": "public, max-age=31536000, immutable",
            "x-content-type-options": "nosniff",
        }
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        withdraw_evidence(actor=at.officer, evidence_uuid=photo, reason="Wrong lamp")
        for address in (f"/evidence/{photo}.jpg", f"/evidence/{uuid4()}.jpg", "/evidence/nonsense.jpg"):
            missing = phone.get(address)
            assert (missing.status_code, missing.headers["cache-control"]) == (404, "no-store")

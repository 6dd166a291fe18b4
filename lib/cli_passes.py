"""`python -m lib passes`: slips for a meeting. A code stands in the PDF and nowhere else: on no screen, in no log."""

import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

import typer
from typer.core import TyperGroup

from lib.cli_server import explained
from lib.errors import Conflict, Invalid, NotFound
from lib.rules.ballots import short_hash
from lib.rules.lifecycle import Electorate, RoundState

if TYPE_CHECKING:
    from lib.printing.paper_ballots import PaperRound
    from lib.queries.meetings import MeetingRow
    from lib.services.passes import MintedBatch
    from lib.services.witnesses import Witness

ONLY_HERE = ("localhost", "127.0.0.1", "::1", "0.0.0.0")  # noqa: S104 - compared with, never listened on


class MintByDefault(TyperGroup):
    """`passes MEETING …` is short for `passes mint MEETING …`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        return super().resolve_command(ctx, args if args[0] in self.commands else ["mint", *args])


passes_app = typer.Typer(
    cls=MintByDefault,
    no_args_is_help=True,
    help="The passes of a meeting: print slips, list batches, declare slips void.",
)


class PaperSize(StrEnum):
    A4 = "a4"
    LETTER = "letter"


MeetingName = Annotated[str, typer.Argument(metavar="MEETING", help="The meeting's id from its address, or: next.")]
SecondEmail = Annotated[
    str, typer.Option("--second", help="E-mail address of the second person, who is asked for their own PIN.")
]


@passes_app.command("mint")
def mint(
    meeting: MeetingName,
    *,
    side: Annotated[Electorate, typer.Option(help="Whose passes they are.")],
    number: Annotated[int, typer.Option(help="How many slips.")],
    out: Annotated[Path, typer.Option(help="The PDF to write; a file that exists is never overwritten.")],
    paper: Annotated[PaperSize, typer.Option(help="The printer's paper.")] = PaperSize.A4,
    with_ballot: Annotated[
        list[int] | None, typer.Option("--with-ballot", help="Print this round as a paper ballot; up to three times.")
    ] = None,
    language: Annotated[str, typer.Option(help="Language of the goals on paper ballots.")] = "en",
    address: Annotated[str, typer.Option(help="What the QR codes carry, if not the meeting's own address.")] = "",
    second: SecondEmail = "",
) -> None:
    """Mint a batch of passes for one side and print them as slips, or as paper ballots.

    While a vote of the meeting runs this is a latecomers' batch and needs a second person: --second EMAIL.

    Example: python -m lib passes mint next --side residents --number 200 --paper a4 --out residents.pdf
    """
    from lib.printing.paper import Paper
    from lib.printing.parts import PrintedMeeting
    from lib.printing.slips import slips_pdf, unprintable
    from lib.queries.places import city
    from lib.services.passes import Slip, is_late, mint_passes

    with explained():
        row, place = _meeting(meeting), city()
        witness = _second(second) if is_late(row.id) else None
        rounds = _paper_rounds(row, with_ballot or (), side, language)
        about = PrintedMeeting(
            row.title, row.place, f"Beat {row.beat_labels}", row.starts_at.astimezone(ZoneInfo(place.time_zone))
        )
        drawn = partial(
            slips_pdf,
            side=side,
            meeting=about,
            address=_reachable(address or row.room_address),
            paper=Paper[paper.name],
            city=f"{place.name} (demo)" if place.is_demonstration else place.name,
            rounds=rounds,
        )
        # Whatever cannot be printed is refused before there are passes that nobody could hand out.
        drawn([Slip(1, "0" * 16)], batch=1)
        with _new_file(out) as target:
            batch = mint_passes(
                actor=None, second=witness, meeting_id=row.id, side=side, number=number, from_command_line=True
            )
            with _told_if_lost(batch, row):
                target.write(drawn(batch.slips, batch=batch.number))
                target.flush()
                os.fsync(target.fileno())
    _tell(batch, out)
    texts = (row.title, row.place, row.beat_labels, *(text for each in rounds for text in (each.question, *each.goals)))
    if lost := unprintable(*texts):
        typer.echo(f"Printed as dotted circles, since the fonts have no sign for them: {lost}")
    if rounds:
        typer.echo("Do not change these rounds before they open: the goals and their numbers now stand on paper.")


@passes_app.command("list")
def list_batches(
    meeting: MeetingName = "next", as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False
) -> None:
    """List the batches of a meeting with their numbers, what is void, and the hash over their commitments.

    Example: python -m lib passes list next --json
    """
    from lib.queries.voting import pass_batches

    with explained():
        rows = pass_batches(_meeting(meeting).id)
    if as_json:
        facts = [
            {
                "batch": row.number,
                "side": row.side,
                "kind": row.kind,
                "size": row.size,
                "void": row.void,
                "first": row.first_serial,
                "last": row.last_serial,
                "commitments_hash": row.commitments_hash,
            }
            for row in rows
        ]
        typer.echo(json.dumps(facts))
        return
    for row in rows:
        numbers = f"numbers {row.first_serial} to {row.last_serial}" if row.first_serial else f"{row.kind}, no numbers"
        void = f", {row.void} void" if row.void else ""
        typer.echo(f"Batch {row.number}: {row.size} for {row.side}, {numbers}{void}; hash {row.commitments_hash}")
    if not rows:
        typer.echo(
            "No passes yet. Start with: python -m lib passes mint next --side residents --number 200 --out F.pdf"
        )


@passes_app.command("void")
def void(
    meeting: MeetingName,
    serials: Annotated[list[str], typer.Argument(metavar="NUMBER...", help="Numbers on stubs: 57, or 60-72.")],
    second: SecondEmail = "",
) -> None:
    """Declare slips void by the numbers on their stubs, before a round is opened. Needs a second person.

    Example: python -m lib passes void next 57 60-72 --second noor@example.org
    """
    from lib.services.passes import void_pass

    with explained():
        row, wanted = _meeting(meeting), _numbers(serials)
        witness = _second(second)
        for serial in wanted:
            void_pass(actor=None, second=witness, meeting_id=row.id, serial=serial, from_command_line=True)
            typer.echo(f"Slip {serial} is void.")


def _second(email: str) -> "Witness":
    """Who confirms, with the PIN they type here; it is not shown. Raises Invalid, NotFound."""
    from lib.queries.people import people
    from lib.services.witnesses import Witness

    if not email:
        raise Invalid("This needs two people. Name the second one: --second EMAIL. They type their own PIN.")
    found = next((row for row in people() if row.email == email.strip().lower() and row.is_active), None)
    if found is None:
        raise NotFound(f"Nobody signs in with {email}. See: python -m lib person list")
    return Witness(found.id, typer.prompt(f"PIN of {found.name}", hide_input=True))


def _meeting(name: str) -> "MeetingRow":
    """Raises NotFound."""
    from lib.queries.meetings import meeting, next_meeting
    from lib.storage.schema import migrate

    migrate()
    if name == "next":
        found = next_meeting()
        if found is None:
            raise NotFound("No meeting is planned. Plan one on the page Run.")
        return found
    try:
        return meeting(UUID(name))
    except ValueError as problem:
        raise NotFound(f"{name!r} is no meeting. Give the id from its address, or: next.") from problem


def _paper_rounds(
    row: "MeetingRow", numbers: Sequence[int], side: Electorate, language: str
) -> "tuple[PaperRound, ...]":
    """The rounds with these numbers as they are printed. Raises NotFound, Conflict."""
    from lib.printing.paper_ballots import PaperRound
    from lib.queries.voting import rounds

    known = {each.number: each for each in rounds(row.id, language)} if numbers else {}
    for number in numbers:
        if number not in known:
            raise NotFound(f"This meeting has no round {number}.")
        if known[number].state not in (RoundState.DRAFT, RoundState.OPEN):
            raise Conflict(f"Round {number} is closed: it takes no ballots any more.")
    chosen = (known[number] for number in dict.fromkeys(numbers))
    return tuple(
        PaperRound(
            each.number,
            each.question,
            tuple(candidate.title for candidate in each.candidates),
            has_receipt=each.gives_tracker(side),
        )
        for each in chosen
    )


def _reachable(address: str) -> str:
    """Raises Invalid for an address that a phone cannot open: paper cannot be corrected."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Invalid(f"{address!r} is no address for a QR code. Give it as http://192.168.1.20:8501", field="address")
    if parts.hostname in ONLY_HERE:
        raise Invalid(
            f"No phone can open {address}, and printed slips cannot be changed. Choose the hall's address on the page "
            "Run, set BASE_URL, or give --address http://192.168.1.20:8501",
            field="address",
        )
    return address


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """A new file that only its owner can read; gone again if anything fails. Raises Conflict, Invalid."""
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as problem:
        raise Conflict(f"{path} exists, and slips are never overwritten. Choose another name.") from problem
    except OSError as problem:
        raise Invalid(f"{path} cannot be written: {problem.strerror}.", field="out") from problem
    try:
        with os.fdopen(opened, "wb") as target:
            yield target
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@contextmanager
def _told_if_lost(batch: "MintedBatch", meeting: "MeetingRow") -> Iterator[None]:
    """Passes whose PDF was not written, for whatever reason, must be void, or they count as slips that nobody finds."""
    try:
        yield
    except (Exception, KeyboardInterrupt) as problem:
        raise Conflict(
            f"Batch {batch.number} was minted, but its PDF could not be written ({problem!r}). Declare its slips void: "
            f"python -m lib passes void {meeting.uuid} {batch.slips[0].serial}-{batch.slips[-1].serial} --second EMAIL"
        ) from problem


def _tell(batch: "MintedBatch", out: Path) -> None:
    first, last = batch.slips[0].serial, batch.slips[-1].serial
    typer.echo(
        f"Batch {batch.number}: {len(batch.slips)} passes for {batch.side}, numbers {first} to {last}, in {out}."
    )
    typer.echo(f"Hash over its commitments: {short_hash(batch.commitments_hash)}, in full {batch.commitments_hash}")
    typer.echo("Print it at 100 % and delete the file: whoever has it can vote, and its codes are kept nowhere else.")


def _numbers(texts: Sequence[str]) -> list[int]:
    """Numbers and ranges of numbers, each once. Raises Invalid."""
    found: list[int] = []
    for text in texts:
        match = re.fullmatch(r"(\d{1,6})(?:-(\d{1,6}))?", text)
        if match is None:
            raise Invalid(f"{text!r} is no number on a stub. Give 57, or 60-72.", field="number")
        found += range(int(match[1]), int(match[2] or match[1]) + 1)
    return list(dict.fromkeys(found))

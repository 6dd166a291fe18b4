"""`python -m lib digest`: tell everybody who follows something by mail what became of it, and send what waits."""

import json
from typing import Annotated

import typer

from lib.cli_server import explained
from lib.rules.text import counted

AT_ONCE = 100


def digest(
    days: Annotated[int, typer.Option(help="Nobody gets two digests within so many days.")] = 7,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the mails; write and send nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write a digest to every reader who has news, and send all mails that wait. Run it every day from a timer.

    It may be stopped at any moment and run again: nobody is told twice. Without SMTP_HOST mails are files in
    data/outbox. Exit code 1 if the mail server could not be reached.

    Example: python -m lib digest --days 7
    """
    from lib.queries.following import mail_counts
    from lib.services.digest import preview_digests, write_digests
    from lib.services.mail import Sent, send_waiting, tidy_outbox
    from lib.storage.schema import migrate

    with explained():
        migrate()
        if dry_run:
            letters = preview_digests(days=days)
            if as_json:
                typer.echo(json.dumps([{"subject": letter.subject, "text": letter.text} for letter in letters]))
            else:
                for letter in letters:
                    typer.echo(f"Subject: {letter.subject}\n\n{letter.text}\n{'=' * 72}")
                typer.echo(f"{counted(len(letters), 'digest')} would be written. Nothing was written or sent.")
            return
        written = write_digests(days=days)
        sent = failed = 0
        while True:
            run: Sent = send_waiting(limit=AT_ONCE)
            sent, failed = sent + run.sent, failed + run.failed
            if run.trouble or run.sent + run.failed < AT_ONCE:
                break
        tidy_outbox()
        waiting = mail_counts().waiting
    if as_json:
        facts = {"readers": written.readers, "written": written.written, "sent": sent, "failed": failed}
        typer.echo(json.dumps(facts | {"waiting": waiting, "uncertain": run.uncertain, "trouble": run.trouble}))
    else:
        _tell(written.readers, written.written, sent, failed, waiting, run.uncertain)
    if run.trouble:
        typer.echo(f"The mail server could not be reached, and mails wait: {run.trouble}", err=True)
        raise typer.Exit(1)


def _tell(readers: int, written: int, sent: int, failed: int, waiting: int, uncertain: int) -> None:
    typer.echo(f"{counted(readers, 'reader')} looked at, {counted(written, 'digest')} written.")
    typer.echo(f"{counted(sent, 'mail')} sent.")
    if failed:
        typer.echo(f"{counted(failed, 'mail')} refused by the server: tried again later, or given up.")
    if waiting:
        typer.echo(f"{counted(waiting, 'mail waits', 'mails wait')} to be tried again, by the server or the next run.")
    if uncertain:
        typer.echo(f"{counted(uncertain, 'mail')} may or may not have arrived, and will not be sent again.")

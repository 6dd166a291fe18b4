"""`python -m lib COMMAND`: the command line of one installation. Sub-commands live in `lib/cli_<subject>.py`."""

import typer

from lib.cli_backup import backup, restore
from lib.cli_demo import demo
from lib.cli_digest import digest
from lib.cli_import import import_app
from lib.cli_passes import passes_app
from lib.cli_people import person_app
from lib.cli_recount import recount
from lib.cli_server import database_app, log_app, name_the_city, serve

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Common Beat: residents and officers of one beat set goals together.",
)
app.command("serve")(serve)
app.command("city")(name_the_city)
app.command("demo")(demo)
app.command("recount")(recount)
app.command("digest")(digest)
app.command("backup")(backup)
app.command("restore")(restore)
app.add_typer(import_app, name="import")
app.add_typer(person_app, name="person")
app.add_typer(passes_app, name="passes")
app.add_typer(database_app, name="database")
app.add_typer(log_app, name="log")

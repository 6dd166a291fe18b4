"""`python -m lib log verify`: the chain, how long it is, and what a published result says about that."""

import json

from sqlalchemy import text
from typer.testing import CliRunner

from lib.cli import app
from lib.queries.downloads import round_download
from lib.queries.log import log_state
from lib.storage.transaction import writing
from tests.hall import Hall, a_hall
from tests.published import files_of


def verified() -> dict[str, object]:
    done = CliRunner().invoke(app, ["log", "verify", "--json"])
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.output))


def a_published_vote(hall: Hall) -> dict[str, object]:
    """The link that the published result names."""
    row = hall.opened()
    for voter in range(4):
        hall.votes(row, voter, 0)
    hall.counted(row)
    hall.published(row)
    result = json.loads(files_of(round_download(row.uuid).content)["result.json"])
    return dict(result["log"])


def test_the_published_result_names_the_end_of_the_log(database: str) -> None:
    printed = a_published_vote(a_hall())
    state = log_state()
    assert (state.entries, printed) == (state.linked, {"position": state.linked, "digest": state.last_digest})
    assert verified() == {
        "holds": True,
        "broken_at": None,
        "entries": printed["position"],
        "last_digest": printed["digest"],
    }
    done = CliRunner().invoke(app, ["log", "verify"])
    digest = str(printed["digest"])[:12]
    assert done.output == f"Every link holds.\n{printed['position']} entries, last digest {digest}\n"


def test_a_log_cut_off_at_its_end_is_shorter_than_the_result_says(sqlite_database: str) -> None:
    printed = a_published_vote(a_hall())
    with writing() as db:
        for trigger in db.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'log_%'")):
            db.execute(text(f"DROP TRIGGER {trigger}"))
        db.execute(text("DELETE FROM log_link WHERE position > 3"))
        db.execute(text("DELETE FROM log_entry WHERE id NOT IN (SELECT entry_id FROM log_link)"))
    found = verified()
    assert (found["holds"], found["entries"]) == (True, 3)
    assert (found["entries"], found["last_digest"]) != (printed["position"], printed["digest"])

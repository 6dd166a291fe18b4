"""The commands for backups, as somebody types them."""

import json
import re
from pathlib import Path

from typer.testing import CliRunner

from lib.cli import app
from lib.services.backups import BLANKED, LEFT_OUT
from lib.storage.engine import using
from tests.hall import a_hall


def holds(code: int, said: str) -> bool:
    return (
        code == 0 and re.fullmatch(r"Every link holds\.\n[\d,]+ entries, last digest [0-9a-f]{12}\n", said) is not None
    )


def run(*arguments: str) -> tuple[int, str]:
    """Exit code and everything printed."""
    done = CliRunner().invoke(app, arguments)
    return done.exit_code, done.output


def test_a_backup_says_what_it_holds_and_what_it_leaves_out(database: str, tmp_path: Path) -> None:
    hall = a_hall()
    row = hall.opened()
    hall.votes(row, 0, 0)
    file = tmp_path / "evening.sqlite3"
    code, said = run("backup", str(file))
    assert code == 0
    assert "         31  pass\n" in said
    assert all(f"  {table}: {why}\n" in said for table, why in LEFT_OUT.items())
    assert all(f"  {'.'.join(column)}: {why}\n" in said for column, why in BLANKED.items())
    assert "One vote was running: in the backup it is set aside, without ballots and result.\n" in said
    assert f"{file}: " in said
    assert "SHA-256 " in said
    assert run("backup", str(file)) == (1, f"{file} exists and is not overwritten. Choose another name.\n")


def test_the_log_of_a_backup_verifies_where_it_lies(sqlite_database: str, tmp_path: Path) -> None:
    a_hall()
    assert run("backup", str(tmp_path / "a.sqlite3"))[0] == 0
    with using(f"sqlite:///{tmp_path / 'a.sqlite3'}"):
        assert holds(*run("log", "verify"))


def test_an_installation_is_restored_from_it(sqlite_database: str, tmp_path: Path) -> None:
    hall = a_hall()
    hall.opened()
    made = json.loads(run("backup", str(tmp_path / "a.sqlite3"), "--json")[1])
    assert (made["rows"]["pass"], made["ended_rounds"], set(made["left_out"]) >= set(LEFT_OUT)) == (31, 1, True)
    assert run("restore", str(tmp_path / "a.sqlite3")) == (
        1,
        "This installation is not empty. A backup is restored before anything else is done.\n",
    )
    with using(f"sqlite:///{tmp_path / 'other.sqlite3'}"):
        code, said = run("restore", str(tmp_path / "a.sqlite3"))
        assert code == 0
        assert f"SHA-256 {made['sha256']}\n" in said
        assert "One vote was running and is set aside without a result: hold it again.\n" in said
        assert holds(*run("log", "verify"))
    with using(f"sqlite:///{tmp_path / 'third.sqlite3'}"):
        done = json.loads(run("restore", str(tmp_path / "a.sqlite3"), "--json")[1])
    assert done == {"rows": made["rows"], "sha256": made["sha256"], "ended_rounds": 1}

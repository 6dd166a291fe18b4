"""Who may import whom, read from the sources: the shape of the house cannot be broken by accident.

Every import counts, also those inside functions and under `TYPE_CHECKING`.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

BELOW: dict[str, frozenset[str]] = {
    "errors": frozenset(),
    "clock": frozenset(),
    "settings": frozenset(),
    "network": frozenset({"settings"}),
    "rules": frozenset({"errors"}),
    "languages": frozenset({"rules"}),
    "model": frozenset({"rules", "errors"}),
    "storage": frozenset({"model", "errors", "settings"}),
    "queries": frozenset({"storage", "model", "rules", "errors", "settings", "clock", "network"}),
    "importers": frozenset({"rules", "errors", "settings", "clock"}),
    "printing": frozenset({"rules", "errors"}),
    "demo": frozenset({"importers", "model", "rules", "errors", "settings", "clock"}),
    "services": frozenset(
        {"importers", "demo", "queries", "storage", "model", "languages", "rules", "errors", "settings", "clock"}
    ),
    "ui": frozenset({"services", "queries", "printing", "rules", "errors", "settings", "clock", "network"}),
    "web": frozenset(
        {"services", "queries", "printing", "storage", "languages", "rules", "errors", "settings", "clock"}
    ),
    "api": frozenset({"services", "queries", "rules", "errors", "settings", "clock"}),
    "cli": frozenset(
        {"services", "queries", "importers", "printing", "storage", "rules", "errors", "settings", "clock"}
    ),
    "pages": frozenset({"ui", "services", "queries", "rules", "errors", "settings", "clock"}),
    "app": frozenset({"ui", "web", "api", "services", "settings"}),
}
"""What each part may import of the others. `cli` is `lib/cli.py` with its `cli_<subject>.py`; `app` is `app.py`."""

STREAMLIT = ("ui", "pages", "app")
"""Parts that may import Streamlit and what comes with it."""

SERVER = ("web", "api", "app")
"""Parts that may import Starlette and FastAPI."""

SQL = ("model", "storage", "queries", "services")
"""Parts that may import SQLAlchemy: nowhere else is there SQL."""

IMPURE = frozenset(
    {
        "sqlalchemy",
        "streamlit",
        "starlette",
        "fastapi",
        "httpx",
        "requests",
        "socket",
        "urllib",
        "http",
        "os",
        "pathlib",
        "subprocess",
        "random",
        "secrets",
        "time",
        "threading",
    }
)
"""What `lib/rules` never touches: database, network, files, clock, chance."""

LIBRARIES_WORDS = frozenset(
    {"process_bind_param", "process_result_value", "get_response", "handle_starttag", "_add_info"}
)
"""Methods that a library calls by its own name for them."""

CLOCKS = frozenset({"now", "today", "utcnow", "time", "monotonic"})


@dataclass(frozen=True)
class Import:
    """A module's import of another: `names` are what it takes out of it."""

    line: int
    module: str
    names: tuple[str, ...]


def sources() -> list[Path]:
    """Every source of the product, without migrations, which are frozen."""
    found = [ROOT / "app.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "lib").rglob("*.py")]
    return sorted(file for file in found if file.exists() and "migrations" not in file.parts)


def imports(file: Path) -> Iterator[Import]:
    """Every import in a file, wherever it stands."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"), str(file))):
        if isinstance(node, ast.Import):
            yield from (Import(node.lineno, alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: imports are absolute"
            yield Import(node.lineno, node.module or "", tuple(alias.name for alias in node.names))


def part_of(file: Path) -> str:
    """Which part of the house a file belongs to."""
    inside = file.relative_to(ROOT).parts
    if inside[0] != "lib":
        return inside[0].removesuffix(".py")
    name = inside[1].removesuffix(".py")
    return "cli" if name.startswith("cli") or name in ("__main__", "__init__") else name


def parts_imported(found: Import) -> set[str]:
    """The parts of the house that an import reaches; empty for other packages."""
    words = found.module.split(".")
    if words[0] != "lib":
        return {words[0]} if words[0] in ("pages", "tests", "app") else set()
    names = [words[1]] if len(words) > 1 else list(found.names)
    return {"cli" if name.startswith("cli") else name for name in names}


def breaches() -> Iterator[str]:
    for file in sources():
        part, where = part_of(file), file.relative_to(ROOT)
        if part not in BELOW:
            yield f"{where}: {part} is no part of the house"
            continue
        for found in imports(file):
            place = f"{where}:{found.line}"
            for other in parts_imported(found) - {part} - BELOW[part]:
                yield f"{place}: {part} must not import {other}"
            package = found.module.partition(".")[0]
            if package == "streamlit" and part not in STREAMLIT:
                yield f"{place}: Streamlit stays behind its own door"
            if package in ("starlette", "fastapi") and part not in SERVER:
                yield f"{place}: {package} belongs to the doors that answer requests"
            if package == "sqlalchemy" and part not in SQL:
                yield f"{place}: there is no SQL in {part}"
            if package in IMPURE and part == "rules":
                yield f"{place}: rules are pure, and {package} is not"


def test_every_part_imports_only_what_stands_below_it() -> None:
    assert list(breaches()) == []


def test_rules_never_ask_the_clock() -> None:
    asked = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in (ROOT / "lib" / "rules").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("datetime", "date", "time")
    ]
    assert asked == []


def test_doors_never_import_each_other() -> None:
    doors = {"ui", "web", "api", "cli"}
    assert {door: BELOW[door] & doors for door in doors} == dict.fromkeys(doors, frozenset())


def test_importing_order_has_no_circle() -> None:
    placed: set[str] = set()
    while remaining := set(BELOW) - placed:
        free = {part for part in remaining if BELOW[part] <= placed}
        assert free, f"these parts import each other: {sorted(remaining)}"
        placed |= free


def test_services_take_keywords_only() -> None:
    """A service is called with the names of what it needs; helpers that join a transaction take the session first."""
    positional = [
        f"{file.relative_to(ROOT)}:{node.lineno} {node.name}"
        for file in (ROOT / "lib" / "services").glob("*.py")
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and writes(node)
        if [argument.arg for argument in node.args.args] not in ([], ["db"])
    ]
    assert positional == []


def writes(node: ast.FunctionDef) -> bool:
    """Whether the function opens a transaction of its own."""
    return any(
        isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "writing"
        for inner in ast.walk(node)
    )


def test_no_page_is_long() -> None:
    """A page reads like its screen; what grows belongs into lib/ui."""
    lengths = {file.name: len(file.read_text(encoding="utf-8").splitlines()) for file in (ROOT / "pages").glob("*.py")}
    assert {name: lines for name, lines in lengths.items() if lines > 120} == {}


@pytest.mark.parametrize(
    "folder", ["rules", "model", "queries", "services", "web", "api", "ui", "importers", "demo", "printing"]
)
def test_every_folder_says_what_it_is(folder: str) -> None:
    for file in (ROOT / "lib" / folder).glob("*.py"):
        assert ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))), f"{file} has no docstring"


def test_words_that_say_nothing_are_not_used() -> None:
    vague = ("get_", "handle_", "process_")
    endings = ("_data", "_info", "_manager", "_util", "_utils", "_helper", "_helpers")
    found = [
        f"{file.relative_to(ROOT)}:{node.lineno} {node.name}"
        for file in sources()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if node.name.lstrip("_").startswith(vague) or node.name.endswith(endings)
        if node.name not in LIBRARIES_WORDS
    ]
    assert found == []


def test_no_test_starts_a_loop_in_the_main_thread() -> None:
    """A browser test before it keeps one there, so that the same test passes or fails by its place in the run: it asks
    `run_apart`."""
    found = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "asyncio.run"
        if "threading.Thread(" not in file.read_text(encoding="utf-8").splitlines()[node.lineno - 1]
    ]
    assert found == []


def test_the_guard_sees_a_breach_wherever_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    file.write_text(
        "def f():\n    from lib.web import headers\n    import lib.services.people\nfrom lib import clock\n"
    )
    assert [(found.line, parts_imported(found)) for found in sorted(imports(file), key=lambda each: each.line)] == [
        (2, {"web"}),
        (3, {"services"}),
        (4, {"clock"}),
    ]

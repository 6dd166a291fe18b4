"""Every sentence that the phone door can be told by the layers below it, read from their sources.

From what `lib/web` imports, calls are followed by name through `lib`; each `raise Something("…")` on the way counts.
What is filled into a sentence stands as `FIGURE`.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BELOW = ("lib.services", "lib.queries", "lib.rules", "lib.storage")

FIGURE = "\N{HORIZONTAL ELLIPSIS}"

Named = tuple[str, str]
"""A module and a name in it."""


def sentences_told_to(door: list[Path]) -> dict[str, str]:
    """Each sentence with the place that raises it."""
    waiting: list[Named] = [
        (module, name) for file in door for module, name in imported(file).values() if module.startswith(BELOW)
    ]
    seen: set[Named] = set()
    found: dict[str, str] = {}
    while waiting:
        module, name = waiting.pop()
        if (module, name) in seen:
            continue
        seen.add((module, name))
        known = definitions(module)
        node = known.get(name)
        if node is None:
            passed_on = imported(file_of(module)).get(name)
            waiting += [passed_on] if passed_on and passed_on[0].startswith(BELOW) else []
            continue
        names = imported(file_of(module))
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name):
                if inner.id in known:
                    waiting.append((module, inner.id))
                elif inner.id in names and names[inner.id][0].startswith(BELOW):
                    waiting.append(names[inner.id])
            if isinstance(inner, ast.Call) and is_raised(inner, node):
                for text in texts(inner.args[0], module):
                    found[text] = f"{module}:{inner.lineno}"
    return found


def is_raised(call: ast.Call, within: ast.AST) -> bool:
    """Whether the call makes an error of ours: it is raised, or names itself so (`super().__init__` of one)."""
    if not call.args:
        return False
    raised = {id(node.exc) for node in ast.walk(within) if isinstance(node, ast.Raise)}
    is_own_error = (
        isinstance(within, ast.ClassDef)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "__init__"
        and bool(within.bases)
    )
    return id(call) in raised or is_own_error


def texts(node: ast.AST, module: str) -> Iterator[str]:
    """The text of an argument, with `%(name)s` where something is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else FIGURE for part in node.values)
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body, module)
        yield from texts(node.orelse, module)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        home, name = imported(file_of(module)).get(node.func.id, (module, node.func.id))
        for inner in ast.walk(definitions(home).get(name, node.func)):
            if isinstance(inner, ast.Return) and inner.value is not None:
                yield from texts(inner.value, home)
    elif isinstance(node, ast.Name):
        home, name = imported(file_of(module)).get(node.id, (module, node.id))
        stands = definitions(home).get(name)
        if isinstance(stands, ast.Assign):
            yield from texts(stands.value, home)


@cache
def imported(file: Path) -> dict[str, Named]:
    """What a file takes from `lib`: local name to (module, name there)."""
    return {
        alias.asname or alias.name: (node.module, alias.name)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("lib")
        for alias in node.names
    }


@cache
def definitions(module: str) -> dict[str, ast.AST]:
    """The functions, classes and constants of a module by name."""
    found: dict[str, ast.AST] = {}
    for node in ast.parse(file_of(module).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign):
            found |= {target.id: node for target in node.targets if isinstance(target, ast.Name)}
    return found


def file_of(module: str) -> Path:
    path = ROOT / Path(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")

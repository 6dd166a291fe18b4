"""`python -m tests.bench [NAME …]`: run every bench (or those named) and print its figures."""

import importlib
import platform
import sys
import time
from pathlib import Path


def main(names: list[str]) -> None:
    """Each `bench_<name>.py` has a `main()` that prints its own table."""
    found = sorted(file.stem.removeprefix("bench_") for file in Path(__file__).parent.glob("bench_*.py"))
    unknown = set(names) - set(found)
    if unknown:
        sys.exit(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(found)}")
    print(f"{platform.platform()}, Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}")
    for name in names or found:
        print(f"\n== {name}")
        importlib.import_module(f"tests.bench.bench_{name}").main()


main(sys.argv[1:])

"""`python -m tests.bench [--smoke] [NAME …]`: run every bench (or those named) and print its figures.

`--smoke` runs a small size, in seconds, of the benches that have one: it shows that they work, not what things cost.
"""

import importlib
import inspect
import platform
import sys
import time
from pathlib import Path


def main(names: list[str]) -> None:
    """Each `bench_<name>.py` has a `main()` that prints its own table; with a small size it takes `smoke`."""
    smoke = "--smoke" in names
    names = [name for name in names if name != "--smoke"]
    found = sorted(file.stem.removeprefix("bench_") for file in Path(__file__).parent.glob("bench_*.py"))
    unknown = set(names) - set(found)
    if unknown:
        sys.exit(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(found)}")
    print(f"{platform.platform()}, Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}")
    for name in names or found:
        print(f"\n== {name}")
        bench = importlib.import_module(f"tests.bench.bench_{name}").main
        if not smoke:
            bench()
        elif "smoke" in inspect.signature(bench).parameters:
            bench(smoke=True)
        else:
            print("has no small size")


main(sys.argv[1:])

"""What a process has used so far, from Linux's `/proc`."""

import os
from pathlib import Path

import psutil

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """Seconds of a core that the process and those it started have used, all their threads together."""
    return sum(_cpu_of(each) for each in _with_children(pid))


def peak_megabytes(pid: int) -> float:
    """The most memory that the process and those it started ever held, each at its own moment."""
    return sum(_peak_of(each) for each in _with_children(pid))


def _with_children(pid: int) -> list[int]:
    return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _peak_of(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

"""What each process of the platform has used of the processors, holds of memory, and has open as connections.

A service or a part is a process with all that it started (PostgreSQL: one a connection). The processors' time is what the kernel
booked for it, so it stays true while others work on the same machine; what ended meanwhile is booked with its parent.
"""

import json
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil
from load.bench_memory import proportional
from load.stage import Stage

TICK = os.sysconf("SC_CLK_TCK")
MIB = 1024 * 1024


@dataclass(frozen=True)
class Held:
    """MiB: `pss` counts shared pages once over the whole machine, `rss` is what a container's limit sees at most."""

    pss: float
    rss: float


class Processes:
    """By name: the services and the parts that were started; `others` are processes of the benchmark's own, such as a gateway."""

    def __init__(self, stage: Stage, others: Mapping[str, int]) -> None:
        children = json.loads((stage.folder / "platform.json").read_text("utf-8"))["children"]
        self.roots = {child["name"]: int(child["pid"]) for child in children} | dict(others)

    def used(self) -> dict[str, float]:
        """CPU seconds since each began."""
        return {name: sum(_used(process.pid) for process in family(self.roots[name])) for name in self.roots}

    def held(self) -> dict[str, Held]:
        found = {}
        for name in self.roots:
            pids = [process.pid for process in family(self.roots[name])]
            found[name] = Held(sum(map(proportional, pids)) / 1024, sum(map(resident, pids)) / MIB)
        return found

    def connections(self, ports: Mapping[int, str]) -> dict[str, dict[str, int]]:
        """Open connections of each to the others, by whom they lead to."""
        found = {}
        for name in self.roots:
            counted: Counter[str] = Counter()
            for process in family(self.roots[name]):
                for open_ in process.net_connections("tcp"):
                    if open_.status == psutil.CONN_ESTABLISHED and open_.raddr and open_.raddr.port in ports:
                        counted[ports[open_.raddr.port]] += 1
            found[name] = dict(sorted(counted.items()))
        return found


def family(pid: int) -> list[psutil.Process]:
    """The process and all that it started."""
    root = psutil.Process(pid)
    return [root, *root.children(recursive=True)]


def resident(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def _used(pid: int) -> float:
    """Its own time and that of its children that ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(field) for field in fields[11:15]) / TICK

"""What a benchmark answers, and how it runs many things at once for a while."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

RUNS = 3


@dataclass(frozen=True)
class Line:
    """One row of the table: a median of several runs, beside the bare library in the same runs where there is one."""

    path: str
    figure: float
    unit: str
    budget: str
    kept: bool | None
    bare: float | None = None
    note: str = ""

    @property
    def share(self) -> float | None:
        return None if not self.bare else self.figure / self.bare


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


async def rate(work: Callable[[int], Awaitable[object]], *, at_once: int, seconds: float) -> float:
    """How many times a second `work(number)` is done by so many at once. Any error ends the benchmark."""
    ends, done = time.perf_counter() + seconds, 0

    async def worker(number: int) -> None:
        nonlocal done
        while time.perf_counter() < ends:
            await work(number)
            done += 1

    began = time.perf_counter()
    await asyncio.gather(*(worker(number) for number in range(at_once)))
    return done / (time.perf_counter() - began)


async def spent(work: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


def table(lines: Sequence[Line]) -> str:
    heads = ("path", "measured", "bare", "share", "budget", "kept", "note")
    rows = [heads, *(_cells(line) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)


def _cells(line: Line) -> tuple[str, ...]:
    share = "" if line.share is None else f"{line.share:.2f}"
    bare = "" if line.bare is None else f"{line.bare:,.1f}"
    kept = {True: "yes", False: "NO", None: "–"}[line.kept]
    return (line.path, f"{line.figure:,.1f} {line.unit}", bare, share, line.budget, kept, line.note)

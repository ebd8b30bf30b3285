"""What one operation costs each process, in processor time and bytes; the figures of docs/capacity.md.

It writes `docs/capacity/measured.json`. Processor time is booked by the kernel for each process and the idle time is taken off,
so the figures hold, if a little high, while others work on the machine.
"""

import asyncio
import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil
from embedded.state import CHECKOUT
from load.bench_read import answers, free_port, own_gateway
from load.measure import RUNS, Line, median
from load.operations import AT_ONCE, Clerk, Operation, operations
from load.processes import Held, Processes
from load.roles import roles
from load.stage import Stage
from load.stores import Stores

RESULT = CHECKOUT / "docs" / "capacity" / "measured.json"
IDLE_SECONDS = 30.0
GATEWAY = "gateway"


class Book:
    """Samples before and after, idle time taken off."""

    def __init__(self, processes: Processes, stores: Stores) -> None:
        self.processes, self.stores = processes, stores
        self.idle: dict[str, float] = {}
        self.idle_written: dict[str, float] = {}
        self.most: dict[str, Held] = {}

    async def rest(self) -> None:
        await self.stores.settled()
        before, written, began = self.processes.used(), await self.stores.written(), time.monotonic()
        while time.monotonic() - began < IDLE_SECONDS:
            await asyncio.sleep(0.2)
        seconds = time.monotonic() - began
        after = self.processes.used()
        self.idle = {name: (after[name] - used) / seconds for name, used in before.items()}
        self.idle_written = {name: grown / seconds for name, grown in (await self.stores.written()).since(written).items()}

    async def measured(self, operation: Operation) -> dict[str, Any]:
        if operation.prepare is not None:
            await operation.prepare(operation.times * (RUNS + 1))
        await _round(operation, max(operation.times // 10, 2))
        rounds = [await self._one(operation) for _ in range(RUNS)]
        self._hold()
        return {
            "carries": operation.carries,
            "times": operation.times * RUNS,
            "cpu_ms": {name: round(median([each["cpu"][name] for each in rounds]) * 1000, 3) for name in self.idle},
            "spread": _spread([sum(each["cpu"].values()) for each in rounds]),
            **{name: round(median([each["bytes"][name] for each in rounds]), 2) for name in rounds[0]["bytes"]},
        }

    async def _one(self, operation: Operation) -> dict[str, Any]:
        await self.stores.settled()
        before, written, began = self.processes.used(), await self.stores.written(), time.monotonic()
        await _round(operation, operation.times)
        await self.stores.settled()
        after, seconds = self.processes.used(), time.monotonic() - began
        grown = (await self.stores.written()).since(written)
        cpu = {name: max(after[name] - before[name] - self.idle[name] * seconds, 0) / operation.times for name in before}
        left = {name: max(value - self.idle_written[name] * seconds, 0) / operation.times for name, value in grown.items()}
        return {"cpu": cpu, "bytes": left}

    def _hold(self) -> None:
        for name, held in self.processes.held().items():
            kept = self.most.get(name, Held(0, 0))
            self.most[name] = Held(max(kept.pss, held.pss), max(kept.rss, held.rss))


async def _round(operation: Operation, times: int) -> None:
    if operation.at_once is not None:
        await operation.at_once(times)
        return
    numbers = iter(range(times))

    async def worker() -> None:
        for number in numbers:
            await operation.work(number)

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))


def _spread(values: list[float]) -> float:
    """How far the rounds lie apart, as a share of the median."""
    return round((max(values) - min(values)) / median(values), 3) if median(values) else 0.0


def _machine() -> dict[str, Any]:
    names = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    memory = round(psutil.virtual_memory().total / 2**30)
    return {
        "processor": names[0] if names else platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": memory,
        "kernel": platform.release(),
    }


def _commit() -> str:
    return subprocess.run(["git", "rev-parse", "HEAD"], cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout.strip()


def _story(stage: Stage, counted: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """How much work the three stories of the demonstration are, counted before any benchmark left rows of its own."""
    kept = stage.folder / "story.json"
    if not kept.exists():
        kept.write_text(json.dumps(counted))
    found: dict[str, dict[str, int]] = json.loads(kept.read_text())
    return found


async def run(stage: Stage) -> list[Line]:
    scale, port = float(os.environ.get("COST_SCALE", "1")), free_port()
    base = f"http://127.0.0.1:{port}"
    with own_gateway(stage, port) as gateway:
        async with Stores(stage) as stores, httpx.AsyncClient(base_url=base, timeout=60, trust_env=False) as http:
            await answers(http, "/readyz")
            story = _story(stage, await stores.counted())
            processes = Processes(stage, {GATEWAY: gateway.process.pid})
            book, clerk = Book(processes, stores), Clerk(stage, http)
            await clerk.renew()
            await book.rest()
            rested = processes.held()
            found = {}
            for operation in await operations(clerk, scale):
                await clerk.renew()
                found[operation.name] = await book.measured(operation)
                total = sum(found[operation.name]["cpu_ms"].values())
                print(f"{time.strftime('%H:%M:%S')}   {operation.name}: {total:.2f} ms of processor time", file=sys.stderr, flush=True)
            connections = {"of": processes.connections(_ports(stage)), "database_roles": await stores.by_role()}
    result = {
        "measured_on": datetime.now(UTC).date().isoformat(),
        "commit": _commit(),
        "scale": scale,
        "machine": _machine(),
        "load_average": round(os.getloadavg()[2], 1),
        "operations": found,
        "idle_cpu": {name: round(used, 4) for name, used in book.idle.items()},
        "idle_written_per_second": {name: round(each, 2) for name, each in book.idle_written.items()},
        "memory_mib": {
            name: {"idle": round(held.rss), "idle_pss": round(held.pss), "load": round(book.most[name].rss)}
            for name, held in rested.items()
        },
        "role_memory_mib": await roles(stage),
        "connections": connections,
        "story": story,
    }
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return [_line(name, figures) for name, figures in found.items()]


def _line(name: str, figures: dict[str, Any]) -> Line:
    cpu = figures["cpu_ms"]
    most = ", ".join(f"{service} {cpu[service]:.1f}" for service in sorted(cpu, key=lambda each: -cpu[each])[:4])
    note = f"{most}; WAL {figures['wal'] / 1000:.1f} kB; rounds {figures['spread']:.0%} apart"
    return Line(f"cost: {name}", sum(cpu.values()), "ms", "told, no budget", None, note=note)


def _ports(stage: Stage) -> dict[int, str]:
    parts = {"postgres": "PG_ADMIN_URL", "valkey": "REDIS_URL", "seaweedfs": "S3_ENDPOINT"}
    ports = {urlsplit(stage.told[variable]).port or 0: name for name, variable in parts.items()}
    ports[int(stage.told["KAFKA_BOOTSTRAP"].rpartition(":")[2])] = "kafka"
    for variable in (name.removesuffix("_JOBS_URL") for name in stage.told if name.endswith("_JOBS_URL")):
        ports[int(stage.told[variable].rpartition(":")[2])] = variable.lower().replace("_", "-")
    return ports

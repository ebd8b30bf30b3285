"""From what one operation costs and how often it is done to what each role of each service needs."""

import json
import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]
MEASURED = ROOT / "docs" / "capacity" / "measured.json"
LOAD = Path(__file__).parents[1] / "load.yaml"
PARTS = ("postgres", "kafka", "valkey", "seaweedfs")
ROLES = ("serve", "consume", "relay", "ticks")
STEP_CPU, LEAST_CPU, STEP_MEMORY = 50, 50, 32
MIB = 2**20
GIB = 2**30


@dataclass(frozen=True)
class Plan:
    """How one role of one service is run. Cores are those of the busiest minutes."""

    service: str
    role: str
    cores: float
    replicas: int
    cpu: int
    cpu_limit: int
    memory: int
    memory_limit: int
    pool: int

    @property
    def name(self) -> str:
        return f"{self.service}.{self.role}"


def read_measured() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(MEASURED.read_text("utf-8"))
    return found


def read_load() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(LOAD.read_text("utf-8"))
    return found


@dataclass(frozen=True)
class Capacity:
    """The province, or so many times the province."""

    times: int = 1
    measured: dict[str, Any] = field(default_factory=read_measured)
    load: dict[str, Any] = field(default_factory=read_load)

    @cached_property
    def services(self) -> list[str]:
        return sorted(self.measured["role_memory_mib"])

    @cached_property
    def daily(self) -> dict[str, float]:
        """Operations a day."""
        counted: defaultdict[str, float] = defaultdict(float)
        for thing, number in self.load["day"].items():
            for operation, times in self.load["work"][thing]["times"].items():
                counted[operation] += number * times * self.times
        return dict(counted)

    @cached_property
    def peak(self) -> dict[str, float]:
        """Operations a second in the busiest minutes."""
        peak = self.load["peak"]
        return {name: number * peak["share"] / 3600 * peak["burst"] for name, number in self.daily.items()}

    def cost(self, operation: str) -> Mapping[str, float]:
        """CPU seconds by process."""
        return {name: value / 1000 for name, value in self.measured["operations"][operation]["cpu_ms"].items()}

    @cached_property
    def relayed(self) -> float:
        """CPU seconds of a relay for one event."""
        return self.cost("event")["identity"]

    @cached_property
    def cores(self) -> dict[str, float]:
        """By `service.role` and by part, in the busiest minutes."""
        needed: defaultdict[str, float] = defaultdict(float)
        for operation, rate in self.peak.items():
            for name, seconds in self._told(operation).items():
                needed[name] += seconds * rate
        for name, idle in self.measured["idle_cpu"].items():
            for each in [name] if name in PARTS else [f"{name}.{role}" for role in self.roles(name)]:
                needed[each] += idle if name in PARTS else idle / len(self.roles(name))
        return dict(needed)

    def _told(self, operation: str) -> dict[str, float]:
        """CPU seconds of one operation by `service.role` and by part."""
        told: defaultdict[str, float] = defaultdict(float)
        answers = self.load["answers"][operation]
        for name, seconds in self.cost(operation).items():
            if name in PARTS:
                told[name] += seconds
            elif name not in answers:
                told[f"{name}.consume"] += seconds
            elif operation == "move" and name == "penalties":
                for mover, share in self.load["movers"].items():
                    told[f"{mover}.serve"] += seconds * share
            else:
                told[f"{name}.serve"] += seconds
        events = self.measured["operations"][operation]["events"]
        for mover, share in self.load["movers"].items():
            told[f"{mover}.relay"] += events * self.relayed * share
        return told

    def roles(self, service: str) -> list[str]:
        return list(self.measured["role_memory_mib"][service])

    @cached_property
    def plans(self) -> list[Plan]:
        return [self._plan(service, role) for service in self.services for role in self.roles(service)]

    def _plan(self, service: str, role: str) -> Plan:
        sizes, name = self.load["sizes"], f"{service}.{role}"
        cores, most = self.cores.get(name, 0.0), sizes["cores"].get(name, 1)
        least = sizes["least"].get(name, sizes["least_else"])
        # One of them may be away. A relay publishes alone and the others wait for its lock.
        working = 1 if role == "relay" else max(math.ceil(cores / (most * sizes["busy"])), least - 1)
        replicas = 2 if role == "relay" else working + 1
        held = self.measured["memory_mib"][service]
        rest = self.measured["role_memory_mib"][service][role]
        works = role in {"serve", "consume"}
        grown = max(held["load"] - held["idle"], 0) if works else 0
        used = held["load"] if name in sizes["whole"] else rest + grown
        return Plan(
            service,
            role,
            cores,
            replicas,
            cpu=max(_up(cores / working / sizes["busy"] * 1000, STEP_CPU), LEAST_CPU),
            cpu_limit=most,
            memory=_up(used * 1.1, STEP_MEMORY),
            memory_limit=_up(max(held["load"] if works else rest, used) * 1.5, STEP_MEMORY * 2),
            pool=0 if service == "gateway" else sizes["pool"][role],
        )

    @cached_property
    def connections(self) -> int:
        """If every process had every connection open that it may: a process that serves may use both database roles."""
        return sum(plan.replicas * plan.pool for plan in self.plans)

    @cached_property
    def postgres_servers(self) -> int:
        sizes = self.load["sizes"]
        return math.ceil(self.cores["postgres"] / float(sizes["postgres_cores"] * sizes["postgres_busy"]))

    def yearly(self, figure: str) -> float:
        """Bytes a year of a figure of the cost table."""
        days: int = self.load["working_days"]
        return float(sum(number * days * self.measured["operations"][name][figure] for name, number in self.daily.items()))

    @cached_property
    def objects_yearly(self) -> float:
        """Documents as measured, pictures at the size that the load says."""
        days, picture = self.load["working_days"], self.load["sizes"]["picture"]
        documents: float = self.measured["operations"]["document"]["objects"]
        return float(days * (self.daily["document"] * documents + self.daily["upload"] * picture))

    @cached_property
    def events(self) -> float:
        """A second in the busiest minutes."""
        return self.rate_of("events")

    @cached_property
    def leaves(self) -> float:
        return self.rate_of("leaves")

    def rate_of(self, figure: str) -> float:
        """Of a figure of the cost table, a second in the busiest minutes."""
        return float(sum(rate * self.measured["operations"][name][figure] for name, rate in self.peak.items()))


def _up(value: float, step: int) -> int:
    return math.ceil(value / step) * step

"""`docs/capacity.md`."""

import json
import math
import re
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from sizing.figures import GIB, MIB, PARTS, ROLES, ROOT, Capacity, Plan

PAGE = ROOT / "docs" / "capacity.md"
BENCHMARKS = ROOT / "docs" / "capacity" / "benchmarks.json"
SCALES = (1, 10, 100)
WIDTH = 140


def page(one: Capacity) -> str:
    capacities = [Capacity(times, one.measured, one.load) for times in SCALES]
    parts = [
        _head(one),
        "## What one operation costs\n\n" + _costs(one),
        "## The load\n\n" + _load(one, capacities),
        "## What each role needs\n\n" + _roles(capacities),
        "## Memory\n\n" + _memory(one),
        "## PostgreSQL\n\n" + _postgres(capacities),
        "## Kafka\n\n" + _kafka(capacities),
        "## Storage\n\n" + _storage(capacities),
        "## What gives way first\n\n" + _limits(capacities),
        "## Doubts\n\n" + _doubts(one),
    ]
    return "\n\n".join(_flowed(block) for part in parts for block in part.split("\n\n")) + "\n"


def _flowed(block: str) -> str:
    """A paragraph or the points of a list, each broken at 140; tables and headings as they are."""
    if block.startswith(("|", "#")):
        return block
    points = re.split(r"\n(?=- )", block.strip())
    return "\n".join(_filled(" ".join(point.split()), "  " * point.startswith("- ")) for point in points)


def _filled(text: str, indent: str) -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _head(one: Capacity) -> str:
    measured, machine = one.measured, one.measured["machine"]
    return f"""# Capacity

Made by `python infra/capacity`; nobody writes here. `python tests/load cost` measured what operations cost
({measured["measured_on"]}, commit {measured["commit"][:12]}, {machine["cores"]} cores {machine["processor"]},
{machine["memory_gib"]} GiB):
[capacity/measured.json](capacity/measured.json). The load and every assumption with its reason:
[infra/capacity/load.yaml](../infra/capacity/load.yaml).
The sizes in `charts/platform/values-production.yaml` are written by the same program; a test holds all of them together.
After the first month put your own figures into load.yaml and run it again."""


def _costs(one: Capacity) -> str:
    operations = one.measured["operations"]
    rows = []
    for name, figures in operations.items():
        cpu: dict[str, float] = figures["cpu_ms"]
        services = {each: value for each, value in cpu.items() if each not in PARTS}
        first = ", ".join(f"{each} {cpu[each]:.1f}" for each in sorted(services, key=lambda each: -cpu[each])[:3] if cpu[each] >= 0.05)
        rows.append(
            (
                name,
                f"{sum(cpu.values()):.2f}",
                first,
                f"{cpu['postgres']:.2f}",
                f"{cpu['kafka']:.2f}",
                f"{figures['events']:.1f}",
                _kb(figures["wal"]),
                _kb(figures["tables"]),
                _kb(figures["kafka"]),
                _kb(figures["objects"]),
                f"{figures['spread']:.0%}",
            )
        )
    heads = (
        "operation",
        "CPU ms",
        "of it, services",
        "PostgreSQL",
        "Kafka",
        "events",
        "WAL kB",
        "tables kB",
        "Kafka kB",
        "store kB",
        "spread",
    )
    told = "\n".join(f"- **{name}**: {figures['carries']}." for name, figures in operations.items())
    return f"""Processor time of all processes together for one operation, with everything that follows from it by events; idle time
taken off.
Bytes are those written: tables with their indexes, of which outbox rows go after 7 days, requests and inbox rows after 35.

{_table(heads, rows)}

{told}"""


def _load(one: Capacity, capacities: Sequence[Capacity]) -> str:
    load, peak = one.load, one.load["peak"]
    things = [
        (name, *(f"{number * times:,}" for times in SCALES), _work(load["work"][name]["times"])) for name, number in load["day"].items()
    ]
    reasons = "\n".join(f"- {name}: {load['work'][name]['because']}" for name in load["day"])
    rates = [(name, *(_rate(capacity.peak[name]) for capacity in capacities)) for name in one.daily]
    return f"""{_table(("a working day", "the province", "× 10", "× 100", "each is"), things)}

{reasons}

The busiest hour has {peak["share"]:.0%} of the day, its busiest minutes {peak["burst"]} times the mean of that hour. {peak["because"]}

{_table(("a second in the busiest minutes", "the province", "× 10", "× 100"), rates)}"""


def _work(times: dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in times.items())


def _roles(capacities: Sequence[Capacity]) -> str:
    sizes = capacities[0].load["sizes"]
    heads = ("role", *(f"cores × {times}" for times in SCALES), *(f"replicas × {times}" for times in SCALES), "requests", "limits")
    rows = []
    for plans in zip(*(capacity.plans for capacity in capacities), strict=True):
        first: Plan = plans[0]
        if first.role in {"relay", "ticks"} and all(plan.replicas == 2 for plan in plans):
            continue
        rows.append(
            (
                first.name,
                *(f"{plan.cores:.2f}" for plan in plans),
                *(str(plan.replicas) for plan in plans),
                f"{first.cpu}m, {first.memory} Mi",
                f"{first.cpu_limit}, {first.memory_limit} Mi",
            )
        )
    totals = [
        (
            f"× {capacity.times}",
            str(sum(plan.replicas for plan in capacity.plans)),
            f"{sum(plan.cpu * plan.replicas for plan in capacity.plans) / 1000:.1f}",
            f"{sum(plan.memory * plan.replicas for plan in capacity.plans) / 1024:.1f}",
            f"{sum(capacity.cores[part] for part in PARTS):.1f}",
        )
        for capacity in capacities
    ]
    return f"""Replicas = what the busiest minutes need at {sizes["busy"]:.0%} of a process, and one more (N+1), at least
{sizes["least_else"]}
({", ".join(f"{name} {number}" for name, number in sizes["least"].items())}). A process has one core of Python; identity's argon2 and
the press of
documents use two. Cores are those of the busiest minutes. Not in the table: relay and ticks, two of each service at every scale;
one works and the other waits for its lock (relay) or takes what is left (ticks).

{_table(heads, rows)}

{_table(("in all", "pods", "cores requested", "GiB requested", "cores of the backing servers"), totals)}"""


def _memory(one: Capacity) -> str:
    held, alone = one.measured["memory_mib"], one.measured["role_memory_mib"]
    rows = [
        (
            name,
            str(each["idle"]),
            str(each["idle_pss"]),
            str(each["load"]),
            ", ".join(f"{role} {size}" for role, size in alone.get(name, {}).items()),
        )
        for name, each in held.items()
    ]
    return f"""MiB. A service is four roles in one process where it was measured under load; each role alone at rest is in the last
column. Requests are a
role at rest plus what the service grew under load plus a tenth; limits half as much again as the most that was seen. PostgreSQL's
resident size
counts shared buffers once per connection: look at its proportional size.

{_table(("process", "resident, idle", "proportional, idle", "resident, after load", "roles alone"), rows)}"""


def _postgres(capacities: Sequence[Capacity]) -> str:
    one, sizes = capacities[0], capacities[0].load["sizes"]
    pool: dict[str, int] = sizes["pool"]
    rows = [
        (
            f"× {capacity.times}",
            f"{capacity.cores['postgres']:.1f}",
            str(capacity.postgres_servers),
            str(capacity.connections),
            f"{capacity.rate_of('wal') / 1e6:.1f}",
            "yes" if capacity.connections > sizes["connections"] * capacity.postgres_servers else "no",
        )
        for capacity in capacities
    ]
    heads = ("", "cores, busiest", f"servers of {sizes['postgres_cores']} cores", "connections at most", "WAL MB/s, busiest", "PgBouncer")
    roles = one.measured["connections"]["database_roles"]
    most = max(roles.items(), key=lambda each: each[1])
    return f"""Each service has a database of its own and never joins another's: a second server takes over whole databases, and an
address in a Secret
changes. `DATABASE_POOL` is {", ".join(f"{pool[role]} for {role}" for role in ROLES)}; a connection is opened when it is first
needed. During the
measurement {sum(roles.values())} were open to nine databases, the most {most[1]} by {most[0]}. Set `max_connections` to
{sizes["connections"]} a server.
PgBouncer pays where the most that could be open is more than that: transaction mode, version 1.21 or later with `max_prepared_statements`
(asyncpg prepares; scope and locks live in the transaction, so nothing else depends on the session).

{_table(heads, rows)}"""


def _kafka(capacities: Sequence[Capacity]) -> str:
    partitions, alone = 6, capacities[0].cost("consumed")["evidence"]
    rows = [
        (f"× {capacity.times}", f"{capacity.events:,.1f}", f"{capacity.events * alone:.2f}", _partitions(capacity.events * alone))
        for capacity in capacities
    ]
    return f"""Topics have {partitions} partitions. A reader's replicas share them, so more replicas than partitions only wait. An
event that moves a machine costs
its reader {alone * 1000:.1f} ms: one process makes {1 / alone:,.0f} a second at most, {partitions} make {partitions / alone:,.0f}.
More partitions: raise them in
`infra/kafka/topics.yaml` and run the topics job with `--extend` while nobody writes (a key moves to another partition, so order within
it holds only if nothing of it waits).

{_table(("", "events/s, busiest", "cores if all were read by one service", "partitions needed"), rows)}"""


def _partitions(cores: float) -> str:
    return str(max(6, math.ceil(cores / 0.6)))


def _storage(capacities: Sequence[Capacity]) -> str:
    one, sizes = capacities[0], capacities[0].load["sizes"]
    days, copies = sizes["retention_days_of_topics"], sizes["replicas_of_topics"]
    rows = []
    for capacity in capacities:
        month = capacity.yearly("kafka") / capacity.load["working_days"] * days * copies
        wal = capacity.yearly("wal") / capacity.load["working_days"] * sizes["wal_days"]
        rows.append(
            (
                f"× {capacity.times}",
                f"{capacity.yearly('tables') / GIB:,.0f} GiB",
                f"{capacity.objects_yearly / GIB:,.0f} GiB",
                f"{month / GIB:,.1f} GiB",
                f"{wal / GIB:,.0f} GiB",
            )
        )
    documents = one.measured["operations"]["document"]["objects"]
    return f"""Tables grow for good (history, read log, ledger); what is cleaned up after 7 and 35 days is counted in, so this is the
upper end. The store locks
what it holds for 30 years: a sealed document has {documents / 1000:.0f} kB, a picture is taken as {sizes["picture"] / MIB:.1f} MiB.
Kafka keeps {days} days in {copies} copies.
WAL is kept {sizes["wal_days"]} days for restore to a point in time.

{_table(("", "PostgreSQL a year", "object store a year", "Kafka at all times", "WAL archive"), rows)}"""


def _limits(capacities: Sequence[Capacity]) -> str:
    """What cannot be had by more replicas, beside what × 100 asks of it."""
    one, hundred = capacities[0], capacities[-1]
    moves = sum(rate for name, rate in hundred.peak.items() if name in {"move", "document", "upload"})
    worklist = sum(rate * hundred.cost(name)["worklist"] for name, rate in hundred.peak.items() if name not in {"worklist", "login"})
    ledger = one.cost("event")["evidence"]
    relays = max(hundred.cores.get(f"{service}.relay", 0.0) for service in one.services)
    rows = [
        (
            "worklist's projection: one transaction at a time writes",
            f"{worklist:.1f} s of work a second for {moves:,.0f} writes/s",
            "1",
            "split worklist by province root (a lock and a group for each), or give each region an installation",
        ),
        (
            "the ledger: one appender",
            f"{hundred.leaves:,.0f} leaves/s",
            f"{1 / ledger:,.0f} by processor time",
            "larger batches (500 now); a tree for each root, joined by a checkpoint of checkpoints",
        ),
        ("a relay: one publishes for a service", f"{relays:.2f} cores", "1", "a lock for each topic instead of one for each service"),
        (
            "PostgreSQL: cores",
            f"{hundred.cores['postgres']:.0f}",
            str(one.load["sizes"]["postgres_cores"]),
            f"{hundred.postgres_servers} servers: penalties, evidence, worklist first, each service has a database of its own",
        ),
        (
            "PostgreSQL: connections",
            str(hundred.connections),
            str(one.load["sizes"]["connections"]),
            "PgBouncer in transaction mode before each server",
        ),
        (
            "the store: locked for 30 years",
            f"{hundred.objects_yearly / 2**40:.0f} TiB a year",
            "the disks",
            "erasure coding; pictures compressed on the device before they are hashed",
        ),
    ]
    ordered = _broken_first(
        rows, [worklist, hundred.leaves * ledger, relays, hundred.cores["postgres"] / one.load["sizes"]["postgres_cores"]]
    )
    return f"""Replicas of role serve help everyone who answers; these are the things of which there is one. The share of each that ×
100 uses, the first to
break at the top:

{_table(("what", "× 100 asks", "there is", "then"), ordered)}

At × 10 none of them is used by more than a {_least_share([worklist / 10, hundred.leaves * ledger / 10, relays / 10])} of what it can do."""


def _broken_first(rows: Sequence[tuple[str, ...]], shares: Sequence[float]) -> list[tuple[str, ...]]:
    known = sorted(zip(shares, rows, strict=False), key=lambda each: -each[0])
    return [(f"{row[0]} ({share:.0%})", *row[1:]) for share, row in known] + list(rows[len(shares) :])


def _least_share(shares: Iterable[float]) -> str:
    most = max(shares)
    return "third" if most < 1 / 3 else f"{most:.0%} share"


def _doubts(one: Capacity) -> str:
    measured = one.measured
    worst = max(measured["operations"].items(), key=lambda each: each[1]["spread"])
    benchmarks = _benchmarks()
    return f"""- All of it ran on one machine of {measured["machine"]["cores"]} cores that others used at the same time (load average
{measured["load_average"]}). Processor
  time is booked per process, so waiting does not count; but caches and shared cores do: the same work was up to
{worst[1]["spread"]:.0%} apart
  from round to round ({worst[0]}), and a machine of its own needs less rather than more.
- The parts are embedded ones: PostgreSQL with 128 MB of buffers, one Kafka broker without copies, SeaweedFS. Three brokers write
three times,
  another object store has costs of its own. Nothing went over a network and nothing was encrypted on the way.
- Tables were small. An index that no longer fits in memory costs what no processor time shows; `python tests/load worklist ticks
ledger` look
  at a million rows and ten million leaves.
- Moves are taken as one kind, a notice that goes back in a penalty case: one of the heavier aggregates, one of the lighter moves.
- The services' figures hold all four roles in one process. What answers and what follows by events is told apart by `answers` in
load.yaml.
- The load beside the four published numbers is assumed: reads, lists and searches of a login above all, and they are most of the cost.
{benchmarks}"""


def _benchmarks() -> str:
    if not BENCHMARKS.exists():
        return ""
    lines: dict[str, Any] = json.loads(BENCHMARKS.read_text("utf-8"))
    heads = ("budget", "measured", "share of the bare library", "asked", "kept", "on")
    kept = {True: "yes", False: "no", None: "–"}
    rows = [
        (path, f"{each['figure']:,.1f} {each['unit']}", each["share"], each["budget"], kept[each["kept"]], each["on"])
        for path, each in sorted(lines.items())
    ]
    return f"\n## Budgets, as last measured\n\n`python tests/load --record`, on the same shared machine.\n\n{_table(heads, rows)}"


def _kb(value: float) -> str:
    return f"{value / 1000:.1f}" if value >= 50 else "–"


def _rate(value: float) -> str:
    return f"{value:,.2f}" if value < 10 else f"{value:,.0f}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)

"""N, then N+1 service by service, back to N, and up again: under load, with a story, over one database and one broker."""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from embedded import topics
from embedded.demo.chemicals_case import chemicals_case
from embedded.demo.stage import Stage
from embedded.demo.welders_case import welders_case

from upgrade.client import Gateways
from upgrade.events import compared
from upgrade.house import PLACES, House
from upgrade.load import Load, clean, told
from upgrade.story import Turns, tell
from upgrade.version import FOLDER, FROM, Version, new, old

STATE, REPORT = FOLDER / "state", FOLDER / "report.json"
# Both versions of a service serve side by side that long.
TOGETHER = 3.0
SETTLE = 3.0
# Of each worker between two requests: the machine has processes to start as well.
PAUSE = 0.3


class Rolling:
    def __init__(self, house: House, load: Load, gateways: Gateways, working: "asyncio.Task[dict[str, Any]]") -> None:
        self.house, self.load, self.gateways, self.working = house, load, gateways, working
        self.passes: list[dict[str, Any]] = []

    async def roll(self, title: str, to: Version, story: Callable[[Stage], str] | None) -> None:
        """Each service once: the other version comes up beside it, both serve, the first one leaves."""
        turns, began = Turns(), time.monotonic()
        telling = None
        if story is not None:
            telling = asyncio.create_task(
                asyncio.to_thread(tell, story, self.gateways, self.load.tally, list(self.load.accounts.values()), turns)
            )
        replaced = {}
        try:
            for service in to.services:
                replaced[service.name] = await self._replace(service.name, to)
                turns.give()
                for task in (telling, self.working):
                    if task is not None and task.done():
                        task.result()
        finally:
            turns.over()
        line: dict[str, Any] = {"pass": title, "services": replaced}
        if telling is not None:
            line["story"], _ = await telling
        line["seconds"] = round(time.monotonic() - began, 1)
        self.passes.append(line)
        print(f"{title}: {len(replaced)} services in {line['seconds']} s, {self.load.tally.sent.total()} requests until now", flush=True)

    async def _replace(self, name: str, to: Version) -> dict[str, float]:
        before = self.house.of_service(name)
        place = next(place for place in PLACES if place not in {resident.place for resident in before})
        began = time.monotonic()
        await self.house.move_in(to, name, place)
        came = time.monotonic() - began
        await asyncio.sleep(TOGETHER)
        left = [await self.house.move_out(resident) for resident in before]
        self.house.see_that_all_live()
        return {"serves_after": round(came, 1), "left_within": round(max(left, default=0.0), 1)}


async def roll_all(folder: Path, to: str, report: dict[str, Any]) -> None:
    """Writes into `report` as it goes: whatever ends it, what was seen until then is told."""
    first, second = old(), new(to)
    report["from"] = FROM.read_text("utf-8").strip()
    began = time.monotonic()
    async with House.of(folder, first) as house:
        accounts = json.loads(house.accounts.read_text("utf-8"))
        load = Load(house.gateways, accounts, pause=PAUSE)
        async with Gateways.at(house.gateways, load.tally) as gateways:
            working = asyncio.create_task(load.run(gateways))
            rolling = Rolling(house, load, gateways, working)
            report["passes"] = rolling.passes
            try:
                await _whole(rolling, first, second, report)
            finally:
                load.stop.set()
                report["load"] = await working
        urls = {service.package: house.database(service.package, "jobs") for service in second.services if service.head is not None}
        report["events"] = await compared(urls, house.backing.addresses.kafka_bootstrap)
        report["verify"] = await _verified(house)
    report["seconds"] = round(time.monotonic() - began, 1)


async def _whole(rolling: Rolling, first: Version, second: Version, report: dict[str, Any]) -> None:
    house = rolling.house
    await asyncio.sleep(SETTLE)
    began = time.monotonic()
    await topics.make(house.backing.addresses.kafka_bootstrap)
    migrated = []
    for service in second.services:
        before = first.service(service.name)
        if service.head is not None and (before is None or before.head != service.head):
            await house.once(second, service, "migrate")
            migrated.append(f"{service.name} {before.head if before else 'new'} -> {service.head}")
    report["migrated"], report["migration_seconds"] = migrated, round(time.monotonic() - began, 1)
    await rolling.roll("up", second, chemicals_case)
    await house.load_references(second)
    await rolling.roll("down", first, welders_case)
    await rolling.roll("up again", second, None)
    await asyncio.sleep(SETTLE)


async def _verified(house: House) -> dict[str, Any]:
    """`python -m verify`; a ledger leaf may come a minute after its event."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "verify"), env=house.environment_of_tools(), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await child.communicate()
    lines = said.decode().splitlines()
    return {"holds": child.returncode == 0, "said": lines[-1] if lines else "", "broken": [line for line in lines if "VIOLATIONS" in line]}


def roll(folder: Path, file: Path, to: str = "") -> int:
    """`to`: the commit that is N+1; default: this checkout."""
    report: dict[str, Any] = {}
    try:
        asyncio.run(roll_all(folder, to, report))
    finally:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(report, ensure_ascii=False, indent=1), "utf-8")
        if "load" in report:
            print(told(report["load"]), flush=True)
    print(f"events: {report['events']}\nverify: {report['verify']['said']}\nreport: {file}")
    return 0 if clean(report["load"]) and not report["events"]["violations"] and report["verify"]["holds"] else 1

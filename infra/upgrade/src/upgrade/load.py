"""People at work through the gateway while something is done to the platform, and the account of it afterwards."""

import asyncio
import json
import signal
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from upgrade.client import Failed, Gateways, Refused, Unanswered
from upgrade.effects import Effects
from upgrade.tally import Tally
from upgrade.work import Cast, Work

REGISTRARS, READERS, PLANNERS = 3, 3, 1
SETTLED_WITHIN = 90.0
LOOK_AGAIN_AFTER = 0.5


class Load:
    """Use it as a context manager around what is done to the platform, or `python -m upgrade load` beside it."""

    def __init__(self, urls: Sequence[str], accounts: Sequence[Mapping[str, Any]], *, pause: float = 0.15) -> None:
        self.urls, self.pause = urls, pause
        self.accounts = {str(account["username"]): account for account in accounts}
        self.tally, self.stop = Tally(), asyncio.Event()
        self.effects: dict[str, Any] = {}

    async def run(self, given: Gateways | None = None) -> dict[str, Any]:
        """Works until `stop` is set, then counts. Answers the report."""
        async with AsyncExitStack() as stack:
            gateways = given if given is not None else await stack.enter_async_context(Gateways.at(self.urls, self.tally))
            cast = Cast(gateways, self.accounts)
            work = Work(cast, self.stop, pause=self.pause)
            for username in ("zhou", "wu", "zheng", "sun"):
                await self._in(work, username)
            tasks = [work.register] * REGISTRARS + [work.read] * READERS + [work.plan] * PLANNERS + [work.log_in]
            async with asyncio.TaskGroup() as group:
                for task in tasks:
                    group.create_task(work.keep_on(task))
            during = self.tally.report()
            after = await self._counted(work)
        return during | {"effects": after, "failed_while_counting": self.tally.failed.total() - during["failed"]}

    async def _in(self, work: Work, username: str) -> None:
        """Logged in once before the work begins; a login that fails stands in the tally and is tried again."""
        while not self.stop.is_set():
            try:
                await work.cast(username)
            except Unanswered:
                await asyncio.sleep(LOOK_AGAIN_AFTER)
            else:
                return

    async def _counted(self, work: Work) -> dict[str, Any]:
        """Documents of tasks that were approved last may still be on their way to the seal: they have a while for it."""
        deadline = time.monotonic() + SETTLED_WITHIN
        while True:
            effects = Effects(work)
            try:
                counted = await effects.count()
            except (Failed, Refused) as failure:
                counted = {"lost": 0, "doubled": 0, "violations": [f"cannot be counted: {failure!r}"]}
            if not counted["violations"] or time.monotonic() > deadline:
                return counted
            await asyncio.sleep(LOOK_AGAIN_AFTER)


def clean(report: Mapping[str, Any]) -> bool:
    """0 requests failed or unanswered, 0 effects lost or doubled, and there was work."""
    effects = report["effects"]
    worked = bool(report["answered"] and effects.get("acknowledged_enterprises"))
    return worked and not (report["failed"] or report["unknown"] or effects["violations"])


def told(report: Mapping[str, Any]) -> str:
    effects = report["effects"]
    lines = [
        f"{report['sent']} requests in {report['seconds']} s: {report['answered']} answered, {report['failed']} failed, "
        f"{report['unknown']} without an answer, refused {report['refused'] or 0}",
        f"effects: {effects.get('counted')}, {effects['lost']} lost, {effects['doubled']} doubled",
    ]
    lines += [f"  {failure['at']} {failure['method']} {failure['path']} {failure['said']}" for failure in report["failures"][:10]]
    lines += [f"  {violation}" for violation in effects["violations"][:10]]
    return "\n".join(lines)


async def until_stopped(made: Load, seconds: float) -> dict[str, Any]:
    """Until the time is over or a signal comes."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, made.stop.set)
    if seconds:
        loop.call_later(seconds, made.stop.set)
    return await made.run()


def load(urls: Sequence[str], accounts: Path, report: Path, *, seconds: float, pause: float) -> int:
    made = Load(urls, json.loads(accounts.read_text("utf-8")), pause=pause)
    found = asyncio.run(until_stopped(made, seconds))
    report.write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")
    print(told(found))
    return 0 if clean(found) else 1

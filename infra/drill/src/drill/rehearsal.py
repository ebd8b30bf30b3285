"""The rehearsal: a platform at work is backed up, lost, and comes back as it stood at one instant; each claim is checked."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, cast

import asyncpg
from embedded.state import CHECKOUT
from upgrade.client import Gateways, Person, Unanswered
from upgrade.load import Load
from upgrade.tally import Tally
from verify.ledger import SETTINGS

from drill import faults, picture, witness
from drill.backup import Archive, Backup, copy_secrets, copy_store
from drill.platform import Platform
from drill.refill import readers, refill, until_read
from drill.restore import restore

FOLDER = CHECKOUT / ".local" / "drill"
# So long people are at work before and after the instant; so long the readers lag behind when it comes.
WORK, LAG = 15.0, 3.0
SEEN_WITHIN = 150.0
LOOK_AGAIN_AFTER = 1.0
ANSWERED_WITHIN = 120.0
# What a second refill may touch: the marks of what was sent, and signatures that are due by the hour.
RESENT = ("outbox", "checkpoints")
T = TypeVar("T")


class NotProved(Exception):
    """The restored platform is not what was backed up, or a planted fault went unnoticed."""


class Rehearsal:
    def __init__(self, folder: Path = FOLDER) -> None:
        self.source, self.restored = Platform(folder / "source"), Platform(folder / "restored")
        self.backup, self.spare = Backup(folder / "backup"), folder / "spare"
        self.report: dict[str, Any] = {"seconds": {}}
        self.told: dict[str, picture.Table] = {}
        self.instant: datetime | None = None
        self.readers: dict[str, set[str]] = {}
        self.seen: tuple[list[witness.Seen], list[witness.Seen]] = ([], [])
        self.task: dict[str, Any] = {}

    async def run(self) -> dict[str, Any]:
        began = time.monotonic()
        for platform in (self.source, self.restored):
            platform.forget()
        faults.forget(self.backup.folder, self.spare)
        self.source.embedded("up", "--demo")
        try:
            await self._back_up()
        finally:
            self.source.embedded("down")
        self.say(f"the source is lost; {self.size() / 2**20:.0f} MiB of backup are left")
        compared = await self._timed("restore", self._restore())
        await faults.planted_in_backup(self.backup, self._instant, self.spare)
        try:
            await self._open_again(compared)
        finally:
            self.restored.embedded("down")
        self.report["seconds"]["whole drill"] = round(time.monotonic() - began, 1)
        return self.report

    # -- before the loss

    async def _back_up(self) -> None:
        admin = self.source.told["PG_ADMIN_URL"]
        load = Load([self.source.note["public_url"]], self.source.accounts)
        working = asyncio.create_task(load.run())
        try:
            async with Archive(self.backup, admin) as archive:
                await asyncio.sleep(WORK / 2)
                await self._timed("base backup", archive.take_base())
                await asyncio.sleep(WORK)
                self.task = await _a_task(self.source)
                await self._fix_instant(admin)
                await self._timed("log until the instant is here", archive.arrived())
                await asyncio.sleep(WORK / 2)
                await self._seen_outside()
                await archive.arrived()
            await archive.leave_server()
            still = await asyncio.to_thread(copy_store, self.backup, self.source.folder, self.source.processes("seaweedfs")[0])
            self.report["seconds"]["object store stood still"] = round(still, 2)
            copy_secrets(self.backup, self.source.folder)
        finally:
            load.stop.set()
            self.report["load"] = await working
        effects = self.report["load"]["effects"]
        self._prove(not effects["violations"], f"the load under the backup lost something: {effects['violations'][:3]}")

    async def _fix_instant(self, admin: str) -> None:
        """The instant, and what stands then. Readers lag by some seconds: what they have not read only the refill can bring."""
        async with picture.views(admin) as opened:
            watching = await asyncpg.connect(admin)
            try:
                with self.source.standing_still("evidence", "worklist"):
                    await asyncio.sleep(LAG)
                    began = time.monotonic()
                    with self.source.standing_still():
                        await picture.until_quiet(watching)
                        self.instant = await watching.fetchval("SELECT clock_timestamp()")
                        await picture.fix(opened.values())
                    self.report["seconds"]["everything stood still"] = round(time.monotonic() - began, 2)
            finally:
                await watching.close()
            self.told = await picture.seen(opened)
            self.seen = (await _checkpoints(opened["evidence"]), [])
        self.readers = await readers(self.source.told["KAFKA_BOOTSTRAP"])
        self.report |= {"instant": self._instant.isoformat(), "rows": sum(table.rows for table in self.told.values())}
        self.report |= {"tables": len(self.told), "databases": len({name.split()[0] for name in self.told})}
        self.say(f"the instant is {self._instant.isoformat()}: {self.report['rows']} rows in {self.report['tables']} tables")

    async def _seen_outside(self) -> None:
        """Somebody keeps a checkpoint that covers more than what stood at the instant."""
        connection = await asyncpg.connect(self.source.databases["evidence"])
        try:
            deadline = time.monotonic() + SEEN_WITHIN
            while not (later := [one for one in await _checkpoints(connection) if one.size > self.told["evidence public.leaves"].rows]):
                if time.monotonic() > deadline:
                    raise NotProved("no checkpoint was signed after the instant")
                await asyncio.sleep(LOOK_AGAIN_AFTER)
        finally:
            await connection.close()
        self.seen = (self.seen[0], later)

    # -- after it

    async def _restore(self) -> list[str]:
        async def look(url: str) -> list[str]:
            found = await picture.of(url)
            await faults.deleted_row(url, found)
            return picture.differences(self.told, found)

        return await restore(self.backup, self._instant, self.restored.folder, look)

    async def _open_again(self, compared: list[str]) -> None:
        self._prove(not compared, f"the restored tables differ from what stood at the instant: {compared[:10]}")
        self.say(f"every table is as it stood: {self.report['rows']} rows compared")
        await self._timed("start", asyncio.to_thread(self.restored.embedded, "up", "--demo"))
        urls, bootstrap = self.restored.databases, self.restored.told["KAFKA_BOOTSTRAP"]
        lacking = await _without_leaf(urls)
        self._prove(bool(lacking), "the readers lagged behind nothing: the drill proves nothing about the refill")
        began = time.monotonic()
        self.report["events sent again"] = await refill(urls)
        await until_read(urls, bootstrap, self.readers)
        self.report["seconds"]["refill"] = round(time.monotonic() - began, 1)
        left = await _without_leaf(urls)
        self._prove(not left, f"{len(left)} events are no leaf after the refill")
        self.report["events that only the refill could bring"] = len(lacking)
        await self._again_changes_nothing(urls, bootstrap)
        said = await self._timed("verify", asyncio.to_thread(self._verified))
        self.say(said)
        await self._serves()
        await self._ledger()
        await faults.missing_object(self.restored)

    async def _again_changes_nothing(self, urls: dict[str, str], bootstrap: str) -> None:
        """The inbox of each reader knows what it has read: filled twice is filled once."""
        admin = self.restored.told["PG_ADMIN_URL"]
        before = await picture.of(admin)
        await refill(urls)
        await until_read(urls, bootstrap, self.readers)
        after = await picture.of(admin)
        same = [name for name in before if name.split()[0] in {"evidence", "worklist"} and not name.endswith(RESENT)]
        changed = picture.differences(before, after, only=same)
        self._prove(not changed, f"a second refill changed {changed}")
        self.say(f"a second refill changed nothing in {len(same)} tables of the ledger and the worklist")

    def _verified(self) -> str:
        done = self.restored.tried("run", sys.executable, "-m", "verify")
        self._prove(done.returncode == 0, f"verify: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return f"verify: {done.stdout.strip().splitlines()[-1]}"

    async def _serves(self) -> None:
        """People log in anew, the task that was entered before the instant goes on, and the day's work as well."""
        url, accounts = self.restored.note["public_url"], {row["username"]: row for row in self.restored.accounts}
        tally = Tally()
        async with Gateways.at([url], tally) as gateways:
            lead, officer, unit = (Person(gateways, accounts[name]) for name in ("zhou", "wu", "zheng"))
            for person in (lead, officer, unit):
                await _until_answered(person, person.login)
            given: dict[str, Any] = {"officerIds": [lead.id, officer.id], "leadId": lead.id}
            path, version = f"/v1/inspections/{self.task['id']}:assign", self.task["version"]
            found = await _until_answered(unit, lambda: unit.post(path, version=version, **given))
        self._prove(found["state"] == "ASSIGNED", f"the task of before the instant does not go on: {found}")
        load = Load([url], self.restored.accounts)
        asyncio.get_running_loop().call_later(WORK, load.stop.set)
        done = await load.run()
        served = done["answered"] and done["effects"].get("acknowledged_enterprises") and not done["effects"]["violations"]
        self._prove(bool(served), f"the restored platform does not serve: {done['failures'][:5]} {done['effects']}")
        self.report["after"] = {"answered": done["answered"], "failed": done["failed"], "effects": done["effects"]["counted"]}
        self.say(f"the task goes on, {done['answered']} requests of a day's work are answered")

    async def _ledger(self) -> None:
        """Checkpoints of before the instant agree; those of after it are found to be contradicted."""
        url = self.restored.databases["evidence"]
        before, after = self.seen
        reproached = await witness.compared(url, before)
        self._prove(not reproached, f"the restored ledger contradicts its own past: {reproached}")
        found = await witness.compared(url, after)
        self._prove(len(found) == len(after), f"of {len(after)} checkpoints that the restore took back only {found} are noticed")
        self.report["checkpoints"] = {"kept": len(before), "taken back, and noticed": found}
        self.say(f"{len(before)} earlier checkpoints agree; noticed: {'; '.join(found)}")

    # --

    @property
    def _instant(self) -> datetime:
        if self.instant is None:
            raise NotProved("there is no instant yet")
        return self.instant

    def size(self) -> int:
        return sum(path.stat().st_size for path in self.backup.folder.rglob("*") if path.is_file())

    async def _timed(self, what: str, work: Awaitable[T]) -> T:
        began = time.monotonic()
        answer = await work
        self.report["seconds"][what] = round(time.monotonic() - began, 1)
        self.say(f"{what}: {self.report['seconds'][what]} s")
        return answer

    def _prove(self, holds: bool, otherwise: str) -> None:
        if not holds:
            raise NotProved(otherwise)

    def say(self, text: str) -> None:
        print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


async def _a_task(platform: Platform) -> dict[str, Any]:
    """I01: a story that begins before the loss and goes on after it."""
    accounts = {row["username"]: row for row in platform.accounts}
    async with Gateways.at([platform.note["public_url"]], Tally()) as gateways:
        lead = Person(gateways, accounts["zhou"])
        await _until_answered(lead, lead.login)
        known = (await _until_answered(lead, lambda: lead.get("/v1/enterprises", q="东莞")))["enterprises"]
        given: dict[str, Any] = {"source": "PLAN_GENERAL", "sourceRef": "演练", "title": "演练前登记的检查", "category": "WORK_SAFETY"}
        return await _until_answered(lead, lambda: lead.post("/v1/inspections", enterpriseId=known[-1]["id"], **given))


async def _until_answered(person: Person, ask: Callable[[], Awaitable[T]]) -> T:
    """As a person at a slow machine does: the same thing once more, with the same key. Raises what is no lack of an answer."""
    deadline, resend = time.monotonic() + ANSWERED_WITHIN, None
    while True:
        try:
            if resend is not None and resend.method == "POST" and resend.kind != "login":
                return cast("T", await person.again(resend))
            return await ask()
        except Unanswered as unanswered:
            if time.monotonic() > deadline:
                raise
            resend = unanswered.resend
            await asyncio.sleep(LOOK_AGAIN_AFTER)


async def _checkpoints(connection: asyncpg.Connection) -> list[witness.Seen]:
    return [witness.Seen.of(row["note"]) for row in await connection.fetch("SELECT note FROM checkpoints ORDER BY id")]


async def _without_leaf(urls: dict[str, str]) -> list[str]:
    """Events of the outboxes that are no leaf of the ledger."""
    told = "SELECT event_id::text AS id FROM outbox WHERE topic NOT LIKE '%.work.v1' AND topic <> ALL($1)"
    connections = {package: await asyncpg.connect(url) for package, url in urls.items()}
    try:
        leaves = {row["ce_id"] for row in await connections["evidence"].fetch("SELECT ce_id FROM leaves")}
        events = [row["id"] for one in connections.values() for row in await one.fetch(told, list(SETTINGS))]
    finally:
        for connection in connections.values():
            await connection.close()
    return [event for event in events if event not in leaves]

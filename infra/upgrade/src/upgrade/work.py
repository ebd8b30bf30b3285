"""What the load does: people log in, read, register and amend enterprises, and bring tasks to a sealed scheme."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from kernel.codes import uscc_check

from upgrade.client import Failed, Gateways, Person, Refused, Request, Unanswered

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
ROOT = "/44/"
AMENDED = ("二号", "三号")
SEALED = frozenset({"SEALED", "SERVING", "SERVED", "EFFECTIVE", "ARCHIVED"})
SEALED_WITHIN = 60.0
ATTEMPTS = 6
CODES = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass
class Written:
    """What was acknowledged, and what may have happened: for the count of effects."""

    registered: dict[str, str] = field(default_factory=dict)  # code -> id
    versions: dict[str, int] = field(default_factory=dict)  # id of an enterprise -> version
    tasks: dict[str, str] = field(default_factory=dict)  # id of a task -> id of its sealed scheme, or ""
    documents: dict[str, str] = field(default_factory=dict)  # id -> the last move that was acknowledged
    doubtful: list[tuple[Person, Request]] = field(default_factory=list)


class Cast:
    def __init__(self, gateways: Gateways, accounts: Mapping[str, Mapping[str, Any]]) -> None:
        self._gateways, self._accounts = gateways, accounts
        self._people: dict[str, Person] = {}

    async def __call__(self, username: str) -> Person:
        if username not in self._people:
            person = Person(self._gateways, self._accounts[username])
            await person.login()
            self._people[username] = person
        return self._people[username]

    def fresh(self, username: str) -> Person:
        return Person(self._gateways, self._accounts[username])


class Work:
    """Each `…s` is one worker: it goes on until `stop`, with a pause between two requests."""

    def __init__(self, cast: Cast, stop: asyncio.Event, *, pause: float) -> None:
        self.cast, self.stop, self.pause = cast, stop, pause
        self.written = Written()
        # A code of its own for each run, so that a second run on the same data registers other enterprises.
        self._run = "".join(random.choices(CODES, k=4))  # noqa: S311 - no secret
        self._number = 0

    @property
    def name(self) -> str:
        """With which the names of all enterprises of this run begin."""
        return f"东莞市升级{self._run}号"

    async def keep_on(self, work: Callable[[], Awaitable[None]]) -> None:
        while not self.stop.is_set():
            try:
                await work()
            except Unanswered as unanswered:
                await self._doubt(unanswered.resend)
            except (Failed, Refused):
                pass
            await self._rest(1)

    async def _doubt(self, request: Request) -> None:
        if request.method == "POST" and request.kind != "login":
            self.written.doubtful.append((await self.cast("zhou"), request))

    async def _rest(self, times: float) -> None:
        try:
            await asyncio.wait_for(self.stop.wait(), self.pause * times)
        except TimeoutError:
            return

    async def log_in(self) -> None:
        await self.cast.fresh("wu").login()
        await self._rest(4)

    async def read(self) -> None:
        zhou = await self.cast("zhou")
        for enterprise in list(self.written.versions)[-3:]:
            await zhou.get(f"/v1/enterprises/{enterprise}")
            await self._rest(1)
        for path in ("/v1/inspections", "/v1/todos", "/v1/deadlines", "/v1/document-forms"):
            await zhou.get(path)
            await self._rest(1)

    async def register(self) -> None:
        zhou = await self.cast("zhou")
        self._number += 1
        first17 = f"91441900MA{self._run}{_digits(self._number)}"
        code = first17 + uscc_check(first17)
        self.written.registered[code] = ""
        entity = await zhou.post(
            "/v1/enterprises",
            code=code,
            name=f"{self.name}{self._number}有限公司",
            regionCode="441900118",
            address="一号",
            legalRepresentative="陈某",
            phone="",
            industryCode="C33",
            grade="",
        )
        self.written.registered[code], self.written.versions[entity["id"]] = entity["id"], int(entity["version"])
        for address in AMENDED:
            await self._rest(1)
            entity = await zhou.post(f"/v1/enterprises/{entity['id']}:amend", version=entity["version"], address=address)
            self.written.versions[entity["id"]] = int(entity["version"])

    async def plan(self) -> None:
        """I01, I04, I06, a scheme with two signatures, I08; then the scheme is numbered, sealed and can be fetched."""
        lead, unit, dep = await self.cast("zhou"), await self.cast("zheng"), await self.cast("sun")
        officer = await self.cast("wu")
        if not self.written.versions:
            return
        # The newest: an enterprise is checked four times a year at most.
        enterprise = list(self.written.versions)[-1]
        task = await lead.post(
            "/v1/inspections",
            source="PLAN_GENERAL",
            sourceRef="升级",
            title="升级期间检查",
            enterpriseId=enterprise,
            category="WORK_SAFETY",
        )
        self.written.tasks[task["id"]] = ""
        await self._moved(unit, task["id"], "assign", officerIds=[lead.id, officer.id], leadId=lead.id)
        opens, ends = await self._window(lead)
        given = {"content": "现场检查", "method": "现场检查", "checkItemIds": ["WSL-30.1-1"]}
        await self._moved(lead, task["id"], "submitScheme", windowFrom=opens, windowTo=ends, **given)
        scheme = await lead.post(
            "/v1/documents", kind="document", form="F02", objectKind="inspection", objectId=task["id"], content={"contact": "陈某"}
        )
        self.written.documents[scheme["id"]] = "draft"
        scheme = await lead.post(f"/v1/documents/{scheme['id']}:submit", kind="document", version=scheme["version"])
        for reviewer in (unit, dep):
            signed = {"capacity": "REVIEWER", "method": "CERTIFICATE", "bodyDigest": scheme["bodyDigest"], "deviceId": "pad-0001"}
            await reviewer.post(f"/v1/documents/{scheme['id']}:sign", kind="document", opinion="同意", **signed)
        await self._moved(dep, task["id"], "approveScheme", documentId=scheme["id"])
        self.written.documents[scheme["id"]] = "approved"
        deadline = asyncio.get_running_loop().time() + SEALED_WITHIN
        while (await lead.get(f"/v1/documents/{scheme['id']}"))["state"] not in SEALED:
            if asyncio.get_running_loop().time() > deadline:
                return
            await self._rest(2)
        await lead.get(f"/v1/documents/{scheme['id']}/file")
        self.written.tasks[task["id"]] = scheme["id"]

    async def _moved(self, by: Person, task: str, verb: str, **given: Any) -> dict[str, Any]:
        """With the version as it stands: an event may change it between reading and writing, and then one reads again."""
        for _ in range(ATTEMPTS - 1):
            version = (await by.get(f"/v1/inspections/{task}"))["inspection"]["version"]
            try:
                return await by.post(f"/v1/inspections/{task}:{verb}", kind="move", version=version, **given)
            except Refused:
                await self._rest(1)
        version = (await by.get(f"/v1/inspections/{task}"))["inspection"]["version"]
        return await by.post(f"/v1/inspections/{task}:{verb}", kind="move", version=version, **given)

    async def _window(self, by: Person) -> tuple[str, str]:
        offset = int((await by.get("/v1/legal-now", root=ROOT)).get("offsetSeconds", "0"))
        # A year: a story beside the load may move the legal clock by months.
        first = (datetime.now(SHANGHAI) + timedelta(seconds=offset)).date()
        days = (first + timedelta(days=1), 9), (first + timedelta(days=366), 18)
        opens, ends = (datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI).astimezone(UTC) for day, hour in days)
        return opens.isoformat().replace("+00:00", "Z"), ends.isoformat().replace("+00:00", "Z")


def _digits(number: int) -> str:
    """Three characters of the alphabet of the code: enough for 29,791 enterprises in a run."""
    base = len(CODES)
    return "".join(CODES[number // base**place % base] for place in (2, 1, 0))

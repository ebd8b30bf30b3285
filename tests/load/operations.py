"""The operations whose cost is measured, by HTTP through a gateway as people do them; events as services leave them."""

import asyncio
import hashlib
import itertools
import os
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
from anzhi.identity.v1.events_pb2 import UserChanged
from embedded.demo.stage import a_picture
from load.bench_events import OUTBOX, items, reported, until
from load.bench_login import PEOPLE
from load.bench_moves import copies
from load.stage import Stage

AT_ONCE = 4
PAGE = 50
PICTURE = 1_000_000
SUMMONS = {
    "to_name": "邓某",
    "reason": "调查特种作业人员未持证上岗一案",
    "appear_at": "2022-12-23T09:00:00+08:00",
    "place": "东莞市大岭山镇应急管理分局",
}


@dataclass(frozen=True)
class Operation:
    """`work(number)` is done `times` times in each round. `carries` says what one of it comprises."""

    name: str
    times: int
    carries: str
    work: Callable[[int], Awaitable[Any]]
    # Makes what the rounds use up, before anything is measured.
    prepare: Callable[[int], Awaitable[Any]] | None = None
    # Done once a round instead of `work` once each: what leaves many in one statement.
    at_once: Callable[[int], Awaitable[Any]] | None = None


@dataclass
class Clerk:
    """One who calls the gateway with tokens of the demo accounts."""

    stage: Stage
    http: httpx.AsyncClient
    tokens: dict[str, str] = field(default_factory=dict)
    stock: dict[str, Iterator[str]] = field(default_factory=dict)

    async def login(self, username: str) -> str:
        answer = await self.http.post("/v1/login", json={"username": username, "password": self.stage.password(username)})
        access: str = _body(answer)["tokens"]["accessToken"]
        return access

    async def renew(self) -> None:
        """Tokens live ten minutes; nothing of this is measured."""
        for username in ("zhou", "sun"):
            self.tokens[username] = await self.login(username)

    async def get(self, username: str, path: str, **query: Any) -> Any:
        return _body(await self.http.get(path, params=query, headers={"authorization": f"Bearer {self.tokens[username]}"}))

    async def post(self, username: str, path: str, *, version: Any = None, **body: Any) -> Any:
        headers = {"authorization": f"Bearer {self.tokens[username]}", "idempotency-key": str(uuid4())}
        if version is not None:
            headers["if-match"] = f'"{version}"'
        return _body(await self.http.post(path, json=body, headers=headers))

    async def cases(self, state: str, number: int) -> None:
        self.stock[state] = iter(await copies(self.stage.told["PENALTIES_JOBS_URL"], number, state))


def _body(answer: httpx.Response) -> Any:
    if answer.is_error:
        raise RuntimeError(f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:400]}")
    return answer.json()


async def operations(clerk: Clerk, scale: float) -> list[Operation]:
    """Each often enough that the kernel's clock of 10 ms does not matter. `scale` makes it shorter for a trial."""
    case, inspection, party, words = await _known(clerk.stage)
    photos = itertools.count()

    async def login(number: int) -> None:
        await clerk.login(PEOPLE[number % len(PEOPLE)])

    async def read(_: int) -> None:
        await clerk.get("sun", f"/v1/cases/{case}")

    async def listed(_: int) -> None:
        await clerk.get("sun", "/v1/cases", pageSize=PAGE)

    async def todos(_: int) -> None:
        await clerk.get("zhou", "/v1/todos", pageSize=PAGE)

    async def laws(number: int) -> None:
        await clerk.get("zhou", "/v1/laws:search", q=words[number % len(words)], pageSize=10)

    async def enterprises(_: int) -> None:
        await clerk.get("zhou", "/v1/enterprises", q=party, pageSize=10)

    async def move(_: int) -> None:
        id = next(clerk.stock["NOTICE_DRAFT"])
        await clerk.post("sun", f"/v1/cases/{id}:move", version=1, move="return_notice", reason="更正")

    async def document(_: int) -> None:
        id = next(clerk.stock["INVESTIGATING"])
        drafted = await clerk.post("zhou", "/v1/documents", form="F15", objectKind="case", objectId=id, content=SUMMONS)
        await clerk.post("zhou", f"/v1/documents/{drafted['id']}:freeze", version=drafted["version"])
        await clerk.post("zhou", f"/v1/cases/{id}:releaseDocuments", version=1, documentIds=[drafted["id"]])
        while not (await clerk.get("zhou", f"/v1/documents/{drafted['id']}")).get("sha256"):
            await asyncio.sleep(0.2)

    async def upload(_: int) -> None:
        picture = a_picture(f"{next(photos)}", 128) + os.urandom(PICTURE)
        told = await clerk.post(
            "zhou",
            "/v1/evidence:announce",
            objectKind="inspection",
            objectId=inspection,
            title="现场照片",
            sha256=hashlib.sha256(picture).hexdigest(),
            size=str(len(picture)),
            mediaType="image/png",
            place="现场",
            deviceId="pad-0001",
        )
        async with httpx.AsyncClient(trust_env=False, timeout=30) as store:
            (await store.put(told["url"], content=picture, headers=told.get("headers", {}))).raise_for_status()
        item = await clerk.post("zhou", f"/v1/evidence/{told['id']}:confirm")
        await clerk.post(
            "zhou", f"/v1/evidence/{told['id']}:register", version=item["version"], kind="E1", source="现场检查", fact="现场", holder=""
        )

    async def events(number: int) -> None:
        message = UserChanged(user_id=str(uuid4()), org_id=str(uuid4()), org_path="/bench/", change="bench").SerializeToString()
        rows = [
            (uuid4(), "identity.user.v1", str(uuid4()), UserChanged.DESCRIPTOR.full_name, message, "/bench/", "") for _ in range(number)
        ]
        await _leave(clerk.stage.told["IDENTITY_JOBS_URL"], rows)

    async def consumed(number: int) -> None:
        evidence = await asyncpg.connect(clerk.stage.told["EVIDENCE_JOBS_URL"])
        try:
            ids = await items(evidence, number)
            await _leave(clerk.stage.told["PENALTIES_JOBS_URL"], [reported(id) for id in ids])
            await until(evidence, "SELECT NOT EXISTS (SELECT 1 FROM items WHERE id = ANY($1) AND state = 'REGISTERED')", ids)
        finally:
            await evidence.close()

    def times(number: int) -> int:
        return max(4, round(number * scale))

    async def nothing(_: int) -> None:
        """The round leaves them all in one statement."""

    return [
        Operation("login", times(100), "POST /v1/login, no second factor", login),
        Operation("read", times(800), "GET /v1/cases/{id} with its row in the read log", read),
        Operation("list", times(200), f"GET /v1/cases, a page of {PAGE}", listed),
        Operation("worklist", times(400), f"GET /v1/todos, a page of {PAGE}", todos),
        Operation("search-laws", times(400), "GET /v1/laws:search, 10 answers", laws),
        Operation("search-enterprises", times(400), "GET /v1/enterprises?q=, 10 answers", enterprises),
        Operation(
            "move",
            times(500),
            "POST /v1/cases/{id}:move with history, its events at all readers, to-dos and leaves of the ledger",
            move,
            prepare=lambda number: clerk.cases("NOTICE_DRAFT", number),
        ),
        Operation(
            "document",
            times(40),
            "F15 drafted, frozen, released, numbered, typeset, sealed and locked in the store; read until it is there",
            document,
            prepare=lambda number: clerk.cases("INVESTIGATING", number),
        ),
        Operation(
            "upload",
            times(150),
            f"evidence of {PICTURE // 1000} kB announced, put to the store, confirmed (read back and hashed), registered",
            upload,
        ),
        Operation("event", times(5000), "one row of an outbox to Kafka and to a leaf of the ledger", nothing, at_once=events),
        Operation(
            "consumed",
            times(1000),
            "one event to Kafka and a leaf, and read by a consumer that moves a machine, which tells it in turn",
            nothing,
            at_once=consumed,
        ),
    ]


async def _leave(url: str, rows: list[tuple[Any, ...]]) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.copy_records_to_table("outbox", records=rows, columns=OUTBOX)
    finally:
        await connection.close()


async def _known(stage: Stage) -> tuple[str, str, str, list[str]]:
    """The case and the inspection of the welders' story, its party, and words to search for."""
    connection = await asyncpg.connect(stage.told["PENALTIES_JOBS_URL"])
    try:
        row = await connection.fetchrow(
            "SELECT id, inspection_id FROM cases WHERE org_path LIKE '/44/4419/%' ORDER BY version DESC, id LIMIT 1"
        )
    finally:
        await connection.close()
    if row is None:
        raise RuntimeError("there is no case: the story has to be walked first")
    return str(row["id"]), str(row["inspection_id"]), "东莞", ["特种作业", "危险化学品", "第三十条", "罚款"]

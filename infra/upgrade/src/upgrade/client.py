"""A client that sends each request once: it goes to a gateway that says it is ready, as a balancer would send it, and never retries."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self
from uuid import uuid4

import httpx

from upgrade.tally import Tally

LOOK_AGAIN_AFTER = 0.2
TIMEOUT = 30.0
REFUSALS = range(400, 500)
TOO_MANY = 429
# What a caller meets when two act on one thing at once; everything else that is refused is a failure here.
EXPECTED = frozenset({"CHANGED_MEANWHILE"})


class Failed(Exception):
    """The request failed or nobody answered; it stands in the tally."""


class Refused(Exception):
    """An expected refusal."""


class Unanswered(Failed):
    """Whether it had an effect is not known."""

    def __init__(self, resend: "Request") -> None:
        super().__init__(resend.path)
        self.resend = resend


class Request:
    """One request as it was sent, so that it can be sent again with the same key when the run is over."""

    def __init__(self, kind: str, method: str, path: str, **given: Any) -> None:
        self.kind, self.method, self.path, self.given = kind, method, path, given


class Gateways:
    """One or several addresses of the gateway; with several it asks each whether it is ready."""

    def __init__(self, urls: Sequence[str], tally: Tally) -> None:
        self.tally = tally
        self._clients = {url: httpx.AsyncClient(base_url=url, timeout=TIMEOUT, trust_env=False) for url in urls}
        self._ready = list(urls)
        self._turn = itertools.count()

    @classmethod
    @asynccontextmanager
    async def at(cls, urls: Sequence[str], tally: Tally) -> AsyncIterator[Self]:
        made = cls(urls, tally)
        watching = asyncio.create_task(made._watch()) if len(urls) > 1 else None
        try:
            yield made
        finally:
            if watching is not None:
                watching.cancel()
            for client in made._clients.values():
                await client.aclose()

    async def _watch(self) -> None:
        async with httpx.AsyncClient(timeout=2.0, trust_env=False) as asking:
            while True:
                ready = []
                for url in self._clients:
                    try:
                        if (await asking.get(f"{url}/readyz")).status_code == httpx.codes.OK:
                            ready.append(url)
                    except httpx.HTTPError:
                        continue
                self._ready = ready or self._ready
                await asyncio.sleep(LOOK_AGAIN_AFTER)

    def next_ready(self) -> str:
        ready = self._ready
        return ready[next(self._turn) % len(ready)]

    async def send(self, request: Request) -> dict[str, Any]:
        """Raises: Refused, Failed."""
        kind, client = request.kind, self._clients[self.next_ready()]
        self.tally.sent[kind] += 1
        began = time.perf_counter()
        try:
            answer = await client.request(request.method, request.path, **request.given)
        except httpx.HTTPError as error:
            self.tally.fail(kind, request.method, request.path, f"{client.base_url}: {error!r}", unknown=True)
            raise Unanswered(request) from error
        self.tally.seconds[kind].append(time.perf_counter() - began)
        if answer.is_success:
            self.tally.answered[kind] += 1
            found: dict[str, Any] = answer.json() if "json" in answer.headers.get("content-type", "") else {}
            return found
        problem = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        reason = str(problem.get("reason", ""))
        if answer.status_code in REFUSALS and reason in EXPECTED:
            self.tally.refused[reason] += 1
            raise Refused(reason)
        # A write answered with 503 may have been done all the same: its effect is counted like that of an unanswered one.
        doubtful = answer.status_code not in REFUSALS
        self.tally.fail(
            kind,
            request.method,
            request.path,
            f"{client.base_url}: {answer.status_code} {reason} {problem.get('detail', '')}",
            unknown=False,
        )
        raise (Unanswered(request) if doubtful else Failed(reason))


class Person:
    """One account. Every write carries a fresh `Idempotency-Key`."""

    def __init__(self, gateways: Gateways, account: Mapping[str, Any]) -> None:
        self._gateways, self._account = gateways, account
        self._token, self._renew_at = "", 0.0
        self.id, self.org_path = "", ""

    async def login(self) -> None:
        asked = {"username": self._account["username"], "password": self._account["password"]}
        tokens = (await self._gateways.send(Request("login", "POST", "/v1/login", json=asked)))["tokens"]
        self._token, self._renew_at = tokens["accessToken"], time.monotonic() + 300
        self.id, self.org_path = tokens["userId"], tokens["orgPath"]

    async def get(self, path: str, *, kind: str = "read", **query: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {await self._current()}"}
        return await self._gateways.send(Request(kind, "GET", path, params=query, headers=headers))

    async def post(self, path: str, *, kind: str = "write", version: Any = None, **body: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {await self._current()}", "Idempotency-Key": str(uuid4())}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return await self._gateways.send(Request(kind, "POST", path, json=body, headers=headers))

    async def again(self, request: Request) -> dict[str, Any]:
        """What nobody answered, with the same key: the first effect or none becomes exactly one."""
        request.given["headers"]["Authorization"] = f"Bearer {await self._current()}"
        self._gateways.tally.again += 1
        return await self._gateways.send(request)

    async def _current(self) -> str:
        if time.monotonic() > self._renew_at:
            await self.login()
        return self._token

"""Sends what waits. Each endpoint has a lane of its own, so that one that hangs holds up nobody else.

A delivery is taken with a lease: who dies with it in hand leaves it to the next, who sends it again (at least once).
"""

import asyncio
import ipaddress
import json
import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import httpx
from kernel.moves import SYSTEM, Facts
from kernel.parameters import LawParameters
from opentelemetry import metrics
from servicekit.db import Sessions, transaction
from servicekit.measures import Measure
from servicekit.privacy import words_of
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from criminal_transfer.adapters.signing import Secrets
from criminal_transfer.adapters.store import Store
from criminal_transfer.domain.webhook import DeliveryState, EndpointState, after, check_url, is_public

log = logging.getLogger(__name__)
POLL_SECONDS = 0.25
# Of one endpoint at once: what is in hand, and how many of it are on their way.
BATCH, AT_ONCE = 64, 8
ANSWER_BYTES = 16_384
GONE = 410

_meter = metrics.get_meter("criminal-transfer")
delivered = _meter.create_counter(
    "anzhi.webhooks.sent", "{delivery}", "Tries of webhook deliveries, by the state that the delivery then had"
)
waiting = _meter.create_gauge("anzhi.webhooks.waiting", "{delivery}", "Webhook deliveries that wait for an active endpoint")
oldest = _meter.create_gauge("anzhi.webhooks.age", "s", "Age of the oldest webhook delivery that waits for an active endpoint")

_WAITING = text("""
SELECT count(*), coalesce(extract(epoch FROM now() - min(d.created_at)), 0)::float8 FROM deliveries d
JOIN webhook_endpoints e ON e.id = d.endpoint_id WHERE e.state = 'ACTIVE' AND d.state = 'WAITING'
""")
_DUE = text("""
SELECT DISTINCT e.id FROM webhook_endpoints e
WHERE e.state = 'ACTIVE' AND NOT e.id = ANY(:busy)
AND EXISTS (SELECT 1 FROM deliveries d WHERE d.endpoint_id = e.id AND d.state = 'WAITING' AND d.next_at <= now())
LIMIT 200
""")
_TAKE = text("""
UPDATE deliveries d SET next_at = now() + make_interval(secs => :lease)
FROM (
    SELECT w.id, e.url FROM deliveries w JOIN webhook_endpoints e ON e.id = w.endpoint_id
    WHERE w.endpoint_id = :endpoint AND e.state = 'ACTIVE' AND w.state = 'WAITING' AND w.next_at <= now()
    ORDER BY w.next_at, w.id LIMIT :batch FOR UPDATE OF w SKIP LOCKED
) chosen
WHERE d.id = chosen.id
RETURNING d.id, d.body, d.tries, chosen.url
""")
_TOLD = text("""
UPDATE deliveries d SET state = t.state, tries = t.tries, version = d.version + 1,
    next_at = now() + make_interval(secs => t.pause),
    delivered_at = CASE WHEN t.state = 'DELIVERED' THEN now() ELSE d.delivered_at END,
    attempts = (CASE WHEN jsonb_array_length(d.attempts) >= 20 THEN d.attempts - 0 ELSE d.attempts END) || t.attempt
FROM jsonb_to_recordset(CAST(:told AS jsonb)) AS t(id uuid, state text, tries bigint, pause float8, attempt jsonb)
WHERE d.id = t.id AND d.state = 'WAITING'
""")
_COUNTED = text("""
UPDATE webhook_endpoints SET failures = CASE WHEN :good THEN 0 ELSE failures + :bad END
WHERE id = :endpoint AND (NOT :good OR failures > 0)
""")


def of_webhooks(sessions: Sessions) -> Measure:
    async def measure_webhooks() -> None:
        async with sessions.engine(jobs=True).connect() as connection:
            count, age = (await connection.execute(_WAITING)).one()
        waiting.set(count)
        oldest.set(age)

    return measure_webhooks


@dataclass(frozen=True)
class Taken:
    id: UUID
    body: str
    tries: int
    url: str


class HostRefused(Exception):
    """The name stands for an address that nothing is sent to."""


class Sender:
    def __init__(
        self,
        sessions: Sessions,
        secrets: Secrets,
        *,
        pauses: Sequence[int],
        timeout_seconds: float,
        development: bool,
    ) -> None:
        self._sessions, self._secrets, self._tls = sessions, secrets, httpx.create_ssl_context()
        self._pauses, self._timeout, self._development = tuple(pauses), timeout_seconds, development
        self._lanes: dict[UUID, asyncio.Task[None]] = {}

    async def run(self, stop: asyncio.Event) -> None:
        try:
            while not stop.is_set():
                await self._open_lanes(stop)
                try:
                    await asyncio.wait_for(stop.wait(), POLL_SECONDS)
                except TimeoutError:
                    continue
        finally:
            # What is on its way keeps its lease and is sent again later.
            for lane in self._lanes.values():
                lane.cancel()
            await asyncio.gather(*self._lanes.values(), return_exceptions=True)

    async def _open_lanes(self, stop: asyncio.Event) -> None:
        for endpoint, lane in list(self._lanes.items()):
            if lane.done():
                del self._lanes[endpoint]
                if (failed := lane.exception()) is not None:
                    log.warning("endpoint %s: %s", endpoint, words_of(failed))
        async with self._connection() as connection:
            due = (await connection.execute(_DUE, {"busy": list(self._lanes)})).scalars().all()
        for endpoint in due:
            self._lanes[endpoint] = asyncio.create_task(self._lane(endpoint, stop), name=f"webhooks {endpoint}")

    async def _lane(self, endpoint: UUID, stop: asyncio.Event) -> None:
        """Until nothing of this endpoint is due."""
        slots = asyncio.Semaphore(AT_ONCE)
        # Connections of its own: those of one that hangs are in nobody's way.
        async with httpx.AsyncClient(verify=self._tls, timeout=None, trust_env=False) as client:  # noqa: S113 - `_send` has its own

            async def send(one: Taken) -> dict[str, Any]:
                async with slots:
                    return await self._send(client, endpoint, one)

            while not stop.is_set():
                taken = await self._take(endpoint)
                if not taken:
                    return
                told = await asyncio.gather(*(send(one) for one in taken))
                await self._note(endpoint, told)

    async def _take(self, endpoint: UUID) -> list[Taken]:
        # Long enough for all of a batch to time out, eight at a time.
        lease = self._timeout * (BATCH / AT_ONCE + 1) + 5
        async with self._connection() as connection:
            rows = await connection.execute(_TAKE, {"endpoint": endpoint, "batch": BATCH, "lease": lease})
            return [Taken(row.id, row.body, row.tries, row.url) for row in rows]

    async def _send(self, client: httpx.AsyncClient, endpoint: UUID, one: Taken) -> dict[str, Any]:
        """Every try counts, whatever becomes of it."""
        began, at = time.monotonic(), datetime.now(UTC)
        status, error = 0, ""
        try:
            async with asyncio.timeout(self._timeout):
                status = await self._post(client, endpoint, one, int(at.timestamp()))
        except TimeoutError:
            error = f"no answer in {self._timeout:g} s"
        except (httpx.HTTPError, httpx.InvalidURL, HostRefused, OSError) as fault:
            error = f"{type(fault).__name__}: {fault}"[:200]
        state, pause = after(one.tries + 1, status, self._pauses)
        attempt = {"at": at.isoformat(), "status": status, "error": error, "milliseconds": int((time.monotonic() - began) * 1000)}
        return {"id": str(one.id), "state": state, "tries": one.tries + 1, "pause": pause, "attempt": [attempt]}

    async def _post(self, client: httpx.AsyncClient, endpoint: UUID, one: Taken, timestamp: int) -> int:
        url, extra, extensions = await self._reached(one.url)
        headers = {
            "content-type": "application/json",
            "user-agent": "anzhi-webhooks/1",
            "webhook-id": str(one.id),
            "webhook-timestamp": str(timestamp),
            "webhook-signature": self._secrets.signature(endpoint, str(one.id), timestamp, one.body),
            **extra,
        }
        request = client.build_request("POST", url, content=one.body.encode(), headers=headers, extensions=extensions)
        answer = await client.send(request, stream=True, follow_redirects=False)
        try:
            size = 0
            async for piece in answer.aiter_raw():
                size += len(piece)
                if size > ANSWER_BYTES:
                    break
        finally:
            await answer.aclose()
        return answer.status_code

    async def _reached(self, url: str) -> tuple[str, Mapping[str, str], dict[str, Any]]:
        """Where the host stands now. In production the address that was looked at is the one that is called."""
        check_url(url, development=self._development)
        if self._development:
            return url, {}, {}
        parts = urlsplit(url)
        host = parts.hostname or ""
        found = await asyncio.get_running_loop().getaddrinfo(host, parts.port or 443, type=1)
        addresses = [ipaddress.ip_address(one[4][0]) for one in found]
        if not addresses or not all(is_public(address) for address in addresses):
            raise HostRefused(f"{host} is not a public host")
        chosen = str(addresses[0])
        place = f"[{chosen}]" if ":" in chosen else chosen
        port = f":{parts.port}" if parts.port else ""
        called = urlunsplit(("https", f"{place}{port}", parts.path or "/", parts.query, ""))
        return called, {"host": f"{host}{port}"}, {"sni_hostname": host}

    async def _note(self, endpoint: UUID, told: Sequence[dict[str, Any]]) -> None:
        statuses = [one["attempt"][0]["status"] for one in told]
        good = any(one["state"] == DeliveryState.DELIVERED for one in told)
        bad = sum(one["state"] != DeliveryState.DELIVERED for one in told)
        for one in told:
            delivered.add(1, {"outcome": str(one["state"])})
        async with self._connection() as connection:
            await connection.execute(_TOLD, {"told": json.dumps(told)})
            await connection.execute(_COUNTED, {"endpoint": endpoint, "good": good, "bad": bad})
        if GONE in statuses:
            await self._close(endpoint)

    async def _close(self, endpoint: UUID) -> None:
        """410: the receiver says that it is no more."""
        async with transaction(self._sessions, Store, jobs=True, scope="/") as uow:
            held = await uow.endpoint(endpoint)
            if held.state is EndpointState.ACTIVE:
                facts = Facts(by=SYSTEM, now=datetime.now(UTC), law=LawParameters.shipped())
                held.disable(reason="the receiver answered 410", facts=facts)

    def _connection(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self._sessions.engine(jobs=True).begin()

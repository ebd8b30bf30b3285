"""Webhook deliveries a second to ten partners of whom one never answers, and how long a delivery to the others waits meanwhile."""

import asyncio
import time
from contextlib import AsyncExitStack

import asyncpg
from load.bench_worklist import admin_url
from load.measure import Line
from load.stage import Stage

PARTNERS, EACH, BUDGET, LONGEST = 10, 2_000, 200.0, 120.0

ROWS = """
WITH endpoints AS (
    INSERT INTO webhook_endpoints (id, org_path, client_id, url, registered_at, failures, state, version)
    SELECT gen_random_uuid(), '/partner:bench-' || n || '/', 'bench-' || n, 'http://127.0.0.1:' || (ARRAY[{ports}])[n] || '/',
        now(), 0, 'ACTIVE', 1
    FROM generate_series(1, {partners}) n RETURNING id, org_path
)
INSERT INTO deliveries (id, org_path, endpoint_id, type, transfer_id, body, created_at, next_at, tries, attempts, state, version)
SELECT gen_random_uuid(), org_path, id, 'transfer.delivered', gen_random_uuid(),
    '{{"type":"transfer.delivered","data":{{"transfer_id":"4f8c2d3e-0000-4000-8000-000000000000"}}}}', now(), now(), 0, '[]', 'WAITING', 1
FROM endpoints, generate_series(1, {each})
"""
NOTED = """
SELECT count(*), extract(epoch FROM max(delivered_at - created_at)) FROM deliveries
WHERE org_path LIKE '/partner:bench-%' AND state = 'DELIVERED'
"""
CLEAN = (
    "DELETE FROM deliveries WHERE org_path LIKE '/partner:bench-%'; DELETE FROM webhook_endpoints WHERE org_path LIKE '/partner:bench-%'"
)


class Receivers:
    """Ten ports that answer 204 as fast as they can; the last never does."""

    def __init__(self) -> None:
        self.came, self.over = 0, asyncio.Event()

    async def open(self, stack: AsyncExitStack, *, hangs: bool) -> int:
        server = await asyncio.start_server(self._hang if hangs else self._answer, "127.0.0.1", 0)
        stack.callback(server.close)
        return int(server.sockets[0].getsockname()[1])

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                size = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
                await reader.readexactly(size)
                self.came += 1
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _hang(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.over.wait()
        writer.close()


async def run(stage: Stage) -> list[Line]:
    connection = await asyncpg.connect(admin_url(stage, "criminal_transfer"))
    try:
        taken, came, late = await _sent(connection, hanging=True)
        alone, all_came, _ = await _sent(connection, hanging=False)
    finally:
        await connection.execute(CLEAN)
        await connection.close()
    rate, free = came / taken, all_came / alone
    note = f"the nine others had theirs in {taken:.1f} s; without a hanging one {free:,.0f}/s; slowest waited {late:.1f} s"
    return [Line("webhooks, one partner of ten hangs", rate, "/s", f">= {BUDGET:.0f} /s", rate >= BUDGET and rate > free / 3, note=note)]


async def _sent(connection: asyncpg.Connection, *, hanging: bool) -> tuple[float, int, float]:
    """By the platform's own sender: seconds until all that can be delivered is, how many that are, and how long the last waited."""
    async with AsyncExitStack() as stack:
        receivers = Receivers()
        stack.callback(receivers.over.set)
        ports = [await receivers.open(stack, hangs=hanging and number == PARTNERS - 1) for number in range(PARTNERS)]
        await connection.execute(CLEAN)
        wanted = EACH * (PARTNERS - 1 if hanging else PARTNERS)
        await connection.execute(ROWS.format(ports=",".join(map(str, ports)), partners=PARTNERS, each=EACH))
        began = time.perf_counter()
        while receivers.came < wanted and time.perf_counter() - began < LONGEST:
            await asyncio.sleep(0.02)
        taken, late = time.perf_counter() - began, 0
        # What was answered is noted a moment later.
        noted = 0
        while noted < receivers.came and time.perf_counter() - began < LONGEST:
            await asyncio.sleep(0.1)
            noted, late = await connection.fetchrow(NOTED)
        return taken, receivers.came, float(late or 0)

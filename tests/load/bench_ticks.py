"""One sweep in which 1,000 of a million running deadlines fall due, by two sweepers at once beside the service's own."""

import asyncio
import time

import asyncpg
from load.bench_worklist import admin_url
from load.measure import Line
from load.stage import Stage
from servicekit.db import Uow, database, work_topic
from servicekit.settings import ServiceSettings
from servicekit.ticks import Ticks

RUNNING, DUE, ROOT, BUDGET = 1_000_000, 1_000, "/bench-ticks/", 30.0

ROWS = """
INSERT INTO timers (id, timer, object_kind, object_id, org_path, starts_at, events, params, state, raw, legal_expiry, internal_due,
    expires_at, provisional, law, law_version, derivation, earlier)
SELECT gen_random_uuid(), 'D12', 'case', gen_random_uuid(), '/bench-ticks/44/' || n % 200 || '/', now(), '[]', '{{"policy": "APL"}}',
    'RUNNING', '2026-12-01', '2026-12-01', '2026-12-01',
    now() + CASE WHEN n <= {due} THEN interval '30 days' ELSE interval '60 days' + n * interval '1 second' END,
    false, 'APL', '1', '["90 calendar days end on 1 December 2026, a working day."]', '[]'
FROM generate_series(1, {running}) n;
ANALYZE timers
"""


class Told(Uow):
    """With the feed, as the services that own deadlines have it."""

    topics = (work_topic("penalties"),)


async def run(stage: Stage) -> list[Line]:
    connection = await asyncpg.connect(admin_url(stage, "worklist"))
    try:
        await connection.execute(
            "INSERT INTO legal_clock (root, offset_seconds) VALUES ($1, 0) ON CONFLICT (root) DO UPDATE SET offset_seconds = 0", ROOT
        )
        await connection.execute(ROWS.format(due=DUE, running=RUNNING), timeout=600)
        given = ServiceSettings(service_name="bench", database_jobs_url=stage.told["WORKLIST_JOBS_URL"], legal_clock=True)
        async with database(given) as sessions:
            one, two = (Ticks(sessions, Told, {}, given) for _ in range(2))
            idle = await _idle(one)
            await connection.execute("UPDATE legal_clock SET offset_seconds = $2 WHERE root = $1", ROOT, 40 * 86_400)
            began = time.perf_counter()
            await asyncio.gather(one.sweep(), two.sweep())
            taken = time.perf_counter() - began
        counted = await connection.fetchrow(
            "SELECT count(*) AS lines, count(DISTINCT cause) AS timers FROM history WHERE org_path LIKE $1", f"{ROOT}%"
        )
        left = await connection.fetchval("SELECT count(*) FROM timers WHERE org_path LIKE $1 AND state = 'BREACHED'", f"{ROOT}%")
    finally:
        await connection.close()
    once = counted["lines"] == counted["timers"] == left == DUE
    return [
        Line(
            "sweep of 1,000 due among 1 M running",
            taken,
            "s",
            f"< {BUDGET:.0f} s",
            taken < BUDGET and once,
            note=f"{'each once' if once else 'NOT once'}; a look with nothing due {idle * 1000:.1f} ms",
        )
    ]


async def _idle(ticks: Ticks) -> float:
    """What a look costs while nothing is due."""
    began = time.perf_counter()
    await ticks.sweep()
    return time.perf_counter() - began

"""A page of the worklist for an officer with 200 to-dos among a million open ones, by gRPC; and the page of a whole bureau's deadlines."""

import asyncio
import json
import time
from base64 import urlsafe_b64decode
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import grpc.aio
from anzhi.worklist.v1 import worklist_pb2 as pb
from anzhi.worklist.v1.worklist_pb2_grpc import WorklistServiceStub
from load.bench_moves import token
from load.measure import Line, percentile
from load.stage import Stage

MATTERS, MINE, OFFICERS = 1_000_000, 200, 5_000
PAGES, AT_ONCE, BUDGET = 1_000, 2, 100.0

# Every matter has an officer of its own, its unit and its chief: three seats, and a deadline that runs.
ROWS = """
CREATE TEMPORARY TABLE made AS
SELECT gen_random_uuid() AS object_id, gen_random_uuid() AS deadline_id, now() + (n % 90) * interval '1 day' AS ends_at,
    CASE WHEN n <= {mine} THEN '{me}' ELSE 'officer-' || n % {officers} END AS officer
FROM generate_series(1, {matters}) n;
INSERT INTO todos (object_id, object_kind, org_path, service, state, version, number, party_id, officer_ids, lead_id, moves, moved_at,
    recorded_at, whole_kind, due_at)
SELECT object_id, 'case', '{place}', 'penalties', 'INVESTIGATING', 7, '〔2026〕' || left(object_id::text, 8) || '号', '',
    ARRAY[officer], officer, '{moves}', now(), now(), '', ends_at FROM made;
INSERT INTO seats (seat, object_id, object_kind, org_path, due_at)
SELECT seat, object_id, 'case', '{place}', ends_at
FROM made, unnest(ARRAY[officer, 'UNIT@{place}', 'CHIEF@/44/4419/']) seat;
INSERT INTO deadlines (id, org_path, root, place_2, place_3, service, timer, who, object_kind, object_id, state, open, presses,
    starts_at, raw, legal_expiry, internal_due, expires_at, ends_at, provisional, law, law_version, derivation, earlier, recorded_at)
SELECT deadline_id, '{place}', '/44/', '/44/4419/', '{place}', 'penalties', 'D12', 'A', 'case', object_id, 'RUNNING', true, true, now(),
    '2026-12-01', '2026-12-01', '2026-12-01', ends_at, ends_at, false, 'APL', '1', '{derivation}', '[]', now() FROM made;
ANALYZE todos; ANALYZE seats; ANALYZE deadlines;
"""
MOVES = [
    {"row": "PC14", "move": "report", "by": "LEAD", "actors": [{"role": "LEAD", "delegated": ""}], "stops": ["D12"]},
    {"row": "PC15", "move": "review", "by": "UNIT", "actors": [{"role": "UNIT", "delegated": ""}], "stops": []},
]
DERIVATION = ["The period begins on the day after 2 September 2026.", "90 calendar days end on 1 December 2026, a working day."]


def admin_url(stage: Stage, service: str) -> str:
    """Into the service's database past row security, for rows that nobody told."""
    parts = urlsplit(stage.told["PG_ADMIN_URL"])
    return urlunsplit(parts._replace(path=urlsplit(stage.told[f"{service.upper()}_JOBS_URL"]).path))


async def fill(stage: Stage, me: str, place: str) -> float:
    connection = await asyncpg.connect(admin_url(stage, "worklist"))
    try:
        began = time.perf_counter()
        given = {"moves": json.dumps(MOVES), "derivation": json.dumps(DERIVATION)}
        await connection.execute(ROWS.format(me=me, place=place, mine=MINE, officers=OFFICERS, matters=MATTERS, **given), timeout=1_200)
        return time.perf_counter() - began
    finally:
        await connection.close()


def claims(access: str) -> dict[str, str]:
    body = access.split(".")[1]
    found: dict[str, str] = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return found


async def run(stage: Stage) -> list[Line]:
    access = await token(stage, "zhou")
    me = claims(access)
    filled = await fill(stage, me["sub"], me["path"])
    metadata = (("authorization", f"Bearer {access}"),)
    async with grpc.aio.insecure_channel(stage.target("worklist")) as channel:
        stub = WorklistServiceStub(channel)
        first = await stub.ListMyTodos(pb.ListMyTodosRequest(page_size=200), timeout=30, metadata=metadata)
        if len(first.todos) < MINE:
            raise RuntimeError(f"he has {len(first.todos)} to-dos, not {MINE}")

        async def timed(call: object, request: object) -> list[float]:
            taken: list[float] = []

            async def worker() -> None:
                while len(taken) < PAGES:
                    began = time.perf_counter()
                    await call(request, timeout=30, metadata=metadata)  # type: ignore[operator]
                    taken.append((time.perf_counter() - began) * 1000)

            await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
            return taken

        mine = await timed(stub.ListMyTodos, pb.ListMyTodosRequest())
        bureau = await timed(stub.ListDeadlines, pb.ListDeadlinesRequest())
    note = f"{AT_ONCE} at once; rows made in {filled:.0f} s"
    return [
        Line(
            "worklist page among 1 M open, p99",
            percentile(mine, 0.99),
            "ms",
            f"< {BUDGET:.0f} ms",
            percentile(mine, 0.99) < BUDGET,
            note=f"p50 {percentile(mine, 0.5):.1f} ms; {note}",
        ),
        Line("deadlines of a body among 1 M, p99", percentile(bureau, 0.99), "ms", f"< {BUDGET:.0f} ms", percentile(bureau, 0.99) < BUDGET),
    ]

"""The bare library beside the gateway: FastAPI and asyncpg, the same rows of one case, the same line in the read log."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
from fastapi import FastAPI, HTTPException

CASE = "SELECT * FROM cases WHERE id = $1"
TIMERS = "SELECT * FROM timers WHERE object_id = $1 ORDER BY starts_at, id"
READ = """
INSERT INTO reads (rpc, object_id, query, by, service, org_id, org_path, reason, trace_id)
VALUES ('bare', $1, '{}', 'bare', '', '', '/', '', '')
"""


@asynccontextmanager
async def pool(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["DATABASE"], min_size=8, max_size=8) as made:
        app.state.pool = made
        yield


app = FastAPI(lifespan=pool)


@app.get("/cases/{id}")
async def case(id: UUID) -> dict[str, Any]:
    async with app.state.pool.acquire() as connection, connection.transaction():
        row = await connection.fetchrow(CASE, id)
        if row is None:
            raise HTTPException(404)
        timers = await connection.fetch(TIMERS, id)
        await connection.execute(READ, str(id))
    return {**row, "deadlines": [dict(timer) for timer in timers]}

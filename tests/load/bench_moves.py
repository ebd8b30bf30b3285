"""Moves of a case a second: PC59 (a notice goes back) by gRPC, each committed with its history and its event."""

from itertools import islice
from uuid import uuid4

import asyncpg
import grpc.aio
from anzhi.identity.v1 import identity_pb2
from anzhi.identity.v1.identity_pb2_grpc import IdentityServiceStub
from anzhi.penalties.v1 import penalties_pb2 as pb
from anzhi.penalties.v1.penalties_pb2_grpc import PenaltiesServiceStub
from load.measure import RUNS, Line, median, rate
from load.stage import Stage

SECONDS, BUDGET, EACH = 5.0, 400, 3000


async def copies(url: str, number: int, state: str = "NOTICE_DRAFT") -> list[str]:
    """New cases after the first one, in this state. Answers their ids."""
    connection = await asyncpg.connect(url)
    try:
        columns = [
            row["column_name"]
            for row in await connection.fetch(
                "SELECT column_name FROM information_schema.columns WHERE table_name = 'cases' ORDER BY ordinal_position"
            )
        ]
        changed = {
            "id": "gen_random_uuid()",
            "state": f"'{state}'",
            "version": "1",
            "number": "''",
            "notices": "'[]'",
            "decided_by": "''",
        }
        taken = ", ".join(changed.get(column, column) for column in columns)
        rows = await connection.fetch(
            f"INSERT INTO cases ({', '.join(columns)}) SELECT {taken}"
            " FROM (SELECT * FROM cases WHERE org_path LIKE '/44/4419/%' ORDER BY version DESC, id LIMIT 1) first,"
            " generate_series(1, $1) RETURNING id",
            number,
        )
    finally:
        await connection.close()
    if len(rows) != number:
        raise RuntimeError("there is no case to copy: the story has to be walked first")
    return [str(row["id"]) for row in rows]


async def token(stage: Stage, username: str) -> str:
    async with grpc.aio.insecure_channel(stage.target("identity")) as channel:
        asked = identity_pb2.LoginRequest(username=username, password=stage.password(username))
        return (await IdentityServiceStub(channel).Login(asked, timeout=10)).tokens.access_token


async def run(stage: Stage) -> list[Line]:
    ids = iter(await copies(stage.told["PENALTIES_JOBS_URL"], EACH * RUNS))
    metadata = (("authorization", f"Bearer {await token(stage, 'sun')}"),)
    rates = []
    async with grpc.aio.insecure_channel(stage.target("penalties")) as channel:
        stub = PenaltiesServiceStub(channel)
        for _ in range(RUNS):
            mine = islice(ids, EACH)

            async def move(_: int, mine: "islice[str]" = mine) -> None:
                asked = pb.MoveCaseRequest(request_id=str(uuid4()), id=next(mine), version=1, move="return_notice", reason="更正")
                await stub.MoveCase(asked, timeout=10, metadata=metadata)

            rates.append(await rate(move, at_once=16, seconds=SECONDS))
    return [Line("case move, committed", median(rates), "/s", f">= {BUDGET} /s", median(rates) >= BUDGET)]

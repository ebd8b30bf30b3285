"""What PostgreSQL itself refuses, whatever the code forgets."""

from uuid import uuid4

import asyncpg
import pytest
from anzhi.type.v1 import types_pb2
from testkit import a_user
from toy.v1 import toy_pb2 as pb
from toy.v1.toy_pb2_grpc import ToyServiceStub

ALL = ("toy.read", "toy.write")


@pytest.fixture
async def two_bodies(toy, world):
    paths = []
    for _ in range(2):
        root = world.a_root()
        stub = await toy.stub(ToyServiceStub, a_user(org_path=root, permissions=ALL))
        parcel = await stub.PlaceParcel(pb.PlaceParcelRequest(request_id=str(uuid4()), title="x", worth=types_pb2.Money(fen=1)))
        await stub.GetParcel(pb.GetParcelRequest(id=parcel.id))
        paths.append(root)
    return paths


@pytest.mark.parametrize("table", ["parcels", "history", "timers", "reads", "requests"])
async def test_without_a_scope_the_serve_role_sees_nothing(toy, two_bodies, table):
    connection = await asyncpg.connect(toy.database.serve)
    try:
        assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0
        async with connection.transaction():
            await connection.execute("SELECT set_config('anzhi.scope', $1, true)", two_bodies[0])
            assert {row["org_path"] for row in await connection.fetch(f"SELECT org_path FROM {table}")} == {two_bodies[0]}
        # The setting is now '' and not unset: with '' every path would start.
        assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0
    finally:
        await connection.close()


async def test_the_serve_role_cannot_write_for_another_body(toy, two_bodies):
    connection = await asyncpg.connect(toy.database.serve)
    try:
        async with connection.transaction():
            await connection.execute("SELECT set_config('anzhi.scope', $1, true)", two_bodies[0])
            assert await connection.execute("UPDATE parcels SET title = 'y' WHERE org_path = $1", two_bodies[1]) == "UPDATE 0"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with connection.transaction():
                await connection.execute("SELECT set_config('anzhi.scope', $1, true)", two_bodies[0])
                await connection.execute("UPDATE parcels SET org_path = $1 WHERE org_path = $2", two_bodies[1], two_bodies[0])
    finally:
        await connection.close()


@pytest.mark.parametrize("role", ["serve", "jobs"])
@pytest.mark.parametrize("table", ["history", "reads"])
@pytest.mark.parametrize("change", ["UPDATE {} SET org_path = '/'", "DELETE FROM {}", "TRUNCATE {}"])
async def test_nobody_who_works_changes_history(toy, role, table, change):
    connection = await asyncpg.connect(getattr(toy.database, role))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(change.format(table))
    finally:
        await connection.close()


async def test_jobs_sees_every_body(toy, two_bodies):
    rows = await toy.sql("SELECT DISTINCT org_path FROM parcels", role="jobs")

    assert set(two_bodies) <= {row["org_path"] for row in rows}


@pytest.mark.parametrize("role", ["serve", "jobs"])
async def test_who_works_cannot_change_tables(toy, role):
    connection = await asyncpg.connect(getattr(toy.database, role))
    try:
        for statement in ("ALTER TABLE parcels DISABLE ROW LEVEL SECURITY", "DROP TABLE parcels", "CREATE TABLE mine (id int)"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()

"""The version in production lives on with the schema of the checkout; breaks planted in a real database are found."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio
from testkit.database import drop_database, make_database
from testkit.world import World
from upgrade.schema import breaks, compared, known, seen
from upgrade.version import NoSuchVersion, new, old

SERVICE = "penalties"
PLANTED = {
    "ALTER TABLE cases DROP COLUMN number": "cases.number is gone",
    "ALTER TABLE cases RENAME COLUMN number TO code": "cases.number is gone",
    "ALTER TABLE cases ALTER COLUMN version TYPE numeric": "cases.version is numeric, it was bigint",
    "ALTER TABLE cases ADD COLUMN grade text NOT NULL": "cases.grade needs a value",
    "ALTER TABLE cases ADD CONSTRAINT ck CHECK (version > 0)": "cases ck is a rule that the running version does not know",
    "ALTER TABLE requests DROP CONSTRAINT pk_requests": "requests pk_requests is not what it was",
    "REVOKE INSERT ON cases FROM penalties_serve": "penalties_serve INSERT cases is taken",
    "DROP POLICY cases_serve ON cases": "policy cases cases_serve is not what it was",
    "DROP TABLE reads": "table reads is gone",
}


@pytest_asyncio.fixture
async def owner(world: World) -> AsyncIterator[asyncpg.Connection]:
    name = f"{world.prefix}_next_{uuid4().hex[:4]}"
    database = await make_database(world.addresses.pg_admin_url, SERVICE, name)
    connection = await asyncpg.connect(database.owner)
    yield connection
    await connection.close()
    await drop_database(world.addresses.pg_admin_url, name)


async def test_each_planted_break_is_found(owner: asyncpg.Connection) -> None:
    version = new()
    service = version.service(SERVICE)
    assert service is not None
    tables, before = known(version, service), await seen(owner)
    assert breaks(tables, before, before) == []
    for statement, said in PLANTED.items():
        planting = owner.transaction()
        await planting.start()
        await owner.execute(statement)
        found = breaks(tables, before, await seen(owner))
        await planting.rollback()
        assert any(line.startswith(said) for line in found), (statement, found)


async def test_the_version_in_production_lives_on_with_the_schema_of_this_checkout(tmp_path: Path) -> None:
    try:
        first = old()
    except NoSuchVersion as missing:
        pytest.skip(str(missing))

    found = await compared(tmp_path, first, new())

    assert set(found) == {service.name for service in first.services if service.head is not None}
    assert {name: lines for name, lines in found.items() if lines} == {}

"""What a cluster holds at one instant: of each table of each database how many rows, and a sum over them that any change changes."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import asyncpg

QUIET_WITHIN = 10.0
LOOK_AGAIN_AFTER = 0.01
DATABASES = "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY datname"
TABLES = "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
BUSY = """
    SELECT count(*) FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND state = 'active' AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True)
class Table:
    rows: int
    sum: str


# "penalties public.cases" -> what it holds
Picture = Mapping[str, Table]


def at(admin_url: str, database: str) -> str:
    return urlunsplit(urlsplit(admin_url)._replace(path=f"/{database}"))


async def names(admin_url: str) -> list[str]:
    connection = await asyncpg.connect(admin_url)
    try:
        return [row["datname"] for row in await connection.fetch(DATABASES)]
    finally:
        await connection.close()


@asynccontextmanager
async def views(admin_url: str) -> AsyncIterator[dict[str, asyncpg.Connection]]:
    """A view of each database that no later commit changes. Taken one after the other: the caller sees to it that nobody commits."""
    async with AsyncExitStack() as stack:
        opened = {}
        for name in await names(admin_url):
            connection = await asyncpg.connect(at(admin_url, name), server_settings={"timezone": "UTC", "extra_float_digits": "3"})
            stack.push_async_callback(connection.close)
            await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            opened[name] = connection
        yield opened


async def fix(opened: Iterable[asyncpg.Connection]) -> None:
    """From here on each sees what stands now."""
    for connection in opened:
        await connection.fetchval("SELECT pg_current_snapshot()")


async def until_quiet(connection: asyncpg.Connection) -> None:
    """Until no statement is at work any more: those who send them stand still. Raises: TimeoutError."""
    deadline = time.monotonic() + QUIET_WITHIN
    while await connection.fetchval(BUSY):
        if time.monotonic() > deadline:
            raise TimeoutError("statements are still at work although every service stands still")
        await asyncio.sleep(LOOK_AGAIN_AFTER)


async def seen(opened: Mapping[str, asyncpg.Connection]) -> dict[str, Table]:
    found = {}
    for name, connection in opened.items():
        for row in await connection.fetch(TABLES):
            # The sum of a hash of each row: the order of the rows does not count, each value does.
            query = f"""
                SELECT count(*) AS rows, coalesce(sum(('x' || left(md5(t::text), 16))::bit(64)::bigint::numeric), 0)::text AS sum
                FROM {row[0]} t
            """  # noqa: S608 - names from the catalogue, quoted there
            line = await connection.fetchrow(query)
            found[f"{name} {row[0]}"] = Table(line["rows"], line["sum"])
    return found


async def of(admin_url: str) -> dict[str, Table]:
    """What stands now, where nobody writes."""
    async with views(admin_url) as opened:
        return await seen(opened)


def differences(told: Picture, found: Picture, *, only: Iterable[str] | None = None) -> list[str]:
    chosen = sorted(told.keys() | found.keys()) if only is None else sorted(only)
    lines = []
    for name in chosen:
        before, after = told.get(name), found.get(name)
        if before is None or after is None:
            lines.append(f"{name}: {'is not there' if after is None else 'was not there'}")
        elif before.rows != after.rows:
            lines.append(f"{name}: {after.rows} rows, {before.rows} were told")
        elif before.sum != after.sum:
            lines.append(f"{name}: {after.rows} rows, and some of them differ")
    return lines

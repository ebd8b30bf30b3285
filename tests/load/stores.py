"""What the platform has written: PostgreSQL's log and its databases, Kafka's logs, the object store's volumes; and what still waits."""

import asyncio
import time
from dataclasses import dataclass, fields
from pathlib import Path

import asyncpg
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from load.stage import Stage

MOST_SECONDS = 300.0


@dataclass(frozen=True)
class Written:
    """Bytes, and rows of the outboxes and of the ledger."""

    wal: int
    tables: int
    kafka: int
    objects: int
    commits: int
    events: int
    leaves: int

    def since(self, before: "Written") -> dict[str, int]:
        return {field.name: getattr(self, field.name) - getattr(before, field.name) for field in fields(self)}


class Stores:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        told = stage.told
        self.urls = {name.removesuffix("_JOBS_URL").lower(): url for name, url in told.items() if name.endswith("_JOBS_URL")}
        self.connections: dict[str, asyncpg.Connection] = {}

    async def __aenter__(self) -> "Stores":
        self.admin = await asyncpg.connect(self.stage.told["PG_ADMIN_URL"])
        for name, url in self.urls.items():
            self.connections[name] = await asyncpg.connect(url)
        bootstrap = self.stage.told["KAFKA_BOOTSTRAP"]
        self.kafka = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
        await self.kafka.start()
        self.reader = AIOKafkaConsumer(bootstrap_servers=bootstrap)
        await self.reader.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.reader.stop()
        await self.kafka.close()
        for connection in (self.admin, *self.connections.values()):
            await connection.close()

    async def written(self) -> Written:
        await self.admin.execute("SELECT pg_stat_clear_snapshot()")
        wal, tables, commits = await self.admin.fetchrow(
            "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn, (SELECT sum(pg_database_size(oid)) FROM pg_database),"
            " (SELECT sum(xact_commit) FROM pg_stat_database)"
        )
        events = [await connection.fetchval("SELECT max(id) FROM outbox") or 0 for connection in self.connections.values()]
        return Written(
            int(wal),
            int(tables),
            _bytes(self.stage.folder / "kafka" / "data", "*.log"),
            _bytes(self.stage.folder / "seaweedfs", "*.dat"),
            int(commits),
            sum(events),
            await self.connections["evidence"].fetchval("SELECT count(*) FROM leaves"),
        )

    async def by_role(self) -> dict[str, int]:
        """Connections of each database role."""
        rows = await self.admin.fetch(
            "SELECT usename, count(*) AS open FROM pg_stat_activity"
            " WHERE usename IS NOT NULL AND application_name = '' AND usename <> 'postgres' GROUP BY 1 ORDER BY 1"
        )
        return {row["usename"]: row["open"] for row in rows}

    async def counted(self) -> dict[str, dict[str, int]]:
        """Rows of each service that tell how much work was done: answered writes, reads of people and so on."""
        tables = ("requests", "reads", "outbox", "history", "inbox", "timers")
        return {
            name: {table: await connection.fetchval(f"SELECT count(*) FROM {table}") for table in tables}
            for name, connection in self.connections.items()
        }

    async def settled(self) -> None:
        """Until every event is published and read by everyone who reads it."""
        ends = time.monotonic() + MOST_SECONDS
        while await self._waiting():
            if time.monotonic() > ends:
                raise TimeoutError("events still wait")
            await asyncio.sleep(0.2)

    async def _waiting(self) -> bool:
        for connection in self.connections.values():
            if await connection.fetchval("SELECT EXISTS (SELECT 1 FROM outbox WHERE published_at IS NULL)"):
                return True
        for group, *_ in await self.kafka.list_consumer_groups():
            read = {part: kept.offset for part, kept in (await self.kafka.list_consumer_group_offsets(group)).items() if kept.offset >= 0}
            ends = await self.reader.end_offsets(list(read))
            if any(ends[part] > offset for part, offset in read.items()):
                return True
        return False


def _bytes(folder: Path, pattern: str) -> int:
    return sum(path.stat().st_size for path in folder.rglob(pattern))

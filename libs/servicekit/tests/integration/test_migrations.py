"""The toy's migrations pass the suite of all services; the next one is written from the tables."""

import ast
import asyncio
import shutil
from uuid import uuid4

import asyncpg
import pytest
import sqlalchemy as sa
from servicekit import migrations
from testkit.database import drop_database, make_database
from testkit.migration_suite import MigrationSuite
from toy import adapters


class TestMigrations(MigrationSuite):
    service = "toy"


@pytest.fixture
def copied(tmp_path, monkeypatch):
    place = tmp_path / "migrations"
    shutil.copytree(migrations.folder("toy"), place)
    monkeypatch.setattr(migrations, "folder", lambda service: place)
    return place


async def test_the_next_migration_is_written_from_the_tables(world, copied):
    from sqlalchemy import Column, Table
    from testkit.migration_suite import MigrationSuite

    name = f"{world.prefix}_next_{uuid4().hex[:4]}"
    database = await make_database(world.addresses.pg_admin_url, "toy", name)
    column = Column("weight", adapters.fen(), nullable=True)
    try:
        Table("parcels", adapters.metadata, column, extend_existing=True)

        path = await asyncio.to_thread(migrations.next_migration, "toy", "Weigh parcels", database.owner, adapters.metadata)

        text = path.read_text("utf-8")
        ast.parse(text)
        assert path.name == "0002_weigh_parcels.py"
        assert "op.add_column('parcels', sa.Column('weight', sa.BigInteger(), nullable=True))" in text
        assert "servicekit.tables" not in text
        assert (copied / "HEAD").read_text() == "0002\n"
        await asyncio.to_thread(migrations.migrate, copied, database.owner)
        await asyncio.to_thread(migrations.drift, copied, database.owner)
        suite = MigrationSuite()
        suite.service = "toy"
        suite.test_there_is_one_line_from_first_to_head()
        suite.test_the_newest_blocks_nobody_and_leaves_the_running_version_what_it_needs()
        assert isinstance(column, sa.Column)
    finally:
        adapters.metadata.tables["parcels"]._columns.remove(column)
        await drop_database(world.addresses.pg_admin_url, name)


SECOND = """
from alembic import op
from servicekit import migrations

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    op.execute("CREATE TABLE labels (id int PRIMARY KEY, parcel_id uuid NOT NULL)")
    migrations.protect("labels", service="toy", through=("parcels", "parcel_id"))
    op.execute("CREATE TABLE papers (id int PRIMARY KEY, org_path text NOT NULL, handed_to text NOT NULL DEFAULT '')")
    migrations.protect("papers", service="toy", handed_to=True, append_only=True)
    op.execute("CREATE TABLE words (id int PRIMARY KEY)")
    migrations.open_to_all("words", service="toy", write=False)
"""


async def test_a_table_is_protected_as_its_migration_says(world, copied):
    (copied / "versions" / "0002_more.py").write_text(SECOND)
    name = f"{world.prefix}_more_{uuid4().hex[:4]}"
    database = await make_database(world.addresses.pg_admin_url, "toy", name)
    serve, jobs = await asyncpg.connect(database.serve), await asyncpg.connect(database.jobs)
    parcel = "INSERT INTO parcels VALUES ($1, $2, 'PLACED', 'x', 1, now(), NULL, 1)"
    try:
        mine, theirs = uuid4(), uuid4()
        await jobs.execute(parcel, mine, "/a/")
        await jobs.execute(parcel, theirs, "/b/")
        await jobs.execute("INSERT INTO labels VALUES (1, $1), (2, $2)", mine, theirs)
        await jobs.execute("INSERT INTO papers VALUES (1, '/a/', ''), (2, '/b/', 'police'), (3, '/b/', '')")
        await jobs.execute("INSERT INTO words VALUES (1)")
        async with serve.transaction():
            await serve.execute("SELECT set_config('anzhi.scope', '/a/', true), set_config('anzhi.handed_to', 'police', true)")
            seen = {
                table: [row["id"] for row in await serve.fetch(f"SELECT id FROM {table} ORDER BY id")] for table in ("labels", "papers")
            }

        assert seen == {"labels": [1], "papers": [1, 2]}
        assert not await serve.fetch("SELECT id FROM labels UNION ALL SELECT id FROM papers")
        assert await serve.fetchval("SELECT count(*) FROM words") == 1
        for connection, statement in (
            (serve, "INSERT INTO words VALUES (2)"),
            (serve, "DELETE FROM papers"),
            (jobs, "UPDATE papers SET id = 9"),
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await serve.close()
        await jobs.close()
        await drop_database(world.addresses.pg_admin_url, name)

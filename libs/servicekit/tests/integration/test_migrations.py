"""The toy's migrations pass the suite of all services; the next one is written from the tables."""

import ast
import asyncio
import shutil
from uuid import uuid4

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
        suite.test_squawk_finds_no_blocking_statement_in_the_newest(copied)
        assert isinstance(column, sa.Column)
    finally:
        adapters.metadata.tables["parcels"]._columns.remove(column)
        await drop_database(world.addresses.pg_admin_url, name)

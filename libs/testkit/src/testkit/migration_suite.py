"""What must be true of every service's migrations.

class TestMigrations(MigrationSuite):
    service = "penalties"
"""

import ast
import asyncio
import io
import re
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

import pytest
from servicekit import migrations

from testkit.blocking import blocking
from testkit.database import drop_database, make_database
from testkit.world import World

NAME = re.compile(r"\d{4}_[a-z0-9_]+\.py")


class MigrationSuite:
    service: ClassVar[str]
    # `table.column` that the version in production uses no more (docs/how-to/upgrade.md): these may be dropped.
    left: ClassVar[frozenset[str]] = frozenset()

    @property
    def folder(self) -> Path:
        return migrations.folder(self.service)

    def versions(self) -> dict[str, tuple[str | None, Path]]:
        """revision -> (revision before, file)"""
        found = {}
        for path in sorted((self.folder / "versions").glob("*.py")):
            values: dict[str, str | None] = {}
            for node in ast.parse(path.read_text("utf-8")).body:
                if isinstance(node, ast.Assign):
                    target = node.targets[0]
                    names = [name.id for name in (target.elts if isinstance(target, ast.Tuple) else [target]) if isinstance(name, ast.Name)]
                    value = ast.literal_eval(node.value)
                    values |= dict(zip(names, value if isinstance(value, tuple) else [value], strict=True))
            found[str(values["revision"])] = (values["down_revision"], path)
        return found

    def test_names_are_numbers_and_words(self) -> None:
        for revision, (_, path) in self.versions().items():
            assert NAME.fullmatch(path.name), path.name
            assert path.name[:4] == revision

    def test_there_is_one_line_from_first_to_head(self) -> None:
        versions = self.versions()
        before = [previous for previous, _ in versions.values()]
        numbers = sorted(versions)

        assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]
        assert before == [None, *numbers[:-1]]

    def test_head_names_the_newest(self) -> None:
        assert (self.folder / "HEAD").read_text("utf-8").strip() == max(self.versions())

    async def test_an_empty_database_reaches_head_and_nothing_drifts(self, world: World) -> None:
        admin = world.addresses.pg_admin_url
        name = f"{world.prefix}_drift_{uuid4().hex[:4]}"
        database = await make_database(admin, self.service, name)
        try:
            await asyncio.to_thread(migrations.drift, self.folder, database.owner)
        finally:
            await drop_database(admin, name)

    def test_the_newest_blocks_nobody_and_leaves_the_running_version_what_it_needs(self) -> None:
        newest = max(self.versions())
        before = self.versions()[newest][0]
        if before is None:
            pytest.skip("the first migration blocks nobody")
        sql = io.StringIO()
        migrations.sql_of(self.folder, f"{before}:{newest}", sql)
        problems = blocking(sql.getvalue(), left=self.left)
        assert not problems, problems

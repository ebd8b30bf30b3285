"""Migrations: one environment for all services, the shared tables, row security and grants.

A migration is frozen: what a function with a number makes (`shared_1`) never changes; the next shape is `shared_2`.
"""

import argparse
import asyncio
import re
import sys
from functools import partial
from importlib import import_module, resources
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import asyncpg
from alembic import command, context, op
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, pool, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator

LOCK_TIMEOUT, STATEMENT_TIMEOUT = "5s", "300s"
# How long one Job waits for another one's migration.
PATIENCE = "900s"
# alembic's `context` and `op` are proxies of the process: one migration at a time.
_one_at_a_time = Lock()


def _render(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """A custom column type is written as its plain type: a migration must not import code that will change."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def _options(metadata: MetaData) -> dict[str, Any]:
    return {
        "target_metadata": metadata,
        "render_item": _render,
        "compare_type": True,
        "compare_server_default": False,
        "transaction_per_migration": True,
    }


def run(metadata: MetaData) -> None:
    """The whole of a service's `migrations/env.py`."""
    if context.is_offline_mode():
        context.configure(dialect_name="postgresql", literal_binds=True, **_options(metadata))
        with context.begin_transaction():
            context.run_migrations()
        return
    given = context.config.attributes.get("connection")
    if given is not None:
        _with(given, metadata)
    else:
        asyncio.run(_connect(context.config.get_main_option("sqlalchemy.url") or "", metadata))


async def _connect(url: str, metadata: MetaData) -> None:
    engine = _engine(url)
    async with engine.connect() as connection:
        await connection.run_sync(_with, metadata)
    await engine.dispose()


class Refused(Exception):
    """The database is not one that this code may migrate; nothing was changed."""


def too_new(place: Path, revision: str) -> str:
    """The sentence for a schema that the code does not know; empty if it knows it."""
    if revision in {script.revision for script in ScriptDirectory(str(place)).walk_revisions()}:
        return ""
    return (
        f"DATABASE_OWNER_URL: the schema is at {revision} and this code ends at {head(place)}: install the version that made it, or newer."
    )


def _with(connection: Connection, metadata: MetaData) -> None:
    # Two Jobs at once: the second waits, and finds everything done.
    connection.execute(text(f"SET statement_timeout = '{PATIENCE}'"))
    connection.execute(text("SELECT pg_advisory_lock(hashtext('anzhi.migrate'))"))
    there = MigrationContext.configure(connection).get_current_revision()
    place = Path(context.script.dir)
    if there is not None and (sentence := too_new(place, there)):
        raise Refused(sentence)
    connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.execute(text(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'"))
    connection.commit()
    context.configure(connection=connection, **_options(metadata))
    with context.begin_transaction():
        context.run_migrations()
    # Who runs a service may see which revision stands (anzhi.schema.behind).
    name = metadata.info["service"].replace("-", "_")
    connection.execute(text(f"GRANT SELECT ON alembic_version TO {name}_serve, {name}_jobs"))
    connection.commit()


def _engine(url: str) -> AsyncEngine:
    return create_async_engine("postgresql+asyncpg://", async_creator=partial(asyncpg.connect, url, timeout=5), poolclass=pool.NullPool)


def folder(service: str) -> Path:
    """The migrations of a service: inside its package in an image, beside `src` in the tree."""
    package = Path(str(resources.files(import_module(service.replace("-", "_")))))
    for place in (package / "migrations", package.parents[1] / "migrations"):
        if (place / "env.py").is_file():
            return place
    raise FileNotFoundError(f"{service} has no migrations folder")


def head(place: Path) -> str:
    """The newest revision that the code knows."""
    return (place / "HEAD").read_text("utf-8").strip()


def config(place: Path, url: str = "", output: Any = None) -> Config:
    made = Config(output_buffer=output) if output is not None else Config()
    made.set_main_option("script_location", str(place).replace("%", "%%"))
    made.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return made


def migrate(place: Path, url: str, revision: str = "head") -> None:
    """Bring a database to `revision`. Blocks: call it in a thread where a loop runs."""
    with _one_at_a_time:
        command.upgrade(config(place, url), revision)


def drift(place: Path, url: str) -> None:
    """Raise if tables in code and in the database differ."""
    with _one_at_a_time:
        command.check(config(place, url))


def sql_of(place: Path, span: str, output: Any) -> None:
    """The SQL of `0001:0002` or `base:head`, for squawk."""
    with _one_at_a_time:
        command.upgrade(config(place, output=output), span, sql=True)


def shared_1(service: str) -> None:
    """The shared tables in their first shape, with row security and grants."""
    name = service.replace("-", "_")
    script = resources.files("servicekit").joinpath("shared_1.sql").read_text("utf-8")
    for statement in script.replace("{service}", name).split(";\n"):
        if statement.strip():
            op.execute(statement)


def protect(
    table: str, *, service: str, append_only: bool = False, handed_to: bool = False, through: tuple[str, str] | None = None
) -> None:
    """Row security and grants. The serve role sees rows whose org_path starts with the scope of its transaction.

    handed_to: the table has that column; a partner sees the rows handed to him. through: `("orders", "order_id")`: a row
    without org_path is seen if its parent is. append_only: nobody changes or removes a row.
    """
    name = service.replace("-", "_")
    # After SET LOCAL has ended the setting is '', with which every path starts: '' has to count as unset.
    seen = "starts_with(org_path, nullif(current_setting('anzhi.scope', true), ''))"
    if handed_to:
        seen = f"({seen} OR (handed_to <> '' AND handed_to = current_setting('anzhi.handed_to', true)))"
    if through is not None:
        seen = f"EXISTS (SELECT 1 FROM {through[0]} parent WHERE parent.id = {table}.{through[1]})"  # noqa: S608 - names of a migration
    rights = "SELECT, INSERT" if append_only else "SELECT, INSERT, UPDATE, DELETE"
    for statement in (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY {table}_serve ON {table} TO {name}_serve USING ({seen})",
        f"CREATE POLICY {table}_jobs ON {table} TO {name}_jobs USING (true)",
        f"GRANT {rights} ON {table} TO {name}_serve, {name}_jobs",
    ):
        op.execute(statement)


def open_to_all(table: str, *, service: str, write: bool = True) -> None:
    """A table without org_path, such as reference data: every row to both roles; `write=False`: only jobs writes."""
    name = service.replace("-", "_")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {name}_jobs")
    op.execute(f"GRANT SELECT{', INSERT, UPDATE, DELETE' if write else ''} ON {table} TO {name}_serve")


_TEMPLATE = '''"""{message}."""

import sqlalchemy as sa
from alembic import op
from servicekit import migrations
{imports}
revision, down_revision = "{revision}", {before}


def upgrade() -> None:
    {body}
'''


def next_migration(service: str, message: str, url: str, metadata: MetaData) -> Path:
    """Write the next migration from the difference between the tables in code and the database at `url`."""
    place = folder(service)
    head = (place / "HEAD").read_text("utf-8").strip() if (place / "HEAD").is_file() else ""
    migrate(place, url)

    def difference(connection: Connection) -> tuple[str, list[str]]:
        made = produce_migrations(MigrationContext.configure(connection, opts=_options(metadata)), metadata)
        imports: list[str] = []
        assert made.upgrade_ops is not None
        body = render_python_code(made.upgrade_ops, render_item=_render, imports=imports)
        return body, imports

    async def ask() -> tuple[str, list[str]]:
        engine = _engine(url)
        async with engine.connect() as connection:
            found = await connection.run_sync(difference)
        await engine.dispose()
        return found

    body, imports = asyncio.run(ask())
    revision = f"{int(head or 0) + 1:04d}"
    slug = re.sub(r"[^a-z0-9]+", "_", message.lower()).strip("_")
    path = place / "versions" / f"{revision}_{slug}.py"
    before = f'"{head}"' if head else "None"
    path.write_text(
        _TEMPLATE.format(
            message=message, revision=revision, before=before, body=body, imports="".join(f"{line}\n" for line in sorted(imports))
        ),
        "utf-8",
    )
    (place / "HEAD").write_text(f"{revision}\n", "utf-8")
    return path


def main() -> None:
    """`python -m servicekit.migrations SERVICE "what it does" --url postgresql://owner@…` (make migration)."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("service")
    parser.add_argument("message")
    parser.add_argument("--url", required=True, help="a database of the service, role owner")
    given = parser.parse_args()
    metadata: MetaData = import_module(f"{given.service.replace('-', '_')}.adapters.tables").metadata
    sys.stdout.write(f"{next_migration(given.service, given.message, given.url, metadata)}\n")


if __name__ == "__main__":
    main()

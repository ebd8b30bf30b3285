"""Whether the running version lives on with the schema of the next one: what it reads, writes and may do is still there."""

import asyncio
import json
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
from embedded import databases
from embedded.backing import Backing
from embedded.child import plain_environment
from embedded.services import Service

from upgrade.version import FOLDER, Version, new, old

COLUMNS = """
    SELECT c.relname AS "table", a.attname AS "column", format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS needed,
        a.atthasdef OR a.attidentity <> '' OR a.attgenerated <> '' AS filled
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
"""
# NOT NULL is a constraint of its own from PostgreSQL 18 on; it stands with the column.
RULES = """
    SELECT c.relname AS "table", k.conname AS name, pg_get_constraintdef(k.oid) AS rule
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND k.contype IN ('c', 'f', 'u', 'p', 'x')
    UNION ALL
    SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE 'CREATE UNIQUE%'
    UNION ALL
    SELECT event_object_table, trigger_name, action_statement FROM information_schema.triggers WHERE trigger_schema = 'public'
"""
RIGHTS = """
    SELECT grantee || ' ' || privilege_type || ' ' || table_name AS may FROM information_schema.role_table_grants
    WHERE table_schema = 'public' AND grantee <> current_user
"""
POLICIES = """
    SELECT tablename || ' ' || policyname AS name, concat_ws(' ', permissive, roles::text, cmd, qual, with_check) AS rule
    FROM pg_policies WHERE schemaname = 'public'
"""
GUARDED = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relrowsecurity
"""
# Run by the Python of that version: its tables as its code knows them. What is marked as leaving is not used any more.
KNOWN = """
import importlib, json, sys
metadata = importlib.import_module(sys.argv[1] + ".adapters.tables").metadata
print(json.dumps({t.name: [c.name for c in t.columns if not c.info.get("leaving")] for t in metadata.sorted_tables}))
"""

MIGRATE = """
import os, sys
from servicekit import migrations
migrations.migrate(migrations.folder(sys.argv[1]), os.environ["DATABASE_OWNER_URL"])
"""


@dataclass(frozen=True)
class Column:
    type: str
    needed: bool
    filled: bool


@dataclass(frozen=True)
class Schema:
    columns: Mapping[str, Mapping[str, Column]]
    rules: Mapping[str, str] = field(default_factory=dict)  # "table name" -> what it says
    rights: frozenset[str] = frozenset()
    policies: Mapping[str, str] = field(default_factory=dict)
    guarded: frozenset[str] = frozenset()


Known = Mapping[str, list[str]]


def breaks(known: Known, before: Schema, after: Schema) -> list[str]:
    """What code that knows these tables and columns would miss or run into on the schema `after`."""
    return [
        *(line for table, names in known.items() for line in _columns(table, names, before, after)),
        *_rules(known, before, after),
        *_access(known, before, after),
    ]


def _columns(table: str, names: list[str], before: Schema, after: Schema) -> Iterator[str]:
    columns = after.columns.get(table)
    if columns is None:
        yield f"table {table} is gone"
        return
    for name in names:
        then, now = before.columns.get(table, {}).get(name), columns.get(name)
        if now is None:
            yield f"{table}.{name} is gone"
        elif then is not None and now.type != then.type:
            yield f"{table}.{name} is {now.type}, it was {then.type}"
        elif then is not None and now.needed and not then.needed:
            yield f"{table}.{name} needs a value now"
    for name, now in columns.items():
        if name not in names and now.needed and not now.filled and name not in before.columns.get(table, {}):
            yield f"{table}.{name} needs a value that the running version does not give"


def _rules(known: Known, before: Schema, after: Schema) -> Iterator[str]:
    for name, rule in after.rules.items():
        if name not in before.rules and name.split(" ")[0] in known:
            yield f"{name} is a rule that the running version does not know: {rule}"
    for name, rule in before.rules.items():
        # Statements with ON CONFLICT rest on what is unique.
        if name.split(" ")[0] in known and ("UNIQUE" in rule or "PRIMARY KEY" in rule) and after.rules.get(name) != rule:
            yield f"{name} is not what it was: {rule}"


def _access(known: Known, before: Schema, after: Schema) -> Iterator[str]:
    for right in sorted(before.rights - after.rights):
        if right.rsplit(" ", 1)[1] in known:
            yield f"{right} is taken"
    for name, rule in before.policies.items():
        if name.split(" ")[0] in known and after.policies.get(name) != rule:
            yield f"policy {name} is not what it was"
    for name, rule in after.policies.items():
        if name not in before.policies and name.split(" ")[0] in known and rule.startswith("RESTRICTIVE"):
            yield f"policy {name} hides rows from the running version"
    for table in sorted((after.guarded - before.guarded) & known.keys()):
        yield f"{table} has row security, which the running version does not know"


async def read(url: str) -> Schema:
    connection = await asyncpg.connect(url)
    try:
        return await seen(connection)
    finally:
        await connection.close()


async def seen(connection: asyncpg.Connection) -> Schema:
    columns: dict[str, dict[str, Column]] = {}
    for row in await connection.fetch(COLUMNS):
        columns.setdefault(row["table"], {})[row["column"]] = Column(row["type"], row["needed"], row["filled"])
    return Schema(
        columns,
        rules={f"{row['table']} {row['name']}": row["rule"] for row in await connection.fetch(RULES)},
        rights=frozenset(row["may"] for row in await connection.fetch(RIGHTS)),
        policies={row["name"]: row["rule"] for row in await connection.fetch(POLICIES)},
        guarded=frozenset(row["relname"] for row in await connection.fetch(GUARDED)),
    )


def known(version: Version, service: Service) -> Known:
    """The tables of a service as the code of that version knows them."""
    found: Known = json.loads(_run(version, service, KNOWN, {}))
    return found


async def compared(folder: Path, first: Version, second: Version) -> dict[str, list[str]]:
    """Each service: migrated by `first`, then by `second`; what the code of `first` would then meet."""
    backing, found = Backing(folder, durable=False), {}
    backing.postgres.forget()
    try:
        await backing.postgres.start()
        admin, state = backing.postgres.url, backing.state
        services = [service for service in first.services if service.head is not None]
        await databases.make(admin, state, [service.package for service in services])
        for service in services:
            owner = databases.url(admin, state, service.package, "owner")
            await _migrate(first, service, owner)
            before = await read(owner)
            later = second.service(service.name)
            if later is None:
                found[service.name] = ["the next version has no such service"]
                continue
            await _migrate(second, later, owner)
            found[service.name] = breaks(known(first, service), before, await read(owner))
    finally:
        backing.postgres.ask_to_stop()
        backing.postgres.see_stopped(time.monotonic())
        backing.postgres.forget()
    return found


async def _migrate(version: Version, service: Service, owner: str) -> None:
    await asyncio.to_thread(_run, version, service, MIGRATE, {"DATABASE_OWNER_URL": owner})


def _run(version: Version, service: Service, script: str, told: Mapping[str, str]) -> str:
    command = [str(version.python), "-c", script, service.package]
    done = subprocess.run(command, cwd=service.folder, env=plain_environment() | dict(told), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{version.name}, {service.name}: {done.stderr[-2000:]}")
    return done.stdout


def tell(to: str = "") -> int:
    found = asyncio.run(compared(FOLDER / "schema", old(), new(to)))
    for name, lines in found.items():
        print(f"{name}: {'; '.join(lines) or 'the running version lives on with the next schema'}")
    return int(any(found.values()))

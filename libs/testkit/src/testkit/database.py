"""A database of a service as operators make it: three roles, and the real migrations run by the owner."""

import asyncio
import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from servicekit import migrations

ROLES = ("owner", "serve", "jobs")


@dataclass(frozen=True)
class Databases:
    """The ways into one database."""

    name: str
    admin: str
    owner: str
    serve: str
    jobs: str


def _url(admin: str, database: str, user: str = "", password: str = "") -> str:
    parts = urlsplit(admin)
    place = parts.netloc if not user else f"{user}:{password}@{parts.hostname}:{parts.port or 5432}"
    return urlunsplit((parts.scheme, place, f"/{database}", parts.query, ""))


async def make_database(admin: str, service: str, name: str, *, migrated: bool = True) -> Databases:
    """Roles that exist get the password of this server's tests: two runs on one server agree on it."""
    snake = service.replace("-", "_")
    password = hashlib.sha256(f"testkit {admin}".encode()).hexdigest()[:24]
    connection = await asyncpg.connect(admin)
    try:
        # Two workers would trip over each other's CREATE ROLE.
        await connection.execute("SELECT pg_advisory_lock(hashtext('testkit roles'))")
        for role in ROLES:
            full = f"{snake}_{role}"
            exists = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", full)
            await connection.execute(f"{'ALTER' if exists else 'CREATE'} ROLE {full} LOGIN PASSWORD '{password}'")
        await connection.execute(f'CREATE DATABASE "{name}" OWNER {snake}_owner TEMPLATE template0 ENCODING UTF8')
    finally:
        await connection.close()
    inside = await asyncpg.connect(_url(admin, name))
    try:
        await inside.execute(f"GRANT ALL ON SCHEMA public TO {snake}_owner")
    finally:
        await inside.close()
    made = Databases(name, _url(admin, name), *(_url(admin, name, f"{snake}_{role}", password) for role in ROLES))
    if migrated:
        await asyncio.to_thread(migrations.migrate, migrations.folder(service), made.owner)
    return made


async def drop_database(admin: str, name: str) -> None:
    connection = await asyncpg.connect(admin)
    try:
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        await connection.close()

"""A database per service with three roles: owner (migrates), serve (row security), jobs (relay, consume, ticks, verify)."""

from urllib.parse import urlsplit, urlunsplit

import asyncpg
from servicekit import provision

from embedded.state import State


async def make(admin_url: str, state: State, services: list[str]) -> None:
    connection = await asyncpg.connect(admin_url)
    try:
        for service in services:
            passwords = {kind: state.secret(f"db.{service}_{kind}") for kind in provision.ROLES}
            await provision.make(connection, provision.steps(service, passwords))
    finally:
        await connection.close()


def url(admin_url: str, state: State, service: str, kind: str) -> str:
    role, server = f"{service}_{kind}", urlsplit(admin_url)
    address = server.netloc.rpartition("@")[2]
    return urlunsplit(server._replace(netloc=f"{role}:{state.secret(f'db.{role}')}@{address}", path=f"/{service}"))


async def revision(owner_url: str) -> str | None:
    """The newest migration that a database has, or nothing."""
    connection = await asyncpg.connect(owner_url)
    try:
        if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
            return None
        found: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
        return found
    finally:
        await connection.close()


async def bodies(identity_url: str) -> dict[str, str]:
    """id -> name of each body that identity knows; its administrators would tell documents the same."""
    connection = await asyncpg.connect(identity_url)
    try:
        return {str(row["id"]): row["name"] for row in await connection.fetch("SELECT id, name FROM org_units ORDER BY org_path")}
    finally:
        await connection.close()

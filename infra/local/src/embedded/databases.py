"""A database per service with three roles: owner (migrates), serve (row security), jobs (relay, consume, ticks, verify)."""

from urllib.parse import urlsplit, urlunsplit

import asyncpg

from embedded.state import State

ROLES = ("owner", "serve", "jobs")


async def make(admin_url: str, state: State, services: list[str]) -> None:
    connection = await asyncpg.connect(admin_url)
    try:
        roles = {row["rolname"] for row in await connection.fetch("SELECT rolname FROM pg_roles")}
        databases = {row["datname"] for row in await connection.fetch("SELECT datname FROM pg_database")}
        for service in services:
            for role in (f"{service}_{kind}" for kind in ROLES):
                verb = "ALTER" if role in roles else "CREATE"
                # The secret is of letters and digits; a statement that makes roles takes no parameters.
                await connection.execute(f"{verb} ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '{state.secret(f'db.{role}')}'")
            if service not in databases:
                await connection.execute(f"CREATE DATABASE {service} OWNER {service}_owner")
                await connection.execute(f"REVOKE ALL ON DATABASE {service} FROM PUBLIC")
                await connection.execute(f"GRANT CONNECT ON DATABASE {service} TO {service}_serve, {service}_jobs")
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

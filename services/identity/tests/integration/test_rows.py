import asyncpg
import pytest

TABLES = ("partner_clients", "org_units", "users", "credentials", "officer_certificates", "delegations", "entrustments", "logins")


async def test_without_a_scope_the_serve_role_sees_no_row(identity):
    for table in TABLES:
        assert await identity.run.sql(f"SELECT 1 FROM {table}", role="serve") == []


async def test_with_the_scope_of_a_branch_only_its_rows_are_seen(identity):
    connection = await asyncpg.connect(identity.run.database.serve)
    try:
        async with connection.transaction():
            await connection.execute("SELECT set_config('anzhi.scope', '/44/4419/dalingshan/', true)")
            paths = {row["org_path"] for row in await connection.fetch("SELECT org_path FROM users")}
        assert paths == {"/44/4419/dalingshan/"}
    finally:
        await connection.close()


async def test_nobody_changes_the_record_of_logins_or_the_history(identity):
    for role in ("serve", "jobs"):
        for table in ("logins", "history"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await identity.run.sql(f"DELETE FROM {table}", role=role)
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await identity.run.sql(f"UPDATE {table} SET org_path = '/'", role=role)

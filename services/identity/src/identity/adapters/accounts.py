"""What a login reads and writes in the database: one statement to read, one to record."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from kernel.days import legal_day
from kernel.moves import Facts, Person
from servicekit import telemetry
from servicekit.clock import root_of
from servicekit.db import Sessions, facts_for, transaction
from sqlalchemy import Row, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncEngine

from identity.adapters import tables
from identity.adapters.store import Store
from identity.adapters.vault import Vault
from identity.application.ports import Account
from identity.domain.user import ALWAYS_TWO_FACTORS, RoleGrant
from identity.domain.user import State as UserState

# Roles change with a release or an administrator's word; a login may follow this much later.
MATRIX_SECONDS = 15.0
SELF = "identity.self"

_PERSON = text("SELECT * FROM person_who_logs_in(:username, :id)")
_RECORD = text("SELECT record_login(:org_path, :user_id, :username, :outcome, :by, :client, :trace_id)")


class AccountRows:
    """Logins come before any scope. What each of them needs is one statement that is a transaction of its own, of a function that
    reads one person or records one line; anything more opens a transaction that sees all bodies."""

    def __init__(self, sessions: Sessions, vault: Vault) -> None:
        self._sessions, self._vault = sessions, vault
        self._matrix: Mapping[str, frozenset[str]] = {}
        self._read_at = float("-inf")
        self._autocommit: AsyncEngine | None = None

    async def named(self, username: str) -> Account | None:
        return await self._one(username=username)

    async def get(self, user_id: UUID) -> Account | None:
        return await self._one(id=user_id)

    async def note(self, outcome: str, *, username: str, account: Account | None, client: str) -> None:
        async with self._engine().connect() as connection:
            await connection.execute(_RECORD, self._line(outcome, username, account, client))

    async def set_password(
        self, account: Account, password_hash: str, *, must_change: bool, outcome: str, client: str, by: str = ""
    ) -> None:
        row = upsert(tables.credentials).values(
            user_id=account.id, org_path=account.org_path, password_hash=password_hash, must_change=must_change
        )
        changed = {"password_hash": password_hash, "must_change": must_change, "password_set_at": func.now()}
        async with transaction(self._sessions, Store, scope="/") as uow:
            await uow.session.execute(row.on_conflict_do_update(index_elements=["user_id"], set_=changed))
            await uow.session.execute(insert(tables.logins), self._line(outcome, account.username, account, client, by))

    async def begin_totp(self, account: Account, secret: str) -> None:
        async with transaction(self._sessions, Store, scope="/") as uow:
            await uow.session.execute(
                update(tables.credentials)
                .where(tables.credentials.c.user_id == account.id)
                .values(totp_pending=self._vault.seal(secret.encode(), f"totp {account.id}"))
            )

    async def confirm_totp(self, account: Account, *, client: str) -> None:
        columns = tables.credentials.c
        async with transaction(self._sessions, Store, scope="/", root=account.root) as uow:
            confirmed = update(tables.credentials).where(columns.user_id == account.id)
            await uow.session.execute(confirmed.values(totp_secret=columns.totp_pending, totp_pending=None))
            user = await uow.user(account.id)
            user.enrol_second_factor(await self._facts(uow, account))
            await uow.session.execute(insert(tables.logins), self._line("SECOND_FACTOR_ENROLLED", account.username, account, client))

    async def _facts(self, uow: Store, account: Account) -> Facts:
        return await facts_for(self._sessions, uow, Person(str(account.id), str(account.org_id), account.org_path, frozenset()))

    def _line(self, outcome: str, username: str, account: Account | None, client: str, by: str = "") -> dict[str, Any]:
        return {
            "org_path": account.org_path if account else "/",
            "user_id": account.id if account else None,
            "username": username,
            "outcome": outcome,
            "by": by,
            "client": client[:200],
            "trace_id": telemetry.trace_id(),
        }

    async def _one(self, *, username: str | None = None, id: UUID | None = None) -> Account | None:
        async with self._engine().connect() as connection:
            row = (await connection.execute(_PERSON, {"username": username, "id": id})).one_or_none()
            if row is None:
                return None
            if time.monotonic() - self._read_at > MATRIX_SECONDS:
                known = await connection.execute(select(tables.roles.c.role, tables.roles.c.permissions))
                self._matrix = {role: frozenset(permissions) for role, permissions in known}
                self._read_at = time.monotonic()
        return self._account(row)

    def _engine(self) -> AsyncEngine:
        if self._autocommit is None:
            self._autocommit = self._sessions.engine(jobs=False).execution_options(isolation_level="AUTOCOMMIT")
        return self._autocommit

    def _account(self, row: Row[Any]) -> Account:
        legal = datetime.now(UTC) + timedelta(seconds=(row.offset_seconds or 0) if self._sessions.clock.on else 0)
        on = legal_day(legal)
        roles = frozenset(grant["role"] for grant in row.grants if RoleGrant(**grant).holds(on))
        permissions = frozenset(permission for role in roles for permission in self._matrix.get(role, ())) | {SELF}
        today = on.isoformat()
        return Account(
            id=row.id,
            username=row.username,
            name=row.name,
            org_id=row.org_id,
            org_path=row.org_path,
            root=root_of(row.org_path),
            active=row.state == UserState.ACTIVE,
            roles=roles,
            permissions=frozenset({SELF}) if row.must_change else permissions,
            delegations={act: fen for act, fen, first, last in row.delegated or () if first <= today <= last},
            needs_second_factor=row.second_factor_required or row.second_factor_enrolled or bool(ALWAYS_TWO_FACTORS & roles),
            enrolled=row.second_factor_enrolled,
            password_hash=row.password_hash or "",
            must_change=bool(row.must_change),
            totp_secret=self._opened(row.totp_secret, row.id),
            totp_pending=self._opened(row.totp_pending, row.id),
        )

    def _opened(self, sealed: bytes | None, user_id: UUID) -> str:
        return "" if sealed is None else self._vault.open(sealed, f"totp {user_id}").decode()

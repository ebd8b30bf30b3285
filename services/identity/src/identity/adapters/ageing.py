"""Certificates that near their end or pass it (OC05, OC06), on the legal clock of their root."""

from typing import Any

from kernel.moves import SYSTEM
from servicekit.clock import root_of
from servicekit.db import Sessions, facts_for, transaction
from servicekit.tables import legal_clock
from sqlalchemy import Date, Select, and_, func, literal_column, or_, select

from identity.adapters.store import Store
from identity.adapters.tables import officer_certificates
from identity.domain.certificate import EXPIRING_DAYS, OfficerCertificate, State


class Ageing:
    """A sweep of servicekit. Two sweepers at once move nothing twice: each takes what the other has not in hand."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def __call__(self, root: str | None) -> int:
        count = 0
        for id, org_path in await self._due(root):
            async with transaction(self._sessions, Store, jobs=True, scope="/", root=root_of(org_path)) as uow:
                chosen = select(OfficerCertificate).where(officer_certificates.c.id == id).with_for_update(skip_locked=True)
                held = await uow.one(chosen)
                if held is None:
                    continue
                for happened in held.age(await facts_for(self._sessions, uow, SYSTEM)):
                    uow.record(happened)
                    count += 1
        return count

    async def _due(self, root: str | None) -> list[tuple[Any, str]]:
        async with self._sessions.engine(jobs=True).connect() as connection:
            return [(row.id, row.org_path) for row in await connection.execute(self._question(root))]

    def _question(self, root: str | None) -> Select[Any]:
        """Where the clock is on, a root that was never set has no legal now: its certificates wait."""
        columns = officer_certificates.c
        place = func.concat("/", func.split_part(columns.org_path, "/", 2), "/")
        now: Any = func.now()
        chosen = select(columns.id, columns.org_path).order_by(columns.valid_to_on).limit(500)
        if self._sessions.clock.on:
            chosen = chosen.join(legal_clock, legal_clock.c.root == place)
            now = now + legal_clock.c.offset_seconds * literal_column("interval '1 second'")
        today = func.timezone("Asia/Shanghai", now).cast(Date)
        if root is not None:
            chosen = chosen.where(columns.org_path.startswith(root, autoescape=True))
        return chosen.where(
            or_(
                and_(columns.state == State.VALID, columns.valid_to_on <= today + EXPIRING_DAYS),
                and_(columns.state == State.EXPIRING, columns.valid_to_on < today),
            )
        )

"""The law parameters in force: what the kernel ships, with the newest version that lawbook published put over it."""

import json

from kernel.parameters import LawParameters
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.tables import law_parameters

OFFICES = 2_000


def over_shipped(version: int, overrides: bytes) -> LawParameters:
    return LawParameters.shipped().override({**json.loads(overrides), "version": f"lawbook-{version}"})


class LawInForce:
    """One parsed version per process, as each office reads it. A transaction says which version its snapshot holds."""

    def __init__(self) -> None:
        self._version: int | None = None
        self._law = LawParameters.shipped()
        self._offices: dict[str, LawParameters] = {}

    async def at(self, session: AsyncSession, version: int | None, org_path: str) -> LawParameters:
        if version != self._version:
            law = LawParameters.shipped()
            if version is not None:
                stored = select(law_parameters.c.overrides).where(law_parameters.c.version == version)
                law = over_shipped(version, (await session.execute(stored)).scalar_one())
            self._law, self._version, self._offices = law, version, {}
        if org_path not in self._offices:
            if len(self._offices) >= OFFICES:
                self._offices.clear()
            self._offices[org_path] = self._law.at(org_path or "/")
        return self._offices[org_path]

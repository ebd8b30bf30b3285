"""What the commands need from outside: a protocol, because the unit tests have a second implementation."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from enterprises.domain.certificate import Certificate
from enterprises.domain.chemicals import Catalogue, Chemical
from enterprises.domain.enterprise import Enterprise, Licence


class Uow(Protocol):
    """One transaction over the registers."""

    def add(self, thing: Any) -> None: ...

    def record(self, event: Any) -> None: ...

    async def enterprise(self, enterprise_id: UUID) -> Enterprise:
        """Raises: EnterpriseNotFound."""
        ...

    async def register(self, entity: Enterprise) -> None:
        """Raises: EnterpriseAlreadyRegistered, also where an entity of another jurisdiction has the code."""
        ...

    async def certificate(self, certificate_id: UUID) -> Certificate:
        """Raises: CertificateNotFound."""
        ...

    async def certificates_of(self, holder_id_number: str, item: str) -> Sequence[Certificate]: ...

    async def licences(self, enterprise_id: UUID) -> Sequence[Licence]: ...

    async def catalogue(self, on: date) -> Catalogue:
        """The version in force on the day; the empty one before the first."""
        ...

    async def newest_catalogue(self) -> Catalogue:
        """The version imported last, without its rows."""
        ...

    async def keep_catalogue(self, catalogue: Catalogue) -> None:
        """Raises: CatalogueAlreadyImported."""
        ...

    async def find_chemicals(self, version: int, q: str, page_size: int, page_token: str) -> tuple[Sequence[Chemical], str]: ...

    async def search(self, q: str, region_code: str, page_size: int, page_token: str) -> tuple[Sequence[Enterprise], str]: ...

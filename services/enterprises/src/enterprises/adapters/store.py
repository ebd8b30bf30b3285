"""The Uow over SQLAlchemy."""

from collections.abc import Sequence
from uuid import UUID

from anzhi.enterprises.v1 import events_pb2
from kernel.errors import NotFound
from servicekit.db import Topic, page
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from enterprises.adapters import tables
from enterprises.adapters.chemical_rows import ChemicalRows
from enterprises.domain.certificate import Certificate
from enterprises.domain.enterprise import Enterprise, EnterpriseAlreadyRegistered, Licence, name_tokens


class EnterpriseNotFound(NotFound):
    """No such entity, or not of your jurisdiction."""


class CertificateNotFound(NotFound):
    """No such certificate."""


class Store(ChemicalRows):
    topics = (Topic("enterprises.enterprise.v1", events_pb2, key="enterprise_id"),)

    async def enterprise(self, enterprise_id: UUID) -> Enterprise:
        return await self.get(Enterprise, enterprise_id, EnterpriseNotFound)

    async def register(self, entity: Enterprise) -> None:
        """The unique key decides: an entity of another jurisdiction is not visible here, but its code is taken all the same."""
        self.add(entity)
        try:
            await self.session.flush()
        except IntegrityError as error:
            raise EnterpriseAlreadyRegistered("another entity has this code", code=entity.code) from error

    async def certificate(self, certificate_id: UUID) -> Certificate:
        return await self.get(Certificate, certificate_id, CertificateNotFound)

    async def certificates_of(self, holder_id_number: str, item: str) -> Sequence[Certificate]:
        query = select(Certificate).where(tables.certificates.c.holder_id_number == holder_id_number)
        if item:
            query = query.where(tables.certificates.c.item == item)
        return await self.all(query.order_by(tables.certificates.c.valid_from_on.desc()))

    async def licences(self, enterprise_id: UUID) -> Sequence[Licence]:
        return await self.all(
            select(Licence).where(tables.licences.c.enterprise_id == enterprise_id).order_by(tables.licences.c.valid_from_on.desc())
        )

    async def search(self, q: str, region_code: str, page_size: int, page_token: str) -> tuple[Sequence[Enterprise], str]:
        """By whole code, else by part of the name; the tokens use the index, the name itself decides."""
        columns = tables.enterprises.c
        query = select(Enterprise)
        if len(q) == 18 and q.isascii():
            query = query.where(columns.code == q.upper())
        else:
            query = query.where(columns.name_tokens.contains(name_tokens(q)), columns.name.icontains(q, autoescape=True))
        if region_code:
            query = query.where(columns.region_code.startswith(region_code, autoescape=True))
        return await page(self, query, by=(columns.name, columns.id), size=page_size, token=page_token)

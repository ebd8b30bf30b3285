"""The Uow over SQLAlchemy."""

from collections.abc import Sequence
from uuid import UUID

from anzhi.identity.v1 import events_pb2
from kernel.errors import NotFound
from servicekit.db import Topic, Uow
from servicekit.tables import legal_clock
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from identity.adapters import tables
from identity.domain.certificate import CertificateNumberTaken, OfficerCertificate
from identity.domain.delegation import Delegation
from identity.domain.entrustment import Entrustment
from identity.domain.org import OrgUnit, OrgUnitExists
from identity.domain.partner import PartnerClient, PartnerTaken
from identity.domain.user import User, UsernameTaken


class OrgUnitNotFound(NotFound):
    """No such body, or not of your jurisdiction."""


class UserNotFound(NotFound):
    """No such person, or not of your jurisdiction."""


class OfficerCertificateNotFound(NotFound):
    """No such certificate, or not of your jurisdiction."""


class DelegationNotFound(NotFound):
    """No such delegation, or not of your jurisdiction."""


class EntrustmentNotFound(NotFound):
    """No such entrustment, or not of your jurisdiction."""


class PartnerNotFound(NotFound):
    """No such client, or not of your jurisdiction."""


class Store(Uow):
    topics = (
        Topic("identity.user.v1", events_pb2, key="user_id", events=("UserChanged", "OfficerCertificateChanged", "DelegationChanged")),
        Topic("identity.org.v1", events_pb2, key="org_id", events=("OrgUnitChanged",)),
        Topic("identity.partner.v1", events_pb2, key="partner_id", events=("PartnerChanged",)),
        Topic("identity.clock.v1", events_pb2, key="root", events=("LegalNowSet",)),
    )

    async def org_unit(self, id: UUID) -> OrgUnit:
        return await self.get(OrgUnit, id, OrgUnitNotFound)

    async def user(self, id: UUID) -> User:
        return await self.get(User, id, UserNotFound)

    async def certificate(self, id: UUID) -> OfficerCertificate:
        return await self.get(OfficerCertificate, id, OfficerCertificateNotFound)

    async def delegation(self, id: UUID) -> Delegation:
        return await self.get(Delegation, id, DelegationNotFound)

    async def entrustment(self, id: UUID) -> Entrustment:
        return await self.get(Entrustment, id, EntrustmentNotFound)

    async def new_org_unit(self, unit: OrgUnit) -> None:
        self.add(unit)
        try:
            await self.session.flush()
        except IntegrityError as error:
            raise OrgUnitExists("another body has this path", path=unit.path) from error

    async def new_user(self, user: User) -> None:
        """The unique key decides: a person of another jurisdiction is not visible here, but his name is taken all the same."""
        self.add(user)
        try:
            await self.session.flush()
        except IntegrityError as error:
            raise UsernameTaken("another account has this name", username=user.username) from error

    async def new_certificate(self, certificate: OfficerCertificate) -> None:
        self.add(certificate)
        try:
            await self.session.flush()
        except IntegrityError as error:
            raise CertificateNumberTaken("another certificate has this number", number=certificate.number) from error

    async def partner(self, id: UUID) -> PartnerClient:
        return await self.get(PartnerClient, id, PartnerNotFound)

    async def new_partner(self, client: PartnerClient) -> None:
        self.add(client)
        try:
            await self.session.flush()
        except IntegrityError as error:
            raise PartnerTaken("another client has this id", client_id=client.client_id) from error

    async def partner_named(self, client_id: str) -> PartnerClient | None:
        found: PartnerClient | None = await self.one(select(PartnerClient).where(tables.partner_clients.c.client_id == client_id))
        return found

    async def partners_of(self, org_ids: Sequence[UUID]) -> Sequence[PartnerClient]:
        columns = tables.partner_clients.c
        return await self.all(select(PartnerClient).where(columns.org_id.in_(org_ids)).order_by(columns.client_id))

    async def users(self, ids: Sequence[UUID]) -> Sequence[User]:
        return await self.all(select(User).where(tables.users.c.id.in_(ids)))

    async def org_units(self, ids: Sequence[UUID]) -> Sequence[OrgUnit]:
        return await self.all(select(OrgUnit).where(tables.org_units.c.id.in_(ids)))

    async def certificates_of(self, ids: Sequence[UUID]) -> Sequence[OfficerCertificate]:
        columns = tables.officer_certificates.c
        return await self.all(select(OfficerCertificate).where(columns.user_id.in_(ids)).order_by(columns.valid_from_on.desc(), columns.id))

    async def delegations_of(self, ids: Sequence[UUID]) -> Sequence[Delegation]:
        columns = tables.delegations.c
        return await self.all(select(Delegation).where(columns.deputy_id.in_(ids)).order_by(columns.act, columns.id))

    async def entrustments_to(self, grantee_id: UUID) -> Sequence[Entrustment]:
        columns = tables.entrustments.c
        return await self.all(select(Entrustment).where(columns.grantee_id == grantee_id).order_by(columns.valid_from_on, columns.id))

    async def clock(self, root: str, *, lock: bool = False) -> int | None:
        if lock:
            # A root without a row has nothing that could be locked.
            await self.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"legal clock {root}", 0))))
        offset: int | None = await self.one(select(legal_clock.c.offset_seconds).where(legal_clock.c.root == root))
        return offset

    async def set_clock(self, root: str, offset_seconds: int) -> None:
        row = insert(legal_clock).values(root=root, offset_seconds=offset_seconds)
        await self.session.execute(
            row.on_conflict_do_update(index_elements=["root"], set_={"offset_seconds": row.excluded.offset_seconds, "set_at": func.now()})
        )

    async def forget_second_factor(self, user_id: UUID) -> None:
        forgotten = update(tables.credentials).where(tables.credentials.c.user_id == user_id)
        await self.session.execute(forgotten.values(totp_secret=None, totp_pending=None))

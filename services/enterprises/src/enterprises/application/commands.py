"""What callers may do to the registers: one function each."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from kernel.days import legal_day
from kernel.errors import Conflict
from kernel.moves import Facts

from enterprises.application import queries
from enterprises.application.ports import Uow
from enterprises.domain.certificate import Certificate, Status
from enterprises.domain.enterprise import Enterprise, Licence, ScopeLine


class EnterpriseChanged(Conflict):
    """The entity changed since it was read."""


class CertificateChanged(Conflict):
    """The certificate changed since it was read."""


async def register(
    uow: Uow,
    *,
    facts: Facts,
    code: str,
    name: str,
    region_code: str,
    address: str,
    legal_representative: str,
    phone: str,
    industry_code: str,
    grade: str,
    confirm_code: bool,
    org_path: str,
) -> Enterprise:
    entity, event = Enterprise.register(
        code=code,
        name=name,
        region_code=region_code,
        address=address,
        legal_representative=legal_representative,
        phone=phone,
        industry_code=industry_code,
        grade=grade,
        org_path=org_path or facts.by.org_path,
        confirm_code=confirm_code,
        facts=facts,
    )
    await uow.register(entity)
    uow.record(event)
    return entity


async def amend(
    uow: Uow,
    *,
    facts: Facts,
    enterprise_id: UUID,
    version: int,
    name: str,
    address: str,
    legal_representative: str,
    phone: str,
    industry_code: str,
    grade: str,
) -> Enterprise:
    entity = await _enterprise(uow, enterprise_id, version)
    uow.record(
        entity.amend(
            name=name,
            address=address,
            legal_representative=legal_representative,
            phone=phone,
            industry_code=industry_code,
            grade=grade,
            facts=facts,
        )
    )
    return entity


async def cease(uow: Uow, *, facts: Facts, enterprise_id: UUID, version: int, reason: str) -> Enterprise:
    entity = await _enterprise(uow, enterprise_id, version)
    uow.record(entity.cease(reason=reason, facts=facts))
    return entity


async def add_licence(
    uow: Uow,
    *,
    facts: Facts,
    enterprise_id: UUID,
    kind: str,
    number: str,
    issuer: str,
    covers: Sequence[str],
    valid_from_on: date,
    valid_to_on: date,
    lines: Sequence[ScopeLine] = (),
) -> Licence:
    entity = await uow.enterprise(enterprise_id)
    licence, event = entity.add_licence(
        kind=kind,
        number=number,
        issuer=issuer,
        scope=covers,
        valid_from_on=valid_from_on,
        valid_to_on=valid_to_on,
        facts=facts,
        lines=lines,
    )
    uow.add(licence)
    uow.record(event)
    return licence


async def register_certificate(
    uow: Uow,
    *,
    facts: Facts,
    number: str,
    holder_name: str,
    holder_id_number: str,
    item: str,
    valid_from_on: date,
    valid_to_on: date,
    review_due_on: date,
    issuer: str,
) -> dict[str, Any]:
    certificate = Certificate.register(
        number=number,
        holder_name=holder_name,
        holder_id_number=holder_id_number,
        item=item,
        valid_from_on=valid_from_on,
        valid_to_on=valid_to_on,
        review_due_on=review_due_on,
        issuer=issuer,
        facts=facts,
    )
    uow.add(certificate)
    return queries.shown_now(certificate, facts.now)


async def end_certificate(uow: Uow, *, facts: Facts, certificate_id: UUID, version: int, status: Status, reason: str) -> dict[str, Any]:
    certificate = await uow.certificate(certificate_id)
    if certificate.version != version:
        raise CertificateChanged("the certificate changed since you read it", version=certificate.version)
    certificate.end(status, on=legal_day(facts.now), reason=reason, facts=facts)
    return queries.shown_now(certificate, facts.now)


async def _enterprise(uow: Uow, enterprise_id: UUID, version: int) -> Enterprise:
    entity = await uow.enterprise(enterprise_id)
    if entity.version != version:
        raise EnterpriseChanged("the entity changed since you read it", version=entity.version)
    return entity

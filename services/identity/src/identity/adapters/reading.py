"""Lists: each is one statement, whatever the size of the page."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from kernel.days import legal_day
from kernel.errors import NotFound
from kernel.moves import Facts, Machine
from servicekit.db import page
from sqlalchemy import func, or_, select

from identity.adapters import tables
from identity.adapters.store import Store
from identity.application.queries import certificate_at, user_on
from identity.domain.certificate import OfficerCertificate
from identity.domain.delegation import Delegation
from identity.domain.entrustment import Entrustment
from identity.domain.org import OrgUnit
from identity.domain.partner import PartnerClient
from identity.domain.user import User


class NothingOfThisId(NotFound):
    """Nothing here has this id, or it is not yours to see."""


async def org_units(uow: Store, *, parent_id: UUID | None, q: str, region_code: str, size: int, token: str) -> Mapping[str, Any]:
    columns = tables.org_units.c
    chosen = select(OrgUnit)
    if parent_id is not None:
        chosen = chosen.where(columns.parent_id == parent_id)
    if q:
        chosen = chosen.where(columns.name.icontains(q, autoescape=True))
    if region_code:
        chosen = chosen.where(columns.region_code.startswith(region_code, autoescape=True))
    found, token = await page(uow, chosen, by=(columns.org_path, columns.id), size=size, token=token)
    return {"org_units": found, "next_page_token": token}


async def org_unit(uow: Store, *, id: UUID) -> OrgUnit:
    return await uow.org_unit(id)


async def users(uow: Store, *, org_id: UUID | None, role: str, q: str, size: int, token: str, facts: Facts) -> Mapping[str, Any]:
    columns = tables.users.c
    chosen = select(User)
    if org_id is not None:
        chosen = chosen.where(columns.org_id == org_id)
    if role:
        chosen = chosen.where(func.jsonb_path_exists(columns.grants, "$[*] ? (@.role == $role)", func.jsonb_build_object("role", role)))
    if q:
        chosen = chosen.where(or_(columns.name.icontains(q, autoescape=True), columns.username.startswith(q, autoescape=True)))
    found, token = await page(uow, chosen, by=(columns.username, columns.id), size=size, token=token)
    return {"users": [user_on(person, legal_day(facts.now)) for person in found], "next_page_token": token}


async def certificates(uow: Store, *, user_id: UUID | None, size: int, token: str, facts: Facts) -> Mapping[str, Any]:
    columns = tables.officer_certificates.c
    chosen = select(OfficerCertificate)
    if user_id is not None:
        chosen = chosen.where(columns.user_id == user_id)
    found, token = await page(uow, chosen, by=(columns.number, columns.valid_from_on, columns.id), size=size, token=token)
    return {"certificates": [certificate_at(held, facts.now) for held in found], "next_page_token": token}


async def entrustments(uow: Store, *, org_id: UUID) -> Mapping[str, Any]:
    columns = tables.entrustments.c
    chosen = select(Entrustment).where(or_(columns.grantor_id == org_id, columns.grantee_id == org_id))
    return {"entrustments": await uow.all(chosen.order_by(columns.valid_from_on.desc(), columns.id))}


async def delegations(uow: Store, *, org_id: UUID | None) -> Mapping[str, Any]:
    columns = tables.delegations.c
    chosen = select(Delegation)
    if org_id is not None:
        chosen = chosen.where(columns.org_id == org_id)
    return {"delegations": await uow.all(chosen.order_by(columns.valid_from_on.desc(), columns.id).limit(500))}


async def divisions(uow: Store, *, parent_code: str, q: str) -> Mapping[str, Any]:
    columns = tables.divisions.c
    chosen = select(tables.divisions).order_by(columns.code).limit(2000)
    chosen = chosen.where(columns.name.icontains(q, autoescape=True)) if q else chosen.where(columns.parent_code == parent_code)
    return {"divisions": [dict(row) for row in (await uow.session.execute(chosen)).mappings()]}


async def roles(uow: Store) -> Mapping[str, Any]:
    rows = (await uow.session.execute(select(tables.roles).order_by(tables.roles.c.role))).mappings()
    return {"roles": [dict(row) for row in rows]}


async def logins(uow: Store, *, user_id: UUID | None, size: int, token: str) -> Mapping[str, Any]:
    columns = tables.logins.c
    chosen = select(columns.id)
    if user_id is not None:
        chosen = chosen.where(columns.user_id == user_id)
    ids, token = await page(uow, chosen, by=(columns.id,), size=size, token=token, descending=True)
    rows = await uow.session.execute(select(tables.logins).where(columns.id.in_(ids)).order_by(columns.id.desc()))
    return {"logins": [dict(row) for row in rows.mappings()], "next_page_token": token}


async def partners(uow: Store, *, size: int, token: str) -> tuple[list[PartnerClient], str]:
    columns = tables.partner_clients.c
    return await page(uow, select(PartnerClient), by=(columns.client_id, columns.id), size=size, token=token)


async def anything(uow: Store, *, id: UUID) -> Machine:
    """The person, body, certificate, delegation, entrustment or partner client of this id."""
    for kind in (User, OrgUnit, OfficerCertificate, Delegation, Entrustment, PartnerClient):
        found = await uow.session.get(kind, id)
        if isinstance(found, Machine):
            return found
    raise NothingOfThisId("nothing has this id, or it is not yours to see", id=str(id))

"""What callers may read."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from kernel.days import legal_day
from kernel.errors import Invalid
from kernel.moves import Facts

from identity.application.ports import Uow
from identity.domain.certificate import OfficerCertificate
from identity.domain.delegation import Delegation
from identity.domain.entrustment import ActingBody, acting_body
from identity.domain.user import User

MOST_OFFICERS = 100


class TooManyIds(Invalid):
    """More ids than are answered at once."""


class Seen:
    """An object as it looks on a day or at an instant: some attributes are computed, the rest are its own."""

    def __init__(self, thing: Any, **computed: Any) -> None:
        self.__dict__.update(computed)
        self._thing = thing

    def __getattr__(self, name: str) -> Any:
        return getattr(self._thing, name)


def user_on(user: User, on: date) -> Seen:
    return Seen(user, roles=sorted(user.roles_on(on)))


def certificate_at(certificate: OfficerCertificate, at: datetime) -> Seen:
    return Seen(certificate, state=certificate.status(at))


async def user(uow: Uow, *, id: UUID, facts: Facts) -> Seen:
    return user_on(await uow.user(id), legal_day(facts.now))


async def officers(uow: Uow, *, ids: Sequence[UUID], at: datetime | None, facts: Facts) -> Mapping[str, Any]:
    """Three statements, however many are asked for. Raises: TooManyIds."""
    if len(ids) > MOST_OFFICERS:
        raise TooManyIds("too many at once", most=MOST_OFFICERS, given=len(ids))
    instant = at or facts.now
    wanted = list(dict.fromkeys(ids))
    people = {person.id: person for person in await uow.users(wanted)}
    certificates, delegations = await uow.certificates_of(wanted), await uow.delegations_of(wanted)
    return {"officers": [_officer(people[id], certificates, delegations, instant) for id in wanted if id in people]}


def _officer(user: User, certificates: Sequence[OfficerCertificate], delegations: Sequence[Delegation], at: datetime) -> Seen:
    on = legal_day(at)
    return Seen(
        user,
        active=user.active_at(at),
        roles=sorted(user.roles_on(on)),
        delegations=[held for held in delegations if held.deputy_id == user.id and held.holds(on)],
        certificates=[certificate_at(held, at) for held in certificates if held.user_id == user.id],
    )


async def body(uow: Uow, *, org_id: UUID, on: date | None, facts: Facts) -> ActingBody:
    """Three statements. Raises: EntrustmentMissing, BodyDoesNotAct."""
    held = await uow.entrustments_to(org_id)
    units = {unit.id: unit for unit in await uow.org_units([org_id, *(known.grantor_id for known in held)])}
    if org_id not in units:
        return acting_body(await uow.org_unit(org_id), (), {}, on or legal_day(facts.now))
    return acting_body(units[org_id], held, units, on or legal_day(facts.now), await uow.partners_of(list(units)))


async def me(uow: Uow, *, user_id: UUID, permissions: Sequence[str], amr: Sequence[str], facts: Facts) -> Mapping[str, Any]:
    on = legal_day(facts.now)
    person = await uow.user(user_id)
    return {
        "user": user_on(person, on),
        "org": await uow.org_unit(person.org_id),
        "permissions": sorted(permissions),
        "delegations": [held for held in await uow.delegations_of([user_id]) if held.holds(on)],
        "amr": list(amr),
    }

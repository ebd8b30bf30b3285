"""What callers may do to bodies, people, certificates, delegations, entrustments and the clock: one function each."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from kernel.days import legal_day
from kernel.errors import Invalid
from kernel.money import Money
from kernel.moves import Facts

from identity.application.ports import Uow
from identity.domain.certificate import OfficerCertificate
from identity.domain.clock import LegalClockOff, RootInvalid, RootNotYours, check_root, offset_to
from identity.domain.delegation import Delegation
from identity.domain.entrustment import Entrustment
from identity.domain.events import LegalNowSet
from identity.domain.org import Basis, CounterpartKind, Level, OrgUnit, PaymentAccount
from identity.domain.user import User

W = TypeVar("W", bound=StrEnum)


class WordMissing(Invalid):
    """A level, basis or kind is needed."""


async def create_org_unit(uow: Uow, *, facts: Facts, parent_id: UUID, **particulars: Any) -> OrgUnit:
    level, basis = _word(Level, particulars.pop("level")), _word(Basis, particulars.pop("authority_basis"))
    unit, happened = OrgUnit.create(await uow.org_unit(parent_id), level=level, authority_basis=basis, facts=facts, **particulars)
    await uow.new_org_unit(unit)
    uow.record(happened)
    return unit


async def amend_org_unit(uow: Uow, *, facts: Facts, id: UUID, version: int, payment: PaymentAccount | None, **particulars: Any) -> OrgUnit:
    unit = await _org_unit(uow, id, version)
    uow.record(unit.amend(payment=payment, facts=facts, **particulars))
    return unit


async def close_org_unit(uow: Uow, *, facts: Facts, id: UUID, version: int, valid_to_on: date | None, reason: str) -> OrgUnit:
    unit = await _org_unit(uow, id, version)
    uow.record(unit.close(valid_to_on=valid_to_on or legal_day(facts.now), reason=reason, facts=facts))
    return unit


async def set_counterpart(
    uow: Uow, *, facts: Facts, id: UUID, version: int, kind: str, valid_from_on: date | None, **particulars: Any
) -> OrgUnit:
    unit = await _org_unit(uow, id, version)
    first = valid_from_on or legal_day(facts.now)
    uow.record(unit.set_counterpart(_word(CounterpartKind, kind), valid_from_on=first, facts=facts, **particulars))
    return unit


async def entrust(uow: Uow, *, facts: Facts, grantor_id: UUID, grantee_id: UUID, **particulars: Any) -> Entrustment:
    grantor, grantee = await uow.org_unit(grantor_id), await uow.org_unit(grantee_id)
    made, happened = Entrustment.entrust(grantor, grantee, facts=facts, **particulars)
    uow.add(made)
    uow.record(happened)
    return made


async def end_entrustment(uow: Uow, *, facts: Facts, id: UUID, version: int, on: date | None, reason: str) -> Entrustment:
    held = await uow.entrustment(id)
    uow.expect(held, version)
    uow.record(held.end(on=on, reason=reason, grantee=await uow.org_unit(held.grantee_id), facts=facts))
    return held


async def create_user(uow: Uow, *, facts: Facts, org_id: UUID, **particulars: Any) -> User:
    user, happened = User.create(await uow.org_unit(org_id), facts=facts, **particulars)
    await uow.new_user(user)
    uow.record(happened)
    return user


async def amend_user(uow: Uow, *, facts: Facts, id: UUID, version: int, **particulars: Any) -> User:
    user = await _user(uow, id, version)
    uow.record(user.amend(facts=facts, **particulars))
    return user


async def disable_user(uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str) -> User:
    user = await _user(uow, id, version)
    uow.record(user.disable(reason=reason, facts=facts))
    return user


async def enable_user(uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str) -> User:
    user = await _user(uow, id, version)
    uow.record(user.enable(reason=reason, facts=facts))
    return user


async def reset_second_factor(uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str) -> User:
    user = await _user(uow, id, version)
    uow.record(user.reset_second_factor(reason=reason, facts=facts))
    await uow.forget_second_factor(id)
    return user


async def grant_role(
    uow: Uow, *, facts: Facts, id: UUID, version: int, role: str, valid_from_on: date | None, valid_to_on: date | None
) -> User:
    user = await _user(uow, id, version)
    uow.record(user.grant(role, valid_from_on=valid_from_on, valid_to_on=valid_to_on, facts=facts))
    return user


async def withdraw_role(uow: Uow, *, facts: Facts, id: UUID, version: int, role: str, reason: str) -> User:
    user = await _user(uow, id, version)
    uow.record(user.withdraw(role, reason=reason, facts=facts))
    return user


async def issue_certificate(
    uow: Uow, *, facts: Facts, user_id: UUID, categories: Sequence[str], region_codes: Sequence[str], **particulars: Any
) -> OfficerCertificate:
    user = await uow.user(user_id)
    certificate, happened = OfficerCertificate.issue(
        user_id=user.id, org_path=user.org_path, categories=categories, region_codes=region_codes, facts=facts, **particulars
    )
    await uow.new_certificate(certificate)
    uow.record(happened)
    return certificate


async def suspend_certificate(uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str) -> OfficerCertificate:
    certificate = await _certificate(uow, id, version)
    uow.record(certificate.suspend(reason=reason, facts=facts))
    return certificate


async def resume_certificate(uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str) -> OfficerCertificate:
    certificate = await _certificate(uow, id, version)
    uow.record(certificate.resume(reason=reason, facts=facts))
    return certificate


async def revoke_certificate(uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str) -> OfficerCertificate:
    certificate = await _certificate(uow, id, version)
    uow.record(certificate.revoke(reason=reason, facts=facts))
    return certificate


async def renew_certificate(uow: Uow, *, facts: Facts, id: UUID, version: int, **particulars: Any) -> OfficerCertificate:
    renewed, happened = (await _certificate(uow, id, version)).renew(facts=facts, **particulars)
    await uow.new_certificate(renewed)
    uow.record(happened)
    return renewed


async def delegate(
    uow: Uow,
    *,
    facts: Facts,
    deputy_id: UUID,
    act: str,
    max_amount: Money | None,
    valid_from_on: date | None,
    valid_to_on: date | None,
) -> Delegation:
    made, happened = Delegation.delegate(
        await uow.user(deputy_id), act=act, max_amount=max_amount, valid_from_on=valid_from_on, valid_to_on=valid_to_on, facts=facts
    )
    uow.add(made)
    uow.record(happened)
    return made


async def end_delegation(uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str) -> Delegation:
    held = await uow.delegation(id)
    uow.expect(held, version)
    uow.record(held.end(reason=reason, facts=facts))
    return held


async def set_legal_now(uow: Uow, *, facts: Facts, root: str, at: datetime | None, on: bool, own_root: str) -> dict[str, Any]:
    """Raises: LegalClockOff, RootInvalid, RootNotYours, ClockMovesForwardOnly."""
    if not on:
        raise LegalClockOff("this installation follows real time")
    check_root(root)
    if at is None:
        raise RootInvalid("an instant is needed", field="at")
    if root != own_root:
        raise RootNotYours("the clock of another root", root=root, own=own_root)
    real = datetime.now(UTC)
    offset = offset_to(at, real=real, offset=await uow.clock(root, lock=True))
    await uow.set_clock(root, offset)
    uow.record(LegalNowSet(root, offset, at))
    return {"root": root, "offset_seconds": offset, "at": real + timedelta(seconds=offset)}


def _word(words: type[W], given: str) -> W:
    if not given:
        raise WordMissing(f"a {words.__name__} is needed", words=",".join(words))
    return words(given)


async def _org_unit(uow: Uow, id: UUID, version: int) -> OrgUnit:
    unit = await uow.org_unit(id)
    uow.expect(unit, version)
    return unit


async def _user(uow: Uow, id: UUID, version: int) -> User:
    user = await uow.user(id)
    uow.expect(user, version)
    return user


async def _certificate(uow: Uow, id: UUID, version: int) -> OfficerCertificate:
    certificate = await uow.certificate(id)
    uow.expect(certificate, version)
    return certificate

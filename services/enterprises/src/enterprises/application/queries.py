"""What callers may read of the registers."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from kernel.days import legal_day
from kernel.errors import Invalid
from kernel.moves import Facts

from enterprises.application.ports import Uow
from enterprises.domain.certificate import ITEMS as OPERATION_ITEMS
from enterprises.domain.certificate import Certificate, check_holder, qualified
from enterprises.domain.enterprise import Enterprise, Licence


class SearchTooShort(Invalid):
    """A search has two characters or more."""


async def enterprise(uow: Uow, *, enterprise_id: UUID) -> Enterprise:
    return await uow.enterprise(enterprise_id)


async def search(uow: Uow, *, q: str, region_code: str, page_size: int, page_token: str) -> dict[str, Any]:
    if len(q.strip()) < 2:
        raise SearchTooShort("a search has two characters or more", q=q)
    found, token = await uow.search(q.strip(), region_code, page_size, page_token)
    return {"enterprises": found, "next_page_token": token}


async def licences(uow: Uow, *, enterprise_id: UUID, on: date | None) -> dict[str, Sequence[Licence]]:
    await uow.enterprise(enterprise_id)
    held = await uow.licences(enterprise_id)
    return {"licences": [licence for licence in held if on is None or licence.in_force(on)]}


async def certificates(uow: Uow, *, facts: Facts, holder_id_number: str, holder_name: str, item: str, on: date | None) -> dict[str, Any]:
    """What the register says of one person on one day; nothing found is an answer."""
    day = on or legal_day(facts.now)
    held = await uow.certificates_of(holder_id_number.strip().upper(), item)
    check_holder(held, holder_name)
    return {
        "found": bool(held),
        "qualified": qualified(held, day),
        "certificates": [shown(certificate, day) for certificate in held],
        "asked_at": facts.now,
        "on": day,
    }


def shown(certificate: Certificate, on: date) -> dict[str, Any]:
    """A certificate as callers see it: its status that day, the ID number masked."""
    return {
        "id": certificate.id,
        "number": certificate.masked_number,
        "holder_name": certificate.holder_name,
        "holder_id_number": certificate.masked_id_number,
        "item": certificate.item,
        "item_name": OPERATION_ITEMS[certificate.item],
        "valid_from_on": certificate.valid_from_on,
        "valid_to_on": certificate.valid_to_on,
        "review_due_on": certificate.review_due_on,
        "issuer": certificate.issuer,
        "status": certificate.status(on),
        "version": certificate.version,
    }


def shown_now(certificate: Certificate, now: datetime) -> dict[str, Any]:
    return shown(certificate, legal_day(now))

"""What administrators do to the clients of partners."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from kernel.moves import Facts

from identity.application.ports import Uow
from identity.domain.partner import PartnerClient


async def register_partner(uow: Uow, *, facts: Facts, org_id: UUID, **particulars: Any) -> PartnerClient:
    client, happened = PartnerClient.register(await uow.org_unit(org_id), facts=facts, **particulars)
    await uow.new_partner(client)
    uow.record(happened)
    return client


async def amend_partner(
    uow: Uow, *, facts: Facts, id: UUID, version: int, name: str, scopes: Sequence[str], quota_per_minute: int
) -> PartnerClient:
    client = await _partner(uow, id, version)
    uow.record(client.amend(name=name, scopes=scopes, quota_per_minute=quota_per_minute, facts=facts))
    return client


async def rotate_partner_keys(
    uow: Uow, *, facts: Facts, id: UUID, version: int, keys: Sequence[Mapping[str, Any]], reason: str
) -> PartnerClient:
    client = await _partner(uow, id, version)
    uow.record(client.rotate_keys(keys, reason=reason, facts=facts))
    return client


async def disable_partner(uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str) -> PartnerClient:
    client = await _partner(uow, id, version)
    uow.record(client.disable(reason=reason, facts=facts))
    return client


async def enable_partner(uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str) -> PartnerClient:
    client = await _partner(uow, id, version)
    uow.record(client.enable(reason=reason, facts=facts))
    return client


async def _partner(uow: Uow, id: UUID, version: int) -> PartnerClient:
    client = await uow.partner(id)
    uow.expect(client, version)
    return client

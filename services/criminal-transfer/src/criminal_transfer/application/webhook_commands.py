"""What a partner does with its endpoints and deliveries. `place` is its own path: no other row is seen."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from kernel.moves import Facts

from criminal_transfer.application.ports import Uow
from criminal_transfer.domain.webhook import Delivery, WebhookEndpoint


async def register(uow: Uow, *, facts: Facts, url: str, client_id: str, place: str, development: bool) -> WebhookEndpoint:
    there = len(await uow.endpoints(lock=True))
    made = WebhookEndpoint.register(url, client_id=client_id, org_path=place, there=there, development=development, facts=facts)
    uow.add(made)
    return made


async def disable(uow: Uow, *, facts: Facts, id: UUID, version: int) -> WebhookEndpoint:
    endpoint = await uow.endpoint(id)
    uow.expect(endpoint, version)
    endpoint.disable(facts=facts)
    return endpoint


async def enable(uow: Uow, *, facts: Facts, id: UUID, version: int) -> WebhookEndpoint:
    endpoint = await uow.endpoint(id)
    uow.expect(endpoint, version)
    endpoint.enable(facts=facts)
    return endpoint


async def replay(uow: Uow, *, facts: Facts, id: UUID, version: int) -> Delivery:
    """On real time, like everything that is sent."""
    delivery = await uow.delivery(id)
    uow.expect(delivery, version)
    delivery.replay(datetime.now(UTC), facts=facts)
    return delivery


async def endpoints(uow: Uow) -> dict[str, Any]:
    return {"endpoints": await uow.endpoints()}


async def deliveries(uow: Uow, *, endpoint_id: UUID | None, state: str, size: int, token: str) -> dict[str, Any]:
    rows, following = await uow.deliveries(endpoint_id, state, size, token)
    return {"deliveries": rows, "next_page_token": following}

"""What callers may do to recusals and to the publicity of a result."""

from uuid import UUID

from kernel.moves import Facts

from inspections.application.ports import Uow
from inspections.domain.publicity import PublicityItem
from inspections.domain.recusal import Recusal
from inspections.domain.refusals import UnknownMove

PUBLICITY_MOVES = ("require_withdrawal", "withdraw", "expire")


async def raise_recusal(
    uow: Uow, *, facts: Facts, inspection_id: UUID, officer_id: str, raised_by: str, ground: str, reason: str
) -> Recusal:
    file = await uow.file(inspection_id)
    made, event = Recusal.raised(file.inspection, officer_id, raised_by, ground, reason, facts=facts)
    file.recusals.append(made)
    uow.add(made)
    uow.record(event)
    return made


async def decide_recusal(uow: Uow, *, facts: Facts, recusal_id: UUID, version: int, accepted: bool, reason: str) -> Recusal:
    file = await uow.file_of_recusal(recusal_id)
    recusal = next(one for one in file.recusals if one.id == recusal_id)
    uow.expect(recusal, version)
    uow.record(recusal.decide(reason, accepted=accepted, facts=facts))
    return recusal


async def publish(uow: Uow, *, facts: Facts, publicity_id: UUID, version: int, address: str, summary: str) -> PublicityItem:
    item = await _publicity(uow, publicity_id, version)
    uow.record(item.publish(address, summary, facts=facts))
    return item


async def move_publicity(uow: Uow, *, facts: Facts, publicity_id: UUID, version: int, move: str, reason: str) -> PublicityItem:
    item = await _publicity(uow, publicity_id, version)
    if move not in PUBLICITY_MOVES:
        raise UnknownMove("there is no such move", move=move, moves=",".join(PUBLICITY_MOVES))
    event = item.move(move, reason, facts=facts)
    if event is not None:
        uow.record(event)
    return item


async def _publicity(uow: Uow, publicity_id: UUID, version: int) -> PublicityItem:
    file = await uow.file_of_publicity(publicity_id)
    item = next(one for one in file.publicity if one.id == publicity_id)
    uow.expect(item, version)
    return item

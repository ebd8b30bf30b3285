"""What the events of criminal-transfer and of measures change in a case."""

from datetime import datetime
from uuid import UUID

from kernel.money import Money
from kernel.moves import Facts

from penalties.application.ports import Ports, Uow
from penalties.domain.case import State
from penalties.domain.enforcement import RESOLVED, CaseTransfer, HeldGoods
from penalties.domain.transfer import TRANSFERABLE


async def transfer_opened(
    uow: Uow, *, id: UUID, org_path: str, case_id: str, inspection_id: str, offences: list[str], suspects: list[str], at: datetime
) -> None:
    if await uow.transfer(id) is None:
        case = UUID(case_id) if case_id else None
        uow.add(CaseTransfer(id, org_path, case, inspection_id, "SUSPECTED", sorted(offences), sorted(suspects), at))


async def transfer_moved(uow: Uow, *, id: UUID, state: str, at: datetime | None = None) -> CaseTransfer | None:
    line = await uow.transfer(id)
    if line is not None:
        line.state = state
        line.ended_at = (line.ended_at or at) if state in RESOLVED else None
    return line


async def transfer_approved(uow: Uow, *, facts: Facts, id: UUID, suspects: list[str], at: datetime) -> None:
    """C07: the case rests (PC44). A case that is decided by then goes on: what it imposed is executed (7.4)."""
    found = await transfer_moved(uow, id=id, state="APPROVED")
    if found is None:
        return
    found.approved_at, found.suspects = at, sorted(suspects) or found.suspects
    if found.case_id is None:
        return
    case = await uow.case(found.case_id)
    if case.state in TRANSFERABLE:
        uow.record(case.send_to_police(id, at, facts=facts))


async def transfer_returned(uow: Uow, *, facts: Facts, id: UUID, cause: str, at: datetime) -> None:
    """C23, C24, C27, C33, C34: the case goes on (PC45)."""
    found = await transfer_moved(uow, id=id, state="RETURNED_ADMIN")
    if found is None:
        return
    found.ended_at, found.cause = at, cause
    await _come_back(uow, found, cause, at, facts)


async def transfer_judged(
    uow: Uow, *, facts: Facts, id: UUID, criminal_fine: Money, administrative_left: bool, outcome: str, at: datetime
) -> None:
    """C28: with a matter left the case goes on (PC45), else it is closed by the deputy (PC46); fines are set off (APL 35)."""
    found = await transfer_moved(uow, id=id, state="JUDGED")
    if found is None:
        return
    found.ended_at, found.cause = at, outcome
    found.criminal_fine_fen, found.administrative_left = criminal_fine.fen, administrative_left
    if found.case_id is None:
        return
    case = await uow.case(found.case_id)
    paused = case.meet_criminal_fine(criminal_fine, facts=facts)
    if paused is not None:
        uow.record(paused)
    if administrative_left:
        await _come_back(uow, found, outcome, at, facts)


async def _come_back(uow: Uow, found: CaseTransfer, cause: str, at: datetime, facts: Facts) -> None:
    if found.case_id is None:
        return
    case = await uow.case(found.case_id)
    waiting = any(transfer.with_police for transfer in case.transfers if transfer.id != found.id)
    if case.state is State.CRIME_TRANSFER and not waiting:
        uow.record(case.come_back(found.id, at, cause, facts=facts))


async def goods_held(
    ports: Ports, uow: Uow, *, id: UUID, inspection_id: str, case_id: str, kind: str, last_on: str, evidence_ids: list[str], at: datetime
) -> None:
    found = await uow.measure(id)
    if found is None:
        inspection = await ports.inspections.inspection(inspection_id)
        uow.add(HeldGoods(id, inspection.org_path, inspection_id, case_id, kind, "APPLIED", last_on, sorted(evidence_ids), at))


async def goods_moved(uow: Uow, *, id: UUID, state: str = "", last_on: str = "", case_id: str = "") -> None:
    line = await uow.measure(id)
    if line is not None:
        line.state, line.last_on, line.case_id = state or line.state, last_on or line.last_on, case_id or line.case_id

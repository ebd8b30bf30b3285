"""The hearing and the collective discussion: one function for each step."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from kernel.moves import Facts

from penalties.application.commands import release
from penalties.application.knowing import body, checked, current, knowing, thresholds
from penalties.application.ports import Ports, Uow
from penalties.domain.case import Case
from penalties.domain.hearing import Tribunal
from penalties.domain.hearing_rules import HearingDays
from penalties.domain.proceedings import Minutes


async def request_hearing(
    uow: Uow, *, facts: Facts, id: UUID, version: int, requested_at: datetime, posted_on: str, document_id: str
) -> Case:
    """PC19, or a late request that waits for its refusal (HR03)."""
    case = await current(uow, id, version)
    uow.record(case.request_hearing(requested_at, posted_on, document_id, facts=facts))
    return case


async def accept(uow: Uow, *, facts: Facts, id: UUID, version: int, tribunal: Tribunal) -> Case:
    case = await current(uow, id, version)
    uow.record(case.accept_hearing(tribunal, facts=facts))
    return case


async def refuse(uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str, document_id: str) -> Case:
    case = await current(uow, id, version)
    uow.record(case.refuse_hearing(reason, document_id, facts=facts))
    return case


async def days(uow: Uow, *, facts: Facts, id: UUID, served_on: str) -> HearingDays:
    return (await uow.case(id)).hearing_days(served_on, facts=facts)


async def release_notice(
    ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, document_id: str, scheduled_at: datetime, place: str
) -> Case:
    """First step of PC20: F27 is numbered and sealed; its service sets the hearing."""
    case = await current(uow, id, version)
    case.release_hearing_notice(document_id, scheduled_at, place, facts=knowing(facts, await checked(ports, [document_id])))
    release(uow, case, [document_id], facts)
    return case


async def postpone(
    ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str, document_id: str, scheduled_at: datetime, place: str
) -> Case:
    case = await current(uow, id, version)
    known = knowing(facts, await checked(ports, [document_id]))
    uow.record(case.postpone_hearing(reason, document_id, scheduled_at, place, facts=known))
    release(uow, case, [document_id], facts)
    return case


async def open_hearing(uow: Uow, *, facts: Facts, id: UUID, version: int, agents: Sequence[str]) -> Case:
    case = await current(uow, id, version)
    case.open_hearing(list(agents), facts=facts)
    return case


async def close(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, said: dict[str, str], document_id: str) -> Case:
    case = await current(uow, id, version)
    uow.record(case.close_hearing(said, document_id, facts=knowing(facts, await checked(ports, [document_id]))))
    release(uow, case, [document_id], facts)
    return case


async def terminate(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str, document_id: str) -> Case:
    case = await current(uow, id, version)
    uow.record(case.terminate_hearing(reason, document_id, facts=knowing(facts, await checked(ports, [document_id]))))
    release(uow, case, [document_id], facts)
    return case


async def report(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, opinion: str, document_ids: Sequence[str]) -> Case:
    """HR11 and PC23."""
    case = await current(uow, id, version)
    known = knowing(facts, await checked(ports, document_ids))
    uow.record(case.report_hearing(opinion, list(document_ids), facts=known))
    release(uow, case, document_ids, facts)
    return case


async def withdraw(uow: Uow, *, facts: Facts, id: UUID, version: int, document_id: str) -> Case:
    case = await current(uow, id, version)
    uow.record(case.withdraw_hearing(document_id, facts=facts))
    return case


async def conclude(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, minutes: Minutes) -> Case:
    """PC25: the minutes are released once everyone has signed them."""
    case = await current(uow, id, version)
    known = knowing(
        facts, await body(ports, case, facts), await thresholds(ports, case, facts), await checked(ports, [minutes.document_id])
    )
    uow.record(case.conclude_deliberation(minutes, facts=known))
    release(uow, case, [minutes.document_id], facts)
    return case

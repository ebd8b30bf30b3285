"""What police, procuratorate and court enter about a transfer that was handed to them."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from kernel.money import Money
from kernel.moves import SYSTEM, Facts

from criminal_transfer.application.knowing import current, hand, knowing, leave
from criminal_transfer.application.ports import Ports, Uow
from criminal_transfer.domain.records import Receiver, ReceiverKind, Source, State
from criminal_transfer.domain.transfer import Transfer


async def sign_receipt(uow: Uow, *, facts: Facts, id: UUID, version: int, number: str, received_by: str) -> Transfer:
    transfer = await current(uow, id, version)
    return leave(uow, transfer, transfer.sign_receipt(number, received_by, facts=facts))


async def demand_supplement(uow: Uow, *, facts: Facts, id: UUID, version: int, missing: Sequence[str], number: str) -> Transfer:
    transfer = await current(uow, id, version)
    return leave(uow, transfer, transfer.demand_supplement(number, missing, facts=facts))


async def start_review(uow: Uow, *, facts: Facts, id: UUID, version: int) -> Transfer:
    transfer = await current(uow, id, version)
    return leave(uow, transfer, transfer.start_review(facts=facts))


async def extend_review(uow: Uow, *, facts: Facts, id: UUID, version: int, approved_days: int, approved_by: str, number: str) -> Transfer:
    transfer = await current(uow, id, version)
    transfer.extend_review(approved_days, approved_by, number, facts=facts)
    return leave(uow, transfer)


async def forward(uow: Uow, *, facts: Facts, id: UUID, version: int, to_name: str, to_client_id: str, number: str, text: str) -> Transfer:
    transfer = await current(uow, id, version)
    receiver = Receiver(ReceiverKind.POLICE, to_client_id, to_name)
    event = transfer.forward(number, text, receiver, facts=facts)
    await hand(uow, transfer, [receiver], facts)
    return leave(uow, transfer, event)


async def take_forwarded(uow: Uow, *, facts: Facts, id: UUID, version: int, number: str) -> Transfer:
    transfer = await current(uow, id, version)
    return leave(uow, transfer, transfer.take_forwarded(number, facts=facts))


async def file(
    uow: Uow,
    *,
    facts: Facts,
    id: UUID,
    version: int,
    number: str,
    dated_on: str,
    text: str,
    sha256: str,
    copied_to_procuratorate: bool,
) -> Transfer:
    transfer = await current(uow, id, version)
    return leave(uow, transfer, transfer.file(number, dated_on, text, sha256, copied_to_procuratorate=copied_to_procuratorate, facts=facts))


async def refuse_filing(
    uow: Uow,
    *,
    facts: Facts,
    id: UUID,
    version: int,
    number: str,
    dated_on: str,
    reason: str,
    sha256: str,
    file_returned: bool,
    copied_to_procuratorate: bool,
) -> Transfer:
    transfer = await current(uow, id, version)
    event = transfer.refuse_filing(
        number, dated_on, reason, sha256, file_returned=file_returned, copied_to_procuratorate=copied_to_procuratorate, facts=facts
    )
    return leave(uow, transfer, event)


async def decide_reconsideration(
    uow: Uow, *, facts: Facts, id: UUID, version: int, filed: bool, number: str, dated_on: str, reason: str, sha256: str
) -> Transfer:
    """C20; where it ends in a filing, that is told as any other (C16)."""
    transfer = await current(uow, id, version)
    event = transfer.decide_reconsideration(number, dated_on, reason, sha256, filed=filed, facts=facts)
    return leave(uow, transfer, event, *([transfer.told_filed(number, facts)] if filed else []))


async def order_filing(uow: Uow, *, facts: Facts, id: UUID, version: int, number: str, dated_on: str, text: str, sha256: str) -> Transfer:
    transfer = await current(uow, id, version)
    return leave(uow, transfer, transfer.order_filing(number, dated_on, text, sha256, facts=facts))


async def justify_non_filing(uow: Uow, *, facts: Facts, id: UUID, version: int, number: str, reason: str) -> Transfer:
    transfer = await current(uow, id, version)
    return leave(uow, transfer, transfer.justify_non_filing(number, reason, facts=facts))


async def sign_materials(uow: Uow, *, facts: Facts, id: UUID, version: int, received_by: Sequence[str], number: str) -> Transfer:
    transfer = await current(uow, id, version)
    return leave(uow, transfer, transfer.sign_materials(received_by, number, facts=facts))


async def record_result(
    uow: Uow, *, facts: Facts, id: UUID, version: int, result: str, number: str, dated_on: str, text: str, sha256: str
) -> Transfer:
    transfer = await current(uow, id, version)
    return leave(uow, transfer, transfer.record_result(State(result), number, dated_on, text, sha256, facts=facts))


async def return_to_administration(
    uow: Uow, *, facts: Facts, id: UUID, version: int, number: str, reason: str, opinion_text: str, party_fined: bool
) -> Transfer:
    transfer = await current(uow, id, version)
    event = transfer.return_to_administration(number, reason, opinion_text, party_fined=party_fined, facts=facts)
    return leave(uow, transfer, event)


async def record_judgment(
    uow: Uow,
    *,
    facts: Facts,
    id: UUID,
    version: int,
    number: str,
    effective_on: str,
    criminal_fine: Money,
    text: str,
    administrative_matter_left: bool,
) -> Transfer:
    """C28. What was fined and paid stands in what penalties told."""
    transfer = await current(uow, id, version)
    told = await uow.fine(transfer.case_id) if transfer.case_id else None
    imposed, paid = (told.fine, told.paid) if told is not None else (Money(0), Money(0))
    event = transfer.judge(number, effective_on, text, criminal_fine, imposed, paid, matter_left=administrative_matter_left, facts=facts)
    return leave(uow, transfer, event)


async def decline(
    ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, number: str, reason: str, competent_body: str
) -> Transfer:
    """C33. A body that is named opens a record of its own (C01), so that the suspicion is not lost."""
    transfer = await current(uow, id, version)
    event = transfer.decline(number, reason, competent_body, facts=facts)
    if competent_body:
        system = knowing(replace(facts, by=SYSTEM, cause=str(transfer.id)), limits=ports.limits)
        follow_up = Transfer(
            org_id=transfer.org_id,
            org_path=transfer.org_path,
            region_code=transfer.region_code,
            category=transfer.category,
            source=Source.NOT_POLICE,
            facts=f"{competent_body}: {reason}",
            case_id=transfer.case_id,
            inspection_id=transfer.inspection_id,
            enterprise_id=transfer.enterprise_id,
            enterprise_name=transfer.enterprise_name,
            offences=list(transfer.offences),
            suspects=list(transfer.suspects),
            opened_by=facts.by.id,
            opened_at=facts.now,
        )
        opened = follow_up.open(facts=system)
        uow.add(follow_up)
        leave(uow, follow_up, opened)
    return leave(uow, transfer, event)


async def return_judged(uow: Uow, *, facts: Facts, id: UUID, version: int, number: str, reason: str) -> Transfer:
    transfer = await current(uow, id, version)
    return leave(uow, transfer, transfer.return_judged(number, reason, facts=facts))


async def take_up(uow: Uow, *, facts: Facts, id: UUID, version: int, number: str, reason: str) -> Transfer:
    transfer = await current(uow, id, version)
    return leave(uow, transfer, transfer.take_up(number, reason, facts=facts))


async def require_transfer(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, number: str, reason: str) -> Transfer:
    """C09 by the procuratorate."""
    transfer = await current(uow, id, version)
    return leave(uow, transfer, transfer.reopen(reason, number, facts=knowing(facts, limits=ports.limits)))

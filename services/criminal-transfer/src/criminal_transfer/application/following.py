"""What the authority does after the hand-over: supplement, reconsideration, supervision, objects, the end, and the clue apart."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from kernel.moves import Facts

from criminal_transfer.application.knowing import current, leave, release, with_papers
from criminal_transfer.application.ports import Ports, Uow
from criminal_transfer.domain.clue import OfficialClue
from criminal_transfer.domain.records import Materials
from criminal_transfer.domain.transfer import Transfer


async def supplement(uow: Uow, *, facts: Facts, id: UUID, version: int, list_: str, evidence_ids: Sequence[str]) -> Transfer:
    """C13."""
    transfer = await current(uow, id, version)
    return leave(uow, transfer, transfer.supplement(list_, evidence_ids, facts=facts))


async def remind(uow: Uow, *, facts: Facts, id: UUID, version: int, text: str, number: str) -> Transfer:
    """Before C18."""
    transfer = await current(uow, id, version)
    transfer.remind(text, number, facts=facts)
    return leave(uow, transfer)


async def suggest_supervision(
    ports: Ports,
    uow: Uow,
    *,
    facts: Facts,
    id: UUID,
    version: int,
    document_id: str,
    reason: str,
    refusal: str,
    superior_told: bool,
    late_reason: str,
) -> Transfer:
    """C18, C21, C32."""
    transfer = await current(uow, id, version)
    known = await with_papers(ports, facts, [document_id], "X4B")
    event = transfer.suggest(document_id, reason, late_reason, refusal, superior_told=superior_told, facts=known)
    release(uow, transfer, [document_id], facts)
    return leave(uow, transfer, event)


async def ask_reconsideration(
    ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, document_id: str, reason: str, late_reason: str
) -> Transfer:
    """C19."""
    transfer = await current(uow, id, version)
    known = await with_papers(ports, facts, [document_id], "X4A")
    event = transfer.ask_reconsideration(document_id, reason, late_reason, facts=known)
    release(uow, transfer, [document_id], facts)
    return leave(uow, transfer, event)


async def accept_non_filing(uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str) -> Transfer:
    """C24."""
    transfer = await current(uow, id, version)
    return leave(uow, transfer, transfer.accept_non_filing(reason, facts=facts))


async def prepare_materials(
    uow: Uow,
    *,
    facts: Facts,
    id: UUID,
    version: int,
    evidence_ids: Sequence[str],
    measure_ids: Sequence[str],
    note: str,
    party_told: bool,
) -> Transfer:
    """First step of C25."""
    transfer = await current(uow, id, version)
    transfer.prepare_materials(Materials(tuple(evidence_ids), tuple(measure_ids), note, party_told), facts=facts)
    return leave(uow, transfer)


async def close(uow: Uow, *, facts: Facts, id: UUID, version: int, admin_result: str, reply_number: str, reply_text: str) -> Transfer:
    """C29."""
    transfer = await current(uow, id, version)
    return leave(uow, transfer, transfer.close(admin_result, reply_number, reply_text, facts=facts))


async def record_clue(
    uow: Uow, *, facts: Facts, id: UUID, version: int, receiver: str, text: str, letter_number: str, sent_on: str
) -> OfficialClue:
    """C30."""
    transfer = await current(uow, id, version)
    made = OfficialClue(transfer.id, transfer.org_path, receiver, text, letter_number, sent_on, facts.by.id, facts.now)
    made.record(facts=facts)
    uow.add(made)
    return made


async def clues(uow: Uow, *, id: UUID) -> dict[str, Any]:
    transfer = await uow.transfer(id)
    return {"clues": await uow.clues(transfer.id)}

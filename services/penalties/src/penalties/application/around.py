"""Ways around the straight one: urgency, suspension, no penalty, other ends, split, daily fine: one function each."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from kernel.moves import Facts

from penalties.application.commands import release
from penalties.application.knowing import acts, body, checked, current, found, knowing, officers, orders, thresholds
from penalties.application.ports import Ports, Uow
from penalties.domain.case import Case
from penalties.domain.file import today
from penalties.domain.law import PartyKind
from penalties.domain.no_penalty import NoPenaltyDraft
from penalties.domain.proceedings import CaseKind, Ending, RefusalDay, SuspensionGround, TerminationGround
from penalties.domain.records import PersonParty, State
from penalties.domain.splitting import Part

DAILY_BRANCH = "DAILY"
DROPPED = frozenset({State.NOT_FILED, State.WITHDRAWN, State.TERMINATED, State.MOVED, State.NO_PENALTY})


async def start_urgently(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str) -> Case:
    case = await current(uow, id, version)
    known = knowing(facts, await officers(ports, case, facts), await body(ports, case, facts), await acts(ports, case, facts))
    uow.record(case.start_urgently(reason, facts=known))
    return case


async def file_afterwards(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, document_id: str) -> Case:
    case = await current(uow, id, version)
    known = knowing(facts, await body(ports, case, facts), await thresholds(ports, case, facts), await checked(ports, [document_id]))
    uow.record(case.file_afterwards(document_id, facts=known))
    release(uow, case, [document_id], facts)
    return case


async def suspend(
    ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, ground: SuspensionGround, reason: str, document_id: str
) -> Case:
    case = await current(uow, id, version)
    uow.record(case.suspend(ground, reason, document_id, facts=knowing(facts, await checked(ports, [document_id]))))
    release(uow, case, [document_id], facts)
    return case


async def resume(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str, document_id: str) -> Case:
    case = await current(uow, id, version)
    uow.record(case.resume(reason, document_id, facts=knowing(facts, await checked(ports, [document_id]))))
    release(uow, case, [document_id], facts)
    return case


async def propose_no_penalty(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, draft: NoPenaltyDraft) -> Case:
    case = await current(uow, id, version)
    uow.record(case.propose_no_penalty(draft, await found(ports, uow, case, facts), facts=facts))
    return case


async def decide_no_penalty(
    ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, education: str, document_ids: Sequence[str], late_reason: str
) -> Case:
    """PC28: the approving F30 first, then the decision for service."""
    case = await current(uow, id, version)
    known = knowing(facts, await body(ports, case, facts), await thresholds(ports, case, facts), await checked(ports, document_ids))
    uow.record(case.decide_no_penalty(education, document_ids, late_reason, facts=known))
    documents = sorted(known.known["checked"].values(), key=lambda document: document.form == "ws10050")
    release(uow, case, [document.document_id for document in documents], facts)
    return case


async def hand_over(
    ports: Ports,
    uow: Uow,
    *,
    facts: Facts,
    id: UUID,
    version: int,
    receiver: str,
    accepted_on: str,
    proof_id: str,
    reason: str,
    document_ids: Sequence[str],
) -> Case:
    case = await current(uow, id, version)
    ending = Ending(
        "PC47",
        reason,
        facts.by.id,
        facts.now,
        receiver=receiver,
        accepted_on=accepted_on,
        proof_id=proof_id,
        document_ids=tuple(document_ids),
    )
    known = knowing(facts, await body(ports, case, facts), await checked(ports, document_ids))
    uow.record(case.hand_over(ending, facts=known))
    documents = sorted(known.known["checked"].values(), key=lambda document: document.form == "F44")
    release(uow, case, [document.document_id for document in documents], facts)
    return case


async def withdraw(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str, document_id: str) -> Case:
    """PC48, proposed by the legal reviewer, confirmed by the deputy head."""
    case = await current(uow, id, version)
    # The form is signed by the deputy, who confirms: `carries` looks for the signature of who approves.
    uow.record(case.withdraw(reason, [document_id], facts=knowing(facts, await checked(ports, [document_id]))))
    release(uow, case, [document_id], facts)
    return case


async def terminate(
    ports: Ports,
    uow: Uow,
    *,
    facts: Facts,
    id: UUID,
    version: int,
    ground: TerminationGround,
    proof_id: str,
    reason: str,
    document_id: str,
) -> Case:
    case = await current(uow, id, version)
    ending = Ending("PC49", reason, facts.by.id, facts.now, ground=ground.value, proof_id=proof_id, document_ids=(document_id,))
    known = knowing(facts, await body(ports, case, facts), await checked(ports, [document_id]))
    uow.record(case.terminate(ground, ending, facts=known))
    release(uow, case, [document_id], facts)
    return case


async def split(
    ports: Ports,
    uow: Uow,
    *,
    facts: Facts,
    id: UUID,
    version: int,
    reason: str,
    name: str,
    party_kind: PartyKind,
    enterprise_id: str,
    person: PersonParty | None,
    act_id: str,
    branch: str,
    finding_ids: Sequence[str],
    summary: str,
    document_id: str,
) -> Case:
    """PC63: the new case is stored beside this one."""
    case = await current(uow, id, version)
    unit = party_kind is PartyKind.UNIT
    of = enterprise_id or case.enterprise_id
    party_name = (await ports.enterprises.enterprise(of)).name if unit else person.name if person else ""
    part = Part(
        reason=reason,
        name=name,
        party_kind=party_kind,
        party_name=party_name,
        enterprise_id=of,
        person=None if unit else person,
        act_id=act_id or case.act_id,
        branch=branch,
        finding_ids=tuple(finding_ids),
        summary=summary,
        document_id=document_id,
    )
    sibling, happened = case.split(part, facts=knowing(facts, await body(ports, case, facts)))
    uow.add(sibling)
    uow.record(happened)
    return case


async def open_daily(
    ports: Ports,
    uow: Uow,
    *,
    facts: Facts,
    id: UUID,
    version: int,
    order_id: str,
    refusal_days: Sequence[Mapping[str, Any]],
    summary: str,
    act_id: str,
    officer_ids: Sequence[str],
) -> Case:
    """PC58, proposed by one officer and confirmed by the other; answers the new case."""
    fined = await current(uow, id, version)
    days = [RefusalDay(str(day["on"]), tuple(day["evidence_ids"])) for day in refusal_days]
    case = Case(
        org_id=fined.org_id,
        org_path=fined.org_path,
        region_code=fined.region_code,
        name=f"{fined.name}（按日连续处罚）",
        source=fined.source,
        inspection_id=fined.inspection_id,
        finding_ids=list(fined.finding_ids),
        enterprise_id=fined.enterprise_id,
        party_kind=fined.party_kind,
        party_name=fined.party_name,
        person=fined.person,
        act_id=act_id,
        branch=DAILY_BRANCH,
        act_on=min((day.on for day in days), default=today(facts)),
        act_ended_on=max((day.on for day in days), default=""),
        discovered_on=today(facts),
        summary=summary,
        lead_id=fined.lead_id,
        officer_ids=sorted({*(officer_ids or fined.officer_ids), fined.lead_id}),
        opened_at=facts.now,
        category=fined.category,
        kind=CaseKind.DAILY,
        origin_case_id=str(fined.id),
        refusal_days=days,
        metric_value=len(days),
    )
    before = [await uow.case(UUID(id)) for id in fined.sibling_ids]
    fined_days = [day.on for other in before if other.kind is CaseKind.DAILY and other.state not in DROPPED for day in other.refusal_days]
    known = knowing(
        facts,
        {"days_fined": fined_days},
        await officers(ports, case, facts),
        await body(ports, case, facts),
        await orders(ports, fined),
    )
    ordered_on = {order.id: order.served_on for order in await ports.inspections.orders(fined.inspection_id)}.get(order_id, "")
    uow.record(case.open_daily(fined, order_id, ordered_on, facts=known))
    fined.sibling_ids = [*fined.sibling_ids, str(case.id)]
    uow.add(case)
    return case

"""What officers, reviewer and heads do to a transfer until the package is handed over: one function each."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.moves import Facts

from criminal_transfer.application.knowing import current, hand, knowing, leave, partners, release, second_factor, with_papers
from criminal_transfer.application.ports import Matter, Ports, Uow
from criminal_transfer.domain.records import RESOLVED, Element, Package, Report, Source, Withheld
from criminal_transfer.domain.refusals import MatterMissing, TransferAlreadyOpen
from criminal_transfer.domain.transfer import Transfer

# Why an item that nobody named is not in the package.
KEPT = "未列入移送材料，由移送机关留存备查"


async def open_transfer(
    ports: Ports,
    uow: Uow,
    *,
    facts: Facts,
    case_id: str,
    inspection_id: str,
    text: str,
    offences: Sequence[str],
    suspects: Sequence[str],
) -> Transfer:
    """C01 by an officer's entry."""
    if not case_id and not inspection_id:
        raise MatterMissing("a case or an inspection is named")
    matter = await (ports.matters.case(case_id) if case_id else ports.matters.inspection(inspection_id))
    await uow.lock_matter(matter.case_id or matter.inspection_id)
    for other in await uow.open_on(matter.case_id, matter.inspection_id):
        if other.state not in RESOLVED and set(offences) <= set(other.offences):
            raise TransferAlreadyOpen("a transfer on these offences is open", transfer=str(other.id))
    return await begin(ports, uow, matter, text, offences, suspects, Source.OFFICER, facts=facts)


async def begin(
    ports: Ports,
    uow: Uow,
    matter: Matter,
    text: str,
    offences: Sequence[str],
    suspects: Sequence[str],
    source: Source,
    *,
    facts: Facts,
    screen_result: str = "",
) -> Transfer:
    """C01."""
    made = Transfer(
        org_id=matter.org_id,
        org_path=matter.org_path,
        region_code=matter.region_code,
        category=matter.category,
        source=source,
        facts=text,
        case_id=matter.case_id,
        inspection_id=matter.inspection_id,
        enterprise_id=matter.enterprise_id,
        enterprise_name=matter.party.name,
        offences=list(dict.fromkeys(offences)),
        suspects=list(dict.fromkeys(suspects)) or ([matter.enterprise_id] if matter.enterprise_id else []),
        opened_by=facts.by.id,
        opened_at=facts.now,
        screen_result=screen_result,
        screened_at=facts.now if screen_result else None,
    )
    event = made.open(facts=knowing(facts, limits=ports.limits))
    uow.add(made)
    return leave(uow, made, event)


async def name_task_force(
    ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, officer_ids: Sequence[str], lead_id: str
) -> Transfer:
    """C02."""
    transfer = await current(uow, id, version)
    officers = await ports.identity.officers(list(dict.fromkeys(officer_ids)), facts.now)
    return leave(uow, transfer, transfer.name_task_force(officer_ids, lead_id, facts=knowing(facts, officers=officers)))


async def start_verification(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, note: str) -> Transfer:
    """C03."""
    transfer = await current(uow, id, version)
    return leave(uow, transfer, transfer.start_verification(note, facts=knowing(facts, limits=ports.limits)))


async def raise_recusal(uow: Uow, *, facts: Facts, id: UUID, version: int, officer_id: str, ground: str, reason: str) -> Transfer:
    transfer = await current(uow, id, version)
    transfer.raise_recusal(officer_id, ground, reason, facts=facts)
    return transfer


async def decide_recusal(uow: Uow, *, facts: Facts, id: UUID, version: int, officer_id: str, accepted: bool, reason: str) -> Transfer:
    transfer = await current(uow, id, version)
    transfer.decide_recusal(officer_id, reason, accepted=accepted, facts=facts)
    return transfer


async def replace_officer(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, officer_id: str, by_officer_id: str) -> Transfer:
    transfer = await current(uow, id, version)
    left = [by_officer_id if one == officer_id else one for one in transfer.officer_ids]
    officers = await ports.identity.officers(left, facts.now)
    transfer.replace_officer(officer_id, by_officer_id, facts=knowing(facts, officers=officers))
    return transfer


async def submit_report(
    ports: Ports,
    uow: Uow,
    *,
    facts: Facts,
    id: UUID,
    version: int,
    transfer: bool,
    text: str,
    elements: Sequence[Mapping[str, Any]],
    document_id: str,
) -> Transfer:
    """C04."""
    found = await current(uow, id, version)
    table = tuple(Element(one["offence"], one["text"], one["met"], tuple(one["evidence_ids"])) for one in elements)
    known = await with_papers(ports, facts, [document_id], "X3A")
    event = found.submit_report(Report(transfer, text, table, document_id), facts=known)
    release(uow, found, [document_id], facts)
    return leave(uow, found, event)


async def close_unfounded(uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str) -> Transfer:
    """C05."""
    transfer = await current(uow, id, version)
    return leave(uow, transfer, transfer.close_unfounded(reason, facts=facts))


async def review(uow: Uow, *, facts: Facts, id: UUID, version: int, passed: bool, text: str) -> Transfer:
    """C06."""
    transfer = await current(uow, id, version)
    return leave(uow, transfer, transfer.review(text, passed=passed, facts=facts))


async def return_report(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, text: str, gaps: Sequence[str]) -> Transfer:
    """C31."""
    transfer = await current(uow, id, version)
    return leave(uow, transfer, transfer.return_report(text, gaps, facts=knowing(facts, limits=ports.limits)))


async def hand_report(uow: Uow, *, facts: Facts, id: UUID, version: int, received_by: str, received_at: datetime | None) -> Transfer:
    """First step of C07."""
    transfer = await current(uow, id, version)
    return leave(uow, transfer, transfer.hand_report(received_by, received_at or facts.now, facts=facts))


async def approve(
    ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, document_id: str, opinion: str, late_reason: str
) -> Transfer:
    """C07."""
    transfer = await current(uow, id, version)
    known = await with_papers(ports, second_factor(uow, facts), [document_id], "F43")
    event = transfer.approve(opinion, late_reason, document_id, facts=known)
    release(uow, transfer, [document_id], facts)
    return leave(uow, transfer, event)


async def refuse(
    ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str, document_id: str, late_reason: str
) -> Transfer:
    """C08. The procuratorate may see the record."""
    transfer = await current(uow, id, version)
    known = await with_papers(ports, second_factor(uow, facts), [document_id], "X3E")
    event = transfer.refuse(reason, late_reason, document_id, facts=known)
    release(uow, transfer, [document_id], facts)
    procuratorate = (await partners(ports, transfer, facts))["PROCURATORATE"]
    transfer.receive(*procuratorate)
    await hand(uow, transfer, procuratorate, facts)
    return leave(uow, transfer, event)


async def reopen(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str) -> Transfer:
    """C09 on new facts."""
    transfer = await current(uow, id, version)
    return leave(uow, transfer, transfer.reopen(reason, facts=knowing(facts, limits=ports.limits)))


async def prepare_package(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, document_ids: Sequence[str]) -> Transfer:
    """The papers of C10 are numbered and sealed."""
    transfer = await current(uow, id, version)
    known = await with_papers(ports, facts, document_ids, "F44", "X3B", "X3C")
    transfer.prepare_package(document_ids, facts=knowing(known, papers=await uow.documents(transfer.id)))
    release(uow, transfer, document_ids, facts)
    return leave(uow, transfer)


async def deliver(
    ports: Ports,
    uow: Uow,
    *,
    facts: Facts,
    id: UUID,
    version: int,
    opinion_evidence_ids: Sequence[str],
    evidence_ids: Sequence[str],
    appraisal_commissioned: bool,
    original_media: str,
    refusal: str,
    withheld: Sequence[Mapping[str, str]] = (),
) -> Transfer:
    """C10. The pack is built with the confirmation of the second officer, not on trial."""
    transfer = await current(uow, id, version)
    papers = await uow.documents(transfer.id)
    to = await partners(ports, transfer, facts)
    items = {item.id: item for item in await evidence_of(ports, transfer)}
    known = knowing(facts, papers=papers, evidence=items, police=to["POLICE"], procuratorate=to["PROCURATORATE"])
    chosen = tuple(line.document_id for line in papers if line.form in {"F43", "F44", "X3A", "X3B", "X3C", "X3D"} and line.sha256)
    kept = kept_back(items, {*opinion_evidence_ids, *evidence_ids}, withheld)
    package = Package(chosen, tuple(opinion_evidence_ids), tuple(evidence_ids), appraisal_commissioned, original_media, withheld=kept)
    receivers = [*to["POLICE"], *to["PROCURATORATE"], *to["COURT"]]
    transfer.deliver(package, receivers, refusal, facts=known)
    if not facts.permission_only:
        content: dict[str, Any] = {
            "case_id": transfer.case_id,
            "handed_to": next((one.client_id or one.name for one in to["POLICE"]), ""),
            "document_ids": list(chosen),
            "evidence_ids": [*package.opinion_evidence_ids, *package.evidence_ids],
            "withheld": [(one.what, one.why) for one in package.withheld],
            "statement": statement(transfer, package),
        }
        # A pack that was built for a confirmation that failed afterwards is the same pack when it is repeated.
        digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]
        built = await ports.evidence.build(request_id=f"transfer:{transfer.id}:{digest}", transfer_id=transfer.id, **content)
        transfer.packed(built.id, built.sha256, built.size)
        await hand(uow, transfer, receivers, facts)
    return leave(uow, transfer, transfer.delivered(facts))


def kept_back(items: Mapping[str, Any], handed: set[str], told: Sequence[Mapping[str, str]]) -> tuple[Withheld, ...]:
    """What the officers say they keep and why, and every further item that is not handed over."""
    named = tuple(Withheld(one["what"], one["why"]) for one in told)
    words = " ".join(one.what for one in named)
    rest = [item for id, item in items.items() if id not in handed and id not in words and item.state != "EXCLUDED"]
    return (*named, *(Withheld(f"{item.title} {item.id}".strip(), KEPT) for item in rest))


async def evidence_of(ports: Ports, transfer: Transfer) -> list[Any]:
    """Everything kept of the transfer, its case and its inspection."""
    found = list(await ports.evidence.items("transfer", str(transfer.id)))
    if transfer.case_id:
        found += await ports.evidence.items("case", transfer.case_id)
    if transfer.inspection_id:
        found += await ports.evidence.items("inspection", transfer.inspection_id)
    return found


def statement(transfer: Transfer, package: Package) -> dict[str, Any]:
    """What the sender states about the matter; kept in the pack."""
    return {
        "transfer_id": str(transfer.id),
        "case_id": transfer.case_id,
        "enterprise_id": transfer.enterprise_id,
        "enterprise_name": transfer.enterprise_name,
        "offences": list(transfer.offences),
        "original_media": package.original_media,
        "appraisal_commissioned": package.appraisal_commissioned,
        "handed_by": list(package.handed_by or (transfer.package.handed_by if transfer.package else ())),
    }

"""What people do with a case up to the report and its review: one function each. The later phases stand in `ending.py`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from kernel.days import legal_day
from kernel.errors import Invalid
from kernel.money import Money
from kernel.moves import Facts

from penalties.application.knowing import acts, body, checked, current, evidence, found, knowing, officers, orders, thresholds
from penalties.application.ports import Finding, Ports, Uow
from penalties.domain.case import Case
from penalties.domain.crime_screen import CrimeFacts
from penalties.domain.discretion import Circumstance, Discretion
from penalties.domain.events import DocumentReleased
from penalties.domain.filing import ActPunishedAlready
from penalties.domain.law import PartyKind
from penalties.domain.proposal import Draft
from penalties.domain.records import PersonParty, Questioning, RefusalGround, ReviewResult, Source

TWO_OFFICERS = ("OFFICER", "OFFICER")
REVIEWED = ("OFFICER", "OFFICER", "REVIEWER")


class FindingNotOfCase(Invalid):
    """A finding belongs to another inspection, another entity or another act, or was struck out."""


class UnknownMove(Invalid):
    """MoveCase knows no move of this name."""


def release(uow: Uow, case: Case, document_ids: Sequence[str], facts: Facts) -> None:
    """The move stands: the documents it carries are approved, numbered and sealed, the approving form first."""
    listed = tuple(document_id for document_id in document_ids if document_id)
    if listed:
        uow.record(DocumentReleased("case", case.id, listed, facts.by.id, facts.now))


def _check_findings(findings: Sequence[Finding], case: Case) -> None:
    for finding in findings:
        of_case = finding.inspection_id == case.inspection_id and finding.act_id == case.act_id
        if not of_case or finding.void or (case.enterprise_id and finding.enterprise_id != case.enterprise_id):
            raise FindingNotOfCase("a finding is not of this inspection, entity and act", finding=finding.id, act=finding.act_id)


async def open_case(
    ports: Ports,
    uow: Uow,
    *,
    facts: Facts,
    source: Source,
    inspection_id: str,
    finding_ids: Sequence[str],
    enterprise_id: str,
    party_kind: PartyKind,
    person: PersonParty | None,
    act_id: str,
    branch: str,
    act_on: str,
    act_ended_on: str,
    discovered_on: str,
    metric_value: int,
    overdue_proof: str,
    name: str,
    summary: str,
    lead_id: str,
    officer_ids: Sequence[str],
    complex: bool,
) -> Case:
    """PC01. The screens made when the record was signed come with it; one act is punished once (APL 29)."""
    enterprise = await ports.enterprises.enterprise(enterprise_id) if enterprise_id else None
    party_name = person.name if party_kind is PartyKind.PERSON and person else enterprise.name if enterprise else ""
    acting = await ports.identity.body(facts.by.org_id, legal_day(facts.now).isoformat())
    case = Case(
        org_id=facts.by.org_id,
        org_path=facts.by.org_path,
        region_code=(enterprise.region_code if enterprise else "") or acting.region_code,
        name=name or f"{party_name} {act_id}",
        source=source,
        inspection_id=inspection_id,
        finding_ids=list(finding_ids),
        enterprise_id=enterprise_id,
        party_kind=party_kind,
        party_name=party_name,
        person=person,
        act_id=act_id,
        branch=branch or "FIRST",
        act_on=act_on or legal_day(facts.now).isoformat(),
        act_ended_on=act_ended_on,
        discovered_on=discovered_on or legal_day(facts.now).isoformat(),
        metric_value=metric_value,
        overdue_proof=overdue_proof,
        summary=summary,
        lead_id=lead_id or facts.by.id,
        officer_ids=sorted({*officer_ids, lead_id or facts.by.id}),
        complex=complex,
        opened_at=facts.now,
    )
    if inspection_id:
        case.category = (await ports.inspections.inspection(inspection_id)).category or case.category
    if finding_ids:
        listed = await ports.inspections.findings(finding_ids)
        _check_findings(listed, case)
        case.metric_value = metric_value or sum(finding.persons for finding in listed)
        if await uow.open_cases_on(act_id, enterprise_id, finding_ids):
            raise ActPunishedAlready("a case on this act and these findings exists", act=act_id)
    if inspection_id:
        case.screens = [replace(seen.screen, fact_version=0) for seen in await uow.screens_of(inspection_id)]
    uow.record(case.open(facts=knowing(facts, await orders(ports, case) if case.branch == "OVERDUE" else {})))
    uow.add(case)
    return case


async def propose_filing(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, document_id: str) -> Case:
    case = await current(uow, id, version)
    known = knowing(
        facts,
        await officers(ports, case, facts),
        await body(ports, case, facts),
        await acts(ports, case, facts),
        await checked(ports, [document_id], TWO_OFFICERS),
    )
    uow.record(case.propose_filing(document_id, facts=known))
    return case


async def review_filing(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, opinion: str) -> Case:
    case = await current(uow, id, version)
    document_id = next((document.document_id for document in reversed(case.documents) if document.form == "F01"), "")
    known = knowing(facts, await checked(ports, [document_id], REVIEWED))
    case.review_filing(document_id, opinion, facts=known)
    return case


async def file(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, document_id: str) -> Case:
    case = await current(uow, id, version)
    known = knowing(facts, await body(ports, case, facts), await thresholds(ports, case, facts), await checked(ports, [document_id]))
    uow.record(case.file(document_id, facts=known))
    release(uow, case, [document_id], facts)
    return case


async def refuse_filing(
    ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, ground: RefusalGround, reason: str, document_id: str
) -> Case:
    case = await current(uow, id, version)
    uow.record(case.refuse_filing(ground, reason, document_id, facts=knowing(facts, await body(ports, case, facts))))
    release(uow, case, [document_id], facts)
    return case


async def start_investigation(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, reason: str) -> Case:
    case = await current(uow, id, version)
    uow.record(case.start_investigation(reason, facts=knowing(facts, await officers(ports, case, facts))))
    return case


async def record_questioning(
    uow: Uow,
    *,
    facts: Facts,
    id: UUID,
    version: int,
    person_name: str,
    person_role: str,
    place: str,
    starts_at: datetime,
    ends_at: datetime,
    officer_ids: Sequence[str],
    recorder_id: str,
    notice_document_id: str,
    record_document_id: str,
) -> Case:
    case = await current(uow, id, version)
    asked = Questioning(
        case_id=case.id,
        org_path=case.org_path,
        person_name=person_name,
        person_role=person_role,
        place=place,
        starts_at=starts_at,
        ends_at=ends_at,
        officer_ids=list(officer_ids),
        recorder_id=recorder_id,
        notice_document_id=notice_document_id,
        record_document_id=record_document_id,
        entered_by=facts.by.id,
    )
    case.record_questioning(asked, await uow.questionings_of(officer_ids, starts_at, ends_at), facts=facts)
    return case


async def record_crime_facts(uow: Uow, *, facts: Facts, id: UUID, version: int, crime_facts: CrimeFacts) -> Case:
    case = await current(uow, id, version)
    case.record_crime_facts(crime_facts, facts=facts)
    return case


async def screen(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int) -> Case:
    case = await current(uow, id, version)
    uow.record(case.run_screen(facts=knowing(facts, await thresholds(ports, case, facts))))
    return case


async def compute_discretion(
    ports: Ports,
    uow: Uow,
    *,
    facts: Facts,
    id: UUID,
    circumstances: Sequence[Circumstance],
    amount: Money | None,
    deviation_reason: str,
    metric_value: int,
) -> Discretion:
    """What the computation answers; nothing is stored."""
    case = await uow.case(id)
    start = await found(ports, uow, case, facts)
    return case.discretion(start, circumstances, amount, deviation_reason, metric_value, on=legal_day(facts.now).isoformat())


async def propose_penalty(
    ports: Ports,
    uow: Uow,
    *,
    facts: Facts,
    id: UUID,
    version: int,
    draft: Draft,
    circumstances: Sequence[Circumstance],
    amount: Money,
    deviation_reason: str,
    metric_value: int,
) -> Case:
    case = await current(uow, id, version)
    start = await found(ports, uow, case, facts)
    uow.record(
        case.propose_penalty(
            draft,
            start,
            circumstances=circumstances,
            amount=amount,
            deviation_reason=deviation_reason,
            metric_value=metric_value,
            facts=facts,
        )
    )
    return case


async def submit_report(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, document_ids: Sequence[str]) -> Case:
    case = await current(uow, id, version)
    known = knowing(
        facts,
        await evidence(ports, case, facts),
        await thresholds(ports, case, facts),
        await checked(ports, document_ids, TWO_OFFICERS),
    )
    uow.record(case.submit_report(document_ids, facts=known))
    reports = [document.document_id for document in known.known["checked"].values() if document.form == "ws10053"]
    release(uow, case, reports, facts)
    return case


async def return_review(
    ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, result: ReviewResult, opinion: str, document_id: str
) -> Case:
    case = await current(uow, id, version)
    uow.record(case.return_review(result, opinion, document_id, facts=await _reviewing(ports, facts, document_id)))
    release(uow, case, [document_id], facts)
    return case


async def pass_review(ports: Ports, uow: Uow, *, facts: Facts, id: UUID, version: int, opinion: str, document_id: str) -> Case:
    case = await current(uow, id, version)
    uow.record(case.pass_review(opinion, document_id, facts=await _reviewing(ports, facts, document_id)))
    release(uow, case, [document_id], facts)
    return case


async def _reviewing(ports: Ports, facts: Facts, document_id: str) -> Facts:
    qualified = await ports.identity.legal_qualified(facts.by.id, facts.now)
    return knowing(facts, {"legal_qualified": qualified}, await checked(ports, [document_id]))


async def raise_recusal(uow: Uow, *, facts: Facts, id: UUID, version: int, officer_id: str, ground: str, by_party: bool) -> Case:
    case = await current(uow, id, version)
    case.raise_recusal(officer_id, ground, by_party, facts=facts)
    return case


async def decide_recusal(
    uow: Uow, *, facts: Facts, id: UUID, version: int, recusal_id: UUID, accept: bool, reason: str, replacement: str = ""
) -> Case:
    case = await current(uow, id, version)
    case.decide_recusal(recusal_id, accept, reason, replacement, facts=facts)
    return case

"""Other services behind the ports. Each call has a deadline."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import grpc
from anzhi.documents.v1 import documents_pb2
from anzhi.documents.v1.documents_pb2_grpc import DocumentsServiceStub
from anzhi.enterprises.v1 import enterprises_pb2
from anzhi.enterprises.v1.enterprises_pb2_grpc import EnterprisesServiceStub
from anzhi.evidence.v1 import evidence_pb2
from anzhi.evidence.v1.evidence_pb2_grpc import EvidenceServiceStub
from anzhi.identity.v1 import identity_pb2
from anzhi.identity.v1.identity_pb2_grpc import IdentityServiceStub
from anzhi.inspections.v1 import inspections_pb2
from anzhi.inspections.v1.inspections_pb2_grpc import InspectionsServiceStub
from kernel.guards import Officer
from servicekit import wire
from servicekit.officers import Officers, acting_body

from penalties.application.ports import Enterprise, EvidenceLine, Finding, Issuer, NamedOfficer, Order, SeenInspection
from penalties.domain.guards import Acting
from penalties.domain.papers import CheckedDocument

TIMEOUT = 2.0
VERIFY_TIMEOUT = 30.0
ENDED_FINDINGS = frozenset({"ON_SPOT_CLOSED", "VERIFIED_CLOSED", "HANDED_OVER", "VOID"})
FAILED_ORDERS = frozenset({"EXPIRED", "RECHECKED_PARTIAL", "RECHECKED_FAIL"})
ORDERED_FINDINGS = frozenset({"RECTIFYING", "EXT_PENDING", "RECHECK_DUE", "RESUME_REVIEW"})


class IdentityClient:
    def __init__(self, opened: grpc.aio.Channel) -> None:
        self.stub, self._officers = IdentityServiceStub(opened), Officers(opened)

    async def officers(self, ids: Iterable[str], at: datetime) -> Sequence[Officer]:
        return await self._officers.officers(list(ids), at)

    async def names(self, ids: Iterable[str], at: datetime) -> Sequence[NamedOfficer]:
        return [NamedOfficer(o.id, o.name, o.certificates[0].number if o.certificates else "") for o in await self.officers(ids, at)]

    async def legal_qualified(self, id: str, at: datetime) -> bool:
        return any(found.legal_qualified for found in await self.officers([id], at))

    async def _body(self, org_id: str, on: str) -> Any:
        return await self.stub.GetActingBody(identity_pb2.GetActingBodyRequest(org_id=org_id, on=on), timeout=TIMEOUT)

    async def body(self, org_id: str, on: str) -> Acting:
        found = await self._body(org_id, on)
        level = wire.word(identity_pb2.OrgUnit.Level, found.issuer.level)
        return Acting(acting_body(found), found.issuer.id, level, found.region_code, found.issuer.min_attendees)

    async def issuer(self, org_id: str, on: str) -> Issuer:
        found = await self._body(org_id, on)
        return Issuer(
            name=found.issuer.name,
            address=found.issuer.address,
            phone=found.issuer.phone,
            doc_abbr=found.issuer.doc_abbr,
            court=found.court.name,
            superior=found.superior.name,
            reconsideration_bodies=tuple(body.name for body in found.reconsideration_bodies),
            bank=found.payment.bank,
            account=found.payment.account,
            account_name=found.payment.account_name,
        )


class EvidenceClient:
    def __init__(self, opened: grpc.aio.Channel) -> None:
        self.stub = EvidenceServiceStub(opened)

    async def lines(self, case_id: UUID) -> Sequence[EvidenceLine]:
        request = evidence_pb2.ListEvidenceRequest(object_kind="case", object_id=str(case_id))
        found = (await self.stub.ListEvidence(request, timeout=TIMEOUT)).items
        word = wire.word
        kinds = evidence_pb2.EvidenceItem
        return [EvidenceLine(i.id, word(kinds.State, i.state), word(kinds.Kind, i.kind), i.title, i.fact) for i in found]

    async def mismatches(self, case_id: UUID, request_id: str) -> Sequence[str]:
        request = evidence_pb2.VerifyEvidenceRequest(request_id=request_id, object_kind="case", object_id=str(case_id))
        return [item.id for item in (await self.stub.VerifyEvidence(request, timeout=VERIFY_TIMEOUT)).items if not item.ok]


class DocumentsClient:
    def __init__(self, opened: grpc.aio.Channel) -> None:
        self.stub = DocumentsServiceStub(opened)

    async def check(self, document_id: str, capacities: Sequence[str]) -> CheckedDocument:
        """An approving form that the same move releases first is no problem of the form that it approves (W05)."""
        request = documents_pb2.CheckContentRequest(document_id=document_id, capacities=capacities)
        found = await self.stub.CheckContent(request, timeout=TIMEOUT)
        problems = [p for p in found.problems if p.reason != "APPROVAL_MISSING"]
        signers: dict[str, tuple[str, ...]] = {}
        for signature in found.signatures:
            signers[signature.capacity] = (*signers.get(signature.capacity, ()), signature.signer_id)
        return CheckedDocument(
            document_id=document_id,
            form=found.form,
            object_id=found.object_id,
            problems=tuple(f"{p.reason} {p.field} {p.detail}".strip() for p in problems),
            signers=signers,
            fields=wire.plain(found.fields),
        )


class EnterprisesClient:
    def __init__(self, opened: grpc.aio.Channel) -> None:
        self.stub = EnterprisesServiceStub(opened)

    async def enterprise(self, id: str) -> Enterprise:
        found = await self.stub.GetEnterprise(enterprises_pb2.GetEnterpriseRequest(id=id), timeout=TIMEOUT)
        return Enterprise(found.id, found.name, found.code, found.region_code, found.address, found.legal_representative, found.phone)


class InspectionsClient:
    def __init__(self, opened: grpc.aio.Channel) -> None:
        self.stub = InspectionsServiceStub(opened)

    async def findings(self, ids: Sequence[str]) -> Sequence[Finding]:
        request = inspections_pb2.GetFindingsRequest(ids=list(ids))
        found = (await self.stub.GetFindings(request, timeout=TIMEOUT)).findings
        return [_finding(line, wire.word(inspections_pb2.Finding.State, line.state)) for line in found]

    async def inspection(self, id: str) -> SeenInspection:
        request = inspections_pb2.GetInspectionRequest(id=id)
        found = (await self.stub.GetInspection(request, timeout=TIMEOUT)).inspection
        return SeenInspection(found.id, found.enterprise_id, found.org_id, found.org_path, found.region_code, found.category)

    async def orders(self, inspection_id: str) -> Sequence[Order]:
        found = await self.stub.GetInspection(inspections_pb2.GetInspectionRequest(id=inspection_id), timeout=TIMEOUT)
        failed = {f.id for f in found.findings if wire.word(inspections_pb2.Finding.State, f.state) == "NOT_RECTIFIED"}
        return [_order(line, failed) for line in found.orders]


def _order(line: Any, failed: set[str]) -> Order:
    """An order that was closed by what followed its failure (R10) is known by a finding that is not rectified."""
    state = wire.word(inspections_pb2.RectificationOrder.State, line.state)
    unrectified = any(item.finding_id in failed for item in line.items)
    return Order(
        line.id,
        served=bool(line.served_on) and state != "WITHDRAWN",
        failed=state in FAILED_ORDERS or unrectified,
        served_on=line.served_on,
    )


def _finding(line: Any, state: str) -> Finding:
    return Finding(
        id=line.id,
        inspection_id=line.inspection_id,
        enterprise_id=line.enterprise_id,
        act_id=line.act_id,
        persons=line.persons,
        open=state not in ENDED_FINDINGS,
        ordered=state in ORDERED_FINDINGS,
        void=state == "VOID",
        text=line.violation_text,
    )

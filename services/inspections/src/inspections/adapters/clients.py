"""Other services behind the ports."""

from collections.abc import Sequence
from datetime import date, datetime
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
from anzhi.lawbook.v1 import lawbook_pb2
from anzhi.lawbook.v1.lawbook_pb2_grpc import LawbookServiceStub
from kernel.guards import Officer
from servicekit.officers import Officers, acting_body

from inspections.application.ports import Body, Unit
from inspections.domain.form import Form, Signature
from inspections.domain.wording import CheckItem

TIMEOUT = 2.0


class CheckItems:
    def __init__(self, lawbook: grpc.aio.Channel) -> None:
        self._stub = LawbookServiceStub(lawbook)

    async def items(self, ids: Sequence[str], on: date) -> list[CheckItem]:
        request = lawbook_pb2.GetCheckItemsRequest(ids=list(ids), on=on.isoformat())
        return [_item(one) for one in (await self._stub.GetCheckItems(request, timeout=TIMEOUT)).items]


def _item(answered: lawbook_pb2.CheckItem) -> CheckItem:
    return CheckItem(
        id=answered.id,
        instrument=answered.instrument,
        matter=answered.matter,
        check=answered.check,
        violation=answered.violation,
        rectify=answered.rectify,
        duty_text=answered.duty.text,
        penalty_texts=tuple(one.text for one in answered.penalty),
        act_id=answered.act_id,
        authority=answered.authority,
        measures=tuple(answered.measures),
        major_screen=answered.major_screen,
    )


class People:
    """Officers and acting bodies of identity."""

    def __init__(self, identity: grpc.aio.Channel) -> None:
        self._stub, self._officers = IdentityServiceStub(identity), Officers(identity)

    async def officers(self, ids: Sequence[str], at: datetime) -> dict[str, Officer]:
        return {one.id: one for one in await self._officers.officers(ids, at)}

    async def body(self, org_id: str, on: date) -> Body:
        request = identity_pb2.GetActingBodyRequest(org_id=org_id, on=on.isoformat())
        return _body(await self._stub.GetActingBody(request, timeout=TIMEOUT))


def _body(answered: identity_pb2.ActingBody) -> Body:
    issuer = answered.issuer
    return Body(
        acting_body(answered),
        answered.org.path,
        {
            "authority_name": issuer.name,
            "authority_address": issuer.address,
            "authority_phone": issuer.phone,
            "doc_abbr": issuer.doc_abbr,
            "reconsideration_body": "或".join(one.name for one in answered.reconsideration_bodies),
            "court": answered.court.name,
        },
    )


class Register:
    """Enterprises."""

    def __init__(self, enterprises: grpc.aio.Channel) -> None:
        self._stub = EnterprisesServiceStub(enterprises)

    async def enterprise(self, enterprise_id: UUID) -> Unit:
        request = enterprises_pb2.GetEnterpriseRequest(id=str(enterprise_id))
        found = await self._stub.GetEnterprise(request, timeout=TIMEOUT)
        return Unit(
            id=UUID(found.id),
            name=found.name,
            code=found.code,
            address=found.address,
            industry_code=found.industry_code,
            region_code=found.region_code,
            legal_representative=found.legal_representative,
            phone=found.phone,
            ceased=found.state == enterprises_pb2.Enterprise.STATE_CEASED,
        )


class KeptEvidence:
    def __init__(self, evidence: grpc.aio.Channel) -> None:
        self._stub = EvidenceServiceStub(evidence)

    async def items(self, inspection_id: UUID) -> set[str]:
        request = evidence_pb2.ListEvidenceRequest(object_kind="inspection", object_id=str(inspection_id))
        return {one.id for one in (await self._stub.ListEvidence(request, timeout=TIMEOUT)).items}


class CheckedDocuments:
    def __init__(self, documents: grpc.aio.Channel) -> None:
        self._stub = DocumentsServiceStub(documents)

    async def check(self, document_id: UUID, capacities: Sequence[str]) -> Form:
        request = documents_pb2.CheckContentRequest(document_id=str(document_id), capacities=list(capacities))
        found = await self._stub.CheckContent(request, timeout=TIMEOUT)
        return Form(
            document_id=document_id,
            form=found.form,
            object_kind=found.object_kind,
            object_id=UUID(found.object_id),
            complete=found.ok,
            problems=tuple(f"{one.reason} {one.field or one.detail}".strip() for one in found.problems),
            signatures=tuple(Signature(one.signer_id, one.capacity, one.method) for one in found.signatures),
        )

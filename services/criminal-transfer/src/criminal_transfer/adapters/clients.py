"""Other services behind the ports. Each call has a deadline."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

import grpc
from anzhi.documents.v1 import documents_pb2
from anzhi.documents.v1.documents_pb2_grpc import DocumentsServiceStub
from anzhi.evidence.v1 import evidence_pb2, packs_pb2
from anzhi.evidence.v1.evidence_pb2_grpc import EvidenceServiceStub
from anzhi.evidence.v1.packs_pb2_grpc import PacksServiceStub
from anzhi.identity.v1 import identity_pb2
from anzhi.identity.v1.identity_pb2_grpc import IdentityServiceStub
from anzhi.inspections.v1 import inspections_pb2, measures_pb2
from anzhi.inspections.v1.inspections_pb2_grpc import InspectionsServiceStub
from anzhi.inspections.v1.measures_pb2_grpc import MeasuresServiceStub
from anzhi.penalties.v1 import penalties_pb2
from anzhi.penalties.v1.penalties_pb2_grpc import PenaltiesServiceStub
from kernel.days import legal_day
from kernel.guards import Officer
from servicekit import auth, wire
from servicekit.officers import Officers

from criminal_transfer.application.ports import Body, BuiltPack, HeldObject, Item, Matter, PackFile, Paper, Party
from criminal_transfer.domain.records import Receiver, ReceiverKind

TIMEOUT = 2.0
BUILD_TIMEOUT = 110.0
_KINDS = {"SEAL": "查封", "SEIZE": "扣押"}
HELD = frozenset({"URGENT_APPLIED", "IN_FORCE", "APPRAISAL", "EXTENDED", "DECIDED", "LIFT_OVERDUE"})


@contextmanager
def on_our_own() -> Iterator[None]:
    """A call of the service itself: the partner's token opens nothing elsewhere."""
    before = auth.user_token.set("")
    try:
        yield
    finally:
        auth.user_token.reset(before)


class IdentityClient:
    def __init__(self, opened: grpc.aio.Channel) -> None:
        self.stub, self._officers = IdentityServiceStub(opened), Officers(opened)

    async def officers(self, ids: Sequence[str], at: datetime) -> Sequence[Officer]:
        return await self._officers.officers(list(ids), at)

    async def body(self, org_id: str, on: date) -> Body:
        request = identity_pb2.GetActingBodyRequest(org_id=org_id, on=on.isoformat())
        found = await self.stub.GetActingBody(request, timeout=TIMEOUT)
        issuer = found.issuer
        printed = {
            "authority_name": issuer.name,
            "authority_address": issuer.address,
            "authority_phone": issuer.phone,
            "superior_name": found.superior.name,
        }
        return Body(found.police.name, found.procuratorate.name, printed)

    async def partners(self, org_id: str, on: date) -> Sequence[Receiver]:
        request = identity_pb2.GetActingBodyRequest(org_id=org_id, on=on.isoformat())
        found = (await self.stub.GetActingBody(request, timeout=TIMEOUT)).partners
        return [Receiver(ReceiverKind(one.kind), one.client_id, one.name) for one in found]


class MattersClient:
    """A case names its party; what else is known of a unit stands in the inspection behind it."""

    def __init__(self, penalties: grpc.aio.Channel, inspections: grpc.aio.Channel) -> None:
        self.penalties, self.inspections = PenaltiesServiceStub(penalties), InspectionsServiceStub(inspections)
        self.measures = MeasuresServiceStub(inspections)

    async def case(self, case_id: str) -> Matter:
        found = await self.penalties.GetCase(penalties_pb2.GetCaseRequest(id=case_id), timeout=TIMEOUT)
        party = Party(found.party_name)
        if found.inspection_id:
            task = await self._task(found.inspection_id)
            if task.enterprise_id == found.enterprise_id and task.enterprise_name == found.party_name:
                party = _party(task)
        return Matter(
            case_id=found.id,
            inspection_id=found.inspection_id,
            enterprise_id=found.enterprise_id,
            org_id=found.org_id,
            org_path=found.org_path,
            region_code=found.region_code,
            category=found.category,
            party=party,
            name=found.name,
        )

    async def inspection(self, inspection_id: str) -> Matter:
        found = await self._task(inspection_id)
        return Matter(
            case_id="",
            inspection_id=found.id,
            enterprise_id=found.enterprise_id,
            org_id=found.org_id,
            org_path=found.org_path,
            region_code=found.region_code,
            category=found.category,
            party=_party(found),
            name=found.title,
        )

    async def held(self, case_id: str, inspection_id: str) -> Sequence[HeldObject]:
        """Of the inspection behind the matter: a measure learns of its case later."""
        if not inspection_id:
            return []
        request = measures_pb2.ListMeasuresRequest(inspection_id=inspection_id, page_size=200)
        found = (await self.measures.ListMeasures(request, timeout=TIMEOUT)).measures
        held = [one for one in found if wire.word(measures_pb2.CoerciveMeasure.State, one.state) in HELD and one.case_id in {"", case_id}]
        return [_object(line, measure) for measure in held for line in measure.objects]

    async def _task(self, inspection_id: str) -> inspections_pb2.Inspection:
        request = inspections_pb2.GetInspectionRequest(id=inspection_id)
        return (await self.inspections.GetInspection(request, timeout=TIMEOUT)).inspection


def _object(line: measures_pb2.MeasureObject, measure: measures_pb2.CoerciveMeasure) -> HeldObject:
    features = " ".join(part for part in (line.model, line.cas, line.packaging, line.lot) if part)
    kind = _KINDS.get(wire.word(measures_pb2.CoercionKind, measure.kind), "")
    on = wire.instant(measure.applied_at)
    seizure = f"{kind}（{legal_day(on).isoformat()}）" if on is not None else kind
    return HeldObject(line.name, f"{line.quantity} {line.unit}".strip(), features, line.place, seizure)


def _party(task: inspections_pb2.Inspection) -> Party:
    return Party(task.enterprise_name, task.enterprise_code, task.enterprise_address, task.legal_representative, task.enterprise_phone)


class DocumentsClient:
    def __init__(self, opened: grpc.aio.Channel) -> None:
        self.stub = DocumentsServiceStub(opened)

    async def check(self, document_id: str) -> Paper:
        """An approving form that an earlier move released is no problem of the form that it approves (W05)."""
        request = documents_pb2.CheckContentRequest(document_id=document_id)
        found = await self.stub.CheckContent(request, timeout=TIMEOUT)
        signers: dict[str, tuple[str, ...]] = {}
        for signature in found.signatures:
            signers[signature.capacity] = (*signers.get(signature.capacity, ()), signature.signer_id)
        problems = [one for one in found.problems if one.reason != "APPROVAL_MISSING"]
        return Paper(
            document_id,
            found.form,
            found.object_id,
            tuple(f"{one.reason} {one.field} {one.detail}".strip() for one in problems),
            signers,
        )


class EvidenceClient:
    def __init__(self, opened: grpc.aio.Channel) -> None:
        self.stub, self.packs = EvidenceServiceStub(opened), PacksServiceStub(opened)

    async def items(self, object_kind: str, object_id: str) -> Sequence[Item]:
        request = evidence_pb2.ListEvidenceRequest(object_kind=object_kind, object_id=object_id)
        found = (await self.stub.ListEvidence(request, timeout=TIMEOUT)).items
        return [_item(one) for one in found]

    async def build(
        self,
        *,
        request_id: str,
        transfer_id: UUID,
        case_id: str,
        handed_to: str,
        document_ids: Sequence[str],
        evidence_ids: Sequence[str],
        withheld: Sequence[tuple[str, str]],
        statement: Mapping[str, Any],
    ) -> BuiltPack:
        request = packs_pb2.BuildPackRequest(
            request_id=request_id,
            object_kind="transfer",
            object_id=str(transfer_id),
            case_id=case_id,
            handed_to=handed_to,
            document_ids=document_ids,
            evidence_ids=evidence_ids,
            withheld=[packs_pb2.Withheld(what=what, why=why) for what, why in withheld],
        )
        request.statement.update(wire.plain_json(statement))
        with on_our_own():
            found = await self.packs.BuildPack(request, timeout=BUILD_TIMEOUT)
        return BuiltPack(found.id, found.sha256, found.size)

    async def file(self, pack_id: str) -> PackFile:
        with on_our_own():
            found = await self.packs.GetPackFile(packs_pb2.GetPackFileRequest(id=pack_id), timeout=TIMEOUT)
        return PackFile(found.url, wire.instant(found.expires_at), found.sha256, found.size)


def _item(found: Any) -> Item:
    kinds = evidence_pb2.EvidenceItem
    return Item(
        id=found.id,
        state=wire.word(kinds.State, found.state),
        kind=wire.word(kinds.Kind, found.kind),
        title=found.title,
        sha256=found.sha256,
        # Everything that is kept as a file: photos, recordings, exports, scans.
        electronic=bool(found.media_type),
        fact=found.fact,
    )

"""The other services as criminal-transfer sees them: they answer what an orderly transfer needs, and remember drafts."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import grpc
from anzhi.documents.v1 import documents_pb2
from anzhi.documents.v1.documents_pb2_grpc import DocumentsServiceServicer
from anzhi.evidence.v1 import evidence_pb2, packs_pb2
from anzhi.evidence.v1.evidence_pb2_grpc import EvidenceServiceServicer
from anzhi.evidence.v1.packs_pb2_grpc import PacksServiceServicer
from anzhi.identity.v1 import identity_pb2
from anzhi.identity.v1.identity_pb2_grpc import IdentityServiceServicer
from anzhi.inspections.v1 import inspections_pb2, measures_pb2
from anzhi.inspections.v1.inspections_pb2_grpc import InspectionsServiceServicer
from anzhi.inspections.v1.measures_pb2_grpc import MeasuresServiceServicer
from anzhi.penalties.v1 import penalties_pb2
from anzhi.penalties.v1.penalties_pb2_grpc import PenaltiesServiceServicer

OFFICERS = ("liang", "song")
HASH = "ab" * 32
FIRM = "某化工贸易有限公司"


@dataclass
class Draft:
    form: str
    transfer_id: str
    approver: str


class Town(
    IdentityServiceServicer,
    InspectionsServiceServicer,
    MeasuresServiceServicer,
    EvidenceServiceServicer,
    PacksServiceServicer,
    DocumentsServiceServicer,
    PenaltiesServiceServicer,
):
    def __init__(self) -> None:
        self.drafts: dict[str, Draft] = {}
        self.paths: dict[str, str] = {}
        self.clients: dict[str, tuple[str, str, str]] = {}
        self.packs: list[Any] = []

    def draft(self, form: str, transfer_id: str, approver: str = "huang") -> str:
        id = str(uuid4())
        self.drafts[id] = Draft(form, transfer_id, approver)
        return id

    async def GetOfficers(self, request: Any, context: Any) -> Any:
        certificate = identity_pb2.OfficerCertificate(
            number="粤-1",
            categories=["WORK_SAFETY"],
            region_codes=["440402"],
            valid_from_on="2020-01-01",
            valid_to_on="2030-01-01",
            state=identity_pb2.OfficerCertificate.State.Value("STATE_VALID"),
        )
        officers = [identity_pb2.Officer(id=id, name=id, active=True, certificates=[certificate]) for id in request.ids]
        return identity_pb2.GetOfficersResponse(officers=officers)

    async def GetActingBody(self, request: Any, context: Any) -> Any:
        kinds = ("POLICE", "PROCURATORATE", "COURT")
        clients = self.clients.get(request.org_id, ())
        return identity_pb2.ActingBody(
            org=identity_pb2.OrgUnit(id=request.org_id),
            issuer=identity_pb2.OrgUnit(id=request.org_id, name="珠海市香洲区应急管理局", phone="0756", address="香洲"),
            police=identity_pb2.Counterpart(name="珠海市公安局香洲分局"),
            procuratorate=identity_pb2.Counterpart(name="珠海市香洲区人民检察院"),
            partners=[identity_pb2.PartnerOfBody(client_id=id, kind=kind, name=kind) for kind, id in zip(kinds, clients, strict=False)],
        )

    async def GetCase(self, request: Any, context: Any) -> Any:
        if request.id not in self.paths:
            await context.abort(grpc.StatusCode.NOT_FOUND, "no such case")
        return penalties_pb2.Case(
            id=request.id,
            org_id=request.id,
            org_path=self.paths[request.id],
            region_code="440402",
            category="WORK_SAFETY",
            name="某化工贸易有限公司涉嫌无证经营案",
            inspection_id="inspection",
            enterprise_id="enterprise",
            party_name=FIRM,
        )

    async def GetInspection(self, request: Any, context: Any) -> Any:
        task = inspections_pb2.Inspection(
            id=request.id,
            enterprise_id="enterprise",
            enterprise_name=FIRM,
            enterprise_code="914404001234567890",
            enterprise_address="香洲区某路1号",
            org_id=request.id,
            org_path=self.paths.get(request.id, "/"),
            region_code="440402",
            category="WORK_SAFETY",
        )
        return inspections_pb2.InspectionFile(inspection=task)

    async def ListMeasures(self, request: Any, context: Any) -> Any:
        line = measures_pb2.MeasureObject(name="甲苯", quantity="40", unit="桶", place="二号仓库")
        kinds = measures_pb2.CoerciveMeasure
        held = kinds(
            id="m1", state=kinds.State.Value("STATE_IN_FORCE"), objects=[line], kind=measures_pb2.CoercionKind.Value("COERCION_KIND_SEAL")
        )
        held.applied_at.FromJsonString("2023-06-05T02:00:00Z")
        lifted = kinds(id="m2", state=kinds.State.Value("STATE_LIFTED"), objects=[line])
        return measures_pb2.ListMeasuresResponse(measures=[held, lifted])

    async def ListEvidence(self, request: Any, context: Any) -> Any:
        if request.object_kind != "case":
            return evidence_pb2.ListEvidenceResponse()
        photo = evidence_pb2.EvidenceItem(id="photo", title="照片", media_type="image/jpeg", sha256=HASH)
        goods = evidence_pb2.EvidenceItem(id="goods", title="样品")
        return evidence_pb2.ListEvidenceResponse(items=[photo, goods])

    async def CheckContent(self, request: Any, context: Any) -> Any:
        draft = self.drafts[request.document_id]
        signatures = [documents_pb2.CountedSignature(signer_id=one, capacity="OFFICER") for one in OFFICERS]
        signatures.append(documents_pb2.CountedSignature(signer_id=draft.approver, capacity="APPROVER"))
        return documents_pb2.CheckContentResponse(
            ok=True, form=draft.form, object_kind="transfer", object_id=draft.transfer_id, signatures=signatures
        )

    async def BuildPack(self, request: Any, context: Any) -> Any:
        self.packs.append(request)
        return packs_pb2.Pack(id=str(uuid4()), sha256=HASH, size=10)

    async def GetPackFile(self, request: Any, context: Any) -> Any:
        return packs_pb2.PackFile(url=f"https://store.example/{request.id}", sha256=HASH, size=10)

"""The other services as penalties sees them, for one walk: they answer what an orderly case needs, and remember drafts."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from anzhi.documents.v1 import documents_pb2
from anzhi.documents.v1.documents_pb2_grpc import DocumentsServiceServicer
from anzhi.enterprises.v1 import enterprises_pb2
from anzhi.enterprises.v1.enterprises_pb2_grpc import EnterprisesServiceServicer
from anzhi.evidence.v1 import evidence_pb2
from anzhi.evidence.v1.evidence_pb2_grpc import EvidenceServiceServicer
from anzhi.identity.v1 import identity_pb2
from anzhi.identity.v1.identity_pb2_grpc import IdentityServiceServicer
from anzhi.inspections.v1 import inspections_pb2
from anzhi.inspections.v1.inspections_pb2_grpc import InspectionsServiceServicer
from anzhi.lawbook.v1 import lawbook_pb2
from anzhi.lawbook.v1.lawbook_pb2_grpc import LawbookServiceServicer

SIGNED = {
    "F01": {"OFFICER": ("zhou", "wu"), "REVIEWER": ("zheng",), "APPROVER": ("dai",)},
    "ws10053": {"OFFICER": ("zhou", "wu")},
    "F30": {"OFFICER": ("zhou", "wu"), "REVIEWER": ("zheng",), "APPROVER": ("chen",)},
    "ws10059": {"LEGAL_REVIEWER": ("luo",)},
    "ws1003012": {"OFFICER": ("zhou", "wu"), "REVIEWER": ("zheng",), "APPROVER": ("dai",)},
    "F38": {"OFFICER": ("zhou", "wu"), "REVIEWER": ("zheng",), "APPROVER": ("chen",)},
    "F42": {"APPROVER": ("chen",)},
    "X7D": {"APPROVER": ("chen",)},
    "F45": {"OFFICER": ("zhou", "wu"), "REVIEWER": ("zheng",), "APPROVER": ("chen",)},
    "F46": {"OFFICER": ("zhou", "wu"), "REVIEWER": ("zheng",), "APPROVER": ("dai",)},
    "F16": {"OFFICER": ("zhou", "wu"), "PARTY": ("",)},
    "F28": {"PARTY": ("",), "RECORDER": ("clerk",), "PRESIDER": ("kong",)},
    "F29": {"PRESIDER": ("kong",), "APPROVER": ("chen",)},
    "F31": {"ATTENDANT": ("chen", "dai", "ye")},
    "F32": {"OFFICER": ("zhou", "wu"), "PARTY": ("",)},
    "X7S": {"OFFICER": ("zhou", "wu"), "REVIEWER": ("zheng",), "APPROVER": ("dai",)},
    "X7R": {"OFFICER": ("zhou", "wu"), "REVIEWER": ("zheng",), "APPROVER": ("dai",)},
    "F43": {"OFFICER": ("zhou", "wu"), "REVIEWER": ("zheng",), "APPROVER": ("dai",)},
    "ws10052": {"OFFICER": ("zhou", "wu"), "REVIEWER": ("zheng",), "APPROVER": ("dai",)},
    "TERM": {"OFFICER": ("zhou", "wu"), "REVIEWER": ("zheng",), "APPROVER": ("dai",)},
}


@dataclass
class Draft:
    form: str
    case_id: str
    fields: dict[str, Any] = field(default_factory=dict)


class Town(
    IdentityServiceServicer,
    LawbookServiceServicer,
    EnterprisesServiceServicer,
    InspectionsServiceServicer,
    EvidenceServiceServicer,
    DocumentsServiceServicer,
):
    def __init__(self) -> None:
        self.drafts: dict[str, Draft] = {}
        self.expired: set[str] = set()
        self.evidence_state = "REGISTERED"
        self.act_id = "A14"
        self.failed_orders = False
        self.mismatches: set[str] = set()
        self.org_paths: dict[str, str] = {}

    def draft(self, form: str, case_id: str, **fields: Any) -> str:
        id = str(uuid4())
        self.drafts[id] = Draft(form, case_id, fields)
        return id

    async def GetOfficers(self, request: Any, context: Any) -> Any:
        return identity_pb2.GetOfficersResponse(officers=[self._officer(id) for id in request.ids])

    def _officer(self, id: str) -> Any:
        states = identity_pb2.OfficerCertificate.State
        expired = id in self.expired
        certificate = identity_pb2.OfficerCertificate(
            number=f"粤-{id}",
            categories=["WORK_SAFETY"],
            region_codes=["441900"],
            valid_from_on="2020-01-01",
            valid_to_on="2021-01-01" if expired else "2030-01-01",
            state=states.Value("STATE_EXPIRED" if expired else "STATE_VALID"),
        )
        return identity_pb2.Officer(id=id, name=id, active=True, legal_qualified=id == "luo", certificates=[certificate])

    async def GetActingBody(self, request: Any, context: Any) -> Any:
        return identity_pb2.ActingBody(
            org=identity_pb2.OrgUnit(id=request.org_id),
            basis=identity_pb2.OrgUnit.Basis.Value("BASIS_ENTRUSTED"),
            issuer=identity_pb2.OrgUnit(id="city", name="东莞市应急管理局", level=2, address="东莞", phone="0769", doc_abbr="莞"),
            entrustment=identity_pb2.Entrustment(powers=[3], valid_from_on="2022-01-01", valid_to_on="2027-01-01"),
            region_code="441900118",
            court=identity_pb2.Counterpart(name="东莞市第一人民法院"),
            superior=identity_pb2.Counterpart(name="广东省应急管理厅"),
            reconsideration_bodies=[identity_pb2.Counterpart(name="东莞市人民政府"), identity_pb2.Counterpart(name="广东省应急管理厅")],
            payment=identity_pb2.PaymentAccount(bank="样例银行", account="123", account_name="财政专户"),
        )

    async def GetEnterprise(self, request: Any, context: Any) -> Any:
        return enterprises_pb2.Enterprise(
            id=request.id,
            name="东莞市样例机械有限公司",
            code="91441900MA4W12346U",
            region_code="441900118",
            address="大岭山镇",
            legal_representative="陈某",
        )

    async def GetAct(self, request: Any, context: Any) -> Any:
        first = lawbook_pb2.Branch(id="FIRST", unit=lawbook_pb2.Range(max_fen=10_000_000, max_inclusive=True), computable=True)
        if request.id == "A59":
            first.unit.CopyFrom(lawbook_pb2.Range(min_fen=10_000_000, max_fen=20_000_000, min_inclusive=True, max_inclusive=True))
            first.confiscate_goods = first.confiscate_income = True
        if request.id == "A45":
            first = lawbook_pb2.Branch(id="DAILY")
        return lawbook_pb2.Act(
            id=request.id,
            name="使用未取得资格的特种作业人员",
            violated_text="《安全生产法》第三十条第一款",
            basis_text="《安全生产法》第九十七条第七项",
            branches=[first],
            competent_authority="EMERGENCY",
            correct_order=True,
        )

    async def GetScale(self, request: Any, context: Any) -> Any:
        return lawbook_pb2.Scale(id="default", act_id=request.act_id, branch=request.branch, shares=[0, 30, 70, 100])

    async def GetThresholds(self, request: Any, context: Any) -> Any:
        ops = lawbook_pb2.Element.Op
        dead = lawbook_pb2.Element(id="dead", text="死亡一人以上", fact="dead", op=ops.Value("OP_GE"), value=1)
        happened = lawbook_pb2.Element(id="acc", text="发生事故", fact="accident", op=ops.Value("OP_TRUE"))
        return lawbook_pb2.Thresholds(
            version="1",
            hearing=[lawbook_pb2.HearingAmount(party_kind="UNIT", amount_fen=10_000_000)],
            hearing_kinds=["SUSPENSION"],
            collective=lawbook_pb2.CollectiveTrigger(fine_fen=5_000_000, confiscation_fen=5_000_000),
            legal_review=lawbook_pb2.LegalReviewTrigger(all=True),
            simple_procedure=[lawbook_pb2.SimpleProcedureCap(party_kind="UNIT", fine_fen=300_000)],
            upward_filing=[lawbook_pb2.UpwardFiling(level="CITY", fine_fen=10_000_000)],
            crime_standards=[lawbook_pb2.CrimeStandard(offence="134(1)", name="重大责任事故罪", required=[happened], any_of=[dead])],
        )

    async def GetFindings(self, request: Any, context: Any) -> Any:
        state = inspections_pb2.Finding.State.Value("STATE_VERIFIED_CLOSED")
        made = []
        for number, id in enumerate(request.ids):
            persons = 2 if number == 0 else 1
            inspection, enterprise = id.split("/")[:2]
            made.append(
                inspections_pb2.Finding(
                    id=id, inspection_id=inspection, enterprise_id=enterprise, act_id=self.act_id, persons=persons, state=state
                )
            )
        return inspections_pb2.GetFindingsResponse(findings=made)

    async def GetInspection(self, request: Any, context: Any) -> Any:
        path = self.org_paths[request.id]
        task = inspections_pb2.Inspection(id=request.id, enterprise_id="e", org_path=path, region_code="441900118")
        orders = inspections_pb2.RectificationOrder
        state = "STATE_EXPIRED" if self.failed_orders else "STATE_CLOSED"
        order = orders(id="order", state=orders.State.Value(state), served_on="2022-08-16")
        return inspections_pb2.InspectionFile(inspection=task, orders=[order])

    async def ListEvidence(self, request: Any, context: Any) -> Any:
        kinds = evidence_pb2.EvidenceItem
        state = kinds.State.Value(f"STATE_{self.evidence_state}")
        items = [kinds(id=id, state=state, kind=kinds.Kind.Value("KIND_E5"), title=f"照片{id}") for id in ("e1", "e2")]
        return evidence_pb2.ListEvidenceResponse(items=items)

    async def VerifyEvidence(self, request: Any, context: Any) -> Any:
        items = [evidence_pb2.VerifiedItem(id=id, ok=id not in self.mismatches) for id in ("e1", "e2")]
        return evidence_pb2.VerifyEvidenceResponse(items=items, ok=not self.mismatches)

    async def CheckContent(self, request: Any, context: Any) -> Any:
        draft = self.drafts[request.document_id]
        signatures = [
            documents_pb2.CountedSignature(signer_id=signer, capacity=capacity)
            for capacity, signers in SIGNED.get(draft.form, {}).items()
            for signer in signers
        ]
        answer = documents_pb2.CheckContentResponse(
            ok=True, form=draft.form, object_kind="case", object_id=draft.case_id, signatures=signatures
        )
        answer.fields.update(draft.fields)
        return answer

"""What the services around inspections answer in tests: people, law, an enterprise, and documents as a test signs them."""

from datetime import UTC, datetime
from uuid import uuid4

from anzhi.documents.v1 import documents_pb2, documents_pb2_grpc
from anzhi.enterprises.v1 import enterprises_pb2, enterprises_pb2_grpc
from anzhi.evidence.v1 import evidence_pb2, evidence_pb2_grpc
from anzhi.identity.v1 import identity_pb2, identity_pb2_grpc
from anzhi.lawbook.v1 import lawbook_pb2, lawbook_pb2_grpc

BRANCH, COUNTY = "dalingshan", "county"
REGION = "441900118"
UNIT_ID = "7d7d2d0c-0000-4000-8000-000000000001"
ELSEWHERE_ID = "7d7d2d0c-0000-4000-8000-000000000002"
NO_CERTIFICATE, EXPIRED_CERTIFICATE, CLEAN = "WSL-30.1-1", "WSL-30.1-2", "WSL-36.1-1"

# What the evidence of every task holds.
KEPT = ("photo-1", "after-1", "report-1", "item-1", "notice-1", "opinion-1", "receipt-1", "refusal-1", "danger-1", "proof-1")

ITEMS = {
    NO_CERTIFICATE: lawbook_pb2.CheckItem(
        id=NO_CERTIFICATE,
        instrument="WSL",
        matter="特种作业人员持证上岗",
        check="现场核对",
        violation="特种作业人员{姓名}等{人数}人未取得相应资格，在{场所}从事{作业}上岗作业",
        rectify="立即停止{姓名}等{人数}人从事{作业}；于{期限}前调整为持证人员作业",
        duty=lawbook_pb2.Citation(instrument="WSL", article=30, paragraph=1, text="《中华人民共和国安全生产法》第三十条第一款"),
        penalty=[lawbook_pb2.Citation(instrument="WSL", article=97, text="《中华人民共和国安全生产法》第九十七条第七项")],
        act_id="A14",
        authority="EMERGENCY",
        measures=["ORDER_CORRECT_NOW", "ORDER_CORRECT_BY", "REMOVE_DANGER_NOW"],
        major_screen=True,
    ),
    EXPIRED_CERTIFICATE: lawbook_pb2.CheckItem(
        id=EXPIRED_CERTIFICATE,
        instrument="WSL",
        matter="特种作业操作证在有效期内",
        violation="特种作业人员{姓名}的特种作业操作证自{日期}起因{有效期届满/逾期未复审}失效，在{场所}从事{作业}上岗作业",
        rectify="立即停止{姓名}从事{作业}；于{期限}前重新取得相应资格",
        duty=lawbook_pb2.Citation(text="《中华人民共和国安全生产法》第三十条第一款"),
        act_id="A14",
        authority="EMERGENCY",
    ),
    CLEAN: lawbook_pb2.CheckItem(
        id=CLEAN, instrument="WSL", matter="安全设备维护", violation="未对{设备}维护保养", rectify="于{期限}前维护", authority="EMERGENCY"
    ),
}


class Town(
    identity_pb2_grpc.IdentityServiceServicer,
    lawbook_pb2_grpc.LawbookServiceServicer,
    enterprises_pb2_grpc.EnterprisesServiceServicer,
    documents_pb2_grpc.DocumentsServiceServicer,
    evidence_pb2_grpc.EvidenceServiceServicer,
):
    def __init__(self) -> None:
        self.documents: dict[str, documents_pb2.CheckContentResponse] = {}
        # Officers whose certificate has ended.
        self.expired: set[str] = set()

    def signed(
        self, form: str, object_kind: str, object_id: str, *, officers=(), reviewers=(), approvers=(), enterprise="GLASS", problems=()
    ) -> str:
        """A complete document as `documents` would vouch for it."""
        document_id = str(uuid4())
        signatures = [
            *(documents_pb2.CountedSignature(signer_id=one, capacity="OFFICER", method="GLASS") for one in officers),
            *(documents_pb2.CountedSignature(signer_id=one, capacity="REVIEWER", method="GLASS") for one in reviewers),
            *(documents_pb2.CountedSignature(signer_id=one, capacity="APPROVER", method="GLASS") for one in approvers),
        ]
        if officers and enterprise:
            signatures.append(documents_pb2.CountedSignature(capacity="ENTERPRISE", method=enterprise))
        self.documents[document_id] = documents_pb2.CheckContentResponse(
            ok=not problems,
            problems=[documents_pb2.ContentProblem(reason=one) for one in problems],
            signatures=signatures,
            form=form,
            object_kind=object_kind,
            object_id=object_id,
        )
        return document_id

    async def CheckContent(self, request, context):
        return self.documents[request.document_id]

    async def ListEvidence(self, request, context):
        return evidence_pb2.ListEvidenceResponse(items=[evidence_pb2.EvidenceItem(id=one) for one in KEPT])

    async def GetOfficers(self, request, context):
        return identity_pb2.GetOfficersResponse(officers=[self._officer(one) for one in request.ids])

    def _officer(self, wanted: str) -> identity_pb2.Officer:
        certificate = identity_pb2.OfficerCertificate(
            number=f"44-{wanted}",
            categories=["WORK_SAFETY"],
            region_codes=["4419"],
            valid_from_on="2020-01-01",
            valid_to_on="2021-12-31" if wanted in self.expired else "2040-01-01",
            state=identity_pb2.OfficerCertificate.STATE_EXPIRED if wanted in self.expired else identity_pb2.OfficerCertificate.STATE_VALID,
        )
        return identity_pb2.Officer(id=wanted, name=wanted, active=True, certificates=[certificate])

    async def GetActingBody(self, request, context):
        if request.org_id.endswith(COUNTY):
            return identity_pb2.ActingBody(
                org=identity_pb2.OrgUnit(id=request.org_id, name="珠海市香洲区应急管理局", region_code=REGION),
                basis=identity_pb2.OrgUnit.BASIS_STATUTORY,
                issuer=identity_pb2.OrgUnit(id="county", name="珠海市香洲区应急管理局", doc_abbr="粤珠香"),
                court=identity_pb2.Counterpart(name="珠海市香洲区人民法院"),
                reconsideration_bodies=[identity_pb2.Counterpart(name="珠海市香洲区人民政府")],
                region_code=REGION,
            )
        return identity_pb2.ActingBody(
            org=identity_pb2.OrgUnit(id=request.org_id, name="东莞市应急管理局大岭山分局", region_code=REGION),
            basis=identity_pb2.OrgUnit.BASIS_ENTRUSTED,
            issuer=identity_pb2.OrgUnit(id="city", name="东莞市应急管理局", doc_abbr="莞", address="东莞市", phone="0769"),
            entrustment=identity_pb2.Entrustment(
                powers=[identity_pb2.Entrustment.POWER_INSPECTION, identity_pb2.Entrustment.POWER_RECTIFICATION_ORDER],
                valid_from_on="2020-01-01",
            ),
            court=identity_pb2.Counterpart(name="东莞市第二人民法院"),
            reconsideration_bodies=[identity_pb2.Counterpart(name="东莞市人民政府"), identity_pb2.Counterpart(name="广东省应急管理厅")],
            region_code=REGION,
        )

    async def GetCheckItems(self, request, context):
        return lawbook_pb2.GetCheckItemsResponse(items=[ITEMS[one] for one in request.ids])

    async def GetEnterprise(self, request, context):
        return enterprises_pb2.Enterprise(
            id=request.id,
            name="东莞市穗岭机械有限公司",
            code="91441900MA4W12346U",
            address="东莞市大岭山镇",
            industry_code="C3421",
            region_code="440402001" if request.id == ELSEWHERE_ID else REGION,
            legal_representative="陈某",
            phone="0769-8",
            state=enterprises_pb2.Enterprise.STATE_ACTIVE,
        )


def shanghai(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour - 8 if hour >= 8 else hour, minute, tzinfo=UTC)

import hashlib

import httpx
import pytest
from anzhi.evidence.v1 import evidence_pb2 as pb
from anzhi.evidence.v1.evidence_pb2_grpc import EvidenceServiceStub
from anzhi.penalties.v1.events_pb2 import CaseReported
from minio import Minio
from minio.error import S3Error
from testkit.asking import refusal, request_id
from testkit.polling import poll
from testkit.users import a_user

PHOTO = b"\xff\xd8 a photo of two welders"
TASK = "7b1c1f6e-4a7e-4a63-9d0e-000000000007"
PERMISSIONS = ("evidence.capture", "evidence.read", "evidence.review", "evidence.store")


class Officer:
    """One officer with a body of his own for this test."""

    def __init__(self, evidence, world, neighbours, id_: str = "zhou", roles: tuple[str, ...] = ("OFF",)) -> None:
        self.root = neighbours.org_path = world.a_root()
        self.evidence, self.id, self.roles = evidence, id_, roles

    async def stub(self, id_: str = "", roles: tuple[str, ...] = ()) -> EvidenceServiceStub:
        user = a_user(id_ or self.id, org_path=self.root, roles=roles or self.roles, permissions=PERMISSIONS)
        return await self.evidence.stub(EvidenceServiceStub, user)

    async def announced(self, content: bytes = PHOTO) -> pb.Upload:
        request = pb.AnnounceUploadRequest(
            request_id=request_id(),
            object_kind="inspection",
            object_id=TASK,
            title="焊接作业照片",
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            media_type="image/jpeg",
            place="焊接车间",
            device_id="pad-1",
        )
        return await (await self.stub()).AnnounceUpload(request, timeout=5)

    async def captured(self) -> pb.EvidenceItem:
        upload = await self.announced()
        put(upload)
        return await (await self.stub()).ConfirmUpload(pb.ConfirmUploadRequest(request_id=request_id(), id=upload.id), timeout=5)


def put(upload: pb.Upload, content: bytes = PHOTO) -> None:
    answer = httpx.put(upload.url, content=content, headers=dict(upload.headers))
    assert answer.status_code == 200, answer.text


@pytest.fixture
def officer(evidence, world, neighbours) -> Officer:
    return Officer(evidence, world, neighbours)


def store_of(evidence) -> tuple[Minio, str]:
    settings = evidence.settings
    client = Minio(
        settings.s3_endpoint.removeprefix("http://"), settings.s3_access_key, settings.s3_secret_key.get_secret_value(), secure=False
    )
    return client, settings.s3_bucket_prefix + "evidence"


async def test_a_photo_goes_straight_to_the_store_and_is_locked(officer, evidence):
    item = await officer.captured()

    assert item.state == pb.EvidenceItem.STATE_CAPTURED
    assert (item.sha256, item.size) == (hashlib.sha256(PHOTO).hexdigest(), len(PHOTO))
    assert len(item.sm3) == 64
    client, bucket = store_of(evidence)
    key = f"{officer.root.strip('/')}/inspection/{TASK}/{item.id}"
    with pytest.raises(S3Error, match=r"AccessDenied|denied|locked|WORM"):
        client.remove_object(bucket, key, item.object_version)


async def test_a_photo_that_is_not_what_was_announced_is_refused_and_nothing_written(officer, evidence):
    upload = await officer.announced()
    put(upload, PHOTO + b"!")

    refused = await refusal((await officer.stub()).ConfirmUpload(pb.ConfirmUploadRequest(request_id=request_id(), id=upload.id), timeout=5))

    assert refused == "UPLOAD_DIFFERS"
    assert not await evidence.sql("SELECT 1 FROM items WHERE id = $1::uuid", upload.id)


async def test_a_photo_that_was_not_put_is_missing(officer):
    upload = await officer.announced()

    confirm = pb.ConfirmUploadRequest(request_id=request_id(), id=upload.id)

    assert await refusal((await officer.stub()).ConfirmUpload(confirm, timeout=5)) == "UPLOAD_MISSING"


async def test_the_locked_version_is_read_whatever_is_put_later(officer):
    upload = await officer.announced()
    put(upload)
    stub = await officer.stub()
    item = await stub.ConfirmUpload(pb.ConfirmUploadRequest(request_id=request_id(), id=upload.id), timeout=5)
    put(upload, b"something else")

    file = await stub.GetEvidenceFile(pb.GetEvidenceFileRequest(id=item.id), timeout=5)
    verified = await stub.VerifyEvidence(pb.VerifyEvidenceRequest(request_id=request_id(), id=item.id), timeout=5)

    assert httpx.get(file.url).content == PHOTO
    assert verified.ok


async def test_a_register_query_is_kept_as_evidence(officer):
    stub = await officer.stub()
    query = pb.CaptureQueryRequest(
        request_id=request_id(),
        object_kind="inspection",
        object_id=TASK,
        title="特种作业操作证查询",
        register="SPECIAL_OPERATION",
        holder_id_number="440106199001011234",
        item="2.1",
        on="2022-08-16",
    )

    item = await stub.CaptureQuery(query, timeout=5)
    file = await stub.GetEvidenceFile(pb.GetEvidenceFileRequest(id=item.id), timeout=5)

    assert '"register": "SPECIAL_OPERATION"' in httpx.get(file.url).text
    assert item.origin == "QUERY"
    query.request_id, query.register = request_id(), "OTHER"
    assert await refusal(stub.CaptureQuery(query, timeout=5)) == "REGISTER_UNKNOWN"


async def test_a_check_of_the_licence_is_kept_as_evidence(officer):
    stub = await officer.stub()
    query = pb.CaptureQueryRequest(
        request_id=request_id(), object_kind="inspection", object_id=TASK, title="许可范围比对", register="LICENCE_SCOPE", on="2022-06-14"
    )
    query.terms.update({"enterprise_id": TASK, "products": [{"name": "丁酸", "cas": "107-92-6"}]})

    item = await stub.CaptureQuery(query, timeout=5)

    assert item.answer["on"] == "2022-06-14"
    assert item.answer["results"][0]["answer"] == "ANSWER_OUT_OF_SCOPE"
    query.request_id = request_id()
    query.terms.update({"goods": []})
    assert await refusal(stub.CaptureQuery(query, timeout=5)) == "TERMS_NOT_UNDERSTOOD"


async def test_an_item_is_described_reported_and_admitted(officer, world):
    item = await officer.captured()
    stub = await officer.stub()
    registered = await stub.RegisterEvidence(
        pb.RegisterEvidenceRequest(
            request_id=request_id(), id=item.id, version=item.version, kind=pb.EvidenceItem.KIND_E3, source="现场拍摄", fact="两人正在焊接"
        ),
        timeout=5,
    )
    assert registered.state == pb.EvidenceItem.STATE_REGISTERED

    case = "7b1c1f6e-4a7e-4a63-9d0e-000000000009"
    linked = await stub.LinkEvidence(pb.LinkEvidenceRequest(request_id=request_id(), case_id=case, evidence_ids=[item.id]), timeout=5)
    assert list(linked.evidence_ids) == [item.id]
    await world.produce("penalties.case.v1", CaseReported(case_id=case, evidence_ids=[item.id]), key=case, root=officer.root)

    async def under_review():
        found = await stub.GetEvidence(pb.GetEvidenceRequest(id=item.id), timeout=5)
        return found if found.state == pb.EvidenceItem.STATE_UNDER_REVIEW else None

    reviewed = await poll(under_review, deadline=15)
    legal = await officer.stub("he", ("LEGAL",))
    admitted = await legal.AdmitEvidence(
        pb.AdmitEvidenceRequest(request_id=request_id(), id=item.id, version=reviewed.version, opinion="真实、合法、关联"), timeout=5
    )
    assert admitted.state == pb.EvidenceItem.STATE_ADMITTED
    listed = await stub.ListEvidence(pb.ListEvidenceRequest(object_kind="case", object_id=case), timeout=5)
    assert [found.id for found in listed.items] == [item.id]


async def test_another_body_sees_no_item(officer, evidence, world):
    item = await officer.captured()
    elsewhere = await evidence.stub(EvidenceServiceStub, a_user(org_path=world.a_root(), permissions=PERMISSIONS))

    assert await refusal(elsewhere.GetEvidence(pb.GetEvidenceRequest(id=item.id), timeout=5)) == "EVIDENCE_NOT_FOUND"
    assert await evidence.sql("SELECT 1 FROM items", role="serve") == []


async def test_custody_is_written_once_and_never_changed(officer, evidence):
    item = await officer.captured()

    custody = await (await officer.stub()).ListCustody(pb.ListCustodyRequest(id=item.id), timeout=5)

    assert custody.intact
    assert [event.type for event in custody.events] == ["COLLECT"]
    for role in ("serve", "jobs"):
        with pytest.raises(Exception, match="permission denied"):
            await evidence.sql("UPDATE custody SET place = 'elsewhere' WHERE evidence_id = $1::uuid", item.id, role=role)


async def test_reading_a_file_is_recorded(officer, evidence):
    item = await officer.captured()

    await (await officer.stub()).GetEvidenceFile(pb.GetEvidenceFileRequest(id=item.id), timeout=5)

    reads = await evidence.sql("SELECT * FROM reads WHERE object_id = $1", item.id)
    assert len(reads) == 1

"""Packs against a real store: what criminal-transfer asks for is one locked file that verifies alone."""

import asyncio
import hashlib
import io
import json
import zipfile
from uuid import uuid4

import httpx
import pytest
from anzhi.documents.v1 import documents_pb2
from anzhi.documents.v1.events_pb2 import DocumentSealed
from anzhi.evidence.v1 import evidence_pb2, packs_pb2
from anzhi.evidence.v1.evidence_pb2_grpc import EvidenceServiceStub
from anzhi.evidence.v1.packs_pb2_grpc import PacksServiceStub
from anzhi_verifier import Wrong, verify
from anzhi_verifier.keys import Trust
from minio.error import S3Error
from servicekit.objects import Objects, digests
from testkit.asking import refusal, request_id
from testkit.polling import poll
from testkit.sealed import a_certificate, a_sealed_pdf
from testkit.users import a_user

PERMISSIONS = ("evidence.capture", "evidence.read", "evidence.review", "evidence.store")
KEY, CERTIFICATE = a_certificate("东莞市应急管理局")


class Matter:
    """A case of a body of its own, with evidence and sealed documents."""

    def __init__(self, evidence, world, neighbours) -> None:
        self.evidence, self.world, self.neighbours = evidence, world, neighbours
        self.root = neighbours.org_path = world.a_root()
        self.case, self.transfer = str(uuid4()), str(uuid4())

    async def by(self, kind, **with_service):
        user = a_user("zhou", org_path=self.root, roles=("OFF", "EVID"), permissions=PERMISSIONS)
        return await self.evidence.stub(kind, user, **with_service)

    async def item(self, content: bytes) -> str:
        stub = await self.by(EvidenceServiceStub)
        announced = evidence_pb2.AnnounceUploadRequest(
            request_id=request_id(),
            object_kind="case",
            object_id=self.case,
            title="现场照片",
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            media_type="image/jpeg",
            place="仓库",
            device_id="pad-1",
        )
        upload = await stub.AnnounceUpload(announced, timeout=5)
        assert httpx.put(upload.url, content=content, headers=dict(upload.headers)).status_code == 200
        item = await stub.ConfirmUpload(evidence_pb2.ConfirmUploadRequest(request_id=request_id(), id=upload.id), timeout=5)
        return item.id

    async def document(self, text: str, *, tell: str = "") -> str:
        """`tell`: the hash that the ledger hears of, if not the file's."""
        id, pdf = str(uuid4()), await asyncio.to_thread(a_sealed_pdf, text, key=KEY, certificate=CERTIFICATE)
        store = Objects(self.evidence.settings, "documents-of-test")
        await store.ready()
        stored = await store.put(id, pdf, media_type="application/pdf")
        found = digests([pdf])
        document = documents_pb2.Document(
            id=id, form="F44", title="案件移送书", number="移1号", sha256=found.sha256, sm3=found.sm3, size=len(pdf), state=7
        )
        document.signatures.add(signer_name="赵", capacity=4, method=3, counts=True)
        self.neighbours.documents[id] = (document, store.download_url(id, stored.version))
        event = DocumentSealed(document_id=id, form="F44", sha256=tell or found.sha256)
        await self.world.produce("documents.document.v1", event, key=id, root=self.root)
        await self.in_ledger(id)
        return id

    async def in_ledger(self, *keys: str) -> None:
        async def there():
            return len({row["key"] for row in await self.evidence.sql("SELECT key FROM leaves WHERE key = ANY($1)", list(keys))}) == len(
                keys
            )

        await poll(there, deadline=20)

    def order(self, **given) -> packs_pb2.BuildPackRequest:
        request = packs_pb2.BuildPackRequest(
            request_id=request_id(), object_kind="transfer", object_id=self.transfer, case_id=self.case, handed_to="police-4419", **given
        )
        request.statement.update({"suspects": ["某公司"], "offences": 1})
        return request

    async def build(self, **given) -> packs_pb2.Pack:
        return await (await self.by(PacksServiceStub, service="criminal-transfer")).BuildPack(self.order(**given), timeout=60)

    async def file(self, pack: packs_pb2.Pack) -> bytes:
        door = await (await self.by(PacksServiceStub)).GetPackFile(packs_pb2.GetPackFileRequest(id=pack.id), timeout=5)
        return httpx.get(door.url).content


@pytest.fixture
def matter(evidence, world, neighbours) -> Matter:
    return Matter(evidence, world, neighbours)


async def test_a_pack_is_one_locked_file_that_verifies_alone(matter, evidence, tmp_path):
    item, other = await matter.item(b"\xff\xd8 a drum"), await matter.item(b"\xff\xd8 a label")
    documents = [await matter.document("one"), await matter.document("two")]
    await matter.in_ledger(item, other)

    pack = await matter.build(
        document_ids=documents, evidence_ids=[item, other], withheld=[packs_pb2.Withheld(what="举报人身份", why="保密")]
    )

    content = await matter.file(pack)
    (tmp_path / "pack.zip").write_bytes(content)
    report = verify(tmp_path / "pack.zip")
    assert (len(content), hashlib.sha256(content).hexdigest()) == (pack.size, pack.sha256)
    assert report.counts == {
        "files": len(zipfile.ZipFile(io.BytesIO(content)).namelist()),
        "ledger_entries": report.counts["ledger_entries"],
        "documents": 2,
        "documents_in_ledger": 2,
        "evidence": 2,
        "custody_links": 2,
        "custody_links_in_ledger": 2,
    }
    assert report.withheld == [{"what": "举报人身份", "why": "保密"}]
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        manifest = json.loads(opened.read("manifest.json"))
        assert json.loads(opened.read("statement.json")) == {"offences": 1, "suspects": ["某公司"]}
        assert opened.read(f"evidence/{item}/file.jpg") == b"\xff\xd8 a drum"
    assert manifest["handed_to"] == "police-4419"
    store = Objects(evidence.settings, "evidence")
    with pytest.raises(S3Error, match=r"AccessDenied|denied|locked|WORM"):
        await store.remove(f"packs/{matter.root.strip('/')}/{pack.id}.zip", pack.object_version)
    listed = await (await matter.by(PacksServiceStub)).ListPacks(
        packs_pb2.ListPacksRequest(object_kind="transfer", object_id=matter.transfer), timeout=5
    )
    assert [found.id for found in listed.packs] == [pack.id]


async def test_a_receiver_fetches_the_keys_that_he_trusts_without_a_token(matter, evidence, tmp_path):
    keys = await (await evidence.stub(PacksServiceStub)).GetPackKeys(packs_pb2.GetPackKeysRequest(), timeout=5)
    (tmp_path / "pack.zip").write_bytes(await matter.file(await matter.build(document_ids=[await matter.document("trusted")])))
    (tmp_path / "keys.pem").write_text(keys.manifest_key + keys.ledger_key)
    trust = Trust()
    trust.add(tmp_path / "keys.pem")

    report = verify(tmp_path / "pack.zip", trust)

    assert report.trusted
    assert report.keys == {"keys/manifest.pem": keys.manifest_fingerprint, "keys/ledger.pem": keys.ledger_fingerprint}
    assert keys.ledger_origin == "anzhi/ledger"


async def test_a_pack_proves_that_the_ledger_only_grew_since_the_receivers_last_one(matter, tmp_path):
    reports = []
    for name in ("first", "second"):
        (tmp_path / name).write_bytes(await matter.file(await matter.build(document_ids=[await matter.document(name)])))
        reports.append(verify(tmp_path / name))

    first, second = (report.ledger for report in reports)
    assert (second["earlier_size"], second["earlier_root"]) == (first["size"], first["root"])
    assert second["size"] > first["size"]


async def test_asked_twice_there_is_one_pack(matter, evidence):
    order = matter.order(document_ids=[await matter.document("once")])
    stub = await matter.by(PacksServiceStub, service="criminal-transfer")

    first, second = await stub.BuildPack(order, timeout=60), await stub.BuildPack(order, timeout=60)

    assert first == second
    assert len(await evidence.sql("SELECT 1 FROM packs WHERE object_id = $1::uuid", matter.transfer)) == 1


async def test_a_pack_that_the_transfer_service_builds_on_its_own_is_told_to_the_ledger(matter, evidence):
    order = matter.order(document_ids=[await matter.document("told")], evidence_ids=[await matter.item(b"told")])
    stub = await evidence.stub(PacksServiceStub, service="criminal-transfer", anzhi_root=matter.root)

    pack = await stub.BuildPack(order, timeout=60)

    await matter.in_ledger(pack.id)
    assert pack.org_path == matter.root
    assert (await stub.GetPackFile(packs_pb2.GetPackFileRequest(id=pack.id), timeout=5)).sha256 == pack.sha256


async def test_a_document_whose_file_is_not_what_was_sealed_goes_into_no_pack(matter):
    document = await matter.document("good")
    matter.neighbours.documents[document][0].sha256 = "00" * 32

    stub = await matter.by(PacksServiceStub, service="criminal-transfer")

    assert await refusal(stub.BuildPack(matter.order(document_ids=[document]), timeout=60)) == "DOCUMENT_FILE_DIFFERS"


async def test_a_document_that_the_ledger_knows_otherwise_goes_into_no_pack(matter):
    document = await matter.document("forged", tell="11" * 32)
    stub = await matter.by(PacksServiceStub, service="criminal-transfer")

    assert await refusal(stub.BuildPack(matter.order(document_ids=[document]), timeout=60)) == "PACK_DEFECTIVE"


async def test_an_item_whose_record_differs_from_the_store_goes_into_no_pack(matter, evidence):
    item = await matter.item(b"the true content")
    await matter.in_ledger(item)
    await evidence.sql("UPDATE items SET sm3 = repeat('0', 64) WHERE id = $1::uuid", item)
    stub = await matter.by(PacksServiceStub, service="criminal-transfer")

    assert await refusal(stub.BuildPack(matter.order(evidence_ids=[item]), timeout=60)) == "PACK_SOURCE_DIFFERS"


async def test_an_order_that_makes_no_sense_is_refused(matter):
    stub = await matter.by(PacksServiceStub, service="criminal-transfer")
    nobody, unexplained = matter.order(), matter.order(document_ids=[str(uuid4())], withheld=[packs_pb2.Withheld(what="x", why=" ")])
    nobody.handed_to = " "

    assert await refusal(stub.BuildPack(matter.order(), timeout=5)) == "PACK_EMPTY"
    assert await refusal(stub.BuildPack(nobody, timeout=5)) == "HANDED_TO_MISSING"
    assert await refusal(stub.BuildPack(unexplained, timeout=5)) == "WITHHELD_UNEXPLAINED"
    await matter.in_ledger(await matter.item(b"any"))
    assert await refusal(stub.BuildPack(matter.order(evidence_ids=[str(uuid4())]), timeout=5)) == "EVIDENCE_NOT_FOUND"


async def test_evidence_of_another_body_goes_into_no_pack(matter, evidence, world, neighbours):
    item = await Matter(evidence, world, neighbours).item(b"of others")
    await matter.in_ledger(item)
    stub = await evidence.stub(PacksServiceStub, service="criminal-transfer", anzhi_root=matter.root)
    neighbours.org_path = matter.root

    assert await refusal(stub.BuildPack(matter.order(evidence_ids=[item]), timeout=5)) == "EVIDENCE_OF_OTHER_MATTER"


async def test_nobody_but_the_transfer_service_builds_packs_and_nobody_else_sees_them(matter, evidence, world):
    pack = await matter.build(document_ids=[await matter.document("seen")])
    elsewhere = await evidence.stub(PacksServiceStub, a_user(org_path=world.a_root(), permissions=PERMISSIONS))

    assert await refusal((await matter.by(PacksServiceStub)).BuildPack(matter.order(), timeout=5)) == "USERS_NOT_ALLOWED"
    assert await refusal(elsewhere.GetPackFile(packs_pb2.GetPackFileRequest(id=pack.id), timeout=5)) == "PACK_NOT_FOUND"
    with pytest.raises(Exception, match="permission denied"):
        await evidence.sql("UPDATE packs SET sha256 = ''", role="serve")


async def test_one_flipped_byte_of_a_real_pack_is_found(matter, tmp_path):
    content = bytearray(
        await matter.file(await matter.build(document_ids=[await matter.document("flip")], evidence_ids=[await matter.item(b"x")]))
    )
    place = tmp_path / "pack.zip"

    for position in range(0, len(content), max(1, len(content) // 400)):
        content[position] ^= 0x20
        place.write_bytes(content)
        with pytest.raises(Wrong):
            verify(place)
        content[position] ^= 0x20

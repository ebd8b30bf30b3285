"""From draft to sealed file and service, on real parts."""

import asyncio
import hashlib
from uuid import uuid4

import pytest
from anzhi.documents.v1 import documents_pb2 as pb
from anzhi.documents.v1 import events_pb2
from anzhi.documents.v1.documents_pb2_grpc import DocumentsServiceStub
from anzhi.inspections.v1 import events_pb2 as inspections_events
from anzhi.penalties.v1 import events_pb2 as penalties_events
from anzhi.type.v1 import types_pb2
from documents.domain.forms import forms as standard
from testkit.asking import refusal
from testkit.polling import poll

from .office import LEGAL_NOW, Office


@pytest.fixture
async def office(world, documents, neighbours):
    root = world.a_root()
    neighbours.org_path, neighbours.forbidden = root, ()
    await world.set_legal_now(root, LEGAL_NOW)
    return Office(world, documents, root)


@pytest.mark.row("W05")
@pytest.mark.row("W06")
@pytest.mark.row("W07")
@pytest.mark.row("W08")
async def test_a_record_goes_from_draft_to_a_sealed_file_in_one_go(office):
    document = await office.sealed(await office.signed("F03"))

    content = await office.file(document)

    assert document.state == pb.Document.STATE_EFFECTIVE
    assert document.number.startswith("（莞）应急检记〔2022〕")
    assert document.dated_on == "2022-08-16"
    assert hashlib.sha256(content).hexdigest() == document.sha256
    assert document.verify_url == f"https://anzhi.example/v/{document.id}#{document.body_digest[:16]}"
    history = await (await office.stub()).ListHistory(types_pb2.ListHistoryRequest(id=document.id))
    assert [entry.row for entry in history.entries] == ["W01", "W05", "W06", "W07", "W08", "W12"]
    assert history.entries[-1].actors == ["he"]


async def test_a_release_by_inspections_seals_the_documents_of_its_orders(office):
    order_id, inspection_id = str(uuid4()), office.matter_id
    record = await office.signed("F03", object_kind="inspection")
    event = inspections_events.DocumentReleased(
        inspection_id=inspection_id, object_kind="order", object_id=order_id, document_ids=[record.id], released_by="zhou"
    )

    await office.world.produce("inspections.inspection.v1", event, key=inspection_id, root=office.root)

    async def sealed() -> bool:
        return bool((await office.get(record)).sha256)

    await poll(sealed, 20)


async def test_the_locked_version_is_not_to_be_deleted(office, documents):
    document = await office.sealed(await office.signed("F03"))
    door = await (await office.stub()).GetDocumentFile(pb.GetDocumentFileRequest(id=document.id))
    store = documents.service.ready.__self__._objects

    locked_until = await store.locked_until(door.object_key, door.object_version)

    assert locked_until is not None
    assert locked_until.date().isoformat() == door.locked_until_on


@pytest.mark.row("W06")
async def test_numbers_have_no_gap_under_concurrency(office, documents):
    records = await asyncio.gather(*(office.signed("F03") for _ in range(12)))
    before = await documents.sql("SELECT coalesce(max(last), 0) AS last FROM series WHERE letter_code = '检记'")
    for record in records:
        # Each in an event of its own, and each event twice: as the broker may.
        await office.release(record)
        await office.release(record)

    async def all_sealed() -> bool:
        return all([(await office.get(record)).sha256 for record in records])

    await poll(all_sealed, 60)

    rows = await documents.sql("SELECT sequence, document_id FROM numbers WHERE letter_code = '检记' ORDER BY sequence")
    assert [row["sequence"] for row in rows] == list(range(1, len(rows) + 1))
    assert len(rows) == before[0]["last"] + 12
    assert len({row["document_id"] for row in rows}) == len(rows)


async def test_a_number_is_not_unsaid_even_by_the_service_itself(documents):
    for role in ("serve", "jobs"):
        with pytest.raises(Exception, match="permission denied"):
            await documents.sql("DELETE FROM numbers", role=role)


async def test_a_dead_release_leaves_the_document_and_says_why(office, documents):
    order = await office.signed("F05", object_kind="order")

    id = await office.release(order)

    async def buried():
        found = [dict(record.headers) for record in await office.world.records("penalties.case.v1.dead")]
        return [headers for headers in found if headers["ce_id"] == id.encode()]

    (headers,) = await poll(buried, 20)
    assert headers["reason"] == b"RECORD_MISSING"
    assert (await office.get(order)).state == pb.Document.STATE_DRAFT


@pytest.mark.row("W09")
@pytest.mark.row("W10")
@pytest.mark.row("W13")
async def test_an_order_is_served_and_its_receipt_sealed(office):
    record, order = await office.signed("F03"), await office.signed("F05")
    order = await office.sealed(record, order)
    stub = await office.stub()
    serving = await stub.ServeDocument(
        pb.ServeDocumentRequest(request_id=str(uuid4()), id=order.id, version=order.version, mode=pb.Delivery.MODE_DIRECT, recipient="恒筑")
    )

    delivery = pb.RecordDeliveryRequest(
        request_id=str(uuid4()),
        id=order.id,
        version=serving.version,
        receiver="陈伯安",
        place="厂内",
        proof_evidence_ids=[str(uuid4())],
        second_server_id="wu",
    )
    served = await stub.RecordDelivery(delivery)
    again = await stub.RecordDelivery(delivery)

    assert served == again
    assert served.state == pb.Document.STATE_EFFECTIVE
    assert (served.served_on, served.deemed_on) == ("2022-08-16", "2022-08-16")
    receipt = await office.get(pb.Document(id=served.links[0].document_id))
    assert receipt.form == "F40"
    assert receipt.number.startswith("（莞）应急回〔2022〕")
    assert (await office.file(receipt)).startswith(b"%PDF")

    async def told():
        records = await office.world.records("documents.document.v1")
        mine = [record for record in records if record.key == order.id.encode()]
        return [record for record in mine if dict(record.headers)["ce_type"].endswith(b"DocumentServed")]

    (event,) = await poll(told)
    assert events_pb2.DocumentServed.FromString(event.value).receipt_id == receipt.id


@pytest.mark.refuses("W09")
async def test_the_owner_refuses_the_service(office, neighbours):
    order = await office.sealed(await office.signed("F03"), await office.signed("F05"))
    neighbours.forbidden = ("F05",)
    request = pb.ServeDocumentRequest(
        request_id=str(uuid4()), id=order.id, version=order.version, mode=pb.Delivery.MODE_DIRECT, recipient="恒筑"
    )

    assert await refusal((await office.stub()).ServeDocument(request)) == "OWNER_FORBIDS_SERVICE"


@pytest.mark.row("W13")
@pytest.mark.row("W18")
async def test_a_public_notice_serves_when_its_days_have_passed(office):
    order = await office.sealed(await office.signed("F03"), await office.signed("F05"))
    stub = await office.stub()
    order = await stub.ServeDocument(
        pb.ServeDocumentRequest(request_id=str(uuid4()), id=order.id, version=order.version, mode=pb.Delivery.MODE_MAIL, recipient="恒筑")
    )
    order = await stub.FailDelivery(
        pb.FailDeliveryRequest(
            request_id=str(uuid4()), id=order.id, version=order.version, reason="退回", next_mode=pb.Delivery.MODE_PUBLIC_NOTICE
        )
    )
    order = await stub.RecordDelivery(
        pb.RecordDeliveryRequest(
            request_id=str(uuid4()), id=order.id, version=order.version, proof_evidence_ids=["n"], second_server_id="wu"
        )
    )
    assert order.state == pb.Document.STATE_SERVED
    assert order.deemed_on == "2022-09-15"
    assert order.deadlines[0].timer == "D13"

    await office.world.set_legal_now(office.root, LEGAL_NOW.replace(month=9, day=15, hour=17))

    assert (await office.get(order)).state == pb.Document.STATE_EFFECTIVE


@pytest.mark.row("W16")
async def test_lead_proposes_and_unit_confirms_a_void(office, documents):
    draft = await office.signed("F03")
    proposal = await (await office.stub()).VoidDocument(
        pb.VoidDocumentRequest(request_id=str(uuid4()), id=draft.id, version=draft.version, reason="笔误")
    )

    voided = await (await office.stub("zheng")).ConfirmMove(types_pb2.ConfirmMoveRequest(request_id=str(uuid4()), proposal_id=proposal.id))

    assert voided.state == pb.Document.STATE_VOID


@pytest.mark.row("W16")
async def test_the_void_log_keeps_the_number(office):
    order = await office.sealed(await office.signed("F03"), await office.signed("F05"))

    await (await office.stub("zhao")).VoidSealedDocument(
        pb.VoidDocumentRequest(request_id=str(uuid4()), id=order.id, version=order.version, reason="笔误")
    )

    listed = await (await office.stub()).ListNumbers(pb.ListNumbersRequest(letter_code="责改", page_size=200))
    (line,) = [number for number in listed.numbers if number.document_id == order.id]
    assert (line.void, line.void_reason, line.number) == (True, "笔误", order.number)


@pytest.mark.row("W17")
async def test_the_archived_case_archives_its_documents(office):
    record = await office.sealed(await office.signed("F03"))

    await office.world.produce(
        "penalties.case.v1", penalties_events.CaseArchived(case_id=office.matter_id), key=office.matter_id, root=office.root
    )

    async def archived() -> bool:
        return (await office.get(record)).state == pb.Document.STATE_ARCHIVED

    await poll(archived)


async def test_anybody_verifies_a_document_from_paper(office, documents):
    record = await office.sealed(await office.signed("F03"))
    stub = await documents.stub(DocumentsServiceStub)

    right = await stub.VerifyDocument(pb.VerifyDocumentRequest(id=record.id, digest=record.body_digest[:16], file_sha256=record.sha256))
    wrong = await stub.VerifyDocument(pb.VerifyDocumentRequest(id=record.id, digest="0" * 16))

    assert (right.number, right.issuer_name, right.dated_on) == (record.number, "东莞市应急管理局", "2022-08-16")
    assert (right.match, right.file_match, wrong.match) == (True, True, False)
    assert await refusal(stub.VerifyDocument(pb.VerifyDocumentRequest(id=str(uuid4())))) == "NOTHING_TO_VERIFY"


async def test_a_draft_is_not_verified(office, documents):
    draft = await office.draft("F03")
    stub = await documents.stub(DocumentsServiceStub)

    assert await refusal(stub.VerifyDocument(pb.VerifyDocumentRequest(id=draft.id))) == "NOTHING_TO_VERIFY"


async def test_another_jurisdiction_sees_nothing(office, world, documents, neighbours):
    record = await office.draft("F03")
    other = Office(world, documents, world.a_root())

    assert await refusal(other.get(record)) == "DOCUMENT_NOT_FOUND"


async def test_the_content_of_a_draft_comes_from_its_owner_and_foreign_fields_are_refused(office):
    record = await office.draft("F03", unit="甲厂")

    assert record.content["unit"] == "甲厂"
    assert "something_else" not in record.content
    assert await refusal(office.draft("F03", colour="red")) == "UNKNOWN_FIELD"
    assert await refusal(office.draft("F99")) == "FORM_UNKNOWN"


async def test_a_missing_glyph_is_named_by_its_code_point(office):
    record = await office.draft("F03", unit="𠮷厂")
    stub = await office.stub()

    answer = await stub.CheckContent(pb.CheckContentRequest(document_id=record.id))
    frozen = stub.FreezeBody(pb.FreezeBodyRequest(request_id=str(uuid4()), id=record.id, version=record.version))

    assert "𠮷 U+20BB7" in [problem.detail for problem in answer.problems]
    assert await refusal(frozen) == "CHARACTERS_MISSING"


async def test_a_service_asks_what_could_be_sealed(office, documents):
    record = await office.frozen("F03")
    stub = await documents.stub(DocumentsServiceStub, service="inspections", anzhi_root=office.root)
    missing = await stub.CheckContent(pb.CheckContentRequest(document_id=record.id, capacities=["OFFICER", "OFFICER"]))
    await office.sign(record, "OFFICER", "zhou")
    await office.sign(record, "OFFICER", "wu")

    there = await stub.CheckContent(pb.CheckContentRequest(document_id=record.id, capacities=["OFFICER", "OFFICER"]))

    assert (missing.ok, there.ok) == (False, True)
    assert {signature.signer_id for signature in there.signatures} == {"zhou", "wu"}
    assert there.fields["unit"] == record.content["unit"]


@pytest.mark.refuses("W07")
async def test_an_expired_officer_and_a_changed_body_do_not_sign(office):
    record = await office.frozen("F03")

    assert await refusal(office.sign(record, "OFFICER", "wei")) == "CERTIFICATE_NOT_VALID"
    assert await refusal(office.sign(record, "OFFICER", "zhou", body_digest="0" * 64)) == "BODY_CHANGED"
    assert await refusal(office.sign(record, "APPROVER", "zhou")) == "SIGNATURE_NOT_YOURS"


async def test_two_people_sign_at_once(office):
    record = await office.frozen("F03")

    await asyncio.gather(office.sign(record, "OFFICER", "zhou"), office.sign(record, "OFFICER", "wu"))

    assert len((await office.get(record)).signatures) == 2


async def test_a_signature_is_never_changed(documents):
    for role in ("serve", "jobs"):
        with pytest.raises(Exception, match="permission denied"):
            await documents.sql("UPDATE signatures SET signer_name = ''", role=role)


@pytest.mark.row("W02")
@pytest.mark.row("W03")
async def test_a_submitted_form_is_returned_and_submitted_again(office):
    filing = await office.frozen("F01")
    returned = await (await office.stub("zheng")).ReturnDocument(
        pb.ReturnDocumentRequest(request_id=str(uuid4()), id=filing.id, version=filing.version, reason="事实不清")
    )
    assert returned.state == pb.Document.STATE_DRAFT

    stub = await office.stub()
    updated = await stub.UpdateDraft(_update(returned, cause="新案由"))
    stale = stub.UpdateDraft(_update(returned, cause="旧版本"))

    assert updated.content["cause"] == "新案由"
    assert await refusal(stale) == "CHANGED_MEANWHILE"


def _update(document, **content):
    request = pb.UpdateDraftRequest(request_id=str(uuid4()), id=document.id, version=document.version)
    request.content.update(content)
    return request


async def test_lists_and_moves(office):
    record = await office.signed("F03")
    stub = await office.stub()

    listed = await stub.ListDocuments(pb.ListDocumentsRequest(matter_id=office.matter_id, form="F03", state=pb.Document.STATE_DRAFT))
    moves = await stub.ListMoves(types_pb2.ListMovesRequest(id=record.id))
    forms = await stub.ListForms(pb.ListFormsRequest())

    assert [document.id for document in listed.documents] == [record.id]
    assert {move.move: move.permitted for move in moves.moves}["void"] is True
    assert {move.move: move.reason for move in moves.moves}["serve"] == "STATE_FORBIDS_TRANSITION"
    assert len(forms.forms) == len(standard())


async def test_the_file_of_a_draft_is_not_there(office):
    draft = await office.draft("F03")

    assert await refusal((await office.stub()).GetDocumentFile(pb.GetDocumentFileRequest(id=draft.id))) == "NOT_SEALED"


async def test_many_matters_are_sealed_side_by_side(world, documents, office):
    offices = [Office(world, documents, office.root) for _ in range(12)]
    records = await asyncio.gather(*(one.signed("F03") for one in offices))
    for one, record in zip(offices, records, strict=True):
        await one.release(record)

    async def all_sealed() -> bool:
        found = await documents.sql("SELECT count(*) AS n FROM documents WHERE sha256 <> '' AND id = ANY($1)", [r.id for r in records])
        return found[0]["n"] == len(records)

    await poll(all_sealed, 60)

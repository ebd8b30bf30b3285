"""Who sees and may do what, and what events of others do."""

from uuid import uuid4

import pytest
from anzhi.criminal_transfer.v1 import criminal_transfer_pb2 as pb
from anzhi.criminal_transfer.v1 import partner_pb2
from anzhi.criminal_transfer.v1.criminal_transfer_pb2_grpc import CriminalTransferServiceStub
from anzhi.documents.v1 import documents_pb2
from anzhi.documents.v1.documents_pb2_grpc import DocumentOwnerServiceStub
from anzhi.type.v1 import types_pb2
from servicekit import wire
from testkit.asking import refusal, request_id
from testkit.polling import poll
from testkit.users import a_user

from .walk import PERMISSIONS, at


async def test_a_screen_opens_one_transfer_however_often_it_runs(walk):
    await walk.clock(at(7, 9))
    await walk.screen("WATCH", "225")
    for _ in range(3):
        await walk.screen("CONSULT", "225")
    await walk.screen("MUST_TRANSFER", "225", "134-1")

    async def widened():
        (found,) = await walk.found()
        return found.screen_result == "MUST_TRANSFER"

    await poll(widened, deadline=20)
    (found,) = await walk.found()
    assert (list(found.offences), found.source, list(found.suspects)) == (["225", "134-1"], pb.Transfer.SOURCE_SCREEN, ["enterprise"])
    assert (found.enterprise_name, found.org_path, found.opened_by) == ("某化工贸易有限公司", walk.path, "system")


async def test_an_officer_opens_one_on_an_inspection_and_a_second_on_the_same_is_refused(walk, town):
    inspection = str(uuid4())
    town.paths[inspection] = walk.path
    await walk.clock(at(7, 9))
    stub = await walk.by("liang")
    given = {"inspection_id": inspection, "facts": "强令冒险作业", "offences": ["134(2)"]}

    made = await stub.OpenTransfer(pb.OpenTransferRequest(request_id=request_id(), **given))
    assert (made.state, made.suspects[0]) == (pb.Transfer.STATE_SUSPECTED, "enterprise")
    again = pb.OpenTransferRequest(request_id=request_id(), **given)
    assert await refusal(stub.OpenTransfer(again)) == "TRANSFER_ALREADY_OPEN"
    nothing = pb.OpenTransferRequest(request_id=request_id(), facts="x", offences=["225"])
    assert await refusal(stub.OpenTransfer(nothing)) == "MATTER_MISSING"


async def test_another_body_sees_nothing(walk, transfers, world):
    await walk.suspected()
    elsewhere = a_user("deng", org_path=world.a_root(), roles=("OFF",), permissions=PERMISSIONS)
    stub = await transfers.stub(CriminalTransferServiceStub, elsewhere)

    assert await refusal(stub.GetTransfer(pb.GetTransferRequest(id=walk.id))) == "TRANSFER_NOT_FOUND"
    assert not (await stub.ListTransfers(pb.ListTransfersRequest(case_id=walk.case_id))).transfers


async def test_a_partner_sees_what_was_handed_to_it_and_nothing_internal(walk):
    await walk.to_principal()
    get = partner_pb2.GetHandedTransferRequest(id=walk.id)
    for name in ("police", "procuratorate", "court", "stranger"):
        assert await refusal((await walk.partner(name)).GetHandedTransfer(get)) == "TRANSFER_NOT_FOUND"
    assert await refusal(walk.enter("police", "SignReceipt", number="1", received_by="x")) == "TRANSFER_NOT_FOUND"
    await walk.approve()
    await walk.deliver()

    seen = await (await walk.partner("police")).GetHandedTransfer(get)
    assert (seen.state, seen.handed_as) == (pb.Transfer.STATE_DELIVERED, pb.Receiver.KIND_POLICE)
    assert not {"report", "opinions", "recusals", "facts", "officer_ids"} & set(seen.DESCRIPTOR.fields_by_name)
    assert not seen.HasField("decision")
    assert "GEN" not in {line.timer for line in seen.deadlines}
    assert await refusal((await walk.partner("stranger")).GetHandedTransfer(get)) == "TRANSFER_NOT_FOUND"
    listed = await (await walk.partner("police")).ListHandedTransfers(partner_pb2.ListHandedTransfersRequest())
    assert [one.id for one in listed.transfers] == [walk.id]
    none = partner_pb2.ListHandedTransfersRequest(state=pb.Transfer.STATE_CLOSED)
    assert not (await (await walk.partner("police")).ListHandedTransfers(none)).transfers
    assert not (await (await walk.partner("stranger")).ListHandedTransfers(partner_pb2.ListHandedTransfersRequest())).transfers


async def test_the_package_is_for_the_police(walk):
    await walk.to_principal()
    await walk.approve()
    await walk.deliver()
    asked = partner_pb2.GetPackageFileRequest(id=walk.id)

    file = await (await walk.partner("police")).GetPackageFile(asked)
    assert file.url.startswith("https://store.example/")
    assert await refusal((await walk.partner("procuratorate")).GetPackageFile(asked)) == "PACKAGE_NOT_YOURS"
    assert await refusal((await walk.partner("stranger")).GetPackageFile(asked)) == "TRANSFER_NOT_FOUND"


async def test_a_partner_acts_in_its_own_role_only(walk):
    await walk.to_principal()
    await walk.approve()
    await walk.deliver()

    assert await refusal(walk.enter("procuratorate", "SignReceipt", number="1", received_by="x")) == "ROLE_FORBIDS_MOVE"
    assert await refusal(walk.enter("court", "SignReceipt", number="1", received_by="x")) == "ROLE_FORBIDS_MOVE"
    stub = await walk.run.stub(CriminalTransferServiceStub, token=walk.world.signer.token(a_user("x", permissions=())))
    assert await refusal(stub.GetTransfer(pb.GetTransferRequest(id=walk.id))) == "PERMISSION_MISSING"


async def test_only_a_second_factor_decides(walk, transfers):
    await walk.to_principal()
    stub = await transfers.stub(CriminalTransferServiceStub, walk.user("huang", otp=False))
    version = (await walk.get()).version
    request = pb.ApproveTransferRequest(request_id=request_id(), id=walk.id, version=version, document_id=await walk.sealed("F43"))

    assert await refusal(stub.ApproveTransfer(request)) == "SECOND_FACTOR_MISSING"


async def test_a_clue_about_an_official_stands_nowhere_but_in_its_own_list(walk, transfers):
    await walk.suspected()
    given = {"receiver": "香洲区监察委员会", "facts": "公职人员失职", "letter_number": "线索1号", "sent_on": "2023-06-07"}
    await walk.act("huang", "RecordOfficialClue", **given)

    clues = await (await walk.by("huang")).ListOfficialClues(pb.ListOfficialCluesRequest(id=walk.id))
    assert [clue.letter_number for clue in clues.clues] == ["线索1号"]
    officer = a_user("liang", org_path=walk.path, roles=("OFF",), permissions=("criminal_transfer.read",))
    stub = await transfers.stub(CriminalTransferServiceStub, officer)
    assert await refusal(stub.ListOfficialClues(pb.ListOfficialCluesRequest(id=walk.id))) == "PERMISSION_MISSING"
    history = await (await walk.by("huang")).ListHistory(types_pb2.ListHistoryRequest(id=walk.id))
    assert "C30" not in {entry.row for entry in history.entries}
    assert "线索" not in str(await walk.get())


@pytest.mark.parametrize("other", ["", "134-1"])
async def test_after_a_refusal_only_another_offence_reopens_by_screen(walk, other):
    await walk.to_principal()
    await walk.clock(at(12))
    await walk.act("huang", "RefuseTransfer", reason="未达标准", document_id=await walk.sealed("X3E"))
    await walk.screen("MUST_TRANSFER", "225", *([other] if other else []))
    if other:
        assert (await walk.hears("TransferReopened"))[0].case_id == walk.case_id
        return
    (record,) = [one for one in await walk.world.records("penalties.case.v1") if one.key.decode() == walk.case_id][-1:]
    id = dict(record.headers)["ce_id"].decode()

    async def was_read():
        return bool(await walk.run.sql("SELECT 1 FROM inbox WHERE event_id = $1", id))

    await poll(was_read, deadline=20)
    assert await walk.state() == "REJECTED"
    assert len(await walk.found()) == 1


async def test_documents_asks_which_form_is_due_and_gets_what_is_known(walk, transfers):
    await walk.suspected()
    stub = await transfers.stub(DocumentOwnerServiceStub, service="documents", anzhi_root=walk.root)

    async def asked(form):
        return await stub.MayDraft(documents_pb2.MayDraftRequest(form=form, object_kind="transfer", object_id=walk.id))

    assert (await asked("F43")).reason == "FORM_NOT_DUE_NOW"
    assert (await asked("F34")).reason == "FORM_NOT_OF_TRANSFER"
    await walk.act("pan", "NameTaskForce", officer_ids=["liang", "song"], lead_id="liang")
    await walk.act("liang", "StartVerification")
    answer = await asked("X3A")
    fields = wire.plain(answer.fields)
    assert answer.allowed and answer.org_path == walk.path and answer.matter_id == walk.id
    assert (fields["party_name"], fields["police_name"]) == ("某化工贸易有限公司", "珠海市公安局香洲分局")
    assert [(one["name"], one["seizure"]) for one in fields["transfer_objects"]] == [("甲苯", "查封（2023-06-05）")]
    assert fields["party_address"] == "香洲区某路1号"
    assert fields["offences_text"] == "《中华人民共和国刑法》第二百二十五条"
    serve = documents_pb2.MayServeRequest(form="F44", document_id="d", object_kind="transfer", object_id=walk.id)
    assert (await stub.MayServe(serve)).reason == "FORM_NOT_DUE_NOW"
    strange = documents_pb2.MayServeRequest(form="X3A", document_id="d", object_kind="transfer", object_id=walk.id)
    assert (await stub.MayServe(strange)).reason == "FORM_NOT_OF_TRANSFER"


async def test_what_may_happen_now_is_answered_with_reasons(walk):
    await walk.suspected()
    answer = await (await walk.by("pan")).ListMoves(types_pb2.ListMovesRequest(id=walk.id))

    assert {move.move for move in answer.moves if move.permitted} == {"name_task_force"}
    assert all(move.permitted or move.reason for move in answer.moves)


async def test_a_recused_officer_is_replaced(walk):
    await walk.suspected()
    await walk.act("pan", "NameTaskForce", officer_ids=["liang", "song"], lead_id="liang")
    await walk.act("liang", "RaiseRecusal", officer_id="song", ground="RELATIVE", reason="亲属")
    await walk.act("huang", "DecideRecusal", officer_id="song", accepted=True, reason="成立")
    made = await walk.act("pan", "ReplaceOfficer", officer_id="song", by_officer_id="deng")

    assert list(made.officer_ids) == ["liang", "deng"]
    assert [one.state for one in made.recusals] == [pb.Recusal.STATE_ACCEPTED]


async def test_an_unfounded_suspicion_is_closed_by_two_and_told(walk):
    await walk.suspected()
    await walk.act("pan", "NameTaskForce", officer_ids=["liang", "song"], lead_id="liang")
    await walk.act("liang", "StartVerification")
    assert await refusal(walk.act("liang", "CloseUnfounded", reason="没有现实危险")) == "SCREEN_STILL_DEMANDS_TRANSFER"
    await walk.screen("WATCH", "225")

    async def seen():
        return (await walk.get()).screen_result == "WATCH"

    await poll(seen, deadline=20)
    closed = await walk.confirmed("liang", "ye", "CloseUnfounded", reason="没有现实危险")
    assert closed.state == pb.Transfer.STATE_CLOSED
    assert len(await walk.hears("SuspicionUnfounded")) == 1


async def test_a_file_is_forwarded_extended_supplemented_and_declined(walk):
    await walk.to_principal()
    await walk.approve()
    await walk.deliver()
    await walk.enter("police", "SignReceipt", number="1", received_by="王警官")
    await walk.enter("police", "DemandSupplement", missing=["台账"], number="补1号")
    await walk.act("liang", "SupplementTransfer", listing="台账一份", evidence_ids=["photo"])
    await walk.enter("police", "StartReview")
    extended = await walk.enter("police", "ExtendReview", approved_days=7, approved_by="局长", number="延1号")
    assert {line.timer: line.legal_expiry for line in extended.deadlines}["D36"] == "2023-06-19"
    await walk.enter("police", "ForwardTransfer", to_name="斗门分局", to_client_id=walk.clients["stranger"], number="移1号", text="犯罪地")
    await walk.enter("stranger", "TakeForwarded", number="收1号")
    seen = await walk.enter("stranger", "DeclineTransfer", number="函1号", reason="属监察机关管辖", competent_body="香洲区监察委员会")

    assert seen.state == pb.Transfer.STATE_RETURNED_ADMIN
    found = await walk.found(2)
    assert sorted(pb.Transfer.Source.Name(one.source) for one in found) == ["SOURCE_NOT_POLICE", "SOURCE_SCREEN"]
    await walk.act("ye", "CloseTransfer", admin_result="已移送监察机关")

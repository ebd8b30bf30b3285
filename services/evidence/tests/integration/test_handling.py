"""Objects through the service: preserved and lapsed, handed to the police and back, confiscated once a decision is served."""

from datetime import UTC, datetime, timedelta

import grpc
import pytest
from anzhi.criminal_transfer.v1.events_pb2 import MaterialsHandedOver
from anzhi.documents.v1 import documents_pb2
from anzhi.documents.v1.documents_pb2_grpc import DocumentOwnerServiceStub
from anzhi.evidence.v1 import evidence_pb2, handling_pb2
from anzhi.evidence.v1 import handling_pb2 as pb
from anzhi.evidence.v1.events_pb2 import DocumentReleased
from anzhi.evidence.v1.handling_pb2_grpc import HandlingServiceStub
from anzhi.inspections.v1.events_pb2 import MeasureApplied, ObjectsReturned
from anzhi.penalties.v1.events_pb2 import CaseDecided, CaseServed, RemedyEnded, RemedyFiled
from anzhi.type.v1.types_pb2 import ConfirmMoveRequest
from testkit.asking import refusal, request_id
from testkit.polling import poll
from testkit.users import a_user

from .test_api import Officer

PERMISSIONS = ("evidence.capture", "evidence.read", "evidence.approve", "evidence.store", "evidence.dispose")
CASE, TRANSFER = "7b1c1f6e-4a7e-4a63-9d0e-000000000031", "7b1c1f6e-4a7e-4a63-9d0e-000000000032"
MEASURE = "7b1c1f6e-4a7e-4a63-9d0e-000000000033"
State = evidence_pb2.EvidenceItem


class Room:
    """One object of one matter, and who handles it."""

    def __init__(self, officer: Officer, evidence, world) -> None:
        self.officer, self.evidence, self.world = officer, evidence, world

    async def by(self, name: str, *roles: str) -> HandlingServiceStub:
        user = a_user(name, org_path=self.officer.root, roles=roles or ("OFF",), permissions=PERMISSIONS)
        return await self.evidence.stub(HandlingServiceStub, user)

    async def registered(self, kind: int = State.KIND_E2) -> State:
        item = await self.officer.captured()
        request = evidence_pb2.RegisterEvidenceRequest(
            request_id=request_id(), id=item.id, version=item.version, kind=kind, source="现场提取", holder="李某", fact="涉案原料"
        )
        return await (await self.officer.stub()).RegisterEvidence(request, timeout=5)

    async def stored(self) -> State:
        item = await self.registered()
        stub = await self.officer.stub("luo", ("EVID",))
        request = evidence_pb2.StoreEvidenceRequest(
            request_id=request_id(), id=item.id, version=item.version, seal_no="封1", place="物证室"
        )
        return await stub.StoreEvidence(request, timeout=5)

    async def now(self, item_id: str) -> State:
        return await (await self.officer.stub()).GetEvidence(evidence_pb2.GetEvidenceRequest(id=item_id), timeout=5)

    async def becomes(self, item_id: str, state: int) -> State:
        async def there():
            found = await self.now(item_id)
            return found if found.state == state else None

        return await poll(there, deadline=20)

    async def heard(self, topic: str, event, key: str) -> None:
        await self.world.produce(topic, event, key=key, root=self.officer.root)

    async def preserved(self) -> State:
        item = await self.registered()
        chief, zhou = await self.by("huang", "CHIEF"), await self.by("zhou", "OFF")
        approve = pb.ApprovePreservationRequest(request_id=request_id(), id=item.id, version=item.version, document_id=f"F19:{item.id}")
        item = await chief.ApprovePreservation(approve, timeout=5)
        preserve = pb.PreserveEvidenceRequest(
            request_id=request_id(),
            id=item.id,
            version=item.version,
            document_id=f"F20:{item.id}",
            storage_place="企业仓库",
            keeper="李某",
            reason="货物可能被转移",
        )
        return await zhou.PreserveEvidence(preserve, timeout=5)


@pytest.fixture
def room(evidence, world, neighbours) -> Room:
    return Room(Officer(evidence, world, neighbours), evidence, world)


@pytest.mark.row("V03")
@pytest.mark.row("V04")
async def test_evidence_is_preserved_and_the_head_decides(room, world):
    item = await room.preserved()
    assert (item.state, item.preservation.approved_by) == (State.STATE_PRESERVED, "huang")
    assert [timer.timer for timer in item.deadlines] == ["D03"]

    decide = pb.DecidePreservedRequest(
        request_id=request_id(),
        id=item.id,
        version=item.version,
        option=pb.DecidePreservedRequest.OPTION_RECORD_AND_RETURN,
        approval_document_id=f"F21:{item.id}",
        document_id=f"F22:{item.id}",
        reason="已拍照复印",
    )
    decided = await (await room.by("huang", "CHIEF")).DecidePreserved(decide, timeout=5)

    assert (decided.state, decided.preservation.option) == (State.STATE_RETURNED, "RECORD_AND_RETURN")
    assert decided.deadlines[0].state == "STOPPED"

    async def released():
        events = [record for record in await world.records("evidence.item.v1") if (record.key or b"").decode() == item.id]
        papers = [
            DocumentReleased.FromString(record.value) for record in events if dict(record.headers)["ce_type"].endswith(b"DocumentReleased")
        ]
        return [list(paper.document_ids) for paper in papers] if len(papers) == 3 else None

    assert await poll(released, deadline=15) == [[f"F19:{item.id}"], [f"F20:{item.id}"], [f"F21:{item.id}", f"F22:{item.id}"]]


@pytest.mark.refuses("V03")
async def test_nobody_preserves_before_the_head_approved(room):
    item = await room.registered()
    request = pb.PreserveEvidenceRequest(
        request_id=request_id(),
        id=item.id,
        version=item.version,
        document_id=f"F20:{item.id}",
        storage_place="仓库",
        keeper="李某",
        reason="x",
    )

    assert await refusal((await room.by("zhou")).PreserveEvidence(request, timeout=5)) == "PRESERVATION_NOT_APPROVED"


@pytest.mark.row("V05")
async def test_what_nobody_decided_on_lapses_with_a_breach(room, world):
    item = await room.preserved()

    await world.set_legal_now(room.officer.root, datetime.now(UTC) + timedelta(days=40))

    lapsed = await room.now(item.id)
    assert (lapsed.state, lapsed.preservation.option) == (State.STATE_RETURNED, "LAPSED")
    assert lapsed.deadlines[0].state == "BREACHED"


@pytest.mark.row("V15")
@pytest.mark.row("V16")
async def test_an_object_goes_to_the_police_and_comes_back(room):
    item = await room.stored()
    handed = MaterialsHandedOver(
        transfer_id=TRANSFER, case_id=CASE, evidence_ids=[item.id], handed_by=["luo", "liang"], received_by=["警号01"]
    )

    await room.heard("criminal-transfer.transfer.v1", handed, TRANSFER)
    away = await room.becomes(item.id, State.STATE_HANDED_TO_POLICE)
    request = pb.ReturnFromPoliceRequest(
        request_id=request_id(),
        id=item.id,
        version=away.version,
        transfer_id=TRANSFER,
        police_name="警号01",
        receipt_evidence_id="receipt",
        seal_no="封2",
        place="物证室",
    )
    back = await (await room.by("luo", "EVID")).ReturnFromPolice(request, timeout=5)

    assert away.transfer_id == TRANSFER
    assert (back.state, back.transfer_id, back.seal_no) == (State.STATE_IN_STORE, "", "封2")


@pytest.mark.row("V17")
@pytest.mark.refuses("V17")
async def test_what_a_measure_held_goes_back_with_it(room):
    item = await room.stored()
    await room.heard("inspections.measure.v1", MeasureApplied(measure_id=MEASURE, evidence_ids=[item.id]), MEASURE)

    async def held():
        found = await room.now(item.id)
        return found if found.measure_id else None

    held_item = await poll(held, deadline=20)
    give = pb.ReturnEvidenceRequest(request_id=request_id(), id=item.id, version=held_item.version, owner="李某", receipt_evidence_id="r")
    assert await refusal((await room.by("luo", "EVID")).ReturnEvidence(give, timeout=5)) == "ITEM_HELD_BY_MEASURE"

    await room.heard("inspections.measure.v1", ObjectsReturned(measure_id=MEASURE, evidence_ids=[item.id]), MEASURE)
    assert (await room.becomes(item.id, State.STATE_RETURNED)).measure_id == ""


@pytest.mark.row("V18")
@pytest.mark.refuses("V18")
async def test_goods_are_confiscated_by_two_and_disposed_of_when_no_remedy_is_pending(room):
    item = await room.stored()
    link = evidence_pb2.LinkEvidenceRequest(request_id=request_id(), case_id=CASE, evidence_ids=[item.id])
    await (await room.officer.stub()).LinkEvidence(link, timeout=5)
    fin, evid = await room.by("gao", "FIN"), await room.by("luo", "EVID")
    papers = {"id": item.id, "version": item.version, "case_id": CASE, "document_id": f"X6A:{item.id}"}

    early = fin.ConfiscateEvidence(pb.ConfiscateEvidenceRequest(request_id=request_id(), **papers), timeout=5)
    assert await refusal(early) == "DECISION_NOT_EFFECTIVE"
    decided = CaseDecided(case_id=CASE, confiscates_goods=True, org_path=room.officer.root)
    for event in (decided, CaseServed(case_id=CASE), RemedyFiled(case_id=CASE, remedy_id="r1")):
        await room.heard("penalties.case.v1", event, CASE)

    async def proposed():
        try:
            return await fin.ConfiscateEvidence(pb.ConfiscateEvidenceRequest(request_id=request_id(), **papers), timeout=5)
        except grpc.aio.AioRpcError:
            return None

    proposal = await poll(proposed, deadline=20)
    confiscated = await evid.ConfirmEvidenceMove(ConfirmMoveRequest(request_id=request_id(), proposal_id=proposal.id), timeout=5)
    assert confiscated.state == State.STATE_CONFISCATED

    disposal = {
        "id": item.id,
        "version": confiscated.version,
        "document_id": f"X6B:{item.id}",
        "method": handling_pb2.DisposeEvidenceRequest.METHOD_DESTROY,
        "witness": "王某",
    }

    async def pending():
        refused = await refusal(fin.DisposeEvidence(pb.DisposeEvidenceRequest(request_id=request_id(), **disposal), timeout=5))
        return refused == "REMEDY_PENDING"

    await poll(pending, deadline=20)
    await room.heard("penalties.case.v1", RemedyEnded(case_id=CASE, remedy_id="r1"), CASE)

    async def free():
        try:
            return await fin.DisposeEvidence(pb.DisposeEvidenceRequest(request_id=request_id(), **disposal), timeout=5)
        except grpc.aio.AioRpcError:
            return None

    proposal = await poll(free, deadline=20)
    disposed = await evid.ConfirmEvidenceMove(ConfirmMoveRequest(request_id=request_id(), proposal_id=proposal.id), timeout=5)
    assert (disposed.state, disposed.disposal_method) == (State.STATE_DISPOSED, "DESTROY")


async def test_documents_is_told_which_paper_is_due(room, evidence):
    item = await room.registered()
    owner = await evidence.stub(DocumentOwnerServiceStub, service="documents", anzhi_root=room.officer.root)
    ask = {"object_kind": "evidence", "object_id": item.id}

    due = await owner.MayDraft(documents_pb2.MayDraftRequest(form="F19", **ask), timeout=5)
    late = await owner.MayDraft(documents_pb2.MayDraftRequest(form="F22", **ask), timeout=5)
    served = await owner.MayServe(documents_pb2.MayServeRequest(form="F20", document_id=item.id, **ask), timeout=5)

    assert (due.allowed, due.fields["facts"], due.org_path) == (True, "涉案原料", room.officer.root)
    assert (late.allowed, late.reason) == (False, "FORM_NOT_DUE_NOW")
    assert served.allowed

"""The gRPC servicer of what happens to objects: one statement per RPC."""

from functools import partial
from typing import Any

from anzhi.evidence.v1 import evidence_pb2, handling_pb2
from anzhi.evidence.v1 import handling_pb2 as pb
from anzhi.evidence.v1.handling_pb2_grpc import HandlingServiceServicer
from anzhi.type.v1 import types_pb2
from servicekit import wire
from servicekit.calls import Calls

from evidence.adapters.objects import sm3
from evidence.application import handling
from evidence.application.ports import Outside
from evidence.domain.records import Choice, Commission, GivenBack, Opinion, Registration, Sample, TakenBack
from evidence.domain.states import Option


class HandlingApi(HandlingServiceServicer):
    def __init__(self, calls: Calls, outside: Outside) -> None:
        self.calls, self.outside = calls, outside
        self.confiscate = partial(handling.confiscate, outside=outside, digest=sm3)
        self.dispose = partial(handling.dispose, outside=outside, digest=sm3)

    async def ApprovePreservation(self, request: pb.ApprovePreservationRequest, context: Any) -> evidence_pb2.EvidenceItem:
        return await self._once(request, context, handling.approve_preservation, outside=self.outside, document_id=request.document_id)

    async def PreserveEvidence(self, request: pb.PreserveEvidenceRequest, context: Any) -> evidence_pb2.EvidenceItem:
        given = Registration(request.document_id, request.storage_place, request.keeper, request.reason)
        return await self._once(request, context, handling.preserve, outside=self.outside, digest=sm3, given=given)

    async def DecidePreserved(self, request: pb.DecidePreservedRequest, context: Any) -> evidence_pb2.EvidenceItem:
        option = wire.word(pb.DecidePreservedRequest.Option, request.option)
        choice = Choice(
            Option(option) if option else None,
            request.approval_document_id,
            request.document_id,
            request.reason,
            commission(request.commission) if request.HasField("commission") else None,
        )
        return await self._once(request, context, handling.decide_preserved, outside=self.outside, digest=sm3, choice=choice)

    async def TakeSample(self, request: pb.TakeSampleRequest, context: Any) -> evidence_pb2.EvidenceItem:
        given = Sample(request.document_id, request.party_present, request.test_seal_no, request.retained_seal_no, request.place)
        return await self._once(request, context, handling.sample, outside=self.outside, digest=sm3, given=given)

    async def SendToAppraisal(self, request: pb.SendToAppraisalRequest, context: Any) -> evidence_pb2.EvidenceItem:
        return await self._once(
            request,
            context,
            handling.send_to_appraisal,
            outside=self.outside,
            digest=sm3,
            document_id=request.document_id,
            commission=commission(request.commission),
        )

    async def RecordOpinion(self, request: pb.RecordOpinionRequest, context: Any) -> evidence_pb2.EvidenceItem:
        opinion_id = wire.uuid_or_none(request.opinion_evidence_id, "opinion_evidence_id")
        given = Opinion(
            str(opinion_id or ""),
            request.conclusion,
            request.appraiser,
            request.appraiser_qualification_no,
            wire.day(request.told_on, "told_on"),
            request.used_up,
        )
        return await self._once(request, context, handling.record_opinion, digest=sm3, given=given)

    async def ReturnFromPolice(self, request: pb.ReturnFromPoliceRequest, context: Any) -> evidence_pb2.EvidenceItem:
        given = TakenBack(request.transfer_id, request.police_name, request.receipt_evidence_id, request.seal_no, request.place)
        return await self._once(request, context, handling.take_back, outside=self.outside, digest=sm3, given=given)

    async def ReturnEvidence(self, request: pb.ReturnEvidenceRequest, context: Any) -> evidence_pb2.EvidenceItem:
        given = GivenBack(request.owner, request.receipt_evidence_id, request.place)
        return await self._once(request, context, handling.give_back, digest=sm3, given=given)

    async def ConfiscateEvidence(self, request: pb.ConfiscateEvidenceRequest, context: Any) -> types_pb2.Proposal:
        case_id = str(wire.uuid_or_none(request.case_id, "case_id") or "")
        return await self._propose(request, context, self.confiscate, case_id=case_id, document_id=request.document_id)

    async def DisposeEvidence(self, request: pb.DisposeEvidenceRequest, context: Any) -> types_pb2.Proposal:
        return await self._propose(
            request,
            context,
            self.dispose,
            document_id=request.document_id,
            method=wire.word(handling_pb2.DisposeEvidenceRequest.Method, request.method),
            perishable_or_dangerous=request.perishable_or_dangerous,
            witness=request.witness,
        )

    async def ConfirmEvidenceMove(self, request: types_pb2.ConfirmMoveRequest, context: Any) -> evidence_pb2.EvidenceItem:
        moves = {"confiscate": self.confiscate, "dispose": self.dispose}
        return await self.calls.confirm(request, context, evidence_pb2.EvidenceItem, moves)

    async def _once(self, request: Any, context: Any, command: Any, **given: Any) -> evidence_pb2.EvidenceItem:
        return await self.calls.once(
            request,
            context,
            evidence_pb2.EvidenceItem,
            command,
            item_id=wire.uuid(request.id),
            version=request.version,
            also_ids=wire.uuids(request.also_ids, "also_ids") if request.also_ids else [],
            **given,
        )

    async def _propose(self, request: Any, context: Any, command: Any, **given: Any) -> types_pb2.Proposal:
        return await self.calls.propose(request, context, command, item_id=wire.uuid(request.id), version=request.version, **given)


def commission(message: pb.Commission) -> Commission:
    return Commission(
        message.body,
        message.qualification_no,
        wire.day(message.qualified_until_on, "qualified_until_on"),
        message.questions,
        wire.day(message.due_on, "due_on"),
        message.party_told,
    )

"""The RPCs of coercive measures."""

from functools import partial
from typing import Any

from anzhi.inspections.v1 import measures_pb2 as pb
from anzhi.inspections.v1.measures_pb2_grpc import MeasuresServiceServicer
from anzhi.type.v1 import types_pb2
from servicekit import wire
from servicekit.calls import Calls, Command

from inspections.adapters import readers
from inspections.adapters.outside import Outside
from inspections.application import measure_commands, measure_endings, queries
from inspections.application.kept_evidence import resting_on
from inspections.domain.limits import Limits


class MeasuresApi(MeasuresServiceServicer):
    """`confirmed`: the moves of two persons and the commands that a confirmation runs."""

    def __init__(self, calls: Calls, outside: Outside, limits: Limits) -> None:
        self.calls, self.limits = calls, limits
        self.identity, self.documents, evidence = outside.identity, outside.documents, outside.evidence
        self.propose = partial(resting_on(evidence, measure_commands.propose, "objects", "power"), identity=self.identity)
        self.apply_urgently = partial(resting_on(evidence, measure_commands.apply_urgently, "objects"), identity=self.identity)
        self.send_to_appraisal = resting_on(evidence, measure_endings.send_to_appraisal, "evidence_id", "notice_evidence_id")
        self.end_appraisal = resting_on(evidence, measure_endings.end_appraisal, "opinion_evidence_id")
        self.return_objects = resting_on(evidence, measure_endings.return_objects, "receipt_evidence_id")
        self.destroy = resting_on(evidence, measure_endings.destroy, "destruction")
        self.cut_power = resting_on(evidence, measure_endings.cut_power, "receipt_evidence_id")
        self.resume_power = resting_on(evidence, measure_endings.resume_power, "evidence_id")
        self.confirmed: dict[str, Command] = {"propose": self.propose, "apply_urgently": self.apply_urgently, "destroy": self.destroy}

    async def ProposeMeasure(self, request: pb.ProposeMeasureRequest, context: Any) -> types_pb2.Proposal:
        power = readers.power(request.power) if request.HasField("power") else None
        return await self.calls.propose(request, context, self.propose, **readers.grounds(request), power=power)

    async def ApplyUrgently(self, request: pb.ApplyUrgentlyRequest, context: Any) -> types_pb2.Proposal:
        return await self.calls.propose(
            request,
            context,
            self.apply_urgently,
            **readers.grounds(request),
            urgency=request.urgency,
            steps=readers.steps(request.steps),
        )

    async def ConfirmMeasureMove(self, request: types_pb2.ConfirmMoveRequest, context: Any) -> pb.MeasureDecision:
        return await self.calls.confirm(request, context, pb.MeasureDecision, self.confirmed)

    async def ApproveMeasure(self, request: pb.ApproveMeasureRequest, context: Any) -> pb.MeasureDecision:
        command = partial(measure_commands.approve, documents=self.documents, identity=self.identity)
        return await self.calls.once(request, context, pb.MeasureDecision, command, **_by_form(request))

    async def ConfirmUrgent(self, request: pb.ApproveMeasureRequest, context: Any) -> pb.MeasureDecision:
        command = partial(measure_commands.confirm_urgent, documents=self.documents)
        return await self.calls.once(request, context, pb.MeasureDecision, command, **_by_form(request))

    async def RejectMeasure(self, request: pb.RejectMeasureRequest, context: Any) -> pb.MeasureDecision:
        return await self.calls.once(
            request,
            context,
            pb.MeasureDecision,
            measure_commands.reject,
            **_of(request),
            reason=request.reason,
            document_id=wire.uuid_or_none(request.document_id, "document_id"),
        )

    async def ApplyMeasure(self, request: pb.ApplyMeasureRequest, context: Any) -> pb.MeasureDecision:
        return await self.calls.once(
            request,
            context,
            pb.MeasureDecision,
            measure_commands.apply,
            **_of(request),
            document_ids=wire.uuids(request.document_ids, "document_ids"),
            steps=readers.steps(request.steps),
            documents=self.documents,
            identity=self.identity,
        )

    async def HandOverDecision(self, request: pb.HandOverDecisionRequest, context: Any) -> pb.MeasureDecision:
        return await self.calls.once(
            request,
            context,
            pb.MeasureDecision,
            measure_commands.hand_over_decision,
            **_of(request),
            document_ids=wire.uuids(request.document_ids, "document_ids"),
            documents=self.documents,
            identity=self.identity,
        )

    async def RefuseUrgent(self, request: pb.LiftMeasureRequest, context: Any) -> pb.CoerciveMeasure:
        command = partial(measure_endings.refuse_urgent, documents=self.documents)
        return await self.calls.once(request, context, pb.CoerciveMeasure, command, **_by_form(request), reason=request.reason)

    async def LiftOverdueMeasure(self, request: pb.LiftMeasureRequest, context: Any) -> pb.CoerciveMeasure:
        command = partial(measure_endings.lift_overdue, documents=self.documents)
        return await self.calls.once(request, context, pb.CoerciveMeasure, command, **_by_form(request), reason=request.reason)

    async def SendToAppraisal(self, request: pb.SendToAppraisalRequest, context: Any) -> pb.CoerciveMeasure:
        return await self.calls.once(
            request,
            context,
            pb.CoerciveMeasure,
            self.send_to_appraisal,
            **_of(request),
            evidence_id=request.evidence_id,
            stated_days=request.stated_days,
            notice_evidence_id=request.notice_evidence_id,
        )

    async def EndAppraisal(self, request: pb.EndAppraisalRequest, context: Any) -> pb.CoerciveMeasure:
        return await self.calls.once(
            request, context, pb.CoerciveMeasure, self.end_appraisal, **_of(request), opinion_evidence_id=request.opinion_evidence_id
        )

    async def ExtendMeasure(self, request: pb.ExtendMeasureRequest, context: Any) -> pb.CoerciveMeasure:
        command = partial(measure_endings.extend, documents=self.documents)
        return await self.calls.once(
            request, context, pb.CoerciveMeasure, command, **_by_form(request), days=request.days, reason=request.reason
        )

    async def DecideHandling(self, request: pb.DecideHandlingRequest, context: Any) -> pb.CoerciveMeasure:
        command = partial(measure_endings.decide_handling, documents=self.documents)
        return await self.calls.once(
            request,
            context,
            pb.CoerciveMeasure,
            command,
            **_by_form(request),
            handling=wire.word(pb.ObjectHandling, request.handling),
            reason=request.reason,
        )

    async def ReturnObjects(self, request: pb.ReturnObjectsRequest, context: Any) -> pb.CoerciveMeasure:
        return await self.calls.once(
            request,
            context,
            pb.CoerciveMeasure,
            self.return_objects,
            **_of(request),
            receipt_evidence_id=request.receipt_evidence_id,
            proceeds=wire.money(request.proceeds),
        )

    async def ConfiscateObjects(self, request: pb.ConfiscateObjectsRequest, context: Any) -> pb.CoerciveMeasure:
        return await self.calls.once(
            request,
            context,
            pb.CoerciveMeasure,
            measure_endings.confiscate_objects,
            **_of(request),
            case_id=request.case_id,
            decision_number=request.decision_number,
        )

    async def RecordDestruction(self, request: pb.RecordDestructionRequest, context: Any) -> types_pb2.Proposal:
        destruction = {
            "ground": request.ground,
            "witness": request.witness,
            "contract_evidence_id": request.contract_evidence_id,
            "record_evidence_id": request.record_evidence_id,
            "fireworks": request.fireworks,
            "police_evidence_id": request.police_evidence_id,
        }
        return await self.calls.propose(request, context, self.destroy, **_of(request), destruction=destruction)

    async def NoticePowerCut(self, request: pb.NoticePowerCutRequest, context: Any) -> pb.MeasureDecision:
        return await self.calls.once(
            request,
            context,
            pb.MeasureDecision,
            measure_endings.notice_power_cut,
            **_of(request),
            document_ids=wire.uuids(request.document_ids, "document_ids"),
            documents=self.documents,
        )

    async def CutPower(self, request: pb.CutPowerRequest, context: Any) -> pb.MeasureDecision:
        return await self.calls.once(
            request,
            context,
            pb.MeasureDecision,
            self.cut_power,
            **_of(request),
            receipt_evidence_id=request.receipt_evidence_id,
            refusal_goes_on=request.refusal_goes_on,
            emergency=request.emergency,
            limits=self.limits,
        )

    async def ResumePower(self, request: pb.ResumePowerRequest, context: Any) -> pb.MeasureDecision:
        command = partial(self.resume_power, documents=self.documents)
        return await self.calls.once(
            request,
            context,
            pb.MeasureDecision,
            command,
            **_by_form(request),
            evidence_id=request.evidence_id,
            reason=request.reason,
        )

    async def GetMeasure(self, request: pb.GetMeasureRequest, context: Any) -> pb.CoerciveMeasure:
        return await self.calls.read(request, context, pb.CoerciveMeasure, queries.measure, measure_id=wire.uuid(request.id))

    async def ListMeasures(self, request: pb.ListMeasuresRequest, context: Any) -> pb.ListMeasuresResponse:
        return await self.calls.read(
            request,
            context,
            pb.ListMeasuresResponse,
            queries.measures,
            size=request.page_size,
            token=request.page_token,
            state=wire.word(pb.CoerciveMeasure.State, request.state),
            inspection_id=wire.uuid_or_none(request.inspection_id, "inspection_id"),
            case_id=request.case_id,
            enterprise_id=wire.uuid_or_none(request.enterprise_id, "enterprise_id"),
        )

    async def ListMeasureMoves(self, request: types_pb2.ListMovesRequest, context: Any) -> types_pb2.ListMovesResponse:
        return await self.calls.moves(request, context, queries.measure, measure_id=wire.uuid(request.id))

    async def ListMeasureHistory(self, request: types_pb2.ListHistoryRequest, context: Any) -> types_pb2.ListHistoryResponse:
        return await self.calls.history(request, context, queries.measure, measure_id=wire.uuid(request.id))


def _of(request: Any) -> dict[str, Any]:
    return {"measure_id": wire.uuid(request.id), "version": request.version}


def _by_form(request: Any) -> dict[str, Any]:
    return {**_of(request), "document_id": wire.uuid(request.document_id, "document_id")}

"""The RPCs of findings."""

from typing import Any

from anzhi.inspections.v1 import inspections_pb2 as pb
from anzhi.type.v1 import types_pb2
from servicekit import wire

from inspections.adapters.outside import Ports
from inspections.adapters.readers import results
from inspections.application import finding_commands


class FindingsApi(Ports):
    async def AmendFinding(self, request: pb.AmendFindingRequest, context: Any) -> pb.Finding:
        return await self.calls.once(
            request,
            context,
            pb.Finding,
            self.amend,
            finding_id=wire.uuid(request.id),
            version=request.version,
            slots=dict(request.slots),
            place=request.place,
            photo_ids=list(request.photo_ids),
            persons=request.persons,
        )

    async def ChooseHandling(self, request: pb.ChooseHandlingRequest, context: Any) -> pb.Finding:
        return await self.calls.once(
            request,
            context,
            pb.Finding,
            finding_commands.choose_handling,
            finding_id=wire.uuid(request.id),
            version=request.version,
            handling=[wire.word(pb.Handling, one) for one in request.handling],
            measures=[wire.word(pb.Measure, one) for one in request.measures],
            safety_not_assured=request.safety_not_assured,
            hazchem_equipment=request.hazchem_equipment,
            hand_over_to=request.hand_over_to,
        )

    async def ClassifyMajor(self, request: pb.ClassifyMajorRequest, context: Any) -> types_pb2.Proposal:
        return await self.calls.propose(
            request,
            context,
            self.classify_major,
            finding_id=wire.uuid(request.id),
            version=request.version,
            standard_item=request.standard_item,
            doubtful=request.doubtful,
            opinion_evidence_id=request.opinion_evidence_id,
        )

    async def DowngradeFinding(self, request: pb.DowngradeFindingRequest, context: Any) -> types_pb2.Proposal:
        return await self.calls.propose(
            request,
            context,
            self.downgrade,
            finding_id=wire.uuid(request.id),
            version=request.version,
            reason=request.reason,
            evidence_ids=list(request.evidence_ids),
        )

    async def CloseOnSpot(self, request: pb.CloseOnSpotRequest, context: Any) -> pb.Finding:
        return await self.calls.once(
            request,
            context,
            pb.Finding,
            self.close_on_spot,
            finding_id=wire.uuid(request.id),
            version=request.version,
            photo_before_ids=list(request.photo_before_ids),
            photo_after_ids=list(request.photo_after_ids),
        )

    async def ApplyMeasures(self, request: pb.ApplyMeasuresRequest, context: Any) -> pb.InspectionFile:
        return await self.calls.once(
            request,
            context,
            pb.InspectionFile,
            finding_commands.apply_measures,
            inspection_id=wire.uuid(request.id),
            version=request.version,
            finding_ids=wire.uuids(request.finding_ids, "finding_ids"),
            document_id=wire.uuid(request.document_id, "document_id"),
            documents=self.documents,
            identity=self.identity,
        )

    async def SuperviseFinding(self, request: pb.SuperviseFindingRequest, context: Any) -> pb.Finding:
        return await self.calls.once(
            request,
            context,
            pb.Finding,
            finding_commands.supervise,
            finding_id=wire.uuid(request.id),
            version=request.version,
            notice_number=request.notice_number,
            responsible_person=request.responsible_person,
            level=request.level,
            due_on=wire.day(request.due_on, "due_on"),
            limits=self.limits,
        )

    async def ConsentResume(self, request: pb.ConsentResumeRequest, context: Any) -> pb.Finding:
        return await self.calls.once(
            request,
            context,
            pb.Finding,
            self.consent_resume,
            finding_id=wire.uuid(request.id),
            version=request.version,
            review_evidence_id=request.review_evidence_id,
            reason=request.reason,
        )

    async def RefuseResume(self, request: pb.RefuseResumeRequest, context: Any) -> pb.Finding:
        return await self.calls.once(
            request,
            context,
            pb.Finding,
            finding_commands.refuse_resume,
            finding_id=wire.uuid(request.id),
            version=request.version,
            reason=request.reason,
            due_on=wire.day(request.due_on, "due_on"),
            limits=self.limits,
        )

    async def ApplyForReview(self, request: pb.ApplyForReviewRequest, context: Any) -> pb.Finding:
        return await self.calls.once(
            request,
            context,
            pb.Finding,
            self.apply_for_review,
            finding_id=wire.uuid(request.id),
            version=request.version,
            evidence_id=request.evidence_id,
        )

    async def HandOverFinding(self, request: pb.HandOverFindingRequest, context: Any) -> pb.Finding:
        return await self.calls.once(
            request,
            context,
            pb.Finding,
            finding_commands.hand_over,
            finding_id=wire.uuid(request.id),
            version=request.version,
            department=request.department,
            document_id=wire.uuid(request.document_id, "document_id"),
            reason=request.reason,
            documents=self.documents,
        )

    async def ObjectToFinding(self, request: pb.ObjectToFindingRequest, context: Any) -> pb.Finding:
        return await self.calls.once(
            request,
            context,
            pb.Finding,
            self.object_to,
            finding_id=wire.uuid(request.id),
            version=request.version,
            evidence_id=request.evidence_id,
            reason=request.reason,
        )

    async def DecideObjection(self, request: pb.DecideObjectionRequest, context: Any) -> types_pb2.Proposal:
        return await self.calls.propose(
            request,
            context,
            finding_commands.decide_objection,
            finding_id=wire.uuid(request.id),
            version=request.version,
            upheld=request.upheld,
            reason=request.reason,
        )

    async def ApplyDelisting(self, request: pb.ApplyDelistingRequest, context: Any) -> pb.Finding:
        return await self.calls.once(
            request,
            context,
            pb.Finding,
            self.apply_delisting,
            finding_id=wire.uuid(request.id),
            version=request.version,
            evidence_id=request.evidence_id,
        )

    async def EndForClosedUnit(self, request: pb.EndForClosedUnitRequest, context: Any) -> pb.Finding:
        return await self.calls.once(
            request,
            context,
            pb.Finding,
            self.end_for_closed_unit,
            finding_id=wire.uuid(request.id),
            version=request.version,
            document_id=wire.uuid(request.document_id, "document_id"),
            closure_evidence_id=request.closure_evidence_id,
            reason=request.reason,
            documents=self.documents,
        )

    async def MoveFinding(self, request: pb.MoveFindingRequest, context: Any) -> pb.Finding:
        return await self.calls.once(
            request,
            context,
            pb.Finding,
            finding_commands.move,
            finding_id=wire.uuid(request.id),
            version=request.version,
            move=request.move,
            reason=request.reason,
        )

    async def RecheckMeasures(self, request: pb.RecheckMeasuresRequest, context: Any) -> pb.InspectionFile:
        return await self.calls.once(
            request,
            context,
            pb.InspectionFile,
            self.recheck_measures,
            inspection_id=wire.uuid(request.id),
            version=request.version,
            results=results(request.results),
            document_id=wire.uuid(request.document_id, "document_id"),
            documents=self.documents,
            identity=self.identity,
        )

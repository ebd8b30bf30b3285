"""The gRPC servicer: one statement per RPC. Findings and orders have files of their own."""

from typing import Any

from anzhi.inspections.v1 import inspections_pb2 as pb
from anzhi.inspections.v1.inspections_pb2_grpc import InspectionsServiceServicer
from anzhi.type.v1 import types_pb2
from servicekit import wire

from inspections.adapters.finding_api import FindingsApi
from inspections.adapters.order_api import OrdersApi
from inspections.application import commands, queries


class InspectionsApi(FindingsApi, OrdersApi, InspectionsServiceServicer):
    async def CreateInspection(self, request: pb.CreateInspectionRequest, context: Any) -> pb.Inspection:
        return await self.calls.once(
            request,
            context,
            pb.Inspection,
            commands.create,
            source=wire.word(pb.Source, request.source),
            source_ref=request.source_ref,
            title=request.title,
            enterprise_id=wire.uuid(request.enterprise_id, "enterprise_id"),
            category=request.category,
            covert=request.covert,
            frequency_override=request.frequency_override,
            org_id=request.org_id,
            identity=self.identity,
            enterprises=self.enterprises,
            limits=self.limits,
        )

    async def AssignOfficers(self, request: pb.AssignOfficersRequest, context: Any) -> pb.Inspection:
        return await self.calls.once(
            request,
            context,
            pb.Inspection,
            commands.assign,
            inspection_id=wire.uuid(request.id),
            version=request.version,
            officer_ids=list(request.officer_ids),
            lead_id=request.lead_id,
            identity=self.identity,
        )

    async def ReplaceOfficer(self, request: pb.ReplaceOfficerRequest, context: Any) -> pb.Inspection:
        return await self.calls.once(
            request,
            context,
            pb.Inspection,
            commands.replace_officer,
            inspection_id=wire.uuid(request.id),
            version=request.version,
            officer_id=request.officer_id,
            by_officer_id=request.by_officer_id,
            lead_id=request.lead_id,
            ground=request.ground,
            reason=request.reason,
            identity=self.identity,
        )

    async def SubmitScheme(self, request: pb.SubmitSchemeRequest, context: Any) -> pb.Inspection:
        return await self.calls.once(
            request,
            context,
            pb.Inspection,
            commands.submit_scheme,
            inspection_id=wire.uuid(request.id),
            version=request.version,
            window_from=wire.instant(request.window_from),
            window_to=wire.instant(request.window_to),
            content=request.content,
            method=request.method,
            check_item_ids=list(request.check_item_ids),
            remarks=request.remarks,
            lawbook=self.lawbook,
        )

    async def ApproveScheme(self, request: pb.ApproveSchemeRequest, context: Any) -> pb.Inspection:
        return await self.calls.once(
            request,
            context,
            pb.Inspection,
            commands.approve_scheme,
            inspection_id=wire.uuid(request.id),
            version=request.version,
            document_id=wire.uuid(request.document_id, "document_id"),
            documents=self.documents,
        )

    async def ArriveUrgently(self, request: pb.ArriveUrgentlyRequest, context: Any) -> pb.Inspection:
        return await self.calls.once(
            request,
            context,
            pb.Inspection,
            commands.arrive_urgently,
            inspection_id=wire.uuid(request.id),
            version=request.version,
            reason=request.reason,
            approved_by=request.approved_by,
            approved_at=wire.instant(request.approved_at),
            device_id=request.device_id,
            recording=request.recording,
            position=_position(request),
            identity=self.identity,
            limits=self.limits,
        )

    async def ArriveOnSite(self, request: pb.ArriveOnSiteRequest, context: Any) -> types_pb2.Proposal:
        return await self.calls.propose(
            request,
            context,
            self.arrive,
            inspection_id=wire.uuid(request.id),
            version=request.version,
            device_id=request.device_id,
            recording=request.recording,
            certificates_shown=request.certificates_shown,
            notified_before=request.notified_before,
            position=_position(request),
        )

    async def AnswerItem(self, request: pb.AnswerItemRequest, context: Any) -> pb.Inspection:
        return await self.calls.once(
            request,
            context,
            pb.Inspection,
            self.answer_item,
            inspection_id=wire.uuid(request.id),
            version=request.version,
            check_item_id=request.check_item_id,
            answer=wire.word(pb.Answer, request.answer),
            note=request.note,
            slots=dict(request.slots),
            place=request.place,
            photo_ids=list(request.photo_ids),
            persons=request.persons,
            lawbook=self.lawbook,
        )

    async def ObstructInspection(self, request: pb.ObstructInspectionRequest, context: Any) -> pb.Inspection:
        return await self.calls.once(
            request,
            context,
            pb.Inspection,
            self.obstruct,
            inspection_id=wire.uuid(request.id),
            version=request.version,
            reason=request.reason,
            warning_given=request.warning_given,
            recording=request.recording,
            evidence_ids=list(request.evidence_ids),
            police_called_at=wire.instant(request.police_called_at),
            document_id=wire.uuid_or_none(request.document_id, "document_id"),
            documents=self.documents,
        )

    async def SignRecord(self, request: pb.SignRecordRequest, context: Any) -> pb.Inspection:
        return await self.calls.once(
            request,
            context,
            pb.Inspection,
            commands.sign_record,
            inspection_id=wire.uuid(request.id),
            version=request.version,
            document_id=wire.uuid(request.document_id, "document_id"),
            documents=self.documents,
            identity=self.identity,
        )

    async def SupplementRecord(self, request: pb.SupplementRecordRequest, context: Any) -> pb.Inspection:
        return await self.calls.once(
            request,
            context,
            pb.Inspection,
            commands.supplement_record,
            inspection_id=wire.uuid(request.id),
            version=request.version,
            document_id=wire.uuid(request.document_id, "document_id"),
            reason=request.reason,
            documents=self.documents,
            identity=self.identity,
        )

    async def ReferInspection(self, request: pb.ReferInspectionRequest, context: Any) -> pb.Inspection:
        return await self.calls.once(
            request,
            context,
            pb.Inspection,
            commands.refer,
            inspection_id=wire.uuid(request.id),
            version=request.version,
            department=request.department,
            document_id=wire.uuid(request.document_id, "document_id"),
            reason=request.reason,
            documents=self.documents,
        )

    async def AcceptReferral(self, request: pb.AcceptReferralRequest, context: Any) -> pb.Inspection:
        return await self.calls.once(
            request,
            context,
            pb.Inspection,
            self.accept_referral,
            inspection_id=wire.uuid(request.id),
            version=request.version,
            receipt_evidence_id=request.receipt_evidence_id,
        )

    async def MoveInspection(self, request: pb.MoveInspectionRequest, context: Any) -> pb.Inspection:
        return await self.calls.once(
            request,
            context,
            pb.Inspection,
            commands.move,
            inspection_id=wire.uuid(request.id),
            version=request.version,
            move=request.move,
            reason=request.reason,
        )

    async def ConfirmMove(self, request: types_pb2.ConfirmMoveRequest, context: Any) -> pb.InspectionFile:
        return await self.calls.confirm(request, context, pb.InspectionFile, self.confirmed)

    async def GetInspection(self, request: pb.GetInspectionRequest, context: Any) -> pb.InspectionFile:
        return await self.calls.read(request, context, pb.InspectionFile, queries.file, inspection_id=wire.uuid(request.id))

    async def ListInspections(self, request: pb.ListInspectionsRequest, context: Any) -> pb.ListInspectionsResponse:
        return await self.calls.read(
            request,
            context,
            pb.ListInspectionsResponse,
            queries.tasks,
            size=request.page_size,
            token=request.page_token,
            state=wire.word(pb.Inspection.State, request.state),
            enterprise_id=wire.uuid_or_none(request.enterprise_id, "enterprise_id"),
            officer_id=request.officer_id,
            source=wire.word(pb.Source, request.source),
            created_from=wire.day(request.created_from_on, "created_from_on"),
            created_to=wire.day(request.created_to_on, "created_to_on"),
        )

    async def GetFindings(self, request: pb.GetFindingsRequest, context: Any) -> pb.GetFindingsResponse:
        return await self.calls.read(request, context, pb.GetFindingsResponse, queries.findings, ids=wire.uuids(request.ids))

    async def ListMoves(self, request: types_pb2.ListMovesRequest, context: Any) -> types_pb2.ListMovesResponse:
        return await self.calls.moves(request, context, queries.machines, inspection_id=wire.uuid(request.id))

    async def ListHistory(self, request: types_pb2.ListHistoryRequest, context: Any) -> types_pb2.ListHistoryResponse:
        return await self.calls.history(request, context, queries.machine, id=wire.uuid(request.id))


def _position(request: pb.ArriveOnSiteRequest | pb.ArriveUrgentlyRequest) -> dict[str, float] | None:
    if not request.HasField("position"):
        return None
    found = request.position
    return {"latitude": found.latitude, "longitude": found.longitude, "accuracy_m": found.accuracy_m}

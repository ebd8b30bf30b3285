"""The gRPC servicer of the authority: one statement per RPC."""

from functools import partial
from typing import Any

from anzhi.criminal_transfer.v1 import criminal_transfer_pb2 as pb
from anzhi.criminal_transfer.v1.criminal_transfer_pb2_grpc import CriminalTransferServiceServicer
from anzhi.type.v1 import types_pb2
from servicekit import wire
from servicekit.calls import Calls, Command

from criminal_transfer.adapters.following_api import FollowingApi
from criminal_transfer.application import commands, following, queries
from criminal_transfer.application.ports import Ports


class CriminalTransferApi(FollowingApi, CriminalTransferServiceServicer):
    def __init__(self, calls: Calls, ports: Ports) -> None:
        super().__init__(calls, ports)
        self.confirmed: dict[str, Command] = {
            "submit_report": partial(commands.submit_report, ports),
            "close_unfounded": commands.close_unfounded,
            "deliver": partial(commands.deliver, ports),
            "prepare_materials": following.prepare_materials,
        }

    async def OpenTransfer(self, request: pb.OpenTransferRequest, context: Any) -> pb.Transfer:
        return await self.calls.once(
            request,
            context,
            pb.Transfer,
            partial(commands.open_transfer, self.ports),
            case_id=request.case_id,
            inspection_id=request.inspection_id,
            text=request.facts,
            offences=list(request.offences),
            suspects=list(request.suspects),
        )

    async def NameTaskForce(self, request: pb.NameTaskForceRequest, context: Any) -> pb.Transfer:
        return await self.calls.once(
            request,
            context,
            pb.Transfer,
            partial(commands.name_task_force, self.ports),
            id=wire.uuid(request.id),
            version=request.version,
            officer_ids=list(request.officer_ids),
            lead_id=request.lead_id,
        )

    async def StartVerification(self, request: pb.StartVerificationRequest, context: Any) -> pb.Transfer:
        return await self.calls.once(
            request,
            context,
            pb.Transfer,
            partial(commands.start_verification, self.ports),
            id=wire.uuid(request.id),
            version=request.version,
            note=request.note,
        )

    async def RaiseRecusal(self, request: pb.RaiseRecusalRequest, context: Any) -> pb.Transfer:
        return await self.calls.once(
            request,
            context,
            pb.Transfer,
            commands.raise_recusal,
            id=wire.uuid(request.id),
            version=request.version,
            officer_id=request.officer_id,
            ground=request.ground,
            reason=request.reason,
        )

    async def DecideRecusal(self, request: pb.DecideRecusalRequest, context: Any) -> pb.Transfer:
        return await self.calls.once(
            request,
            context,
            pb.Transfer,
            commands.decide_recusal,
            id=wire.uuid(request.id),
            version=request.version,
            officer_id=request.officer_id,
            accepted=request.accepted,
            reason=request.reason,
        )

    async def ReplaceOfficer(self, request: pb.ReplaceOfficerRequest, context: Any) -> pb.Transfer:
        return await self.calls.once(
            request,
            context,
            pb.Transfer,
            partial(commands.replace_officer, self.ports),
            id=wire.uuid(request.id),
            version=request.version,
            officer_id=request.officer_id,
            by_officer_id=request.by_officer_id,
        )

    async def SubmitReport(self, request: pb.SubmitReportRequest, context: Any) -> types_pb2.Proposal:
        return await self.calls.propose(
            request,
            context,
            partial(commands.submit_report, self.ports),
            id=wire.uuid(request.id),
            version=request.version,
            transfer=request.transfer,
            text=request.text,
            elements=[
                {"offence": one.offence, "text": one.text, "met": one.met, "evidence_ids": list(one.evidence_ids)}
                for one in request.elements
            ],
            document_id=request.document_id,
        )

    async def CloseUnfounded(self, request: pb.CloseUnfoundedRequest, context: Any) -> types_pb2.Proposal:
        return await self.calls.propose(
            request, context, commands.close_unfounded, id=wire.uuid(request.id), version=request.version, reason=request.reason
        )

    async def ReviewTransfer(self, request: pb.ReviewTransferRequest, context: Any) -> pb.Transfer:
        return await self.calls.once(
            request,
            context,
            pb.Transfer,
            commands.review,
            id=wire.uuid(request.id),
            version=request.version,
            passed=request.passed,
            text=request.text,
        )

    async def ReturnTransfer(self, request: pb.ReturnTransferRequest, context: Any) -> pb.Transfer:
        return await self.calls.once(
            request,
            context,
            pb.Transfer,
            partial(commands.return_report, self.ports),
            id=wire.uuid(request.id),
            version=request.version,
            text=request.text,
            gaps=list(request.gaps),
        )

    async def HandReport(self, request: pb.HandReportRequest, context: Any) -> pb.Transfer:
        return await self.calls.once(
            request,
            context,
            pb.Transfer,
            commands.hand_report,
            id=wire.uuid(request.id),
            version=request.version,
            received_by=request.received_by,
            received_at=wire.instant(request.received_at),
        )

    async def ApproveTransfer(self, request: pb.ApproveTransferRequest, context: Any) -> pb.Transfer:
        return await self.calls.once(
            request,
            context,
            pb.Transfer,
            partial(commands.approve, self.ports),
            id=wire.uuid(request.id),
            version=request.version,
            document_id=request.document_id,
            opinion=request.opinion,
            late_reason=request.late_reason,
        )

    async def RefuseTransfer(self, request: pb.RefuseTransferRequest, context: Any) -> pb.Transfer:
        return await self.calls.once(
            request,
            context,
            pb.Transfer,
            partial(commands.refuse, self.ports),
            id=wire.uuid(request.id),
            version=request.version,
            reason=request.reason,
            document_id=request.document_id,
            late_reason=request.late_reason,
        )

    async def ReopenTransfer(self, request: pb.ReopenTransferRequest, context: Any) -> pb.Transfer:
        return await self.calls.once(
            request,
            context,
            pb.Transfer,
            partial(commands.reopen, self.ports),
            id=wire.uuid(request.id),
            version=request.version,
            reason=request.reason,
        )

    async def PreparePackage(self, request: pb.PreparePackageRequest, context: Any) -> pb.Transfer:
        return await self.calls.once(
            request,
            context,
            pb.Transfer,
            partial(commands.prepare_package, self.ports),
            id=wire.uuid(request.id),
            version=request.version,
            document_ids=list(request.document_ids),
        )

    async def DeliverTransfer(self, request: pb.DeliverTransferRequest, context: Any) -> types_pb2.Proposal:
        return await self.calls.propose(
            request,
            context,
            partial(commands.deliver, self.ports),
            id=wire.uuid(request.id),
            version=request.version,
            opinion_evidence_ids=list(request.opinion_evidence_ids),
            evidence_ids=list(request.evidence_ids),
            appraisal_commissioned=request.appraisal_commissioned,
            original_media=request.original_media,
            refusal=request.refusal,
            withheld=[{"what": one.what, "why": one.why} for one in request.withheld],
        )

    async def ConfirmMove(self, request: types_pb2.ConfirmMoveRequest, context: Any) -> pb.Transfer:
        return await self.calls.confirm(request, context, pb.Transfer, self.confirmed)

    async def GetTransfer(self, request: pb.GetTransferRequest, context: Any) -> pb.Transfer:
        return await self.calls.read(request, context, pb.Transfer, queries.transfer, id=wire.uuid(request.id))

    async def ListTransfers(self, request: pb.ListTransfersRequest, context: Any) -> pb.ListTransfersResponse:
        return await self.calls.read(
            request,
            context,
            pb.ListTransfersResponse,
            queries.transfers,
            size=request.page_size,
            token=request.page_token,
            state=wire.word(pb.Transfer.State, request.state),
            case_id=request.case_id,
            inspection_id=request.inspection_id,
            enterprise_id=request.enterprise_id,
        )

    async def ListMoves(self, request: types_pb2.ListMovesRequest, context: Any) -> types_pb2.ListMovesResponse:
        return await self.calls.moves(request, context, queries.transfer, id=wire.uuid(request.id))

    async def ListHistory(self, request: types_pb2.ListHistoryRequest, context: Any) -> types_pb2.ListHistoryResponse:
        return await self.calls.history(request, context, queries.machine, id=wire.uuid(request.id))

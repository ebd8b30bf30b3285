"""What follows the hand-over, as RPCs of the authority: one statement each."""

from functools import partial
from typing import Any

from anzhi.criminal_transfer.v1 import criminal_transfer_pb2 as pb
from anzhi.type.v1 import types_pb2
from servicekit import wire
from servicekit.calls import Calls

from criminal_transfer.application import following
from criminal_transfer.application.ports import Ports


class FollowingApi:
    def __init__(self, calls: Calls, ports: Ports) -> None:
        self.calls, self.ports = calls, ports

    async def SupplementTransfer(self, request: pb.SupplementTransferRequest, context: Any) -> pb.Transfer:
        return await self.calls.once(
            request,
            context,
            pb.Transfer,
            following.supplement,
            id=wire.uuid(request.id),
            version=request.version,
            list_=request.listing,
            evidence_ids=list(request.evidence_ids),
        )

    async def RemindPolice(self, request: pb.RemindPoliceRequest, context: Any) -> pb.Transfer:
        return await self.calls.once(
            request,
            context,
            pb.Transfer,
            following.remind,
            id=wire.uuid(request.id),
            version=request.version,
            text=request.text,
            number=request.number,
        )

    async def SuggestSupervision(self, request: pb.SuggestSupervisionRequest, context: Any) -> pb.Transfer:
        return await self.calls.once(
            request,
            context,
            pb.Transfer,
            partial(following.suggest_supervision, self.ports),
            id=wire.uuid(request.id),
            version=request.version,
            document_id=request.document_id,
            reason=request.reason,
            refusal=request.refusal,
            superior_told=request.superior_told,
            late_reason=request.late_reason,
        )

    async def AskReconsideration(self, request: pb.AskReconsiderationRequest, context: Any) -> pb.Transfer:
        return await self.calls.once(
            request,
            context,
            pb.Transfer,
            partial(following.ask_reconsideration, self.ports),
            id=wire.uuid(request.id),
            version=request.version,
            document_id=request.document_id,
            reason=request.reason,
            late_reason=request.late_reason,
        )

    async def AcceptNonFiling(self, request: pb.AcceptNonFilingRequest, context: Any) -> pb.Transfer:
        return await self.calls.once(
            request,
            context,
            pb.Transfer,
            following.accept_non_filing,
            id=wire.uuid(request.id),
            version=request.version,
            reason=request.reason,
        )

    async def PrepareMaterials(self, request: pb.PrepareMaterialsRequest, context: Any) -> types_pb2.Proposal:
        return await self.calls.propose(
            request,
            context,
            following.prepare_materials,
            id=wire.uuid(request.id),
            version=request.version,
            evidence_ids=list(request.evidence_ids),
            measure_ids=list(request.measure_ids),
            note=request.note,
            party_told=request.party_told,
        )

    async def CloseTransfer(self, request: pb.CloseTransferRequest, context: Any) -> pb.Transfer:
        return await self.calls.once(
            request,
            context,
            pb.Transfer,
            following.close,
            id=wire.uuid(request.id),
            version=request.version,
            admin_result=request.admin_result,
            reply_number=request.reply_number,
            reply_text=request.reply_text,
        )

    async def RecordOfficialClue(self, request: pb.RecordOfficialClueRequest, context: Any) -> pb.OfficialClue:
        return await self.calls.once(
            request,
            context,
            pb.OfficialClue,
            following.record_clue,
            id=wire.uuid(request.id),
            version=request.version,
            receiver=request.receiver,
            text=request.facts,
            letter_number=request.letter_number,
            sent_on=request.sent_on,
        )

    async def ListOfficialClues(self, request: pb.ListOfficialCluesRequest, context: Any) -> pb.ListOfficialCluesResponse:
        return await self.calls.read(request, context, pb.ListOfficialCluesResponse, following.clues, id=wire.uuid(request.id))

"""The gRPC servicer: one statement per RPC."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from anzhi.evidence.v1 import evidence_pb2 as pb
from anzhi.evidence.v1.evidence_pb2_grpc import EvidenceServiceServicer
from anzhi.type.v1 import types_pb2
from kernel.moves import Facts
from servicekit import wire
from servicekit.calls import Calls

from evidence.adapters.objects import sm3
from evidence.adapters.store import Store
from evidence.application import commands, queries
from evidence.application.ports import Outside
from evidence.domain.item import Description
from evidence.domain.states import Kind


class EvidenceApi(EvidenceServiceServicer):
    def __init__(self, calls: Calls, outside: Outside) -> None:
        self.calls, self.outside = calls, outside

    async def AnnounceUpload(self, request: pb.AnnounceUploadRequest, context: Any) -> pb.Upload:
        return await self.calls.once(
            request,
            context,
            pb.Upload,
            commands.announce_upload,
            outside=self.outside,
            now=datetime.now(UTC),
            object_kind=request.object_kind,
            object_id=wire.uuid(request.object_id, "object_id"),
            title=request.title,
            sha256=request.sha256,
            size=request.size,
            media_type=request.media_type,
            captured_at=wire.instant(request.captured_at),
            place=request.place,
            device_id=request.device_id,
            device_clock_offset_ms=request.device_clock_offset_ms,
        )

    async def ConfirmUpload(self, request: pb.ConfirmUploadRequest, context: Any) -> pb.EvidenceItem:
        return await self.calls.once(
            request,
            context,
            pb.EvidenceItem,
            commands.confirm_upload,
            outside=self.outside,
            digest=sm3,
            upload_id=wire.uuid(request.id),
        )

    async def CaptureQuery(self, request: pb.CaptureQueryRequest, context: Any) -> pb.EvidenceItem:
        person = {"holder_id_number": request.holder_id_number, "holder_name": request.holder_name, "item": request.item}
        terms = {**(wire.plain(request.terms) if request.HasField("terms") else person), "on": request.on}
        return await self.calls.once(
            request,
            context,
            pb.EvidenceItem,
            commands.capture_query,
            outside=self.outside,
            digest=sm3,
            object_kind=request.object_kind,
            object_id=wire.uuid(request.object_id, "object_id"),
            title=request.title,
            register=request.register,
            terms=terms,
        )

    async def CaptureDocument(self, request: pb.CaptureDocumentRequest, context: Any) -> pb.EvidenceItem:
        return await self.calls.once(
            request,
            context,
            pb.EvidenceItem,
            commands.capture_document,
            outside=self.outside,
            digest=sm3,
            object_kind=request.object_kind,
            object_id=wire.uuid(request.object_id, "object_id"),
            title=request.title,
            document_id=request.document_id,
        )

    async def RegisterEvidence(self, request: pb.RegisterEvidenceRequest, context: Any) -> pb.EvidenceItem:
        kind = wire.word(pb.EvidenceItem.Kind, request.kind)
        description = Description(
            kind=Kind(kind) if kind else None,
            source=request.source,
            place=request.place,
            holder=request.holder,
            fact=request.fact,
            is_copy=request.is_copy,
            copy_checked_by=request.copy_checked_by,
        )
        return await self._once(request, context, commands.register, description=description)

    async def StoreEvidence(self, request: pb.StoreEvidenceRequest, context: Any) -> pb.EvidenceItem:
        return await self._once(request, context, commands.store, digest=sm3, seal_no=request.seal_no, place=request.place)

    async def ChallengeEvidence(self, request: pb.ChallengeEvidenceRequest, context: Any) -> pb.EvidenceItem:
        return await self._once(request, context, commands.challenge, reason=request.reason)

    async def ExplainEvidence(self, request: pb.ExplainEvidenceRequest, context: Any) -> pb.EvidenceItem:
        return await self._once(request, context, commands.explain, reason=request.reason)

    async def AdmitEvidence(self, request: pb.AdmitEvidenceRequest, context: Any) -> pb.EvidenceItem:
        return await self._once(request, context, commands.admit, outside=self.outside, opinion=request.opinion)

    async def ExcludeEvidence(self, request: pb.ExcludeEvidenceRequest, context: Any) -> pb.EvidenceItem:
        return await self._once(request, context, commands.exclude, reason=request.reason)

    async def LinkEvidence(self, request: pb.LinkEvidenceRequest, context: Any) -> pb.LinkEvidenceResponse:
        return await self.calls.once(
            request,
            context,
            pb.LinkEvidenceResponse,
            commands.link,
            outside=self.outside,
            case_id=wire.uuid(request.case_id, "case_id"),
            item_ids=wire.uuids(request.evidence_ids, "evidence_ids"),
        )

    async def VerifyEvidence(self, request: pb.VerifyEvidenceRequest, context: Any) -> pb.VerifyEvidenceResponse:
        async def verify(uow: Store, *, facts: Facts) -> dict[str, Any]:
            items = await queries.named(
                uow,
                item_id=wire.uuid_or_none(request.id),
                object_kind=request.object_kind,
                object_id=wire.uuid_or_none(request.object_id, "object_id"),
            )
            return await commands.verify(uow, facts=facts, outside=self.outside, items=items)

        return await self.calls.once(request, context, pb.VerifyEvidenceResponse, verify)

    async def GetEvidence(self, request: pb.GetEvidenceRequest, context: Any) -> pb.EvidenceItem:
        return await self.calls.read(request, context, pb.EvidenceItem, queries.item, item_id=wire.uuid(request.id))

    async def ListEvidence(self, request: pb.ListEvidenceRequest, context: Any) -> pb.ListEvidenceResponse:
        return await self.calls.read(
            request,
            context,
            pb.ListEvidenceResponse,
            queries.items,
            object_kind=request.object_kind,
            object_id=wire.uuid(request.object_id, "object_id"),
        )

    async def GetEvidenceFile(self, request: pb.GetEvidenceFileRequest, context: Any) -> pb.EvidenceFile:
        return await self.calls.read(
            request, context, pb.EvidenceFile, partial(queries.file, outside=self.outside), item_id=wire.uuid(request.id)
        )

    async def ListCustody(self, request: pb.ListCustodyRequest, context: Any) -> pb.ListCustodyResponse:
        return await self.calls.read(
            request, context, pb.ListCustodyResponse, partial(queries.custody, digest=sm3), item_id=wire.uuid(request.id)
        )

    async def ListMoves(self, request: types_pb2.ListMovesRequest, context: Any) -> types_pb2.ListMovesResponse:
        return await self.calls.moves(request, context, queries.item, item_id=wire.uuid(request.id))

    async def ListHistory(self, request: types_pb2.ListHistoryRequest, context: Any) -> types_pb2.ListHistoryResponse:
        return await self.calls.history(request, context, queries.item, item_id=wire.uuid(request.id))

    async def _once(self, request: Any, context: Any, command: Any, **given: Any) -> pb.EvidenceItem:
        return await self.calls.once(
            request, context, pb.EvidenceItem, command, item_id=wire.uuid(request.id), version=request.version, **given
        )

"""The gRPC servicer: one statement per RPC."""

from functools import partial
from typing import Any
from uuid import UUID

from anzhi.documents.v1 import documents_pb2 as pb
from anzhi.documents.v1.documents_pb2_grpc import DocumentsServiceServicer
from anzhi.type.v1 import types_pb2
from servicekit import wire
from servicekit.calls import Calls

from documents.application import drafting, queries, releasing, serving
from documents.application.ports import Outside


def _mode(number: int, field: str = "mode") -> str:
    return wire.needed(wire.word(pb.Delivery.Mode, number), field)


def _link(link: pb.Link) -> tuple[str, UUID]:
    return wire.needed(wire.word(pb.Link.Kind, link.kind), "links.kind"), wire.uuid(link.document_id, "links.document_id")


class DocumentsApi(DocumentsServiceServicer):
    def __init__(self, calls: Calls, outside: Outside) -> None:
        self.calls, self.outside = calls, outside

    async def ListForms(self, request: pb.ListFormsRequest, context: Any) -> pb.ListFormsResponse:
        return await self.calls.read(request, context, pb.ListFormsResponse, queries.forms_on, on=wire.day(request.on))

    async def CreateDraft(self, request: pb.CreateDraftRequest, context: Any) -> pb.Document:
        return await self.calls.once(
            request,
            context,
            pb.Document,
            drafting.create_draft,
            outside=self.outside,
            form=request.form,
            object_kind=request.object_kind,
            object_id=wire.uuid(request.object_id, "object_id"),
            content=wire.plain(request.content),
            links=[_link(link) for link in request.links],
        )

    async def UpdateDraft(self, request: pb.UpdateDraftRequest, context: Any) -> pb.Document:
        return await self.calls.once(
            request,
            context,
            pb.Document,
            drafting.update_draft,
            outside=self.outside,
            document_id=wire.uuid(request.id),
            version=request.version,
            content=wire.plain(request.content),
        )

    async def FreezeBody(self, request: pb.FreezeBodyRequest, context: Any) -> pb.Document:
        return await self.calls.once(
            request,
            context,
            pb.Document,
            drafting.freeze_body,
            outside=self.outside,
            document_id=wire.uuid(request.id),
            version=request.version,
        )

    async def SubmitDocument(self, request: pb.SubmitDocumentRequest, context: Any) -> pb.Document:
        return await self.calls.once(
            request,
            context,
            pb.Document,
            drafting.submit,
            outside=self.outside,
            document_id=wire.uuid(request.id),
            version=request.version,
        )

    async def ReturnDocument(self, request: pb.ReturnDocumentRequest, context: Any) -> pb.Document:
        return await self.calls.once(
            request,
            context,
            pb.Document,
            drafting.send_back,
            outside=self.outside,
            document_id=wire.uuid(request.id),
            version=request.version,
            reason=request.reason,
        )

    async def SignDocument(self, request: pb.SignDocumentRequest, context: Any) -> pb.Document:
        return await self.calls.once(
            request,
            context,
            pb.Document,
            drafting.sign,
            outside=self.outside,
            document_id=wire.uuid(request.id),
            capacity=wire.needed(wire.word(pb.Signature.Capacity, request.capacity), "capacity"),
            method=wire.needed(wire.word(pb.Signature.Method, request.method), "method"),
            signer_name=request.signer_name,
            body_digest=request.body_digest,
            stroke_evidence_id=request.stroke_evidence_id,
            device_id=request.device_id,
            place=request.place,
            opinion=request.opinion,
        )

    async def CheckContent(self, request: pb.CheckContentRequest, context: Any) -> pb.CheckContentResponse:
        return await self.calls.read(
            request,
            context,
            pb.CheckContentResponse,
            queries.check,
            outside=self.outside,
            document_id=wire.uuid(request.document_id, "document_id"),
            capacities=list(request.capacities),
        )

    async def ServeDocument(self, request: pb.ServeDocumentRequest, context: Any) -> pb.Document:
        return await self.calls.once(
            request,
            context,
            pb.Document,
            serving.serve,
            outside=self.outside,
            document_id=wire.uuid(request.id),
            version=request.version,
            mode=_mode(request.mode),
            recipient=request.recipient,
            address=request.address,
        )

    async def RecordDelivery(self, request: pb.RecordDeliveryRequest, context: Any) -> pb.Document:
        return await self.calls.once(
            request,
            context,
            pb.Document,
            serving.record_delivery,
            outside=self.outside,
            document_id=wire.uuid(request.id),
            version=request.version,
            receiver=request.receiver,
            receiver_post=request.receiver_post,
            place=request.place,
            delivered_at=wire.instant(request.delivered_at),
            proof_evidence_ids=list(request.proof_evidence_ids),
            second_server_id=request.second_server_id,
        )

    async def NoteRefusal(self, request: pb.NoteRefusalRequest, context: Any) -> pb.Document:
        return await self.calls.once(
            request,
            context,
            pb.Document,
            serving.note_refusal,
            outside=self.outside,
            document_id=wire.uuid(request.id),
            version=request.version,
            reason=request.reason,
            witness=request.witness,
            place=request.place,
            delivered_at=wire.instant(request.delivered_at),
            proof_evidence_ids=list(request.proof_evidence_ids),
            second_server_id=request.second_server_id,
        )

    async def FailDelivery(self, request: pb.FailDeliveryRequest, context: Any) -> pb.Document:
        return await self.calls.once(
            request,
            context,
            pb.Document,
            serving.fail_delivery,
            outside=self.outside,
            document_id=wire.uuid(request.id),
            version=request.version,
            reason=request.reason,
            next_mode=_mode(request.next_mode, "next_mode"),
            recipient=request.recipient,
            address=request.address,
        )

    async def VoidDocument(self, request: pb.VoidDocumentRequest, context: Any) -> types_pb2.Proposal:
        return await self.calls.propose(
            request,
            context,
            partial(releasing.void, outside=self.outside),
            document_id=wire.uuid(request.id),
            version=request.version,
            reason=request.reason,
        )

    async def VoidSealedDocument(self, request: pb.VoidDocumentRequest, context: Any) -> pb.Document:
        return await self.calls.once(
            request,
            context,
            pb.Document,
            releasing.void,
            outside=self.outside,
            document_id=wire.uuid(request.id),
            version=request.version,
            reason=request.reason,
        )

    async def SupersedeDocument(self, request: pb.SupersedeDocumentRequest, context: Any) -> pb.Document:
        return await self.calls.once(
            request,
            context,
            pb.Document,
            releasing.supersede,
            outside=self.outside,
            document_id=wire.uuid(request.id),
            version=request.version,
            by_document_id=wire.uuid(request.by_document_id, "by_document_id"),
            reason=request.reason,
        )

    async def ConfirmMove(self, request: types_pb2.ConfirmMoveRequest, context: Any) -> pb.Document:
        return await self.calls.confirm(request, context, pb.Document, {"void": partial(releasing.void, outside=self.outside)})

    async def GetDocument(self, request: pb.GetDocumentRequest, context: Any) -> pb.Document:
        return await self.calls.read(request, context, pb.Document, queries.document, outside=self.outside, id=wire.uuid(request.id))

    async def ListDocuments(self, request: pb.ListDocumentsRequest, context: Any) -> pb.ListDocumentsResponse:
        return await self.calls.read(
            request,
            context,
            pb.ListDocumentsResponse,
            queries.documents,
            outside=self.outside,
            object_kind=request.object_kind,
            object_id=wire.uuid_or_none(request.object_id, "object_id"),
            matter_id=wire.uuid_or_none(request.matter_id, "matter_id"),
            form=request.form,
            state=wire.word(pb.Document.State, request.state),
            size=request.page_size,
            token=request.page_token,
        )

    async def GetDocumentFile(self, request: pb.GetDocumentFileRequest, context: Any) -> pb.DocumentFile:
        return await self.calls.read(request, context, pb.DocumentFile, queries.file, outside=self.outside, id=wire.uuid(request.id))

    async def VerifyDocument(self, request: pb.VerifyDocumentRequest, context: Any) -> pb.VerifyDocumentResponse:
        # Whoever holds the paper may ask, from anywhere: the answer has nothing that is not printed on it.
        return await self.calls.read(
            request,
            context,
            pb.VerifyDocumentResponse,
            queries.verify,
            scope="/",
            id=wire.uuid(request.id),
            digest=request.digest,
            file_sha256=request.file_sha256,
        )

    async def ListNumbers(self, request: pb.ListNumbersRequest, context: Any) -> pb.ListNumbersResponse:
        return await self.calls.read(
            request,
            context,
            pb.ListNumbersResponse,
            queries.numbers,
            issuer_id=request.issuer_id,
            letter_code=request.letter_code,
            year=request.year,
            size=request.page_size,
            token=request.page_token,
        )

    async def ListMoves(self, request: types_pb2.ListMovesRequest, context: Any) -> types_pb2.ListMovesResponse:
        return await self.calls.moves(request, context, queries.machine, id=wire.uuid(request.id))

    async def ListHistory(self, request: types_pb2.ListHistoryRequest, context: Any) -> types_pb2.ListHistoryResponse:
        return await self.calls.history(request, context, queries.machine, id=wire.uuid(request.id))

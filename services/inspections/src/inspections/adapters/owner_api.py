"""What the service of documents asks of the owner of a task."""

from typing import Any

from anzhi.documents.v1 import documents_pb2 as pb
from anzhi.documents.v1.documents_pb2_grpc import DocumentOwnerServiceServicer
from servicekit import wire

from inspections.adapters.outside import Ports
from inspections.application import forms


class DocumentOwnerApi(Ports, DocumentOwnerServiceServicer):
    async def MayDraft(self, request: pb.MayDraftRequest, context: Any) -> pb.MayDraftResponse:
        return await self.calls.read(
            request,
            context,
            pb.MayDraftResponse,
            forms.may_draft,
            form=request.form,
            object_kind=request.object_kind,
            object_id=wire.uuid(request.object_id, "object_id"),
            identity=self.identity,
            lawbook=self.lawbook,
        )

    async def MayServe(self, request: pb.MayServeRequest, context: Any) -> pb.MayServeResponse:
        return await self.calls.read(
            request,
            context,
            pb.MayServeResponse,
            forms.may_serve,
            form=request.form,
            document_id=wire.uuid(request.document_id, "document_id"),
            object_kind=request.object_kind,
            object_id=wire.uuid(request.object_id, "object_id"),
        )

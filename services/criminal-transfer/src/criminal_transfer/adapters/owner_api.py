"""What documents asks of the owner of a transfer: may this form be drawn up, may it be served."""

from functools import partial
from typing import Any

from anzhi.documents.v1 import documents_pb2
from anzhi.documents.v1.documents_pb2_grpc import DocumentOwnerServiceServicer
from servicekit import wire
from servicekit.calls import Calls

from criminal_transfer.application import forms
from criminal_transfer.application.ports import Ports


class DocumentOwnerApi(DocumentOwnerServiceServicer):
    def __init__(self, calls: Calls, ports: Ports) -> None:
        self.calls, self.ports = calls, ports

    async def MayDraft(self, request: documents_pb2.MayDraftRequest, context: Any) -> documents_pb2.MayDraftResponse:
        return await self.calls.read(
            request,
            context,
            documents_pb2.MayDraftResponse,
            partial(forms.may_draft, self.ports),
            form=request.form,
            object_id=wire.uuid(request.object_id, "object_id"),
        )

    async def MayServe(self, request: documents_pb2.MayServeRequest, context: Any) -> documents_pb2.MayServeResponse:
        return await self.calls.read(
            request,
            context,
            documents_pb2.MayServeResponse,
            forms.may_serve,
            form=request.form,
            document_id=request.document_id,
            object_id=wire.uuid(request.object_id, "object_id"),
        )

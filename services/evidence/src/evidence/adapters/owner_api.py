"""What documents asks of the owner of an item: may this form be drawn up, may it be served."""

from functools import partial
from typing import Any

from anzhi.documents.v1 import documents_pb2
from anzhi.documents.v1.documents_pb2_grpc import DocumentOwnerServiceServicer
from servicekit import wire
from servicekit.calls import Calls

from evidence.application import papers
from evidence.application.ports import Outside


class DocumentOwnerApi(DocumentOwnerServiceServicer):
    def __init__(self, calls: Calls, outside: Outside) -> None:
        self.calls, self.outside = calls, outside

    async def MayDraft(self, request: documents_pb2.MayDraftRequest, context: Any) -> documents_pb2.MayDraftResponse:
        return await self.calls.read(
            request,
            context,
            documents_pb2.MayDraftResponse,
            partial(papers.may_draft, outside=self.outside),
            form=request.form,
            object_id=wire.uuid(request.object_id, "object_id"),
        )

    async def MayServe(self, request: documents_pb2.MayServeRequest, context: Any) -> documents_pb2.MayServeResponse:
        return await self.calls.read(
            request,
            context,
            documents_pb2.MayServeResponse,
            papers.may_serve,
            form=request.form,
            object_id=wire.uuid(request.object_id, "object_id"),
        )

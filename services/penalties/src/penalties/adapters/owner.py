"""What documents asks of the owner of a case: may this form be drawn up, may this document be served."""

from functools import partial
from typing import Any

from anzhi.documents.v1 import documents_pb2
from anzhi.documents.v1.documents_pb2_grpc import DocumentOwnerServiceServicer
from servicekit import wire
from servicekit.calls import Calls

from penalties.application import drafting
from penalties.application.ports import Ports, Uow


class DocumentOwnerApi(DocumentOwnerServiceServicer):
    def __init__(self, calls: Calls, ports: Ports) -> None:
        self.calls, self.ports = calls, ports

    async def MayDraft(self, request: documents_pb2.MayDraftRequest, context: Any) -> documents_pb2.MayDraftResponse:
        return await self.calls.read(
            request,
            context,
            documents_pb2.MayDraftResponse,
            partial(_may_draft, self.ports),
            form=request.form,
            object_kind=request.object_kind,
            object_id=wire.uuid(request.object_id, "object_id"),
        )

    async def MayServe(self, request: documents_pb2.MayServeRequest, context: Any) -> documents_pb2.MayServeResponse:
        return await self.calls.read(
            request,
            context,
            documents_pb2.MayServeResponse,
            drafting.may_serve,
            form=request.form,
            document_id=request.document_id,
            object_id=wire.uuid(request.object_id, "object_id"),
        )


async def _may_draft(ports: Ports, uow: Uow, *, facts: Any, **asked: Any) -> dict[str, Any]:
    found = await drafting.may_draft(ports, uow, facts=facts, **asked)
    return {
        "allowed": found.allowed,
        "reason": found.reason,
        "detail": found.detail,
        "fields": found.fields,
        "org_id": found.org_id,
        "org_path": found.org_path,
        "matter_id": "",
    }

"""The RPCs of orders, recusals and the publicity of results."""

from typing import Any

from anzhi.inspections.v1 import inspections_pb2 as pb
from servicekit import wire

from inspections.adapters.outside import Ports
from inspections.adapters.readers import items, results
from inspections.application import order_commands, recusal_and_publicity


class OrdersApi(Ports):
    async def DraftOrder(self, request: pb.DraftOrderRequest, context: Any) -> pb.RectificationOrder:
        return await self.calls.once(
            request,
            context,
            pb.RectificationOrder,
            order_commands.draft,
            inspection_id=wire.uuid(request.inspection_id, "inspection_id"),
            version=request.version,
            items=items(request.items),
            limits=self.limits,
        )

    async def IssueOrder(self, request: pb.IssueOrderRequest, context: Any) -> pb.RectificationOrder:
        return await self.calls.once(
            request,
            context,
            pb.RectificationOrder,
            order_commands.issue,
            order_id=wire.uuid(request.id),
            version=request.version,
            document_id=wire.uuid(request.document_id, "document_id"),
            documents=self.documents,
            identity=self.identity,
        )

    async def ReportDone(self, request: pb.ReportDoneRequest, context: Any) -> pb.RectificationOrder:
        return await self.calls.once(
            request,
            context,
            pb.RectificationOrder,
            self.report_done,
            order_id=wire.uuid(request.id),
            version=request.version,
            finding_ids=wire.uuids(request.finding_ids, "finding_ids"),
            evidence_id=request.evidence_id,
        )

    async def RequestExtension(self, request: pb.RequestExtensionRequest, context: Any) -> pb.RectificationOrder:
        return await self.calls.once(
            request,
            context,
            pb.RectificationOrder,
            self.request_extension,
            order_id=wire.uuid(request.id),
            version=request.version,
            finding_ids=wire.uuids(request.finding_ids, "finding_ids"),
            reason=request.reason,
            evidence_id=request.evidence_id,
        )

    async def GrantExtension(self, request: pb.GrantExtensionRequest, context: Any) -> pb.RectificationOrder:
        return await self.calls.once(
            request,
            context,
            pb.RectificationOrder,
            order_commands.grant_extension,
            order_id=wire.uuid(request.id),
            version=request.version,
            finding_ids=wire.uuids(request.finding_ids, "finding_ids"),
            due_on=wire.day(request.due_on, "due_on"),
            interim_measures=request.interim_measures,
            document_ids=wire.uuids(request.document_ids, "document_ids"),
            documents=self.documents,
            limits=self.limits,
        )

    async def RefuseExtension(self, request: pb.RefuseExtensionRequest, context: Any) -> pb.RectificationOrder:
        return await self.calls.once(
            request,
            context,
            pb.RectificationOrder,
            order_commands.refuse_extension,
            order_id=wire.uuid(request.id),
            version=request.version,
            finding_ids=wire.uuids(request.finding_ids, "finding_ids"),
            reason=request.reason,
            document_ids=wire.uuids(request.document_ids, "document_ids"),
            documents=self.documents,
        )

    async def RecheckOrder(self, request: pb.RecheckOrderRequest, context: Any) -> pb.RectificationOrder:
        return await self.calls.once(
            request,
            context,
            pb.RectificationOrder,
            self.recheck,
            order_id=wire.uuid(request.id),
            version=request.version,
            results=results(request.results),
            document_id=wire.uuid(request.document_id, "document_id"),
            documents=self.documents,
            identity=self.identity,
        )

    async def ReleaseWithdrawal(self, request: pb.ReleaseWithdrawalRequest, context: Any) -> pb.RectificationOrder:
        return await self.calls.once(
            request,
            context,
            pb.RectificationOrder,
            order_commands.release_withdrawal,
            order_id=wire.uuid(request.id),
            version=request.version,
            document_id=wire.uuid(request.document_id, "document_id"),
            reason=request.reason,
            documents=self.documents,
        )

    async def MoveOrder(self, request: pb.MoveOrderRequest, context: Any) -> pb.RectificationOrder:
        return await self.calls.once(
            request,
            context,
            pb.RectificationOrder,
            order_commands.move,
            order_id=wire.uuid(request.id),
            version=request.version,
            move=request.move,
            reason=request.reason,
        )

    async def RaiseRecusal(self, request: pb.RaiseRecusalRequest, context: Any) -> pb.Recusal:
        return await self.calls.once(
            request,
            context,
            pb.Recusal,
            recusal_and_publicity.raise_recusal,
            inspection_id=wire.uuid(request.inspection_id, "inspection_id"),
            officer_id=request.officer_id,
            raised_by=request.raised_by,
            ground=request.ground,
            reason=request.reason,
        )

    async def DecideRecusal(self, request: pb.DecideRecusalRequest, context: Any) -> pb.Recusal:
        return await self.calls.once(
            request,
            context,
            pb.Recusal,
            recusal_and_publicity.decide_recusal,
            recusal_id=wire.uuid(request.id),
            version=request.version,
            accepted=request.accepted,
            reason=request.reason,
        )

    async def PublishResult(self, request: pb.PublishResultRequest, context: Any) -> pb.PublicityItem:
        return await self.calls.once(
            request,
            context,
            pb.PublicityItem,
            recusal_and_publicity.publish,
            publicity_id=wire.uuid(request.id),
            version=request.version,
            address=request.address,
            summary=request.summary,
        )

    async def MovePublicityItem(self, request: pb.MovePublicityItemRequest, context: Any) -> pb.PublicityItem:
        return await self.calls.once(
            request,
            context,
            pb.PublicityItem,
            recusal_and_publicity.move_publicity,
            publicity_id=wire.uuid(request.id),
            version=request.version,
            move=request.move,
            reason=request.reason,
        )

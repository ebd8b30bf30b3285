"""The simple procedure and cash over gRPC: one statement per RPC."""

from collections.abc import Callable
from functools import partial
from typing import Any

from anzhi.penalties.v1 import penalties_pb2
from anzhi.penalties.v1 import simple_pb2 as pb
from anzhi.penalties.v1.simple_pb2_grpc import SimpleServiceServicer
from anzhi.type.v1 import types_pb2
from servicekit import wire
from servicekit.calls import Calls

from penalties.adapters import reading
from penalties.application import spot
from penalties.application.ports import Ports


class SimpleApi(SimpleServiceServicer):
    def __init__(self, calls: Calls, ports: Ports) -> None:
        self.calls, self.ports = calls, ports

    async def _move(self, request: Any, context: Any, command: Callable[..., Any], /, **given: Any) -> penalties_pb2.Case:
        return await self.calls.once(
            request, context, penalties_pb2.Case, command, id=wire.uuid(request.id), version=request.version, **given
        )

    async def _propose(self, request: Any, context: Any, command: Callable[..., Any], /, **given: Any) -> types_pb2.Proposal:
        return await self.calls.propose(
            request, context, partial(command, self.ports), id=wire.uuid(request.id), version=request.version, **given
        )

    async def DraftSimple(self, request: pb.DraftSimpleRequest, context: Any) -> types_pb2.Proposal:
        return await self._propose(
            request,
            context,
            spot.draft,
            kind=reading.chosen(penalties_pb2.SimpleKind, request.kind, "kind"),
            fine=wire.money(request.fine),
            text=request.facts,
            evidence_ids=list(request.evidence_ids),
            correction_order_ids=list(request.correction_order_ids),
            correction_note=request.correction_note,
        )

    async def HandOverSimple(self, request: pb.HandOverSimpleRequest, context: Any) -> types_pb2.Proposal:
        return await self._propose(
            request,
            context,
            spot.hand_over,
            certificate_shown=request.certificate_shown,
            rights_told=request.rights_told,
            statement=request.statement,
            refused_to_sign=request.refused_to_sign,
            place=request.place,
            document_id=request.document_id,
        )

    async def LeaveSimple(self, request: pb.LeaveSimpleRequest, context: Any) -> types_pb2.Proposal:
        return await self._propose(request, context, spot.leave, reason=request.reason, document_id=request.document_id)

    async def RecordSimple(self, request: pb.RecordSimpleRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(request, context, spot.record, entry=request.entry)

    async def CollectCash(self, request: pb.CollectCashRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(request, context, spot.collect_cash, cash=reading.cash(request))

    async def HandInCash(self, request: pb.HandInCashRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(request, context, spot.hand_in_cash, receipt_number=wire.needed(request.receipt_number, "receipt_number"))

    async def DepositCash(self, request: pb.DepositCashRequest, context: Any) -> penalties_pb2.Case:
        receipt = wire.needed(request.receipt_number, "receipt_number")
        return await self._move(request, context, spot.deposit_cash, receipt_number=receipt, slip=request.slip)

    async def ExecuteSimple(self, request: pb.ExecuteSimpleRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(request, context, spot.execute)

    async def CompleteSimple(self, request: pb.CompleteSimpleRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(request, context, spot.complete)

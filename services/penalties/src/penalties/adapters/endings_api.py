"""Ways around the straight one over gRPC: one statement per RPC."""

from collections.abc import Callable
from functools import partial
from typing import Any

from anzhi.penalties.v1 import endings_pb2 as pb
from anzhi.penalties.v1 import penalties_pb2
from anzhi.penalties.v1.endings_pb2_grpc import EndingsServiceServicer
from anzhi.type.v1 import types_pb2
from servicekit import wire
from servicekit.calls import Calls

from penalties.adapters import reading
from penalties.application import around
from penalties.application.ports import Ports
from penalties.domain.law import PartyKind
from penalties.domain.proceedings import SuspensionGround, TerminationGround


class EndingsApi(EndingsServiceServicer):
    def __init__(self, calls: Calls, ports: Ports) -> None:
        self.calls, self.ports = calls, ports

    async def _move(self, request: Any, context: Any, command: Callable[..., Any], /, **given: Any) -> penalties_pb2.Case:
        return await self.calls.once(
            request,
            context,
            penalties_pb2.Case,
            partial(command, self.ports),
            id=wire.uuid(request.id),
            version=request.version,
            **given,
        )

    async def _propose(self, request: Any, context: Any, command: Callable[..., Any], /, **given: Any) -> types_pb2.Proposal:
        return await self.calls.propose(
            request, context, partial(command, self.ports), id=wire.uuid(request.id), version=request.version, **given
        )

    async def StartUrgently(self, request: pb.StartUrgentlyRequest, context: Any) -> types_pb2.Proposal:
        return await self._propose(request, context, around.start_urgently, reason=request.reason)

    async def FileAfterwards(self, request: pb.FileAfterwardsRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(request, context, around.file_afterwards, document_id=request.document_id)

    async def SuspendCase(self, request: pb.SuspendCaseRequest, context: Any) -> penalties_pb2.Case:
        ground = SuspensionGround(reading.chosen(penalties_pb2.SuspensionGround, request.ground, "ground"))
        return await self._move(request, context, around.suspend, ground=ground, reason=request.reason, document_id=request.document_id)

    async def ResumeCase(self, request: pb.ResumeCaseRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(request, context, around.resume, reason=request.reason, document_id=request.document_id)

    async def ProposeNoPenalty(self, request: pb.ProposeNoPenaltyRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(request, context, around.propose_no_penalty, draft=reading.no_penalty(request))

    async def DecideNoPenalty(self, request: pb.DecideNoPenaltyRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(
            request,
            context,
            around.decide_no_penalty,
            education=request.education,
            document_ids=list(request.document_ids),
            late_reason=request.late_reason,
        )

    async def HandOverCase(self, request: pb.HandOverCaseRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(
            request,
            context,
            around.hand_over,
            receiver=request.receiver,
            accepted_on=request.accepted_on,
            proof_id=request.proof_id,
            reason=request.reason,
            document_ids=list(request.document_ids),
        )

    async def ProposeWithdrawal(self, request: pb.ProposeWithdrawalRequest, context: Any) -> types_pb2.Proposal:
        return await self._propose(request, context, around.withdraw, reason=request.reason, document_id=request.document_id)

    async def ConfirmEnding(self, request: types_pb2.ConfirmMoveRequest, context: Any) -> penalties_pb2.Case:
        confirmed = {"withdraw": partial(around.withdraw, self.ports)}
        return await self.calls.confirm(request, context, penalties_pb2.Case, confirmed)

    async def TerminateCase(self, request: pb.TerminateCaseRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(
            request,
            context,
            around.terminate,
            ground=TerminationGround(reading.chosen(pb.TerminationGround, request.ground, "ground")),
            proof_id=request.proof_id,
            reason=request.reason,
            document_id=request.document_id,
        )

    async def SplitCase(self, request: pb.SplitCaseRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(
            request,
            context,
            around.split,
            reason=request.reason,
            name=request.name,
            party_kind=PartyKind(wire.word(penalties_pb2.PartyKind, request.party_kind) or "UNIT"),
            enterprise_id=request.enterprise_id,
            person=reading.person(request.person),
            act_id=request.act_id,
            branch=request.branch,
            finding_ids=list(request.finding_ids),
            summary=request.summary,
            document_id=request.document_id,
        )

    async def OpenDailyCase(self, request: pb.OpenDailyCaseRequest, context: Any) -> types_pb2.Proposal:
        return await self._propose(
            request,
            context,
            around.open_daily,
            order_id=request.order_id,
            refusal_days=[{"on": day.on, "evidence_ids": list(day.evidence_ids)} for day in request.refusal_days],
            summary=request.summary,
            act_id=wire.needed(request.act_id, "act_id"),
            officer_ids=list(request.officer_ids),
        )

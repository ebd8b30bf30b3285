"""Enforcement over gRPC: one statement per RPC."""

from collections.abc import Callable
from functools import partial
from typing import Any

from anzhi.penalties.v1 import execution_pb2 as pb
from anzhi.penalties.v1 import penalties_pb2
from anzhi.penalties.v1.execution_pb2_grpc import ExecutionServiceServicer
from servicekit import wire
from servicekit.calls import Calls

from penalties.adapters import reading
from penalties.application import enforcing
from penalties.application.ports import Ports
from penalties.domain.account import Instalment
from penalties.domain.enforcement import CourtAct


class ExecutionApi(ExecutionServiceServicer):
    def __init__(self, calls: Calls, ports: Ports) -> None:
        self.calls, self.ports = calls, ports

    async def _move(self, request: Any, context: Any, command: Callable[..., Any], /, **given: Any) -> penalties_pb2.Case:
        return await self.calls.once(
            request, context, penalties_pb2.Case, command, id=wire.uuid(request.id), version=request.version, **given
        )

    async def GrantDeferral(self, request: pb.GrantDeferralRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(
            request,
            context,
            partial(enforcing.grant_deferral, self.ports),
            instalments=[Instalment(part.due_on, wire.money(part.amount)) for part in request.instalments],
            applied_on=wire.needed(request.applied_on, "applied_on"),
            application=request.application_evidence_id,
            hardship=request.hardship,
            document_ids=list(request.document_ids),
        )

    async def ReleaseDemand(self, request: pb.ReleaseDemandRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(request, context, partial(enforcing.release_demand, self.ports), document_id=request.document_id)

    async def RecordDemandAnswer(self, request: pb.RecordDemandAnswerRequest, context: Any) -> penalties_pb2.Case:
        given = {"answer": request.answer, "evidence_id": request.evidence_id, "finding": request.finding}
        return await self._move(request, context, enforcing.record_demand_answer, **given)

    async def ApplyToCourt(self, request: pb.ApplyToCourtRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(
            request,
            context,
            partial(enforcing.apply_to_court, self.ports),
            document_id=request.document_id,
            package=list(request.package_document_ids),
            late_reason=request.late_reason,
            urgent=request.urgent,
        )

    async def RecordCourtNotice(self, request: pb.RecordCourtNoticeRequest, context: Any) -> penalties_pb2.Case:
        paper = enforcing.CourtPaper(
            act=CourtAct(reading.chosen(pb.RecordCourtNoticeRequest.Kind, request.kind, "kind")),
            on=request.on,
            received_on=request.received_on,
            number=request.number,
            reason=request.reason,
            evidence_id=request.evidence_id,
            unlawful=request.unlawful,
            performed=tuple(wire.word(penalties_pb2.PenaltyKind, kind) for kind in request.performed),
        )
        return await self._move(request, context, enforcing.record_court_notice, paper=paper)

    async def AskHigherCourt(self, request: pb.AskHigherCourtRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(request, context, enforcing.ask_higher_court, reason=request.reason)

    async def AcceptCourtRefusal(self, request: pb.AcceptCourtRefusalRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(request, context, enforcing.accept_court_refusal, reason=request.reason)

    async def RecordRefund(self, request: pb.RecordRefundRequest, context: Any) -> penalties_pb2.Case:
        refunded_on = wire.needed(request.refunded_on, "refunded_on")
        return await self._move(request, context, enforcing.record_refund, refunded_on=refunded_on, slip=request.slip)

    async def WithdrawPublicity(self, request: pb.WithdrawPublicityRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(request, context, enforcing.withdraw_publicity, reason=request.reason)

    async def ExpirePublicity(self, request: pb.ExpirePublicityRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(request, context, enforcing.expire_publicity, reason=request.reason)

    async def CloseAfterJudgment(self, request: pb.CloseAfterJudgmentRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(request, context, partial(enforcing.close_after_judgment, self.ports), document_id=request.document_id)

    async def ResumeCollection(self, request: pb.ResumeCollectionRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(request, context, enforcing.resume_collection, reason=request.reason)

    async def ApproveLoan(self, request: pb.ApproveLoanRequest, context: Any) -> penalties_pb2.Case:
        given = {"borrower": request.borrower, "purpose": request.purpose, "due_on": request.due_on}
        return await self._move(request, context, enforcing.approve_loan, **given)

    async def LendFile(self, request: pb.LendFileRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(request, context, enforcing.lend, loan_id=wire.uuid(request.loan_id, "loan_id"))

    async def ReturnFile(self, request: pb.ReturnFileRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(request, context, enforcing.take_back, loan_id=wire.uuid(request.loan_id, "loan_id"))

"""Remedies over gRPC: one statement per RPC."""

from collections.abc import Callable
from functools import partial
from typing import Any

from anzhi.penalties.v1 import penalties_pb2
from anzhi.penalties.v1 import remedies_pb2 as pb
from anzhi.penalties.v1.remedies_pb2_grpc import RemediesServiceServicer
from servicekit import wire
from servicekit.calls import Calls

from penalties.adapters import reading
from penalties.application import challenging
from penalties.application.ports import Ports
from penalties.domain.remedy import Effect, Ending, Ruling
from penalties.domain.remedy_steps import Step


class RemediesApi(RemediesServiceServicer):
    def __init__(self, calls: Calls, ports: Ports) -> None:
        self.calls, self.ports = calls, ports

    async def _move(self, request: Any, context: Any, command: Callable[..., Any], /, **given: Any) -> penalties_pb2.Case:
        return await self.calls.once(
            request, context, penalties_pb2.Case, command, id=wire.uuid(request.id), version=request.version, **given
        )

    async def FileReconsideration(self, request: pb.FileReconsiderationRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(
            request,
            context,
            challenging.file_reconsideration,
            filed_on=wire.needed(request.filed_on, "filed_on"),
            body=request.body,
            ground=request.ground,
            evidence_id=request.evidence_id,
            handed_here=request.handed_here,
            stayed=request.stayed,
        )

    async def RecordReconsiderationStep(self, request: pb.RecordReconsiderationStepRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(
            request,
            context,
            challenging.record_step,
            remedy_id=_remedy(request),
            step=Step(reading.chosen(pb.RecordReconsiderationStepRequest.Step, request.step, "step")),
            on=wire.needed(request.on, "on"),
            days=request.days,
            evidence_id=request.evidence_id,
            simple=request.simple,
        )

    async def EndReconsideration(self, request: pb.EndReconsiderationRequest, context: Any) -> penalties_pb2.Case:
        word = wire.word(pb.EndReconsiderationRequest.Ending, request.ending)
        ending = Ending(word) if word else None
        given = {"remedy_id": _remedy(request), "ruling": _ruling(request.ruling), "ending": ending}
        return await self._move(request, context, challenging.end_reconsideration, **given)

    async def FileSuit(self, request: pb.FileSuitRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(request, context, challenging.file_suit, suit=_suit(request))

    async def SueAfterReconsideration(self, request: pb.SueAfterReconsiderationRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(request, context, challenging.sue_after, remedy_id=_remedy(request), suit=_suit(request))

    async def AnswerSuit(self, request: pb.AnswerSuitRequest, context: Any) -> penalties_pb2.Case:
        given = {"remedy_id": _remedy(request), "on": wire.needed(request.on, "on"), "evidence_id": request.evidence_id}
        return await self._move(request, context, challenging.answer_suit, **given)

    async def RecordJudgment(self, request: pb.RecordJudgmentRequest, context: Any) -> penalties_pb2.Case:
        given = {"remedy_id": _remedy(request), "ruling": _ruling(request.ruling)}
        return await self._move(request, context, challenging.record_judgment, **given)

    async def RecordAppeal(self, request: pb.RecordAppealRequest, context: Any) -> penalties_pb2.Case:
        given = {"remedy_id": _remedy(request), "on": wire.needed(request.on, "on")}
        given |= {"by_party": request.by_party, "evidence_id": request.evidence_id}
        return await self._move(request, context, challenging.record_appeal, **given)

    async def RecordFinalJudgment(self, request: pb.RecordFinalJudgmentRequest, context: Any) -> penalties_pb2.Case:
        given = {"remedy_id": _remedy(request), "ruling": _ruling(request.ruling), "perform_by": request.perform_by}
        return await self._move(request, context, challenging.record_final_judgment, **given)

    async def CorrectDecision(self, request: pb.CorrectDecisionRequest, context: Any) -> penalties_pb2.Case:
        given = {"reason": request.reason, "redecide": request.redecide, "document_id": request.document_id}
        return await self._move(request, context, partial(challenging.correct_decision, self.ports), **given)


def _remedy(request: Any) -> Any:
    return wire.uuid(request.remedy_id, "remedy_id")


def _suit(request: Any) -> challenging.Suit:
    return challenging.Suit(
        filed_on=wire.needed(request.filed_on, "filed_on"),
        court=request.court,
        copy_received_on=request.copy_received_on,
        evidence_id=request.evidence_id,
        period_extended=request.period_extended,
        stayed=request.stayed,
    )


def _ruling(given: pb.Ruling) -> Ruling:
    return Ruling(
        effect=Effect(reading.chosen(pb.Ruling.Effect, given.effect, "effect")),
        on=given.on or given.received_on,
        received_on=given.received_on,
        number=given.number,
        text=given.text,
        evidence_id=given.evidence_id,
        fine=wire.money(given.fine) if given.HasField("fine") else None,
        procedure_only=given.procedure_only,
        redecide_by=given.redecide_by,
    )

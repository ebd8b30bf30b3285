"""The gRPC servicer: one statement per RPC."""

from collections.abc import Callable
from functools import partial
from typing import Any

from anzhi.penalties.v1 import penalties_pb2 as pb
from anzhi.penalties.v1.penalties_pb2_grpc import PenaltiesServiceServicer
from anzhi.type.v1 import types_pb2
from servicekit import wire
from servicekit.calls import Calls

from penalties.adapters import reading
from penalties.application import around, commands, ending, hearing, queries, spot
from penalties.application.ports import CaseQuery, Ports
from penalties.domain.law import PartyKind
from penalties.domain.records import RefusalGround, ReviewResult, Source, StatementMode


class PenaltiesApi(PenaltiesServiceServicer):
    def __init__(self, calls: Calls, ports: Ports) -> None:
        self.calls, self.ports = calls, ports

    async def _move(self, request: Any, context: Any, command: Callable[..., Any], /, **given: Any) -> pb.Case:
        """A write on an existing case, as it was read."""
        return await self.calls.once(request, context, pb.Case, command, id=wire.uuid(request.id), version=request.version, **given)

    async def _propose(self, request: Any, context: Any, command: Callable[..., Any], /, **given: Any) -> types_pb2.Proposal:
        return await self.calls.propose(
            request, context, partial(command, self.ports), id=wire.uuid(request.id), version=request.version, **given
        )

    async def OpenCase(self, request: pb.OpenCaseRequest, context: Any) -> pb.Case:
        return await self.calls.once(
            request,
            context,
            pb.Case,
            partial(commands.open_case, self.ports),
            source=Source(reading.chosen(pb.Source, request.source, "source")),
            inspection_id=request.inspection_id,
            finding_ids=list(request.finding_ids),
            enterprise_id=request.enterprise_id,
            party_kind=PartyKind(wire.word(pb.PartyKind, request.party_kind) or "UNIT"),
            person=reading.person(request.person),
            act_id=wire.needed(request.act_id, "act_id"),
            branch=request.branch,
            act_on=request.act_on,
            act_ended_on=request.act_ended_on,
            discovered_on=request.discovered_on,
            metric_value=request.metric_value,
            overdue_proof=request.overdue_proof,
            name=request.name,
            summary=request.summary,
            lead_id=request.lead_id,
            officer_ids=list(request.officer_ids),
            complex=request.complex,
        )

    async def ProposeFiling(self, request: pb.ProposeFilingRequest, context: Any) -> types_pb2.Proposal:
        return await self._propose(request, context, commands.propose_filing, document_id=request.document_id)

    async def ReviewFiling(self, request: pb.ReviewFilingRequest, context: Any) -> pb.Case:
        return await self._move(request, context, partial(commands.review_filing, self.ports), opinion=request.opinion)

    async def FileCase(self, request: pb.FileCaseRequest, context: Any) -> pb.Case:
        return await self._move(request, context, partial(commands.file, self.ports), document_id=request.document_id)

    async def RefuseFiling(self, request: pb.RefuseFilingRequest, context: Any) -> pb.Case:
        return await self._move(
            request,
            context,
            partial(commands.refuse_filing, self.ports),
            ground=RefusalGround(reading.chosen(pb.RefusalGround, request.ground, "ground")),
            reason=request.reason,
            document_id=request.document_id,
        )

    async def StartInvestigation(self, request: pb.StartInvestigationRequest, context: Any) -> types_pb2.Proposal:
        return await self._propose(request, context, commands.start_investigation, reason=request.reason)

    async def RecordQuestioning(self, request: pb.RecordQuestioningRequest, context: Any) -> pb.Case:
        return await self._move(
            request,
            context,
            commands.record_questioning,
            person_name=request.person_name,
            person_role=request.person_role,
            place=request.place,
            starts_at=reading.instant(request.starts_at, "starts_at"),
            ends_at=reading.instant(request.ends_at, "ends_at"),
            officer_ids=list(request.officer_ids),
            recorder_id=request.recorder_id,
            notice_document_id=request.notice_document_id,
            record_document_id=request.record_document_id,
        )

    async def RecordCrimeFacts(self, request: pb.RecordCrimeFactsRequest, context: Any) -> pb.Case:
        return await self._move(request, context, commands.record_crime_facts, crime_facts=reading.crime_facts(request.crime_facts))

    async def ScreenCase(self, request: pb.ScreenCaseRequest, context: Any) -> pb.Case:
        return await self._move(request, context, partial(commands.screen, self.ports))

    async def ComputeDiscretion(self, request: pb.ComputeDiscretionRequest, context: Any) -> pb.Discretion:
        return await self.calls.read(
            request,
            context,
            pb.Discretion,
            partial(commands.compute_discretion, self.ports),
            id=wire.uuid(request.id),
            circumstances=reading.circumstances(request.circumstances),
            amount=wire.money(request.amount) if request.HasField("amount") else None,
            deviation_reason=request.deviation_reason,
            metric_value=request.metric_value,
        )

    async def ProposePenalty(self, request: pb.ProposePenaltyRequest, context: Any) -> pb.Case:
        return await self._move(
            request,
            context,
            partial(commands.propose_penalty, self.ports),
            draft=reading.draft(request),
            circumstances=reading.circumstances(request.circumstances),
            amount=wire.money(request.amount),
            deviation_reason=request.deviation_reason,
            metric_value=request.metric_value,
        )

    async def SubmitReport(self, request: pb.SubmitReportRequest, context: Any) -> types_pb2.Proposal:
        return await self._propose(request, context, commands.submit_report, document_ids=list(request.document_ids))

    async def ReturnReview(self, request: pb.ReturnReviewRequest, context: Any) -> pb.Case:
        return await self._move(
            request,
            context,
            partial(commands.return_review, self.ports),
            result=ReviewResult(reading.chosen(pb.ReviewResult, request.result, "result")),
            opinion=request.opinion,
            document_id=request.document_id,
        )

    async def PassReview(self, request: pb.PassReviewRequest, context: Any) -> pb.Case:
        return await self._move(
            request, context, partial(commands.pass_review, self.ports), opinion=request.opinion, document_id=request.document_id
        )

    async def ReleaseNotice(self, request: pb.ReleaseNoticeRequest, context: Any) -> pb.Case:
        return await self._move(request, context, partial(ending.release_notice, self.ports), document_ids=list(request.document_ids))

    async def TakeStatement(self, request: pb.TakeStatementRequest, context: Any) -> pb.Case:
        return await self._move(
            request,
            context,
            ending.take_statement,
            mode=StatementMode(reading.chosen(pb.StatementMode, request.mode, "mode")),
            document_id=request.document_id,
            points=list(request.points),
            hearing_waived=request.hearing_waived,
        )

    async def RecheckStatement(self, request: pb.RecheckStatementRequest, context: Any) -> pb.Case:
        return await self._move(request, context, ending.recheck_statement, points=reading.points(request.points))

    async def RecordHearingRequest(self, request: pb.RecordHearingRequestRequest, context: Any) -> pb.Case:
        requested_at = reading.instant(request.requested_at, "requested_at")
        given = {"requested_at": requested_at, "posted_on": request.posted_on, "document_id": request.evidence_id}
        return await self._move(request, context, hearing.request_hearing, **given)

    async def DecideCase(self, request: pb.DecideCaseRequest, context: Any) -> pb.Case:
        return await self._move(
            request,
            context,
            partial(ending.decide, self.ports),
            document_ids=list(request.document_ids),
            late_reason=request.late_reason,
        )

    async def ExtendCase(self, request: pb.ExtendCaseRequest, context: Any) -> pb.Case:
        return await self._move(
            request,
            context,
            partial(ending.extend, self.ports),
            days=request.days,
            reason=request.reason,
            document_id=request.document_id,
        )

    async def RecordPayment(self, request: pb.RecordPaymentRequest, context: Any) -> pb.Case:
        return await self._move(
            request,
            context,
            ending.record_payment,
            amount=wire.money(request.amount),
            paid_on=wire.needed(request.paid_on, "paid_on"),
            slip=request.slip,
            evidence_id=request.evidence_id,
        )

    async def PublishPenalty(self, request: pb.PublishPenaltyRequest, context: Any) -> pb.Case:
        return await self._move(request, context, ending.publish, channel=request.channel, url=request.url)

    async def FileUpward(self, request: pb.FileUpwardRequest, context: Any) -> pb.Case:
        return await self._move(request, context, ending.file_upward, reference=request.reference)

    async def CloseCase(self, request: pb.CloseCaseRequest, context: Any) -> pb.Case:
        return await self._move(request, context, partial(ending.close, self.ports), document_id=request.document_id)

    async def ArchiveCase(self, request: pb.ArchiveCaseRequest, context: Any) -> pb.Case:
        return await self._move(
            request,
            context,
            partial(ending.archive, self.ports),
            document_ids=list(request.document_ids),
            request_id=request.request_id,
        )

    async def MoveCase(self, request: pb.MoveCaseRequest, context: Any) -> pb.Case:
        asked = ending.Move(request.move, request.reason, tuple(request.document_ids), tuple(request.performed))
        return await self._move(request, context, partial(ending.move, self.ports), asked=asked)

    async def ReleaseDocuments(self, request: pb.ReleaseDocumentsRequest, context: Any) -> pb.Case:
        return await self._move(request, context, partial(ending.release_documents, self.ports), document_ids=list(request.document_ids))

    async def RaiseRecusal(self, request: pb.RaiseRecusalRequest, context: Any) -> pb.Case:
        return await self._move(
            request, context, commands.raise_recusal, officer_id=request.officer_id, ground=request.ground, by_party=request.by_party
        )

    async def DecideRecusal(self, request: pb.DecideRecusalRequest, context: Any) -> pb.Case:
        return await self._move(
            request,
            context,
            commands.decide_recusal,
            recusal_id=wire.uuid(request.recusal_id, "recusal_id"),
            accept=request.accept,
            reason=request.reason,
            replacement=request.replacement_id,
        )

    async def ConfirmMove(self, request: types_pb2.ConfirmMoveRequest, context: Any) -> pb.Case:
        confirmed = {
            "propose_filing": partial(commands.propose_filing, self.ports),
            "start_investigation": partial(commands.start_investigation, self.ports),
            "submit_report": partial(commands.submit_report, self.ports),
            "start_urgently": partial(around.start_urgently, self.ports),
            "open_daily": partial(around.open_daily, self.ports),
            "draft_simple": partial(spot.draft, self.ports),
            "hand_over_simple": partial(spot.hand_over, self.ports),
            "leave_simple": partial(spot.leave, self.ports),
        }
        return await self.calls.confirm(request, context, pb.Case, confirmed)

    async def GetCase(self, request: pb.GetCaseRequest, context: Any) -> pb.Case:
        return await self.calls.read(request, context, pb.Case, queries.case, id=wire.uuid(request.id))

    async def ListCases(self, request: pb.ListCasesRequest, context: Any) -> pb.ListCasesResponse:
        query = CaseQuery(wire.word(pb.Case.State, request.state), request.enterprise_id, request.inspection_id)
        return await self.calls.read(
            request, context, pb.ListCasesResponse, queries.cases, query=query, size=request.page_size, token=request.page_token
        )

    async def ListScreens(self, request: pb.ListScreensRequest, context: Any) -> pb.ListScreensResponse:
        return await self.calls.read(request, context, pb.ListScreensResponse, queries.screens, inspection_id=request.inspection_id)

    async def ListMoves(self, request: types_pb2.ListMovesRequest, context: Any) -> types_pb2.ListMovesResponse:
        return await self.calls.moves(request, context, queries.machines, id=wire.uuid(request.id))

    async def ListHistory(self, request: types_pb2.ListHistoryRequest, context: Any) -> types_pb2.ListHistoryResponse:
        return await self.calls.history(request, context, queries.machines, id=wire.uuid(request.id))

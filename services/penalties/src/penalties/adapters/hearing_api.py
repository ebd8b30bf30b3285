"""The hearing and the collective discussion over gRPC: one statement per RPC."""

from collections.abc import Callable
from functools import partial
from typing import Any

from anzhi.penalties.v1 import hearings_pb2 as pb
from anzhi.penalties.v1 import penalties_pb2
from anzhi.penalties.v1.hearings_pb2_grpc import HearingsServiceServicer
from servicekit import wire
from servicekit.calls import Calls

from penalties.adapters import reading
from penalties.application import hearing
from penalties.application.ports import Ports
from penalties.domain.hearing import Tribunal


class HearingsApi(HearingsServiceServicer):
    def __init__(self, calls: Calls, ports: Ports) -> None:
        self.calls, self.ports = calls, ports

    async def _move(self, request: Any, context: Any, command: Callable[..., Any], /, **given: Any) -> penalties_pb2.Case:
        return await self.calls.once(
            request, context, penalties_pb2.Case, command, id=wire.uuid(request.id), version=request.version, **given
        )

    async def AcceptHearing(self, request: pb.AcceptHearingRequest, context: Any) -> penalties_pb2.Case:
        tribunal = Tribunal(request.presider_id, tuple(request.member_ids), request.clerk_id, request.closed, request.closed_reason)
        return await self._move(request, context, hearing.accept, tribunal=tribunal)

    async def RefuseHearing(self, request: pb.RefuseHearingRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(request, context, hearing.refuse, reason=request.reason, document_id=request.document_id)

    async def CheckHearingDay(self, request: pb.CheckHearingDayRequest, context: Any) -> pb.HearingDays:
        return await self.calls.read(request, context, pb.HearingDays, hearing.days, id=wire.uuid(request.id), served_on=request.served_on)

    async def ReleaseHearingNotice(self, request: pb.ReleaseHearingNoticeRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(
            request,
            context,
            partial(hearing.release_notice, self.ports),
            document_id=wire.needed(request.document_id, "document_id"),
            scheduled_at=reading.instant(request.scheduled_at, "scheduled_at"),
            place=request.place,
        )

    async def PostponeHearing(self, request: pb.PostponeHearingRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(
            request,
            context,
            partial(hearing.postpone, self.ports),
            reason=request.reason,
            document_id=wire.needed(request.document_id, "document_id"),
            scheduled_at=reading.instant(request.scheduled_at, "scheduled_at"),
            place=request.place,
        )

    async def OpenHearing(self, request: pb.OpenHearingRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(request, context, hearing.open_hearing, agents=list(request.agents))

    async def CloseHearing(self, request: pb.CloseHearingRequest, context: Any) -> penalties_pb2.Case:
        said = {"accusation": request.accusation, "defence": request.defence, "cross_examination": request.cross_examination}
        return await self._move(request, context, partial(hearing.close, self.ports), said=said, document_id=request.document_id)

    async def TerminateHearing(self, request: pb.TerminateHearingRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(
            request, context, partial(hearing.terminate, self.ports), reason=request.reason, document_id=request.document_id
        )

    async def ReportHearing(self, request: pb.ReportHearingRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(
            request, context, partial(hearing.report, self.ports), opinion=request.opinion, document_ids=list(request.document_ids)
        )

    async def WithdrawHearing(self, request: pb.WithdrawHearingRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(request, context, hearing.withdraw, document_id=request.document_id)

    async def ConcludeDeliberation(self, request: pb.ConcludeDeliberationRequest, context: Any) -> penalties_pb2.Case:
        return await self._move(request, context, partial(hearing.conclude, self.ports), minutes=reading.minutes(request))

"""The gRPC servicer: one statement per RPC."""

from functools import partial
from typing import Any

from anzhi.worklist.v1 import worklist_pb2 as pb
from anzhi.worklist.v1.worklist_pb2_grpc import WorklistServiceServicer
from servicekit import wire
from servicekit.calls import Calls

from worklist.application import commands, queries
from worklist.application.ports import DeadlineQuery, Words


class WorklistApi(WorklistServiceServicer):
    def __init__(self, calls: Calls, words: Words) -> None:
        self.calls = calls
        self.my_todos = partial(queries.my_todos, words=words)
        self.deadlines = partial(queries.deadlines, words=words)
        self.deadline = partial(queries.deadline, words=words)
        self.breaches = partial(queries.breaches, words=words)
        self.notices = partial(queries.notices, words=words)
        self.mark_read = partial(commands.mark_read, words=words)

    async def ListMyTodos(self, request: pb.ListMyTodosRequest, context: Any) -> pb.ListMyTodosResponse:
        return await self.calls.read(
            request, context, pb.ListMyTodosResponse, self.my_todos, size=request.page_size, token=request.page_token
        )

    async def ListDeadlines(self, request: pb.ListDeadlinesRequest, context: Any) -> pb.ListDeadlinesResponse:
        query = DeadlineQuery(
            request.timer,
            request.object_kind,
            wire.uuid_or_none(request.object_id, "object_id"),
            wire.word(pb.WorkDeadline.State, request.state),
            wire.instant(request.until),
        )
        return await self.calls.read(
            request, context, pb.ListDeadlinesResponse, self.deadlines, query=query, size=request.page_size, token=request.page_token
        )

    async def GetDeadline(self, request: pb.GetDeadlineRequest, context: Any) -> pb.WorkDeadline:
        return await self.calls.read(request, context, pb.WorkDeadline, self.deadline, id=wire.uuid(request.id))

    async def ListBreaches(self, request: pb.ListBreachesRequest, context: Any) -> pb.ListBreachesResponse:
        return await self.calls.read(
            request,
            context,
            pb.ListBreachesResponse,
            self.breaches,
            timer=request.timer,
            object_id=wire.uuid_or_none(request.object_id, "object_id"),
            size=request.page_size,
            token=request.page_token,
        )

    async def ListNotices(self, request: pb.ListNoticesRequest, context: Any) -> pb.ListNoticesResponse:
        return await self.calls.read(
            request,
            context,
            pb.ListNoticesResponse,
            self.notices,
            unread=request.unread_only,
            size=request.page_size,
            token=request.page_token,
        )

    async def MarkNoticeRead(self, request: pb.MarkNoticeReadRequest, context: Any) -> pb.Notice:
        return await self.calls.once(request, context, pb.Notice, self.mark_read, id=wire.uuid(request.id))

    async def ListNoticeRules(self, request: pb.ListNoticeRulesRequest, context: Any) -> pb.ListNoticeRulesResponse:
        return await self.calls.read(request, context, pb.ListNoticeRulesResponse, queries.rules)

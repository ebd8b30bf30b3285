"""The gRPC servicer: one statement per RPC."""

from typing import Any

from anzhi.lawbook.v1 import lawbook_pb2 as pb
from anzhi.lawbook.v1.lawbook_pb2_grpc import LawbookServiceServicer
from google.protobuf.json_format import MessageToDict
from servicekit import wire
from servicekit.calls import Calls

from lawbook.adapters import reading
from lawbook.adapters.search import ArticleIndex
from lawbook.application import commands, queries


class LawbookApi(LawbookServiceServicer):
    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.index = ArticleIndex()

    async def GetArticle(self, request: pb.GetArticleRequest, context: Any) -> pb.Article:
        return await self.calls.read(
            request,
            context,
            pb.Article,
            queries.article,
            instrument=request.instrument,
            article=request.article,
            sub=request.sub,
            on=wire.day(request.on),
        )

    async def SearchArticles(self, request: pb.SearchArticlesRequest, context: Any) -> pb.SearchArticlesResponse:
        return await self.calls.read(
            request,
            context,
            pb.SearchArticlesResponse,
            queries.search,
            q=request.q,
            on=wire.day(request.on),
            page_size=request.page_size,
            index=self.index,
        )

    async def ListCheckItems(self, request: pb.ListCheckItemsRequest, context: Any) -> pb.ListCheckItemsResponse:
        return await self.calls.read(
            request,
            context,
            pb.ListCheckItemsResponse,
            queries.check_items,
            category=request.category,
            regime=request.regime,
            q=request.q,
            region_code=request.region_code,
            on=wire.day(request.on),
            page_size=request.page_size,
            page_token=request.page_token,
        )

    async def GetCheckItems(self, request: pb.GetCheckItemsRequest, context: Any) -> pb.GetCheckItemsResponse:
        return await self.calls.read(
            request, context, pb.GetCheckItemsResponse, queries.check_items_by_id, ids=list(request.ids), on=wire.day(request.on)
        )

    async def GetAct(self, request: pb.GetActRequest, context: Any) -> pb.Act:
        return await self.calls.read(request, context, pb.Act, queries.act, act_id=request.id, on=wire.day(request.on))

    async def ListActs(self, request: pb.ListActsRequest, context: Any) -> pb.ListActsResponse:
        return await self.calls.read(request, context, pb.ListActsResponse, queries.acts, on=wire.day(request.on))

    async def GetScale(self, request: pb.GetScaleRequest, context: Any) -> pb.Scale:
        return await self.calls.read(
            request, context, pb.Scale, queries.scale, act_id=request.act_id, branch=request.branch, on=wire.day(request.on)
        )

    async def GetThresholds(self, request: pb.GetThresholdsRequest, context: Any) -> pb.Thresholds:
        return await self.calls.read(
            request, context, pb.Thresholds, queries.thresholds, region_code=request.region_code, on=wire.day(request.on)
        )

    async def LoadScale(self, request: pb.LoadScaleRequest, context: Any) -> pb.Scale:
        return await self.calls.once(request, context, pb.Scale, commands.load_scale, scale=reading.scale(request))

    async def PutThresholds(self, request: pb.PutThresholdsRequest, context: Any) -> pb.Thresholds:
        return await self.calls.once(request, context, pb.Thresholds, commands.put_thresholds, row=reading.thresholds(request.thresholds))

    async def GetParameters(self, request: pb.GetParametersRequest, context: Any) -> pb.Parameters:
        return await self.calls.read(request, context, pb.Parameters, queries.parameters)

    async def PublishParameters(self, request: pb.PublishParametersRequest, context: Any) -> pb.Parameters:
        return await self.calls.once(
            request,
            context,
            pb.Parameters,
            commands.publish_parameters,
            version=request.version,
            overrides=MessageToDict(request.overrides),
            source=request.source,
        )

"""The gRPC servicer of packs: one statement per RPC."""

from functools import partial
from typing import Any

from anzhi.evidence.v1 import packs_pb2 as pb
from anzhi.evidence.v1.packs_pb2_grpc import PacksServiceServicer
from google.protobuf.json_format import MessageToDict
from servicekit import wire
from servicekit.calls import Calls

from evidence.adapters.press import PackPress
from evidence.application import packs
from evidence.application.ports import Outside


class PacksApi(PacksServiceServicer):
    def __init__(self, calls: Calls, outside: Outside, press: PackPress) -> None:
        self.calls, self.outside, self.press = calls, outside, press

    async def BuildPack(self, request: pb.BuildPackRequest, context: Any) -> pb.Pack:
        return await self.calls.once(
            request,
            context,
            pb.Pack,
            packs.build,
            outside=self.outside,
            press=self.press,
            object_kind=request.object_kind,
            object_id=wire.uuid(request.object_id, "object_id"),
            case_id=wire.uuid(request.case_id, "case_id"),
            handed_to=request.handed_to,
            document_ids=wire.uuids(request.document_ids, "document_ids"),
            item_ids=wire.uuids(request.evidence_ids, "evidence_ids"),
            withheld=[{"what": line.what, "why": line.why} for line in request.withheld],
            statement=_plain(MessageToDict(request.statement)),
        )

    async def GetPack(self, request: pb.GetPackRequest, context: Any) -> pb.Pack:
        return await self.calls.read(request, context, pb.Pack, packs.get, pack_id=wire.uuid(request.id))

    async def GetPackFile(self, request: pb.GetPackFileRequest, context: Any) -> pb.PackFile:
        return await self.calls.read(
            request, context, pb.PackFile, partial(packs.file, outside=self.outside), pack_id=wire.uuid(request.id)
        )

    async def GetPackKeys(self, request: pb.GetPackKeysRequest, context: Any) -> pb.PackKeys:
        return pb.PackKeys(**self.press.keys())

    async def ListPacks(self, request: pb.ListPacksRequest, context: Any) -> pb.ListPacksResponse:
        return await self.calls.read(
            request,
            context,
            pb.ListPacksResponse,
            packs.of_object,
            object_kind=request.object_kind,
            object_id=wire.uuid(request.object_id, "object_id"),
        )


def _plain(value: Any) -> Any:
    """A Struct knows one kind of number: what is whole is written as such."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value

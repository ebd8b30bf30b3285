"""The gRPC servicer of the ledger: one statement per RPC."""

from typing import Any

from anzhi.evidence.v1 import ledger_pb2 as pb
from anzhi.evidence.v1.ledger_pb2_grpc import LedgerServiceServicer
from kernel.errors import Invalid
from servicekit import wire
from servicekit.calls import Calls

from evidence.application import ledger


class LeafNotNamed(Invalid):
    """A leaf is named by the id of its event or by its hash, 64 hex digits."""


class LedgerApi(LedgerServiceServicer):
    def __init__(self, calls: Calls) -> None:
        self.calls = calls

    async def GetCheckpoint(self, request: pb.GetCheckpointRequest, context: Any) -> pb.Checkpoint:
        return await self.calls.read(request, context, pb.Checkpoint, ledger.checkpoint, size=request.size)

    async def ListCheckpoints(self, request: pb.ListCheckpointsRequest, context: Any) -> pb.ListCheckpointsResponse:
        return await self.calls.read(
            request, context, pb.ListCheckpointsResponse, ledger.checkpoints, size=request.page_size, token=request.page_token
        )

    async def GetInclusionProof(self, request: pb.GetInclusionProofRequest, context: Any) -> pb.InclusionProof:
        return await self.calls.read(
            request,
            context,
            pb.InclusionProof,
            ledger.inclusion,
            event_id=str(wire.uuid(request.event_id, "event_id")) if request.event_id else "",
            leaf_hash=_hash(request),
            tree_size=request.tree_size,
        )

    async def GetConsistencyProof(self, request: pb.GetConsistencyProofRequest, context: Any) -> pb.ConsistencyProof:
        return await self.calls.read(
            request, context, pb.ConsistencyProof, ledger.consistency, from_size=request.from_size, to_size=request.to_size
        )

    async def GetEntries(self, request: pb.GetEntriesRequest, context: Any) -> pb.GetEntriesResponse:
        return await self.calls.read(
            request, context, pb.GetEntriesResponse, ledger.entries, from_index=request.from_index, page_size=request.page_size
        )


def _hash(request: pb.GetInclusionProofRequest) -> bytes:
    try:
        named = bytes.fromhex(request.leaf_hash)
    except ValueError:
        named = b""
    if bool(request.event_id) == bool(request.leaf_hash) or (request.leaf_hash and len(named) != 32):
        raise LeafNotNamed("name the leaf by the id of its event or by its hash, 64 hex digits")
    return named

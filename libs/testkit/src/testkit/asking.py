"""How a test calls and reads a refusal."""

from collections.abc import Awaitable
from typing import Any
from uuid import uuid4

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status


def request_id() -> str:
    """A fresh one: what carries it is done once."""
    return str(uuid4())


def reason_of(error: grpc.aio.AioRpcError) -> str:
    """The reason code in the rich error."""
    status = rpc_status.from_call(error)  # type: ignore[arg-type]
    if status is None or not status.details:
        raise AssertionError(f"no reason in {error.code()}: {error.details()}")
    found = error_details_pb2.ErrorInfo()
    status.details[0].Unpack(found)
    return str(found.reason)


async def refusal(call: Awaitable[Any]) -> str:
    """The reason with which the call is refused. An answer is a failure of the test."""
    try:
        answer = await call
    except grpc.aio.AioRpcError as error:
        return reason_of(error)
    raise AssertionError(f"not refused: {answer}")

"""Which errors are worth another try, and the one that says so to a caller."""

import asyncio

import asyncpg
import grpc.aio
from aiokafka.errors import KafkaError
from kernel.errors import Conflict
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError

_COLLISIONS = {"40001", "40P01", "55P03"}
# CANCELLED by the other side: it was about to end.
_AWAY = (
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.CANCELLED,
)


class Unavailable(Exception):
    """Something that this service depends on is away. The caller may repeat with the same request_id."""

    def __init__(self, text: str, /, **facts: object) -> None:
        super().__init__(text)
        self.text = text
        self.facts = facts


def collided(error: BaseException) -> bool:
    """Someone else changed the same rows: another try reads the new ones."""
    if isinstance(error, Conflict | StaleDataError):
        return True
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _COLLISIONS


def away(error: BaseException) -> bool:
    """The database, the broker, the store or another service did not answer."""
    if isinstance(error, grpc.aio.AioRpcError):
        return error.code() in _AWAY
    if isinstance(error, DBAPIError):
        if error.connection_invalidated or isinstance(error, InterfaceError | OperationalError):
            return True
        state = getattr(error.orig, "sqlstate", None) or ""
        # 08 connection, 28 a password that is being changed, 53 resources, 57 operator intervention (restart, shutdown, cancel)
        return state[:2] in {"08", "28", "53", "57"}
    return isinstance(
        error,
        Unavailable
        | PoolTimeout
        | OSError
        | asyncio.TimeoutError
        | KafkaError
        | asyncpg.InterfaceError
        | asyncpg.PostgresConnectionError
        | asyncpg.InvalidAuthorizationSpecificationError,
    )

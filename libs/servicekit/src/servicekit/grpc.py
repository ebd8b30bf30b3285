"""The gRPC server and its clients: tokens, policy, rich errors, deadlines, telemetry."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, cast

import grpc
import grpc.aio
from google.protobuf import any_pb2, descriptor_pool
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Precondition
from opentelemetry.trace import SpanKind, Status, StatusCode

from servicekit import auth, telemetry
from servicekit.auth import Keys, ServiceToken, Unauthenticated
from servicekit.faults import Unavailable, away, collided
from servicekit.privacy import words_of
from servicekit.settings import ServiceSettings

log = logging.getLogger(__name__)
Adder = Callable[[Any, Any], None]
MAX_MESSAGE = 8 * 1024 * 1024
# Served without a token: probes and the description of the API.
_OPEN = ("/grpc.health.v1.Health/", "/grpc.reflection.")
_CODES: dict[type[DomainError], grpc.StatusCode] = {
    NotFound: grpc.StatusCode.NOT_FOUND,
    Invalid: grpc.StatusCode.INVALID_ARGUMENT,
    Forbidden: grpc.StatusCode.PERMISSION_DENIED,
    Precondition: grpc.StatusCode.FAILED_PRECONDITION,
    Conflict: grpc.StatusCode.ABORTED,
}
_KINDS = {code: kind for kind, code in _CODES.items()}
_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


class PolicyMissing(TypeError):
    """An RPC has no policy option: the service does not start."""


class TimeoutMissing(TypeError):
    """A call to another service has no deadline."""


def status_of(error: BaseException, service: str) -> status_pb2.Status:
    """The rich status of an error: `ErrorInfo(reason, domain="<service>.anzhi", metadata=facts)`."""
    if isinstance(error, DomainError):
        code = next(code for kind, code in _CODES.items() if isinstance(error, kind))
        return _status(code, error.text, error.reason, error.facts, service)
    if isinstance(error, Unauthenticated):
        return _status(grpc.StatusCode.UNAUTHENTICATED, error.text, error.reason, {}, service)
    if collided(error):
        return _status(grpc.StatusCode.ABORTED, "someone else changed it first", "CHANGED_MEANWHILE", {}, service)
    if isinstance(error, Unavailable):
        return _status(grpc.StatusCode.UNAVAILABLE, error.text, "UNAVAILABLE", error.facts, service)
    if away(error):
        return _status(grpc.StatusCode.UNAVAILABLE, "something that this service depends on is away", "UNAVAILABLE", {}, service)
    return _status(grpc.StatusCode.INTERNAL, "an error of ours; it was recorded", "INTERNAL", {"trace_id": telemetry.trace_id()}, service)


def _status(code: grpc.StatusCode, text: str, reason: str, facts: Mapping[str, object], service: str) -> status_pb2.Status:
    detail = any_pb2.Any()
    metadata = {key: _plain(value) for key, value in facts.items()}
    detail.Pack(error_details_pb2.ErrorInfo(reason=reason, domain=f"{service}.anzhi", metadata=metadata))
    return status_pb2.Status(code=code.value[0], message=text, details=[detail])


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


@lru_cache(maxsize=1024)
def _remote_kind(code: grpc.StatusCode, reason: str) -> type[DomainError]:
    kind = _KINDS[code]
    made: type[DomainError] = type(reason.title().replace("_", ""), (kind,), {"__doc__": "An error that another service answered."})
    made.reason = reason
    return made


def domain_error(error: grpc.aio.AioRpcError) -> DomainError | None:
    """What another service answered, as the same kind of error with the same reason; None if it is no answer of the domain."""
    code = error.code()
    if code not in _KINDS:
        return None
    for key, value in cast("Iterable[tuple[str, bytes]]", error.trailing_metadata() or ()):
        if key == "grpc-status-details-bin":
            for detail in status_pb2.Status.FromString(value).details:
                info = error_details_pb2.ErrorInfo()
                if detail.Unpack(info):
                    return _remote_kind(code, info.reason)(error.details() or "", **dict(info.metadata))
    return None


class Door(grpc.aio.ServerInterceptor):  # type: ignore[type-arg]
    """Everything between the wire and a servicer's method."""

    def __init__(self, service: str, keys: Keys, policies: Mapping[str, auth.Policy]) -> None:
        self.service, self.keys, self.policies = service, keys, policies

    async def intercept_service(
        self, continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]], details: grpc.HandlerCallDetails
    ) -> Any:
        handler = await continuation(details)
        rpc = details.method
        if handler is None or rpc.startswith(_OPEN):
            return handler
        policy, inner = self.policies[rpc], handler.unary_unary

        async def answer(request: Message, context: grpc.aio.ServicerContext[Any, Any]) -> Any:
            metadata = {key: value for key, value in context.invocation_metadata() or () if isinstance(value, str)}
            began, code = time.perf_counter(), "OK"
            left = context.time_remaining()
            _deadline.set(None if left is None else time.monotonic() + left)
            with telemetry.span(rpc, SpanKind.SERVER, metadata) as span:
                try:
                    await auth.caller_of(policy, metadata, self.keys)
                    return await inner(request, context)
                except (asyncio.CancelledError, grpc.aio.AbortError):
                    raise
                except Exception as error:
                    status = status_of(error, self.service)
                    code = next(known.name for known in grpc.StatusCode if known.value[0] == status.code)
                    if code == "INTERNAL":
                        log.exception("%s failed", rpc)
                        span.set_attribute("error.type", type(error).__name__)
                        span.set_status(Status(StatusCode.ERROR, words_of(error)))
                    elif code == "UNAVAILABLE":
                        log.warning("%s unavailable: %s", rpc, words_of(error))
                    details_bin = ("grpc-status-details-bin", status.SerializeToString())
                    await context.abort(grpc.StatusCode[code], status.message, (details_bin, _ANSWERED))
                finally:
                    telemetry.rpc_seconds.record(time.perf_counter() - began, {"rpc": rpc, "code": code})

        return grpc.unary_unary_rpc_method_handler(answer, handler.request_deserializer, handler.response_serializer)


class _Names:
    """Stands in for a server to learn which services an adder adds."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def add_generic_rpc_handlers(self, handlers: Sequence[Any]) -> None:
        self.names += [handler.service_name() for handler in handlers]

    def add_registered_method_handlers(self, name: str, handlers: Any) -> None:
        """grpcio calls both; the first says enough."""


def services_of(grpc_: Sequence[tuple[Adder, Any]]) -> list[str]:
    names = _Names()
    for add, servicer in grpc_:
        add(servicer, names)
    return names.names


def policies_of(services: Sequence[str]) -> dict[str, auth.Policy]:
    """The policy of each RPC. Raises PolicyMissing."""
    found, missing = {}, []
    for service in services:
        for method in descriptor_pool.Default().FindServiceByName(service).methods:
            rpc = f"/{service}/{method.name}"
            policy = auth.policy_of(rpc)
            if policy is None:
                missing.append(rpc)
            else:
                found[rpc] = policy
    if missing:
        raise PolicyMissing(f"no policy: {', '.join(missing)}")
    return found


class _Passer(grpc.aio.UnaryUnaryClientInterceptor):  # type: ignore[type-arg]
    """Passes on who asks, the trace and the time left; turns an answered error into the domain's."""

    def __init__(self, own_token: ServiceToken | None) -> None:
        self.own_token = own_token

    async def intercept_unary_unary(self, continuation: Any, details: grpc.aio.ClientCallDetails, request: Any) -> Any:
        rpc = details.method.decode() if isinstance(details.method, bytes) else details.method
        if details.timeout is None:
            raise TimeoutMissing(f"{rpc} is called without timeout=")
        timeout, deadline = details.timeout, _deadline.get()
        if deadline is not None:
            timeout = max(0.001, min(timeout, deadline - time.monotonic()))
        metadata = grpc.aio.Metadata(*(details.metadata or ()))
        began, code = time.perf_counter(), "OK"
        with telemetry.span(rpc, SpanKind.CLIENT):
            passed = {"traceparent": telemetry.traceparent(), "anzhi-root": auth.acting_root.get()}
            if token := auth.user_token.get():
                passed["authorization"] = f"Bearer {token}"
            if self.own_token is not None:
                passed["service-authorization"] = f"Bearer {self.own_token()}"
            for key, value in passed.items():
                if value and key not in metadata:
                    metadata.add(key, value)
            call = await continuation(
                grpc.aio.ClientCallDetails(details.method, timeout, metadata, details.credentials, details.wait_for_ready), request
            )
            try:
                return await call
            except grpc.aio.AioRpcError as error:
                code = error.code().name
                raise domain_error(error) or error from error
            finally:
                telemetry.call_seconds.record(time.perf_counter() - began, {"rpc": rpc, "code": code})


# A service that answered UNAVAILABLE is not asked again by the channel: each caller of a chain would multiply the load.
_ANSWERED = ("grpc-retry-pushback-ms", "-1")
# What never reached a server or lost it on the way, and what a server that ends cancelled, goes to another one.
# Every write carries a request_id: twice is once.
_CALLS = {
    "loadBalancingConfig": [{"round_robin": {}}],
    "healthCheckConfig": {"serviceName": ""},
    "methodConfig": [
        {
            "name": [{}],
            "retryPolicy": {
                "maxAttempts": 5,
                "initialBackoff": "0.05s",
                "maxBackoff": "0.5s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": ["UNAVAILABLE", "CANCELLED"],
            },
        }
    ],
}
_OPTIONS: tuple[tuple[str, Any], ...] = (
    ("grpc.service_config", json.dumps(_CALLS)),
    ("grpc.dns_min_time_between_resolutions_ms", 1_000),
    ("grpc.max_receive_message_length", MAX_MESSAGE),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 5_000),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 2_000),
)


@asynccontextmanager
async def channel(settings: ServiceSettings, target: str, service: str = "") -> AsyncIterator[grpc.aio.Channel]:
    """A channel to another service. Calls carry the user's token, the own service token, the trace and a deadline."""
    own = ServiceToken(service or settings.service_name, settings.service_key_file) if settings.service_key_file else None
    async with grpc.aio.insecure_channel(target, options=_OPTIONS, interceptors=[cast("Any", _Passer(own))]) as opened:
        yield opened


def server(door: Door, grpc_: Sequence[tuple[Adder, Any]], *, connection_seconds: float = 0.0) -> grpc.aio.Server:
    """`connection_seconds`: a client is asked to connect anew after about that time, and so finds servers that came since."""
    options: list[tuple[str, Any]] = [
        ("grpc.max_receive_message_length", MAX_MESSAGE),
        ("grpc.so_reuseport", 0),
        ("grpc.http2.min_recv_ping_interval_without_data_ms", 10_000),
        ("grpc.keepalive_time_ms", 30_000),
        ("grpc.keepalive_timeout_ms", 10_000),
    ]
    if connection_seconds:
        options += [("grpc.max_connection_age_ms", int(connection_seconds * 1000)), ("grpc.max_connection_age_grace_ms", 60_000)]
    made = grpc.aio.server(interceptors=[door], options=options)
    for add, servicer in grpc_:
        add(servicer, made)
    return made

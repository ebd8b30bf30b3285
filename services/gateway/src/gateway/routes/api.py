"""`/v1`: from an HTTP request through its door to the service and back."""

import json
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import grpc
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from kernel.errors import DomainError
from opentelemetry.trace import SpanKind, Status, StatusCode
from servicekit import auth, telemetry
from servicekit.auth import Unauthenticated
from servicekit.faults import Unavailable as KeysUnavailable
from servicekit.privacy import words_of
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from gateway import codec, security
from gateway.doors import WITHOUT_BODY, Door, House
from gateway.edge import http_seconds, read_body, reply
from gateway.limits import Allowance, Limits
from gateway.problems import (
    MEDIA_TYPE,
    ContentTypeNotJson,
    MethodNotAllowed,
    NoSuchPage,
    Problem,
    RequestIdMalformed,
    RequestIdMissing,
    TokenMissing,
    VersionMalformed,
    VersionMissing,
    language,
)

log = logging.getLogger(__name__)
ETAG = re.compile(r'"([0-9]{1,18})"')
READ_REASON = re.compile(r"[\x20-\x7e]{1,200}")


@dataclass(frozen=True)
class Allowances:
    user: Allowance
    address: Allowance


def allowance_of(claims: Mapping[str, Any], user: Allowance) -> Allowance:
    """A partner has the quota that identity wrote into its token; it may use up a minute's worth at once."""
    quota = claims.get("quota")
    if "client_id" not in claims or not isinstance(quota, int) or quota <= 0:
        return user
    return Allowance("partner", quota / 60, quota)


@dataclass(frozen=True)
class Rpc:
    """A door with what it needs to be walked through."""

    door: Door
    reader: codec.Reader
    call: Callable[..., Awaitable[Message]]


def rpc_of(door: Door, channel: grpc.aio.Channel) -> Rpc:
    request, response = GetMessageClass(door.request), GetMessageClass(door.response)
    path = f"/{door.rpc.containing_service.full_name}/{door.name}"
    call: Any = channel.unary_unary(path, request_serializer=request.SerializeToString, response_deserializer=response.FromString)
    return Rpc(door, codec.Reader(door, request), call)


@dataclass
class Request:
    """One HTTP request as far as this module needs it."""

    scope: Scope
    receive: Receive
    headers: Headers = field(init=False)
    user: str = ""
    route: str = ""

    def __post_init__(self) -> None:
        self.headers = Headers(scope=self.scope)

    @property
    def path(self) -> str:
        raw: bytes = self.scope.get("raw_path") or self.scope["path"].encode()
        return raw.split(b"?", 1)[0].decode("latin-1")

    @property
    def address(self) -> str:
        client = self.scope.get("client")
        return str(client[0]) if client else ""


class Api:
    """The ASGI application under /v1."""

    def __init__(
        self,
        rpcs: Mapping[Door, Rpc],
        guard: security.Guard,
        limits: Limits,
        allowances: Allowances,
        *,
        docs: str,
        deadline_seconds: float,
        body_bytes: int,
    ) -> None:
        self.rpcs = rpcs
        self.house = House(rpcs)
        self.guard, self.limits, self.allowances = guard, limits, allowances
        self.docs, self.deadline_seconds, self.body_bytes = docs, deadline_seconds, body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        began = time.perf_counter()
        carrier = {key: request.headers[key] for key in ("traceparent",) if key in request.headers}
        with telemetry.span(f"HTTP {scope['method']}", SpanKind.SERVER, carrier) as span:
            status, headers, body = await self._answer(request)
            if request.route:
                span.update_name(f"HTTP {request.route}")
            span.set_attribute("http.response.status_code", status)
            if status == 500:
                span.set_status(Status(StatusCode.ERROR))
            await reply(send, status, headers, body)
            seconds = time.perf_counter() - began
            http_seconds.record(seconds, {"route": request.route, "status": status})
            facts = {
                # A path that is none of ours is the caller's words.
                "route": request.route,
                "method": scope["method"],
                "status": status,
                "seconds": round(seconds, 4),
                "user": request.user,
                "request_id": scope.get("request_id", ""),
            }
            log.info("%s %s", scope["method"], status, extra={"facts": facts})

    async def _answer(self, request: Request) -> tuple[int, list[tuple[str, str]], bytes]:
        try:
            return await self._walk(request)
        except (Unauthenticated, KeysUnavailable, TokenMissing) as error:
            return self._refuse(request, security.problem(error))
        except MethodNotAllowed as error:
            return self._refuse(request, Problem.of(error, headers=(("allow", str(error.facts["allowed"])),)))
        except DomainError as error:
            # A service's refusal arrives as the same kind of error, raised from what gRPC brought.
            behind = error.__cause__
            service = request.scope.get("service", "gateway")
            problem = Problem.of_rpc(behind, service) if isinstance(behind, grpc.aio.AioRpcError) else Problem.of(error)
            return self._refuse(request, problem)
        except grpc.aio.AioRpcError as error:
            problem = Problem.of_rpc(error, request.scope.get("service", "gateway"))
            if problem.status == 500:
                log.error("%s: %s", request.route, words_of(error))
            return self._refuse(request, problem)
        except Exception:
            log.exception("%s failed", request.route)
            return self._refuse(request, Problem.fault())

    def _refuse(self, request: Request, problem: Problem) -> tuple[int, list[tuple[str, str]], bytes]:
        said = language(request.headers.get("accept-language", ""))
        body = problem.render(language=said, trace_id=telemetry.trace_id(), docs=self.docs)
        return problem.status, [("content-type", MEDIA_TYPE), ("content-language", said), *problem.headers], body

    async def _walk(self, request: Request) -> tuple[int, list[tuple[str, str]], bytes]:
        method = request.scope["method"]
        here = self.house.at(request.path)
        if not here:
            raise NoSuchPage("nothing lives at this path")
        found = next(((door, path) for door, path in here if door.method == method), None)
        if found is None:
            allowed = ", ".join(sorted({door.method for door, _ in here}))
            raise MethodNotAllowed(f"this path takes {allowed}", allowed=allowed)
        door, path = found
        request.route, request.scope["service"] = f"{door.method} {door.path}", door.service
        await self._admit(request, door)
        stamps = self._stamps(request.headers, door)
        body = b""
        if method not in WITHOUT_BODY:
            body = await read_body(request.headers, request.receive, self.body_bytes)
            if body and request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
                raise ContentTypeNotJson("the body is application/json")
        rpc = self.rpcs[door]
        message: Any = rpc.reader.read(path, request.scope["query_string"], body)
        for name, value in stamps.items():
            setattr(message, name, value)
        answer = await rpc.call(
            message, timeout=door.policy.deadline_seconds or self.deadline_seconds, metadata=self._metadata(request, door)
        )
        headers = [("content-type", "application/json"), ("cache-control", "no-store")]
        if door.tagged:
            headers.append(("etag", f'"{answer.version}"'))  # type: ignore[attr-defined]
        return 200, headers, codec.write(answer)

    async def _admit(self, request: Request, door: Door) -> None:
        """Open doors count by address, the others by user."""
        auth.user_token.set("")
        if door.policy.public:
            await self.limits.take(self.allowances.address, request.address)
            if "authorization" not in request.headers:
                return
        token = security.bearer(request.headers.get("authorization", ""))
        claims = await self.guard.claims(token)
        auth.user_token.set(token)
        request.user = str(claims["sub"])
        if not door.policy.public:
            await self.limits.take(allowance_of(claims, self.allowances.user), request.user)

    @staticmethod
    def _stamps(headers: Headers, door: Door) -> dict[str, str | int]:
        """Idempotency-Key -> request_id, If-Match -> version."""
        stamps: dict[str, str | int] = {}
        if door.write:
            key = headers.get("idempotency-key", "").strip().strip('"')
            if not key:
                raise RequestIdMissing("a write needs an Idempotency-Key")
            try:
                stamps["request_id"] = str(UUID(key))
            except ValueError as error:
                raise RequestIdMalformed("the Idempotency-Key is a UUID", given=key[:80]) from error
        if door.versioned:
            tag = headers.get("if-match", "").strip()
            if not tag:
                raise VersionMissing("a write on an existing thing needs If-Match with the ETag that was read")
            match = ETAG.fullmatch(tag)
            if match is None:
                raise VersionMalformed('If-Match is one ETag as it was given, such as "3"', given=tag[:80])
            stamps["version"] = int(match[1])
        return stamps

    @staticmethod
    def _metadata(request: Request, door: Door) -> tuple[tuple[str, str], ...]:
        pairs = [("anzhi-client-address", request.address)] if request.address else []
        reason = request.headers.get("x-read-reason", "")
        if door.policy.log_read and READ_REASON.fullmatch(reason):
            pairs.append(("anzhi-read-reason", reason))
        return tuple(pairs)


def openapi_text(document: bytes, public_url: str) -> bytes:
    """The committed document with the address of this installation."""
    tree = json.loads(document)
    tree["servers"] = [{"url": public_url.rstrip("/") or "/"}]
    return json.dumps(tree, ensure_ascii=False).encode()

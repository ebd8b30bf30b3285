"""`POST /oauth/token` as RFC 6749 has it, and the page that describes it (RFC 8414).

Identity proves the client; here a form becomes its request, and its refusal becomes the error of the RFC.
"""

import json
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

import grpc
from anzhi.identity.v1 import partners_pb2
from kernel.errors import DomainError
from opentelemetry.trace import SpanKind
from servicekit import auth, telemetry
from servicekit.privacy import words_of
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from gateway.edge import http_seconds, read_body, reply
from gateway.limits import Allowance, Limits
from gateway.problems import BodyTooLarge, Problem, TooManyRequests

log = logging.getLogger(__name__)
FORM = "application/x-www-form-urlencoded"
PARAMETERS = frozenset({"grant_type", "client_assertion_type", "client_assertion", "client_id", "scope"})
BODY_BYTES = 16_384
ERRORS = {
    "CLIENT_REFUSED": ("invalid_client", 401),
    "GRANT_TYPE_UNSUPPORTED": ("unsupported_grant_type", 400),
    "SCOPE_NOT_GRANTED": ("invalid_scope", 400),
    "TOKEN_REQUEST_MALFORMED": ("invalid_request", 400),
}
SCOPES = ("transfers.read", "transfers.write", "webhooks")
Issue = Callable[[partners_pb2.IssuePartnerTokenRequest], Awaitable[partners_pb2.PartnerToken]]
Answer = tuple[int, list[tuple[str, str]], dict[str, Any]]


class OAuth:
    """The ASGI application of the token endpoint."""

    def __init__(self, issue: Issue, limits: Limits, allowance: Allowance) -> None:
        self.issue, self.limits, self.allowance = issue, limits, allowance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        with telemetry.span("HTTP POST /oauth/token", SpanKind.SERVER):
            status, headers, body = await self._answer(scope, receive)
        http_seconds.record(time.perf_counter() - began, {"route": "POST /oauth/token", "status": status})
        sent = [("content-type", "application/json"), ("cache-control", "no-store"), ("pragma", "no-cache"), *headers]
        await reply(send, status, sent, json.dumps(body).encode())

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        if scope["method"] != "POST":
            return error("invalid_request", "this page takes POST", 405, ("allow", "POST"))
        auth.user_token.set("")
        client = scope.get("client")
        headers = Headers(scope=scope)
        try:
            await self.limits.take(self.allowance, str(client[0]) if client else "")
            if headers.get("content-type", "").split(";")[0].strip().lower() != FORM:
                return error("invalid_request", f"the body is {FORM}", 400)
            pairs = parse_qsl((await read_body(headers, receive, BODY_BYTES)).decode("ascii"), keep_blank_values=True, max_num_fields=20)
            given = {name: value for name, value in pairs if name in PARAMETERS}
            if len(given) != sum(name in PARAMETERS for name, _ in pairs):
                return error("invalid_request", "a parameter stands twice", 400)
            token = await self.issue(partners_pb2.IssuePartnerTokenRequest(**given))
        except TooManyRequests as refused:
            return error("temporarily_unavailable", refused.text, 429, ("retry-after", str(refused.facts["retry_after"])))
        except BodyTooLarge as refused:
            return error("invalid_request", refused.text, 413)
        except (ValueError, UnicodeDecodeError):
            return error("invalid_request", "the body is no form", 400)
        except (DomainError, grpc.aio.AioRpcError) as refused:
            return told(refused)
        return 200, [], {name: getattr(token, name) for name in ("access_token", "token_type", "expires_in", "scope")}


def told(refused: DomainError | grpc.aio.AioRpcError) -> Answer:
    """A refusal of identity, or its absence."""
    behind = refused if isinstance(refused, grpc.aio.AioRpcError) else refused.__cause__
    if not isinstance(behind, grpc.aio.AioRpcError):
        return error("invalid_request", str(refused), 400)
    problem = Problem.of_rpc(behind, "identity")
    code, status = ERRORS.get(problem.reason, ("temporarily_unavailable", 503) if problem.status == 503 else ("server_error", 500))
    if status == 500:
        log.error("token endpoint: %s", words_of(behind))
        return error(code, "an internal fault", status)
    more = {401: ("www-authenticate", 'Bearer realm="anzhi"'), 503: ("retry-after", "1")}
    return error(code, problem.detail, status, *([more[status]] if status in more else []))


def error(code: str, text: str, status: int, *headers: tuple[str, str]) -> Answer:
    """RFC 6749 5.2: the description keeps to printable ASCII without quote and backslash."""
    plain = "".join(sign for sign in text if " " <= sign <= "~" and sign not in '"\\')
    return status, list(headers), {"error": code, "error_description": plain}


def described(public_url: str) -> dict[str, Any]:
    """Authorization Server Metadata, RFC 8414."""
    url = public_url.rstrip("/")
    return {
        "issuer": url,
        "token_endpoint": f"{url}/oauth/token",
        "jwks_uri": f"{url}/.well-known/jwks.json",
        "scopes_supported": list(SCOPES),
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES256", "EdDSA"],
    }

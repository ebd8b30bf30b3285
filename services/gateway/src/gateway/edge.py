"""What every answer has: a request id, security headers, and a problem instead of a traceback."""

import asyncio
import logging
import re
from collections.abc import Iterable
from uuid import uuid4

from opentelemetry import metrics
from servicekit import telemetry
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.problems import MEDIA_TYPE, BodyNotJson, BodyTooLarge, Problem, language

log = logging.getLogger(__name__)
# Of the whole gateway: what people wait for.
http_seconds = metrics.get_meter("gateway").create_histogram(
    "anzhi.http.seconds", "s", "Duration of HTTP requests answered, by route and status", explicit_bucket_boundaries_advisory=telemetry.FAST
)
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
}


class Edge:
    """The outermost layer. A page that needs more than the strict defaults sets its own header, which then stays."""

    def __init__(self, app: ASGIApp, *, docs: str, https: bool, leaving: asyncio.Event) -> None:
        self.app = app
        self.docs = docs
        self.leaving = leaving
        self.headers = {**HEADERS, **({"strict-transport-security": "max-age=31536000; includeSubDomains"} if https else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope).get("x-request-id", "")
        scope["request_id"] = asked if REQUEST_ID.fullmatch(asked) else str(uuid4())
        started = False

        async def dressed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = scope["request_id"]
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                if self.leaving.is_set():
                    # The next request of this client comes by a connection of its own, to whoever stays.
                    headers["connection"] = "close"
            await send(message)

        try:
            await self.app(scope, receive, dressed)
        except Exception:
            # The path is the caller's words: it is not kept.
            log.exception("%s failed", scope["method"])
            if started:
                raise
            said = language(Headers(scope=scope).get("accept-language", ""))
            body = Problem.fault().render(language=said, trace_id=telemetry.trace_id(), docs=self.docs)
            await reply(dressed, 500, [("content-type", MEDIA_TYPE)], body)


async def reply(send: Send, status: int, headers: Iterable[tuple[str, str]], body: bytes) -> None:
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    raw.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


async def read_body(headers: Headers, receive: Receive, most: int) -> bytes:
    """The whole body. Raises BodyTooLarge as soon as that is known."""
    declared = headers.get("content-length", "")
    if declared.isdigit() and int(declared) > most:
        raise BodyTooLarge(f"a body has at most {most} bytes", most=most)
    pieces: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BodyNotJson("the caller went away before the body was complete")
        piece = message.get("body", b"")
        size += len(piece)
        if size > most:
            raise BodyTooLarge(f"a body has at most {most} bytes", most=most)
        pieces.append(piece)
        if not message.get("more_body", False):
            return b"".join(pieces)

import asyncio
import json
from typing import Any

import pytest
from gateway.edge import Edge, read_body
from gateway.problems import BodyNotJson, BodyTooLarge
from starlette.datastructures import Headers

SCOPE = {"type": "http", "method": "GET", "path": "/v1/x", "headers": []}


async def answered(app: Any, **scope: Any) -> tuple[int, dict[str, str], bytes]:
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    await Edge(app, docs="https://docs.anzhi.example/errors", https=False, leaving=asyncio.Event())({**SCOPE, **scope}, receive, send)
    return sent[0]["status"], {k.decode(): v.decode() for k, v in sent[0]["headers"]}, sent[1]["body"]


async def failing(scope: Any, receive: Any, send: Any) -> None:
    raise RuntimeError("a secret of the inside")


async def test_a_fault_anywhere_is_a_problem_that_tells_nothing():
    status, headers, body = await answered(failing)

    assert (status, json.loads(body)["reason"]) == (500, "INTERNAL")
    assert headers["content-type"] == "application/problem+json"
    assert headers["x-request-id"]
    assert headers["x-content-type-options"] == "nosniff"
    assert b"secret" not in body


async def test_a_fault_after_the_answer_began_ends_the_connection():
    async def half(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("too late for a problem")

    with pytest.raises(RuntimeError):
        await answered(half)


async def test_what_is_not_http_passes_untouched():
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    await Edge(app, docs="", https=True, leaving=asyncio.Event())({"type": "lifespan"}, None, None)  # type: ignore[arg-type]

    assert seen == ["lifespan"]


def pieces(*messages: dict[str, Any]) -> Any:
    waiting = list(messages)

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    return receive


async def test_a_body_is_put_together():
    receive = pieces({"type": "http.request", "body": b"a", "more_body": True}, {"type": "http.request", "body": b"b"})

    assert await read_body(Headers({}), receive, 2) == b"ab"


async def test_a_declared_length_is_believed_before_anything_is_read():
    with pytest.raises(BodyTooLarge):
        await read_body(Headers({"content-length": "3"}), pieces(), 2)


async def test_a_caller_that_goes_away_is_no_fault_of_ours():
    with pytest.raises(BodyNotJson):
        await read_body(Headers({}), pieces({"type": "http.disconnect"}), 2)

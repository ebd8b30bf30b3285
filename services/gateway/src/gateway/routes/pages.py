"""What lies beside the API: health, the API's description, identity's keys, and the public page that verifies a document."""

import asyncio
import hashlib
import html
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from importlib import resources
from typing import Any

import grpc
from fastapi import APIRouter, Request, Response
from kernel.errors import DomainError, NotFound
from opentelemetry.trace import SpanKind
from servicekit import auth, telemetry
from servicekit.privacy import words_of
from starlette.responses import HTMLResponse, JSONResponse

from gateway.edge import http_seconds
from gateway.limits import Allowance, Limits
from gateway.problems import MEDIA_TYPE, MethodNotAllowed, NoSuchPage, Problem, TooManyRequests, catalogue, language

log = logging.getLogger(__name__)
PAGE_CSP = "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
IDENTIFIER = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
STATIC = {"page.css": "text/css; charset=utf-8", "verify.js": "text/javascript; charset=utf-8"}
Ask = Callable[[], Awaitable[Any]]


def static(name: str) -> bytes:
    return (resources.files("gateway") / "static" / name).read_bytes()


def template(name: str, values: Mapping[str, str]) -> str:
    """`{{name}}` is escaped, `{{{name}}}` is markup of ours."""
    text = static(name).decode("utf-8")
    text = re.sub(r"\{\{\{(\w+)\}\}\}", lambda found: values[found[1]], text)
    return re.sub(r"\{\{(\w+)\}\}", lambda found: html.escape(values[found[1]]), text)


class Pages:
    def __init__(
        self,
        *,
        ready: Callable[[], Awaitable[dict[str, bool]]],
        keys: Ask,
        verify: Callable[[str], Awaitable[Any]],
        limits: Limits,
        allowance: Allowance,
        openapi: bytes,
        docs: str,
        deadline_seconds: float,
        leaving: asyncio.Event,
    ) -> None:
        self.ready, self.keys, self.verify, self.leaving = ready, keys, verify, leaving
        self.limits, self.allowance = limits, allowance
        self.openapi, self.docs, self.deadline_seconds = openapi, docs, deadline_seconds
        self.openapi_tag = f'"{hashlib.sha256(openapi).hexdigest()[:16]}"'
        self.reference = reference(json.loads(openapi))

    def router(self) -> APIRouter:
        router = APIRouter()
        pages: dict[str, Callable[..., Any]] = {
            "/healthz": self.healthz,
            "/readyz": self.readyz,
            "/openapi.json": self.openapi_json,
            "/docs": self.docs_page,
            "/.well-known/jwks.json": self.jwks,
            "/v/{document_id}": self.verify_page,
            "/static/{name}": self.file,
        }
        for path, endpoint in pages.items():
            router.add_api_route(path, endpoint, methods=["GET"], include_in_schema=False, response_model=None)
        return router

    async def healthz(self) -> Response:
        return JSONResponse({"status": "SERVING"})

    async def readyz(self) -> Response:
        """Redis is told but not asked for: without it the limits are looser, and nothing else changes."""
        parts = await self.ready()
        serving = not self.leaving.is_set() and all(up for name, up in parts.items() if name != "redis")
        return JSONResponse({"status": "SERVING" if serving else "NOT_SERVING", "parts": parts}, 200 if serving else 503)

    async def openapi_json(self, request: Request) -> Response:
        if request.headers.get("if-none-match") == self.openapi_tag:
            return Response(status_code=304, headers={"etag": self.openapi_tag})
        return Response(self.openapi, media_type="application/json", headers={"etag": self.openapi_tag, "cache-control": "no-cache"})

    async def docs_page(self) -> Response:
        return HTMLResponse(self.reference, headers={"content-security-policy": PAGE_CSP})

    async def file(self, name: str, request: Request) -> Response:
        if name not in STATIC:
            return self.refuse(request, Problem.of(NoSuchPage("nothing lives at this path")))
        return Response(static(name), media_type=STATIC[name], headers={"cache-control": "public, max-age=3600"})

    async def jwks(self, request: Request) -> Response:
        try:
            answer = await self.keys()
        except (grpc.aio.AioRpcError, DomainError) as error:
            return self.refuse(request, Problem.of_rpc(error, "identity") if isinstance(error, grpc.aio.AioRpcError) else Problem.fault())
        return Response(answer.jwks, media_type="application/jwk-set+json", headers={"cache-control": "public, max-age=60"})

    async def verify_page(self, document_id: str, request: Request) -> Response:
        """The first 16 hex digits after # stay in the browser; a script compares them, the eye can too."""
        said = language(request.headers.get("accept-language", ""))
        words = catalogue(said)["pages"]
        headers = {"content-security-policy": PAGE_CSP, "cache-control": "no-store", "content-language": said}
        carrier = {key: request.headers[key] for key in ("traceparent",) if key in request.headers}
        began = time.perf_counter()
        with telemetry.span("HTTP GET /v/{document_id}", SpanKind.SERVER, carrier):
            status, answer = await self._verified(document_id, request)
        http_seconds.record(time.perf_counter() - began, {"route": "GET /v/{document_id}", "status": status})
        if answer is None:
            text = words["verify.unknown"] if status == 404 else words["verify.later"]
            rows, digest = "", ""
        else:
            digest = answer.body_digest[:16]
            text = words["verify.voided" if answer.state.startswith("VOID") else "verify.valid"]
            rows = "".join(
                f"<tr><th scope=row>{html.escape(words[f'verify.{name}'])}</th><td>{html.escape(value)}</td></tr>"
                for name, value in (
                    ("title", answer.form_name),
                    ("number", answer.number),
                    ("issuer", answer.issuer_name),
                    ("issued_on", answer.dated_on),
                    ("digest", " ".join(digest[i : i + 4] for i in range(0, 16, 4))),
                )
            )
        values = {
            "language": "zh-CN" if said == "zh" else "en",
            "heading": words["verify.heading"],
            "rows": rows,
            "text": text,
            "digest": digest,
            "match": words["verify.match"],
            "mismatch": words["verify.mismatch"],
            "compare": words["verify.compare"] if digest else "",
            "kind": "known" if digest else "unknown",
        }
        return HTMLResponse(template("verify.html", values), status, headers)

    async def _verified(self, document_id: str, request: Request) -> tuple[int, Any]:
        if not IDENTIFIER.fullmatch(document_id):
            return 404, None
        auth.user_token.set("")
        try:
            await self.limits.take(self.allowance, request.client.host if request.client else "")
            return 200, await self.verify(document_id.lower())
        except NotFound:
            return 404, None
        except TooManyRequests:
            return 429, None
        except (grpc.aio.AioRpcError, DomainError) as error:
            log.warning("the document could not be verified: %s", words_of(error))
            return 503, None

    async def wrong_method(self, request: Request, _: Exception) -> Response:
        """The pages are read, never written."""
        return self.refuse(request, Problem.of(MethodNotAllowed("this page is read by GET", allowed="GET"), headers=(("allow", "GET"),)))

    def refuse(self, request: Request, problem: Problem) -> Response:
        said = language(request.headers.get("accept-language", ""))
        body = problem.render(language=said, trace_id=telemetry.trace_id(), docs=self.docs)
        return Response(body, problem.status, dict(problem.headers), MEDIA_TYPE)


def reference(document: dict[str, Any]) -> str:
    """The operations as one page, by service."""
    parts = []
    for tag in document["tags"]:
        parts.append(f"<h2 id={html.escape(tag['name'])}>{html.escape(tag['name'])}</h2><p>{html.escape(tag['description'])}</p>")
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if tag["name"] in operation["tags"]:
                    parts.append(entry(document, method, path, operation))
    return template(
        "docs.html", {"title": document["info"]["title"], "text": document["info"]["description"], "operations": "".join(parts)}
    )


def entry(document: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> str:
    title = operation.get("x-title", {}).get("zh", "")
    lines = [
        "<details><summary>",
        f"<code class=method>{method.upper()}</code> <code>{html.escape(path)}</code> <span>{html.escape(title)}</span></summary>",
        f"<p>{html.escape(operation['description'])}</p>",
    ]
    if "x-permission" in operation:
        lines.append(f"<p>Permission <code>{html.escape(operation['x-permission'])}</code></p>")
    rows = [parameter(document, each) for each in operation["parameters"]]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    for name, schema in resolved(document, body).get("properties", {}).items():
        rows.append((name, "body", kind(schema), schema.get("description", "")))
    cells = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    lines.append(f"<table><thead><tr><th>name<th>in<th>type<th>meaning</tr></thead><tbody>{cells}</tbody></table>")
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    lines.append(
        f"<p>Answers <code>{html.escape(kind(answer))}</code>; refusals: {', '.join(sorted(operation['responses'])[1:])}.</p></details>"
    )
    return "".join(lines)


def parameter(document: dict[str, Any], each: dict[str, Any]) -> tuple[str, str, str, str]:
    found = resolved(document, each)
    return found["name"], found["in"], kind(found["schema"]), found.get("description", "")


def resolved(document: dict[str, Any], each: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in each:
        return each
    found: Any = document
    for step in each["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


def kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[1]
    if schema.get("type") == "array":
        return f"{kind(schema['items'])}[]"
    if "enum" in schema:
        return " | ".join(schema["enum"])
    return str(schema.get("format") or schema.get("type", "any"))

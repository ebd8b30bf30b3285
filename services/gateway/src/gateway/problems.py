"""Refusals as problem+json (RFC 9457), with the reason, its facts, and its words in the language of the reader."""

import json
import re
from dataclasses import asdict, dataclass
from functools import cache
from http import HTTPStatus
from importlib import resources
from typing import Any, ClassVar

import grpc
from google.rpc import error_details_pb2, status_pb2
from kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Precondition

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = "1"


@dataclass(frozen=True)
class FieldProblem:
    """One field that is wrong."""

    field: str
    reason: str
    detail: str


class Refused(DomainError):
    """Refused at the gateway for a cause that no service knows."""

    status: ClassVar[int] = 500


class InvalidField(Invalid):
    """A field has the wrong type or form."""


class UnknownField(Invalid):
    """The request has a field that the contract does not know."""


class BodyNotJson(Invalid):
    """The body cannot be read as JSON."""


class BodyTooDeep(Invalid):
    """The body is nested deeper than any form is."""


class RequestIdMissing(Invalid):
    """A write has to carry an Idempotency-Key."""


class RequestIdMalformed(Invalid):
    """The Idempotency-Key is no UUID."""


class VersionMalformed(Invalid):
    """If-Match is not an ETag that this platform gave."""


class VersionMissing(Refused):
    """A write on an existing thing has to name the version that was read."""

    status = 428


class TokenMissing(Refused):
    """There is no bearer token."""

    status = 401


class NoSuchPage(NotFound):
    """Nothing lives at this path."""


class MethodNotAllowed(Refused):
    """The path exists, but not for this method."""

    status = 405


class BodyTooLarge(Refused):
    """The body is larger than the gateway takes."""

    status = 413


class ContentTypeNotJson(Refused):
    """The body is not declared as application/json."""

    status = 415


class TooManyRequests(Refused):
    """The allowance of this user or address is used up for now."""

    status = 429


class Internal(Refused):
    """Our fault; the log has it under the trace id."""

    status = 500


class Unavailable(Refused):
    """A part of the platform does not answer."""

    status = 503


KINDS: tuple[tuple[type[DomainError], int], ...] = (
    (Invalid, 400),
    (Forbidden, 403),
    (NotFound, 404),
    (Precondition, 409),
    (Conflict, 409),
)
CODES = {
    grpc.StatusCode.INVALID_ARGUMENT: 400,
    grpc.StatusCode.OUT_OF_RANGE: 400,
    grpc.StatusCode.UNAUTHENTICATED: 401,
    grpc.StatusCode.PERMISSION_DENIED: 403,
    grpc.StatusCode.NOT_FOUND: 404,
    grpc.StatusCode.FAILED_PRECONDITION: 409,
    grpc.StatusCode.ABORTED: 409,
    grpc.StatusCode.ALREADY_EXISTS: 409,
    grpc.StatusCode.RESOURCE_EXHAUSTED: 429,
    grpc.StatusCode.UNAVAILABLE: 503,
    grpc.StatusCode.DEADLINE_EXCEEDED: 503,
}


@dataclass(frozen=True)
class Problem:
    """What went wrong, before it has a language."""

    status: int
    reason: str
    service: str
    detail: str
    facts: dict[str, Any]
    fields: tuple[FieldProblem, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, error: DomainError, service: str = "gateway", headers: tuple[tuple[str, str], ...] = ()) -> "Problem":
        status = error.status if isinstance(error, Refused) else next(code for kind, code in KINDS if isinstance(error, kind))
        facts = {key: value for key, value in error.facts.items() if key != "fields"}
        if status in {429, 503} and not headers:
            headers = (("retry-after", str(facts.get("retry_after", RETRY_AFTER))),)
        return cls(status, error.reason, service, error.text, facts, tuple(error.facts.get("fields", ())), headers)  # type: ignore[arg-type]

    @classmethod
    def of_rpc(cls, error: grpc.aio.AioRpcError, service: str) -> "Problem":
        """The refusal of a service. What has no reason of the domain's is our fault or an absence, and says nothing more."""
        status = CODES.get(error.code(), 500)
        found = error_info(error)
        if status == 503:
            reason = found.reason if found and found.reason else "UNAVAILABLE"
            facts: dict[str, Any] = dict(found.metadata) if found else {"dependency": service}
            return cls(503, reason, service, "a part of the platform does not answer", facts, headers=(("retry-after", RETRY_AFTER),))
        if status == 500 or found is None:
            return cls.fault(service) if status != 429 else cls.of(TooManyRequests("the service is full"), service)
        facts = dict(found.metadata)
        headers = (("retry-after", facts.get("retry_after", RETRY_AFTER)),) if status == 429 else ()
        return cls(status, found.reason, found.domain.removesuffix(".anzhi") or service, error.details() or "", facts, (), headers)

    @classmethod
    def fault(cls, service: str = "gateway") -> "Problem":
        return cls.of(Internal("an internal fault; the log has it under this trace id"), service)

    def render(self, *, language: str, trace_id: str, docs: str) -> bytes:
        body: dict[str, Any] = {
            "type": f"{docs}#{self.reason}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "reason": self.reason,
            "service": self.service,
            "detail": self.detail,
            "message": message(language, self.reason, self.facts) or self.detail,
            "facts": self.facts,
        }
        if self.fields:
            body["fields"] = [asdict(field) for field in self.fields]
        body["trace_id"] = trace_id
        return json.dumps(body, ensure_ascii=False, default=str).encode()


def error_info(error: grpc.aio.AioRpcError) -> error_details_pb2.ErrorInfo | None:
    metadata: Any = error.trailing_metadata() or ()
    for key, value in metadata:
        if key == "grpc-status-details-bin":
            status = status_pb2.Status.FromString(value if isinstance(value, bytes) else value.encode("latin-1"))
            for detail in status.details:
                found = error_details_pb2.ErrorInfo()
                if detail.Unpack(found):
                    return found
    return None


@cache
def catalogue(language: str) -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = json.loads((resources.files("anzhi") / "catalogue" / f"{language}.json").read_text("utf-8"))
    return words


def message(language: str, reason: str, facts: dict[str, Any]) -> str:
    """The words of the reason, with facts in their places: `{officer}`."""
    text = catalogue(language).get("reasons", {}).get(reason, "")
    return re.sub(r"\{(\w+)\}", lambda found: str(facts.get(found[1], "…")), text)


def language(accepted: str) -> str:
    """Chinese, unless English is preferred."""
    best = {"zh": 0.0, "en": 0.0}
    for part in accepted.split(","):
        tag, _, weight = part.strip().partition(";q=")
        code = tag.lower().split("-")[0]
        if code in best:
            best[code] = max(best[code], quality(weight))
    return "en" if best["en"] > best["zh"] else "zh"


def quality(weight: str) -> float:
    try:
        return float(weight) if weight else 1.0
    except ValueError:
        return 0.0

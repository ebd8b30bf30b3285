"""What may leave a process in a log or a span: never what people told the platform.

An exception is shown by its kind, its place and, only where no one's data can be in it, its words. Numbers of persons and secrets
that get into a text all the same are blotted out by their shape.
"""

import re
import traceback
from collections.abc import Iterator
from typing import Any

import grpc.aio
from aiokafka.errors import KafkaError
from kernel.errors import DomainError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from servicekit.faults import Unavailable

# Their words name places, settings and types. A ValueError or a KeyError repeats the value; a DomainError has a reason instead.
_SPOKEN = (OSError, KafkaError, PoolTimeout, TimeoutError, Unavailable, RuntimeError, TypeError, AttributeError, ImportError)
_BLOTS = (
    # Resident identity card: 17 digits and a check sign. Mobile number of the mainland.
    (re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])"), "[id]"),
    (re.compile(r"(?<![0-9A-Za-z])(?:\+?86-?)?1[3-9]\d{9}(?![0-9A-Za-z])"), "[phone]"),
    (re.compile(r"eyJ[\w-]{8,}(?:\.[\w-]+){1,2}"), "[token]"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}"), r"\1 [token]"),
    (re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+@"), "[secret]@"),
    (re.compile(r"(?i)((?:password|passwd|secret|token|assertion|signature)[\"']?\s*[=:]\s*[\"']?)[^\s\"'&,;}]+"), r"\1[secret]"),
    (re.compile(r"(?i)((?:totp|otp|code)[\"']?\s*[=:]\s*[\"']?)\d{6}(?!\d)"), r"\1[secret]"),
)


def redacted(value: Any) -> Any:
    """The same with numbers of persons and secrets blotted out; whatever is no text, list or mapping stays."""
    if isinstance(value, str):
        for pattern, put in _BLOTS:
            value = pattern.sub(put, value)
        return value
    if isinstance(value, dict):
        return {redacted(key): redacted(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redacted(item) for item in value]
    return value


def words_of(error: BaseException) -> str:
    """What may be said of an error."""
    kind = type(error).__name__
    if isinstance(error, DomainError):
        return f"{kind} {error.reason}"
    if isinstance(error, DBAPIError):
        said = (getattr(error.orig, name, None) for name in ("sqlstate", "table_name", "constraint_name"))
        return " ".join((kind, type(error.orig).__name__, *(str(each) for each in said if each)))
    if isinstance(error, grpc.aio.AioRpcError):
        code = error.code()
        words = error.details() if code in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED) else ""
        return redacted(f"{kind} {code.name} {words or ''}".rstrip())  # type: ignore[no-any-return]
    if isinstance(error, _SPOKEN):
        return redacted(f"{kind}: {error}")  # type: ignore[no-any-return]
    code_ = getattr(error, "code", None)
    return f"{kind} {code_}" if isinstance(code_, str) else kind


def traced(error: BaseException) -> str:
    """A traceback without the values that the messages of its exceptions may hold."""
    return "\n".join(_chain(error, set()))


def _chain(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _chain(before, seen)
        yield "-- then --"
    yield from (line.rstrip("\n") for line in traceback.format_tb(error.__traceback__))
    yield words_of(error)
    for inner in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield "-- in it --"
        yield from _chain(inner, seen)

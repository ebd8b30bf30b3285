"""The body of a document: its content without number, seal and QR code. People sign its digest; the foot prints it."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from kernel.days import SHANGHAI
from kernel.errors import Invalid

from documents.domain.forms import Form, Kind

LONGEST_TEXT = 20_000
LONGEST_LIST = 500
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class UnknownField(Invalid):
    """The form has no such field."""


class FieldMalformed(Invalid):
    """The value is not of the field's kind, or too long."""


def merged(form: Form, known: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What the owner knows as far as the form has it, and what the drafter gives over that. None removes a field."""
    content = {name: value for name, value in known.items() if name in form.fields and not _empty(value)}
    for name, value in given.items():
        if name not in form.fields:
            raise UnknownField(f"{form.zh} has no field {name}", form=form.id, field=name, fields=",".join(sorted(form.fields)))
        if _empty(value):
            content.pop(name, None)
        else:
            content[name] = value
    for name, value in content.items():
        _check(form, name, value)
    return content


def _empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _check(form: Form, name: str, value: Any) -> None:
    kind = form.fields[name].kind
    right = {
        Kind.TEXT: isinstance(value, str | int) and not isinstance(value, bool),
        Kind.LIST: isinstance(value, list),
        Kind.DATE: isinstance(value, str),
        Kind.INSTANT: isinstance(value, str),
        Kind.BOOL: isinstance(value, bool),
        Kind.NUMBER: isinstance(value, int | float | str),
    }[kind]
    if not right or (kind is Kind.LIST and len(value) > LONGEST_LIST):
        raise FieldMalformed(f"{name} is a {kind}", form=form.id, field=name, kind=str(kind))
    for text in texts(value):
        if len(text) > LONGEST_TEXT or _CONTROL.search(text):
            raise FieldMalformed(f"{name} is too long or has control characters", form=form.id, field=name, kind=str(kind))


def texts(value: Any) -> list[str]:
    """Every piece of text in a value, whatever it is nested in."""
    if isinstance(value, Mapping):
        return [text for item in value.values() for text in texts(item)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in texts(item)]
    return [str(value)]


def missing_fields(form: Form, content: Mapping[str, Any]) -> list[str]:
    """Mandatory fields (4.2, 4.4) that are blank. An alternative counts once, by its first name."""
    filled = {name for name, value in content.items() if not _empty(value) and (not isinstance(value, str) or value.strip())}
    missing = [alternatives[0].name for alternatives in form.mandatory if not any(field.name in filled for field in alternatives)]
    for name, needed in form.needs.items():
        if name in filled:
            missing += [other for other in needed if other not in filled]
    return missing


def digest(document_id: UUID, form: Form, template_version: str, issuer_name: str, content: Mapping[str, Any]) -> str:
    """SHA-256 over one spelling of the body (RFC 8785 in what occurs here): sorted keys, no blanks, UTF-8."""
    body = {
        "document": str(document_id),
        "form": form.id,
        "template": template_version,
        "issuer": issuer_name,
        "content": {name: content[name] for name in sorted(content) if name in form.fields},
    }
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def shown(form: Form, content: Mapping[str, Any]) -> dict[str, Any]:
    """The content as it is printed: days and instants in words."""
    printed: dict[str, Any] = {}
    for name, value in content.items():
        kind = form.fields[name].kind
        if kind is Kind.INSTANT:
            printed[name] = instant_in_words(str(value))
        elif kind is Kind.NUMBER and isinstance(value, float) and value.is_integer():
            printed[name] = int(value)
        else:
            printed[name] = _dates_in_words(value)
    return printed


def _dates_in_words(value: Any) -> Any:
    """ISO days, also inside lists (`due_on`, `date`), as 2022年8月16日."""
    if isinstance(value, Mapping):
        return {name: _dates_in_words(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_dates_in_words(item) for item in value]
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return day_in_words(date.fromisoformat(value))
        except ValueError:
            return value
    return value


def day_in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def instant_in_words(text: str) -> str:
    """An ISO instant in Shanghai time; a text that is none stands as it is."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    if at.tzinfo is not None:
        at = at.astimezone(SHANGHAI)
    if "T" not in text and " " not in text:
        return day_in_words(at.date())
    return f"{day_in_words(at.date())}{at.hour}时{at.minute:02d}分"

"""What callers may read of documents."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from kernel.days import legal_day
from kernel.errors import NotFound, Precondition
from kernel.moves import Facts

from documents.domain import body
from documents.domain.document import Document
from documents.domain.forms import Form, forms
from documents.domain.rows import SEALED_FILE, State
from documents.domain.signature import Capacity, Signature, missing_signatures

if TYPE_CHECKING:
    from documents.application.ports import Outside, Uow


class NotSealed(Precondition):
    """There is no sealed file yet."""


class NothingToVerify(NotFound):
    """No sealed document has this id."""


class View:
    """A document as callers see it. Read when it is copied, so that the version is the one that was written."""

    def __init__(self, document: Document, outside: "Outside") -> None:
        self.document, self.outside = document, outside

    def __getattr__(self, name: str) -> Any:
        return getattr(self.document, name)

    @property
    def signatures(self) -> list[dict[str, Any]]:
        return [_shown(signature, self.document) for signature in self.document.signatures]

    @property
    def deadlines(self) -> list[Any]:
        return self.document.timers

    @property
    def verify_url(self) -> str:
        return self.outside.verify_url(self.document)


def _shown(signature: Signature, document: Document) -> dict[str, Any]:
    counts = bool(document.body_digest) and signature.body_digest == document.body_digest
    return {name: getattr(signature, name) for name in SHOWN} | {"counts": counts}


SHOWN = (
    "id",
    "signer_id",
    "signer_name",
    "capacity",
    "method",
    "body_digest",
    "stroke_evidence_id",
    "certificate_number",
    "certificate_valid_to_on",
    "device_id",
    "place",
    "opinion",
    "entered_by",
    "signed_at",
    "recorded_at",
)


async def machine(uow: "Uow", *, id: UUID) -> Document:
    return await uow.document(id)


async def document(uow: "Uow", *, outside: "Outside", id: UUID) -> View:
    return View(await uow.document(id), outside)


async def documents(
    uow: "Uow",
    *,
    outside: "Outside",
    object_kind: str,
    object_id: UUID | None,
    matter_id: UUID | None,
    form: str,
    state: str,
    size: int,
    token: str,
) -> dict[str, Any]:
    found, following = await uow.search(
        object_kind=object_kind, object_id=object_id, matter_id=matter_id, form=form, state=state, size=size, token=token
    )
    return {"documents": [View(one, outside) for one in found], "next_page_token": following}


async def numbers(uow: "Uow", *, issuer_id: str, letter_code: str, year: int, size: int, token: str) -> dict[str, Any]:
    found, following = await uow.numbers(issuer_id=issuer_id, letter_code=letter_code, year=year, size=size, token=token)
    return {"numbers": found, "next_page_token": following}


async def file(uow: "Uow", *, outside: "Outside", id: UUID) -> dict[str, Any]:
    found = await uow.document(id)
    if not found.sha256:
        raise NotSealed("there is no sealed file yet", state=str(found.state))
    url, expires_at = await outside.press.link(found)
    return {
        "document_id": found.id,
        "url": url,
        "url_expires_at": expires_at,
        "media_type": "application/pdf",
        "file_name": f"{found.title}{found.number}.pdf",
        "sha256": found.sha256,
        "sm3": found.sm3,
        "size": found.size,
        "object_key": found.object_key,
        "object_version": found.object_version,
        "locked_until_on": found.locked_until_on,
    }


async def verify(uow: "Uow", *, id: UUID, digest: str, file_sha256: str) -> dict[str, Any]:
    """What the page behind the QR code shows: nothing of the content, nobody's name."""
    try:
        found = await uow.document(id)
    except NotFound as error:
        raise NothingToVerify("no sealed document has this id", id=str(id)) from error
    if not found.sha256:
        raise NothingToVerify("no sealed document has this id", id=str(id))
    given = digest.strip().lower().replace(" ", "")
    return {
        "id": found.id,
        "form_name": found.title,
        "number": found.number,
        "issuer_name": found.issuer_name,
        "dated_on": found.dated_on,
        "state": found.state,
        "match": len(given) >= 16 and found.body_digest.startswith(given),
        "file_match": bool(file_sha256) and found.sha256 == file_sha256.strip().lower(),
        "body_digest": found.body_digest,
    }


async def check(uow: "Uow", *, facts: Facts, outside: "Outside", document_id: UUID, capacities: Sequence[str]) -> dict[str, Any]:
    """Whether the document could be sealed now, as far as its content and these signatures go."""
    found = await uow.document(document_id)
    wanted = [Capacity(word) for word in capacities] if capacities else list(found.wanted_signatures())
    problems = [*_content_problems(found, outside), *_signature_problems(found, wanted, facts)]
    return {
        "ok": not problems,
        "problems": problems,
        "body_digest": found.body_digest,
        "signatures": found.counting,
        "form": found.form,
        "state": found.state,
        "object_kind": found.object_kind,
        "object_id": found.object_id,
        "fields": found.content,
        "number": found.number,
    }


def characters_of(document: Document) -> str:
    """Everything that will be printed from data: content, issuer, names of signers."""
    names = [text for signature in document.signatures for text in (signature.signer_name, signature.opinion)]
    return "".join([*body.texts(document.content), document.issuer_name, *names])


def _content_problems(document: Document, outside: "Outside") -> list[dict[str, str]]:
    problems = [
        {"reason": "FIELD_MISSING", "field": name, "detail": document.spec.fields[name].zh}
        for name in body.missing_fields(document.spec, document.content)
    ]
    for name, value in sorted(document.content.items()):
        for letter in outside.missing_characters("".join(body.texts(value))):
            problems.append({"reason": "GLYPH_MISSING", "field": name, "detail": f"{letter} U+{ord(letter):04X}"})
    if document.state is State.VOID:
        problems.append({"reason": "DOCUMENT_VOID", "field": "", "detail": document.void_reason})
    return problems


def _signature_problems(document: Document, wanted: Sequence[Capacity], facts: Facts) -> list[dict[str, str]]:
    if not document.body_digest:
        return [{"reason": "BODY_OPEN", "field": "", "detail": "the body is not frozen"}]
    problems = [
        {"reason": "SIGNATURE_MISSING", "field": str(capacity), "detail": f"a signature as {capacity} is missing"}
        for capacity in missing_signatures(wanted, document.counting)
    ]
    if document.state in SEALED_FILE:
        return problems
    today = legal_day(facts.now)
    for signature in document.counting:
        last = signature.certificate_valid_to_on
        if signature.capacity is Capacity.OFFICER and (last is None or last < today):
            problems.append({"reason": "CERTIFICATE_EXPIRED", "field": signature.signer_id, "detail": signature.certificate_number})
    return problems


async def forms_on(uow: "Uow", *, facts: Facts, on: date | None) -> dict[str, Any]:
    day = on or legal_day(facts.now)
    return {"forms": [_form(form, day) for form in forms().values()]}


def _form(form: Form, day: date) -> dict[str, Any]:
    mandatory = {field.name for alternatives in form.mandatory for field in alternatives if len(alternatives) == 1}
    in_force = [template for template in form.templates if template.valid_from <= day]
    template = max(in_force, key=lambda found: found.valid_from) if in_force else None
    return {
        "id": form.id,
        "ws_code": form.ws_code,
        "name_zh": form.zh,
        "name_en": form.en,
        "letter_code": form.code,
        "numbered": form.numbered,
        "seal": str(form.seal),
        "reviewed": form.reviewed,
        "served": form.served,
        "capacities": form.sign,
        "fields": [
            {"name": field.name, "name_zh": field.zh, "kind": str(field.kind), "mandatory": field.name in mandatory}
            for field in form.fields.values()
        ],
        "approved_by": form.approved_by,
        "template": template.name if template else "",
        "template_version": template.version if template else "",
        "template_valid_from_on": template.valid_from if template else "",
    }

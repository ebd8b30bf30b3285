"""W01 to W03 and the signatures: what people do with a document before it is sealed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from kernel.days import legal_day
from kernel.guards import Certificate, CertificateMissing, CertificateNotValid, CertificateState, Officer, OfficerUnknown
from kernel.moves import Facts

from documents.application.ports import Outside, Uow
from documents.application.queries import View, characters_of
from documents.domain import body
from documents.domain.document import Document, LinkKind
from documents.domain.forms import form as form_of
from documents.domain.signature import Capacity, Method, Signature

USABLE = (CertificateState.VALID, CertificateState.EXPIRING)


async def create_draft(
    uow: Uow,
    *,
    facts: Facts,
    outside: Outside,
    form: str,
    object_kind: str,
    object_id: UUID,
    content: Mapping[str, Any],
    links: Sequence[tuple[str, UUID]],
) -> View:
    spec, today = form_of(form), legal_day(facts.now)
    template = spec.template(today)
    answer = await outside.owners.may_draft(form, object_kind, object_id)
    known = answer.fields if answer.allowed else {}
    issuer = await outside.bodies.issuer(answer.org_id or facts.by.org_id, today)
    document = Document(
        id=uuid4(),
        form=form,
        title=spec.zh,
        object_kind=object_kind,
        object_id=object_id,
        matter_id=answer.matter_id or object_id,
        org_id=answer.org_id or facts.by.org_id,
        org_path=answer.org_path or facts.by.org_path,
        issuer_id=issuer.id,
        issuer_name=issuer.name,
        issuer_abbreviation=issuer.abbreviation,
        template_version=template.version,
        content=body.merged(spec, known, content),
        drafted_by=facts.by.id,
        drafted_at=facts.now,
    )
    for kind, linked in links:
        await uow.document(linked)
        document.link(LinkKind(kind), linked)
    uow.record(document.begin(replace(facts, known={"may_draft": answer})))
    uow.add(document)
    return View(document, outside)


async def update_draft(uow: Uow, *, facts: Facts, outside: Outside, document_id: UUID, version: int, content: Mapping[str, Any]) -> View:
    document = await uow.document(document_id)
    uow.expect(document, version)
    document.write(content)
    return View(document, outside)


async def freeze_body(uow: Uow, *, facts: Facts, outside: Outside, document_id: UUID, version: int) -> View:
    document = await uow.document(document_id)
    uow.expect(document, version)
    document.freeze(with_characters(facts, document, outside))
    return View(document, outside)


async def submit(uow: Uow, *, facts: Facts, outside: Outside, document_id: UUID, version: int) -> View:
    document = await uow.document(document_id)
    uow.expect(document, version)
    document.submit(with_characters(facts, document, outside))
    return View(document, outside)


async def send_back(uow: Uow, *, facts: Facts, outside: Outside, document_id: UUID, version: int, reason: str) -> View:
    document = await uow.document(document_id)
    uow.expect(document, version)
    uow.record(document.send_back(facts, reason))
    return View(document, outside)


async def sign(
    uow: Uow,
    *,
    facts: Facts,
    outside: Outside,
    document_id: UUID,
    capacity: str,
    method: str,
    signer_name: str,
    body_digest: str,
    stroke_evidence_id: str,
    device_id: str,
    place: str,
    opinion: str,
) -> View:
    """An official signs with his own token; who has no account signs before an officer, who enters it."""
    document = await uow.document(document_id)
    signature = Signature(
        id=uuid4(),
        document_id=document.id,
        org_path=document.org_path,
        capacity=Capacity(capacity),
        method=Method(method),
        signer_id="",
        signer_name=signer_name.strip(),
        body_digest=body_digest,
        stroke_evidence_id=stroke_evidence_id,
        certificate_number="",
        certificate_valid_to_on=None,
        device_id=device_id,
        place=place,
        opinion=opinion.strip(),
        entered_by=facts.by.id,
        signed_at=facts.now,
        recorded_at=datetime.now(UTC),
    )
    if signature.official:
        await _identify(signature, facts, outside)
    document.check_signature(signature, document.roles_of(facts.by))
    document.signatures.append(signature)
    return View(document, outside)


async def _identify(signature: Signature, facts: Facts, outside: Outside) -> None:
    officer = await known_officer(facts.by.id, facts, outside)
    signature.signer_id, signature.signer_name, signature.entered_by = officer.id, officer.name, ""
    if signature.capacity is Capacity.OFFICER:
        certificate = usable_certificate(officer, facts)
        signature.certificate_number, signature.certificate_valid_to_on = certificate.number, certificate.valid_to


async def known_officer(officer_id: str, facts: Facts, outside: Outside) -> Officer:
    found = await outside.officers.officers([officer_id], facts.now)
    if not found or not found[0].active:
        raise OfficerUnknown("this person is no officer in service", officer=officer_id)
    return found[0]


def usable_certificate(officer: Officer, facts: Facts) -> Certificate:
    """The one that holds longest. The owner's row judges place and field (G01). Law: APL 42, 55."""
    usable = [certificate for certificate in officer.certificates if certificate.state_at(facts.now) in USABLE]
    if usable:
        return max(usable, key=lambda certificate: certificate.valid_to)
    if not officer.certificates:
        raise CertificateMissing("the officer holds no enforcement certificate", officer=officer.id)
    last = max(officer.certificates, key=lambda certificate: certificate.valid_to)
    raise CertificateNotValid(
        f"the certificate is {last.state_at(facts.now)}",
        officer=officer.id,
        number=last.number,
        state=str(last.state_at(facts.now)),
        on=legal_day(facts.now).isoformat(),
    )


def with_characters(facts: Facts, document: Document, outside: Outside) -> Facts:
    missing = outside.missing_characters(characters_of(document))
    return replace(facts, known={**facts.known, "missing_characters": tuple(missing)})

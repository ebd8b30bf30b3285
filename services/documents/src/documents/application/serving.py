"""W09 to W11, W13 and W18: service and its receipt (5.7, F40)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

from kernel.moves import Facts, Role
from kernel.timers import Timer

from documents.application.drafting import known_officer, usable_certificate
from documents.application.ports import Outside, Uow
from documents.application.queries import View
from documents.application.releasing import issue
from documents.domain.delivery import Delivery, Mode, Outcome
from documents.domain.document import Document, LinkKind
from documents.domain.forms import form as form_of
from documents.domain.rows import RECEIPT, State
from documents.domain.signature import Capacity, Method, Signature

NAMES_OF_A_MATTER = ("case_name", "matter_name", "inspection_title")


async def serve(
    uow: Uow, *, facts: Facts, outside: Outside, document_id: UUID, version: int, mode: str, recipient: str, address: str
) -> View:
    document = await uow.document(document_id)
    uow.expect(document, version)
    answer = await outside.owners.may_serve(document)
    delivery = Delivery(Mode(mode), recipient.strip(), facts.now, address)
    document.serve(replace(facts, known={"may_serve": answer}), delivery)
    receipt = _open_receipt(document, delivery, facts)
    uow.record(receipt.begin(_system(facts)))
    uow.add(receipt)
    return View(document, outside)


def _system(facts: Facts) -> Facts:
    """The receipt and the effect of service are made by the platform, in the name of the officer who served."""
    return replace(facts, by=replace(facts.by, roles=frozenset({Role.SYS})))


def _open_receipt(document: Document, delivery: Delivery, facts: Facts) -> Document:
    spec = form_of(RECEIPT)
    receipt = Document(
        id=uuid4(),
        form=RECEIPT,
        title=spec.zh,
        object_kind=document.object_kind,
        object_id=document.object_id,
        matter_id=document.matter_id,
        org_id=document.org_id,
        org_path=document.org_path,
        issuer_id=document.issuer_id,
        issuer_name=document.issuer_name,
        issuer_abbreviation=document.issuer_abbreviation,
        template_version=spec.templates[-1].version,
        content={
            "matter_name": next((document.content[name] for name in NAMES_OF_A_MATTER if document.content.get(name)), document.title),
            "recipient": delivery.recipient,
            "rows": [{"title": document.title, "number": document.number}],
        },
        drafted_by=facts.by.id,
        drafted_at=facts.now,
    )
    receipt.link(LinkKind.RECEIPT_OF, document.id)
    document.link(LinkKind.RECEIPT, receipt.id)
    return receipt


async def fail_delivery(
    uow: Uow, *, facts: Facts, outside: Outside, document_id: UUID, version: int, reason: str, next_mode: str, recipient: str, address: str
) -> View:
    document = await uow.document(document_id)
    uow.expect(document, version)
    current = document.current_delivery
    known = current.recipient if current else ""
    document.fail_delivery(facts, reason, Delivery(Mode(next_mode), recipient.strip() or known, facts.now, address))
    return View(document, outside)


async def record_delivery(
    uow: Uow,
    *,
    facts: Facts,
    outside: Outside,
    document_id: UUID,
    version: int,
    receiver: str,
    receiver_post: str,
    place: str,
    delivered_at: datetime | None,
    proof_evidence_ids: Sequence[str],
    second_server_id: str,
) -> View:
    document = await uow.document(document_id)
    uow.expect(document, version)
    delivery = replace(
        _current(document, facts),
        outcome=Outcome.DELIVERED,
        receiver=receiver.strip(),
        receiver_post=receiver_post,
        place=place,
        delivered_at=delivered_at or facts.now,
        proof_evidence_ids=tuple(proof_evidence_ids),
        server_ids=_servers(facts, second_server_id),
    )
    document.deliver(facts, delivery)
    await _conclude(uow, document, delivery, facts, outside)
    return View(document, outside)


async def note_refusal(
    uow: Uow,
    *,
    facts: Facts,
    outside: Outside,
    document_id: UUID,
    version: int,
    reason: str,
    witness: str,
    place: str,
    delivered_at: datetime | None,
    proof_evidence_ids: Sequence[str],
    second_server_id: str,
) -> View:
    document = await uow.document(document_id)
    uow.expect(document, version)
    delivery = replace(
        _current(document, facts),
        mode=Mode.LEAVE,
        outcome=Outcome.REFUSED,
        reason=reason.strip(),
        witness=witness.strip(),
        place=place,
        delivered_at=delivered_at or facts.now,
        proof_evidence_ids=tuple(proof_evidence_ids),
        server_ids=_servers(facts, second_server_id),
    )
    document.note_refusal(facts, delivery)
    await _conclude(uow, document, delivery, facts, outside)
    return View(document, outside)


def _current(document: Document, facts: Facts) -> Delivery:
    # From another state than SERVING the move itself refuses, with the states that allow it.
    return document.current_delivery or Delivery(Mode.DIRECT, "", facts.now)


def _servers(facts: Facts, second: str) -> tuple[str, ...]:
    return (facts.by.id, second) if second else (facts.by.id,)


async def _conclude(uow: Uow, document: Document, delivery: Delivery, facts: Facts, outside: Outside) -> None:
    """The receipt is filled in, signed, numbered and sealed; then service counts, at once or on the deemed day."""
    receipt = await uow.document(document.linked(LinkKind.RECEIPT)[-1])
    await _fill_receipt(receipt, document, delivery, facts, outside)
    await issue(uow, receipt, _system(facts), outside)
    if document.deemed_reached(facts.now):
        await _take_effect(uow, document, receipt.id, _system(facts))


async def _take_effect(uow: Uow, document: Document, receipt_id: UUID, facts: Facts) -> None:
    """W13; and what this document revokes is revoked by its service (W15)."""
    for happened in document.take_effect_by_service(facts, receipt_id):
        uow.record(happened)
    for revoked_id in document.linked(LinkKind.REVOKES):
        revoked = await uow.document(revoked_id)
        if revoked.state is State.EFFECTIVE:
            uow.record(revoked.revoke(document, facts))


async def _fill_receipt(receipt: Document, document: Document, delivery: Delivery, facts: Facts, outside: Outside) -> None:
    row = {
        "title": document.title,
        "number": document.number,
        "receiver": delivery.receiver or ("拒收" if delivery.outcome is Outcome.REFUSED else ""),
        "place": delivery.place or delivery.address,
        "date": document.served_on.isoformat() if document.served_on else "",
        "mode": delivery.mode.zh,
        "in_person": delivery.mode.in_person,
    }
    remarks = "；".join(
        text
        for text in (
            f"拒收事由：{delivery.reason}" if delivery.outcome is Outcome.REFUSED else "",
            f"见证人：{delivery.witness}" if delivery.witness else "",
            f"收件人身份：{delivery.receiver_post}" if delivery.receiver_post else "",
            *(f"{attempt.mode.zh}未成：{attempt.reason}" for attempt in document.deliveries if attempt.outcome is Outcome.FAILED),
        )
        if text
    )
    receipt.write({"rows": [row], "recipient": delivery.recipient, "remarks": remarks or None})
    receipt.freeze(facts)
    proof = delivery.proof_evidence_ids[0] if delivery.proof_evidence_ids else ""
    if delivery.mode.in_person:
        receipt.signatures.append(_signature(receipt, Capacity.PARTY, Method.PAPER_SCAN, "", delivery.receiver, proof, facts))
    for server_id in delivery.server_ids:
        officer = await known_officer(server_id, facts, outside)
        certificate = usable_certificate(officer, facts)
        method = Method.CERTIFICATE if server_id == facts.by.id else Method.PAPER_SCAN
        signature = _signature(receipt, Capacity.OFFICER, method, officer.id, officer.name, proof, facts)
        signature.certificate_number, signature.certificate_valid_to_on = certificate.number, certificate.valid_to
        receipt.signatures.append(signature)


def _signature(receipt: Document, capacity: Capacity, method: Method, signer: str, name: str, proof: str, facts: Facts) -> Signature:
    return Signature(
        id=uuid4(),
        document_id=receipt.id,
        org_path=receipt.org_path,
        capacity=capacity,
        method=method,
        signer_id=signer,
        signer_name=name,
        body_digest=receipt.body_digest,
        stroke_evidence_id="" if method is Method.CERTIFICATE else proof,
        certificate_number="",
        certificate_valid_to_on=None,
        device_id="",
        place="",
        opinion="",
        entered_by="" if method is Method.CERTIFICATE else facts.by.id,
        signed_at=facts.now,
        recorded_at=datetime.now(UTC),
    )


async def notice_ended(uow: Uow, timer: Timer, facts: Facts) -> None:
    """D13 with a public notice: at the end of its last day the document is served (W13)."""
    document = await uow.document(timer.object_id)
    await _take_effect(uow, document, document.linked(LinkKind.RECEIPT)[-1], facts)

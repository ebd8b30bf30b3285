"""W04 to W08, W12, W16 and W17: what the owners' events and heads do with a document."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from kernel.days import legal_day
from kernel.errors import Precondition
from kernel.moves import Facts, Person, Role

from documents.application.drafting import with_characters
from documents.application.ports import Outside, Uow
from documents.application.queries import View
from documents.domain.document import Document, LinkKind
from documents.domain.rows import ARCHIVABLE, SEALED_FILE, State

EFFECTIVE = {State.EFFECTIVE, State.ARCHIVED}


class DocumentOfAnotherMatter(Precondition):
    """The released document belongs to another matter than the one that releases it."""


async def release(
    uow: Uow, *, facts: Facts, outside: Outside, document_ids: Sequence[UUID], matters: Collection[UUID], released_by: str
) -> list[Document]:
    """In the given order, the approving form first; a document that is sealed already stays as it is."""
    facts = replace(facts, by=Person(released_by or facts.by.id, "", uow.root or "/", frozenset({Role.SYS})))
    released: list[Document] = []
    for document_id in document_ids:
        document = await uow.document(document_id)
        if not {document.matter_id, document.object_id} & set(matters):
            raise DocumentOfAnotherMatter("the document belongs to another matter", document=str(document_id))
        if document.state not in SEALED_FILE:
            await issue(uow, document, facts, outside, released)
        released.append(document)
    return released


async def issue(uow: Uow, document: Document, facts: Facts, outside: Outside, earlier: Sequence[Document] = ()) -> None:
    """One document in one go. Everything that could refuse is asked before the number is taken.

    A crash after the file is stored leaves a sealed file without a row: the next try prints the same number again and
    stores the next version, and only the version that the row names is ever shown.
    """
    facts = with_characters(facts, document, outside)
    facts = replace(facts, known={**facts.known, **await _before(uow, document, earlier)})
    document.approve(facts)
    document.check_signed(facts)
    number = await outside.register.take(uow, document, legal_day(facts.now).year, facts.now) if document.spec.numbered else None
    document.take_number(facts, number)
    document.close_signatures(facts)
    file = await outside.press.issue(document, outside.verify_url(document), facts.now)
    for happened in document.seal(facts, file):
        uow.record(happened)


async def _before(uow: Uow, document: Document, earlier: Sequence[Document]) -> dict[str, bool]:
    """Which of the documents that have to go before this one are there: the approval (1.8), the record (INV-02)."""
    known = {"approval": True, "predecessor": True}
    if document.spec.approved_by:
        known["approval"] = await _approval(uow, document, earlier)
    if document.spec.after:
        found = [*earlier, *await uow.of_matter(document.matter_id, document.spec.after)]
        known["predecessor"] = any(before.form in document.spec.after and before.state in SEALED_FILE for before in found)
    return known


async def _approval(uow: Uow, document: Document, earlier: Sequence[Document]) -> bool:
    linked = set(document.linked(LinkKind.APPROVED_BY))
    candidates = [*await uow.of_matter(document.matter_id, document.spec.approved_by), *earlier]
    effective = [
        before
        for before in candidates
        if before.form in document.spec.approved_by and before.state in EFFECTIVE and (not linked or before.id in linked)
    ]
    if not effective:
        return False
    document.link(LinkKind.APPROVED_BY, effective[-1].id)
    return True


async def void(uow: Uow, *, facts: Facts, outside: Outside, document_id: UUID, version: int, reason: str) -> View:
    """W16: the number stays used, the void log says why (INV-15)."""
    document = await uow.document(document_id)
    uow.expect(document, version)
    uow.record(document.void(facts, reason))
    number = await uow.number_of(document.id)
    if number is not None:
        number.void_reason, number.voided_at = reason, facts.now
    return View(document, outside)


async def archive(uow: Uow, *, facts: Facts, matter_id: UUID, document_ids: Sequence[UUID]) -> None:
    """W17: what is served or in force goes into the file."""
    found = {document.id: document for document in await uow.of_matter(matter_id)}
    for document_id in document_ids:
        if document_id not in found:
            found[document_id] = await uow.document(document_id)
    for document in found.values():
        if document.state in ARCHIVABLE:
            uow.record(document.archive(facts))


async def supersede(
    uow: Uow, *, facts: Facts, outside: Outside, document_id: UUID, version: int, by_document_id: UUID, reason: str
) -> View:
    """W14 by the head."""
    document = await uow.document(document_id)
    uow.expect(document, version)
    uow.record(document.supersede(await uow.document(by_document_id), reason, facts))
    return View(document, outside)


async def revoke(uow: Uow, *, facts: Facts, document_ids: Sequence[UUID], withdrawn_by: UUID | None) -> None:
    """W15: at once where a body or a court revoked them; with the service of the own decision else."""
    by = await uow.document(withdrawn_by) if withdrawn_by is not None else None
    for document_id in document_ids:
        document = await uow.document(document_id)
        if by is not None:
            by.link(LinkKind.REVOKES, document_id)
        if document.state is State.EFFECTIVE and (by is None or by.state is State.EFFECTIVE):
            uow.record(document.revoke(by, facts))

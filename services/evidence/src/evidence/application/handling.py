"""What is done with objects that are evidence: one function for each of rows V03 to V08 and V15 to V18.

Items that share a paper move together: the paper hangs on the first, `also_ids` names the others.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from kernel.moves import Facts
from kernel.timers import Timer

from evidence.application import commands
from evidence.application.ports import Outside, Uow
from evidence.domain.custody import Digest
from evidence.domain.events import DocumentReleased
from evidence.domain.item import Description, EvidenceItem
from evidence.domain.records import (
    Choice,
    Commission,
    Confiscation,
    Disposal,
    GivenBack,
    HandOver,
    Opinion,
    Registration,
    Sample,
    TakenBack,
)
from evidence.domain.states import RETURNABLE, Kind, State


async def approve_preservation(
    uow: Uow, *, facts: Facts, outside: Outside, item_id: UUID, version: int, also_ids: Sequence[UUID], document_id: str
) -> EvidenceItem:
    """V03, first step, by the head."""
    items = await _together(uow, item_id, version, also_ids)
    facts = await _with_papers(facts, outside, items, {"F19": document_id}, given=document_id)
    for item in items:
        item.approve_preservation(document_id=document_id, facts=facts)
    return _released(uow, items, facts, document_id)


async def preserve(
    uow: Uow,
    *,
    facts: Facts,
    outside: Outside,
    digest: Digest,
    item_id: UUID,
    version: int,
    also_ids: Sequence[UUID],
    given: Registration,
) -> EvidenceItem:
    """V03."""
    items = await _together(uow, item_id, version, also_ids)
    facts = await _with_papers(facts, outside, items, {"F20": given.document_id}, given=given)
    for item in items:
        uow.record(item.preserve(given, digest=digest, facts=facts))
    return _released(uow, items, facts, given.document_id)


async def decide_preserved(
    uow: Uow, *, facts: Facts, outside: Outside, digest: Digest, item_id: UUID, version: int, also_ids: Sequence[UUID], choice: Choice
) -> EvidenceItem:
    """V04, by the head."""
    items = await _together(uow, item_id, version, also_ids)
    papers = {"F21": choice.approval_document_id, "F22": choice.document_id}
    facts = await _with_papers(facts, outside, items, papers, given=choice)
    for item in items:
        ruling = await uow.ruling_of(item)
        for happened in item.decide_preserved(choice, digest=digest, facts=_knowing(facts, ruling=ruling)):
            uow.record(happened)
    return _released(uow, items, facts, choice.approval_document_id, choice.document_id)


async def lapse(uow: Uow, *, facts: Facts, digest: Digest, timer: Timer) -> None:
    """V05: nobody decided within D03. The timer keeps the breach."""
    item = await uow.item(timer.object_id)
    if item.state is State.PRESERVED:
        uow.record(item.lapse(digest=digest, facts=facts))


async def sample(
    uow: Uow, *, facts: Facts, outside: Outside, digest: Digest, item_id: UUID, version: int, also_ids: Sequence[UUID], given: Sample
) -> EvidenceItem:
    """V06."""
    items = await _together(uow, item_id, version, also_ids)
    facts = await _with_papers(facts, outside, items, {"F18": given.document_id}, given=given)
    for item in items:
        uow.record(item.sample(given, digest=digest, facts=facts))
    return _released(uow, items, facts, given.document_id)


async def send_to_appraisal(
    uow: Uow,
    *,
    facts: Facts,
    outside: Outside,
    digest: Digest,
    item_id: UUID,
    version: int,
    also_ids: Sequence[UUID],
    document_id: str,
    commission: Commission,
) -> EvidenceItem:
    """V07."""
    items = await _together(uow, item_id, version, also_ids)
    facts = await _with_papers(facts, outside, items, {"F23": document_id}, given=commission)
    for item in items:
        uow.record(item.send_to_appraisal(commission, document_id=document_id, digest=digest, facts=facts))
    return _released(uow, items, facts, document_id)


async def record_opinion(
    uow: Uow, *, facts: Facts, digest: Digest, item_id: UUID, version: int, also_ids: Sequence[UUID], given: Opinion
) -> EvidenceItem:
    """V08. A captured opinion is registered as E7 in the same step."""
    items = await _together(uow, item_id, version, also_ids)
    opinion = await _opinion(uow, items[0], given, facts)
    facts = replace(_knowing(facts, opinion=opinion), input=given)
    for item in items:
        uow.record(item.record_opinion(given, digest=digest, facts=facts))
    return items[0]


async def _opinion(uow: Uow, item: EvidenceItem, given: Opinion, facts: Facts) -> EvidenceItem | None:
    """The item of the opinion, described as E7; None if there is none of this matter."""
    if not given.opinion_evidence_id:
        return None
    opinion = await uow.item(UUID(given.opinion_evidence_id))
    if opinion.org_path != item.org_path or opinion.id == item.id:
        return None
    if opinion.state is State.CAPTURED and item.appraisal is not None:
        described = Description(
            kind=Kind.E7,
            source=item.appraisal.body,
            place=opinion.place,
            holder=given.appraiser,
            fact=given.conclusion,
            is_copy=False,
            copy_checked_by="",
        )
        uow.record(opinion.register(described, facts=replace(facts, input=described)))
    return opinion if opinion.kind is Kind.E7 else None


async def hand_over(uow: Uow, *, facts: Facts, digest: Digest, item_ids: Sequence[UUID], given: HandOver) -> None:
    """V15, when both sides signed the hand-over of the transfer; what went with it already stays as it is."""
    facts = replace(facts, input=given)
    for item_id in item_ids:
        item = await uow.item(item_id)
        if item.state is State.HANDED_TO_POLICE and item.transfer_id == given.transfer_id:
            continue
        uow.record(item.hand_over(given, digest=digest, facts=facts))


async def take_back(
    uow: Uow, *, facts: Facts, outside: Outside, digest: Digest, item_id: UUID, version: int, also_ids: Sequence[UUID], given: TakenBack
) -> EvidenceItem:
    """V16. Each file is hashed again."""
    items = await _together(uow, item_id, version, also_ids)
    for item in items:
        verified = (await commands.check(outside, item))["ok"]
        uow.record(item.take_back(given, digest=digest, facts=replace(_knowing(facts, verified=verified), input=given)))
    return items[0]


async def give_back(
    uow: Uow, *, facts: Facts, digest: Digest, item_id: UUID, version: int, also_ids: Sequence[UUID], given: GivenBack
) -> EvidenceItem:
    """V17."""
    items = await _together(uow, item_id, version, also_ids)
    for item in items:
        uow.record(item.give_back(given, digest=digest, facts=replace(facts, input=given)))
    return items[0]


async def confiscate(
    uow: Uow, *, facts: Facts, outside: Outside, digest: Digest, item_id: UUID, version: int, case_id: str, document_id: str
) -> EvidenceItem:
    """V18, first step."""
    items = await _together(uow, item_id, version, ())
    given = Confiscation(case_id, document_id)
    facts = await _with_papers(facts, outside, items, {"X6A": document_id}, given=given)
    facts = _knowing(facts, ruling=await uow.ruling_of(items[0], UUID(case_id) if case_id else None))
    uow.record(items[0].confiscate(given, digest=digest, facts=facts))
    return _released(uow, items, facts, document_id)


async def dispose(
    uow: Uow,
    *,
    facts: Facts,
    outside: Outside,
    digest: Digest,
    item_id: UUID,
    version: int,
    document_id: str,
    method: str,
    perishable_or_dangerous: str,
    witness: str,
) -> EvidenceItem:
    """V18, second step."""
    items = await _together(uow, item_id, version, ())
    given = Disposal.of(document_id, method, perishable_or_dangerous, witness)
    facts = await _with_papers(facts, outside, items, {"X6B": document_id}, given=given)
    facts = _knowing(facts, ruling=await uow.ruling_of(items[0]))
    uow.record(items[0].dispose(given, digest=digest, facts=facts))
    return _released(uow, items, facts, document_id)


async def hold(uow: Uow, *, measure_id: str, item_ids: Sequence[UUID]) -> None:
    """A coercive measure was applied over these items."""
    for item_id in item_ids:
        (await uow.item(item_id)).hold(measure_id)


async def loosen(uow: Uow, *, facts: Facts, digest: Digest, measure_id: str, returned: bool) -> None:
    """The measure was lifted; with `returned`, its objects are with their owner (Q11, V17)."""
    for item in await uow.items_held(measure_id):
        item.loosen(measure_id)
        if returned and item.state in RETURNABLE:
            given = GivenBack(item.holder or "Q11", measure_id, item.store_place)
            uow.record(item.give_back(given, digest=digest, facts=replace(facts, input=given)))


async def _together(uow: Uow, item_id: UUID, version: int, also_ids: Sequence[UUID]) -> list[EvidenceItem]:
    """The item as it was read, and those that share its paper. Raises: EvidenceChanged, EvidenceOfOtherMatter."""
    first = await uow.item(item_id)
    first.expect(version)
    items = [first]
    for other_id in dict.fromkeys(also_ids):
        other = await uow.item(other_id)
        if (other.object_kind, other.object_id) != (first.object_kind, first.object_id):
            raise commands.EvidenceOfOtherMatter("items that share a paper belong to one matter", evidence=str(other_id))
        if other is not first:
            items.append(other)
    return items


async def _with_papers(facts: Facts, outside: Outside, items: Sequence[EvidenceItem], papers: dict[str, str], *, given: Any) -> Facts:
    checked = [await outside.documents.check(document_id) for document_id in papers.values() if document_id]
    known = _knowing(facts, forms=tuple(papers), papers=checked, paper_of=str(items[0].id))
    return replace(known, input=given)


def _knowing(facts: Facts, **known: Any) -> Facts:
    return replace(facts, known={**facts.known, **known})


def _released(uow: Uow, items: Sequence[EvidenceItem], facts: Facts, *document_ids: str) -> EvidenceItem:
    """The move that the documents carry is made: documents numbers and seals them."""
    first = items[0]
    uow.record(DocumentReleased("evidence", first.id, document_ids, facts.by.id, facts.now, first.id))
    return first

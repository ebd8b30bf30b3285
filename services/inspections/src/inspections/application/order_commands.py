"""What callers may do to a rectification order: one function each."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from kernel.days import legal_day
from kernel.moves import Facts

from inspections.application.finding_commands import note_result, read_results
from inspections.application.grounds import limited, needed, release, signed_by_officers, with_form, with_known
from inspections.application.ports import Documents, Identity, Uow
from inspections.domain import events
from inspections.domain.finding import Finding
from inspections.domain.form import APPROVER, Form
from inspections.domain.limits import Limits
from inspections.domain.order import OrderItem, RectificationOrder, State
from inspections.domain.refusals import FindingNotOfOrder, FormNotReady, NoFindingChosen, UnknownMove

# The approval, and the reply that is served. Law brief 1.8, 3.5.
APPROVAL, REPLY = "ws10056", "ws10055"


async def draft(
    uow: Uow, *, facts: Facts, inspection_id: UUID, version: int, items: Sequence[Mapping[str, object]], limits: Limits
) -> RectificationOrder:
    """R01. `items`: finding_id and due_on (ISO)."""
    file = await uow.file(inspection_id)
    uow.expect(file.inspection, version)
    chosen = [OrderItem(UUID(str(one["finding_id"])), needed(one["due_on"], "due_on")) for one in items]
    if len({item.finding_id for item in chosen}) != len(chosen):
        raise NoFindingChosen("each finding is named once")
    file.chosen([item.finding_id for item in chosen])
    made, event = RectificationOrder.draft(file.inspection, chosen, facts=limited(facts, limits))
    uow.add(made)
    uow.record(event)
    return made


async def issue(
    uow: Uow, *, facts: Facts, order_id: UUID, version: int, document_id: UUID, documents: Documents, identity: Identity
) -> RectificationOrder:
    """R02."""
    order = await _order(uow, order_id, version)
    form, given = await signed_by_officers(facts, order.task, document_id, order.id, documents=documents, identity=identity)
    body = await identity.body(order.task.org_id, legal_day(facts.now))
    uow.record(order.issue(form, facts=with_known(given, remedies=body.printed)))
    release(uow, order.task, [form.document_id], "order", order.id, facts)
    return order


async def report_done(
    uow: Uow, *, facts: Facts, order_id: UUID, version: int, finding_ids: Sequence[UUID], evidence_id: str
) -> RectificationOrder:
    """HD12, entered for the unit."""
    order = await _order(uow, order_id, version)
    for finding in _chosen(order, finding_ids):
        uow.record(finding.report_done(evidence_id, facts=facts))
    return order


async def request_extension(
    uow: Uow, *, facts: Facts, order_id: UUID, version: int, finding_ids: Sequence[UUID], reason: str, evidence_id: str
) -> RectificationOrder:
    """HD09 and R05, entered for the unit."""
    order = await _order(uow, order_id, version)
    chosen = _chosen(order, finding_ids)
    for finding in chosen:
        finding.request_extension(reason, evidence_id, facts=facts)
    if order.state is not State.EXT_PENDING:
        order.request_extension(facts=facts)
    uow.record(events.ExtensionRequested(order.inspection_id, order.id, [f.id for f in chosen], facts.now))
    return order


async def grant_extension(
    uow: Uow,
    *,
    facts: Facts,
    order_id: UUID,
    version: int,
    finding_ids: Sequence[UUID],
    due_on: date | None,
    interim_measures: str,
    document_ids: Sequence[UUID],
    documents: Documents,
    limits: Limits,
) -> RectificationOrder:
    """HD10 and R05."""
    order = await _order(uow, order_id, version)
    papers = await _papers(order, document_ids, documents)
    for finding in _chosen(order, finding_ids):
        finding.grant_extension(needed(due_on, "due_on"), interim_measures, papers, facts=limited(facts, limits))
    return _replied(uow, order, finding_ids, papers, facts, granted=True, due_on=due_on)


async def refuse_extension(
    uow: Uow,
    *,
    facts: Facts,
    order_id: UUID,
    version: int,
    finding_ids: Sequence[UUID],
    reason: str,
    document_ids: Sequence[UUID],
    documents: Documents,
) -> RectificationOrder:
    """HD11 and R05."""
    order = await _order(uow, order_id, version)
    papers = await _papers(order, document_ids, documents)
    for finding in _chosen(order, finding_ids):
        finding.refuse_extension(reason, papers, facts=facts)
    return _replied(uow, order, finding_ids, papers, facts, granted=False, due_on=None)


def _replied(
    uow: Uow,
    order: RectificationOrder,
    finding_ids: Sequence[UUID],
    papers: Sequence[str],
    facts: Facts,
    *,
    granted: bool,
    due_on: date | None,
) -> RectificationOrder:
    order.end_extension(facts=facts)
    uow.record(events.ExtensionDecided(order.inspection_id, order.id, list(finding_ids), granted, due_on, facts.now))
    release(uow, order.task, [UUID(one) for one in papers], "order", order.id, facts)
    return order


async def _papers(order: RectificationOrder, document_ids: Sequence[UUID], documents: Documents) -> list[str]:
    """The approval and the reply, complete and signed, the approval first. Law brief 1.8, HD10."""
    forms: dict[str, Form] = {}
    for document_id in document_ids:
        form = await documents.check(document_id, ())
        if form.form not in {APPROVAL, REPLY} or form.object_id != order.id or not form.complete:
            raise FormNotReady(
                "not a complete approval or reply over this order", document_id=document_id, problems="; ".join(form.problems) or form.form
            )
        if form.form == APPROVAL and not form.signers(APPROVER):
            raise FormNotReady("the approval is signed by who approves", document_id=document_id, problems=APPROVER)
        forms[form.form] = form
    missing = [one for one in (APPROVAL, REPLY) if one not in forms]
    if missing:
        raise FormNotReady("approval and reply are needed", document_id="", problems=",".join(missing))
    return [str(forms[APPROVAL].document_id), str(forms[REPLY].document_id)]


async def recheck(
    uow: Uow,
    *,
    facts: Facts,
    order_id: UUID,
    version: int,
    results: Sequence[Mapping[str, object]],
    document_id: UUID,
    documents: Documents,
    identity: Identity,
) -> RectificationOrder:
    """HD13, HD14 or HD17 for each finding, and R07, R08 or R09 once none waits any more."""
    order = await _order(uow, order_id, version)
    form, given = await signed_by_officers(facts, order.task, document_id, order.id, documents=documents, identity=identity)
    read = read_results(order.task.file, results)
    if any(finding.order_id != order.id for finding, _, _ in read):
        raise FindingNotOfOrder("a finding is none of this order", order=order.id)
    for finding, result, photos in read:
        note_result(uow, finding, result, photos, form, given, order.id)
    event = order.recheck({finding.id: result for finding, result, _ in read}, form, facts=given)
    if event is not None:
        uow.record(event)
    release(uow, order.task, [form.document_id], "order", order.id, facts)
    return order


async def release_withdrawal(
    uow: Uow, *, facts: Facts, order_id: UUID, version: int, document_id: UUID, reason: str, documents: Documents
) -> RectificationOrder:
    """First step of R12; the withdrawal follows by service."""
    order = await _order(uow, order_id, version)
    form = await documents.check(document_id, ())
    uow.record(order.release_withdrawal(form, reason, facts=with_form(facts, form, order.id)))
    release(uow, order.task, [form.document_id], "order", order.id, facts)
    return order


async def move(uow: Uow, *, facts: Facts, order_id: UUID, version: int, move: str, reason: str) -> RectificationOrder:
    """R11."""
    order = await _order(uow, order_id, version)
    if move != "close":
        raise UnknownMove("there is no move of this name whose only datum is a reason", move=move, moves="close")
    uow.record(order.close(reason, facts=facts))
    return order


async def _order(uow: Uow, order_id: UUID, version: int) -> RectificationOrder:
    file = await uow.file_of_order(order_id)
    order = file.order(order_id)
    uow.expect(order, version)
    return order


def _chosen(order: RectificationOrder, finding_ids: Sequence[UUID]) -> list[Finding]:
    chosen = [finding for finding in order.findings if finding.id in set(finding_ids)]
    if not chosen:
        raise NoFindingChosen("at least one finding of the order is named")
    if len(chosen) != len(set(finding_ids)) or any(finding.order_id != order.id for finding in chosen):
        raise FindingNotOfOrder("a finding is none of this order", order=order.id)
    return chosen

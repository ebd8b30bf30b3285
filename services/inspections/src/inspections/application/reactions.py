"""What follows by itself: from documents served, from cases filed, from periods that ended."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from kernel.days import day_begins
from kernel.moves import Facts
from kernel.timers import Timer

from inspections.application import measure_reactions
from inspections.application.grounds import limited, with_known
from inspections.application.ports import Uow
from inspections.domain import events
from inspections.domain.file import InspectionFile
from inspections.domain.finding_rows import State as FindingState
from inspections.domain.form import DocumentLine
from inspections.domain.limits import Limits
from inspections.domain.order import State as OrderState

WITHDRAWAL = "X7"


async def note_document(
    uow: Uow, *, document_id: UUID, form: str, object_kind: str, object_id: UUID, state: str, number: str = "", sha256: str = ""
) -> DocumentLine | None:
    """Keep a line of a document of a task. A document of a case is none of ours; a line never goes back to an earlier state."""
    line = await uow.line(document_id)
    if line is None:
        matter = await uow.matter_of(object_kind, object_id)
        if matter is None:
            return None
        line = DocumentLine(document_id, matter[0], matter[1], form, object_kind, object_id, state)
        uow.add(line)
    if _RANK.get(state, 0) >= _RANK.get(line.state, 0):
        line.state = state
    line.number, line.sha256 = number or line.number, sha256 or line.sha256
    return line


_RANK = {"DRAFT": 0, "SEALED": 1, "SERVED": 2, "EFFECTIVE": 3, "VOID": 4, "ARCHIVED": 5}


async def document_served(
    uow: Uow,
    *,
    facts: Facts,
    document_id: UUID,
    form: str,
    object_kind: str,
    object_id: UUID,
    served_on: date,
    deemed_on: date,
    at: datetime,
    limits: Limits,
) -> None:
    """F05: R03, R04 and HD07 or HD18 in one transaction; the withdrawal of an order: R12; a measure's decision: Q03, Q18."""
    line = await note_document(uow, document_id=document_id, form=form, object_kind=object_kind, object_id=object_id, state="SERVED")
    if line is None:
        return
    line.served_on, line.deemed_on = served_on, deemed_on
    if object_kind == "measure":
        await measure_reactions.document_served(
            uow, facts=facts, document_id=document_id, form=form, object_id=object_id, deemed_on=deemed_on, at=at
        )
    if object_kind != "order":
        return
    file = await uow.file_of_order(object_id)
    order = file.order(object_id)
    given = with_known(limited(facts, limits), since=day_begins(deemed_on))
    if form == "F05" and order.document_id == document_id and order.state is OrderState.ISSUED:
        for event in order.serve(deemed_on, facts=given):
            uow.record(event)
        _follow_ups(uow, file, facts)
    elif form == WITHDRAWAL and order.withdrawal_document_id == document_id:
        uow.record(order.withdraw(facts=given))


async def case_linked(uow: Uow, *, facts: Facts, inspection_id: UUID, finding_ids: Sequence[UUID], case_id: str, filed: bool) -> None:
    """A case over findings of a task was filed, or was not, with reasons (I18, R10)."""
    file = await uow.file(inspection_id)
    for finding in file.chosen(finding_ids):
        finding.link_case(case_id, filed=filed, facts=facts)
    if filed:
        await measure_reactions.case_filed(uow, facts=facts, inspection_id=inspection_id, finding_ids=finding_ids, case_id=case_id)
    _follow_ups(uow, file, facts)


def _follow_ups(uow: Uow, file: InspectionFile, facts: Facts) -> None:
    for order in file.orders:
        event = order.close_followed_up(facts=facts)
        if event is not None:
            uow.record(event)


async def rectification_ended(uow: Uow, timer: Timer, facts: Facts) -> None:
    """D25 ended: HD12, HD27, and R06 with the latest of the order. Reported done in time, it only ends."""
    file = await uow.file_of_finding(timer.object_id)
    finding = file.finding(timer.object_id)
    if finding.state is FindingState.RECTIFYING:
        uow.record(finding.pass_over("fall_due", facts=facts))
    elif finding.state is FindingState.EXT_PENDING:
        uow.record(finding.pass_over("miss_reply", facts=facts))
        uow.record(events.ExtensionReplyOverdue(finding.inspection_id, finding.id, facts.now))
        reply = finding.timer("D27")
        if reply is not None:
            reply.breach(facts.now)
    else:
        timer.stop(facts.now)
    if finding.order_id is None:
        return
    order = file.order(finding.order_id)
    if order.state is OrderState.EXT_PENDING:
        order.end_extension(facts=facts)
    expired = order.expire(facts=facts)
    if expired is not None:
        uow.record(expired)


async def suspension_ended(uow: Uow, timer: Timer, facts: Facts) -> None:
    """D29 ended: it must be reviewed (HD20 where no order runs)."""
    file = await uow.file_of_finding(timer.object_id)
    finding = file.finding(timer.object_id)
    uow.record(events.SuspensionReviewDue(finding.inspection_id, finding.id, facts.now))
    in_force = finding.order_id is not None and not file.order(finding.order_id).over
    if finding.state is FindingState.MEASURE_IN_FORCE and not in_force:
        uow.record(finding.pass_over("review_falls_due", facts=facts))


async def count_ended(uow: Uow, timer: Timer, facts: Facts) -> None:
    """A plain count: the stated days of a test and the alarms of a measure, or the scheme of an urgent check."""
    if timer.object_kind == "measure":
        await measure_reactions.count_ended(uow, timer, facts)
    else:
        await duty_missed(uow, timer, facts)


async def right_ended(uow: Uow, timer: Timer, facts: Facts) -> None:
    """D19, D20, D26: the party's right lapsed; D30: the power may be cut. No breach of anybody."""
    timer.stop(facts.now)


_LATE = {
    "D27": events.ExtensionReplyOverdue,
    "D28": events.LateRecheck,
    "D31": events.ResumeReviewOverdue,
}


async def duty_missed(uow: Uow, timer: Timer, facts: Facts) -> None:
    """D15, D27, D28, D31, D32 and the scheme of an urgent check: a breach entry of the authority, told to all."""
    if timer.object_kind == "finding":
        found = await uow.findings([timer.object_id])
        uow.record(_LATE[timer.timer](found[0].inspection_id, timer.object_id, facts.now))
    elif timer.timer == "GEN":
        uow.record(events.SchemeOverdue(timer.object_id, facts.now))
    elif timer.object_kind == "publicity":
        file = await uow.file_of_publicity(timer.object_id)
        uow.record(events.PublicityOverdue(file.inspection.id, timer.timer, facts.now))
    else:
        uow.record(events.PublicityOverdue(timer.object_id, timer.timer, facts.now))

"""What the service of documents asks of the owner of a task: may this form be drawn up, may it be served."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from kernel.days import legal_day
from kernel.errors import DomainError
from kernel.moves import Facts

from inspections.application import measure_forms, prefill
from inspections.application.ports import Identity, Lawbook, Uow
from inspections.domain.file import InspectionFile
from inspections.domain.finding import Finding
from inspections.domain.finding_rows import State as FindingState
from inspections.domain.measure import CoerciveMeasure
from inspections.domain.order import IN_FORCE, RectificationOrder
from inspections.domain.order import State as OrderState
from inspections.domain.refusals import FormNotDueNow, FormNotOfTask, InspectionNotFound, PredecessorNotSealed
from inspections.domain.task_rows import AFTER_ARRIVAL, State

WITHDRAWAL = "X7"
BEFORE_RECORD = frozenset({State.ON_SITE, State.OBSTRUCTED, State.RECORDED})


@dataclass(frozen=True)
class MayDraft:
    allowed: bool
    reason: str = ""
    detail: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    org_id: str = ""
    org_path: str = ""
    matter_id: str = ""


@dataclass(frozen=True)
class MayServe:
    allowed: bool
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Subject:
    """The object of a document within its file."""

    file: InspectionFile
    kind: str
    id: UUID

    def order(self) -> RectificationOrder:
        if self.kind != "order":
            raise FormNotOfTask("this form belongs to an order", object_kind=self.kind)
        return self.file.order(self.id)

    def measure(self) -> CoerciveMeasure:
        if self.kind != "measure":
            raise FormNotOfTask("this form belongs to a coercive measure", object_kind=self.kind)
        return self.file.measure(self.id)

    def findings(self) -> Sequence[Finding]:
        if self.kind == "finding":
            return [self.file.finding(self.id)]
        if self.kind == "order":
            return self.file.order(self.id).findings
        return self.file.standing()


async def may_draft(
    uow: Uow, *, facts: Facts, form: str, object_kind: str, object_id: UUID, identity: Identity, lawbook: Lawbook
) -> MayDraft:
    """W01: the form in the order of 3.1, and what the task knows of its content."""
    try:
        subject = await _subject(uow, object_kind, object_id)
        _due(subject, form)
    except DomainError as refused:
        return MayDraft(False, refused.reason, refused.text)
    file = subject.file
    task = file.inspection
    body = await identity.body(task.org_id, legal_day(facts.now))
    officers = await identity.officers(task.officer_ids, facts.now)
    known = prefill.shared(file, [officers[one] for one in task.officer_ids if one in officers], body.printed, legal_day(facts.now))
    return MayDraft(
        True,
        fields={**known, **await _content(subject, form, facts, lawbook)},
        org_id=task.org_id,
        org_path=task.org_path,
        matter_id=str(task.id),
    )


async def may_serve(uow: Uow, *, facts: Facts, form: str, document_id: UUID, object_kind: str, object_id: UUID) -> MayServe:
    """W09: what the service of the document makes is possible, so that the event of the service has nothing to refuse."""
    try:
        subject = await _subject(uow, object_kind, object_id)
        _servable(subject, form, document_id)
    except DomainError as refused:
        return MayServe(False, refused.reason, refused.text)
    return MayServe(True)


async def _subject(uow: Uow, object_kind: str, object_id: UUID) -> Subject:
    loaders = {"inspection": uow.file, "finding": uow.file_of_finding, "order": uow.file_of_order, "measure": uow.file_of_measure}
    if object_kind not in loaders:
        raise InspectionNotFound("there is no such object here", id=str(object_id))
    return Subject(await loaders[object_kind](object_id), object_kind, object_id)


def _due(subject: Subject, form: str) -> None:
    if form in measure_forms.FORMS:
        measure_forms.due(subject.measure(), form)
        return
    check = _DUE.get(form)
    if check is None:
        raise FormNotOfTask(f"{form} is no form of a task", form=form)
    if not check(subject):
        raise FormNotDueNow(f"{form} is not due in this state", form=form, state=str(subject.file.inspection.state))
    if form in {"F04", "F05"} and not subject.file.inspection.recorded:
        raise PredecessorNotSealed(f"the record comes before {form}", form=form, needed="F03")


def _scheme_due(subject: Subject) -> bool:
    task = subject.file.inspection
    outstanding = task.urgent and task.state in AFTER_ARRIVAL and task.scheme is not None and task.scheme.approved_at is None
    return subject.kind == "inspection" and (task.state is State.SCHEME_REVIEW or outstanding)


def _record_due(subject: Subject) -> bool:
    """Also the record of an ended unit (HD26)."""
    open_finding = subject.kind == "finding" and not subject.file.finding(subject.id).ended
    return open_finding or (subject.kind == "inspection" and subject.file.inspection.state in BEFORE_RECORD)


def _measures_due(subject: Subject) -> bool:
    return subject.kind == "inspection" and any(prefill.by_decision(finding) for finding in subject.file.standing())


def _recheck_due(subject: Subject) -> bool:
    return any(finding.state is FindingState.RECHECK_DUE for finding in subject.findings()) or subject.kind == "finding"


def _order_in(*states: OrderState) -> Callable[[Subject], bool]:
    return lambda subject: subject.order().state in states


_DUE: dict[str, Callable[[Subject], bool]] = {
    "F02": _scheme_due,
    "F03": _record_due,
    "F04": _measures_due,
    "F05": _order_in(OrderState.DRAFT),
    "F06": _recheck_due,
    "ws10054": lambda subject: subject.file.inspection.state in {State.RECORDED, State.ISSUES_OPEN},
    "ws10055": _order_in(OrderState.EXT_PENDING),
    "ws10056": _order_in(OrderState.EXT_PENDING),
    WITHDRAWAL: _order_in(*IN_FORCE),
}


async def _content(subject: Subject, form: str, facts: Facts, lawbook: Lawbook) -> dict[str, Any]:
    file = subject.file
    if form in measure_forms.FORMS:
        return measure_forms.content(file, subject.measure(), form, legal_day(facts.now))
    match form:
        case "F02":
            plan = file.inspection.scheme
            items = await lawbook.items(plan.check_item_ids, legal_day(plan.window_from)) if plan else []
            return prefill.scheme(file, items)
        case "F03":
            return prefill.record(file)
        case "F04":
            return prefill.measures(file)
        case "F05":
            return prefill.order(file, subject.order())
        case "F06":
            due = [finding for finding in subject.findings() if finding.state is FindingState.RECHECK_DUE]
            earlier = file.line("F05", subject.id) if subject.kind == "order" else file.line("F04")
            return prefill.recheck(file, due or subject.findings(), earlier)
        case "ws10054":
            return prefill.referral(file, [finding for finding in subject.findings() if finding.hand_over_to] or subject.findings())
        case "X7":
            return prefill.withdrawal(file, subject.order())
        case _:
            return prefill.extension(file, subject.order())


def _servable(subject: Subject, form: str, document_id: UUID) -> None:
    if form in measure_forms.FORMS:
        measure_forms.servable(subject.measure(), form, document_id)
    elif form == "F05":
        order = subject.order()
        if order.state is not OrderState.ISSUED or order.document_id != document_id:
            raise FormNotDueNow("the order is served once it is issued", form=form, state=str(order.state))
    elif form == WITHDRAWAL:
        order = subject.order()
        if order.state not in IN_FORCE or order.withdrawal_document_id != document_id:
            raise FormNotDueNow("the withdrawal is served once it is signed", form=form, state=str(order.state))
    elif form not in _DUE:
        raise FormNotOfTask(f"{form} is no form of a task", form=form)

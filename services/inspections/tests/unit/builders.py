"""Tasks, findings and orders in any state, and the people who move them. A test says what matters and nothing else."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from inspections.domain.file import InspectionFile
from inspections.domain.finding import Finding
from inspections.domain.finding_rows import State as F
from inspections.domain.form import DocumentLine, Form, Signature
from inspections.domain.inspection import Inspection
from inspections.domain.limits import Limits
from inspections.domain.order import OrderItem, RectificationOrder
from inspections.domain.order import State as R
from inspections.domain.publicity import PublicityItem
from inspections.domain.publicity import State as P
from inspections.domain.recusal import Recusal
from inspections.domain.recusal import State as C
from inspections.domain.task_rows import State as I
from inspections.domain.terms import Answer, Severity, Source
from inspections.domain.visit import ItemAnswer, Scheme
from inspections.domain.wording import CheckItem
from kernel.guards import Certificate, Officer
from kernel.moves import SYSTEM, Facts, Person, Role
from kernel.parameters import LawParameters

# 16 August 2022, 09:30 in Shanghai: inside the scheme's window.
NOW = datetime(2022, 8, 16, 1, 30, tzinfo=UTC)
DUE = date(2022, 9, 15)
REGION = "441900118"
PATH = "/44/4419/dalingshan/"

ITEM = CheckItem(
    id="WSL-30.1-1",
    instrument="WSL",
    matter="特种作业人员持证上岗",
    check="现场核对",
    violation="特种作业人员{姓名}等{人数}人未取得相应资格上岗作业",
    rectify="立即停止{姓名}等{人数}人作业；于{期限}前调整为持证人员作业",
    duty_text="《中华人民共和国安全生产法》第三十条第一款",
    penalty_texts=("《中华人民共和国安全生产法》第九十七条第七项",),
    act_id="A14",
    authority="EMERGENCY",
    measures=("ORDER_CORRECT_BY",),
    major_screen=True,
)
SLOTS = {"姓名": "邓某", "人数": "2"}

PEOPLE = {
    "zhou": {Role.LEAD},
    "wu": {Role.OFF},
    "lin": {Role.OFF},
    "zheng": {Role.UNIT},
    "dep": {Role.DEP},
    "chief": {Role.CHIEF},
    "plan": {Role.PLAN},
    "fin": {Role.FIN},
    "evid": {Role.EVID},
}


def person(name: str, **delegations: int | None) -> Person:
    if name == "system":
        return SYSTEM
    return Person(name, "branch", PATH, frozenset(PEOPLE[name]), delegations)


def an_officer(id: str, *, valid_to: date = date(2040, 1, 1), region: str = "4419", category: str = "WORK_SAFETY") -> Officer:
    certificate = Certificate(f"44-{id}", frozenset({category}), (region,), date(2020, 1, 1), valid_to)
    return Officer(id, id, certificates=(certificate,))


OFFICERS = {name: an_officer(name) for name in ("zhou", "wu", "lin", "zheng", "dep", "chief")}


def facts(by: str = "zhou", second: str | None = None, *, now: datetime = NOW, given: Any = None, **known: Any) -> Facts:
    known = {"officers": OFFICERS, "limits": Limits(), "since": now, **known}
    return Facts(person(by), now, LawParameters.shipped(), person(second) if second else None, given, known)


def a_form(
    form: str,
    object_id: UUID,
    *,
    officers: tuple[str, ...] = ("zhou", "wu"),
    reviewers: tuple[str, ...] = (),
    enterprise: str = "GLASS",
    complete: bool = True,
    kind: str = "inspection",
) -> Form:
    signatures = [Signature(one, "OFFICER", "GLASS") for one in officers]
    signatures += [Signature(one, "REVIEWER", "GLASS") for one in reviewers]
    if enterprise:
        signatures.append(Signature("", "ENTERPRISE", enterprise))
    return Form(uuid4(), form, kind, object_id, complete, () if complete else ("FIELD_MISSING place",), tuple(signatures))


def a_line(task: Inspection, form: str, *, state: str = "SEALED", object_id: UUID | None = None, number: str = "") -> DocumentLine:
    kind = "inspection" if object_id is None else "order"
    return DocumentLine(uuid4(), task.id, task.org_path, form, kind, object_id or task.id, state, number or f"{form}-1")


def a_scheme(**changes: Any) -> Scheme:
    window = datetime(2022, 8, 16, 0, tzinfo=UTC), datetime(2022, 8, 16, 10, tzinfo=UTC)
    return replace(Scheme(*window, "特种作业", "现场检查", (ITEM.id,), submitted_by="zhou", submitted_at=NOW), **changes)


EARLY = (I.DRAFT, I.PLANNED, I.DRAWN)
ORDERED = list(I)


def a_task(state: I = I.ON_SITE, **changes: Any) -> Inspection:
    """With the documents and dates that a task in this state has."""
    task = Inspection(
        source=Source.PLAN_GENERAL,
        source_ref="plan 2022-118",
        title="检查",
        enterprise_id=uuid4(),
        enterprise_name="东莞市穗岭机械有限公司",
        enterprise_code="91441900MA4W12346U",
        enterprise_address="大岭山镇",
        industry_code="C3421",
        region_code=REGION,
        legal_representative="陈某",
        enterprise_phone="0769",
        org_id="branch",
        org_path=PATH,
        category="WORK_SAFETY",
        covert=False,
        created_by="plan",
        created_at=NOW,
    )
    task.state = state
    if state not in EARLY:
        task.officer_ids, task.lead_id = ["zhou", "wu"], "zhou"
    if ORDERED.index(state) >= ORDERED.index(I.SCHEME_REVIEW):
        task.scheme = a_scheme()
    file = InspectionFile(task)
    if ORDERED.index(state) >= ORDERED.index(I.READY):
        task.scheme = a_scheme(approved_by="dep", approved_at=NOW)
        file.documents.append(a_line(task, "F02", state="EFFECTIVE"))
    if ORDERED.index(state) >= ORDERED.index(I.ON_SITE):
        task.arrived_at, task.recording_device_id = NOW, "camera-7"
        task.answers = [ItemAnswer(ITEM.id, ITEM.matter, Answer.CONFORM, "", "wu", NOW)]
    if state in {I.RECORDED, I.ISSUES_OPEN, I.REFERRED, I.CLOSED}:
        task.record_document_id, task.record_signed_at, task.left_at = uuid4(), NOW, NOW
        file.documents.append(a_line(task, "F03"))
        item, _ = PublicityItem.due(task, facts=facts("system"))
        item.take_transitions()
    for name, value in changes.items():
        setattr(task, name, value)
    return task


def a_finding(state: F = F.GENERAL, task: Inspection | None = None, **changes: Any) -> Finding:
    """In the file of its task, timers running as the state has them."""
    task = task or a_task(I.ON_SITE if state in {F.FOUND, F.GENERAL, F.MAJOR} else I.ISSUES_OPEN)
    found = Finding(
        task=task,
        inspection_id=task.id,
        enterprise_id=task.enterprise_id,
        org_path=task.org_path,
        check_item_id=ITEM.id,
        instrument=ITEM.instrument,
        matter=ITEM.matter,
        violation=ITEM.violation,
        rectify=ITEM.rectify,
        duty_text=ITEM.duty_text,
        penalty_texts=list(ITEM.penalty_texts),
        act_id=ITEM.act_id,
        authority=ITEM.authority,
        item_measures=list(ITEM.measures),
        major_screen=True,
        place="焊接车间",
        photo_ids=["photo-1"],
        persons=2,
        slots=dict(SLOTS),
        found_at=NOW,
        state=state,
    )
    if state is not F.FOUND:
        found.severity = Severity.MAJOR if state is F.MAJOR else Severity.GENERAL
        found.handling = ["ORDER"]
    for name, value in changes.items():
        setattr(found, name, value)
    task.file.findings.append(found)
    if state in {F.RECTIFYING, F.EXT_PENDING, F.RECHECK_DUE, F.RESUME_REVIEW, F.NOT_RECTIFIED}:
        found.due_on = changes.get("due_on", DUE)
        found.start_timer("D25", facts("system", due_on=found.due_on))
    if state is F.EXT_PENDING:
        found.start_timer("D27", facts("system"))
    if state is F.RECHECK_DUE:
        found.start_timer("D28", facts("system"))
    return found


def an_order(state: R = R.RUNNING, findings: list[Finding] | None = None, **changes: Any) -> RectificationOrder:
    findings = findings if findings is not None else [a_finding(F.RECTIFYING)]
    task = findings[0].task
    made = RectificationOrder(
        task=task,
        inspection_id=task.id,
        org_path=task.org_path,
        items=[OrderItem(finding.id, finding.due_on or DUE) for finding in findings],
        created_at=NOW,
        state=state,
    )
    if state is not R.DRAFT:
        made.document_id, made.issued_at = uuid4(), NOW
    if state not in {R.DRAFT, R.ISSUED}:
        made.served_on = date(2022, 8, 16)
        task.file.documents.append(a_line(task, "F05", object_id=made.id))
        for finding in findings:
            finding.order_id = made.id
    for name, value in changes.items():
        setattr(made, name, value)
    task.file.orders.append(made)
    return made


def a_recusal(task: Inspection, state: C = C.RAISED, officer_id: str = "wu") -> Recusal:
    made = Recusal(task, task.id, task.org_path, officer_id, "PARTY", "INTEREST", "持有股份", NOW, state=state)
    task.file.recusals.append(made)
    return made


def a_publicity(task: Inspection, state: P = P.DUE) -> PublicityItem:
    made = PublicityItem(task=task, inspection_id=task.id, org_path=task.org_path, state=state)
    task.file.publicity.append(made)
    return made


def timers_of(thing: Any) -> dict[str, str]:
    """Timer -> state of its latest run."""
    return {name: ("STOPPED" if thing.timer(name).stopped_at else str(thing.timer(name).state)) for name in {t.timer for t in thing.timers}}

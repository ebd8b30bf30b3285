"""Coercive measures in any state, and who moves them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from inspections.domain.finding_rows import State as F
from inspections.domain.form import Form, Signature
from inspections.domain.inspection import Inspection
from inspections.domain.measure import CoerciveMeasure
from inspections.domain.measure_rows import LIFT, State
from inspections.domain.measure_terms import (
    Appraisal,
    CoercionSteps,
    Cut,
    Destruction,
    HandOver,
    Kind,
    MeasureObject,
    ObjectHandling,
    Papers,
    PowerGrounds,
    Sort,
)
from inspections.domain.task_rows import State as I
from inspections.domain.terms import Severity
from kernel.guards import ActingBody
from kernel.money import Money

from .builders import NOW, REGION, a_finding, a_line, a_task, facts

COUNTY = ActingBody("county", "STATUTORY", (REGION,))
TOWN = ActingBody("branch", "ENTRUSTED", (REGION,), frozenset({"INSPECTION"}), date(2020, 1, 1))
STEPS = CoercionSteps(True, True, True, True, True, True, "无异议", "", "camera-7", True)
DRUM = MeasureObject(1, "甲苯", "108-88-3", "工业级", "16", "桶", "200升铁桶", "二号仓库", "B-7", "某化工店", "item-1", Sort.GOODS)
DAY = timedelta(days=1)
EARLY = (State.PROPOSED,)
HELD_SINCE = (State.IN_FORCE, State.APPRAISAL, State.EXTENDED, State.DECIDED, State.LIFT_OVERDUE, State.URGENT_APPLIED)


def power_grounds(task: Inspection, **changes: Any) -> PowerGrounds:
    stop = a_line(task, "F04", state="SERVED")
    stop.served_on = date(2022, 8, 10)
    task.file.documents.append(stop)
    given = {
        "stop_document_id": str(stop.document_id),
        "refusal_evidence_id": "refusal",
        "danger": "仍在违规生产，随时可能爆炸",
        "danger_evidence_id": "danger",
        "cut_safety": "分步停电，保留消防电源",
        "supplier": "供电局",
        **changes,
    }
    return PowerGrounds(**given)


def a_measure(
    state: State | None = State.IN_FORCE, kind: Kind = Kind.SEAL, task: Inspection | None = None, now: datetime = NOW, **changes: Any
) -> CoerciveMeasure:
    """In the file of its task, with the timers and papers that a measure in this state has."""
    task = task or a_task(I.ISSUES_OPEN)
    if not task.file.findings:
        stopped = {"severity": Severity.MAJOR, "in_force": ["M4"]}
        a_finding(F.NOT_RECTIFIED if kind is Kind.POWER else F.MAJOR, task, **stopped)
    id = uuid4()
    made = CoerciveMeasure(
        task=task,
        inspection_id=task.id,
        enterprise_id=task.enterprise_id,
        org_path=task.org_path,
        kind=kind,
        finding_ids=[one.id for one in task.file.findings],
        objects=[] if kind is Kind.POWER else [DRUM],
        problem="超许可范围储存危险化学品",
        basis_text="《中华人民共和国安全生产法》第六十五条第一款第四项",
        hazardous_chemicals=False,
        decision_id=id,
        created_at=now,
        power=power_grounds(task) if kind is Kind.POWER else None,
        id=id,
        state=state,
    )
    _live(made, state, now)
    for name, value in changes.items():
        setattr(made, name, value)
    task.file.measures.append(made)
    return made


def _live(made: CoerciveMeasure, state: State | None, now: datetime) -> None:
    given = facts("system", now=now)
    if state not in {None, State.PROPOSED, State.URGENT_APPLIED}:
        made.approved_by, made.approved_at = "chief", now
    if made.kind is Kind.POWER:
        if state in {State.NOTICED, State.IN_FORCE}:
            made.documents = {"F13": str(uuid4()), "F12": str(uuid4())}
            made.start_timer("D30", given)
        return
    if state is State.URGENT_APPLIED:
        made.urgent, made.urgency = True, "随时可能转移"
        made.start_timer("D01", given)
    if state in HELD_SINCE:
        made.applied_at, made.steps = now, STEPS
        made.start_timer("D02", given)
    if state is State.EXTENDED:
        made.extended_days = 30
        made.running("D02").add({"at": now.isoformat(), "kind": "extend", "days": 30}, given.law, why="Q09")
    if state is State.APPRAISAL:
        made.stored_state, made.appraisals = State.IN_FORCE, [Appraisal("item-1", "notice", 10, date(2022, 8, 16))]
        made.running("D02").add({"at": now.isoformat(), "kind": "suspend", "reason": "appraisal", "days": 10}, given.law, why="Q07")
    if state is State.DECIDED:
        made.running("D02").stop(now)
        made.handling = ObjectHandling.RETURN
    if state is State.LIFT_OVERDUE:
        made.running("D02").breach(now + 31 * DAY)


def a_paper(
    form: str,
    measure: CoerciveMeasure | UUID,
    *,
    officers: Sequence[str] = (),
    reviewer: str = "zheng",
    approver: str = "chief",
    party: str = "GLASS",
    complete: bool = True,
) -> Form:
    signatures = [Signature(one, "OFFICER", "GLASS") for one in officers]
    if form == "F07":
        signatures += [Signature(reviewer, "REVIEWER", "GLASS"), Signature(approver, "APPROVER", "GLASS")]
    if form in {"F09", "F17"}:
        signatures.append(Signature("", "PARTY", party))
    id = measure if isinstance(measure, UUID) else measure.id
    return Form(uuid4(), form, "measure", id, complete, () if complete else ("FIELD_MISSING basis_text",), tuple(signatures))


def the_papers(measure: CoerciveMeasure, *forms: str, **given: Any) -> Papers:
    both = ("zhou", "wu")
    return Papers(tuple(a_paper(form, measure, officers=both if form in {"F09", "F17"} else (), **given) for form in forms))


def approve(measure: CoerciveMeasure, by: str = "chief", form: str = "F07", **given: Any) -> Any:
    return measure.approve(a_paper(form, measure, officers=("zhou", "wu"), approver=by, **given), facts=facts(by, body=COUNTY))


def release(measure: CoerciveMeasure, *forms: str, second: str | None = "wu", steps: CoercionSteps = STEPS, **given: Any) -> Any:
    papers = the_papers(measure, *(forms or ("F08", "F09")), **given)
    return measure.release_application(papers, steps, facts=facts("zhou", second))


def hand_over(measure: CoerciveMeasure, *forms: str, second: str | None = "wu", by: str = "zhou") -> Any:
    return measure.hand_over_decision(the_papers(measure, *(forms or ("F08", "F09"))), facts=facts(by, second))


def confirm(measure: CoerciveMeasure, by: str = "chief", form: str = "F07", now: datetime = NOW, **given: Any) -> Any:
    return measure.confirm_urgent(a_paper(form, measure, officers=("zhou", "wu"), approver=by, **given), facts=facts(by, now=now))


def lift(measure: CoerciveMeasure, name: str, by: str = "chief", form: str = LIFT) -> Any:
    return measure.lift(name, a_paper(form, measure), "不再需要", facts=facts(by))


def to_test(measure: CoerciveMeasure, by: str = "zhou", days: int = 10, notice: str = "notice", now: datetime = NOW) -> Any:
    return measure.send_to_appraisal(Appraisal("item-1", notice, days, now.date()), facts=facts(by, now=now))


def extend(
    measure: CoerciveMeasure, by: str = "chief", days: int = 30, reason: str = "案情复杂", form: str = "F10", now: datetime = NOW
) -> Any:
    return measure.extend(days, reason, a_paper(form, measure), facts=facts(by, now=now))


def decide(
    measure: CoerciveMeasure,
    handling: ObjectHandling | None = ObjectHandling.RETURN,
    by: str = "chief",
    reason: str = "与违法行为无关",
    form: str = "F11",
    now: datetime = NOW,
) -> Any:
    return measure.decide(handling, reason, a_paper(form, measure), facts=facts(by, now=now))


def give_back(measure: CoerciveMeasure, by: str = "wu", receipt: str = "receipt") -> Any:
    return measure.give_back(receipt, Money(0), facts=facts(by))


def destroy(measure: CoerciveMeasure, by: str = "fin", second: str | None = "evid", **changes: Any) -> Any:
    proof = {
        "ground": "危险化学品无法安全存放",
        "witness": "林某",
        "contract_evidence_id": "contract",
        "record_evidence_id": "record",
        **changes,
    }
    return measure.destroy(Destruction(**proof), facts=facts(by, second))


def to_police(
    measure: CoerciveMeasure, by: str = "system", handed: tuple[str, ...] = ("qin",), taken: tuple[str, ...] = ("police",)
) -> Any:
    return measure.hand_to_police(HandOver("transfer", handed, taken), facts=facts(by))


def release_notice(measure: CoerciveMeasure, *forms: str, by: str = "wu") -> Any:
    return measure.release_notice(the_papers(measure, *(forms or ("F13", "F12"))), facts=facts(by))


def cut(measure: CoerciveMeasure, by: str = "wu", now: datetime = NOW + 2 * DAY, **changes: Any) -> Any:
    given = {"receipt_evidence_id": "receipt", "refusal_goes_on": True, "emergency": "", **changes}
    return measure.cut(Cut(**given), facts=facts(by, now=now))


def resume(measure: CoerciveMeasure, by: str = "chief", evidence: str = "proof", form: str = "F14") -> Any:
    return measure.resume(a_paper(form, measure), evidence, "隐患已消除", facts=facts(by))

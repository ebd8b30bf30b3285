"""Documents of a coercive measure: when each is due, what is known of its content, when it may be served. Law brief 4.2, 11.4."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from kernel.days import legal_day

from inspections.application.measure_wording import ACTS, BASIS_OF_FORM, EXPLOSIVES, HANDLING
from inspections.application.prefill import minute, spoken
from inspections.domain.file import InspectionFile
from inspections.domain.form import DocumentLine
from inspections.domain.measure import CoerciveMeasure
from inspections.domain.measure_rows import HELD, LIFT, State
from inspections.domain.measure_terms import Kind, MeasureObject
from inspections.domain.refusals import FormNotDueNow, FormNotOfObject

# Forms of the decision hang on the record whose id is the decision id; the others on their record.
OF_DECISION = frozenset({"F07", "F08", "F09", "F12", "F13", "F17"})
PERIOD = 30
NOT_SERVED = frozenset({"F07", "F17"})


def _in(*states: State, power: bool | None = None) -> Callable[[CoerciveMeasure], bool]:
    def check(measure: CoerciveMeasure) -> bool:
        return measure.state in states and (power is None or (measure.kind is Kind.POWER) is power)

    return check


_DUE: dict[str, Callable[[CoerciveMeasure], bool]] = {
    "F07": _in(State.PROPOSED, State.APPROVED, State.URGENT_APPLIED),
    "F08": _in(State.APPROVED, State.URGENT_APPLIED, power=False),
    "F09": _in(State.APPROVED, State.URGENT_APPLIED, power=False),
    "F10": _in(State.IN_FORCE, power=False),
    "F11": _in(*HELD, power=False),
    "F12": _in(State.APPROVED, power=True),
    "F13": _in(State.APPROVED, power=True),
    "F14": _in(State.NOTICED, State.IN_FORCE, power=True),
    "F17": _in(State.APPROVED, State.URGENT_APPLIED, power=False),
    LIFT: _in(State.URGENT_APPLIED, State.LIFT_OVERDUE, power=False),
}
FORMS = frozenset(_DUE)


def due(measure: CoerciveMeasure, form: str) -> None:
    if form in OF_DECISION and measure.id != measure.decision_id:
        raise FormNotOfObject("the form hangs on the first record of the decision", form=form, needed=str(measure.decision_id))
    if not _DUE[form](measure):
        raise FormNotDueNow(f"{form} is not due in this state", form=form, state=str(measure.state))


def servable(measure: CoerciveMeasure, form: str, document_id: UUID) -> None:
    """Released by the move of its row; the decision is handed over while that row can still be made."""
    told = form in {"F08", "F13"} and measure.state not in {State.APPROVED, State.URGENT_APPLIED}
    if form in NOT_SERVED or measure.documents.get(form) != str(document_id) or told:
        raise FormNotDueNow("the document is served once its move was made", form=form, state=str(measure.state))


def content(file: InspectionFile, measure: CoerciveMeasure, form: str, today: date) -> dict[str, Any]:
    known = {
        **_party(file),
        "act_text": _act(measure),
        "problem": measure.problem,
        "basis_text": BASIS_OF_FORM.get(form, measure.basis_text),
        "inventory": [_line(one) for one in _objects(file, measure, form)],
    }
    return {**known, **_OF_FORM.get(form, _nothing)(file, measure, today)}


def _party(file: InspectionFile) -> dict[str, Any]:
    task = file.inspection
    return {
        "party_address": task.enterprise_address,
        "party_phone": task.enterprise_phone,
        "case_name": f"{task.enterprise_name}{task.title or '现场检查'}",
    }


def _act(measure: CoerciveMeasure) -> str:
    explosives = measure.power is not None and measure.power.explosives
    return EXPLOSIVES if explosives else ACTS[measure.kind]


def _objects(file: InspectionFile, measure: CoerciveMeasure, form: str) -> list[MeasureObject]:
    """All objects of the decision in its own documents, else those of the record."""
    records = file.decided_with(measure) if form in OF_DECISION else [measure]
    return sorted((one for record in records for one in record.objects), key=lambda one: one.no)


def _line(one: MeasureObject) -> dict[str, Any]:
    name = f"{one.name}（CAS {one.cas}）" if one.cas else one.name
    about = [
        one.packaging,
        f"存放于{one.place}" if one.place else "",
        f"批号 {one.lot}" if one.lot else "",
        f"所有人：{one.owner}" if one.owner else "",
    ]
    return {
        "no": one.no,
        "name": name,
        "model": one.model,
        "unit": one.unit,
        "quantity": one.quantity,
        "remarks": "；".join(text for text in about if text),
    }


def _nothing(file: InspectionFile, measure: CoerciveMeasure, today: date) -> dict[str, Any]:
    return {}


def _approval(file: InspectionFile, measure: CoerciveMeasure, today: date) -> dict[str, Any]:
    power = _power(file, measure, today)
    return {"facts": measure.problem, "urgent": measure.urgent, "urgency": measure.urgency, **power}


def _decision(file: InspectionFile, measure: CoerciveMeasure, today: date) -> dict[str, Any]:
    begins = legal_day(measure.applied_at) if measure.applied_at else today
    return {
        "period_from": spoken(begins),
        "period_to": spoken(begins + timedelta(days=PERIOD)),
        "urgent": measure.urgent,
        **_number(file, "F09", measure, "inventory_number"),
    }


def _earlier(file: InspectionFile, measure: CoerciveMeasure, today: date) -> dict[str, Any]:
    line = _document(file, "F08", measure)
    number = _number(file, "F08", measure, "measure_number")
    served = line.deemed_on if line is not None else None
    told = served or (legal_day(measure.applied_at) if measure.applied_at else None)
    last = date.fromisoformat(measure.d02_raw_last_on) if measure.d02_raw_last_on else None
    return {
        **number,
        "extended_to": spoken(last + timedelta(days=PERIOD)) if last else "",
        "measure_date": spoken(told) if told else "",
        "period_to": spoken(last) if last else "",
        "object_handling_text": HANDLING[measure.handling] if measure.handling else "",
    }


def _power(file: InspectionFile, measure: CoerciveMeasure, today: date) -> dict[str, Any]:
    given = measure.power
    if given is None:
        return {}
    stop = next((line for line in file.documents if str(line.document_id) == given.stop_document_id), None)
    timer, told = measure.timer("D30"), _document(file, "F13", measure)
    return {
        "supplier": given.supplier,
        "danger": given.danger,
        "cut_safety": given.cut_safety,
        "stop_number": stop.number if stop else "",
        "stop_date": spoken(stop.deemed_on) if stop and stop.deemed_on else "",
        "place": "、".join(dict.fromkeys(finding.place for finding in measure.findings)) or file.inspection.enterprise_address,
        "cut_from": minute(timer.expires_at) if timer and timer.expires_at else "本决定书送达满二十四小时时",
        "measure_date": spoken(told.deemed_on) if told and told.deemed_on else "",
        **_number(file, "F13", measure, "measure_number"),
    }


def _examination(file: InspectionFile, measure: CoerciveMeasure, today: date) -> dict[str, Any]:
    task = file.inspection
    places = list(dict.fromkeys(one.place for one in _objects(file, measure, "F17") if one.place))
    return {"place": "、".join(places) or task.enterprise_address, "time_from": minute(task.arrived_at)}


def _number(file: InspectionFile, form: str, measure: CoerciveMeasure, field: str) -> dict[str, str]:
    line = _document(file, form, measure)
    return {field: line.number if line is not None else ""}


def _document(file: InspectionFile, form: str, measure: CoerciveMeasure) -> DocumentLine | None:
    return file.line(form, measure.decision_id)


_OF_FORM: dict[str, Callable[[InspectionFile, CoerciveMeasure, date], dict[str, Any]]] = {
    "F07": _approval,
    "F08": _decision,
    "F10": _earlier,
    "F11": _earlier,
    "F12": _power,
    "F13": _power,
    "F14": _power,
    "F17": _examination,
    LIFT: _earlier,
}

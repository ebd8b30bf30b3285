"""What must hold for the moves of a finding beside the shared guards. Law brief 3.3–3.6, 11.3."""

from datetime import date
from typing import Any

from kernel.days import legal_day
from kernel.deadlines import compute
from kernel.errors import DomainError
from kernel.moves import Facts, Role

from inspections.domain import measure_guards as coercion
from inspections.domain import refusals as no
from inspections.domain.form import OFFICER, Form
from inspections.domain.guards import form_refusal
from inspections.domain.measure_refusals import HeadsApprovalMissing, PowerConditionMissing
from inspections.domain.task_rows import ON_SITE
from inspections.domain.terms import BY_DECISION, COERCIVE, STOP, Handling, Measure, Severity


def wording_place_photo(finding: Any, facts: Facts) -> DomainError | None:
    """A finding has standard wording, a place and a photo. Law brief HD01."""
    if not finding.place:
        return no.PlaceMissing("the finding says where it was made")
    if not finding.photo_ids:
        return no.PhotoMissing("a photo shows the finding")
    return None


def on_site(finding: Any, facts: Facts) -> DomainError | None:
    """A finding is made while the officers are there. Law: WSL 68."""
    if finding.task.state in ON_SITE:
        return None
    return no.NotOnSite("a finding is made on site", state=str(finding.task.state))


def record_open(finding: Any, facts: Facts) -> DomainError | None:
    """After the signature the record changes only by a supplementary one. Law: WSL 68; I20."""
    if finding.task.record_signed_at is not None:
        return no.RecordAlreadySigned("the record is signed", signed_at=finding.task.record_signed_at.isoformat())
    return None


def handling_possible(finding: Any, facts: Facts) -> DomainError | None:
    """ON_SPOT and HAND_OVER stand alone; MEASURE names measures of F04. Law: WSL 65(1), 69."""
    if facts.input is None:
        return None
    handling, measures, department = facts.input
    if not handling:
        return no.HandlingNotChosen("a handling is chosen", finding=finding.id)
    alone = {Handling.ON_SPOT, Handling.HAND_OVER} & set(handling)
    if alone and len(set(handling)) > 1:
        return no.HandlingNotPossible("this handling goes with no other", handling=",".join(sorted(handling)))
    if Handling.HAND_OVER in handling and not department.strip():
        return no.HandlingNotPossible("the department is named", handling="HAND_OVER")
    if (Handling.MEASURE in handling) != bool(measures):
        return no.MeasureNotChosen("MEASURE names its measures, and nothing else does", finding=finding.id)
    others = set(measures) - BY_DECISION - COERCIVE
    if others:
        return no.HandlingNotPossible("M1 is ON_SPOT, M6 is ORDER", measures=",".join(sorted(others)))
    return _trigger(finding, measures) if measures else None


def _trigger(finding: Any, measures: Any) -> DomainError | None:
    """M3 and M4: a major danger, safety not assured; M5 also a facility for hazardous chemicals below standard."""
    for measure in sorted({Measure(one) for one in measures} & STOP):
        major = finding.severity is Severity.MAJOR and finding.safety_not_assured
        if not major and not (measure is Measure.M5 and finding.hazchem_equipment):
            return no.MeasureWithoutTrigger(
                f"{measure} needs a major danger whose safety is not assured", measure=str(measure), severity=str(finding.severity or "")
            )
    return None


def measure_trigger(finding: Any, facts: Facts) -> DomainError | None:
    """The chosen measures have their triggers. Law: WSL 65(1)(3); HCR 7(3)."""
    if not set(finding.measures) & BY_DECISION:
        return no.MeasureNotChosen("no measure of F04 was chosen", finding=finding.id)
    return _trigger(finding, finding.measures)


def g18(finding: Any, facts: Facts) -> DomainError | None:
    """A seal or seizure comes over a finding through its own row: approved or urgent, told, heard, filmed. Law: AEL 18–19."""
    measure = facts.known.get("measure")
    return coercion.g18(measure, facts) if measure is not None else HeadsApprovalMissing("a measure is applied first (Q03, Q04)")


def g19(finding: Any, facts: Facts) -> DomainError | None:
    """Coercive power is never entrusted. Law: AEL 17(1)."""
    return coercion.g19(finding, facts)


def cut_conditions(finding: Any, facts: Facts) -> DomainError | None:
    """The power is cut under the conditions of 3.8. Law: WSL 70(1)."""
    measure = facts.known.get("measure")
    if measure is None:
        return PowerConditionMissing("a power cut is approved first (Q17)", missing="measure")
    return coercion.of_power(measure, facts)


def stop_only_major(finding: Any, facts: Facts) -> DomainError | None:
    """After a failed re-inspection only a major danger is stopped. Law: WSL 65(1)(3); HD19."""
    if set(finding.measures) & STOP and finding.severity is not Severity.MAJOR:
        return no.NotMajor("only a major danger is stopped", severity=str(finding.severity or ""))
    return None


def severity_major(finding: Any, facts: Facts) -> DomainError | None:
    """The attribute, whatever the state."""
    return (
        None if finding.severity is Severity.MAJOR else no.NotMajor("the finding is no major danger", severity=str(finding.severity or ""))
    )


def g20(finding: Any, facts: Facts) -> DomainError | None:
    """A major danger cites the item of the judging standard; doubt needs an opinion. Law: WSL 118; JI2 4."""
    if facts.input is None:
        return None
    standard_item, doubtful, opinion = facts.input
    if not standard_item.strip():
        return no.StandardItemMissing("the item of the judging standard is cited", finding=finding.id)
    if doubtful and not opinion:
        return no.ExpertOpinionMissing("a doubtful case needs an opinion", finding=finding.id)
    return None


def downgrade_grounds(finding: Any, facts: Facts) -> DomainError | None:
    """Written reason and evidence, never by who classified it alone. Law brief HD04."""
    alone = facts.by.id in finding.classified_by and (facts.second is None or facts.second.id in finding.classified_by)
    if alone and not facts.permission_only:
        return no.SameOfficerDowngrades("who classified the danger may not downgrade it alone", officer=facts.by.id)
    if facts.input is None:
        return None
    reason, evidence = facts.input
    if not reason.strip():
        return no.ReasonMissing("a written reason is needed")
    return None if evidence else no.EvidenceMissing("evidence is needed", field="evidence_ids")


def before_leaving(finding: Any, facts: Facts) -> DomainError | None:
    """Corrected before the officers leave, with photos before and after. Law brief HD05."""
    if finding.task.left_at is not None:
        return no.RecordAlreadySigned("the officers have left", left_at=finding.task.left_at.isoformat())
    if finding.handling and Handling.ON_SPOT not in finding.handling:
        return no.HandlingNotPossible("another handling was chosen", handling=",".join(finding.handling))
    if facts.input is None:
        return None
    before, after = facts.input
    if not (before or finding.photo_ids) or not after:
        return no.PhotoMissing("photos before and after are needed", finding=finding.id)
    return None


def item_deadline(finding: Any, facts: Facts) -> DomainError | None:
    """The item deadline is not longer than the configured maximum. Law brief 3.3 M6, 30 days [K]."""
    due, limits = facts.known.get("due_on"), facts.known.get("limits")
    if due is None or limits is None:
        return None
    return deadline_refusal(due, legal_day(facts.known.get("since", facts.now)), limits.rectification_days)


def deadline_refusal(due: date, from_day: date, longest: int) -> DomainError | None:
    if (due - from_day).days > longest:
        return no.DeadlineTooLong(f"at most {longest} days", due_on=due.isoformat(), longest=longest)
    return None


def notice_published(finding: Any, facts: Facts) -> DomainError | None:
    """A published notice and a responsible person. Law: WSL 41(3)."""
    if facts.input is None:
        return None
    if not facts.input.get("notice_number", "").strip() or not facts.input.get("responsible_person", "").strip():
        return no.SupervisionNoticeMissing("a published notice and a responsible person are needed")
    return None


def written_reasons(finding: Any, facts: Facts) -> DomainError | None:
    """The application is written and gives its reasons. Law: PB 17."""
    if facts.input is None:
        return None
    reason, evidence_id = facts.input
    if not reason.strip():
        return no.ReasonMissing("the application gives its reasons")
    return None if evidence_id else no.EvidenceMissing("the application is stored", field="evidence_id")


def in_time(finding: Any, facts: Facts) -> DomainError | None:
    """In time by D26, as `d26_reading` reads it. Law: PB 17 (unverified)."""
    timer = finding.timer("D26")
    if timer is None or timer.stopped_at is not None:
        return no.ExtensionTooLate("no period for an application is running", finding=finding.id)
    asked = [*timer.events, {"at": facts.now.isoformat(), "kind": "extend_request"}]
    accepted = compute("D26", timer.starts_at, asked, timer.params, facts.law).accepted
    if accepted is None or not accepted[-1]:
        return no.ExtensionTooLate(
            f"the application had to be made by {timer.legal_expiry}", last_day=timer.legal_expiry, finding=finding.id
        )
    return None


def new_day(finding: Any, facts: Facts) -> DomainError | None:
    """A later day, interim safety measures, and the whole not longer than the configured maximum. Law: PB 17; 3.5 [P]."""
    if facts.input is None:
        return None
    due, interim = facts.input
    if due <= finding.due_on:
        return no.ExtensionNotLonger("the new last day is later than the old one", due_on=due.isoformat(), old=finding.due_on.isoformat())
    if not interim.strip():
        return no.InterimMeasuresMissing("interim safety measures are needed")
    limits = facts.known.get("limits")
    return deadline_refusal(due, finding.due_on, limits.rectification_days) if limits else None


def document_given(finding: Any, facts: Facts) -> DomainError | None:
    """A move of the party rests on its document; a review on its record."""
    if facts.input is None or facts.input:
        return None
    return no.EvidenceMissing("the document that the move rests on is stored", field="evidence_id")


def no_stop_measure(finding: Any, facts: Facts) -> DomainError | None:
    """Under M3–M5 a pass leads to the review of resuming. Law: WSL 65(1)(3)."""
    return no.StopMeasureInForce("a stop measure is in force", measures=",".join(finding.in_force)) if finding.stopped else None


def stop_measure(finding: Any, facts: Facts) -> DomainError | None:
    """Only a stop measure needs consent to resume. Law: WSL 65(1)(3)."""
    return None if finding.stopped else no.NoStopMeasure("no stop measure is in force")


def photo_after(finding: Any, facts: Facts) -> DomainError | None:
    """A photo shows the state after. Law brief HD13."""
    if facts.input is None or facts.input or finding.photo_after_ids:
        return None
    return no.PhotoMissing("a photo after is needed", finding=finding.id)


def chief_if_supervised(finding: Any, facts: Facts) -> DomainError | None:
    """The principal decides on a danger under listed supervision. Law brief HD15."""
    if finding.supervised and Role.CHIEF not in finding.roles_of(facts.by):
        return no.ChiefDecidesSupervised("the principal decides on a danger under listed supervision")
    return None


def no_order_in_force(finding: Any, facts: Facts) -> DomainError | None:
    """Where an order runs, its own path applies. Law brief HD20."""
    if finding.order_id is not None and not finding.task.file.order(finding.order_id).over:
        return no.OrderInForce("an order is in force for the finding", order=finding.order_id)
    return None


def department_named(finding: Any, facts: Facts) -> DomainError | None:
    """The competent department is named. Law: WSL 69."""
    if facts.input is None or facts.known.get("department", "").strip():
        return None
    return no.ReasonMissing("the receiving department is named")


def disputed(finding: Any, facts: Facts) -> DomainError | None:
    """There is an objection to decide. Law brief HD23."""
    return None if finding.disputed else no.NotDisputed("nothing was objected to")


def supervised(finding: Any, facts: Facts) -> DomainError | None:
    """Only a listed danger is taken off the list. Law brief HD25."""
    return None if finding.supervised else no.NotSupervised("the finding is not under listed supervision")


def closure_recorded(finding: Any, facts: Facts) -> DomainError | None:
    """A closure decision, or the check of a site where no danger is left. Law brief HD26."""
    if facts.input is None or facts.known.get("closure"):
        return None
    return no.EvidenceMissing("the closure decision or the record of the site check is stored", field="closure_evidence_id")


def record_of_officers(finding: Any, facts: Facts) -> DomainError | None:
    """Two officers of the task signed the record, one of them the lead. Law: APL 42; HD26."""
    if not isinstance(facts.input, Form):
        return None
    refused = form_refusal(facts.input, ("F03", "F06"), facts)
    if refused is not None:
        return refused
    signers = set(facts.input.signers(OFFICER)) & set(finding.task.officer_ids)
    if len(signers) < 2 or finding.task.lead_id not in signers:
        return no.OfficersSignaturesMissing("two officers of the task sign, one of them the lead", signers=",".join(sorted(signers)))
    return None

"""What must hold for the moves of a coercive measure beside the shared guards. Law brief 3.7, 3.8, 11.1, 11.4."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from kernel.days import SHANGHAI, legal_day
from kernel.errors import DomainError
from kernel.guards import CoercionEntrusted, competent
from kernel.moves import Facts, Role

from inspections.domain import measure_refusals as no
from inspections.domain.form import Form
from inspections.domain.guards import form_refusal
from inspections.domain.measure_terms import (
    Appraisal,
    CoercionSteps,
    Cut,
    Destruction,
    Excluded,
    HandOver,
    Kind,
    MeasureObject,
    ObjectHandling,
    Papers,
    Sort,
)
from inspections.domain.terms import STOP, Measure, Severity

Guard = Callable[[Any, Facts], DomainError | None]
MOST_EXTENDED = 30


def of_goods(measure: Any, facts: Facts) -> DomainError | None:
    """Q02–Q16 and Q22 are for objects, not for power. Law brief 11.4."""
    return None if measure.kind is not Kind.POWER else no.MoveNotOfKind("the row is for objects", kind=str(measure.kind))


def of_power(measure: Any, facts: Facts) -> DomainError | None:
    """Q17–Q20 are for power, and for nothing else. Law brief 11.4."""
    return None if measure.kind is Kind.POWER else no.MoveNotOfKind("the row is for power", kind=str(measure.kind))


def g05(measure: Any, facts: Facts) -> DomainError | None:
    """The acting body is competent by place. Law: APL 22–25; AEL 17."""
    body = facts.known.get("body")
    if body is None:
        return None
    return competent(body, on=legal_day(facts.now), region_code=measure.task.region_code, act="COERCION")


def g19(measure: Any, facts: Facts) -> DomainError | None:
    """Coercive power is never entrusted. Law: AEL 17(1)."""
    body = facts.known.get("body")
    if body is None or body.basis != "ENTRUSTED":
        return None
    return CoercionEntrusted("a coercive measure may not be entrusted", org=body.org_id, act="COERCION")


def g18(measure: Any, facts: Facts) -> DomainError | None:
    """Approved by the head, or urgent; the party called, told and heard; the papers signed, or a witness. Law: AEL 18–19; HCR 7(4)."""
    if not measure.urgent and not measure.approved_by:
        return no.HeadsApprovalMissing("the head approves first", measure=measure.id)
    steps = facts.known.get("steps")
    if not isinstance(steps, CoercionSteps):
        return None
    if steps.missing:
        return no.CoercionStepsMissing(f"missing on site: {', '.join(steps.missing)}", missing=",".join(steps.missing))
    refused = isinstance(facts.input, Papers) and any(form.party_refused for form in facts.input.forms)
    if (refused or not steps.party_present) and not steps.witness.strip():
        return no.WitnessMissing("a witness signs where the party stays away or refuses", present=steps.party_present)
    return None


def g07(measure: Any, facts: Facts) -> DomainError | None:
    """The act is filmed by a device bound to the task. Law: APL 47; AEL 18."""
    steps = facts.known.get("steps")
    if not isinstance(steps, CoercionSteps) or (steps.device_id.strip() and steps.recording):
        return None
    return no.CoercionStepsMissing("a recording device runs", missing="recording")


def grounds_recorded(measure: Any, facts: Facts) -> DomainError | None:
    """The facts that give grounds. Law: AEL 24(2); WSL 65(1)(4)."""
    return None if measure.problem.strip() else no.GroundsMissing("the facts are named", field="problem")


def objects_listed(measure: Any, facts: Facts) -> DomainError | None:
    """An inventory, and nothing in it that AEL 23 forbids to take. Law: AEL 23, 24; WSL 65(1)(4)."""
    if measure.kind is Kind.POWER:
        return None
    if not measure.objects:
        return no.ObjectsMissing("the objects are listed", field="objects")
    for one in measure.objects:
        refused = _object_refusal(one, measure.kind)
        if refused is not None:
            return refused
    return None


def _object_refusal(one: MeasureObject, kind: Kind) -> DomainError | None:
    blank = [field for field in ("name", "quantity", "unit", "place") if not getattr(one, field).strip()]
    if blank or one.sort is None:
        return no.ObjectsMissing(f"line {one.no} says name, sort, quantity, unit and place", no=one.no, fields=",".join(blank or ["sort"]))
    if one.excluded:
        known = one.excluded if one.excluded in frozenset(Excluded) else Excluded.UNRELATED
        return no.ObjectNotToBeSealed(f"line {one.no} may not be sealed or seized", no=one.no, ground=str(known))
    if kind is Kind.SEIZE and one.sort is Sort.PLACE:
        return no.PlaceNotSeized(f"line {one.no} is a place, which is sealed", no=one.no)
    return None


def chief_for_chemicals(measure: Any, facts: Facts) -> DomainError | None:
    """Hazardous chemicals: the principal head, no deputy inside a delegation. Law: HCR 7(4)."""
    if not measure.hazardous_chemicals or Role.CHIEF in measure.roles_of(facts.by):
        return None
    return no.ChiefMustApprove("the principal head approves himself", by=facts.by.id)


def papers_given(*needed: str, record: bool = False) -> Guard:
    """These forms, complete and of this decision; with `record` a signed record of the spot too. AEL 18(7), 24; INV-02."""

    def guard(measure: Any, facts: Facts) -> DomainError | None:
        if not isinstance(facts.input, Papers):
            return None
        for form in needed:
            given = facts.input.of(form)
            if given is None:
                return no.DecisionPapersMissing(f"{form} is handed over with the decision", form=form)
            refused = form_refusal(given, (form,), facts)
            if refused is not None:
                return refused
        if not record:
            return None
        examined = facts.input.of("F17")
        if examined is not None:
            return form_refusal(examined, ("F17",), facts)
        if not measure.task.recorded:
            return no.OnSiteRecordMissing("F03 is signed before, or F17 comes along", needed="F03,F17")
        return None

    guard.__name__ = "papers_given"
    guard.__doc__ = papers_given.__doc__
    return guard


def released(*forms: str) -> Guard:
    """The documents that were served were released before. Design 3.9."""

    def guard(measure: Any, facts: Facts) -> DomainError | None:
        missing = [form for form in forms if form not in measure.documents]
        return no.DecisionNotReleased("the decision was not released", missing=",".join(missing)) if missing else None

    guard.__name__ = "released"
    guard.__doc__ = released.__doc__
    return guard


def urgency_recorded(measure: Any, facts: Facts) -> DomainError | None:
    """Why approval could not be waited for. Law: AEL 19."""
    return None if measure.urgency.strip() else no.UrgencyMissing("the urgency is recorded", field="urgency")


def same_visit(measure: Any, facts: Facts) -> DomainError | None:
    """Decision, inventory and record of an urgent measure belong to its visit. INV-02."""
    task = measure.task
    if task.arrived_at is None:
        return no.VisitOver("the officers are on site", task=task.id)
    if task.left_at is not None and not task.recorded:
        return no.VisitOver("the officers have left", left_at=task.left_at.isoformat())
    return None


def approval_overdue(measure: Any, facts: Facts) -> DomainError | None:
    """D01 has ended. Law: AEL 19."""
    timer = measure.timer("D01")
    if timer is None or timer.stopped_at is not None or timer.expires_at is None or timer.expires_at > facts.now:
        return no.UrgentApprovalNotOverdue("the 24 hours are not over", measure=measure.id)
    return None


def _ends_at(measure: Any) -> datetime | None:
    timer = measure.timer("D02")
    found: datetime | None = timer.expires_at if timer is not None and timer.stopped_at is None else None
    return found


def before_end(measure: Any, facts: Facts) -> DomainError | None:
    """On or before the last day of D02, which is not rolled. Law: AEL 25, 27, 28(1)(4)."""
    ends_at = _ends_at(measure)
    if ends_at is not None and facts.now < ends_at:
        return None
    return no.MeasurePeriodOver("the period of the measure is over", last_on=measure.d02_raw_last_on)


def period_over(measure: Any, facts: Facts) -> DomainError | None:
    """The raw last day has passed. Law: AEL 28(1)(4), 62(3)."""
    ends_at = _ends_at(measure)
    if ends_at is not None and ends_at <= facts.now:
        return None
    return no.MeasurePeriodRunning("the period of the measure runs", last_on=measure.d02_raw_last_on)


def period_stated(measure: Any, facts: Facts) -> DomainError | None:
    """The period of the test is fixed and told to the party in writing. Law: AEL 25(3)."""
    if not isinstance(facts.input, Appraisal) or (facts.input.stated_days > 0 and facts.input.notice_evidence_id.strip()):
        return None
    return no.AppraisalPeriodMissing("the days and the written word to the party are named", days=facts.input.stated_days)


def extension_possible(measure: Any, facts: Facts) -> DomainError | None:
    """Once, at most 30 days, with reasons that the party is told. Law: AEL 25(1)–(2)."""
    given = facts.known.get("extension")
    if given is None:
        return None
    days, reason = given
    if not 0 < days <= MOST_EXTENDED or measure.extended_days:
        return no.MeasureExtensionInvalid(f"once and at most {MOST_EXTENDED} days", days=days, granted=measure.extended_days)
    return None if reason.strip() else no.MeasureExtensionInvalid("the reasons are told", days=days, granted=0)


def handling_chosen(measure: Any, facts: Facts) -> DomainError | None:
    """One fate with its reason; confiscation only with a case. Law: AEL 27, 28."""
    given = facts.known.get("handling")
    if given is None:
        return None
    handling, reason = given
    if handling is None or not reason.strip():
        return no.ObjectHandlingMissing(
            "the fate of the objects and its reason are named", field="handling" if handling is None else "reason"
        )
    if handling is ObjectHandling.CONFISCATE and not measure.case_id:
        return no.CaseMissing("goods are confiscated by a penalty decision", measure=measure.id)
    return None


def to_be_returned(measure: Any, facts: Facts) -> DomainError | None:
    """RETURN was decided, or the penalty decision left the goods alone. Law: AEL 28."""
    spared = measure.handling is ObjectHandling.CONFISCATE and measure.case_outcome == "SPARES"
    if measure.handling is ObjectHandling.RETURN or spared:
        return None
    return no.HandlingIsOther("something else was decided", handling=str(measure.handling or ""))


def receipt_signed(measure: Any, facts: Facts) -> DomainError | None:
    """The owner signed for what came back. Law: AEL 28(2)."""
    return no.ReceiptMissing("the owner's receipt is stored", field="receipt_evidence_id") if facts.input == "" else None


def penalty_confiscates(measure: Any, facts: Facts) -> DomainError | None:
    """CONFISCATE was decided here, and the served decision of the case names the goods (P4 in F34). Law: APL 9; AEL 27."""
    if measure.handling is not ObjectHandling.CONFISCATE:
        return no.HandlingIsOther("something else was decided", handling=str(measure.handling or ""))
    if measure.case_outcome != "CONFISCATES" or not measure.case_served:
        return no.PenaltyDoesNotConfiscate("no served decision confiscates the goods", case=measure.case_id)
    return None


def to_be_destroyed(measure: Any, facts: Facts) -> DomainError | None:
    """DESTROY was decided, or the goods are confiscated. Law: AEL 27."""
    if measure.handling is ObjectHandling.DESTROY or str(measure.state) == "CONFISCATED":
        return None
    return no.HandlingIsOther("something else was decided", handling=str(measure.handling or ""))


def disposal_proven(measure: Any, facts: Facts) -> DomainError | None:
    """Ground, witness, contract and record; for fireworks the police. Law: FWR 43."""
    given = facts.input
    if not isinstance(given, Destruction):
        return None
    needed = ["ground", "witness", "contract_evidence_id", "record_evidence_id", *(["police_evidence_id"] if given.fireworks else [])]
    missing = [field for field in needed if not getattr(given, field).strip()]
    return no.DisposalProofMissing("the destruction is proven", missing=",".join(missing)) if missing else None


def signed_by_both(measure: Any, facts: Facts) -> DomainError | None:
    """Who gave and who took are named. Law: AEL 21."""
    given = facts.input
    if not isinstance(given, HandOver) or (given.handed_by and given.received_by):
        return None
    return no.HandOverUnsigned("who handed over and who took over are named", transfer=given.transfer_id)


def power_conditions(measure: Any, facts: Facts) -> DomainError | None:
    """A served stop decision over a major danger, its refusal, a real danger, and a safe cut. Law: WSL 70(1)."""
    given = measure.power
    needed = ("stop_document_id", "refusal_evidence_id", "danger", "danger_evidence_id", "cut_safety", "supplier")
    missing = [field for field in needed if given is None or not getattr(given, field).strip()]
    if missing:
        return no.PowerConditionMissing(f"missing: {', '.join(missing)}", missing=",".join(missing))
    if given.feeds_residents:
        return no.ResidentsSupplied("the line feeds residents", supplier=given.supplier)
    stopped = [line for line in measure.task.file.documents if str(line.document_id) == given.stop_document_id]
    if not any(line.form == "F04" and line.served_on is not None for line in stopped):
        return no.PowerConditionMissing("the stop decision was not served", missing="stop_document_id")
    if not any(finding.severity is Severity.MAJOR and {Measure(m) for m in finding.in_force} & STOP for finding in measure.findings):
        return no.PowerConditionMissing("no major danger under a stop decision", missing="finding_ids")
    return None


def not_for_residents(measure: Any, facts: Facts) -> DomainError | None:
    """Never residents' living supply. Law: AEL 43(2)."""
    fed = measure.power is not None and measure.power.feeds_residents
    return no.ResidentsSupplied("the line feeds residents", supplier=measure.power.supplier) if fed else None


def by_day(measure: Any, facts: Facts) -> DomainError | None:
    """Not at night or on a statutory holiday unless it is urgent. Law: AEL 43(1)."""
    given, limits = facts.input, facts.known.get("limits")
    if not isinstance(given, Cut) or limits is None or given.emergency.strip():
        return None
    local = facts.now.astimezone(SHANGHAI)
    calendar = facts.law.at(measure.org_path).calendar
    night = local.hour >= limits.night_from or local.hour < limits.night_to
    if night or calendar.statutory(local.date()):
        return no.NightOrHoliday("nothing is cut at night or on a holiday", at=local.isoformat())
    return None


def lead_time(measure: Any, facts: Facts) -> DomainError | None:
    """24 hours after the enterprise was told, or an emergency. Law: WSL 70(2)."""
    if not isinstance(facts.input, Cut) or facts.input.emergency.strip():
        return None
    timer = measure.timer("D30")
    if timer is None or timer.expires_at is None or facts.now < timer.expires_at:
        allowed = timer.legal_expiry if timer is not None else ""
        return no.CutTooEarly("24 hours after the notice", allowed_from=allowed)
    return None


def still_refused(measure: Any, facts: Facts) -> DomainError | None:
    """The refusal goes on, and the supplier signed for F12. Law: WSL 70."""
    given = facts.input
    if not isinstance(given, Cut):
        return None
    if not given.refusal_goes_on:
        return no.RefusalOver("the enterprise complies", measure=measure.id)
    return None if given.receipt_evidence_id.strip() else no.ReceiptMissing("the supplier's receipt is stored", field="receipt_evidence_id")


def complied(measure: Any, facts: Facts) -> DomainError | None:
    """The enterprise complied and the danger is gone. Law: WSL 70(2)."""
    missing = facts.known.get("compliance") == ""
    return no.ComplianceMissing("what shows it is stored", field="evidence_id") if missing else None


def single_form(form: str) -> Guard:
    """The form of the row is complete and of this measure. Law brief 4.4."""

    def guard(measure: Any, facts: Facts) -> DomainError | None:
        return form_refusal(facts.input, (form,), facts) if isinstance(facts.input, Form) else None

    guard.__name__ = "single_form"
    guard.__doc__ = single_form.__doc__
    return guard

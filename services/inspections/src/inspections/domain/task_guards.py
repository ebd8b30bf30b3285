"""What must hold for the moves of a task beside the shared guards. Law brief 11.2."""

from typing import Any

from kernel.errors import DomainError
from kernel.moves import Facts

from inspections.domain import refusals as no
from inspections.domain.form import REVIEWER, Form
from inspections.domain.guards import form_refusal
from inspections.domain.terms import Source

URGENT_SOURCES = frozenset({Source.COMPLAINT, Source.ALERT, Source.ACCIDENT, Source.HANDOVER})


def source_recorded(task: Any, facts: Facts) -> DomainError | None:
    """A plan row, clue, complaint or hand-over is named. Law brief 2.4; DR1 art. 5: no check without a task."""
    if not task.source_ref.strip():
        return no.SourceReferenceMissing("the plan row, complaint or hand-over is named", source=str(task.source))
    return None


def replacement_ground(task: Any, facts: Facts) -> DomainError | None:
    """An officer is replaced for an accepted recusal or an absence with a reason. Law: APL 43."""
    if facts.input is None:
        return None
    ground, replaced = facts.known["ground"], facts.known["replaced"]
    if ground == "LEAVE" or (ground == "RECUSAL" and replaced in task.file.recused()):
        return None
    return no.ReplacementGroundMissing("an accepted recusal or an absence is needed", ground=ground, officer=replaced)


def scheme_complete(task: Any, facts: Facts) -> DomainError | None:
    """Every field of F02 that a person fills: time, content, method, items. Law: FORM1."""
    scheme = facts.input
    if scheme is None:
        return None
    fields = {"content": scheme.content.strip(), "method": scheme.method.strip(), "check_item_ids": scheme.check_item_ids}
    missing = [name for name, value in fields.items() if not value]
    if missing:
        return no.SchemeIncomplete(f"missing in the scheme: {', '.join(missing)}", missing=",".join(missing))
    if scheme.window_to <= scheme.window_from or (task.arrived_at is None and scheme.window_to <= facts.now):
        return no.SchemeWindowReversed("the time window ends before it begins, or is over", window_to=scheme.window_to.isoformat())
    return None


def scheme_outstanding(task: Any, facts: Facts) -> DomainError | None:
    """Only after an urgent arrival a scheme follows (I09)."""
    if not task.urgent:
        return no.NotUrgent("the task had a scheme before the arrival")
    if task.scheme is not None and task.scheme.approved_at is not None:
        return no.SchemeAlreadyApproved("the scheme was approved already")
    return None


def scheme_form(task: Any, facts: Facts) -> DomainError | None:
    """F02 is complete and carries two reviewers' signatures. Law: FORM1."""
    if task.scheme is None:
        return no.SchemeNotSubmitted("there is no scheme to approve")
    if not isinstance(facts.input, Form):
        return None
    refused = form_refusal(facts.input, ("F02",), facts)
    if refused is None and len(facts.input.signers(REVIEWER)) < 2:
        return no.FormNotReady("two reviewers sign the scheme", document_id=facts.input.document_id, problems="REVIEWER")
    return refused


def urgency(task: Any, facts: Facts) -> DomainError | None:
    """A complaint or a danger, and the head's oral approval is logged. Law brief 3.1 step 2, I09."""
    if facts.input is None:
        return None if task.source in URGENT_SOURCES else no.NotUrgent("only a complaint or a danger is urgent", source=str(task.source))
    if task.source not in URGENT_SOURCES and not facts.input.reason.strip():
        return no.NotUrgent("only a complaint or a danger is urgent", source=str(task.source))
    if not facts.input.approved_by or facts.input.approved_at is None or facts.input.approved_at > facts.now:
        return no.OralApprovalMissing("who approved orally, and when, is logged")
    return None


def certificates_shown(task: Any, facts: Facts) -> DomainError | None:
    """Certificates are shown unprompted, purpose and rights stated, recusal asked about. Law: APL 55; WSL 67."""
    if facts.input is None or facts.input.certificates_shown:
        return None
    return no.CertificatesNotShown("the officers show their certificates and state purpose and rights")


def scheme_window(task: Any, facts: Facts) -> DomainError | None:
    """The arrival lies inside the time window of the scheme. Law brief I10."""
    scheme = task.scheme
    if scheme is None or scheme.approved_at is None:
        return no.SchemeNotSubmitted("there is no approved scheme")
    if not scheme.window_from <= facts.now < scheme.window_to:
        window = {"window_from": scheme.window_from.isoformat(), "window_to": scheme.window_to.isoformat()}
        return no.OutsideSchemeWindow("the arrival lies outside the time window of the scheme", at=facts.now.isoformat(), **window)
    return None


def covert(task: Any, facts: Facts) -> DomainError | None:
    """A covert check is not announced. Law brief 2.4 COVERT [K]."""
    if facts.input is not None and task.covert and facts.input.notified_before:
        return no.NoticeGivenBeforeCovertCheck("a covert check is not announced")
    return None


def elsewhere(task: Any, facts: Facts) -> DomainError | None:
    """No officer is on site in two tasks at once. INV-08."""
    for officer, other in facts.known.get("elsewhere", {}).items():
        return no.OfficerElsewhere("the officer is on site in another task", officer=officer, inspection=other)
    return None


def filmed(task: Any, facts: Facts) -> DomainError | None:
    """The refusal is filmed. Law: APL 47."""
    if facts.input is None or facts.input.recording:
        return None
    return no.RecordingDeviceMissing("a refusal is filmed", device=task.recording_device_id)


def warned(task: Any, facts: Facts) -> DomainError | None:
    """Who obstructs is warned of WSL 108 first; a record made at once is complete, the refusal noted on it."""
    if facts.input is None:
        return None
    if not facts.input.warning_given:
        return no.WarningNotGiven("who obstructs is warned of WSL 108 first")
    return form_refusal(facts.input.form, ("F03",), facts) if facts.input.form else None


def refusal_recorded(task: Any, facts: Facts) -> DomainError | None:
    """The refusal stands in a sealed record. INV-02."""
    if task.refusal_document_id is None or not task.file.sealed("F03"):
        return no.RefusalNotRecorded("the refusal is noted in a record first")
    return None


def order_served(task: Any, facts: Facts) -> DomainError | None:
    """The order to correct was served. Law brief I13; WSL 108."""
    if not any(order.served_on for order in task.file.orders):
        return no.ObstructionOrderNotServed("the order to correct is served first")
    return None


def something_answered(task: Any, facts: Facts) -> DomainError | None:
    """The record holds the content of the check. Law: WSL 68."""
    return None if task.answers else no.NothingAnswered("the record holds at least one answered item")


def findings_complete(task: Any, facts: Facts) -> DomainError | None:
    """Each finding has its wording, severity and handling, as the record prints them. Law: WSL 65, 68; data README (slots)."""
    for finding in task.file.standing():
        if finding.empty_slots:
            return no.EmptySlots(
                f"slots are empty: {', '.join(finding.empty_slots)}", finding=finding.id, slots=",".join(finding.empty_slots)
            )
        if finding.severity is None:
            return no.FindingNotClassified("the finding has no severity yet", finding=finding.id)
        if not finding.handling:
            return no.HandlingNotChosen("the finding has no handling choice", finding=finding.id)
    return None


def all_answered(task: Any, facts: Facts) -> DomainError | None:
    """Every item of the scheme has an answer. Law brief I15."""
    answered = {one.check_item_id for one in task.answers}
    open_items = [one for one in (task.scheme.check_item_ids if task.scheme else ()) if one not in answered]
    return no.ItemsUnanswered(f"no answer to {', '.join(open_items)}", items=",".join(open_items)) if open_items else None


def no_findings(task: Any, facts: Facts) -> DomainError | None:
    """The record shows no problem. Law brief I15."""
    count = len(task.file.standing())
    return no.FindingsExist("the task has findings", findings=count) if count else None


def some_finding(task: Any, facts: Facts) -> DomainError | None:
    """The record shows at least one. Law brief I16."""
    return None if task.file.standing() else no.NoFindings("the task has no finding")


def publicity_created(task: Any, facts: Facts) -> DomainError | None:
    """The result is due for publicity. Law: OBE 54."""
    return None if task.file.publicity else no.PublicityMissing("the publicity item is created first")


def only_other_matters(task: Any, facts: Facts) -> DomainError | None:
    """What is open is another department's alone, and a written record is kept. Law: WSL 69."""
    left = [finding for finding in task.file.standing() if finding.state != "HANDED_OVER"]
    if left:
        return no.OtherMattersOpen("not everything in the task is the other department's", findings=",".join(str(f.id) for f in left))
    if isinstance(facts.input, Form) and not facts.known["department"].strip():
        return no.ReasonMissing("the receiving department is named")
    return None


def findings_ended(task: Any, facts: Facts) -> DomainError | None:
    """None is in an open state. INV-01."""
    left = [finding for finding in task.file.findings if not finding.ended]
    if left:
        return no.FindingsOpen("findings are open", findings=",".join(f"{f.id}:{f.state}" for f in left))
    return None


def orders_ended(task: Any, facts: Facts) -> DomainError | None:
    """Every order is closed or withdrawn. Law brief I18."""
    left = [order for order in task.file.orders if not order.ended]
    return no.OrdersOpen("orders are open", orders=",".join(f"{o.id}:{o.state}" for o in left)) if left else None


def acts_followed_up(task: Any, facts: Facts) -> DomainError | None:
    """Each penalisable act is linked to a case, or to a reason why none was filed. Law: APL 54; I18."""
    left = [finding for finding in task.file.standing() if finding.penalisable and not finding.followed_up]
    if left:
        acts = ",".join(sorted({f.act_id for f in left}))
        return no.ActNotFollowedUp(
            "a penalisable act has neither a case nor a reason", acts=acts, findings=",".join(str(f.id) for f in left)
        )
    return None


def receipt_stored(task: Any, facts: Facts) -> DomainError | None:
    """The receipt of the receiving department is stored. Law: WSL 69."""
    if facts.input is None or facts.input.strip():
        return None
    return no.EvidenceMissing("the receipt is stored", field="receipt_evidence_id")

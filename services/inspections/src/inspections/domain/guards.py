"""The shared guards of 11.1 as far as a task, a finding or an order needs them. A guard answers a refusal or nothing."""

from collections.abc import Callable
from typing import Any

from kernel.days import legal_day
from kernel.errors import DomainError
from kernel.guards import SeparationViolated, TooFewOfficers, certificate_refusal, competent, no_conflict, separate
from kernel.moves import Facts

from inspections.domain.form import REVIEWER, Form
from inspections.domain.refusals import (
    FormNotOfObject,
    FormNotReady,
    FrequencyCapReached,
    LeadNotAmongOfficers,
    PredecessorNotSealed,
    ReasonMissing,
    RecordingDeviceMissing,
)
from inspections.domain.terms import ROUTINE
from inspections.domain.visit import Assignment

Guard = Callable[[Any, Facts], DomainError | None]


def task_of(machine: Any) -> Any:
    """The task that the machine is, or hangs on."""
    return getattr(machine, "task", machine)


def _named(facts: Facts) -> Assignment | None:
    return facts.input if isinstance(facts.input, Assignment) else None


def officers_in(machine: Any, facts: Facts) -> tuple[str, ...]:
    """The officers whom a row of two officers is about: those that the move names, else those who act."""
    named = _named(facts)
    if named is not None:
        return named.officer_ids
    acting = [facts.by.id] if facts.second is None else [facts.by.id, facts.second.id]
    return tuple(one for one in acting if one in task_of(machine).officer_ids)


def g01(machine: Any, facts: Facts) -> DomainError | None:
    """At least two distinct officers, certificates valid at this time, for region and category. Law: APL 42, 55."""
    named = _named(facts)
    ids = officers_in(machine, facts)
    if named is not None:
        if len(set(ids)) < 2:
            return TooFewOfficers("two officers are needed", given=len(set(ids)), needed=2)
        if named.lead_id not in ids:
            return LeadNotAmongOfficers("the lead is one of the officers", lead=named.lead_id)
    known = facts.known.get("officers")
    if known is None:
        return None
    task = task_of(machine)
    for one in ids:
        refused = certificate_refusal(known.get(one), one, at=facts.now, region_code=task.region_code, category=task.category)
        if refused is not None:
            return refused
    return None


def g02(machine: Any, facts: Facts) -> DomainError | None:
    """No actor whose recusal was accepted. A pending request does not stop the check. Law: APL 43."""
    file = task_of(machine).file
    return no_conflict(officers_in(machine, facts), recused=file.recused() if file is not None else ())


def g03(machine: Any, facts: Facts) -> DomainError | None:
    """Preparer, reviewer and approver are three persons, none of them an officer of the task. Law: FORM1; 11.1 [P]."""
    task = task_of(machine)
    preparers = [*task.officer_ids, *((task.scheme.submitted_by,) if task.scheme else ())]
    refused = separate(facts.by.id, "approver", {"preparer": preparers})
    if refused is not None or not isinstance(facts.input, Form):
        return refused
    reviewers = [one for one in facts.input.signers(REVIEWER) if one != facts.by.id]
    for reviewer in reviewers:
        refused = separate(reviewer, "reviewer", {"preparer": preparers})
        if refused is not None:
            return refused
    if not reviewers:
        return SeparationViolated("reviewer and approver are two persons", officer=facts.by.id, post="approver", other="reviewer")
    return None


def g04(form: str, *, after: tuple[str, ...] = ()) -> Guard:
    """The form of the row is complete and signed, and one of the forms `after` is sealed: the order of 3.1. Law: FORM3."""

    def guard(machine: Any, facts: Facts) -> DomainError | None:
        task = task_of(machine)
        if after and not task.file.sealed(*after) and not (after == ("F02",) and task.urgent):
            return PredecessorNotSealed(f"{' or '.join(after)} has to be sealed before {form}", form=form, needed=",".join(after))
        given = facts.known.get("form", facts.input)
        if not isinstance(given, Form):
            return None
        return form_refusal(given, (form,), facts)

    guard.__name__ = "g04"
    guard.__doc__ = g04.__doc__
    return guard


def form_refusal(given: Form, forms: tuple[str, ...], facts: Facts) -> DomainError | None:
    """Complete, signed, one of these forms, and of the object that moves."""
    if given.form not in forms:
        return FormNotOfObject(f"this is {given.form}, needed is {' or '.join(forms)}", form=given.form, needed=",".join(forms))
    belongs = facts.known.get("belongs_to")
    if belongs is not None and str(given.object_id) not in {str(one) for one in belongs}:
        return FormNotOfObject("the document belongs to another object", document_id=given.document_id, object_id=given.object_id)
    if not given.complete:
        return FormNotReady(
            "the document is incomplete or not signed by all", document_id=given.document_id, problems="; ".join(given.problems)
        )
    return None


def g05(machine: Any, facts: Facts) -> DomainError | None:
    """The acting body is competent by place, and its basis allows the act on this day. Law: APL 20–25."""
    return competent(facts.known["body"], on=legal_day(facts.now), region_code=task_of(machine).region_code, act="INSPECTION")


def g06(machine: Any, facts: Facts) -> DomainError | None:
    """The cap of checks per enterprise and year is respected, or the head's reason is given. Law: GDC21; cap [K]."""
    done, limits = facts.known.get("checks_this_year"), facts.known.get("limits")
    if done is None or limits is None or machine.source not in ROUTINE or machine.frequency_override.strip():
        return None
    if done >= limits.checks_per_year:
        return FrequencyCapReached(
            f"the enterprise was checked {done} times this year, the cap is {limits.checks_per_year}", done=done, cap=limits.checks_per_year
        )
    return None


def g07(machine: Any, facts: Facts) -> DomainError | None:
    """A recording device is bound to the task and running. Law: APL 47."""
    if facts.input is None:
        return None
    if not facts.input.device_id.strip() or not facts.input.recording:
        return RecordingDeviceMissing("a recording device is bound to the task and running", device=facts.input.device_id)
    return None


def reason_given(machine: Any, facts: Facts) -> DomainError | None:
    """The move gives its reason. Law: 11, conventions."""
    if facts.input is None:
        return None
    reason = facts.input if isinstance(facts.input, str) else facts.input.reason
    return None if reason.strip() else ReasonMissing("a reason is needed")

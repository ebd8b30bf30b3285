"""G04 for a row: the documents that it is made on are complete and signed, and those before it are sealed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kernel.errors import DomainError, Invalid, Precondition
from kernel.guards import separate
from kernel.moves import Facts

from penalties.domain.file import CaseFile, known
from penalties.domain.wording import differing


class DocumentOfOtherCase(Invalid):
    """The document belongs to another object."""


class PredecessorNotIssued(Precondition):
    """A document that has to come before is not sealed or not served (G04)."""


class DocumentNotReady(Precondition):
    """A document of the row is missing, incomplete, or lacks a signature (G04)."""


@dataclass(frozen=True)
class CheckedDocument:
    """What documents says of a drafted document: form, problems, who signed in which capacity, the frozen content."""

    document_id: str
    form: str
    object_id: str
    problems: tuple[str, ...] = ()
    signers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)


def carries(**needs: tuple[str, ...]) -> Any:
    """G04 for a row: the forms it is made on are drafted for this case, complete, and signed in these capacities.

    `carries(F34=(), F30=("APPROVER",))`: F34 complete, F30 complete and signed by the approver, who is the one that acts.
    """

    def g04(case: CaseFile, facts: Facts) -> DomainError | None:
        checked: Mapping[str, CheckedDocument] | None = known(facts, "checked")
        if checked is None:
            return None
        for form, capacities in needs.items():
            refused = _ready(case, facts, form, capacities, checked)
            if refused is not None:
                return refused
        return None

    g04.__doc__ = "Documents of the row are complete and signed: " + ", ".join(needs)
    return g04


def _ready(
    case: CaseFile, facts: Facts, form: str, capacities: tuple[str, ...], checked: Mapping[str, CheckedDocument]
) -> DomainError | None:
    document = next((found for found in checked.values() if found.form == form), None)
    if document is None:
        return DocumentNotReady(f"{form} is missing", form=form)
    return ready(case, facts, document, capacities)


def ready(case: CaseFile, facts: Facts, document: CheckedDocument, capacities: tuple[str, ...]) -> DomainError | None:
    """Of this case, complete, signed in these capacities (a reviewer or approver is who acts), carrying the latest proposal."""
    form = document.form
    if document.object_id != str(case.id):
        return DocumentOfOtherCase(f"{form} belongs to another object", form=form, document=document.document_id)
    if document.problems:
        return DocumentNotReady(f"{form} is not complete", form=form, problems="; ".join(document.problems))
    for place, capacity in enumerate(capacities):
        signers = set(document.signers.get(capacity, ()))
        if capacity == "OFFICER":
            if len(signers & case.investigators) < 2:
                return DocumentNotReady(f"{form} lacks the signatures of two officers", form=form, capacity=capacity)
        elif place == len(capacities) - 1 and facts.by.id not in signers:
            return DocumentNotReady(f"{form} lacks your own signature", form=form, capacity=capacity)
        elif not signers:
            return DocumentNotReady(f"{form} lacks a signature", form=form, capacity=capacity)
    refused = _apart(document)
    if refused is not None:
        return refused
    wrong = differing(form, document.fields, case.proposal) if case.proposals else []
    if wrong:
        return DocumentNotReady(f"{form} does not carry the proposal as it stands", form=form, fields=",".join(wrong))
    return None


def _apart(document: CheckedDocument) -> DomainError | None:
    """G03 on paper: nobody signs as two of officer, reviewer, legal reviewer and approver. Law: APL 58."""
    seen: dict[str, str] = {}
    for capacity in ("OFFICER", "REVIEWER", "LEGAL_REVIEWER", "APPROVER"):
        for signer in document.signers.get(capacity, ()):
            refused = separate(signer, capacity, {post: [who] for who, post in seen.items() if post != capacity})
            if refused is not None:
                return refused
            seen[signer] = capacity
    return None


def after(*forms: str) -> Any:
    """G04 for a row: these forms of the case are sealed (one of the alternatives `F34|F35`)."""

    def g04(case: CaseFile, facts: Facts) -> DomainError | None:
        for form in forms:
            if not any(case.issued(alternative) for alternative in form.split("|")):
                return PredecessorNotIssued(f"{form} is not sealed yet", form=form)
        return None

    g04.__doc__ = "Predecessors are sealed: " + ", ".join(forms)
    return g04

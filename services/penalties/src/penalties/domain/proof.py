"""G08: every alleged fact rests on evidence that is ready."""

from collections.abc import Mapping

from kernel.errors import DomainError, Precondition
from kernel.moves import Facts

from penalties.domain.file import CaseFile, known


class EvidenceNotReady(Precondition):
    """An alleged fact rests on evidence that is not registered, or not admitted (G08)."""


REGISTERED_OR_LATER = frozenset(
    {"REGISTERED", "PRESERVED", "SAMPLED", "AT_APPRAISAL", "IN_STORE", "UNDER_REVIEW", "ADMITTED", "CONFISCATED", "DISPOSED", "RETURNED"}
)


def _evidence(case: CaseFile, facts: Facts, allowed: frozenset[str]) -> DomainError | None:
    states: Mapping[str, str] | None = known(facts, "evidence")
    if states is None or not case.proposals or case.proposal.no_penalty:
        return None
    for fact in case.proposal.facts:
        if not any(states.get(evidence) in allowed for evidence in fact.evidence_ids):
            missing = ",".join(f"{e}:{states.get(e, 'UNKNOWN')}" for e in fact.evidence_ids)
            return EvidenceNotReady(
                "an alleged fact rests on evidence that is not ready", fact=fact.text, evidence=missing, needed="/".join(sorted(allowed))
            )
    return None


def g08_registered(case: CaseFile, facts: Facts) -> DomainError | None:
    """Every alleged fact has an item in REGISTERED or later. Law: APL 40, 46."""
    return _evidence(case, facts, REGISTERED_OR_LATER)


def g08_admitted(case: CaseFile, facts: Facts) -> DomainError | None:
    """Every alleged fact has an ADMITTED item. Law: APL 40, 46."""
    return _evidence(case, facts, frozenset({"ADMITTED"}))

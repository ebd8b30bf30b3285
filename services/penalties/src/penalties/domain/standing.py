"""Whether a decision may be enforced at all."""

from kernel.errors import DomainError, Precondition
from kernel.moves import Facts

from penalties.domain.file import CaseFile


class ExecutionOnHold(Precondition):
    """The execution rests: a criminal fine met the administrative one, or a stay was ordered (APL 35, 73)."""


class DecisionRevokedAlready(Precondition):
    """The decision is revoked: nothing is enforced on it."""


def stands(case: CaseFile, facts: Facts) -> DomainError | None:
    """The decision stands, nobody stayed its execution, no criminal fine has met it. Law: APL 35, 73; ARL 42; ALL 56."""
    if case.revoked:
        return DecisionRevokedAlready("the decision is revoked")
    if case.execution_paused:
        return ExecutionOnHold("a criminal fine met the fine that is not paid (APL 35)")
    if any(remedy.pending and remedy.stayed for remedy in case.remedies):
        return ExecutionOnHold("the execution is stayed")
    return None

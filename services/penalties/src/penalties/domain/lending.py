"""The loan of an archived file: PC52."""

from dataclasses import replace
from uuid import UUID, uuid4

from kernel.errors import DomainError, Invalid, NotFound, Precondition
from kernel.moves import AnyOf, Facts, Move, Role

from penalties.domain.enforcement import Loan
from penalties.domain.enforcement_events import FileLent
from penalties.domain.file import CaseFile, parse_day
from penalties.domain.records import State
from penalties.domain.transfer import Transferring


class LoanInvalid(Invalid):
    """A loan names who borrows, why, and until when."""


class LoanNotFound(NotFound):
    """The file knows no such loan."""


class LoanNotApproved(Precondition):
    """The head approved no loan that is still open."""


class FileAway(Precondition):
    """The file is lent already."""


def names_borrower(case: CaseFile, facts: Facts) -> DomainError | None:
    """Who borrows, and why."""
    if facts.input is None or (str(facts.input["borrower"]).strip() and str(facts.input["purpose"]).strip()):
        return None
    return LoanInvalid("name who borrows the file and why")


def loan_approved(case: CaseFile, facts: Facts) -> DomainError | None:
    """The head approved this loan, and the file is in its place. Law: 11.5 PC52."""
    if any(loan.lent_at and not loan.returned_at for loan in case.loans):
        return FileAway("the file is lent already")
    wanted = facts.input.get("loan_id") if facts.input else None
    open_loans = [loan for loan in case.loans if not loan.lent_at and wanted in {None, loan.id}]
    return None if open_loans else LoanNotApproved("the head approved no such loan")


def file_away(case: CaseFile, facts: Facts) -> DomainError | None:
    """The file is lent."""
    wanted = facts.input.get("loan_id") if facts.input else None
    away = [loan for loan in case.loans if loan.lent_at and not loan.returned_at and wanted in {None, loan.id}]
    return None if away else LoanNotApproved("the file is not lent")


_IN = {State.ARCHIVED}
ROWS = (
    Move("PC52", "approve_loan", _IN, None, by=AnyOf(Role.CHIEF, Role.DEP), guards=(names_borrower,), law=("APL 55",)),
    Move("PC52", "lend", _IN, State.ARCHIVED, by=AnyOf(Role.ARCHIVE), guards=(loan_approved,), law=("APL 55",)),
    Move("PC52", "take_back", _IN, None, by=AnyOf(Role.ARCHIVE), guards=(file_away,), law=("APL 55",)),
)


class Lending(Transferring):
    """The moves of the archive's desk."""

    def approve_loan(self, borrower: str, purpose: str, due_on: str, *, facts: Facts) -> None:
        parse_day(due_on)
        self._move("approve_loan", replace(facts, input={"borrower": borrower, "purpose": purpose}), reason=f"{borrower}: {purpose}")
        self.loans = [*self.loans, Loan(uuid4(), borrower, purpose, due_on, facts.by.id, facts.now)]

    def _loan(self, id: UUID) -> Loan:
        found = next((loan for loan in self.loans if loan.id == id), None)
        if found is None:
            raise LoanNotFound("the file knows no such loan", id=str(id))
        return found

    def lend(self, loan_id: UUID, *, facts: Facts) -> FileLent:
        """PC52. The log of loans is for good."""
        loan = self._loan(loan_id)
        self._move("lend", replace(facts, input={"loan_id": loan_id}), reason=f"{loan.borrower}, {loan.due_on}")
        self._keep_loan(replace(loan, lent_by=facts.by.id, lent_at=facts.now))
        return FileLent(self.id, loan.borrower, False, facts.now)

    def take_back(self, loan_id: UUID, *, facts: Facts) -> FileLent:
        loan = self._loan(loan_id)
        self._move("take_back", replace(facts, input={"loan_id": loan_id}), reason=loan.borrower)
        self._keep_loan(replace(loan, returned_to=facts.by.id, returned_at=facts.now))
        return FileLent(self.id, loan.borrower, True, facts.now)

    def _keep_loan(self, changed: Loan) -> None:
        self.loans = [changed if loan.id == changed.id else loan for loan in self.loans]

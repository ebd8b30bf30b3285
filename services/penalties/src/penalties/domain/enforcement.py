"""What a case keeps of its enforcement: deferral, demand, court, loan of the file, and what other services told of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from penalties.domain.account import Instalment


@dataclass(frozen=True)
class Deferral:
    """A deferral or instalments that the head granted. Law: APL 66."""

    applied_on: str
    application_evidence_id: str
    hardship: str
    instalments: tuple[Instalment, ...]
    granted_by: str
    granted_at: datetime
    document_ids: tuple[str, ...]
    missed_on: str = ""
    until: str = ""


@dataclass(frozen=True)
class Demand:
    """The demand before an application to the court. Law: AEL 35, 54."""

    document_id: str
    released_by: str
    released_at: datetime
    served_on: str = ""
    deemed_on: str = ""
    answer: str = ""
    answer_evidence_id: str = ""
    answer_finding: str = ""
    answered_at: datetime | None = None


class Stage(StrEnum):
    """How far the court has come."""

    APPLIED = "APPLIED"
    ACCEPTED = "ACCEPTED"
    TO_EXECUTE = "TO_EXECUTE"
    REFUSED = "REFUSED"
    HIGHER_COURT = "HIGHER_COURT"
    ENDED = "ENDED"


class CourtAct(StrEnum):
    """What a court does with an application. Law: AEL 56–59; ALI 155–161."""

    ACCEPTED = "ACCEPTED"
    NOT_ACCEPTED = "NOT_ACCEPTED"
    TO_EXECUTE = "TO_EXECUTE"
    NOT_TO_EXECUTE = "NOT_TO_EXECUTE"
    REFUSAL_RECEIVED = "REFUSAL_RECEIVED"
    HIGHER_CONFIRMED = "HIGHER_CONFIRMED"
    HIGHER_REVERSED = "HIGHER_REVERSED"
    AGREEMENT = "AGREEMENT"
    EXECUTED = "EXECUTED"


@dataclass(frozen=True)
class CourtNotice:
    kind: str
    on: str
    received_on: str
    number: str
    reason: str
    evidence_id: str
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True)
class CourtApplication:
    """The application and what became of it. Law: AEL 53–59."""

    document_id: str
    applied_by: str
    applied_at: datetime
    package_document_ids: tuple[str, ...]
    late_reason: str
    urgent: bool
    earliest_on: str
    latest_on: str
    stage: Stage = Stage.APPLIED
    notices: tuple[CourtNotice, ...] = ()


@dataclass(frozen=True)
class Redecision:
    """What the decision that replaces a revoked one has to heed. Law: ARL 64(2); APL 75."""

    ordered_by: str
    ordered_on: str
    revoked_proposal: int
    procedure_only: bool
    redecide_by: str
    # How many notices and reviews belong to the decision that was revoked.
    notices: int = 0
    reviews: int = 0


@dataclass(frozen=True)
class Loan:
    """An archived file that leaves the archive (PC52)."""

    id: UUID
    borrower: str
    purpose: str
    due_on: str
    approved_by: str
    approved_at: datetime
    lent_by: str = ""
    lent_at: datetime | None = None
    returned_to: str = ""
    returned_at: datetime | None = None


RESOLVED = frozenset({"CLOSED", "REJECTED", "RETURNED_ADMIN"})
# From the principal's approval to a result of the police (INV-09); what the court does after that is theirs as well.
WITH_POLICE = frozenset(
    {
        *("APPROVED", "DELIVERED", "RECEIPTED", "SUPPLEMENT", "POLICE_REVIEW", "FORWARDED", "NOT_FILED", "RECON", "RECON_UPHELD"),
        *("SUPERVISION", "FILED_POLICE", "MATERIALS_GIVEN", "PROSECUTED", "WITHDRAWN_POLICE", "NOT_PROSECUTED"),
    }
)


@dataclass(eq=False)
class CaseTransfer:
    """A transfer of a suspected crime as told by the events of criminal-transfer."""

    id: UUID
    org_path: str
    case_id: UUID | None
    inspection_id: str
    state: str
    offences: list[str]
    suspects: list[str]
    opened_at: datetime
    approved_at: datetime | None = None
    ended_at: datetime | None = None
    cause: str = ""
    criminal_fine_fen: int = 0
    administrative_left: bool = False

    @property
    def resolved(self) -> bool:
        """A judgment that leaves something to the administration answers the suspicion as well (PC45)."""
        return self.state in RESOLVED or (self.state == "JUDGED" and self.administrative_left)

    @property
    def with_police(self) -> bool:
        return self.state in WITH_POLICE


HELD = frozenset({"APPLIED", "APPRAISAL", "LIFT_OVERDUE"})
SETTLED = frozenset({"RETURNED", "CONFISCATED", "DESTROYED", "HANDED_TO_POLICE", "LIFTED", "REJECTED"})


@dataclass(eq=False)
class HeldGoods:
    """A seal or seizure of the same inspection as told by the events of inspections."""

    id: UUID
    org_path: str
    inspection_id: str
    case_id: str
    kind: str
    state: str
    last_on: str
    evidence_ids: list[str]
    applied_at: datetime | None = None

    @property
    def held(self) -> bool:
        """Under D02: nothing is decided on them yet (DECIDED waits for what was decided to be done)."""
        return self.state in HELD

    @property
    def settled(self) -> bool:
        return self.state in SETTLED

"""What stands in the record of a transfer."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from kernel.money import Money


class State(StrEnum):
    SUSPECTED = "SUSPECTED"
    TASK_FORCE = "TASK_FORCE"
    VERIFYING = "VERIFYING"
    REPORTED = "REPORTED"
    LEGAL_REVIEWED = "LEGAL_REVIEWED"
    PRINCIPAL = "PRINCIPAL"
    REJECTED = "REJECTED"
    APPROVED = "APPROVED"
    DELIVERED = "DELIVERED"
    RECEIPTED = "RECEIPTED"
    SUPPLEMENT = "SUPPLEMENT"
    POLICE_REVIEW = "POLICE_REVIEW"
    FORWARDED = "FORWARDED"
    FILED_POLICE = "FILED_POLICE"
    NOT_FILED = "NOT_FILED"
    RECON = "RECON"
    RECON_UPHELD = "RECON_UPHELD"
    SUPERVISION = "SUPERVISION"
    MATERIALS_GIVEN = "MATERIALS_GIVEN"
    PROSECUTED = "PROSECUTED"
    WITHDRAWN_POLICE = "WITHDRAWN_POLICE"
    NOT_PROSECUTED = "NOT_PROSECUTED"
    JUDGED = "JUDGED"
    RETURNED_ADMIN = "RETURNED_ADMIN"
    CLOSED = "CLOSED"


class Source(StrEnum):
    """How the suspicion came up (C01)."""

    SCREEN = "SCREEN"
    OFFICER = "OFFICER"
    NOT_POLICE = "NOT_POLICE"


class RecusalState(StrEnum):
    RAISED = "RAISED"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"


class ReceiverKind(StrEnum):
    POLICE = "POLICE"
    PROCURATORATE = "PROCURATORATE"
    COURT = "COURT"


class Outcome(StrEnum):
    """What becomes of the administrative fine once the court has judged (APL 35)."""

    NONE_ANY_MORE = "NONE_ANY_MORE"
    OFFSET = "OFFSET"
    PAUSED = "PAUSED"
    UNTOUCHED = "UNTOUCHED"


# Results of the crime screen that demand a record of transfer (7.5).
GRAVE = frozenset({"CONSULT", "MUST_TRANSFER"})
# In these the matter is with the police, the procuratorate or the court.
RESOLVED = frozenset({State.CLOSED, State.REJECTED, State.RETURNED_ADMIN})


@dataclass(frozen=True)
class Element:
    """One element of an offence: whether it is met, and the evidence for it."""

    offence: str
    text: str
    met: bool
    evidence_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    transfer: bool
    text: str
    elements: tuple[Element, ...]
    document_id: str
    reported_by: tuple[str, ...] = ()
    reported_at: datetime | None = None


@dataclass(frozen=True)
class LegalOpinion:
    """C06, or with gaps C31."""

    reviewer_id: str
    passed: bool
    text: str
    gaps: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class Decision:
    approved: bool
    decided_by: str
    reason: str
    late: bool
    late_reason: str
    document_id: str
    decided_at: datetime


@dataclass(frozen=True)
class Recusal:
    officer_id: str
    ground: str
    reason: str
    state: RecusalState
    raised_at: datetime
    decided_by: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True)
class Receiver:
    """A body to which something was handed. `client_id` is empty where it is reached by paper only."""

    kind: ReceiverKind
    client_id: str
    name: str
    org_path: str = ""


@dataclass(frozen=True)
class Withheld:
    """What was not handed over, and why."""

    what: str
    why: str


@dataclass(frozen=True)
class Package:
    """The package of TRR 6."""

    document_ids: tuple[str, ...]
    opinion_evidence_ids: tuple[str, ...]
    evidence_ids: tuple[str, ...]
    appraisal_commissioned: bool
    original_media: str
    receipt_refused: bool = False
    withheld: tuple[Withheld, ...] = ()
    pack_id: str = ""
    sha256: str = ""
    size: int = 0
    handed_by: tuple[str, ...] = ()
    handed_at: datetime | None = None


@dataclass(frozen=True)
class Letter:
    """A paper between authority, police, procuratorate and court."""

    row: str
    kind: str
    sender: str
    sender_id: str
    at: datetime
    number: str = ""
    text: str = ""
    dated_on: str = ""
    document_id: str = ""
    sha256: str = ""
    late: bool = False
    late_reason: str = ""
    copied_to_procuratorate: bool = False


@dataclass(frozen=True)
class Materials:
    """What goes to the police after filing (C25)."""

    evidence_ids: tuple[str, ...]
    measure_ids: tuple[str, ...]
    note: str
    party_told: bool
    handed_by: tuple[str, ...] = ()
    received_by: tuple[str, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True)
class Offset:
    court_fine: Money
    administrative_fine: Money
    administrative_fine_paid: Money
    criminal_fine_due: Money
    outcome: Outcome


@dataclass(eq=False)
class TransferDocument:
    """A document of the transfer as documents told of it."""

    document_id: str
    transfer_id: object
    org_path: str
    form: str
    state: str
    noted_at: datetime
    number: str = ""
    sha256: str = ""
    served_on: str = ""


@dataclass(eq=False)
class CaseFine:
    """The fine of a penalty case as penalties told of it: what the offset of APL 35 needs."""

    case_id: str
    org_path: str
    fine: Money = field(default_factory=lambda: Money(0))
    paid: Money = field(default_factory=lambda: Money(0))


@dataclass(eq=False)
class Handed:
    """What a partner may see: the whole package, or as procuratorate and court the copy of the papers."""

    id: object
    transfer_id: object
    org_path: str
    handed_to: str
    kind: ReceiverKind
    handed_at: datetime

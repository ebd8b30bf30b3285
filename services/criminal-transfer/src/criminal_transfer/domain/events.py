"""What happened to a transfer: named and shaped like the messages of protos/anzhi/criminal_transfer/v1/events.proto."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.money import Money


@dataclass(frozen=True)
class TransferOpened:
    """A suspicion was recorded (C01)."""

    transfer_id: UUID
    case_id: str
    inspection_id: str
    enterprise_id: str
    offences: tuple[str, ...]
    suspects: tuple[str, ...]
    org_path: str
    opened_at: datetime


@dataclass(frozen=True)
class TaskForceNamed:
    """The task force was named (C02)."""

    transfer_id: UUID
    officer_ids: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class VerificationStarted:
    """The verification began (C03)."""

    transfer_id: UUID
    at: datetime


@dataclass(frozen=True)
class TransferReported:
    """The task force reported (C04)."""

    transfer_id: UUID
    case_id: str
    transfer: bool
    at: datetime


@dataclass(frozen=True)
class SuspicionUnfounded:
    """The suspicion was unfounded (C05): the record is closed."""

    transfer_id: UUID
    case_id: str
    at: datetime


@dataclass(frozen=True)
class TransferReviewed:
    """The legal opinion was given (C06)."""

    transfer_id: UUID
    passed: bool
    at: datetime


@dataclass(frozen=True)
class TransferSentBack:
    """The legal reviewer asked for more (C31)."""

    transfer_id: UUID
    at: datetime


@dataclass(frozen=True)
class ReportReceived:
    """The principal head received the report (first step of C07); D33 runs."""

    transfer_id: UUID
    decide_by: str
    at: datetime


@dataclass(frozen=True)
class TransferApproved:
    """The principal head approved (C07)."""

    transfer_id: UUID
    case_id: str
    suspects: tuple[str, ...]
    approved_at: datetime
    late: bool
    enterprise_id: str


@dataclass(frozen=True)
class TransferRejected:
    """The principal head refused (C08)."""

    transfer_id: UUID
    case_id: str
    rejected_at: datetime
    late: bool
    enterprise_id: str


@dataclass(frozen=True)
class TransferReopened:
    """A refused transfer is suspected anew (C09)."""

    transfer_id: UUID
    case_id: str
    at: datetime


@dataclass(frozen=True)
class TransferDelivered:
    """The package was handed over (C10)."""

    transfer_id: UUID
    case_id: str
    pack_id: str
    sha256: str
    client_ids: tuple[str, ...]
    delivered_at: datetime


@dataclass(frozen=True)
class ReceiptSigned:
    """The police signed the receipt (C11)."""

    transfer_id: UUID
    case_id: str
    number: str
    at: datetime


@dataclass(frozen=True)
class SupplementDemanded:
    """The police ask for more (C12)."""

    transfer_id: UUID
    supplement_by: str
    at: datetime


@dataclass(frozen=True)
class Supplemented:
    """The authority supplemented (C13)."""

    transfer_id: UUID
    at: datetime


@dataclass(frozen=True)
class PoliceReviewStarted:
    """The police review the file (C14, C15, C35)."""

    transfer_id: UUID
    at: datetime


@dataclass(frozen=True)
class TransferForwarded:
    """Another police organ is competent (C15)."""

    transfer_id: UUID
    to_client_id: str
    at: datetime


@dataclass(frozen=True)
class TransferFiled:
    """The police filed the case (C16, C20, C22)."""

    transfer_id: UUID
    case_id: str
    number: str
    hand_over_by: str
    at: datetime


@dataclass(frozen=True)
class TransferNotFiled:
    """The police did not file (C17)."""

    transfer_id: UUID
    case_id: str
    number: str
    ask_by: str
    at: datetime


@dataclass(frozen=True)
class ReconsiderationAsked:
    """The police are asked to reconsider (C19)."""

    transfer_id: UUID
    case_id: str
    at: datetime


@dataclass(frozen=True)
class ReconsiderationDecided:
    """The police upheld their non-filing (C20)."""

    transfer_id: UUID
    case_id: str
    filed: bool
    at: datetime


@dataclass(frozen=True)
class SupervisionAsked:
    """The procuratorate is asked to supervise (C18, C21, C32)."""

    transfer_id: UUID
    case_id: str
    row: str
    at: datetime


@dataclass(frozen=True)
class FilingOrdered:
    """The procuratorate notified the police to file (C22)."""

    transfer_id: UUID
    case_id: str
    file_by: str
    at: datetime


@dataclass(frozen=True)
class TransferReturned:
    """The matter came back to the administration (C23, C24, C27, C33, C34)."""

    transfer_id: UUID
    case_id: str
    row: str
    cause: str
    police_party_fined: bool
    at: datetime
    enterprise_id: str


@dataclass(frozen=True)
class MaterialsHandedOver:
    """Objects and materials went to the police (C25)."""

    transfer_id: UUID
    case_id: str
    evidence_ids: tuple[str, ...]
    measure_ids: tuple[str, ...]
    handed_by: tuple[str, ...]
    received_by: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class ProsecutionResult:
    """What followed (C26): PROSECUTED, WITHDRAWN_POLICE or NOT_PROSECUTED."""

    transfer_id: UUID
    case_id: str
    result: str
    at: datetime


@dataclass(frozen=True)
class TransferJudged:
    """The judgment is effective (C28)."""

    transfer_id: UUID
    case_id: str
    criminal_fine: Money
    administrative_matter_left: bool
    criminal_fine_due: Money
    outcome: str
    at: datetime


@dataclass(frozen=True)
class TransferClosed:
    """The record is closed (C29)."""

    transfer_id: UUID
    case_id: str
    closed_at: datetime


@dataclass(frozen=True)
class TransferDeadlineBreached:
    """A timer ended without what should have stopped it."""

    transfer_id: UUID
    case_id: str
    timer: str
    legal_expiry: str
    at: datetime


@dataclass(frozen=True)
class DocumentReleased:
    """The move that carries these documents is made: approve, number, sign and seal them in this order (W04-W08)."""

    object_kind: str
    object_id: str
    document_ids: tuple[str, ...]
    released_by: str
    at: datetime
    transfer_id: UUID

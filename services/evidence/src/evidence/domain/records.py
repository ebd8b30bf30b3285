"""What rows V03 to V18 bring in, and what an item remembers of them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from evidence.domain.states import Method, Option

LAPSED = "LAPSED"


@dataclass(frozen=True)
class Paper:
    """A document as documents checks it. `object_id` is the item that it hangs on."""

    document_id: str
    form: str
    object_id: str
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Preservation:
    """`option` is one of `Option`, or LAPSED; empty while it runs."""

    approval_document_id: str
    approved_by: str
    approved_at: datetime
    notice_document_id: str = ""
    storage_place: str = ""
    keeper: str = ""
    reason: str = ""
    preserved_at: datetime | None = None
    option: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Sampling:
    document_id: str
    party_present: str
    test_seal_no: str
    retained_seal_no: str
    taken_at: datetime


@dataclass(frozen=True)
class Appraisal:
    document_id: str
    body: str
    qualification_no: str
    questions: str
    due_on: date | None
    sent_at: datetime
    opinion_evidence_id: str = ""
    conclusion: str = ""
    appraiser: str = ""
    told_on: date | None = None
    used_up: bool = False
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Ruling:
    """What penalties decided on a case, as far as the objects of the case hang on it."""

    case_id: UUID
    confiscates: bool
    served: bool
    pending: tuple[str, ...]
    revoked: bool


@dataclass(frozen=True)
class Registration:
    """V03: why the evidence may be lost, where it stays and who keeps it."""

    document_id: str
    storage_place: str
    keeper: str
    reason: str


@dataclass(frozen=True)
class Commission:
    body: str
    qualification_no: str
    qualified_until_on: date | None
    questions: str
    due_on: date | None
    party_told: bool


@dataclass(frozen=True)
class Choice:
    """V04. `commission` goes with APPRAISE."""

    option: Option | None
    approval_document_id: str
    document_id: str
    reason: str
    commission: Commission | None = None


@dataclass(frozen=True)
class Sample:
    """V06."""

    document_id: str
    party_present: str
    test_seal_no: str
    retained_seal_no: str
    place: str


@dataclass(frozen=True)
class Opinion:
    """V08."""

    opinion_evidence_id: str
    conclusion: str
    appraiser: str
    appraiser_qualification_no: str
    told_on: date | None
    used_up: bool


@dataclass(frozen=True)
class HandOver:
    """V15: who gave and who took, by the list of the transfer."""

    transfer_id: str
    case_id: str
    handed_by: tuple[str, ...]
    received_by: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class TakenBack:
    """V16."""

    transfer_id: str
    police_name: str
    receipt_evidence_id: str
    seal_no: str
    place: str


@dataclass(frozen=True)
class GivenBack:
    """V17: to whom, who signed for it."""

    owner: str
    receipt_evidence_id: str
    place: str


@dataclass(frozen=True)
class Confiscation:
    """V18, first step."""

    case_id: str
    document_id: str


@dataclass(frozen=True)
class Disposal:
    """V18, second step. `perishable_or_dangerous` says why a pending remedy does not hold it up."""

    document_id: str
    method: Method | None
    perishable_or_dangerous: str
    witness: str

    @classmethod
    def of(cls, document_id: str, method: str, perishable_or_dangerous: str, witness: str) -> "Disposal":
        """`method` is a word of `Method`, or empty."""
        return cls(document_id, Method(method) if method else None, perishable_or_dangerous, witness)

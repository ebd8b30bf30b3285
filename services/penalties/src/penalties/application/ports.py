"""What the use cases need from outside. The tests have a second implementation of each (tests/unit/fakes.py)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from kernel.guards import Officer

from penalties.domain.case import Case
from penalties.domain.enforcement import CaseTransfer, HeldGoods
from penalties.domain.guards import Acting
from penalties.domain.law import Act, Scale, Thresholds
from penalties.domain.papers import CheckedDocument
from penalties.domain.records import CaseDocument, Questioning, Screen


@dataclass(frozen=True)
class Enterprise:
    id: str
    name: str
    code: str
    region_code: str
    address: str = ""
    legal_representative: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Finding:
    """A finding as inspections answers it; `open` and `ordered` are what closing a case asks (PC42)."""

    id: str
    inspection_id: str
    enterprise_id: str
    act_id: str
    persons: int
    open: bool
    ordered: bool
    void: bool
    text: str = ""


@dataclass(frozen=True)
class Order:
    """An order to rectify: `served` once it reached the unit, `failed` when its day passed or its re-inspection did not pass."""

    id: str
    served: bool
    failed: bool
    served_on: str = ""


@dataclass(frozen=True)
class SeenInspection:
    id: str
    enterprise_id: str
    org_id: str
    org_path: str
    region_code: str
    category: str


@dataclass(frozen=True)
class Issuer:
    """What a document prints of the body in whose name it issues (1.2, 4.4)."""

    name: str
    address: str = ""
    phone: str = ""
    doc_abbr: str = ""
    court: str = ""
    superior: str = ""
    reconsideration_bodies: tuple[str, ...] = ()
    bank: str = ""
    account: str = ""
    account_name: str = ""


@dataclass(frozen=True)
class NamedOfficer:
    id: str
    name: str
    certificate: str


@dataclass(frozen=True)
class EvidenceLine:
    id: str
    state: str
    kind: str
    title: str
    fact: str


@dataclass(eq=False)
class InspectionScreen:
    """The crime screen of a signed record (I14), made before any case is opened."""

    id: UUID
    org_path: str
    inspection_id: str
    enterprise_id: str
    screen: Screen


class Identity(Protocol):
    async def officers(self, ids: Iterable[str], at: datetime) -> Sequence[Officer]: ...

    async def names(self, ids: Iterable[str], at: datetime) -> Sequence[NamedOfficer]: ...

    async def legal_qualified(self, id: str, at: datetime) -> bool: ...

    async def body(self, org_id: str, on: str) -> Acting: ...

    async def issuer(self, org_id: str, on: str) -> Issuer: ...


class Lawbook(Protocol):
    async def act(self, id: str, on: str) -> Act: ...

    async def scale(self, act: Act, branch: str, on: str) -> Scale | None: ...

    async def thresholds(self, region_code: str, on: str) -> Thresholds: ...


class EvidenceRoom(Protocol):
    async def lines(self, case_id: UUID) -> Sequence[EvidenceLine]: ...

    async def mismatches(self, case_id: UUID, request_id: str) -> Sequence[str]: ...


class Documents(Protocol):
    async def check(self, document_id: str, capacities: Sequence[str]) -> CheckedDocument: ...


class Enterprises(Protocol):
    async def enterprise(self, id: str) -> Enterprise: ...


class Inspections(Protocol):
    async def findings(self, ids: Sequence[str]) -> Sequence[Finding]: ...

    async def inspection(self, id: str) -> SeenInspection: ...

    async def orders(self, inspection_id: str) -> Sequence[Order]: ...


@dataclass(frozen=True)
class Ports:
    identity: Identity
    lawbook: Lawbook
    evidence: EvidenceRoom
    documents: Documents
    enterprises: Enterprises
    inspections: Inspections


@dataclass(frozen=True)
class CaseQuery:
    state: str = ""
    enterprise_id: str = ""
    inspection_id: str = ""


class Uow(Protocol):
    async def case(self, id: UUID) -> Case: ...

    def expect(self, thing: Any, version: int) -> None: ...

    def add(self, thing: object) -> None: ...

    def record(self, happened: object) -> None: ...

    async def open_cases_on(self, act_id: str, enterprise_id: str, finding_ids: Sequence[str]) -> Sequence[Case]: ...

    async def questionings_of(self, officer_ids: Sequence[str], starts_at: datetime, ends_at: datetime) -> Sequence[Questioning]: ...

    async def document(self, document_id: str) -> CaseDocument | None: ...

    async def transfer(self, id: UUID) -> CaseTransfer | None: ...

    async def transfers_against(self, suspect: str) -> Sequence[CaseTransfer]: ...

    async def measure(self, id: UUID) -> HeldGoods | None: ...

    async def screens_of(self, inspection_id: str) -> Sequence[InspectionScreen]: ...

    async def cases(self, query: CaseQuery, size: int, token: str) -> tuple[Sequence[Case], str]: ...


@dataclass(frozen=True)
class Drafting:
    """The answer to MayDraft and MayServe of documents."""

    allowed: bool
    reason: str = ""
    detail: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    org_id: str = ""
    org_path: str = ""

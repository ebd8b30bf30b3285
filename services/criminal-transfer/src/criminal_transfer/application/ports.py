"""What the use cases need from outside. The tests have a second implementation of each (tests/unit/fakes.py)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from kernel.guards import Officer
from kernel.moves import Machine

from criminal_transfer.domain.clue import OfficialClue
from criminal_transfer.domain.limits import Limits
from criminal_transfer.domain.records import CaseFine, Handed, Receiver, TransferDocument
from criminal_transfer.domain.transfer import Transfer
from criminal_transfer.domain.webhook import Delivery, WebhookEndpoint


@dataclass(frozen=True)
class Party:
    name: str
    code: str = ""
    address: str = ""
    legal_representative: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Matter:
    """A case or an inspection as its service answers it."""

    case_id: str
    inspection_id: str
    enterprise_id: str
    org_id: str
    org_path: str
    region_code: str
    category: str
    party: Party
    name: str = ""


@dataclass(frozen=True)
class Body:
    """The acting body: its counterparts of the same level, and what documents print of it."""

    police: str
    procuratorate: str
    printed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Paper:
    """A document as `CheckContent` answers it. `signers`: capacity -> user ids."""

    document_id: str
    form: str
    object_id: str
    problems: tuple[str, ...]
    signers: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Item:
    """An item of evidence."""

    id: str
    state: str
    kind: str
    title: str
    sha256: str
    electronic: bool
    fact: str = ""


@dataclass(frozen=True)
class HeldObject:
    """A line of an inventory of sealed or seized objects."""

    name: str
    quantity: str
    features: str
    place: str
    seizure: str


@dataclass(frozen=True)
class BuiltPack:
    id: str
    sha256: str
    size: int


@dataclass(frozen=True)
class PackFile:
    url: str
    expires_at: datetime | None
    sha256: str
    size: int


class Identity(Protocol):
    async def officers(self, ids: Sequence[str], at: datetime) -> Sequence[Officer]: ...

    async def body(self, org_id: str, on: date) -> Body: ...

    async def partners(self, org_id: str, on: date) -> Sequence[Receiver]:
        """Clients of the partner interface that work with the body."""
        ...


class Matters(Protocol):
    async def case(self, case_id: str) -> Matter: ...

    async def inspection(self, inspection_id: str) -> Matter: ...

    async def held(self, case_id: str, inspection_id: str) -> Sequence[HeldObject]:
        """What is sealed or seized in the matter."""
        ...


class Documents(Protocol):
    async def check(self, document_id: str) -> Paper: ...


class EvidenceRoom(Protocol):
    async def items(self, object_kind: str, object_id: str) -> Sequence[Item]: ...

    async def build(
        self,
        *,
        request_id: str,
        transfer_id: UUID,
        case_id: str,
        handed_to: str,
        document_ids: Sequence[str],
        evidence_ids: Sequence[str],
        withheld: Sequence[tuple[str, str]],
        statement: Mapping[str, Any],
    ) -> BuiltPack: ...

    async def file(self, pack_id: str) -> PackFile: ...


@dataclass(frozen=True)
class Ports:
    identity: Identity
    matters: Matters
    documents: Documents
    evidence: EvidenceRoom
    limits: Limits


@dataclass(frozen=True)
class Filters:
    state: str = ""
    case_id: str = ""
    inspection_id: str = ""
    enterprise_id: str = ""


class Uow(Protocol):
    caller: Any

    def add(self, thing: object) -> None: ...

    def record(self, happened: object) -> None: ...

    def expect(self, thing: Any, version: int) -> None:
        """Raises: ChangedMeanwhile."""
        ...

    async def transfer(self, id: UUID) -> Transfer:
        """Raises: TransferNotFound."""
        ...

    async def open_on(self, case_id: str, inspection_id: str) -> Sequence[Transfer]:
        """Transfers of the case, or of the inspection without a case."""
        ...

    async def lock_matter(self, key: str) -> None:
        """Two openings of the same matter at once: one waits for the other."""
        ...

    async def transfers(self, filters: Filters, size: int, token: str) -> tuple[Sequence[Transfer], str]: ...

    async def clues(self, transfer_id: UUID) -> Sequence[OfficialClue]: ...

    async def documents(self, transfer_id: UUID) -> Sequence[TransferDocument]: ...

    async def document(self, document_id: str) -> TransferDocument | None: ...

    async def fine(self, case_id: str) -> CaseFine | None: ...

    async def handed(self, transfer_id: UUID) -> Sequence[Handed]:
        """What was handed to partners; under a partner's scope only to him."""
        ...

    async def endpoint(self, id: UUID) -> WebhookEndpoint: ...

    async def endpoints(self, *, lock: bool = False) -> Sequence[WebhookEndpoint]: ...

    async def delivery(self, id: UUID) -> Delivery: ...

    async def deliveries(self, endpoint_id: UUID | None, state: str, size: int, token: str) -> tuple[Sequence[Delivery], str]: ...

    async def handed_page(self, size: int, token: str) -> tuple[Sequence[Handed], str]: ...

    async def machine(self, id: UUID) -> Machine: ...

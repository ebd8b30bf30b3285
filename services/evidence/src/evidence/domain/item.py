"""An item of evidence and the moves it may make."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from kernel.errors import Conflict
from kernel.moves import Facts, Person, Role
from kernel.timers import Timer

from evidence.domain.custody import CustodyEvent, CustodyType, Digest
from evidence.domain.events import (
    EvidenceAdmitted,
    EvidenceArchived,
    EvidenceCaptured,
    EvidenceChallenged,
    EvidenceExcluded,
    EvidenceRegistered,
    EvidenceReviewed,
    EvidenceStored,
)
from evidence.domain.handled import Handled
from evidence.domain.records import Appraisal, Preservation, Sampling
from evidence.domain.rows import MOVES
from evidence.domain.states import ARCHIVABLE, Kind, State


class EvidenceChanged(Conflict):
    """The item changed since it was read."""


class Origin(StrEnum):
    UPLOAD = "UPLOAD"
    QUERY = "QUERY"
    DOCUMENT = "DOCUMENT"


@dataclass(frozen=True)
class Stored:
    """The one object version that is the evidence, as verified and locked. `locked_until` is real time."""

    object_key: str
    object_version: str
    size: int
    sha256: str
    sm3: str
    lock_mode: str
    locked_until: datetime


@dataclass(frozen=True)
class Matter:
    """The inspection or case an item belongs to, as its service answers it."""

    object_kind: str
    object_id: UUID
    org_path: str
    region_code: str
    category: str
    lead_id: str
    officer_ids: tuple[str, ...]
    case_id: UUID | None = None
    org_id: str = ""
    title: str = ""
    party_name: str = ""
    party_code: str = ""
    party_address: str = ""
    legal_representative: str = ""
    party_phone: str = ""


@dataclass(frozen=True)
class Description:
    kind: Kind | None
    source: str
    place: str
    holder: str
    fact: str
    is_copy: bool
    copy_checked_by: str


@dataclass(eq=False)
class EvidenceItem(Handled):
    """`officer_ids` are the officers of the matter, its lead first; a file behind it is never changed, only locked longer."""

    MACHINE = "evidence"
    RESTS = frozenset({State.RETURNED, State.DISPOSED})

    id: UUID
    org_path: str
    object_kind: str
    object_id: UUID
    title: str
    origin: Origin
    media_type: str
    captured_at: datetime
    captured_by: str
    officer_ids: list[str]
    place: str
    device_id: str
    object_key: str
    object_version: str
    size: int
    sha256: str
    sm3: str
    lock_mode: str
    locked_until: datetime
    answer: dict[str, Any] = field(default_factory=dict)
    document_id: str = ""
    state: State | None = None
    kind: Kind | None = None
    source: str = ""
    holder: str = ""
    fact: str = ""
    is_copy: bool = False
    copy_checked_by: str = ""
    seal_no: str = ""
    store_place: str = ""
    measure_id: str = ""
    transfer_id: str = ""
    preservation: Preservation | None = None
    sampling: Sampling | None = None
    appraisal: Appraisal | None = None
    returned_to: str = ""
    disposal_method: str = ""
    custody: list[CustodyEvent] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)
    version: int = 1

    @classmethod
    def capture(
        cls,
        *,
        item_id: UUID,
        matter: Matter,
        title: str,
        origin: Origin,
        media_type: str,
        captured_at: datetime,
        place: str,
        device_id: str,
        stored: Stored,
        digest: Digest,
        facts: Facts,
        answer: Mapping[str, Any] | None = None,
        document_id: str = "",
    ) -> tuple["EvidenceItem", EvidenceCaptured]:
        """V01. Raises what G01 and the device's clock refuse."""
        item = cls(
            id=item_id,
            org_path=matter.org_path,
            object_kind=matter.object_kind,
            object_id=matter.object_id,
            title=title.strip(),
            origin=origin,
            media_type=media_type,
            captured_at=captured_at,
            captured_by=facts.by.id,
            officer_ids=[matter.lead_id, *(officer for officer in matter.officer_ids if officer != matter.lead_id)],
            place=place.strip(),
            device_id=device_id,
            object_key=stored.object_key,
            object_version=stored.object_version,
            size=stored.size,
            sha256=stored.sha256,
            sm3=stored.sm3,
            lock_mode=stored.lock_mode,
            locked_until=stored.locked_until,
            answer=dict(answer or {}),
            document_id=document_id,
        )
        item._begin("capture", facts)
        item.note(CustodyType.COLLECT, digest, facts, place=place, to_holder=facts.by.id, hash_after=stored.sha256)
        return item, EvidenceCaptured(item.id, item.object_kind, item.object_id, str(origin), stored.sha256, captured_at)

    def expect(self, version: int) -> None:
        """Raises: EvidenceChanged."""
        if self.version != version:
            raise EvidenceChanged("the item changed since you read it", version=self.version)

    def roles_of(self, person: Person) -> frozenset[Role]:
        """OFF and LEAD are the officers and the lead of the matter; another officer's post does not count here."""
        roles = person.roles - {Role.OFF, Role.LEAD}
        if person.id in self.officer_ids:
            roles |= {Role.OFF}
        if self.officer_ids and person.id == self.officer_ids[0]:
            roles |= {Role.LEAD}
        return roles

    def register(self, description: Description, *, facts: Facts) -> EvidenceRegistered:
        """V02."""
        self._move("register", facts)
        self.kind, self.source, self.holder = description.kind, description.source.strip(), description.holder.strip()
        self.place, self.fact = description.place.strip() or self.place, description.fact.strip()
        self.is_copy, self.copy_checked_by = description.is_copy, description.copy_checked_by.strip()
        return EvidenceRegistered(self.id, self.object_kind, self.object_id, str(self.kind))

    def store(self, *, seal_no: str, place: str, digest: Digest, facts: Facts) -> EvidenceStored:
        """V09."""
        self._move("store", facts)
        self.seal_no, self.store_place = seal_no.strip(), place.strip()
        self.note(
            CustodyType.STORE,
            digest,
            facts,
            place=place,
            to_holder=facts.by.id,
            seal_no=seal_no,
            hash_before=self.sha256,
            hash_after=self.sha256,
        )
        return EvidenceStored(self.id)

    def challenge(self, *, reason: str, facts: Facts) -> EvidenceChallenged:
        """V10."""
        self._move("challenge", facts, reason=reason)
        return EvidenceChallenged(self.id, self.object_kind, self.object_id, facts.now)

    def explain(self, *, reason: str, facts: Facts) -> EvidenceReviewed:
        """V11."""
        self._move("explain", facts, reason=reason)
        return EvidenceReviewed(self.id, "EXPLAINED")

    def review(self, *, facts: Facts) -> EvidenceReviewed:
        """V12."""
        self._move("review", facts)
        return EvidenceReviewed(self.id, "CASE_REPORTED")

    def admit(self, *, opinion: str, facts: Facts) -> EvidenceAdmitted:
        """V13."""
        self._move("admit", facts, reason=opinion)
        return EvidenceAdmitted(self.id, self.object_kind, self.object_id, facts.now)

    def exclude(self, *, reason: str, facts: Facts) -> EvidenceExcluded:
        """V14."""
        self._move("exclude", facts, reason=reason)
        return EvidenceExcluded(self.id, self.object_kind, self.object_id, facts.now)

    @property
    def may_be_archived(self) -> bool:
        """Whether V19 goes from the present state; what was challenged or is held stays where it is."""
        return self.state in ARCHIVABLE

    def archive(self, *, facts: Facts) -> EvidenceArchived:
        """V19."""
        self._move("archive", facts)
        return EvidenceArchived(self.id, facts.now)

    MOVES = MOVES

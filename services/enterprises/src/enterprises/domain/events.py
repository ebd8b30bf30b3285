"""What happened in the registers: frozen facts, named and shaped as in events.proto."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class EnterpriseRegistered:
    enterprise_id: UUID
    code: str
    region_code: str
    supervision_class: str
    registered_at: datetime


@dataclass(frozen=True)
class EnterpriseAmended:
    enterprise_id: UUID
    amended_at: datetime


@dataclass(frozen=True)
class EnterpriseCeased:
    enterprise_id: UUID
    ceased_at: datetime


@dataclass(frozen=True)
class LicenceAdded:
    enterprise_id: UUID
    licence_id: UUID
    kind: str

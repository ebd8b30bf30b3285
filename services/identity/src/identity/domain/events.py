"""What happened, as told to others: ids and instants, no names of people."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class UserChanged:
    user_id: UUID
    org_id: UUID
    org_path: str
    active: bool
    roles: tuple[str, ...]
    change: str
    at: datetime


@dataclass(frozen=True)
class OfficerCertificateChanged:
    user_id: UUID
    certificate_id: UUID
    change: str
    at: datetime


@dataclass(frozen=True)
class DelegationChanged:
    user_id: UUID
    delegation_id: UUID
    org_id: UUID
    act: str
    change: str
    at: datetime


@dataclass(frozen=True)
class OrgUnitChanged:
    org_id: UUID
    path: str
    change: str
    at: datetime


@dataclass(frozen=True)
class PartnerChanged:
    partner_id: UUID
    client_id: str
    org_path: str
    active: bool
    change: str
    at: datetime


@dataclass(frozen=True)
class LegalNowSet:
    root: str
    offset_seconds: int
    at: datetime

"""What happened here, for others."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class NoticeGiven:
    notice_id: UUID
    deadline_id: UUID
    kind: str
    level: str
    timer: str
    object_kind: str
    object_id: UUID
    org_path: str
    given_at: datetime


@dataclass(frozen=True)
class NoticeRead:
    notice_id: UUID
    read_by: str
    read_at: datetime

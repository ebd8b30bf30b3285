"""What worklist keeps of the other services: matters that wait for someone, their deadlines, breaches, and what was told to whom."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

# A matter without a deadline comes after all that have one.
NEVER = datetime(9999, 12, 31, tzinfo=UTC)


class DeadlineState(StrEnum):
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    STOPPED = "STOPPED"
    BREACHED = "BREACHED"


OPEN = frozenset({DeadlineState.RUNNING, DeadlineState.PAUSED})


@dataclass(frozen=True)
class Actor:
    """A role, and the act that has to be delegated to it, if any."""

    role: str
    delegated: str = ""


@dataclass(frozen=True)
class OpenMove:
    """A row of the law table that someone may make from where the matter stands."""

    row: str
    move: str
    by: str
    actors: tuple[Actor, ...]
    stops: tuple[str, ...] = ()


@dataclass(eq=False)
class TodoLine:
    """A matter, as its service last told it."""

    service: str
    object_kind: str
    object_id: UUID
    org_path: str
    state: str
    version: int
    number: str
    party_id: str
    officer_ids: list[str]
    lead_id: str
    moves: list[OpenMove]
    moved_at: datetime | None
    recorded_at: datetime
    whole_kind: str = ""
    whole_id: UUID | None = None
    due_at: datetime = NEVER

    @property
    def key(self) -> tuple[UUID, str]:
        return self.object_id, self.object_kind

    @property
    def age(self) -> tuple[int, datetime]:
        """Of two words on one matter the later one holds."""
        return self.version, self.recorded_at


@dataclass(eq=False)
class DeadlineLine:
    """A timer, as its service last told it."""

    id: UUID
    service: str
    timer: str
    who: str
    object_kind: str
    object_id: UUID
    org_path: str
    state: DeadlineState
    starts_at: datetime
    raw: str
    legal_expiry: str
    internal_due: str
    expires_at: datetime | None
    provisional: bool
    law: str
    law_version: str
    derivation: list[str]
    earlier: list[dict[str, Any]]
    stopped_at: datetime | None
    breached_at: datetime | None
    recorded_at: datetime
    next_notice_at: datetime | None = None

    @property
    def presses(self) -> bool:
        """It still counts for its matter: it runs, or the department let it pass and has not acted since."""
        if self.state is DeadlineState.BREACHED:
            return "A" in self.who and self.stopped_at is None
        return self.state in OPEN

    @property
    def ends_at(self) -> datetime:
        return self.expires_at or NEVER


@dataclass(eq=False)
class BreachLine:
    """A period ended without what should have stopped it. The entry stays."""

    id: UUID
    service: str
    timer: str
    object_kind: str
    object_id: UUID
    org_path: str
    legal_expiry: str
    derivation: list[str]
    breached_at: datetime

    @property
    def deadline_id(self) -> UUID:
        return self.id


@dataclass(eq=False)
class NoticeLine:
    """Something that was brought before someone. It stays."""

    id: UUID
    rule: str
    kind: str
    level: str
    deadline_id: UUID
    service: str
    object_kind: str
    object_id: UUID
    org_path: str
    timer: str
    legal_expiry: str
    internal_due: str
    given_at: datetime

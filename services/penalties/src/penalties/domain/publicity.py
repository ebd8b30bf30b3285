"""The publication of a penalty and its filing with the superior (11.9: PI01–PI04, UF01, UF02)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from kernel.errors import DomainError, Invalid
from kernel.moves import AnyOf, Facts, Move, Role

from penalties.domain.hanging import Hanging


class PublicityState(StrEnum):
    DUE = "DUE"
    PUBLISHED = "PUBLISHED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"


class UpwardState(StrEnum):
    DUE = "DUE"
    FILED = "FILED"


class PublicityChannelMissing(Invalid):
    """A publication names the system it stands in."""


class PublicityReasonMissing(Invalid):
    """A publication is withdrawn or ended with reasons (APL 48)."""


class FilingReferenceMissing(Invalid):
    """A filing names the reference under which the superior received it."""


def names_channel(item: "PublicityItem", facts: Facts) -> DomainError | None:
    """The publicity system is named."""
    if facts.input is None or str(facts.input.get("channel", "")).strip():
        return None
    return PublicityChannelMissing("name the system in which the penalty was published")


def gives_reason(item: "PublicityItem", facts: Facts) -> DomainError | None:
    """With reasons. Law: APL 48(2)."""
    if facts.input is None or str(facts.input.get("reason", "")).strip():
        return None
    return PublicityReasonMissing("say why the publication is withdrawn or ends")


@dataclass(eq=False)
class PublicityItem(Hanging):
    """The publicity of a penalty on a unit within D14. Law: WSL 78; APL 48."""

    MACHINE = "penalty_publicity"
    MOVES = (
        Move("PI01", "owe", {None}, PublicityState.DUE, by=AnyOf(Role.SYS), law=("WSL 78",)),
        Move(
            "PI02",
            "publish",
            {PublicityState.DUE},
            PublicityState.PUBLISHED,
            by=AnyOf(Role.OFF, Role.LEAD, Role.UNIT),
            guards=(names_channel,),
            law=("WSL 78", "APL 48"),
            stops=("D14", "D32"),
        ),
        Move(
            "PI03",
            "withdraw",
            {PublicityState.PUBLISHED},
            PublicityState.WITHDRAWN,
            by=AnyOf(Role.UNIT),
            guards=(gives_reason,),
            law=("APL 48",),
            stops=("D15",),
        ),
        Move(
            "PI04",
            "expire",
            {PublicityState.PUBLISHED},
            PublicityState.EXPIRED,
            by=AnyOf(Role.SYS, Role.UNIT),
            guards=(gives_reason,),
            law=("WSL 78",),
        ),
    )

    case_id: UUID
    org_path: str
    id: UUID = field(default_factory=uuid4)
    state: PublicityState = PublicityState.DUE
    published_at: datetime | None = None
    published_by: str = ""
    channel: str = ""
    url: str = ""
    ended_reason: str = ""
    owed_at: datetime | None = None
    version: int = 1
    case: Any = None

    def owe(self, *, facts: Facts) -> None:
        self._begin("owe", facts)
        self.owed_at = facts.now

    def publish(self, *, facts: Facts) -> None:
        self._move("publish", facts, reason=str(facts.input["channel"]))
        self.published_at, self.published_by = facts.now, facts.by.id
        self.channel, self.url = facts.input["channel"], facts.input.get("url", "")

    def withdraw(self, *, facts: Facts) -> None:
        self._move("withdraw", facts, reason=str(facts.input["reason"]))
        self.ended_reason = str(facts.input["reason"])

    def expire(self, *, facts: Facts) -> None:
        self._move("expire", facts, reason=str(facts.input["reason"]))
        self.ended_reason = str(facts.input["reason"])


def names_reference(filing: "UpwardFiling", facts: Facts) -> DomainError | None:
    """The superior's reference is named."""
    if facts.input is None or str(facts.input.get("reference", "")).strip():
        return None
    return FilingReferenceMissing("name the reference under which the superior received the filing")


@dataclass(eq=False)
class UpwardFiling(Hanging):
    """The filing of a larger penalty with the superior department within D51. Law: PB 62–64."""

    MACHINE = "upward_filing"
    MOVES = (
        Move("UF01", "owe", {None}, UpwardState.DUE, by=AnyOf(Role.SYS), law=("PB 62",), starts=("D51",)),
        Move(
            "UF02",
            "file_upward",
            {UpwardState.DUE},
            UpwardState.FILED,
            by=AnyOf(Role.LEAD, Role.OFF),
            guards=(names_reference,),
            law=("PB 62",),
            stops=("D51",),
        ),
    )

    case_id: UUID
    org_path: str
    receiver: str
    id: UUID = field(default_factory=uuid4)
    state: UpwardState = UpwardState.DUE
    filed_at: datetime | None = None
    filed_by: str = ""
    reference: str = ""
    owed_at: datetime | None = None
    version: int = 1
    case: Any = None

    def owe(self, *, facts: Facts) -> None:
        self._begin("owe", facts)
        self.owed_at = facts.now

    def file_upward(self, *, facts: Facts) -> None:
        self._move("file_upward", facts, reason=str(facts.input["reference"]))
        self.filed_at, self.filed_by, self.reference = facts.now, facts.by.id, facts.input["reference"]

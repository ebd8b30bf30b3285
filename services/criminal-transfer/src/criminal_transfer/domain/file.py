"""The record of a transfer: its fields, who is who in it, and how its timers start and stop."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from kernel.days import day_begins
from kernel.moves import Facts, Person, Role, Transition
from kernel.timers import Clocked, Timer, TimerState

from criminal_transfer.domain import events
from criminal_transfer.domain.limits import Limits
from criminal_transfer.domain.records import (
    Decision,
    LegalOpinion,
    Letter,
    Materials,
    Offset,
    Package,
    Receiver,
    Recusal,
    Report,
    Source,
    State,
)


@dataclass(eq=False)
class TransferFile(Clocked):
    MACHINE = "transfer"

    org_id: str
    org_path: str
    region_code: str
    category: str
    source: Source
    facts: str
    case_id: str
    inspection_id: str
    enterprise_id: str
    enterprise_name: str
    offences: list[str]
    suspects: list[str]
    opened_by: str
    opened_at: datetime
    screen_result: str = ""
    screened_at: datetime | None = None
    officer_ids: list[str] = field(default_factory=list)
    lead_id: str = ""
    recusals: list[Recusal] = field(default_factory=list)
    report: Report | None = None
    opinions: list[LegalOpinion] = field(default_factory=list)
    report_received_at: datetime | None = None
    decision: Decision | None = None
    package: Package | None = None
    receivers: list[Receiver] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    materials: Materials | None = None
    offset: Offset | None = None
    returned_cause: str = ""
    police_party_fined: bool = False
    admin_result: str = ""
    closed_at: datetime | None = None
    timers: list[Timer] = field(default_factory=list)
    id: UUID = field(default_factory=uuid4)
    state: State | None = None
    version: int = 1

    @property
    def deadlines(self) -> list[Timer]:
        return self.timers

    @property
    def unfounded(self) -> bool:
        """Closed by C05, before the principal head saw it."""
        return self.state is State.CLOSED and self.decision is None

    def roles_of(self, person: Person) -> frozenset[Role]:
        """OFF and LEAD are the task force, once it is named."""
        if not self.officer_ids:
            return person.roles
        roles = set(person.roles - {Role.OFF, Role.LEAD})
        if person.id in self.officer_ids:
            roles.add(Role.OFF)
        if person.id == self.lead_id:
            roles.add(Role.LEAD)
        return frozenset(roles)

    def timer(self, name: str) -> Timer | None:
        """The one that runs, else the latest: a loop of the table starts some anew at the same instant."""
        found = [timer for timer in self.timers if timer.timer == name]
        return max(found, key=lambda timer: (timer.stopped_at is None, timer.starts_at)) if found else None

    def timer_start(self, timer: str, facts: Facts) -> tuple[datetime, dict[str, Any], Iterable[Mapping[str, Any]]]:
        if timer == "GEN":
            return facts.now, facts.known.get("limits", Limits()).period(self.state), ()
        if timer == "D33":
            return facts.known.get("received_at", facts.now), {}, ()
        if timer == "D35":
            receipt = self.timer("D36")
            return (receipt.starts_at if receipt else facts.now), {}, ({"at": facts.now.isoformat(), "kind": "notice"},)
        if timer == "D58" and facts.input is not None and facts.input.get("dated_on"):
            return day_begins(facts.known["decided_on"]), {}, ()
        return facts.now, {}, ()

    def start_timer(self, timer: str, facts: Facts) -> str:
        """The notice of D58 arrives with the move that records it: it starts with the decision and ends now."""
        line = super().start_timer(timer, facts)
        if timer == "D58":
            return f"{line}; {self.stop_timer(timer, facts)}"
        return line

    def stop_timer(self, timer: str, facts: Facts) -> str:
        """What stops after its end leaves the breach entry."""
        found = self.timer(timer)
        if found is not None and found.state is TimerState.RUNNING and found.expires_at is not None and found.expires_at <= facts.now:
            self.breach(found, found.expires_at)
        return super().stop_timer(timer, facts)

    def breach(self, timer: Timer, at: datetime) -> None:
        timer.breach(at)
        told = events.TransferDeadlineBreached(self.id, self.case_id, timer.timer, timer.legal_expiry, at)
        self.__dict__.setdefault("_breaches", []).append(told)

    def take_breaches(self) -> list[events.TransferDeadlineBreached]:
        """The breach entries since the last call."""
        taken: list[events.TransferDeadlineBreached] = self.__dict__.pop("_breaches", [])
        return taken

    def expiry(self, timer: str) -> str:
        found = self.timer(timer)
        return found.legal_expiry if found is not None else ""

    def write(self, letter: Letter) -> None:
        self.letters = [*self.letters, letter]

    def receive(self, *receivers: Receiver) -> None:
        known = {(one.kind, one.client_id, one.name) for one in self.receivers}
        self.receivers = [*self.receivers, *(one for one in receivers if (one.kind, one.client_id, one.name) not in known)]

    def log(self, name: str, facts: Facts, *, reason: str = "") -> None:
        """A line of history for what changes the record without being a row of 11.8."""
        state = str(self.state)
        self._note(
            Transition(self.MACHINE, str(self.id), "", name, state, state, (facts.by.id,), facts.now, (), (), (), reason, facts.cause)
        )

"""A running timer of the master table as a row: what it rests on, when it ends, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from kernel.deadlines import Deadline, NoSuchPeriodYet, compute
from kernel.errors import Precondition
from kernel.moves import Facts, Machine
from kernel.parameters import LawParameters


class TimerState(StrEnum):
    RUNNING = "RUNNING"
    STOPPED = "STOPPED"
    BREACHED = "BREACHED"


class TimerNotRunning(Precondition):
    """The timer was never started or has ended."""


@dataclass(eq=False)
class Timer:
    """One started timer (`timer` is its id in the master table, D01…D65) with the deadline that follows from it.

    `events` and `params` have the shapes of docs/law/deadline-format.md and are all that `recompute` needs.
    `expires_at` is the first instant after the period (UTC), None where nothing expires.
    """

    timer: str
    object_kind: str
    object_id: UUID
    org_path: str
    starts_at: datetime
    events: list[dict[str, Any]]
    params: dict[str, Any]
    id: UUID = field(default_factory=uuid4)
    state: TimerState = TimerState.RUNNING
    raw: str = ""
    legal_expiry: str = ""
    internal_due: str = ""
    expires_at: datetime | None = None
    provisional: bool = False
    law: str = ""
    law_version: str = ""
    derivation: list[str] = field(default_factory=list)
    earlier: list[dict[str, Any]] = field(default_factory=list)
    stopped_at: datetime | None = None
    breached_at: datetime | None = None

    @property
    def bell(self) -> bool:
        """It only rings before another one ends: nobody owes anything by it."""
        return self.params.get("purpose") == "ALARM"

    def recompute(self, law: LawParameters, *, why: str = "") -> Deadline:
        """Derive the deadline anew; a changed one keeps the derivation before it in `earlier`."""
        deadline = compute(self.timer, self.starts_at, self.events, self.params, law.at(self.org_path))
        if self.legal_expiry and deadline.text("legal_expiry") != self.legal_expiry:
            before = {"legal_expiry": self.legal_expiry, "law_version": self.law_version, "derivation": self.derivation, "why": why}
            self.earlier = [*self.earlier, before]
        self.raw, self.legal_expiry, self.internal_due = deadline.text("raw"), deadline.text("legal_expiry"), deadline.text("internal_due")
        self.expires_at, self.provisional = deadline.expires_at, deadline.provisional
        self.law, self.law_version, self.derivation = deadline.law, law.version, list(deadline.derivation)
        return deadline

    def touched_by(self, law: LawParameters) -> bool:
        """Whether these parameters give another day or instant than the one derived last."""
        try:
            deadline = compute(self.timer, self.starts_at, self.events, self.params, law.at(self.org_path))
        except NoSuchPeriodYet:
            return False
        texts = tuple(deadline.text(name) for name in ("raw", "legal_expiry", "internal_due"))
        known = (self.raw, self.legal_expiry, self.internal_due, self.expires_at, self.provisional)
        return (*texts, deadline.expires_at, deadline.provisional) != known

    def add(self, event: Mapping[str, Any], law: LawParameters, *, why: str) -> Deadline:
        """Append an event (extension, pause, request …) and derive anew. `event["at"]` is an ISO instant."""
        self.events = [*self.events, dict(event)]
        return self.recompute(law, why=why)

    def stop(self, at: datetime) -> None:
        if self.state is TimerState.RUNNING:
            self.state = TimerState.STOPPED
        self.stopped_at = at

    def breach(self, at: datetime) -> None:
        """The period ended without what should have stopped it. The entry stays; a later stop does not remove it."""
        self.state, self.breached_at = TimerState.BREACHED, at


class Clocked(Machine):
    """A machine that keeps its timers in `timers`. `org_path` places them; `timer_params` gives a row's parameters."""

    timers: list[Timer]
    org_path: str

    def timer(self, name: str) -> Timer | None:
        """The latest timer of this id, whatever its state."""
        found = [timer for timer in self.timers if timer.timer == name]
        return max(found, key=lambda timer: timer.starts_at) if found else None

    def running(self, name: str) -> Timer:
        timer = self.timer(name)
        if timer is None or timer.stopped_at is not None:
            raise TimerNotRunning(f"{name} is not running", timer=name)
        return timer

    def timer_start(self, timer: str, facts: Facts) -> tuple[datetime, dict[str, Any], Iterable[Mapping[str, Any]]]:
        """Start instant, params and first events of a timer that a row starts. Default: now, nothing."""
        return facts.now, {}, ()

    def start_timer(self, timer: str, facts: Facts) -> str:
        starts_at, params, events = self.timer_start(timer, facts)
        started = Timer(
            timer=timer,
            object_kind=self.MACHINE,
            object_id=self.id,
            org_path=self.org_path,
            starts_at=starts_at,
            events=[dict(event) for event in events],
            params=params,
        )
        try:
            started.recompute(facts.law)
        except NoSuchPeriodYet as none:
            return none.text
        self.timers.append(started)
        return f"{timer} starts: {started.legal_expiry or started.raw}"

    def stop_timer(self, timer: str, facts: Facts) -> str:
        found = self.timer(timer)
        if found is None or found.stopped_at is not None:
            return ""
        found.stop(facts.now)
        return f"{timer} stops"

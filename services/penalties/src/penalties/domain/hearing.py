"""A hearing that the party asked for (5.5): HR01–HR11. The case moves beside it (heard.py)."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from kernel.days import legal_day
from kernel.moves import AnyOf, Delegated, Entered, Facts, Machine, Move, Role

from penalties.domain.hearing_rules import (
    HearingDays,
    HearingState,
    asked_in_time,
    asked_late,
    both_heard,
    day_allowed,
    day_has_come,
    explained,
    few_agents,
    in_writing,
    names_place,
    notice_released,
    once,
    presider_apart,
    presides,
)

DELEGATED_POSTPONEMENT = "hearing_postponement"


@dataclass(frozen=True)
class Postponement:
    """There is one at most."""

    reason: str
    approved_by: str
    approved_at: datetime
    from_at: datetime
    to_at: datetime


@dataclass(frozen=True)
class Tribunal:
    """Who holds the hearing, and whether it is open (APL 64(3), (4))."""

    presider_id: str
    member_ids: tuple[str, ...]
    clerk_id: str
    closed: bool
    closed_reason: str


S = HearingState
MOVES: tuple[Move, ...] = (
    Move("HR01", "request", {None}, S.REQUESTED, by=Entered(), law=("APL 64",)),
    Move("HR02", "accept", {S.REQUESTED}, S.ACCEPTED, by=AnyOf(Role.HEAR), guards=(asked_in_time, presider_apart), law=("APL 64",)),
    Move("HR03", "refuse_late", {S.REQUESTED}, S.REJECTED_LATE, by=AnyOf(Role.HEAR), guards=(asked_late,), law=("APL 64",)),
    Move(
        "HR04",
        "release_hearing_notice",
        {S.ACCEPTED},
        None,
        by=AnyOf(Role.HEAR),
        guards=(presides, names_place, day_allowed),
        law=("APL 64",),
        form="F27",
    ),
    Move(
        "HR04",
        "notify_hearing",
        {S.ACCEPTED},
        S.NOTIFIED,
        by=AnyOf(Role.HEAR, Role.SYS),
        guards=(notice_released, day_allowed),
        law=("APL 64",),
        form="F27",
    ),
    Move("HR05", "open_hearing", {S.NOTIFIED}, S.OPEN, by=AnyOf(Role.HEAR), guards=(presides, day_has_come, few_agents), law=("APL 64",)),
    Move(
        "HR06",
        "postpone_hearing",
        {S.NOTIFIED},
        S.POSTPONED,
        by=AnyOf(Role.CHIEF, Delegated(Role.DEP, DELEGATED_POSTPONEMENT)),
        guards=(once, names_place, day_allowed),
        law=("PB 35",),
        form="F27",
    ),
    Move(
        "HR07",
        "notify_anew",
        {S.POSTPONED},
        S.NOTIFIED,
        by=AnyOf(Role.HEAR, Role.SYS),
        guards=(notice_released, day_allowed),
        law=("APL 64",),
        form="F27",
    ),
    Move("HR08", "close_hearing", {S.OPEN}, S.CLOSED_HELD, by=AnyOf(Role.HEAR), guards=(presides, both_heard), law=("APL 64",), form="F28"),
    Move(
        "HR09",
        "terminate_hearing",
        {S.NOTIFIED, S.OPEN},
        S.TERMINATED_ABSENT,
        by=AnyOf(Role.HEAR),
        guards=(presides, day_has_come, explained),
        law=("APL 64",),
        form="F28",
    ),
    Move(
        "HR10",
        "withdraw_request",
        {S.REQUESTED, S.ACCEPTED, S.NOTIFIED, S.POSTPONED, S.OPEN},
        S.WITHDRAWN_BY_PARTY,
        by=Entered(),
        guards=(in_writing,),
        law=("APL 64",),
    ),
    Move(
        "HR11",
        "report_hearing",
        {S.CLOSED_HELD, S.TERMINATED_ABSENT},
        S.REPORTED,
        by=AnyOf(Role.HEAR),
        guards=(presides,),
        law=("APL 65",),
        form="F29",
    ),
)
CALLED_OFF = frozenset({S.WITHDRAWN_BY_PARTY, S.REJECTED_LATE})
OVER = frozenset({S.CLOSED_HELD, S.TERMINATED_ABSENT, S.REPORTED})


@dataclass(eq=False)
class Hearing(Machine):
    """A hearing of a case. Its moves are made by the case, beside its own."""

    MACHINE = "hearing"
    MOVES = MOVES

    case_id: UUID
    org_path: str
    requested_at: datetime
    in_time: bool
    ask_by: str
    entered_by: str
    investigators: list[str]
    notice_number: int
    request_document_id: str = ""
    posted_on: str = ""
    id: UUID = field(default_factory=uuid4)
    state: HearingState = HearingState.REQUESTED
    accepted_by: str = ""
    accepted_at: datetime | None = None
    refusal_reason: str = ""
    presider_id: str = ""
    member_ids: list[str] = field(default_factory=list)
    clerk_id: str = ""
    public: bool = True
    closed_reason: str = ""
    scheduled_at: datetime | None = None
    place: str = ""
    notice_document_id: str = ""
    notice_served_on: str = ""
    earliest_on: str = ""
    target_on: str = ""
    target_reason: str = ""
    postponements: list[Postponement] = field(default_factory=list)
    opened_at: datetime | None = None
    ended_at: datetime | None = None
    agents: list[str] = field(default_factory=list)
    accusation: str = ""
    defence: str = ""
    cross_examination: str = ""
    record_document_id: str = ""
    report_document_id: str = ""
    opinion: str = ""
    absence_reason: str = ""
    withdrawal_document_id: str = ""
    notice_failure: str = ""
    version: int = 1
    # The case it hangs on, as the store knows it.
    case: Any = None

    def roles_of(self, person: Any) -> frozenset[Role]:
        """OFF and LEAD are relative to the case."""
        own: frozenset[Role] = person.roles - {Role.LEAD, Role.OFF}
        return own | {Role.OFF} if person.id in self.investigators else own

    @property
    def held(self) -> bool:
        """It was held: the party was heard, and a later review has to pass (INV-05)."""
        return self.ended_at is not None and not self.absence_reason

    @property
    def called_off(self) -> bool:
        return self.state in CALLED_OFF

    @property
    def over(self) -> bool:
        return self.state in OVER

    def request(self, *, facts: Facts) -> None:
        self._begin("request", facts, documents=(self.request_document_id,) if self.request_document_id else ())

    def accept(self, tribunal: "Tribunal", *, facts: Facts) -> None:
        named = replace(tribunal, presider_id=tribunal.presider_id or facts.by.id)
        self._move("accept", replace(facts, input=vars(named)))
        self.accepted_by, self.accepted_at = facts.by.id, facts.now
        self.presider_id, self.member_ids, self.clerk_id = named.presider_id, list(named.member_ids), named.clerk_id
        self.public, self.closed_reason = not named.closed, named.closed_reason

    def refuse_late(self, reason: str, document_id: str, *, facts: Facts) -> None:
        brought = {"reason": reason, "document_id": document_id}
        self._move("refuse_late", replace(facts, input=brought), documents=(document_id,), reason=reason)
        self.refusal_reason = reason

    def release_notice(self, document_id: str, scheduled_at: datetime, place: str, days: HearingDays, *, facts: Facts) -> None:
        brought = {"document_id": document_id, "scheduled_at": scheduled_at, "place": place}
        judged = replace(facts, input=brought, known={**facts.known, "hearing_days": days})
        self._move("release_hearing_notice", judged, documents=(document_id,), reason=days.reason)
        self._schedule(document_id, scheduled_at, place, days)

    def postpone(self, reason: str, document_id: str, scheduled_at: datetime, place: str, days: HearingDays, *, facts: Facts) -> None:
        brought = {"document_id": document_id, "scheduled_at": scheduled_at, "place": place or self.place, "reason": reason}
        judged = replace(facts, input=brought, known={**facts.known, "hearing_days": replace(days, target_on=_last(scheduled_at, days))})
        self._move("postpone_hearing", judged, documents=(document_id,), reason=reason)
        before = self.scheduled_at or scheduled_at
        self.postponements = [*self.postponements, Postponement(reason, facts.by.id, facts.now, before, scheduled_at)]
        self._schedule(document_id, scheduled_at, place or self.place, days)

    def _schedule(self, document_id: str, scheduled_at: datetime, place: str, days: HearingDays) -> None:
        self.notice_document_id, self.scheduled_at, self.place, self.notice_failure = document_id, scheduled_at, place, ""
        self.earliest_on, self.target_on = days.earliest_on, days.target_on
        self.target_reason = days.reason if legal_day(scheduled_at).isoformat() > days.target_on and not self.postponements else ""

    def notify(self, document_id: str, served_on: str, days: HearingDays, *, facts: Facts) -> None:
        brought = {"document_id": document_id, "scheduled_at": self.scheduled_at}
        judged = replace(facts, input=brought, known={**facts.known, "hearing_days": days})
        self._move("notify_anew" if self.state is S.POSTPONED else "notify_hearing", judged, documents=(document_id,))
        if self.scheduled_at is not None:
            self._schedule(document_id, self.scheduled_at, self.place, days)
        self.notice_served_on = served_on

    def fail_notice(self, why: str) -> None:
        """The notice reached the party too late for the day that it names: another one has to be released (D11)."""
        self.notice_document_id, self.notice_failure = "", why

    def open(self, agents: list[str], *, facts: Facts) -> None:
        self._move("open_hearing", replace(facts, input={"agents": agents}))
        self.opened_at, self.agents = facts.now, agents

    def close(self, said: dict[str, str], document_id: str, *, facts: Facts) -> None:
        self._move("close_hearing", replace(facts, input=said), documents=(document_id,))
        self.accusation, self.defence, self.cross_examination = said["accusation"], said["defence"], said["cross_examination"]
        self.record_document_id, self.ended_at = document_id, facts.now

    def terminate(self, reason: str, document_id: str, *, facts: Facts) -> None:
        self._move("terminate_hearing", replace(facts, input={"reason": reason}), documents=(document_id,), reason=reason)
        self.absence_reason, self.record_document_id, self.ended_at = reason, document_id, facts.now

    def withdraw(self, document_id: str, *, facts: Facts) -> None:
        self._move("withdraw_request", replace(facts, input={"document_id": document_id}), documents=(document_id,))
        self.withdrawal_document_id = document_id

    def report(self, opinion: str, document_id: str, *, facts: Facts) -> None:
        self._move("report_hearing", facts, documents=(document_id,), reason=opinion)
        self.opinion, self.report_document_id = opinion, document_id


def _last(scheduled_at: datetime, days: HearingDays) -> str:
    """A postponement moves the target of D10 to the day that the head approved."""
    return max(days.target_on, legal_day(scheduled_at).isoformat())

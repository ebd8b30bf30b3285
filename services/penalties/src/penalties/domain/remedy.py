"""A remedy of the party: reconsideration, suit, appeal (11.9, RM01–RM07), one per filing. It feeds PC39–PC41 of its case."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from kernel.errors import Conflict, DomainError, Invalid, NotFound, Precondition
from kernel.money import Money
from kernel.moves import AnyOf, Entered, Facts, Move, Role, When

from penalties.domain.hanging import Hanging
from penalties.domain.remedy_steps import RemedyStep, Step

RECONSIDERATION_FIRST = "2024-01-01"


class RemedyState(StrEnum):
    RECON_FILED = "RECON_FILED"
    RECON_UPHELD = "RECON_UPHELD"
    RECON_CHANGED = "RECON_CHANGED"
    RECON_REVOKED = "RECON_REVOKED"
    RECON_ENDED = "RECON_ENDED"
    SUIT_FILED = "SUIT_FILED"
    JUDGED_1 = "JUDGED_1"
    APPEALED = "APPEALED"
    FINAL = "FINAL"


class Effect(StrEnum):
    """What becomes of the decision."""

    UPHELD = "UPHELD"
    CHANGED = "CHANGED"
    REVOKED = "REVOKED"
    REDECIDE = "REDECIDE"
    NONE = "NONE"


class Ending(StrEnum):
    """Why a reconsideration ended without a decision on the merits."""

    NOT_ACCEPTED = "NOT_ACCEPTED"
    INADMISSIBLE = "INADMISSIBLE"
    GIVEN_UP = "GIVEN_UP"
    WITHDRAWN = "WITHDRAWN"


class RemedyNotFound(NotFound):
    """The case has no such remedy."""


class SuitPending(Conflict):
    """A suit is pending: no reconsideration beside it (ARL 29)."""


class ReconsiderationPending(Conflict):
    """A reconsideration is pending: no suit beside it (ARL 29)."""


class ReconsiderationFirst(Precondition):
    """A penalty on the spot goes to reconsideration first since 2024-01-01 (ARL 23)."""


class SuitTooLate(Precondition):
    """The period of the suit is over and the court has not extended it (ALL 45, 46, 48)."""


class RulingIncomplete(Invalid):
    """A ruling has its day, its receipt, and what it does to the decision."""


class ReconsiderationNotAccepted(Precondition):
    """The application is not accepted yet."""


# After these the first period of the suit runs on (ALI 58).
RUNS_ON = frozenset({Ending.WITHDRAWN, Ending.GIVEN_UP})
PENDING = frozenset({RemedyState.RECON_FILED, RemedyState.SUIT_FILED, RemedyState.JUDGED_1, RemedyState.APPEALED})
ENDED_RECONSIDERATION = frozenset({RemedyState.RECON_UPHELD, RemedyState.RECON_CHANGED, RemedyState.RECON_REVOKED, RemedyState.RECON_ENDED})
TOLD = AnyOf(Role.LEAD, Role.OFF, Role.CRT, Role.SYS)
"""A body outside tells it; an officer of the case enters it with the paper."""


@dataclass(frozen=True)
class Ruling:
    """What a body or a court ruled, and what it does to the decision."""

    effect: Effect
    on: str
    received_on: str
    number: str = ""
    text: str = ""
    evidence_id: str = ""
    fine: Money | None = None
    procedure_only: bool = False
    redecide_by: str = ""


def no_suit_pending(remedy: "Remedy", facts: Facts) -> DomainError | None:
    """No suit is pending, and no other application. Law: ARL 29."""
    for other in remedy.others:
        if other.state in PENDING:
            found: type[DomainError] = ReconsiderationPending if other.state is RemedyState.RECON_FILED else SuitPending
            return found("another remedy is pending", remedy=str(other.id), state=str(other.state))
    return None


def no_reconsideration_pending(remedy: "Remedy", facts: Facts) -> DomainError | None:
    """No reconsideration is pending. Law: ARL 29."""
    return no_suit_pending(remedy, facts)


def not_on_the_spot(remedy: "Remedy", facts: Facts) -> DomainError | None:
    """Against a penalty on the spot only after reconsideration. Law: ARL 23(1)(1), in force 2024-01-01."""
    case = remedy.case
    if case is not None and case.on_the_spot and case.served_on >= RECONSIDERATION_FIRST:
        return ReconsiderationFirst("a penalty on the spot goes to reconsideration first", since=RECONSIDERATION_FIRST)
    return None


def _within(remedy: "Remedy", timer: str, facts: Facts) -> DomainError | None:
    given: Mapping[str, Any] = facts.input or {}
    if facts.input is None or given.get("period_extended") or remedy.case is None:
        return None
    found = remedy.case.timer(timer)
    if found is not None and found.legal_expiry and str(given["filed_on"]) > found.legal_expiry:
        return SuitTooLate("the period of the suit is over", timer=timer, last_day=found.legal_expiry, filed_on=given["filed_on"])
    return None


def within_d20(remedy: "Remedy", facts: Facts) -> DomainError | None:
    """Within D20, or the court extended it. Law: ALL 46, 48."""
    return _within(remedy, "D20", facts)


def within_d21(remedy: "Remedy", facts: Facts) -> DomainError | None:
    """Within D21; after a withdrawal within D20; from RECON_FILED only when D52 is over. Law: ALL 45; ALI 58."""
    if remedy.state is RemedyState.RECON_FILED and not remedy.period_over_on:
        return ReconsiderationPending("the period of the reconsideration is not over", remedy=str(remedy.id))
    refused = no_suit_pending(remedy, facts)
    return refused or _within(remedy, "D20" if remedy.ending in RUNS_ON else "D21", facts)


def ruled(remedy: "Remedy", facts: Facts) -> DomainError | None:
    """The ruling has its day and its receipt, a changed one its fine."""
    ruling: Ruling | None = facts.input.get("ruling") if facts.input else None
    if ruling is None:
        return None
    if not ruling.received_on or (ruling.effect is Effect.CHANGED and ruling.fine is None):
        return RulingIncomplete("a ruling has the day of its receipt, a changed decision its fine", effect=ruling.effect.value)
    if ruling.effect is Effect.NONE and remedy.state is RemedyState.RECON_FILED and not facts.input.get("ending"):
        return RulingIncomplete("say why the reconsideration ended without a decision")
    return None


STATES_OF = {
    Effect.UPHELD: RemedyState.RECON_UPHELD,
    Effect.CHANGED: RemedyState.RECON_CHANGED,
    Effect.REVOKED: RemedyState.RECON_REVOKED,
    Effect.REDECIDE: RemedyState.RECON_REVOKED,
    Effect.NONE: RemedyState.RECON_ENDED,
}
_FILED = {RemedyState.RECON_FILED}


def _step(name: str, *, starts: tuple[str, ...] = (), stops: tuple[str, ...] = ()) -> Move:
    return Move("RM01", name, _FILED, None, by=TOLD, law=("ARL 30", "ARL 62"), starts=starts, stops=stops)


@dataclass(eq=False)
class Remedy(Hanging):
    """One filing of the party against the decision, and what became of it."""

    MACHINE = "remedy"
    MOVES = (
        Move(
            "RM01",
            "apply",
            {None},
            RemedyState.RECON_FILED,
            by=Entered(),
            guards=(no_suit_pending,),
            law=("ARL 20", "ARL 29"),
            starts=("D63", When("D55", form="HANDED_HERE")),
        ),
        _step("passed_on", stops=("D55",)),
        _step("to_complete", starts=("D62",), stops=("D63",)),
        _step("completed", starts=("D63",), stops=("D62",)),
        _step("accepted", starts=("D52",), stops=("D62", "D63")),
        _step("copy_received", starts=("D53",)),
        _step("answered", stops=("D53",)),
        Move(
            "RM02",
            "end",
            _FILED,
            frozenset(ENDED_RECONSIDERATION),
            by=TOLD,
            guards=(ruled,),
            law=("ARL 63", "ARL 69", "ALI 58"),
            starts=(When("D21", form="D21"),),
            stops=("D52", "D53", "D55", "D62", "D63"),
        ),
        Move(
            "RM03",
            "sue",
            {None},
            RemedyState.SUIT_FILED,
            by=Entered(),
            guards=(not_on_the_spot, no_reconsideration_pending, within_d20),
            law=("ALL 44", "ALL 46", "ARL 23"),
            starts=("D54",),
            stops=("D20",),
        ),
        Move(
            "RM04",
            "sue_after",
            {RemedyState.RECON_FILED, *ENDED_RECONSIDERATION},
            RemedyState.SUIT_FILED,
            by=Entered(),
            guards=(within_d21,),
            law=("ALL 45", "ARL 34"),
            starts=("D54",),
            stops=("D21", "D52", "D53"),
        ),
        Move("RM05", "answer_suit", {RemedyState.SUIT_FILED}, None, by=TOLD, law=("ALL 34", "ALL 67"), stops=("D54",)),
        Move(
            "RM05",
            "judge",
            {RemedyState.SUIT_FILED},
            RemedyState.JUDGED_1,
            by=TOLD,
            guards=(ruled,),
            law=("ALL 81",),
            stops=("D54",),
        ),
        Move("RM06", "appeal", {RemedyState.JUDGED_1}, RemedyState.APPEALED, by=Entered(), law=("ALL 85",)),
        Move(
            "RM07",
            "make_final",
            {RemedyState.JUDGED_1, RemedyState.APPEALED},
            RemedyState.FINAL,
            by=TOLD,
            guards=(ruled,),
            law=("ALL 94", "ALI 153"),
            starts=(When("D65", form="TO_PERFORM"),),
        ),
    )

    case_id: UUID
    org_path: str
    filed_on: str
    body: str
    ground: str
    opened_at: datetime
    id: UUID = field(default_factory=uuid4)
    state: RemedyState = RemedyState.RECON_FILED
    handed_here: bool = False
    stayed: bool = False
    ending: str = ""
    effect: str = ""
    accepted_on: str = ""
    # Receipt of what ended the reconsideration.
    decided_on: str = ""
    received_on: str = ""
    period_over_on: str = ""
    suit_filed_on: str = ""
    court: str = ""
    final_on: str = ""
    perform_by: str = ""
    simple: bool = False
    steps: list[RemedyStep] = field(default_factory=list)
    version: int = 1
    case: Any = None

    @property
    def pending(self) -> bool:
        return self.state in PENDING

    @property
    def others(self) -> list["Remedy"]:
        return [other for other in self.case.remedies if other is not self] if self.case is not None else []

    def keep(self, what: str, on: str, facts: Facts, *, number: str = "", text: str = "", evidence_id: str = "") -> None:
        self.steps = [*self.steps, RemedyStep(what, on, number, text, evidence_id, facts.by.id, facts.now)]

    def apply(self, evidence_id: str, *, facts: Facts) -> None:
        """RM01. Received by the body, or by the deciding authority, which has five working days to pass it on."""
        forms = ("HANDED_HERE",) if self.handed_here else ()
        self._begin("apply", _since(facts, self.filed_on, forms=forms), documents=_ids(evidence_id), reason=self.ground)
        self.keep("FILED", self.filed_on, facts, text=self.ground, evidence_id=evidence_id)

    def record(self, step: Step, on: str, days: int, evidence_id: str, simple: bool, *, facts: Facts) -> None:
        """What the body told of the application; some of it starts or stops a period, the state stays."""
        params: dict[str, Any] = {"procedure": "simple"} if self.simple or simple else {}
        if step is Step.TO_COMPLETE:
            params = {"days": days} if days else {}
        moves = {Step.PASSED_ON, Step.TO_COMPLETE, Step.COMPLETED, Step.ACCEPTED, Step.COPY_RECEIVED, Step.ANSWERED}
        if step in moves:
            self._move(step.value.lower(), _since(facts, on, params=params), documents=_ids(evidence_id))
        else:
            self._in_review(step, on, days, facts)
        if step is Step.ACCEPTED:
            self.accepted_on, self.simple = on, simple
        self.keep(step.value, on, facts, evidence_id=evidence_id)

    def _in_review(self, step: Step, on: str, days: int, facts: Facts) -> None:
        if step in {Step.STAYED, Step.STAY_LIFTED}:
            self.stayed = step is Step.STAYED
            return
        timer = self.case.timer("D52")
        if timer is None or not self.accepted_on:
            raise ReconsiderationNotAccepted("the application is not accepted yet")
        event: dict[str, Any] = {"at": f"{on}T00:00:00+08:00"}
        event |= {"kind": "extend", "days": days or 30} if step is Step.EXTENDED else {}
        event |= {"kind": "suspend" if step is Step.SUSPENDED else "resume", "reason": "suspension"} if step is not Step.EXTENDED else {}
        timer.add(event, facts.law, why=step.value)

    def end(self, ruling: Ruling, ending: Ending | None, *, facts: Facts) -> None:
        """RM02. The suit period runs from the receipt; after a withdrawal the first period runs on (ALI 58)."""
        judged = _since(facts, ruling.received_on, forms=() if ending in RUNS_ON else ("D21",))
        judged = replace(judged, input={**judged.input, "ruling": ruling, "ending": ending.value if ending else ""})
        self._move("end", judged, target=STATES_OF[ruling.effect], documents=_ids(ruling.evidence_id), reason=ruling.text)
        self.ending = ending.value if ending and ruling.effect is Effect.NONE else ""
        self.decided_on = ruling.received_on
        self._hear(ruling, facts)

    def sue(self, court: str, copy_on: str, evidence_id: str, extended: bool, *, facts: Facts) -> None:
        """RM03: a direct suit."""
        self._begin("sue", self._suing(self.filed_on, copy_on, extended, facts), documents=_ids(evidence_id), reason=court)
        self._sued(self.filed_on, court, evidence_id, facts)

    def sue_after(self, filed_on: str, court: str, copy_on: str, evidence_id: str, extended: bool, *, facts: Facts) -> None:
        """RM04: a suit after reconsideration, or after its period is over."""
        self._move("sue_after", self._suing(filed_on, copy_on, extended, facts), documents=_ids(evidence_id), reason=court)
        self._sued(filed_on, court, evidence_id, facts)

    def _suing(self, filed_on: str, copy_on: str, extended: bool, facts: Facts) -> Facts:
        judged = _since(facts, copy_on or filed_on)
        return replace(judged, input={**judged.input, "filed_on": filed_on, "period_extended": extended})

    def _sued(self, filed_on: str, court: str, evidence_id: str, facts: Facts) -> None:
        self.suit_filed_on, self.court = filed_on, court
        self.keep("SUIT_FILED", filed_on, facts, text=court, evidence_id=evidence_id)

    def answer_suit(self, on: str, evidence_id: str, *, facts: Facts) -> None:
        self._move("answer_suit", facts, documents=_ids(evidence_id))
        self.keep("SUIT_ANSWERED", on, facts, evidence_id=evidence_id)

    def judge(self, ruling: Ruling, *, facts: Facts) -> None:
        self._move("judge", replace(facts, input={"ruling": ruling}), documents=_ids(ruling.evidence_id), reason=ruling.text)
        self._hear(ruling, facts)

    def appeal(self, on: str, by_party: bool, evidence_id: str, *, facts: Facts) -> None:
        self._move("appeal", facts, documents=_ids(evidence_id))
        self.keep("APPEALED_BY_PARTY" if by_party else "APPEALED_BY_DEPARTMENT", on, facts, evidence_id=evidence_id)

    def make_final(self, ruling: Ruling, perform_by: str, *, facts: Facts) -> None:
        """RM07. Two years run from the end of the performance period, if there is one (ALI 153)."""
        judged = _since(facts, perform_by or ruling.received_on, forms=("TO_PERFORM",) if perform_by else ())
        judged = replace(judged, input={**judged.input, "ruling": ruling})
        self._move("make_final", judged, documents=_ids(ruling.evidence_id), reason=ruling.text)
        self.final_on, self.perform_by, self.stayed = ruling.received_on, perform_by, False
        self._hear(ruling, facts)

    def _hear(self, ruling: Ruling, facts: Facts) -> None:
        self.effect, self.received_on = ruling.effect.value, ruling.received_on
        self.stayed = self.stayed and self.pending
        self.keep(str(self.state), ruling.on, facts, number=ruling.number, text=ruling.text, evidence_id=ruling.evidence_id)


def _since(facts: Facts, day: str, *, forms: tuple[str, ...] = (), params: Mapping[str, Any] | None = None) -> Facts:
    """A period of the remedy runs from the day that the paper names, not from that of its entry."""
    return replace(facts, input={"since": day, "params": dict(params or {})}, known={**facts.known, "forms": forms})


def _ids(evidence_id: str) -> tuple[str, ...]:
    return (evidence_id,) if evidence_id else ()

"""The demand before the court, and the window of the application that follows it: PC35, D22, D23. Law: AEL 35, 53, 54."""

from dataclasses import replace
from typing import Any

from kernel.days import day_begins
from kernel.deadlines import Deadline
from kernel.errors import DomainError, Invalid, Precondition
from kernel.moves import AnyOf, Facts, Move, Role

from penalties.domain.account import AccountState
from penalties.domain.deferral import Deferring
from penalties.domain.enforcement import Demand
from penalties.domain.enforcement_events import DemandReleased, FineDemanded
from penalties.domain.execution import VERIFIED_ELSEWHERE, PaymentPeriodOpen
from penalties.domain.file import CaseFile, from_day, known, parse_day
from penalties.domain.guards import g02
from penalties.domain.papers import carries
from penalties.domain.records import State
from penalties.domain.remedy import RUNS_ON, Ending, Remedy
from penalties.domain.standing import stands


class NothingUnmet(Precondition):
    """Everything that was decided is performed: nothing is demanded."""


class DemandNotReleased(Precondition):
    """No demand is released for service."""


class DemandNotServed(Precondition):
    """No demand was served (AEL 54)."""


class AnswerIncomplete(Invalid):
    """An answer of the party has its paper and what was found of it (AEL 36)."""


def unmet(case: CaseFile, facts: Facts) -> DomainError | None:
    """The fine is late, or another duty is not performed. Law: AEL 53, 54."""
    account = case.fine_account
    if account is not None and not account.settled:
        late = account.state in {AccountState.OVERDUE, AccountState.CAPPED} or case.timer_over("D16", facts)
        return None if late else PaymentPeriodOpen("the party may still pay without surcharge", last_day=account.due_on)
    decided = case.proposal_of(case.decided_proposal)
    if decided is not None and any(item.kind in VERIFIED_ELSEWHERE for item in decided.items):
        return None
    return NothingUnmet("everything that was decided is performed")


def demand_released(case: CaseFile, facts: Facts) -> DomainError | None:
    """The demand that is served is the one that was released."""
    demand = case.demand
    if demand is None or demand.deemed_on:
        return DemandNotReleased("no demand is released for service")
    if facts.input is not None and facts.input.get("document_id") != demand.document_id:
        return DemandNotReleased("this is not the demand that was released", document=str(facts.input.get("document_id")))
    return None


def no_demand_under_way(case: CaseFile, facts: Facts) -> DomainError | None:
    """A released demand is served before another one."""
    if case.demand is not None and not case.demand.deemed_on:
        return DemandNotReleased("a demand is released and not served yet", document=case.demand.document_id)
    return None


ROWS = (
    Move(
        "PC35",
        "release_demand",
        {State.EXECUTING},
        None,
        by=AnyOf(Role.LEAD),
        guards=(g02, stands, unmet, no_demand_under_way, carries(F41=())),
        law=("AEL 35", "AEL 54"),
        form="F41",
    ),
    Move(
        "PC35",
        "demand_served",
        {State.EXECUTING},
        State.DUNNED,
        by=AnyOf(Role.SYS, Role.LEAD),
        guards=(demand_released,),
        law=("AEL 54",),
        starts=("D22", "D23"),
        form="F41",
    ),
)


class Dunning(Deferring):
    """The moves of the demand."""

    def release_demand(self, document_id: str, *, facts: Facts) -> DemandReleased:
        """First step of PC35: F41 is numbered, sealed and served; its service moves the case."""
        self._move("release_demand", facts, documents=(document_id,))
        forms = {document.form: document.document_id for document in known(facts, "checked").values()}
        self.demand = Demand(forms["F41"], facts.by.id, facts.now)
        return DemandReleased(self.id, facts.now)

    def demand_served(self, document_id: str, served_on: str, deemed_on: str, *, facts: Facts) -> FineDemanded:
        """PC35. Ten working days from the day on which it counts as served; the window of D23 is derived anew."""
        judged = replace(facts, input={"document_id": document_id, "deemed_on": deemed_on})
        self._move("demand_served", judged, documents=(document_id,))
        if self.demand is not None:
            self.demand = replace(self.demand, served_on=served_on, deemed_on=deemed_on)
        window = self.derive_window(facts)
        if window is not None and window.feasible is False:
            self.log("window_closes_first", facts, reason=f"{window.text('earliest')} > {window.text('close')}", row="D23")
        wait = self.timer("D22")
        return FineDemanded(self.id, deemed_on, wait.legal_expiry if wait else "")

    def record_demand_answer(self, answer: str, evidence_id: str, finding: str, *, facts: Facts) -> None:
        """What the party said to the demand, examined; or that it let the days pass. Law: AEL 36."""
        self.require({State.DUNNED}, "record_demand_answer")
        self.require_officer(facts)
        if self.demand is None or not self.demand.deemed_on:
            raise DemandNotServed("no demand was served")
        if answer.strip() and not (evidence_id and finding.strip()):
            raise AnswerIncomplete("an answer has its paper and what was found of it")
        self.demand = replace(self.demand, answer=answer, answer_evidence_id=evidence_id, answer_finding=finding, answered_at=facts.now)
        self.log("record_demand_answer", facts, reason=answer, documents=(evidence_id,) if evidence_id else ())

    def derive_window(self, facts: Facts) -> Deadline | None:
        """D23 anew from everything that happened: remedies, deferral, demand. Law: AEL 53, 54; 5.8."""
        timer = self.timer("D23")
        if timer is None or timer.stopped_at is not None:
            return None
        timer.params, timer.events = self.window_params(), self.window_events()
        return timer.recompute(facts.law, why="remedies, deferral or demand (5.8)")

    def window_params(self) -> dict[str, Any]:
        if self.on_the_spot:
            return {"procedure": "simple", "path": "recon_first"}
        return {"path": "reconsidered"} if any(remedy.accepted_on or remedy.decided_on for remedy in self.remedies) else {}

    def window_events(self) -> list[dict[str, Any]]:
        """In the shapes of docs/law/deadline-format.md."""
        events = [event for remedy in self.remedies for event in _told_of(remedy)]
        if self.demand is not None and self.demand.deemed_on:
            events.append({"kind": "demand", "at": _at(self.demand.deemed_on)})
        if self.deferral is not None:
            events.append({"kind": "defer", "at": self.deferral.granted_at.isoformat(), "until": self.deferral.until})
        return sorted(events, key=lambda event: str(event["at"]))


def _at(day: str) -> str:
    return day_begins(parse_day(day)).isoformat()


_OUTCOMES = {Ending.NOT_ACCEPTED: "not_accepted", Ending.INADMISSIBLE: "inadmissible"}


def _told_of(remedy: Remedy) -> list[dict[str, Any]]:
    """A suit that is final opens the window at its end: a judgment that dismisses the claim is read so (5.8, [P])."""
    events: list[dict[str, Any]] = []
    if remedy.accepted_on:
        events.append({"kind": "review_start", "at": _at(remedy.accepted_on)})
    if remedy.ending in RUNS_ON:
        events.append({"kind": "review_end", "at": _at(remedy.decided_on)})
    elif remedy.decided_on:
        outcome = _OUTCOMES.get(Ending(remedy.ending)) if remedy.ending else None
        events.append({"kind": "reconsideration_decision", "at": _at(remedy.decided_on), **({"outcome": outcome} if outcome else {})})
    if remedy.final_on:
        events.append({"kind": "defer", "at": _at(remedy.final_on), "until": remedy.final_on})
    return events


def timer_d22(case: CaseFile, facts: Facts) -> tuple[Any, dict[str, Any], list[dict[str, Any]]]:
    return from_day(facts.input["deemed_on"]), {}, []


def timer_d23(case: "Dunning", facts: Facts) -> tuple[Any, dict[str, Any], list[dict[str, Any]]]:
    """From the service of the decision; the window opens when the remedies and the deferral are over (5.8)."""
    return from_day(case.served_on), case.window_params(), case.window_events()

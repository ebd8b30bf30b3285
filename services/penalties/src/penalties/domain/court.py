"""The application to the court and what becomes of it: PC36–PC38, D23, D24, D56, D57, D59, D60, D64. Law: AEL 53–59."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from kernel.days import legal_day
from kernel.deadlines import compute
from kernel.errors import DomainError, Invalid, Precondition
from kernel.moves import AnyOf, Delegated, Facts, Move, Role, When

from penalties.domain.dunning import DemandNotServed, Dunning, unmet
from penalties.domain.enforcement import CourtAct, CourtApplication, CourtNotice, Stage
from penalties.domain.enforcement_events import CourtApplied, CourtRuled
from penalties.domain.execution import all_performed
from penalties.domain.file import CaseFile, from_day, reasoned
from penalties.domain.guards import g02
from penalties.domain.papers import PredecessorNotIssued, carries
from penalties.domain.records import State
from penalties.domain.remedy import Effect
from penalties.domain.standing import stands

DELEGATED_APPLICATION = "court_application"


class RemedyPending(Precondition):
    """A remedy is pending, or its period is not over: the court is not asked yet (AEL 53)."""


class DemandStillWaits(Precondition):
    """The ten working days of the demand are not over (AEL 54)."""


class DemandUnanswered(Precondition):
    """The party's answer to the demand is not recorded (AEL 55)."""


class WindowClosed(Precondition):
    """The window of the application is over: only with a good reason, which the court examines (ALI 156)."""


class EnforcedByReviewBody(Precondition):
    """The reconsideration body changed the decision: it enforces or applies, not the department (ARL 78)."""


class PackageIncomplete(Precondition):
    """The application has the decision and the demand with it (AEL 55)."""


class CourtStageForbids(Precondition):
    """The court has not come so far, or is past it."""


class CourtNoticeInvalid(Invalid):
    """A notice of the court has its day."""


def earliest(case: Dunning, facts: Facts) -> DomainError | None:
    """Remedies over and the day after the tenth working day of D22, or later; after the window with a reason. Law: AEL 53, 54."""
    timer = case.timer("D23")
    if case.demand is None or not case.demand.deemed_on or timer is None:
        return DemandNotServed("no demand was served")
    if any(remedy.pending for remedy in case.remedies):
        return RemedyPending("a remedy is pending")
    window = compute("D23", timer.starts_at, case.window_events(), case.window_params(), facts.law.at(case.org_path))
    today = legal_day(facts.now).isoformat()
    if not window.open or today < window.text("open"):
        return RemedyPending("the remedies or the deferral are not over", open=window.text("open"))
    if today < window.text("earliest") or not case.timer_over("D22", facts):
        return DemandStillWaits("the party may still perform", earliest=window.text("earliest"))
    reason = str((facts.input or {}).get("late_reason", "")).strip()
    if facts.input is not None and today > window.text("close") and not reason:
        return WindowClosed("the window is over: a good reason is needed", close=window.text("close"))
    return None


def not_changed_by_review(case: CaseFile, facts: Facts) -> DomainError | None:
    """What the reconsideration body changed it enforces itself. Law: ARL 78(2)."""
    if any(remedy.effect == Effect.CHANGED and not remedy.suit_filed_on for remedy in case.remedies):
        return EnforcedByReviewBody("the reconsideration body changed the decision and enforces it")
    return None


def answer_recorded(case: CaseFile, facts: Facts) -> DomainError | None:
    """What the party said to the demand goes to the court. Law: AEL 55(3)."""
    if case.demand is None or case.demand.answered_at is None:
        return DemandUnanswered("record what the party answered to the demand, or that it did not")
    return None


def package_complete(case: CaseFile, facts: Facts) -> DomainError | None:
    """The decision and the demand go with the application, both issued. Law: AEL 55."""
    if facts.input is None:
        return None
    given = set(facts.input["package"])
    for forms in (("F34", "F35", "F32", "F33", "X5"), ("F41",)):
        issued = {document.document_id for form in forms for document in case.issued(form)}
        if not issued:
            return PredecessorNotIssued(f"{forms[0]} is not sealed yet", form=forms[0])
        if not issued & given:
            return PackageIncomplete("the application has the decision and the demand with it", form=forms[0])
    return None


def at_stage(*stages: Stage) -> Any:
    """The court has come so far."""

    def stage(case: CaseFile, facts: Facts) -> DomainError | None:
        found = case.court.stage if case.court is not None else None
        if found in stages:
            return None
        return CourtStageForbids("the court has not come so far, or is past it", stage=str(found), needed=",".join(stages))

    stage.__doc__ = "The application stands at: " + ", ".join(stages)
    return stage


def not_asked_or_over(case: CaseFile, facts: Facts) -> DomainError | None:
    """Final: the head does not use D57, with his reason, or it is over, or the higher court confirmed it. Law: AEL 56, 58."""
    court = case.court
    if court is None or court.stage not in {Stage.REFUSED, Stage.HIGHER_COURT}:
        return CourtStageForbids("no refusal of the court stands", stage=str(court.stage) if court else "")
    confirmed = facts.input is not None and facts.input.get("act") is CourtAct.HIGHER_CONFIRMED
    if court.stage is Stage.HIGHER_COURT and facts.input is not None and not confirmed:
        return CourtStageForbids("the higher court has not ruled yet", stage=court.stage.value)
    if court.stage is Stage.REFUSED and confirmed:
        return CourtStageForbids("no higher court was asked", stage=court.stage.value)
    return None


TOLD = AnyOf(Role.LEAD, Role.OFF, Role.CRT)
HEAD = AnyOf(Role.CHIEF, Delegated(Role.DEP, DELEGATED_APPLICATION))
_IN = {State.COURT}

ROWS = (
    Move(
        "PC36",
        "apply_to_court",
        {State.DUNNED},
        State.COURT,
        by=HEAD,
        guards=(
            g02,
            stands,
            unmet,
            not_changed_by_review,
            earliest,
            answer_recorded,
            package_complete,
            carries(F42=("APPROVER",)),
        ),
        law=("AEL 53", "AEL 54", "AEL 55", "ALI 156"),
        starts=("D24",),
        stops=("D22", "D23"),
        form="F42",
    ),
    Move(
        "PC37",
        "court_accepts",
        _IN,
        None,
        by=TOLD,
        guards=(at_stage(Stage.APPLIED),),
        law=("AEL 56",),
        starts=("D56",),
        stops=("D24",),
    ),
    Move(
        "PC37",
        "court_orders_execution",
        _IN,
        None,
        by=TOLD,
        guards=(at_stage(Stage.ACCEPTED),),
        law=("AEL 57", "AEL 59"),
        starts=(When("D64", form="URGENT"),),
        stops=("D56",),
    ),
    Move(
        "PC37",
        "court_executed",
        _IN,
        State.EXECUTED,
        by=TOLD,
        guards=(at_stage(Stage.TO_EXECUTE), all_performed),
        law=("AEL 57", "AEL 59"),
        stops=("D24", "D56", "D64", "D16", "D18"),
    ),
    Move(
        "PC38",
        "court_refuses",
        _IN,
        None,
        by=TOLD,
        guards=(at_stage(Stage.APPLIED, Stage.ACCEPTED),),
        law=("AEL 56", "AEL 58"),
        starts=(When("D59", form="NOT_RECEIVED"), When("D57", form="RECEIVED")),
        stops=("D24", "D56"),
    ),
    Move(
        "PC38",
        "court_refusal_received",
        _IN,
        None,
        by=TOLD,
        guards=(at_stage(Stage.REFUSED),),
        law=("AEL 58",),
        starts=("D57",),
        stops=("D59",),
    ),
    Move(
        "PC38",
        "ask_higher_court",
        _IN,
        None,
        by=HEAD,
        guards=(at_stage(Stage.REFUSED), reasoned),
        law=("AEL 56", "AEL 58", "ALI 161"),
        starts=("D60",),
        stops=("D57", "D59"),
    ),
    Move(
        "PC38",
        "higher_court_reverses",
        _IN,
        None,
        by=TOLD,
        guards=(at_stage(Stage.HIGHER_COURT),),
        law=("AEL 58", "ALI 161"),
        starts=(When("D56", form="ACCEPT"),),
        stops=("D60",),
    ),
    Move(
        "PC38",
        "refusal_final",
        _IN,
        State.EXECUTING,
        by=AnyOf(Role.CHIEF, Delegated(Role.DEP, DELEGATED_APPLICATION), Role.LEAD, Role.OFF, Role.CRT),
        guards=(not_asked_or_over, reasoned),
        law=("AEL 56", "AEL 58"),
        stops=("D57", "D59", "D60"),
    ),
)

_MOVES = {
    CourtAct.ACCEPTED: ("court_accepts", Stage.ACCEPTED),
    CourtAct.NOT_ACCEPTED: ("court_refuses", Stage.REFUSED),
    CourtAct.TO_EXECUTE: ("court_orders_execution", Stage.TO_EXECUTE),
    CourtAct.NOT_TO_EXECUTE: ("court_refuses", Stage.REFUSED),
    CourtAct.REFUSAL_RECEIVED: ("court_refusal_received", Stage.REFUSED),
    CourtAct.HIGHER_CONFIRMED: ("refusal_final", Stage.ENDED),
    CourtAct.EXECUTED: ("court_executed", Stage.ENDED),
}


class InCourt(Dunning):
    """The moves of the court."""

    def apply_to_court(self, document_id: str, package: Iterable[str], late_reason: str, urgent: bool, *, facts: Facts) -> CourtApplied:
        """PC36. An application after the window carries `late_application` for good (INV-14)."""
        files = tuple(package)
        judged = replace(facts, input={"package": files, "late_reason": late_reason})
        timer = self.timer("D23")
        window = self.derive_window(facts) if timer is not None else None
        self._move("apply_to_court", judged, documents=(document_id, *files), reason=late_reason)
        first, last = (window.text("earliest"), window.text("close")) if window is not None else ("", "")
        late = bool(last) and legal_day(facts.now).isoformat() > last
        self.late_application = self.late_application or late
        self.court = CourtApplication(
            document_id, facts.by.id, facts.now, files, late_reason if late else "", urgent, earliest_on=first, latest_on=last
        )
        return CourtApplied(self.id, self.late_application, facts.now)

    def record_court_notice(
        self, act: CourtAct, on: str, received_on: str, number: str, reason: str, evidence_id: str, unlawful: bool, *, facts: Facts
    ) -> CourtRuled:
        """PC37 and PC38, entered with the court's paper."""
        if not on:
            raise CourtNoticeInvalid("a notice of the court has its day")
        if act is CourtAct.HIGHER_REVERSED:
            self._reversed(on, facts)
        elif act is CourtAct.AGREEMENT:
            self._agreed(facts)
        else:
            name, stage = _MOVES[act]
            params = {"unlawful": True} if unlawful else {}
            forms = _forms(act, received_on, urgent=self.court is not None and self.court.urgent)
            since = {"since": received_on or on, "params": params, "act": act, "reason": reason or act.value}
            judged = replace(facts, input=since, known={**facts.known, "forms": forms})
            self._move(name, judged, documents=(evidence_id,) if evidence_id else (), reason=reason or act.value)
            self._at(stage)
        self._note_court(act.value, on, received_on, number, reason, evidence_id, facts)
        return CourtRuled(self.id, act.value, on)

    def _reversed(self, on: str, facts: Facts) -> None:
        """After a refused acceptance the court accepts now; after a refused execution it executes."""
        never = self.court is not None and not any(notice.kind == CourtAct.ACCEPTED for notice in self.court.notices)
        judged = replace(facts, input={"since": on, "params": {}}, known={**facts.known, "forms": ("ACCEPT",) if never else ()})
        self._move("higher_court_reverses", judged)
        self._at(Stage.ACCEPTED if never else Stage.TO_EXECUTE)

    def _agreed(self, facts: Facts) -> None:
        """An agreement with remedial action waives the surcharge, the court has not ended. Law: AEL 42."""
        self.require({State.COURT}, "court_agreement")
        self.require_officer(facts)
        account = self._account()
        account.charge(account.surcharge_on(legal_day(facts.now), facts.law))
        account.waive(facts=facts)
        self.stop_timer("D18", facts)
        self._at(Stage.TO_EXECUTE)
        self.log("court_agreement", facts, row="PC37")

    def _at(self, stage: Stage) -> None:
        if self.court is not None:
            self.court = replace(self.court, stage=stage)

    def _note_court(self, kind: str, on: str, received_on: str, number: str, reason: str, evidence_id: str, facts: Facts) -> None:
        if self.court is not None:
            noted = CourtNotice(kind, on, received_on, number, reason, evidence_id, facts.by.id, facts.now)
            self.court = replace(self.court, notices=(*self.court.notices, noted))

    def ask_higher_court(self, reason: str, *, facts: Facts) -> CourtRuled:
        """PC38: the head uses D57; the case stays in COURT."""
        today = legal_day(facts.now).isoformat()
        accepted = self.court is not None and any(notice.kind == CourtAct.ACCEPTED for notice in self.court.notices)
        params = {"refusal": "not_executed" if accepted else "not_accepted"}
        judged = replace(facts, input={"since": today, "params": params, "reason": reason})
        self._move("ask_higher_court", judged, reason=reason)
        self._at(Stage.HIGHER_COURT)
        self._note_court("HIGHER_COURT_ASKED", today, "", "", reason, "", facts)
        return CourtRuled(self.id, "HIGHER_COURT_ASKED", today)

    def accept_court_refusal(self, reason: str, *, facts: Facts) -> CourtRuled:
        """PC38, COURT → EXECUTING: D57 is not used, with the head's reason."""
        refused = HEAD.refuse(self, facts)
        if refused is not None:
            raise refused
        today = legal_day(facts.now).isoformat()
        self._move("refusal_final", replace(facts, input={"reason": reason}), reason=reason)
        self._at(Stage.ENDED)
        self._note_court("REFUSAL_ACCEPTED", today, "", "", reason, "", facts)
        return CourtRuled(self.id, "REFUSAL_ACCEPTED", today)


def _forms(act: CourtAct, received_on: str, *, urgent: bool) -> tuple[str, ...]:
    if act in {CourtAct.NOT_ACCEPTED, CourtAct.NOT_TO_EXECUTE}:
        return ("RECEIVED",) if received_on else ("NOT_RECEIVED",)
    return ("URGENT",) if act is CourtAct.TO_EXECUTE and urgent else ()


def timer_since(case: CaseFile, facts: Facts) -> tuple[Any, dict[str, Any], list[dict[str, Any]]]:
    """From the day that a paper of the court or the body names."""
    return from_day(facts.input["since"]), dict(facts.input.get("params") or {}), []

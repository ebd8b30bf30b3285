"""Evidence before the filing, PC05 and PC06; an investigation that stands still, PC08 and PC09 (5.4, 5.6)."""

from dataclasses import replace

from kernel.errors import DomainError, Precondition
from kernel.moves import AnyOf, Facts, Move, Role, TwoOfficers
from kernel.timers import TimerState

from penalties.domain.events import CaseFiled
from penalties.domain.file import CaseFile, known, reasoned
from penalties.domain.filing import has_facts
from penalties.domain.guards import g01, g02, g03, g03_decides, g05, g09
from penalties.domain.investigation import Investigation, is_filed
from penalties.domain.papers import CheckedDocument, carries
from penalties.domain.procedure_events import CaseResumed, CaseSuspended, UrgentInvestigationStarted
from penalties.domain.proceedings import Suspension, SuspensionGround
from penalties.domain.records import ScreenPoint, State


class FiledAlready(Precondition):
    """The case is filed."""


def not_filed_yet(case: CaseFile, facts: Facts) -> DomainError | None:
    """Filed once. Law: 11.5 PC06."""
    return FiledAlready("the case is filed") if case.filed else None


ROWS = (
    Move(
        "PC05",
        "start_urgently",
        {State.CLUE},
        State.INVESTIGATING,
        by=TwoOfficers(),
        guards=(g01, g02, g05, g09, has_facts, reasoned),
        law=("APL 54", "PB 23"),
        starts=("D04",),
    ),
    Move(
        "PC06",
        "file_afterwards",
        {State.INVESTIGATING},
        State.FILED,
        by=AnyOf(Role.DEP),
        guards=(g02, not_filed_yet, g03, g03_decides, g05, carries(F01=("OFFICER", "REVIEWER", "APPROVER"))),
        law=("APL 54", "APL 60", "PB 23"),
        starts=("D12",),
        stops=("D04",),
        form="F01",
    ),
    Move(
        "PC08",
        "suspend",
        {State.INVESTIGATING},
        State.SUSPENDED,
        by=AnyOf(Role.DEP),
        guards=(g02, g03, is_filed, reasoned, carries(X7S=("OFFICER", "REVIEWER", "APPROVER"))),
        law=("APL 60",),
        form="X7S",
    ),
    Move(
        "PC09",
        "resume",
        {State.SUSPENDED},
        State.INVESTIGATING,
        by=AnyOf(Role.DEP),
        guards=(g02, g03, reasoned, carries(X7R=("OFFICER", "REVIEWER", "APPROVER"))),
        law=("APL 60",),
        form="X7R",
    ),
)
# Which switch of `d12_exclude` a ground falls under (5.10.2).
_EXCLUDED = {SuspensionGround.APPRAISAL: "appraisal"}


class Interrupted(Investigation):
    """The moves of urgency and standstill."""

    def start_urgently(self, reason: str, *, facts: Facts) -> UrgentInvestigationStarted:
        """PC05: D04 runs from this first act; the filing follows within it."""
        self._move("start_urgently", replace(facts, input={"reason": reason}), reason=reason)
        self.urgency = reason
        self.prepared_by = sorted({facts.by.id, *([facts.second.id] if facts.second else [])})
        return UrgentInvestigationStarted(self.id, self.inspection_id, facts.now)

    def file_afterwards(self, document_id: str, *, facts: Facts) -> CaseFiled:
        """PC06. After D04 the breach is entered and the case is filed at once all the same."""
        timer = self.timer("D04")
        late = timer is not None and timer.expires_at is not None and facts.now >= timer.expires_at
        self._move("file_afterwards", facts, documents=(document_id,), reason="D04" if late else "")
        if late and timer is not None and timer.state is not TimerState.BREACHED:
            timer.breach(facts.now)
        checked: dict[str, CheckedDocument] = known(facts, "checked") or {}
        signed = [document for document in checked.values() if document.form == "F01"]
        self.filing_reviewed_by = next((signer for document in signed for signer in document.signers.get("REVIEWER", ())), "")
        self.filed, self.filed_at, self.filing_approved_by = True, facts.now, facts.by.id
        self.screen(ScreenPoint.FILING, facts=facts)
        return CaseFiled(self.id, self.inspection_id, tuple(self.finding_ids), self.enterprise_id, self.act_id, facts.now)

    def suspend(self, ground: SuspensionGround, reason: str, document_id: str, *, facts: Facts) -> CaseSuspended:
        """PC08: D12 stands still where the reading says so."""
        judged = replace(facts, input={"reason": reason})
        self._move("suspend", judged, documents=(document_id,), reason=f"{ground}: {reason}")
        self.suspensions = [*self.suspensions, Suspension(ground, reason, document_id, facts.by.id, facts.now)]
        self._pause("suspend", ground, facts, why="suspended (PC08)")
        return CaseSuspended(self.id, ground.value, facts.now)

    def resume(self, reason: str, document_id: str, *, facts: Facts) -> CaseResumed:
        """PC09: D12 runs on, later by the days of the suspension."""
        self._move("resume", replace(facts, input={"reason": reason}), documents=(document_id,), reason=reason)
        last = self.suspensions[-1]
        ended = replace(last, resume_reason=reason, resume_document_id=document_id, resumed_by=facts.by.id, resumed_at=facts.now)
        self.suspensions = [*self.suspensions[:-1], ended]
        self._pause("resume", last.ground, facts, why="resumed (PC09)")
        timer = self.timer("D12")
        return CaseResumed(self.id, timer.legal_expiry if timer else "", facts.now)

    def _pause(self, kind: str, ground: SuspensionGround, facts: Facts, *, why: str) -> None:
        timer = self.timer("D12")
        if timer is not None and timer.stopped_at is None:
            event = {"kind": kind, "at": facts.now.isoformat(), "reason": _EXCLUDED.get(ground, "suspension")}
            timer.add(event, facts.law, why=why)

"""From the suspicion to the reviewed report: C01-C06, C31, and recusals of the task force. Law: TRR 3, 5; APL 43, 58."""

from collections.abc import Sequence
from dataclasses import replace

from kernel.errors import DomainError
from kernel.moves import AnyOf, Both, Delegated, Facts, Move, Role, TwoOfficers

from criminal_transfer.domain import events
from criminal_transfer.domain import guards as g
from criminal_transfer.domain import refusals as no
from criminal_transfer.domain.file import TransferFile
from criminal_transfer.domain.records import LegalOpinion, Recusal, RecusalState, Report, State

TASK_FORCE = AnyOf(Role.OFF, Role.LEAD)
HEAD = AnyOf(Role.CHIEF, Delegated(Role.DEP, "recusal"))

MOVES = (
    Move(
        "C01",
        "open",
        {None},
        State.SUSPECTED,
        by=AnyOf(Role.SYS, Role.OFF, Role.LEAD),
        guards=(g.suspicion_stated,),
        law=("TRR 3",),
        starts=("GEN",),
    ),
    Move(
        "C02",
        "name_task_force",
        {State.SUSPECTED},
        State.TASK_FORCE,
        by=AnyOf(Role.UNIT, Role.DEP),
        guards=(g.g01, g.g02, g.lead_named),
        law=("TRR 5", "APL 42"),
        stops=("GEN",),
    ),
    Move("C03", "start_verification", {State.TASK_FORCE}, State.VERIFYING, by=TASK_FORCE, guards=(g.g02,), law=("TRR 5",), starts=("GEN",)),
    Move(
        "C04",
        "submit_report",
        {State.VERIFYING},
        State.REPORTED,
        by=TwoOfficers(),
        guards=(g.g02, g.elements_table, g.paper_ready),
        law=("TRR 5",),
        starts=("GEN",),
        stops=("GEN",),
        form="X3A",
    ),
    Move(
        "C05",
        "close_unfounded",
        {State.VERIFYING},
        State.CLOSED,
        by=Both(TASK_FORCE, AnyOf(Role.DEP)),
        guards=(g.g02, g.screen_allows, g.reasoned),
        law=("TRR 3",),
        stops=("GEN",),
    ),
    Move(
        "C06",
        "review",
        {State.REPORTED},
        State.LEGAL_REVIEWED,
        by=AnyOf(Role.LEGAL),
        guards=(g.g02, g.g03_review, g.reasoned),
        law=("APL 58",),
        stops=("GEN",),
    ),
    Move(
        "C31",
        "return_report",
        {State.REPORTED, State.LEGAL_REVIEWED},
        State.VERIFYING,
        by=AnyOf(Role.LEGAL),
        guards=(g.g02, g.g03_review, g.gaps_listed),
        law=("TRR 5",),
        starts=("GEN",),
        stops=("GEN",),
    ),
)


class Suspicion(TransferFile):
    def open(self, *, facts: Facts) -> events.TransferOpened:
        """C01."""
        self._begin("open", facts, reason=self.facts)
        offences, suspects = tuple(self.offences), tuple(self.suspects)
        return events.TransferOpened(
            self.id, self.case_id, self.inspection_id, self.enterprise_id, offences, suspects, self.org_path, facts.now
        )

    def screened(self, result: str, offences: Sequence[str], suspects: Sequence[str], case_id: str, *, facts: Facts) -> None:
        """The latest crime screen (7.5). Until the principal has the report it may widen what the transfer is about."""
        self.screen_result, self.screened_at = result, facts.now
        self.case_id = self.case_id or case_id
        if self.state in {State.SUSPECTED, State.TASK_FORCE, State.VERIFYING}:
            self.offences = [*self.offences, *(one for one in offences if one not in self.offences)]
            self.suspects = [*self.suspects, *(one for one in suspects if one not in self.suspects)]
        self.log("screened", facts, reason=result)

    def name_task_force(self, officer_ids: Sequence[str], lead_id: str, *, facts: Facts) -> events.TaskForceNamed:
        """C02."""
        chosen = list(dict.fromkeys(officer_ids))
        self._move("name_task_force", replace(facts, input={"officer_ids": chosen, "lead_id": lead_id}))
        self.officer_ids, self.lead_id = chosen, lead_id
        return events.TaskForceNamed(self.id, tuple(chosen), facts.now)

    def start_verification(self, note: str, *, facts: Facts) -> events.VerificationStarted:
        """C03."""
        self._move("start_verification", facts, reason=note)
        return events.VerificationStarted(self.id, facts.now)

    def submit_report(self, report: Report, *, facts: Facts) -> events.TransferReported:
        """C04."""
        self._move("submit_report", replace(facts, input={"report": report}), documents=[report.document_id], reason=report.text)
        second = (facts.second.id,) if facts.second is not None else ()
        self.report = replace(report, reported_by=(facts.by.id, *second), reported_at=facts.now)
        return events.TransferReported(self.id, self.case_id, report.transfer, facts.now)

    def close_unfounded(self, reason: str, *, facts: Facts) -> events.SuspicionUnfounded:
        """C05."""
        self._move("close_unfounded", replace(facts, input={"reason": reason}), reason=reason)
        self.closed_at = facts.now
        return events.SuspicionUnfounded(self.id, self.case_id, facts.now)

    def review(self, text: str, *, passed: bool, facts: Facts) -> events.TransferReviewed:
        """C06."""
        self._move("review", replace(facts, input={"reason": text}), reason=text)
        self.opinions = [*self.opinions, LegalOpinion(facts.by.id, passed, text, (), facts.now)]
        return events.TransferReviewed(self.id, passed, facts.now)

    def return_report(self, text: str, gaps: Sequence[str], *, facts: Facts) -> events.TransferSentBack:
        """C31."""
        self._move("return_report", replace(facts, input={"gaps": gaps}), reason="; ".join(gaps))
        self.opinions = [*self.opinions, LegalOpinion(facts.by.id, False, text, tuple(gaps), facts.now)]
        return events.TransferSentBack(self.id, facts.now)

    def raise_recusal(self, officer_id: str, ground: str, reason: str, *, facts: Facts) -> None:
        """The verification goes on meanwhile. Law: APL 43."""
        if officer_id not in self.officer_ids:
            raise no.NotInTaskForce("the person is no member of the task force", officer=officer_id)
        if not ground.strip() or not reason.strip():
            raise no.ReasonMissing("a recusal names its ground and the reason")
        self.recusals = [*self.recusals, Recusal(officer_id, ground, reason, RecusalState.RAISED, facts.now)]
        self.log("raise_recusal", facts, reason=f"{officer_id}: {ground}")

    def decide_recusal(self, officer_id: str, reason: str, *, accepted: bool, facts: Facts) -> None:
        """The head decides. Who is recused leaves the task force, which is named anew where fewer than two are left. Law: APL 43."""
        refused: DomainError | None = HEAD.refuse(self, facts)
        if refused is not None:
            raise refused
        if not reason.strip():
            raise no.ReasonMissing("the decision on a recusal is reasoned")
        pending = [one for one in self.recusals if one.officer_id == officer_id and one.state is RecusalState.RAISED]
        if not pending:
            raise no.RecusalNotOpen("no recusal of this person is open", officer=officer_id)
        state = RecusalState.ACCEPTED if accepted else RecusalState.REJECTED
        decided = [
            replace(one, state=state, decided_by=facts.by.id, decided_at=facts.now) if one in pending else one for one in self.recusals
        ]
        self.recusals = decided
        self.log("decide_recusal", facts, reason=f"{officer_id} {state}: {reason}")

    def replace_officer(self, officer_id: str, by_officer_id: str, *, facts: Facts) -> None:
        """Another officer in place of one whose recusal was accepted. Law: APL 43; TRR 5."""
        refused = AnyOf(Role.UNIT, Role.DEP).refuse(self, facts)
        if refused is not None:
            raise refused
        accepted = {one.officer_id for one in self.recusals if one.state is RecusalState.ACCEPTED}
        if officer_id not in self.officer_ids or officer_id not in accepted:
            raise no.NotInTaskForce("no recused member of the task force", officer=officer_id)
        left = [by_officer_id if one == officer_id else one for one in self.officer_ids]
        named = replace(facts, input={"officer_ids": left, "lead_id": left[0]})
        for guard in (g.g01, g.g02):
            refusal = guard(self, named)
            if refusal is not None:
                raise refusal
        self.officer_ids = left
        self.lead_id = by_officer_id if self.lead_id == officer_id else self.lead_id
        self.log("replace_officer", facts, reason=f"{officer_id} -> {by_officer_id}")

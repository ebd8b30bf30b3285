"""Ends before the end: PC47 another authority, PC48 withdrawal of the filing, PC49 termination (1.3, 5.6)."""

from collections.abc import Iterable
from dataclasses import replace

from kernel.errors import DomainError, Invalid, Precondition
from kernel.guards import no_conflict
from kernel.moves import AnyOf, Both, Facts, Move, Role

from penalties.domain.file import CaseFile, known, parse_day, reasoned
from penalties.domain.guards import InvestigatorMayNotDecide, g02, g03, g05
from penalties.domain.investigation import Investigation
from penalties.domain.papers import DocumentNotReady, carries
from penalties.domain.procedure_events import CaseMoved, CaseTerminated, CaseWithdrawn
from penalties.domain.proceedings import Ending, TerminationGround
from penalties.domain.records import State, span


class ReceiverMissing(Invalid):
    """A case goes to an authority that accepted it: its name, the day, and its letter."""


class TerminationProofMissing(Invalid):
    """Death, dissolution or the lack of anything to execute into is proved."""


class TerminationGroundInvalid(Precondition):
    """In execution a case is terminated on a ground of AEL 40, before the decision on another one."""


class ReportMade(Precondition):
    """Once the report exists, a case that is not established ends in a decision without penalty (PC28)."""


class GoodsHeld(Precondition):
    """Goods of the case are still under seal or seizure: they are returned first (11.4)."""


def accepted(case: CaseFile, facts: Facts) -> DomainError | None:
    """The receiver accepted the case, with reasons. Law: APL 25."""
    if facts.input is None:
        return None
    missing = [name for name in ("receiver", "accepted_on", "proof_id") if not str(facts.input[name]).strip()]
    if missing:
        return ReceiverMissing("name the authority, the day and the paper of its acceptance", missing=",".join(missing))
    parse_day(facts.input["accepted_on"])
    return reasoned(case, facts)


def goods_returned(case: CaseFile, facts: Facts) -> DomainError | None:
    """Nothing of the case is held any more. Law: AEL 28."""
    held = [str(goods.id) for goods in case.goods if goods.applied_at is not None and not goods.settled]
    return GoodsHeld("goods of the case are still held", measures=",".join(held)) if held else None


def before_report(case: CaseFile, facts: Facts) -> DomainError | None:
    """Filed by mistake, or no violation, before the report. Law: 5.6; APL 57(1)(3)."""
    return ReportMade("the report is made: the case ends in a decision") if case.reported_at is not None else None


def both_apart(case: CaseFile, facts: Facts) -> DomainError | None:
    """G02, G03 for who confirms as well: neither investigated the case, none is recused. Law: APL 43, 58."""
    if facts.second is None:
        return None
    checked = known(facts, "checked") or {}
    unsigned = [paper.form for paper in checked.values() if facts.second.id not in paper.signers.get("APPROVER", ())]
    if unsigned:
        return DocumentNotReady("the form lacks the signature of who confirms", form=",".join(unsigned), capacity="APPROVER")
    if facts.second.id in case.investigators or facts.second.id in case.prepared_by:
        return InvestigatorMayNotDecide("who investigated a case may not confirm its withdrawal", officer=facts.second.id)
    return no_conflict([facts.second.id], recused={r.officer_id for r in case.recusals if r.state == "DECIDED_ACCEPT"})


IN_EXECUTION = span(State.DECIDED, State.COURT)


def proved(case: CaseFile, facts: Facts) -> DomainError | None:
    """Death, dissolution, limitation; in execution a ground of AEL 40; with its proof. Law: AEL 40; 5.6."""
    if facts.input is None:
        return None
    if not str(facts.input["proof_id"]).strip():
        return TerminationProofMissing("name the paper that proves the ground")
    ground = facts.input["ground"]
    if (ground is TerminationGround.NOTHING_TO_EXECUTE) != (case.state in IN_EXECUTION) and ground in {
        TerminationGround.NOTHING_TO_EXECUTE,
        TerminationGround.LIMITATION,
    }:
        return TerminationGroundInvalid("this ground does not end a case here", ground=ground.value, state=str(case.state))
    return reasoned(case, facts)


ALL_TIMERS = tuple(f"D{number:02}" for number in (*range(4, 25), 51, 56, 57, 59, 60, 64))
BEFORE_DECISION = ("D04", "D08", "D09", "D10", "D11", "D12")

ROWS = (
    Move(
        "PC47",
        "hand_over",
        span(State.CLUE, State.DECIDING),
        State.MOVED,
        by=AnyOf(Role.DEP),
        guards=(g02, g03, g05, accepted, carries(F43=("OFFICER", "REVIEWER", "APPROVER"), F44=())),
        law=("APL 25",),
        stops=BEFORE_DECISION,
        form="F44",
    ),
    Move(
        "PC48",
        "withdraw",
        {State.FILED, State.INVESTIGATING, State.SUSPENDED},
        State.WITHDRAWN,
        by=Both(AnyOf(Role.LEGAL), AnyOf(Role.DEP)),
        guards=(g02, g03, both_apart, before_report, goods_returned, reasoned, carries(ws10052=("REVIEWER", "APPROVER", "OFFICER"))),
        law=("APL 54", "APL 57"),
        stops=BEFORE_DECISION,
        form="ws10052",
    ),
    Move(
        "PC49",
        "terminate",
        span(State.FILED, State.COURT) | {State.CRIME_TRANSFER},
        State.TERMINATED,
        by=AnyOf(Role.DEP),
        guards=(g02, g03, g05, proved, carries(TERM=("OFFICER", "REVIEWER", "APPROVER"))),
        law=("AEL 40",),
        stops=ALL_TIMERS,
        form="TERM",
    ),
)


class Ended(Investigation):
    """The ends before the end."""

    def hand_over(self, ending: Ending, *, facts: Facts) -> CaseMoved:
        """PC47."""
        self._move("hand_over", replace(facts, input=vars(ending)), documents=ending.document_ids, reason=ending.reason)
        self.ending = ending
        return CaseMoved(self.id, self.inspection_id, tuple(self.finding_ids), ending.receiver, facts.now)

    def withdraw(self, reason: str, document_ids: Iterable[str], *, facts: Facts) -> CaseWithdrawn:
        """PC48, proposed by the legal reviewer and confirmed by the deputy head."""
        carried = tuple(document_ids)
        self._move("withdraw", replace(facts, input={"reason": reason}), documents=carried, reason=reason)
        ended_by = facts.second.id if facts.second else facts.by.id
        self.ending = Ending("PC48", reason, ended_by, facts.now, document_ids=carried, proposed_by=facts.by.id)
        return CaseWithdrawn(self.id, self.inspection_id, tuple(self.finding_ids), facts.now)

    def terminate(self, ground: TerminationGround, ending: Ending, *, facts: Facts) -> CaseTerminated:
        """PC49."""
        judged = replace(facts, input={**vars(ending), "ground": ground})
        self._move("terminate", judged, documents=ending.document_ids, reason=f"{ground}: {ending.reason}")
        self.ending = ending
        return CaseTerminated(self.id, self.inspection_id, tuple(self.finding_ids), ground.value, facts.now)

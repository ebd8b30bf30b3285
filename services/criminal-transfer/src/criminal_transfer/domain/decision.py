"""The principal head: C07-C09. Law: TRR 5, 16; L54 [K]; PPR 557."""

from dataclasses import replace
from datetime import datetime

from kernel.moves import AnyOf, Facts, Move, Role

from criminal_transfer.domain import events
from criminal_transfer.domain import guards as g
from criminal_transfer.domain import refusals as no
from criminal_transfer.domain.file import TransferFile
from criminal_transfer.domain.records import Decision, Letter, State

PRINCIPAL = AnyOf(Role.CHIEF)
_IN_TIME = g.in_time_or_reasoned("D33")

MOVES = (
    Move(
        "C07",
        "hand_report",
        {State.LEGAL_REVIEWED},
        State.PRINCIPAL,
        by=AnyOf(Role.OFF, Role.LEAD),
        guards=(g.g02, g.receipt_named),
        law=("TRR 5",),
        starts=("D33",),
    ),
    Move(
        "C07",
        "approve",
        {State.PRINCIPAL},
        State.APPROVED,
        by=PRINCIPAL,
        guards=(g.g02, g.g03_decide, g.second_factor, _IN_TIME, g.paper_ready, g.principal_signed),
        law=("TRR 5", "L54"),
        starts=("D34",),
        stops=("D33",),
        form="F43",
    ),
    Move(
        "C08",
        "refuse",
        {State.PRINCIPAL},
        State.REJECTED,
        by=PRINCIPAL,
        guards=(g.g02, g.g03_decide, g.second_factor, g.reasoned, _IN_TIME, g.paper_ready, g.principal_signed),
        law=("TRR 5",),
        stops=("D33",),
        form="X3E",
    ),
    Move(
        "C09",
        "reopen",
        {State.REJECTED},
        State.SUSPECTED,
        by=AnyOf(Role.SYS, Role.LEAD, Role.PRC),
        guards=(g.reasoned,),
        law=("PPR 557", "SPP 12"),
        starts=("GEN",),
    ),
)


class Deciding(TransferFile):
    def hand_report(self, received_by: str, received_at: datetime, *, facts: Facts) -> events.ReportReceived:
        """First step of C07: D33 counts from the receipt, not from when it was entered."""
        if received_at > facts.now:
            raise no.InstantInTheFuture("the receipt lies in the future", at=received_at.isoformat())
        given = replace(facts, input={"received_by": received_by}, known={**facts.known, "received_at": received_at})
        self._move("hand_report", given, reason=received_by)
        self.report_received_at = received_at
        return events.ReportReceived(self.id, self.expiry("D33"), received_at)

    def approve(self, opinion: str, late_reason: str, document_id: str, *, facts: Facts) -> events.TransferApproved:
        """C07."""
        late = g.late(self, "D33", facts)
        self._move("approve", replace(facts, input={"late_reason": late_reason}), documents=[document_id], reason=late_reason or opinion)
        self.decision = Decision(True, facts.by.id, opinion, late, late_reason if late else "", document_id, facts.now)
        return events.TransferApproved(self.id, self.case_id, tuple(self.suspects), facts.now, late, self.enterprise_id)

    def refuse(self, reason: str, late_reason: str, document_id: str, *, facts: Facts) -> events.TransferRejected:
        """C08."""
        late = g.late(self, "D33", facts)
        given = {"late_reason": late_reason, "reason": reason}
        self._move("refuse", replace(facts, input=given), documents=[document_id], reason=reason)
        self.decision = Decision(False, facts.by.id, reason, late, late_reason if late else "", document_id, facts.now)
        return events.TransferRejected(self.id, self.case_id, facts.now, late, self.enterprise_id)

    def reopen(self, reason: str, number: str = "", *, facts: Facts) -> events.TransferReopened:
        """C09. What was refused stays among the letters; report and decision begin anew."""
        self._move("reopen", replace(facts, input={"reason": reason}), reason=reason)
        refused = self.decision
        assert refused is not None
        by, at, document_id = refused.decided_by, refused.decided_at, refused.document_id
        self.write(Letter("C08", "REFUSAL", "AUTHORITY", by, at, text=refused.reason, document_id=document_id))
        sender = "PROCURATORATE" if Role.PRC in facts.by.roles else "AUTHORITY"
        self.write(Letter("C09", "REOPENING", sender, facts.by.id, facts.now, number=number, text=reason))
        self.report, self.decision, self.report_received_at, self.opinions = None, None, None, []
        return events.TransferReopened(self.id, self.case_id, facts.now)

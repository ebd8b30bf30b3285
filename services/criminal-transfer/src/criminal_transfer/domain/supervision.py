"""The authority about the answer of the police: C18, C19, C21, C24, C32; C23 of the procuratorate. Law: TRR 9, 10, 17; SPP 10-13."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kernel.moves import AnyOf, Facts, Move, Role

from criminal_transfer.domain import events
from criminal_transfer.domain import guards as g
from criminal_transfer.domain.police import Policing
from criminal_transfer.domain.records import Letter, State

CHIEF = AnyOf(Role.CHIEF)
ASKABLE = frozenset({State.NOT_FILED, State.RECON_UPHELD})
# The row of a suggestion to the procuratorate by the state that it comes from.
SUGGESTED_FROM: Mapping[State | None, tuple[str, str]] = {
    State.POLICE_REVIEW: ("C18", "report_silence"),
    State.DELIVERED: ("C32", "report_refusal"),
    State.NOT_FILED: ("C21", "suggest_supervision"),
    State.RECON_UPHELD: ("C21", "suggest_supervision"),
}

MOVES = (
    Move(
        "C18", "remind", {State.POLICE_REVIEW}, None, by=AnyOf(Role.CHIEF, Role.LEAD), guards=(g.police_silent, g.reasoned), law=("TRR 17",)
    ),
    Move(
        "C18",
        "report_silence",
        {State.POLICE_REVIEW},
        State.SUPERVISION,
        by=CHIEF,
        guards=(g.police_silent, g.reminded, g.paper_ready),
        law=("TRR 17", "PPR 562"),
        starts=("D41",),
        form="X4B",
    ),
    Move(
        "C19",
        "ask_reconsideration",
        {State.NOT_FILED},
        State.RECON,
        by=CHIEF,
        guards=(g.in_time_or_reasoned("D38"), g.paper_ready),
        law=("TRR 9",),
        starts=("D39",),
        stops=("D38",),
        form="X4A",
    ),
    Move(
        "C21",
        "suggest_supervision",
        ASKABLE,
        State.SUPERVISION,
        by=CHIEF,
        guards=(g.in_time_or_reasoned("D38", "D40"), g.paper_ready),
        law=("TRR 9", "CPL 113"),
        starts=("D41",),
        stops=("D38", "D40"),
        form="X4B",
    ),
    Move(
        "C23",
        "justify_non_filing",
        {State.SUPERVISION},
        State.RETURNED_ADMIN,
        by=AnyOf(Role.PRC),
        guards=(g.reasoned,),
        law=("SPP 11", "PPR 561"),
        stops=("D41", "D42"),
    ),
    Move("C24", "accept_non_filing", ASKABLE, State.RETURNED_ADMIN, by=CHIEF, guards=(g.reasoned,), law=("TRR 10",), stops=("D38", "D40")),
    Move(
        "C32",
        "report_refusal",
        {State.DELIVERED},
        State.SUPERVISION,
        by=CHIEF,
        guards=(g.refusal_recorded, g.paper_ready),
        law=("TRR 17", "SPP 13"),
        starts=("D41",),
        form="X4B",
    ),
)


class Supervision(Policing):
    def remind(self, text: str, number: str, *, facts: Facts) -> None:
        """Before C18. Law: TRR 17; SPP 13."""
        self._move("remind", replace(facts, input={"reason": text}), reason=text)
        self.write(Letter("C18", "REMINDER", "AUTHORITY", facts.by.id, facts.now, number=number, text=text))

    def ask_reconsideration(self, document_id: str, reason: str, late_reason: str, *, facts: Facts) -> events.ReconsiderationAsked:
        """C19."""
        late = g.late(self, "D38", facts)
        self._move("ask_reconsideration", replace(facts, input={"late_reason": late_reason}), documents=[document_id], reason=reason)
        self._our("C19", "RECONSIDERATION_REQUEST", facts, text=reason, document_id=document_id, late=late, late_reason=late_reason)
        return events.ReconsiderationAsked(self.id, self.case_id, facts.now)

    def suggest(
        self, document_id: str, reason: str, late_reason: str, refusal: str, *, superior_told: bool, facts: Facts
    ) -> events.SupervisionAsked:
        """C18, C21 or C32, by the state."""
        row, name = SUGGESTED_FROM.get(self.state, ("C21", "suggest_supervision"))
        late = g.late(self, "D38", facts) or g.late(self, "D40", facts)
        given = {"late_reason": late_reason, "refusal": refusal, "superior_told": superior_told}
        self._move(name, replace(facts, input=given), documents=[document_id], reason=reason or refusal)
        text = "\n".join(part for part in (reason, refusal) if part)
        self._our(row, "SUPERVISION_SUGGESTION", facts, text=text, document_id=document_id, late=late, late_reason=late_reason)
        return events.SupervisionAsked(self.id, self.case_id, row, facts.now)

    def justify_non_filing(self, number: str, reason: str, *, facts: Facts) -> events.TransferReturned:
        """C23."""
        self._move("justify_non_filing", replace(facts, input={"reason": reason}), reason=reason)
        self._paper("C23", "SUPERVISION_REPLY", facts, number=number, text=reason)
        return self.returned("C23", reason, facts)

    def accept_non_filing(self, reason: str, *, facts: Facts) -> events.TransferReturned:
        """C24."""
        self._move("accept_non_filing", replace(facts, input={"reason": reason}), reason=reason)
        return self.returned("C24", reason, facts)

    def _our(self, row: str, kind: str, facts: Facts, **content: Any) -> None:
        if not content["late"]:
            content["late_reason"] = ""
        self.write(Letter(row, kind, "AUTHORITY", facts.by.id, facts.now, **content))

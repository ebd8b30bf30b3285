"""What prosecution and court make of it, and the end: C26-C29, C34. Law: CPL 166, 177; MPS 189; APL 27, 35; TRR 11, 13; JI2 11."""

from dataclasses import replace

from kernel.money import Money
from kernel.moves import AnyOf, Facts, Move, Role, When

from criminal_transfer.domain import events
from criminal_transfer.domain import guards as g
from criminal_transfer.domain.offset import offset
from criminal_transfer.domain.police import _dated
from criminal_transfer.domain.records import Letter, State
from criminal_transfer.domain.supervision import Supervision

# 检察意见书: only with it the authority owes a reply.
OPINION = "OPINION"
JUSTICE = AnyOf(Role.POL, Role.PRC)
WHOSE = {State.WITHDRAWN_POLICE: Role.POL, State.PROSECUTED: Role.PRC, State.NOT_PROSECUTED: Role.PRC}

MOVES = (
    Move(
        "C26",
        "record_prosecution",
        {State.MATERIALS_GIVEN},
        frozenset({State.PROSECUTED, State.NOT_PROSECUTED}),
        by=JUSTICE,
        guards=(g.own_result, g.numbered),
        law=("CPL 166", "CPL 177"),
    ),
    Move(
        "C26",
        "record_withdrawal",
        {State.MATERIALS_GIVEN},
        State.WITHDRAWN_POLICE,
        by=JUSTICE,
        guards=(g.own_result, g.numbered),
        law=("MPS 189",),
        starts=("D58",),
        stops=("D58",),
    ),
    Move(
        "C27",
        "return_to_administration",
        {State.WITHDRAWN_POLICE, State.NOT_PROSECUTED},
        State.RETURNED_ADMIN,
        by=JUSTICE,
        guards=(g.reasoned,),
        law=("APL 27", "TRR 13", "CPL 177"),
        starts=(When("D44", OPINION),),
    ),
    Move("C28", "judge", {State.PROSECUTED}, State.JUDGED, by=AnyOf(Role.CRT), guards=(g.numbered,), law=("APL 35", "TRR 11")),
    Move(
        "C29",
        "close",
        {State.JUDGED, State.RETURNED_ADMIN},
        State.CLOSED,
        by=AnyOf(Role.DEP),
        guards=(g.final_and_reported,),
        law=("TRR 13", "CPL 177"),
        stops=("D44",),
    ),
    Move(
        "C34",
        "return_judged",
        {State.JUDGED},
        State.RETURNED_ADMIN,
        by=AnyOf(Role.CRT, Role.PRC),
        guards=(g.reasoned,),
        law=("APL 27", "JI2 11"),
    ),
)


class Outcomes(Supervision):
    def record_result(self, result: State, number: str, dated_on: str, text: str, sha256: str, *, facts: Facts) -> events.ProsecutionResult:
        """C26."""
        name = "record_withdrawal" if result is State.WITHDRAWN_POLICE else "record_prosecution"
        given = _dated(facts, {"number": number, "dated_on": dated_on, "role": WHOSE[result]})
        self._move(name, given, target=result, reason=number)
        self._paper("C26", str(result), facts, number=number, dated_on=dated_on, text=text, sha256=sha256)
        return events.ProsecutionResult(self.id, self.case_id, str(result), facts.now)

    def return_to_administration(
        self, number: str, reason: str, opinion: str, *, party_fined: bool, facts: Facts
    ) -> events.TransferReturned:
        """C27. `opinion`: text of the 检察意见书, empty where there is none."""
        forms = (OPINION,) if opinion else ()
        given = replace(facts, input={"reason": reason}, known={**facts.known, "forms": forms})
        self._move("return_to_administration", given, reason=reason)
        self._paper("C27", "PROSECUTORIAL_OPINION" if opinion else "RETURN_NOTICE", facts, number=number, text=opinion or reason)
        return self.returned("C27", reason, facts, party_fined=party_fined)

    def judge(
        self,
        number: str,
        effective_on: str,
        text: str,
        criminal_fine: Money,
        administrative_fine: Money,
        paid: Money,
        *,
        matter_left: bool,
        facts: Facts,
    ) -> events.TransferJudged:
        """C28."""
        self._move("judge", replace(facts, input={"number": number, "dated_on": effective_on}), reason=number)
        self.write(Letter("C28", "JUDGMENT", "COURT", facts.by.id, facts.now, number=number, dated_on=effective_on, text=text))
        made = self.offset = offset(criminal_fine, administrative_fine, paid)
        return events.TransferJudged(
            self.id, self.case_id, criminal_fine, matter_left, made.criminal_fine_due, str(made.outcome), facts.now
        )

    def return_judged(self, number: str, reason: str, *, facts: Facts) -> events.TransferReturned:
        """C34."""
        self._move("return_judged", replace(facts, input={"reason": reason}), reason=reason)
        sender = "COURT" if Role.CRT in facts.by.roles else "PROCURATORATE"
        self.write(Letter("C34", "JUDICIAL_SUGGESTION", sender, facts.by.id, facts.now, number=number, text=reason))
        return self.returned("C34", reason, facts)

    def close(self, admin_result: str, reply_number: str, reply_text: str, *, facts: Facts) -> events.TransferClosed:
        """C29."""
        given = {"admin_result": admin_result, "reply_number": reply_number, "reply_text": reply_text}
        self._move("close", replace(facts, input=given), reason=admin_result)
        if reply_number:
            self.write(Letter("C29", "REPLY_TO_OPINION", "AUTHORITY", facts.by.id, facts.now, number=reply_number, text=reply_text))
        self.admin_result, self.closed_at = admin_result, facts.now
        return events.TransferClosed(self.id, self.case_id, facts.now)

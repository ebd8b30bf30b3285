"""What the police do: C11, C12, C14-C17, C20, C33, C35, and C22 with the procuratorate. Law: TRR 7-9; MPS 175, 180-182; CPL 113."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from kernel.errors import DomainError
from kernel.moves import AnyOf, Facts, Move, Role

from criminal_transfer.domain import events
from criminal_transfer.domain import guards as g
from criminal_transfer.domain import refusals as no
from criminal_transfer.domain.file import TransferFile
from criminal_transfer.domain.records import Letter, Receiver, State

POLICE = AnyOf(Role.POL)
EXTENDED = frozenset({7, 30})


def days_allowed(transfer: Any, facts: Facts) -> DomainError | None:
    """7 or 30 days in all, approved by the police head. Law: L54 11 [K]."""
    if facts.input is None or facts.input["days"] in EXTENDED:
        return None
    return no.DaysNotAllowed("7 or 30 days in all", given=facts.input["days"])


MOVES = (
    Move("C11", "sign_receipt", {State.DELIVERED}, State.RECEIPTED, by=POLICE, guards=(g.receipt_named,), law=("TRR 7",), starts=("D36",)),
    Move(
        "C12",
        "demand_supplement",
        {State.RECEIPTED},
        State.SUPPLEMENT,
        by=POLICE,
        guards=(g.gaps_listed,),
        law=("MPS 180",),
        starts=("D35",),
    ),
    Move("C14", "start_review", {State.RECEIPTED}, State.POLICE_REVIEW, by=POLICE, law=("MPS 180",)),
    Move("C14", "extend_review", {State.POLICE_REVIEW}, None, by=POLICE, guards=(days_allowed,), law=("L54",)),
    Move(
        "C15",
        "forward",
        {State.POLICE_REVIEW},
        State.FORWARDED,
        by=POLICE,
        guards=(g.numbered, g.reasoned),
        law=("MPS 175",),
        starts=("D37",),
    ),
    Move("C15", "take_forwarded", {State.FORWARDED}, State.POLICE_REVIEW, by=POLICE, law=("TRR 7",), stops=("D37",)),
    Move(
        "C16",
        "file",
        {State.POLICE_REVIEW},
        State.FILED_POLICE,
        by=POLICE,
        guards=(g.numbered,),
        law=("TRR 8", "MPS 180"),
        starts=("D58", "D43"),
        stops=("D36", "D58"),
    ),
    Move(
        "C17",
        "refuse_filing",
        {State.POLICE_REVIEW},
        State.NOT_FILED,
        by=POLICE,
        guards=(g.numbered, g.reasoned, g.file_returned),
        law=("TRR 8", "MPS 180"),
        starts=("D58", "D38"),
        stops=("D36", "D58"),
    ),
    Move(
        "C20",
        "file_reconsidered",
        {State.RECON},
        State.FILED_POLICE,
        by=POLICE,
        guards=(g.numbered,),
        law=("TRR 9",),
        starts=("D43",),
        stops=("D39",),
    ),
    Move(
        "C20",
        "uphold_non_filing",
        {State.RECON},
        State.RECON_UPHELD,
        by=POLICE,
        guards=(g.numbered, g.reasoned),
        law=("TRR 9",),
        starts=("D40",),
        stops=("D39",),
    ),
    Move(
        "C22",
        "order_filing",
        {State.SUPERVISION},
        None,
        by=AnyOf(Role.PRC),
        guards=(g.numbered,),
        law=("CPL 113", "PPR 561"),
        starts=("D42",),
        stops=("D41",),
    ),
    Move(
        "C22",
        "file_supervised",
        {State.SUPERVISION},
        State.FILED_POLICE,
        by=POLICE,
        guards=(g.numbered,),
        law=("CPL 113", "MPS 182"),
        starts=("D43",),
        stops=("D41", "D42"),
    ),
    Move(
        "C33",
        "decline",
        {State.POLICE_REVIEW},
        State.RETURNED_ADMIN,
        by=POLICE,
        guards=(g.numbered, g.reasoned),
        law=("MPS 180",),
        stops=("D36",),
    ),
    Move(
        "C35",
        "take_up",
        {State.SUPERVISION},
        State.POLICE_REVIEW,
        by=POLICE,
        guards=(g.reasoned,),
        law=("TRR 7", "PPR 562"),
        starts=("D36",),
        stops=("D41",),
    ),
)


class Policing(TransferFile):
    def _paper(self, row: str, kind: str, facts: Facts, **content: Any) -> None:
        sender = "PROCURATORATE" if Role.PRC in facts.by.roles else "POLICE"
        self.write(Letter(row, kind, sender, facts.by.id, facts.now, **content))

    def sign_receipt(self, number: str, received_by: str, *, facts: Facts) -> events.ReceiptSigned:
        """C11."""
        self._move("sign_receipt", replace(facts, input={"received_by": received_by}), reason=number)
        self._paper("C11", "RECEIPT", facts, number=number, text=received_by)
        return events.ReceiptSigned(self.id, self.case_id, number, facts.now)

    def demand_supplement(self, number: str, missing: Sequence[str], *, facts: Facts) -> events.SupplementDemanded:
        """C12. Told after 24 hours it is late, but what is missing is missing."""
        self._move("demand_supplement", replace(facts, input={"gaps": missing}), reason="; ".join(missing))
        receipt = self.timer("D36")
        late = receipt is not None and (facts.now - receipt.starts_at).total_seconds() > 24 * 3600
        self._paper("C12", "SUPPLEMENT_NOTICE", facts, number=number, text="; ".join(missing), late=late)
        return events.SupplementDemanded(self.id, self.expiry("D35"), facts.now)

    def start_review(self, *, facts: Facts) -> events.PoliceReviewStarted:
        """C14."""
        self._move("start_review", facts)
        return events.PoliceReviewStarted(self.id, facts.now)

    def extend_review(self, days: int, approved_by: str, number: str, *, facts: Facts) -> None:
        """D36 as extended: 7 or 30 days in all from receipt."""
        self._move("extend_review", replace(facts, input={"days": days}), reason=f"{days}: {approved_by}")
        timer = self.running("D36")
        timer.params = {**timer.params, "approved_days": days}
        timer.recompute(facts.law, why=f"{approved_by} {number}".strip())
        self._paper("C14", "EXTENSION", facts, number=number, text=f"{days}: {approved_by}")

    def forward(self, number: str, text: str, to: Receiver, *, facts: Facts) -> events.TransferForwarded:
        """C15, first step."""
        self._move("forward", replace(facts, input={"number": number, "reason": to.name}), reason=text)
        self._paper("C15", "FORWARDING", facts, number=number, text=f"{to.name}: {text}")
        self.receive(to)
        return events.TransferForwarded(self.id, to.client_id, facts.now)

    def take_forwarded(self, number: str, *, facts: Facts) -> events.PoliceReviewStarted:
        """C15, second step."""
        self._move("take_forwarded", facts, reason=number)
        self._paper("C15", "FORWARDING_RECEIPT", facts, number=number)
        return events.PoliceReviewStarted(self.id, facts.now)

    def file(
        self, number: str, dated_on: str, text: str, sha256: str, *, copied_to_procuratorate: bool, facts: Facts
    ) -> events.TransferFiled:
        """C16, or C22 where the procuratorate supervises."""
        supervised = self.state is State.SUPERVISION
        given = _dated(facts, {"number": number, "dated_on": dated_on})
        self._move("file_supervised" if supervised else "file", given, reason=number)
        self._paper(
            "C22" if supervised else "C16",
            "FILING_NOTICE",
            facts,
            number=number,
            dated_on=dated_on,
            text=text,
            sha256=sha256,
            copied_to_procuratorate=copied_to_procuratorate,
        )
        return self.told_filed(number, facts)

    def told_filed(self, number: str, facts: Facts) -> events.TransferFiled:
        return events.TransferFiled(self.id, self.case_id, number, self.expiry("D43"), facts.now)

    def refuse_filing(
        self, number: str, dated_on: str, reason: str, sha256: str, *, file_returned: bool, copied_to_procuratorate: bool, facts: Facts
    ) -> events.TransferNotFiled:
        """C17."""
        content = {"number": number, "dated_on": dated_on, "reason": reason, "file_returned": file_returned}
        self._move("refuse_filing", _dated(facts, content), reason=reason)
        self._paper(
            "C17",
            "NON_FILING_NOTICE",
            facts,
            number=number,
            dated_on=dated_on,
            text=reason,
            sha256=sha256,
            copied_to_procuratorate=copied_to_procuratorate,
        )
        return events.TransferNotFiled(self.id, self.case_id, number, self.expiry("D38"), facts.now)

    def decide_reconsideration(
        self, number: str, dated_on: str, reason: str, sha256: str, *, filed: bool, facts: Facts
    ) -> events.ReconsiderationDecided:
        """C20."""
        content = {"number": number, "dated_on": dated_on, "reason": reason}
        self._move("file_reconsidered" if filed else "uphold_non_filing", replace(facts, input=content), reason=reason)
        self._paper("C20", "RECONSIDERATION_DECISION", facts, number=number, dated_on=dated_on, text=reason, sha256=sha256)
        return events.ReconsiderationDecided(self.id, self.case_id, filed, facts.now)

    def order_filing(self, number: str, dated_on: str, text: str, sha256: str, *, facts: Facts) -> events.FilingOrdered:
        """C22, first step, by the procuratorate."""
        self._move("order_filing", replace(facts, input={"number": number, "dated_on": dated_on}), reason=number)
        self._paper("C22", "NOTICE_TO_FILE", facts, number=number, dated_on=dated_on, text=text, sha256=sha256)
        return events.FilingOrdered(self.id, self.case_id, self.expiry("D42"), facts.now)

    def decline(self, number: str, reason: str, competent_body: str, *, facts: Facts) -> events.TransferReturned:
        """C33."""
        self._move("decline", replace(facts, input={"number": number, "reason": reason}), reason=reason)
        self._paper("C33", "NOT_POLICE_MATTER", facts, number=number, text=f"{reason} {competent_body}".strip())
        return self.returned("C33", reason, facts)

    def take_up(self, number: str, reason: str, *, facts: Facts) -> events.PoliceReviewStarted:
        """C35."""
        self._move("take_up", replace(facts, input={"reason": number or reason}), reason=reason or number)
        self._paper("C35", "RECEIPT", facts, number=number, text=reason)
        return events.PoliceReviewStarted(self.id, facts.now)

    def returned(self, row: str, cause: str, facts: Facts, *, party_fined: bool = False) -> events.TransferReturned:
        """The matter is the administration's again (PC45)."""
        self.returned_cause, self.police_party_fined = cause, self.police_party_fined or party_fined
        return events.TransferReturned(self.id, self.case_id, row, cause, party_fined, facts.now, self.enterprise_id)


def _dated(facts: Facts, content: dict[str, Any]) -> Facts:
    """D58 counts from the day of the decision, where it is told and not in the future."""
    known = dict(facts.known)
    dated_on = content.get("dated_on")
    if dated_on:
        try:
            known["decided_on"] = date.fromisoformat(dated_on)
        except ValueError as wrong:
            raise no.DayInTheFuture("the day is no ISO date", on=dated_on) from wrong
    return replace(facts, input=content, known=known)

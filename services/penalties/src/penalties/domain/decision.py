"""The decision and its time limit: PC27 and PC50."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from kernel.days import legal_day
from kernel.errors import DomainError, Forbidden, Invalid, Precondition
from kernel.money import Money
from kernel.moves import SYSTEM, AnyOf, Delegated, Facts, Move, Role, When

from penalties.domain.enforcement import CaseTransfer
from penalties.domain.events import CaseDecided, CaseExtended
from penalties.domain.file import CaseFile, from_day, known, reasoned
from penalties.domain.filing import screened_anew
from penalties.domain.guards import (
    Acting,
    g02,
    g03,
    g03_decides,
    g05,
    g09,
    g10,
    g11,
    g12,
    g13,
    g14,
    g15,
    g16,
    g17,
    g22,
    imposes,
    proposed,
)
from penalties.domain.hanging import hang
from penalties.domain.law import PartyKind, Thresholds
from penalties.domain.notice import Noticed
from penalties.domain.papers import after, carries
from penalties.domain.proof import g08_admitted
from penalties.domain.proposal import PenaltyKind
from penalties.domain.publicity import PublicityItem, UpwardFiling
from penalties.domain.records import ScreenPoint, State, span

DELEGATED_DECISION = "penalty_decision"
DELEGATED_EXTENSION = "case_extension"


class GoodsHeldTooLong(Precondition):
    """Goods are held beyond D02: they are lifted first, a decision on them comes before the last day (5.6, PC27)."""


class SuspectWithPolice(Precondition):
    """The party is a suspect in a transfer that the police have not answered (INV-09)."""


class CriminalFineImposed(Precondition):
    """A criminal court fined this party: no administrative fine any more (APL 35)."""


class SameDecisionAgain(Precondition):
    """The revoked decision is not made again on the same facts and reasons with the same result (ARL 64(2))."""


class DelegationTooSmall(Forbidden):
    """The delegation does not reach to this amount (1.8)."""


class ExtensionTooLate(Precondition):
    """An extension is approved on or before the last day of the limit (CT-19)."""


class ExtensionTooLong(Precondition):
    """The head extends to 90 days in all under PB; more is the superior's, and APL 60 knows no extension."""


class ExtensionInvalid(Invalid):
    """An extension has at least one day."""


class LimitNotRunning(Precondition):
    """The case limit is not running."""


def inside_delegation(case: CaseFile, facts: Facts) -> DomainError | None:
    """A deputy decides inside his delegation only. Law: 1.8 «head»."""
    if Role.CHIEF in facts.by.roles or not case.proposals:
        return None
    limit = facts.by.delegations.get(DELEGATED_DECISION)
    if limit is not None and case.proposal.fine.fen > limit:
        return DelegationTooSmall("the delegation does not reach to this amount", limit=limit, fine=case.proposal.fine.fen)
    return None


def in_time(case: CaseFile, facts: Facts) -> DomainError | None:
    """Approved on or before the current last day. Law: CT-19."""
    timer = case.timer("D12")
    if timer is None or timer.stopped_at is not None:
        return LimitNotRunning("the case limit is not running")
    if timer.expires_at is not None and facts.now >= timer.expires_at:
        return ExtensionTooLate("the limit is over: an extension comes too late", limit=timer.legal_expiry)
    return None


def within_policy(case: CaseFile, facts: Facts) -> DomainError | None:
    """The head extends once the policy of the filing day allows it, to its total in days. Law: PB 31; 5.6."""
    timer = case.timer("D12")
    if timer is None:
        return None
    policy = facts.law.policy(str(timer.params.get("policy", "APL")), legal_day(timer.starts_at))
    total = policy.extensions.get("head")
    if total is None:
        return ExtensionTooLong("this limit knows no extension by the head", policy=policy.id)
    if facts.input is None:
        return None
    days = int(facts.input["days"])
    if days <= 0:
        return ExtensionInvalid("an extension has at least one day", days=days)
    granted = sum(int(event.get("days", 0)) for event in timer.events if event["kind"] == "extend")
    if policy.base_days + granted + days > total:
        return ExtensionTooLong("the head extends to this many days in all", total=total, asked=policy.base_days + granted + days)
    return None


def goods_in_time(case: CaseFile, facts: Facts) -> DomainError | None:
    """Goods held: decided before D02 ends, the working deadline is the earlier of D12 and D02. Law: AEL 25, 27; 5.6."""
    today = legal_day(facts.now).isoformat()
    late = [goods for goods in case.goods if goods.held and goods.last_on and goods.last_on < today]
    if late:
        return GoodsHeldTooLong("goods are held beyond the last day of D02", last_on=late[0].last_on, measure=str(late[0].id))
    return None


def not_with_police(case: CaseFile, facts: Facts) -> DomainError | None:
    """Nothing is imposed on a suspect between the approval of the transfer and a result. Law: APL 27; INV-09."""
    found: Iterable[CaseTransfer] | None = facts.known.get("transfers_of_party")
    for transfer in (*case.transfers, *(found or ())):
        if transfer.with_police and (not transfer.suspects or case.party_key in transfer.suspects):
            return SuspectWithPolice("the party is a suspect in a transfer without a result", transfer=str(transfer.id))
    return None


def not_fined_by_court(case: CaseFile, facts: Facts) -> DomainError | None:
    """No fine on a party that was given a criminal fine. Law: APL 35."""
    if case.criminal_fine.fen and case.proposals and case.proposal.fine.fen:
        return CriminalFineImposed("a criminal court fined this party", criminal_fine=case.criminal_fine.fen)
    return None


def not_the_same_again(case: CaseFile, facts: Facts) -> DomainError | None:
    """Unless only the procedure was wrong. Law: ARL 64(2); ALL 71."""
    ordered = case.redecision
    if ordered is None or ordered.procedure_only or not case.proposals:
        return None
    revoked = case.proposal_of(ordered.revoked_proposal)
    if revoked is not None and revoked.same_ground(case.proposal) and revoked.items == case.proposal.items:
        return SameDecisionAgain("same facts, same basis, same result as what was revoked", proposal=revoked.number)
    return None


def decision_form(case: CaseFile, facts: Facts) -> DomainError | None:
    """G04: F34 for a unit, F35 for a person, X5 for a daily continuing fine, complete."""
    refused: DomainError | None = carries(**{case.decision_form: ()})(case, facts)
    return refused


ROWS = (
    Move(
        "PC27",
        "decide",
        {State.DECIDING},
        State.DECIDED,
        by=AnyOf(Role.CHIEF, Delegated(Role.DEP, DELEGATED_DECISION)),
        guards=(
            inside_delegation,
            g02,
            g03,
            g03_decides,
            g05,
            proposed,
            imposes,
            g09,
            g10,
            screened_anew,
            g11,
            g12,
            g13,
            g14,
            g16,
            g15,
            g17,
            g22,
            goods_in_time,
            not_with_police,
            not_fined_by_court,
            not_the_same_again,
            g08_admitted,
            after("F01", "F24"),
            carries(F30=("OFFICER", "APPROVER")),
            decision_form,
        ),
        law=("APL 57", "APL 58", "APL 60"),
        starts=("D13", When("D14", form="UNIT"), When("D51", form="UPWARD")),
        stops=("D12",),
        form="F34",
    ),
    Move(
        "PC50",
        "extend",
        span(State.FILED, State.DECIDING),
        None,
        by=AnyOf(Role.CHIEF, Delegated(Role.DEP, DELEGATED_EXTENSION)),
        guards=(g02, g03, g05, in_time, within_policy, reasoned, carries(F45=("OFFICER", "APPROVER"))),
        law=("APL 60", "PB 31"),
        form="F45",
    ),
)


class Decided(Noticed):
    """The moves of the head."""

    def decide(self, document_ids: Iterable[str], late_reason: str, *, facts: Facts) -> CaseDecided:
        """PC27. The stored proposal is decided; a decision after D12 carries `late` for good (INV-06)."""
        body: Acting = known(facts, "body")
        thresholds: Thresholds = known(facts, "thresholds")
        limit = thresholds.upward.get(body.level)
        upward = limit is not None and self.proposal.fine.fen >= limit
        forms = [form for form, due in (("UNIT", self.party_kind is PartyKind.UNIT), ("UPWARD", upward)) if due]
        judged = replace(facts, input={"late_reason": late_reason}, known={**facts.known, "forms": forms})
        timer = self.timer("D12")
        late = bool(timer and timer.expires_at and facts.now >= timer.expires_at)
        self._move("decide", judged, documents=document_ids, reason=late_reason if late else "")
        self.screen(ScreenPoint.DECISION, facts=facts)
        self.late, self.late_reason = late, late_reason if late else ""
        self.fine, self.decided_proposal = self.proposal.fine, self.proposal.number
        self.decided_at, self.decided_by = facts.now, facts.by.id
        self.revoked = False
        by_itself = replace(judged, by=SYSTEM, second=None)
        if "UNIT" in forms:
            self.owe_publicity(by_itself)
        if upward:
            filing = UpwardFiling(case_id=self.id, org_path=self.org_path, receiver=str(facts.known.get("superior", "")))
            hang(self.upward_filings, filing, self).owe(facts=by_itself)
        income = sum(item.amount.fen for item in self.proposal.items if item.kind is PenaltyKind.CONFISCATE_INCOME)
        goods = [item.amount.fen for item in self.proposal.items if item.kind is PenaltyKind.CONFISCATE_GOODS]
        return CaseDecided(
            self.id,
            self.inspection_id,
            self.enterprise_id,
            self.act_id,
            self.proposal.basis,
            self.fine,
            self.late,
            facts.now,
            Money(income),
            Money(sum(goods)),
            bool(goods),
            self.org_path,
        )

    def owe_publicity(self, facts: Facts) -> None:
        """PI01: a decision on a unit is published (WSL 78)."""
        hang(self.publicity_items, PublicityItem(case_id=self.id, org_path=self.org_path), self).owe(facts=facts)

    def extend(self, days: int, reason: str, document_id: str, *, facts: Facts) -> CaseExtended:
        """PC50 by F45. Law: PB 31; the total counts from the filing day, raw, then rolls (5.6)."""
        judged = replace(facts, input={"days": days, "reason": reason})
        self._move("extend", judged, documents=(document_id,), reason=reason)
        timer = self.running("D12")
        event = {"kind": "extend", "at": facts.now.isoformat(), "days": days, "by": "head"}
        timer.add(event, facts.law, why=f"extended by {days} days (PC50)")
        return CaseExtended(self.id, timer.legal_expiry, facts.now)


def timer_d12(case: CaseFile, facts: Facts) -> tuple[datetime, dict[str, Any], list[dict[str, Any]]]:
    """Until 2026-01-31 the limit of PB, then that of APL 60 (5.6)."""
    return facts.now, {"policy": "PB" if facts.now < from_day("2026-02-01") else "APL"}, []

"""The fine account (11.9, FA01–FA09): what is owed, what is paid, and what has to go back."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from kernel.days import day_begins
from kernel.deadlines import compute
from kernel.errors import Conflict, DomainError, Invalid, Precondition
from kernel.money import Money
from kernel.moves import SYSTEM, AnyOf, Delegated, Facts, Move, Role
from kernel.parameters import LawParameters

from penalties.domain.hanging import Hanging
from penalties.domain.law import NIL

DELEGATED_DEFERRAL = "deferral"
CARRIED = "carried:"


class AccountState(StrEnum):
    DUE = "DUE"
    OVERDUE = "OVERDUE"
    CAPPED = "CAPPED"
    PART_PAID = "PART_PAID"
    PAID = "PAID"
    DEFERRED = "DEFERRED"
    REFUND_DUE = "REFUND_DUE"
    REFUNDED = "REFUNDED"


class PaymentInvalid(Invalid):
    """A payment has an amount above zero and the number of its slip."""


class PaymentTooHigh(Invalid):
    """More than is owed: the rest is refunded by the bank, not booked."""


class SlipAlreadyBooked(Conflict):
    """The slip stands on the account already."""


class NotYetOverdue(Precondition):
    """Nothing is late on this account."""


class StillOwed(Precondition):
    """Something is owed on this account."""


class NothingPaid(Precondition):
    """Nothing was paid on this account."""


class NothingToRefund(Precondition):
    """Nothing has to go back on this account."""


class RefundSlipMissing(Invalid):
    """A refund has the number of its slip."""


@dataclass(frozen=True)
class Payment:
    amount: Money
    paid_on: str
    slip: str
    evidence_id: str
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True)
class Instalment:
    """A part of the fine with a day of its own, as rolled."""

    due_on: str
    amount: Money


@dataclass(frozen=True)
class ReviewSpan:
    """A review of the decision, from the day of filing to that of its end. Law: APL 73(3)."""

    filed_on: str
    closed_on: str = ""


def has_payment(account: "FineAccount", facts: Facts) -> DomainError | None:
    """An amount above zero, a slip number that is not booked yet, not more than is owed."""
    payment: Payment | None = facts.input
    if payment is None:
        return None
    if payment.amount.fen <= 0 or not payment.slip.strip():
        return PaymentInvalid("a payment has an amount above zero and the number of its slip", amount=payment.amount.fen)
    if any(booked.slip == payment.slip for booked in account.payments):
        return SlipAlreadyBooked("this slip is booked already", slip=payment.slip)
    if payment.amount.fen > account.owed.fen:
        return PaymentTooHigh("more than is owed", amount=payment.amount.fen, owed=account.owed.fen)
    return None


def something_paid(account: "FineAccount", facts: Facts) -> DomainError | None:
    """Part paid. Law: APL 67."""
    return None if account.paid.fen else NothingPaid("nothing was paid on this account")


def nothing_owed(account: "FineAccount", facts: Facts) -> DomainError | None:
    """Paid. Law: APL 67."""
    return None if account.owed.fen <= 0 and account.paid.fen else StillOwed("something is owed", owed=account.owed.fen)


def overpaid(account: "FineAccount", facts: Facts) -> DomainError | None:
    """More is paid than is owed now: the decision was revoked or lowered. Law: ARL 78; APL 75."""
    return None if account.overpaid.fen else NothingToRefund("nothing has to go back", paid=account.paid.fen, fine=account.fine.fen)


def has_refund_slip(account: "FineAccount", facts: Facts) -> DomainError | None:
    """The slip of the refund is named."""
    if facts.input is None or str(facts.input.get("slip", "")).strip():
        return None
    return RefundSlipMissing("name the slip of the refund")


PAYABLE = {AccountState.DUE, AccountState.OVERDUE, AccountState.CAPPED, AccountState.PART_PAID}
SYS_OR_FIN = AnyOf(Role.SYS, Role.FIN)


@dataclass(eq=False)
class FineAccount(Hanging):
    """What is owed and paid. The surcharge is as of the last payment or sweep and never above the fine (APL 72)."""

    MACHINE = "fine_account"
    MOVES = (
        Move("FA01", "open", {None}, AccountState.DUE, by=AnyOf(Role.SYS), law=("APL 66", "APL 67")),
        Move("FA02", "pay_part", PAYABLE, AccountState.PART_PAID, by=AnyOf(Role.FIN, Role.SYS), guards=(has_payment,), law=("APL 67",)),
        # An instalment paid in its time leaves the account deferred.
        Move("FA02", "pay_instalment", {AccountState.DEFERRED}, None, by=AnyOf(Role.FIN, Role.SYS), guards=(has_payment,), law=("APL 66",)),
        Move(
            "FA02",
            "note_part_paid",
            {AccountState.DUE, AccountState.OVERDUE, AccountState.CAPPED},
            AccountState.PART_PAID,
            by=AnyOf(Role.SYS),
            guards=(something_paid,),
            law=("APL 67",),
        ),
        Move(
            "FA03",
            "pay",
            PAYABLE | {AccountState.DEFERRED},
            AccountState.PAID,
            by=AnyOf(Role.FIN, Role.SYS),
            guards=(has_payment,),
            law=("APL 67", "APL 74"),
        ),
        Move("FA03", "settle", PAYABLE, AccountState.PAID, by=SYS_OR_FIN, guards=(nothing_owed,), law=("APL 67",)),
        Move(
            "FA04",
            "overdue",
            {AccountState.DUE, AccountState.PART_PAID},
            AccountState.OVERDUE,
            by=SYS_OR_FIN,
            law=("APL 72",),
            starts=("D18",),
        ),
        Move("FA05", "cap", {AccountState.OVERDUE}, AccountState.CAPPED, by=SYS_OR_FIN, law=("APL 72",), stops=("D18",)),
        Move(
            "FA06",
            "defer",
            {AccountState.DUE, AccountState.OVERDUE, AccountState.PART_PAID},
            AccountState.DEFERRED,
            by=AnyOf(Role.CHIEF, Delegated(Role.DEP, DELEGATED_DEFERRAL)),
            law=("APL 66",),
            starts=("D17",),
            stops=("D18",),
        ),
        Move("FA07", "end_deferral", {AccountState.DEFERRED}, AccountState.DUE, by=AnyOf(Role.SYS), law=("APL 66",), stops=("D17",)),
        Move(
            "FA08",
            "owe_refund",
            {AccountState.PART_PAID, AccountState.PAID},
            AccountState.REFUND_DUE,
            by=AnyOf(Role.SYS),
            guards=(overpaid,),
            law=("APL 75",),
        ),
        Move(
            "FA09",
            "pay_back",
            {AccountState.REFUND_DUE},
            AccountState.REFUNDED,
            by=AnyOf(Role.FIN),
            guards=(has_refund_slip,),
            law=("APL 75",),
        ),
    )

    case_id: UUID
    org_path: str
    fine: Money
    due_on: str
    id: UUID = field(default_factory=uuid4)
    state: AccountState = AccountState.DUE
    paid: Money = NIL
    surcharge: Money = NIL
    payments: list[Payment] = field(default_factory=list)
    # A deferral: its parts, the surcharge that had run before it, and how many payments came before it.
    instalments: list[Instalment] = field(default_factory=list)
    frozen: Money = NIL
    counted: int = 0
    reviews: list[ReviewSpan] = field(default_factory=list)
    waived: Money = NIL
    refund: Money = NIL
    refunded_on: str = ""
    refund_slip: str = ""
    superseded: bool = False
    opened_at: datetime | None = None
    version: int = 1
    case: Any = None

    @property
    def returned(self) -> Money:
        return self.refund if self.state is AccountState.REFUNDED else NIL

    @property
    def owed(self) -> Money:
        return Money(self.fine.fen + self.surcharge.fen - self.waived.fen - self.paid.fen + self.returned.fen)

    @property
    def overpaid(self) -> Money:
        return Money(max(-self.owed.fen, 0))

    @property
    def principal_left(self) -> Money:
        """What is still owed of the fine itself: a payment goes to the fine first, then to its surcharge."""
        return Money(max(self.fine.fen - self.paid.fen, 0))

    @property
    def kept(self) -> Money:
        """What came in from the party and did not go back."""
        came = sum(payment.amount.fen for payment in self.payments if not payment.slip.startswith(CARRIED))
        return Money(came - self.returned.fen)

    @property
    def settled(self) -> bool:
        """Nothing is owed by anybody."""
        return self.state in {AccountState.PAID, AccountState.REFUNDED} or not (self.fine.fen or self.paid.fen)

    @property
    def surcharge_paused(self) -> bool:
        return any(not span.closed_on for span in self.reviews)

    @property
    def parts(self) -> list[Instalment]:
        return self.instalments or [Instalment(self.due_on, self.fine)]

    def slices(self, day: date) -> Iterator[tuple[str, int, str]]:
        """Each part cut by what was paid on one day: its due day, its amount, the day up to which it is late. Law: APL 72(1)."""
        paid = [(payment.amount.fen, payment.paid_on) for payment in self.payments[self.counted :]]
        for part in self.parts:
            left = part.amount.fen
            while left and paid:
                amount, paid_on = paid.pop(0)
                taken = min(left, amount)
                yield part.due_on, taken, paid_on
                left -= taken
                if amount > taken:
                    paid.insert(0, (amount - taken, paid_on))
            if left:
                yield part.due_on, left, day.isoformat()

    def late_on(self, day: date) -> Money:
        """What is late of the fine itself on this day."""
        at = day.isoformat()
        return Money(sum(amount for due, amount, until in self.slices(day) if due < at and until == at))

    def surcharge_on(self, day: date, law: LawParameters) -> Money:
        """The surcharge if what is left of the fine is paid on this day, part by part; days under review are out. Law: APL 72, 73(3)."""
        whole = law.at(self.org_path).reading("surcharge_base", date.fromisoformat(self.due_on)) == "whole_fine"
        reviewed = [event for span in self.reviews for event in _reviewed(span)]
        total = self.frozen.fen
        for due, amount, until in self.slices(day):
            if until > due:
                params = {"fine_fen": self.fine.fen if whole else amount, "due": due, "until": until}
                found = compute("D18", day_begins(date.fromisoformat(due)), reviewed, params, law.at(self.org_path))
                total += found.total_surcharge_fen or 0
        return Money(min(total, self.fine.fen))

    def charge(self, surcharge: Money) -> None:
        """The surcharge as computed by D18 up to now."""
        self.surcharge = Money(min(surcharge.fen, self.fine.fen))

    def open(self, *, facts: Facts) -> None:
        self._begin("open", replace(facts, by=SYSTEM, second=None))
        self.opened_at = facts.now

    def pay(self, payment: Payment, *, facts: Facts) -> None:
        judged = replace(facts, input=payment)
        part = "pay_instalment" if self.state is AccountState.DEFERRED else "pay_part"
        self._move("pay" if payment.amount.fen >= self.owed.fen else part, judged, reason=payment.slip)
        self.payments = [*self.payments, payment]
        self.paid = Money(self.paid.fen + payment.amount.fen)

    def overdue(self, *, facts: Facts) -> None:
        self._move("overdue", facts)

    def cap(self, *, facts: Facts) -> None:
        self._move("cap", facts)

    def defer(self, instalments: list[Instalment], frozen: Money, *, facts: Facts) -> None:
        self._move("defer", facts)
        self.instalments, self.frozen, self.counted = list(instalments), frozen, len(self.payments)
        self.charge(frozen)

    def end_deferral(self, *, facts: Facts) -> None:
        self._move("end_deferral", facts)

    def begin_review(self, filed_on: str) -> None:
        if not self.surcharge_paused:
            self.reviews = [*self.reviews, ReviewSpan(filed_on)]

    def end_review(self, closed_on: str) -> None:
        self.reviews = [replace(span, closed_on=span.closed_on or closed_on) for span in self.reviews]

    def waive(self, *, facts: Facts) -> None:
        """Under an agreement with remedial action the surcharge is waived, never the fine. Law: AEL 42."""
        kept = max(self.paid.fen - self.fine.fen, 0)
        self.waived = Money(max(self.surcharge.fen - kept, 0))
        if self.state in PAYABLE and self.owed.fen <= 0 and self.paid.fen:
            self._move("settle", facts)

    def lower(self, fine: Money, day: date, *, facts: Facts) -> Money:
        """The decision stands with another fine, nil if it was revoked. What was paid beyond it has to go back; the answer is how much."""
        judged = replace(facts, by=SYSTEM, second=None, input=None)
        self.frozen = Money(self.frozen.fen * fine.fen // self.fine.fen) if self.fine.fen else NIL
        self.fine, self.instalments = fine, self._cut(fine)
        self.charge(self.surcharge_on(day, facts.law))
        self.waived = Money(min(self.waived.fen, self.surcharge.fen))
        if self.state is AccountState.DEFERRED:
            self._move("end_deferral", judged)
        if self.state in PAYABLE and self.paid.fen and self.owed.fen <= 0:
            if self.overpaid.fen and self.state is not AccountState.PART_PAID:
                self._move("note_part_paid", judged)
            elif not self.overpaid.fen:
                self._move("settle", judged)
        if not self.overpaid.fen:
            return NIL
        before, self.refund = self.refund, self.overpaid
        if self.state is not AccountState.REFUND_DUE:
            self._move("owe_refund", judged)
        return Money(self.refund.fen - before.fen)

    def carried_over(self, *, facts: Facts) -> Payment:
        """What was kept when a part went back, for the account that follows: this one has come to its end."""
        self.superseded = True
        kept = Money(self.paid.fen - self.returned.fen)
        return Payment(kept, self.refunded_on, f"{CARRIED}{self.id}", "", SYSTEM.id, facts.now)

    def _cut(self, fine: Money) -> list[Instalment]:
        """The parts of a deferral keep their days; what is lowered falls off their end."""
        left = max(fine.fen - sum(payment.amount.fen for payment in self.payments[: self.counted]), 0)
        parts = []
        for part in self.instalments:
            taken = min(part.amount.fen, left)
            left -= taken
            if taken:
                parts.append(Instalment(part.due_on, Money(taken)))
        return parts

    def pay_back(self, refunded_on: str, slip: str, *, facts: Facts) -> None:
        self._move("pay_back", replace(facts, input={"slip": slip}), reason=slip)
        self.refunded_on, self.refund_slip = refunded_on, slip


def _reviewed(span: ReviewSpan) -> Iterator[dict[str, str]]:
    yield {"kind": "review_start", "at": day_begins(date.fromisoformat(span.filed_on)).isoformat()}
    if span.closed_on:
        yield {"kind": "review_end", "at": day_begins(date.fromisoformat(span.closed_on)).isoformat()}

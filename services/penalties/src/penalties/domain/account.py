"""The small machines that hang on a decision (11.9): the fine account, the publicity item, the filing upward."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from kernel.days import day_begins
from kernel.deadlines import compute
from kernel.errors import Conflict, DomainError, Invalid, Precondition
from kernel.money import Money
from kernel.moves import AnyOf, Facts, Machine, Move, Role
from kernel.parameters import LawParameters

from penalties.domain.law import NIL


class AccountState(StrEnum):
    DUE = "DUE"
    OVERDUE = "OVERDUE"
    CAPPED = "CAPPED"
    PART_PAID = "PART_PAID"
    PAID = "PAID"
    DEFERRED = "DEFERRED"
    REFUND_DUE = "REFUND_DUE"
    REFUNDED = "REFUNDED"


class PublicityState(StrEnum):
    DUE = "DUE"
    PUBLISHED = "PUBLISHED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"


class UpwardState(StrEnum):
    DUE = "DUE"
    FILED = "FILED"


class PaymentInvalid(Invalid):
    """A payment has an amount above zero and the number of its slip."""


class PaymentTooHigh(Invalid):
    """More than is owed: the rest is refunded by the bank, not booked."""


class SlipAlreadyBooked(Conflict):
    """The slip stands on the account already."""


class PublicityChannelMissing(Invalid):
    """A publication names the system it stands in."""


class FilingReferenceMissing(Invalid):
    """A filing names the reference under which the superior received it."""


class NotYetOverdue(Precondition):
    """Nothing is late on this account."""


@dataclass(frozen=True)
class Payment:
    amount: Money
    paid_on: str
    slip: str
    evidence_id: str
    entered_by: str
    entered_at: datetime


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


PAYABLE = {AccountState.DUE, AccountState.OVERDUE, AccountState.CAPPED, AccountState.PART_PAID}


@dataclass(eq=False)
class FineAccount(Machine):
    """What is owed and paid. The surcharge is as of the last payment or sweep and never above the fine (APL 72)."""

    MACHINE = "fine_account"
    MOVES = (
        Move(
            "FA02",
            "pay_part",
            PAYABLE,
            AccountState.PART_PAID,
            by=AnyOf(Role.FIN, Role.SYS),
            guards=(has_payment,),
            law=("APL 67",),
        ),
        Move("FA03", "pay", PAYABLE, AccountState.PAID, by=AnyOf(Role.FIN, Role.SYS), guards=(has_payment,), law=("APL 67", "APL 74")),
        Move(
            "FA04",
            "overdue",
            {AccountState.DUE, AccountState.PART_PAID},
            AccountState.OVERDUE,
            by=AnyOf(Role.SYS, Role.FIN),
            law=("APL 72",),
        ),
        Move("FA05", "cap", {AccountState.OVERDUE}, AccountState.CAPPED, by=AnyOf(Role.SYS, Role.FIN), law=("APL 72",)),
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
    version: int = 1

    @property
    def owed(self) -> Money:
        return Money(self.fine.fen + self.surcharge.fen - self.paid.fen)

    @property
    def principal_left(self) -> Money:
        """What is still owed of the fine itself: a payment goes to the fine first, then to its surcharge."""
        return Money(max(self.fine.fen - self.paid.fen, 0))

    def surcharge_on(self, day: date, law: LawParameters) -> Money:
        """The surcharge if what is left of the fine is paid on this day, part by part. Law: APL 72(1); D18."""
        left, pays = self.fine.fen, []
        for payment in self.payments:
            part = min(payment.amount.fen, left)
            if part:
                at = day_begins(date.fromisoformat(payment.paid_on)).isoformat()
                pays.append({"kind": "pay", "at": at, "amount_fen": part})
            left -= part
        due = date.fromisoformat(self.due_on)
        params = {"fine_fen": self.fine.fen, "due": self.due_on, "until": day.isoformat()}
        accrued = compute("D18", day_begins(due), pays, params, law).total_surcharge_fen or 0
        return Money(min(accrued, self.fine.fen))

    def charge(self, surcharge: Money) -> None:
        """The surcharge as computed by D18 up to now."""
        self.surcharge = Money(min(surcharge.fen, self.fine.fen))

    def pay(self, payment: Payment, *, facts: Facts) -> None:
        judged = replace(facts, input=payment)
        settled = payment.amount.fen >= self.owed.fen
        self._move("pay" if settled else "pay_part", judged, reason=payment.slip)
        self.payments = [*self.payments, payment]
        self.paid = Money(self.paid.fen + payment.amount.fen)

    def overdue(self, *, facts: Facts) -> None:
        self._move("overdue", facts)

    def cap(self, *, facts: Facts) -> None:
        self._move("cap", facts)


def names_channel(item: "PublicityItem", facts: Facts) -> DomainError | None:
    """The publicity system is named."""
    if facts.input is None or str(facts.input.get("channel", "")).strip():
        return None
    return PublicityChannelMissing("name the system in which the penalty was published")


@dataclass(eq=False)
class PublicityItem(Machine):
    """The publicity of a penalty on a unit within D14. Law: WSL 78; APL 48."""

    MACHINE = "penalty_publicity"
    MOVES = (
        Move(
            "PI02",
            "publish",
            {PublicityState.DUE},
            PublicityState.PUBLISHED,
            by=AnyOf(Role.OFF, Role.LEAD, Role.UNIT),
            guards=(names_channel,),
            law=("WSL 78", "APL 48"),
        ),
    )

    case_id: UUID
    org_path: str
    id: UUID = field(default_factory=uuid4)
    state: PublicityState = PublicityState.DUE
    published_at: datetime | None = None
    published_by: str = ""
    channel: str = ""
    url: str = ""
    version: int = 1

    def publish(self, *, facts: Facts) -> None:
        self._move("publish", facts, reason=str(facts.input["channel"]))
        self.published_at, self.published_by = facts.now, facts.by.id
        self.channel, self.url = facts.input["channel"], facts.input.get("url", "")


def names_reference(filing: "UpwardFiling", facts: Facts) -> DomainError | None:
    """The superior's reference is named."""
    if facts.input is None or str(facts.input.get("reference", "")).strip():
        return None
    return FilingReferenceMissing("name the reference under which the superior received the filing")


@dataclass(eq=False)
class UpwardFiling(Machine):
    """The filing of a larger penalty with the superior department within D51. Law: PB 62–64."""

    MACHINE = "upward_filing"
    MOVES = (
        Move(
            "UF02",
            "file_upward",
            {UpwardState.DUE},
            UpwardState.FILED,
            by=AnyOf(Role.LEAD, Role.OFF),
            guards=(names_reference,),
            law=("PB 62",),
        ),
    )

    case_id: UUID
    org_path: str
    receiver: str
    id: UUID = field(default_factory=uuid4)
    state: UpwardState = UpwardState.DUE
    filed_at: datetime | None = None
    filed_by: str = ""
    reference: str = ""
    version: int = 1

    def file_upward(self, *, facts: Facts) -> None:
        self._move("file_upward", facts, reason=str(facts.input["reference"]))
        self.filed_at, self.filed_by, self.reference = facts.now, facts.by.id, facts.input["reference"]

"""Cash taken by an officer: on the spot, handed in within D06, deposited within D07 (5.3, PC57). Law: APL 68–71."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from kernel.errors import Conflict, DomainError, Invalid, NotFound, Precondition
from kernel.money import Money
from kernel.moves import AnyOf, Facts, Move, Role

from penalties.domain.account import AccountState
from penalties.domain.file import CaseFile
from penalties.domain.guards import g02
from penalties.domain.procedure_events import CashMoved
from penalties.domain.proceedings import CashCollection, CashGround
from penalties.domain.records import State
from penalties.domain.simple import Simple


class CashNotAllowed(Precondition):
    """Cash is taken on the spot only up to 100 yuan, where it could hardly be had later, or in remote places on request (APL 68, 69)."""


class ReceiptMissing(Invalid):
    """Without the special receipt of state or province the party may refuse to pay (APL 70)."""


class ReceiptUsed(Conflict):
    """A receipt is used once."""


class CashNotFound(NotFound):
    """No cash was taken under this receipt."""


class CashTooMuch(Invalid):
    """More than is owed is not taken."""


class CashDateInvalid(Invalid):
    """Cash is entered on or after the moment at which it was taken, and after its landing."""


class CashHandedIn(Precondition):
    """The cash was handed in or deposited before."""


LARGEST_ON_SPOT = Money.yuan(100)


def cash_allowed(case: CaseFile, facts: Facts) -> DomainError | None:
    """A ground of APL 68 in the simple procedure, of APL 69 in any; a receipt of APL 70."""
    given: CashCollection | None = facts.input
    if given is None:
        return None
    account = case.fine_account
    if account is None or account.state is AccountState.PAID:
        return CashNotAllowed("there is no fine to take")
    refused = _ground(case, given)
    if refused is not None:
        return refused
    if not given.receipt_number.strip():
        return ReceiptMissing("name the special receipt")
    if any(cash.receipt_number == given.receipt_number for cash in case.cash):
        return ReceiptUsed("this receipt is used", receipt=given.receipt_number)
    taken = sum(cash.amount.fen for cash in case.cash if cash.taken_in_at is None)
    if given.amount.fen <= 0 or given.amount.fen + taken > account.owed.fen:
        return CashTooMuch("not more than is owed", amount=given.amount.fen, owed=account.owed.fen - taken)
    if given.collected_at > facts.now or (given.landed_at is not None and not given.collected_at <= given.landed_at <= facts.now):
        return CashDateInvalid("cash is entered after it was taken", collected_at=given.collected_at.isoformat())
    return None


def _ground(case: CaseFile, given: CashCollection) -> DomainError | None:
    if given.ground is CashGround.REMOTE:
        return None if given.party_request_id else CashNotAllowed("in a remote place the party asks for it: name its request")
    if case.simple is None:
        return CashNotAllowed("outside the simple procedure only in remote places", ground=given.ground.value)
    if given.ground is CashGround.UP_TO_100 and case.fine > LARGEST_ON_SPOT:
        return CashNotAllowed("the fine is above 100 yuan", fine=case.fine.fen)
    return None


def _of(case: CaseFile, receipt: str) -> CashCollection | None:
    return next((cash for cash in case.cash if cash.receipt_number == receipt), None)


def handed_in_once(case: CaseFile, facts: Facts) -> DomainError | None:
    """Taken in once. Law: APL 71."""
    if facts.input is None:
        return None
    cash = _of(case, facts.input["receipt_number"])
    if cash is None:
        return CashNotFound("no cash was taken under this receipt", receipt=facts.input["receipt_number"])
    return CashHandedIn("the cash was handed in before", receipt=cash.receipt_number) if cash.taken_in_at is not None else None


def deposited_once(case: CaseFile, facts: Facts) -> DomainError | None:
    """Handed in before, deposited once, with its slip. Law: APL 71."""
    if facts.input is None:
        return None
    cash = _of(case, facts.input["receipt_number"])
    if cash is None or cash.taken_in_at is None:
        return CashNotFound("no cash was handed in under this receipt", receipt=facts.input["receipt_number"])
    if cash.deposited_at is not None:
        return CashHandedIn("the cash was deposited before", receipt=cash.receipt_number)
    return None if facts.input["slip"].strip() else ReceiptMissing("name the bank slip")


MAY_HOLD_CASH = frozenset({State.S_DECIDED, State.S_RECORDED, State.EXECUTING})

ROWS = (
    Move(
        "PC57",
        "collect_cash",
        MAY_HOLD_CASH,
        None,
        by=AnyOf(Role.OFF, Role.LEAD),
        guards=(g02, cash_allowed),
        law=("APL 68", "APL 69", "APL 70"),
        starts=("D06",),
    ),
    Move(
        "PC57",
        "hand_in_cash",
        MAY_HOLD_CASH,
        None,
        by=AnyOf(Role.FIN),
        guards=(g02, handed_in_once),
        law=("APL 71",),
        starts=("D07",),
        stops=("D06",),
    ),
    Move("PC57", "deposit_cash", MAY_HOLD_CASH, None, by=AnyOf(Role.FIN), guards=(g02, deposited_once), law=("APL 71",), stops=("D07",)),
)


class Cashed(Simple):
    """The way of cash."""

    def collect_cash(self, cash: CashCollection, *, facts: Facts) -> CashMoved:
        """D06 runs from the collection; taken on water, from the landing."""
        self._move("collect_cash", replace(facts, input=cash), reason=cash.receipt_number)
        self.cash = [*self.cash, replace(cash, collected_by=facts.by.id)]
        return CashMoved(self.id, "COLLECTED", cash.amount, facts.now)

    def hand_in_cash(self, receipt_number: str, *, facts: Facts) -> CashCollection:
        """The authority takes it in; it is booked on the account as of the day on which the party paid."""
        self._move("hand_in_cash", replace(facts, input={"receipt_number": receipt_number}), reason=receipt_number)
        taken = replace(_of(self, receipt_number) or _none(), taken_in_by=facts.by.id, taken_in_at=facts.now)
        self.cash = [taken if cash.receipt_number == receipt_number else cash for cash in self.cash]
        return taken

    def deposit_cash(self, receipt_number: str, slip: str, *, facts: Facts) -> CashMoved:
        self._move("deposit_cash", replace(facts, input={"receipt_number": receipt_number, "slip": slip}), reason=slip)
        paid_in = replace(_of(self, receipt_number) or _none(), slip=slip, deposited_by=facts.by.id, deposited_at=facts.now)
        self.cash = [paid_in if cash.receipt_number == receipt_number else cash for cash in self.cash]
        return CashMoved(self.id, "DEPOSITED", paid_in.amount, facts.now)


def _none() -> CashCollection:
    raise CashNotFound("no cash was taken under this receipt")


def timer_d06(case: CaseFile, facts: Facts) -> tuple[datetime, dict[str, Any], Iterable[dict[str, Any]]]:
    cash: CashCollection = facts.input
    landed = [{"kind": "land", "at": cash.landed_at.isoformat()}] if cash.landed_at is not None else []
    return cash.collected_at, {}, landed

"""From the served decision to the archived file: PC29, PC30, PC33, PC34, PC42, PC43."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from kernel.days import day_begins, day_ends, legal_day
from kernel.errors import DomainError, Invalid, Precondition
from kernel.moves import AnyOf, Facts, Move, Role, When
from kernel.timers import Timer

from penalties.domain.account import AccountState, FineAccount, NotYetOverdue, Payment
from penalties.domain.closing import (
    catalogue_if_filed,
    documents_finished,
    filed_up_if_due,
    findings_settled,
    goods_settled,
    hashes_match,
    money_settled,
    published_if_due,
)
from penalties.domain.decision import Decided
from penalties.domain.events import (
    CaseArchived,
    CaseClosed,
    CaseDeadlineBreached,
    CaseExecuted,
    CaseServed,
    ExecutionStarted,
    FineOverdue,
    FinePaid,
    PenaltyFiledUpward,
    PenaltyPublished,
)
from penalties.domain.file import CaseFile, known, parse_day
from penalties.domain.guards import g02, g03, g03_decides, g05
from penalties.domain.hanging import hang
from penalties.domain.papers import CheckedDocument, carries, ready
from penalties.domain.proposal import PenaltyKind
from penalties.domain.records import ISSUED, State
from penalties.domain.standing import stands


class DecisionNotServed(Precondition):
    """The decision is not served and effective (G21)."""


class PaymentPeriodOpen(Precondition):
    """The party may still pay without surcharge (D16)."""


class FineUnpaid(Precondition):
    """The fine and its surcharge are not paid."""


class NotPerformed(Precondition):
    """A suspension, a confiscation or a revocation that was decided is not verified as performed."""


class NoFineAccount(Precondition):
    """There is no fine to pay."""


class PaidInFuture(Invalid):
    """A payment is booked on or after its day."""


class FormNotReleased(Invalid):
    """This form is released by the move that it carries, not by itself."""


class NothingToPublish(Precondition):
    """No publicity is due."""


class NothingToFile(Precondition):
    """No filing with the superior is due."""


def g21(case: CaseFile, facts: Facts) -> DomainError | None:
    """G21: the decision is served; its text, checked before the seal, tells the remedies. Law: APL 59, 66."""
    form = case.decision_form
    if not case.served_on or not case.issued(form):
        return DecisionNotServed("the decision is not served", form=form)
    return None


def payment_late(case: CaseFile, facts: Facts) -> DomainError | None:
    """D16 is over and the fine is not paid; the surcharge does not run yet. Law: APL 72."""
    account = case.fine_account
    if account is None:
        return NoFineAccount("there is no fine to pay")
    if account.state not in {AccountState.DUE, AccountState.PART_PAID}:
        return NotYetOverdue("the account is not one that becomes late", state=str(account.state))
    if not case.timer_over("D16", facts):
        return PaymentPeriodOpen("the party may still pay without surcharge", last_day=account.due_on)
    return None


def all_performed(case: CaseFile, facts: Facts) -> DomainError | None:
    """Fine and surcharge paid, the rest seen performed once; a warning alone is performed at once. Law: APL 67, 72."""
    account = case.fine_account
    if account is not None and not account.settled:
        return FineUnpaid("the fine is not paid", owed=account.owed.fen)
    if not case.decided_proposal or case.revoked or case.state is State.EXECUTED:
        return None
    decided = case.proposal_of(case.decided_proposal)
    open_items = [item.kind.value for item in decided.items if item.kind in VERIFIED_ELSEWHERE] if decided else []
    performed = set(known(facts, "performed") or ()) if open_items else set()
    missing = [kind for kind in open_items if kind not in performed]
    if missing and not facts.permission_only:
        return NotPerformed("not everything that was decided is performed", missing=",".join(missing))
    return None


VERIFIED_ELSEWHERE = {
    PenaltyKind.CONFISCATE_GOODS,
    PenaltyKind.CONFISCATE_INCOME,
    PenaltyKind.SUSPENSION,
    PenaltyKind.REVOCATION,
    PenaltyKind.CLOSURE,
}


# Forms released by themselves, with the signatures that they need.
RELEASABLE: Mapping[str, tuple[str, ...]] = {
    "F15": (),
    "F16": ("OFFICER",),
    "F17": ("OFFICER",),
    "F25": ("OFFICER",),
    "F36": (),
    "F37": (),
    "SLIP": (),
}


def _by_its_move(document: CheckedDocument) -> DomainError:
    return FormNotReleased("this form is released by the move that it carries", form=document.form)


ROWS = (
    Move(
        "PC29",
        "serve",
        {State.DECIDED},
        State.SERVED,
        by=AnyOf(Role.SYS),
        law=("APL 61", "APL 67"),
        starts=(When("D16", form="FINE"), "D19", "D20"),
        stops=("D13",),
        form="F34",
    ),
    Move("PC30", "start_execution", {State.SERVED}, State.EXECUTING, by=AnyOf(Role.SYS), guards=(g21,), law=("APL 66",)),
    Move(
        "PC33",
        "charge_surcharge",
        {State.EXECUTING},
        State.EXECUTING,
        by=AnyOf(Role.SYS, Role.FIN),
        guards=(stands, payment_late),
        law=("APL 72",),
        starts=("D18", "D23"),
        form="F37",
    ),
    Move(
        "PC34",
        "complete_execution",
        {State.EXECUTING, State.DEFERRED, State.DUNNED},
        State.EXECUTED,
        by=AnyOf(Role.FIN, Role.LEAD),
        guards=(g02, all_performed),
        law=("APL 67", "APL 74"),
        stops=("D16", "D17", "D18", "D22", "D23"),
    ),
    Move(
        "PC42",
        "close",
        {State.EXECUTED, State.NO_PENALTY},
        State.CLOSED,
        by=AnyOf(Role.DEP),
        guards=(
            g03,
            g03_decides,
            g05,
            all_performed,
            goods_settled,
            money_settled,
            published_if_due,
            filed_up_if_due,
            findings_settled,
            documents_finished,
            carries(F46=("OFFICER", "REVIEWER", "APPROVER")),
        ),
        law=("APL 48",),
        form="F46",
    ),
    Move(
        "PC43",
        "archive",
        {State.CLOSED, State.NOT_FILED, State.WITHDRAWN, State.TERMINATED, State.MOVED},
        State.ARCHIVED,
        by=AnyOf(Role.ARCHIVE),
        guards=(money_settled, hashes_match, catalogue_if_filed),
        law=("PB 65",),
        form="F47",
    ),
)


# Cash on the spot is booked before the execution begins (PC57).
MAY_PAY = frozenset({State.EXECUTING, State.DEFERRED, State.DUNNED, State.COURT, State.S_DECIDED, State.S_RECORDED})


class Executed(Decided):
    """The moves after the decision."""

    def serve(self, document_id: str, served_on: str, deemed_on: str, mode: str, *, facts: Facts) -> CaseServed:
        """PC29, by the service of the decision. The periods of payment and remedies run from the day it counts as served."""
        fine = bool(self.fine.fen)
        served = {"document_id": document_id, "deemed_on": deemed_on}
        judged = replace(facts, input=served, known={**facts.known, "forms": ("FINE",) if fine else ()})
        self._move("serve", judged, documents=(document_id,), reason=mode)
        self.served_on = deemed_on
        timer = self.timer("D16") if fine else None
        if timer is not None:
            self.open_account(timer.legal_expiry, facts)
        return CaseServed(self.id, self.enterprise_id, deemed_on, timer.legal_expiry if timer else "")

    def open_account(self, due_on: str, facts: Facts) -> None:
        """FA01: the fine is due."""
        account = FineAccount(case_id=self.id, org_path=self.org_path, fine=self.fine, due_on=due_on)
        hang(self.accounts, account, self).open(facts=facts)

    def start_execution(self, *, facts: Facts) -> ExecutionStarted:
        self._move("start_execution", facts)
        return ExecutionStarted(self.id, facts.now)

    def charge_surcharge(self, *, facts: Facts) -> FineOverdue:
        """PC33. From the day after the due day 3 % of what is late, never more than that part. Law: APL 72(1)."""
        self._move("charge_surcharge", facts)
        account = self._account()
        account.overdue(facts=facts)
        account.charge(account.surcharge_on(legal_day(facts.now), facts.law))
        return FineOverdue(self.id, facts.now)

    def surcharge_capped_at(self) -> datetime:
        """The begin of the day on which 3 % a day reach the fine: the 34th after the due day, days under review not counted."""
        account = self._account()
        due = max(part.due_on for part in account.parts)
        last = parse_day(due) + timedelta(days=-(-100 // 3))
        for span in account.reviews:
            if span.closed_on > max(span.filed_on, due):
                last += parse_day(span.closed_on) - max(parse_day(span.filed_on), parse_day(due) + timedelta(days=1))
        return day_begins(last)

    def cap_surcharge(self, *, facts: Facts) -> None:
        """D18 ran to 100 % of what is left: nothing more accrues, an account without payments is CAPPED. Law: APL 72(1)."""
        account = self._account()
        account.charge(account.surcharge_on(legal_day(facts.now), facts.law))
        if account.state is AccountState.OVERDUE:
            account.cap(facts=facts)
        self.stop_timer("D18", facts)
        self.log("cap_surcharge", facts)

    def record_payment(self, payment: Payment, *, facts: Facts) -> FinePaid:
        """A bank slip on the account. The surcharge is that of the day of payment (5.8)."""
        self.require(MAY_PAY, "record_payment")
        account = self._account()
        paid_on = parse_day(payment.paid_on)
        if day_ends(paid_on) > day_ends(legal_day(facts.now)):
            raise PaidInFuture("a payment is booked on or after its day", paid_on=payment.paid_on)
        account.charge(account.surcharge_on(paid_on, facts.law))
        account.pay(payment, facts=facts)
        settled = account.state is AccountState.PAID
        if settled:
            for timer in ("D16", "D17", "D18"):
                self.stop_timer(timer, facts)
        self.log("record_payment", facts, reason=payment.slip)
        return FinePaid(self.id, payment.amount, settled, payment.paid_on)

    def _account(self) -> FineAccount:
        if self.fine_account is None:
            raise NoFineAccount("there is no fine to pay")
        return self.fine_account

    def complete_execution(self, document_ids: Iterable[str], *, facts: Facts) -> CaseExecuted:
        self._move("complete_execution", facts, documents=document_ids)
        self.executed_at = facts.now
        return CaseExecuted(self.id, facts.now)

    def publish(self, channel: str, url: str, *, facts: Facts) -> PenaltyPublished:
        """The publicity item goes to PUBLISHED and D14 stops; a breach of D14 stays on record (INV-20). Law: WSL 78."""
        if self.publicity is None:
            raise NothingToPublish("no publicity is due for this case")
        self.publicity.publish(facts=self._as_case_officer(facts, {"channel": channel, "url": url}))
        self.stop_timer("D14", facts)
        self.log("publish", facts, reason=channel)
        return PenaltyPublished(self.id, self.enterprise_id, facts.now)

    def file_upward(self, reference: str, *, facts: Facts) -> PenaltyFiledUpward:
        if self.upward_filing is None:
            raise NothingToFile("no filing with the superior is due for this case")
        self.upward_filing.file_upward(facts=self._as_case_officer(facts, {"reference": reference}))
        self.stop_timer("D51", facts)
        self.log("file_upward", facts, reason=reference)
        return PenaltyFiledUpward(self.id, facts.now)

    def _as_case_officer(self, facts: Facts, brought: dict[str, Any]) -> Facts:
        return replace(facts, by=replace(facts.by, roles=self.roles_of(facts.by)), input=brought)

    def release_documents(self, checked: Iterable[CheckedDocument], *, facts: Facts) -> None:
        """W05 for forms without an approval of their own, by an officer of the case."""
        self.require_officer(facts)
        listed = tuple(checked)
        for document in listed:
            refused = ready(self, facts, document, RELEASABLE[document.form]) if document.form in RELEASABLE else _by_its_move(document)
            if refused is not None:
                raise refused
        self.log("release_documents", facts, documents=[document.document_id for document in listed], row="W05")

    def note_breach(self, timer: Timer, *, facts: Facts) -> CaseDeadlineBreached:
        """A period of the department ended without what should have stopped it: the entry stays (D12, D13, D14, D51)."""
        timer.breach(facts.now)
        self.log("breach", facts, reason=f"{timer.timer} ended: {timer.legal_expiry}", row=timer.timer)
        return CaseDeadlineBreached(self.id, timer.timer, timer.legal_expiry, facts.now)

    def note_lapse(self, timer: Timer, *, facts: Facts) -> None:
        """A period of the party ended unused: the right lapses (D09, D19, D20)."""
        timer.stop(facts.now)
        self.log("lapse", facts, reason=f"{timer.timer} ended: {timer.legal_expiry}", row=timer.timer)

    def close(self, document_id: str, *, facts: Facts) -> CaseClosed:
        self._move("close", facts, documents=(document_id,))
        self.closed_at = facts.now
        return CaseClosed(self.id, self.inspection_id, tuple(self.finding_ids), facts.now)

    def archive(self, document_ids: Iterable[str], *, facts: Facts) -> CaseArchived:
        carried = tuple(document_ids)
        self._move("archive", facts, documents=carried)
        self.archived_at = facts.now
        held = {document.document_id for document in self.documents if document.state in ISSUED} | set(carried)
        return CaseArchived(self.id, tuple(sorted(held)), facts.now)

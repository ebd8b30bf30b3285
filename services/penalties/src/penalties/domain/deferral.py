"""Deferral and instalments of the fine: PC31 and PC32. Law: APL 66; D17 for each part, D18 on what is late."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from kernel.days import legal_day
from kernel.errors import DomainError, Invalid, Precondition
from kernel.money import Money
from kernel.moves import SYSTEM, AnyOf, Delegated, Facts, Move, Role, When
from kernel.timers import Timer

from penalties.domain.account import DELEGATED_DEFERRAL, AccountState, FineAccount, Instalment
from penalties.domain.decision import DelegationTooSmall
from penalties.domain.enforcement import Deferral
from penalties.domain.enforcement_events import DeferralEnded, FineDeferred
from penalties.domain.execution import Executed, NoFineAccount
from penalties.domain.file import CaseFile, from_day, parse_day, reasoned
from penalties.domain.guards import g02, g03
from penalties.domain.law import NIL
from penalties.domain.papers import carries
from penalties.domain.records import State
from penalties.domain.standing import stands


class DeferralInvalid(Invalid):
    """The parts of a deferral have days to come, in their order, and together what is left of the fine."""


class NothingToDefer(Precondition):
    """The account is not one whose payment may be deferred."""


class DeferralRuns(Precondition):
    """No part of the deferral is missed and something is still to be paid."""


def deferrable(case: CaseFile, facts: Facts) -> DomainError | None:
    """An account with something left of the fine. Law: APL 66."""
    account = case.fine_account
    if account is None:
        return NoFineAccount("there is no fine to pay")
    if account.state not in {AccountState.DUE, AccountState.OVERDUE, AccountState.PART_PAID} or not account.principal_left.fen:
        return NothingToDefer("this account is not one whose payment may be deferred", state=str(account.state))
    return None


def parts_fit(case: CaseFile, facts: Facts) -> DomainError | None:
    """Days to come, in their order; together what is left of the fine. Law: APL 66."""
    if facts.input is None or case.fine_account is None:
        return None
    parts: Sequence[Instalment] = facts.input["instalments"]
    days = [part.due_on for part in parts]
    today = legal_day(facts.now).isoformat()
    left = case.fine_account.principal_left.fen
    fits = bool(parts) and days == sorted(set(days)) and days[0] >= today and all(part.amount.fen > 0 for part in parts)
    if fits and sum(part.amount.fen for part in parts) == left:
        return None
    return DeferralInvalid("the parts have days to come, in their order, and together what is left of the fine", left=left)


def inside_deferral(case: CaseFile, facts: Facts) -> DomainError | None:
    """A deputy defers inside his delegation only. Law: 1.8 «head»."""
    limit = facts.by.delegations.get(DELEGATED_DEFERRAL)
    left = case.fine_account.principal_left.fen if case.fine_account is not None else 0
    if Role.CHIEF not in facts.by.roles and limit is not None and left > limit:
        return DelegationTooSmall("the delegation does not reach to this amount", limit=limit, fine=left)
    return None


def missed_or_paid(case: CaseFile, facts: Facts) -> DomainError | None:
    """A date of the grant is missed, or everything is paid. Law: APL 66."""
    account = case.fine_account
    if account is None or account.state is AccountState.PAID:
        return None
    running = [timer for timer in case.timers if timer.timer == "D17" and timer.stopped_at is None]
    if any(timer.expires_at and facts.now >= timer.expires_at and not case_paid(account, timer) for timer in running):
        return None
    return DeferralRuns("no part of the deferral is missed")


def case_paid(account: FineAccount, timer: Timer) -> bool:
    """What was paid since the grant covers the parts up to that of this timer."""
    number = int(timer.params["instalment"])
    needed = sum(part.amount.fen for part in account.instalments[:number])
    paid = sum(payment.amount.fen for payment in account.payments[account.counted :])
    return paid >= needed


ROWS = (
    Move(
        "PC31",
        "grant_deferral",
        {State.EXECUTING, State.DUNNED},
        State.DEFERRED,
        by=AnyOf(Role.CHIEF, Delegated(Role.DEP, DELEGATED_DEFERRAL)),
        guards=(
            g02,
            g03,
            inside_deferral,
            stands,
            deferrable,
            reasoned,
            parts_fit,
            carries(F38=("OFFICER", "REVIEWER", "APPROVER"), F39=()),
        ),
        law=("APL 66",),
        starts=("D17",),
        stops=("D16", "D18", "D22"),
        form="F38",
    ),
    Move(
        "PC32",
        "end_deferral",
        {State.DEFERRED},
        State.EXECUTING,
        by=AnyOf(Role.SYS),
        guards=(missed_or_paid,),
        law=("APL 66", "APL 72"),
        starts=(When("D18", form="LATE"),),
        stops=("D17",),
        form="F36",
    ),
)


class Deferring(Executed):
    """The moves of a deferral."""

    def grant_deferral(
        self,
        instalments: Iterable[Instalment],
        *,
        applied_on: str,
        application: str,
        hardship: str,
        document_ids: Iterable[str],
        facts: Facts,
    ) -> FineDeferred:
        """PC31 with FA06. What has run of a surcharge stays due (`surcharge_before_deferral`), from the grant on nothing runs."""
        parts, documents = tuple(instalments), tuple(document_ids)
        parse_day(applied_on)
        judged = replace(facts, input={"instalments": parts, "reason": hardship})
        account = self.fine_account
        frozen = self._ran_before(account, facts) if account is not None else NIL
        self._move("grant_deferral", judged, documents=documents, reason=hardship)
        if account is None:
            raise NoFineAccount("there is no fine to pay")
        rolled = self._as_rolled(parts)
        account.defer(list(rolled), frozen, facts=judged)
        last = rolled[-1].due_on
        self.deferral = Deferral(applied_on, application, hardship, rolled, facts.by.id, facts.now, documents, until=last)
        return FineDeferred(self.id, last, len(rolled), facts.now)

    def _ran_before(self, account: FineAccount, facts: Facts) -> Money:
        today = legal_day(facts.now)
        if facts.law.at(self.org_path).reading("surcharge_before_deferral", today) == "lapses":
            return NIL
        return account.surcharge_on(today, facts.law)

    def _as_rolled(self, parts: Sequence[Instalment]) -> tuple[Instalment, ...]:
        ends = {
            timer.params["instalment"]: timer.legal_expiry for timer in self.timers if timer.timer == "D17" and timer.stopped_at is None
        }
        return tuple(Instalment(ends[number], part.amount) for number, part in enumerate(parts, 1))

    def start_timer(self, timer: str, facts: Facts) -> str:
        """D17 runs for each part."""
        if timer != "D17":
            return super().start_timer(timer, facts)
        lines = []
        for number, part in enumerate(facts.input["instalments"], 1):
            if any(t.timer == "D17" and t.stopped_at is None and t.params.get("instalment") == number for t in self.timers):
                continue
            params = {"until": part.due_on, "fine_fen": part.amount.fen, "instalment": number}
            started = Timer(
                timer="D17",
                object_kind=self.MACHINE,
                object_id=self.id,
                org_path=self.org_path,
                starts_at=facts.now,
                events=[],
                params=params,
            )
            started.recompute(facts.law)
            self.timers.append(started)
            lines.append(f"D17 starts: {started.legal_expiry}")
        return "; ".join(lines)

    def after_payment(self, *, facts: Facts) -> DeferralEnded | None:
        """A paid part has no day any more; after the last one the deferral ends (PC32)."""
        if self.state is not State.DEFERRED:
            return None
        account = self._account()
        for timer in [t for t in self.timers if t.timer == "D17" and t.stopped_at is None and case_paid(account, t)]:
            timer.stop(facts.now)
        return self.end_deferral("", facts=facts) if account.state is AccountState.PAID else None

    def instalment_over(self, timer: Timer, *, facts: Facts) -> DeferralEnded | None:
        """The day of a part is over: it was paid, or the deferral ends (PC32)."""
        if case_paid(self._account(), timer):
            timer.stop(facts.now)
            self.log("instalment_paid", facts, reason=str(timer.legal_expiry), row="D17")
            return None
        return self.end_deferral(timer.legal_expiry, facts=facts)

    def end_deferral(self, missed_on: str, *, facts: Facts) -> DeferralEnded:
        """PC32. A missed part is late from the day after its own; later parts keep their days."""
        account = self._account()
        missed = account.state is not AccountState.PAID
        forms = ("LATE",) if missed else ()
        judged = replace(facts, by=SYSTEM, second=None, input=None, known={**facts.known, "forms": forms})
        self._move("end_deferral", judged, reason=missed_on)
        if missed:
            account.end_deferral(facts=judged)
            account.overdue(facts=judged)
            account.charge(account.surcharge_on(legal_day(facts.now), facts.law))
            if self.deferral is not None:
                self.deferral = replace(self.deferral, missed_on=missed_on)
        return DeferralEnded(self.id, missed_on if missed else "", facts.now)


def timer_d18(case: CaseFile, facts: Facts) -> tuple[Any, dict[str, Any], list[dict[str, Any]]]:
    """The surcharge runs from the day after the day of the first part that is late, on what is late (5.8)."""
    account = case.fine_account
    if account is None:
        return facts.now, {"fine_fen": 0, "due": ""}, []
    today = legal_day(facts.now)
    late = [due for due, _, until in account.slices(today) if due < today.isoformat() and until == today.isoformat()]
    due = min(late, default=account.due_on)
    left = account.late_on(today).fen if account.instalments else account.principal_left.fen
    return from_day(due), {"fine_fen": left, "due": due}, []

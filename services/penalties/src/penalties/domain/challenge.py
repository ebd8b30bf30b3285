"""What remedies do to the case: PC39–PC41, and the body's own correction, PC51. Law: ARL, ALL; APL 72, 73, 75."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from kernel.days import legal_day
from kernel.errors import DomainError, Invalid, Precondition
from kernel.money import Money
from kernel.moves import SYSTEM, AnyOf, Entered, Facts, Move, Role, When

from penalties.domain.account import AccountState, FineAccount
from penalties.domain.court import InCourt
from penalties.domain.enforcement import Redecision
from penalties.domain.enforcement_events import (
    DecisionChanged,
    DecisionRevoked,
    FineRefunded,
    PublicityEnded,
    RefundDue,
    RemedyEnded,
    RemedyFiled,
)
from penalties.domain.execution import NothingToPublish
from penalties.domain.file import CaseFile, parse_day, reasoned
from penalties.domain.guards import g02
from penalties.domain.hanging import hang, tried
from penalties.domain.law import NIL
from penalties.domain.papers import carries
from penalties.domain.publicity import PublicityState
from penalties.domain.records import State, span
from penalties.domain.remedy import TOLD, Effect, Ending, Remedy, RemedyNotFound, Ruling
from penalties.domain.remedy_steps import Step


class NotUnderReview(Precondition):
    """No remedy is pending on this decision."""


class NoDecisionYet(Precondition):
    """There is no decision to challenge or to correct."""


class FineOnlyLower(Invalid):
    """A reconsideration does not make the decision worse for the party (ARL 63(2))."""


CHALLENGED = span(State.SERVED, State.ARCHIVED) | {State.S_DECIDED, State.S_RECORDED}
CORRECTED = span(State.DECIDED, State.ARCHIVED)
# Periods that end with the decision.
ENDED_WITH_DECISION = ("D13", "D14", "D16", "D17", "D18", "D19", "D20", "D22", "D23", "D24", "D51", "D56", "D57", "D59", "D60", "D64")


def decided(case: CaseFile, facts: Facts) -> DomainError | None:
    """A decision stands. Law: ARL 11; ALL 12."""
    if case.revoked or not (case.decided_at or case.on_the_spot):
        return NoDecisionYet("no decision stands that could be challenged or corrected")
    return None


def is_under_review(case: CaseFile, facts: Facts) -> DomainError | None:
    """A remedy was filed."""
    return None if case.under_review else NotUnderReview("no remedy is pending on this decision")


def only_lower(case: CaseFile, facts: Facts) -> DomainError | None:
    """Not worse for the party that asked. Law: ARL 63(2); ALL 77(2)."""
    fine: Money | None = facts.input.get("fine") if facts.input else None
    if fine is not None and fine.fen > case.fine.fen:
        return FineOnlyLower("the decision is not made worse for the party", fine=fine.fen, was=case.fine.fen)
    return None


ROWS = (
    Move("PC39", "begin_review", CHALLENGED, None, by=Entered(), guards=(decided,), law=("APL 73", "ARL 42", "ALL 56")),
    Move(
        "PC40",
        "end_review",
        CHALLENGED,
        None,
        by=TOLD,
        guards=(is_under_review,),
        law=("APL 73", "ALI 58", "AEL 53"),
        starts=(When("D21", form="D21"),),
    ),
    Move(
        "PC41",
        "overturn",
        CHALLENGED,
        frozenset({State.EXECUTING, State.CLOSED, State.INVESTIGATING}),
        by=TOLD,
        guards=(is_under_review, only_lower),
        law=("ARL 63", "ARL 64", "ALL 70", "APL 48"),
        starts=(When("D15", form="PUBLISHED"), When("D12", form="REDECIDE"), When("D21", form="D21")),
    ),
    Move(
        "PC51",
        "correct",
        CORRECTED,
        None,
        by=AnyOf(Role.CHIEF, Role.COLL),
        guards=(g02, decided, reasoned, carries(X7D=("APPROVER",))),
        law=("APL 75", "APL 48"),
        starts=(When("D15", form="PUBLISHED"),),
        form="X7D",
    ),
    Move(
        "PC51",
        "correct_and_redecide",
        CORRECTED,
        State.INVESTIGATING,
        by=AnyOf(Role.CHIEF, Role.COLL),
        guards=(g02, decided, reasoned, carries(X7D=("APPROVER",))),
        law=("APL 75", "APL 48"),
        starts=(When("D15", form="PUBLISHED"), When("D12", form="REDECIDE")),
        form="X7D",
    ),
)


class Challenged(InCourt):
    """The moves of remedies and of the own correction."""

    def remedy(self, id: UUID) -> Remedy:
        found = next((remedy for remedy in self.remedies if remedy.id == id), None)
        if found is None:
            raise RemedyNotFound("the case has no such remedy", id=str(id))
        return found

    def _filing(self, filed_on: str, body: str, ground: str, facts: Facts) -> Remedy:
        parse_day(filed_on)
        self._may_be_reviewed(facts)
        return Remedy(case_id=self.id, org_path=self.org_path, filed_on=filed_on, body=body, ground=ground, opened_at=facts.now)

    def file_reconsideration(
        self, filed_on: str, body: str, ground: str, evidence_id: str, handed_here: bool, stayed: bool, *, facts: Facts
    ) -> RemedyFiled:
        """RM01 and PC39. D18 stands still from the day of filing; the execution goes on unless it is stayed."""
        made = self._filing(filed_on, body, ground, facts)
        made.handed_here, made.stayed = handed_here, stayed
        with tried(self.remedies, hang(self.remedies, made, self)):
            made.apply(evidence_id, facts=facts)
        self._open_review(filed_on, evidence_id, facts)
        return RemedyFiled(self.id, made.id, "RECONSIDERATION", filed_on)

    def file_suit(
        self, filed_on: str, court: str, copy_on: str, evidence_id: str, extended: bool, stayed: bool, *, facts: Facts
    ) -> RemedyFiled:
        """RM03 and PC39: a direct suit."""
        made = self._filing(filed_on, court, "", facts)
        made.stayed = stayed
        with tried(self.remedies, hang(self.remedies, made, self)):
            made.sue(court, copy_on, evidence_id, extended, facts=facts)
        self._open_review(filed_on, evidence_id, facts)
        return RemedyFiled(self.id, made.id, "SUIT", filed_on)

    def sue_after(
        self, remedy_id: UUID, filed_on: str, court: str, copy_on: str, evidence_id: str, extended: bool, stayed: bool, *, facts: Facts
    ) -> RemedyFiled:
        """RM04 and PC39."""
        remedy = self.remedy(remedy_id)
        parse_day(filed_on)
        self._may_be_reviewed(facts)
        remedy.sue_after(filed_on, court, copy_on, evidence_id, extended, facts=facts)
        remedy.stayed = stayed
        self._open_review(filed_on, evidence_id, facts)
        return RemedyFiled(self.id, remedy.id, "SUIT", filed_on)

    def _may_be_reviewed(self, facts: Facts) -> None:
        refused = self.refusal(self.row("begin_review"), facts)
        if refused is not None:
            raise refused

    def _open_review(self, filed_on: str, evidence_id: str, facts: Facts) -> None:
        self._move("begin_review", facts, documents=(evidence_id,) if evidence_id else (), reason=filed_on)
        self.under_review = True
        account = self.fine_account
        if account is not None:
            account.begin_review(filed_on)
            account.charge(account.surcharge_on(legal_day(facts.now), facts.law))
        self._pause_surcharge()

    def _pause_surcharge(self) -> None:
        timer = self.timer("D18")
        if timer is not None and timer.stopped_at is None:
            timer.expires_at = None

    def record_step(self, remedy_id: UUID, step: Step, on: str, days: int, evidence_id: str, simple: bool, *, facts: Facts) -> None:
        parse_day(on)
        self.remedy(remedy_id).record(step, on, days, evidence_id, simple, facts=facts)
        self.log("record_remedy_step", facts, reason=f"{step}: {on}", row="RM01")

    def end_reconsideration(self, remedy_id: UUID, ruling: Ruling, ending: Ending | None, *, facts: Facts) -> list[object]:
        """RM02 with PC40 or PC41."""
        remedy = self.remedy(remedy_id)
        self._may_heed(ruling, facts)
        remedy.end(ruling, ending, facts=facts)
        return [RemedyEnded(self.id, remedy.id, ruling.effect.value, ruling.received_on), *self._heed(ruling, remedy, facts)]

    def answer_suit(self, remedy_id: UUID, on: str, evidence_id: str, *, facts: Facts) -> None:
        self.remedy(remedy_id).answer_suit(on, evidence_id, facts=facts)
        self.log("answer_suit", facts, reason=on, row="RM05")

    def record_judgment(self, remedy_id: UUID, ruling: Ruling, *, facts: Facts) -> None:
        """RM05: not final yet, the case stays under review."""
        self.remedy(remedy_id).judge(ruling, facts=facts)
        self.log("record_judgment", facts, reason=ruling.effect.value, row="RM05")

    def record_appeal(self, remedy_id: UUID, on: str, by_party: bool, evidence_id: str, *, facts: Facts) -> None:
        self.remedy(remedy_id).appeal(on, by_party, evidence_id, facts=facts)
        self.log("record_appeal", facts, reason=on, row="RM06")

    def record_final_judgment(self, remedy_id: UUID, ruling: Ruling, perform_by: str, *, facts: Facts) -> list[object]:
        """RM07 with PC40 or PC41."""
        remedy = self.remedy(remedy_id)
        self._may_heed(ruling, facts)
        remedy.make_final(ruling, perform_by, facts=facts)
        return [RemedyEnded(self.id, remedy.id, ruling.effect.value, ruling.received_on), *self._heed(ruling, remedy, facts)]

    def _may_heed(self, ruling: Ruling, facts: Facts) -> None:
        """What the case would refuse is refused before the remedy ends."""
        if ruling.received_on:
            parse_day(ruling.received_on)
        refused = only_lower(self, replace(facts, input={"fine": ruling.fine if ruling.effect is Effect.CHANGED else None}))
        if refused is not None:
            raise refused

    def _heed(self, ruling: Ruling, remedy: Remedy, facts: Facts) -> list[object]:
        forms = ["D21"] if remedy.decided_on == ruling.received_on and not remedy.suit_filed_on and not _runs_on(remedy) else []
        if ruling.effect in {Effect.UPHELD, Effect.NONE}:
            self._move("end_review", _since(facts, ruling.received_on, forms), reason=ruling.effect.value)
            self._close_review(ruling.received_on, facts)
            return []
        by = "RECONSIDERATION" if not remedy.suit_filed_on else "JUDGMENT"
        return self._overturn(ruling, by, forms, facts)

    def _close_review(self, closed_on: str, facts: Facts) -> None:
        """The surcharge runs on from the day of the end; the window of the court is derived anew."""
        self.under_review = any(remedy.pending for remedy in self.remedies)
        account, timer = self.fine_account, self.timer("D18")
        if account is not None and not self.under_review:
            account.end_review(closed_on)
            account.charge(account.surcharge_on(legal_day(facts.now), facts.law))
            if timer is not None and timer.stopped_at is None:
                timer.expires_at = self.surcharge_capped_at()
        self.derive_window(facts)

    def _overturn(self, ruling: Ruling, by: str, forms: list[str], facts: Facts) -> list[object]:
        """PC41. Changed: new amounts, executed on. Revoked: closed. To be decided again: investigated anew, with its own limit."""
        targets = {Effect.CHANGED: State.EXECUTING, Effect.REVOKED: State.CLOSED, Effect.REDECIDE: State.INVESTIGATING}
        changed = ruling.effect is Effect.CHANGED
        if self.publicity is not None and self.publicity.state is PublicityState.PUBLISHED:
            forms = [*forms, "PUBLISHED"]
        if ruling.effect is Effect.REDECIDE:
            forms = [*forms, "REDECIDE"]
        judged = _since(facts, ruling.received_on, forms, fine=ruling.fine if changed else None)
        self._move("overturn", judged, target=targets[ruling.effect], reason=f"{by}: {ruling.text}")
        closed = ruling.received_on
        account = self.fine_account
        if account is not None:
            account.end_review(closed)
        self.under_review = any(remedy.pending for remedy in self.remedies)
        if changed:
            fine = ruling.fine or NIL
            self.fine = fine
            refund = self._lower(fine, facts)
            for timer in ("D22", "D23", "D24", "D56", "D57", "D59", "D60", "D64"):
                self.stop_timer(timer, facts)
            self.executed_at = self.closed_at = self.archived_at = None
            return [DecisionChanged(self.id, self.enterprise_id, fine, facts.now), *refund]
        redecide = ruling.effect is Effect.REDECIDE
        return self._revoke(by, closed, redecide, ruling.procedure_only, ruling.redecide_by, facts)

    def _lower(self, fine: Money, facts: Facts) -> list[object]:
        account = self.fine_account
        if account is None:
            return []
        if account.state is AccountState.REFUNDED:
            account = self._account_after(account, facts)
        refund = account.lower(fine, legal_day(facts.now), facts=facts)
        if account.state in {AccountState.PAID, AccountState.REFUND_DUE} or not fine.fen:
            for timer in ("D16", "D17", "D18"):
                self.stop_timer(timer, facts)
        else:
            timer_18 = self.timer("D18")
            if timer_18 is not None and timer_18.stopped_at is None and not self.under_review:
                timer_18.expires_at = self.surcharge_capped_at()
        return [RefundDue(self.id, refund, facts.now)] if refund.fen else []

    def _account_after(self, ended: FineAccount, facts: Facts) -> FineAccount:
        """A part went back and the decision falls further: what was kept stands on an account of its own."""
        carried = ended.carried_over(facts=facts)
        following = FineAccount(case_id=self.id, org_path=self.org_path, fine=carried.amount, due_on=ended.due_on)
        hang(self.accounts, following, self).open(facts=facts)
        if carried.amount.fen:
            following.pay(carried, facts=replace(facts, by=SYSTEM, second=None))
        return following

    def _revoke(self, by: str, on: str, redecide: bool, procedure_only: bool, redecide_by: str, facts: Facts) -> list[object]:
        """The decision no longer stands: its money goes back, its documents are revoked (W15), its publication is withdrawn (D15)."""
        revoked_documents = tuple(d.document_id for form in ("F34", "F35", "F32", "F33", "X5", "F37") for d in self.issued(form))
        refund = self._lower(NIL, facts)
        for timer in ENDED_WITH_DECISION:
            self.stop_timer(timer, facts)
        self.revoked, self.execution_paused = True, False
        if redecide:
            self.redecision = Redecision(
                by, on, self.decided_proposal, procedure_only, redecide_by, notices=len(self.notices), reviews=len(self.reviews)
            )
            if self.fine_account is not None:
                self.fine_account.superseded = True
            self.decided_at = self.executed_at = self.closed_at = self.archived_at = None
            self.served_on, self.decided_by, self.decided_proposal, self.fine = "", "", 0, NIL
            self.review, self.review_round, self.decision_reviewed_by = "", "", ""
            self.deferral = self.demand = self.court = None
            self.change_facts()
        elif self.state is State.CLOSED and self.closed_at is None:
            self.closed_at = facts.now
        return [DecisionRevoked(self.id, self.enterprise_id, revoked_documents, redecide, facts.now), *refund]

    def correct(self, reason: str, redecide: bool, document_ids: Iterable[str], *, facts: Facts) -> list[object]:
        """PC51. The body revokes its own decision, to be decided again or for good. Law: APL 75."""
        published = self.publicity is not None and self.publicity.state is PublicityState.PUBLISHED
        today = legal_day(facts.now).isoformat()
        forms = [*(["PUBLISHED"] if published else []), *(["REDECIDE"] if redecide else [])]
        judged = _since(facts, today, forms, reason=reason)
        self._move("correct_and_redecide" if redecide else "correct", judged, documents=document_ids, reason=reason)
        withdrawal = next(iter(judged.known["checked"].values())).document_id
        revoked, *rest = self._revoke("SELF", today, redecide, True, "", facts)
        return [replace(revoked, withdrawn_by=withdrawal), *rest] if isinstance(revoked, DecisionRevoked) else [revoked, *rest]

    def pay_back(self, refunded_on: str, slip: str, *, facts: Facts) -> FineRefunded:
        """FA09, in whatever state the case is by then."""
        parse_day(refunded_on)
        owing = [account for account in self.accounts if account.state is AccountState.REFUND_DUE]
        account = owing[0] if owing else self._account()
        account.pay_back(refunded_on, slip, facts=facts)
        self.log("pay_back", facts, reason=slip, row="FA09")
        return FineRefunded(self.id, account.refund, refunded_on)

    def withdraw_publicity(self, reason: str, *, facts: Facts) -> PublicityEnded:
        """PI03: withdrawn with reasons, D15 stops. Law: APL 48(2)."""
        return self._end_publicity("withdraw", reason, facts)

    def expire_publicity(self, reason: str, *, facts: Facts) -> PublicityEnded:
        """PI04: the credit is repaired, or the term is over."""
        return self._end_publicity("expire", reason, facts)

    def _end_publicity(self, name: str, reason: str, facts: Facts) -> PublicityEnded:
        published = [item for item in self.publicity_items if item.state is PublicityState.PUBLISHED]
        item = published[0] if published else self.publicity
        if item is None:
            raise NothingToPublish("nothing was published for this case")
        getattr(item, name)(facts=self._as_case_officer(facts, {"reason": reason}))
        if name == "withdraw":
            self.stop_timer("D15", facts)
        self.log(f"{name}_publicity", facts, reason=reason)
        return PublicityEnded(self.id, self.enterprise_id, name == "withdraw", facts.now)

    def application_accepted(self, *, facts: Facts) -> None:
        """D63 ended without a refusal: the application is accepted (ARL 30); before 2024 on the day of its receipt."""
        timer = self.timer("D63")
        for remedy in self.remedies:
            if remedy.state == "RECON_FILED" and not remedy.accepted_on and timer is not None:
                on = (
                    timer.legal_expiry if legal_day(timer.starts_at).isoformat() >= "2024-01-01" else legal_day(timer.starts_at).isoformat()
                )
                remedy.record(Step.ACCEPTED, on, 0, "", False, facts=facts)

    def application_given_up(self, *, facts: Facts) -> list[object]:
        """D62 ended without a completion: the application counts as given up (ARL 31)."""
        timer, today = self.timer("D62"), legal_day(facts.now).isoformat()
        waiting = next((remedy for remedy in self.remedies if remedy.state == "RECON_FILED" and not remedy.accepted_on), None)
        if waiting is None or timer is None:
            return []
        ruling = Ruling(Effect.NONE, today, today, text="D62")
        return self.end_reconsideration(waiting.id, ruling, Ending.GIVEN_UP, facts=replace(facts, by=SYSTEM, second=None))

    def reconsideration_over(self, *, facts: Facts) -> None:
        """D52 ended without a decision: the party may sue within D21 (ARL 34). The entry against the body stays."""
        timer = self.timer("D52")
        waiting = next((remedy for remedy in self.remedies if remedy.state == "RECON_FILED" and remedy.accepted_on), None)
        if timer is None or waiting is None:
            return
        waiting.period_over_on = timer.legal_expiry
        params = {"no_decision": True, **({"procedure": "simple"} if waiting.simple else {})}
        self.start_timer("D21", replace(facts, input={"since": waiting.accepted_on, "params": params}))
        self.log("reconsideration_over", facts, reason=timer.legal_expiry, row="D52")


def _runs_on(remedy: Remedy) -> bool:
    return remedy.ending in {Ending.WITHDRAWN, Ending.GIVEN_UP}


def _since(facts: Facts, day: str, forms: Iterable[str], **brought: object) -> Facts:
    return replace(facts, input={"since": day, "params": {}, **brought}, known={**facts.known, "forms": tuple(forms)})

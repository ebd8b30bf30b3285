"""The simple procedure, a penalty on the spot: PC53–PC57 (5.3). Cash stands in cash.py."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kernel.days import legal_day
from kernel.errors import DomainError, Invalid, Precondition
from kernel.moves import SYSTEM, AnyOf, Facts, Move, Role, TwoOfficers, When

from penalties.domain.account import AccountState
from penalties.domain.events import CaseExecuted, ExecutionStarted, FilingProposed
from penalties.domain.execution import Executed
from penalties.domain.file import CaseFile, known, reasoned
from penalties.domain.guards import OrderToCorrectMissing, g01, g02, g05, g09, g10
from penalties.domain.law import Act, PartyKind, Thresholds
from penalties.domain.papers import CheckedDocument, DocumentNotReady, carries
from penalties.domain.procedure_events import SimpleDecided, SimpleDrafted, SimpleRecorded
from penalties.domain.proceedings import SimpleKind, SimplePenalty
from penalties.domain.records import State
from penalties.domain.wording import simple_told


class SimpleNotAllowed(Precondition):
    """A simple procedure imposes a warning or a small fine and nothing else (APL 51)."""


class SimpleFineTooHigh(Precondition):
    """A fine on the spot is at most 200 yuan for a citizen and 3,000 for a unit (APL 51)."""


class SimpleFactsUncertain(Precondition):
    """A penalty on the spot rests on facts that are certain, and on evidence (APL 51)."""


class PartyNotTold(Precondition):
    """Certificate, facts, reasons, basis and rights are told, and the party is heard, before a penalty on the spot (APL 44, 52)."""


class ReconsiderationFirstMissing(Precondition):
    """Since 2024-01-01 a decision on the spot says that reconsideration comes before a suit (ARL 23)."""


class EntryMissing(Invalid):
    """A report to the authority names its entry."""


class FineStillDue(Precondition):
    """The fine on the spot is not paid, or its cash not deposited."""


RECONSIDERATION_FIRST_FROM = "2024-01-01"


def g23_kind(case: CaseFile, facts: Facts) -> DomainError | None:
    """G23 by kind and amount: a warning, or a fine up to the cap and inside the branch; no other kind. Law: APL 51."""
    given: SimplePenalty | None = facts.input if isinstance(facts.input, SimplePenalty) else case.simple
    act: Act | None = known(facts, "act")
    thresholds: Thresholds | None = known(facts, "thresholds")
    if given is None or act is None or thresholds is None:
        return None
    branch = act.branch(case.branch)
    other = branch is None or branch.suspend or branch.revoke or branch.confiscate_goods or branch.employment_bar or not branch.computable
    if branch is None or other:
        return SimpleNotAllowed("the branch imposes more than a warning or a fine", act=act.id, branch=case.branch)
    if given.kind is SimpleKind.WARNING:
        return None if branch.warning and not given.fine.fen else SimpleNotAllowed("the branch knows no warning", act=act.id)
    cap, allowed = thresholds.simple.get(case.party_kind, 0), branch.range_for(case.party_kind)
    if not 0 < given.fine.fen <= cap:
        return SimpleFineTooHigh("the fine is above the cap of the simple procedure", fine=given.fine.fen, cap=cap)
    if allowed is None or not allowed.holds(given.fine.fen):
        return SimpleNotAllowed("the branch knows no such fine", act=act.id, fine=given.fine.fen)
    return None


def facts_certain(case: CaseFile, facts: Facts) -> DomainError | None:
    """Facts certain, each with evidence. Law: APL 40, 51."""
    given = facts.input
    if given is None or (given.facts.strip() and given.evidence_ids):
        return None
    return SimpleFactsUncertain("write down the facts and name their evidence")


@dataclass(frozen=True)
class HandOver:
    """What the officers note when they hand the decision over."""

    certificate_shown: bool
    rights_told: bool
    statement: str
    refused_to_sign: bool
    place: str
    document_id: str


def g22_simple(case: CaseFile, facts: Facts) -> DomainError | None:
    """G22: an order to correct was served, or nothing is left to correct. Law: APL 28."""
    if case.simple is None:
        return None
    served = known(facts, "served_orders")
    named = set(case.simple.correction_order_ids)
    if (named if served is None else named & set(served)) or case.simple.correction_note.strip():
        return None
    return OrderToCorrectMissing("no order to correct was served with the penalty", orders=",".join(sorted(named)))


def g23_told(case: CaseFile, facts: Facts) -> DomainError | None:
    """G23 by conduct: certificate shown, rights told, heard, on the numbered form, on the spot. Law: APL 44, 51, 52; ARL 23."""
    given: HandOver | None = facts.input
    if given is None:
        return None
    if not (given.certificate_shown and given.rights_told and given.statement.strip() and given.place.strip()):
        return PartyNotTold("the party is shown the certificate, told its rights, and heard, on the spot")
    form = "F32" if case.party_kind is PartyKind.UNIT else "F33"
    checked: Mapping[str, CheckedDocument] = known(facts, "checked") or {}
    document = next((found for found in checked.values() if found.form == form), None)
    if document is None:
        return DocumentNotReady(f"{form} is missing", form=form)
    said = simple_told(case.simple) if case.simple else {}
    wrong = [name for name, text in said.items() if name in document.fields and str(document.fields[name]) != text]
    if wrong:
        return DocumentNotReady(f"{form} does not carry the penalty as drafted", form=form, fields=",".join(wrong))
    if not document.signers.get("PARTY"):
        return DocumentNotReady(f"{form} lacks the party's signature, or its refusal", form=form, capacity="PARTY")
    if legal_day(facts.now).isoformat() >= RECONSIDERATION_FIRST_FROM and not document.fields.get("reconsideration_first"):
        return ReconsiderationFirstMissing("the decision has to say that reconsideration comes first", form=form)
    refused: DomainError | None = carries(**{form: ("OFFICER",)})(case, facts)
    return refused


def names_entry(case: CaseFile, facts: Facts) -> DomainError | None:
    """Where it was entered. Law: APL 52."""
    if facts.input is None or str(facts.input["entry"]).strip():
        return None
    return EntryMissing("name the entry of the report")


def is_simple(case: CaseFile, facts: Facts) -> DomainError | None:
    """A penalty on the spot. Law: 11.5 PC57."""
    return None if case.simple is not None else SimpleNotAllowed("this is no penalty on the spot")


def paid_on_receipt(case: CaseFile, facts: Facts) -> DomainError | None:
    """Paid with the number of its receipt; cash is deposited. Law: APL 67–71."""
    account = case.fine_account
    if account is not None and account.state is not AccountState.PAID:
        return FineStillDue("the fine is not paid", owed=account.owed.fen)
    if any(cash.deposited_at is None for cash in case.cash):
        return FineStillDue("cash was taken and not deposited yet", receipts=",".join(cash.receipt_number for cash in case.cash))
    return None


ROWS = (
    Move(
        "PC53",
        "draft_simple",
        {State.CLUE},
        State.S_DRAFT,
        by=TwoOfficers(),
        guards=(g01, g02, g05, g09, g10, g23_kind, facts_certain),
        law=("APL 51", "APL 52"),
        form="F32",
    ),
    Move(
        "PC54",
        "hand_over_simple",
        {State.S_DRAFT},
        State.S_DECIDED,
        by=TwoOfficers(),
        guards=(g01, g02, g22_simple, g23_kind, g23_told),
        law=("APL 44", "APL 52", "ARL 23"),
        starts=("D05", When("D14", form="UNIT"), When("D16", form="FINE"), "D19", When("D20", form="SUIT")),
        form="F32",
    ),
    Move(
        "PC55",
        "leave_simple",
        {State.S_DRAFT},
        State.FILING,
        by=TwoOfficers(),
        guards=(g01, g02, reasoned, carries(F01=("OFFICER",))),
        law=("APL 51", "APL 54"),
        form="F01",
    ),
    Move(
        "PC56",
        "record_simple",
        {State.S_DECIDED},
        State.S_RECORDED,
        by=AnyOf(Role.OFF, Role.LEAD),
        guards=(g02, names_entry),
        law=("APL 52",),
        stops=("D05",),
    ),
    Move(
        "PC57",
        "execute_simple",
        {State.S_RECORDED},
        State.EXECUTING,
        by=AnyOf(Role.OFF, Role.LEAD, Role.FIN),
        guards=(g02, is_simple),
        law=("APL 66", "APL 67"),
    ),
    Move(
        "PC57",
        "complete_simple",
        {State.EXECUTING},
        State.EXECUTED,
        by=AnyOf(Role.OFF, Role.LEAD, Role.FIN),
        guards=(g02, is_simple, paid_on_receipt),
        law=("APL 67", "APL 70"),
        stops=("D16", "D18"),
    ),
)


class Simple(Executed):
    """The moves of the simple procedure."""

    def draft_simple(self, penalty: SimplePenalty, *, facts: Facts) -> SimpleDrafted:
        """PC53."""
        people = tuple(sorted({facts.by.id, *([facts.second.id] if facts.second else [])}))
        drafted = replace(penalty, drafted_by=people, drafted_at=facts.now)
        self._move("draft_simple", replace(facts, input=drafted), reason=drafted.facts)
        self.simple, self.prepared_by = drafted, list(people)
        return SimpleDrafted(self.id, self.inspection_id, drafted.fine, facts.now)

    def hand_over_simple(self, given: HandOver, *, facts: Facts) -> SimpleDecided:
        """PC54: decided and served at once, so that payment and remedies run from this day. Law: APL 52, 67."""
        drafted, unit = self.simple or _none(), self.party_kind is PartyKind.UNIT
        day = legal_day(facts.now).isoformat()
        due = {"UNIT": unit, "FINE": bool(drafted.fine.fen), "SUIT": day < RECONSIDERATION_FIRST_FROM}
        judged = replace(facts, input=given, known={**facts.known, "forms": [form for form, runs in due.items() if runs]})
        self._move("hand_over_simple", judged, documents=(given.document_id,), reason=given.statement)
        self.simple = replace(drafted, **vars(given), handed_over_at=facts.now)
        self.fine, self.decided_at, self.decided_by, self.served_on = drafted.fine, facts.now, facts.by.id, day
        timer = self.timer("D16") if drafted.fine.fen else None
        if timer is not None:
            self.open_account(timer.legal_expiry, facts)
        if unit:
            self.owe_publicity(replace(facts, by=SYSTEM, second=None, input=None))
        return SimpleDecided(
            self.id,
            self.inspection_id,
            self.enterprise_id,
            self.act_id,
            drafted.fine,
            drafted.kind is SimpleKind.WARNING,
            timer.legal_expiry if timer else "",
            facts.now,
            tuple(self.finding_ids),
        )

    def leave_simple(self, reason: str, document_id: str, *, facts: Facts) -> FilingProposed:
        """PC55: the ordinary procedure takes over with F01."""
        self._move("leave_simple", replace(facts, input={"reason": reason}), documents=(document_id,), reason=reason)
        self.prepared_by = sorted({facts.by.id, *([facts.second.id] if facts.second else [])})
        self.simple = None
        return FilingProposed(self.id, facts.now)

    def record_simple(self, entry: str, *, facts: Facts) -> SimpleRecorded:
        """PC56."""
        self._move("record_simple", replace(facts, input={"entry": entry}), reason=entry)
        self.simple = replace(self.simple or _none(), record_entry=entry, recorded_by=facts.by.id, recorded_at=facts.now)
        return SimpleRecorded(self.id, facts.now)

    def execute_simple(self, *, facts: Facts) -> ExecutionStarted:
        self._move("execute_simple", facts)
        return ExecutionStarted(self.id, facts.now)

    def complete_simple(self, *, facts: Facts) -> CaseExecuted:
        receipts = ",".join(cash.receipt_number for cash in self.cash)
        self._move("complete_simple", facts, reason=receipts)
        self.executed_at = facts.now
        return CaseExecuted(self.id, facts.now)


def _none() -> SimplePenalty:
    raise SimpleNotAllowed("this is no penalty on the spot")

"""What a penalty case holds: its state, its people, its records. The phases add the moves; nothing here moves it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from kernel.days import day_begins, legal_day
from kernel.errors import DomainError, Invalid, NotFound, Precondition
from kernel.money import Money
from kernel.moves import Facts, Person, Role, Transition
from kernel.timers import Clocked, Timer, TimerState

from penalties.domain.account import FineAccount
from penalties.domain.crime_screen import CrimeFacts
from penalties.domain.enforcement import CaseTransfer, CourtApplication, Deferral, Demand, HeldGoods, Loan, Redecision
from penalties.domain.hearing import Hearing
from penalties.domain.law import NIL, PartyKind
from penalties.domain.proceedings import CaseKind, CashCollection, Deliberation, Ending, RefusalDay, SimplePenalty, Suspension
from penalties.domain.proposal import PenaltyProposal
from penalties.domain.publicity import PublicityItem, UpwardFiling
from penalties.domain.records import (
    ISSUED,
    CaseDocument,
    Notice,
    PersonParty,
    Questioning,
    RefusalGround,
    Review,
    Screen,
    Source,
    State,
)
from penalties.domain.recusal import Recusal
from penalties.domain.remedy import Remedy


class CaseNotFound(NotFound):
    """No such case, or not yours to see."""


class ReasonMissing(Invalid):
    """This is done with written reasons or not at all."""


class ProposalMissing(Precondition):
    """No version of the proposal is stored yet."""


class DateInvalid(Invalid):
    """A day is written YYYY-MM-DD."""


@dataclass(eq=False)
class CaseFile(Clocked):
    """A penalty case. `filed`, `late` and the other flags stand beside the state and never replace it."""

    MACHINE = "case"
    RESTS = frozenset({State.ARCHIVED})
    # Which instant and parameters a timer starts with, where it is not simply now; the phases fill it.
    TIMERS: ClassVar[Mapping[str, Any]] = {}

    org_id: str
    org_path: str
    region_code: str
    name: str
    source: Source
    inspection_id: str
    finding_ids: list[str]
    enterprise_id: str
    party_kind: PartyKind
    party_name: str
    act_id: str
    branch: str
    act_on: str
    discovered_on: str
    summary: str
    lead_id: str
    officer_ids: list[str]
    opened_at: datetime
    id: UUID = field(default_factory=uuid4)
    state: State = State.CLUE
    version: int = 1
    number: str = ""
    # Field of enforcement that its officers are certified for (1.4).
    category: str = "WORK_SAFETY"
    person: PersonParty | None = None
    act_ended_on: str = ""
    metric_value: int = 0
    overdue_proof: str = ""
    prepared_by: list[str] = field(default_factory=list)
    filing_reviewed_by: str = ""
    filing_reviewed_at: datetime | None = None
    filing_approved_by: str = ""
    decision_reviewed_by: str = ""
    decided_by: str = ""
    refusal_ground: RefusalGround | None = None
    refusal_reason: str = ""
    filed: bool = False
    complex: bool = False
    late: bool = False
    late_reason: str = ""
    under_review: bool = False
    revoked: bool = False
    review_round: str = ""
    review: str = ""
    filed_at: datetime | None = None
    reported_at: datetime | None = None
    decided_at: datetime | None = None
    served_on: str = ""
    executed_at: datetime | None = None
    closed_at: datetime | None = None
    archived_at: datetime | None = None
    fine: Money = NIL
    decided_proposal: int = 0
    fact_version: int = 1
    crime_facts: CrimeFacts = field(default_factory=CrimeFacts)
    screens: list[Screen] = field(default_factory=list)
    proposals: list[PenaltyProposal] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    recusals: list[Recusal] = field(default_factory=list)
    questionings: list[Questioning] = field(default_factory=list)
    documents: list[CaseDocument] = field(default_factory=list)
    kind: CaseKind = CaseKind.ORDINARY
    origin_case_id: str = ""
    sibling_ids: list[str] = field(default_factory=list)
    urgency: str = ""
    deliberations: list[Deliberation] = field(default_factory=list)
    suspensions: list[Suspension] = field(default_factory=list)
    simple: SimplePenalty | None = None
    cash: list[CashCollection] = field(default_factory=list)
    ending: Ending | None = None
    refusal_days: list[RefusalDay] = field(default_factory=list)
    hearings: list[Hearing] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)
    # One of each per decision: a new decision after a remedy opens its own.
    accounts: list[FineAccount] = field(default_factory=list)
    publicity_items: list[PublicityItem] = field(default_factory=list)
    upward_filings: list[UpwardFiling] = field(default_factory=list)
    remedies: list[Remedy] = field(default_factory=list)
    transfers: list[CaseTransfer] = field(default_factory=list)
    measures: list[HeldGoods] = field(default_factory=list)
    deferral: Deferral | None = None
    demand: Demand | None = None
    court: CourtApplication | None = None
    late_application: bool = False
    redecision: Redecision | None = None
    loans: list[Loan] = field(default_factory=list)
    execution_paused: bool = False
    criminal_fine: Money = NIL

    def roles_of(self, person: Person) -> frozenset[Role]:
        """LEAD and OFF are relative to this case; every other role is that of his post."""
        own = person.roles - {Role.LEAD, Role.OFF}
        if person.id == self.lead_id:
            own |= {Role.LEAD, Role.OFF}
        elif person.id in self.officer_ids:
            own |= {Role.OFF}
        # The leaders of the body are the collective of a case that is before them (1.7).
        if self.state is State.DELIBERATION and own & {Role.CHIEF, Role.DEP}:
            own |= {Role.COLL}
        return own

    @property
    def party_key(self) -> str:
        """How the party is named among the suspects of a transfer: its id in the register, or the person's number or name."""
        if self.person is not None and self.party_kind is PartyKind.PERSON:
            return f"person:{self.person.id_number or self.person.name}"
        return self.enterprise_id

    @property
    def on_the_spot(self) -> bool:
        """Punished in the simple procedure. Law: APL 51."""
        return self.simple is not None and not self.filed

    @property
    def fine_account(self) -> FineAccount | None:
        """The account of the decision that stands."""
        return next((account for account in reversed(self.accounts) if not account.superseded), None)

    @property
    def earlier_accounts(self) -> list[FineAccount]:
        return [account for account in self.accounts if account.superseded]

    @property
    def publicity(self) -> PublicityItem | None:
        return self.publicity_items[-1] if self.publicity_items else None

    @property
    def upward_filing(self) -> UpwardFiling | None:
        return self.upward_filings[-1] if self.upward_filings else None

    @property
    def goods(self) -> list[HeldGoods]:
        """Goods under seal or seizure that concern this case and not another of the same inspection."""
        return [goods for goods in self.measures if goods.case_id in {"", str(self.id)}]

    @property
    def criminal_fine_due(self) -> Money:
        """What is due of the fine of the criminal court after the administrative fine that was paid. Law: APL 35."""
        paid = sum(account.kept.fen for account in self.accounts)
        return Money(max(self.criminal_fine.fen - paid, 0))

    @property
    def decide_by(self) -> str:
        """The last day for the decision: D12, or the end of goods held where that comes first (5.6, 3.7)."""
        limit = self.timer("D12")
        days = [limit.legal_expiry] if limit is not None and limit.stopped_at is None and limit.legal_expiry else []
        if not self.decided_at:
            days += [goods.last_on for goods in self.goods if goods.held and goods.last_on]
        return min(days, default="")

    def timer_start(self, timer: str, facts: Facts) -> tuple[datetime, dict[str, Any], Iterable[Mapping[str, Any]]]:
        start, params, events = self.TIMERS.get(timer, _from_now)(self, facts)
        return start, params, events

    def start_timer(self, timer: str, facts: Facts) -> str:
        """A row of a small machine may start what the row of the case has started already: it runs once."""
        starts_at, _, _ = self.timer_start(timer, facts)
        if any(found.timer == timer and found.starts_at == starts_at and found.stopped_at is None for found in self.timers):
            return ""
        return super().start_timer(timer, facts)

    def stop_timer(self, timer: str, facts: Facts) -> str:
        """All that run of this id: each instalment has its own."""
        running = [found for found in self.timers if found.timer == timer and found.stopped_at is None]
        for found in running:
            found.stop(facts.now)
        return f"{timer} stops" if running else ""

    @property
    def investigators(self) -> frozenset[str]:
        return frozenset({self.lead_id, *self.officer_ids})

    @property
    def proposal(self) -> PenaltyProposal:
        """The latest version of what is to be decided."""
        if not self.proposals:
            raise ProposalMissing("no version of the proposal is stored yet")
        return self.proposals[-1]

    def proposal_of(self, number: int) -> PenaltyProposal | None:
        return next((proposal for proposal in self.proposals if proposal.number == number), None)

    @property
    def notice(self) -> Notice | None:
        """The latest one of this decision: what was told before a decision that was revoked tells nothing any more."""
        known = self.notices[self.redecision.notices :] if self.redecision else self.notices
        return known[-1] if known else None

    @property
    def served_notice(self) -> Notice | None:
        known = self.notices[self.redecision.notices :] if self.redecision else self.notices
        return next((notice for notice in reversed(known) if notice.deemed_on), None)

    @property
    def hearing(self) -> Hearing | None:
        """The latest hearing that was asked for in time."""
        return next((hearing for hearing in reversed(self.hearings) if hearing.in_time), None)

    @property
    def decision_form(self) -> str:
        """The form of the decision: F34 for a unit, F35 for a person, X5 for a daily continuing fine."""
        if self.kind is CaseKind.DAILY:
            return "X5"
        return "F34" if self.party_kind is PartyKind.UNIT else "F35"

    @property
    def deadlines(self) -> list[Timer]:
        return self.timers

    def issued(self, form: str) -> list[CaseDocument]:
        return [document for document in self.documents if document.form == form and document.state in ISSUED]

    def timer_over(self, name: str, facts: Facts) -> bool:
        """The period ended: stopped by what stops it, breached, or its last day is past."""
        timer = self.timer(name)
        if timer is None or timer.stopped_at is not None or timer.state is not TimerState.RUNNING:
            return True
        return timer.expires_at is not None and facts.now >= timer.expires_at

    def log(self, name: str, facts: Facts, *, documents: Iterable[str] = (), reason: str = "", row: str = "") -> None:
        """A line of history for what changes the case without being a row of 11.5."""
        actors = (facts.by.id,) if facts.second is None else (facts.by.id, facts.second.id)
        state = str(self.state)
        self._note(
            Transition(
                self.MACHINE, str(self.id), row, name, state, state, actors, facts.now, (), tuple(documents), (), reason, facts.cause
            )
        )

    def change_facts(self) -> None:
        """What was screened before is no longer the case as it stands (G10)."""
        self.fact_version += 1


def _from_now(case: CaseFile, facts: Facts) -> tuple[datetime, dict[str, Any], list[dict[str, Any]]]:
    return facts.now, {}, []


def from_day(day: str) -> datetime:
    """The first instant of an ISO day in Asia/Shanghai."""
    return day_begins(parse_day(day))


def parse_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DateInvalid("a day is written YYYY-MM-DD", value=text) from None


def today(facts: Facts) -> str:
    return legal_day(facts.now).isoformat()


def reasoned(case: CaseFile, facts: Facts) -> DomainError | None:
    """A written reason is given."""
    if facts.input is None or str(facts.input.get("reason", "")).strip():
        return None
    return ReasonMissing("this needs a written reason")


def known(facts: Facts, key: str) -> Any:
    """What the command fetched; None only when permission alone is asked."""
    if key in facts.known:
        return facts.known[key]
    if facts.permission_only:
        return None
    raise LookupError(f"the command did not fetch {key}")

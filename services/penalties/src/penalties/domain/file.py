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

from penalties.domain.account import FineAccount, PublicityItem, UpwardFiling
from penalties.domain.crime_screen import CrimeFacts
from penalties.domain.law import NIL, PartyKind
from penalties.domain.proposal import PenaltyProposal
from penalties.domain.records import (
    ISSUED,
    CaseDocument,
    Notice,
    PersonParty,
    Questioning,
    Recusal,
    RefusalGround,
    Review,
    Screen,
    Source,
    State,
)


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
    timers: list[Timer] = field(default_factory=list)
    fine_account: FineAccount | None = None
    publicity: PublicityItem | None = None
    upward_filing: UpwardFiling | None = None

    def roles_of(self, person: Person) -> frozenset[Role]:
        """LEAD and OFF are relative to this case; every other role is that of his post."""
        own = person.roles - {Role.LEAD, Role.OFF}
        if person.id == self.lead_id:
            own |= {Role.LEAD, Role.OFF}
        elif person.id in self.officer_ids:
            own |= {Role.OFF}
        return own

    def timer_start(self, timer: str, facts: Facts) -> tuple[datetime, dict[str, Any], Iterable[Mapping[str, Any]]]:
        start, params, events = self.TIMERS.get(timer, _from_now)(self, facts)
        return start, params, events

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
        return self.notices[-1] if self.notices else None

    @property
    def served_notice(self) -> Notice | None:
        return next((notice for notice in reversed(self.notices) if notice.deemed_on), None)

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

"""Cases beside a case: PC63 splits off a party or an act, PC58 opens a daily continuing fine (5.9)."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from kernel.errors import Conflict, DomainError, Invalid, Precondition
from kernel.moves import AnyOf, Facts, Move, Role, TwoOfficers

from penalties.domain.events import CaseOpened
from penalties.domain.file import CaseFile, from_day, known, parse_day, reasoned, today
from penalties.domain.guards import g01, g02, g03, g05
from penalties.domain.investigation import Investigation
from penalties.domain.law import PartyKind
from penalties.domain.procedure_events import CaseSplit
from penalties.domain.proceedings import CaseKind, RefusalDay
from penalties.domain.records import PersonParty, State, span


class NothingToSplit(Invalid):
    """A case is split by party or by act, and the new one names what it is about."""


class FineNotServed(Precondition):
    """A daily fine follows a fine that was decided and served (WSL 112)."""


class OrderNotRefused(Precondition):
    """The re-inspection after the order did not fail (WSL 112)."""


class RefusalDayInvalid(Invalid):
    """Each day of refusal is one after the order, not in the future, named once, with its evidence (WSL 112)."""


class DayCountedBefore(Conflict):
    """A day of refusal is fined once (APL 29)."""


@dataclass(frozen=True)
class Part:
    """What is split off: a party, or an act."""

    reason: str
    name: str
    party_kind: PartyKind
    party_name: str
    enterprise_id: str
    person: PersonParty | None
    act_id: str
    branch: str
    finding_ids: tuple[str, ...]
    summary: str
    document_id: str


def part_named(case: CaseFile, facts: Facts) -> DomainError | None:
    """Another party, or another act. Law: 11.5 PC63."""
    part: Part | None = facts.input
    if part is None:
        return None
    same_party = (part.party_kind, part.enterprise_id, part.person) == (case.party_kind, case.enterprise_id, case.person)
    if not part.party_name or (same_party and part.act_id == case.act_id) or not part.summary.strip():
        return NothingToSplit("name another party or another act, and the facts", act=part.act_id)
    if not set(part.finding_ids) <= set(case.finding_ids):
        return NothingToSplit("the findings are those of this case", findings=",".join(part.finding_ids))
    return reasoned(case, replace(facts, input={"reason": part.reason}))


def fined_and_served(case: CaseFile, facts: Facts) -> DomainError | None:
    """The fine was decided and served, and still stands. Law: WSL 112."""
    if case.state not in span(State.SERVED, State.ARCHIVED) or not case.fine.fen or case.revoked or case.kind is CaseKind.DAILY:
        return FineNotServed("a daily fine follows a fine that was decided and served", state=str(case.state))
    return None


def refused_after(case: CaseFile, days: Sequence[RefusalDay], order_id: str, ordered_on: str, facts: Facts) -> DomainError | None:
    """The re-inspection failed; each day is one from the day after the order. Law: WSL 112."""
    failed = known(facts, "failed_orders")
    if failed is not None and order_id not in failed:
        return OrderNotRefused("the order has neither expired nor failed its re-inspection", order=order_id)
    listed = [day.on for day in days]
    twice = sorted(set(listed) & set(known(facts, "days_fined") or ()))
    if twice:
        return DayCountedBefore("a day of refusal is fined once", days=",".join(twice))
    first = (parse_day(ordered_on) + timedelta(days=1)).isoformat() if ordered_on else ""
    wrong = [day.on for day in days if not day.evidence_ids or parse_day(day.on).isoformat() > today(facts) or day.on < first]
    if not days or wrong or len(set(listed)) != len(listed):
        return RefusalDayInvalid("a day of refusal comes after the order and has its evidence", first=first, days=",".join(wrong or listed))
    return None


ROWS = (
    Move(
        "PC63",
        "split",
        span(State.CLUE, State.DECIDING),
        None,
        by=AnyOf(Role.DEP),
        guards=(g02, g03, g05, part_named),
        law=("APL 29", "APL 60"),
    ),
    Move(
        "PC58",
        "open_daily",
        {None},
        State.CLUE,
        by=TwoOfficers(),
        guards=(g01, g05),
        law=("WSL 112",),
        starts=("D50",),
        form="X5",
    ),
)


class Split(Investigation):
    """The moves that make another case."""

    def split(self, part: Part, *, facts: Facts) -> tuple[Any, CaseSplit]:
        """PC63. The new case is where this one is, at most under investigation; its D12 runs from the first day of the filing."""
        self._move("split", replace(facts, input=part), documents=(part.document_id,) if part.document_id else (), reason=part.reason)
        sibling = self._sibling(part, facts)
        if part.act_id != self.act_id:
            self.finding_ids = [finding for finding in self.finding_ids if finding not in part.finding_ids]
            self.change_facts()
        self.sibling_ids = [*self.sibling_ids, str(sibling.id)]
        sibling.log("split_off", facts, reason=part.reason, row="PC63")
        return sibling, CaseSplit(self.id, sibling.id, facts.now)

    def _sibling(self, part: Part, facts: Facts) -> Any:
        early = {State.CLUE, State.FILING}
        state = State.CLUE if self.state in early else State.FILED if self.state is State.FILED else State.INVESTIGATING
        made = type(self)(
            org_id=self.org_id,
            org_path=self.org_path,
            region_code=self.region_code,
            name=part.name or f"{part.party_name} {part.act_id}",
            source=self.source,
            inspection_id=self.inspection_id,
            finding_ids=list(part.finding_ids),
            enterprise_id=part.enterprise_id,
            party_kind=part.party_kind,
            party_name=part.party_name,
            act_id=part.act_id,
            branch=part.branch or self.branch,
            act_on=self.act_on,
            discovered_on=self.discovered_on,
            summary=part.summary,
            lead_id=self.lead_id,
            officer_ids=list(self.officer_ids),
            opened_at=facts.now,
            state=state,
            person=part.person,
            category=self.category,
            act_ended_on=self.act_ended_on,
            prepared_by=list(self.prepared_by),
            filing_reviewed_by=self.filing_reviewed_by,
            filing_approved_by=self.filing_approved_by,
            filed=self.filed,
            filed_at=self.filed_at,
            urgency=self.urgency,
            crime_facts=self.crime_facts,
            screens=[replace(screen, fact_version=0) for screen in self.screens],
            origin_case_id=str(self.id),
        )
        for name in ("D04", "D12", "D50"):
            timer = self.timer(name)
            if timer is not None:
                copied = deepcopy({key: value for key, value in vars(timer).items() if not key.startswith("_")})
                made.timers.append(type(timer)(**{**copied, "id": uuid4(), "object_id": made.id}))
        return made

    def open_daily(self, fined: CaseFile, order_id: str, ordered_on: str, *, facts: Facts) -> CaseOpened:
        """PC58, on the new case. The days run from the day after the order; each has its evidence."""
        refused = fined_and_served(fined, facts) or refused_after(fined, self.refusal_days, order_id, ordered_on, facts)
        if refused is not None:
            raise refused
        self._begin("open_daily", facts, reason=self.summary)
        self.running("D50").stop(from_day(self.discovered_on))
        return CaseOpened(self.id, self.inspection_id, tuple(self.finding_ids), self.enterprise_id, self.act_id, facts.now)

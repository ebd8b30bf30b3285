"""From the clue to the filed case: PC01–PC04."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import uuid4

from kernel.errors import Conflict, DomainError, Forbidden, Invalid, Precondition
from kernel.moves import AnyOf, Facts, Move, Role, TwoOfficers

from penalties.domain.crime_screen import crime_screen, gravest
from penalties.domain.events import CaseFiled, CaseNotFiled, CaseOpened, CaseScreened, FilingProposed
from penalties.domain.file import CaseFile, ReasonMissing, from_day, known
from penalties.domain.guards import g01, g02, g03, g03_decides, g05, g09, unresolved
from penalties.domain.law import PartyKind, Thresholds
from penalties.domain.papers import carries
from penalties.domain.records import RefusalGround, Screen, ScreenPoint, State


class FactsMissing(Precondition):
    """Prima facie facts and the act are written down before a filing is proposed."""


class OverdueProofMissing(Invalid):
    """The branch OVERDUE needs a failed re-inspection or an expired order (INV-19)."""


class OverdueNotProved(Precondition):
    """The order named as proof has neither expired nor failed its re-inspection (INV-19)."""


class OfficersMissing(Invalid):
    """A case has at least two officers, one of whom leads it."""


class EnterpriseMissing(Invalid):
    """A unit as party is an entity of the register; a person has a name."""


class FilingNotReviewed(Precondition):
    """The head of the unit has not reviewed the filing (1.8)."""


class FilingAlreadyReviewed(Conflict):
    """The filing was reviewed already."""


class KnownActMayNotBeDropped(Forbidden):
    """A known act that meets the filing standard may not be dropped (APL 54, 76)."""


class LimitationNotPassed(Precondition):
    """The limitation period is given as the ground and is not over."""


class ActPunishedAlready(Conflict):
    """A case on this act and these findings is open or decided (APL 29, INV-12)."""


def has_facts(case: CaseFile, facts: Facts) -> DomainError | None:
    """Facts prima facie. Law: APL 54."""
    if case.summary.strip() and case.act_id:
        return None
    return FactsMissing("write down the facts and the act before proposing the filing")


def is_complete(case: CaseFile, facts: Facts) -> DomainError | None:
    """Officers, party and, in the branch OVERDUE, its proof. INV-19."""
    if len(case.officer_ids) < 2 or case.lead_id not in case.officer_ids:
        return OfficersMissing("a case has at least two officers, one of whom leads it", officers=len(case.officer_ids))
    if case.party_kind is PartyKind.UNIT and not case.enterprise_id:
        return EnterpriseMissing("name the entity that the case is against")
    if case.party_kind is PartyKind.PERSON and (case.person is None or not case.person.name):
        return EnterpriseMissing("name the person that the case is against")
    if case.branch == "OVERDUE" and not case.overdue_proof:
        return OverdueProofMissing("name the failed re-inspection or the expired order", branch=case.branch)
    if case.branch == "OVERDUE" and case.overdue_proof not in (known(facts, "failed_orders") or ()):
        return OverdueNotProved("the order has neither expired nor failed its re-inspection", order=case.overdue_proof)
    return None


def filing_reviewed(case: CaseFile, facts: Facts) -> DomainError | None:
    """The unit reviewed the filing. Law: form 1; 1.8."""
    return None if case.filing_reviewed_by else FilingNotReviewed("the head of the unit has not reviewed the filing")


def may_drop(case: CaseFile, facts: Facts) -> DomainError | None:
    """A reason, and none that the linked findings contradict. Law: APL 54, 76."""
    if facts.input is None:
        return None
    ground, reason = facts.input["ground"], str(facts.input["reason"])
    if not reason.strip():
        return ReasonMissing("a refusal is made with written reasons")
    if ground in {RefusalGround.NO_VIOLATION, RefusalGround.NOT_ESTABLISHED} and case.finding_ids:
        return KnownActMayNotBeDropped("confirmed findings stand against this ground", findings=len(case.finding_ids), ground=ground.value)
    if ground is RefusalGround.LIMITATION_PASSED and g09(case, facts) is None:
        return LimitationNotPassed("the limitation period is not over")
    return None


def not_filed(case: CaseFile, facts: Facts) -> DomainError | None:
    """From INVESTIGATING only while the case is not filed. Law: 11.5 PC04."""
    if case.state is State.INVESTIGATING and case.filed:
        return KnownActMayNotBeDropped("a filed case ends by a decision, not by a refusal to file")
    return None


ROWS: tuple[Move, ...] = (
    Move(
        "PC01",
        "open",
        {None},
        State.CLUE,
        by=AnyOf(Role.OFF, Role.LEAD, Role.SYS),
        guards=(is_complete,),
        law=("APL 36", "APL 54"),
        starts=("D50",),
    ),
    Move(
        "PC02",
        "propose_filing",
        {State.CLUE},
        State.FILING,
        by=TwoOfficers(),
        guards=(g01, g02, g05, g09, has_facts, carries(F01=("OFFICER",))),
        law=("APL 42", "APL 54"),
        form="F01",
    ),
    Move(
        "PC03",
        "review_filing",
        {State.FILING},
        None,
        by=AnyOf(Role.UNIT),
        guards=(g02, g03, carries(F01=("OFFICER", "REVIEWER"))),
        law=("APL 54",),
        form="F01",
    ),
    Move(
        "PC03",
        "file",
        {State.FILING},
        State.FILED,
        by=AnyOf(Role.DEP),
        guards=(g02, filing_reviewed, g03, g03_decides, g05, carries(F01=("OFFICER", "APPROVER"))),
        law=("APL 54", "APL 60"),
        starts=("D12",),
        stops=("D04",),
        form="F01",
    ),
    Move(
        "PC04",
        "refuse_filing",
        {State.CLUE, State.FILING, State.INVESTIGATING, State.S_DRAFT},
        State.NOT_FILED,
        by=AnyOf(Role.DEP),
        guards=(not_filed, g03, g05, may_drop),
        law=("APL 54", "APL 76"),
        form="F01",
    ),
)


def screened_anew(case: CaseFile, facts: Facts) -> DomainError | None:
    """G10 at the moment of the move: the facts as they stand against the standards in force now. Law: APL 27; 7.5."""
    thresholds: Thresholds | None = known(facts, "thresholds")
    if thresholds is None:
        return None
    results = crime_screen(thresholds.crime_standards, case.crime_facts, case.act_id)
    return unresolved(case, results)


class Filing(CaseFile):
    """The moves of a clue."""

    def open(self, *, facts: Facts) -> CaseOpened:
        """PC01. The limitation period runs from the act to its discovery; its derivation is kept."""
        self._begin("open", facts, reason=self.summary)
        self.running("D50").stop(from_day(self.discovered_on))
        return CaseOpened(self.id, self.inspection_id, tuple(self.finding_ids), self.enterprise_id, self.act_id, facts.now)

    def propose_filing(self, document_id: str, *, facts: Facts) -> FilingProposed:
        self._move("propose_filing", facts, documents=(document_id,))
        self.prepared_by = sorted({facts.by.id, *([facts.second.id] if facts.second else [])})
        return FilingProposed(self.id, facts.now)

    def review_filing(self, document_id: str, opinion: str, *, facts: Facts) -> None:
        if self.state is State.FILING and self.filing_reviewed_by:
            raise FilingAlreadyReviewed("the filing was reviewed already", by=self.filing_reviewed_by)
        self._move("review_filing", facts, documents=(document_id,), reason=opinion)
        self.filing_reviewed_by, self.filing_reviewed_at = facts.by.id, facts.now

    def file(self, document_id: str, *, facts: Facts) -> CaseFiled:
        """PC03. The screen of the filing is stored whatever it says: a suspected crime is filed like any other case."""
        self._move("file", facts, documents=(document_id,))
        self.filed, self.filed_at, self.filing_approved_by = True, facts.now, facts.by.id
        self.screen(ScreenPoint.FILING, facts=facts)
        return CaseFiled(self.id, self.inspection_id, tuple(self.finding_ids), self.enterprise_id, self.act_id, facts.now)

    def refuse_filing(self, ground: RefusalGround, reason: str, document_id: str, *, facts: Facts) -> CaseNotFiled:
        judged = replace(facts, input={"ground": ground, "reason": reason})
        self._move("refuse_filing", judged, documents=(document_id,) if document_id else (), reason=f"{ground}: {reason}")
        self.refusal_ground, self.refusal_reason = ground, reason
        return CaseNotFiled(self.id, self.inspection_id, tuple(self.finding_ids), facts.now)

    def take_number(self, number: str, *, facts: Facts) -> None:
        """F01 was sealed under this number: it is the number of the case."""
        self.number = number
        self.log("take_number", facts, reason=number)

    def screen(self, point: ScreenPoint, *, facts: Facts) -> CaseScreened:
        """Run the crime screen over the facts as they stand and keep its result (7.5)."""
        thresholds: Thresholds = known(facts, "thresholds")
        evidence = self.proposals[-1].evidence_ids if self.proposals else ()
        results = crime_screen(thresholds.crime_standards, self.crime_facts, self.act_id, evidence)
        ran = Screen(uuid4(), point, facts.now, self.fact_version, gravest(results), results, thresholds.version, facts.by.id)
        self.screens = [*self.screens, ran]
        raised = tuple(result.offence for result in results if result.result.blocks)
        known_parties = (self.party_key,) if self.party_key else ()
        return CaseScreened(
            self.id,
            ran.result.value,
            raised,
            facts.now,
            self.inspection_id,
            self.enterprise_id,
            self.org_path,
            known_parties,
            point.value,
        )


def timer_d50(case: CaseFile, facts: Facts) -> tuple[Any, dict[str, Any], Iterable[dict[str, Any]]]:
    events = [{"kind": "discovered", "at": from_day(case.discovered_on).isoformat()}]
    if case.act_ended_on:
        events.insert(0, {"kind": "act_ended", "at": from_day(case.act_ended_on).isoformat()})
    return from_day(case.act_on), {}, events

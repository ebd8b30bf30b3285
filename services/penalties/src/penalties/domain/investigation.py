"""The investigation: PC07, questionings, what the crime screen reads, the proposal with its discretion, PC10."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from kernel.errors import Conflict, DomainError, Invalid, Precondition
from kernel.money import Money
from kernel.moves import Facts, Move, Role, RoleForbidsMove, StateForbidsTransition, TwoOfficers

from penalties.domain.crime_screen import CrimeFacts
from penalties.domain.discretion import Circumstance, Discretion, compute, daily
from penalties.domain.events import CaseReported, CaseScreened, InvestigationStarted, PenaltyProposed
from penalties.domain.file import CaseFile, CaseNotFound, ReasonMissing, reasoned, today
from penalties.domain.filing import Filing, screened_anew
from penalties.domain.guards import g01, g02, g10, proposed
from penalties.domain.law import NIL, Act, Scale, Thresholds
from penalties.domain.papers import carries
from penalties.domain.proceedings import CaseKind
from penalties.domain.proof import g08_registered
from penalties.domain.proposal import Draft, PenaltyProposal, build
from penalties.domain.records import Questioning, ScreenPoint, State, span
from penalties.domain.recusal import Recusal, RecusalState


class CaseNotFiledYet(Precondition):
    """The filing comes before the report (APL 54)."""


class OfficerElsewhere(Conflict):
    """The officer questions somebody else at that time (8.3, INV-08)."""


class QuestioningInvalid(Invalid):
    """A questioning has one person, a place, two officers of the case and an end after its start."""


class NoticeWouldBeWorse(Precondition):
    """After the notice a proposal may only become lighter; anything else is told anew (PC18, G16)."""


class RecusalNotOpen(Precondition):
    """The recusal was decided."""


def is_filed(case: CaseFile, facts: Facts) -> DomainError | None:
    """The filing was approved. Law: APL 54."""
    return None if case.filed else CaseNotFiledYet("the case is not filed")


ROWS = (
    Move(
        "PC07",
        "start_investigation",
        {State.FILED},
        State.INVESTIGATING,
        by=TwoOfficers(),
        guards=(g01, g02, reasoned),
        law=("APL 42", "APL 54", "APL 55"),
        form="F15",
    ),
    Move(
        "PC10",
        "submit_report",
        {State.INVESTIGATING},
        State.REPORTED,
        by=TwoOfficers(),
        guards=(g02, is_filed, proposed, g08_registered, g10, screened_anew, carries(ws10053=("OFFICER",), F30=("OFFICER",))),
        law=("APL 40", "APL 57"),
        form="ws10053",
    ),
)

MAY_PROPOSE = frozenset({State.INVESTIGATING, State.DEFENCE, State.HEARING_DONE})
MAY_ADD_FACTS = span(State.CLUE, State.DECIDING) - {State.SUSPENDED}
MAY_SCREEN = MAY_ADD_FACTS


@dataclass(frozen=True)
class Found:
    """What the computation of discretion starts from, as fetched from the lawbook."""

    act: Act
    act_now: Act | None
    scale: Scale | None
    thresholds: Thresholds
    # The fine behind a daily one (WSL 112).
    original: Money = NIL


class Investigation(Filing):
    """The moves and records of the investigation."""

    def start_investigation(self, reason: str, *, facts: Facts) -> InvestigationStarted:
        self._move("start_investigation", replace(facts, input={"reason": reason}), reason=reason)
        return InvestigationStarted(self.id, facts.now)

    def require(self, states: Iterable[State], what: str) -> None:
        """A record that is no move is made in these states only."""
        allowed = sorted(str(state) for state in states)
        if str(self.state) not in allowed:
            raise StateForbidsTransition(
                f"{what} is possible in {', '.join(allowed)}, not in {self.state}",
                move=what,
                state=str(self.state),
                allowed=",".join(allowed),
            )

    def require_officer(self, facts: Facts) -> None:
        held = self.roles_of(facts.by)
        if not held & {Role.OFF, Role.LEAD}:
            raise RoleForbidsMove("only an officer of the case may do this", needed="OFF/LEAD", held=",".join(sorted(held)))
        refused = g02(self, facts)
        if refused is not None:
            raise refused

    def record_questioning(self, questioning: Questioning, others: Iterable[Questioning], *, facts: Facts) -> None:
        """Two officers question one person; neither questions another meanwhile. Law: APL 42, 55."""
        self.require({State.INVESTIGATING}, "record_questioning")
        self.require_officer(facts)
        officers = set(questioning.officer_ids)
        if len(officers) < 2 or not officers <= self.investigators:
            raise QuestioningInvalid("two officers of the case question", officers=",".join(sorted(officers)))
        if not questioning.person_name.strip() or not questioning.place.strip() or questioning.ends_at <= questioning.starts_at:
            raise QuestioningInvalid("a questioning has a person, a place, and ends after it starts")
        if questioning.ends_at > facts.now:
            raise QuestioningInvalid("a questioning is recorded after its end", ends_at=questioning.ends_at.isoformat())
        for other in others:
            both = officers & set(other.officer_ids)
            if both and other.starts_at < questioning.ends_at and questioning.starts_at < other.ends_at:
                raise OfficerElsewhere(
                    "an officer questions somebody else at that time", officer=",".join(sorted(both)), questioning=str(other.id)
                )
        self.questionings.append(questioning)
        self.change_facts()
        self.log("record_questioning", facts, documents=(questioning.record_document_id,) if questioning.record_document_id else ())

    def record_crime_facts(self, crime_facts: CrimeFacts, *, facts: Facts) -> None:
        self.require(MAY_ADD_FACTS, "record_crime_facts")
        self.require_officer(facts)
        if crime_facts != self.crime_facts:
            self.crime_facts = crime_facts
            self.change_facts()
            self.log("record_crime_facts", facts)

    def run_screen(self, *, facts: Facts) -> CaseScreened:
        self.require(MAY_SCREEN, "screen")
        self.require_officer(facts)
        happened = self.screen(ScreenPoint.REQUEST, facts=facts)
        self.log("screen", facts, reason=happened.result)
        return happened

    def discretion(
        self, found: Found, circumstances: Iterable[Circumstance], amount: Money | None, deviation: str, metric: int, *, on: str
    ) -> Discretion:
        if self.kind is CaseKind.DAILY:
            return daily(found.act, self.branch, found.original, [day.on for day in self.refusal_days])
        return compute(
            then=found.act,
            now=found.act_now,
            scale=found.scale,
            branch_id=self.branch,
            party=self.party_kind,
            metric_value=metric or self.metric_value,
            circumstances=circumstances,
            amount=amount,
            act_on=self.act_on,
            today=on,
            deviation_reason=deviation,
        )

    def propose_penalty(
        self,
        draft: Draft,
        found: Found,
        *,
        circumstances: Iterable[Circumstance],
        amount: Money,
        deviation_reason: str,
        metric_value: int,
        facts: Facts,
    ) -> PenaltyProposed:
        """A new version with its trace. After the notice only a lighter one (G16); what is worse needs another reason than the
        statement, and the party is told anew (PC18). Law: APL 34, 45."""
        self.require(MAY_PROPOSE, "propose_penalty")
        self.require_officer(facts)
        if not draft.reasons.strip():
            raise ReasonMissing("a proposal is made with reasons per factor")
        trace = self.discretion(found, circumstances, amount, deviation_reason, metric_value, on=today(facts))
        made = build(
            draft,
            number=len(self.proposals) + 1,
            act=found.act if trace.law_on == self.act_on or found.act_now is None else found.act_now,
            discretion=trace,
            party=self.party_kind,
            complex_case=self.complex,
            thresholds=found.thresholds,
            made_by=facts.by.id,
            made_at=facts.now,
        )
        self.metric_value = metric_value or self.metric_value
        return self._keep_version(made, facts)

    def _keep_version(self, made: PenaltyProposal, facts: Facts) -> PenaltyProposed:
        if self.state is not State.INVESTIGATING and not made.no_penalty:
            notice = self.served_notice
            told = self.proposal_of(notice.proposal_number) if notice else None
            worse = told is None or not made.same_ground(told) or made.heavier_than(told)
            if worse and not (self.state is State.DEFENCE and made.other_reason.strip()):
                raise NoticeWouldBeWorse("after the notice a proposal only becomes lighter; otherwise the party is told anew")
        # The screen reads no proposal; but a later version that alleges something else shows that the facts moved on.
        changed = bool(self.proposals) and [f.text for f in self.proposals[-1].facts] != [f.text for f in made.facts]
        self.proposals = [*self.proposals, made]
        if changed:
            self.change_facts()
        self.log("propose_penalty", facts, reason=f"{made.number}: {made.fine.fen} fen")
        return PenaltyProposed(self.id, made.number, made.fine, facts.now)

    def submit_report(self, document_ids: Iterable[str], *, facts: Facts) -> CaseReported:
        """PC10. The evidence that the facts rest on goes under review (V12), again at each new report."""
        self._move("submit_report", facts, documents=document_ids)
        self.screen(ScreenPoint.REPORT, facts=facts)
        self.reported_at = facts.now
        self.prepared_by = sorted({facts.by.id, *([facts.second.id] if facts.second else [])})
        return CaseReported(self.id, self.inspection_id, self.proposal.evidence_ids, facts.now)

    def raise_recusal(self, officer_id: str, ground: str, by_party: bool, *, facts: Facts) -> None:
        """Of his own motion or on the party's request; the investigation goes on meanwhile. Law: APL 43."""
        self.require(span(State.CLUE, State.DECIDING), "raise_recusal")
        raised = Recusal(uuid4(), officer_id, ground, by_party, RecusalState.RAISED, facts.by.id, facts.now)
        raised.begin(facts=self._in_case(facts))
        self._keep_recusal(raised)

    def decide_recusal(self, recusal_id: UUID, accept: bool, reason: str, replacement: str = "", *, facts: Facts) -> None:
        """The head of the authority decides. Accepted: another stands in, what was done before is examined again. Law: APL 43."""
        found = next((recusal for recusal in self.recusals if recusal.id == recusal_id), None)
        if found is None:
            raise CaseNotFound("no such recusal", id=str(recusal_id))
        if found.state is not RecusalState.RAISED:
            raise RecusalNotOpen("the recusal was decided", state=str(found.state))
        self._keep_recusal(found.decided(accept, reason, replacement, facts=self._in_case(facts)))
        if not accept:
            return
        if replacement:
            others = [id for id in self.officer_ids if id != found.officer_id]
            self.officer_ids = sorted({*others, replacement})
            self.lead_id = replacement if self.lead_id == found.officer_id else self.lead_id
        self.change_facts()

    def _in_case(self, facts: Facts) -> Facts:
        return replace(facts, by=replace(facts.by, roles=self.roles_of(facts.by)))

    def _keep_recusal(self, changed: Recusal) -> None:
        others = [recusal for recusal in self.recusals if recusal.id != changed.id]
        self.recusals = [*others, changed]
        for line in changed.take_transitions():
            self._note(line)

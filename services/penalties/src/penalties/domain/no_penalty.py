"""A case that ends without a penalty: the proposal that says so, PC62 and PC28 (5.2)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kernel.errors import DomainError, Invalid, Precondition
from kernel.money import Money
from kernel.moves import AnyOf, Delegated, Facts, Move, Role

from penalties.domain.decision import DELEGATED_DECISION
from penalties.domain.discretion import Discretion, DiscretionStep
from penalties.domain.endings import goods_returned
from penalties.domain.events import DecisionRequested, PenaltyProposed
from penalties.domain.file import CaseFile, ReasonMissing, today
from penalties.domain.filing import screened_anew
from penalties.domain.guards import (
    CollectiveDiscussionRequired,
    deliberated,
    g02,
    g03,
    g03_decides,
    g05,
    g10,
    g11,
    g17,
    proposed,
)
from penalties.domain.investigation import Found, Investigation
from penalties.domain.law import NIL, Thresholds
from penalties.domain.notice import ReviewNotPassed
from penalties.domain.papers import after, carries
from penalties.domain.procedure_events import NoPenaltyDecided
from penalties.domain.proceedings import Ending, NoPenaltyGround
from penalties.domain.proposal import AllegedFact, IncomeHandling, NothingAlleged, PenaltyProposal, digest_of
from penalties.domain.records import State


class EducationMissing(Invalid):
    """Who is not punished is taught, and a record is kept of it (APL 33(3))."""


class PenaltyProposedInstead(Precondition):
    """The proposal as it stands imposes a penalty."""


def nothing_imposed(case: CaseFile, facts: Facts) -> DomainError | None:
    """The proposal as it stands imposes nothing. Law: APL 33, 57(1)(2), (3)."""
    if case.proposals and not case.proposal.no_penalty:
        return PenaltyProposedInstead("the proposal as it stands imposes a penalty", number=case.proposal.number)
    return None


def review_passed_first(case: CaseFile, facts: Facts) -> DomainError | None:
    """From LEGAL_REVIEW only with PASS. Law: 11.5 PC62."""
    if case.state is State.LEGAL_REVIEW and case.review != "PASS":
        return ReviewNotPassed("the legal review has not passed", review=case.review)
    return None


def collective_if_disputed(case: CaseFile, facts: Facts) -> DomainError | None:
    """A disputed case is decided by the leaders. Law: 1.7."""
    if case.proposals and case.proposal.disputed and not deliberated(case):
        return CollectiveDiscussionRequired("a disputed case without penalty is decided by the leaders", grounds="DISPUTED")
    return None


def taught(case: CaseFile, facts: Facts) -> DomainError | None:
    """The party is taught. Law: APL 33(3)."""
    if facts.input is None or str(facts.input["education"]).strip():
        return None
    return EducationMissing("write down what the party was taught")


ROWS = (
    Move(
        "PC62",
        "submit_no_penalty",
        {State.REPORTED, State.LEGAL_REVIEW},
        State.DECIDING,
        by=AnyOf(Role.UNIT),
        guards=(g02, g03, proposed, nothing_imposed, review_passed_first, carries(F30=("OFFICER", "REVIEWER"))),
        law=("APL 33", "APL 57"),
        form="F30",
    ),
    Move(
        "PC28",
        "decide_no_penalty",
        {State.DECIDING},
        State.NO_PENALTY,
        by=AnyOf(Role.CHIEF, Delegated(Role.DEP, DELEGATED_DECISION)),
        guards=(
            g02,
            g03,
            g03_decides,
            g05,
            proposed,
            nothing_imposed,
            collective_if_disputed,
            g10,
            screened_anew,
            g11,
            g17,
            goods_returned,
            taught,
            after("F01"),
            carries(F30=("OFFICER", "APPROVER"), ws10050=()),
        ),
        law=("APL 33", "APL 57"),
        stops=("D12",),
        form="ws10050",
    ),
)


@dataclass(frozen=True)
class NoPenaltyDraft:
    """What the officer brings for a proposal that imposes nothing."""

    ground: NoPenaltyGround
    reasons: str
    facts: tuple[AllegedFact, ...] = ()
    disputed: bool = False
    correction_order_ids: tuple[str, ...] = ()
    correction_note: str = ""


class Spared(Investigation):
    """The moves of a case that ends without a penalty."""

    def propose_no_penalty(self, draft: NoPenaltyDraft, found: Found, *, facts: Facts) -> PenaltyProposed:
        """A version that imposes nothing, with its ground. Law: APL 30, 31, 33, 36, 40."""
        self.require({State.INVESTIGATING, State.DEFENCE, State.HEARING_DONE}, "propose_penalty")
        self.require_officer(facts)
        if not draft.reasons.strip():
            raise ReasonMissing("a proposal is made with reasons")
        if draft.ground is not NoPenaltyGround.NOT_ESTABLISHED and not draft.facts:
            raise NothingAlleged("say what was done, and why it is not punished")
        made = _version(self, draft, found, facts)
        return self._keep_version(made, facts)

    def submit_no_penalty(self, document_ids: Iterable[str], *, facts: Facts) -> DecisionRequested:
        self._move("submit_no_penalty", facts, documents=document_ids)
        self.decision_reviewed_by = facts.by.id
        return DecisionRequested(self.id, facts.now)

    def decide_no_penalty(self, education: str, document_ids: Iterable[str], late_reason: str, *, facts: Facts) -> NoPenaltyDecided:
        """PC28."""
        carried, timer = tuple(document_ids), self.timer("D12")
        late = bool(timer and timer.expires_at and facts.now >= timer.expires_at)
        judged = replace(facts, input={"education": education, "late_reason": late_reason})
        self._move("decide_no_penalty", judged, documents=carried, reason=self.proposal.no_penalty)
        self.late, self.late_reason = late or self.late, late_reason if late else self.late_reason
        self.decided_at, self.decided_by = facts.now, facts.by.id
        ground = self.proposal.no_penalty
        self.ending = Ending(
            "PC28", self.proposal.reasons, facts.by.id, facts.now, ground=ground, education=education, document_ids=carried
        )
        return NoPenaltyDecided(self.id, self.inspection_id, self.enterprise_id, ground, facts.now)


def _version(case: CaseFile, draft: NoPenaltyDraft, found: Found, facts: Facts) -> PenaltyProposal:
    act, thresholds = found.act, found.thresholds
    step = DiscretionStep(1, "NO_PENALTY", f"no penalty: {draft.ground}", Money(0), Money(0))
    trace = Discretion(
        act_id=act.id,
        branch="",
        law_on=case.act_on or today(facts),
        scale_id="",
        official=False,
        verified=act.verified,
        metric="",
        metric_value=case.metric_value,
        tier="",
        min=NIL,
        max=NIL,
        min_inclusive=True,
        amount=NIL,
        position=0.0,
        deviation_reason="",
        circumstances=(),
        steps=(step,),
    )
    return PenaltyProposal(
        number=len(case.proposals) + 1,
        facts=draft.facts,
        violated=act.violated_text,
        basis=act.basis_text,
        items=(),
        fine=NIL,
        discretion=trace,
        reasons=draft.reasons,
        correction_order_ids=draft.correction_order_ids,
        correction_note=draft.correction_note,
        illegal_income=NIL,
        income_handling=IncomeHandling.NONE,
        income_note="",
        made_by=facts.by.id,
        made_at=facts.now,
        digest=digest_of(draft.facts, act.violated_text, act.basis_text, ()) + f":{draft.ground}",
        collective_grounds=("DISPUTED",) if draft.disputed else (),
        review_grounds=_review_grounds(case, thresholds),
        no_penalty=draft.ground.value,
        disputed=draft.disputed,
    )


def _review_grounds(case: CaseFile, thresholds: Thresholds) -> tuple[str, ...]:
    grounds = ["COMPLEX"] if case.complex else []
    return (*grounds, "EVERY_CASE") if thresholds.review_all else tuple(grounds)

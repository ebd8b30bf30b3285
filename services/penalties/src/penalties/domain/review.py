"""Between report and notice, and again before the decision: PC11–PC15 and PC60."""

from collections.abc import Iterable
from dataclasses import replace

from kernel.errors import DomainError, Forbidden, Precondition
from kernel.moves import AnyOf, Delegated, Facts, Move, Role

from penalties.domain.events import CaseSentBack, NoticeDrafting, ReviewFinished, ReviewRequested
from penalties.domain.file import CaseFile, ReasonMissing, known, reasoned
from penalties.domain.guards import g02, g03, g13, g16, hearing_on, proposed, review_passed
from penalties.domain.investigation import Investigation
from penalties.domain.papers import carries
from penalties.domain.records import Review, ReviewResult, Round, State


class LegalReviewDue(Precondition):
    """The review may be left out only where nothing triggers it (APL 58)."""


class ReviewerNotQualified(Forbidden):
    """A first-time reviewer has passed the national legal examination (APL 58)."""


class ReviewAlreadyPassed(Precondition):
    """The review of the final proposal has passed."""


class ReviewNotNeeded(Precondition):
    """Nothing triggers a review of this proposal."""


class PeriodStillRunning(Precondition):
    """The party's periods are not over."""


class GapsMissing(ReasonMissing):
    """A case is sent back with a list of gaps."""


def review_not_due(case: CaseFile, facts: Facts) -> DomainError | None:
    """No trigger of 1.6. The review still binds the decision (G11)."""
    if case.proposals and case.proposal.review_grounds:
        return LegalReviewDue("a legal review is due before the notice", grounds=",".join(case.proposal.review_grounds))
    return None


def review_open(case: CaseFile, facts: Facts) -> DomainError | None:
    """A passed review of the same proposal is not reviewed again."""
    if case.proposals and review_passed(case):
        return ReviewAlreadyPassed("the review of this proposal has passed")
    return None


def review_due(case: CaseFile, facts: Facts) -> DomainError | None:
    """PC60 is for a proposal that needs a review."""
    if case.proposals and not case.proposal.review_grounds:
        return ReviewNotNeeded("nothing triggers a review of this proposal")
    return None


def qualified(case: CaseFile, facts: Facts) -> DomainError | None:
    """The reviewer has the legal qualification. Law: APL 58."""
    answer = known(facts, "legal_qualified")
    if answer is None or answer:
        return None
    return ReviewerNotQualified("a legal reviewer has passed the national legal examination", officer=facts.by.id)


def periods_over(case: CaseFile, facts: Facts) -> DomainError | None:
    """D08 and D09 are over or waived."""
    notice = case.served_notice
    hearing = hearing_on(case, notice) if notice is not None else None
    if hearing is not None and not (hearing.over or hearing.called_off):
        return PeriodStillRunning("the party asked for a hearing and it is not over")
    if notice is not None and notice.statement is None:
        return None if hearing is not None and hearing.held else PeriodStillRunning("the party may still answer the notice")
    if notice is None or (not notice.hearing_waived and not case.timer_over("D09", facts)):
        return PeriodStillRunning("the party may still answer the notice")
    return None


def gaps_listed(case: CaseFile, facts: Facts) -> DomainError | None:
    """The gaps are listed."""
    if facts.input is None or str(facts.input.get("reason", "")).strip():
        return None
    return GapsMissing("list the gaps that the investigation has to close")


def round_of(case: CaseFile, facts: Facts) -> Round:
    """PRE_DECISION if a notice that satisfies G16 is served and the party's periods are over, or none is needed (PC62). Law: 11.5 PC12."""
    if case.proposal.no_penalty:
        return Round.PRE_DECISION
    told = case.served_notice is not None and g16(case, facts) is None
    return Round.PRE_DECISION if told and periods_over(case, facts) is None and g13(case, facts) is None else Round.PRE_NOTICE


SEND_BACK_FROM = {State.REPORTED, State.LEGAL_REVIEW, State.DEFENCE, State.DELIBERATION, State.DECIDING}

ROWS = (
    Move(
        "PC11",
        "send_back",
        SEND_BACK_FROM,
        State.INVESTIGATING,
        by=AnyOf(Role.UNIT, Role.LEGAL, Role.COLL, Role.CHIEF, Delegated(Role.DEP, "penalty_decision")),
        guards=(g02, g03, gaps_listed),
        law=("APL 57", "APL 58"),
    ),
    Move(
        "PC12",
        "submit_for_review",
        {State.REPORTED},
        State.LEGAL_REVIEW,
        by=AnyOf(Role.LEAD),
        guards=(g02, proposed, carries(ws10051=())),
        law=("APL 58",),
        form="ws10051",
    ),
    Move(
        "PC13",
        "return_review",
        {State.LEGAL_REVIEW},
        State.REPORTED,
        by=AnyOf(Role.LEGAL),
        guards=(g02, g03, qualified, review_open, reasoned, carries(ws10059=("LEGAL_REVIEWER",))),
        law=("APL 58",),
        form="ws10059",
    ),
    Move(
        "PC14",
        "pass_review",
        {State.LEGAL_REVIEW},
        frozenset({State.NOTICE_DRAFT, State.LEGAL_REVIEW}),
        by=AnyOf(Role.LEGAL),
        guards=(g02, g03, qualified, review_open, carries(ws10059=("LEGAL_REVIEWER",))),
        law=("APL 58",),
        form="ws10059",
    ),
    Move(
        "PC15",
        "skip_review",
        {State.REPORTED},
        State.NOTICE_DRAFT,
        by=AnyOf(Role.UNIT),
        guards=(g02, g03, review_not_due),
        law=("APL 58",),
        form="F30",
    ),
    Move(
        "PC60",
        "resubmit_for_review",
        {State.DEFENCE},
        State.LEGAL_REVIEW,
        by=AnyOf(Role.LEAD),
        guards=(g02, periods_over, g13, review_due, review_open, carries(ws10051=())),
        law=("APL 58",),
        form="ws10051",
    ),
)


class Reviewed(Investigation):
    """The moves of review."""

    def send_back(self, gaps: str, *, facts: Facts) -> CaseSentBack:
        self._move("send_back", replace(facts, input={"reason": gaps}), reason=gaps)
        self.review, self.review_round = "", ""
        return CaseSentBack(self.id, facts.now)

    def submit_for_review(self, document_ids: Iterable[str], *, facts: Facts) -> ReviewRequested:
        self._move("submit_for_review", facts, documents=document_ids)
        self.review_round, self.review = round_of(self, facts), ""
        return ReviewRequested(self.id, self.review_round, facts.now)

    def resubmit_for_review(self, document_ids: Iterable[str], *, facts: Facts) -> ReviewRequested:
        self._move("resubmit_for_review", facts, documents=document_ids)
        self.review_round, self.review = Round.PRE_DECISION, ""
        return ReviewRequested(self.id, self.review_round, facts.now)

    def return_review(self, result: ReviewResult, opinion: str, document_id: str, *, facts: Facts) -> ReviewFinished:
        judged = replace(facts, input={"reason": opinion})
        self._move("return_review", judged, documents=(document_id,), reason=f"{result}: {opinion}")
        self._keep(result, opinion, document_id, facts)
        return ReviewFinished(self.id, self.review_round, result.value, facts.now)

    def pass_review(self, opinion: str, document_id: str, *, facts: Facts) -> ReviewFinished:
        target = State.NOTICE_DRAFT if self.review_round == Round.PRE_NOTICE else State.LEGAL_REVIEW
        self._move("pass_review", facts, target=target, documents=(document_id,), reason=opinion)
        self._keep(ReviewResult.PASS, opinion, document_id, facts)
        return ReviewFinished(self.id, self.review_round, ReviewResult.PASS.value, facts.now)

    def _keep(self, result: ReviewResult, opinion: str, document_id: str, facts: Facts) -> None:
        proposal = self.proposal
        kept = Review(self.review_round, result, opinion, document_id, facts.by.id, facts.now, proposal.number, proposal.digest)
        self.reviews, self.review = [*self.reviews, kept], result.value

    def skip_review(self, reason: str, *, facts: Facts) -> NoticeDrafting:
        self._move("skip_review", facts, reason=reason)
        self.review_round = Round.PRE_NOTICE
        return NoticeDrafting(self.id, False, facts.now)

"""The guards of 11.1 that the rows of a penalty case name. Each answers the first refusal, or nothing.

What a guard needs from elsewhere stands in `facts.known`, fetched by the command; when only permission is asked it is
absent and the guard passes. An absent key in a real move is our own mistake and raises.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kernel.days import legal_day
from kernel.deadlines import compute
from kernel.errors import DomainError, Forbidden, Precondition
from kernel.guards import ActingBody, Officer, competent, no_conflict, two_certified_officers
from kernel.moves import Facts, Role

from penalties.domain.crime_screen import OffenceResult, gravest
from penalties.domain.discretion import lighter_act
from penalties.domain.enforcement import CaseTransfer
from penalties.domain.file import CaseFile, ProposalMissing, from_day, known
from penalties.domain.hearing import Hearing
from penalties.domain.law import Act
from penalties.domain.proposal import IncomeHandling
from penalties.domain.records import Notice, StatementMode


class InvestigatorMayNotDecide(Forbidden):
    """Who investigated or prepared a case may not review or decide it (G03)."""


class ReviewerMayNotDecide(Forbidden):
    """Who reviewed a case may not decide it (G03)."""


class ApproverOfOtherBody(Forbidden):
    """The approver belongs neither to the acting body nor to the body in whose name it acts (G05)."""


class LimitationPassed(Precondition):
    """The act was discovered after the limitation period (G09)."""


class CrimeScreenMissing(Precondition):
    """The crime screen has not run (G10)."""


class CrimeScreenOutdated(Precondition):
    """The crime screen is older than the last change of the facts (G10)."""


class CrimeSuspicionUnresolved(Precondition):
    """The screen says CONSULT or MUST_TRANSFER and no transfer record has resolved it (G10)."""


class LegalReviewMissing(Precondition):
    """A legal review is due and none covers the proposal as it stands (G11)."""


class CollectiveDiscussionRequired(Precondition):
    """The leaders have to decide this case collectively (G12)."""


class NoticeNotServed(Precondition):
    """The party was not told what is intended (G13)."""


class StatementStillOpen(Precondition):
    """The party may still state and defend (G13)."""


class StatementNotRechecked(Precondition):
    """The points of the statement are not answered in writing (G13)."""


class HearingRightNotTold(Precondition):
    """The party has a right to a hearing and was not told so (G14)."""


class HearingPeriodOpen(Precondition):
    """The party may still ask for a hearing (G14)."""


class HearingNotHeld(Precondition):
    """The party asked for a hearing in time and it was neither held nor ended nor withdrawn (G14)."""


class HearingNotReviewed(Precondition):
    """After a hearing a legal review has to pass before the decision (APL 58(1)(2), INV-05)."""


class AmountOutsideTrace(Precondition):
    """The amount is outside the stored interval and no deviation was reasoned (G15)."""


class LighterLawInForce(Precondition):
    """The law was amended and is lighter now: compute the proposal anew (APL 37)."""


class NoticeDiffersFromDecision(Precondition):
    """The decision is heavier than the notice, or rests on other facts or another basis (G16)."""


class CaseLimitPassed(Precondition):
    """D12 is over: only the CHIEF decides, with his written reason (G17)."""


class OrderToCorrectMissing(Precondition):
    """No order to correct, and no reason why nothing is left to correct (G22)."""


class IllegalIncomeOpen(Precondition):
    """The illegal income is neither confiscated nor refunded (G22)."""


class NoPenaltyProposed(Precondition):
    """The proposal imposes nothing: only the decision without penalty is possible (PC28)."""


class AnotherAuthority(Precondition):
    """The act belongs to another authority: it is handed over, not punished here (G05)."""


@dataclass(frozen=True)
class Acting:
    """On whose behalf the case is handled: the body with its basis, and the issuer in whose name documents go out (1.2)."""

    office: ActingBody
    issuer_id: str
    level: str
    region_code: str
    # How many leaders have to attend a collective discussion; 0: as the thresholds say.
    min_attendees: int = 0


def g01(case: CaseFile, facts: Facts) -> DomainError | None:
    """At least two officers with valid certificates for region and category. Law: APL 42, 55."""
    officers: Iterable[Officer] | None = known(facts, "officers")
    if officers is None:
        return None
    given = {officer.id: officer for officer in officers}
    if facts.second is not None:
        return two_certified_officers(given.values(), facts.now, case.region_code, case.category)
    # On trial the second officer is not known yet: somebody of the case has to be able to be him.
    first = given.pop(facts.by.id, None)
    refusals = [
        two_certified_officers(filter(None, (first, other)), facts.now, case.region_code, case.category) for other in given.values()
    ]
    return None if None in refusals else next(iter(refusals), None)


def g02(case: CaseFile, facts: Facts) -> DomainError | None:
    """Nobody acts whose recusal was accepted; a pending one does not stop the investigation. Law: APL 43."""
    recused = {recusal.officer_id for recusal in case.recusals if recusal.state == "DECIDED_ACCEPT"}
    return no_conflict([person.id for person in (facts.by, facts.second) if person is not None], recused=recused)


def g03(case: CaseFile, facts: Facts) -> DomainError | None:
    """Preparer, reviewer and approver are three persons; the legal reviewer is none of the officers. Law: APL 58, 64."""
    by = facts.by.id
    if by in case.investigators or by in case.prepared_by:
        return InvestigatorMayNotDecide("who investigated or prepared a case may not review or decide it", officer=by)
    return None


def g03_decides(case: CaseFile, facts: Facts) -> DomainError | None:
    """Who approves is neither the reviewing unit head nor the legal reviewer. Law: APL 58."""
    reviewers = {case.filing_reviewed_by, case.decision_reviewed_by, *(review.reviewer_id for review in case.reviews)}
    if facts.by.id in reviewers:
        return ReviewerMayNotDecide("who reviewed a case may not approve it", officer=facts.by.id)
    return None


def g05(case: CaseFile, facts: Facts) -> DomainError | None:
    """The body is competent for the act and the place, and who acts belongs to it or to its principal. Law: APL 20–25."""
    body: Acting | None = known(facts, "body")
    if body is None:
        return None
    refused = competent(body.office, on=legal_day(facts.now), region_code=case.region_code, act="PENALTY")
    if refused is not None:
        return refused
    act: Act | None = facts.known.get("act")
    if act is not None and act.competent_authority != "EMERGENCY":
        return AnotherAuthority("another authority is competent for this act", authority=act.competent_authority, act=act.id)
    if Role.SYS not in facts.by.roles and facts.by.org_id not in {body.office.org_id, body.issuer_id}:
        return ApproverOfOtherBody("who acts belongs to another body", org=facts.by.org_id)
    return None


def g09(case: CaseFile, facts: Facts) -> DomainError | None:
    """Discovered within two years of the act, or of its end. Law: APL 36; D50 does not roll."""
    events: list[dict[str, Any]] = [{"kind": "discovered", "at": from_day(case.discovered_on).isoformat()}]
    if case.act_ended_on:
        events.insert(0, {"kind": "act_ended", "at": from_day(case.act_ended_on).isoformat()})
    deadline = compute("D50", from_day(case.act_on), events, {}, facts.law)
    if deadline.in_time is False:
        return LimitationPassed(
            "the act was discovered after the limitation period", expiry=deadline.text("legal_expiry"), discovered=case.discovered_on
        )
    return None


def g10(case: CaseFile, facts: Facts) -> DomainError | None:
    """The screen ran after the last change of the facts and nothing that it raised is open. Law: APL 27, 57."""
    if not case.screens:
        return CrimeScreenMissing("the crime screen has not run")
    screen = case.screens[-1]
    if screen.fact_version != case.fact_version:
        return CrimeScreenOutdated("the facts changed since the crime screen", screened=screen.fact_version, facts=case.fact_version)
    return unresolved(case, screen.offences)


def unresolved(case: CaseFile, results: Sequence[OffenceResult]) -> DomainError | None:
    """Every offence that blocks has a transfer record that is closed, rejected or returned, and none is open. Law: G10."""
    raised = {result.offence: result.result for result in results if result.result.blocks}
    if not raised:
        return None
    resolved = {offence for transfer in case.transfers if transfer.resolved for offence in (*transfer.offences, *_screened(case, transfer))}
    running = [transfer for transfer in case.transfers if not transfer.resolved]
    left = sorted(set(raised) if running else set(raised) - resolved)
    if not left:
        return None
    return CrimeSuspicionUnresolved(
        "a suspected crime is not resolved: consult or transfer first", result=gravest(results).value, offences=",".join(left)
    )


def _screened(case: CaseFile, transfer: CaseTransfer) -> Iterator[str]:
    """What was raised while the record was open is part of it: criminal-transfer keeps one record per case."""
    for screen in case.screens:
        if transfer.opened_at <= screen.at and (transfer.ended_at is None or screen.at <= transfer.ended_at):
            yield from (result.offence for result in screen.offences if result.result.blocks)


def g11(case: CaseFile, facts: Facts) -> DomainError | None:
    """Where due, a PASS covers the final facts, basis and penalty; after a hearing one that came later. Law: APL 58."""
    if not case.proposals:
        return None
    if held_unreviewed(case):
        return HearingNotReviewed("a hearing was held and no later review has passed")
    if not case.proposal.review_grounds:
        return None
    if not review_passed(case):
        return LegalReviewMissing("no legal review covers the proposal as it stands", grounds=",".join(case.proposal.review_grounds))
    return None


def held_unreviewed(case: CaseFile) -> bool:
    """A hearing was held, or ended by absence, and no review has passed since (INV-05)."""
    ended = max((hearing.ended_at for hearing in case.hearings if hearing.over and hearing.ended_at is not None), default=None)
    return ended is not None and not any(review.result == "PASS" and review.at >= ended for review in case.reviews)


def review_passed(case: CaseFile) -> bool:
    given = case.reviews[case.redecision.reviews :] if case.redecision else case.reviews
    review = given[-1] if given else None
    covers = review is not None and review.result == "PASS" and review.proposal_digest == case.proposal.digest
    return covers and not held_unreviewed(case)


def deliberated(case: CaseFile) -> bool:
    """The leaders concluded on the proposal as it stands."""
    last = case.deliberations[-1] if case.deliberations else None
    return last is not None and last.concluded_at is not None and last.proposal_digest == case.proposal.digest


def g12(case: CaseFile, facts: Facts) -> DomainError | None:
    """Where 1.7 triggers it, the leaders concluded on the proposal as it stands (PC24, PC25). Law: APL 57(2)."""
    if case.proposals and case.proposal.collective_grounds and not deliberated(case):
        return CollectiveDiscussionRequired(
            "the leaders have to decide this case collectively", grounds=",".join(case.proposal.collective_grounds)
        )
    return None


def hearing_on(case: CaseFile, notice: Notice) -> Hearing | None:
    """The hearing that was asked for on this notice, in time."""
    return next((hearing for hearing in reversed(case.hearings) if hearing.in_time and hearing.notice_number == notice.number), None)


def g13(case: CaseFile, facts: Facts) -> DomainError | None:
    """Notice served; statement heard (a held hearing counts) and re-checked, or waived, or its period over. Law: APL 44, 45, 62."""
    notice = case.served_notice
    if case.proposals and case.proposal.no_penalty:
        return None
    if notice is None:
        return NoticeNotServed("no notice of the intended penalty was served")
    hearing = hearing_on(case, notice)
    if notice.statement is None and hearing is not None and hearing.held:
        return None
    if notice.statement is None:
        return StatementStillOpen("the party may still state and defend")
    if notice.statement in {StatementMode.ORAL, StatementMode.WRITTEN} and notice.rechecked_at is None:
        return StatementNotRechecked("the points of the statement are not answered in writing")
    return None


def g14(case: CaseFile, facts: Facts) -> DomainError | None:
    """Where a hearing may be asked for: told; asked for and held, ended or withdrawn; or not asked for, or waived. Law: APL 63–65."""
    if not case.proposals:
        return None
    notice = case.served_notice
    grounds = case.proposal.hearing_grounds
    if notice is not None and notice.hearing_requested_at is not None:
        hearing = hearing_on(case, notice)
        if hearing is None or not (hearing.over or hearing.called_off):
            return HearingNotHeld("the party asked for a hearing and it was not held")
        return None
    if not grounds:
        return None
    if notice is None or not notice.hearing_document_id:
        return HearingRightNotTold("the party was not told of its right to a hearing", grounds=",".join(grounds))
    if not notice.hearing_waived and not case.timer_over("D09", facts):
        return HearingPeriodOpen("the party may still ask for a hearing")
    return None


def g15(case: CaseFile, facts: Facts) -> DomainError | None:
    """The amount is inside the interval of its trace, or the deviation is reasoned; the law applied is the lighter. Law: APL 5, 34, 37."""
    if not case.proposals:
        return None
    trace = case.proposal.discretion
    inside = trace.min.fen <= trace.amount.fen <= trace.max.fen
    if not inside and not trace.deviation_reason:
        return AmountOutsideTrace("the amount is outside its interval", amount=trace.amount.fen, min=trace.min.fen, max=trace.max.fen)
    then: Act | None = facts.known.get("act")
    now: Act | None = facts.known.get("act_now")
    compared = then is not None and now is not None and trace.law_on == case.act_on
    if compared and then is not None and lighter_act(then, now, case.branch, case.party_kind) is not then:
        return LighterLawInForce("the law is lighter now than on the day of the act", act=case.act_id)
    return None


def g16(case: CaseFile, facts: Facts) -> DomainError | None:
    """Not heavier than the latest served notice, on the same facts and basis. Law: APL 44, 45."""
    notice = case.served_notice
    if notice is None:
        return NoticeNotServed("no notice of the intended penalty was served")
    told = case.proposal_of(notice.proposal_number)
    if told is None or not case.proposal.same_ground(told):
        return NoticeDiffersFromDecision("facts or basis are not those of the notice", notice=notice.number)
    if case.proposal.heavier_than(told):
        return NoticeDiffersFromDecision("the penalty is heavier than the notice told", notice=notice.number)
    return None


def g17(case: CaseFile, facts: Facts) -> DomainError | None:
    """D12 is not over; if it is, the CHIEF decides late with his reason. Law: APL 60."""
    timer = case.timer("D12")
    if timer is None or timer.expires_at is None or facts.now < timer.expires_at:
        return None
    reason = str((facts.input or {}).get("late_reason", "")).strip()
    if facts.input is None or (reason and Role.CHIEF in facts.by.roles):
        return None
    return CaseLimitPassed("the case limit is over: the CHIEF decides late with a written reason", limit=timer.legal_expiry)


def g22(case: CaseFile, facts: Facts) -> DomainError | None:
    """An order to correct, or why nothing is left to correct; illegal income confiscated or refunded. Law: APL 28."""
    if not case.proposals:
        return None
    proposal = case.proposal
    served = known(facts, "served_orders")
    named = proposal.correction_order_ids if served is None else set(proposal.correction_order_ids) & set(served)
    if not named and not proposal.correction_note.strip():
        return OrderToCorrectMissing("no order to correct was served with the penalty", orders=",".join(proposal.correction_order_ids))
    if proposal.illegal_income.fen and proposal.income_handling is IncomeHandling.NONE:
        return IllegalIncomeOpen("the illegal income is neither confiscated nor refunded")
    return None


def imposes(case: CaseFile, facts: Facts) -> DomainError | None:
    """The proposal as it stands imposes something: without a penalty there is nothing to tell and PC28 alone is left. Law: APL 44."""
    if case.proposals and case.proposal.no_penalty:
        return NoPenaltyProposed("the proposal as it stands imposes nothing", ground=case.proposal.no_penalty)
    return None


def proposed(case: CaseFile, facts: Facts) -> DomainError | None:
    """A version of the proposal with its trace is stored. Law: APL 34, 40."""
    return None if case.proposals else ProposalMissing("no version of the proposal is stored yet")

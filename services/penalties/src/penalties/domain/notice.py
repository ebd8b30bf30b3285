"""The notice of the intended penalty and what the party answers: PC16, PC17, PC59 and the way to the head, PC26."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from kernel.errors import DomainError, Invalid, Precondition
from kernel.moves import AnyOf, Entered, Facts, Move, Role, When

from penalties.domain.events import DecisionRequested, NoticeDrafting, NoticeReleased, NoticeServed, StatementTaken
from penalties.domain.file import CaseFile, from_day, reasoned, today
from penalties.domain.guards import HearingRightNotTold, NoticeNotServed, g02, g03, g05, g10, g11, g12, g13, g14, g16, imposes, proposed
from penalties.domain.papers import after, carries
from penalties.domain.records import Notice, Round, State, StatementMode, StatementPoint
from penalties.domain.review import Reviewed


class NoticeAlreadyReleased(Precondition):
    """The notice is released and on its way; it is served or voided, not returned."""


class NoticeNotReleased(Precondition):
    """No notice is released for service."""


class StatementTooEarly(Precondition):
    """The period of the statement lapses at its end, not before."""


class StatementPeriodOver(Precondition):
    """The period of the statement is over (D08)."""


class StatementModeInvalid(Invalid):
    """A statement is oral, written or waived; its lapse is no statement."""


class StatementProofMissing(Invalid):
    """An oral statement has its record F25, a written one or a waiver its paper."""


class PointsUnanswered(Invalid):
    """Each point of the statement gets its answer, in its order (APL 45)."""


class NoticeStillCovers(Precondition):
    """The notice covers the proposal as it stands: nobody is told anew (G16)."""


class OtherReasonMissing(Precondition):
    """What becomes worse after the notice needs another reason than the statement, written by the officer who leads the case (APL 45)."""


class ReviewNotPassed(Precondition):
    """From the legal review only after its PASS in the round before the decision."""


def not_released(case: CaseFile, facts: Facts) -> DomainError | None:
    """No notice is on its way. Law: APL 44."""
    notice = case.notice
    if notice is not None and not notice.deemed_on:
        return NoticeAlreadyReleased("the notice is released and on its way", notice=notice.number)
    return None


def released(case: CaseFile, facts: Facts) -> DomainError | None:
    """The DEP released the notice that is served. Law: 1.8."""
    notice = case.notice
    if notice is None or notice.deemed_on:
        return NoticeNotReleased("no notice is released for service")
    if facts.input is not None and facts.input.get("document_id") not in {notice.document_id, notice.hearing_document_id}:
        return NoticeNotReleased("this is not the notice that was released", document=str(facts.input.get("document_id")))
    return None


def hearing_told(case: CaseFile, facts: Facts) -> DomainError | None:
    """G14: where 5.5 gives a right to a hearing, F26 goes with the notice. Law: APL 63, 64."""
    checked = facts.known.get("checked")
    if checked is None or not case.proposals or not case.proposal.hearing_grounds:
        return None
    if any(document.form == "F26" and not document.problems for document in checked.values()):
        return None
    return HearingRightNotTold(
        "the party has a right to a hearing: F26 goes with the notice", grounds=",".join(case.proposal.hearing_grounds)
    )


def statement_in_time(case: CaseFile, facts: Facts) -> DomainError | None:
    """Within D08 by the party; by SYS only when D08 is over. Law: APL 44, 45."""
    if facts.input is None:
        return None
    mode: StatementMode = facts.input["mode"]
    over = case.timer_over("D08", facts)
    if mode is StatementMode.EXPIRED:
        if Role.SYS not in facts.by.roles:
            return StatementModeInvalid("the lapse of the period is no statement", mode=mode.value)
        return None if over else StatementTooEarly("the period of the statement is not over")
    if over:
        return StatementPeriodOver("the period of the statement is over")
    if not facts.input.get("document_id"):
        return StatementProofMissing("name F25, the written statement or the waiver", mode=mode.value)
    if mode in {StatementMode.ORAL, StatementMode.WRITTEN} and not facts.input.get("points"):
        return StatementProofMissing("write down the points of the statement", mode=mode.value)
    return None


def g16_told_anew(case: CaseFile, facts: Facts) -> DomainError | None:
    """Facts, basis or penalty changed to the party's disadvantage for other reasons; never because of the defence. Law: APL 44, 45."""
    if not case.proposals:
        return None
    if g16(case, facts) is None:
        return NoticeStillCovers("the served notice covers the proposal as it stands")
    if not case.proposal.other_reason.strip() or case.proposal.made_by != case.lead_id:
        return OtherReasonMissing("the officer who leads the case writes down the other reason", lead=case.lead_id)
    return None


def review_before_decision(case: CaseFile, facts: Facts) -> DomainError | None:
    """From LEGAL_REVIEW only with PASS in the round PRE_DECISION. Law: 11.5 PC26."""
    if case.state is State.LEGAL_REVIEW and not (case.review == "PASS" and case.review_round == Round.PRE_DECISION):
        return ReviewNotPassed("the review before the decision has not passed", round=case.review_round, review=case.review)
    return None


ROWS = (
    Move(
        "PC16",
        "release_notice",
        {State.NOTICE_DRAFT},
        None,
        by=AnyOf(Role.DEP),
        guards=(
            g02,
            g03,
            g05,
            proposed,
            imposes,
            not_released,
            hearing_told,
            after("F01", "ws10053"),
            carries(ws1003012=("APPROVER",), F24=()),
        ),
        law=("APL 44", "APL 63"),
        form="ws1003012",
    ),
    Move(
        "PC16",
        "notify",
        {State.NOTICE_DRAFT},
        State.NOTIFIED,
        by=AnyOf(Role.SYS),
        guards=(released,),
        law=("APL 44", "APL 61"),
        starts=("D08", When("D09", form="F26")),
        form="F24",
    ),
    Move(
        "PC59",
        "return_notice",
        {State.NOTICE_DRAFT},
        State.REPORTED,
        by=AnyOf(Role.DEP),
        guards=(g02, g03, not_released, reasoned),
        law=("APL 44",),
        form="ws1003012",
    ),
    Move(
        "PC18",
        "tell_anew",
        {State.DEFENCE},
        State.NOTICE_DRAFT,
        by=AnyOf(Role.UNIT),
        guards=(g02, g03, g16_told_anew),
        law=("APL 44", "APL 45"),
        form="F24",
    ),
    Move(
        "PC17",
        "take_statement",
        {State.NOTIFIED},
        State.DEFENCE,
        by=Entered(),
        guards=(g02, statement_in_time),
        law=("APL 44", "APL 45", "APL 62"),
        stops=("D08",),
        form="F25",
    ),
    Move(
        "PC26",
        "submit_for_decision",
        {State.DEFENCE, State.LEGAL_REVIEW},
        State.DECIDING,
        by=AnyOf(Role.UNIT),
        guards=(g02, g03, imposes, review_before_decision, g10, g13, g14, g11, g12, carries(F30=("OFFICER", "REVIEWER"))),
        law=("APL 57", "APL 58"),
        form="F30",
    ),
)

# The period of the statement may still run while a hearing is pending, or after it was called off (PC61).
MAY_RECHECK = frozenset({State.DEFENCE, State.HEARING_REQ, State.HEARING_SET, State.HEARING_DONE, State.LEGAL_REVIEW})
MAY_STATE_MEANWHILE = frozenset({State.HEARING_REQ, State.HEARING_SET, State.DEFENCE})


class Noticed(Reviewed):
    """The moves of notice and defence."""

    def release_notice(self, document_ids: Iterable[str], *, facts: Facts) -> NoticeReleased:
        """First step of PC16: the approval drives numbering and seal; the service of F24 moves the case."""
        documents = tuple(document_ids)
        self._move("release_notice", facts, documents=documents)
        forms = {document.form: document.document_id for document in facts.known["checked"].values()}
        made = Notice(len(self.notices) + 1, self.proposal.number, forms["F24"], forms.get("F26", ""), facts.by.id, facts.now)
        self.notices = [*self.notices, made]
        return NoticeReleased(self.id, facts.now)

    def _change_notice(self, **changes: Any) -> Notice:
        changed = replace(self.notices[-1], **changes)
        self.notices = [*self.notices[:-1], changed]
        return changed

    def notify(self, document_id: str, served_on: str, deemed_on: str, mode: str, *, facts: Facts) -> NoticeServed:
        forms = ("F26",) if self.notices and self.notices[-1].hearing_document_id else ()
        served = {"document_id": document_id, "deemed_on": deemed_on}
        self._move("notify", replace(facts, input=served, known={**facts.known, "forms": forms}), documents=(document_id,), reason=mode)
        self._change_notice(served_on=served_on, deemed_on=deemed_on, mode=mode)
        timer = self.timer("D08")
        return NoticeServed(self.id, self.enterprise_id, deemed_on, timer.legal_expiry if timer else "")

    def return_notice(self, reason: str, *, facts: Facts) -> NoticeDrafting:
        self._move("return_notice", replace(facts, input={"reason": reason}), reason=reason)
        return NoticeDrafting(self.id, True, facts.now)

    def take_statement(
        self, mode: StatementMode, document_id: str, points: Iterable[str], hearing_waived: bool, *, facts: Facts
    ) -> StatementTaken:
        """PC17. What the party says is new: the screen has to be run again unless nothing was said."""
        said = tuple(StatementPoint(point) for point in points if point.strip())
        judged = replace(facts, input={"mode": mode, "document_id": document_id, "points": said})
        self._move("take_statement", judged, documents=(document_id,) if document_id else (), reason=mode.value)
        self._change_notice(
            statement=mode, statement_at=facts.now, statement_document_id=document_id, points=said, hearing_waived=hearing_waived
        )
        if said:
            self.change_facts()
        return StatementTaken(self.id, mode.value, facts.now)

    def note_statement(self, mode: StatementMode, document_id: str, points: Iterable[str], *, facts: Facts) -> StatementTaken:
        """A statement while a hearing is pending: no move of the case. Law: APL 44, 45."""
        self.require(MAY_STATE_MEANWHILE, "take_statement")
        self.require_officer(facts)
        said = tuple(StatementPoint(point) for point in points if point.strip())
        refused = statement_in_time(self, replace(facts, input={"mode": mode, "document_id": document_id, "points": said}))
        if refused is not None:
            raise refused
        self.stop_timer("D08", facts)
        self._change_notice(statement=mode, statement_at=facts.now, statement_document_id=document_id, points=said)
        if said:
            self.change_facts()
        self.log("take_statement", facts, documents=(document_id,) if document_id else (), reason=mode.value)
        return StatementTaken(self.id, mode.value, facts.now)

    def tell_anew(self, reason: str, *, facts: Facts) -> NoticeDrafting:
        """PC18: the new notice starts D08 and D09 again (PC16)."""
        self._move("tell_anew", facts, reason=reason or self.proposal.other_reason)
        return NoticeDrafting(self.id, True, facts.now)

    def recheck_statement(self, points: Iterable[StatementPoint], *, facts: Facts) -> None:
        """Each point is answered in writing. Law: APL 45; never heavier because of it (G16)."""
        self.require(MAY_RECHECK, "recheck_statement")
        self.require_officer(facts)
        notice = self.served_notice
        if notice is None or notice.statement is None:
            raise NoticeNotServed("the party has stated nothing")
        answered = tuple(points)
        if [point.text for point in answered] != [point.text for point in notice.points] or not all(p.answer.strip() for p in answered):
            raise PointsUnanswered("each point of the statement gets its answer, in its order", points=len(notice.points))
        self._change_notice(points=answered, rechecked_by=facts.by.id, rechecked_at=facts.now)
        self.log("recheck_statement", facts)

    def submit_for_decision(self, document_ids: Iterable[str], *, facts: Facts) -> DecisionRequested:
        self._move("submit_for_decision", facts, documents=document_ids)
        self.decision_reviewed_by = facts.by.id
        return DecisionRequested(self.id, facts.now)


def deemed(case: CaseFile, facts: Facts) -> tuple[datetime, dict[str, Any], list[dict[str, Any]]]:
    """D08, D09, D16, D19, D20 run from the day on which the document counts as served (5.7)."""
    return from_day(facts.input["deemed_on"] if isinstance(facts.input, Mapping) else today(facts)), {}, []

"""The hearing as the case goes through it: PC19–PC23 and PC61 (5.5). The small machine of the hearing is in hearing.py."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from kernel.days import day_begins, day_ends, legal_day
from kernel.deadlines import compute
from kernel.errors import DomainError, NotFound, Precondition
from kernel.moves import SYSTEM, AnyOf, Delegated, Entered, Facts, Move, Role

from penalties.domain.file import CaseFile, from_day, known, parse_day
from penalties.domain.guards import HearingRightNotTold, g02
from penalties.domain.hearing import CALLED_OFF, DELEGATED_POSTPONEMENT, Hearing, Tribunal
from penalties.domain.hearing_rules import HearingDays, HearingRequestLate, HearingState, days_for
from penalties.domain.notice import Noticed
from penalties.domain.papers import carries
from penalties.domain.procedure_events import (
    HearingAccepted,
    HearingHeld,
    HearingNoticed,
    HearingPostponed,
    HearingRefusedLate,
    HearingReported,
    HearingRequested,
    HearingWithdrawn,
)
from penalties.domain.records import Round, State, StatementMode


class HearingWaived(Precondition):
    """The party waived the hearing in writing, or withdrew its request."""


class HearingAlreadyRequested(Precondition):
    """A request for a hearing is on file."""


class NoHearing(NotFound):
    """No hearing was asked for."""


def hearing_open_to_ask(case: CaseFile, facts: Facts) -> DomainError | None:
    """Told of the right, not waived, asked for within D09; the day of posting decides where the reading says so. Law: APL 63, 64(1)."""
    notice = case.served_notice
    if notice is None or not notice.hearing_document_id or case.timer("D09") is None:
        return HearingRightNotTold("this notice told of no right to a hearing")
    if notice.hearing_waived:
        return HearingWaived("the party waived the hearing in writing")
    if any(hearing.state not in CALLED_OFF for hearing in case.hearings if hearing.notice_number == notice.number):
        return HearingAlreadyRequested("a request for a hearing is on file")
    if facts.input is None:
        return None if not case.timer_over("D09", facts) else HearingRequestLate("a hearing had to be asked for earlier")
    timer = case.timer("D09")
    if timer is not None and not facts.input["in_time"]:
        return HearingRequestLate("a hearing had to be asked for earlier", last_day=timer.legal_expiry)
    return None


def notice_told(case: CaseFile, facts: Facts) -> DomainError | None:
    """The hearing was told in time: D11 is kept by the day on which F27 counts as served. Law: APL 64(2)."""
    hearing = case.hearing
    if hearing is None or facts.input is None:
        return None
    refused: DomainError | None = hearing.refusal(
        hearing.row("notify_anew" if hearing.state is HearingState.POSTPONED else "notify_hearing"),
        replace(
            facts,
            by=SYSTEM,
            input={"document_id": facts.input["document_id"], "scheduled_at": hearing.scheduled_at},
            known={**facts.known, "hearing_days": case_days(case, parse_day(facts.input["deemed_on"]), facts)},
        ),
    )
    return refused


def case_days(case: CaseFile, served_on: date, facts: Facts) -> HearingDays:
    """D10 of this case from its request, D11 from the service."""
    timer = case.timer("D10")
    start = timer.starts_at if timer is not None else facts.now
    events = [event for event in timer.events if event["kind"] != "hearing_notice"] if timer is not None else []
    return days_for(start, events, served_on, facts.law.at(case.org_path))


def withdrawable(case: CaseFile, facts: Facts) -> DomainError | None:
    """In writing. Law: 11.5 PC61."""
    hearing = case.hearing
    if hearing is None or facts.input is None:
        return None
    refused: DomainError | None = hearing.refusal(hearing.row("withdraw_request"), facts)
    return refused


ROWS = (
    Move(
        "PC19",
        "request_hearing",
        {State.NOTIFIED, State.DEFENCE},
        State.HEARING_REQ,
        by=Entered(),
        guards=(g02, hearing_open_to_ask),
        law=("APL 63", "APL 64"),
        starts=("D10",),
        stops=("D09",),
    ),
    Move(
        "PC20",
        "release_hearing_notice",
        {State.HEARING_REQ},
        None,
        by=AnyOf(Role.HEAR),
        guards=(g02, carries(F27=())),
        law=("APL 64",),
        form="F27",
    ),
    Move(
        "PC20",
        "set_hearing",
        {State.HEARING_REQ},
        State.HEARING_SET,
        by=AnyOf(Role.SYS),
        guards=(notice_told,),
        law=("APL 64",),
        starts=("D11",),
        form="F27",
    ),
    Move(
        "PC21",
        "postpone_hearing",
        {State.HEARING_SET},
        None,
        by=AnyOf(Role.CHIEF, Delegated(Role.DEP, DELEGATED_POSTPONEMENT)),
        guards=(g02, carries(F27=())),
        law=("PB 35",),
        form="F27",
    ),
    Move(
        "PC21",
        "set_hearing_anew",
        {State.HEARING_SET},
        State.HEARING_SET,
        by=AnyOf(Role.SYS),
        guards=(notice_told,),
        law=("PB 35", "APL 64"),
        starts=("D11",),
        stops=("D11",),
        form="F27",
    ),
    Move(
        "PC22",
        "close_hearing",
        {State.HEARING_SET},
        State.HEARING_DONE,
        by=AnyOf(Role.HEAR),
        guards=(g02, carries(F28=("PARTY", "RECORDER", "PRESIDER"))),
        law=("APL 64",),
        stops=("D10", "D11"),
        form="F28",
    ),
    Move(
        "PC22",
        "terminate_hearing",
        {State.HEARING_SET},
        State.HEARING_DONE,
        by=AnyOf(Role.HEAR),
        guards=(g02, carries(F28=("PRESIDER",))),
        law=("APL 64",),
        stops=("D10", "D11"),
        form="F28",
    ),
    Move(
        "PC23",
        "review_hearing",
        {State.HEARING_DONE},
        State.LEGAL_REVIEW,
        by=AnyOf(Role.SYS),
        law=("APL 58", "APL 65"),
        form="ws10051",
    ),
    Move(
        "PC61",
        "withdraw_hearing",
        {State.HEARING_REQ, State.HEARING_SET},
        State.DEFENCE,
        by=Entered(),
        guards=(g02, withdrawable),
        law=("APL 64",),
        stops=("D10", "D11"),
    ),
)

MAY_ASK_LATE = frozenset({State.NOTIFIED, State.DEFENCE, State.LEGAL_REVIEW, State.DELIBERATION, State.DECIDING})


class Heard(Noticed):
    """The moves of the hearing."""

    def _hearing(self) -> Hearing:
        if self.hearing is None:
            raise NoHearing("no hearing was asked for", id=str(self.id))
        return self.hearing

    def request_hearing(self, requested_at: datetime, posted_on: str, document_id: str, *, facts: Facts) -> HearingRequested:
        """PC19 with HR01. A late request leaves the case where it is: the presider refuses it in writing (HR03)."""
        timer, notice = self.timer("D09"), self.served_notice
        if timer is None or notice is None or not notice.hearing_document_id:
            self.require(MAY_ASK_LATE, "request_hearing")
            raise HearingRightNotTold("this notice told of no right to a hearing")
        asked = {"kind": "post", "at": from_day(posted_on).isoformat()} if posted_on else {"kind": "act", "at": requested_at.isoformat()}
        in_time = bool(compute("D09", timer.starts_at, [*timer.events, asked], timer.params, facts.law.at(self.org_path)).in_time)
        made = Hearing(
            case_id=self.id,
            org_path=self.org_path,
            requested_at=requested_at,
            in_time=in_time,
            ask_by=timer.legal_expiry,
            entered_by=facts.by.id,
            investigators=sorted({*self.investigators, *self.prepared_by}),
            notice_number=notice.number,
            request_document_id=document_id,
            posted_on=posted_on,
        )
        if in_time:
            brought = {"in_time": in_time, "requested_at": requested_at}
            self._move("request_hearing", replace(facts, input=brought), documents=(document_id,) if document_id else ())
            self._change_notice(hearing_requested_at=requested_at)
            self._limit("suspend", facts)
        else:
            self.require(MAY_ASK_LATE, "request_hearing")
            self.require_officer(facts)
        made.request(facts=facts)
        self.hearings.append(made)
        hold_by = self.running("D10").legal_expiry if in_time else ""
        return HearingRequested(self.id, made.id, in_time, hold_by, requested_at)

    def accept_hearing(self, tribunal: Tribunal, *, facts: Facts) -> HearingAccepted:
        """HR02."""
        self.require({State.HEARING_REQ}, "accept_hearing")
        hearing, recused = self._hearing(), {r.officer_id for r in self.recusals if r.state == "DECIDED_ACCEPT"}
        hearing.accept(tribunal, facts=replace(facts, known={**facts.known, "recused": recused}))
        self.log("accept_hearing", facts, row="HR02")
        return HearingAccepted(self.id, hearing.id, hearing.presider_id, facts.now)

    def refuse_hearing(self, reason: str, document_id: str, *, facts: Facts) -> HearingRefusedLate:
        """HR03."""
        late = next((hearing for hearing in reversed(self.hearings) if hearing.state is HearingState.REQUESTED), None)
        if late is None:
            raise NoHearing("no request waits for an answer", id=str(self.id))
        late.refuse_late(reason, document_id, facts=facts)
        self.log("refuse_hearing", facts, documents=(document_id,), reason=reason, row="HR03")
        return HearingRefusedLate(self.id, late.id, facts.now)

    def hearing_days(self, served_on: str, *, facts: Facts) -> HearingDays:
        """The scheduling check of 5.5, for a notice served on this day."""
        self._hearing()
        return case_days(self, parse_day(served_on) if served_on else legal_day(facts.now), facts)

    def release_hearing_notice(self, document_id: str, scheduled_at: datetime, place: str, *, facts: Facts) -> None:
        """First step of PC20. The day is checked as if the notice were served today; MayServe checks it again."""
        hearing = self._hearing()
        days = case_days(self, legal_day(facts.now), facts)
        self._move("release_hearing_notice", facts, documents=(document_id,), reason=days.reason)
        hearing.release_notice(document_id, scheduled_at, place, days, facts=facts)

    def postpone_hearing(self, reason: str, document_id: str, scheduled_at: datetime, place: str, *, facts: Facts) -> HearingPostponed:
        """First step of PC21. D10 moves to the day that the head approves. Law: PB 35."""
        hearing = self._hearing()
        self._move("postpone_hearing", facts, documents=(document_id,), reason=reason)
        hearing.postpone(reason, document_id, scheduled_at, place, case_days(self, legal_day(facts.now), facts), facts=facts)
        timer = self.running("D10")
        days = (legal_day(scheduled_at) - parse_day(timer.raw)).days
        if days > 0:
            event = {"kind": "extend", "at": facts.now.isoformat(), "days": days, "by": "head"}
            timer.add(event, facts.law, why="postponed (PC21)")
        return HearingPostponed(self.id, hearing.id, scheduled_at, facts.now)

    def hearing_told(self, document_id: str, served_on: str, deemed_on: str, mode: str, *, facts: Facts) -> HearingNoticed | None:
        """PC20 or PC21, by the service of F27. Served too late for its day it sets no hearing, and the presider releases another."""
        hearing = self._hearing()
        if document_id != hearing.notice_document_id:
            return None
        move = "set_hearing" if self.state is State.HEARING_REQ else "set_hearing_anew"
        judged = replace(facts, input={"document_id": document_id, "deemed_on": deemed_on})
        refused = self.refusal(self.row(move), judged)
        if refused is not None:
            hearing.fail_notice(refused.text)
            self.log("hearing_notice_failed", facts, documents=(document_id,), reason=refused.text)
            return None
        days = case_days(self, parse_day(deemed_on), facts)
        self._move(move, judged, documents=(document_id,), reason=mode)
        hearing.notify(document_id, deemed_on, days, facts=facts)
        timer = self.running("D10")
        told = {"kind": "hearing_notice", "at": day_begins(parse_day(deemed_on)).isoformat()}
        timer.add(told, facts.law, why="the hearing was notified")
        return HearingNoticed(self.id, hearing.id, hearing.scheduled_at or facts.now, hearing.earliest_on, hearing.target_reason)

    def open_hearing(self, agents: list[str], *, facts: Facts) -> None:
        """HR05."""
        self.require({State.HEARING_SET}, "open_hearing")
        self._hearing().open(agents, facts=facts)
        self.log("open_hearing", facts, row="HR05")

    def close_hearing(self, said: dict[str, str], document_id: str, *, facts: Facts) -> HearingHeld:
        """PC22 with HR08. What the party said is new: the screen has to be run again."""
        hearing = self._hearing()
        self._move("close_hearing", facts, documents=(document_id,))
        hearing.close(said, document_id, facts=facts)
        self._limit("resume", facts)
        self.change_facts()
        return HearingHeld(self.id, hearing.id, True, facts.now)

    def terminate_hearing(self, reason: str, document_id: str, *, facts: Facts) -> HearingHeld:
        """PC22 with HR09: who stays away or leaves without leave waives the hearing. Law: APL 64(6)."""
        hearing = self._hearing()
        self._move("terminate_hearing", facts, documents=(document_id,), reason=reason)
        hearing.terminate(reason, document_id, facts=facts)
        self._limit("resume", facts)
        return HearingHeld(self.id, hearing.id, False, facts.now)

    def report_hearing(self, opinion: str, document_ids: list[str], *, facts: Facts) -> HearingReported:
        """HR11 on F29, and PC23 at once: after a hearing a legal review is due. Law: APL 58(1)(2), 65."""
        self.require({State.HEARING_DONE}, "report_hearing")
        hearing = self._hearing()
        refused = carries(F29=("APPROVER", "PRESIDER"))(self, facts)
        if refused is not None:
            raise refused
        checked = known(facts, "checked") or {}
        report = next((document.document_id for document in checked.values() if document.form == "F29"), "")
        hearing.report(opinion, report, facts=facts)
        self._move("review_hearing", replace(facts, by=SYSTEM, second=None), documents=document_ids)
        self.review_round, self.review = Round.PRE_DECISION, ""
        return HearingReported(self.id, hearing.id, facts.now)

    def withdraw_hearing(self, document_id: str, *, facts: Facts) -> HearingWithdrawn:
        """PC61 with HR10. Where the period of the statement is over, nothing was stated; else it runs on."""
        hearing = self._hearing()
        self._move("withdraw_hearing", replace(facts, input={"document_id": document_id}), documents=(document_id,))
        hearing.withdraw(document_id, facts=facts)
        self._limit("resume", facts)
        self._change_notice(hearing_waived=True)
        if self.timer_over("D08", facts):
            self._state_nothing(facts)
        return HearingWithdrawn(self.id, hearing.id, facts.now)

    def hearing_excused_until(self, *, facts: Facts) -> datetime | None:
        """The end of the day of a hearing that D11 alone moved behind D10; nothing if D10 is missed without that reason."""
        hearing = self.hearing
        if hearing is None or hearing.scheduled_at is None or not hearing.target_reason:
            return None
        ends = day_ends(legal_day(hearing.scheduled_at))
        return ends if facts.now < ends else None

    def lapse_statement_meanwhile(self, *, facts: Facts) -> None:
        """D08 ended while a hearing is pending, or after it was called off: nothing was stated."""
        timer = self.timer("D08")
        if timer is not None and timer.stopped_at is None:
            timer.stop(facts.now)
        self._state_nothing(facts)
        self.log("lapse", facts, reason="D08", row="D08")

    def _limit(self, kind: str, facts: Facts) -> None:
        """D12 stands still from the request to the end of the hearing where the reading says so (`d12_exclude.hearing`)."""
        timer = self.timer("D12")
        if timer is not None and timer.stopped_at is None:
            event = {"kind": kind, "at": facts.now.isoformat(), "reason": "hearing"}
            timer.add(event, facts.law, why="hearing (PC19)" if kind == "suspend" else "end of the hearing")

    def _state_nothing(self, facts: Facts) -> None:
        notice: Any = self.served_notice
        if notice is not None and notice.statement is None:
            self._change_notice(statement=StatementMode.EXPIRED, statement_at=facts.now)


def timer_d10(case: CaseFile, facts: Facts) -> tuple[datetime, dict[str, Any], list[dict[str, Any]]]:
    """D10 runs from the request (5.10)."""
    return facts.input["requested_at"], {}, []

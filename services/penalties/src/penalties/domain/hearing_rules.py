"""What a hearing is judged by: its states, the scheduling check of 5.5, and the guards of HR01–HR11."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from kernel.days import day_begins, legal_day
from kernel.deadlines import compute
from kernel.errors import DomainError, Forbidden, Invalid, Precondition
from kernel.guards import no_conflict
from kernel.moves import Facts
from kernel.parameters import LawParameters


class HearingState(StrEnum):
    """States of 11.9."""

    REQUESTED = "REQUESTED"
    ACCEPTED = "ACCEPTED"
    REJECTED_LATE = "REJECTED_LATE"
    NOTIFIED = "NOTIFIED"
    POSTPONED = "POSTPONED"
    OPEN = "OPEN"
    CLOSED_HELD = "CLOSED_HELD"
    TERMINATED_ABSENT = "TERMINATED_ABSENT"
    WITHDRAWN_BY_PARTY = "WITHDRAWN_BY_PARTY"
    REPORTED = "REPORTED"


class HearingRequestLate(Precondition):
    """A hearing is asked for within D09; a late request is refused in writing (APL 64)."""


class HearingRequestInTime(Precondition):
    """The request came within D09: it may not be refused as late (APL 63, 64)."""


class PresiderInvestigated(Forbidden):
    """The presider is no investigator of the case (APL 64(4))."""


class PresiderOnly(Forbidden):
    """Only the presider who was named does this."""


class HearingNoticeMissing(Precondition):
    """The hearing is notified anew by the service of the F27 that was released for it."""


class HearingTooEarly(Precondition):
    """The hearing is on the eighth working day after service of its notice or later, itself a working day (APL 64(2), D11)."""


class HearingAfterTarget(Precondition):
    """D11 leaves a day inside D10: the hearing is held within D10 (PB 35)."""


class PostponedBefore(Precondition):
    """A hearing is postponed once (PB 35)."""


class HearingNotDue(Precondition):
    """The hearing is opened on its day, not before."""


class TooManyAgents(Invalid):
    """A party has one or two agents (APL 64(5))."""


class HearingIncomplete(Invalid):
    """Both parts stand in the record: the accusation, the defence, and the questioning of each other (APL 64(7))."""


class HearingReasonMissing(Invalid):
    """This step of a hearing needs its written reason or paper."""


@dataclass(frozen=True)
class HearingDays:
    """The scheduling check of 5.5 for a notice served on a day."""

    served_on: str
    earliest_on: str
    target_on: str
    feasible: bool
    reason: str
    derivation: tuple[str, ...]

    def refuse(self, day: date, *, works: bool, bound: bool) -> DomainError | None:
        """Why the hearing may not be on this day. `bound`: D10 still binds (a postponement has moved it)."""
        if day.isoformat() < self.earliest_on or not works:
            return HearingTooEarly(
                "D11 leaves no such day: both the service and the hearing are left out", earliest=self.earliest_on, day=day.isoformat()
            )
        if not bound or day.isoformat() <= self.target_on:
            return None
        if self.feasible or day.isoformat() > self.earliest_on:
            return HearingAfterTarget("an earlier day is left", target=self.target_on, earliest=self.earliest_on, day=day.isoformat())
        return None


def days_for(starts_at: datetime, events: list[dict[str, Any]], served_on: date, law: LawParameters) -> HearingDays:
    """D10 from the request, D11 from the service. Where D11 leaves no day inside D10, it is law and wins; the reason is made here."""
    served = day_begins(served_on)
    lead = compute("D11", served, [], {}, law)
    told = {"kind": "hearing_notice", "at": served.isoformat()}
    target = compute("D10", starts_at, [*events, told], {}, law)
    feasible = bool(target.feasible)
    reason = ""
    if not feasible:
        reason = next((line for line in reversed(target.derivation) if line.startswith("D11 is law")), "D11 wins over D10 (5.5).")
    return HearingDays(
        served_on.isoformat(), lead.text("earliest"), target.text("legal_expiry"), feasible, reason, (*target.derivation, *lead.derivation)
    )


def works_on(day: date, law: LawParameters) -> bool:
    return law.calendar.works(day)


def asked_in_time(hearing: Any, facts: Facts) -> DomainError | None:
    """Asked for within D09. Law: APL 64(1)."""
    return None if hearing.in_time else HearingRequestLate("a hearing had to be asked for earlier", last_day=hearing.ask_by)


def asked_late(hearing: Any, facts: Facts) -> DomainError | None:
    """Asked for after D09, refused in writing. Law: APL 64(1)."""
    if hearing.in_time:
        return HearingRequestInTime("the request came in time", last_day=hearing.ask_by)
    if facts.input is None or (str(facts.input["reason"]).strip() and facts.input["document_id"]):
        return None
    return HearingReasonMissing("a late request is refused in writing, with reasons")


def presider_apart(hearing: Any, facts: Facts) -> DomainError | None:
    """G03, G02: presider, members and clerk did not investigate the case, and no recusal of theirs was accepted. Law: APL 43, 64(4)."""
    if facts.input is None:
        return None
    named = [facts.input["presider_id"], *facts.input["member_ids"], *filter(None, [facts.input["clerk_id"]])]
    for person in named:
        if person in hearing.investigators:
            return PresiderInvestigated("who investigated the case takes no part in the hearing", person=person)
    refused = no_conflict(named, recused=facts.known.get("recused", ()))
    if refused is not None:
        return refused
    if facts.input["closed"] and not str(facts.input["closed_reason"]).strip():
        return HearingReasonMissing("say which secret or privacy forbids an open hearing (APL 64(3))")
    return None


def presides(hearing: Any, facts: Facts) -> DomainError | None:
    """Who was named presides. Law: APL 64(4)."""
    if facts.by.id in {hearing.presider_id, "system"} or not hearing.presider_id:
        return None
    return PresiderOnly("another presider was named", presider=hearing.presider_id)


def day_allowed(hearing: Any, facts: Facts) -> DomainError | None:
    """The eighth working day after service or later, within D10 unless D11 leaves no day there. Law: APL 64(2); PB 35."""
    days: HearingDays | None = facts.known.get("hearing_days")
    if days is None or facts.input is None:
        return None
    day = legal_day(facts.input["scheduled_at"])
    return days.refuse(day, works=works_on(day, facts.law.at(hearing.org_path)), bound=not hearing.postponements)


def names_place(hearing: Any, facts: Facts) -> DomainError | None:
    """Time and place are told. Law: APL 64(2)."""
    if facts.input is None or str(facts.input["place"]).strip():
        return None
    return HearingReasonMissing("name the place of the hearing")


def notice_released(hearing: Any, facts: Facts) -> DomainError | None:
    """The F27 that was released is the one served."""
    if facts.input is not None and facts.input["document_id"] != hearing.notice_document_id:
        return HearingNoticeMissing("this is not the notice that was released", document=str(facts.input["document_id"]))
    return None if hearing.notice_document_id else HearingNoticeMissing("no notice of the hearing was released")


def once(hearing: Any, facts: Facts) -> DomainError | None:
    """Postponed once, for a good reason. Law: PB 35."""
    if hearing.postponements:
        return PostponedBefore("the hearing was postponed before")
    if facts.input is None or str(facts.input["reason"]).strip():
        return None
    return HearingReasonMissing("a hearing is postponed for a good reason")


def day_has_come(hearing: Any, facts: Facts) -> DomainError | None:
    """Opened on its day."""
    if hearing.scheduled_at is not None and legal_day(facts.now) < legal_day(hearing.scheduled_at):
        return HearingNotDue("the day of the hearing has not come", day=legal_day(hearing.scheduled_at).isoformat())
    return None


def few_agents(hearing: Any, facts: Facts) -> DomainError | None:
    """One or two agents. Law: APL 64(5)."""
    if facts.input is not None and len(facts.input["agents"]) > 2:
        return TooManyAgents("a party has at most two agents", agents=len(facts.input["agents"]))
    return None


def both_heard(hearing: Any, facts: Facts) -> DomainError | None:
    """Accusation, defence, cross-examination. Law: APL 64(7)."""
    if facts.input is None:
        return None
    missing = [part for part in ("accusation", "defence", "cross_examination") if not str(facts.input[part]).strip()]
    return HearingIncomplete("the record lacks a part of the hearing", missing=",".join(missing)) if missing else None


def explained(hearing: Any, facts: Facts) -> DomainError | None:
    """Absence or leaving is written down. Law: APL 64(6)."""
    if facts.input is None or str(facts.input["reason"]).strip():
        return None
    return HearingReasonMissing("write down how the party stayed away or left")


def in_writing(hearing: Any, facts: Facts) -> DomainError | None:
    """The party withdraws in writing. Law: APL 64."""
    if facts.input is None or facts.input["document_id"]:
        return None
    return HearingReasonMissing("a request is withdrawn in writing: name the letter")

"""The collective discussion of the leaders: PC24 and PC25 (1.7)."""

from dataclasses import replace

from kernel.errors import DomainError, Forbidden, Invalid, Precondition
from kernel.guards import no_conflict
from kernel.moves import AnyOf, Facts, Move, Role

from penalties.domain.file import CaseFile, known
from penalties.domain.guards import Acting, g02, g03, g10, g11, g13, g14, proposed
from penalties.domain.law import Thresholds
from penalties.domain.notice import Noticed, review_before_decision
from penalties.domain.papers import CheckedDocument, DocumentNotReady, carries
from penalties.domain.procedure_events import DeliberationCalled, DeliberationConcluded
from penalties.domain.proceedings import Deliberation, Minutes
from penalties.domain.records import State


class DeliberationNotNeeded(Precondition):
    """Nothing of 1.7 calls for a collective discussion: the reason is written down, or the case goes to the head (PC26)."""


class TooFewAttendants(Precondition):
    """The discussion has fewer attendants than the body demands (1.7)."""


class NoMajority(Precondition):
    """The conclusion is not that of the majority of the leaders."""


class MinutesIncomplete(Invalid):
    """Minutes name time, place, presider, reporter, recorder, who attended, what was said, and the conclusion (F31)."""


class MinutesUnsigned(Precondition):
    """Everyone who attended signs the minutes."""


class InvestigatorAttends(Forbidden):
    """Who investigated a case reports on it and decides nothing (G03)."""


def triggered(case: CaseFile, facts: Facts) -> DomainError | None:
    """A ground of 1.7, or the reason why the leaders are asked all the same. Law: APL 57(2); PB 29."""
    if not case.proposals or case.proposal.collective_grounds or facts.input is None or str(facts.input["reason"]).strip():
        return None
    return DeliberationNotNeeded("nothing of 1.7 calls for a collective discussion: say why the leaders are asked")


def minutes_complete(case: CaseFile, facts: Facts) -> DomainError | None:
    """What F31 has to say. Law: 1.7; form 31."""
    minutes: Minutes | None = facts.input
    if minutes is None:
        return None
    texts = {name: getattr(minutes, name) for name in ("place", "reporter", "recorder", "record", "conclusion")}
    missing = [name for name, text in texts.items() if not text.strip()]
    ids = [attendant.id for attendant in minutes.attendants]
    if missing or minutes.ends_at <= minutes.starts_at or minutes.ends_at > facts.now:
        return MinutesIncomplete("the minutes are not complete", missing=",".join(missing) or "time")
    if len(ids) != len(set(ids)) or minutes.presider_id not in ids:
        return MinutesIncomplete("the presider attends, and nobody twice", missing="presider")
    return None


def quorum(case: CaseFile, facts: Facts) -> DomainError | None:
    """As many as the body demands (`min_attendees`, default 3), and a majority that agrees; dissent is recorded. Law: 1.7 [P]."""
    minutes: Minutes | None = facts.input
    thresholds: Thresholds | None = known(facts, "thresholds")
    if minutes is None or thresholds is None:
        return None
    body: Acting | None = facts.known.get("body")
    needed = (body.min_attendees if body else 0) or thresholds.min_attendees
    attend, agree = len(minutes.attendants), sum(attendant.agrees for attendant in minutes.attendants)
    if attend < needed:
        return TooFewAttendants("too few attended", attended=attend, needed=needed)
    if agree * 2 <= attend:
        return NoMajority("the majority does not agree to this conclusion", agreed=agree, attended=attend)
    silent = [attendant.id for attendant in minutes.attendants if not attendant.agrees and not attendant.opinion.strip()]
    if silent:
        return MinutesIncomplete("a dissent is recorded with its opinion", missing=",".join(silent))
    return None


def attend_apart(case: CaseFile, facts: Facts) -> DomainError | None:
    """G03, G02 for everyone who decides: no investigator of the case, no accepted recusal. Law: APL 43, 57."""
    minutes: Minutes | None = facts.input
    if minutes is None:
        return None
    ids = [attendant.id for attendant in minutes.attendants]
    both = sorted({*case.investigators, *case.prepared_by} & set(ids))
    if both:
        return InvestigatorAttends("who investigated the case takes no part in the decision", officer=",".join(both))
    return no_conflict(ids, recused={recusal.officer_id for recusal in case.recusals if recusal.state == "DECIDED_ACCEPT"})


def minutes_signed(case: CaseFile, facts: Facts) -> DomainError | None:
    """F31 carries the signature of everyone who attended. Law: 1.7; form 31."""
    minutes: Minutes | None = facts.input
    checked: dict[str, CheckedDocument] | None = known(facts, "checked")
    if minutes is None or checked is None:
        return None
    document = next((found for found in checked.values() if found.form == "F31"), None)
    if document is None:
        return DocumentNotReady("F31 is missing", form="F31")
    unsigned = {attendant.id for attendant in minutes.attendants} - set(document.signers.get("ATTENDANT", ()))
    return MinutesUnsigned("not everyone who attended has signed", missing=",".join(sorted(unsigned))) if unsigned else None


ROWS = (
    Move(
        "PC24",
        "start_deliberation",
        {State.DEFENCE, State.LEGAL_REVIEW, State.DECIDING},
        State.DELIBERATION,
        by=AnyOf(Role.UNIT),
        guards=(g02, g03, proposed, triggered, review_before_decision, g10, g13, g14, g11),
        law=("APL 57", "PB 29"),
        form="F30",
    ),
    Move(
        "PC25",
        "conclude_deliberation",
        {State.DELIBERATION},
        State.DECIDING,
        by=AnyOf(Role.COLL),
        guards=(g02, g03, minutes_complete, quorum, attend_apart, minutes_signed, carries(F31=())),
        law=("APL 57",),
        form="F31",
    ),
)


class Deliberated(Noticed):
    """The moves of the collective discussion."""

    def start_deliberation(self, reason: str, document_ids: tuple[str, ...], *, facts: Facts) -> DeliberationCalled:
        self._move("start_deliberation", replace(facts, input={"reason": reason}), documents=document_ids, reason=reason)
        grounds = self.proposal.collective_grounds or ("REASONED",)
        called = Deliberation(len(self.deliberations) + 1, grounds, facts.now, facts.by.id)
        self.deliberations = [*self.deliberations, called]
        self.decision_reviewed_by = facts.by.id
        return DeliberationCalled(self.id, grounds, facts.now)

    def conclude_deliberation(self, minutes: Minutes, *, facts: Facts) -> DeliberationConcluded:
        self._move("conclude_deliberation", replace(facts, input=minutes), documents=(minutes.document_id,), reason=minutes.conclusion)
        proposal = self.proposal
        concluded = replace(
            self.deliberations[-1],
            **vars(minutes),
            proposal_number=proposal.number,
            proposal_digest=proposal.digest,
            concluded_at=facts.now,
            concluded_by=facts.by.id,
        )
        self.deliberations = [*self.deliberations[:-1], concluded]
        return DeliberationConcluded(self.id, concluded.number, facts.now)

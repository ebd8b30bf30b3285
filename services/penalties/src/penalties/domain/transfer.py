"""The case while the police have it, and what a judgment leaves of the fine: PC44–PC46. Law: APL 8, 27, 35; 7.4."""

from datetime import datetime
from uuid import UUID

from kernel.days import legal_day
from kernel.errors import DomainError, Precondition
from kernel.money import Money
from kernel.moves import AnyOf, Delegated, Facts, Move, Role

from penalties.domain.account import DELEGATED_DEFERRAL
from penalties.domain.challenge import Challenged
from penalties.domain.closing import documents_finished
from penalties.domain.enforcement import CaseTransfer
from penalties.domain.enforcement_events import CaseResumedFromTransfer, CaseSentToPolice, ExecutionPaused
from penalties.domain.events import CaseClosed
from penalties.domain.file import CaseFile, ReasonMissing
from penalties.domain.guards import g03, g03_decides, g05
from penalties.domain.papers import carries
from penalties.domain.records import State, span


class TransferNotApproved(Precondition):
    """No transfer of this case is approved."""


class TransferUnresolved(Precondition):
    """The police, the procuratorate or the court are not done."""


class NotConvicted(Precondition):
    """No judgment with a conviction is known: the case goes on or waits (PC45)."""


class AdministrativeMatterLeft(Precondition):
    """The judgment leaves something to the administration: the case goes on (PC45)."""


class NothingPaused(Precondition):
    """The execution is not paused."""


def approved(case: CaseFile, facts: Facts) -> DomainError | None:
    """The principal approved the transfer of this case (C07). Law: APL 27; TRR 5."""
    if any(transfer.with_police for transfer in case.transfers):
        return None
    return TransferNotApproved("no transfer of this case is approved")


def came_back(case: CaseFile, facts: Facts) -> DomainError | None:
    """Not filed, withdrawn, not prosecuted, acquitted, exempt; or judged with a matter left. Law: APL 27, 35; TRR 10, 13."""
    pending = [transfer for transfer in case.transfers if transfer.with_police]
    if pending:
        return TransferUnresolved("the police, the procuratorate or the court are not done", transfer=str(pending[0].id))
    return None


def convicted(case: CaseFile, facts: Facts) -> DomainError | None:
    """Judged and convicted; the offset of APL 35 is reckoned from what the judgment says."""
    judged = next((transfer for transfer in reversed(case.transfers) if transfer.state in {"JUDGED", "CLOSED"}), None)
    if judged is None or judged.cause == "ACQUITTED":
        return NotConvicted("no judgment with a conviction is known")
    if judged.administrative_left:
        return AdministrativeMatterLeft("the judgment leaves something to the administration")
    return None


TRANSFERABLE = span(State.CLUE, State.DECIDING)
# What the party was asked in the administrative procedure is asked anew if the case comes back.
ENDED_BY_TRANSFER = ("D04", "D08", "D09", "D10", "D11")

ROWS = (
    Move(
        "PC44",
        "send_to_police",
        TRANSFERABLE,
        State.CRIME_TRANSFER,
        by=AnyOf(Role.SYS),
        guards=(approved,),
        law=("APL 27", "TRR 5"),
        stops=ENDED_BY_TRANSFER,
        form="F43",
    ),
    Move(
        "PC45",
        "come_back",
        {State.CRIME_TRANSFER},
        frozenset({State.INVESTIGATING, State.FILING}),
        by=AnyOf(Role.SYS),
        guards=(came_back,),
        law=("APL 27", "APL 35", "TRR 10", "TRR 13"),
    ),
    Move(
        "PC46",
        "close_after_judgment",
        {State.CRIME_TRANSFER},
        State.CLOSED,
        by=AnyOf(Role.DEP),
        guards=(g03, g03_decides, g05, came_back, convicted, documents_finished, carries(F46=("OFFICER", "REVIEWER", "APPROVER"))),
        law=("APL 35",),
        stops=("D12", "D50"),
        form="F46",
    ),
)


class Transferring(Challenged):
    """The moves that follow a criminal transfer."""

    def transfer(self, id: UUID) -> CaseTransfer | None:
        return next((transfer for transfer in self.transfers if transfer.id == id), None)

    def send_to_police(self, transfer_id: UUID, at: datetime, *, facts: Facts) -> CaseSentToPolice:
        """PC44. D12 stands still from the day of the approval (`d12_exclude.crime_transfer`); measures run on (7.4)."""
        self._move("send_to_police", facts, reason=str(transfer_id))
        self._pause_limit("suspend", at, facts)
        return CaseSentToPolice(self.id, transfer_id, facts.now)

    def come_back(self, transfer_id: UUID, at: datetime, cause: str, *, facts: Facts) -> CaseResumedFromTransfer:
        """PC45. D12 goes on with the days that it had; the screen that raised the suspicion is answered (G10)."""
        self._move("come_back", facts, target=State.INVESTIGATING if self.filed else State.FILING, reason=cause)
        self._pause_limit("resume", at, facts)
        self.review, self.review_round = "", ""
        timer = self.timer("D12")
        return CaseResumedFromTransfer(self.id, transfer_id, timer.legal_expiry if timer else "", facts.now)

    def _pause_limit(self, kind: str, at: datetime, facts: Facts) -> None:
        timer = self.timer("D12")
        if timer is not None and timer.stopped_at is None:
            event = {"kind": kind, "at": at.isoformat(), "reason": "criminal_transfer"}
            timer.add(event, facts.law, why=f"criminal transfer: {kind} (7.4)")

    def close_after_judgment(self, document_id: str, *, facts: Facts) -> CaseClosed:
        """PC46. Convicted, and nothing left: no administrative fine any more (APL 35)."""
        self._move("close_after_judgment", facts, documents=(document_id,))
        self.closed_at = facts.now
        return CaseClosed(self.id, self.inspection_id, tuple(self.finding_ids), facts.now)

    def meet_criminal_fine(self, fine: Money, *, facts: Facts) -> ExecutionPaused | None:
        """A criminal fine beside an administrative one: what was paid is set off; what was not is not collected meanwhile (APL 35)."""
        self.criminal_fine = fine
        account = self.fine_account
        unpaid = fine.fen and self.state in span(State.SERVED, State.COURT) and account is not None and not account.settled
        self.log("meet_criminal_fine", facts, reason=f"{fine.fen} fen, due {self.criminal_fine_due.fen} fen", row="PC46")
        if not unpaid:
            return None
        self.execution_paused = True
        return ExecutionPaused(self.id, True, facts.now)

    def resume_collection(self, reason: str, *, facts: Facts) -> ExecutionPaused:
        refused = AnyOf(Role.CHIEF, Delegated(Role.DEP, DELEGATED_DEFERRAL)).refuse(self, facts)
        if refused is not None:
            raise refused
        if not self.execution_paused:
            raise NothingPaused("the execution is not paused")
        if not reason.strip():
            raise ReasonMissing("this needs a written reason")
        self.execution_paused = False
        self.log("resume_collection", facts, reason=f"{legal_day(facts.now).isoformat()}: {reason}")
        return ExecutionPaused(self.id, False, facts.now)


def hear(known: CaseTransfer | None, **told: object) -> CaseTransfer | None:
    """What an event says of a transfer that is known."""
    if known is not None:
        for name, value in told.items():
            setattr(known, name, value)
    return known

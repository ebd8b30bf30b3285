"""Why a move of a transfer is refused: one class per reason."""

from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Precondition


class TransferNotFound(NotFound):
    """There is no such transfer, or it is not yours to see."""


class TransferAlreadyOpen(Conflict):
    """A transfer on the same case and offences is open."""


class MatterMissing(Invalid):
    """A transfer belongs to a case or to an inspection."""


class SuspicionMissing(Invalid):
    """Facts and an offence are named (TRR 3)."""


class ReasonMissing(Invalid):
    """A reason is needed."""


class LeadNotInTaskForce(Invalid):
    """The lead is one of the task force."""


class NotInTaskForce(Precondition):
    """The person is no member of the task force."""


class RecusalNotOpen(Precondition):
    """There is no recusal of this person to decide."""


class ReportIncomplete(Invalid):
    """The report has its text and a table of elements with the evidence for each (TRR 5)."""


class ScreenStillDemandsTransfer(Precondition):
    """The crime screen says that the case must be transferred: the principal head decides, not the task force (C05)."""


class GapsMissing(Invalid):
    """Who asks for more says what is missing."""


class SecondFactorMissing(Forbidden):
    """The principal head decides with a second factor in his login."""


class LateReasonMissing(Precondition):
    """The period is over: it is still done, with the reasons for the delay."""


class PaperNotReady(Precondition):
    """The document is not of the form that the move carries, or not complete and signed."""


class PaperNotSealed(Precondition):
    """A paper of the package is not sealed yet."""


class PackageIncomplete(Precondition):
    """A part of the package of TRR 6 is missing."""


class EvidenceWithoutHash(Precondition):
    """An electronic item of the package has no recorded hash."""


class OriginalMediaMissing(Invalid):
    """Where the originals of electronic items are kept is stated."""


class PoliceUnknown(Precondition):
    """The police organ of the same level is not known to identity."""


class ProcuratorateUnknown(Precondition):
    """The procuratorate of the same level, which gets the copy, is not known to identity."""


class PackageNotYours(Forbidden):
    """The package was handed to the police; others have the papers."""


class NumberMissing(Invalid):
    """The paper has a number."""


class DayInTheFuture(Invalid):
    """The day of a paper or decision lies in the future."""


class InstantInTheFuture(Invalid):
    """What was received was received before now."""


class FileNotReturned(Precondition):
    """Who does not file gives the file back (TRR 8)."""


class ReminderMissing(Precondition):
    """The police are reminded first (TRR 17)."""


class PolicePeriodRunning(Precondition):
    """The police still have time to decide (D36)."""


class ReceiptNotRefused(Precondition):
    """The police did not refuse the file or the receipt."""


class SuperiorNotTold(Precondition):
    """The superior and the government are told of the refusal (TRR 17)."""


class NothingPrepared(Precondition):
    """The keeper of evidence and the lead officer prepare the hand-over first."""


class NothingToHandOver(Invalid):
    """At least one object or item of evidence is named."""


class PartyNotTold(Precondition):
    """The party is told in writing that its property goes with the case (AEL 21)."""


class NotYourResult(Forbidden):
    """The police withdraw a case; the procuratorate prosecutes or does not."""


class ReplyMissing(Precondition):
    """The procuratorate's opinion is answered in writing before the record closes (D44)."""


class ResultMissing(Invalid):
    """The administrative result, and to whom it was reported, is stated."""


class DaysNotAllowed(Invalid):
    """The police head approves 7 or 30 days in all."""


class FormNotOfTransfer(Invalid):
    """This form is none of a transfer."""


class FormNotDueNow(Precondition):
    """The form is not drawn up in this state."""


class FieldMissing(Invalid):
    """A field that the request needs is empty."""

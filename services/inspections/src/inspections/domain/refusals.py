"""Why a move of an inspection, a finding or an order is refused: one class per reason."""

from kernel.errors import Forbidden, Invalid, NotFound, Precondition


class InspectionNotFound(NotFound):
    """There is no such task, or it is not yours to see."""


class FindingNotFound(NotFound):
    """There is no such finding, or it is not yours to see."""


class OrderNotFound(NotFound):
    """There is no such order, or it is not yours to see."""


class RecusalNotFound(NotFound):
    """There is no such recusal, or it is not yours to see."""


class PublicityItemNotFound(NotFound):
    """There is no such publicity item, or it is not yours to see."""


class AnswerHasFindings(Precondition):
    """The answer made findings that still stand."""


class FieldMissing(Invalid):
    """A field that the request needs is empty."""


class BodyNotBelow(Forbidden):
    """A task is entered for one's own body or for one below it."""


class SourceMissing(Invalid):
    """A task says where it came from."""


class SourceReferenceMissing(Invalid):
    """A plan row, complaint or hand-over is named."""


class EnterpriseCeased(Precondition):
    """The enterprise no longer exists."""


class FrequencyCapReached(Precondition):
    """The enterprise was checked as often as the cap of the year allows."""


class LeadNotAmongOfficers(Invalid):
    """The lead is one of the officers."""


class OfficerNotOfTask(Invalid):
    """The person is no officer of this task."""


class OfficerAlreadyOfTask(Invalid):
    """The person is an officer of this task already."""


class ReplacementGroundMissing(Precondition):
    """An officer is replaced for an accepted recusal or an absence."""


class OfficerElsewhere(Precondition):
    """The officer is on site in another task."""


class SchemeIncomplete(Invalid):
    """A field of the scheme is missing."""


class SchemeWindowReversed(Invalid):
    """The time window of the scheme ends before it begins, or is over."""


class SchemeNotSubmitted(Precondition):
    """There is no scheme to approve."""


class SchemeAlreadyApproved(Precondition):
    """The scheme was approved already."""


class OutsideSchemeWindow(Precondition):
    """The officers arrive outside the time window of the scheme."""


class NotUrgent(Precondition):
    """Only an urgent check goes without a scheme."""


class OralApprovalMissing(Precondition):
    """The head's oral approval is logged."""


class RecordingDeviceMissing(Precondition):
    """A recording device is bound to the task and running."""


class CertificatesNotShown(Precondition):
    """The officers show their certificates and state purpose and rights."""


class NoticeGivenBeforeCovertCheck(Precondition):
    """A covert check is not announced."""


class WarningNotGiven(Precondition):
    """Who obstructs is warned first."""


class RefusalNotRecorded(Precondition):
    """The refusal has to be noted in a record first."""


class ObstructionOrderNotServed(Precondition):
    """The order to correct has to be served first."""


class ReasonMissing(Invalid):
    """The move needs a reason."""


class DateMissing(Invalid):
    """The move needs a day."""


class EvidenceMissing(Invalid):
    """The move needs the document or evidence that it rests on."""


class ItemsUnanswered(Precondition):
    """A check item of the scheme has no answer."""


class NothingAnswered(Precondition):
    """The record holds at least one answered item."""


class NotOnSite(Precondition):
    """A finding is made on site."""


class FindingNotClassified(Precondition):
    """A finding has no severity yet."""


class EmptySlots(Precondition):
    """A slot of the standard wording is empty."""


class HandlingNotChosen(Precondition):
    """A finding has no handling choice."""


class HandlingNotPossible(Invalid):
    """This handling does not go with the finding, or with another chosen one."""


class FindingsOpen(Precondition):
    """A finding is in an open state."""


class FindingsExist(Precondition):
    """The task has findings."""


class NoFindings(Precondition):
    """The task has no finding."""


class OrdersOpen(Precondition):
    """An order is neither closed nor withdrawn."""


class ActNotFollowedUp(Precondition):
    """A penalisable act has neither a case nor a reason why none was filed."""


class PublicityMissing(Precondition):
    """The publicity item is created first."""


class OtherMattersOpen(Precondition):
    """Not everything in the task is the other department's."""


class FormNotReady(Precondition):
    """The document is incomplete, unsigned, or not the form that the move needs."""


class FormNotOfObject(Invalid):
    """The document belongs to another object or is another form."""


class FormNotOfTask(Invalid):
    """The form is none of a task, or of another of its objects."""


class FormNotDueNow(Precondition):
    """The form is not due in this state."""


class PredecessorNotSealed(Precondition):
    """A document that has to come first is not sealed yet."""


class PhotoMissing(Precondition):
    """A photo is missing."""


class PlaceMissing(Precondition):
    """A finding says where it was made."""


class RecordAlreadySigned(Precondition):
    """After the signature a record changes only by a supplementary one."""


class RecordNotSigned(Precondition):
    """The record is signed, or its refusal noted, first."""


class StandardItemMissing(Precondition):
    """A major danger cites the item of the judging standard."""


class ExpertOpinionMissing(Precondition):
    """A doubtful case needs an opinion."""


class NotMajor(Precondition):
    """The finding is no major danger."""


class SameOfficerDowngrades(Forbidden):
    """Who classified the danger as major may not downgrade it."""


class MeasureNotChosen(Precondition):
    """No measure of F04 was chosen for the finding."""


class MeasureWithoutTrigger(Precondition):
    """The measure has a trigger that the finding does not show."""


class StopMeasureInForce(Precondition):
    """A stop measure is in force: production resumes only after review and consent."""


class NoStopMeasure(Precondition):
    """No stop measure is in force."""


class DeadlineTooLong(Invalid):
    """The item deadline is longer than the configured maximum."""


class DeadlineInThePast(Invalid):
    """The last day lies before the day of the act."""


class SupervisionNoticeMissing(Precondition):
    """Listed supervision needs a published notice and a responsible person."""


class NotSupervised(Precondition):
    """The finding is not under listed supervision."""


class ChiefDecidesSupervised(Forbidden):
    """The principal decides on a danger under listed supervision."""


class ExtensionTooLate(Precondition):
    """The application came too late; the last day stands."""


class InterimMeasuresMissing(Invalid):
    """More time needs interim safety measures."""


class ExtensionNotLonger(Invalid):
    """The new last day is later than the old one."""


class OrderInForce(Precondition):
    """An order is in force for the finding: its own path applies."""


class NotDisputed(Precondition):
    """Nothing was objected to."""


class OfficersSignaturesMissing(Precondition):
    """The record is signed by two officers of the task, one of them the lead."""


class NoFindingChosen(Invalid):
    """At least one finding is named."""


class FindingNotOfOrder(Invalid):
    """The finding is none of this order or task."""


class FindingAlreadyOrdered(Precondition):
    """An order already covers the finding."""


class ResultsIncomplete(Invalid):
    """Each finding that is due gets one result."""


class RemedyTextMissing(Precondition):
    """The remedy text is missing: reconsideration body and court."""


class NotExpired(Precondition):
    """The latest day of the order has not passed, or everything was reported done."""


class FollowUpMissing(Precondition):
    """A failed item has neither a follow-up order nor a case."""


class NotServedYet(Precondition):
    """The document was not served."""


class WithdrawalNotReleased(Precondition):
    """The withdrawal was not signed."""


class WithdrawalReasonMissing(Invalid):
    """A withdrawal gives its reason."""


class RecusalGroundUnknown(Invalid):
    """A ground of the law is named."""


class WithdrawalNotRequired(Precondition):
    """Nothing asks for the publicity to be taken back."""


class UnknownMove(Invalid):
    """There is no move of this name whose only datum is a reason."""

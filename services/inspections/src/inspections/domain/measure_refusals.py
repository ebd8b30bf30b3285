"""Why a move of a coercive measure is refused: one class per reason."""

from kernel.errors import Forbidden, Invalid, NotFound, Precondition


class MeasureNotFound(NotFound):
    """There is no such measure, or it is not yours to see."""


class MeasureKindMissing(Invalid):
    """SEAL, SEIZE or POWER is chosen; an urgent measure is SEAL or SEIZE."""


class MoveNotOfKind(Precondition):
    """The row is for another kind of measure (11.4)."""


class GroundsMissing(Invalid):
    """A measure says on which facts it rests. Law: AEL 24."""


class ObjectsMissing(Invalid):
    """The objects are listed by name, quantity and place. Law: AEL 24; WSL 65(1)(4)."""


class ObjectNotToBeSealed(Precondition):
    """Unrelated things, daily necessities and what another body sealed are left alone. Law: AEL 23."""


class PlaceNotSeized(Invalid):
    """A place is sealed, not seized. Law: WSL 65(1)(4)."""


class ChiefMustApprove(Forbidden):
    """For hazardous chemicals the principal head approves himself. Law: HCR 7(4)."""


class HeadsApprovalMissing(Precondition):
    """The head has not approved the measure. Law: AEL 18(1)."""


class CoercionStepsMissing(Precondition):
    """A step of AEL 18 on site is missing."""


class WitnessMissing(Precondition):
    """Where the party stays away or does not sign, a witness signs. Law: AEL 18(8)."""


class DecisionPapersMissing(Precondition):
    """Decision and inventory are handed over on the spot. Law: AEL 24."""


class OnSiteRecordMissing(Precondition):
    """No coercive measure without a record of the spot (INV-02). Law: AEL 18(7)."""


class UrgencyMissing(Invalid):
    """Acting first needs the reason why approval could not be waited for. Law: AEL 19."""


class VisitOver(Precondition):
    """An urgent measure and its papers belong to one visit (INV-02)."""


class DecisionNotReleased(Precondition):
    """The decision was not released, so it cannot have been handed over."""


class UrgentApprovalNotOverdue(Precondition):
    """The 24 hours of AEL 19 are not over."""


class AppraisalPeriodMissing(Invalid):
    """The period of a test is fixed and told to the party in writing. Law: AEL 25(3)."""


class MeasurePeriodOver(Precondition):
    """D02 is over: the measure can only be lifted. Law: AEL 28(1)(4)."""


class MeasurePeriodRunning(Precondition):
    """D02 has not ended yet."""


class MeasureExtensionInvalid(Invalid):
    """Once, at most 30 days, with reasons. Law: AEL 25(1)–(2)."""


class ObjectHandlingMissing(Invalid):
    """RETURN, CONFISCATE or DESTROY is chosen, with the reason. Law: AEL 27, 28."""


class CaseMissing(Precondition):
    """Goods are confiscated by a penalty decision, so a case has to be filed. Law: AEL 27; APL 9."""


class HandlingIsOther(Precondition):
    """Something else was decided about the objects."""


class ReceiptMissing(Invalid):
    """Who takes the objects back signs for them. Law: AEL 28(2)."""


class PenaltyDoesNotConfiscate(Precondition):
    """No penalty decision of the case that confiscates the goods was served. Law: APL 9; AEL 27."""


class DisposalProofMissing(Invalid):
    """A destruction has its ground, a witness, a contract and a record; fireworks go through the police. Law: FWR 43."""


class HandOverUnsigned(Invalid):
    """Who handed over and who took over are named. Law: AEL 21."""


class PowerConditionMissing(Precondition):
    """A condition of WSL 70 for cutting power is missing."""


class ResidentsSupplied(Precondition):
    """Residents' supply is never cut. Law: AEL 43(2)."""


class NightOrHoliday(Precondition):
    """Nothing is executed at night or on a holiday unless it is urgent. Law: AEL 43(1)."""


class CutTooEarly(Precondition):
    """Power is cut 24 hours after the enterprise was told, unless an emergency endangers safety. Law: WSL 70(2)."""


class RefusalOver(Precondition):
    """The enterprise refuses no longer, so nothing is cut. Law: WSL 70(2)."""


class ComplianceMissing(Invalid):
    """What shows that the enterprise complied and the danger is gone is named. Law: WSL 70(2)."""

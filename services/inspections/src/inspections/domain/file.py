"""A task with everything that hangs on it: what the guards of its moves look at."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from inspections.domain.form import DocumentLine, any_sealed
from inspections.domain.inspection import Inspection
from inspections.domain.measure_refusals import MeasureNotFound
from inspections.domain.refusals import FindingNotFound, OrderNotFound

if TYPE_CHECKING:
    from inspections.domain.finding import Finding
    from inspections.domain.measure import CoerciveMeasure
    from inspections.domain.order import RectificationOrder
    from inspections.domain.publicity import PublicityItem
    from inspections.domain.recusal import Recusal


@dataclass(eq=False)
class InspectionFile:
    """Ties the parts to their task, so that a guard of any of them sees the whole."""

    inspection: Inspection
    findings: list["Finding"] = field(default_factory=list)
    orders: list["RectificationOrder"] = field(default_factory=list)
    recusals: list["Recusal"] = field(default_factory=list)
    publicity: list["PublicityItem"] = field(default_factory=list)
    documents: list[DocumentLine] = field(default_factory=list)
    measures: list["CoerciveMeasure"] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.inspection.file = self
        parts: list[Finding | RectificationOrder | Recusal | PublicityItem | CoerciveMeasure]
        parts = [*self.findings, *self.orders, *self.recusals, *self.publicity, *self.measures]
        for part in parts:
            part.task = self.inspection

    @property
    def version(self) -> int:
        return self.inspection.version

    def standing(self) -> list["Finding"]:
        """The findings that the record shows: all but the void."""
        return [finding for finding in self.findings if finding.state != "VOID"]

    def finding(self, id: UUID) -> "Finding":
        for finding in self.findings:
            if finding.id == id:
                return finding
        raise FindingNotFound("there is no such finding in this task", id=str(id))

    def chosen(self, ids: Sequence[UUID]) -> list["Finding"]:
        return [self.finding(id) for id in dict.fromkeys(ids)]

    def order(self, id: UUID) -> "RectificationOrder":
        for order in self.orders:
            if order.id == id:
                return order
        raise OrderNotFound("there is no such order in this task", id=str(id))

    def measure(self, id: UUID) -> "CoerciveMeasure":
        for measure in self.measures:
            if measure.id == id:
                return measure
        raise MeasureNotFound("there is no such measure in this task", id=str(id))

    def decided_with(self, measure: "CoerciveMeasure") -> list["CoerciveMeasure"]:
        """The records of one decision, in the order of the inventory."""
        found = [one for one in self.measures if one.decision_id == measure.decision_id]
        return sorted(found, key=lambda one: min((line.no for line in one.objects), default=0))

    def coerced(self, finding_id: UUID) -> bool:
        """Objects over the finding are still held, or its power is cut."""
        return any(one.on_hand and finding_id in one.finding_ids for one in self.measures)

    def recused(self) -> frozenset[str]:
        """Officers whose recusal was accepted. Law: APL 43."""
        return frozenset(one.officer_id for one in self.recusals if one.state == "DECIDED_ACCEPT")

    def sealed(self, *forms: str) -> bool:
        return any_sealed(self.documents, *forms)

    def line(self, form: str, object_id: UUID | None = None) -> DocumentLine | None:
        """The latest document of this form, of this object if given."""
        found = [d for d in self.documents if d.form == form and d.state != "VOID" and (object_id is None or d.object_id == object_id)]
        return found[-1] if found else None

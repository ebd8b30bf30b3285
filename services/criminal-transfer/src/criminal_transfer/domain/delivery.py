"""Hand-over of the package and of the objects: C10, C13, C25. Law: TRR 5, 6, 12; AEL 21."""

from collections.abc import Sequence
from dataclasses import replace

from kernel.moves import AnyOf, Both, Facts, Move, Role, TwoOfficers

from criminal_transfer.domain import events
from criminal_transfer.domain import guards as g
from criminal_transfer.domain.file import TransferFile
from criminal_transfer.domain.records import Letter, Materials, Package, Receiver, State

MOVES = (
    Move(
        "C10",
        "prepare_package",
        {State.APPROVED},
        None,
        by=AnyOf(Role.OFF, Role.LEAD),
        guards=(g.g02, g.approval_sealed, g.paper_ready),
        law=("TRR 6",),
        form="F44",
    ),
    Move(
        "C10",
        "deliver",
        {State.APPROVED},
        State.DELIVERED,
        by=TwoOfficers(),
        guards=(g.g02, g.package_complete, g.items_hashed, g.same_level_bodies),
        law=("TRR 5", "TRR 6"),
        stops=("D34",),
        form="F44",
    ),
    Move(
        "C13",
        "supplement",
        {State.SUPPLEMENT},
        State.RECEIPTED,
        by=AnyOf(Role.LEAD),
        guards=(g.g02, g.reasoned),
        law=("MPS 180",),
        stops=("D35",),
    ),
    Move(
        "C25",
        "prepare_materials",
        {State.FILED_POLICE},
        None,
        by=Both(AnyOf(Role.EVID), AnyOf(Role.LEAD)),
        guards=(g.g02, g.something_named, g.party_told),
        law=("TRR 12", "AEL 21"),
    ),
    Move(
        "C25",
        "sign_materials",
        {State.FILED_POLICE},
        State.MATERIALS_GIVEN,
        by=AnyOf(Role.POL),
        guards=(g.prepared, g.receipt_named),
        law=("TRR 12",),
        stops=("D43",),
    ),
)


class Delivery(TransferFile):
    def prepare_package(self, document_ids: Sequence[str], *, facts: Facts) -> None:
        """The papers of the package are released for number and seal; the state stays APPROVED."""
        self._move("prepare_package", replace(facts, input={}), documents=document_ids)

    def deliver(self, package: Package, receivers: Sequence[Receiver], refusal: str, *, facts: Facts) -> None:
        """C10. D34 ends with the time on the receipt, or with the record that the receipt was refused."""
        self._move("deliver", replace(facts, input={"package": package}), documents=package.document_ids, reason=refusal)
        second = (facts.second.id,) if facts.second is not None else ()
        self.package = replace(package, handed_by=(facts.by.id, *second), handed_at=facts.now, receipt_refused=bool(refusal))
        self.receive(*receivers)
        self.write(Letter("C10", "TRANSFER_LETTER", "AUTHORITY", facts.by.id, facts.now, text=refusal, copied_to_procuratorate=True))

    def packed(self, pack_id: str, sha256: str, size: int) -> None:
        """The file that the police get."""
        assert self.package is not None
        self.package = replace(self.package, pack_id=pack_id, sha256=sha256, size=size)

    def delivered(self, facts: Facts) -> events.TransferDelivered:
        clients = tuple(one.client_id for one in self.receivers if one.client_id)
        assert self.package is not None
        return events.TransferDelivered(self.id, self.case_id, self.package.pack_id, self.package.sha256, clients, facts.now)

    def supplement(self, list_: str, evidence_ids: Sequence[str], *, facts: Facts) -> events.Supplemented:
        """C13."""
        self._move("supplement", replace(facts, input={"reason": list_}), reason=list_)
        self.write(Letter("C13", "SUPPLEMENT", "AUTHORITY", facts.by.id, facts.now, text=list_))
        assert self.package is not None
        added = tuple(one for one in evidence_ids if one not in self.package.evidence_ids)
        self.package = replace(self.package, evidence_ids=(*self.package.evidence_ids, *added))
        return events.Supplemented(self.id, facts.now)

    def prepare_materials(self, materials: Materials, *, facts: Facts) -> None:
        """First step of C25: keeper and lead."""
        given = {"evidence_ids": materials.evidence_ids, "measure_ids": materials.measure_ids, "party_told": materials.party_told}
        self._move("prepare_materials", replace(facts, input=given), reason=materials.note)
        second = (facts.second.id,) if facts.second is not None else ()
        self.materials = replace(materials, handed_by=(facts.by.id, *second))

    def sign_materials(self, received_by: Sequence[str], number: str, *, facts: Facts) -> events.MaterialsHandedOver:
        """C25: the police sign."""
        self._move("sign_materials", replace(facts, input={"received_by": ", ".join(received_by)}), reason=number)
        assert self.materials is not None
        given = self.materials = replace(self.materials, received_by=tuple(received_by), at=facts.now)
        self.write(Letter("C25", "HAND_OVER_RECORD", "POLICE", facts.by.id, facts.now, number=number, text=given.note))
        return events.MaterialsHandedOver(
            self.id, self.case_id, given.evidence_ids, given.measure_ids, given.handed_by, given.received_by, facts.now
        )

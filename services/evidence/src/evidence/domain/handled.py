"""What happens to an object that is evidence: rows V03 to V08 and V15 to V18."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.moves import Facts
from kernel.timers import Clocked, Timer

from evidence.domain import events
from evidence.domain.custody import CustodyEvent, CustodyType, Digest
from evidence.domain.records import (
    LAPSED,
    Appraisal,
    Choice,
    Commission,
    Confiscation,
    Disposal,
    GivenBack,
    HandOver,
    Opinion,
    Preservation,
    Registration,
    Sample,
    Sampling,
    TakenBack,
)
from evidence.domain.states import LEADS_TO, Kind, Option, State

D03 = "D03"


class Handled(Clocked):
    """An item as an object: `measure_id` is the coercive measure that holds it, `transfer_id` the transfer that it left with."""

    id: UUID
    object_kind: str
    object_id: UUID
    state: State | None
    kind: Kind | None
    sha256: str
    seal_no: str
    store_place: str
    custody: list[CustodyEvent]
    timers: list[Timer]
    measure_id: str
    transfer_id: str
    preservation: Preservation | None
    sampling: Sampling | None
    appraisal: Appraisal | None
    returned_to: str
    disposal_method: str

    @property
    def deadlines(self) -> list[Timer]:
        return self.timers

    def note(self, type_: CustodyType, digest: Digest, facts: Facts, **details: str) -> None:
        """Append a link to the chain of custody."""
        last = max(self.custody, key=lambda event: event.seq, default=None)
        event = CustodyEvent(
            evidence_id=self.id,
            seq=last.seq + 1 if last else 1,
            type=type_,
            at=facts.now,
            actors=[facts.by.id] if facts.second is None else [facts.by.id, facts.second.id],
            org_path=self.org_path,
            prev_hash=last.this_hash if last else "",
            place=details.pop("place", ""),
            **details,
        )
        event.seal(digest)
        self.custody.append(event)

    def _noted(self, type_: CustodyType, digest: Digest, facts: Facts, **details: str) -> None:
        self.note(type_, digest, facts, hash_before=self.sha256, hash_after=self.sha256, **details)

    def approve_preservation(self, *, document_id: str, facts: Facts) -> None:
        """V03, first step: the item stays where it is."""
        self._move("approve_preservation", facts, documents=(document_id,))
        self.preservation = Preservation(document_id, facts.by.id, facts.now)

    def preserve(self, given: Registration, *, digest: Digest, facts: Facts) -> events.EvidencePreserved:
        """V03."""
        self._move("preserve", facts, documents=(given.document_id,), reason=given.reason)
        assert self.preservation is not None
        self.preservation = replace(
            self.preservation,
            notice_document_id=given.document_id,
            storage_place=given.storage_place.strip(),
            keeper=given.keeper.strip(),
            reason=given.reason.strip(),
            preserved_at=facts.now,
        )
        details = {"place": given.storage_place, "to_holder": given.keeper, "document_id": given.document_id}
        self._noted(CustodyType.SEAL, digest, facts, reason=given.reason, **details)
        return events.EvidencePreserved(self.id, self.object_kind, self.object_id, self.running(D03).legal_expiry, facts.now)

    def decide_preserved(self, choice: Choice, *, digest: Digest, facts: Facts) -> list[Any]:
        """V04."""
        target = LEADS_TO[choice.option] if choice.option is not None else None
        documents = (choice.approval_document_id, choice.document_id)
        self._move("decide_preserved", facts, target=target, documents=documents, reason=choice.reason)
        assert choice.option is not None
        happened: list[Any] = [self._end_preservation(str(choice.option), facts.now)]
        custody = {
            Option.SAMPLE: CustodyType.SEAL,
            Option.APPRAISE: CustodyType.TRANSFER,
            Option.SEIZE: CustodyType.STORE,
            Option.CONFISCATE: CustodyType.TRANSFER,
        }.get(choice.option, CustodyType.RELEASE)
        self._noted(custody, digest, facts, reason=choice.reason, document_id=choice.document_id)
        if choice.option is Option.APPRAISE and choice.commission is not None:
            happened.append(self._commission(choice.commission, choice.document_id, facts))
        return happened

    def lapse(self, *, digest: Digest, facts: Facts) -> events.PreservationLapsed:
        """V05."""
        expiry = self.running(D03).legal_expiry
        self._move("lapse", facts, reason=f"D03 ended: {expiry}")
        self._end_preservation(LAPSED, facts.now)
        self._noted(CustodyType.RELEASE, digest, facts, reason="D03")
        return events.PreservationLapsed(self.id, self.object_kind, self.object_id, expiry, facts.now)

    def sample(self, given: Sample, *, digest: Digest, facts: Facts) -> events.EvidenceSampled:
        """V06."""
        self._move("sample", facts, documents=(given.document_id,))
        self.sampling = Sampling(given.document_id, given.party_present, given.test_seal_no, given.retained_seal_no, facts.now)
        details = {"place": given.place, "seal_no": given.test_seal_no, "document_id": given.document_id}
        self._noted(CustodyType.SEAL, digest, facts, reason=given.party_present, **details)
        return events.EvidenceSampled(self.id, self.object_kind, self.object_id, facts.now)

    def send_to_appraisal(self, given: Commission, *, document_id: str, digest: Digest, facts: Facts) -> events.EvidenceAtAppraisal:
        """V07."""
        self._move("send_to_appraisal", facts, documents=(document_id,))
        self._noted(CustodyType.TRANSFER, digest, facts, to_holder=given.body, document_id=document_id)
        return self._commission(given, document_id, facts)

    def record_opinion(self, given: Opinion, *, digest: Digest, facts: Facts) -> events.OpinionRecorded:
        """V08. The opinion is an item of its own."""
        self._move("record_opinion", facts, target=State.DISPOSED if given.used_up else State.IN_STORE, reason=given.conclusion)
        assert self.appraisal is not None
        self.appraisal = replace(
            self.appraisal,
            opinion_evidence_id=given.opinion_evidence_id,
            conclusion=given.conclusion.strip(),
            appraiser=given.appraiser.strip(),
            told_on=given.told_on,
            used_up=given.used_up,
            ended_at=facts.now,
        )
        self._noted(CustodyType.TEST, digest, facts, from_holder=self.appraisal.body, reason=given.conclusion)
        return events.OpinionRecorded(
            self.id, self.object_kind, self.object_id, given.opinion_evidence_id, self.measure_id, given.used_up, facts.now
        )

    def hand_over(self, given: HandOver, *, digest: Digest, facts: Facts) -> events.EvidenceHandedToPolice:
        """V15."""
        self._move("hand_over", facts, reason=f"{','.join(given.handed_by)} -> {','.join(given.received_by)}")
        self.transfer_id, self.measure_id = given.transfer_id, ""
        if self.preservation is not None and not self.preservation.option:
            self.preservation = replace(self.preservation, ended_at=facts.now)
        holders = {"from_holder": ",".join(given.handed_by), "to_holder": ",".join(given.received_by)}
        self._noted(CustodyType.HANDOVER, digest, facts, reason=given.transfer_id, **holders)
        return events.EvidenceHandedToPolice(self.id, given.transfer_id, given.case_id, facts.now)

    def take_back(self, given: TakenBack, *, digest: Digest, facts: Facts) -> events.EvidenceReturnedByPolice:
        """V16: objects go to the store, documents and data to the file."""
        self._move("take_back", facts, target=State.IN_STORE if self.kind is Kind.E2 else State.REGISTERED)
        self.seal_no, self.store_place = given.seal_no.strip(), given.place.strip()
        details = {"seal_no": given.seal_no, "place": given.place, "reason": given.receipt_evidence_id}
        self._noted(CustodyType.STORE, digest, facts, from_holder=given.police_name, to_holder=facts.by.id, **details)
        returned, self.transfer_id = self.transfer_id, ""
        return events.EvidenceReturnedByPolice(self.id, returned, facts.now)

    def give_back(self, given: GivenBack, *, digest: Digest, facts: Facts) -> events.EvidenceReturned:
        """V17."""
        self._move("give_back", facts)
        self.returned_to = given.owner.strip()
        details = {"place": given.place, "to_holder": given.owner, "reason": given.receipt_evidence_id}
        self._noted(CustodyType.RETURN, digest, facts, from_holder=facts.by.id, **details)
        return events.EvidenceReturned(self.id, self.object_kind, self.object_id, self.measure_id, facts.now)

    def confiscate(self, given: Confiscation, *, digest: Digest, facts: Facts) -> events.EvidenceConfiscated:
        """V18, first step."""
        self._move("confiscate", facts, documents=(given.document_id,))
        self._noted(CustodyType.TRANSFER, digest, facts, reason=given.case_id, document_id=given.document_id)
        return events.EvidenceConfiscated(self.id, given.case_id, facts.now)

    def dispose(self, given: Disposal, *, digest: Digest, facts: Facts) -> events.EvidenceDisposed:
        """V18, second step."""
        self._move("dispose", facts, documents=(given.document_id,), reason=given.perishable_or_dangerous)
        self.disposal_method = str(given.method)
        reason = " · ".join(part for part in (self.disposal_method, given.witness, given.perishable_or_dangerous) if part)
        self._noted(CustodyType.DESTROY, digest, facts, reason=reason, document_id=given.document_id)
        return events.EvidenceDisposed(self.id, self.disposal_method, facts.now)

    def hold(self, measure_id: str) -> None:
        """A coercive measure was applied over the object."""
        self.measure_id = measure_id

    def loosen(self, measure_id: str) -> None:
        """The measure no longer holds it."""
        if self.measure_id == measure_id:
            self.measure_id = ""

    def _end_preservation(self, option: str, at: datetime) -> events.PreservedDecided:
        assert self.preservation is not None
        self.preservation = replace(self.preservation, option=option, ended_at=at)
        return events.PreservedDecided(self.id, self.object_kind, self.object_id, option, self.measure_id, at)

    def _commission(self, given: Commission, document_id: str, facts: Facts) -> events.EvidenceAtAppraisal:
        self.appraisal = Appraisal(document_id, given.body, given.qualification_no, given.questions, given.due_on, facts.now)
        due = given.due_on.isoformat() if given.due_on else ""
        return events.EvidenceAtAppraisal(self.id, self.object_kind, self.object_id, self.measure_id, due, facts.now)

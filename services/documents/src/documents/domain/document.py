"""A law-enforcement document and the moves it may make (11.6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from kernel.days import day_ends, legal_day
from kernel.deadlines import compute
from kernel.errors import Precondition
from kernel.moves import Facts, Move, Role
from kernel.timers import Clocked, Timer

from documents.domain import body, guards
from documents.domain.delivery import Delivery, Mode, Outcome, served_on
from documents.domain.events import (
    DocumentArchived,
    DocumentDrafted,
    DocumentEffective,
    DocumentReturned,
    DocumentRevoked,
    DocumentSealed,
    DocumentServed,
    DocumentSuperseded,
    DocumentVoided,
)
from documents.domain.forms import Form, form
from documents.domain.numbering import Number
from documents.domain.rows import MOVES, RECEIPT, State
from documents.domain.signature import Capacity, Method, Signature, SignedAlready, may_sign, separation


class BodyChanged(Precondition):
    """The body is another than the one that was shown."""


class DraftNotOpen(Precondition):
    """Content changes in a draft only."""


class NotOpenForSignature(Precondition):
    """A body is signed between freezing and sealing."""


class LinkKind(StrEnum):
    APPROVED_BY = "APPROVED_BY"
    FOLLOWS = "FOLLOWS"
    RECEIPT_OF = "RECEIPT_OF"
    RECEIPT = "RECEIPT"
    SUPERSEDED_BY = "SUPERSEDED_BY"
    REVOKES = "REVOKES"


@dataclass(frozen=True)
class Issuer:
    """In whose name and under whose seal a document issues (1.2)."""

    id: str
    name: str
    abbreviation: str


@dataclass(frozen=True)
class File:
    """The sealed file: one locked version of one object, and its digests."""

    key: str
    version: str
    sha256: str
    sm3: str
    size: int
    pages: int
    locked_until_on: date | None = None


@dataclass(eq=False)
class Document(Clocked):
    MACHINE: ClassVar[str] = "document"
    MOVES: ClassVar[tuple[Move, ...]] = MOVES

    id: UUID
    form: str
    object_kind: str
    object_id: UUID
    matter_id: UUID
    org_id: str
    org_path: str
    issuer_id: str
    issuer_name: str
    issuer_abbreviation: str
    template_version: str
    content: dict[str, Any]
    drafted_by: str
    drafted_at: datetime
    title: str = ""
    state: State = State.DRAFT
    body_digest: str = ""
    number: str = ""
    dated_on: date | None = None
    links: list[dict[str, str]] = field(default_factory=list)
    attempts: list[dict[str, Any]] = field(default_factory=list)
    served_on: date | None = None
    deemed_on: date | None = None
    sha256: str = ""
    sm3: str = ""
    size: int = 0
    pages: int = 0
    object_key: str = ""
    object_version: str = ""
    locked_until_on: date | None = None
    sealed_at: datetime | None = None
    effective_at: datetime | None = None
    void_reason: str = ""
    return_reason: str = ""
    signatures: list[Signature] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)
    version: int = 0

    # --- what it is ---------------------------------------------------------------------------------------------------
    @property
    def spec(self) -> Form:
        return form(self.form)

    @property
    def counting(self) -> list[Signature]:
        """Signatures on the present body; one that was given on another does not count."""
        return [signature for signature in self.signatures if self.body_digest and signature.body_digest == self.body_digest]

    @property
    def deliveries(self) -> list[Delivery]:
        return [Delivery.from_json(packed) for packed in self.attempts]

    @property
    def current_delivery(self) -> Delivery | None:
        return self.deliveries[-1] if self.attempts else None

    def attempts_after_failure(self, given: Mapping[str, Any]) -> Sequence[Delivery]:
        """What went before the mode that is begun; in W18 the current attempt counts as failed."""
        if self.state is not State.SERVING or not self.attempts:
            return self.deliveries
        return [*self.deliveries[:-1], replace(self.deliveries[-1], outcome=Outcome.FAILED)]

    def wanted_signatures(self) -> Sequence[Capacity]:
        """Column Sign; on a receipt the recipient signs only where somebody stood before the officers."""
        if self.form == RECEIPT and not any(row.get("in_person") for row in self.content.get("rows", [])):
            return [capacity for capacity in self.spec.sign if capacity is not Capacity.PARTY]
        return self.spec.sign

    def linked(self, kind: LinkKind) -> list[UUID]:
        return [UUID(link["document_id"]) for link in self.links if link["kind"] == kind]

    def link(self, kind: LinkKind, document_id: UUID) -> None:
        line = {"kind": str(kind), "document_id": str(document_id)}
        if line not in self.links:
            self.links = [*self.links, line]

    # --- W01 to W03: drafting -----------------------------------------------------------------------------------------
    def begin(self, facts: Facts) -> DocumentDrafted:
        self._begin("draft", facts)
        return DocumentDrafted(self.id, self.form, self.object_kind, self.object_id, self.matter_id, facts.now)

    def write(self, content: Mapping[str, Any]) -> None:
        """New content; a frozen body thaws, and signatures on it count no more."""
        if self.state is not State.DRAFT:
            raise DraftNotOpen("content changes in a draft only", state=str(self.state))
        self.content = body.merged(self.spec, self.content, content)
        self.body_digest = ""

    def freeze(self, facts: Facts) -> None:
        """Freeze the body of a form without flow, so that it can be shown and signed."""
        if self.state is not State.DRAFT:
            raise DraftNotOpen("a body is frozen in a draft only", state=str(self.state))
        for guard in (guards.has_no_flow, guards.fields_complete, guards.characters_there):
            refused = guard(self, facts)
            if refused is not None:
                raise refused
        self._freeze()

    def _freeze(self) -> None:
        self.body_digest = body.digest(self.id, self.spec, self.template_version, self.issuer_name, self.content)

    def submit(self, facts: Facts) -> None:
        self._move("submit", facts)
        self._freeze()

    def send_back(self, facts: Facts, reason: str) -> DocumentReturned:
        """IN_REVIEW → RETURNED → DRAFT: two transitions, both logged."""
        facts = replace(facts, input={"reason": reason})
        self._move("return", facts, reason=reason)
        self._move("reopen", facts, reason=reason)
        self.return_reason, self.body_digest = reason, ""
        return DocumentReturned(self.id, self.form, self.object_kind, self.object_id, facts.now)

    # --- signatures ---------------------------------------------------------------------------------------------------
    def check_signature(self, signature: Signature, roles: Iterable[Role]) -> None:
        """Raises the reason why this signature cannot be given; the store keeps what passes."""
        if not self.body_digest or self.state not in {State.DRAFT, State.IN_REVIEW}:
            raise NotOpenForSignature("a body is signed between freezing and sealing", state=str(self.state))
        if signature.body_digest != self.body_digest:
            raise BodyChanged("the body is another than the one that was shown", shown=signature.body_digest, body_digest=self.body_digest)
        refused = may_sign(
            signature.capacity,
            signature.method,
            frozenset(roles),
            name=signature.signer_name,
            proof=signature.stroke_evidence_id,
            opinion=signature.opinion,
        )
        if refused is not None:
            raise refused
        if signature.key in {given.key for given in self.counting} and signature.method is not Method.REFUSED:
            raise SignedAlready("this person signed this body already", capacity=str(signature.capacity))
        refused = separation([*self.counting, signature])
        if refused is not None:
            raise refused

    # --- W04 to W08, W12: release -------------------------------------------------------------------------------------
    def approve(self, facts: Facts) -> None:
        """W04 for a form with an internal flow, W05 for one without."""
        self._move("approve" if self.spec.reviewed else "release", facts)

    def check_signed(self, facts: Facts) -> None:
        """What W07 will ask, before a number is spent on it."""
        for guard in (guards.signatures_complete, guards.g01):
            refused = guard(self, facts)
            if refused is not None:
                raise refused

    def take_number(self, facts: Facts, number: Number | None) -> None:
        """W06: the number that the register gave, or none (N = N); from here the document bears its date."""
        self._move("take_number", facts)
        # Where an earlier try took the number, that is the day it was taken.
        self.dated_on = legal_day(facts.now if number is None else number.taken_at)
        self.number = number.number if number is not None else ""

    def close_signatures(self, facts: Facts) -> None:
        """W07: logged from the stored signatures; "seal" or "–" passes by itself."""
        self._move("sign", facts)

    def seal(self, facts: Facts, file: File) -> list[DocumentSealed | DocumentEffective]:
        """W08, and for an internal form W12."""
        self._move("seal", facts)
        self.sha256, self.sm3, self.size, self.pages = file.sha256, file.sm3, file.size, file.pages
        self.object_key, self.object_version, self.locked_until_on = file.key, file.version, file.locked_until_on
        self.sealed_at = facts.now
        assert self.dated_on is not None
        happened: list[DocumentSealed | DocumentEffective] = [
            DocumentSealed(
                self.id,
                self.form,
                self.number,
                self.object_kind,
                self.object_id,
                self.matter_id,
                self.sha256,
                self.sm3,
                self.body_digest,
                self.issuer_id,
                self.dated_on,
                facts.now,
            )
        ]
        if not self.spec.served:
            self._move("take_effect", facts)
            self.effective_at = facts.now
            happened.append(self._effective(facts.now))
        return happened

    def _effective(self, at: datetime) -> DocumentEffective:
        return DocumentEffective(self.id, self.form, self.object_kind, self.object_id, self.matter_id, at)

    # --- W09 to W11, W13, W18: service --------------------------------------------------------------------------------
    def serve(self, facts: Facts, delivery: Delivery) -> None:
        self._move("serve", replace(facts, input={"delivery": delivery}))
        self.attempts = [*self.attempts, delivery.as_json()]

    def fail_delivery(self, facts: Facts, reason: str, following: Delivery) -> None:
        self._move("fail_delivery", replace(facts, input={"reason": reason, "delivery": following}), reason=reason)
        failed = replace(self.deliveries[-1], outcome=Outcome.FAILED, reason=reason)
        self.attempts = [*self.attempts[:-1], failed.as_json(), following.as_json()]

    def deliver(self, facts: Facts, delivery: Delivery) -> None:
        self._move("deliver", replace(facts, input={"delivery": delivery}))
        self._delivered(facts, delivery)

    def note_refusal(self, facts: Facts, delivery: Delivery) -> None:
        """SERVING → REFUSED_NOTED → SERVED: the refusal, then what was left there. Law: CVL 89."""
        given = {"reason": delivery.reason, "delivery": delivery}
        self._move("note_refusal", replace(facts, input=given), reason=delivery.reason)
        self._move("leave", replace(facts, input=given), reason=delivery.reason)
        self._delivered(facts, delivery)

    def _delivered(self, facts: Facts, delivery: Delivery) -> None:
        self.attempts = [*self.attempts[:-1], delivery.as_json()]
        self.served_on = self.deemed_on = served_on(delivery)
        if delivery.mode is Mode.PUBLIC_NOTICE:
            assert delivery.delivered_at is not None
            self._start_notice(delivery.delivered_at, facts)

    def _start_notice(self, published_at: datetime, facts: Facts) -> None:
        """D13 in its public-notice form: the timer ends with the deemed day, which is not rolled (CT-15). Law: CVL 95."""
        events, params = [{"at": published_at.isoformat(), "kind": "notice"}], {"mode": "public_notice"}
        deadline = compute("D13", published_at, events, params, facts.law)
        assert deadline.deemed_served is not None
        self.deemed_on = deadline.deemed_served
        timer = Timer("D13", self.MACHINE, self.id, self.org_path, published_at, list(events), params)
        timer.recompute(facts.law)
        timer.expires_at = day_ends(self.deemed_on)
        self.timers.append(timer)

    def deemed_reached(self, now: datetime) -> bool:
        """A notice is served at the end of its last day; any other mode on its day."""
        if self.deemed_on is None:
            return False
        delivery = self.current_delivery
        last = self.deemed_on if delivery is not None and delivery.mode is Mode.PUBLIC_NOTICE else self.deemed_on - timedelta(days=1)
        return day_ends(last) <= now

    def take_effect_by_service(self, facts: Facts, receipt_id: UUID) -> list[DocumentServed | DocumentEffective]:
        """W13."""
        self._move("take_effect_by_service", facts)
        self.effective_at = facts.now
        timer, delivery = self.timer("D13"), self.current_delivery
        if timer is not None:
            timer.stop(facts.now)
        assert self.served_on is not None
        assert self.deemed_on is not None
        assert delivery is not None
        served = DocumentServed(
            self.id,
            self.form,
            self.object_kind,
            self.object_id,
            self.matter_id,
            self.served_on,
            self.deemed_on,
            str(delivery.mode),
            self.number,
            receipt_id,
            facts.now,
        )
        return [served, self._effective(facts.now)]

    # --- W14, W15 -----------------------------------------------------------------------------------------------------
    def supersede(self, by: "Document", reason: str, facts: Facts) -> DocumentSuperseded:
        """The corrected document stands in its place; this one stays readable."""
        self._move("supersede", replace(facts, input={"by": by, "reason": reason}), documents=(str(by.id),), reason=reason)
        self.link(LinkKind.SUPERSEDED_BY, by.id)
        return DocumentSuperseded(self.id, self.form, self.object_kind, self.object_id, self.matter_id, by.id, facts.now)

    def revoke(self, by: "Document | None", facts: Facts) -> DocumentRevoked:
        """By a review body, a court, or the own decision `by`, which is served."""
        self._move("revoke", replace(facts, input={"by": by}), documents=(str(by.id),) if by is not None else ())
        return DocumentRevoked(self.id, self.form, self.object_kind, self.object_id, self.matter_id, facts.now)

    # --- W16, W17 -----------------------------------------------------------------------------------------------------
    def void(self, facts: Facts, reason: str) -> DocumentVoided:
        """Before sealing by lead and unit, from SEALED by the head; the number stays used."""
        name = "void_sealed" if self.state is State.SEALED else "void"
        self._move(name, replace(facts, input={"reason": reason}), reason=reason)
        self.void_reason = reason
        return DocumentVoided(self.id, self.form, self.object_kind, self.object_id, self.matter_id, self.number, facts.now)

    def archive(self, facts: Facts) -> DocumentArchived:
        self._move("archive", facts)
        return DocumentArchived(self.id, self.form, self.object_kind, self.object_id, self.matter_id, facts.now)

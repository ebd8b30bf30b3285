"""Signatures of people on the frozen body (design 3.9; ESL 13-14)."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from kernel.errors import DomainError, Forbidden, Invalid, Precondition
from kernel.guards import SeparationViolated
from kernel.moves import Role


class SignatureNotYours(Forbidden):
    """Your post does not sign in this capacity."""


class SignatureMethodForbidden(Invalid):
    """People in this capacity do not sign in this way."""


class SignatureProofMissing(Invalid):
    """A signature on glass or paper needs its stroke or scan, and the name of who signed; a refusal its reason."""


class SignedAlready(Precondition):
    """This person signed this body in this capacity."""


class Capacity(StrEnum):
    OFFICER = "OFFICER"
    REVIEWER = "REVIEWER"
    LEGAL_REVIEWER = "LEGAL_REVIEWER"
    APPROVER = "APPROVER"
    PARTY = "PARTY"
    ENTERPRISE = "ENTERPRISE"
    WITNESS = "WITNESS"
    ATTENDANT = "ATTENDANT"
    RECORDER = "RECORDER"
    PRESIDER = "PRESIDER"


class Method(StrEnum):
    GLASS = "GLASS"
    PAPER_SCAN = "PAPER_SCAN"
    CERTIFICATE = "CERTIFICATE"
    REFUSED = "REFUSED"


# Who signs in which capacity with a token of his own. Law: 1.8.
POSTS: Mapping[Capacity, frozenset[Role]] = {
    Capacity.OFFICER: frozenset({Role.OFF, Role.LEAD}),
    Capacity.REVIEWER: frozenset({Role.UNIT, Role.DEP, Role.CHIEF}),
    Capacity.LEGAL_REVIEWER: frozenset({Role.LEGAL}),
    Capacity.APPROVER: frozenset({Role.DEP, Role.CHIEF}),
    Capacity.RECORDER: frozenset({Role.OFF, Role.LEAD, Role.HEAR}),
    Capacity.PRESIDER: frozenset({Role.HEAR}),
    Capacity.ATTENDANT: frozenset({Role.DEP, Role.CHIEF, Role.COLL, Role.UNIT, Role.LEGAL}),
}
# Their signature is entered by an officer who holds the stroke or the scan, or who notes the refusal.
OUTSIDE = frozenset({Capacity.PARTY, Capacity.ENTERPRISE, Capacity.WITNESS})
ENTERING = frozenset({Role.OFF, Role.LEAD, Role.HEAR, Role.SYS})
# G03: of these, one person takes one in a document.
SEPARATE = (Capacity.OFFICER, Capacity.REVIEWER, Capacity.APPROVER)


@dataclass(eq=False)
class Signature:
    """Append-only: a person saw the body of this digest and signed it, or would not."""

    id: UUID
    document_id: UUID
    org_path: str
    capacity: Capacity
    method: Method
    signer_id: str
    signer_name: str
    body_digest: str
    stroke_evidence_id: str
    certificate_number: str
    certificate_valid_to_on: date | None
    device_id: str
    place: str
    opinion: str
    entered_by: str
    signed_at: datetime
    recorded_at: datetime

    @property
    def official(self) -> bool:
        """He signs for himself, with his own token."""
        return self.capacity not in OUTSIDE

    @property
    def key(self) -> tuple[Capacity, str]:
        return self.capacity, self.signer_id or self.signer_name


def may_sign(capacity: Capacity, method: Method, roles: Collection[Role], *, name: str, proof: str, opinion: str) -> DomainError | None:
    """Who signs for himself does so with his token (CERTIFICATE) or on the glass; a party on glass, on paper, or not at all."""
    if capacity in OUTSIDE:
        if not ENTERING & set(roles):
            return SignatureNotYours("an officer enters the signature of a party", capacity=str(capacity), held=",".join(sorted(roles)))
        if method is Method.CERTIFICATE:
            return SignatureMethodForbidden("a party has no certificate here", capacity=str(capacity), method=str(method))
        if method is Method.REFUSED:
            if capacity is Capacity.WITNESS:
                return SignatureMethodForbidden("who refuses is no witness", capacity=str(capacity), method=str(method))
            return None if opinion.strip() else SignatureProofMissing("a refusal is noted with its circumstances", missing="opinion")
        if not name.strip():
            return SignatureProofMissing("the name of who signed is needed", missing="signer_name")
        return None if proof else SignatureProofMissing("the stroke or scan is needed", missing="stroke_evidence_id")
    if not POSTS[capacity] & set(roles):
        return SignatureNotYours("your post does not sign in this capacity", capacity=str(capacity), held=",".join(sorted(roles)))
    if method is Method.REFUSED:
        return SignatureMethodForbidden("officials do not refuse: they return the document", capacity=str(capacity), method=str(method))
    if method is not Method.CERTIFICATE and not proof:
        return SignatureProofMissing("the stroke or scan is needed", missing="stroke_evidence_id")
    return None


def missing_signatures(wanted: Iterable[Capacity], signatures: Iterable[Signature]) -> list[Capacity]:
    """Capacities that have not signed often enough. One person counts once in a capacity; a party's noted refusal counts."""
    held = Counter(capacity for capacity, _ in {signature.key for signature in signatures})
    return sorted((Counter(wanted) - held).elements())


def separation(signatures: Iterable[Signature]) -> DomainError | None:
    """G03: preparer, reviewer and approver are three persons. Law: APL 58, 64; rest [P]."""
    posts: dict[str, Capacity] = {}
    for signature in signatures:
        if signature.capacity in SEPARATE and signature.signer_id:
            other = posts.setdefault(signature.signer_id, signature.capacity)
            if other is not signature.capacity:
                return SeparationViolated(
                    f"who signed as {other} may not sign as {signature.capacity} too",
                    officer=signature.signer_id,
                    post=str(signature.capacity),
                    other=str(other),
                )
    return None

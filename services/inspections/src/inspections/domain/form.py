"""A document as the service of documents vouches for it, and the line that is kept of it here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

# From SEALED on the content stands (11.6).
SEALED = frozenset({"SEALED", "SERVING", "SERVED", "REFUSED_NOTED", "EFFECTIVE", "SUPERSEDED", "ARCHIVED"})

OFFICER, ENTERPRISE, PARTY, REVIEWER, APPROVER = "OFFICER", "ENTERPRISE", "PARTY", "REVIEWER", "APPROVER"
REFUSED = "REFUSED"


@dataclass(frozen=True)
class Signature:
    """Who signed the frozen body, as what, and how."""

    signer_id: str
    capacity: str
    method: str


@dataclass(frozen=True)
class Form:
    """The answer of `CheckContent`: `complete` means fields, fonts, and every signature that was asked for."""

    document_id: UUID
    form: str
    object_kind: str
    object_id: UUID
    complete: bool
    problems: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()

    def signers(self, capacity: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(s.signer_id for s in self.signatures if s.capacity == capacity))

    @property
    def refused(self) -> bool:
        """The unit refused to sign and the officers noted it. Law: WSL 68."""
        return any(s.capacity == ENTERPRISE and s.method == REFUSED for s in self.signatures)

    @property
    def party_refused(self) -> bool:
        """The party of a coercive measure would not sign. Law: AEL 18(8)."""
        return any(s.capacity in {PARTY, ENTERPRISE} and s.method == REFUSED for s in self.signatures)


@dataclass(eq=False)
class DocumentLine:
    """What is known here of a document of a task, from the events of the service of documents."""

    document_id: UUID
    inspection_id: UUID
    org_path: str
    form: str
    object_kind: str
    object_id: UUID
    state: str
    number: str = ""
    served_on: date | None = None
    deemed_on: date | None = None
    sha256: str = ""

    @property
    def sealed(self) -> bool:
        return self.state in SEALED


def any_sealed(lines: Iterable[DocumentLine], *forms: str) -> bool:
    return any(line.sealed and line.form in forms for line in lines)

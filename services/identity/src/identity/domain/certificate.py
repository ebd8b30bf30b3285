"""Enforcement certificates of officers: what they were worth at the instant of an act. Law: APL 42, 55; WSL 67."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from kernel.codes import RegionCode
from kernel.days import legal_day
from kernel.errors import Conflict, DomainError, Invalid, Precondition
from kernel.moves import SYS, AnyOf, Facts, Move, Role

from identity.domain.events import OfficerCertificateChanged
from identity.domain.kept import KEEPER, Kept, PeriodReversed

# How long before its end a certificate is shown as EXPIRING (1.4, proposed).
EXPIRING_DAYS = 60
CATEGORIES = frozenset({"WORK_SAFETY", "HAZARDOUS_CHEMICALS", "FIREWORKS", "MINES", "EMERGENCY"})


class State(StrEnum):
    """Where the rows OC01-OC06 left it; what it is worth at an instant is its `status`."""

    VALID = "VALID"
    EXPIRING = "EXPIRING"
    SUSPENDED = "SUSPENDED"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"


class Status(StrEnum):
    VALID = "VALID"
    EXPIRING = "EXPIRING"
    SUSPENDED = "SUSPENDED"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"
    NOT_YET_VALID = "NOT_YET_VALID"


class TermNotNearEnd(Precondition):
    """More than 60 days are left."""


class TermNotOver(Precondition):
    """The last day has not passed."""


class CertificateIncomplete(Invalid):
    """A certificate has a number, a category, a region and a term."""


class UnknownCategory(Invalid):
    """There is no such category of enforcement."""


class CertificateNumberTaken(Conflict):
    """Another certificate has this number."""


@dataclass(frozen=True)
class Suspension:
    """ISO instants; `until` is empty while it lasts."""

    since: str
    until: str = ""

    def covers(self, at: datetime) -> bool:
        return datetime.fromisoformat(self.since) <= at and (not self.until or at < datetime.fromisoformat(self.until))


def near_end(certificate: "OfficerCertificate", facts: Facts) -> DomainError | None:
    """60 days or fewer to go, by days of Shanghai (1.4, proposed)."""
    left = (certificate.valid_to_on - legal_day(facts.now)).days
    return TermNotNearEnd("more than 60 days are left", left=left) if left > EXPIRING_DAYS else None


def term_over(certificate: "OfficerCertificate", facts: Facts) -> DomainError | None:
    """The last day is included. Law: APL 42."""
    if legal_day(facts.now) <= certificate.valid_to_on:
        return TermNotOver("the last day has not passed", last_day=certificate.valid_to_on)
    return None


@dataclass(eq=False)
class OfficerCertificate(Kept):
    """One certificate. Days in Asia/Shanghai, both ends included. A renewal is a new one."""

    MACHINE = "officer certificate"

    user_id: UUID
    org_path: str
    number: str
    issuer: str
    categories: list[str]
    region_codes: list[str]
    valid_from_on: date
    valid_to_on: date
    renews_id: UUID | None = None
    suspensions: list[Suspension] = field(default_factory=list)
    revoked_at: datetime | None = None
    verified: bool = True
    id: UUID = field(default_factory=uuid4)
    state: State | None = None
    version: int = 1

    @classmethod
    def issue(
        cls,
        *,
        user_id: UUID,
        org_path: str,
        number: str,
        issuer: str,
        categories: Sequence[str],
        region_codes: Sequence[str],
        valid_from_on: date | None,
        valid_to_on: date | None,
        facts: Facts,
        renews_id: UUID | None = None,
        verified: bool = True,
    ) -> tuple["OfficerCertificate", OfficerCertificateChanged]:
        """Raises: CertificateIncomplete, UnknownCategory, PeriodReversed, InvalidRegionCode."""
        for name, value in {"number": number.strip(), "categories": categories, "region_codes": region_codes}.items():
            if not value:
                raise CertificateIncomplete(f"a certificate without {name}", missing=name)
        if valid_from_on is None or valid_to_on is None:
            raise CertificateIncomplete("a certificate without term", missing="valid_to_on")
        for category in categories:
            if category not in CATEGORIES:
                raise UnknownCategory("there is no such category", category=category)
        if valid_to_on < valid_from_on:
            raise PeriodReversed("it ends before it begins", valid_from=valid_from_on, valid_to=valid_to_on)
        certificate = cls(
            user_id=user_id,
            org_path=org_path,
            number=number.strip(),
            issuer=issuer.strip(),
            categories=sorted(set(categories)),
            region_codes=sorted({RegionCode.parse(code).text for code in region_codes}),
            valid_from_on=valid_from_on,
            valid_to_on=valid_to_on,
            renews_id=renews_id,
            verified=verified,
        )
        certificate._begin("issue", facts)
        return certificate, certificate._changed("issue", facts)

    def suspend(self, *, reason: str, facts: Facts) -> OfficerCertificateChanged:
        self._move("suspend", facts, reason=reason)
        self.suspensions = [*self.suspensions, Suspension(facts.now.isoformat())]
        return self._changed("suspend", facts)

    def resume(self, *, reason: str, facts: Facts) -> OfficerCertificateChanged:
        target = State.VALID if near_end(self, facts) else State.EXPIRING
        self._move("resume", facts, target=target, reason=reason)
        self.suspensions = [*self.suspensions[:-1], Suspension(self.suspensions[-1].since, facts.now.isoformat())]
        return self._changed("resume", facts)

    def revoke(self, *, reason: str, facts: Facts) -> OfficerCertificateChanged:
        self._move("revoke", facts, reason=reason)
        self.revoked_at = facts.now
        return self._changed("revoke", facts)

    def age(self, facts: Facts) -> list[OfficerCertificateChanged]:
        """What the calendar does to it by now: OC05, then OC06."""
        happened = []
        if self.state is State.VALID and near_end(self, facts) is None:
            self._move("near_end", facts)
            happened.append(self._changed("near_end", facts))
        if self.state is State.EXPIRING and term_over(self, facts) is None:
            self._move("expire", facts)
            happened.append(self._changed("expire", facts))
        return happened

    def renew(
        self, *, number: str, valid_from_on: date | None, valid_to_on: date | None, facts: Facts
    ) -> tuple["OfficerCertificate", OfficerCertificateChanged]:
        """The same officer, categories and regions for another term."""
        return OfficerCertificate.issue(
            user_id=self.user_id,
            org_path=self.org_path,
            number=number,
            issuer=self.issuer,
            categories=self.categories,
            region_codes=self.region_codes,
            valid_from_on=valid_from_on,
            valid_to_on=valid_to_on,
            facts=facts,
            renews_id=self.id,
        )

    def status(self, at: datetime) -> Status:
        """What it was worth at the instant of the act, whatever became of it later. Law: APL 42; 1.4."""
        on = legal_day(at)
        if self.revoked_at is not None and self.revoked_at <= at:
            return Status.REVOKED
        if on < self.valid_from_on:
            return Status.NOT_YET_VALID
        if on > self.valid_to_on:
            return Status.EXPIRED
        if any(suspension.covers(at) for suspension in self.suspensions):
            return Status.SUSPENDED
        return Status.EXPIRING if (self.valid_to_on - on).days <= EXPIRING_DAYS else Status.VALID

    def _changed(self, change: str, facts: Facts) -> OfficerCertificateChanged:
        return OfficerCertificateChanged(self.user_id, self.id, change, facts.now)

    MOVES = (
        Move("OC01", "issue", {None}, State.VALID, by=AnyOf(Role.PLAN, Role.ADMIN, Role.SYS), law=("APL 42",)),
        Move("OC02", "suspend", {State.VALID, State.EXPIRING}, State.SUSPENDED, by=KEEPER),
        Move("OC03", "resume", {State.SUSPENDED}, frozenset({State.VALID, State.EXPIRING}), by=KEEPER),
        Move("OC04", "revoke", {State.VALID, State.EXPIRING, State.SUSPENDED}, State.REVOKED, by=KEEPER),
        Move("OC05", "near_end", {State.VALID}, State.EXPIRING, by=SYS, guards=(near_end,)),
        Move("OC06", "expire", {State.EXPIRING}, State.EXPIRED, by=SYS, guards=(term_over,), law=("APL 42",)),
    )

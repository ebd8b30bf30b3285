"""Guards of 11.1 that several services share: pure questions about officers, answered by a refusal or nothing.

An officer and his certificates are what identity answered for the instant of the event; only the day decides.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kernel.codes import significant
from kernel.days import legal_day
from kernel.errors import DomainError, Forbidden, Precondition

_EXPIRING_DAYS = 60


class CertificateState(StrEnum):
    """VALID and EXPIRING count (1.4)."""

    VALID = "VALID"
    EXPIRING = "EXPIRING"
    SUSPENDED = "SUSPENDED"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"
    NOT_YET_VALID = "NOT_YET_VALID"


class TooFewOfficers(Precondition):
    """Two officers are needed (G01)."""


class OfficerUnknown(Precondition):
    """Nobody of this id is known as an officer, or his account is closed (G01)."""


class CertificateMissing(Precondition):
    """The officer holds no enforcement certificate (G01)."""


class CertificateNotValid(Precondition):
    """The officer's certificate is not in force at the time of the act (G01)."""


class CertificateOfOtherRegion(Precondition):
    """The officer's certificate does not reach the place (G01)."""


class CertificateOfOtherCategory(Precondition):
    """The officer's certificate is for another field of enforcement (G01)."""


class OfficerInConflict(Forbidden):
    """A recusal was accepted, or a conflict was found (G02)."""


class SeparationViolated(Forbidden):
    """One person may not fill both posts of the same matter (G03)."""


class PlaceNotCompetent(Precondition):
    """The place lies outside the area of the acting body (G05)."""


class ActNotCovered(Precondition):
    """The basis on which the body acts does not cover this act (G05)."""


class EntrustmentOver(Precondition):
    """There is no entrustment in force on that day (G05)."""


class CoercionEntrusted(Forbidden):
    """A coercive measure may never be entrusted (G05, G19)."""


@dataclass(frozen=True)
class Certificate:
    """An enforcement certificate 行政执法证. `region_codes`: a code covers every code that begins with it."""

    number: str
    categories: frozenset[str]
    region_codes: tuple[str, ...]
    valid_from: date
    valid_to: date
    suspended: tuple[tuple[date, date | None], ...] = ()
    """Days on which it was suspended: first, and the day on which it was given back."""
    revoked_on: date | None = None

    @classmethod
    def as_answered(
        cls, number: str, categories: Iterable[str], region_codes: Iterable[str], valid_from: date, valid_to: date, state: str
    ) -> "Certificate":
        """A certificate as identity answers it for one instant: with its state then, without the days of its measures."""
        suspended = ((valid_from, None),) if state == CertificateState.SUSPENDED else ()
        revoked_on = valid_from if state == CertificateState.REVOKED else None
        return cls(number, frozenset(categories), tuple(region_codes), valid_from, valid_to, suspended, revoked_on)

    def state_at(self, at: datetime) -> CertificateState:
        day = legal_day(at)
        if self.revoked_on is not None and day >= self.revoked_on:
            return CertificateState.REVOKED
        if day < self.valid_from:
            return CertificateState.NOT_YET_VALID
        if day > self.valid_to:
            return CertificateState.EXPIRED
        if any(first <= day and (back is None or day < back) for first, back in self.suspended):
            return CertificateState.SUSPENDED
        return CertificateState.EXPIRING if (self.valid_to - day).days <= _EXPIRING_DAYS else CertificateState.VALID

    def reaches(self, region_code: str) -> bool:
        return any(region_code.startswith(significant(code)) for code in self.region_codes)


@dataclass(frozen=True)
class Officer:
    """A person as identity knows him at the time of the event."""

    id: str
    name: str = ""
    org_id: str = ""
    org_path: str = ""
    roles: frozenset[str] = frozenset()
    certificates: tuple[Certificate, ...] = ()
    legal_qualified: bool = False
    active: bool = True


@dataclass(frozen=True)
class ActingBody:
    """The body that acts, and on what basis (1.2). `acts` are the published or entrusted ones; None: all of its field."""

    org_id: str
    basis: str
    region_codes: tuple[str, ...]
    acts: frozenset[str] | None = None
    entrusted_from: date | None = None
    entrusted_to: date | None = None


def certificate_refusal(officer: Officer | None, officer_id: str, *, at: datetime, region_code: str, category: str) -> DomainError | None:
    """Why this officer may not act there and then, or nothing. Law: APL 42, 55."""
    if officer is None or not officer.active:
        return OfficerUnknown("this person is no officer in service", officer=officer_id)
    if not officer.certificates:
        return CertificateMissing("the officer holds no enforcement certificate", officer=officer_id)
    refusals = [_refusal(certificate, officer_id, at, region_code, category) for certificate in officer.certificates]
    if None in refusals:
        return None
    # The certificate that comes nearest says what is missing.
    return min((refusal for refusal in refusals if refusal is not None), key=lambda refusal: _NEARNESS[type(refusal)])


_NEARNESS: dict[type[DomainError], int] = {CertificateNotValid: 0, CertificateOfOtherRegion: 1, CertificateOfOtherCategory: 2}


def _refusal(certificate: Certificate, officer_id: str, at: datetime, region_code: str, category: str) -> DomainError | None:
    if category not in certificate.categories:
        return CertificateOfOtherCategory(
            f"the certificate is not for {category}", officer=officer_id, needed=category, held=",".join(sorted(certificate.categories))
        )
    if not certificate.reaches(region_code):
        return CertificateOfOtherRegion(
            f"the certificate does not reach {region_code}", officer=officer_id, needed=region_code, held=",".join(certificate.region_codes)
        )
    state = certificate.state_at(at)
    if state not in (CertificateState.VALID, CertificateState.EXPIRING):
        return CertificateNotValid(
            f"the certificate is {state}", officer=officer_id, number=certificate.number, state=str(state), on=legal_day(at).isoformat()
        )
    return None


def two_certified_officers(officers: Iterable[Officer], at: datetime, region_code: str, category: str) -> DomainError | None:
    """G01: at least two distinct officers, each with a certificate VALID or EXPIRING at the time of the event, for this
    place and this field. Law: APL 42, 55."""
    distinct = {officer.id: officer for officer in officers}
    if len(distinct) < 2:
        return TooFewOfficers("two officers are needed", given=len(distinct), needed=2)
    for officer in distinct.values():
        refused = certificate_refusal(officer, officer.id, at=at, region_code=region_code, category=category)
        if refused is not None:
            return refused
    return None


def no_conflict(actors: Iterable[str], *, recused: Collection[str], conflicts: Collection[str] = ()) -> DomainError | None:
    """G02: no actor with an accepted recusal or a detected conflict; a pending request stops nobody. Law: APL 43."""
    for actor in actors:
        if actor in recused:
            return OfficerInConflict("the officer's recusal was accepted", officer=actor, ground="recusal")
        if actor in conflicts:
            return OfficerInConflict("a conflict of interest of the officer was found", officer=actor, ground="conflict")
    return None


def separate(actor: str, post: str, others: dict[str, Collection[str]]) -> DomainError | None:
    """G03: who fills `post` fills none of the other posts of the same matter. Law: APL 58, 64; rest [P]."""
    for other, holders in others.items():
        if actor in holders:
            return SeparationViolated(f"the {other} may not be the {post} too", officer=actor, post=post, other=other)
    return None


def competent(body: ActingBody, *, on: date, region_code: str, act: str, coercive: bool = False) -> DomainError | None:
    """G05, G19: the body is competent by place, and its basis covers the act. Law: APL 17-25; AEL 17."""
    if not any(region_code.startswith(significant(code)) for code in body.region_codes):
        return PlaceNotCompetent(
            f"{region_code} lies outside the area of the body", org=body.org_id, region=region_code, area=",".join(body.region_codes)
        )
    if body.basis == "ENTRUSTED":
        if coercive:
            return CoercionEntrusted("a coercive measure may not be entrusted", org=body.org_id, act=act)
        begun = body.entrusted_from is not None and body.entrusted_from <= on
        if not begun or (body.entrusted_to is not None and on > body.entrusted_to):
            return EntrustmentOver(f"no entrustment is in force on {on}", org=body.org_id, on=on.isoformat())
    if body.acts is not None and act not in body.acts:
        return ActNotCovered(f"the basis of the body does not cover {act}", org=body.org_id, act=act, basis=body.basis)
    return None

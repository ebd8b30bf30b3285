"""Bodies of the organisation tree, and the bodies that stand over against them.

The key is an own one: functional areas and teams have no GB/T 2260 code. The path (`/44/4419/dalingshan/`) says who
belongs to whom and is what row security rests on.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from kernel.codes import RegionCode, SocialCreditCode
from kernel.days import legal_day
from kernel.errors import Conflict, Invalid
from kernel.moves import Facts, Move

from identity.domain.events import OrgUnitChanged
from identity.domain.kept import KEEPER, Kept, PeriodReversed

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
# Ids of shipped bodies follow from their path, so that every installation has the same.
_SHIPPED = uuid5(NAMESPACE_URL, "https://anzhi.example/org-units")


class Level(StrEnum):
    PROVINCE = "PROVINCE"
    CITY = "CITY"
    COUNTY = "COUNTY"
    FUNCTIONAL_AREA = "FUNCTIONAL_AREA"
    TOWN = "TOWN"


class Basis(StrEnum):
    """By what right a body acts. Law: APL 17-24."""

    STATUTORY = "STATUTORY"
    TRANSFERRED = "TRANSFERRED"
    ENTRUSTED = "ENTRUSTED"
    AUTHORISED = "AUTHORISED"


class State(StrEnum):
    OPEN = "OPEN"
    CLOSED = "CLOSED"


class CounterpartKind(StrEnum):
    GOVERNMENT = "GOVERNMENT"
    SUPERIOR = "SUPERIOR"
    POLICE = "POLICE"
    PROCURATORATE = "PROCURATORATE"
    COURT = "COURT"
    RECONSIDERATION = "RECONSIDERATION"


class SlugInvalid(Invalid):
    """The last part of a path is small letters, digits and hyphens."""


class LevelForbidsParent(Invalid):
    """A body stands below one of a higher level."""


class BasisForbidsLevel(Invalid):
    """A body of this level cannot act by this right."""


class OrgUnitNameMissing(Invalid):
    """A body has a name."""


class OrgUnitExists(Conflict):
    """Another body has this path."""


@dataclass(frozen=True)
class Counterpart:
    """A government, superior, police, procuratorate, court or body for reconsideration, for a time."""

    kind: CounterpartKind
    name: str
    address: str = ""
    org_id: str = ""
    valid_from_on: str = ""
    valid_to_on: str = ""
    id: str = field(default_factory=lambda: str(uuid4()))

    def holds(self, on: date) -> bool:
        day = on.isoformat()
        return self.valid_from_on <= day and (not self.valid_to_on or day <= self.valid_to_on)


@dataclass(frozen=True)
class PaymentAccount:
    """Where fines are paid: officers never take money (FCS 5)."""

    bank: str
    account: str
    account_name: str


def shipped_id(path: str) -> UUID:
    return uuid5(_SHIPPED, path)


@dataclass(eq=False)
class OrgUnit(Kept):
    MACHINE = "org unit"

    parent_id: UUID | None
    path: str
    name: str
    level: Level
    authority_basis: Basis
    region_code: str = ""
    uscc: str = ""
    doc_abbr: str = ""
    address: str = ""
    postcode: str = ""
    phone: str = ""
    payment: PaymentAccount | None = None
    seal_name: str = ""
    valid_from_on: date | None = None
    valid_to_on: date | None = None
    counterparts: list[Counterpart] = field(default_factory=list)
    min_attendees: int = 3
    verified: bool = True
    id: UUID = field(default_factory=uuid4)
    state: State | None = None
    version: int = 1

    @property
    def org_path(self) -> str:
        """The row belongs to the body itself."""
        return self.path

    @classmethod
    def create(
        cls,
        parent: "OrgUnit",
        *,
        slug: str,
        name: str,
        level: Level,
        authority_basis: Basis,
        region_code: str,
        uscc: str,
        doc_abbr: str,
        address: str,
        postcode: str,
        phone: str,
        valid_from_on: date | None,
        facts: Facts,
    ) -> tuple["OrgUnit", OrgUnitChanged]:
        """Raises: SlugInvalid, LevelForbidsParent, BasisForbidsLevel, OrgUnitNameMissing."""
        if not _SLUG.fullmatch(slug):
            raise SlugInvalid("a path part is small letters, digits and hyphens", slug=slug)
        if not name.strip():
            raise OrgUnitNameMissing("a body has a name")
        if list(Level).index(level) <= list(Level).index(parent.level) and not (parent.level is level is Level.FUNCTIONAL_AREA):
            raise LevelForbidsParent("a body stands below one of a higher level", level=str(level), parent=str(parent.level))
        _check_basis(level, authority_basis)
        unit = cls(
            parent_id=parent.id,
            path=f"{parent.path}{slug}/",
            name=name.strip(),
            level=level,
            authority_basis=authority_basis,
            region_code=RegionCode.parse(region_code).text if region_code else "",
            uscc=SocialCreditCode.parse(uscc).text if uscc else "",
            doc_abbr=doc_abbr.strip(),
            address=address,
            postcode=postcode,
            phone=phone,
            seal_name=name.strip() if authority_basis is not Basis.ENTRUSTED else "",
            valid_from_on=valid_from_on or legal_day(facts.now),
        )
        unit._begin("create", facts)
        return unit, unit._changed("create", facts)

    def amend(
        self,
        *,
        name: str,
        uscc: str,
        doc_abbr: str,
        address: str,
        postcode: str,
        phone: str,
        payment: PaymentAccount | None,
        seal_name: str,
        min_attendees: int,
        facts: Facts,
    ) -> OrgUnitChanged:
        """An empty text leaves what stands."""
        given = {
            "name": name.strip(),
            "uscc": SocialCreditCode.parse(uscc).text if uscc else "",
            "doc_abbr": doc_abbr.strip(),
            "address": address,
            "postcode": postcode,
            "phone": phone,
            "seal_name": seal_name,
            "min_attendees": min_attendees,
            "payment": payment,
        }
        changed = {key: value for key, value in given.items() if value and value != getattr(self, key)}
        for key, value in changed.items():
            setattr(self, key, value)
        self._record("amend", facts, details=[f"{key}={value}" for key, value in changed.items() if key != "payment"])
        return self._changed("amend", facts)

    def close(self, *, valid_to_on: date, reason: str, facts: Facts) -> OrgUnitChanged:
        """Raises: PeriodReversed."""
        if self.valid_from_on is not None and valid_to_on < self.valid_from_on:
            raise PeriodReversed("it ends before it begins", valid_from=self.valid_from_on, valid_to=valid_to_on)
        self._move("close", facts, reason=reason)
        self.valid_to_on = valid_to_on
        return self._changed("close", facts)

    def set_counterpart(
        self, kind: CounterpartKind, *, name: str, address: str, org_id: str, valid_from_on: date, valid_to_on: date | None, facts: Facts
    ) -> OrgUnitChanged:
        """One of a kind at a time, but for reconsideration. Raises: PeriodReversed, OrgUnitNameMissing."""
        if not name.strip():
            raise OrgUnitNameMissing("a counterpart has a name")
        if valid_to_on is not None and valid_to_on < valid_from_on:
            raise PeriodReversed("it ends before it begins", valid_from=valid_from_on, valid_to=valid_to_on)
        last, first = (valid_from_on - timedelta(days=1)).isoformat(), valid_from_on.isoformat()
        kept = []
        for known in self.counterparts:
            same = known.kind is kind and (kind is not CounterpartKind.RECONSIDERATION or known.name == name.strip())
            if not same or (known.valid_to_on and known.valid_to_on < first):
                kept.append(known)
            elif known.valid_from_on < first:
                kept.append(replace(known, valid_to_on=last))
        until = valid_to_on.isoformat() if valid_to_on else ""
        new = Counterpart(kind, name.strip(), address, org_id, first, until)
        self.counterparts = [*kept, new]
        self._record("set_counterpart", facts, details=[f"{kind}={new.name} from {first}"])
        return self._changed("set_counterpart", facts)

    def counterparts_on(self, kind: CounterpartKind, on: date) -> list[Counterpart]:
        return [known for known in self.counterparts if known.kind is kind and known.holds(on)]

    def acts_on(self, on: date) -> bool:
        return (self.valid_from_on is None or self.valid_from_on <= on) and (self.valid_to_on is None or on <= self.valid_to_on)

    def _changed(self, change: str, facts: Facts) -> OrgUnitChanged:
        return OrgUnitChanged(self.id, self.path, change, facts.now)

    MOVES = (
        Move("OU01", "create", {None}, State.OPEN, by=KEEPER, law=("APL 17",)),
        Move("OU02", "close", {State.OPEN}, State.CLOSED, by=KEEPER),
    )


def _check_basis(level: Level, basis: Basis) -> None:
    """Towns act by transfer or entrustment; the county level and above by statute. Law: APL 20, 23, 24."""
    town = level is Level.TOWN
    if (town and basis is Basis.STATUTORY) or (not town and basis is Basis.TRANSFERRED):
        raise BasisForbidsLevel("a body of this level cannot act by this right", level=str(level), basis=str(basis))

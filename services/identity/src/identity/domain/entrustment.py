"""Powers that one body entrusts to another, and in whose name a body therefore acts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID, uuid4

from kernel.days import legal_day
from kernel.errors import Invalid, Precondition
from kernel.moves import Facts, Move

from identity.domain.events import OrgUnitChanged
from identity.domain.kept import KEEPER, Kept, PeriodReversed
from identity.domain.org import Basis, Counterpart, CounterpartKind, OrgUnit, PaymentAccount
from identity.domain.partner import PartnerClient


class Power(StrEnum):
    """What may be entrusted. Coercive measures may not, so they have no word here. Law: AEL 17(1)."""

    INSPECTION = "INSPECTION"
    RECTIFICATION_ORDER = "RECTIFICATION_ORDER"
    PENALTY = "PENALTY"


class State(StrEnum):
    IN_FORCE = "IN_FORCE"
    ENDED = "ENDED"


class CoercivePowerEntrusted(Invalid):
    """Coercive measures are never entrusted. Law: AEL 17(1)."""


class EntrustmentIncomplete(Invalid):
    """An entrustment is written, says matter, power and term, rests on a law, and is published. Law: APL 20."""


class SubEntrustment(Precondition):
    """Who acts by entrustment entrusts nobody. Law: APL 20(4)."""


class GranteeActsByOwnRight(Precondition):
    """The body does not act by entrustment."""


class EntrustmentMissing(Precondition):
    """The body acts by entrustment, and on that day none is in force."""


class BodyDoesNotAct(Precondition):
    """The body does not exist on that day."""


@dataclass(eq=False)
class Entrustment(Kept):
    MACHINE = "entrustment"

    grantor_id: UUID
    grantee_id: UUID
    org_path: str
    matter: str
    powers: list[str]
    basis: str
    published_in: str
    published_on: date
    valid_from_on: date
    valid_to_on: date
    verified: bool = True
    id: UUID = field(default_factory=uuid4)
    state: State | None = None
    version: int = 1

    @classmethod
    def entrust(
        cls,
        grantor: OrgUnit,
        grantee: OrgUnit,
        *,
        matter: str,
        powers: Sequence[str],
        basis: str,
        published_in: str,
        published_on: date | None,
        valid_from_on: date | None,
        valid_to_on: date | None,
        facts: Facts,
        verified: bool = True,
    ) -> tuple["Entrustment", OrgUnitChanged]:
        """Law: APL 20, 21. Raises: EntrustmentIncomplete, SubEntrustment, GranteeActsByOwnRight, PeriodReversed, CoercivePowerEntrusted."""
        given = {"matter": matter.strip(), "powers": powers, "basis": basis.strip(), "published_in": published_in.strip()}
        dates = {"published_on": published_on, "valid_from_on": valid_from_on, "valid_to_on": valid_to_on}
        for name, value in {**given, **dates}.items():
            if not value:
                raise EntrustmentIncomplete(f"an entrustment without {name}", missing=name)
        assert published_on is not None and valid_from_on is not None and valid_to_on is not None
        for power in powers:
            if power not in frozenset(Power):
                raise CoercivePowerEntrusted("this power is never entrusted", power=power)
        if grantor.authority_basis is Basis.ENTRUSTED:
            raise SubEntrustment("who acts by entrustment entrusts nobody", grantor=str(grantor.id))
        if grantee.authority_basis is not Basis.ENTRUSTED:
            raise GranteeActsByOwnRight("the body does not act by entrustment", grantee=str(grantee.id), basis=str(grantee.authority_basis))
        if valid_to_on < valid_from_on:
            raise PeriodReversed("it ends before it begins", valid_from=valid_from_on, valid_to=valid_to_on)
        made = cls(
            grantor_id=grantor.id,
            grantee_id=grantee.id,
            org_path=grantor.path,
            matter=matter.strip(),
            powers=sorted(set(powers)),
            basis=basis.strip(),
            published_in=published_in.strip(),
            published_on=published_on,
            valid_from_on=valid_from_on,
            valid_to_on=valid_to_on,
            verified=verified,
        )
        made._begin("entrust", facts)
        return made, OrgUnitChanged(grantee.id, grantee.path, "entrust", facts.now)

    def end(self, *, on: date | None, reason: str, grantee: OrgUnit, facts: Facts) -> OrgUnitChanged:
        """Raises: PeriodReversed."""
        last = on or legal_day(facts.now)
        if last < self.valid_from_on or last > self.valid_to_on:
            raise PeriodReversed("it ends outside its term", valid_from=self.valid_from_on, valid_to=self.valid_to_on, given=last)
        self._move("end", facts, reason=reason)
        self.valid_to_on = last
        return OrgUnitChanged(grantee.id, grantee.path, "end_entrustment", facts.now)

    def holds(self, on: date) -> bool:
        """Published, and within its term. Law: APL 20(2)."""
        return self.published_on <= on and self.valid_from_on <= on <= self.valid_to_on

    MOVES = (
        Move("OE01", "entrust", {None}, State.IN_FORCE, by=KEEPER, law=("APL 20", "APL 21", "AEL 17")),
        Move("OE02", "end", {State.IN_FORCE}, State.ENDED, by=KEEPER, law=("APL 20",)),
    )


@dataclass(frozen=True)
class PartnerOfBody:
    """A client of the partner interface that works with the body."""

    client_id: str
    kind: str
    name: str


@dataclass(frozen=True)
class ActingBody:
    """A body as it acts on a day."""

    org: OrgUnit
    basis: Basis
    issuer: OrgUnit
    entrustment: Entrustment | None
    government: Counterpart | None
    superior: Counterpart | None
    police: Counterpart | None
    procuratorate: Counterpart | None
    court: Counterpart | None
    reconsideration_bodies: list[Counterpart]
    payment: PaymentAccount | None
    region_code: str
    partners: tuple[PartnerOfBody, ...] = ()


def acting_body(
    org: OrgUnit,
    entrustments: Iterable[Entrustment],
    grantors: Mapping[UUID, OrgUnit],
    on: date,
    partners: Iterable[PartnerClient] = (),
) -> ActingBody:
    """In whose name the body acts: its own, or the entrusting body's. Law: APL 20(3). Raises: EntrustmentMissing, BodyDoesNotAct."""
    entrustment: Entrustment | None = None
    issuer = org
    if org.authority_basis is Basis.ENTRUSTED:
        held = [known for known in entrustments if known.holds(on)]
        if not held:
            raise EntrustmentMissing("no entrustment is in force on that day", org=str(org.id), on=on)
        entrustment = max(held, key=lambda known: (known.valid_from_on, str(known.id)))
        issuer = grantors[entrustment.grantor_id]
    for body in (org, issuer):
        if not body.acts_on(on):
            raise BodyDoesNotAct("the body does not exist on that day", org=str(body.id), on=on)

    def one(kind: CounterpartKind) -> Counterpart | None:
        return next(iter(issuer.counterparts_on(kind, on)), None)

    return ActingBody(
        org=org,
        basis=org.authority_basis,
        issuer=issuer,
        entrustment=entrustment,
        government=one(CounterpartKind.GOVERNMENT),
        superior=one(CounterpartKind.SUPERIOR),
        police=one(CounterpartKind.POLICE),
        procuratorate=one(CounterpartKind.PROCURATORATE),
        court=one(CounterpartKind.COURT),
        reconsideration_bodies=issuer.counterparts_on(CounterpartKind.RECONSIDERATION, on),
        payment=issuer.payment,
        region_code=org.region_code or issuer.region_code,
        partners=tuple(
            PartnerOfBody(client.client_id, str(client.kind), client.name)
            for client in partners
            if client.active and client.org_path in (org.path, issuer.path)
        ),
    )

"""Officers and acting bodies as identity answers them, in the shape that the kernel's guards judge."""

from collections.abc import Sequence
from datetime import datetime

import grpc
from anzhi.identity.v1 import identity_pb2 as pb
from anzhi.identity.v1.identity_pb2_grpc import IdentityServiceStub
from kernel.guards import ActingBody, Certificate, Officer

from servicekit import wire

TIMEOUT = 2.0


def officer(answered: pb.Officer) -> Officer:
    return Officer(
        id=answered.id,
        name=answered.name,
        org_id=answered.org_id,
        org_path=answered.org_path,
        roles=frozenset(answered.roles),
        certificates=tuple(_certificate(certificate) for certificate in answered.certificates),
        legal_qualified=answered.legal_qualified,
        active=answered.active,
    )


def _certificate(answered: pb.OfficerCertificate) -> Certificate:
    valid_from = wire.day(answered.valid_from_on, "valid_from_on")
    valid_to = wire.day(answered.valid_to_on, "valid_to_on")
    if valid_from is None or valid_to is None:
        raise ValueError(f"certificate {answered.number} has no period")
    state = wire.word(pb.OfficerCertificate.State, answered.state)
    return Certificate.as_answered(answered.number, answered.categories, answered.region_codes, valid_from, valid_to, state)


def acting_body(answered: pb.ActingBody) -> ActingBody:
    """The body with the powers of its entrustment, as words of the contract; None: all of its field."""
    entrusted = answered.entrustment if answered.HasField("entrustment") else None
    return ActingBody(
        org_id=answered.org.id,
        basis=wire.word(pb.OrgUnit.Basis, answered.basis),
        region_codes=(answered.region_code or answered.org.region_code,),
        acts=frozenset(wire.word(pb.Entrustment.Power, power) for power in entrusted.powers) if entrusted else None,
        entrusted_from=wire.day(entrusted.valid_from_on, "valid_from_on") if entrusted else None,
        entrusted_to=wire.day(entrusted.valid_to_on, "valid_to_on") if entrusted else None,
    )


class Officers:
    """Identity behind the port of a service that needs officers with their certificates."""

    def __init__(self, identity: grpc.aio.Channel) -> None:
        self._stub = IdentityServiceStub(identity)

    async def officers(self, ids: Sequence[str], at: datetime | None = None) -> list[Officer]:
        """In the order of `ids`; unknown ones are left out. `at` unset: legal now."""
        if not ids:
            return []
        request = pb.GetOfficersRequest(ids=list(ids))
        if at is not None:
            request.at.FromDatetime(at)
        found = {answered.id: officer(answered) for answered in (await self._stub.GetOfficers(request, timeout=TIMEOUT)).officers}
        return [found[wanted] for wanted in ids if wanted in found]

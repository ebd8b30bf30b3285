"""Officers as identity answers them, in the shape that the kernel's guards judge."""

from collections.abc import Sequence
from datetime import datetime

import grpc
from anzhi.identity.v1 import identity_pb2 as pb
from anzhi.identity.v1.identity_pb2_grpc import IdentityServiceStub
from kernel.guards import Certificate, Officer

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

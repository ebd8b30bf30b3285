"""The gRPC servicer of partner clients: one statement per RPC."""

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import jwt
from anzhi.identity.v1 import partners_pb2 as pb
from anzhi.identity.v1.partners_pb2_grpc import PartnersServiceServicer
from kernel.moves import Facts
from servicekit import wire
from servicekit.calls import Calls

from identity.adapters import reading
from identity.adapters.assertions import ALGORITHMS, PartnerTokens
from identity.adapters.store import Store
from identity.application import partners as commands
from identity.application.queries import Seen
from identity.domain.partner import PartnerClient, PartnerKeysInvalid, check_keys


def keys_of(text: str) -> list[dict[str, Any]]:
    """The keys of a JSON Web Key Set. Raises: PartnerKeysInvalid."""
    try:
        given = json.loads(text)["keys"]
        kept = check_keys(given)
        for key in kept:
            jwt.PyJWK(key, algorithm=ALGORITHMS[key["kty"]])
    except PartnerKeysInvalid:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, jwt.PyJWTError) as error:
        raise PartnerKeysInvalid("a JSON Web Key Set of public keys is needed", kid="") from error
    return kept


def seen(client: PartnerClient) -> Seen:
    return Seen(client, jwks=json.dumps({"keys": client.keys}, separators=(",", ":")))


def _shown(command: Callable[..., Awaitable[PartnerClient]]) -> Callable[..., Awaitable[Seen]]:
    async def run(uow: Store, *, facts: Facts, **given: Any) -> Seen:
        return seen(await command(uow, facts=facts, **given))

    return run


class PartnersApi(PartnersServiceServicer):
    def __init__(self, calls: Calls, tokens: PartnerTokens) -> None:
        self.calls, self.tokens = calls, tokens

    async def RegisterPartner(self, request: pb.RegisterPartnerRequest, context: Any) -> pb.PartnerClient:
        return await self.calls.once(
            request,
            context,
            pb.PartnerClient,
            _shown(commands.register_partner),
            client_id=request.client_id,
            name=request.name,
            kind=wire.word(pb.PartnerClient.Kind, request.kind),
            region_code=request.region_code,
            org_id=wire.uuid(request.org_id, "org_id"),
            scopes=list(request.scopes),
            quota_per_minute=request.quota_per_minute,
            keys=keys_of(request.jwks),
        )

    async def AmendPartner(self, request: pb.AmendPartnerRequest, context: Any) -> pb.PartnerClient:
        scopes: Sequence[str] = list(request.scopes)
        return await self._change(
            request, context, commands.amend_partner, name=request.name, scopes=scopes, quota_per_minute=request.quota_per_minute
        )

    async def RotatePartnerKeys(self, request: pb.RotatePartnerKeysRequest, context: Any) -> pb.PartnerClient:
        return await self._change(request, context, commands.rotate_partner_keys, keys=keys_of(request.jwks), reason=request.reason)

    async def DisablePartner(self, request: pb.DisablePartnerRequest, context: Any) -> pb.PartnerClient:
        return await self._change(request, context, commands.disable_partner, reason=request.reason)

    async def EnablePartner(self, request: pb.EnablePartnerRequest, context: Any) -> pb.PartnerClient:
        return await self._change(request, context, commands.enable_partner, reason=request.reason)

    async def GetPartner(self, request: pb.GetPartnerRequest, context: Any) -> pb.PartnerClient:
        async def one(uow: Store, *, id: Any) -> Seen:
            return seen(await uow.partner(id))

        return await self.calls.read(request, context, pb.PartnerClient, one, id=wire.uuid(request.id))

    async def ListPartners(self, request: pb.ListPartnersRequest, context: Any) -> pb.ListPartnersResponse:
        async def some(uow: Store) -> dict[str, Any]:
            found, token = await reading.partners(uow, size=request.page_size, token=request.page_token)
            return {"partners": [seen(client) for client in found], "next_page_token": token}

        return await self.calls.read(request, context, pb.ListPartnersResponse, some)

    async def IssuePartnerToken(self, request: pb.IssuePartnerTokenRequest, context: Any) -> pb.PartnerToken:
        issued = await self.tokens.issue(
            request.grant_type, request.client_assertion_type, request.client_assertion, request.client_id, request.scope
        )
        return wire.write(pb.PartnerToken, issued)

    async def _change(self, request: Any, context: Any, command: Callable[..., Awaitable[PartnerClient]], **given: Any) -> pb.PartnerClient:
        return await self.calls.once(
            request, context, pb.PartnerClient, _shown(command), id=wire.uuid(request.id), version=request.version, **given
        )

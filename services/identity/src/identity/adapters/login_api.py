"""The gRPC servicer, first half: logins, the second factor, keys, and the legal clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from anzhi.identity.v1 import identity_pb2 as pb
from anzhi.identity.v1.identity_pb2_grpc import IdentityServiceServicer
from opentelemetry import metrics
from servicekit import auth, wire
from servicekit.auth import Unauthenticated
from servicekit.calls import Calls

from identity.adapters import reading
from identity.adapters.ageing import Ageing
from identity.adapters.keyring import Keyring
from identity.adapters.store import Store
from identity.application import commands, queries
from identity.application.login import Bearer, Logins
from identity.application.ports import Owners
from identity.domain.login import ChallengeEnded, CodeRefused, LoginPaused, LoginRefused, RefreshTokenInvalid, RefreshTokenReused

failures = metrics.get_meter("identity").create_counter(
    "anzhi.identity.login_failures", "{login}", "Logins, codes and refreshes that were refused, by reason"
)
CLIENT = "anzhi-client-address"


@contextmanager
def _answered() -> Iterator[None]:
    """Who could not show who he is gets 401, not 403."""
    try:
        yield
    except LoginPaused as refused:
        failures.add(1, {"reason": refused.reason})
        raise
    except (LoginRefused, CodeRefused, ChallengeEnded, RefreshTokenInvalid, RefreshTokenReused) as refused:
        failures.add(1, {"reason": refused.reason})
        raise Unauthenticated(refused.reason, refused.text) from refused


def client_of(context: Any) -> str:
    metadata = {key: value for key, value in context.invocation_metadata() or () if isinstance(value, str)}
    return metadata.get(CLIENT) or str(context.peer())


def bearer() -> Bearer | None:
    """The person whose access token came with the call."""
    caller = auth.current.get()
    if caller is None or not caller.user:
        return None
    return Bearer(wire.uuid(caller.person.id), str(caller.claims.get("sid", "")), tuple(caller.claims.get("amr", ())))


def _own() -> Bearer:
    found = bearer()
    if found is None:
        raise Unauthenticated("TOKEN_MISSING", "a token of a person is needed")
    return found


class LoginApi(IdentityServiceServicer):
    def __init__(self, calls: Calls, logins: Logins, keyring: Keyring, owners: Owners) -> None:
        self.calls, self.logins, self.keyring, self.owners = calls, logins, keyring, owners

    async def Login(self, request: pb.LoginRequest, context: Any) -> pb.LoginResponse:
        with _answered():
            return wire.write(pb.LoginResponse, await self.logins.login(request.username, request.password, client=client_of(context)))

    async def VerifySecondFactor(self, request: pb.VerifySecondFactorRequest, context: Any) -> pb.Tokens:
        with _answered():
            return wire.write(pb.Tokens, await self.logins.verify(request.challenge, request.code, client=client_of(context)))

    async def RefreshToken(self, request: pb.RefreshTokenRequest, context: Any) -> pb.Tokens:
        with _answered():
            return wire.write(pb.Tokens, await self.logins.refresh(request.refresh_token, request.attempt, client=client_of(context)))

    async def Logout(self, request: pb.LogoutRequest, context: Any) -> pb.LogoutResponse:
        await self.logins.logout(request.refresh_token, client=client_of(context))
        return pb.LogoutResponse()

    async def BeginTotp(self, request: pb.BeginTotpRequest, context: Any) -> pb.BeginTotpResponse:
        with _answered():
            return wire.write(pb.BeginTotpResponse, await self.logins.begin_totp(request.challenge, bearer()))

    async def ConfirmTotp(self, request: pb.ConfirmTotpRequest, context: Any) -> pb.ConfirmTotpResponse:
        with _answered():
            tokens = await self.logins.confirm_totp(request.challenge, bearer(), request.code, client=client_of(context))
        return wire.write(pb.ConfirmTotpResponse, {"tokens": tokens})

    async def GetJwks(self, request: pb.GetJwksRequest, context: Any) -> pb.GetJwksResponse:
        return pb.GetJwksResponse(jwks=await self.keyring.jwks())

    async def GetMe(self, request: pb.GetMeRequest, context: Any) -> pb.Me:
        own, caller = _own(), auth.current.get()
        assert caller is not None
        return await self.calls.read(
            request, context, pb.Me, queries.me, scope="/", user_id=own.user_id, permissions=sorted(caller.permissions), amr=own.amr
        )

    async def ChangePassword(self, request: pb.ChangePasswordRequest, context: Any) -> pb.ChangePasswordResponse:
        with _answered():
            await self.logins.change_password(_own(), request.current_password, request.new_password, client=client_of(context))
        return pb.ChangePasswordResponse()

    async def SetLegalNow(self, request: pb.SetLegalNowRequest, context: Any) -> pb.LegalNow:
        """The clock is set first; a service that is away answers UNAVAILABLE, and the same request sweeps again."""
        caller = auth.current.get()
        answer = await self.calls.once(
            request,
            context,
            pb.LegalNow,
            commands.set_legal_now,
            root=request.root,
            at=wire.instant(request.at),
            on=self.calls.sessions.clock.on,
            own_root=caller.root if caller else "",
        )
        await self.owners.sweep(answer.root, answer.offset_seconds, answer.at.ToDatetime(tzinfo=UTC))
        if self.calls.sessions.jobs is not None:
            await Ageing(self.calls.sessions)(answer.root)
        return answer

    async def GetLegalNow(self, request: pb.GetLegalNowRequest, context: Any) -> pb.LegalNow:
        caller, on = auth.current.get(), self.calls.sessions.clock.on
        root = request.root or (caller.root if caller else "")

        async def now(uow: Store) -> dict[str, Any]:
            offset = (await uow.clock(root) or 0) if on else 0
            return {"root": root, "offset_seconds": offset, "at": datetime.now(UTC) + timedelta(seconds=offset)}

        return await self.calls.read(request, context, pb.LegalNow, now)

    async def ListLogins(self, request: pb.ListLoginsRequest, context: Any) -> pb.ListLoginsResponse:
        user_id: UUID | None = wire.uuid_or_none(request.user_id, "user_id")
        return await self.calls.read(
            request, context, pb.ListLoginsResponse, reading.logins, user_id=user_id, size=request.page_size, token=request.page_token
        )

"""The gRPC servicer, second half: bodies, people, certificates, delegations. One statement per RPC."""

from collections.abc import Awaitable, Callable
from typing import Any

from anzhi.identity.v1 import identity_pb2 as pb
from anzhi.type.v1 import types_pb2
from kernel.days import legal_day
from kernel.money import Money
from kernel.moves import Facts
from servicekit import auth, wire

from identity.adapters import reading
from identity.adapters.login_api import LoginApi, client_of
from identity.adapters.passwords import new_password
from identity.adapters.store import Store
from identity.application import commands, queries
from identity.application.queries import Seen
from identity.domain.org import PaymentAccount


def _person(command: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Seen]]:
    """The command, with the roles of the day beside the person that it answers."""

    async def run(uow: Store, *, facts: Facts, **given: Any) -> Seen:
        return queries.user_on(await command(uow, facts=facts, **given), legal_day(facts.now))

    return run


def _certified(command: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Seen]]:
    """The command, with what the certificate comes to now."""

    async def run(uow: Store, *, facts: Facts, **given: Any) -> Seen:
        return queries.certificate_at(await command(uow, facts=facts, **given), facts.now)

    return run


def _target(request: Any) -> dict[str, Any]:
    return {"id": wire.uuid(request.id), "version": request.version}


def _term(request: Any) -> dict[str, Any]:
    return {"valid_from_on": wire.day(request.valid_from_on, "valid_from_on"), "valid_to_on": wire.day(request.valid_to_on, "valid_to_on")}


def _same(request: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(request, name) for name in names}


class IdentityApi(LoginApi):
    async def ListDivisions(self, request: pb.ListDivisionsRequest, context: Any) -> pb.ListDivisionsResponse:
        return await self.calls.read(request, context, pb.ListDivisionsResponse, reading.divisions, **_same(request, "parent_code", "q"))

    async def ListOrgUnits(self, request: pb.ListOrgUnitsRequest, context: Any) -> pb.ListOrgUnitsResponse:
        return await self.calls.read(
            request,
            context,
            pb.ListOrgUnitsResponse,
            reading.org_units,
            scope="/",
            parent_id=wire.uuid_or_none(request.parent_id, "parent_id"),
            size=request.page_size,
            token=request.page_token,
            **_same(request, "q", "region_code"),
        )

    async def GetOrgUnit(self, request: pb.GetOrgUnitRequest, context: Any) -> pb.OrgUnit:
        return await self.calls.read(request, context, pb.OrgUnit, reading.org_unit, scope="/", id=wire.uuid(request.id))

    async def CreateOrgUnit(self, request: pb.CreateOrgUnitRequest, context: Any) -> pb.OrgUnit:
        return await self.calls.once(
            request,
            context,
            pb.OrgUnit,
            commands.create_org_unit,
            parent_id=wire.uuid(request.parent_id, "parent_id"),
            level=wire.word(pb.OrgUnit.Level, request.level),
            authority_basis=wire.word(pb.OrgUnit.Basis, request.authority_basis),
            valid_from_on=wire.day(request.valid_from_on, "valid_from_on"),
            **_same(request, "slug", "name", "region_code", "uscc", "doc_abbr", "address", "postcode", "phone"),
        )

    async def AmendOrgUnit(self, request: pb.AmendOrgUnitRequest, context: Any) -> pb.OrgUnit:
        given = request.payment
        return await self.calls.once(
            request,
            context,
            pb.OrgUnit,
            commands.amend_org_unit,
            payment=PaymentAccount(given.bank, given.account, given.account_name) if request.HasField("payment") else None,
            **_target(request),
            **_same(request, "name", "uscc", "doc_abbr", "address", "postcode", "phone", "seal_name", "min_attendees"),
        )

    async def CloseOrgUnit(self, request: pb.CloseOrgUnitRequest, context: Any) -> pb.OrgUnit:
        last = wire.day(request.valid_to_on, "valid_to_on")
        return await self.calls.once(
            request, context, pb.OrgUnit, commands.close_org_unit, valid_to_on=last, reason=request.reason, **_target(request)
        )

    async def SetCounterpart(self, request: pb.SetCounterpartRequest, context: Any) -> pb.OrgUnit:
        return await self.calls.once(
            request,
            context,
            pb.OrgUnit,
            commands.set_counterpart,
            kind=wire.word(pb.Counterpart.Kind, request.kind),
            **_target(request),
            **_term(request),
            **_same(request, "name", "address", "org_id"),
        )

    async def GetActingBody(self, request: pb.GetActingBodyRequest, context: Any) -> pb.ActingBody:
        org_id, on = wire.uuid(request.org_id, "org_id"), wire.day(request.on)
        return await self.calls.read(request, context, pb.ActingBody, queries.body, scope="/", org_id=org_id, on=on)

    async def Entrust(self, request: pb.EntrustRequest, context: Any) -> pb.Entrustment:
        return await self.calls.once(
            request,
            context,
            pb.Entrustment,
            commands.entrust,
            grantor_id=wire.uuid(request.grantor_id, "grantor_id"),
            grantee_id=wire.uuid(request.grantee_id, "grantee_id"),
            powers=[wire.word(pb.Entrustment.Power, power) for power in request.powers],
            published_on=wire.day(request.published_on, "published_on"),
            **_term(request),
            **_same(request, "matter", "basis", "published_in"),
        )

    async def EndEntrustment(self, request: pb.EndEntrustmentRequest, context: Any) -> pb.Entrustment:
        last = wire.day(request.valid_to_on, "valid_to_on")
        return await self.calls.once(
            request, context, pb.Entrustment, commands.end_entrustment, on=last, reason=request.reason, **_target(request)
        )

    async def ListEntrustments(self, request: pb.ListEntrustmentsRequest, context: Any) -> pb.ListEntrustmentsResponse:
        org_id = wire.uuid(request.org_id, "org_id")
        return await self.calls.read(request, context, pb.ListEntrustmentsResponse, reading.entrustments, scope="/", org_id=org_id)

    async def ListUsers(self, request: pb.ListUsersRequest, context: Any) -> pb.ListUsersResponse:
        return await self.calls.read(
            request,
            context,
            pb.ListUsersResponse,
            reading.users,
            org_id=wire.uuid_or_none(request.org_id, "org_id"),
            size=request.page_size,
            token=request.page_token,
            **_same(request, "role", "q"),
        )

    async def GetUser(self, request: pb.GetUserRequest, context: Any) -> pb.User:
        return await self.calls.read(request, context, pb.User, queries.user, id=wire.uuid(request.id))

    async def CreateUser(self, request: pb.CreateUserRequest, context: Any) -> pb.User:
        return await self.calls.once(
            request,
            context,
            pb.User,
            _person(commands.create_user),
            org_id=wire.uuid(request.org_id, "org_id"),
            **_same(request, "username", "name", "post", "phone", "legal_qualification", "second_factor_required"),
        )

    async def AmendUser(self, request: pb.AmendUserRequest, context: Any) -> pb.User:
        given = _same(request, "name", "post", "phone", "legal_qualification", "second_factor_required")
        return await self.calls.once(request, context, pb.User, _person(commands.amend_user), **_target(request), **given)

    async def DisableUser(self, request: pb.DisableUserRequest, context: Any) -> pb.User:
        command = _person(commands.disable_user)
        return await self._ending_sessions(
            request.id, await self.calls.once(request, context, pb.User, command, reason=request.reason, **_target(request))
        )

    async def EnableUser(self, request: pb.EnableUserRequest, context: Any) -> pb.User:
        command = _person(commands.enable_user)
        return await self.calls.once(request, context, pb.User, command, reason=request.reason, **_target(request))

    async def ResetPassword(self, request: pb.ResetPasswordRequest, context: Any) -> pb.ResetPasswordResponse:
        """Without request_id: the answer is stored nowhere. Sent twice, the second password counts."""
        id, caller = wire.uuid(request.id), auth.current.get()
        assert caller is not None
        await self.calls.read(request, context, pb.User, queries.user, id=id)
        password = new_password()
        await self.logins.reset_password(id, password, by=caller.person.id, client=client_of(context))
        return pb.ResetPasswordResponse(password=password)

    async def ResetSecondFactor(self, request: pb.ResetSecondFactorRequest, context: Any) -> pb.User:
        command = _person(commands.reset_second_factor)
        return await self._ending_sessions(
            request.id, await self.calls.once(request, context, pb.User, command, reason=request.reason, **_target(request))
        )

    async def GrantRole(self, request: pb.GrantRoleRequest, context: Any) -> pb.User:
        command = _person(commands.grant_role)
        return await self.calls.once(request, context, pb.User, command, role=request.role, **_target(request), **_term(request))

    async def WithdrawRole(self, request: pb.WithdrawRoleRequest, context: Any) -> pb.User:
        command = _person(commands.withdraw_role)
        return await self.calls.once(request, context, pb.User, command, **_target(request), **_same(request, "role", "reason"))

    async def ListRoles(self, request: pb.ListRolesRequest, context: Any) -> pb.ListRolesResponse:
        return await self.calls.read(request, context, pb.ListRolesResponse, reading.roles)

    async def GetOfficers(self, request: pb.GetOfficersRequest, context: Any) -> pb.GetOfficersResponse:
        ids, at = wire.uuids(request.ids), wire.instant(request.at)
        return await self.calls.read(request, context, pb.GetOfficersResponse, queries.officers, scope="/", ids=ids, at=at)

    async def IssueCertificate(self, request: pb.IssueCertificateRequest, context: Any) -> pb.OfficerCertificate:
        return await self.calls.once(
            request,
            context,
            pb.OfficerCertificate,
            _certified(commands.issue_certificate),
            user_id=wire.uuid(request.user_id, "user_id"),
            categories=list(request.categories),
            region_codes=list(request.region_codes),
            **_term(request),
            **_same(request, "number", "issuer"),
        )

    async def SuspendCertificate(self, request: pb.SuspendCertificateRequest, context: Any) -> pb.OfficerCertificate:
        return await self._certificate(request, context, commands.suspend_certificate)

    async def ResumeCertificate(self, request: pb.ResumeCertificateRequest, context: Any) -> pb.OfficerCertificate:
        return await self._certificate(request, context, commands.resume_certificate)

    async def RevokeCertificate(self, request: pb.RevokeCertificateRequest, context: Any) -> pb.OfficerCertificate:
        return await self._certificate(request, context, commands.revoke_certificate)

    async def RenewCertificate(self, request: pb.RenewCertificateRequest, context: Any) -> pb.OfficerCertificate:
        given = {**_target(request), **_term(request), "number": request.number}
        return await self.calls.once(request, context, pb.OfficerCertificate, _certified(commands.renew_certificate), **given)

    async def ListCertificates(self, request: pb.ListCertificatesRequest, context: Any) -> pb.ListCertificatesResponse:
        return await self.calls.read(
            request,
            context,
            pb.ListCertificatesResponse,
            reading.certificates,
            user_id=wire.uuid_or_none(request.user_id, "user_id"),
            size=request.page_size,
            token=request.page_token,
        )

    async def Delegate(self, request: pb.DelegateRequest, context: Any) -> pb.Delegation:
        return await self.calls.once(
            request,
            context,
            pb.Delegation,
            commands.delegate,
            deputy_id=wire.uuid(request.deputy_id, "deputy_id"),
            act=request.act,
            max_amount=Money(request.max_amount.fen) if request.HasField("max_amount") else None,
            **_term(request),
        )

    async def EndDelegation(self, request: pb.EndDelegationRequest, context: Any) -> pb.Delegation:
        return await self.calls.once(request, context, pb.Delegation, commands.end_delegation, reason=request.reason, **_target(request))

    async def ListDelegations(self, request: pb.ListDelegationsRequest, context: Any) -> pb.ListDelegationsResponse:
        org_id = wire.uuid_or_none(request.org_id, "org_id")
        return await self.calls.read(request, context, pb.ListDelegationsResponse, reading.delegations, org_id=org_id)

    async def ListMoves(self, request: types_pb2.ListMovesRequest, context: Any) -> types_pb2.ListMovesResponse:
        return await self.calls.moves(request, context, reading.anything, id=wire.uuid(request.id))

    async def ListHistory(self, request: types_pb2.ListHistoryRequest, context: Any) -> types_pb2.ListHistoryResponse:
        return await self.calls.history(request, context, reading.anything, id=wire.uuid(request.id))

    async def _certificate(self, request: Any, context: Any, command: Callable[..., Awaitable[Any]]) -> pb.OfficerCertificate:
        given = {**_target(request), "reason": request.reason}
        return await self.calls.once(request, context, pb.OfficerCertificate, _certified(command), **given)

    async def _ending_sessions(self, id: str, answer: pb.User) -> pb.User:
        await self.logins.sessions.end_all(wire.uuid(id))
        return answer

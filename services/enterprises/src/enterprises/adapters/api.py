"""The gRPC servicer: one statement per RPC."""

from typing import Any

from anzhi.enterprises.v1 import enterprises_pb2 as pb
from anzhi.enterprises.v1.enterprises_pb2_grpc import EnterprisesServiceServicer
from servicekit import wire
from servicekit.calls import Calls

from enterprises.application import commands, queries
from enterprises.domain.certificate import Status
from enterprises.domain.enterprise import ScopeLine


class EnterprisesApi(EnterprisesServiceServicer):
    def __init__(self, calls: Calls) -> None:
        self.calls = calls

    async def RegisterEnterprise(self, request: pb.RegisterEnterpriseRequest, context: Any) -> pb.Enterprise:
        return await self.calls.once(
            request,
            context,
            pb.Enterprise,
            commands.register,
            code=request.code,
            name=request.name,
            region_code=request.region_code,
            address=request.address,
            legal_representative=request.legal_representative,
            phone=request.phone,
            industry_code=request.industry_code,
            grade=request.grade,
            confirm_code=request.confirm_code,
            org_path=request.org_path,
        )

    async def AmendEnterprise(self, request: pb.AmendEnterpriseRequest, context: Any) -> pb.Enterprise:
        return await self.calls.once(
            request,
            context,
            pb.Enterprise,
            commands.amend,
            enterprise_id=wire.uuid(request.id),
            version=request.version,
            name=request.name,
            address=request.address,
            legal_representative=request.legal_representative,
            phone=request.phone,
            industry_code=request.industry_code,
            grade=request.grade,
        )

    async def CeaseEnterprise(self, request: pb.CeaseEnterpriseRequest, context: Any) -> pb.Enterprise:
        return await self.calls.once(
            request,
            context,
            pb.Enterprise,
            commands.cease,
            enterprise_id=wire.uuid(request.id),
            version=request.version,
            reason=request.reason,
        )

    async def GetEnterprise(self, request: pb.GetEnterpriseRequest, context: Any) -> pb.Enterprise:
        return await self.calls.read(request, context, pb.Enterprise, queries.enterprise, enterprise_id=wire.uuid(request.id))

    async def SearchEnterprises(self, request: pb.SearchEnterprisesRequest, context: Any) -> pb.SearchEnterprisesResponse:
        return await self.calls.read(
            request,
            context,
            pb.SearchEnterprisesResponse,
            queries.search,
            q=request.q,
            region_code=request.region_code,
            page_size=request.page_size,
            page_token=request.page_token,
        )

    async def AddLicence(self, request: pb.AddLicenceRequest, context: Any) -> pb.Licence:
        return await self.calls.once(
            request,
            context,
            pb.Licence,
            commands.add_licence,
            enterprise_id=wire.uuid(request.enterprise_id),
            kind=request.kind,
            number=request.number,
            issuer=request.issuer,
            covers=list(request.scope),
            valid_from_on=wire.needed_day(request.valid_from_on, "valid_from_on"),
            valid_to_on=wire.needed_day(request.valid_to_on, "valid_to_on"),
            lines=[ScopeLine(line.name, line.cas, tuple(line.aliases)) for line in request.lines],
        )

    async def ListLicences(self, request: pb.ListLicencesRequest, context: Any) -> pb.ListLicencesResponse:
        return await self.calls.read(
            request,
            context,
            pb.ListLicencesResponse,
            queries.licences,
            enterprise_id=wire.uuid(request.enterprise_id),
            on=wire.day(request.on),
        )

    async def RegisterCertificate(self, request: pb.RegisterCertificateRequest, context: Any) -> pb.Certificate:
        return await self.calls.once(
            request,
            context,
            pb.Certificate,
            commands.register_certificate,
            number=request.number,
            holder_name=request.holder_name,
            holder_id_number=request.holder_id_number,
            item=request.item,
            valid_from_on=wire.needed_day(request.valid_from_on, "valid_from_on"),
            valid_to_on=wire.needed_day(request.valid_to_on, "valid_to_on"),
            review_due_on=wire.needed_day(request.review_due_on, "review_due_on"),
            issuer=request.issuer,
        )

    async def EndCertificate(self, request: pb.EndCertificateRequest, context: Any) -> pb.Certificate:
        return await self.calls.once(
            request,
            context,
            pb.Certificate,
            commands.end_certificate,
            certificate_id=wire.uuid(request.id),
            version=request.version,
            status=Status(wire.needed(wire.word(pb.Certificate.Status, request.status), "status")),
            reason=request.reason,
        )

    async def FindSpecialOperationCertificates(
        self, request: pb.FindSpecialOperationCertificatesRequest, context: Any
    ) -> pb.FindSpecialOperationCertificatesResponse:
        return await self.calls.read(
            request,
            context,
            pb.FindSpecialOperationCertificatesResponse,
            queries.certificates,
            holder_id_number=request.holder_id_number,
            holder_name=request.holder_name,
            item=request.item,
            on=wire.day(request.on),
        )

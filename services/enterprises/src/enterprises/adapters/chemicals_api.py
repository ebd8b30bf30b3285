"""The gRPC servicer of the catalogue: one statement per RPC."""

from typing import Any

from anzhi.enterprises.v1 import chemicals_pb2 as pb
from anzhi.enterprises.v1.chemicals_pb2_grpc import ChemicalsServiceServicer
from servicekit import wire
from servicekit.calls import Calls

from enterprises.application import chemicals
from enterprises.domain.chemicals import Chemical, plain_cas
from enterprises.domain.scope import Part, Product


class ChemicalsApi(ChemicalsServiceServicer):
    def __init__(self, calls: Calls) -> None:
        self.calls = calls

    async def CheckLicenceScope(self, request: pb.CheckLicenceScopeRequest, context: Any) -> pb.CheckLicenceScopeResponse:
        return await self.calls.read(
            request,
            context,
            pb.CheckLicenceScopeResponse,
            chemicals.check_licence_scope,
            enterprise_id=wire.uuid(request.enterprise_id, "enterprise_id"),
            on=wire.day(request.on),
            products=[_product(product) for product in request.products],
        )

    async def ImportChemicals(self, request: pb.ImportChemicalsRequest, context: Any) -> pb.ChemicalCatalogue:
        return await self.calls.once(
            request,
            context,
            pb.ChemicalCatalogue,
            chemicals.import_chemicals,
            source=request.source,
            valid_from_on=wire.needed_day(request.valid_from_on, "valid_from_on"),
            complete=request.complete,
            verified=request.verified,
            chemicals=[_chemical(row) for row in request.chemicals],
        )

    async def ListChemicals(self, request: pb.ListChemicalsRequest, context: Any) -> pb.ListChemicalsResponse:
        return await self.calls.read(
            request,
            context,
            pb.ListChemicalsResponse,
            chemicals.list_chemicals,
            q=request.q,
            on=wire.day(request.on),
            page_size=request.page_size,
            page_token=request.page_token,
        )


def _product(message: pb.Product) -> Product:
    return Product(message.name, message.cas, tuple(Part(part.name, part.cas, part.percent) for part in message.mixture))


def _chemical(message: pb.Chemical) -> Chemical:
    return Chemical(
        row=0,
        name=message.name.strip(),
        aliases=tuple(alias.strip() for alias in message.aliases if alias.strip()),
        english=message.english,
        cas=plain_cas(message.cas),
        un=message.un,
        hazard_class=message.hazard_class,
        hazardous=message.hazardous,
        verified=message.verified,
    )

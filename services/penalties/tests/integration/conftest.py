import pytest_asyncio
from anzhi.documents.v1.documents_pb2_grpc import add_DocumentsServiceServicer_to_server
from anzhi.enterprises.v1.enterprises_pb2_grpc import add_EnterprisesServiceServicer_to_server
from anzhi.evidence.v1.evidence_pb2_grpc import add_EvidenceServiceServicer_to_server
from anzhi.identity.v1.identity_pb2_grpc import add_IdentityServiceServicer_to_server
from anzhi.inspections.v1.inspections_pb2_grpc import add_InspectionsServiceServicer_to_server
from anzhi.lawbook.v1.lawbook_pb2_grpc import add_LawbookServiceServicer_to_server
from penalties.app import Settings, build
from testkit.world import serving

from .town import Town
from .walk import Walk

ADDERS = (
    add_DocumentsServiceServicer_to_server,
    add_EnterprisesServiceServicer_to_server,
    add_EvidenceServiceServicer_to_server,
    add_IdentityServiceServicer_to_server,
    add_InspectionsServiceServicer_to_server,
    add_LawbookServiceServicer_to_server,
)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def town():
    return Town()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def penalties(world, town):
    async with serving(*((add, town) for add in ADDERS)) as target:
        others = dict.fromkeys(("identity", "lawbook", "enterprises", "inspections", "evidence", "documents"), target)
        async with world.running("penalties", Settings, build, **others) as run:
            yield run


@pytest_asyncio.fixture
async def walk(penalties, world, town):
    town.expired.clear()
    town.mismatches.clear()
    return Walk(penalties, world, town)

import pytest_asyncio
from anzhi.documents.v1.documents_pb2_grpc import add_DocumentsServiceServicer_to_server
from anzhi.enterprises.v1.enterprises_pb2_grpc import add_EnterprisesServiceServicer_to_server
from anzhi.evidence.v1.evidence_pb2_grpc import add_EvidenceServiceServicer_to_server
from anzhi.identity.v1.identity_pb2_grpc import add_IdentityServiceServicer_to_server
from anzhi.lawbook.v1.lawbook_pb2_grpc import add_LawbookServiceServicer_to_server
from inspections.app import Settings, build
from testkit.world import serving

from .story import Story
from .town import Town

ADDERS = (
    add_DocumentsServiceServicer_to_server,
    add_EnterprisesServiceServicer_to_server,
    add_EvidenceServiceServicer_to_server,
    add_IdentityServiceServicer_to_server,
    add_LawbookServiceServicer_to_server,
)

ASKED = ("identity", "enterprises", "lawbook", "documents", "evidence")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def town():
    return Town()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def inspections(world, town):
    async with (
        serving(*((adder, town) for adder in ADDERS)) as target,
        world.running("inspections", Settings, build, **dict.fromkeys(ASKED, target)) as run,
    ):
        yield run


@pytest_asyncio.fixture
async def story(inspections, world, town):
    return await Story.begun(inspections, world, town)

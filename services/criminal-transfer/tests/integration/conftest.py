import pytest_asyncio
from anzhi.documents.v1.documents_pb2_grpc import add_DocumentsServiceServicer_to_server
from anzhi.evidence.v1.evidence_pb2_grpc import add_EvidenceServiceServicer_to_server
from anzhi.evidence.v1.packs_pb2_grpc import add_PacksServiceServicer_to_server
from anzhi.identity.v1.identity_pb2_grpc import add_IdentityServiceServicer_to_server
from anzhi.inspections.v1.inspections_pb2_grpc import add_InspectionsServiceServicer_to_server
from anzhi.inspections.v1.measures_pb2_grpc import add_MeasuresServiceServicer_to_server
from anzhi.penalties.v1.penalties_pb2_grpc import add_PenaltiesServiceServicer_to_server
from criminal_transfer.app import Settings, build
from testkit.world import serving

from .town import Town
from .walk import Walk

ADDERS = (
    add_DocumentsServiceServicer_to_server,
    add_EvidenceServiceServicer_to_server,
    add_PacksServiceServicer_to_server,
    add_IdentityServiceServicer_to_server,
    add_InspectionsServiceServicer_to_server,
    add_MeasuresServiceServicer_to_server,
    add_PenaltiesServiceServicer_to_server,
)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world(world):
    """Apart: cases and documents of other services under test are none of ours."""
    async with world.apart("criminal") as made:
        yield made


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def town():
    return Town()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def transfers(world, town):
    async with serving(*((add, town) for add in ADDERS)) as target:
        others = dict.fromkeys(("identity", "inspections", "evidence", "documents", "penalties"), target)
        own = {
            "environment": "development",
            "webhook_key": "a key for tests and nothing else, long enough",
            "webhook_timeout_seconds": 1.0,
            "webhook_pauses": (1, 1),
        }
        async with world.running("criminal-transfer", Settings, build, **own, **others) as run:
            yield run


@pytest_asyncio.fixture
async def walk(transfers, world, town):
    return Walk(transfers, world, town)

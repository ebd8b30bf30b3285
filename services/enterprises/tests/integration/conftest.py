import pytest_asyncio
from enterprises.app import Settings, build


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def enterprises(world):
    async with world.running("enterprises", Settings, build) as run:
        yield run

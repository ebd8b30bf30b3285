import pytest_asyncio
from lawbook.app import Settings, build


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def lawbook(world):
    async with world.running("lawbook", Settings, build) as run:
        yield run

import pytest_asyncio
from lawbook.app import Settings, build


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world(world):
    """Apart: what is published here changes deadlines, and services of other tests would hear it."""
    async with world.apart("law") as made:
        yield made


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def lawbook(world):
    async with world.running("lawbook", Settings, build) as run:
        yield run

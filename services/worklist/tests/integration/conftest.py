from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import pytest_asyncio
from servicekit.app import load_reference
from sqlalchemy import event
from worklist.app import Settings, build


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world(world):
    """Apart: the words of all other services under test would come before those of a test here."""
    async with world.apart("worklist") as made:
        yield made


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def worklist(world):
    async with world.running("worklist", Settings, build) as run:
        await load_reference(run.service)
        yield run


@pytest.fixture
def counted(worklist):
    @contextmanager
    def counting(*, jobs: bool = False) -> Iterator[list[str]]:
        """Every statement of a role, but for those of the transaction itself."""
        engine = worklist.service.sessions.engine(jobs=jobs).sync_engine
        seen: list[str] = []

        def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return counting

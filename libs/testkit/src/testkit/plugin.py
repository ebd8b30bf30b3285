"""The pytest plugin: closed sockets for unit tests, and the fixture `world` for the rest."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
import pytest_socket

# Every run of pytest loads this module: what a unit test does not need is imported where it is used.
if TYPE_CHECKING:
    from embedded.backing import Addresses

    from testkit.world import World


def _is_unit(item: pytest.Item) -> bool:
    return "unit" in item.path.parent.parts


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Unit tests know no network."""
    if _is_unit(item):
        pytest_socket.disable_socket(allow_unix_socket=True)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    if _is_unit(item):
        pytest_socket.enable_socket()


def _worker() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "main")  # noqa: TID251 - told by xdist in this way alone


@pytest.fixture(scope="session")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Addresses"]:
    """Addresses of PostgreSQL, Kafka, Redis and S3."""
    from testkit.parts import WORKERS, shared_parts, with_redis

    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if _worker() != "main" else folder
    number = int(_worker().removeprefix("gw")) if _worker() != "main" else 0
    with shared_parts(Path(folder) / "parts") as addresses:
        yield with_redis(addresses, number % WORKERS)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world(parts: "Addresses", tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator["World"]:
    from testkit.world import World, collect_spans, new_prefix

    spans = collect_spans()
    made = World(parts, new_prefix(_worker()), tmp_path_factory.mktemp("world"), spans)
    yield made
    await made.close()

"""Compiles the toy's contract and runs the toy."""

import sys
import tempfile
from pathlib import Path

import grpc_tools
import pytest_asyncio
from grpc_tools import protoc

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
_generated = tempfile.TemporaryDirectory(prefix="toy-")


def _compile() -> None:
    out = _generated.name
    includes = [HERE, ROOT / "protos", Path(grpc_tools.__file__).parent / "_proto"]
    words = ["protoc", *(f"-I{place}" for place in includes), f"--python_out={out}", f"--grpc_python_out={out}", "toy/v1/toy.proto"]
    assert protoc.main(words) == 0
    sys.path.insert(0, str(HERE))
    import toy

    toy.__path__.append(f"{out}/toy")


_compile()


def pytest_unconfigure() -> None:
    _generated.cleanup()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def toy(world):
    from servicekit.settings import ServiceSettings
    from toy.app import build

    async with world.running("toy", ServiceSettings, build) as run:
        yield run

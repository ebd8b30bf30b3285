"""Wires worklist together. Read this file first."""

from contextlib import AsyncExitStack

from anzhi.worklist.v1.worklist_pb2_grpc import add_WorklistServiceServicer_to_server
from servicekit.app import Service, cli
from servicekit.calls import Calls
from servicekit.db import database
from servicekit.settings import ServiceSettings

from worklist.adapters.api import WorklistApi
from worklist.adapters.consumers import told
from worklist.adapters.reference import load_reference
from worklist.adapters.store import Store
from worklist.adapters.sweep import Sweep
from worklist.adapters.tables import metadata
from worklist.adapters.words import Catalogue


class Settings(ServiceSettings):
    """Nothing beyond what every service needs."""


async def build(settings: Settings, stack: AsyncExitStack) -> Service:
    sessions = await stack.enter_async_context(database(settings))
    return Service(
        name="worklist",
        metadata=metadata,
        sessions=sessions,
        store=Store,
        grpc=[(add_WorklistServiceServicer_to_server, WorklistApi(Calls(sessions, Store), Catalogue()))],
        projects=told(),
        sweeps=[Sweep(sessions)],
        reference=load_reference,
    )


main = cli("worklist", Settings, build, metadata)

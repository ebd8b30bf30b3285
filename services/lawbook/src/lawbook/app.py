"""Wires the lawbook together. Read this file first."""

from contextlib import AsyncExitStack

from anzhi.lawbook.v1.calendar_pb2_grpc import add_CalendarServiceServicer_to_server
from anzhi.lawbook.v1.lawbook_pb2_grpc import add_LawbookServiceServicer_to_server
from servicekit.app import Service, cli
from servicekit.calls import Calls
from servicekit.db import database
from servicekit.settings import ServiceSettings

from lawbook.adapters.api import LawbookApi
from lawbook.adapters.calendar_api import CalendarApi
from lawbook.adapters.reference import load_reference
from lawbook.adapters.store import Store
from lawbook.adapters.tables import metadata


class Settings(ServiceSettings):
    """Nothing beyond what every service needs."""


async def build(settings: Settings, stack: AsyncExitStack) -> Service:
    sessions = await stack.enter_async_context(database(settings))
    calls = Calls(sessions, Store)
    return Service(
        name="lawbook",
        metadata=metadata,
        sessions=sessions,
        store=Store,
        grpc=[
            (add_LawbookServiceServicer_to_server, LawbookApi(calls)),
            (add_CalendarServiceServicer_to_server, CalendarApi(calls)),
        ],
        reference=load_reference,
    )


main = cli("lawbook", Settings, build, metadata)

"""Wires penalties together. Read this file first."""

from contextlib import AsyncExitStack

from anzhi.documents.v1.documents_pb2_grpc import add_DocumentOwnerServiceServicer_to_server
from anzhi.penalties.v1.endings_pb2_grpc import add_EndingsServiceServicer_to_server
from anzhi.penalties.v1.execution_pb2_grpc import add_ExecutionServiceServicer_to_server
from anzhi.penalties.v1.hearings_pb2_grpc import add_HearingsServiceServicer_to_server
from anzhi.penalties.v1.penalties_pb2_grpc import add_PenaltiesServiceServicer_to_server
from anzhi.penalties.v1.remedies_pb2_grpc import add_RemediesServiceServicer_to_server
from anzhi.penalties.v1.simple_pb2_grpc import add_SimpleServiceServicer_to_server
from servicekit.app import Service, cli
from servicekit.calls import Calls
from servicekit.db import database
from servicekit.grpc import channel
from servicekit.settings import ServiceSettings, Target

from penalties.adapters import consumers
from penalties.adapters.api import PenaltiesApi
from penalties.adapters.clients import DocumentsClient, EnterprisesClient, EvidenceClient, IdentityClient, InspectionsClient
from penalties.adapters.endings_api import EndingsApi
from penalties.adapters.execution_api import ExecutionApi
from penalties.adapters.hearing_api import HearingsApi
from penalties.adapters.lawbook import LawbookClient
from penalties.adapters.mapping import metadata
from penalties.adapters.owner import DocumentOwnerApi
from penalties.adapters.remedy_api import RemediesApi
from penalties.adapters.simple_api import SimpleApi
from penalties.adapters.store import Store
from penalties.application.ports import Ports


class Settings(ServiceSettings):
    identity: Target
    lawbook: Target
    enterprises: Target
    inspections: Target
    evidence: Target
    documents: Target


async def build(settings: Settings, stack: AsyncExitStack) -> Service:
    sessions = await stack.enter_async_context(database(settings))
    ports = Ports(
        identity=IdentityClient(await stack.enter_async_context(channel(settings, settings.identity))),
        lawbook=LawbookClient(await stack.enter_async_context(channel(settings, settings.lawbook))),
        evidence=EvidenceClient(await stack.enter_async_context(channel(settings, settings.evidence))),
        documents=DocumentsClient(await stack.enter_async_context(channel(settings, settings.documents))),
        enterprises=EnterprisesClient(await stack.enter_async_context(channel(settings, settings.enterprises))),
        inspections=InspectionsClient(await stack.enter_async_context(channel(settings, settings.inspections))),
    )
    calls = Calls(sessions, Store)
    return Service(
        name="penalties",
        metadata=metadata,
        sessions=sessions,
        store=Store,
        grpc=[
            (add_PenaltiesServiceServicer_to_server, PenaltiesApi(calls, ports)),
            (add_HearingsServiceServicer_to_server, HearingsApi(calls, ports)),
            (add_SimpleServiceServicer_to_server, SimpleApi(calls, ports)),
            (add_EndingsServiceServicer_to_server, EndingsApi(calls, ports)),
            (add_ExecutionServiceServicer_to_server, ExecutionApi(calls, ports)),
            (add_RemediesServiceServicer_to_server, RemediesApi(calls, ports)),
            (add_DocumentOwnerServiceServicer_to_server, DocumentOwnerApi(calls, ports)),
        ],
        consumes=consumers.heard(ports),
        ticks=consumers.SWEPT,
    )


main = cli("penalties", Settings, build, metadata)

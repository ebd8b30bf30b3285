"""Wires evidence together. Read this file first."""

from contextlib import AsyncExitStack

import grpc
from anzhi.evidence.v1.evidence_pb2_grpc import add_EvidenceServiceServicer_to_server
from anzhi.penalties.v1.events_pb2 import CaseArchived, CaseReported
from servicekit.app import Service, cli
from servicekit.calls import Calls
from servicekit.db import database
from servicekit.grpc import channel
from servicekit.officers import Officers
from servicekit.settings import ObjectSettings, Target

from evidence.adapters import consumers
from evidence.adapters.api import EvidenceApi
from evidence.adapters.clients import OwnersOfMatters, PlatformRegisters, SealedDocuments
from evidence.adapters.objects import EvidenceObjects
from evidence.adapters.store import Store
from evidence.adapters.tables import metadata
from evidence.application.ports import Outside


class Settings(ObjectSettings):
    identity: Target
    enterprises: Target
    inspections: Target
    documents: Target
    penalties: Target
    retention_of_files_days: int = 3650


async def build(settings: Settings, stack: AsyncExitStack) -> Service:
    async def open_channel(target: str) -> grpc.aio.Channel:
        return await stack.enter_async_context(channel(settings, target))

    sessions = await stack.enter_async_context(database(settings))
    objects = EvidenceObjects(settings, retention_days=settings.retention_of_files_days)
    outside = Outside(
        objects=objects,
        matters=OwnersOfMatters(await open_channel(settings.inspections), await open_channel(settings.penalties)),
        officers=Officers(await open_channel(settings.identity)),
        registers=PlatformRegisters(await open_channel(settings.enterprises)),
        documents=SealedDocuments(await open_channel(settings.documents)),
    )
    return Service(
        name="evidence",
        metadata=metadata,
        sessions=sessions,
        store=Store,
        grpc=[(add_EvidenceServiceServicer_to_server, EvidenceApi(Calls(sessions, Store), outside))],
        ready=objects.ready,
        consumes={"penalties.case.v1": {CaseReported: consumers.on_case_reported, CaseArchived: consumers.on_case_archived(outside)}},
    )


main = cli("evidence", Settings, build, metadata)

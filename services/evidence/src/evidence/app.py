"""Wires evidence together. Read this file first."""

from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import grpc
from anzhi.documents.v1.documents_pb2_grpc import add_DocumentOwnerServiceServicer_to_server
from anzhi.evidence.v1.evidence_pb2_grpc import add_EvidenceServiceServicer_to_server
from anzhi.evidence.v1.handling_pb2_grpc import add_HandlingServiceServicer_to_server
from anzhi.evidence.v1.ledger_pb2_grpc import add_LedgerServiceServicer_to_server
from anzhi.evidence.v1.packs_pb2_grpc import add_PacksServiceServicer_to_server
from pydantic import Field
from servicekit.app import Service, cli
from servicekit.calls import Calls
from servicekit.db import database
from servicekit.grpc import channel
from servicekit.officers import Officers
from servicekit.settings import ObjectSettings, Target

from evidence.adapters import consumers
from evidence.adapters.api import EvidenceApi
from evidence.adapters.clients import OwnersOfMatters, PlatformRegisters, SealedDocuments
from evidence.adapters.handling_api import HandlingApi
from evidence.adapters.keeper import Keeper, domain_topics
from evidence.adapters.ledger_api import LedgerApi
from evidence.adapters.notary import LedgerNotary, Signing, of_ledger
from evidence.adapters.objects import BUCKET, EvidenceObjects
from evidence.adapters.owner_api import DocumentOwnerApi
from evidence.adapters.packs_api import PacksApi
from evidence.adapters.press import PackKey, PackPress
from evidence.adapters.store import Store
from evidence.adapters.tables import metadata
from evidence.application import ledger
from evidence.application.ports import Outside


class Settings(ObjectSettings):
    identity: Target
    enterprises: Target
    inspections: Target
    documents: Target
    penalties: Target
    retention_of_files_days: int = 3650
    ledger_key_file: Path = Field(description="Ed25519 private key that signs checkpoints of the ledger, PEM")
    ledger_origin: str = Field(default="anzhi/ledger", description="name of this installation's ledger, in every checkpoint")
    pack_key_file: Path = Field(description="P-256 private key that signs the manifests of packs, PEM")
    checkpoint_seconds: float = Field(default=60.0, description="how soon a ledger that grew is signed again")


async def build(settings: Settings, stack: AsyncExitStack) -> Service:
    async def open_channel(target: str) -> grpc.aio.Channel:
        return await stack.enter_async_context(channel(settings, target))

    sessions = await stack.enter_async_context(database(settings))
    objects = EvidenceObjects(settings, retention_days=settings.retention_of_files_days)
    documents = await open_channel(settings.documents)
    outside = Outside(
        objects=objects,
        matters=OwnersOfMatters(await open_channel(settings.inspections), await open_channel(settings.penalties)),
        officers=Officers(await open_channel(settings.identity)),
        registers=PlatformRegisters(await open_channel(settings.enterprises)),
        documents=SealedDocuments(documents),
    )
    calls = Calls(sessions, Store)
    signing = Signing(
        sessions, LedgerNotary(settings.ledger_key_file, settings.ledger_origin), timedelta(seconds=settings.checkpoint_seconds)
    )
    press = PackPress(documents, objects, signing, PackKey(settings.pack_key_file))
    return Service(
        name="evidence",
        metadata=metadata,
        sessions=sessions,
        store=Store,
        grpc=[
            (add_EvidenceServiceServicer_to_server, EvidenceApi(calls, outside)),
            (add_HandlingServiceServicer_to_server, HandlingApi(calls, outside)),
            (add_DocumentOwnerServiceServicer_to_server, DocumentOwnerApi(calls, outside)),
            (add_LedgerServiceServicer_to_server, LedgerApi(calls)),
            (add_PacksServiceServicer_to_server, PacksApi(calls, outside, press)),
        ],
        ready=objects.ready,
        loops=[signing.run],
        gauges=[of_ledger(sessions)],
        readers=[Keeper("evidence.ledger", domain_topics(), ledger.append, sessions, Store, settings)],
        consumes=consumers.heard(outside),
        ticks={"D03": consumers.on_d03},
    )


main = cli("evidence", Settings, build, metadata, buckets=[BUCKET])

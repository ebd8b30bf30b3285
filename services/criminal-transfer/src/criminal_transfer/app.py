"""Wires criminal-transfer together. Read this file first."""

from contextlib import AsyncExitStack
from typing import Literal

import grpc
from anzhi.criminal_transfer.v1.criminal_transfer_pb2_grpc import add_CriminalTransferServiceServicer_to_server
from anzhi.criminal_transfer.v1.partner_pb2_grpc import add_PartnerTransfersServiceServicer_to_server
from anzhi.criminal_transfer.v1.webhooks_pb2_grpc import add_WebhooksServiceServicer_to_server
from anzhi.documents.v1.documents_pb2_grpc import add_DocumentOwnerServiceServicer_to_server
from pydantic import Field, SecretStr
from servicekit.app import Service, cli
from servicekit.calls import Calls
from servicekit.db import database
from servicekit.grpc import channel
from servicekit.settings import ServiceSettings, Target

from criminal_transfer.adapters import consumers
from criminal_transfer.adapters.api import CriminalTransferApi
from criminal_transfer.adapters.clients import DocumentsClient, EvidenceClient, IdentityClient, MattersClient
from criminal_transfer.adapters.owner_api import DocumentOwnerApi
from criminal_transfer.adapters.partner_api import PartnerApi
from criminal_transfer.adapters.sender import Sender, of_webhooks
from criminal_transfer.adapters.signing import Secrets
from criminal_transfer.adapters.store import Store
from criminal_transfer.adapters.tables import metadata
from criminal_transfer.adapters.webhooks_api import WebhooksApi
from criminal_transfer.application.ports import Ports
from criminal_transfer.domain.limits import Limits


class Settings(ServiceSettings):
    identity: Target
    inspections: Target
    evidence: Target
    documents: Target
    penalties: Target
    task_force_hours: int = Field(Limits.task_force_hours, description="«at once» of TRR 5: until the task force is named [P]")
    verification_days: int = Field(Limits.verification_days, description="working days of the verification [P]")
    environment: Literal["development", "production"] = Field(
        "production", description="development: webhooks may go to this machine by http; production: https to public hosts only"
    )
    webhook_key: SecretStr = Field(min_length=32, description="32 characters of chance or more: secrets of endpoints follow from it")
    webhook_pauses: tuple[int, ...] = Field(
        (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400), description="seconds between tries of a delivery, as a JSON list [P]"
    )
    webhook_timeout_seconds: float = Field(10.0, description="of one try")
    review_days: int = Field(Limits.review_days, description="calendar days of the legal review [P]")


async def build(settings: Settings, stack: AsyncExitStack) -> Service:
    async def open_channel(target: str) -> grpc.aio.Channel:
        return await stack.enter_async_context(channel(settings, target))

    sessions = await stack.enter_async_context(database(settings))
    ports = Ports(
        identity=IdentityClient(await open_channel(settings.identity)),
        matters=MattersClient(await open_channel(settings.penalties), await open_channel(settings.inspections)),
        documents=DocumentsClient(await open_channel(settings.documents)),
        evidence=EvidenceClient(await open_channel(settings.evidence)),
        limits=Limits(settings.task_force_hours, settings.verification_days, settings.review_days),
    )
    calls = Calls(sessions, Store)
    secrets = Secrets(settings.webhook_key.get_secret_value())
    development = settings.environment == "development"
    sender = Sender(
        sessions,
        secrets,
        pauses=settings.webhook_pauses,
        timeout_seconds=settings.webhook_timeout_seconds,
        development=development,
    )
    return Service(
        name="criminal-transfer",
        metadata=metadata,
        sessions=sessions,
        store=Store,
        grpc=[
            (add_CriminalTransferServiceServicer_to_server, CriminalTransferApi(calls, ports)),
            (add_PartnerTransfersServiceServicer_to_server, PartnerApi(calls, ports)),
            (add_WebhooksServiceServicer_to_server, WebhooksApi(calls, secrets, development=development)),
            (add_DocumentOwnerServiceServicer_to_server, DocumentOwnerApi(calls, ports)),
        ],
        consumes=consumers.heard(ports),
        ticks=consumers.SWEPT,
        out=[sender.run],
        gauges=[of_webhooks(sessions)],
    )


main = cli("criminal-transfer", Settings, build, metadata)

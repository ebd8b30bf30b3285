"""Wires inspections together. Read this file first."""

from contextlib import AsyncExitStack

import grpc
from anzhi.criminal_transfer.v1.events_pb2 import MaterialsHandedOver
from anzhi.documents.v1.documents_pb2_grpc import add_DocumentOwnerServiceServicer_to_server
from anzhi.documents.v1.events_pb2 import (
    DocumentArchived,
    DocumentDrafted,
    DocumentEffective,
    DocumentSealed,
    DocumentServed,
    DocumentVoided,
)
from anzhi.evidence.v1.events_pb2 import OpinionRecorded
from anzhi.inspections.v1.inspections_pb2_grpc import add_InspectionsServiceServicer_to_server
from anzhi.inspections.v1.measures_pb2_grpc import add_MeasuresServiceServicer_to_server
from anzhi.penalties.v1.events_pb2 import (
    CaseDecided,
    CaseFiled,
    CaseNotFiled,
    CaseServed,
    CaseTerminated,
    CaseWithdrawn,
    NoPenaltyDecided,
    SimpleDecided,
)
from servicekit.app import Service, cli
from servicekit.calls import Calls
from servicekit.db import database
from servicekit.grpc import channel
from servicekit.settings import ServiceSettings, Target

from inspections.adapters import consumers
from inspections.adapters.api import InspectionsApi
from inspections.adapters.clients import CheckedDocuments, CheckItems, KeptEvidence, People, Register
from inspections.adapters.measure_api import MeasuresApi
from inspections.adapters.outside import Outside
from inspections.adapters.owner_api import DocumentOwnerApi
from inspections.adapters.store import Store
from inspections.adapters.tables import metadata
from inspections.application import measure_reactions, reactions
from inspections.domain.limits import Limits


class Settings(ServiceSettings):
    """The limits have no official text behind them: an authority sets its own (law brief 3.3, 3.8, 2.2)."""

    identity: Target
    enterprises: Target
    lawbook: Target
    documents: Target
    evidence: Target
    rectification_days: int = Limits.rectification_days
    checks_per_year: int = Limits.checks_per_year
    scheme_hours: int = Limits.scheme_hours
    night_from: int = Limits.night_from
    night_to: int = Limits.night_to


async def build(settings: Settings, stack: AsyncExitStack) -> Service:
    async def open_channel(target: str) -> grpc.aio.Channel:
        return await stack.enter_async_context(channel(settings, target))

    sessions = await stack.enter_async_context(database(settings))
    limits = Limits(settings.rectification_days, settings.checks_per_year, settings.scheme_hours, settings.night_from, settings.night_to)
    outside = Outside(
        identity=People(await open_channel(settings.identity)),
        lawbook=CheckItems(await open_channel(settings.lawbook)),
        enterprises=Register(await open_channel(settings.enterprises)),
        documents=CheckedDocuments(await open_channel(settings.documents)),
        evidence=KeptEvidence(await open_channel(settings.evidence)),
    )
    calls = Calls(sessions, Store)
    return Service(
        name="inspections",
        metadata=metadata,
        sessions=sessions,
        store=Store,
        grpc=[
            (add_InspectionsServiceServicer_to_server, InspectionsApi(calls, outside, limits)),
            (add_MeasuresServiceServicer_to_server, MeasuresApi(calls, outside, limits)),
            (add_DocumentOwnerServiceServicer_to_server, DocumentOwnerApi(calls, outside, limits)),
        ],
        consumes={
            "documents.document.v1": {
                DocumentDrafted: consumers.on_document,
                DocumentSealed: consumers.on_document,
                DocumentEffective: consumers.on_document,
                DocumentVoided: consumers.on_document,
                DocumentArchived: consumers.on_document,
                DocumentServed: consumers.on_document_served(limits),
            },
            "penalties.case.v1": {
                CaseFiled: consumers.on_case_filed,
                CaseNotFiled: consumers.on_case_not_filed,
                SimpleDecided: consumers.on_simple_decided,
                CaseDecided: consumers.on_case_decided,
                CaseServed: consumers.on_case_served,
                CaseTerminated: consumers.on_no_penalty,
                CaseWithdrawn: consumers.on_no_penalty,
                NoPenaltyDecided: consumers.on_no_penalty,
            },
            "evidence.item.v1": {OpinionRecorded: consumers.on_opinion},
            "criminal-transfer.transfer.v1": {MaterialsHandedOver: consumers.on_handed_over},
        },
        ticks={
            "D01": measure_reactions.approval_missed,
            "D02": measure_reactions.period_ended,
            "D15": reactions.duty_missed,
            "D19": reactions.right_ended,
            "D20": reactions.right_ended,
            "D25": reactions.rectification_ended,
            "D26": reactions.right_ended,
            "D27": reactions.duty_missed,
            "D28": reactions.duty_missed,
            "D29": reactions.suspension_ended,
            "D30": reactions.right_ended,
            "D31": reactions.duty_missed,
            "D32": reactions.duty_missed,
            "GEN": reactions.count_ended,
        },
    )


main = cli("inspections", Settings, build, metadata)

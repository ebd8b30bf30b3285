"""Wires documents together. Read this file first."""

import argparse
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import grpc
from anzhi.criminal_transfer.v1.events_pb2 import DocumentReleased as ReleasedByTransfers
from anzhi.documents.v1.documents_pb2_grpc import add_DocumentsServiceServicer_to_server
from anzhi.evidence.v1.events_pb2 import DocumentReleased as ReleasedByEvidence
from anzhi.inspections.v1.events_pb2 import DocumentReleased as ReleasedByInspections
from anzhi.penalties.v1.events_pb2 import CaseArchived, DecisionRevoked
from anzhi.penalties.v1.events_pb2 import DocumentReleased as ReleasedByPenalties
from pydantic import Field
from servicekit.app import Service, cli
from servicekit.calls import Calls
from servicekit.db import database
from servicekit.grpc import channel
from servicekit.officers import Officers
from servicekit.settings import ObjectSettings, Target, WebAddress

from documents.adapters import consumers, fonts, sealing
from documents.adapters.api import DocumentsApi
from documents.adapters.clients import ActingBodies, OwnersOfMatters
from documents.adapters.issuing import BUCKET, DocumentPress
from documents.adapters.press import Press
from documents.adapters.store import NumberRegister, Store
from documents.adapters.tables import metadata
from documents.application import serving
from documents.application.ports import Outside

# Whose object a document may belong to: the service that answers for it (DocumentOwnerService).
OWNERS = {
    "inspection": "inspections",
    "finding": "inspections",
    "order": "inspections",
    "measure": "inspections",
    "case": "penalties",
    "evidence": "evidence",
    "transfer": "criminal_transfer",
}


class Settings(ObjectSettings):
    identity: Target
    inspections: Target
    penalties: Target
    criminal_transfer: Target
    evidence: Target
    public_url: WebAddress = Field(description="where people reach the platform; QR codes lead there")
    seal_keys: Path = Field(description="folder of seal keys and certificates, made by make-seal-keys or mounted")
    fonts: Path = Field(description="folder of the typeface, filled on the first start or by make-fonts")
    press_processes: int = 2
    lock_days: int = Field(default=3650, description="how long a sealed file is locked")


async def build(settings: Settings, stack: AsyncExitStack) -> Service:
    async def open_channel(target: str) -> grpc.aio.Channel:
        return await stack.enter_async_context(channel(settings, target))

    sessions = await stack.enter_async_context(database(settings))
    # A transaction that waits for a number already holds a connection: the register has its own.
    register = await stack.enter_async_context(database(settings.model_copy(update={"database_pool": 2})))
    press = await stack.enter_async_context(Press(fonts=settings.fonts, keys=settings.seal_keys, processes=settings.press_processes))
    issuing = DocumentPress(settings, press, lock_days=settings.lock_days)
    identity = await open_channel(settings.identity)
    outside = Outside(
        owners=OwnersOfMatters({kind: await open_channel(getattr(settings, owner)) for kind, owner in OWNERS.items()}),
        bodies=ActingBodies(identity),
        officers=Officers(identity),
        register=NumberRegister(register),
        press=issuing,
        missing_characters=fonts.missing,
        public_url=settings.public_url,
    )
    released = consumers.on_released(outside)
    return Service(
        name="documents",
        metadata=metadata,
        sessions=sessions,
        store=Store,
        grpc=[(add_DocumentsServiceServicer_to_server, DocumentsApi(Calls(sessions, Store), outside))],
        consumes={
            "inspections.inspection.v1": {ReleasedByInspections: released},
            "penalties.case.v1": {
                ReleasedByPenalties: released,
                CaseArchived: consumers.on_case_archived,
                DecisionRevoked: consumers.on_decision_revoked,
            },
            "criminal-transfer.transfer.v1": {ReleasedByTransfers: released},
            "evidence.item.v1": {ReleasedByEvidence: released},
        },
        ticks={"D13": serving.notice_ended},
        ready=issuing.ready,
    )


_serve = cli("documents", Settings, build, metadata, buckets=[BUCKET])


def main() -> None:
    """`python -m documents ROLE`, and two tools: make-seal-keys FOLDER ID=NAME …, make-fonts FOLDER."""
    tools = {"make-seal-keys": _make_seal_keys, "make-fonts": _make_fonts}
    if len(sys.argv) > 1 and sys.argv[1] in tools:
        tools[sys.argv[1]](sys.argv[2:])
    else:
        _serve()


def _make_seal_keys(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m documents make-seal-keys", description="Development keys for seals; what is there stays."
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("issuers", nargs="+", metavar="ID=NAME", help="id of the organisation and the name on its seal")
    given = parser.parse_args(arguments)
    made = sealing.make_seal_keys(given.folder, dict(issuer.split("=", 1) for issuer in given.issuers))
    sys.stdout.writelines(f"{path}\n" for path in made)


def _make_fonts(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m documents make-fonts", description="The typeface with TrueType outlines.")
    parser.add_argument("folder", type=Path)
    sys.stdout.write(f"{fonts.make_fonts(parser.parse_args(arguments).folder)}\n")

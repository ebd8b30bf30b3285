from pathlib import Path

import pytest_asyncio
from anzhi.documents.v1 import documents_pb2, documents_pb2_grpc
from anzhi.enterprises.v1 import chemicals_pb2, chemicals_pb2_grpc, enterprises_pb2, enterprises_pb2_grpc
from anzhi.identity.v1 import identity_pb2, identity_pb2_grpc
from anzhi.inspections.v1 import inspections_pb2, inspections_pb2_grpc
from anzhi.penalties.v1 import penalties_pb2, penalties_pb2_grpc
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from evidence.app import Settings, build
from testkit.world import serving

CERTIFICATE = identity_pb2.OfficerCertificate(
    number="44-1", categories=["WORK_SAFETY"], region_codes=["4419"], valid_from_on="2020-01-01", valid_to_on="2040-01-01", state=1
)

OFFICERS = ["zhou", "wu"]


class Neighbours(
    identity_pb2_grpc.IdentityServiceServicer,
    inspections_pb2_grpc.InspectionsServiceServicer,
    penalties_pb2_grpc.PenaltiesServiceServicer,
    enterprises_pb2_grpc.EnterprisesServiceServicer,
    chemicals_pb2_grpc.ChemicalsServiceServicer,
    documents_pb2_grpc.DocumentsServiceServicer,
):
    """What the services around answer: one matter of officers zhou and wu, whose body is `org_path`."""

    org_path = "/44/"

    def __init__(self):
        # Sealed documents and where their files are, by id.
        self.documents = {}

    async def GetDocument(self, request, context):
        return self.documents[request.id][0]

    async def CheckContent(self, request, context):
        """A complete document whose id says its form and the object that it hangs on: `F20:<item>`."""
        form, _, object_id = request.document_id.partition(":")
        return documents_pb2.CheckContentResponse(ok=True, form=form, object_kind="evidence", object_id=object_id)

    async def GetDocumentFile(self, request, context):
        return documents_pb2.DocumentFile(document_id=request.id, url=self.documents[request.id][1])

    async def GetOfficers(self, request, context):
        officers = [identity_pb2.Officer(id=wanted, active=True, certificates=[CERTIFICATE]) for wanted in request.ids]
        return identity_pb2.GetOfficersResponse(officers=officers)

    async def GetInspection(self, request, context):
        task = inspections_pb2.Inspection(
            id=request.id,
            org_path=self.org_path,
            region_code="441900118",
            category="WORK_SAFETY",
            lead_id="zhou",
            officer_ids=OFFICERS,
        )
        return inspections_pb2.InspectionFile(inspection=task)

    async def GetCase(self, request, context):
        return penalties_pb2.Case(
            id=request.id,
            org_path=self.org_path,
            region_code="441900118",
            category="WORK_SAFETY",
            lead_id="zhou",
            officer_ids=OFFICERS,
        )

    async def CheckLicenceScope(self, request, context):
        answers = [chemicals_pb2.ScopeResult(product=product, answer=2, reason="NOT_ON_LICENCE") for product in request.products]
        return chemicals_pb2.CheckLicenceScopeResponse(enterprise_id=request.enterprise_id, on=request.on, results=answers)

    async def FindSpecialOperationCertificates(self, request, context):
        return enterprises_pb2.FindSpecialOperationCertificatesResponse(found=False, qualified=False, on="2022-08-16")


def given(folder: Path) -> dict[str, object]:
    """Settings beyond those that testkit knows: keys, and checkpoints that come quickly."""
    return {
        "retention_of_files_days": 1,
        "checkpoint_seconds": 0.3,
        "ledger_key_file": a_key(folder / "ledger.key", Ed25519PrivateKey.generate()),
        "pack_key_file": a_key(folder / "pack.key", generate_private_key(SECP256R1())),
    }


def a_key(path: Path, key: Ed25519PrivateKey | EllipticCurvePrivateKey) -> Path:
    if not path.exists():
        path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def neighbours():
    return Neighbours()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world(world):
    """Apart: the ledger would keep the events of all other services under test."""
    async with world.apart("evidence") as made:
        yield made


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def start(neighbours):
    """Starts evidence in a world."""
    adders = (
        inspections_pb2_grpc.add_InspectionsServiceServicer_to_server,
        penalties_pb2_grpc.add_PenaltiesServiceServicer_to_server,
        enterprises_pb2_grpc.add_EnterprisesServiceServicer_to_server,
        chemicals_pb2_grpc.add_ChemicalsServiceServicer_to_server,
        documents_pb2_grpc.add_DocumentsServiceServicer_to_server,
        identity_pb2_grpc.add_IdentityServiceServicer_to_server,
    )
    async with serving(*((adder, neighbours) for adder in adders)) as target:
        around = {"identity": target, "inspections": target, "penalties": target, "enterprises": target, "documents": target}
        yield lambda world: world.running("evidence", Settings, build, **given(world.folder), **around)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def evidence(world, start):
    async with start(world) as run:
        yield run

"""Other services behind the ports."""

import asyncio
import hashlib
import urllib.request
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import grpc
from anzhi.documents.v1 import documents_pb2
from anzhi.documents.v1.documents_pb2_grpc import DocumentsServiceStub
from anzhi.enterprises.v1 import chemicals_pb2, enterprises_pb2
from anzhi.enterprises.v1.chemicals_pb2_grpc import ChemicalsServiceStub
from anzhi.enterprises.v1.enterprises_pb2_grpc import EnterprisesServiceStub
from anzhi.inspections.v1 import inspections_pb2
from anzhi.inspections.v1.inspections_pb2_grpc import InspectionsServiceStub
from anzhi.penalties.v1 import penalties_pb2
from anzhi.penalties.v1.penalties_pb2_grpc import PenaltiesServiceStub
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from google.protobuf.message import Message
from kernel.errors import Invalid, Precondition

from evidence.domain.item import Matter
from evidence.domain.records import Paper

TIMEOUT = 2.0
LARGEST_DOCUMENT = 64 * 1024**2


class MatterKindUnknown(Invalid):
    """Evidence belongs to an inspection or to a case."""


class RegisterUnknown(Invalid):
    """The platform asks no such register."""


class TermsNotUnderstood(Invalid):
    """What the register is asked does not have the shape of its request."""


class DocumentNotSealed(Precondition):
    """The document has no sealed file yet."""


class DocumentFileDiffers(Precondition):
    """What came from the store is not the file that documents sealed."""


class OwnersOfMatters:
    def __init__(self, inspections: grpc.aio.Channel, penalties: grpc.aio.Channel) -> None:
        self.inspections = InspectionsServiceStub(inspections)
        self.penalties = PenaltiesServiceStub(penalties)

    async def matter(self, object_kind: str, object_id: UUID) -> Matter:
        if object_kind == "inspection":
            request = inspections_pb2.GetInspectionRequest(id=str(object_id))
            task = (await self.inspections.GetInspection(request, timeout=TIMEOUT)).inspection
            return Matter(
                "inspection",
                object_id,
                task.org_path,
                task.region_code,
                task.category,
                task.lead_id,
                tuple(task.officer_ids),
                org_id=task.org_id,
                title=task.title,
                party_name=task.enterprise_name,
                party_code=task.enterprise_code,
                party_address=task.enterprise_address,
            )
        if object_kind == "case":
            case = await self.penalties.GetCase(penalties_pb2.GetCaseRequest(id=str(object_id)), timeout=TIMEOUT)
            return Matter(
                "case",
                object_id,
                case.org_path,
                case.region_code,
                case.category,
                case.lead_id,
                tuple(case.officer_ids),
                org_id=case.org_id,
                title=case.name,
                party_name=case.party_name,
            )
        raise MatterKindUnknown("evidence belongs to an inspection or to a case", object_kind=object_kind)


class PlatformRegisters:
    """The registers that the platform itself holds."""

    def __init__(self, enterprises: grpc.aio.Channel) -> None:
        certificates, chemicals = EnterprisesServiceStub(enterprises), ChemicalsServiceStub(enterprises)
        self.registers: dict[str, tuple[type[Message], Any]] = {
            "SPECIAL_OPERATION": (
                enterprises_pb2.FindSpecialOperationCertificatesRequest,
                certificates.FindSpecialOperationCertificates,
            ),
            "LICENCE_SCOPE": (chemicals_pb2.CheckLicenceScopeRequest, chemicals.CheckLicenceScope),
        }

    async def ask(self, register: str, terms: Mapping[str, Any]) -> Mapping[str, Any]:
        if register not in self.registers:
            raise RegisterUnknown("the platform asks no such register", register=register)
        kind, call = self.registers[register]
        try:
            request = ParseDict(dict(terms), kind())
        except ParseError as error:
            raise TermsNotUnderstood("the register is not asked like this", register=register, problem=str(error)[:200]) from error
        return MessageToDict(await call(request, timeout=TIMEOUT))


class SealedDocuments:
    def __init__(self, documents: grpc.aio.Channel) -> None:
        self.documents = DocumentsServiceStub(documents)

    async def sealed_file(self, document_id: str) -> tuple[bytes, str]:
        document = await self.documents.GetDocument(documents_pb2.GetDocumentRequest(id=document_id), timeout=TIMEOUT)
        if not document.sha256:
            raise DocumentNotSealed("the document has no sealed file yet", document=document_id)
        door = await self.documents.GetDocumentFile(documents_pb2.GetDocumentFileRequest(id=document_id), timeout=TIMEOUT)
        content = await asyncio.to_thread(fetched, door.url)
        check_sealed(content, document.sha256, document_id)
        return content, document.title

    async def check(self, document_id: str) -> Paper:
        """An approving form that an earlier move released is no problem of the form that it approves (W05)."""
        found = await self.documents.CheckContent(documents_pb2.CheckContentRequest(document_id=document_id), timeout=TIMEOUT)
        problems = [one for one in found.problems if one.reason != "APPROVAL_MISSING"]
        told = tuple(f"{one.reason} {one.field} {one.detail}".strip() for one in problems)
        return Paper(document_id, found.form, found.object_id, told)


def check_sealed(content: bytes, sha256: str, document_id: str) -> None:
    """A file cut short or changed on the way is no evidence. Raises: DocumentFileDiffers."""
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise DocumentFileDiffers("the file is not the one that was sealed", document=document_id, sealed=sha256, found=found)


def fetched(url: str) -> bytes:
    """A document from the store; blocks."""
    with urllib.request.urlopen(url, timeout=TIMEOUT * 5) as answer:  # noqa: S310 - a presigned address of our own store
        content: bytes = answer.read(LARGEST_DOCUMENT)
    return content

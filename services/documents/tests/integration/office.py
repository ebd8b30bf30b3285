"""People of one root around the service, and what they do with a document."""

import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from anzhi.documents.v1 import documents_pb2 as pb
from anzhi.documents.v1.documents_pb2_grpc import DocumentsServiceStub
from anzhi.inspections.v1 import events_pb2 as inspections_events
from anzhi.penalties.v1 import events_pb2 as penalties_events
from documents.domain.forms import form
from documents.domain.signature import Capacity
from testkit.polling import poll
from testkit.users import User, a_user

from ..samples import SIGNERS  # noqa: TID252

PERMISSIONS = tuple(f"documents.{word}" for word in ("read", "draft", "review", "sign", "serve", "void"))
ROLES = {
    "zhou": ("OFF", "LEAD"),
    "wu": ("OFF",),
    "wei": ("OFF",),
    "zheng": ("UNIT",),
    "he": ("DEP",),
    "luo": ("LEGAL",),
    "zhao": ("CHIEF",),
}
LEGAL_NOW = datetime(2022, 8, 16, 7, 0, tzinfo=UTC)


@dataclass
class Office:
    world: Any
    run: Any
    root: str
    matter_id: str = field(default_factory=lambda: str(uuid4()))
    _stubs: dict[str, Any] = field(default_factory=dict)

    def user(self, name: str) -> User:
        return a_user(name, org_path=self.root, roles=ROLES[name], permissions=PERMISSIONS)

    async def stub(self, name: str = "zhou") -> Any:
        if name not in self._stubs:
            self._stubs[name] = await self.run.stub(DocumentsServiceStub, self.user(name))
        return self._stubs[name]

    async def draft(self, form_id: str, *, object_kind: str = "case", **content: Any) -> pb.Document:
        request = pb.CreateDraftRequest(request_id=str(uuid4()), form=form_id, object_kind=object_kind, object_id=self.matter_id)
        request.content.update(content)
        return await (await self.stub("luo" if form_id == "ws10059" else "zhou")).CreateDraft(request)

    async def frozen(self, form_id: str, **given: Any) -> pb.Document:
        document = await self.draft(form_id, **given)
        stub = await self.stub("luo" if form_id == "ws10059" else "zhou")
        kind, call = (pb.SubmitDocumentRequest, stub.SubmitDocument) if form(form_id).reviewed else (pb.FreezeBodyRequest, stub.FreezeBody)
        return await call(kind(request_id=str(uuid4()), id=document.id, version=document.version))

    async def sign(self, document: pb.Document, capacity: str, by: str, **given: Any) -> pb.Document:
        outside = capacity in ("PARTY", "ENTERPRISE", "WITNESS")
        values = {
            "request_id": str(uuid4()),
            "id": document.id,
            "capacity": pb.Signature.Capacity.Value(f"CAPACITY_{capacity}"),
            "method": pb.Signature.METHOD_GLASS if outside else pb.Signature.METHOD_CERTIFICATE,
            "signer_name": "陈伯安" if outside else "",
            "stroke_evidence_id": str(uuid4()) if outside else "",
            "body_digest": document.body_digest,
        }
        return await (await self.stub(by)).SignDocument(pb.SignDocumentRequest(**{**values, **given}))

    async def signed(self, form_id: str, **given: Any) -> pb.Document:
        document = await self.frozen(form_id, **given)
        used: dict[Capacity, int] = {}
        for capacity in form(form_id).sign:
            who = SIGNERS[capacity][used.get(capacity, 0)][0] or "zhou"
            used[capacity] = used.get(capacity, 0) + 1
            document = await self.sign(document, str(capacity), who)
        return document

    async def release(self, *documents: pb.Document, by: str = "he", matter_id: str = "") -> str:
        event = penalties_events.DocumentReleased(
            object_kind="case", object_id=matter_id or self.matter_id, document_ids=[document.id for document in documents], released_by=by
        )
        return await self.world.produce("penalties.case.v1", event, key=event.object_id, root=self.root)

    async def get(self, document: pb.Document) -> pb.Document:
        return await (await self.stub()).GetDocument(pb.GetDocumentRequest(id=document.id))

    async def sealed(self, *documents: pb.Document, **given: Any) -> pb.Document:
        """Released and sealed: the last of them."""
        await self.release(*documents, **given)

        async def there() -> pb.Document | None:
            found = await self.get(documents[-1])
            return found if found.sha256 else None

        return await poll(there, 20)

    async def file(self, document: pb.Document) -> bytes:
        door = await (await self.stub()).GetDocumentFile(pb.GetDocumentFileRequest(id=document.id))
        with urllib.request.urlopen(door.url, timeout=10) as answer:
            return answer.read()


def inspection_event(**given: Any) -> Any:
    return inspections_events.DocumentReleased(**given)

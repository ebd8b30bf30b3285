"""Other services behind the ports."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import grpc
from anzhi.documents.v1 import documents_pb2 as pb
from anzhi.documents.v1.documents_pb2_grpc import DocumentOwnerServiceStub
from anzhi.identity.v1 import identity_pb2
from anzhi.identity.v1.identity_pb2_grpc import IdentityServiceStub
from kernel.errors import Invalid, Precondition
from servicekit import wire

from documents.application.ports import OwnerAnswer
from documents.domain.document import Document, Issuer

TIMEOUT = 3.0


class ObjectKindUnknown(Invalid):
    """Nobody owns objects of this kind (`OWNERS` in app.py)."""


class IssuerUnknown(Precondition):
    """The body has no issuer with an abbreviation, so its documents cannot be numbered."""


class OwnersOfMatters:
    """Whoever owns the kind of object answers for its documents."""

    def __init__(self, owners: Mapping[str, grpc.aio.Channel]) -> None:
        self._owners = {kind: DocumentOwnerServiceStub(owner) for kind, owner in owners.items()}

    def _owner(self, object_kind: str) -> "DocumentOwnerServiceStub":
        if object_kind not in self._owners:
            raise ObjectKindUnknown(
                f"a document belongs to one of {', '.join(self._owners)}",
                object_kind=object_kind,
                kinds=",".join(self._owners),
            )
        return self._owners[object_kind]

    async def may_draft(self, form: str, object_kind: str, object_id: UUID) -> OwnerAnswer:
        request = pb.MayDraftRequest(form=form, object_kind=object_kind, object_id=str(object_id))
        answer = await self._owner(object_kind).MayDraft(request, timeout=TIMEOUT)
        return OwnerAnswer(
            answer.allowed,
            answer.reason,
            answer.detail,
            wire.plain(answer.fields),
            answer.org_id,
            answer.org_path,
            wire.uuid_or_none(answer.matter_id, "matter_id"),
        )

    async def may_serve(self, document: Document) -> OwnerAnswer:
        request = pb.MayServeRequest(
            form=document.form, document_id=str(document.id), object_kind=document.object_kind, object_id=str(document.object_id)
        )
        answer = await self._owner(document.object_kind).MayServe(request, timeout=TIMEOUT)
        return OwnerAnswer(answer.allowed, answer.reason, answer.detail)


class ActingBodies:
    def __init__(self, identity: grpc.aio.Channel) -> None:
        self._identity = IdentityServiceStub(identity)

    async def issuer(self, org_id: str, on: date) -> Issuer:
        """The entrusting authority where the body acts by entrustment, else the body itself (1.2). Law: APL 17-24."""
        request = identity_pb2.GetActingBodyRequest(org_id=org_id, on=on.isoformat())
        issuer = (await self._identity.GetActingBody(request, timeout=TIMEOUT)).issuer
        if not issuer.id or not issuer.doc_abbr:
            raise IssuerUnknown("the body has no issuer with an abbreviation", org=org_id)
        return Issuer(issuer.id, issuer.name, issuer.doc_abbr)

"""A transfer by gRPC: every step as its real actor, documents and screens as their events tell."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from anzhi.criminal_transfer.v1 import criminal_transfer_pb2 as pb
from anzhi.criminal_transfer.v1 import events_pb2, partner_pb2
from anzhi.criminal_transfer.v1.criminal_transfer_pb2_grpc import CriminalTransferServiceStub
from anzhi.criminal_transfer.v1.partner_pb2_grpc import PartnerTransfersServiceStub
from anzhi.criminal_transfer.v1.webhooks_pb2_grpc import WebhooksServiceStub
from anzhi.documents.v1 import events_pb2 as documents
from anzhi.penalties.v1 import events_pb2 as penalties
from anzhi.type.v1 import types_pb2
from google.protobuf.timestamp_pb2 import Timestamp
from kernel.days import SHANGHAI
from testkit.polling import poll
from testkit.users import User, a_user

from .town import HASH, Town

WORDS = ("read", "investigate", "appoint", "legal_review", "decide", "conclude", "confirm", "hand_over", "clues")
PERMISSIONS = tuple(f"criminal_transfer.{word}" for word in WORDS)
ROLES = {
    "liang": ("OFF", "LEAD"),
    "song": ("OFF",),
    "pan": ("UNIT",),
    "ye": ("DEP",),
    "lin": ("LEGAL",),
    "huang": ("CHIEF",),
    "zhang": ("CHIEF",),
    "luo": ("EVID",),
}
PARTNERS = {"police": "POL", "procuratorate": "PRC", "court": "CRT", "stranger": "POL"}


def at(day: int, hour: int = 10, minute: int = 0, month: int = 6) -> datetime:
    """In 2023, an hour of Zhuhai."""
    return datetime(2023, month, day, hour, minute, tzinfo=SHANGHAI)


def stamp(moment: datetime) -> Timestamp:
    made = Timestamp()
    made.FromDatetime(moment)
    return made


class Walk:
    def __init__(self, run: Any, world: Any, town: Town) -> None:
        self.run, self.world, self.town = run, world, town
        self.root = world.a_root()
        self.path = f"{self.root}4404/xiangzhou/"
        self.case_id, self.enterprise = str(uuid4()), "enterprise"
        self.town.paths[self.case_id] = self.path
        self.clients = {name: f"{name}-{uuid4().hex[:6]}" for name in PARTNERS}
        self.town.clients[self.case_id] = tuple(self.clients[name] for name in ("police", "procuratorate", "court"))
        self.stubs: dict[str, Any] = {}
        self.id = ""

    def user(self, name: str, *, otp: bool = True) -> User:
        amr = ("pwd", "otp") if otp else ("pwd",)
        return a_user(name, org_id="xiangzhou", org_path=self.path, roles=ROLES[name], permissions=PERMISSIONS, amr=amr)

    async def by(self, name: str) -> Any:
        if name not in self.stubs:
            self.stubs[name] = await self.run.stub(CriminalTransferServiceStub, self.user(name))
        return self.stubs[name]

    async def partner(self, name: str) -> Any:
        """With a token as identity gives it to the partner's client: no place in the tree, its own id in client_id."""
        if name not in self.stubs:
            self.stubs[name] = await self.run.stub(PartnerTransfersServiceStub, token=self._token(name))
        return self.stubs[name]

    async def webhooks(self, name: str) -> Any:
        return await self.run.stub(WebhooksServiceStub, token=self._token(name))

    def _token(self, name: str, *scopes: str) -> str:
        client = self.clients[name]
        permissions = tuple(f"partner.{scope}" for scope in scopes or ("transfers.read", "transfers.write", "webhooks"))
        user = a_user(f"partner:{client}", org_path=self.root, org_id="", roles=(PARTNERS[name],), permissions=permissions)
        return str(self.world.signer.token(user, client_id=client, path=f"/partner:{client}/", root=self.root))

    async def clock(self, moment: datetime) -> int:
        return await self.world.set_legal_now(self.root, moment)

    async def get(self) -> pb.Transfer:
        return await (await self.by("huang")).GetTransfer(pb.GetTransferRequest(id=self.id))

    async def state(self) -> str:
        return pb.Transfer.State.Name((await self.get()).state).removeprefix("STATE_")

    async def act(self, name: str, rpc: str, **given: Any) -> Any:
        """One write on the transfer as it stands."""
        version = given.pop("version", 0) or (await self.get()).version
        request = getattr(pb, f"{rpc}Request")(request_id=str(uuid4()), id=self.id, version=version, **given)
        return await getattr(await self.by(name), rpc)(request)

    async def confirmed(self, first: str, second: str, rpc: str, **given: Any) -> Any:
        proposal = await self.act(first, rpc, **given)
        confirm = types_pb2.ConfirmMoveRequest(request_id=str(uuid4()), proposal_id=proposal.id)
        return await (await self.by(second)).ConfirmMove(confirm)

    async def enter(self, name: str, rpc: str, **given: Any) -> Any:
        """One write of a partner."""
        version = given.pop("version", 0) or (await self.get()).version
        request = getattr(partner_pb2, f"{rpc}Request")(request_id=str(uuid4()), id=self.id, version=version, **given)
        return await getattr(await self.partner(name), rpc)(request)

    async def screen(self, result: str, *offences: str) -> None:
        told = penalties.CaseScreened(
            case_id=self.case_id,
            result=result,
            offences=offences,
            inspection_id="inspection",
            enterprise_id=self.enterprise,
            org_path=self.path,
            suspects=[self.enterprise],
        )
        await self.world.produce("penalties.case.v1", told, key=self.case_id, root=self.root)

    async def found(self, count: int = 1) -> list[pb.Transfer]:
        """The transfers of the case, once there are as many."""
        stub = await self.by("huang")

        async def there() -> list[pb.Transfer]:
            page = await stub.ListTransfers(pb.ListTransfersRequest(case_id=self.case_id))
            return list(page.transfers) if len(page.transfers) >= count else []

        return await poll(there, deadline=20)

    async def sealed(self, form: str) -> str:
        """A document of the transfer as drafted, checked and then sealed; answers its id."""
        id = self.town.draft(form, self.id)
        told = documents.DocumentSealed(document_id=id, form=form, number="1", object_kind="transfer", object_id=self.id, sha256=HASH)
        await self.world.produce("documents.document.v1", told, key=id, root=self.root)

        async def noted() -> bool:
            return bool(await self.run.sql("SELECT 1 FROM documents WHERE document_id = $1", id))

        await poll(noted, deadline=20)
        return id

    async def suspected(self) -> None:
        await self.clock(at(7, 9))
        await self.screen("MUST_TRANSFER", "225")
        self.id = (await self.found())[0].id

    async def to_principal(self) -> None:
        """From the screen of 7 June to the desk of the principal head on the 9th; D33 ends on Monday the 12th."""
        await self.suspected()
        await self.act("pan", "NameTaskForce", officer_ids=["liang", "song"], lead_id="liang")
        await self.act("liang", "StartVerification", note="向公安机关咨询标准")
        await self.clock(at(8))
        element = pb.Element(offence="225", text="未经许可经营", met=True, evidence_ids=["photo"])
        report = await self.sealed("X3A")
        await self.confirmed("liang", "song", "SubmitReport", transfer=True, text="建议移送", elements=[element], document_id=report)
        await self.clock(at(9))
        await self.act("lin", "ReviewTransfer", passed=True, text="事实清楚")
        await self.act("liang", "HandReport", received_by="黄局长")

    async def approve(self) -> None:
        await self.clock(at(12))
        await self.act("huang", "ApproveTransfer", document_id=await self.sealed("F43"), opinion="同意移送")

    async def deliver(self) -> None:
        await self.clock(at(12, 15))
        papers = [await self.sealed(form) for form in ("F44", "X3B", "X3C")]
        await self.act("liang", "PreparePackage", document_ids=papers)
        await self.confirmed("liang", "song", "DeliverTransfer", evidence_ids=["photo", "goods"], original_media="存储卡存证据室")

    async def to_review(self) -> None:
        await self.to_principal()
        await self.approve()
        await self.deliver()
        await self.enter("police", "SignReceipt", number="回执1号", received_by="王警官")
        await self.enter("police", "StartReview")

    async def told(self, kind: str) -> list[Any]:
        """The events of this kind about this transfer, in order."""
        message = getattr(events_pb2, kind)
        found = []
        for record in await self.world.records("criminal-transfer.transfer.v1"):
            headers = dict(record.headers)
            if record.key.decode() == self.id and headers["ce_type"].decode().endswith(f".{kind}"):
                found.append(message.FromString(record.value))
        return found

    async def hears(self, kind: str, count: int = 1) -> list[Any]:
        async def there() -> list[Any]:
            found = await self.told(kind)
            return found if len(found) >= count else []

        return await poll(there, deadline=20)

"""The welders' case by gRPC: every step as its real actor, the documents as their events tell."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from anzhi.documents.v1 import events_pb2 as documents
from anzhi.penalties.v1 import penalties_pb2 as pb
from anzhi.penalties.v1.penalties_pb2_grpc import PenaltiesServiceStub
from anzhi.type.v1 import types_pb2
from google.protobuf.timestamp_pb2 import Timestamp
from kernel.days import SHANGHAI
from testkit.polling import poll
from testkit.users import a_user

ROLES = {
    "zhou": ("OFF", "LEAD"),
    "wu": ("OFF",),
    "zheng": ("UNIT",),
    "luo": ("LEGAL",),
    "dai": ("DEP",),
    "chen": ("CHIEF",),
    "fang": ("FIN",),
    "an": ("ARCHIVE",),
    "kong": ("HEAR",),
    "ye": ("DEP",),
}
WORDS = "read investigate review legal_review approve decide execute archive move hear deliberate"
PERMISSIONS = tuple(f"penalties.{word}" for word in WORDS.split())


def at(month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2022, month, day, hour, minute, tzinfo=SHANGHAI)


def stamp(moment: datetime) -> Timestamp:
    made = Timestamp()
    made.FromDatetime(moment)
    return made


def money(yuan: int) -> types_pb2.Money:
    return types_pb2.Money(fen=yuan * 100)


class Walk:
    def __init__(self, run: Any, world: Any, town: Any) -> None:
        self.run, self.world, self.town = run, world, town
        self.root = world.a_root()
        self.city, self.branch = f"{self.root}4419/", f"{self.root}4419/dalingshan/"
        self.inspection, self.enterprise = str(uuid4()), str(uuid4())
        self.findings = [f"{self.inspection}/{self.enterprise}/1", f"{self.inspection}/{self.enterprise}/2"]
        self.stubs: dict[str, Any] = {}
        self.case = pb.Case()
        self.town.evidence_state = "REGISTERED"
        self.town.org_paths[self.inspection] = self.branch

    def user(self, name: str) -> Any:
        branch = name in {"zhou", "wu", "zheng"}
        return a_user(
            name,
            org_id="branch" if branch else "city",
            org_path=self.branch if branch else self.city,
            roles=ROLES[name],
            permissions=PERMISSIONS,
        )

    async def by(self, name: str) -> Any:
        if name not in self.stubs:
            self.stubs[name] = await self.run.stub(PenaltiesServiceStub, self.user(name))
        return self.stubs[name]

    async def clock(self, moment: datetime) -> None:
        """What fell due by then may have moved the case."""
        await self.world.set_legal_now(self.root, moment)
        if self.case.id:
            await self.get()

    async def do(self, name: str, rpc: str, **given: Any) -> Any:
        """One write on the case by this person; keeps what it answers if it is the case."""
        request = getattr(pb, f"{rpc}Request")(request_id=str(uuid4()), id=self.case.id, version=self.case.version, **given)
        answer = await getattr(await self.by(name), rpc)(request)
        if isinstance(answer, pb.Case):
            self.case = answer
        return answer

    async def call(self, name: str, stub: Any, module: Any, rpc: str, **given: Any) -> Any:
        """A write of one of the other services of penalties by this person."""
        key = f"{name} {stub.__name__}"
        if key not in self.stubs:
            self.stubs[key] = await self.run.stub(stub, self.user(name))
        request = getattr(module, f"{rpc}Request")(request_id=str(uuid4()), id=self.case.id, version=self.case.version, **given)
        answer = await getattr(self.stubs[key], rpc)(request)
        if isinstance(answer, pb.Case):
            self.case = answer
        return answer

    async def confirm(self, proposal: Any, name: str = "wu") -> pb.Case:
        request = types_pb2.ConfirmMoveRequest(request_id=str(uuid4()), proposal_id=proposal.id)
        self.case = await (await self.by(name)).ConfirmMove(request)
        return self.case

    async def both(self, rpc: str, **given: Any) -> None:
        """A move of two officers: zhou proposes, wu confirms."""
        await self.confirm(await self.do("zhou", rpc, **given))

    async def move(self, name: str, move: str, reason: str = "", *document_ids: str) -> None:
        await self.do(name, "MoveCase", move=move, reason=reason, document_ids=document_ids)

    async def get(self) -> pb.Case:
        self.case = await (await self.by("zhou")).GetCase(pb.GetCaseRequest(id=self.case.id))
        return self.case

    def draft(self, form: str, **fields: Any) -> str:
        return self.town.draft(form, self.case.id, **fields)

    async def happened(self, document_id: str, kind: str, **fields: Any) -> None:
        form = self.town.drafts[document_id].form
        event = getattr(documents, kind)(document_id=document_id, form=form, object_kind="case", object_id=self.case.id, **fields)
        await self.world.produce("documents.document.v1", event, key=document_id, root=self.root)

    async def sealed(self, document_id: str, number: str = "") -> None:
        await self.happened(document_id, "DocumentSealed", number=number, sha256="ab" * 32, dated_on="2022-09-20")
        await self.until(lambda case: any(d.document_id == document_id and d.state != "DRAFT" for d in case.documents))

    async def served(self, document_id: str, on: str) -> None:
        await self.happened(document_id, "DocumentServed", served_on=on, deemed_on=on, mode="DIRECT")
        await self.until(lambda case: any(d.document_id == document_id and d.deemed_on for d in case.documents))

    async def until(self, test: Any) -> None:
        async def seen() -> bool:
            return bool(test(await self.get()))

        await poll(seen, deadline=10)
        # A case is read by several statements: what was just committed may show before the version that came with it.
        await self.get()

    # The story.

    async def open(self) -> None:
        await self.clock(at(8, 18, 8))
        request = pb.OpenCaseRequest(
            request_id=str(uuid4()),
            source=pb.SOURCE_FINDING,
            inspection_id=self.inspection,
            finding_ids=self.findings,
            enterprise_id=self.enterprise,
            act_id="A14",
            act_on="2022-08-16",
            discovered_on="2022-08-16",
            name="无证焊接案",
            summary="三名焊工无证作业",
            officer_ids=["zhou", "wu"],
        )
        self.case = await (await self.by("zhou")).OpenCase(request)

    async def file(self) -> None:
        self.f01 = self.draft("F01")
        await self.happened(self.f01, "DocumentDrafted")
        await self.until(lambda case: len(case.documents) == 1)
        await self.both("ProposeFiling", document_id=self.f01)
        await self.do("zheng", "ReviewFiling", opinion="同意")
        await self.do("dai", "FileCase", document_id=self.f01)
        await self.sealed(self.f01, "（莞）应急立〔2022〕1号")

    async def investigate(self) -> None:
        await self.clock(at(8, 23, 9))
        await self.both("StartInvestigation", reason="询问")
        await self.clock(at(8, 23, 12))
        await self.question(at(8, 23, 9))

    async def question(self, start: datetime, *officers: str) -> None:
        await self.do(
            "zhou",
            "RecordQuestioning",
            person_name="邓某",
            place="分局",
            starts_at=stamp(start),
            ends_at=stamp(start.replace(minute=30)),
            officer_ids=officers or ("zhou", "wu"),
            recorder_id="wu",
        )

    async def report(self) -> None:
        await self.clock(at(9, 8, 9))
        facts = [pb.AllegedFact(text="三名工人无证焊接", evidence_ids=["e1", "e2"], finding_ids=self.findings)]
        await self.do(
            "zhou",
            "ProposePenalty",
            facts=facts,
            amount=money(49_000),
            reasons="三人，已整改",
            correction_order_ids=["order"],
            income_note="无违法所得",
        )
        await self.do("zhou", "ScreenCase")
        self.ws10053, self.f30 = self.draft("ws10053"), self.draft("F30")
        await self.both("SubmitReport", document_ids=[self.ws10053, self.f30])
        await self.sealed(self.ws10053)

    async def review(self) -> None:
        await self.move("zhou", "submit_for_review", "", self.draft("ws10051"))
        await self.do("luo", "PassReview", opinion="同意", document_id=self.draft("ws10059"))
        self.town.evidence_state = "ADMITTED"

    async def notify(self) -> None:
        await self.clock(at(9, 9, 9))
        self.f24 = self.draft("F24")
        await self.do("dai", "ReleaseNotice", document_ids=[self.f24, self.draft("ws1003012"), self.f30])
        await self.sealed(self.f30)
        await self.served(self.f24, "2022-09-09")
        await self.clock(at(9, 15, 9))
        await self.do("chen", "ExtendCase", days=60, reason="复杂", document_id=self.draft("F45"))

    async def decide(self) -> None:
        await self.clock(at(9, 20, 9))
        await self.until(lambda case: case.state == pb.Case.STATE_DEFENCE)
        self.second = self.draft("F30")
        await self.move("zheng", "submit_for_decision", "", self.second)
        self.f34 = self.draft("F34")
        await self.do("chen", "DecideCase", document_ids=[self.second, self.f34])
        await self.sealed(self.second)
        await self.sealed(self.f34, "（莞）应急罚〔2022〕1号")
        await self.served(self.f34, "2022-09-20")
        await self.until(lambda case: case.state == pb.Case.STATE_EXECUTING)

    async def finish(self) -> None:
        await self.clock(at(9, 28, 9))
        await self.do("zhou", "PublishPenalty", channel="公示系统", url="https://example.invalid/1")
        await self.clock(at(10, 8, 9))
        await self.do("fang", "RecordPayment", amount=money(49_000), paid_on="2022-10-08", slip="slip-1")
        await self.move("fang", "complete_execution")
        await self.do("dai", "CloseCase", document_id=self.draft("F46"))
        await self.do("an", "ArchiveCase", document_ids=[self.draft("F47"), self.draft("F48")])

    async def to(self, step: str) -> "Walk":
        for name in ("open", "file", "investigate", "report", "review", "notify", "decide", "finish"):
            await getattr(self, name)()
            if name == step:
                break
        return self

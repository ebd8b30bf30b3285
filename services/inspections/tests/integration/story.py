"""The people of one branch and what they do, step by step, as each of them with his own token."""

from datetime import date, datetime
from uuid import uuid4

from anzhi.documents.v1 import events_pb2 as documents_events
from anzhi.inspections.v1 import inspections_pb2 as pb
from anzhi.inspections.v1.inspections_pb2_grpc import InspectionsServiceStub
from anzhi.penalties.v1 import events_pb2 as penalties_events
from anzhi.type.v1 import types_pb2
from google.protobuf.timestamp_pb2 import Timestamp
from testkit.asking import request_id
from testkit.polling import poll
from testkit.users import User, a_user

from .town import CLEAN, EXPIRED_CERTIFICATE, NO_CERTIFICATE, UNIT_ID, shanghai

PERMISSIONS = tuple(
    f"inspections.{name}"
    for name in ("create", "assign", "inspect", "approve", "review", "move", "supervise", "publish", "confirm", "read", "dispose")
)
ROLES = {
    "zhou": ("LEAD",),
    "wu": ("OFF",),
    "zheng": ("UNIT",),
    "dep": ("DEP",),
    "chief": ("CHIEF",),
    "plan": ("PLAN",),
    "fin": ("FIN",),
    "evid": ("EVID",),
}


CHECKED = date(2022, 8, 16)


class Story:
    """Users have ids of their own in every story, so that stories do not meet on site."""

    def __init__(self, run, world, town, root: str) -> None:
        self.run, self.world, self.town, self.root = run, world, town, root
        self.stubs: dict[str, InspectionsServiceStub] = {}
        self.ids: dict[str, str] = {}
        self.day = CHECKED
        self.users: dict[str, User] = {}

    @classmethod
    async def begun(cls, run, world, town, body: str = "branch", day: date = CHECKED) -> "Story":
        story = cls(run, world, town, world.a_root())
        story.day = day
        for name, roles in ROLES.items():
            place = story.root + ("dalingshan/" if name in {"zhou", "wu", "zheng"} else "")
            user = a_user(f"{name}-{uuid4().hex[:6]}", org_path=place, org_id=f"{story.root}{body}", roles=roles, permissions=PERMISSIONS)
            story.ids[name] = user.id
            story.users[name] = user
            story.stubs[name] = await run.stub(InspectionsServiceStub, user)
        await story.at(day.year, day.month, day.day - 1)
        return story

    def __getattr__(self, name: str) -> InspectionsServiceStub:
        if name in ROLES:
            return self.stubs[name]
        raise AttributeError(name)

    def today(self, hour: int, minute: int = 0) -> datetime:
        """On the day of the check."""
        return shanghai(self.day.year, self.day.month, self.day.day, hour, minute)

    async def at(self, *when: int) -> None:
        await self.world.set_legal_now(self.root, shanghai(*when))

    async def file(self, id: str) -> pb.InspectionFile:
        return await self.zhou.GetInspection(pb.GetInspectionRequest(id=id))

    async def version(self, id: str) -> int:
        return (await self.file(id)).version

    async def finding(self, id: str) -> pb.Finding:
        return (await self.zhou.GetFindings(pb.GetFindingsRequest(ids=[id]))).findings[0]

    async def order(self, inspection_id: str, order_id: str) -> pb.RectificationOrder:
        return next(one for one in (await self.file(inspection_id)).orders if one.id == order_id)

    async def created(self, **changes) -> pb.Inspection:
        given = {"source": pb.SOURCE_PLAN_GENERAL, "source_ref": "plan 2022-118", "enterprise_id": UNIT_ID, **changes}
        return await self.zhou.CreateInspection(pb.CreateInspectionRequest(request_id=request_id(), **given))

    async def assigned(self, **changes) -> pb.Inspection:
        made = await self.created(**changes)
        return await self.zheng.AssignOfficers(
            pb.AssignOfficersRequest(
                request_id=request_id(),
                id=made.id,
                version=made.version,
                officer_ids=[self.ids["zhou"], self.ids["wu"]],
                lead_id=self.ids["zhou"],
            )
        )

    async def ready(self) -> pb.Inspection:
        task = await self.assigned()
        window = [Timestamp(), Timestamp()]
        window[0].FromDatetime(self.today(8))
        window[1].FromDatetime(self.today(18))
        task = await self.zhou.SubmitScheme(
            pb.SubmitSchemeRequest(
                request_id=request_id(),
                id=task.id,
                version=task.version,
                window_from=window[0],
                window_to=window[1],
                content="特种作业",
                method="现场检查",
                check_item_ids=[NO_CERTIFICATE, EXPIRED_CERTIFICATE, CLEAN],
            )
        )
        form = self.town.signed("F02", "inspection", task.id, reviewers=(self.ids["zheng"], self.ids["dep"]))
        return await self.dep.ApproveScheme(
            pb.ApproveSchemeRequest(request_id=request_id(), id=task.id, version=task.version, document_id=form)
        )

    async def sealed(self, form: str, document_id: str, kind: str, object_id: str, task_id: str, number: str = "") -> None:
        """`documents` sealed it, and the line is noted here."""
        event = documents_events.DocumentSealed(
            document_id=document_id, form=form, object_kind=kind, object_id=object_id, number=number or f"{form}-1"
        )
        await self.world.produce("documents.document.v1", event, key=document_id, root=self.root)
        await poll(lambda: self._noted(document_id, task_id))

    async def _noted(self, document_id: str, task_id: str) -> bool:
        return any(line.document_id == document_id and line.state != "DRAFT" for line in (await self.file(task_id)).documents)

    async def served(self, form: str, document_id: str, kind: str, object_id: str, deemed_on: str) -> None:
        event = documents_events.DocumentServed(
            document_id=document_id,
            form=form,
            object_kind=kind,
            object_id=object_id,
            served_on=deemed_on,
            deemed_on=deemed_on,
            mode="DIRECT",
        )
        await self.world.produce("documents.document.v1", event, key=document_id, root=self.root)

    async def on_site(self) -> pb.Inspection:
        task = await self.ready()
        await self.sealed("F02", task.scheme.document_id, "inspection", task.id, task.id)
        await self.world.set_legal_now(self.root, self.today(9, 30))
        proposal = await self.zhou.ArriveOnSite(self.arriving(task))
        return (await self.confirmed("wu", proposal)).inspection

    def arriving(self, task: pb.Inspection, **changes) -> pb.ArriveOnSiteRequest:
        given = {"device_id": "camera-7", "recording": True, "certificates_shown": True, **changes}
        return pb.ArriveOnSiteRequest(request_id=request_id(), id=task.id, version=task.version, **given)

    async def confirmed(self, who: str, proposal: types_pb2.Proposal) -> pb.InspectionFile:
        return await self.stubs[who].ConfirmMove(types_pb2.ConfirmMoveRequest(request_id=request_id(), proposal_id=proposal.id))

    async def found(self, task_id: str, item: str, **changes) -> pb.Inspection:
        slots = {"姓名": "邓某、许某", "人数": "2", "场所": "焊接车间", "作业": "熔化焊接"}
        if item == EXPIRED_CERTIFICATE:
            slots = {"姓名": "李某", "日期": "2022年5月1日", "有效期届满/逾期未复审": "有效期届满", "场所": "焊接车间", "作业": "熔化焊接"}
        given = {"slots": slots, "place": "焊接车间", "photo_ids": ["photo-1"], "persons": 2, "answer": pb.ANSWER_NOT_CONFORM, **changes}
        return await self.wu.AnswerItem(
            pb.AnswerItemRequest(request_id=request_id(), id=task_id, version=await self.version(task_id), check_item_id=item, **given)
        )

    async def classified(self, finding: pb.Finding, *handling: int, measures=()) -> pb.Finding:
        finding = await self.zhou.MoveFinding(
            pb.MoveFindingRequest(request_id=request_id(), id=finding.id, version=finding.version, move="classify_general")
        )
        return await self.zhou.ChooseHandling(
            pb.ChooseHandlingRequest(request_id=request_id(), id=finding.id, version=finding.version, handling=handling, measures=measures)
        )

    def officers(self) -> tuple[str, str]:
        return self.ids["zhou"], self.ids["wu"]

    async def recorded(self) -> pb.InspectionFile:
        """Two findings under M2 and an order, the record signed and sealed."""
        task = await self.on_site()
        await self.found(task.id, NO_CERTIFICATE)
        await self.found(task.id, EXPIRED_CERTIFICATE, persons=1)
        for finding in (await self.file(task.id)).findings:
            await self.classified(finding, pb.HANDLING_MEASURE, pb.HANDLING_ORDER, measures=[pb.MEASURE_M2])
        form = self.town.signed("F03", "inspection", task.id, officers=self.officers())
        await self.zhou.SignRecord(
            pb.SignRecordRequest(request_id=request_id(), id=task.id, version=await self.version(task.id), document_id=form)
        )
        await self.sealed("F03", form, "inspection", task.id, task.id, "（莞）应急检记〔2022〕1号")
        return await self.file(task.id)

    async def measured(self) -> pb.InspectionFile:
        file = await self.recorded()
        form = self.town.signed("F04", "inspection", file.inspection.id, officers=self.officers())
        await self.zhou.ApplyMeasures(
            pb.ApplyMeasuresRequest(
                request_id=request_id(),
                id=file.inspection.id,
                version=file.version,
                finding_ids=[finding.id for finding in file.findings],
                document_id=form,
            )
        )
        return await self.file(file.inspection.id)

    async def ordered(self, due_on: str = "2022-09-15") -> tuple[pb.InspectionFile, pb.RectificationOrder]:
        """F05 issued, sealed and served on the day of the check."""
        file = await self.measured()
        task_id = file.inspection.id
        order = await self.zhou.DraftOrder(
            pb.DraftOrderRequest(
                request_id=request_id(),
                inspection_id=task_id,
                version=file.version,
                items=[pb.OrderItem(finding_id=finding.id, due_on=due_on) for finding in file.findings],
            )
        )
        form = self.town.signed("F05", "order", order.id, officers=self.officers())
        order = await self.zhou.IssueOrder(
            pb.IssueOrderRequest(request_id=request_id(), id=order.id, version=order.version, document_id=form)
        )
        await self.sealed("F05", form, "order", order.id, task_id, "（莞）应急责改〔2022〕1号")
        await self.served("F05", form, "order", order.id, "2022-08-16")

        async def running() -> bool:
            return (await self.order(task_id, order.id)).state == pb.RectificationOrder.STATE_RUNNING

        await poll(running)
        return await self.file(task_id), await self.order(task_id, order.id)

    async def reported(self, order: pb.RectificationOrder) -> pb.RectificationOrder:
        return await self.wu.ReportDone(
            pb.ReportDoneRequest(
                request_id=request_id(),
                id=order.id,
                version=order.version,
                finding_ids=[item.finding_id for item in order.items],
                evidence_id="report-1",
            )
        )

    async def rechecked(self, order: pb.RectificationOrder, *results: int) -> pb.RectificationOrder:
        form = self.town.signed("F06", "order", order.id, officers=self.officers())
        return await self.zhou.RecheckOrder(
            pb.RecheckOrderRequest(
                request_id=request_id(),
                id=order.id,
                version=order.version,
                document_id=form,
                results=[
                    pb.FindingResult(finding_id=item.finding_id, result=result, photo_after_ids=["after-1"])
                    for item, result in zip(order.items, results, strict=True)
                ],
            )
        )

    async def case_filed(self, inspection_id: str, finding_ids: list[str]) -> None:
        event = penalties_events.CaseFiled(case_id=str(uuid4()), inspection_id=inspection_id, finding_ids=finding_ids)
        await self.world.produce("penalties.case.v1", event, key=event.case_id, root=self.root)

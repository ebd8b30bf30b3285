"""The three welders of Dalingshan, first half: the inspection, from the task to the served order (law brief 6.7, case 1)."""

from dataclasses import dataclass, field
from typing import Any

from embedded.demo.api import Actor
from embedded.demo.stage import Stage, a_picture, instant

BRANCH = "/44/4419/dalingshan/"
CONFIRM = "/v1/inspection-proposals"
WELDING = "2.1"
ITEM_NONE, ITEM_EXPIRED = "WSL-30.1-1", "WSL-30.1-2"
DUE_ON = "2022-09-15"
UNIT = {
    "code": "91441900MA4W12346U",
    "name": "东莞市穗岭机械有限公司",
    "regionCode": "441900118",
    "address": "东莞市大岭山镇连平村工业路8号",
    "legalRepresentative": "何志明",
    "phone": "0769-81234567",
    "industryCode": "C3421",
    "grade": "GENERAL",
}
SHOP = "焊接车间"
HEAD, HEAD_POST = "何志明", "总经理"


@dataclass(frozen=True)
class Worker:
    """A made-up welder. The number of 李 is in the register, expired; the others are not in it."""

    name: str
    id_number: str


DENG = Worker("邓海", "441900199003121215")
LI = Worker("李国强", "441900198507231413")
XU = Worker("许文", "441900199411051615")


@dataclass
class Inspected:
    """What the second half goes on with."""

    enterprise_id: str = ""
    inspection_id: str = ""
    finding_ids: list[str] = field(default_factory=list)
    order_id: str = ""
    order_document_id: str = ""
    evidence_ids: list[str] = field(default_factory=list)


class Inspection:
    def __init__(self, stage: Stage) -> None:
        self.stage, self.say = stage, stage.narration
        cast = stage.cast
        self.lead, self.officer, self.unit, self.dep = cast("zhou"), cast("wu"), cast("zheng"), cast("sun")
        self.done = Inspected()

    def play(self) -> Inspected:
        self.prepare()
        self.task()
        self.visit()
        self.order()
        return self.done

    def prepare(self) -> None:
        """The registers as they stood: the unit is known, 李's certificate has run out."""
        self.stage.day("2022-08-15", "09:00", "The task")
        found = self.lead.get("/v1/enterprises", q=UNIT["code"]).get("enterprises", [])
        unit = found[0] if found else self.lead.post("/v1/enterprises", confirmCode=False, orgPath=BRANCH, **UNIT)
        self.done.enterprise_id = unit["id"]
        if not self.register_of(LI)["found"]:
            self.lead.post(
                "/v1/special-operation-certificates",
                number=f"T{LI.id_number}",
                holderName=LI.name,
                holderIdNumber=LI.id_number,
                item=WELDING,
                validFromOn="2016-06-20",
                validToOn="2022-06-19",
                reviewDueOn="2022-06-19",
                issuer="广东省应急管理厅",
            )
        self.say.note(f"{UNIT['name']} ({UNIT['code']}), {unit['supervisionClass']}; {LI.name}'s certificate ran out on 2022-06-19")

    def register_of(self, worker: Worker) -> dict[str, Any]:
        return self.lead.post(
            "/v1/special-operation-certificates:find",
            holderIdNumber=worker.id_number,
            holderName=worker.name,
            item=WELDING,
            on="2022-08-16",
        )

    def task(self) -> None:
        task = self.lead.post(
            "/v1/inspections",
            source="PLAN_GENERAL",
            sourceRef="2022年度监督检查计划第37项",
            title="机械制造企业特种作业专项检查",
            enterpriseId=self.done.enterprise_id,
            category="WORK_SAFETY",
        )
        self.done.inspection_id = task["id"]
        self.say.act(self.lead.name, f"enters the task: {task['title']}", task["state"], "I01")
        self.stage.refused(
            self.lead,
            "assigns himself",
            lambda: self.move("assign", self.lead, officerIds=[self.lead.id, self.officer.id], leadId=self.lead.id),
        )
        task = self.move("assign", self.unit, officerIds=[self.lead.id, self.officer.id], leadId=self.lead.id)
        self.say.act(self.unit.name, f"assigns {self.lead.name} (lead) and {self.officer.name}", task["state"], "I04")
        task = self.move(
            "submitScheme",
            self.lead,
            windowFrom=instant("2022-08-16", "09:00"),
            windowTo=instant("2022-08-16", "18:00"),
            content="特种作业人员持证上岗情况",
            method="现场检查、查阅资料、询问",
            checkItemIds=[ITEM_NONE, ITEM_EXPIRED],
        )
        self.say.act(self.lead.name, "submits the scheme", task["state"], "I06")
        scheme = self.stage.draft(self.lead, "F02", "inspection", self.done.inspection_id, {"contact": HEAD})
        self.stage.sign(scheme, (self.unit, "REVIEWER"), (self.dep, "REVIEWER"), opinion="同意")
        self.stage.refused(self.unit, "approves the scheme", lambda: self.move("approveScheme", self.unit, documentId=scheme["id"]))
        task = self.move("approveScheme", self.dep, documentId=scheme["id"])
        self.say.act(self.dep.name, "approves the scheme", task["state"], "I08")
        self.stage.sealed(self.lead, scheme)

    def visit(self) -> None:
        self.stage.day("2022-08-16", "09:30", "On site: three men weld, none can show a certificate")
        arriving = {
            "deviceId": "cam-0007",
            "recording": True,
            "certificatesShown": True,
            "notifiedBefore": False,
            "position": {"latitude": 22.9016, "longitude": 113.8423, "accuracyM": 8},
        }
        file = self.stage.both(
            self.lead,
            self.officer,
            f"/v1/inspections/{self.done.inspection_id}:arrive",
            CONFIRM,
            version=self.task_now()["version"],
            **arriving,
        )
        self.say.act(f"{self.lead.name}+{self.officer.name}", "arrive, show their certificates", file["inspection"]["state"], "I10")
        photos = [
            self.photographed("三名工人正在焊接", "现场拍摄", f"{DENG.name}、{LI.name}、{XU.name}正在从事焊接作业", 40),
            self.photographed("焊接工位和设备", "现场拍摄", "焊接工位三处，均在作业", 90),
        ]
        queries = [self.queried(worker) for worker in (DENG, LI, XU)]
        self.answered(
            ITEM_NONE,
            {"姓名": f"{DENG.name}、{XU.name}", "人数": "2", "场所": SHOP, "作业": "焊接与热切割作业", "期限": "2022年9月15日"},
            photos,
            persons=2,
        )
        self.answered(
            ITEM_EXPIRED,
            {
                "姓名": LI.name,
                "证号": f"T{LI.id_number[:3]}***********{LI.id_number[-4:]}",
                "日期": "2022年6月20日",
                "有效期届满/逾期未复审": "有效期届满",
                "场所": SHOP,
                "作业": "焊接与热切割作业",
                "期限": "2022年9月15日",
            },
            photos,
            persons=1,
        )
        self.done.evidence_ids += [item["id"] for item in (*photos, *queries)]
        for found in self.file_now()["findings"]:
            finding = self.lead.post(f"/v1/findings/{found['id']}:move", version=found["version"], move="classify_general", reason="")
            self.say.act(self.lead.name, f"classes {finding['matter']} as general", finding["state"], "HD02")
            chosen = self.lead.post(
                f"/v1/findings/{finding['id']}:chooseHandling", version=finding["version"], handling=["MEASURE", "ORDER"], measures=["M2"]
            )
            self.done.finding_ids.append(finding["id"])
            self.say.act(self.lead.name, f"finding: {chosen['violationText']}; {', '.join(chosen['handling'])}", chosen["state"])
        self.record()
        self.measures()

    def photographed(self, title: str, source: str, fact: str, shade: int) -> dict[str, Any]:
        item = self.stage.photo(self.officer, "inspection", self.done.inspection_id, title, a_picture(title, shade), SHOP)
        return self.stage.register(self.officer, item, "E3", source, fact, UNIT["name"])

    def queried(self, worker: Worker) -> dict[str, Any]:
        item = self.officer.post(
            "/v1/evidence:query",
            objectKind="inspection",
            objectId=self.done.inspection_id,
            title=f"特种作业操作证查询（{worker.name}）",
            register="SPECIAL_OPERATION",
            holderIdNumber=worker.id_number,
            holderName=worker.name,
            item=WELDING,
            on="2022-08-16",
        )
        answer = item["answer"]
        told = "no certificate" if not answer.get("found") else answer["certificates"][0]["status"]
        self.say.act(self.officer.name, f"asks the register for {worker.name}: {told}", item["state"], "V01")
        return self.stage.register(self.officer, item, "E4", "特种作业操作证登记查询", f"{worker.name}在检查当日没有有效的特种作业操作证")

    def answered(self, item_id: str, slots: dict[str, str], photos: list[dict[str, Any]], persons: int) -> None:
        task = self.task_now()
        self.officer.post(
            f"/v1/inspections/{task['id']}:answerItem",
            version=task["version"],
            checkItemId=item_id,
            answer="NOT_CONFORM",
            slots=slots,
            place=SHOP,
            photoIds=[photo["id"] for photo in photos],
            persons=persons,
        )
        self.say.act(self.officer.name, f"answers {item_id}: not conform", "FOUND", "HD01")

    def record(self) -> None:
        record = self.stage.draft(self.lead, "F03", "inspection", self.done.inspection_id, {"post": HEAD_POST})
        self.stage.refused(self.lead, "signs the record alone", lambda: self.move("signRecord", self.lead, documentId=record["id"]))
        self.stage.sign(record, (self.lead, "OFFICER"), (self.officer, "OFFICER"))
        self.stage.sign_for(self.lead, record, "ENTERPRISE", HEAD)
        task = self.move("signRecord", self.lead, documentId=record["id"])
        self.say.act(f"{self.lead.name}+{self.officer.name}+{HEAD}", "sign the record", task["state"], "I14")
        task = self.lead.until(f"/v1/inspections/{task['id']}", lambda file: file["inspection"]["state"] == "ISSUES_OPEN")["inspection"]
        self.say.act("SYS", "opens the issues", task["state"], "I16")
        self.stage.sealed(self.lead, record)

    def measures(self) -> None:
        decision = self.stage.draft(self.lead, "F04", "inspection", self.done.inspection_id)
        self.stage.sign(decision, (self.lead, "OFFICER"), (self.officer, "OFFICER"))
        self.stage.sign_for(self.lead, decision, "ENTERPRISE", HEAD)
        file = self.move("applyMeasures", self.lead, documentId=decision["id"], findingIds=self.done.finding_ids)
        states = {finding["state"] for finding in file["findings"]}
        self.say.act(f"{self.lead.name}+{self.officer.name}", "order the welders off their posts (M2)", "/".join(sorted(states)), "HD06")
        self.stage.sealed(self.lead, decision)
        self.stage.deliver(self.lead, self.officer, decision, HEAD, HEAD_POST, UNIT["address"])

    def order(self) -> None:
        task = self.task_now()
        order = self.lead.post(
            f"/v1/inspections/{task['id']}/orders",
            version=task["version"],
            items=[{"findingId": finding_id, "dueOn": DUE_ON} for finding_id in self.done.finding_ids],
        )
        self.done.order_id = order["id"]
        self.say.act(self.lead.name, f"drafts the order to rectify by {DUE_ON}", order["state"], "R01")
        document = self.stage.draft(self.lead, "F05", "order", order["id"])
        self.stage.sign(document, (self.lead, "OFFICER"), (self.officer, "OFFICER"))
        self.stage.sign_for(self.lead, document, "ENTERPRISE", HEAD)
        order = self.lead.post(f"/v1/orders/{order['id']}:issue", version=order["version"], documentId=document["id"])
        self.say.act(f"{self.lead.name}+{self.officer.name}", "issue the order", order["state"], "R02")
        self.done.order_document_id = document["id"]
        self.stage.sealed(self.lead, document)
        self.stage.deliver(self.lead, self.officer, document, HEAD, HEAD_POST, UNIT["address"])
        file = self.lead.until(f"/v1/inspections/{task['id']}", lambda answer: answer["orders"][0]["state"] == "RUNNING")
        self.say.act("SYS", "the order runs", "RUNNING", "R04")
        for finding in file["findings"]:
            self.say.act("SYS", f"{finding['checkItemId']} is to be rectified", finding["state"], "HD07")
        for deadline in file["findings"][0].get("deadlines", []):
            self.say.deadline(deadline)

    def move(self, verb: str, by: Actor, **body: Any) -> dict[str, Any]:
        task = self.task_now()
        return by.post(f"/v1/inspections/{task['id']}:{verb}", version=task["version"], **body)

    def task_now(self) -> dict[str, Any]:
        found: dict[str, Any] = self.file_now()["inspection"]
        return found

    def file_now(self) -> dict[str, Any]:
        return self.lead.get(f"/v1/inspections/{self.done.inspection_id}")

"""The three welders of Dalingshan, first half: the inspection, from the task to the served order (law brief 6.7, case 1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from embedded.demo.stage import Stage
from embedded.demo.team import dalingshan
from embedded.demo.visit import Inspected, Unit, Visit

WELDING = "2.1"
ITEM_NONE, ITEM_EXPIRED = "WSL-30.1-1", "WSL-30.1-2"
DUE_ON = "2022-09-15"
HEAD, HEAD_POST = "何志明", "总经理"
UNIT = Unit(
    "/44/4419/dalingshan/",
    HEAD,
    HEAD_POST,
    {
        "code": "91441900MA4W12346U",
        "name": "东莞市穗岭机械有限公司",
        "regionCode": "441900118",
        "address": "东莞市大岭山镇连平村工业路8号",
        "legalRepresentative": HEAD,
        "phone": "0769-81234567",
        "industryCode": "C3421",
        "grade": "GENERAL",
    },
)
SHOP = "焊接车间"


@dataclass(frozen=True)
class Worker:
    """A made-up welder. The number of 李 is in the register, expired; the others are not in it."""

    name: str
    id_number: str


DENG = Worker("邓海", "441900199003121215")
LI = Worker("李国强", "441900198507231413")
XU = Worker("许文", "441900199411051615")


class Inspection(Visit):
    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, dalingshan(stage.cast), UNIT)

    def play(self) -> Inspected:
        self.stage.day("2022-08-15", "09:00", "The task")
        self.prepare()
        self.plan(
            "2022年度监督检查计划第37项",
            "机械制造企业特种作业专项检查",
            "2022-08-16",
            "特种作业人员持证上岗情况",
            [ITEM_NONE, ITEM_EXPIRED],
        )
        self.stage.day("2022-08-16", "09:30", "On site: three men weld, none can show a certificate")
        self.arrive(22.9016, 113.8423)
        self.look()
        self.classify(["MEASURE", "ORDER"], ["M2"])
        self.record()
        self.measures()
        self.order(DUE_ON)
        return self.done

    def prepare(self) -> None:
        """The registers as they stood: the unit is known, 李's certificate has run out."""
        unit = self.register()
        if not self.register_of(LI)["found"]:
            self.team.lead.post(
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
        self.say.note(f"{UNIT.name} ({UNIT.fields['code']}), {unit['supervisionClass']}; {LI.name}'s certificate ran out on 2022-06-19")

    def register_of(self, worker: Worker) -> dict[str, Any]:
        return self.team.lead.post(
            "/v1/special-operation-certificates:find",
            holderIdNumber=worker.id_number,
            holderName=worker.name,
            item=WELDING,
            on="2022-08-16",
        )

    def before_assignment(self) -> None:
        lead = self.team.lead
        self.stage.refused(lead, "assigns himself", lambda: self.move("assign", lead, officerIds=self.team.ids, leadId=lead.id))

    def before_approval(self, scheme: Mapping[str, Any]) -> None:
        unit = self.team.unit
        self.stage.refused(unit, "approves the scheme", lambda: self.move("approveScheme", unit, documentId=scheme["id"]))

    def look(self) -> None:
        photos = [
            self.photographed("三名工人正在焊接", "现场拍摄", f"{DENG.name}、{LI.name}、{XU.name}正在从事焊接作业", 40, SHOP),
            self.photographed("焊接工位和设备", "现场拍摄", "焊接工位三处，均在作业", 90, SHOP),
        ]
        queries = [self.queried(worker) for worker in (DENG, LI, XU)]
        self.answered(
            ITEM_NONE,
            {"姓名": f"{DENG.name}、{XU.name}", "人数": "2", "场所": SHOP, "作业": "焊接与热切割作业", "期限": "2022年9月15日"},
            photos,
            SHOP,
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
            SHOP,
            persons=1,
        )
        self.done.evidence_ids += [item["id"] for item in (*photos, *queries)]

    def queried(self, worker: Worker) -> dict[str, Any]:
        officer = self.team.officer
        item = officer.post(
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
        self.say.act(officer.name, f"asks the register for {worker.name}: {told}", item["state"], "V01")
        return self.stage.register(officer, item, "E4", "特种作业操作证登记查询", f"{worker.name}在检查当日没有有效的特种作业操作证")

    def measures(self) -> None:
        team = self.team
        decision = self.stage.draft(team.lead, "F04", "inspection", self.done.inspection_id)
        self.stage.sign(decision, (team.lead, "OFFICER"), (team.officer, "OFFICER"))
        self.stage.sign_for(team.lead, decision, "ENTERPRISE", HEAD)
        file = self.move("applyMeasures", team.lead, documentId=decision["id"], findingIds=self.done.finding_ids)
        states = {finding["state"] for finding in file["findings"]}
        self.say.act(team.both, "order the welders off their posts (M2)", "/".join(sorted(states)), "HD06")
        self.stage.sealed(team.lead, decision)
        self.deliver(decision)

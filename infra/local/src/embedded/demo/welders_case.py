"""The three welders of Dalingshan, second half: the penalty case, from the clue to the archived file (law brief 6.7, case 1)."""

from typing import Any

from embedded.demo.casework import Casework, proposal
from embedded.demo.stage import Stage
from embedded.demo.welders_inspection import DENG, HEAD, HEAD_POST, LI, SHOP, UNIT, XU, Inspection

FINE = 4_900_000
BUREAU = "东莞市应急管理局大岭山分局询问室"


class Case(Casework):
    def __init__(self, inspection: Inspection) -> None:
        super().__init__(inspection.stage, inspection.team, UNIT, inspection.done)
        self.inspection = inspection
        self.papers: list[dict[str, Any]] = []

    def play(self) -> str:
        self.file()
        self.investigate()
        self.report()
        self.notify()
        self.extend()
        self.recheck()
        self.decide()
        self.execute()
        self.close()
        return self.id

    def file(self) -> None:
        self.stage.day("2022-08-18", "09:00", "The case is filed")
        self.opened(
            "opens the clue on two findings: one act, A14, 3 persons",
            actId="A14",
            actOn="2022-08-16",
            actEndedOn="2022-08-16",
            discoveredOn="2022-08-16",
            metricValue=3,
            name=f"{UNIT.name}使用未取得相应资格的特种作业人员上岗作业案",
            summary=f"2022年8月16日检查发现，{DENG.name}、{XU.name}未取得、{LI.name}未持有效特种作业操作证在{SHOP}从事焊接作业",
        )
        self.filed()

    def investigate(self) -> None:
        self.stage.day("2022-08-23", "08:30", "Five people are questioned, one after another")
        self.investigating("询问当事人及有关人员")
        people = [
            (DENG.name, "焊工", DENG.id_number, "无特种作业操作证，当日从事焊接作业"),
            (LI.name, "焊工", LI.id_number, "操作证已于2022年6月19日届满，当日从事焊接作业"),
            (XU.name, "焊工", XU.id_number, "无特种作业操作证，当日从事焊接作业"),
            ("陈安", "安全管理员", "441900198802022216", "未核验三名焊工的操作证"),
            (HEAD, HEAD_POST, "441900197501013018", "知悉三名焊工在岗作业，承认单位未核验"),
        ]
        for at, (name, post, id_number, fact) in enumerate(people):
            self.question(
                "2022-08-23",
                f"{9 + at:02d}:00",
                f"{9 + at:02d}:40",
                BUREAU,
                "特种作业人员持证上岗情况",
                "2022年8月16日上午你在做什么？有无特种作业操作证？",
                name=name,
                post=post,
                id_number=id_number,
                fact=fact,
            )
        self.linked()

    def report(self) -> None:
        lead = self.team.lead
        self.stage.day("2022-09-08", "09:00", "The investigation ends")
        self.screened()
        told = proposal(
            [
                {
                    "text": f"2022年8月16日，你单位安排{DENG.name}、{XU.name}、{LI.name}在{SHOP}从事焊接与热切割作业，"
                    f"其中{DENG.name}、{XU.name}未取得特种作业操作证，{LI.name}的特种作业操作证已过有效期",
                    "evidenceIds": self.evidence_ids,
                    "findingIds": self.inspected.finding_ids,
                }
            ],
            "三名特种作业人员无有效资格上岗作业，未造成事故，按一般情节在幅度内确定罚款数额",
            correctionOrderIds=[self.inspected.order_id],
            incomeHandling="NONE",
            incomeNote="该行为没有直接违法所得",
            metricValue=3,
        )
        self.stage.refused(lead, "proposes 150,000 yuan", lambda: self.move(lead, "proposePenalty", amount={"fen": "15000000"}, **told))
        case = self.move(lead, "proposePenalty", amount={"fen": str(FINE)}, **told)
        position = self.discretion_told(case)
        self.say.act(lead.name, f"proposes 49,000 yuan, position {position:.3f}", case["state"])
        self.papers = self.reported()
        self.submitted_for_review()
        self.admitted()
        self.passed()

    def notify(self) -> None:
        self.stage.day("2022-09-09", "10:00", "The party is told what is intended")
        self.noticed(self.papers[1], "F24")

    def extend(self) -> None:
        self.stage.day("2022-09-15", "09:30", "The case needs more time; the unit reports the work done")
        self.extended(60, "2022-11-16", "陈述申辩期限和整改复查尚未届满")
        self.inspection.reported_done("整改完成报告", "企业报告整改完成")

    def recheck(self) -> None:
        self.stage.day("2022-09-19", "14:00", "Re-inspection: all three are replaced or trained")
        self.inspection.recheck(
            "整改后焊接工位",
            "焊接工位由持证人员作业",
            "经复查，三名人员已调离焊接岗位，现由持证人员作业，整改完成",
            SHOP,
        )

    def decide(self) -> None:
        team = self.team
        self.stage.day("2022-09-20", "09:30", "The decision: 49,000 yuan")
        case = self.until("DEFENCE")
        self.say.act("SYS", "the time for a statement is over, none was made", case["state"], "PC17")
        final = self.draft(team.lead, "F30")
        self.stage.sign(final, (team.lead, "OFFICER"), (team.officer, "OFFICER"))
        self.stage.sign(final, (team.unit, "REVIEWER"), opinion="同意")
        case = self.move(team.unit, "move", move="submit_for_decision", reason="提请决定", documentIds=[final["id"]])
        self.say.act(team.unit.name, "submits the case for decision", case["state"], "PC26")
        decision = self.draft(team.lead, "F34")
        self.stage.sign(final, (team.chief, "APPROVER"), opinion="同意")
        papers = [final["id"], decision["id"]]
        self.stage.refused(team.dep, "decides the case", lambda: self.move(team.dep, "decide", documentIds=papers))
        case = self.move(team.chief, "decide", documentIds=papers)
        self.say.act(team.chief.name, "signs the decision: a fine of 49,000 yuan", case["state"], "PC27")
        self.stage.sealed(team.lead, final, decision)
        self.deliver(decision)
        case = self.until("EXECUTING")
        self.say.act("SYS", "the decision is served; the duty to pay begins", case["state"], "PC29 PC30")
        self.show_deadlines(case, "D14", "D16", "D19", "D20")
        slip = self.draft(team.lead, "SLIP")
        self.move(team.lead, "releaseDocuments", documentIds=[slip["id"]])
        self.stage.sealed(team.lead, slip)

    def execute(self) -> None:
        self.stage.day("2022-09-28", "10:00", "The penalty is published, the inspection closed")
        self.published("东莞市应急管理局网站", "https://example.invalid/gs/2022/37")
        self.inspection.close()
        self.stage.day("2022-10-08", "11:00", "The fine is paid on the last day")
        self.paid(FINE, "2022-10-08", "44190022100800012")
        self.executed("罚款已缴清")

    def close(self) -> None:
        self.stage.day("2022-10-10", "09:30", "The case is closed and archived")
        self.closed()


def welders_case(stage: Stage) -> str:
    """The whole story; answers the id of the case."""
    inspection = Inspection(stage)
    inspection.play()
    return Case(inspection).play()

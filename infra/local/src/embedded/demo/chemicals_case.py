"""Sixteen chemicals outside the licence, second half: screen, hearing, discussion, confiscation, the file (law brief 6.7, case 2)."""

from typing import Any

from embedded.demo.casework import Casework, proposal
from embedded.demo.chemicals_inspection import HEAD, HEAD_POST, OUTSIDE, STORE, UNIT, Inspection
from embedded.demo.stage import Stage, a_picture, instant
from embedded.demo.suspicion import Suspicion

FINE, INCOME, GOODS = 15_000_000, 9_200_000, 28_640_000
ROOM = "珠海市香洲区应急管理局听证室"
OFFICE = "珠海市香洲区应急管理局询问室"


class Case(Casework):
    def __init__(self, inspection: Inspection) -> None:
        super().__init__(inspection.stage, inspection.team, UNIT, inspection.done)
        self.inspection = inspection
        cast = inspection.stage.cast
        self.presider, self.clerk, self.member = cast("kong"), cast("kang"), cast("jiang")
        self.suspicion = Suspicion(self)
        self.papers: list[dict[str, Any]] = []
        self.final: dict[str, Any] = {}

    def play(self) -> str:
        self.file()
        self.suspect()
        self.verify()
        self.recheck()
        self.report()
        self.extend()
        self.notify()
        self.ask_hearing()
        self.hear()
        self.review_again()
        self.discuss()
        self.decide()
        self.execute()
        return self.id

    def file(self) -> None:
        self.stage.day("2022-06-15", "09:00", "The case is filed; the crime screen says CONSULT")
        self.opened(
            "opens the clue: dealing in sixteen chemicals outside the licence, A59",
            actId="A59",
            actOn="2022-01-10",
            actEndedOn="2022-06-14",
            discoveredOn="2022-06-14",
            metricValue=len(OUTSIDE),
            name=f"{UNIT.name}超许可范围经营危险化学品案",
            summary=f"2022年6月14日检查发现，该单位经营危险化学品经营许可证许可范围以外的{len(OUTSIDE)}种危险化学品",
        )
        self.filed()
        self.investigating("询问当事人，核对购销台账")
        self.question(
            "2022-06-15",
            "14:00",
            "15:00",
            OFFICE,
            "超许可范围经营危险化学品",
            "这十六种危险化学品是否在你单位经营许可证的许可范围内？卖了多少钱？",
            name=HEAD,
            post=HEAD_POST,
            id_number="440402197603153015",
            fact="十六种危险化学品不在许可范围内，销售收入共九万二千元",
        )
        self.linked()
        self.screened(
            dangerousGoods="YES", unlicensedActivity="YES", realDanger="UNKNOWN", illegalTurnover=fen(INCOME), illegalIncome=fen(INCOME)
        )

    # -- the transfer record that resolves the screen

    def suspect(self) -> None:
        self.suspicion.opened()
        self.suspicion.task_force()
        self.stage.day("2022-06-16", "09:00", "The task force verifies")
        self.suspicion.verifying("核查现场储存条件是否具有发生重大事故的现实危险")

    def verify(self) -> None:
        """No real danger: the screen says WATCH, and the suspicion ends."""
        self.stage.day("2022-06-21", "10:00", "No real danger was found")
        self.screen_again()
        self.suspicion.unfounded("储存条件合格，未发现具有发生重大伤亡事故现实危险的情形，销售额未达追诉标准")
        path = f"/v1/cases/{self.id}"
        self.team.lead.until(path, lambda case: any(one["state"] == "CLOSED" for one in case.get("transfers", [])))

    def screen_again(self) -> None:
        self.screened(
            dangerousGoods="YES", unlicensedActivity="YES", realDanger="NO", illegalTurnover=fen(INCOME), illegalIncome=fen(INCOME)
        )

    def recheck(self) -> None:
        self.stage.day("2022-06-28", "10:00", "The unit reports that it has stopped")
        self.inspection.reported_done("停止经营报告", "企业报告已停止经营许可范围以外的危险化学品")
        self.stage.day("2022-06-29", "10:00", "Re-inspection")
        self.inspection.recheck("仓库封条完好", "封条完好，未再经营", "经复查，你单位已停止经营许可范围以外的危险化学品，整改完成", STORE)

    def report(self) -> None:
        lead = self.team.lead
        self.stage.day("2022-06-30", "09:00", "The investigation ends: fine, goods and income")
        self.screen_again()
        told = proposal(
            [
                {
                    "text": f"你单位的危险化学品经营许可证许可范围不包括{'、'.join(name for name, _ in OUTSIDE)}，"
                    "2022年1月至6月经营上述十六种危险化学品，销售收入92000元，库存货值286400元",
                    "evidenceIds": self.evidence_ids,
                    "findingIds": self.inspected.finding_ids,
                }
            ],
            "超许可范围经营的品种较多，无从轻、从重情节，按幅度中间值确定罚款数额",
            correctionOrderIds=[self.inspected.order_id],
            incomeHandling="CONFISCATED",
            incomeNote="销售收入即违法所得",
            illegalIncome=fen(INCOME),
            goodsValue=fen(GOODS),
            metricValue=len(OUTSIDE),
        )
        case = self.move(lead, "proposePenalty", amount=fen(FINE), **told)
        position = self.discretion_told(case)
        self.say.act(lead.name, f"proposes 150,000 yuan (position {position:.2f}), 92,000 of income, goods of 286,400", case["state"])
        self.papers = self.reported()
        self.submitted_for_review()
        self.stage.day("2022-07-04", "10:00", "Legal review")
        self.passed()
        self.stage.day("2022-07-05", "10:00", "The seal is extended")
        self.inspection.extend_seal()

    def extend(self) -> None:
        self.stage.day("2022-07-06", "10:00", "The case is extended")
        self.extended(60, "2022-09-13", "当事人有权要求听证，案件不能在期限内办结")

    def notify(self) -> None:
        self.stage.day("2022-07-07", "10:00", "The party is told, and that it may ask for a hearing")
        self.noticed(self.papers[1], "F24", "F26")

    def ask_hearing(self) -> None:
        officer = self.team.officer
        self.stage.day("2022-07-11", "10:00", "The party asks for a hearing")
        letter = self.stage.photo(officer, "case", self.id, "听证申请书", a_picture("听证申请书", 210), UNIT.address)
        self.stage.register(officer, letter, "E1", "企业提交", "要求听证", UNIT.name)
        case = self.move(self.team.lead, "recordHearingRequest", requestedAt=instant("2022-07-11", "10:00"), evidenceId=letter["id"])
        self.say.act(f"{HEAD} (ENT)", "asks for a hearing", case["state"], "PC19")
        self.show_deadlines(case, "D10")
        self.stage.day("2022-07-12", "09:00", "The hearing is set")
        case = self.move(
            self.presider,
            "acceptHearing",
            presiderId=self.presider.id,
            memberIds=[self.member.id],
            clerkId=self.clerk.id,
            closed=False,
        )
        self.say.act(self.presider.name, "accepts the request and will preside", case["hearings"][-1]["state"], "HR02")
        days = self.team.lead.get(f"/v1/cases/{self.id}/hearing-days", servedOn="2022-07-12")
        self.say.note(f"first day that the law allows: {days['earliestOn']}, target {days['targetOn']}")
        notice = self.draft(self.presider, "F27", hearing_at=instant("2022-07-22", "09:30"), place=ROOM)
        case = self.move(
            self.presider,
            "releaseHearingNotice",
            documentId=notice["id"],
            scheduledAt=instant("2022-07-22", "09:30"),
            place=ROOM,
        )
        self.stage.sealed(self.presider, notice)
        self.deliver(notice)
        case = self.until("HEARING_SET")
        self.say.act("SYS", "the notice of the hearing is served", case["state"], "PC20")

    def hear(self) -> None:
        self.stage.day("2022-07-22", "09:30", "The hearing")
        case = self.move(self.presider, "openHearing", agents=["律师周某"])
        self.say.act(self.presider.name, "opens the hearing", case["hearings"][-1]["state"], "HR05")
        self.stage.time("2022-07-22", "11:00")
        heard = {
            "accusation": "调查人员陈述了当事人超许可范围经营十六种危险化学品的事实、证据和处罚建议",
            "defence": "当事人对事实无异议，请求减轻处罚",
            "cross": "双方对证据逐一质证，当事人对真实性、合法性、关联性均无异议",
        }
        record = self.draft(
            self.presider,
            "F28",
            accusation=heard["accusation"],
            hearing_defence=heard["defence"],
            cross_examination=heard["cross"],
        )
        self.stage.sign_for(self.team.lead, record, "PARTY", HEAD)
        self.stage.sign(record, (self.presider, "PRESIDER"), (self.clerk, "RECORDER"))
        case = self.move(
            self.presider,
            "closeHearing",
            accusation=heard["accusation"],
            defence=heard["defence"],
            crossExamination=heard["cross"],
            documentId=record["id"],
        )
        self.say.act(self.presider.name, "closes the hearing", case["state"], "PC22")
        report = self.draft(self.presider, "F29", presider_opinion="事实清楚，证据确凿，建议维持拟处罚意见")
        self.stage.sign(report, (self.presider, "PRESIDER"))
        self.stage.sign(report, (self.team.chief, "APPROVER"), opinion="同意")
        case = self.move(self.presider, "reportHearing", opinion="建议维持拟处罚意见", documentIds=[report["id"]])
        self.say.act(self.presider.name, "reports the hearing", case["hearings"][-1]["state"], "HR11")
        case = self.until("LEGAL_REVIEW")
        self.say.act("SYS", "the case goes to legal review", case["state"], "PC23")

    def review_again(self) -> None:
        self.stage.day("2022-07-25", "10:00", "Legal review after the hearing")
        self.admitted()
        self.passed()

    def discuss(self) -> None:
        team = self.team
        self.stage.day("2022-07-27", "09:00", "Collective discussion")
        self.screen_again()
        final = self.draft(team.lead, "F30")
        self.stage.sign(final, (team.lead, "OFFICER"), (team.officer, "OFFICER"))
        self.stage.sign(final, (team.unit, "REVIEWER"), opinion="同意提请集体讨论")
        self.final = final
        case = self.move(team.unit, "move", move="start_deliberation", reason="情节复杂、罚没数额较大", documentIds=[])
        self.say.act(team.unit.name, "puts the case to collective discussion", case["state"], "PC24")
        self.stage.time("2022-07-27", "10:00")
        attending = (team.chief, team.dep, self.member)
        told = {
            "record": "承办人汇报案情，与会人员一致同意拟处罚意见",
            "conclusion": "同意没收违法所得和违法经营的危险化学品，处罚款15万元",
        }
        posts = ("局长", "副局长", "副局长")
        minutes = self.draft(
            team.lead,
            "F31",
            time_from=instant("2022-07-27", "09:10"),
            time_to=instant("2022-07-27", "09:50"),
            place="局会议室",
            meeting_presider=team.chief.name,
            reporter=team.lead.name,
            recorder=self.clerk.name,
            attendants=[{"name": person.name, "post": post} for person, post in zip(attending, posts, strict=True)],
            **told,
        )
        for person in attending:
            self.stage.sign(minutes, (person, "ATTENDANT"))
        case = self.move(
            team.chief,
            "concludeDeliberation",
            startsAt=instant("2022-07-27", "09:10"),
            endsAt=instant("2022-07-27", "09:50"),
            place="局会议室",
            presiderId=team.chief.id,
            reporter=team.lead.name,
            recorder=self.clerk.name,
            attendants=[
                {"id": person.id, "name": person.name, "post": post, "agrees": True, "opinion": "同意"}
                for person, post in zip(attending, posts, strict=True)
            ],
            record=told["record"],
            conclusion=told["conclusion"],
            documentId=minutes["id"],
        )
        self.say.act(team.chief.name, "the discussion concludes", case["state"], "PC25")

    def decide(self) -> None:
        team = self.team
        self.stage.day("2022-07-29", "09:30", "The decision: 150,000 yuan, goods and income confiscated")
        decision = self.draft(team.lead, "F34")
        self.stage.sign(self.final, (team.chief, "APPROVER"), opinion="同意")
        papers = [self.final["id"], decision["id"]]
        self.stage.refused(team.dep, "decides the case", lambda: self.move(team.dep, "decide", documentIds=papers))
        case = self.move(team.chief, "decide", documentIds=papers)
        self.say.act(team.chief.name, "signs the decision", case["state"], "PC27")
        self.stage.sealed(team.lead, self.final, decision)
        self.inspection.decide_seal()
        self.deliver(decision)
        case = self.until("EXECUTING")
        self.say.act("SYS", "the decision is served; the duty to pay begins", case["state"], "PC29 PC30")
        self.show_deadlines(case, "D14", "D16", "D19", "D20", "D51")
        self.inspection.confiscated()

    def execute(self) -> None:
        team = self.team
        self.stage.day("2022-08-05", "10:00", "Filed upward, published")
        case = self.move(team.lead, "fileUpward", reference="珠香应急备〔2022〕3号")
        self.say.act(team.lead.name, "files the penalty with the city", case["upwardFiling"]["state"], "UF02")
        self.published("珠海市香洲区人民政府网站", "https://example.invalid/gs/2022/9")
        self.inspection.close()
        self.stage.day("2022-08-12", "10:00", "Fine and income are paid, the goods handed over")
        self.paid(FINE, "2022-08-12", "44040022081200031")
        self.executed("罚款、没收款已缴清，没收物品已移交", performed=["CONFISCATE_INCOME", "CONFISCATE_GOODS"])
        self.stage.day("2022-08-14", "10:00", "The case is closed and archived")
        self.closed()


def fen(amount: int) -> dict[str, str]:
    return {"fen": str(amount)}


def chemicals_case(stage: Stage) -> str:
    """The whole story; answers the id of the case."""
    inspection = Inspection(stage)
    inspection.play()
    return Case(inspection).play()

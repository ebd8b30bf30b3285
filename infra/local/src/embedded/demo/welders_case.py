"""The three welders of Dalingshan, second half: the penalty case, from the clue to the archived file (law brief 6.7, case 1)."""

from typing import Any

from embedded.demo.api import Actor
from embedded.demo.stage import Stage, a_picture, instant
from embedded.demo.welders_inspection import DENG, HEAD, HEAD_POST, LI, SHOP, UNIT, XU, Inspected

CONFIRM = "/v1/cases/proposals"
FINE = 4_900_000
BUREAU = "东莞市应急管理局大岭山分局询问室"


class Case:
    def __init__(self, stage: Stage, inspected: Inspected) -> None:
        self.stage, self.say, self.inspected = stage, stage.narration, inspected
        cast = stage.cast
        self.lead, self.officer, self.unit, self.dep = cast("zhou"), cast("wu"), cast("zheng"), cast("sun")
        self.legal, self.chief, self.fin, self.archivist = cast("feng"), cast("zhao"), cast("chen"), cast("han")
        self.id = ""
        self.evidence_ids = list(inspected.evidence_ids)

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

    # -- 08-18

    def file(self) -> None:
        self.stage.day("2022-08-18", "09:00", "The case is filed")
        case = self.lead.post(
            "/v1/cases",
            source="FINDING",
            inspectionId=self.inspected.inspection_id,
            findingIds=self.inspected.finding_ids,
            enterpriseId=self.inspected.enterprise_id,
            partyKind="UNIT",
            actId="A14",
            branch="FIRST",
            actOn="2022-08-16",
            actEndedOn="2022-08-16",
            discoveredOn="2022-08-16",
            metricValue=3,
            name=f"{UNIT['name']}使用未取得相应资格的特种作业人员上岗作业案",
            summary=f"2022年8月16日检查发现，{DENG.name}、{XU.name}未取得、{LI.name}未持有效特种作业操作证在{SHOP}从事焊接作业",
            leadId=self.lead.id,
            officerIds=[self.lead.id, self.officer.id],
        )
        self.id = case["id"]
        self.say.act(self.lead.name, f"opens the clue on two findings: one act, A14, {case['metricValue']} persons", case["state"], "PC01")
        form = self.draft(self.lead, "F01")
        self.stage.sign(form, (self.lead, "OFFICER"), (self.officer, "OFFICER"), opinion="建议立案")
        case = self.both("proposeFiling", documentId=form["id"])
        self.say.act(f"{self.lead.name}+{self.officer.name}", "propose the filing", case["state"], "PC02")
        self.stage.sign(form, (self.unit, "REVIEWER"), opinion="同意立案")
        self.move(self.unit, "reviewFiling", opinion="同意立案")
        self.stage.refused(self.unit, "approves the filing", lambda: self.move(self.unit, "file", documentId=form["id"]))
        self.stage.sign(form, (self.dep, "APPROVER"), opinion="同意立案")
        case = self.move(self.dep, "file", documentId=form["id"])
        self.say.act(self.dep.name, "approves the filing", case["state"], "PC03")
        self.show_deadlines(case, "D12")
        self.stage.sealed(self.lead, form)

    # -- 08-23

    def investigate(self) -> None:
        self.stage.day("2022-08-23", "08:30", "Five people are questioned, one after another")
        case = self.both("startInvestigation", reason="询问当事人及有关人员")
        self.say.act(f"{self.lead.name}+{self.officer.name}", "begin to investigate", case["state"], "PC07")
        people = [
            (DENG.name, "焊工", DENG.id_number, "无特种作业操作证，当日从事焊接作业"),
            (LI.name, "焊工", LI.id_number, "操作证已于2022年6月19日届满，当日从事焊接作业"),
            (XU.name, "焊工", XU.id_number, "无特种作业操作证，当日从事焊接作业"),
            ("陈安", "安全管理员", "441900198802022216", "未核验三名焊工的操作证"),
            (HEAD, HEAD_POST, "441900197501013018", "知悉三名焊工在岗作业，承认单位未核验"),
        ]
        for at, (name, post, id_number, fact) in enumerate(people):
            self.question(name, post, id_number, fact, f"{9 + at:02d}:00", f"{9 + at:02d}:40")
        self.lead.post("/v1/evidence:link", caseId=self.id, evidenceIds=self.inspected.evidence_ids)

    def question(self, name: str, post: str, id_number: str, fact: str, begins: str, ends: str) -> None:
        day = "2022-08-23"
        self.stage.time(day, ends)
        record = self.draft(
            self.lead,
            "F16",
            time_from=instant(day, begins),
            time_to=instant(day, ends),
            place=BUREAU,
            person_name=name,
            person_id_number=id_number,
            person_unit=UNIT["name"],
            person_post=post,
            recorder=self.officer.name,
            matter="特种作业人员持证上岗情况",
            answers=[{"question": "2022年8月16日上午你在做什么？有无特种作业操作证？", "answer": f"{fact}。"}],
            closing="以上记录我看过，与我说的相符。",
        )
        self.stage.sign(record, (self.lead, "OFFICER"), (self.officer, "OFFICER"))
        self.stage.sign_for(self.lead, record, "PARTY", name)
        self.move(
            self.lead,
            "questionings",
            slash=True,
            personName=name,
            personRole=post,
            place=BUREAU,
            startsAt=instant(day, begins),
            endsAt=instant(day, ends),
            officerIds=[self.lead.id, self.officer.id],
            recorderId=self.officer.id,
            recordDocumentId=record["id"],
        )
        self.move(self.lead, "releaseDocuments", documentIds=[record["id"]])
        self.lead.until(f"/v1/documents/{record['id']}", lambda found: bool(found.get("sha256")))
        item = self.lead.post(
            "/v1/evidence:captureDocument", objectKind="case", objectId=self.id, title=f"询问笔录（{name}）", documentId=record["id"]
        )
        self.say.act(f"{self.lead.name}+{self.officer.name}", f"question {name} ({post}) {begins}–{ends}", item["state"], "V01")
        self.stage.register(self.lead, item, "E6" if post == HEAD_POST else "E5", "询问", fact, name)
        self.evidence_ids.append(item["id"])

    # -- 09-08

    def report(self) -> None:
        self.stage.day("2022-09-08", "09:00", "The investigation ends")
        unknown = dict.fromkeys(("realDanger", "disabledMonitoring", "refusedMajorDangerOrder", "unlicensedActivity"), "NO")
        unknown |= dict.fromkeys(("obstructedOfficers", "forgedDocuments", "falseReport"), "NO")
        self.move(self.lead, "recordCrimeFacts", crimeFacts={"accident": "NO", **unknown})
        case = self.move(self.lead, "screen")
        self.say.act(self.lead.name, f"crime screen: {case['screens'][-1]['result']}", case["state"])
        facts = [
            {
                "text": f"2022年8月16日，你单位安排{DENG.name}、{XU.name}、{LI.name}在{SHOP}从事焊接与热切割作业，"
                f"其中{DENG.name}、{XU.name}未取得特种作业操作证，{LI.name}的特种作业操作证已过有效期",
                "evidenceIds": self.evidence_ids,
                "findingIds": self.inspected.finding_ids,
            }
        ]
        proposal: dict[str, Any] = {
            "facts": facts,
            "circumstances": [],
            "reasons": "三名特种作业人员无有效资格上岗作业，未造成事故，按一般情节在幅度内确定罚款数额",
            "correctionOrderIds": [self.inspected.order_id],
            "incomeHandling": "NONE",
            "incomeNote": "该行为没有直接违法所得",
            "metricValue": 3,
        }
        self.stage.refused(
            self.lead,
            "proposes 150,000 yuan",
            lambda: self.move(self.lead, "proposePenalty", amount={"fen": "15000000"}, **proposal),
        )
        case = self.move(self.lead, "proposePenalty", amount={"fen": str(FINE)}, **proposal)
        discretion = case["proposals"][-1]["discretion"]
        for step in discretion["steps"]:
            self.say.note(f"{step.get('number', '')}. {step['text']}")
        self.say.act(self.lead.name, f"proposes 49,000 yuan, position {discretion['position']:.3f}", case["state"])
        papers = [self.draft(self.lead, "ws10053"), self.draft(self.lead, "F30")]
        for paper in papers:
            self.stage.sign(paper, (self.lead, "OFFICER"), (self.officer, "OFFICER"))
        case = self.both("submitReport", documentIds=[paper["id"] for paper in papers])
        self.say.act(f"{self.lead.name}+{self.officer.name}", "submit the report", case["state"], "PC10")
        self.papers = papers
        self.review()

    def review(self) -> None:
        for evidence_id in self.evidence_ids:
            self.legal.until(f"/v1/evidence/{evidence_id}", lambda item: item["state"] == "UNDER_REVIEW")
        sheet = self.draft(self.lead, "ws10051")
        self.stage.sign(sheet, (self.lead, "OFFICER"), (self.officer, "OFFICER"))
        case = self.move(self.lead, "move", move="submit_for_review", reason="送法制审核", documentIds=[sheet["id"]])
        self.say.act(self.lead.name, "submits the case for legal review", case["state"], "PC12")
        for evidence_id in self.evidence_ids:
            item = self.legal.get(f"/v1/evidence/{evidence_id}")
            self.legal.post(f"/v1/evidence/{evidence_id}:admit", version=item["version"], opinion="真实、合法、与案件事实关联，采信")
        self.say.act(self.legal.name, f"admits {len(self.evidence_ids)} items of evidence", "ADMITTED", "V13")
        opinion = self.draft(self.legal, "ws10059", opinion="主体适格，事实清楚，证据确凿，适用法律正确，程序合法，裁量适当，同意")
        self.stage.sign(opinion, (self.legal, "LEGAL_REVIEWER"))
        case = self.move(self.legal, "passReview", opinion="同意", documentId=opinion["id"])
        self.say.act(self.legal.name, "passes the review", case["state"], "PC14")

    # -- 09-09

    def notify(self) -> None:
        self.stage.day("2022-09-09", "10:00", "The party is told what is intended")
        approval, notice = self.draft(self.lead, "ws1003012"), self.draft(self.lead, "F24")
        self.stage.sign(approval, (self.lead, "OFFICER"), (self.officer, "OFFICER"))
        self.stage.sign(approval, (self.unit, "REVIEWER"), (self.dep, "APPROVER"), opinion="同意告知")
        first = self.papers[1]
        self.stage.sign(first, (self.unit, "REVIEWER"), (self.dep, "APPROVER"), opinion="同意")
        case = self.move(self.dep, "releaseNotice", documentIds=[approval["id"], first["id"], notice["id"]])
        self.say.act(self.dep.name, "releases the notice", case["state"], "PC16")
        self.stage.sealed(self.lead, approval, first, notice)
        self.stage.deliver(self.lead, self.officer, notice, HEAD, HEAD_POST, UNIT["address"])
        case = self.until("NOTIFIED")
        self.say.act("SYS", "the notice is served", case["state"], "PC16")
        self.show_deadlines(case, "D08")

    # -- 09-15

    def extend(self) -> None:
        self.stage.day("2022-09-15", "09:30", "The case needs more time; the unit reports the work done")
        form = self.draft(self.lead, "F45", reason="案件陈述申辩期限和整改复查尚未届满", new_due_on="2022-11-16")
        self.stage.sign(form, (self.lead, "OFFICER"), (self.officer, "OFFICER"))
        self.stage.sign(form, (self.unit, "REVIEWER"), (self.chief, "APPROVER"), opinion="同意延期")
        self.stage.refused(
            self.dep, "extends the case", lambda: self.move(self.dep, "extend", days=60, reason="案情需要", documentId=form["id"])
        )
        case = self.move(self.chief, "extend", days=60, reason="陈述申辩期限和整改复查尚未届满", documentId=form["id"])
        self.say.act(self.chief.name, "extends the case by 60 days", case["state"], "PC50")
        self.show_deadlines(case, "D12")
        self.stage.sealed(self.lead, form)
        item = self.stage.photo(
            self.officer, "inspection", self.inspected.inspection_id, "整改完成报告", a_picture("整改完成报告", 160), UNIT["address"]
        )
        self.stage.register(self.officer, item, "E1", "企业提交", "企业报告整改完成", UNIT["name"])
        order = self.order_now()
        order = self.officer.post(
            f"/v1/orders/{order['id']}:reportDone", version=order["version"], findingIds=self.inspected.finding_ids, evidenceId=item["id"]
        )
        self.say.act(f"{HEAD} (ENT)", "reports the rectification done", order["state"], "HD12")

    # -- 09-19

    def recheck(self) -> None:
        self.stage.day("2022-09-19", "14:00", "Re-inspection: all three are replaced or trained")
        photo = self.stage.photo(
            self.officer, "inspection", self.inspected.inspection_id, "整改后焊接工位", a_picture("整改后焊接工位", 200), SHOP
        )
        self.stage.register(self.officer, photo, "E3", "现场拍摄", "焊接工位由持证人员作业", UNIT["name"])
        opinion = self.stage.draft(
            self.lead, "F06", "order", self.inspected.order_id, {"opinion": "经复查，三名人员已调离焊接岗位，现由持证人员作业，整改完成"}
        )
        self.stage.sign(opinion, (self.lead, "OFFICER"), (self.officer, "OFFICER"))
        self.stage.sign_for(self.lead, opinion, "ENTERPRISE", HEAD)
        order = self.order_now()
        results = [{"findingId": finding_id, "result": "PASS", "photoAfterIds": [photo["id"]]} for finding_id in self.inspected.finding_ids]
        order = self.lead.post(f"/v1/orders/{order['id']}:recheck", version=order["version"], documentId=opinion["id"], results=results)
        self.say.act(f"{self.lead.name}+{self.officer.name}", "re-inspect: all pass", order["state"], "R07")
        self.stage.sealed(self.lead, opinion)
        order = self.lead.post(f"/v1/orders/{order['id']}:move", version=order["version"], move="close", reason="整改完成")
        self.say.act(self.lead.name, "closes the order", order["state"], "R11")

    # -- 09-20

    def decide(self) -> None:
        self.stage.day("2022-09-20", "09:30", "The decision: 49,000 yuan")
        case = self.until("DEFENCE")
        self.say.act("SYS", "the time for a statement is over, none was made", case["state"], "PC17")
        final = self.draft(self.lead, "F30")
        self.stage.sign(final, (self.lead, "OFFICER"), (self.officer, "OFFICER"))
        self.stage.sign(final, (self.unit, "REVIEWER"), opinion="同意")
        case = self.move(self.unit, "move", move="submit_for_decision", reason="提请决定", documentIds=[final["id"]])
        self.say.act(self.unit.name, "submits the case for decision", case["state"], "PC26")
        decision = self.draft(self.lead, "F34")
        self.stage.sign(final, (self.chief, "APPROVER"), opinion="同意")
        self.stage.refused(self.dep, "decides the case", lambda: self.move(self.dep, "decide", documentIds=[final["id"], decision["id"]]))
        case = self.move(self.chief, "decide", documentIds=[final["id"], decision["id"]])
        self.say.act(self.chief.name, "signs the decision: a fine of 49,000 yuan", case["state"], "PC27")
        self.stage.sealed(self.lead, final, decision)
        self.stage.deliver(self.lead, self.officer, decision, HEAD, HEAD_POST, UNIT["address"])
        case = self.until("EXECUTING")
        self.say.act("SYS", "the decision is served; the duty to pay begins", case["state"], "PC29 PC30")
        self.show_deadlines(case, "D14", "D16", "D19", "D20")
        slip = self.draft(self.lead, "SLIP")
        self.move(self.lead, "releaseDocuments", documentIds=[slip["id"]])
        self.stage.sealed(self.lead, slip)

    # -- 09-28, 10-08

    def execute(self) -> None:
        self.stage.day("2022-09-28", "10:00", "The penalty is published, the inspection closed")
        case = self.move(self.lead, "publish", channel="东莞市应急管理局网站", url="https://example.invalid/gs/2022/37")
        self.say.act(self.lead.name, "publishes the penalty", case["publicity"]["state"])
        file = self.lead.get(f"/v1/inspections/{self.inspected.inspection_id}")
        file = self.lead.until(f"/v1/inspections/{self.inspected.inspection_id}", lambda found: bool(found["findings"][0].get("caseIds")))
        task = self.lead.post(
            f"/v1/inspections/{self.inspected.inspection_id}:move",
            version=file["inspection"]["version"],
            move="close",
            reason="全部问题办结",
        )
        self.say.act(self.lead.name, "closes the inspection", task["state"], "I18")
        self.stage.day("2022-10-08", "11:00", "The fine is paid on the last day")
        case = self.move(self.fin, "payments", slash=True, amount={"fen": str(FINE)}, paidOn="2022-10-08", slip="44190022100800012")
        self.say.act(self.fin.name, "records the payment of 49,000 yuan", case["fineAccount"]["state"])
        if case["state"] != "EXECUTED":
            case = self.move(self.fin, "move", move="complete_execution", reason="罚款已缴清")
        self.say.act(self.fin.name, "the decision is carried out", case["state"], "PC34")

    def close(self) -> None:
        self.stage.day("2022-10-10", "09:30", "The case is closed and archived")
        form = self.draft(self.lead, "F46")
        self.stage.sign(form, (self.lead, "OFFICER"), (self.officer, "OFFICER"))
        self.stage.sign(form, (self.unit, "REVIEWER"), (self.dep, "APPROVER"), opinion="同意结案")
        case = self.move(self.dep, "close", documentId=form["id"])
        self.say.act(self.dep.name, "approves the closing", case["state"], "PC42")
        self.stage.sealed(self.lead, form)
        cover, index = self.draft(self.archivist, "F47"), self.draft(self.archivist, "F48")
        case = self.move(self.archivist, "archive", documentIds=[cover["id"], index["id"]])
        self.say.act(self.archivist.name, "archives the file", case["state"], "PC43")
        self.stage.sealed(self.archivist, cover, index)
        for line in index["content"]["catalogue"]:
            self.say.note(" ".join(str(line.get(name, "")) for name in ("no", "title", "number", "date")))

    # -- how it is said

    def draft(self, by: Actor, form: str, **content: Any) -> dict[str, Any]:
        return self.stage.draft(by, form, "case", self.id, content)

    def move(self, by: Actor, verb: str, *, slash: bool = False, **body: Any) -> dict[str, Any]:
        path = f"/v1/cases/{self.id}{'/' if slash else ':'}{verb}"
        return by.post(path, version=self.now()["version"], **body)

    def both(self, verb: str, **body: Any) -> dict[str, Any]:
        return self.stage.both(self.lead, self.officer, f"/v1/cases/{self.id}:{verb}", CONFIRM, version=self.now()["version"], **body)

    def now(self) -> dict[str, Any]:
        return self.lead.get(f"/v1/cases/{self.id}")

    def until(self, state: str) -> dict[str, Any]:
        return self.lead.until(f"/v1/cases/{self.id}", lambda case: case["state"] == state)

    def order_now(self) -> dict[str, Any]:
        found: dict[str, Any] = self.lead.get(f"/v1/inspections/{self.inspected.inspection_id}")["orders"][0]
        return found

    def show_deadlines(self, case: dict[str, Any], *timers: str) -> None:
        for deadline in case.get("deadlines", []):
            if deadline["timer"] in timers:
                self.say.deadline(deadline)

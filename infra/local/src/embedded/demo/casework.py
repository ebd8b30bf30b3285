"""A penalty case by HTTP: what the cases of all stories have in common."""

from collections.abc import Mapping, Sequence
from typing import Any

from embedded.demo.api import Actor
from embedded.demo.stage import Stage, instant
from embedded.demo.team import Team
from embedded.demo.visit import Inspected, Unit

CONFIRM = "/v1/cases/proposals"
NOTHING_CRIMINAL = {
    "accident": "NO",
    **dict.fromkeys(("realDanger", "disabledMonitoring", "refusedMajorDangerOrder", "unlicensedActivity"), "NO"),
    **dict.fromkeys(("obstructedOfficers", "forgedDocuments", "falseReport"), "NO"),
}


class Casework:
    def __init__(self, stage: Stage, team: Team, unit: Unit, inspected: Inspected) -> None:
        self.stage, self.say, self.team, self.unit, self.inspected = stage, stage.narration, team, unit, inspected
        self.id = ""
        self.evidence_ids = list(inspected.evidence_ids)

    def opened(self, told: str, **clue: Any) -> dict[str, Any]:
        """PC01 on the findings of the visit."""
        team = self.team
        case = team.lead.post(
            "/v1/cases",
            source="FINDING",
            inspectionId=self.inspected.inspection_id,
            findingIds=self.inspected.finding_ids,
            enterpriseId=self.inspected.enterprise_id,
            partyKind="UNIT",
            branch="FIRST",
            leadId=team.lead.id,
            officerIds=team.ids,
            **clue,
        )
        self.id = case["id"]
        self.say.act(team.lead.name, told, case["state"], "PC01")
        return case

    def filed(self) -> dict[str, Any]:
        """PC02, PC03."""
        team = self.team
        form = self.draft(team.lead, "F01")
        self.stage.sign(form, (team.lead, "OFFICER"), (team.officer, "OFFICER"), opinion="建议立案")
        case = self.both("proposeFiling", documentId=form["id"])
        self.say.act(team.both, "propose the filing", case["state"], "PC02")
        self.stage.sign(form, (team.unit, "REVIEWER"), opinion="同意立案")
        self.move(team.unit, "reviewFiling", opinion="同意立案")
        self.stage.refused(team.unit, "approves the filing", lambda: self.move(team.unit, "file", documentId=form["id"]))
        self.stage.sign(form, (team.dep, "APPROVER"), opinion="同意立案")
        case = self.move(team.dep, "file", documentId=form["id"])
        self.say.act(team.dep.name, "approves the filing", case["state"], "PC03")
        self.show_deadlines(case, "D12")
        self.stage.sealed(team.lead, form)
        return case

    def investigating(self, reason: str) -> None:
        """PC07."""
        case = self.both("startInvestigation", reason=reason)
        self.say.act(self.team.both, "begin to investigate", case["state"], "PC07")

    def question(
        self, day: str, begins: str, ends: str, place: str, matter: str, asked: str, *, name: str, post: str, id_number: str, fact: str
    ) -> None:
        """F16 by two officers, then V01, V02."""
        team = self.team
        self.stage.time(day, ends)
        record = self.draft(
            team.lead,
            "F16",
            time_from=instant(day, begins),
            time_to=instant(day, ends),
            place=place,
            person_name=name,
            person_id_number=id_number,
            person_unit=self.unit.name,
            person_post=post,
            recorder=team.officer.name,
            matter=matter,
            answers=[{"question": asked, "answer": f"{fact}。"}],
            closing="以上记录我看过，与我说的相符。",
        )
        self.stage.sign(record, (team.lead, "OFFICER"), (team.officer, "OFFICER"))
        self.stage.sign_for(team.lead, record, "PARTY", name)
        self.move(
            team.lead,
            "questionings",
            slash=True,
            personName=name,
            personRole=post,
            place=place,
            startsAt=instant(day, begins),
            endsAt=instant(day, ends),
            officerIds=team.ids,
            recorderId=team.officer.id,
            recordDocumentId=record["id"],
        )
        self.move(team.lead, "releaseDocuments", documentIds=[record["id"]])
        team.lead.until(f"/v1/documents/{record['id']}", lambda found: bool(found.get("sha256")))
        item = team.lead.post(
            "/v1/evidence:captureDocument", objectKind="case", objectId=self.id, title=f"询问笔录（{name}）", documentId=record["id"]
        )
        self.say.act(team.both, f"question {name} ({post}) {begins}–{ends}", item["state"], "V01")
        self.stage.register(team.lead, item, "E6" if post == self.unit.head_post else "E5", "询问", fact, name)
        self.evidence_ids.append(item["id"])

    def linked(self) -> None:
        """The evidence of the visit belongs to the case too."""
        self.team.lead.post("/v1/evidence:link", caseId=self.id, evidenceIds=self.inspected.evidence_ids)

    def screened(self, **facts: Any) -> str:
        """The crime screen over the facts as they stand."""
        self.move(self.team.lead, "recordCrimeFacts", crimeFacts=NOTHING_CRIMINAL | facts)
        case = self.move(self.team.lead, "screen")
        result: str = case["screens"][-1]["result"]
        self.say.act(self.team.lead.name, f"crime screen: {result}", case["state"])
        return result

    def reported(self) -> list[dict[str, Any]]:
        """PC10 with its report and F30."""
        team = self.team
        papers = [self.draft(team.lead, "ws10053"), self.draft(team.lead, "F30")]
        for paper in papers:
            self.stage.sign(paper, (team.lead, "OFFICER"), (team.officer, "OFFICER"))
        case = self.both("submitReport", documentIds=[paper["id"] for paper in papers])
        self.say.act(team.both, "submit the report", case["state"], "PC10")
        return papers

    def submitted_for_review(self) -> None:
        """PC12; V12 follows from the report."""
        team = self.team
        for evidence_id in self.evidence_ids:
            team.legal.until(f"/v1/evidence/{evidence_id}", lambda item: item["state"] == "UNDER_REVIEW")
        sheet = self.draft(team.lead, "ws10051")
        self.stage.sign(sheet, (team.lead, "OFFICER"), (team.officer, "OFFICER"))
        case = self.move(team.lead, "move", move="submit_for_review", reason="送法制审核", documentIds=[sheet["id"]])
        self.say.act(team.lead.name, "submits the case for legal review", case["state"], "PC12")

    def admitted(self) -> None:
        """V13."""
        legal = self.team.legal
        for evidence_id in self.evidence_ids:
            item = legal.get(f"/v1/evidence/{evidence_id}")
            legal.post(f"/v1/evidence/{evidence_id}:admit", version=item["version"], opinion="真实、合法、与案件事实关联，采信")
        self.say.act(legal.name, f"admits {len(self.evidence_ids)} items of evidence", "ADMITTED", "V13")

    def passed(self) -> dict[str, Any]:
        """PC14."""
        legal = self.team.legal
        opinion = self.draft(legal, "ws10059", opinion="主体适格，事实清楚，证据确凿，适用法律正确，程序合法，裁量适当，同意")
        self.stage.sign(opinion, (legal, "LEGAL_REVIEWER"))
        case = self.move(legal, "passReview", opinion="同意", documentId=opinion["id"])
        self.say.act(legal.name, "passes the review", case["state"], "PC14")
        return case

    def extended(self, days: int, new_due_on: str, reason: str) -> dict[str, Any]:
        """PC50."""
        team = self.team
        form = self.draft(team.lead, "F45", reason=reason, new_due_on=new_due_on)
        self.stage.sign(form, (team.lead, "OFFICER"), (team.officer, "OFFICER"))
        self.stage.sign(form, (team.unit, "REVIEWER"), (team.chief, "APPROVER"), opinion="同意延期")
        self.stage.refused(
            team.dep, "extends the case", lambda: self.move(team.dep, "extend", days=days, reason=reason, documentId=form["id"])
        )
        case = self.move(team.chief, "extend", days=days, reason=reason, documentId=form["id"])
        self.say.act(team.chief.name, f"extends the case by {days} days", case["state"], "PC50")
        self.show_deadlines(case, "D12")
        self.stage.sealed(team.lead, form)
        return case

    def noticed(self, first: Mapping[str, Any], *forms: str) -> None:
        """PC16: F24, and F26 where a hearing may be asked for, released by the deputy and served."""
        team = self.team
        approval, notices = self.draft(team.lead, "ws1003012"), [self.draft(team.lead, form) for form in forms]
        self.stage.sign(approval, (team.lead, "OFFICER"), (team.officer, "OFFICER"))
        self.stage.sign(approval, (team.unit, "REVIEWER"), (team.dep, "APPROVER"), opinion="同意告知")
        self.stage.sign(first, (team.unit, "REVIEWER"), (team.dep, "APPROVER"), opinion="同意")
        papers = [approval, first, *notices]
        case = self.move(team.dep, "releaseNotice", documentIds=[paper["id"] for paper in papers])
        self.say.act(team.dep.name, "releases the notice", case["state"], "PC16")
        self.stage.sealed(team.lead, *papers)
        for notice in notices:
            self.deliver(notice)
        case = self.until("NOTIFIED")
        self.say.act("SYS", "the notice is served", case["state"], "PC16")
        self.show_deadlines(case, "D08", "D09")

    def published(self, channel: str, url: str) -> None:
        case = self.move(self.team.lead, "publish", channel=channel, url=url)
        self.say.act(self.team.lead.name, "publishes the penalty", case["publicity"]["state"], "PI02")

    def paid(self, fen: int, day: str, slip: str) -> None:
        case = self.move(self.team.fin, "payments", slash=True, amount={"fen": str(fen)}, paidOn=day, slip=slip)
        self.say.act(self.team.fin.name, f"records the payment of {fen // 100:,} yuan", case["fineAccount"]["state"])

    def executed(self, reason: str, **more: Any) -> None:
        """PC34, unless the payment has led there."""
        case = self.now()
        if case["state"] != "EXECUTED":
            case = self.move(self.team.fin, "move", move="complete_execution", reason=reason, **more)
        self.say.act(self.team.fin.name, "the decision is carried out", case["state"], "PC34")

    def closed(self) -> None:
        """PC42, PC43."""
        team = self.team
        form = self.draft(team.lead, "F46")
        self.stage.sign(form, (team.lead, "OFFICER"), (team.officer, "OFFICER"))
        self.stage.sign(form, (team.unit, "REVIEWER"), (team.dep, "APPROVER"), opinion="同意结案")
        case = self.move(team.dep, "close", documentId=form["id"])
        self.say.act(team.dep.name, "approves the closing", case["state"], "PC42")
        self.stage.sealed(team.lead, form)
        cover, index = self.draft(team.archivist, "F47"), self.draft(team.archivist, "F48")
        case = self.move(team.archivist, "archive", documentIds=[cover["id"], index["id"]])
        self.say.act(team.archivist.name, "archives the file", case["state"], "PC43")
        self.stage.sealed(team.archivist, cover, index)
        for line in index["content"]["catalogue"]:
            self.say.note(" ".join(str(line.get(name, "")) for name in ("no", "title", "number", "date")))

    # -- how it is said

    def draft(self, by: Actor, form: str, **content: Any) -> dict[str, Any]:
        return self.stage.draft(by, form, "case", self.id, content)

    def deliver(self, document: Mapping[str, Any]) -> dict[str, Any]:
        return self.stage.deliver(self.team.lead, self.team.officer, document, self.unit.head, self.unit.head_post, self.unit.address)

    def move(self, by: Actor, verb: str, *, slash: bool = False, **body: Any) -> dict[str, Any]:
        path = f"/v1/cases/{self.id}{'/' if slash else ':'}{verb}"
        return self.stage.fresh(self.now, lambda version: by.post(path, version=version, **body))

    def both(self, verb: str, **body: Any) -> dict[str, Any]:
        team, path = self.team, f"/v1/cases/{self.id}:{verb}"
        return self.stage.fresh(self.now, lambda version: self.stage.both(team.lead, team.officer, path, CONFIRM, version=version, **body))

    def now(self) -> dict[str, Any]:
        return self.team.lead.get(f"/v1/cases/{self.id}")

    def until(self, *states: str) -> dict[str, Any]:
        return self.team.lead.until(f"/v1/cases/{self.id}", lambda case: case["state"] in states)

    def show_deadlines(self, case: Mapping[str, Any], *timers: str) -> None:
        for deadline in case.get("deadlines", []):
            if deadline["timer"] in timers:
                self.say.deadline(deadline)

    def discretion_told(self, case: Mapping[str, Any]) -> float:
        discretion = case["proposals"][-1]["discretion"]
        for step in discretion["steps"]:
            self.say.note(f"{step.get('number', '')}. {step['text']}")
        position: float = discretion["position"]
        return position


def proposal(facts: Sequence[Mapping[str, Any]], reasons: str, **more: Any) -> dict[str, Any]:
    return {"facts": list(facts), "circumstances": [], "reasons": reasons, **more}

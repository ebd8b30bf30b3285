"""A suspected crime by HTTP: task force, report, legal review, the principal's three days, the package (rows C..)."""

from typing import Any

from embedded.demo.api import Actor
from embedded.demo.casework import Casework

CONFIRM = "/v1/transfers/proposals"


class Suspicion:
    """The transfer record of one case."""

    def __init__(self, work: Casework) -> None:
        self.work, self.stage, self.say, self.team = work, work.stage, work.say, work.team
        self.id = ""

    def opened(self) -> None:
        """C01, by the crime screen."""
        found = self.team.unit.until("/v1/transfers", lambda answer: bool(answer.get("transfers")), caseId=self.work.id)
        transfer = found["transfers"][0]
        self.id = transfer["id"]
        self.say.act("SYS", "opens the record of the suspicion", transfer["state"], "C01")

    def task_force(self) -> None:
        """C02."""
        team = self.team
        self.stage.refused(
            team.unit,
            "names one officer alone",
            lambda: self.move(team.unit, "nameTaskForce", officerIds=[team.lead.id], leadId=team.lead.id),
        )
        transfer = self.move(team.unit, "nameTaskForce", officerIds=team.ids, leadId=team.lead.id)
        self.say.act(team.unit.name, f"names {team.lead.name} and {team.officer.name}", transfer["state"], "C02")

    def verifying(self, note: str) -> None:
        """C03."""
        transfer = self.move(self.team.lead, "startVerification", note=note)
        self.say.act(self.team.lead.name, "begins to verify", transfer["state"], "C03")

    def unfounded(self, reason: str) -> None:
        """C05: the screen says NONE or WATCH by now."""
        team = self.team
        team.lead.until(f"/v1/transfers/{self.id}", lambda transfer: transfer.get("screenResult") in ("NONE", "WATCH"))
        transfer = self.both(team.lead, team.dep, "closeUnfounded", reason=reason)
        self.say.act(f"{team.lead.name}, {team.dep.name}", "close the suspicion with reasons", transfer["state"], "C05")

    def reported(self, text: str, found: str, evidence_ids: list[str]) -> None:
        """C04: each offence of the record with its element and what proves it."""
        team = self.team
        elements = [{"offence": offence, "text": found, "met": True, "evidenceIds": evidence_ids} for offence in self.now()["offences"]]
        paper = self.draft(team.lead, "X3A")
        self.stage.sign(paper, (team.lead, "OFFICER"), (team.officer, "OFFICER"))
        transfer = self.both(
            team.lead,
            team.officer,
            "submitReport",
            transfer=True,
            text=text,
            elements=elements,
            documentId=paper["id"],
        )
        self.say.act(team.both, "report in writing: transfer", transfer["state"], "C04")

    def reviewed(self) -> None:
        """C06."""
        transfer = self.move(self.team.legal, "review", passed=True, text="事实清楚，达到追诉标准，同意移送")
        self.say.act(self.team.legal.name, "legal review: passed", transfer["state"], "C06")

    def handed_to_principal(self) -> None:
        """C07, first step: D33 runs."""
        transfer = self.move(self.team.lead, "handReport", receivedBy=self.team.chief.id)
        self.say.act(self.team.lead.name, f"hands the report to {self.team.chief.name}", transfer["state"], "C07")
        self.show(transfer, "D33")

    def approved(self, **more: str) -> dict[str, Any]:
        """C07, second step: F43; D34 runs, the penalty case stands still (PC44)."""
        team = self.team
        form = self.draft(team.lead, "F43", reason="涉嫌非法经营罪，已达立案追诉标准")
        self.stage.sign(form, (team.lead, "OFFICER"), (team.officer, "OFFICER"))
        self.stage.sign(form, (team.unit, "REVIEWER"), (team.chief, "APPROVER"), opinion="同意移送")
        self.stage.refused(team.dep, "approves the transfer", lambda: self.move(team.dep, "approve", documentId=form["id"]))
        transfer = self.move(team.chief, "approve", documentId=form["id"], opinion="同意移送", **more)
        self.say.act(team.chief.name, "approves the transfer", transfer["state"], "C07")
        self.show(transfer, "D34")
        self.stage.sealed(team.lead, form)
        case = self.work.until("CRIME_TRANSFER")
        self.say.act("SYS", "the penalty case stands still", case["state"], "PC44")
        return transfer

    def delivered(self, evidence_ids: list[str]) -> None:
        """C10: the package is complete before it goes, with its copy to the procuratorate."""
        team = self.team
        papers = [self.draft(team.lead, form) for form in ("F44", "X3B", "X3C")]
        for listed in papers[1:]:
            self.stage.sign(listed, (team.lead, "OFFICER"), (team.officer, "OFFICER"))
        self.move(team.lead, "preparePackage", documentIds=[paper["id"] for paper in papers])
        self.stage.sealed(team.lead, *papers)
        transfer = self.both(
            team.lead,
            team.officer,
            "deliver",
            evidenceIds=evidence_ids,
            originalMedia="原始存储介质由本机关保管",
        )
        self.say.act(team.both, "hand over the package, with a copy to the procuratorate", transfer["state"], "C10")

    def materials(self, evidence_ids: list[str], measure_ids: list[str]) -> None:
        """C25, first half: the keeper and the lead officer list what goes; the police sign it."""
        team = self.team
        self.both(
            team.keeper,
            team.lead,
            "prepareMaterials",
            evidenceIds=evidence_ids,
            measureIds=measure_ids,
            note="当面清点",
            partyTold=True,
        )
        self.say.act(f"{team.keeper.name}+{team.lead.name}", "list goods and materials for the police", self.now()["state"], "C25")

    def draft(self, by: Actor, form: str, **content: Any) -> dict[str, Any]:
        return self.stage.draft(by, form, "transfer", self.id, content)

    def move(self, by: Actor, verb: str, **body: Any) -> dict[str, Any]:
        return self.stage.fresh(self.now, lambda version: by.post(f"/v1/transfers/{self.id}:{verb}", version=version, **body))

    def both(self, first: Actor, second: Actor, verb: str, **body: Any) -> dict[str, Any]:
        path = f"/v1/transfers/{self.id}:{verb}"
        return self.stage.fresh(self.now, lambda version: self.stage.both(first, second, path, CONFIRM, version=version, **body))

    def now(self) -> dict[str, Any]:
        return self.team.lead.get(f"/v1/transfers/{self.id}")

    def until(self, *states: str) -> dict[str, Any]:
        return self.team.lead.until(f"/v1/transfers/{self.id}", lambda transfer: transfer["state"] in states)

    def show(self, transfer: dict[str, Any], *timers: str) -> None:
        for deadline in transfer.get("deadlines", []):
            if deadline["timer"] in timers:
                self.say.deadline(deadline)

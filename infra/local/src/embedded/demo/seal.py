"""Goods under seal by HTTP: proposed, approved by the principal head, applied on site, extended, decided (rows Q..)."""

from collections.abc import Mapping, Sequence
from typing import Any

from embedded.demo.api import Actor
from embedded.demo.visit import Visit

CONFIRM = "/v1/measure-proposals"
STEPS = {
    "certificatesShown": True,
    "partyCalled": True,
    "partyPresent": True,
    "reasonsTold": True,
    "rightsTold": True,
    "statementHeard": True,
    "statement": "当事人无异议",
    "deviceId": "cam-0007",
    "recording": True,
}


def drums(name: str, cas: str, count: int, *, place: str, lot: str, owner: str) -> dict[str, Any]:
    """A line of the inventory: drums of one chemical."""
    return {
        "name": name,
        "cas": cas,
        "quantity": str(count),
        "unit": "桶",
        "packaging": "200升钢桶",
        "place": place,
        "lot": lot,
        "owner": owner,
        "sort": "GOODS",
    }


class Seal:
    """One decision over goods of one fate."""

    def __init__(self, visit: Visit) -> None:
        self.visit, self.stage, self.say, self.team = visit, visit.stage, visit.say, visit.team
        self.id = ""

    def apply(self, objects: Sequence[Mapping[str, Any]], problem: str) -> None:
        """Q01, Q02, Q03: F07, then F08 and F09 on site; D02 runs."""
        team = self.team
        decision = self.stage.both(
            team.lead,
            team.officer,
            "/v1/measures",
            CONFIRM,
            version=self.visit.task_now()["version"],
            inspectionId=self.visit.done.inspection_id,
            kind="SEAL",
            findingIds=self.visit.done.finding_ids,
            objects=list(objects),
            problem=problem,
            hazardousChemicals=True,
        )
        self.id = decision["id"]
        self.say.act(team.both, f"propose to seal {len(objects)} kinds of goods", self._state(decision), "Q01")
        approval = self.draft(team.lead, "F07")
        self.stage.sign(approval, (team.lead, "OFFICER"), (team.officer, "OFFICER"))
        self.stage.sign(approval, (team.unit, "REVIEWER"), (team.chief, "APPROVER"), opinion="同意查封")
        self.stage.refused(team.dep, "approves the seal", lambda: self.move(team.dep, "approve", documentId=approval["id"]))
        decision = self.move(team.chief, "approve", documentId=approval["id"])
        self.say.act(team.chief.name, "approves it: hazardous chemicals", self._state(decision), "Q02")
        self.stage.sealed(team.lead, approval)
        paper, inventory = self.draft(team.lead, "F08"), self.draft(team.lead, "F09")
        seen = f"{problem}，经清点列入查封清单，逐件加贴封条"
        record = self.draft(team.lead, "F17", examination_text=seen, time_to=self.stage.at)
        for signed in (inventory, record):
            self.stage.sign(signed, (team.lead, "OFFICER"), (team.officer, "OFFICER"))
            self.stage.sign_for(team.lead, signed, "PARTY", self.visit.unit.head)
        papers = [paper, inventory, record]
        self.move(team.lead, "apply", documentIds=[form["id"] for form in papers], steps=STEPS)
        self.stage.sealed(team.lead, *papers)
        self.visit.deliver(inventory)
        self.visit.deliver(paper)
        measure = self.until("IN_FORCE")
        self.say.act(team.both, "seal the goods, filmed from beginning to end", measure["state"], "Q03")
        self.show(measure)

    def extend(self, days: int, reason: str) -> None:
        """Q09."""
        team = self.team
        form = self.draft(team.lead, "F10", reason=reason)
        measure = self.move(team.chief, "extend", days=days, reason=reason, documentId=form["id"])
        self.say.act(team.chief.name, f"extends the seal by {days} days", measure["state"], "Q09")
        self.stage.sealed(team.lead, form)
        self.visit.deliver(form)
        self.show(self.now())

    def decide(self, handling: str, reason: str) -> None:
        """Q10."""
        team = self.team
        form = self.draft(team.lead, "F11", object_handling_text=reason)
        measure = self.move(team.chief, "decide", handling=handling, reason=reason, documentId=form["id"])
        self.say.act(team.chief.name, f"decides what becomes of the goods: {handling}", measure["state"], "Q10")
        self.stage.sealed(team.lead, form)
        self.visit.deliver(form)

    def draft(self, by: Actor, form: str, **content: Any) -> dict[str, Any]:
        return self.stage.draft(by, form, "measure", self.id, content)

    def move(self, by: Actor, verb: str, **body: Any) -> dict[str, Any]:
        return self.stage.fresh(self.now, lambda version: by.post(f"/v1/measures/{self.id}:{verb}", version=version, **body))

    def now(self) -> dict[str, Any]:
        return self.team.lead.get(f"/v1/measures/{self.id}")

    def until(self, *states: str) -> dict[str, Any]:
        return self.team.lead.until(f"/v1/measures/{self.id}", lambda measure: measure["state"] in states)

    def show(self, measure: Mapping[str, Any]) -> None:
        for deadline in measure.get("deadlines", []):
            self.say.deadline(deadline)

    @staticmethod
    def _state(decision: Mapping[str, Any]) -> str:
        return "/".join(sorted({measure["state"] for measure in decision["measures"]}))

"""An inspection by HTTP, from the task to the closed order: what the visits of all stories have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from embedded.demo.api import Actor
from embedded.demo.stage import Stage, a_picture, instant
from embedded.demo.team import Team

CONFIRM = "/v1/inspection-proposals"


@dataclass(frozen=True)
class Unit:
    """An enterprise as the register takes it, and who receives its documents."""

    org_path: str
    head: str
    head_post: str
    fields: Mapping[str, str]

    @property
    def name(self) -> str:
        return self.fields["name"]

    @property
    def address(self) -> str:
        return self.fields["address"]


@dataclass
class Inspected:
    """What a case goes on with."""

    enterprise_id: str = ""
    inspection_id: str = ""
    finding_ids: list[str] = field(default_factory=list)
    order_id: str = ""
    evidence_ids: list[str] = field(default_factory=list)


class Visit:
    def __init__(self, stage: Stage, team: Team, unit: Unit) -> None:
        self.stage, self.say, self.team, self.unit = stage, stage.narration, team, unit
        self.done = Inspected()

    def register(self) -> dict[str, Any]:
        """The enterprise, entered unless it is known."""
        lead, code = self.team.lead, self.unit.fields["code"]
        found = lead.get("/v1/enterprises", q=code).get("enterprises", [])
        enterprise: dict[str, Any] = (
            found[0] if found else lead.post("/v1/enterprises", confirmCode=False, orgPath=self.unit.org_path, **self.unit.fields)
        )
        self.done.enterprise_id = enterprise["id"]
        return enterprise

    def plan(
        self, source_ref: str, title: str, day: str, content: str, item_ids: Sequence[str], *, category: str = "WORK_SAFETY"
    ) -> dict[str, Any]:
        """I01, I04, I06, I08."""
        team = self.team
        task = team.lead.post(
            "/v1/inspections",
            source="PLAN_GENERAL",
            sourceRef=source_ref,
            title=title,
            enterpriseId=self.done.enterprise_id,
            category=category,
        )
        self.done.inspection_id = task["id"]
        self.say.act(team.lead.name, f"enters the task: {task['title']}", task["state"], "I01")
        self.before_assignment()
        task = self.move("assign", team.unit, officerIds=team.ids, leadId=team.lead.id)
        self.say.act(team.unit.name, f"assigns {team.lead.name} (lead) and {team.officer.name}", task["state"], "I04")
        task = self.move(
            "submitScheme",
            team.lead,
            windowFrom=instant(day, "09:00"),
            windowTo=instant(day, "18:00"),
            content=content,
            method="现场检查、查阅资料、询问",
            checkItemIds=list(item_ids),
        )
        self.say.act(team.lead.name, "submits the scheme", task["state"], "I06")
        scheme = self.stage.draft(team.lead, "F02", "inspection", self.done.inspection_id, {"contact": self.unit.head})
        self.stage.sign(scheme, (team.unit, "REVIEWER"), (team.dep, "REVIEWER"), opinion="同意")
        self.before_approval(scheme)
        task = self.move("approveScheme", team.dep, documentId=scheme["id"])
        self.say.act(team.dep.name, "approves the scheme", task["state"], "I08")
        self.stage.sealed(team.lead, scheme)
        return task

    def before_assignment(self) -> None:
        """What a story shows between task and assignment."""

    def before_approval(self, scheme: Mapping[str, Any]) -> None:
        """What a story shows between the signed scheme and its approval."""

    def arrive(self, latitude: float, longitude: float) -> None:
        """I10."""
        team = self.team
        file = self.stage.both(
            team.lead,
            team.officer,
            f"/v1/inspections/{self.done.inspection_id}:arrive",
            CONFIRM,
            version=self.task_now()["version"],
            deviceId="cam-0007",
            recording=True,
            certificatesShown=True,
            notifiedBefore=False,
            position={"latitude": latitude, "longitude": longitude, "accuracyM": 8},
        )
        self.say.act(team.both, "arrive, show their certificates", file["inspection"]["state"], "I10")

    def photographed(self, title: str, source: str, fact: str, shade: int, place: str) -> dict[str, Any]:
        """V01, V02."""
        officer = self.team.officer
        item = self.stage.photo(officer, "inspection", self.done.inspection_id, title, a_picture(title, shade), place)
        return self.stage.register(officer, item, "E3", source, fact, self.unit.name)

    def answered(self, item_id: str, slots: Mapping[str, str], photos: Sequence[Mapping[str, Any]], place: str, persons: int = 0) -> None:
        """HD01."""
        task = self.task_now()
        self.team.officer.post(
            f"/v1/inspections/{task['id']}:answerItem",
            version=task["version"],
            checkItemId=item_id,
            answer="NOT_CONFORM",
            slots=dict(slots),
            place=place,
            photoIds=[photo["id"] for photo in photos],
            persons=persons,
        )
        self.say.act(self.team.officer.name, f"answers {item_id}: not conform", "FOUND", "HD01")

    def classify(self, handling: Sequence[str], measures: Sequence[str]) -> None:
        """HD02 and the choice of handling for each finding."""
        lead = self.team.lead
        for found in self.file_now()["findings"]:
            finding = lead.post(f"/v1/findings/{found['id']}:move", version=found["version"], move="classify_general", reason="")
            self.say.act(lead.name, f"classes {finding['matter']} as general", finding["state"], "HD02")
            chosen = lead.post(
                f"/v1/findings/{finding['id']}:chooseHandling",
                version=finding["version"],
                handling=list(handling),
                measures=list(measures),
            )
            self.done.finding_ids.append(finding["id"])
            self.say.act(lead.name, f"finding: {chosen['violationText']}; {', '.join(chosen['handling'])}", chosen["state"])

    def record(self) -> None:
        """I14, I16."""
        team, unit = self.team, self.unit
        record = self.stage.draft(team.lead, "F03", "inspection", self.done.inspection_id, {"post": unit.head_post})
        self.stage.refused(team.lead, "signs the record alone", lambda: self.move("signRecord", team.lead, documentId=record["id"]))
        self.stage.sign(record, (team.lead, "OFFICER"), (team.officer, "OFFICER"))
        self.stage.sign_for(team.lead, record, "ENTERPRISE", unit.head)
        task = self.move("signRecord", team.lead, documentId=record["id"])
        self.say.act(f"{team.both}+{unit.head}", "sign the record", task["state"], "I14")
        path = f"/v1/inspections/{task['id']}"
        task = team.lead.until(path, lambda file: file["inspection"]["state"] == "ISSUES_OPEN")["inspection"]
        self.say.act("SYS", "opens the issues", task["state"], "I16")
        self.stage.sealed(team.lead, record)

    def order(self, due_on: str, content: Mapping[str, Any] | None = None) -> None:
        """R01–R04, HD07."""
        team, task = self.team, self.task_now()
        order = team.lead.post(
            f"/v1/inspections/{task['id']}/orders",
            version=task["version"],
            items=[{"findingId": finding_id, "dueOn": due_on} for finding_id in self.done.finding_ids],
        )
        self.done.order_id = order["id"]
        self.say.act(team.lead.name, f"drafts the order to rectify by {due_on}", order["state"], "R01")
        document = self.stage.draft(team.lead, "F05", "order", order["id"], content)
        self.stage.sign(document, (team.lead, "OFFICER"), (team.officer, "OFFICER"))
        self.stage.sign_for(team.lead, document, "ENTERPRISE", self.unit.head)
        order = team.lead.post(f"/v1/orders/{order['id']}:issue", version=order["version"], documentId=document["id"])
        self.say.act(team.both, "issue the order", order["state"], "R02")
        self.stage.sealed(team.lead, document)
        self.deliver(document)
        file = team.lead.until(f"/v1/inspections/{task['id']}", lambda answer: answer["orders"][0]["state"] == "RUNNING")
        self.say.act("SYS", "the order runs", "RUNNING", "R04")
        for finding in file["findings"]:
            self.say.act("SYS", f"{finding['checkItemId']} is to be rectified", finding["state"], "HD07")
        for deadline in file["findings"][0].get("deadlines", []):
            self.say.deadline(deadline)

    def reported_done(self, title: str, fact: str) -> None:
        """HD12: the unit reports the work done; an officer enters it with its paper."""
        officer = self.team.officer
        item = self.stage.photo(officer, "inspection", self.done.inspection_id, title, a_picture(title, 160), self.unit.address)
        self.stage.register(officer, item, "E1", "企业提交", fact, self.unit.name)
        order = self.order_now()
        order = officer.post(
            f"/v1/orders/{order['id']}:reportDone", version=order["version"], findingIds=self.done.finding_ids, evidenceId=item["id"]
        )
        self.say.act(f"{self.unit.head} (ENT)", "reports the rectification done", order["state"], "HD12")

    def recheck(self, title: str, fact: str, opinion: str, place: str) -> None:
        """R07, HD13, R11."""
        team = self.team
        photo = self.photographed(title, "现场拍摄", fact, 200, place)
        form = self.stage.draft(team.lead, "F06", "order", self.done.order_id, {"opinion": opinion})
        self.stage.sign(form, (team.lead, "OFFICER"), (team.officer, "OFFICER"))
        self.stage.sign_for(team.lead, form, "ENTERPRISE", self.unit.head)
        order = self.order_now()
        results = [{"findingId": finding_id, "result": "PASS", "photoAfterIds": [photo["id"]]} for finding_id in self.done.finding_ids]
        order = team.lead.post(f"/v1/orders/{order['id']}:recheck", version=order["version"], documentId=form["id"], results=results)
        self.say.act(team.both, "re-inspect: all pass", order["state"], "R07")
        self.stage.sealed(team.lead, form)
        order = team.lead.post(f"/v1/orders/{order['id']}:move", version=order["version"], move="close", reason="整改完成")
        self.say.act(team.lead.name, "closes the order", order["state"], "R11")

    def close(self) -> None:
        """I18."""
        lead = self.team.lead
        file = lead.until(f"/v1/inspections/{self.done.inspection_id}", lambda found: bool(found["findings"][0].get("caseIds")))
        task = lead.post(
            f"/v1/inspections/{self.done.inspection_id}:move",
            version=file["inspection"]["version"],
            move="close",
            reason="全部问题办结",
        )
        self.say.act(lead.name, "closes the inspection", task["state"], "I18")

    # -- how it is said

    def deliver(self, document: Mapping[str, Any]) -> dict[str, Any]:
        return self.stage.deliver(self.team.lead, self.team.officer, document, self.unit.head, self.unit.head_post, self.unit.address)

    def move(self, verb: str, by: Actor, **body: Any) -> dict[str, Any]:
        path = f"/v1/inspections/{self.done.inspection_id}:{verb}"
        return self.stage.fresh(self.task_now, lambda version: by.post(path, version=version, **body))

    def task_now(self) -> dict[str, Any]:
        found: dict[str, Any] = self.file_now()["inspection"]
        return found

    def file_now(self) -> dict[str, Any]:
        return self.team.lead.get(f"/v1/inspections/{self.done.inspection_id}")

    def order_now(self) -> dict[str, Any]:
        found: dict[str, Any] = self.file_now()["orders"][0]
        return found

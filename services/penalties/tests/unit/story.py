"""Builders: the case of the three welders, walked to any state by its own moves, and the people who walk it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from kernel.days import SHANGHAI
from kernel.guards import ActingBody, Certificate, Officer
from kernel.money import Money
from kernel.moves import SYSTEM, Facts, Person, Role
from kernel.parameters import LawParameters
from penalties.domain.account import Payment
from penalties.domain.case import Case, State
from penalties.domain.discretion import Circumstance
from penalties.domain.guards import Acting
from penalties.domain.investigation import Found
from penalties.domain.law import Act, Branch, CrimeStandard, Element, Op, PartyKind, Range, Scale, Thresholds
from penalties.domain.papers import CheckedDocument
from penalties.domain.proposal import AllegedFact, Draft
from penalties.domain.records import CaseDocument, PersonParty, ReviewResult, Source, StatementMode

LAW = LawParameters.shipped()
BRANCH, CITY = "/44/4419/dalingshan/", "/44/4419/"


def at(month: int, day: int, hour: int = 10, year: int = 2022) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SHANGHAI)


def a_person(id: str, *roles: Role, org: str = BRANCH, **delegations: int | None) -> Person:
    return Person(id=id, org_id="branch" if org == BRANCH else "city", org_path=org, roles=frozenset(roles), delegations=delegations)


ZHOU = a_person("zhou", Role.OFF, Role.LEAD)
WU = a_person("wu", Role.OFF)
ZHENG = a_person("zheng", Role.UNIT)
LEGAL = a_person("luo", Role.LEGAL, org=CITY)
DEP = a_person("dai", Role.DEP, org=CITY)
CHIEF = a_person("chen", Role.CHIEF, org=CITY)
FIN = a_person("fang", Role.FIN, org=CITY)
ARCHIVE = a_person("an", Role.ARCHIVE, org=CITY)
STRANGER = a_person("song", Role.OFF)


def a_certificate(**changes: Any) -> Certificate:
    given: dict[str, Any] = {
        "number": "粤-1",
        "categories": frozenset({"WORK_SAFETY"}),
        "region_codes": ("441900",),
        "valid_from": date(2020, 1, 1),
        "valid_to": date(2025, 1, 1),
    }
    return Certificate(**{**given, **changes})


def an_officer(id: str, **changes: Any) -> Officer:
    return Officer(id=id, certificates=(a_certificate(**changes),))


OFFICE = ActingBody("branch", "ENTRUSTED", ("441900118",), frozenset({"PENALTY"}), date(2022, 1, 1), date(2024, 1, 1))
BODY = Acting(OFFICE, "city", "CITY", "441900118")

RANGE = Range(0, 10_000_000, min_inclusive=False)
A14 = Act(
    id="A14",
    name="特种作业人员未持证上岗",
    violated_text="《中华人民共和国安全生产法》第三十条第一款",
    basis_text="《中华人民共和国安全生产法》第九十七条第七项",
    branches=(
        Branch("FIRST", unit=RANGE),
        Branch(
            "OVERDUE",
            unit=Range(10_000_000, 20_000_000),
            persons=Range(2_000_000, 5_000_000),
            suspend=True,
            suspend_text="停产停业整顿",
        ),
    ),
)
SCALE = Scale(id="DEFAULT", act_id="A14", branch="FIRST")
CRIME_STANDARDS = (
    CrimeStandard(
        "134(1)",
        "重大责任事故罪",
        required=(Element("acc", "an accident", "accident", Op.TRUE),),
        any_of=(
            Element("dead", "dead >= 1", "dead", Op.GE, 1),
            Element("hurt", "seriously injured >= 3", "seriously_injured", Op.GE, 3),
            Element("loss", "loss >= 1,000,000", "direct_loss_fen", Op.GE, 100_000_000),
        ),
        consult_any_of=(Element("loss2", "loss >= 500,000", "direct_loss_fen", Op.GE, 50_000_000),),
    ),
    CrimeStandard(
        "134-1",
        "危险作业罪",
        required=(Element("danger", "real danger", "real_danger", Op.TRUE),),
        any_of=(
            Element("off", "monitoring disabled", "disabled_monitoring", Op.TRUE),
            Element("lic", "unlicensed", "act", Op.ACT, acts=("A59",)),
        ),
    ),
)
THRESHOLDS = Thresholds(
    version="test-1",
    hearing={PartyKind.UNIT: 10_000_000, PartyKind.PERSON: 500_000},
    hearing_kinds=frozenset({"SUSPENSION", "REVOCATION", "CLOSURE", "EMPLOYMENT_BAR"}),
    collective_fine=5_000_000,
    collective_confiscation=5_000_000,
    collective_kinds=frozenset({"SUSPENSION", "REVOCATION"}),
    review_all=True,
    upward={"COUNTY": 5_000_000, "CITY": 10_000_000, "PROVINCE": 50_000_000},
    crime_standards=CRIME_STANDARDS,
    simple={PartyKind.UNIT: 300_000, PartyKind.PERSON: 20_000},
)
FOUND = Found(A14, A14, SCALE, THRESHOLDS)

FORMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "F01": {"OFFICER": ("zhou", "wu"), "REVIEWER": ("zheng",), "APPROVER": ("dai",)},
    "ws10053": {"OFFICER": ("zhou", "wu")},
    "F30": {"OFFICER": ("zhou", "wu"), "REVIEWER": ("zheng",), "APPROVER": ("chen",)},
    "ws10051": {},
    "ws10059": {"LEGAL_REVIEWER": ("luo",)},
    "ws1003012": {"APPROVER": ("dai",)},
    "F24": {},
    "F34": {},
    "F35": {},
    "F38": {"OFFICER": ("zhou", "wu"), "REVIEWER": ("zheng",), "APPROVER": ("chen",)},
    "F39": {},
    "F41": {},
    "F42": {"APPROVER": ("chen",)},
    "X7D": {"APPROVER": ("chen",)},
    "F45": {"OFFICER": ("zhou", "wu"), "REVIEWER": ("zheng",), "APPROVER": ("chen",)},
    "F46": {"OFFICER": ("zhou", "wu"), "REVIEWER": ("zheng",), "APPROVER": ("dai",)},
    "F47": {},
    "F48": {},
}


def checked(case: Case, *forms: str, **changes: Any) -> dict[str, CheckedDocument]:
    made = [CheckedDocument(form.lower(), form, str(case.id), signers=FORMS.get(form, {})) for form in forms]
    return {document.document_id: replace(document, **changes) for document in made}


def facts(by: Person, now: datetime, *, second: Person | None = None, case: Case | None = None, forms: str = "", **known: Any) -> Facts:
    """Everything that a command would have fetched, as it stands in an orderly case; `known` changes it."""
    fetched: dict[str, Any] = {
        "officers": [an_officer(person.id) for person in (by, second) if person],
        "body": BODY,
        "act": A14,
        "act_now": A14,
        "thresholds": THRESHOLDS,
        "evidence": {"e1": "ADMITTED", "e2": "ADMITTED"},
        "legal_qualified": True,
        "checked": checked(case, *forms.split()) if case else {},
        "findings_without_order": [],
        "hash_mismatches": [],
        "performed": (),
        "served_orders": ("order-1",),
        "failed_orders": ("order-1",),
        "days_fined": (),
    }
    return Facts(by=by, now=now, law=LAW, second=second, known={**fetched, **known})


def a_clue(**changes: Any) -> Case:
    given: dict[str, Any] = {
        "org_id": "branch",
        "org_path": BRANCH,
        "region_code": "441900118",
        "name": "无证焊接案",
        "source": Source.FINDING,
        "inspection_id": str(UUID(int=1)),
        "finding_ids": ["f1", "f2"],
        "enterprise_id": str(UUID(int=2)),
        "party_kind": PartyKind.UNIT,
        "party_name": "东莞市样例机械有限公司",
        "act_id": "A14",
        "branch": "FIRST",
        "act_on": "2022-08-16",
        "discovered_on": "2022-08-16",
        "summary": "三名焊工无证作业",
        "lead_id": "zhou",
        "officer_ids": ["wu", "zhou"],
        "opened_at": at(8, 18, 8),
        "metric_value": 3,
    }
    return Case(**{**given, **changes})


def a_person_party() -> PersonParty:
    return PersonParty("邓某")


def a_document(case: Case, form: str, state: str = "EFFECTIVE", **changes: Any) -> CaseDocument:
    return CaseDocument(form.lower(), case.id, case.org_path, form, state, at(8, 18), **changes)


DRAFT = Draft(
    facts=(AllegedFact("三名工人无证焊接", ("e1",), ("f1",)), AllegedFact("李某证件过期", ("e2",), ("f2",))),
    reasons="三人，已整改",
    correction_order_ids=("order-1",),
    income_note="无违法所得",
)
REPORT_DAY = at(9, 8, 9)
POINTS = ("我们已经整改",)


def propose(
    case: Case, *, amount: int = 49_000, by: Person = ZHOU, now: datetime = REPORT_DAY, found: Found = FOUND, **changes: Any
) -> None:
    given: dict[str, Any] = {"circumstances": (), "deviation_reason": "", "metric_value": 0, "amount": Money.yuan(amount)}
    case.propose_penalty(changes.pop("draft", DRAFT), found, **{**given, **changes}, facts=facts(by, now))


class Story:
    """Each step as its real actor on its real day (6.7, case 1)."""

    def __init__(self, **clue: Any) -> None:
        self.case = a_clue(**clue)
        self.open_at = at(8, 18, 8)

    def CLUE(self) -> None:
        self.case.open(facts=facts(ZHOU, self.open_at))

    def FILING(self) -> None:
        self.case.propose_filing("f01", facts=facts(ZHOU, at(8, 18, 9), second=WU, case=self.case, forms="F01"))

    def FILED(self) -> None:
        self.case.review_filing("f01", "同意", facts=facts(ZHENG, at(8, 18, 10), case=self.case, forms="F01"))
        self.case.file("f01", facts=facts(DEP, at(8, 18, 11), case=self.case, forms="F01"))
        self.case.documents.append(a_document(self.case, "F01"))

    def INVESTIGATING(self) -> None:
        self.case.start_investigation("询问", facts=facts(ZHOU, at(8, 23, 9), second=WU))

    def REPORTED(self) -> None:
        propose(self.case)
        self.case.run_screen(facts=facts(ZHOU, at(9, 8, 9)))
        self.case.submit_report(
            ("ws10053", "f30"), facts=facts(ZHOU, at(9, 8), second=WU, case=self.case, forms="ws10053 F30", evidence=REGISTERED)
        )
        self.case.documents.append(a_document(self.case, "ws10053"))

    def LEGAL_REVIEW(self) -> None:
        self.case.submit_for_review(("ws10051",), facts=facts(ZHOU, at(9, 8, 11), case=self.case, forms="ws10051"))

    def NOTICE_DRAFT(self) -> None:
        self.case.pass_review("同意", "ws10059", facts=facts(LEGAL, at(9, 8, 15), case=self.case, forms="ws10059"))

    def NOTIFIED(self) -> None:
        forms = "ws1003012 F24 F26" if self.case.proposal.hearing_grounds else "ws1003012 F24"
        self.case.release_notice(("ws1003012", "f24"), facts=facts(DEP, at(9, 9, 9), case=self.case, forms=forms))
        self.case.documents.append(a_document(self.case, "F24", served_on="2022-09-09", deemed_on="2022-09-09"))
        self.case.notify("f24", "2022-09-09", "2022-09-09", "DIRECT", facts=facts(SYSTEM, at(9, 9, 15)))

    def DEFENCE(self) -> None:
        lapse = self.case.timer("D08").expires_at
        self.case.extend(60, "复杂", "f45", facts=facts(CHIEF, at(9, 15), case=self.case, forms="F45"))
        self.case.take_statement(StatementMode.EXPIRED, "", (), False, facts=facts(SYSTEM, lapse))

    def DECIDING(self) -> None:
        self.case.submit_for_decision(("f30",), facts=facts(ZHENG, at(9, 20, 9), case=self.case, forms="F30"))

    def DECIDED(self) -> None:
        self.case.decide(("f30", "f34"), "", facts=facts(CHIEF, at(9, 20), case=self.case, forms="F30 F34"))
        self.case.documents.append(a_document(self.case, "F34"))

    def SERVED(self) -> None:
        self.case.serve("f34", "2022-09-20", "2022-09-20", "DIRECT", facts=facts(SYSTEM, at(9, 20, 15)))

    def EXECUTING(self) -> None:
        self.case.start_execution(facts=facts(SYSTEM, at(9, 20, 15)))

    def EXECUTED(self) -> None:
        self.case.publish("公示系统", "https://example/1", facts=facts(ZHOU, at(9, 28)))
        pay(self.case, 49_000, at(10, 8))
        self.case.complete_execution((), facts=facts(FIN, at(10, 8, 11)))

    def CLOSED(self) -> None:
        self.case.close("f46", facts=facts(DEP, at(10, 10), case=self.case, forms="F46"))

    def ARCHIVED(self) -> None:
        self.case.archive(("f47", "f48"), facts=facts(ARCHIVE, at(10, 12), case=self.case, forms="F47 F48"))


REGISTERED = {"e1": "REGISTERED", "e2": "IN_STORE"}
PATH = [
    "CLUE",
    "FILING",
    "FILED",
    "INVESTIGATING",
    "REPORTED",
    "LEGAL_REVIEW",
    "NOTICE_DRAFT",
    "NOTIFIED",
    "DEFENCE",
    "DECIDING",
    "DECIDED",
    "SERVED",
    "EXECUTING",
    "EXECUTED",
    "CLOSED",
    "ARCHIVED",
]


def pay(case: Case, yuan: int, now: datetime, *, slip: str = "", by: Person = FIN) -> None:
    payment = Payment(Money.yuan(yuan), now.date().isoformat(), slip or f"slip-{now.date()}", "", by.id, now)
    case.record_payment(payment, facts=facts(by, now))


def a_case(state: State | str, **clue: Any) -> Case:
    """The case of the welders, walked to this state; a state off the path is set as it is."""
    story = Story(**clue)
    if str(state) not in PATH:
        story.CLUE()
        story.case.state = State(state)
        return story.case
    for step in PATH:
        getattr(story, step)()
        if step == str(state):
            break
    return story.case


def review_result() -> ReviewResult:
    return ReviewResult.RETURN


def later(moment: datetime, **delta: float) -> datetime:
    return moment + timedelta(**delta)


LIGHTER = Circumstance("L1", "主动消除危害")
HEAVIER = Circumstance("H3", "继续违法")

"""Case 2 (6.6, 6.7): sixteen hazardous chemicals outside the licence, walked by its own dates to any of its steps."""

from datetime import datetime
from typing import Any

from kernel.money import Money
from kernel.moves import SYSTEM, Role
from penalties.domain.case import Case
from penalties.domain.crime_screen import Answer, CrimeFacts
from penalties.domain.hearing import Tribunal
from penalties.domain.investigation import Found
from penalties.domain.law import Act, Branch, Range, Scale
from penalties.domain.proceedings import Attendant, Minutes
from penalties.domain.proposal import AllegedFact, Draft, IncomeHandling

from .story import CHIEF, CITY, DEP, LEGAL, THRESHOLDS, WU, ZHENG, ZHOU, a_clue, a_document, a_person, at, checked, facts

KONG = a_person("kong", Role.HEAR, org=CITY)
YE = a_person("ye", Role.DEP, org=CITY)
CLERK = "clerk"
A59 = Act(
    id="A59",
    name="未依法取得危险化学品经营许可证从事危险化学品经营",
    violated_text="《危险化学品安全管理条例》第三十三条第一款",
    basis_text="《危险化学品安全管理条例》第七十七条第三款",
    branches=(Branch("FIRST", unit=Range(10_000_000, 20_000_000), confiscate_income=True, confiscate_goods=True),),
)
FOUND = Found(A59, A59, Scale(id="DEFAULT", act_id="A59", branch="FIRST"), THRESHOLDS)
DRAFT = Draft(
    facts=(AllegedFact("超出许可范围经营十六种危险化学品", ("e1", "e2"), ("f1",)),),
    reasons="销售收入九万二千元，库存货物经评估二十八万六千四百元",
    correction_order_ids=("order-1",),
    illegal_income=Money.yuan(92_000),
    income_handling=IncomeHandling.CONFISCATED,
    goods_value=Money.yuan(286_400),
)
SAID = {"accusation": "调查人员提出违法事实、证据和处罚建议。", "defence": "当事人陈述、申辩。", "cross_examination": "双方质证。"}
HEARD_AT = at(7, 22, 9)
F28 = {"PARTY": ("",), "RECORDER": (CLERK,), "PRESIDER": ("kong",)}
LEADERS = (("chen", True, ""), ("ye", True, ""), ("dai", False, "罚款偏低"))


def known(by: Any, now: datetime, case: Case, forms: str = "", **more: Any) -> Any:
    return facts(by, now, case=case, forms=forms, act=A59, act_now=A59, **more)


def papers(case: Case, form: str, **signers: tuple[str, ...]) -> dict[str, Any]:
    return {"checked": checked(case, form, signers=signers)}


def minutes(**changes: Any) -> Minutes:
    given: dict[str, Any] = {
        "starts_at": at(7, 27, 9),
        "ends_at": at(7, 27, 10),
        "place": "三楼会议室",
        "presider_id": "chen",
        "reporter": "周明远",
        "recorder": "记录员",
        "attendants": tuple(Attendant(id, id, "局领导", agrees, opinion) for id, agrees, opinion in LEADERS),
        "record": "听取汇报，逐一发表意见。",
        "conclusion": "同意没收并处罚款十五万元。",
        "document_id": "f31",
    }
    return Minutes(**{**given, **changes})


class Chemicals:
    """Each step as its real actor on its real day (6.7, case 2)."""

    def __init__(self) -> None:
        self.case = a_clue(
            name="超范围经营危险化学品案",
            act_id="A59",
            act_on="2022-06-14",
            discovered_on="2022-06-14",
            summary="十六种危险化学品不在许可范围内",
            opened_at=at(6, 15, 8),
            metric_value=16,
        )

    def INVESTIGATING(self) -> None:
        case = self.case
        case.open(facts=known(ZHOU, at(6, 15, 8), case))
        case.propose_filing("f01", facts=known(ZHOU, at(6, 15, 9), case, "F01", second=WU))
        case.review_filing("f01", "同意", facts=known(ZHENG, at(6, 15, 10), case, "F01"))
        case.file("f01", facts=known(DEP, at(6, 15, 11), case, "F01"))
        case.documents.append(a_document(case, "F01"))
        case.start_investigation("询问", facts=known(ZHOU, at(6, 15, 14), case, second=WU))

    def REPORTED(self) -> None:
        case = self.case
        case.propose_penalty(
            DRAFT,
            FOUND,
            circumstances=(),
            amount=Money.yuan(150_000),
            deviation_reason="",
            metric_value=0,
            facts=known(ZHOU, at(6, 30, 9), case),
        )
        case.record_crime_facts(CrimeFacts(real_danger=Answer.NO), facts=known(ZHOU, at(6, 21), case))
        case.run_screen(facts=known(ZHOU, at(6, 30, 9), case))
        case.submit_report(("ws10053", "f30"), facts=known(ZHOU, at(6, 30), case, "ws10053 F30", second=WU))
        case.documents.append(a_document(case, "ws10053"))

    def NOTICE_DRAFT(self) -> None:
        case = self.case
        case.submit_for_review(("ws10051",), facts=known(ZHOU, at(6, 30, 11), case, "ws10051"))
        case.pass_review("同意", "ws10059", facts=known(LEGAL, at(7, 4), case, "ws10059"))
        case.extend(60, "案情复杂", "f45", facts=known(CHIEF, at(7, 6), case, "F45"))

    def NOTIFIED(self) -> None:
        case = self.case
        case.release_notice(("ws1003012", "f24", "f26"), facts=known(DEP, at(7, 7, 9), case, "ws1003012 F24 F26"))
        case.documents += [a_document(case, form, served_on="2022-07-07", deemed_on="2022-07-07") for form in ("F24", "F26")]
        case.notify("f24", "2022-07-07", "2022-07-07", "DIRECT", facts=known(SYSTEM, at(7, 7, 15), case))

    def HEARING_REQ(self) -> None:
        self.case.request_hearing(at(7, 11), "", "letter", facts=known(ZHOU, at(7, 11), self.case))

    def HEARING_SET(self) -> None:
        case = self.case
        case.accept_hearing(Tribunal("", ("member",), CLERK, False, ""), facts=known(KONG, at(7, 11, 15), case))
        case.release_hearing_notice("f27", HEARD_AT, "二楼听证室", facts=known(KONG, at(7, 12, 9), case, **papers(case, "F27")))
        case.hearing_told("f27", "2022-07-12", "2022-07-12", "DIRECT", facts=known(SYSTEM, at(7, 12, 15), case))

    def HEARING_DONE(self) -> None:
        case = self.case
        case.lapse_statement_meanwhile(facts=known(SYSTEM, case.timer("D08").expires_at, case))
        case.open_hearing(["代理人"], facts=known(KONG, HEARD_AT, case))
        case.close_hearing(SAID, "f28", facts=known(KONG, at(7, 22, 11), case, **papers(case, "F28", **F28)))

    def LEGAL_REVIEW(self) -> None:
        case = self.case
        signed = papers(case, "F29", PRESIDER=("kong",), APPROVER=("chen",))
        case.report_hearing("建议维持拟处罚内容", ["f29"], facts=known(KONG, at(7, 22, 16), case, **signed))

    def REVIEWED(self) -> None:
        case = self.case
        case.run_screen(facts=known(ZHOU, at(7, 25, 9), case))
        case.pass_review("同意", "ws10059", facts=known(LEGAL, at(7, 25), case, "ws10059"))

    def DELIBERATION(self) -> None:
        self.case.start_deliberation("", ("f30",), facts=known(ZHENG, at(7, 27, 8), self.case, "F30"))

    def DECIDING(self) -> None:
        case = self.case
        signed = papers(case, "F31", ATTENDANT=("chen", "ye", "dai"))
        case.conclude_deliberation(minutes(), facts=known(CHIEF, at(7, 27, 11), case, **signed))

    def DECIDED(self) -> None:
        case = self.case
        case.decide(("f30", "f34"), "", facts=known(CHIEF, at(7, 29), case, "F30 F34"))
        case.documents.append(a_document(case, "F34"))


STEPS = [name for name in vars(Chemicals) if name.isupper()]


def the_chemicals(step: str) -> Case:
    """The case of chemicals, walked to this step."""
    story = Chemicals()
    for name in STEPS:
        getattr(story, name)()
        if name == step:
            break
    return story.case

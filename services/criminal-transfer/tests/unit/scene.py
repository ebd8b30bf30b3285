"""A transfer walked to any state by its own moves, and the people who walk it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from criminal_transfer.application.ports import Item, Paper
from criminal_transfer.domain.limits import Limits
from criminal_transfer.domain.records import (
    Element,
    Materials,
    Package,
    Receiver,
    ReceiverKind,
    Report,
    Source,
    State,
    TransferDocument,
)
from criminal_transfer.domain.transfer import MOVES, Transfer
from kernel.days import SHANGHAI
from kernel.guards import Certificate, Officer
from kernel.money import Money
from kernel.moves import SYSTEM, Facts, Person, Role
from kernel.parameters import LawParameters

LAW = LawParameters.shipped()
DISTRICT = "/44/4404/xiangzhou/"
# Forms that the principal head signs himself.
OF_THE_HEAD = {"F43", "X3E"}


def at(day: int, hour: int = 10, minute: int = 0, month: int = 6, year: int = 2023) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def a_person(id: str, *roles: Role) -> Person:
    return Person(id=id, org_id="xiangzhou", org_path=DISTRICT, roles=frozenset(roles))


LIANG = a_person("liang", Role.OFF, Role.LEAD)
SONG = a_person("song", Role.OFF)
PAN = a_person("pan", Role.UNIT)
YE = a_person("ye", Role.DEP)
LIN = a_person("lin", Role.LEGAL)
HUANG = a_person("huang", Role.CHIEF)
LUO = a_person("luo", Role.EVID)
POLICE = Person("partner:police", "", "", frozenset({Role.POL}))
PROCURATORATE = Person("partner:procuratorate", "", "", frozenset({Role.PRC}))
COURT = Person("partner:court", "", "", frozenset({Role.CRT}))
STRANGER = a_person("deng", Role.OFF)
PEOPLE = (LIANG, SONG, PAN, YE, LIN, HUANG, LUO, POLICE, PROCURATORATE, COURT, STRANGER, SYSTEM)


def an_officer(id: str, **changes: Any) -> Officer:
    given: dict[str, Any] = {
        "number": f"粤-{id}",
        "categories": frozenset({"WORK_SAFETY"}),
        "region_codes": ("440402",),
        "valid_from": date(2020, 1, 1),
        "valid_to": date(2026, 1, 1),
    }
    return Officer(id=id, certificates=(Certificate(**{**given, **changes}),))


def a_suspicion(**changes: Any) -> Transfer:
    given: dict[str, Any] = {
        "org_id": "xiangzhou",
        "org_path": DISTRICT,
        "region_code": "440402",
        "category": "WORK_SAFETY",
        "source": Source.SCREEN,
        "facts": "无证经营危险化学品，销售金额61.2万元",
        "case_id": "case-1",
        "inspection_id": "inspection-1",
        "enterprise_id": "enterprise-1",
        "enterprise_name": "某化工贸易有限公司",
        "offences": ["225"],
        "suspects": ["enterprise-1"],
        "opened_by": "system",
        "opened_at": at(7),
        "screen_result": "MUST_TRANSFER",
        "screened_at": at(7),
    }
    return Transfer(**{**given, **changes})


def sealed(transfer: Transfer, *forms: str) -> list[TransferDocument]:
    return [TransferDocument(f"{form}-1", transfer.id, transfer.org_path, form, "SEALED", at(12), sha256="ab" * 32) for form in forms]


POLICE_BODY = Receiver(ReceiverKind.POLICE, "police", "珠海市公安局香洲分局")
PROCURATORATE_BODY = Receiver(ReceiverKind.PROCURATORATE, "procuratorate", "珠海市香洲区人民检察院")
ITEMS = {
    "photo": Item("photo", "ADMITTED", "E5", "照片", "cd" * 32, electronic=True),
    "opinion": Item("opinion", "ADMITTED", "E7", "鉴定意见", "ef" * 32, electronic=True),
    "goods": Item("goods", "IN_STORE", "E2", "样品", "", electronic=False),
}


def known(transfer: Transfer, by: Person, *forms: str, **changes: Any) -> dict[str, Any]:
    """Everything that a move may ask for, as it should be."""
    signers = {"APPROVER": [by.id], "OFFICER": ["liang", "song"]}
    found: dict[str, Any] = {
        "officers": [an_officer("liang"), an_officer("song")],
        "checked": [Paper(f"{form}-1", form, str(transfer.id), (), signers) for form in forms],
        "form": forms,
        "amr": ("pwd", "otp"),
        "papers": sealed(transfer, "F43", "F44", "X3A", "X3B", "X3C"),
        "evidence": ITEMS,
        "police": [POLICE_BODY],
        "procuratorate": [PROCURATORATE_BODY],
        "limits": Limits(),
    }
    return {**found, **changes}


def facts(by: Person, now: datetime, second: Person | None = None, **given: Any) -> Facts:
    return Facts(by=by, now=now, law=LAW, second=second, known=given)


REPORT = Report(True, "涉嫌非法经营罪，建议移送", (Element("225", "未经许可经营", True, ("photo",)),), "X3A-1")
PACKAGE = Package(("F44-1", "X3A-1", "X3B-1", "X3C-1"), ("opinion",), ("photo", "goods"), True, "原始存储介质存证据室")
MATERIALS = Materials(("goods",), ("measure-1",), "封存物品", True)


@dataclass(frozen=True)
class Step:
    """How a move is made as it should be."""

    by: Person
    act: Callable[[Transfer, Facts], Any]
    second: Person | None = None
    forms: tuple[str, ...] = ()


STEPS: Mapping[str, Step] = {
    "open": Step(SYSTEM, lambda t, f: t.open(facts=f)),
    "name_task_force": Step(PAN, lambda t, f: t.name_task_force(["liang", "song"], "liang", facts=f)),
    "start_verification": Step(LIANG, lambda t, f: t.start_verification("向公安机关咨询标准", facts=f)),
    "submit_report": Step(LIANG, lambda t, f: t.submit_report(REPORT, facts=f), SONG, ("X3A",)),
    "close_unfounded": Step(LIANG, lambda t, f: t.close_unfounded("没有现实危险", facts=f), YE),
    "review": Step(LIN, lambda t, f: t.review("事实清楚", passed=True, facts=f)),
    "return_report": Step(LIN, lambda t, f: t.return_report("补充", ["金额认定"], facts=f)),
    "hand_report": Step(LIANG, lambda t, f: t.hand_report("黄局长", f.now, facts=f)),
    "approve": Step(HUANG, lambda t, f: t.approve("同意移送", "", "F43-1", facts=f), forms=("F43",)),
    "refuse": Step(HUANG, lambda t, f: t.refuse("未达标准", "", "X3E-1", facts=f), forms=("X3E",)),
    "reopen": Step(PROCURATORATE, lambda t, f: t.reopen("检察意见要求移送", "检〔2023〕1号", facts=f)),
    "prepare_package": Step(LIANG, lambda t, f: t.prepare_package(["F44-1", "X3B-1", "X3C-1"], facts=f), forms=("F44", "X3B", "X3C")),
    "deliver": Step(LIANG, lambda t, f: t.deliver(PACKAGE, [POLICE_BODY, PROCURATORATE_BODY], "", facts=f), SONG),
    "supplement": Step(LIANG, lambda t, f: t.supplement("补充销售台账", ["photo"], facts=f)),
    "prepare_materials": Step(LUO, lambda t, f: t.prepare_materials(MATERIALS, facts=f), LIANG),
    "sign_materials": Step(POLICE, lambda t, f: t.sign_materials(["王警官", "李警官"], "交接1号", facts=f)),
    "sign_receipt": Step(POLICE, lambda t, f: t.sign_receipt("回执1号", "王警官", facts=f)),
    "demand_supplement": Step(POLICE, lambda t, f: t.demand_supplement("补1号", ["销售台账"], facts=f)),
    "start_review": Step(POLICE, lambda t, f: t.start_review(facts=f)),
    "extend_review": Step(POLICE, lambda t, f: t.extend_review(30, "局长", "延1号", facts=f)),
    "forward": Step(POLICE, lambda t, f: t.forward("移1号", "犯罪地在斗门", Receiver(ReceiverKind.POLICE, "doumen", "斗门分局"), facts=f)),
    "take_forwarded": Step(POLICE, lambda t, f: t.take_forwarded("收1号", facts=f)),
    "file": Step(POLICE, lambda t, f: t.file("立1号", f.now.date().isoformat(), "", "", copied_to_procuratorate=True, facts=f)),
    "refuse_filing": Step(
        POLICE,
        lambda t, f: t.refuse_filing(
            "不立1号", f.now.date().isoformat(), "没有犯罪事实", "", file_returned=True, copied_to_procuratorate=True, facts=f
        ),
    ),
    "file_reconsidered": Step(POLICE, lambda t, f: t.decide_reconsideration("复1号", "", "应当立案", "", filed=True, facts=f)),
    "uphold_non_filing": Step(POLICE, lambda t, f: t.decide_reconsideration("复1号", "", "维持", "", filed=False, facts=f)),
    "order_filing": Step(PROCURATORATE, lambda t, f: t.order_filing("通立1号", "", "应当立案", "", facts=f)),
    "file_supervised": Step(POLICE, lambda t, f: t.file("立2号", "", "", "", copied_to_procuratorate=True, facts=f)),
    "decline": Step(POLICE, lambda t, f: t.decline("函1号", "属监察机关管辖", "香洲区监察委员会", facts=f)),
    "take_up": Step(POLICE, lambda t, f: t.take_up("回执2号", "", facts=f)),
    "remind": Step(HUANG, lambda t, f: t.remind("请依法作出决定", "催1号", facts=f)),
    "report_silence": Step(HUANG, lambda t, f: t.suggest("X4B-1", "逾期未决定", "", "", superior_told=False, facts=f), forms=("X4B",)),
    "ask_reconsideration": Step(HUANG, lambda t, f: t.ask_reconsideration("X4A-1", "应当立案", "", facts=f), forms=("X4A",)),
    "suggest_supervision": Step(HUANG, lambda t, f: t.suggest("X4B-1", "应当立案", "", "", superior_told=False, facts=f), forms=("X4B",)),
    "justify_non_filing": Step(PROCURATORATE, lambda t, f: t.justify_non_filing("监1号", "不立案理由成立", facts=f)),
    "accept_non_filing": Step(HUANG, lambda t, f: t.accept_non_filing("接受，依法处罚", facts=f)),
    "report_refusal": Step(
        HUANG, lambda t, f: t.suggest("X4B-1", "", "", "王警官拒收，未说明理由", superior_told=True, facts=f), forms=("X4B",)
    ),
    "record_prosecution": Step(PROCURATORATE, lambda t, f: t.record_result(State.PROSECUTED, "诉1号", "", "", "", facts=f)),
    "record_withdrawal": Step(
        POLICE, lambda t, f: t.record_result(State.WITHDRAWN_POLICE, "撤1号", f.now.date().isoformat(), "", "", facts=f)
    ),
    "return_to_administration": Step(
        PROCURATORATE, lambda t, f: t.return_to_administration("检意1号", "不起诉", "建议行政处罚", party_fined=False, facts=f)
    ),
    "judge": Step(
        COURT,
        lambda t, f: t.judge("刑初1号", "", "有罪", Money.yuan(50_000), Money.yuan(20_000), Money.yuan(20_000), matter_left=False, facts=f),
    ),
    "close": Step(YE, lambda t, f: t.close("已处罚并函告公安机关", "复函1号", "处理情况如下", facts=f)),
    "return_judged": Step(COURT, lambda t, f: t.return_judged("司建1号", "免予刑事处罚", facts=f)),
}
NAMES = sorted({move.name for move in MOVES})
assert set(NAMES) == set(STEPS), set(NAMES) ^ set(STEPS)

TO_PRINCIPAL = ("open", "name_task_force", "start_verification", "submit_report", "review", "hand_report")
TO_REVIEW = (*TO_PRINCIPAL, "approve", "deliver", "sign_receipt", "start_review")
PATHS: Mapping[State, tuple[str, ...]] = {
    State.SUSPECTED: TO_PRINCIPAL[:1],
    State.TASK_FORCE: TO_PRINCIPAL[:2],
    State.VERIFYING: TO_PRINCIPAL[:3],
    State.REPORTED: TO_PRINCIPAL[:4],
    State.LEGAL_REVIEWED: TO_PRINCIPAL[:5],
    State.PRINCIPAL: TO_PRINCIPAL,
    State.REJECTED: (*TO_PRINCIPAL, "refuse"),
    State.APPROVED: TO_REVIEW[:7],
    State.DELIVERED: TO_REVIEW[:8],
    State.RECEIPTED: TO_REVIEW[:9],
    State.SUPPLEMENT: (*TO_REVIEW[:9], "demand_supplement"),
    State.POLICE_REVIEW: TO_REVIEW,
    State.FORWARDED: (*TO_REVIEW, "forward"),
    State.FILED_POLICE: (*TO_REVIEW, "file"),
    State.NOT_FILED: (*TO_REVIEW, "refuse_filing"),
    State.RECON: (*TO_REVIEW, "refuse_filing", "ask_reconsideration"),
    State.RECON_UPHELD: (*TO_REVIEW, "refuse_filing", "ask_reconsideration", "uphold_non_filing"),
    State.SUPERVISION: (*TO_REVIEW, "refuse_filing", "suggest_supervision"),
    State.MATERIALS_GIVEN: (*TO_REVIEW, "file", "prepare_materials", "sign_materials"),
    State.PROSECUTED: (*TO_REVIEW, "file", "prepare_materials", "sign_materials", "record_prosecution"),
    State.WITHDRAWN_POLICE: (*TO_REVIEW, "file", "prepare_materials", "sign_materials", "record_withdrawal"),
    State.JUDGED: (*TO_REVIEW, "file", "prepare_materials", "sign_materials", "record_prosecution", "judge"),
    State.RETURNED_ADMIN: (*TO_REVIEW, "refuse_filing", "accept_non_filing"),
    State.CLOSED: (*TO_REVIEW, "refuse_filing", "accept_non_filing", "close"),
}
# The state that is no step of a fixed path.
NOT_PROSECUTED_PATH = (*TO_REVIEW, "file", "prepare_materials", "sign_materials")


def do(transfer: Transfer, name: str, now: datetime, **changes: Any) -> Any:
    """The move as it should be made; `changes` of by, second, or what is known."""
    step = STEPS[name]
    by, second = changes.pop("by", step.by), changes.pop("second", step.second)
    return step.act(transfer, facts(by, now, second, **known(transfer, by, *step.forms, **changes)))


def a_transfer(state: State | str = State.SUSPECTED, *, now: datetime | None = None, **changes: Any) -> Transfer:
    """In this state, an hour per step until `now`."""
    state = State(state)
    made, now = a_suspicion(**changes), now or at(12)
    path = NOT_PROSECUTED_PATH if state is State.NOT_PROSECUTED else PATHS[state]
    first = now - timedelta(hours=len(path))
    for index, name in enumerate(path):
        do(made, name, first + timedelta(hours=index))
    if state is State.NOT_PROSECUTED:
        made.record_result(State.NOT_PROSECUTED, "不诉1号", "", "", "", facts=facts(PROCURATORATE, now, **known(made, PROCURATORATE)))
    assert made.state is state
    made.take_transitions()
    made.take_breaches()
    return made

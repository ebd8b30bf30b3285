"""A turnover that is a crime: from the visit to what police, procuratorate and principal make of it (law brief 6.7, transfer)."""

from dataclasses import dataclass
from datetime import date, timedelta

from embedded.demo.casework import Casework, proposal
from embedded.demo.chemicals_case import fen
from embedded.demo.chemicals_inspection import ITEM
from embedded.demo.partner import Police
from embedded.demo.seal import Seal, drums
from embedded.demo.stage import Stage
from embedded.demo.suspicion import Suspicion
from embedded.demo.team import xiangzhou
from embedded.demo.visit import Inspected, Unit, Visit

FIRST = date(2023, 6, 5)
TURNOVER, INCOME, GOODS, FINE = 61_200_000, 13_800_000, 9_500_000, 15_000_000
HEAD, HEAD_POST = "汤启新", "总经理"
STORE = "港湾二号仓"
OFFICE = "珠海市香洲区应急管理局询问室"
GOODS_FOUND = [("甲苯", "108-88-3"), ("丙酮", "67-64-1")]


@dataclass(frozen=True)
class Days:
    """The days of one telling: those of the first, moved by whole weeks so that weekdays stay."""

    weeks: int = 0

    def __call__(self, day: str) -> str:
        return (date.fromisoformat(day) + timedelta(weeks=self.weeks)).isoformat()


def a_unit(code: str, name: str) -> Unit:
    fields = {
        "code": code,
        "name": name,
        "regionCode": "440402",
        "address": "珠海市香洲区南屏科技园屏工路18号",
        "legalRepresentative": HEAD,
        "phone": "0756-86765432",
        "industryCode": "F5169",
        "grade": "GENERAL",
    }
    return Unit("/44/4404/xiangzhou/", HEAD, HEAD_POST, fields)


class Inspection(Visit):
    def __init__(self, stage: Stage, unit: Unit, days: Days) -> None:
        super().__init__(stage, xiangzhou(stage.cast), unit)
        self.days, self.seal = days, Seal(self)

    def play(self) -> Inspected:
        day = self.days("2023-06-05")
        self.stage.day(day, "08:30", "The task")
        self.register()
        self.plan("2023年度监督检查计划第21项", "危险化学品经营专项检查", day, "危险化学品经营许可", [ITEM], category="HAZARDOUS_CHEMICALS")
        self.stage.time(day, "09:30")
        self.arrive(22.2263, 113.5021)
        photo = self.photographed("仓库存放的甲苯、丙酮", "现场拍摄", "仓库存放甲苯、丙酮", 70, STORE)
        ledger = self.photographed("销售台账", "现场拍摄", "销售收入合计612000元", 110, STORE)
        slots = {"物品": "甲苯、丙酮", "数量": "2", "金额": "612000", "期限": self.days("2023-06-19")}
        self.answered(ITEM, slots, [photo, ledger], STORE)
        self.done.evidence_ids += [photo["id"], ledger["id"]]
        self.classify(["MEASURE", "ORDER"], ["M7"])
        goods = [drums(name, cas, 40, place=STORE, lot="202305", owner=self.unit.name) for name, cas in GOODS_FOUND]
        self.seal.apply(goods, "未取得许可经营危险化学品")
        self.record()
        self.order(self.days("2023-06-19"))
        return self.done


class Story(Casework):
    """One telling. The steps are called one by one, as those who tell it differently need them."""

    def __init__(self, stage: Stage, unit: Unit, days: Days) -> None:
        self.inspection = Inspection(stage, unit, days)
        self.inspection.play()
        super().__init__(stage, self.inspection.team, unit, self.inspection.done)
        self.days, self.suspicion = days, Suspicion(self)

    def case(self) -> None:
        """To the screen that says MUST_TRANSFER, and the report that G10 refuses."""
        day = self.days("2023-06-06")
        self.stage.day(day, "09:00", "The case is filed")
        self.opened(
            "opens the clue: dealing without a licence, A59",
            actId="A59",
            actOn=self.days("2023-02-01"),
            actEndedOn=self.days("2023-06-05"),
            discoveredOn=self.days("2023-06-05"),
            metricValue=len(GOODS_FOUND),
            name=f"{self.unit.name}未取得许可经营危险化学品案",
            summary="检查发现该单位未取得危险化学品经营许可证经营甲苯、丙酮，销售收入612000元",
        )
        self.filed()
        self.investigating("询问当事人，核对销售台账")
        self.question(
            day,
            "14:00",
            "15:00",
            OFFICE,
            "未取得许可经营危险化学品",
            "销售收入是多少？",
            name=HEAD,
            post=HEAD_POST,
            id_number="440402197805055019",
            fact="销售收入六十一万二千元，其中利润十三万八千元",
        )
        self.linked()
        self.stage.day(self.days("2023-06-07"), "09:00", "The crime screen says MUST_TRANSFER")
        found = self.screened(
            dangerousGoods="YES", unlicensedActivity="YES", realDanger="NO", illegalTurnover=fen(TURNOVER), illegalIncome=fen(INCOME)
        )
        if found != "MUST_TRANSFER":
            raise AssertionError(f"the screen says {found}")
        told = proposal(
            [{"text": "销售收入612000元", "evidenceIds": self.evidence_ids, "findingIds": self.inspected.finding_ids}],
            "按幅度中间值确定",
            correctionOrderIds=[self.inspected.order_id],
            incomeHandling="CONFISCATED",
            incomeNote="销售收入即违法所得",
            illegalIncome=fen(TURNOVER),
            goodsValue=fen(GOODS),
            metricValue=len(GOODS_FOUND),
        )
        self.move(self.team.lead, "proposePenalty", amount=fen(FINE), **told)
        self.stage.refused(self.team.lead, "ends the investigation", self.reported)

    def suspected(self) -> None:
        """C01 to the report in the principal's hands."""
        record = self.suspicion
        record.opened()
        record.task_force()
        record.verifying("核查销售额和利润")
        self.stage.day(self.days("2023-06-08"), "10:00", "The report of the task force")
        record.reported("单位销售额612000元，违法所得138000元，均达追诉标准，建议移送", "销售额、违法所得均达追诉标准", self.evidence_ids)
        self.stage.day(self.days("2023-06-09"), "10:00", "Legal review; the report reaches the principal")
        record.reviewed()
        record.handed_to_principal()

    def approved(self) -> None:
        self.stage.day(self.days("2023-06-12"), "10:00", "The principal decides on the last day")
        self.suspicion.approved()

    def play(self, police: Police) -> str:
        """To the materials in the hands of the police."""
        self.case()
        self.suspected()
        self.approved()
        self.delivered(police)
        self.police_file(police)
        return self.suspicion.id

    def delivered(self, police: Police) -> None:
        """C10, C11, C14."""
        self.stage.time(self.days("2023-06-12"), "15:00")
        self.suspicion.delivered(self.evidence_ids)
        told = police.move(self.suspicion.id, "receipt", number="香公（经）受字〔2023〕11号", receivedBy="值班民警")
        self.say.act(police.name, "sign the receipt", told["state"], "C11")
        told = police.move(self.suspicion.id, "startReview")
        self.say.act(police.name, "begin to review", told["state"], "C14")
        self.suspicion.show(told, "D36")

    def police_file(self, police: Police) -> None:
        """C16, C25."""
        self.stage.day(self.days("2023-06-15"), "10:00", "The police file the case")
        told = police.move(
            self.suspicion.id,
            "file",
            number="香公（经）立字〔2023〕87号",
            datedOn=self.days("2023-06-15"),
            text="决定对非法经营案立案侦查",
            copiedToProcuratorate=True,
        )
        self.say.act(police.name, "file the case", told["state"], "C16")
        self.stage.day(self.days("2023-06-19"), "10:00", "Goods and materials go to the police")
        self.suspicion.materials(self.evidence_ids, [self.inspection.seal.id])
        told = police.move(self.suspicion.id, "signMaterials", receivedBy=["经办民警"], number="香公（经）接字〔2023〕12号")
        self.say.act(police.name, "sign for goods and materials", told["state"], "C25")
        measure = self.inspection.seal.until("HANDED_TO_POLICE")
        self.say.act("SYS", "the sealed goods are the police's", measure["state"], "Q14")

    def refused_by(self, police: Police) -> None:
        """C17."""
        self.stage.day(self.days("2023-06-15"), "10:00", "The police do not file")
        told = police.move(
            self.suspicion.id,
            "refuseFiling",
            number="香公（经）不立字〔2023〕5号",
            datedOn=self.days("2023-06-15"),
            reason="认为不构成犯罪",
            fileReturned=True,
            copiedToProcuratorate=True,
        )
        self.say.act(police.name, "do not file, with reasons", told["state"], "C17")

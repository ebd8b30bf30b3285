"""Sixteen chemicals outside the licence, first half: the visit, the scope check, the seal, the order (law brief 6.7, case 2)."""

from typing import Any

from embedded.demo.seal import Seal, drums
from embedded.demo.stage import Stage
from embedded.demo.team import xiangzhou
from embedded.demo.visit import Inspected, Unit, Visit

ITEM = "HCR-33.1-3"
HEAD, HEAD_POST = "罗启明", "总经理"
UNIT = Unit(
    "/44/4404/xiangzhou/",
    HEAD,
    HEAD_POST,
    {
        "code": "91440402MA5X2310UU",
        "name": "珠海市海韵化工贸易有限公司",
        "regionCode": "440402",
        "address": "珠海市香洲区前山港昌路66号",
        "legalRepresentative": HEAD,
        "phone": "0756-86123456",
        "industryCode": "F5169",
        "grade": "KEY",
    },
)
STORE = "一号仓库"
LICENSED = ["甲醇", "乙醇[无水]", "盐酸", "氢氧化钠"]
OUTSIDE = [
    ("丁酸", "107-92-6"),
    ("1,1-二氟乙烷", "75-37-6"),
    ("1-甲氧基-2-丙醇", "107-98-2"),
    ("丙酮", "67-64-1"),
    ("乙酸乙酯", "141-78-6"),
    ("乙酸正丁酯", "123-86-4"),
    ("甲苯", "108-88-3"),
    ("二甲苯异构体混合物", "1330-20-7"),
    ("2-丙醇", "67-63-0"),
    ("正丁醇", "71-36-3"),
    ("2-丁酮", "78-93-3"),
    ("环己酮", "108-94-1"),
    ("正己烷", "110-54-3"),
    ("四氢呋喃", "109-99-9"),
    ("乙腈", "75-05-8"),
    ("N,N-二甲基甲酰胺", "68-12-2"),
]
OTHERS = [("甲醇", "67-56-1"), ("盐酸", "7647-01-0"), ("丙三醇", "56-81-5"), ("油漆稀释剂", "")]


class Inspection(Visit):
    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, xiangzhou(stage.cast), UNIT)
        self.seal = Seal(self)

    def play(self) -> Inspected:
        self.stage.day("2022-06-13", "09:00", "The task")
        self.prepare()
        self.plan(
            "2022年度监督检查计划第12项",
            "危险化学品经营企业许可范围专项检查",
            "2022-06-14",
            "危险化学品经营许可范围、购销台账和储存场所",
            [ITEM],
            category="HAZARDOUS_CHEMICALS",
        )
        self.stage.day("2022-06-14", "09:30", "On site: twenty products, sixteen of them outside the licence")
        self.arrive(22.2411, 113.5298)
        self.look()
        self.classify(["MEASURE", "ORDER"], ["M7"])
        self.seal.apply(
            [drums(name, cas, 12, place=STORE, lot="202204", owner=UNIT.name) for name, cas in OUTSIDE], "超许可范围经营十六种危险化学品"
        )
        self.record()
        self.order("2022-06-28")
        return self.done

    def prepare(self) -> None:
        """The register as it stood: a licence for four chemicals."""
        unit = self.register()
        lead, path = self.team.lead, f"/v1/enterprises/{unit['id']}"
        if not lead.get(f"{path}/licences").get("licences"):
            lead.post(
                f"{path}/licences",
                kind="HAZARDOUS_CHEMICALS_BUSINESS",
                number="粤珠危化经字〔2020〕000123号",
                issuer="珠海市应急管理局",
                scope=LICENSED,
                validFromOn="2020-09-01",
                validToOn="2023-08-31",
            )
        self.say.note(f"{UNIT.name} ({UNIT.fields['code']}) is licensed for {'、'.join(LICENSED)}")

    def look(self) -> None:
        photos = [
            self.photographed("仓库货架", "现场拍摄", "仓库存放多种危险化学品", 40, STORE),
            self.photographed("购销台账", "现场拍摄", "2022年1月至6月的购销台账", 90, STORE),
        ]
        results = self.scope_of(self.products())
        for result in results:
            self.say.note(f"{result['name']}: {result['answer']}")
        self.answered(
            ITEM,
            {
                "物品": "、".join(result["name"] for result in results if result["answer"] == "OUT_OF_SCOPE"),
                "数量": str(len(OUTSIDE)),
                "金额": "92000",
                "期限": "2022年6月28日",
            },
            photos,
            STORE,
        )
        self.done.evidence_ids += [photo["id"] for photo in photos]

    def products(self) -> list[tuple[str, str]]:
        """Name and CAS number of the twenty that were found."""
        return [*OUTSIDE, *OTHERS]

    def scope_of(self, products: list[tuple[str, str]]) -> list[dict[str, Any]]:
        answer = self.team.officer.post(
            f"/v1/enterprises/{self.done.enterprise_id}:checkLicenceScope",
            on="2022-06-14",
            products=[{"name": name, "cas": cas} for name, cas in products],
        )
        return [{"name": result["product"]["name"], "answer": result["answer"]} for result in answer["results"]]

    def extend_seal(self) -> None:
        self.seal.extend(30, "货物品种多，需要核对权属和检验结果，案情复杂")

    def decide_seal(self) -> None:
        self.seal.decide("CONFISCATE", "依据行政处罚决定予以没收")

    def confiscated(self) -> None:
        measure = self.seal.until("CONFISCATED")
        self.say.act("SYS", "the decision confiscates the sealed goods", measure["state"], "Q12")

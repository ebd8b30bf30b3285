"""Whether products are within a licence, with the twenty products of the chemicals case."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from enterprises.adapters.reference import FILE, shipped
from enterprises.domain.chemicals import (
    EMPTY,
    Catalogue,
    CatalogueEmpty,
    CatalogueKeeperOnly,
    CatalogueWithoutSource,
    Chemical,
    ChemicalInvalid,
    ChemicalTwice,
    cas_right,
    folded,
)
from enterprises.domain.enterprise import Licence, ScopeLine
from enterprises.domain.scope import Answer, Part, Product, ScopeCheck
from kernel.moves import SYSTEM, Facts, Person, Role
from kernel.parameters import LawParameters

ON = date(2022, 6, 14)
FACTS = Facts(by=SYSTEM, now=datetime(2022, 6, 14, tzinfo=UTC), law=LawParameters.shipped())


def composed(chemicals: Any, *, complete: bool = False, by: Person = SYSTEM, source: str = "目录") -> Catalogue:
    facts = Facts(by=by, now=FACTS.now, law=FACTS.law)
    return Catalogue.compose(
        EMPTY, source=source, valid_from_on=date(2015, 5, 1), complete=complete, verified=False, chemicals=chemicals, facts=facts
    )


CATALOGUE = composed(shipped(FILE.read_bytes()))
LINES = ("甲醇", "乙醇[无水]", "盐酸", "氢氧化钠")


def a_licence(
    lines: tuple[str, ...] = LINES,
    *,
    kind: str = "危险化学品经营许可证",
    until: date = date(2024, 5, 31),
    number: str = "粤珠香危化经字〔2021〕0012号",
) -> Licence:
    return Licence(
        UUID(int=1),
        "/44/4404/",
        kind,
        number,
        "珠海市应急管理局",
        list(lines),
        date(2021, 6, 1),
        until,
        [ScopeLine(line) for line in lines],
    )


def answer(product: Product, *, catalogue: Catalogue = CATALOGUE, licences: list[Licence] | None = None) -> Any:
    return ScopeCheck(catalogue, [a_licence()] if licences is None else licences, ON).check(product)


OUT = [
    "丁酸",
    "1,1-二氟乙烷",
    "1-甲氧基-2-丙醇",
    "丙酮",
    "乙酸乙酯",
    "乙酸正丁酯",
    "甲苯",
    "二甲苯异构体混合物",
    "2-丙醇",
    "正丁醇",
    "2-丁酮",
    "环己酮",
    "正己烷",
    "四氢呋喃",
    "乙腈",
    "N,N-二甲基甲酰胺",
]


def test_the_twenty_products_of_the_chemicals_case():
    products = [Product(name) for name in (*OUT, "甲醇", "盐酸", "丙三醇", "稀释剂")]

    answers = [answer(product) for product in products]

    assert [result.answer for result in answers] == [Answer.OUT_OF_SCOPE] * 16 + [
        Answer.IN_SCOPE,
        Answer.IN_SCOPE,
        Answer.NOT_HAZARDOUS,
        Answer.UNSURE,
    ]
    assert {result.reason for result in answers[:16]} == {"NOT_ON_LICENCE"}
    methanol = answers[16]
    assert (methanol.licence_line, methanol.licence_number) == ("甲醇", "粤珠香危化经字〔2021〕0012号")
    assert (methanol.catalogue_row.cas, methanol.catalogue_version, methanol.matched_by) == ("67-56-1", 1, "NAME")
    assert answers[18].catalogue_row.name == "丙三醇"
    assert (answers[19].reason, answers[19].catalogue_row) == ("NOT_IN_CATALOGUE", None)


@pytest.mark.parametrize("cas", ["67-64-1", " 67-64-1 ", "CAS 67-64-1", "６７-６４-１"])
def test_the_cas_number_comes_before_the_name(cas: str):
    found = answer(Product("甲醇", cas))

    assert (found.answer, found.matched_by, found.catalogue_row.name) == (Answer.OUT_OF_SCOPE, "CAS", "丙酮")


@pytest.mark.parametrize(
    ("name", "row", "by"),
    [
        ("木醇", "甲醇", "ALIAS"),
        ("Methanol", "甲醇", "ALIAS"),
        ("丁酮", "2-丁酮", "ALIAS"),
        ("1，1-二氟乙烷", "1,1-二氟乙烷", "NAME"),
        ("乙醇（无水）", "乙醇[无水]", "NAME"),
        (" 乙 腈 ", "乙腈", "NAME"),
    ],
)
def test_a_name_is_found_however_it_is_written(name: str, row: str, by: str):
    found = answer(Product(name))

    assert (found.catalogue_row.name, found.matched_by) == (row, by)


def test_a_wrong_cas_number_decides_nothing():
    assert (answer(Product("丙酮", "67-64-2")).answer, answer(Product("丙酮", "67-64-2")).reason) == (Answer.UNSURE, "CAS_WRONG")


def test_a_cas_number_that_no_row_has_leaves_it_to_the_name():
    assert answer(Product("丙酮", "7732-18-5")).matched_by == "NAME"


def test_a_licence_line_is_found_by_its_cas_number():
    licence = a_licence()
    licence.lines = [ScopeLine("工业用溶剂", "108-88-3")]

    found = answer(Product("甲苯"), licences=[licence])

    assert (found.answer, found.licence_line) == (Answer.IN_SCOPE, "工业用溶剂")


@pytest.mark.parametrize(
    ("licences", "reason"),
    [
        ([], "NOT_ON_LICENCE"),
        ([a_licence(until=date(2022, 6, 13))], "LICENCE_NOT_IN_FORCE"),
        ([a_licence(kind="营业执照")], "NOT_ON_LICENCE"),
    ],
)
def test_only_a_licence_in_force_permits(licences: list[Licence], reason: str):
    found = answer(Product("甲醇"), licences=licences)

    assert (found.answer, found.reason) == (Answer.OUT_OF_SCOPE, reason)


def test_a_licence_counts_on_its_last_day_and_beside_a_lapsed_one():
    both = [a_licence(until=date(2022, 6, 13), number="旧"), a_licence(until=ON, number="新")]

    assert answer(Product("甲醇"), licences=both).licence_number == "新"


@pytest.mark.parametrize(
    ("parts", "expected", "reason"),
    [
        ([("甲苯", 40.0), ("丙酮", 30.0), ("丙三醇", 30.0)], Answer.OUT_OF_SCOPE, "NOT_ON_LICENCE"),
        ([("甲苯", 40.0), ("丙酮", 29.9), ("丙三醇", 30.1)], Answer.UNSURE, "MIXTURE_BELOW_70"),
        ([("甲醇", 70.0), ("丙三醇", 30.0)], Answer.IN_SCOPE, "ON_LICENCE"),
        ([("甲醇", 60.0), ("盐酸", 10.0), ("丙三醇", 30.0)], Answer.IN_SCOPE, "ON_LICENCE"),
        ([("甲醇", 69.0), ("丙酮", 1.0), ("丙三醇", 30.0)], Answer.OUT_OF_SCOPE, "NOT_ON_LICENCE"),
        ([("甲苯", 50.0), ("某树脂", 50.0)], Answer.UNSURE, "MIXTURE_UNKNOWN"),
        ([("丙三醇", 60.0), ("尿素", 40.0)], Answer.NOT_HAZARDOUS, "ROW_NOT_HAZARDOUS"),
        ([("丙三醇", 60.0)], Answer.UNSURE, "MIXTURE_BELOW_70"),
        ([("过氧化氢溶液[含量>8%]", 8.0), ("甲苯", 65.0)], Answer.UNSURE, "MIXTURE_BELOW_70"),
    ],
)
def test_the_mixture_rule(parts: list[tuple[str, float]], expected: Answer, reason: str):
    found = answer(Product("稀释剂", "", tuple(Part(name, "", percent) for name, percent in parts)))

    assert (found.answer, found.reason) == (expected, reason)


def test_a_row_that_names_a_content_holds_above_it():
    thin = Product("双氧水", "7722-84-1", (Part("过氧化氢溶液[含量>8%]", "7722-84-1", 3.0),))
    thick = Product("双氧水", "7722-84-1", (Part("过氧化氢溶液[含量>8%]", "7722-84-1", 27.5),))

    assert (answer(thin).answer, answer(thin).reason) == (Answer.UNSURE, "MIXTURE_BELOW_70")
    assert answer(thick).answer is Answer.OUT_OF_SCOPE


def test_a_complete_catalogue_knows_what_is_not_hazardous():
    complete = composed(shipped(FILE.read_bytes()), complete=True)

    found = answer(Product("稀释剂"), catalogue=complete)

    assert (found.answer, found.reason) == (Answer.NOT_HAZARDOUS, "NOT_IN_COMPLETE_CATALOGUE")


def test_every_substance_on_the_licence_is_in_and_every_other_hazardous_one_out():
    for chemical in CATALOGUE.chemicals:
        by_cas, by_name = answer(Product("", chemical.cas)), answer(Product(chemical.name))
        expected = Answer.NOT_HAZARDOUS if not chemical.hazardous else Answer.IN_SCOPE if chemical.name in LINES else Answer.OUT_OF_SCOPE
        assert (by_cas.answer, by_name.answer) == (expected, expected)


def test_what_ships_is_whole_and_says_that_it_is_not_complete():
    assert (CATALOGUE.rows, CATALOGUE.complete, CATALOGUE.verified) == (95, False, False)
    assert sum(not chemical.hazardous for chemical in CATALOGUE.chemicals) == 10
    assert all(cas_right(chemical.cas) for chemical in CATALOGUE.chemicals)


@pytest.mark.parametrize("cas", ["", "67-64", "67-64-10", "067-64-1", "6a-64-1", "67641"])
def test_what_is_no_cas_number(cas: str):
    assert not cas_right(cas)


@pytest.mark.parametrize(
    ("chemicals", "changes", "error"),
    [
        ([], {}, CatalogueEmpty),
        ([Chemical(1, "丙酮")], {"source": " "}, CatalogueWithoutSource),
        ([Chemical(1, " ")], {}, ChemicalInvalid),
        ([Chemical(1, "丙酮", cas="67-64-2")], {}, ChemicalInvalid),
        ([Chemical(1, "丙酮", cas="67-64-1"), Chemical(2, "二甲基酮", cas="67-64-1")], {}, ChemicalTwice),
        ([Chemical(1, "丙酮"), Chemical(2, "丙 酮")], {}, ChemicalTwice),
        ([Chemical(1, "丙酮")], {"by": Person("wu", "o", "/44/", frozenset({Role.OFF}))}, CatalogueKeeperOnly),
    ],
)
def test_a_version_that_cannot_be_asked_is_refused(chemicals: list[Chemical], changes: dict[str, Any], error: type[Exception]):
    with pytest.raises(error):
        composed(chemicals, **changes)


def test_names_are_compared_by_what_they_say():
    assert folded("N，N－二甲基甲酰胺（DMF）") == folded("n,n-二甲基甲酰胺[dmf]")

"""Rules of acts, scales, thresholds and parameters, over the data that ships."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from kernel.parameters import UnknownReading
from lawbook.adapters.reference import _default_scale, _json, _Laws, _lines, _thresholds
from lawbook.adapters.search import ArticleIndex, tokens
from lawbook.adapters.store import ACTS, ITEMS, SCALES, THRESHOLDS
from lawbook.domain.acts import (
    Act,
    BranchUnknown,
    NoScaleForBranch,
    Range,
    Scale,
    ScaleOutsideRange,
    ScaleWithoutSource,
    Tier,
    default_scale,
)
from lawbook.domain.articles import Article
from lawbook.domain.parameters import ParametersChanged, ParametersInvalid, ParametersWithoutSource, Published, announced, succeed
from lawbook.domain.thresholds import ThresholdsInvalid, ThresholdsNotInForce, nearest
from lawbook.domain.versions import in_force, latest

NOW = datetime(2022, 8, 15, 1, tzinfo=UTC)
LAWS = _Laws()
# Cited, but their text does not ship.
TITLE_ONLY = {"O30", "O88", "PB", "HCSL"}


def shipped_acts() -> dict[str, Act]:
    """The first version of each."""
    return {row["id"]: ACTS.validate_python(row["body"]) for row in reversed(LAWS.acts()[1])}


def template() -> Scale:
    return SCALES.validate_python(_default_scale()[1][0]["body"])


def an_official_scale(**changes: object) -> Scale:
    scale = Scale(
        id="A14/FIRST@2024-11-01",
        act_id="A14",
        branch="FIRST",
        doc="裁量权基准",
        doc_no="",
        valid_from_on=date(2024, 11, 1),
        valid_to_on=None,
        verified=False,
        official=True,
        metric="uncertified_persons",
        tiers=(Tier("轻微", 1, 1, Range(0, 2_000_000)), Tier("较重", 2, 0, Range(2_000_000, 10_000_000))),
    )
    return replace(scale, **changes)


def test_acts_of_the_catalogue_stand_whole():
    acts = shipped_acts()

    assert sorted(acts) == [f"A{number:02d}" for number in range(1, 83)]
    assert acts["A14"].violated_text == "《中华人民共和国安全生产法》第三十条第一款"
    assert acts["A14"].basis_text == "《中华人民共和国安全生产法》第九十七条第七项"


@pytest.mark.parametrize("act_id", ["A08", "A09", "A10", "A11", "A12", "A13", "A14"])
def test_persons_are_fined_only_when_overdue(act_id: str):
    act = shipped_acts()[act_id]

    assert act.branch("FIRST").unit == Range(0, 10_000_000, min_inclusive=False)
    assert act.branch("FIRST").persons is None
    assert act.branch("OVERDUE").unit == Range(10_000_000, 20_000_000)
    assert act.branch("OVERDUE").persons == Range(2_000_000, 5_000_000)
    assert act.branch("OVERDUE").suspend


def test_every_cited_place_exists_in_the_shipped_articles():
    articles = {(row["instrument"], row["article"]): row["paragraphs"] for row in _lines("articles.jsonl") if not row["sub"]}

    for act in shipped_acts().values():
        for citation in (*act.violated, *act.basis):
            if citation.instrument in TITLE_ONLY:
                continue
            paragraphs = articles[citation.instrument, citation.article]
            assert citation.paragraph <= len(paragraphs)
            assert citation.item <= paragraphs[max(citation.paragraph, 1) - 1].count("\n（")


def test_every_quote_of_a_check_item_stands_in_its_article():
    articles = {
        (row["instrument"], row["article"]): "".join(row["paragraphs"]).replace("\n", "")
        for row in _lines("articles.jsonl")
        if not row["sub"]
    }
    rows = LAWS.check_items()[1]

    for row in rows:
        item = ITEMS.validate_python(row["body"])
        for citation in (item.duty, *item.penalty):
            text = articles[citation.instrument, citation.article]
            assert all(part in text for part in citation.quote.replace("\n", "").split("…")), item.id
    assert len(rows) == 1333


def test_slots_are_named_once_in_order():
    rows = {row["id"]: ITEMS.validate_python(row["body"]) for row in LAWS.check_items()[1]}

    assert rows["WSL-30.1-1"].slots == ("姓名", "人数", "场所", "作业", "期限")


def test_an_item_of_shenzhen_is_offered_there_only():
    item = next(ITEMS.validate_python(row["body"]) for row in LAWS.check_items()[1] if row["region_code"])

    assert item.offered_in("440305")
    assert not item.offered_in("441900118")
    assert item.offered_in("")


def test_the_default_scale_is_unofficial_and_divides_the_range():
    scale = default_scale(shipped_acts()["A14"], "FIRST", template())

    assert (scale.official, scale.verified, scale.shares) == (False, False, (0, 30, 70, 100))
    assert "非官方" in scale.doc


def test_a_branch_by_income_has_no_scale():
    with pytest.raises(NoScaleForBranch):
        default_scale(shipped_acts()["A06"], "MAJOR_ACCIDENT", template())


def test_an_unknown_branch_is_told():
    with pytest.raises(BranchUnknown):
        default_scale(shipped_acts()["A14"], "SERIOUS", template())


def test_an_official_scale_stays_inside_the_branch():
    with pytest.raises(ScaleOutsideRange):
        an_official_scale(tiers=(Tier("重", 1, 0, Range(0, 10_000_001)),)).check(shipped_acts()["A14"])
    with pytest.raises(ScaleOutsideRange):
        an_official_scale(tiers=()).check(shipped_acts()["A14"])
    an_official_scale().check(shipped_acts()["A14"])


def test_an_official_scale_names_its_document():
    with pytest.raises(ScaleWithoutSource):
        an_official_scale(doc=" ").check(shipped_acts()["A14"])


def test_the_version_that_began_last_is_in_force():
    early, late = an_official_scale(), an_official_scale(valid_from_on=date(2025, 2, 24))

    assert latest([early, late], date(2025, 2, 23)) is early
    assert latest([early, late], date(2025, 2, 24)) is late
    assert latest([early, late], date(2024, 10, 31)) is None


def test_a_version_counts_on_its_last_day():
    scale = an_official_scale(valid_to_on=date(2025, 1, 31))

    assert in_force(scale, date(2025, 1, 31))
    assert not in_force(scale, date(2025, 2, 1))


def test_thresholds_of_the_province_go_before_those_of_the_country():
    rows = [THRESHOLDS.validate_python(row["body"]) for row in _thresholds()[1]]

    guangdong = nearest(rows, "441900118", date(2022, 9, 9))
    assert {row.party_kind: row.amount_fen for row in guangdong.hearing} == {"UNIT": 10_000_000, "PERSON": 500_000}
    assert nearest(rows, "441900118", date(2022, 1, 1)).version == "CN@2021-07-15"
    with pytest.raises(ThresholdsNotInForce):
        nearest(rows, "441900118", date(2021, 7, 14))


def test_thresholds_that_open_a_right_for_nothing_are_refused():
    row = THRESHOLDS.validate_python(_thresholds()[1][0]["body"])

    with pytest.raises(ThresholdsInvalid):
        replace(row, collective=replace(row.collective, fine_fen=0)).check()
    with pytest.raises(ThresholdsInvalid):
        replace(row, crime_standards=(replace(row.crime_standards[0], required=(), any_of=()),)).check()


def test_parameters_go_on_by_one_version():
    first = succeed(Published(0, {}, "", None), version=0, overrides={}, source="粤应急〔2026〕1号", now=NOW)

    assert (first.version, first.published_at) == (1, NOW)
    assert announced(first, b"{}").name == "parameters"
    with pytest.raises(ParametersChanged):
        succeed(first, version=0, overrides={}, source="x", now=NOW)


def test_parameters_name_their_document():
    with pytest.raises(ParametersWithoutSource):
        succeed(Published(0, {}, "", None), version=0, overrides={}, source=" ", now=NOW)


def test_parameters_that_cannot_be_counted_with_are_refused():
    with pytest.raises(UnknownReading):
        succeed(Published(0, {}, "", None), version=0, overrides={"readings": {"roll_days": "never"}}, source="x", now=NOW)
    with pytest.raises(ParametersInvalid):
        succeed(Published(0, {}, "", None), version=0, overrides={"calendar": 1}, source="x", now=NOW)


def test_version_nought_is_not_announced():
    with pytest.raises(ValueError, match="not announced"):
        announced(Published(0, {}, "", None), b"{}")


def test_a_search_finds_the_article_by_its_words():
    titles = {row["code"]: row["title"] for row in _json("instruments.json")}
    articles = [
        Article(
            row["instrument"],
            titles[row["instrument"]],
            row["article"],
            row["sub"],
            row["chapter"],
            tuple(row["paragraphs"]),
            date.min,
            None,
            False,
        )
        for row in _lines("articles.jsonl")
        if row["instrument"] == "WSL"
    ]
    index = ArticleIndex()

    found = index(articles, "特种作业人员 上岗作业", 5)

    assert {article.article for article in found[:2]} == {30, 97}
    assert index([], "特种作业", 5) == []


def test_punctuation_is_no_word():
    assert {"作业", "人员"} <= set(tokens("“特种作业”，人员"))
    assert not {"“", "”", "，"} & set(tokens("“特种作业”，人员"))

import csv
from datetime import date
from pathlib import Path

import pytest
from documents.domain import body
from documents.domain.forms import FormUnknown, Seal, TemplateMissing, form, forms
from documents.domain.numbering import NumberMalformed, number_text
from documents.domain.sheet import sheet
from kernel.moves import Role

from ..samples import WITH_TEMPLATE, a_document, content_of, signed  # noqa: TID252


def test_the_registry_holds_the_forty_eight_and_those_of_real_systems():
    standard = [form_id for form_id in forms() if form_id.startswith("F")]

    assert len(standard) == 48
    assert {"ws10053", "ws10051", "ws10059", "ws1003012", "ws10055", "ws10056", "X7", "SLIP"} <= set(forms())


def test_a_form_is_read_as_the_table_says():
    decision = form("F34")

    assert (decision.code, decision.seal, decision.numbered, decision.served, decision.approved_by) == (
        "罚",
        Seal.OFFICIAL,
        True,
        True,
        ("F30",),
    )
    assert form("F35").code == decision.code
    assert form("F16").numbered is False
    assert form("ws10059").drafters == {Role.LEGAL}


LAW = Path(__file__).parents[4] / "docs" / "law"


def test_the_registry_agrees_with_the_table_of_the_law():
    with (LAW / "forms.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))

    assert len(rows) == 48
    for row in rows:
        found = form(row["form"])
        code = row["code"] if row["code"] not in ("", "–") else ""
        assert (found.code, found.numbered, str(found.seal), found.reviewed) == (
            code,
            row["numbered"] == "Y",
            row["seal"].replace("–", ""),
            row["approval"] == "Y",
        ), row["form"]


def test_the_further_forms_of_the_law_are_registered():
    with (LAW / "forms-further.csv").open(encoding="utf-8") as table:
        wanted = [name.strip() for row in csv.DictReader(table) for name in row["form"].split("/") if name.strip().startswith("ws")]

    assert set(wanted) <= set(forms())


def test_an_unknown_form_and_a_form_without_template_are_refused():
    with pytest.raises(FormUnknown):
        form("F99")
    with pytest.raises(TemplateMissing):
        form("ws10057").template(date(2022, 8, 16))
    with pytest.raises(TemplateMissing):
        form("F05").template(date(2017, 1, 1))


@pytest.mark.parametrize("form_id", WITH_TEMPLATE)
def test_the_sample_fills_every_mandatory_field(form_id):
    assert body.missing_fields(form(form_id), content_of(form(form_id))) == []


@pytest.mark.parametrize(
    ("abbreviation", "sequence", "text"), [("莞", 135, "（莞）应急现决〔2022〕135号"), ("珠香", 1, "（珠香）应急现决〔2022〕1号")]
)
def test_a_number_is_written_as_4_1_says(abbreviation, sequence, text):
    assert number_text(abbreviation, "现决", 2022, sequence) == text


@pytest.mark.parametrize(
    ("abbreviation", "code", "sequence"), [("", "罚", 1), ("GD", "罚", 1), ("莞", "F", 1), ("莞", "罚", 0), ("莞", "罚", 1_000_000)]
)
def test_a_malformed_number_is_refused(abbreviation, code, sequence):
    with pytest.raises(NumberMalformed):
        number_text(abbreviation, code, 2022, sequence)


def test_what_the_owner_knows_is_overwritten_by_the_drafter_and_null_removes():
    content = body.merged(form("F05"), {"unit": "甲", "phone": "乙", "foreign": 1}, {"unit": "丙", "phone": None})

    assert content == {"unit": "丙"}


def test_a_field_that_the_form_lacks_is_refused_with_those_it_has():
    with pytest.raises(body.UnknownField) as refused:
        body.merged(form("F05"), {}, {"colour": "red"})

    assert "unit" in refused.value.facts["fields"]


@pytest.mark.parametrize("value", [[1], {"a": 1}, "x" * 20_001, "bell\x07", True])
def test_a_text_field_takes_text(value):
    with pytest.raises(body.FieldMalformed):
        body.merged(form("F05"), {}, {"unit": value})


def test_one_of_two_alternatives_is_enough():
    content = content_of(form("F05"))
    del content["problems"], content["problems_text"]
    assert body.missing_fields(form("F05"), content) == ["problems"]

    content["problems_text"] = "问题"

    assert body.missing_fields(form("F05"), content) == []


def test_a_fine_needs_the_bank_and_a_warning_does_not():
    content = content_of(form("F34"))
    for name in ("bank", "account", "account_name", "surcharge_text"):
        del content[name]
    assert set(body.missing_fields(form("F34"), content)) == {"bank", "account", "account_name", "surcharge_text"}

    del content["fine_yuan"]

    assert body.missing_fields(form("F34"), content) == []


def test_the_digest_does_not_depend_on_the_order_of_fields():
    document = a_document("F05")
    turned = dict(reversed(document.content.items()))

    first = body.digest(document.id, document.spec, "F05/1", "局", document.content)

    assert body.digest(document.id, document.spec, "F05/1", "局", turned) == first
    assert body.digest(document.id, document.spec, "F05/1", "局", {**turned, "unit": "别家"}) != first


def test_days_and_instants_are_printed_in_words():
    printed = body.shown(form("F03"), {"time_from": "2022-08-16T01:05:00Z", "findings": [{"due_on": "2022-09-15"}]})

    assert printed == {"time_from": "2022年8月16日9时05分", "findings": [{"due_on": "2022年9月15日"}]}


@pytest.mark.parametrize(
    ("text", "words"), [("2022-08-16", "2022年8月16日"), ("上午九时", "上午九时"), ("2022-08-16T09:30:00", "2022年8月16日9时30分")]
)
def test_an_instant_that_is_none_stands_as_it_is(text, words):
    assert body.instant_in_words(text) == words


def test_a_whole_number_is_printed_without_fraction():
    assert body.shown(form("F16"), {"count": 2.0, "person_age": "三十"}) == {"count": 2, "person_age": "三十"}


def test_a_day_that_is_none_stands_as_it_is():
    assert body.shown(form("F06"), {"earlier_date": "2022-13-45"}) == {"earlier_date": "2022-13-45"}


def test_the_sheet_prints_the_counting_signatures_and_no_others():
    document = signed(a_document("F05"))
    document.signatures[0].body_digest = "0" * 64

    printed = sheet(document, "https://anzhi.example/v/1#2")

    assert [line["name"] for line in printed["signatures"]] == ["吴立诚", "陈伯安"]
    assert printed["digest"] == document.body_digest
    assert printed["dated"] == []

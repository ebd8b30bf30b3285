"""Law parameters: what ships, what goes over it, and how readings are named."""

import json
from datetime import date
from typing import Any

import pytest
from kernel.deadlines import compute
from kernel.parameters import LawParameters, ParametersMalformed, UnknownPolicy, UnknownReading

LAW = LawParameters.shipped()
DAY = date(2024, 3, 4)
START = "2024-03-04T10:00:00+08:00"


def test_what_ships_has_every_row_and_reading() -> None:
    assert list(LAW.timers) == [f"D{number:02}" for number in range(1, 66)]
    assert len(LAW.readings) == 31
    assert set(LAW.policies) == {"PB", "APL"}
    assert LawParameters.shipped() is LAW


def test_every_reading_is_known_by_its_value_its_text_and_as_default_or_other() -> None:
    for reading in LAW.readings.values():
        other = next(iter(reading.others))
        for value, text in [(reading.default, reading.text), *reading.others.items()]:
            assert reading.parse(value) == value
            assert reading.parse(text) == value
            assert reading.describe(value) == text
        assert reading.parse("default") == reading.default
        assert reading.parse("other") == other
        if not isinstance(reading.default, bool):
            assert reading.parse(True) == reading.default
            assert reading.parse(False) == other


@pytest.mark.parametrize(
    ("setting", "said", "meant"),
    [
        ("roll_days", "statutory holidays only", "statutory_holidays"),
        ("roll_transfer", "raw_last_day", False),
        ("roll_transfer", "not rolled", False),
        ("extension_cutoff", "raw last day", "raw"),
        ("pause_days", "both", "both_days_out"),
        ("hearing_lead", "8th", "7_clear"),
        ("d12_exclude.hearing", "true", True),
        ("hearing_lead", 7, "7th"),
        ("end_of_day", "18:30", "18:30"),
        ("surcharge_review_days", "filing day out, closing day counts", "closing_counts"),
        ("surcharge_review_days", "closing_day_out", "closing_out"),
        ("unpublished_year", "calendar_not_loaded", "refuse"),
    ],
)
def test_a_reading_may_be_named_in_words(setting: str, said: object, meant: object) -> None:
    assert LAW.readings[setting].parse(said) == meant


@pytest.mark.parametrize("wrong", ["nonsense", 7, None, ["raw"]])
def test_a_value_that_is_no_reading_is_refused(wrong: object) -> None:
    with pytest.raises(UnknownReading):
        LAW.readings["extension_base"].parse(wrong)


def test_an_unknown_setting_is_refused_when_it_is_loaded() -> None:
    with pytest.raises(UnknownReading):
        LAW.override({"readings": {"roll_everything": True}})


def test_a_choice_holds_from_its_day_and_in_its_office() -> None:
    law = LAW.override(
        {
            "readings": {
                "roll_transfer": [
                    {"value": False, "since": "2024-01-01", "source": "provincial opinion"},
                    {"value": True, "org": "/44/4404/", "since": "2024-01-01"},
                ]
            }
        }
    )

    assert law.reading("roll_transfer", date(2023, 12, 31)) is True
    assert law.reading("roll_transfer", date(2024, 1, 1)) is False
    assert law.at("/44/4404/").reading("roll_transfer", date(2024, 1, 1)) is True
    assert law.at("/44/4419/").reading("roll_transfer", date(2024, 1, 1)) is False


def test_the_later_of_two_choices_counts() -> None:
    law = LAW.override({"readings": {"hearing_lead": "7th"}}).override({"readings": {"hearing_lead": "7_clear"}})

    assert law.reading("hearing_lead", DAY) == "7_clear"


def test_an_earlier_choice_does_not_replace_a_later_one() -> None:
    rows = [{"value": False, "since": "2024-01-01"}, {"value": True, "since": "2023-01-01"}]

    assert LAW.override({"readings": {"roll_transfer": rows}}).reading("roll_transfer", DAY) is False


def test_a_new_notice_moves_a_date_that_was_provisional() -> None:
    notice = {
        "year": 2027,
        "notice": "invented",
        "issued": "2026-11-05",
        "holidays": [{"name": "New Year", "off": ["01-01"], "work": [], "statutory": ["01-01"]}],
    }
    started = "2026-12-28T10:00:00+08:00"

    before = compute("D06", "2026-12-30T10:00:00+08:00", [], {}, LAW)
    law = LAW.override({"version": "2027", "calendar": {"notices": [notice]}})
    after = compute("D06", "2026-12-30T10:00:00+08:00", [], {}, law)

    assert (before.text("legal_expiry"), before.provisional) == ("2027-01-01", True)
    assert (after.text("legal_expiry"), after.provisional) == ("2027-01-04", False)
    assert law.version == "2027"
    assert compute("D08", started, [], {}, law).provisional is False


def test_timer_rows_and_policies_are_replaced_by_id() -> None:
    law = LAW.override(
        {
            "timers": [{"id": "D08", "versions": [{"n": 3, "unit": "wd", "rolls": False, "verified": True}]}],
            "policies": [
                {"id": "APL", "base_days": 60},
                {
                    "id": "O18",
                    "name": "Order 18",
                    "base_days": 90,
                    "extensions": [{"by": "head", "total_days": 120}],
                    "source": "Order 18",
                    "verified": True,
                    "since": "2026-02-01",
                },
            ],
            "policy_default": [{"policy": "PB"}, {"since": "2026-02-01", "policy": "O18"}],
        }
    )

    assert compute("D08", START, [], {}, law).text("legal_expiry") == "2024-03-07"
    assert compute("D12", START, [], {"policy": "APL"}, law).text("raw") == "2024-05-03"
    assert compute("D12", "2026-02-02T10:00:00+08:00", [], {}, law).law == "O18"
    assert compute("D08", START, [], {}, LAW).text("legal_expiry") == "2024-03-11"


def test_an_override_has_a_version_of_its_own() -> None:
    one, other = LAW.override({"readings": {"hearing_lead": "7th"}}), LAW.override({"readings": {"roll_cap": False}})

    assert len({LAW.version, one.version, other.version}) == 3
    assert one == LAW.override({"readings": {"hearing_lead": "7th"}})


def test_json_there_and_back_is_the_same_law() -> None:
    law = LAW.override({"readings": {"hearing_lead": "7th", "d12_exclude": {"hearing": True}}})

    back = LawParameters.from_json(law.to_json().encode())

    assert back == law
    assert back.document == law.document
    assert back.reading("d12_exclude.hearing", DAY) is True


def test_an_office_keeps_its_path_over_an_override() -> None:
    assert LAW.at("/44/4419/").override({"readings": {"hearing_lead": "7th"}}).org_path == "/44/4419/"


@pytest.mark.parametrize("text", ["no json", "[]", "{}", '{"version": "x", "calendar": {"notices": 7}}'])
def test_what_is_no_document_of_parameters_is_refused(text: str) -> None:
    with pytest.raises(ParametersMalformed):
        LawParameters.from_json(text)


@pytest.mark.parametrize("changes", [{"timers": [{"id": "D08", "versions": [{}]}]}, {"surprise": 1}])
def test_a_wrong_change_is_refused_when_it_is_loaded(changes: dict[str, Any]) -> None:
    with pytest.raises(ParametersMalformed):
        LAW.override(changes)


def test_an_unknown_policy_is_refused() -> None:
    with pytest.raises(UnknownPolicy):
        LAW.policy("XYZ", DAY)


def test_the_shipped_document_can_be_written_as_json() -> None:
    assert json.loads(LAW.to_json())["version"] == LAW.version

"""What the vectors do not say: the derivation, bad input, the command line, the instant after the period."""

import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel.deadlines import BadInput, CalendarNotLoaded, NoSuchPeriodYet, UnknownTimer, compute
from kernel.deadlines.__main__ import answer, main
from kernel.deadlines.question import KINDS, REASONS
from kernel.parameters import LawParameters

LAW = LawParameters.shipped()
START = "2022-09-09T15:00:00+08:00"


def said(timer: str, start: str = START, events: list[dict[str, Any]] | None = None, **params: Any) -> str:
    return "\n".join(compute(timer, start, events or [], params, LAW).derivation)


def test_the_derivation_names_the_rule_the_article_and_the_holiday() -> None:
    text = said("D08")

    assert "CT-1 (CC 201): 9 September 2022, notice served, is not counted; counting begins on 10 September 2022." in text
    assert "CT-5 (APL 85, 86): 5 working days end on 19 September 2022; 12 September is off, Mid-Autumn." in text


def test_the_derivation_names_made_up_days_and_the_version() -> None:
    text = said("D09", "2022-09-26T10:00:00+08:00")

    assert "3 October to 7 October are off, National Day; 8 October is working though a weekend day, for National Day" in text
    assert "CT-17: D09 started on 26 September 2022; its version «2021-07-15» governs the whole period" in text


def test_the_derivation_says_why_a_day_rolled_and_to_where_the_department_works() -> None:
    text = said("D33", "2022-09-28T10:00:00+08:00")

    assert "CT-3 (CC 203): 1 October 2022 is a day off (National Day)" in text
    assert "CT-13: the department works to 30 September 2022" in text
    assert "CT-20: roll_transfer is read as «rolls» (TRR is silent" in text
    assert "CT-8 (TRR, MPS: no working-day clause): 3 calendar days" in text


@pytest.mark.parametrize(
    ("timer", "rule"),
    [
        ("D22", "CT-6 (AEL 69)"),
        ("D55", "CT-7 (ARL 88)"),
        ("D27", "CT-9 (PB"),
        ("D14", "CT-10 (WSL 78)"),
        ("D32", "CT-1 (CC 201): 20 working"),
    ],
)
def test_each_law_has_its_rule_of_what_a_day_is(timer: str, rule: str) -> None:
    assert rule in said(timer, "2024-03-04T10:00:00+08:00")


def test_a_value_that_is_not_verified_is_called_so() -> None:
    assert "D04 rests on a value that is not verified" in said("D04")


def test_every_row_says_how_it_was_derived_without_a_gap() -> None:
    for row in LAW.timers.values():
        params = {"until": "2024-05-06", "due": "2024-05-06", "fine_fen": 100}
        deadline = compute(row.id, "2024-03-04T10:00:00+08:00", [], params, LAW)

        assert deadline.derivation
        assert all(sentence.endswith(".") and "None" not in sentence for sentence in deadline.derivation), deadline.derivation


def test_the_period_is_over_at_the_first_instant_after_it() -> None:
    days = compute("D08", START, [], {}, LAW)
    hours = compute("D34", START, [], {}, LAW)
    waiting = compute("D22", START, [], {}, LAW)
    standing = compute("D12", START, [{"at": "2022-09-10T09:00:00+08:00", "kind": "suspend"}], {}, LAW)

    assert days.expires_at == datetime(2022, 9, 19, 16, tzinfo=UTC)
    assert hours.expires_at == datetime(2022, 9, 10, 7, 0, 0, 1, tzinfo=UTC)
    assert waiting.expires_at == datetime(2022, 9, 26, 16, tzinfo=UTC)
    assert waiting.earliest == date(2022, 9, 27)
    assert standing.expires_at is None
    assert days.text("legal_expiry") == "2022-09-19"
    assert days.text("internal_due") == ""


def test_instants_may_be_given_as_objects() -> None:
    at = datetime(2022, 9, 9, 7, tzinfo=UTC)
    events = [{"at": datetime(2022, 9, 12, tzinfo=UTC), "kind": "extend", "until": date(2022, 9, 30)}]

    assert compute("D25", at, events, {"until": datetime(2022, 9, 16, 17, tzinfo=UTC)}, LAW).text("raw") == "2022-09-30"
    assert compute("D08", at, None, None, LAW).text("raw") == "2022-09-19"


BAD: list[dict[str, Any]] = [
    {"timer": 12},
    {"timer": None},
    {"starts_at": None},
    {"starts_at": "2022-09-09"},
    {"starts_at": "soon"},
    {"starts_at": "0001-01-01T00:00:00+14:00"},
    {"params": []},
    {"events": {"at": START}},
    {"events": 7},
    {"events": ["act"]},
    {"events": [{"at": START, "kind": "dance"}]},
    {"events": [{"at": START, "kind": ["act"]}]},
    {"events": [{"kind": "act"}]},
    {"events": [{"at": START, "kind": "suspend", "reason": "lunch"}]},
    {"events": [{"at": START, "kind": "extend"}]},
    {"events": [{"at": START, "kind": "extend", "days": 0}]},
    {"events": [{"at": START, "kind": "extend", "days": "3"}]},
    {"events": [{"at": START, "kind": "extend", "days": True}]},
    {"events": [{"at": START, "kind": "extend", "days": 10**9}]},
    {"events": [{"at": START, "kind": "extend", "until": 7}]},
    {"events": [{"at": START, "kind": "defer"}]},
    {"events": [{"at": START, "kind": "pay", "instalment": -1}]},
    {"events": [{"at": START, "kind": "pay", "amount_fen": 0}]},
    {"timer": "D12", "events": [{"at": START, "kind": "resume"}]},
    {"params": {"told": "no"}},
    {"params": {"told": 0}},
    {"params": {"path": "sideways"}},
    {"params": {"grade": ["major"]}},
    {"params": {"years": 3}},
    {"params": {"years": 2.0}},
    {"params": {"fine_fen": -1}},
    {"params": {"fine_fen": 1.5}},
    {"params": {"until": "soon"}},
    {"params": {"readings": []}},
    {"params": {"readings": {"unheard_of": True}}},
    {"params": {"readings": {"roll_cap": "purple"}}},
    {"params": {"instalments": []}},
    {"params": {"instalments": ["all"]}},
    {"params": {"instalments": [{"due": "2022-10-01"}]}},
    {"params": {"instalments": [{"due": "2022-10-01", "amount_fen": 0}]}},
    {"params": {"calendar": ["2022-01-01"]}},
    {"params": {"calendar": "2022"}},
    {"params": {"calendar": ["2022-12-31", "2022-01-01"]}},
    {"timer": "D12", "params": {"policy": "XYZ"}},
    {"timer": "GEN"},
    {"timer": "GEN", "params": {"n": 0, "unit": "cal"}},
    {"timer": "GEN", "params": {"n": 5, "unit": "moons"}},
    {"timer": "GEN", "params": {"n": 10**8, "unit": "cal"}},
    {"timer": "GEN", "starts_at": "9999-12-30T00:00:00+08:00", "params": {"n": 5, "unit": "cal"}},
    {"timer": "GEN", "starts_at": "9999-12-30T00:00:00+08:00", "params": {"n": 5, "unit": "mon"}},
]


@pytest.mark.parametrize("wrong", BAD, ids=lambda wrong: json.dumps(wrong)[:60])
def test_bad_input_is_refused_with_a_sentence(wrong: dict[str, Any]) -> None:
    line = answer(json.dumps({"id": "x", "timer": "D08", "starts_at": START, "events": [], "params": {}, **wrong}).encode(), LAW)

    assert (line["id"], line["error"]) == ("x", "bad_input"), line
    assert len(line["detail"]) > 10


@pytest.mark.parametrize("line", [b"", b"nope", b"[]", b'"D08"', b"\xff\xfe", b"null"])
def test_a_line_that_is_no_object_is_refused(line: bytes) -> None:
    assert answer(line, LAW) | {"detail": ""} == {"id": None, "error": "bad_input", "detail": ""}


def test_one_line_in_is_one_line_out_whatever_stands_in_it() -> None:
    lines = [
        {"id": 1, "timer": "D08", "starts_at": START, "events": [], "params": {}},
        {"id": "甲", "timer": "D99", "starts_at": START},
        {"id": None, "timer": "D16", "starts_at": "2026-12-25T10:00:00+08:00", "params": {"readings": {"unpublished_year": "refuse"}}},
        {"id": "last", "timer": "D16", "starts_at": "2022-09-20T10:00:00+08:00"},
    ]
    out = io.BytesIO()

    main(
        io.BytesIO(
            b"\n".join(json.dumps(line).encode() for line in lines[:2])
            + b"\n{\n\n"
            + b"\n".join(json.dumps(line).encode() for line in lines[2:])
        ),
        out,
    )

    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line.get("error") for line in answers] == [None, "unknown_timer", "bad_input", "bad_input", "calendar_not_loaded", None]
    assert [line["id"] for line in answers] == [1, "甲", None, None, None, "last"]
    assert list(answers[0]) == ["id", "timer", "raw", "legal_expiry", "derivation"]


def test_the_errors_have_their_kinds() -> None:
    with pytest.raises(UnknownTimer):
        compute("D66", START, [], {}, LAW)
    with pytest.raises(NoSuchPeriodYet):
        compute("D14", "2021-08-31T10:00:00+08:00", [], {}, LAW)
    with pytest.raises(BadInput):
        compute("D08", None, [], {}, LAW)
    with pytest.raises(CalendarNotLoaded) as refused:
        compute("D08", "2027-01-01T10:00:00+08:00", [], {}, LAW.override({"readings": {"unpublished_year": "refuse"}}))
    assert refused.value.facts == {"day": "2027-01-02"}


def test_events_may_come_in_any_order_and_answers_keep_the_order_asked() -> None:
    events = [
        {"at": "2022-11-10T09:00:00+08:00", "kind": "extend", "days": 91, "by": "superior"},
        {"at": "2022-09-15T09:00:00+08:00", "kind": "extend", "days": 60, "by": "head"},
    ]

    assert compute("D12", "2022-08-18T10:00:00+08:00", events, {"policy": "PB"}, LAW).accepted == (False, True)


starts = st.datetimes(datetime(2020, 1, 1), datetime(2026, 3, 1)).map(lambda at: at.replace(tzinfo=UTC))
plain_rows = st.sampled_from([row.id for row in LAW.timers.values() if row.id not in ("D17", "D18", "D25", "D62")])


@given(plain_rows, starts)
def test_no_period_ends_before_it_starts_and_rolling_only_lengthens(timer: str, start: datetime) -> None:
    try:
        deadline = compute(timer, start, [], {}, LAW)
    except NoSuchPeriodYet:
        return

    if isinstance(deadline.raw, datetime) and isinstance(deadline.legal_expiry, datetime):
        assert start < deadline.raw == deadline.legal_expiry
    elif deadline.raw is not None and timer != "D26":
        assert isinstance(deadline.legal_expiry, date)
        assert start.date() < deadline.raw <= deadline.legal_expiry
        if deadline.internal_due is not None:
            assert start.date() <= deadline.internal_due <= deadline.legal_expiry


@given(starts, st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_overlapping_pauses_take_out_each_day_once(start: datetime, one: int, length: int, other: int, more: int) -> None:
    def at(days: int) -> str:
        return datetime.fromtimestamp(start.timestamp() + days * 86400, UTC).isoformat()

    events = [
        {"at": at(one), "kind": "suspend", "reason": "appraisal"},
        {"at": at(one + length), "kind": "resume", "reason": "appraisal"},
        {"at": at(other), "kind": "suspend", "reason": "suspension"},
        {"at": at(other + more), "kind": "resume", "reason": "suspension"},
    ]
    apl = {"policy": "APL"}

    free = compute("D12", start, [], {"policy": "APL"}, LAW)
    paused = compute("D12", start, events, apl, LAW)

    out = len({*range(one, one + length), *range(other, other + more)})
    if free.law == "APL" and paused.accepted is None:
        assert isinstance(free.raw, date)
        assert isinstance(paused.raw, date)
        assert (paused.raw - free.raw).days == out


instants = st.datetimes(datetime(2018, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(tzinfo=UTC).isoformat())
day_texts = st.dates(date(2018, 1, 1), date(2028, 12, 31)).map(date.isoformat)
any_event = st.fixed_dictionaries(
    {"at": instants, "kind": st.sampled_from(sorted(KINDS))},
    optional={
        "days": st.integers(1, 400),
        "until": day_texts,
        "reason": st.sampled_from(sorted(REASONS)),
        "instalment": st.integers(0, 3),
        "amount_fen": st.integers(1, 10**7),
    },
)
any_params = st.fixed_dictionaries(
    {},
    optional={
        "told": st.booleans(),
        "path": st.sampled_from(["none", "not_told", "reconsidered", "recon_first"]),
        "direction": st.sampled_from(["forward", "backward"]),
        "procedure": st.just("simple"),
        "no_decision": st.booleans(),
        "mode": st.just("public_notice"),
        "fine_fen": st.integers(0, 10**9),
        "deferred_until": day_texts,
        "until": day_texts,
        "due": day_texts,
        "made_on": day_texts,
        "n": st.integers(1, 300),
        "unit": st.sampled_from(["cal", "wd", "mon", "h"]),
        "readings": st.fixed_dictionaries(
            {},
            optional={name: st.sampled_from([reading.default, *reading.others]) for name, reading in LAW.readings.items()},
        ),
    },
)


@settings(max_examples=300)
@given(st.sampled_from([*LAW.timers, "GEN"]), instants, st.lists(any_event, max_size=6), any_params)
def test_every_question_has_an_answer_or_a_reason(timer: str, start: str, events: list[dict[str, Any]], params: dict[str, Any]) -> None:
    line = answer(json.dumps({"id": "x", "timer": timer, "starts_at": start, "events": events, "params": params}).encode(), LAW)

    assert line["id"] == "x"
    assert line.get("derivation") or line["detail"]
    assert (line.get("total_surcharge_fen") or 0) >= 0
    if line.get("raw") and line.get("legal_expiry"):
        assert line["raw"] <= line["legal_expiry"]

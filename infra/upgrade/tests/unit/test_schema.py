"""What the running version would meet on the next schema: each break planted."""

from dataclasses import replace

import pytest
from upgrade.schema import Column, Schema, breaks

TEXT, NEEDED, FILLED = Column("text", False, False), Column("text", True, False), Column("text", True, True)
KNOWN = {"cases": ["id", "number"]}
BEFORE = Schema(
    columns={"cases": {"id": NEEDED, "number": TEXT}},
    rules={"cases pk_cases": "PRIMARY KEY (id)"},
    rights=frozenset({"penalties_serve SELECT cases"}),
    policies={"cases cases_serve": "PERMISSIVE {penalties_serve} ALL seen"},
)
CASES = BEFORE.columns["cases"]


def with_columns(**columns: Column) -> Schema:
    return replace(BEFORE, columns={"cases": {**CASES, **columns}})


@pytest.mark.parametrize(
    "after",
    [
        BEFORE,
        with_columns(grade=TEXT),
        with_columns(grade=FILLED),
        replace(BEFORE, columns={**BEFORE.columns, "notes": {"id": NEEDED}}, rules={**BEFORE.rules, "notes pk_notes": "PRIMARY KEY (id)"}),
        replace(BEFORE, rights=BEFORE.rights | {"penalties_jobs SELECT cases"}),
        replace(BEFORE, policies={**BEFORE.policies, "cases cases_more": "PERMISSIVE {x} ALL true"}),
        with_columns(id=FILLED),
    ],
)
def test_what_is_only_added_breaks_nothing(after: Schema) -> None:
    assert breaks(KNOWN, BEFORE, after) == []


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (replace(BEFORE, columns={}), "table cases is gone"),
        (replace(BEFORE, columns={"cases": {"id": NEEDED}}), "cases.number is gone"),
        (with_columns(number=Column("bigint", False, False)), "cases.number is bigint, it was text"),
        (with_columns(number=NEEDED), "cases.number needs a value now"),
        (with_columns(grade=NEEDED), "cases.grade needs a value that the running version does not give"),
        (replace(BEFORE, rules={**BEFORE.rules, "cases ck": "CHECK (a > 0)"}), "cases ck is a rule that the running version does not know"),
        (replace(BEFORE, rules={}), "cases pk_cases is not what it was"),
        (replace(BEFORE, rights=frozenset()), "penalties_serve SELECT cases is taken"),
        (replace(BEFORE, policies={"cases cases_serve": "other"}), "policy cases cases_serve is not what it was"),
        (replace(BEFORE, policies={**BEFORE.policies, "cases less": "RESTRICTIVE {x} ALL false"}), "policy cases less hides rows"),
        (replace(BEFORE, guarded=frozenset({"cases"})), "cases has row security"),
    ],
)
def test_each_break_is_named(after: Schema, said: str) -> None:
    found = breaks(KNOWN, BEFORE, after)

    assert len(found) == 1
    assert found[0].startswith(said)


def test_a_column_that_the_code_does_not_use_any_more_may_go() -> None:
    assert breaks({"cases": ["id"]}, BEFORE, replace(BEFORE, columns={"cases": {"id": NEEDED}})) == []

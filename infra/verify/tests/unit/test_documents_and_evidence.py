"""Each invariant sees what breaks it."""

from typing import Any

import pytest
from verify import documents, evidence, spine
from verify.sources import Digests

SERIES = [{"issuer_id": "city", "letter_code": "罚", "year": 2022, "last": 2}]
GOOD = Digests("a", "b", 3)


class FakeSources:
    services = ("documents",)

    def __init__(self, *answers: list[dict[str, Any]], stored: Digests | None = GOOD) -> None:
        self._answers, self._stored = list(answers), stored

    async def rows(self, service: str, query: str, *values: object) -> list[dict[str, Any]]:
        return self._answers.pop(0)

    def digests(self, bucket: str, key: str, version: str) -> Digests | None:
        return self._stored


def a_number(sequence: int, *, carried: bool = True, state: str = "SEALED", voided: bool = False) -> dict[str, Any]:
    number = f"（莞）应急罚〔2022〕{sequence}号"
    return SERIES[0] | {
        "sequence": sequence,
        "number": number,
        "carried": number if carried else "",
        "state": state,
        "voided_at": "2022-09-01" if voided else None,
        "void_reason": "wrong party" if voided else "",
    }


@pytest.mark.parametrize(
    ("numbers", "broken"),
    [
        ([a_number(1), a_number(2)], 0),
        ([a_number(1), a_number(2, state="VOID", voided=True)], 0),
        ([a_number(1), a_number(3)], 1),
        ([a_number(1)], 1),
        ([a_number(1), a_number(2, carried=False)], 1),
        ([a_number(1), a_number(2, state="VOID")], 1),
        ([], 1),
    ],
    ids=["whole", "one void with a reason", "a gap", "one lost", "one that its document does not carry", "void without a reason", "none"],
)
async def test_a_series_of_numbers_has_no_gap(numbers: list[dict[str, Any]], broken: int) -> None:
    outcome = await documents.numbers_have_no_gap(FakeSources(SERIES, numbers, []))  # type: ignore[arg-type]

    assert len(outcome.violations) == broken


@pytest.mark.parametrize(("stored", "broken"), [(GOOD, 0), (Digests("x", "b", 3), 1), (None, 1)], ids=["same", "changed", "gone"])
async def test_a_file_is_compared_with_its_hash(stored: Digests | None, broken: int) -> None:
    told = {"id": 1, "form": "F34", "number": "1", "object_key": "k", "object_version": "v", "sha256": "a", "sm3": "b", "size": 3}
    sources = FakeSources([told | {"admitted": True}], stored=stored)

    outcome = await evidence.admitted_items_verify(sources)  # type: ignore[arg-type]

    assert (outcome.rows, len(outcome.violations)) == (1, broken)


@pytest.mark.parametrize(
    ("before", "times", "broken"),
    [("FILED", 1, 0), (None, 1, 0), ("DECIDED", 1, 1), ("FILED", 2, 1)],
    ids=["whole", "first", "leap", "twice"],
)
async def test_moves_follow_each_other(before: str | None, times: int, broken: int) -> None:
    move = {"machine": "case", "object_id": "1", "row": "PC07", "version": 4, "source": "FILED", "before": before, "times": times}

    outcome = await spine.moves_follow_each_other(FakeSources([move]))  # type: ignore[arg-type]

    assert len(outcome.violations) == broken

"""Every row of the master table against vectors kept as data. Expected None: the field is not there.

Those in `aspects` were worked out by hand or by another count than the kernel's; each says how (`derivation`) and what it
holds the row against: first day, last day, rolling, extension, pause, version of the law.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kernel.deadlines.__main__ import answer
from kernel.parameters import LawParameters, TimerRow

FOLDER = Path(__file__).parents[1] / "vectors"
TIMERS = LawParameters.shipped().timers
VECTORS = [
    pytest.param(row, id=f"{path.stem}: {row['why']}")
    for path in sorted(FOLDER.rglob("*.jsonl"))
    for row in map(json.loads, path.read_text("utf-8").splitlines())
]
ASPECTS = [vector.values[0] for vector in VECTORS if "aspect" in vector.values[0]]
# Lengthened by a rule of their own: the case limit (5.6), an order (D26), the police (L54 11).
LENGTHENED = {"D12", "D25", "D36"}
HELD = Counter((vector["ask"]["timer"], vector["aspect"]) for vector in ASPECTS)


def wanted(row: TimerRow) -> Iterator[str]:
    """What there is to hold a row against."""
    yield "first"
    yield "last"
    if any(version.length.unit in {"cal", "wd", "mon", "yr", "named"} for version in row.versions):
        yield "rolling"
    if row.extends or row.id in LENGTHENED:
        yield "extension"
    if row.pauses or row.id == "D18":
        yield "pause"
    if len(row.versions) > 1:
        yield "version"


@pytest.mark.parametrize("vector", VECTORS)
def test_the_vector_comes_out(vector: dict[str, Any]) -> None:
    line = answer(json.dumps({"id": "v", **vector["ask"]}).encode(), LawParameters.shipped())

    assert {field: line.get(field) for field in vector["expect"]} == vector["expect"], line


def test_every_row_of_the_table_has_vectors() -> None:
    asked = {vector.values[0]["ask"]["timer"] for vector in VECTORS}

    assert asked == {*TIMERS, "GEN"}


@pytest.mark.parametrize("row", TIMERS.values(), ids=lambda row: row.id)
def test_a_row_is_held_against_all_that_applies(row: TimerRow) -> None:
    missing = [aspect for aspect in wanted(row) if not HELD[row.id, aspect]]

    assert not missing, f"{row.id} has no vector for: {', '.join(missing)}"


def test_a_change_of_the_law_is_held_on_both_sides() -> None:
    alone = [row.id for row in TIMERS.values() if len(row.versions) > 1 and HELD[row.id, "version"] < 2]

    assert not alone, f"before and after the change: {', '.join(alone)}"


def test_five_hundred_vectors_say_how_they_were_derived() -> None:
    derived = [vector for vector in ASPECTS if vector["derivation"]]

    assert len(derived) == len(ASPECTS) >= 500
    assert {vector["aspect"] for vector in ASPECTS} == {"first", "last", "rolling", "extension", "pause", "version"}

"""Every row of the master table against vectors kept as data. Expected None: the field is not there."""

import json
from pathlib import Path
from typing import Any

import pytest
from kernel.deadlines.__main__ import answer
from kernel.parameters import LawParameters

VECTORS = [
    pytest.param(row, id=f"{path.stem}: {row['why']}")
    for path in sorted((Path(__file__).parents[1] / "vectors").glob("*.jsonl"))
    for row in map(json.loads, path.read_text("utf-8").splitlines())
]


@pytest.mark.parametrize("vector", VECTORS)
def test_the_vector_comes_out(vector: dict[str, Any]) -> None:
    line = answer(json.dumps({"id": "v", **vector["ask"]}).encode(), LawParameters.shipped())

    assert {field: line.get(field) for field in vector["expect"]} == vector["expect"], line


def test_every_row_of_the_table_has_vectors() -> None:
    asked = {vector.values[0]["ask"]["timer"] for vector in VECTORS}

    assert asked == {*LawParameters.shipped().timers, "GEN"}

"""The kernel's data against docs/law: the same rows, the same lengths, the same readings."""

import csv
import re
from pathlib import Path

import pytest
from kernel.parameters import LawParameters, TimerRow

LAW = LawParameters.shipped()
DOCS = Path(__file__).parents[2] / "docs/law"


def table(name: str) -> list[dict[str, str]]:
    with (DOCS / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


TIMERS = {line["id"]: line for line in table("timers.csv")}
# Lengths that a case, a grant or an anchor gives: no number stands in the row.
OPEN = {"D17", "D18", "D25"}


@pytest.mark.parametrize("row", LAW.timers.values(), ids=lambda row: row.id)
def test_a_timer_is_that_of_the_table(row: TimerRow) -> None:
    line = TIMERS[row.id]

    assert row.who == line["who"]
    now = row.versions[-1].length
    if row.id not in OPEN:
        unit = {"cal": "cal", "wd": "wd", "h": "h", "mon": "months", "yr": "year"}[now.unit]
        # D35 names two periods: the 24 hours of the police and the three days of the department.
        lengths = re.findall(r"(\d+)(?: /)?(?: \d+)? (?:clear )?(cal|wd|h|months|year)", line["length"].replace("24 h notice → ", ""))
        assert lengths[0] == (str(now.n), unit)
    if line["rolls"]:
        assert (now.rolls is not False or any(length.rolls for _, _, length in row.versions[-1].when)) == line["rolls"].startswith("yes")
        assert isinstance(now.rolls, str) == ("(roll_" in line["rolls"])


def named(text: str) -> set[str]:
    """D04, D26–D29: every row that the text names."""
    found = set(re.findall(r"D\d\d", text))
    for first, last in re.findall(r"D(\d\d)–D(\d\d)", text):
        found |= {f"D{number:02}" for number in range(int(first), int(last) + 1)}
    return found


def test_there_are_no_other_timers() -> None:
    assert set(LAW.timers) == set(TIMERS)


def test_the_versions_are_those_of_the_table() -> None:
    written = {(name, line["from"]) for line in table("timer-versions.csv") for name in named(line["rows"])}
    coded = {(row.id, version.since.isoformat()) for row in LAW.timers.values() for version in row.versions if version.since}

    # D12 changes by policy, D20 only for penalties on the spot, public notice by its day of publication.
    assert coded ^ written == {("D12", "2021-07-15"), ("D12", "2026-02-01"), ("D20", "2024-01-01"), ("D13", "2022-01-01")}


def test_the_readings_are_those_of_the_table() -> None:
    written = {line["setting"] for line in table("readings.csv")} - {"d12_exclude.<kind>"}

    assert {name for name in LAW.readings if not name.startswith("d12_exclude.")} == written
    assert {name for name in LAW.readings if name.startswith("d12_exclude.")} == {
        f"d12_exclude.{kind}" for kind in ("appraisal", "public_notice", "suspension", "crime_transfer", "hearing")
    }


def test_the_readings_name_the_rows_that_they_change() -> None:
    for line in table("readings.csv"):
        rows = named(line["rows"])
        for name, reading in LAW.readings.items():
            if name == line["setting"]:
                assert rows <= set(reading.rows), name

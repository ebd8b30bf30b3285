"""The move tables of the services against docs/law/rows: no row is lost, none is invented, none is weakened."""

import csv
import re
from pathlib import Path

import pytest
from kernel.parameters import LawParameters

from .rows import NOW, ROWS, Coded, Marks, Row, code, gaps, rows

LAW = rows()
CODE = code()
PREFIXES = {re.match(r"[A-Z]+", name)[0] for name, row in LAW.items() if row.machine in {"task", "finding", "order", "measure", "case"}} | {
    re.match(r"[A-Z]+", name)[0] for name, row in LAW.items() if row.machine in {"document", "item", "transfer"}
}
EXCEPTIONS = Path(__file__).parent / "row_exceptions.csv"
DUE = [row for row in LAW.values() if row.due in NOW]


def exceptions() -> dict[tuple[str, str], str]:
    """What a row of the code leaves to another place, with the reason: (row, thing) -> why."""
    with EXCEPTIONS.open(encoding="utf-8", newline="") as lines:
        return {(line["row"], line["thing"]): line["why"] for line in csv.DictReader(lines)}


EXCEPTED = exceptions()


def missing(row: Row, wanted: frozenset[str], there: set[str]) -> list[str]:
    return sorted(thing for thing in wanted - there if (row.id, thing) not in EXCEPTED)


def test_every_file_of_rows_is_read_and_every_row_says_when_it_is_due() -> None:
    assert len(LAW) == 296
    assert {row.due for row in LAW.values()} == {"1", "2", "later"}
    assert len(list(ROWS.glob("*.csv"))) == 9


def test_no_service_has_a_row_of_the_law_that_the_law_has_not() -> None:
    invented = [name for name in CODE if re.fullmatch(r"[A-Z]+\d\d", name) and re.match(r"[A-Z]+", name)[0] in PREFIXES and name not in LAW]

    assert not invented


@pytest.mark.parametrize("row", DUE, ids=lambda row: row.id)
def test_a_row_that_is_due_has_code(row: Row) -> None:
    assert row.id in CODE


@pytest.mark.parametrize("row", [row for row in DUE if row.id in CODE], ids=lambda row: row.id)
def test_the_moves_of_a_row_are_those_of_the_law(row: Row) -> None:
    """A move that leaves the state as it is may stand beside the transitions of its row: it is no transition."""
    pairs = {pair for coded in CODE[row.id] for pair in coded.pairs()}

    beyond = {pair for pair in pairs - row.moves if pair[0] != pair[1]}
    lost = {f"{source}>{target}" for source, target in row.moves - pairs}
    assert not {pair for pair in beyond if (row.id, f"{pair[0]}>{pair[1]}") not in EXCEPTED}, "the law knows no such transition"
    assert not {pair for pair in lost if (row.id, pair) not in EXCEPTED}, "the law knows this transition too"


@pytest.mark.parametrize("row", [row for row in DUE if row.id in CODE and row.guards], ids=lambda row: row.id)
def test_a_row_keeps_the_guards_of_the_law(row: Row) -> None:
    there = {guard.__name__[:3].upper() for coded in CODE[row.id] for guard in coded.move.guards}

    assert not missing(row, row.guards, there), f"guards there: {sorted(there)}"


@pytest.mark.parametrize("row", [row for row in DUE if row.id in CODE and row.starts | row.stops], ids=lambda row: row.id)
def test_a_row_starts_and_stops_the_timers_of_the_law(row: Row) -> None:
    starts = {getattr(start, "timer", start) for coded in CODE[row.id] for start in coded.move.starts}
    stops = {stop for coded in CODE[row.id] for stop in coded.move.stops}

    assert not missing(row, row.starts, starts), f"starts: {sorted(starts)}"
    assert not missing(row, frozenset({"all"}) & row.stops, {"all"} if stops else set()), "every timer stops"
    assert not missing(row, row.stops - {"all"}, stops), f"stops: {sorted(stops)}"


def test_every_timer_that_code_starts_or_stops_is_a_row_of_the_master_table() -> None:
    timers = LawParameters.shipped().timers
    named = {(coded.place, getattr(start, "timer", start)) for every in CODE.values() for coded in every for start in coded.move.starts}
    named |= {(coded.place, stop) for every in CODE.values() for coded in every for stop in coded.move.stops}

    assert not {pair for pair in named if re.fullmatch(r"D\d\d", pair[1]) and pair[1] not in timers}


def test_every_exception_is_needed() -> None:
    """An exception that nothing needs any more goes."""
    idle = []
    for (name, thing), why in EXCEPTED.items():
        row, coded = LAW[name], CODE.get(name, [])
        assert why, f"{name} {thing}: say why"
        if not needed(row, coded, thing):
            idle.append(f"{name} {thing}")
    assert not idle


def needed(row: Row, coded: list[Coded], thing: str) -> bool:
    pairs = {f"{source}>{target}" for one in coded for source, target in one.pairs()}
    if ">" in thing:
        return thing not in pairs or thing not in {f"{source}>{target}" for source, target in row.moves}
    there = {guard.__name__[:3].upper() for one in coded for guard in one.move.guards}
    there |= {getattr(start, "timer", start) for one in coded for start in one.move.starts}
    there |= {stop for one in coded for stop in one.move.stops}
    return thing == "all" or thing not in there or thing in row.starts | row.stops


def test_a_due_row_without_code_or_tests_is_a_gap() -> None:
    due, planned = LAW["PC27"], LAW["I02"]

    assert gaps(due, [], Marks()) == ["code", "a test that walks it", "a test that refuses it"]
    assert gaps(due, CODE["PC27"], Marks(walks=["one"])) == ["a test that refuses it"]
    assert gaps(due, CODE["PC27"], Marks(walks=["one"], refuses=["other"])) == []
    assert gaps(planned, [], Marks()) == []

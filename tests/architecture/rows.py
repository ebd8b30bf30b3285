"""The rows of the law beside the code and the tests: `make rows`.

docs/law/rows/*.csv is the law as it was carried over once; it is never generated. Code of a row: the `Move`s of that id in
services/*/src/*/domain. Tests of a row: those marked `row("PC27")` walk it, those marked `refuses("PC27")` refuse it.
"""

import csv
import importlib
import inspect
import json
import os
import pkgutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kernel.moves import Machine, Move

ROOT = Path(__file__).parents[2]
ROWS = ROOT / "docs/law/rows"
NOW = frozenset({"1", "2"})
"""Values of the column `due` of what has to stand today."""


@dataclass(frozen=True)
class Row:
    """One line of docs/law/rows. `moves` are pairs of states; "-" is a new object."""

    id: str
    machine: str
    transition: str
    moves: frozenset[tuple[str, str]]
    trigger: str
    actor: str
    guards: frozenset[str]
    starts: frozenset[str]
    stops: frozenset[str]
    document: str
    due: str

    @classmethod
    def of(cls, line: Mapping[str, str]) -> "Row":
        pairs = frozenset(_pair(pair) for pair in line["moves"].split())
        sets = {name: frozenset(line[name].split()) for name in ("guards", "starts", "stops")}
        texts = {name: line[name] for name in ("id", "machine", "transition", "trigger", "actor", "document", "due")}
        return cls(moves=pairs, **sets, **texts)


@dataclass(frozen=True)
class Coded:
    """A `Move` and where its class stands."""

    move: Move
    machine: type[Machine]

    @property
    def place(self) -> str:
        return f"{self.machine.__module__}.{self.machine.__name__}.{self.move.name}"

    def pairs(self) -> frozenset[tuple[str, str]]:
        """The transitions that it makes; one without a target leaves the state as it is."""
        found = set()
        for source in self.move.sources:
            ends = self.move.target if isinstance(self.move.target, frozenset) else {self.move.target}
            for end in ends:
                found.add(("-" if source is None else _name(source), _name(source if end is None else end)))
        return frozenset(found)


@dataclass
class Marks:
    walks: list[str] = field(default_factory=list)
    refuses: list[str] = field(default_factory=list)


def _pair(text: str) -> tuple[str, str]:
    source, _, target = text.rpartition(">")
    return source, target


def _name(state: Any) -> str:
    return str(getattr(state, "name", state))


def rows() -> dict[str, Row]:
    """Every row of the law by its id, in the order of the files."""
    found: dict[str, Row] = {}
    for path in sorted(ROWS.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for line in csv.DictReader(lines):
                assert line["id"] not in found, f"{line['id']} stands twice in {ROWS}"
                found[line["id"]] = Row.of(line)
    return found


def code() -> dict[str, list[Coded]]:
    """Every `Move` of every service by its row id."""
    for folder in sorted(ROOT.glob("services/*/src/*/domain")):
        for module in pkgutil.iter_modules([str(folder)]):
            importlib.import_module(f"{folder.parent.name}.domain.{module.name}")
    found: dict[str, list[Coded]] = {}
    for machine in _machines(Machine):
        if "MOVES" in vars(machine) and not inspect.isabstract(machine):
            for move in machine.MOVES:
                found.setdefault(move.row, []).append(Coded(move, machine))
    return found


def _machines(kind: type[Machine]) -> Iterator[type[Machine]]:
    for machine in kind.__subclasses__():
        if ".domain." in machine.__module__:
            yield machine
        yield from _machines(machine)


def tests() -> dict[str, Marks]:
    """Tests by the row that they are marked with."""
    folders = [str(path) for path in (*sorted(ROOT.glob("services/*/tests")), ROOT / "tests/e2e") if any(path.rglob("test_*.py"))]
    plugins = ["-p", "rows", "-p", "no:randomly", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", *plugins, *folders]
    path = os.pathsep.join([str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    ran = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False)
    marked = [line for line in ran.stdout.splitlines() if line.startswith(_PREFIX)]
    if ran.returncode != 0 or not marked:
        raise SystemExit(f"the tests could not be collected:\n{ran.stdout[-3000:]}{ran.stderr[-1000:]}")
    found: dict[str, Marks] = {}
    for row, kind, test in json.loads(marked[-1].removeprefix(_PREFIX)):
        getattr(found.setdefault(row, Marks()), kind).append(test)
    return found


_PREFIX = "MARKED ROWS "


def pytest_collection_finish(session: Any) -> None:
    """As a plugin of pytest: print which test is marked with which row."""
    marks = []
    for item in session.items:
        for mark in item.iter_markers():
            if mark.name in ("row", "refuses"):
                kind = "walks" if mark.name == "row" else "refuses"
                marks += [(row, kind, item.nodeid) for row in mark.args]
    print(f"\n{_PREFIX}{json.dumps(marks)}")


def gaps(row: Row, coded: list[Coded], tested: Marks) -> list[str]:
    """What a row that is due lacks."""
    if row.due not in NOW:
        return []
    found = {"code": coded, "a test that walks it": tested.walks, "a test that refuses it": tested.refuses}
    return [name for name, things in found.items() if not things]


def main() -> int:
    law, moves, marked = rows(), code(), tests()
    missing = 0
    for row in law.values():
        coded, tested = moves.get(row.id, []), marked.get(row.id, Marks())
        lacks = gaps(row, coded, tested)
        missing += bool(lacks)
        if coded or row.due in NOW:
            places = ", ".join(dict.fromkeys(one.place for one in coded)) or "no code"
            counts = f"{len(tested.walks)} walk, {len(tested.refuses)} refuse"
            first = " · ".join(_first(names) for names in (tested.walks, tested.refuses) if names)
            print(f"{row.id:5} {row.transition[:60]:60} {places} · {counts}{' · ' + first if first else ''}")
        else:
            print(f"{row.id:5} {row.transition[:60]:60} planned ({row.due})")
        if lacks:
            print(f"      LACKS {', '.join(lacks)}")
    unknown = sorted(set(marked) - set(law) - set(moves))
    if unknown:
        print(f"tests are marked with rows that nobody knows: {', '.join(unknown)}")
    due = sum(row.due in NOW for row in law.values())
    print(f"{len(law)} rows of the law, {due} due, {missing} of them with a gap")
    return 1 if missing or unknown else 0


def _first(names: list[str]) -> str:
    return names[0].removeprefix("services/").replace("tests/", "", 1)


if __name__ == "__main__":
    raise SystemExit(main())

"""The tree's own rules: names, sizes, rings, and that every service is known everywhere."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SERVICES = sorted(path.parent.parent.parent.name for path in ROOT.glob("services/*/src/*/app.py"))
LAWFUL = [service for service in SERVICES if service != "gateway"]
LONGEST = 400
SERVICEKIT_LINES = 3_600
BANNED = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "base", "info", "process", "misc"}
FILES = {
    "README.md",
    "pyproject.toml",
    "migrations/HEAD",
    "migrations/env.py",
    "src/{name}/__main__.py",
    "src/{name}/app.py",
    "src/{name}/domain/__init__.py",
    "src/{name}/application/ports.py",
    "src/{name}/application/queries.py",
    "src/{name}/adapters/tables.py",
    "src/{name}/adapters/store.py",
    "src/{name}/adapters/api.py",
    "tests/unit",
    "tests/integration/test_migrations.py",
}


def sources(*roots: str) -> Iterator[Path]:
    """Hand-written Python."""
    for root in roots or ("libs", "services", "infra", "tests"):
        for path in sorted((ROOT / root).rglob("*.py")):
            if "libs/contracts/src" not in path.as_posix() and ".venv" not in path.parts and ".local" not in path.parts:
                yield path


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_there_are_the_services_of_the_plan():
    assert SERVICES == [
        "criminal-transfer",
        "documents",
        "enterprises",
        "evidence",
        "gateway",
        "identity",
        "inspections",
        "lawbook",
        "penalties",
        "worklist",
    ]


@pytest.mark.parametrize("service", LAWFUL)
def test_the_same_file_names_stand_in_every_service(service: str):
    folder = ROOT / "services" / service

    missing = sorted(name for name in (wanted.format(name=service.replace("-", "_")) for wanted in FILES) if not (folder / name).exists())

    assert not missing


def registered() -> dict[str, set[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    topics = yaml.safe_load((ROOT / "infra/kafka/topics.yaml").read_text("utf-8"))["topics"]
    owners = {name.split(".")[0] for name in topics}
    return {
        "pyproject.toml [tool.uv.sources]": set(project["tool"]["uv"]["sources"]),
        "pyproject.toml dev dependencies": set(project["dependency-groups"]["dev"]),
        "pyproject.toml import-linter root_packages": set(project["tool"]["importlinter"]["root_packages"]),
        "protos/anzhi/": {path.name for path in (ROOT / "protos/anzhi").iterdir()} | {"gateway"},
        "infra/kafka/topics.yaml": owners | {"gateway"},
    }


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_is_known_everywhere(service: str):
    missing = [place for place, names in registered().items() if not names & {service, service.replace("-", "_")}]

    assert not missing, f"{service}: add it to {', '.join(missing)} (docs/how-to/add-a-service.md)"


def test_no_file_outgrows_its_room():
    long = {
        shown(path): lines
        for path in sources("libs", "services", "infra")
        if (lines := len(path.read_text("utf-8").splitlines())) > LONGEST
    }

    assert not {name: lines for name, lines in long.items() if "/tests/" not in name}, "split by what it is about, not by pattern"


def code_lines(path: Path) -> int:
    text = path.read_text("utf-8")
    docstrings: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            docstrings |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return sum(
        1
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.strip().startswith("#") and number not in docstrings
    )


def test_servicekit_stays_small():
    """Lines of code: neither blank, nor comment, nor docstring."""
    lines = sum(code_lines(path) for path in sources("libs/servicekit/src"))

    assert lines <= SERVICEKIT_LINES


def test_no_module_has_a_name_that_says_nothing():
    assert not [shown(path) for path in sources() if path.stem.strip("_") in BANNED]


def test_servicekit_knows_no_word_of_the_domain():
    words = re.compile(r"penalt|inspection|rectif|hearing|evidence|custody|enterprise", re.I)
    found = []
    for path in sources("libs/servicekit/src"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(node, "name", None) or getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "arg", None)
            if isinstance(name, str) and words.search(name):
                found.append(f"{shown(path)}: {name}")

    assert not found


def test_nobody_commits_but_one():
    places = []
    for path in sources("libs", "services"):
        if "/tests/" in path.as_posix() or "libs/testkit" in path.as_posix():
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
                places.append(shown(path))

    # Migrations run outside of calls; an index that is searched is no transaction.
    others = {"libs/servicekit/src/servicekit/migrations.py", "services/lawbook/src/lawbook/adapters/search.py"}
    assert set(places) - others <= {"libs/servicekit/src/servicekit/db.py", "libs/servicekit/src/servicekit/consumer.py"}


def test_no_error_is_swallowed():
    swallowed = []
    for path in sources("libs", "services", "infra"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ExceptHandler) and len(node.body) == 1 and isinstance(node.body[0], ast.Pass):
                broad = node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"})
                if broad:
                    swallowed.append(f"{shown(path)}:{node.lineno}")

    assert not swallowed


def test_tests_do_not_sleep():
    sleeping = []
    for path in [*sources("tests"), *(path for path in sources("libs", "services") if "/tests/" in path.as_posix())]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "sleep":
                seconds = node.args[0] if node.args else None
                if not (isinstance(seconds, ast.Constant) and isinstance(seconds.value, int | float) and seconds.value <= 0.2):
                    sleeping.append(f"{shown(path)}:{node.lineno}")

    assert not sleeping, "poll a condition with a deadline (testkit.polling.poll)"


def test_no_state_is_assigned_outside_the_table():
    """A state changes by a move (kernel.moves); the line of a projection is no machine."""
    assigned = []
    for path in sources("services"):
        if "/domain/" not in path.as_posix() and "/application/" not in path.as_posix():
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else []
            assigned += [
                f"{shown(path)}:{node.lineno}"
                for target in targets
                if isinstance(target, ast.Attribute)
                and target.attr == "state"
                and isinstance(target.value, ast.Name)
                and target.value.id != "line"
            ]

    assert not assigned


@pytest.mark.parametrize("decision", sorted((ROOT / "docs/decisions").glob("*.md")), ids=lambda path: path.stem)
def test_a_decision_says_why_and_what_it_costs(decision: Path):
    text = decision.read_text("utf-8")

    assert re.fullmatch(r"\d{4}-[a-z0-9-]+", decision.stem)
    assert all(f"**{part}.**" in text for part in ("Context", "Decision", "Price", "Alternatives"))

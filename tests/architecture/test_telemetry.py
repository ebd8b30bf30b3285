"""infra/telemetry against the code, the alerts against the runbooks, the dashboards against their generator; each way round."""

import ast
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
TELEMETRY = ROOT / "infra" / "telemetry"
sys.path.insert(0, str(TELEMETRY))

import promql  # noqa: E402
from signals import ALERTS, Metric, metrics, registry  # noqa: E402

KINDS = {"create_counter", "create_gauge", "create_histogram", "create_observable_counter", "create_observable_gauge"}
KINDS |= {"create_up_down_counter", "create_observable_up_down_counter"}
WRITES = {"add", "record", "set"}
RUNBOOKS = ROOT / "docs" / "runbooks"
PROMTOOL = shutil.which("promtool")


@cache
def modules() -> dict[str, ast.Module]:
    """Name of each module of servicekit and of the services, and its tree."""
    found = {}
    for place in sorted([ROOT / "libs/servicekit/src", *ROOT.glob("services/*/src")]):
        for path in sorted(place.rglob("*.py")):
            name = ".".join(path.relative_to(place).with_suffix("").parts).removesuffix(".__init__")
            found[name] = ast.parse(path.read_text("utf-8"))
    return found


def called(node: ast.AST) -> str:
    return node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""


def text_of(node: ast.expr) -> str:
    """A literal, an f-string with {} for what differs, or {} alone."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return "{}"


def instruments() -> Iterator[tuple[str, str, str, str, str]]:
    """Module, name in code, name, kind, unit."""
    for module, tree in modules().items():
        names = {id(node.value): text_of_target(node.targets[0]) for node in ast.walk(tree) if isinstance(node, ast.Assign)}
        for node in ast.walk(tree):
            if (kind := called(node)) in KINDS:
                assert isinstance(node, ast.Call)
                given = [each for each in node.args if isinstance(each, ast.Constant)]
                yield module, names.get(id(node), ""), str(given[0].value), kind.removeprefix("create_"), str(given[1].value)


def text_of_target(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def test_every_metric_of_the_code_stands_in_the_registry_and_the_reverse():
    declared = {(each.module, each.name, each.kind, each.unit) for each in metrics()}
    made = {(module, name, kind, unit) for module, _, name, kind, unit in instruments()}

    assert made - declared == set()
    assert declared - made == set()


def test_every_name_stands_once_and_says_what_it_is_for():
    names = [each.name for each in metrics()]

    assert len(names) == len(set(names))
    assert all(len(each.purpose) > 10 and each.name.startswith("anzhi.") for each in metrics())


def test_attributes_are_those_of_the_registry_and_their_values_are_few():
    """What is written with an instrument, by its name in code, wherever that is; observable ones by their Observation."""
    by_name = {code: name for _, code, name, kind, _ in instruments() if code}
    used: dict[str, set[str]] = defaultdict(set)
    for tree in modules().values():
        for node in ast.walk(tree):
            if called(node) in WRITES:
                assert isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
                owner = node.func.value
                code = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
                if code in by_name and len(node.args) > 1:
                    assert isinstance(node.args[1], ast.Dict), f"{code}: attributes are written out"
                    used[by_name[code]] |= {text_of(key) for key in node.args[1].keys if key is not None}
    told = {each.name: set(each.attributes) for each in metrics() if not each.kind.startswith("observable")}

    assert {name: used[name] for name in told} == told
    assert all(0 < most <= 320 for each in metrics() for most in each.attributes.values())


def spans() -> set[tuple[str, str]]:
    found = set()
    for module, tree in modules().items():
        for node in ast.walk(tree):
            if called(node) == "span" and isinstance(node, ast.Call):
                found.add((module, text_of(node.args[0])))
    return found


def test_every_span_of_the_code_stands_in_the_registry_and_the_reverse():
    assert spans() == {(each["module"], each["name"]) for each in registry()["spans"]}


def facts_of_logs() -> set[str]:
    """Keys of `extra={"facts": {…}}`, and of the dictionaries named `facts` that go there."""
    found: set[str] = set()
    for tree in modules().values():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or called(node) not in {"debug", "info", "warning", "error", "exception", "critical", "log"}:
                continue
            for keyword in node.keywords:
                if keyword.arg == "extra":
                    assert isinstance(keyword.value, ast.Dict)
                    given = keyword.value.values[0]
                    found |= keys(given if isinstance(given, ast.Dict) else assigned(tree, given))
    return found


def assigned(tree: ast.Module, name: ast.expr) -> ast.Dict:
    assert isinstance(name, ast.Name), "the facts of a log line are written out"
    values = [node.value for node in ast.walk(tree) if isinstance(node, ast.Assign) and text_of_target(node.targets[0]) == name.id]
    assert len(values) == 1 and isinstance(values[0], ast.Dict)
    return values[0]


def keys(node: ast.Dict) -> set[str]:
    return {text_of(key) for key in node.keys if key is not None}


def test_the_facts_of_log_lines_are_those_of_the_registry():
    assert facts_of_logs() == set(registry()["logs"]["facts"])


def test_no_log_line_repeats_the_words_of_an_error():
    """`%r` and `str(error)` of an exception hold what somebody sent: `words_of` says what may be said."""
    found = []
    for module, tree in modules().items():
        for handler in (node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.name):
            for node in ast.walk(handler):
                if called(node) in {"debug", "info", "warning", "error", "exception", "critical", "log"} and isinstance(node, ast.Call):
                    bare = [each for each in node.args if isinstance(each, ast.Name) and each.id == handler.name]
                    found += [f"{module}:{node.lineno}" for _ in bare]

    assert not found


def alerts() -> dict[str, dict[str, Any]]:
    return {
        rule["alert"]: rule for group in yaml.safe_load(ALERTS.read_text("utf-8"))["groups"] for rule in group["rules"] if "alert" in rule
    }


def test_every_alert_has_a_severity_and_a_runbook_of_its_name_and_every_runbook_an_alert():
    for name, rule in alerts().items():
        assert rule["labels"]["severity"] in {"page", "ticket"}, name
        assert rule["annotations"]["runbook"].endswith(f"docs/runbooks/{name}.md"), name
        assert rule["annotations"]["summary"], name

    assert {path.stem for path in RUNBOOKS.glob("*.md")} - {"README"} == set(alerts())


@pytest.mark.parametrize("path", sorted(set(RUNBOOKS.glob("*.md")) - {RUNBOOKS / "README.md"}), ids=lambda path: path.stem)
def test_a_runbook_says_what_who_is_woken_up_needs(path: Path):
    text = path.read_text("utf-8")
    parts = ["## Meaning", "## First look", "## Safe action", "## Whom to call", "## It clears"]

    assert text.startswith(f"# {path.stem}\n")
    assert [line for line in text.splitlines() if line.startswith("## ")] == parts
    assert "```" in text.split("## First look")[1].split("## Safe action")[0], "the first look has commands"


def test_alerts_and_dashboards_name_metrics_of_the_registry_only():
    known = {series for each in metrics() for series in each.series}
    asked = {expression for rule in alerts().values() for expression in [rule["expr"]]} | set(promql.of_dashboards())
    names = {name for expression in asked for name in promql.names(expression)}

    assert names
    assert names <= known


def test_every_metric_is_looked_at():
    """By an alert or a dashboard: what nobody looks at is not worth sending."""
    asked = [rule["expr"] for rule in alerts().values()] + list(promql.of_dashboards())
    names = {name for expression in asked for name in promql.names(expression)}

    assert [each.name for each in metrics() if not names & set(each.series)] == []


def test_the_service_list_of_the_alert_for_silence_is_complete():
    services = {path.name for path in (ROOT / "services").iterdir() if (path / "pyproject.toml").is_file()}
    named = {service for service in services if f'service_name="{service}"' in alerts()["ServiceDown"]["expr"]}

    assert named == services


def test_dashboards_and_the_copies_in_the_charts_are_current():
    done = subprocess.run([sys.executable, str(TELEMETRY), "--check"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(PROMTOOL is None, reason="promtool (Debian's package prometheus) is not here: expressions and alerts are not evaluated")
def test_promtool_accepts_every_rule_and_every_expression_of_the_dashboards(tmp_path: Path):
    assert PROMTOOL is not None
    record = [{"record": f"checked:{number}", "expr": expression} for number, expression in enumerate(promql.of_dashboards())]
    shown = tmp_path / "dashboards.yaml"
    shown.write_text(yaml.safe_dump({"groups": [{"name": "dashboards", "rules": record}]}), "utf-8")

    for path in (ALERTS, shown):
        done = subprocess.run([PROMTOOL, "check", "rules", str(path)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(PROMTOOL is None, reason="promtool (Debian's package prometheus) is not here: expressions and alerts are not evaluated")
def test_each_alert_fires_when_it_should_and_stays_silent_when_not():
    assert PROMTOOL is not None
    tests = TELEMETRY / "alerts_test.yaml"
    done = subprocess.run([PROMTOOL, "test", "rules", tests.name], cwd=TELEMETRY, capture_output=True, text=True, check=False)
    walked = yaml.safe_load(tests.read_text("utf-8"))["tests"]
    fired = {case["alertname"] for test in walked for case in test["alert_rule_test"] if case.get("exp_alerts")}
    silent = {case["alertname"] for test in walked for case in test["alert_rule_test"] if not case.get("exp_alerts")}

    assert done.returncode == 0, done.stdout + done.stderr
    assert fired == silent == set(alerts())


def test_names_are_translated_as_the_collector_does():
    made = {each.name: each.series[0] for each in metrics()}

    assert made["anzhi.rpc.seconds"] == "anzhi_rpc_seconds_bucket"
    assert made["anzhi.outbox.published"] == "anzhi_outbox_published_total"
    assert made["anzhi.process.memory"] == "anzhi_process_memory_bytes"
    assert Metric.of(
        {"name": "a.b", "kind": "counter", "unit": "s", "module": "", "attributes": {}, "for": "", "by": [], "role": ""}
    ).series == ("a_b_seconds_total",)

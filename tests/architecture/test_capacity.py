"""docs/capacity.md and the sizes of production follow from what was measured and from the load; and the sums are right."""

import copy
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "infra" / "capacity"))

from sizing import values  # noqa: E402
from sizing.figures import Capacity  # noqa: E402

SERVICES = sorted(path.parent.parent.parent.name for path in ROOT.glob("services/*/src/*/app.py"))


@pytest.fixture(scope="module")
def capacity() -> Capacity:
    return Capacity()


def test_page_and_sizes_follow_from_the_figures() -> None:
    done = subprocess.run([sys.executable, ROOT / "infra" / "capacity", "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run `python infra/capacity`: {done.stdout}{done.stderr}"


def test_each_role_of_each_service_in_production_has_the_sizes_of_its_plan(capacity: Capacity) -> None:
    given = yaml.safe_load(values.VALUES.read_text("utf-8"))
    assert sorted(given.keys() - {"global"}) == SERVICES
    for plan in capacity.plans:
        role = given[plan.service]["roles"][plan.role]
        assert role["replicas"] == plan.replicas, plan.name
        assert role["resources"]["requests"] == {"cpu": f"{plan.cpu}m", "memory": f"{plan.memory}Mi"}, plan.name
        assert int(role.get("env", {}).get("DATABASE_POOL", 0)) == plan.pool, plan.name


def test_values_say_where_their_figures_come_from(capacity: Capacity) -> None:
    text = values.VALUES.read_text("utf-8")
    assert "docs/capacity.md" in text
    assert capacity.measured["commit"][:12] in text


def test_a_changed_size_is_found(capacity: Capacity, tmp_path: Path) -> None:
    path = tmp_path / "values.yaml"
    path.write_text(values.VALUES.read_text("utf-8").replace("replicas: 2", "replicas: 1", 1), "utf-8")
    assert values.write(capacity, path)[1] != path.read_text("utf-8")


def test_what_stands_beside_the_region_stays(capacity: Capacity) -> None:
    made = values.region(capacity)
    text = f"global: {{}}\n{made}# after\n"
    assert values.with_region(text, made) == text
    assert values.with_region("global: {}\n", made) == f"global: {{}}\n\n{made}"
    with pytest.raises(SystemExit):
        values.with_region(f"global: {{}}\n{values.BEGIN}\n", made)


def test_every_operation_of_the_load_was_measured_on_every_process(capacity: Capacity) -> None:
    for name in capacity.daily:
        assert capacity.measured["operations"][name]["cpu_ms"].keys() >= set(SERVICES), name
        assert capacity.load["answers"][name], name


def test_one_more_than_the_busiest_minutes_need(capacity: Capacity) -> None:
    for plan in capacity.plans:
        if plan.role == "relay":
            continue
        busy = plan.cores / (plan.replicas - 1) / plan.cpu_limit
        assert busy <= capacity.load["sizes"]["busy"] + 1e-9, f"{plan.name} is {busy:.0%} busy with one replica away"


def test_ten_times_the_load_is_ten_times_the_operations(capacity: Capacity) -> None:
    ten = Capacity(10, capacity.measured, capacity.load)
    assert ten.daily == {name: pytest.approx(number * 10) for name, number in capacity.daily.items()}
    assert ten.peak["login"] == pytest.approx(280_000 * capacity.load["peak"]["share"] / 3600 * capacity.load["peak"]["burst"])


def test_a_dearer_operation_asks_for_more(capacity: Capacity) -> None:
    dearer = copy.deepcopy(capacity.measured)
    dearer["operations"]["login"]["cpu_ms"]["identity"] *= 40
    before = next(plan for plan in capacity.plans if plan.name == "identity.serve")
    after = next(plan for plan in Capacity(1, dearer, capacity.load).plans if plan.name == "identity.serve")
    assert after.replicas > before.replicas
    assert after.cores > before.cores


def test_shares_of_who_moves_are_whole(capacity: Capacity) -> None:
    assert sum(capacity.load["movers"].values()) == pytest.approx(1)


def test_one_server_of_postgresql_holds_the_province(capacity: Capacity) -> None:
    assert capacity.connections <= capacity.load["sizes"]["connections"]
    assert capacity.postgres_servers == 1

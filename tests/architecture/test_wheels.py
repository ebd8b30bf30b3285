"""An image holds installed packages and no checkout: what a service needs at run time is in its wheel."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MIGRATED = sorted(path.parent.name for path in ROOT.glob("services/*/migrations"))


@pytest.mark.parametrize("service", MIGRATED)
def test_the_wheel_of_a_service_takes_its_migrations_along(service: str):
    folder = ROOT / "services" / service
    wheel = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]

    assert wheel["force-include"] == {"migrations": f"{service.replace('-', '_')}/migrations"}
    assert {"HEAD", "env.py", "versions"} <= {path.name for path in (folder / "migrations").iterdir()}

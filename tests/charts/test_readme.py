"""The READMEs of the charts say what values.yaml says."""

import runpy
import subprocess
import sys

import pytest

from tests.charts.code import SERVICES
from tests.charts.rendered import CHARTS, ROOT


def test_the_readmes_are_current():
    done = subprocess.run([sys.executable, "infra/charts.py", "readme", "--check"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + "run make charts"


@pytest.mark.parametrize("chart", ["platform", "service", "backing"])
def test_every_value_of_a_block_says_what_it_is_for(chart: str):
    """Beside the blocks of the services, whose keys the chart `service` explains, and rows of the same kind."""
    program = runpy.run_path(str(ROOT / "infra" / "charts.py"), run_name="charts")
    alike = (
        *(f"{service}." for service in SERVICES),
        "global.calls.",
        "global.reads.",
        "global.callsOfTheLegalClock.",
        "global.network.",
        "parts.",
    )
    silent = [
        value.path
        for value in program["values_of"]((CHARTS / chart / "values.yaml").read_text("utf-8"))
        if not value.meaning and not value.path.startswith(alike) and not value.path.endswith(".resources")
    ]

    assert not [path for path in silent if not path.startswith(("jobs.", "jobResources.", "probes.", "resources.", "collector.resources."))]

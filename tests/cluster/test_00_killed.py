"""A node that is killed takes everything with it, and the next command gives back what it had borrowed."""

import os
import signal
import subprocess
from pathlib import Path

import psutil
import pytest
from cluster import lifecycle, machine
from cluster.layout import CABLE, CGROUP, layout

from tests.cluster.platform import until
from tests.cluster.report import Report


def borrowed() -> list[str]:
    """What the machine shows of a node."""
    links = subprocess.run(["ip", "-brief", "link"], capture_output=True, text=True, check=True).stdout
    names = subprocess.run(["ip", "netns"], capture_output=True, text=True, check=True).stdout
    groups = [str(path) for path in machine.CGROUPS.glob(f"*/{CGROUP}")]
    return [line for line in (links + names).splitlines() if CABLE in line] + groups


def test_a_killed_node_leaves_no_process_and_the_next_command_no_trace(figures: Report):
    if (lack := machine.lacking()) is not None:
        pytest.skip(lack)
    where = layout()
    lifecycle.down(where)
    lifecycle.up(where)
    assert borrowed()
    number = lifecycle.alive(where)
    assert number is not None
    processes = psutil.Process(number).children(recursive=True)
    assert len(processes) > 8

    os.kill(number, signal.SIGKILL)

    seconds = until(lambda: not any(process.is_running() for process in processes), "all processes have ended", 30)
    until(lambda: lifecycle.alive(where) is None, "the node is known as ended", 30)
    lifecycle.down(where)
    assert borrowed() == []
    assert not Path(where.kubeconfig).exists()
    figures.note("node killed", processes=len(processes), all_ended_after_seconds=seconds)

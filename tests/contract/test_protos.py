"""The protos keep their own rules and what they promised."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUF = Path(sys.executable).parent / "buf"


def run(*command: str | Path) -> None:
    done = subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_protos_are_formatted():
    run(BUF, "format", "--diff", "--exit-code", "protos")


def test_the_protos_keep_the_lint_rules():
    run(BUF, "lint", "protos")


def test_nothing_breaks_against_the_baseline():
    run(BUF, "breaking", "protos", "--against", "protos/baseline.binpb")


def test_the_generated_files_are_those_of_the_sources():
    run(sys.executable, "infra/gen", "--check")


def test_every_rpc_says_who_may_call_it():
    from anzhi.policy.v1 import policy_pb2
    from gateway.doors import services

    for service in services():
        for rpc in service.methods:
            policy = rpc.GetOptions().Extensions[policy_pb2.policy]
            assert policy.public or policy.permission or policy.services, f"{rpc.full_name} has no policy"
            assert not policy.http or policy.public or policy.permission, f"{rpc.full_name} has a door that no user may pass"


def test_every_write_can_be_sent_twice():
    """A door that changes something has request_id first; what only asks is GET or ends in a verb of asking."""
    from gateway.doors import doors

    asking = {"FindSpecialOperationCertificates", "Login", "VerifySecondFactor", "RefreshToken", "Logout"}
    for door in doors():
        if door.method == "GET":
            assert not door.write, f"{door.rpc.full_name} is a GET that writes"
        elif not door.policy.public and door.name not in asking:
            assert door.request.fields[0].name == "request_id", f"{door.rpc.full_name} has no request_id"

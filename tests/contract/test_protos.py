"""The protos keep their own rules and what they promised."""

import re
import subprocess
import sys
from pathlib import Path

from anzhi.policy.v1 import policy_pb2
from files import ROOT
from gateway.doors import doors, services

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
    for service in services():
        for rpc in service.methods:
            policy = rpc.GetOptions().Extensions[policy_pb2.policy]
            assert policy.public or policy.permission or policy.services, f"{rpc.full_name} has no policy"
            assert not policy.http or policy.public or policy.permission, f"{rpc.full_name} has a door that no user may pass"


# What only asks, though it has a body.
ASKING = {"FindSpecialOperationCertificates", "ComputeDiscretion", "CheckLicenceScope"}
# Answers that hold a secret are never stored, so they cannot be given a second time.
SECRETS = {"ChangePassword", "ResetPassword"}


def test_every_write_can_be_sent_twice():
    for door in doors():
        if door.method == "GET":
            assert not door.write, f"{door.rpc.full_name} is a GET that writes"
        elif not door.policy.public and door.name not in ASKING | SECRETS:
            assert door.request.fields[0].name == "request_id", f"{door.rpc.full_name} has no request_id"


def test_paths_are_words_with_hyphens_and_verbs_in_camel_case():
    for door in doors():
        assert re.fullmatch(r"/v1(/[a-z][a-z-]*|/\{[a-z_]+\})+(:[a-z][A-Za-z]*)?", door.path), door.path


def test_an_identifier_in_a_path_comes_before_its_verb():
    assert not [door.path for door in doors() if ":" in door.path.rsplit("/", 1)[0]]

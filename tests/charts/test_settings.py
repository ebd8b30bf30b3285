"""What each container is told, against the settings that its program knows."""

import os
from unittest.mock import patch

import pytest

from tests.charts.code import PLANTED, SERVICES, settings_of, variables
from tests.charts.rendered import CASES, ROOT, Program, case, environment_of, of, pods, programs, rendered, values

# Variables that the chart takes from Secrets, by the role that may see them.
# The library of OpenTelemetry reads these itself.
SDK = {"OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"}
DATABASE = {"DATABASE_URL", "DATABASE_JOBS_URL", "DATABASE_OWNER_URL"}
WANTED = {
    "serve": {"DATABASE_URL"},
    "all": {"DATABASE_URL", "DATABASE_JOBS_URL"},
    "consume": {"DATABASE_JOBS_URL"},
    "relay": {"DATABASE_JOBS_URL"},
    "ticks": {"DATABASE_JOBS_URL"},
    "load-reference": {"DATABASE_JOBS_URL"},
    "bootstrap": {"DATABASE_JOBS_URL"},
    "buckets": {"DATABASE_JOBS_URL"},
    "migrate": {"DATABASE_OWNER_URL"},
    "check": DATABASE,
}


PLATFORM = [named for named, (chart, *_) in CASES.items() if chart == "platform"]


def told(program: Program) -> dict[str, str]:
    """The environment of its container, with something in place of each secret."""
    given = environment_of(program.container)
    return {name: PLANTED[name.lower()] if value is None else value for name, value in given.items()}


@pytest.mark.parametrize("named", PLATFORM)
def test_the_program_knows_what_it_is_told_and_lacks_nothing(named: str):
    for name, program in programs(case(named)).items():
        given = told(program)
        unknown = set(given) - set(variables(program.service)) - SDK

        assert not unknown, name
        names = [entry["name"] for entry in program.container["env"]]
        assert len(names) == len(set(names)), f"{name}: a variable is given twice"
        with patch.dict(os.environ, given, clear=True):
            settings_of(program.service)(service_name=program.service)


@pytest.mark.parametrize("named", PLATFORM)
def test_a_role_gets_the_database_roles_that_it_needs_and_no_other(named: str):
    for name, program in programs(case(named)).items():
        given = set(environment_of(program.container)) & DATABASE

        assert given == (WANTED[program.role] if program.service != "gateway" else set()), name


@pytest.mark.parametrize("environment", ["test", "staging", "production"])
def test_every_service_is_in_the_platform_with_all_its_roles(environment: str):
    made = of(rendered(environment), "Deployment")
    for service in SERVICES:
        roles = {
            name.removeprefix(f"{service}-")
            for name, found in made.items()
            if found["metadata"]["labels"]["app.kubernetes.io/name"] == service
        }
        wanted = {"serve"} if service == "gateway" else {"serve", "consume", "relay", "ticks"}

        assert roles == {"all"} or roles == wanted, service


def test_jobs_run_in_the_order_of_a_release():
    found = {}
    for name, job in of(rendered("production"), "Job").items():
        annotations = job["metadata"]["annotations"]
        containers = {container["name"] for container in job["spec"]["template"]["spec"]["containers"]}
        found[annotations["helm.sh/hook"], int(annotations["helm.sh/hook-weight"])] = (name, containers)
        assert annotations["helm.sh/hook-output-log-policy"] == "hook-failed", name
    before, after = "pre-install,pre-upgrade", "post-install,post-upgrade"

    assert found == {
        (before, -20): ("check", set(SERVICES)),
        (before, -10): ("topics", {"topics"}),
        (before, -5): ("buckets", {"evidence", "documents"}),
        (before, 0): ("migrate", set(SERVICES) - {"gateway"}),
        (after, 10): ("load-reference", {"identity", "enterprises", "lawbook", "worklist"}),
        (after, 20): ("bootstrap", {"identity"}),
    }


def test_a_container_of_a_job_sees_the_secrets_of_its_service_only():
    for name, job in of(rendered("production"), "Job").items():
        spec = job["spec"]["template"]["spec"]
        secrets = {volume["name"]: volume["secret"]["secretName"] for volume in spec["volumes"] if "secret" in volume}
        for container in spec["containers"]:
            seen = {secrets[mount["name"]] for mount in container["volumeMounts"] if mount["name"] in secrets}
            seen |= {given["valueFrom"]["secretKeyRef"]["name"] for given in container["env"] if "valueFrom" in given}
            others = {f"anzhi-{service}" for service in SERVICES if service != container["name"]}

            assert not seen & others, (name, container["name"])


def test_who_ships_reference_data_has_it_loaded():
    """A service with a reference.py, by the folder; a job for it, by the values."""
    shipping = {path.parents[3].name for path in (ROOT / "services").glob("*/src/*/adapters/reference.py")}
    loading = {service for service in SERVICES if values("platform")[service].get("jobs", {}).get("load-reference")}

    assert loading == shipping


def test_secrets_are_told_by_reference_only():
    secret = {
        name.upper()
        for service in SERVICES
        for name, known in settings_of(service).model_fields.items()
        if "SecretStr" in str(known.annotation) + str(known.metadata)
    } | {"S3_ACCESS_KEY", "KAFKA_USERNAME"}
    for environment in CASES:
        objects = case(environment)
        assert "Secret" not in {made["kind"] for made in objects}, environment
        for name, pod in pods(objects).items():
            for container in pod["spec"]["containers"]:
                for given in container.get("env", ()):
                    if given["name"] in secret or any(word in given["name"] for word in ("PASSWORD", "TOKEN")):
                        assert "secretKeyRef" in given.get("valueFrom", {}), f"{environment} {name} {given['name']}"

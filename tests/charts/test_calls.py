"""global.calls and global.reads of charts/platform against what the code opens and reads, and against the policies made of them."""

import importlib
import json
from urllib.parse import urlsplit

import pytest
import yaml
from google.protobuf import descriptor_pool
from servicekit.grpc import policies_of

from tests.charts.code import GATEWAY, SERVICES, Said
from tests.charts.policies import leaves, lets
from tests.charts.rendered import ENVIRONMENTS, ROOT, environment_of, of, pods, programs, rendered, values

GRPC = 50051
DECLARED = values("platform")["global"]


def calls(*, legal_clock: bool) -> dict[str, set[str]]:
    found = {service: set(DECLARED["calls"].get(service, ())) for service in SERVICES}
    if legal_clock:
        for caller, callees in DECLARED["callsOfTheLegalClock"].items():
            found[caller] |= set(callees)
    return found


def test_calls_are_the_channels_that_the_code_opens(code: dict[str, Said]):
    assert {service: said.opened for service, said in code.items()} == calls(legal_clock=False)


def test_calls_of_the_legal_clock_are_those_that_it_adds(code_with_legal_clock: dict[str, Said]):
    assert {service: said.opened for service, said in code_with_legal_clock.items()} == calls(legal_clock=True)


def test_reads_are_the_topics_that_the_code_reads(code: dict[str, Said]):
    assert {service: said.reads for service, said in code.items() if said.reads} == {
        service: set(topics) for service, topics in DECLARED["reads"].items()
    }


def test_reads_are_what_the_list_of_topics_says():
    topics = yaml.safe_load((ROOT / "infra" / "kafka" / "topics.yaml").read_text("utf-8"))["topics"]
    listed = {(reader, name) for name, topic in topics.items() for reader in topic["readers"]}

    assert listed == {(service, topic) for service, read in DECLARED["reads"].items() for topic in read}


def test_who_writes_reaches_the_broker_too(code: dict[str, Said]):
    assert {service for service, said in code.items() if said.writes} <= set(DECLARED["reads"])


def test_every_service_may_ask_identity_for_the_legal_clock():
    importlib.import_module("anzhi.identity.v1.identity_pb2")
    assert descriptor_pool.Default().FindServiceByName("anzhi.identity.v1.IdentityService")
    policy = policies_of(["anzhi.identity.v1.IdentityService"])["/anzhi.identity.v1.IdentityService/GetLegalNow"]

    assert {service for service in SERVICES if "identity" in DECLARED["calls"].get(service, ())} <= set(policy.services)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_policies_let_through_what_is_declared_and_nothing_else(environment: str):
    objects = rendered(environment)
    policies = of(objects, "NetworkPolicy").values()
    legal_clock = environment == "test"
    serving = {name: pod["metadata"]["labels"] for name, pod in pods(objects).items() if name.startswith("Deployment/")}
    open_ways = {
        (source["app.kubernetes.io/name"], target["app.kubernetes.io/name"])
        for source in serving.values()
        for target in serving.values()
        if target["app.kubernetes.io/name"] != GATEWAY and lets(policies, source, target, GRPC)
    }

    assert open_ways == {(caller, callee) for caller, callees in calls(legal_clock=legal_clock).items() for callee in callees}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_pod_leaves_for_the_parts_that_its_service_uses(environment: str):
    objects = rendered(environment)
    policies = of(objects, "NetworkPolicy").values()
    ports = {"postgres": 5432, "kafka": 9092, "redis": 6379, "s3": 443 if environment == "production" else 8333}
    for name, program in programs(objects).items():
        # The pod of a job reaches what any of its containers needs.
        if program.labels.get("app.kubernetes.io/component") != "job":
            given = environment_of(program.container)
            wanted = {
                "postgres": any(variable.startswith("DATABASE_") for variable in given),
                "kafka": "KAFKA_BOOTSTRAP" in given,
                "redis": "REDIS_URL" in given,
                # Port 443 is also the way to the partners' webhooks.
                "s3": "S3_ENDPOINT" in given or (environment == "production" and program.service == "criminal-transfer"),
            }
            assert {part: leaves(policies, program.labels, port) for part, port in ports.items()} == wanted, name
        else:
            assert all(leaves(policies, program.labels, port) for port in ports.values()), name
            assert not leaves(policies, program.labels, GRPC), name


def test_backing_lets_in_who_says_so_and_nobody_else():
    backing, platform = rendered("test", chart="backing"), rendered("test")
    policies = [*of(backing, "NetworkPolicy").values(), *of(platform, "NetworkPolicy").values()]
    parts = {"postgres": 5432, "kafka": 9092, "valkey": 6379, "seaweedfs": 8333}
    servers = {name: pods(backing)[f"StatefulSet/{name}"]["metadata"]["labels"] for name in parts}
    variable = {"postgres": "DATABASE_JOBS_URL", "kafka": "KAFKA_BOOTSTRAP", "valkey": "REDIS_URL", "seaweedfs": "S3_ENDPOINT"}
    for name, program in programs(platform).items():
        if program.role != "serve" and name.startswith("Deployment/"):
            given = environment_of(program.container)
            for part, port in parts.items():
                assert lets(policies, program.labels, servers[part], port) == (variable[part] in given), (name, part)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_stranger_reaches_the_gateway_and_no_service(environment: str):
    objects = rendered(environment)
    policies = of(objects, "NetworkPolicy").values()
    stranger = {"app.kubernetes.io/name": "stranger"}
    without_default_deny = [policy for policy in policies if policy["spec"]["podSelector"]]
    for name, program in programs(objects).items():
        for port in (GRPC, 8080):
            entered = lets(without_default_deny, stranger, program.labels, port)

            assert entered == (program.service == GATEWAY and port == 8080 and program.role == "serve"), (name, port)


def test_nothing_enters_but_by_a_policy():
    deny = of(rendered("production"), "NetworkPolicy")["default-deny"]["spec"]

    assert deny == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_addresses_name_services_that_the_chart_makes(environment: str):
    objects = rendered(environment)
    made = {(name, port["port"]) for name, service in of(objects, "Service").items() for port in service["spec"]["ports"]}
    labels = [pod["metadata"]["labels"] for name, pod in pods(objects).items() if name.startswith("Deployment/")]
    for name, service in of(objects, "Service").items():
        selector = service["spec"]["selector"].items()
        assert any(selector <= label.items() for label in labels), f"Service {name} selects no pod"
    for name, pod in pods(objects).items():
        for container in pod["spec"]["containers"]:
            for variable, value in environment_of(container).items():
                for address in _targets(value or ""):
                    assert (address.hostname, address.port) in made, f"{name} {variable}"


def _targets(value: str) -> list:
    if value.startswith(("{", "[")):
        content = json.loads(value)
        texts = content.values() if isinstance(content, dict) else content
    else:
        texts = [value]
    return [urlsplit("//" + text.removeprefix("dns:///")) for text in texts if text.startswith("dns:///")]

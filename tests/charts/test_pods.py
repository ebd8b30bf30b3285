"""Every pod of every environment: bounded, watched, without rights; every Deployment of two or more with a budget."""

import pytest

from tests.charts.rendered import CASES, case, environment_of, of, pods, rendered

RESTARTED = ("Deployment/", "StatefulSet/")


@pytest.mark.parametrize("named", CASES)
def test_a_pod_has_no_rights_that_it_does_not_need(named: str):
    for name, pod in pods(case(named)).items():
        spec = pod["spec"]
        person = spec["securityContext"]

        assert spec["automountServiceAccountToken"] is False, name
        assert person["runAsNonRoot"] is True
        assert (person["runAsUser"], person["runAsGroup"]) == (10001, 10001)
        assert person["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(spec)
        assert not any("hostPath" in volume for volume in spec.get("volumes", ()))
        for container in (*spec["containers"], *spec.get("initContainers", ())):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }


@pytest.mark.parametrize("named", CASES)
def test_a_pod_is_bounded_and_can_write_to_tmp(named: str):
    for name, pod in pods(case(named)).items():
        sizes = {volume["name"]: volume["emptyDir"] for volume in pod["spec"]["volumes"] if "emptyDir" in volume}
        for container in pod["spec"]["containers"]:
            for kind in ("requests", "limits"):
                assert {"cpu", "memory"} <= set(container["resources"][kind]), (name, kind)
            assert sizes[next(mount["name"] for mount in container["volumeMounts"] if mount["mountPath"] == "/tmp")]["sizeLimit"]


@pytest.mark.parametrize("named", CASES)
def test_what_runs_on_is_watched(named: str):
    for name, pod in pods(case(named)).items():
        for container in pod["spec"]["containers"]:
            probes = {kind: container.get(f"{kind}Probe") for kind in ("startup", "readiness", "liveness")}

            assert all(probes.values()) == name.startswith(RESTARTED), name


@pytest.mark.parametrize("environment", ["test", "staging", "production"])
def test_probes_ask_for_health_by_its_names(environment: str):
    """`live` answers as soon as the server does; the empty name when the roles are ready. A restart never hangs on another server."""
    for name, pod in pods(rendered(environment)).items():
        if name.startswith("Deployment/"):
            container = pod["spec"]["containers"][0]
            probes = {kind: container[f"{kind}Probe"] for kind in ("startup", "liveness", "readiness")}
            port = container["ports"][0]["containerPort"]
            if name == "Deployment/gateway-serve":
                paths = {kind: probe["httpGet"]["path"] for kind, probe in probes.items()}
                assert paths == {"startup": "/healthz", "liveness": "/healthz", "readiness": "/readyz"}
                assert {probe["httpGet"]["port"] for probe in probes.values()} == {port} == {8080}
            else:
                assert {kind: probe["grpc"].get("service", "") for kind, probe in probes.items()} == {
                    "startup": "live",
                    "liveness": "live",
                    "readiness": "",
                }
                assert {probe["grpc"]["port"] for probe in probes.values()} == {port} == {50051}
            assert environment_of(container)["LISTEN"] == f"0.0.0.0:{port}"


def test_a_deployment_of_two_or_more_has_a_budget_and_no_other_has():
    for named in CASES:
        objects = case(named)
        least = {name: found["spec"].get("replicas") for name, found in of(objects, "Deployment").items()}
        least |= {
            scaler["spec"]["scaleTargetRef"]["name"]: scaler["spec"]["minReplicas"]
            for scaler in of(objects, "HorizontalPodAutoscaler").values()
        }

        budgets = set(of(objects, "PodDisruptionBudget")) - set(of(objects, "StatefulSet"))
        assert budgets == {name for name, replicas in least.items() if replicas >= 2}, named


def test_a_budget_selects_the_pods_of_its_deployment_alone():
    objects = rendered("production")
    deployments = of(objects, "Deployment")
    for name, budget in of(objects, "PodDisruptionBudget").items():
        selector = budget["spec"]["selector"]["matchLabels"].items()
        selected = {other for other, found in deployments.items() if selector <= found["spec"]["template"]["metadata"]["labels"].items()}

        assert selected == {name}
        assert budget["spec"]["maxUnavailable"] == 1


def test_an_update_takes_no_pod_away_before_another_is_ready():
    for environment in ("test", "staging", "production"):
        for name, found in of(rendered(environment), "Deployment").items():
            spec = found["spec"]
            given = environment_of(spec["template"]["spec"]["containers"][0])
            grace = spec["template"]["spec"]["terminationGracePeriodSeconds"]

            assert spec["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}, name
            assert spec["revisionHistoryLimit"] == 5
            assert float(given["DRAIN_DELAY_SECONDS"]) > float(given["CONNECTION_SECONDS"])
            assert grace > float(given["DRAIN_DELAY_SECONDS"]) + float(given["DRAIN_SECONDS"])


def test_replicas_are_spread_over_nodes_and_zones():
    for name, found in of(rendered("production"), "Deployment").items():
        spread = found["spec"]["template"]["spec"]["topologySpreadConstraints"]

        assert {rule["topologyKey"] for rule in spread} == {"kubernetes.io/hostname", "topology.kubernetes.io/zone"}, name
        for rule in spread:
            assert rule["labelSelector"]["matchLabels"] == found["spec"]["selector"]["matchLabels"]


def test_images_come_from_the_named_registry_with_the_named_tag():
    objects = rendered("production", "global.image.registry=registry.example/anzhi", "global.image.pullSecrets[0]=door")
    for name, pod in pods(objects).items():
        assert pod["spec"]["imagePullSecrets"] == [{"name": "door"}], name
        for container in pod["spec"]["containers"]:
            assert container["image"].startswith("registry.example/anzhi/") and container["image"].endswith(":9"), name


def test_pods_change_with_their_settings():
    before, after = (
        {
            name: pod["metadata"]["annotations"]["checksum/settings"]
            for name, pod in pods(rendered("test", *sets)).items()
            if "Deployment" in name
        }
        for sets in ((), ("documents.env.LOCK_DAYS=30",))
    )

    assert {name for name in before if before[name] != after[name]} == {"Deployment/documents-all"}


def test_a_server_with_data_is_not_evicted():
    objects = rendered("", chart="backing")
    budgets = of(objects, "PodDisruptionBudget")

    assert {name: budget["spec"]["maxUnavailable"] for name, budget in budgets.items()} == dict.fromkeys(of(objects, "StatefulSet"), 0)
    assert not of(rendered("", "protect=false", chart="backing"), "PodDisruptionBudget")


def test_data_outlives_an_uninstall():
    for name, found in of(rendered("", chart="backing"), "StatefulSet").items():
        assert found["spec"]["persistentVolumeClaimRetentionPolicy"] == {"whenDeleted": "Retain", "whenScaled": "Retain"}, name

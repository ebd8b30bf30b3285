"""What stands behind a value: off by default, there when it is on."""

import pytest
import yaml

from tests.charts.rendered import ROOT, of, rendered

SWITCHES = {
    "HorizontalPodAutoscaler": ("platform", ("global.autoscaling=true",)),
    "HTTPRoute": ("platform", ("gatewayApi.enabled=true", "gatewayApi.parents[0].name=public")),
    "Certificate": ("platform", ("certificate.enabled=true", "certificate.issuerName=letters")),
    "PrometheusRule": ("backing", ("prometheusRule.enabled=true",)),
    "ServiceMonitor": ("backing", ("serviceMonitor.enabled=true", "serviceMonitor.labels.release=prometheus")),
}


@pytest.mark.parametrize("kind", SWITCHES)
def test_it_is_off_unless_asked_for(kind: str):
    chart, on = SWITCHES[kind]

    assert not of(rendered("production", chart=chart), kind)
    assert not of(rendered("test", chart=chart), kind)
    assert of(rendered("production", *on, chart=chart), kind)


def test_a_scaler_takes_the_count_from_the_deployment():
    objects = rendered("production", "global.autoscaling=true")
    scalers, deployments = of(objects, "HorizontalPodAutoscaler"), of(objects, "Deployment")

    assert "gateway-serve" in scalers
    for name, found in deployments.items():
        assert ("replicas" in found["spec"]) == (name not in scalers), name
    for name, scaler in scalers.items():
        assert scaler["spec"]["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}


def test_the_ingress_leads_the_public_host_to_the_gateway():
    objects = rendered("production")
    rule = of(objects, "Ingress")["gateway"]["spec"]["rules"][0]

    assert rule["host"] == "anzhi.example"
    assert rule["http"]["paths"][0]["backend"]["service"] == {"name": "gateway", "port": {"name": "http"}}
    assert of(objects, "Service")["gateway"]["spec"]["ports"][0]["name"] == "http"
    assert not of(rendered("production", "ingress.enabled=false"), "Ingress")


def test_the_route_of_the_gateway_api_leads_there_too():
    _, on = SWITCHES["HTTPRoute"]
    route = of(rendered("production", *on), "HTTPRoute")["gateway"]["spec"]

    assert route["parentRefs"] == [{"name": "public"}]
    assert route["hostnames"] == ["anzhi.example"]
    assert route["rules"][0]["backendRefs"] == [{"name": "gateway", "port": 80}]


def test_the_certificate_is_the_one_that_the_ingress_shows():
    _, on = SWITCHES["Certificate"]
    objects = rendered("production", *on)

    assert of(objects, "Certificate")["gateway"]["spec"]["secretName"] == of(objects, "Ingress")["gateway"]["spec"]["tls"][0]["secretName"]


def test_the_monitor_scrapes_the_collector():
    _, on = SWITCHES["ServiceMonitor"]
    objects = rendered("production", *on, chart="backing")
    monitor, service = of(objects, "ServiceMonitor")["collector"], of(objects, "Service")["collector"]

    assert monitor["metadata"]["labels"]["release"] == "prometheus"
    assert monitor["spec"]["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    assert monitor["spec"]["endpoints"][0]["port"] in {port["name"] for port in service["spec"]["ports"]}


def test_rules_and_dashboards_are_those_of_the_telemetry():
    objects = rendered("production", "prometheusRule.enabled=true", "dashboards.enabled=true", chart="backing")
    telemetry = ROOT / "infra" / "telemetry"

    assert of(objects, "PrometheusRule")["anzhi"]["spec"] == yaml.safe_load((telemetry / "alerts.yaml").read_text("utf-8"))
    assert of(objects, "ConfigMap")["dashboards"]["data"] == {
        path.name: path.read_text("utf-8") for path in (telemetry / "dashboards").glob("*.json")
    }
    assert (
        of(objects, "ConfigMap")["collector"]["data"]["collector.yaml"].strip() == (telemetry / "collector.yaml").read_text("utf-8").strip()
    )
    assert "dashboards" not in of(rendered("production", chart="backing"), "ConfigMap")


def test_grpc_services_are_headless_and_the_gateway_is_not():
    for name, service in of(rendered("production"), "Service").items():
        assert (service["spec"].get("clusterIP") == "None") == (name != "gateway"), name


def test_without_policies_there_are_none():
    assert not of(rendered("test", "global.network.enabled=false"), "NetworkPolicy")


def test_the_legal_clock_opens_no_way_where_it_is_off():
    names = {
        environment: of(rendered(environment), "NetworkPolicy")["identity"]["spec"]["egress"] for environment in ("test", "production")
    }

    assert any(
        "podSelector" in peer
        for rule in names["test"]
        for peer in rule.get("to", ())
        if {"port": 50051, "protocol": "TCP"} in rule["ports"]
    )
    assert not any({"port": 50051, "protocol": "TCP"} in rule["ports"] for rule in names["production"])

"""What is uninstalled leaves its data, and finds them when it comes back."""

import httpx
from cluster.kubectl import Kubectl
from embedded.demo.stage import Cast

from tests.cluster.conftest import BACKING, PODS, of
from tests.cluster.platform import CHART, VALUES, Platform, until
from tests.cluster.report import Report


def test_an_uninstall_leaves_the_data(platform: Platform, kubectl: Kubectl, backing: dict[str, str], told: dict[str, str], figures: Report):
    claims = {one["metadata"]["name"]: one["spec"]["volumeName"] for one in of(kubectl, "persistentvolumeclaims")}
    seconds = platform.helm.uninstall("anzhi") + platform.helm.uninstall("backing")

    until(lambda: of(kubectl, "pods", PODS) == [], "the last pod has drained")
    assert len(claims) == 4
    assert {one["metadata"]["name"]: one["spec"]["volumeName"] for one in of(kubectl, "persistentvolumeclaims")} == claims
    figures.note("helm uninstall", seconds=seconds, volumes_kept=len(claims))

    again = platform.helm.install("backing", BACKING, BACKING / "values-test.yaml", backing)
    again += platform.helm.install("anzhi", CHART, VALUES, platform.settings | {"global.image.tag": platform.tags.new})
    with httpx.Client(base_url=platform.url, timeout=60) as http:
        cast = Cast.from_file(http, platform.accounts)
        states = {username: cast(username).get(f"/v1/cases/{case}")["state"] for username, case in told.items()}

    assert set(states.values()) == {"ARCHIVED"}
    figures.note("installed again over the same data", seconds=again)

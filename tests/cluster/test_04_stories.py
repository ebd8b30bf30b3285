"""The chemicals' and the welders' stories by HTTP through the gateway's Service, in the order of their days."""

import httpx
import pytest
from embedded.demo.stage import Cast

from tests.cluster.platform import Platform


@pytest.mark.parametrize(("username", "fen"), [("liang", "15000000"), ("zhou", "4900000")])
def test_the_case_ends_archived_with_its_fine(told: dict[str, str], platform: Platform, username: str, fen: str):
    with httpx.Client(base_url=platform.url, timeout=60) as http:
        case = Cast.from_file(http, platform.accounts)(username).get(f"/v1/cases/{told[username]}")

    assert case["state"] == "ARCHIVED"
    assert case["fine"] == {"fen": fen}

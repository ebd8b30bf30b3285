"""Whatever is sent to the gateway by whoever may send it: no fault, no status and no shape that the document does not name."""

import json
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from embedded.demo.stage import Cast
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
# They would end the sessions and the accounts that the other requests need.
SPARED = ("identity.Logout", "identity.ChangePassword", "identity.ResetPassword", "identity.DisableUser", "identity.SetLegalNow")


@pytest.fixture(scope="module")
def people(platform: Any, cast: Cast) -> dict[str, Any]:
    """permission -> somebody who has it, logged in. Nobody: the administrator, who is then refused."""
    found: dict[str, Any] = {"": cast("shen")}
    for row in json.loads(Path(platform.accounts).read_text("utf-8")):
        actor = cast(row["username"])
        for permission in actor.get("/v1/me")["permissions"]:
            found.setdefault(permission, actor)
    return found


@pytest.fixture(scope="module")
def api(platform: Any) -> Any:
    schema = schemathesis.openapi.from_url(f"{platform.url}/openapi.json")
    return schema.exclude(operation_id=list(SPARED))


schema = schemathesis.pytest.from_fixture("api")


@schema.parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate])
def test_any_request_is_answered_as_the_document_says(case: Any, people: dict[str, Any]):
    permission = case.operation.definition.raw.get("x-permission", "")
    actor = people.get(permission, people[""])
    headers = {} if case.operation.definition.raw.get("security") == [] else {"Authorization": f"Bearer {actor.token()}"}

    answer = case.call(headers=headers)

    case.validate_response(answer, checks=list(CHECKS))

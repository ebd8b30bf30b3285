"""Whatever is sent to the gateway by whoever may send it: no fault, no status and no shape that the document does not name."""

import json
from importlib import resources
from typing import Any

import pytest
import schemathesis
from embedded.demo.api import Actor
from embedded.demo.stage import Cast
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
# Done at random they would end the sessions, move the clock or change the law under the other stories.
SPARED = (
    "identity.Logout",
    "identity.ChangePassword",
    "identity.SetLegalNow",
    "lawbook.LoadScale",
    "lawbook.PutThresholds",
    "lawbook.PublishParameters",
)


@pytest.fixture(scope="module")
def people(platform: Any, cast: Cast) -> dict[str, Actor]:
    """permission -> somebody who has it, logged in; under "" the administrator, who is refused what he may not do."""
    administrator = cast("shen")
    found = {"": administrator}
    for row in json.loads(platform.accounts.read_text("utf-8")):
        actor = cast(row["username"])
        for permission in actor.get("/v1/me")["permissions"]:
            found.setdefault(permission, actor)
    return found


document = json.loads((resources.files("anzhi") / "openapi.json").read_text("utf-8"))
schema = schemathesis.openapi.from_dict(document).exclude(operation_id=list(SPARED))


@schema.parametrize()
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate])
def test_any_request_is_answered_as_the_document_says(case: Any, platform: Any, people: dict[str, Actor]):
    operation = case.operation.definition.raw
    if operation.get("security") == []:
        # From an address of its own: what it uses up of the allowance for logins is not missing elsewhere.
        headers = {"X-Forwarded-For": "203.0.113.7"}
    else:
        headers = {"Authorization": f"Bearer {people.get(operation['x-permission'], people['']).token()}"}

    answer = case.call(base_url=platform.url, headers=headers)

    case.validate_response(answer, checks=list(CHECKS))

"""Where may be sent to, how often, and how it is signed."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from criminal_transfer.adapters.signing import Secrets
from criminal_transfer.domain import webhook as w
from kernel.moves import SYSTEM, Facts, Person, Role, RoleForbidsMove, StateForbidsTransition
from kernel.parameters import LawParameters

NOW = datetime(2023, 6, 12, tzinfo=UTC)
PAUSES = (5, 300)


def facts(*roles: Role) -> Facts:
    person = Person("partner:police", "", "/partner:police/", frozenset(roles)) if roles else SYSTEM
    return Facts(by=person, now=NOW, law=LawParameters.shipped())


def an_endpoint(by: Facts | None = None, there: int = 0, url: str = "https://police.example.cn/hooks") -> w.WebhookEndpoint:
    given = {"client_id": "police", "org_path": "/partner:police/", "there": there, "development": False}
    return w.WebhookEndpoint.register(url, **given, facts=by or facts(Role.POL))


@pytest.mark.parametrize(
    "url",
    [
        "http://police.example.cn/hooks",
        "ftp://police.example.cn/",
        "https://user:secret@police.example.cn/",
        "https://police.example.cn/#part",
        "https://police.example.cn:99999/",
        "https:///nowhere",
        "https://localhost/hooks",
        "https://127.0.0.1/hooks",
        "https://10.1.2.3/hooks",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/hooks",
        "https://[::ffff:10.0.0.1]/hooks",
        "https://database.internal/",
        "https://police.example.cn/a b",
        "https://police.example.cn\\@10.0.0.1/",
        "https://police.example.cn/" + "x" * 500,
        "no address",
    ],
)
def test_nothing_is_sent_inside_or_in_the_open(url):
    with pytest.raises(w.EndpointUrlInvalid):
        w.check_url(url, development=False)


def test_in_development_this_machine_may_be_told_by_http_and_no_other():
    assert w.check_url("http://127.0.0.1:9000/hooks", development=True)
    assert w.check_url("http://localhost:9000/hooks", development=True)
    assert w.check_url("https://police.example.cn/hooks?x=1", development=False)
    with pytest.raises(w.EndpointUrlInvalid):
        w.check_url("http://10.0.0.1:9000/hooks", development=True)


def test_pauses_grow_and_end():
    assert w.after(1, 204, PAUSES) == (w.DeliveryState.DELIVERED, 0)
    assert w.after(1, 500, PAUSES) == (w.DeliveryState.WAITING, 5)
    assert w.after(2, 0, PAUSES) == (w.DeliveryState.WAITING, 300)
    assert w.after(3, 302, PAUSES) == (w.DeliveryState.FAILED, 0)


def test_an_endpoint_is_the_partners_own():
    with pytest.raises(RoleForbidsMove):
        an_endpoint(by=facts(Role.CHIEF))
    with pytest.raises(w.TooManyEndpoints):
        an_endpoint(there=5)
    endpoint = an_endpoint()
    with pytest.raises(StateForbidsTransition):
        endpoint.enable(facts=facts(Role.POL))
    endpoint.disable(facts=facts())
    with pytest.raises(RoleForbidsMove):
        endpoint.enable(facts=facts())
    endpoint.enable(facts=facts(Role.POL))
    assert endpoint.state is w.EndpointState.ACTIVE


def test_a_signature_is_that_of_standard_webhooks():
    """As https://www.standardwebhooks.com computes it, from the secret as it is shown."""
    secrets, endpoint = Secrets("a key for tests and nothing else, long enough"), uuid4()
    text = secrets.text(endpoint)
    key = base64.b64decode(text.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, b'm1.1700000000.{"a":1}', hashlib.sha256).digest()).decode()

    assert text.startswith("whsec_")
    assert len(key) == 32
    assert secrets.signature(endpoint, "m1", 1700000000, '{"a":1}') == f"v1,{expected}"
    assert secrets.text(uuid4()) != text

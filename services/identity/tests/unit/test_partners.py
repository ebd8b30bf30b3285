"""Clients of partners: who registers them, with which keys and scopes."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from identity.domain import partner as p
from identity.domain.entrustment import acting_body
from identity.domain.org import Basis, Level, OrgUnit
from identity.domain.org import State as OrgState
from kernel.moves import SYSTEM, Facts, Person, Role, RoleForbidsMove, StateForbidsTransition
from kernel.parameters import LawParameters

NOW = datetime(2023, 6, 12, 2, tzinfo=UTC)
EC = {"kid": "one", "kty": "EC", "crv": "P-256", "x": "AQ", "y": "Ag"}
ED = {"kid": "two", "kty": "OKP", "crv": "Ed25519", "x": "AQ"}


def facts(*roles: Role) -> Facts:
    person = SYSTEM if not roles else Person("he", "", "/44/", frozenset(roles))
    return Facts(by=person, now=NOW, law=LawParameters.shipped())


def a_body(path: str = "/44/4404/xiangzhou/") -> OrgUnit:
    return OrgUnit(
        parent_id=None,
        path=path,
        name="珠海市香洲区应急管理局",
        level=Level.COUNTY,
        authority_basis=Basis.STATUTORY,
        region_code="440402",
        state=OrgState.OPEN,
        id=uuid4(),
    )


def a_client(org: OrgUnit | None = None, by: Facts | None = None, **changes) -> p.PartnerClient:
    given = {
        "client_id": "xiangzhou-police",
        "name": "珠海市公安局香洲分局",
        "kind": "POLICE",
        "region_code": "440402",
        "scopes": ["transfers.read", "transfers.write"],
        "quota_per_minute": 60,
        "keys": [EC],
    }
    return p.PartnerClient.register(org or a_body(), **{**given, **changes}, facts=by or facts(Role.ADMIN))[0]


def test_a_client_gets_the_scopes_it_asks_for_or_all():
    client = a_client()

    assert client.granted("") == ["transfers.read", "transfers.write"]
    assert client.granted("transfers.read transfers.read") == ["transfers.read"]
    with pytest.raises(p.ScopeNotGranted):
        client.granted("transfers.read webhooks")
    assert client.role == "POL"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"client_id": "Police"}, p.PartnerIncomplete),
        ({"client_id": "svc:penalties"}, p.PartnerIncomplete),
        ({"name": " "}, p.PartnerIncomplete),
        ({"kind": ""}, p.PartnerIncomplete),
        ({"scopes": []}, p.PartnerIncomplete),
        ({"scopes": ["everything"]}, p.UnknownScope),
        ({"quota_per_minute": 0}, p.QuotaInvalid),
        ({"quota_per_minute": 6001}, p.QuotaInvalid),
        ({"keys": []}, p.PartnerKeysInvalid),
        ({"keys": [EC, EC]}, p.PartnerKeysInvalid),
        ({"keys": [{**EC, "d": "secret"}]}, p.PartnerKeysInvalid),
        ({"keys": [{**EC, "crv": "P-384"}]}, p.PartnerKeysInvalid),
        ({"keys": [{"kid": "k", "kty": "oct", "k": "AQ"}]}, p.PartnerKeysInvalid),
        ({"keys": [{**EC, "kid": ""}]}, p.PartnerKeysInvalid),
        ({"keys": [{**EC, "y": None}]}, p.PartnerKeysInvalid),
    ],
)
def test_what_is_not_whole_is_refused(changes, refusal):
    with pytest.raises(refusal):
        a_client(**changes)


def test_only_an_administrator_keeps_clients():
    with pytest.raises(RoleForbidsMove):
        a_client(by=facts(Role.CHIEF))
    client = a_client()
    for act in (
        lambda: client.disable(reason="", facts=facts(Role.OFF)),
        lambda: client.rotate_keys([ED], reason="", facts=facts(Role.OFF)),
        lambda: client.amend(name="x", scopes=["webhooks"], quota_per_minute=1, facts=facts(Role.OFF)),
    ):
        with pytest.raises(RoleForbidsMove):
            act()


def test_keys_are_replaced_and_clients_are_disabled_with_their_line_in_the_history():
    client = a_client()
    client.rotate_keys([ED, EC], reason="yearly", facts=facts(Role.ADMIN))
    client.disable(reason="left", facts=facts(Role.ADMIN))
    with pytest.raises(StateForbidsTransition):
        client.disable(reason="", facts=facts(Role.ADMIN))
    client.enable(reason="back", facts=facts(Role.ADMIN))

    assert [key["kid"] for key in client.keys] == ["two", "one"]
    assert [line.name for line in client.take_transitions()] == ["register", "rotate_keys", "disable", "enable"]


def test_a_body_knows_its_own_active_clients_only():
    body, other = a_body(), a_body("/44/4419/")
    mine, gone, theirs = a_client(body), a_client(body, client_id="gone-police"), a_client(other, client_id="other-police")
    gone.disable(reason="", facts=facts())

    acting = acting_body(body, (), {}, NOW.date(), [mine, gone, theirs])

    assert [(one.client_id, one.kind) for one in acting.partners] == [("xiangzhou-police", "POLICE")]

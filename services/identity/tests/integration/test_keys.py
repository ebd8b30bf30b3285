import json

import jwt
from anzhi.identity.v1 import identity_pb2 as pb
from identity.adapters.keyring import Keyring
from identity.adapters.vault import Vault


async def published(identity):
    return json.loads((await (await identity.nobody()).GetJwks(pb.GetJwksRequest())).jwks)["keys"]


async def test_the_keys_of_identity_and_of_the_services_are_published(identity):
    keys = {key["kid"]: key for key in await published(identity)}

    assert {"svc:identity", "svc:inspections", "svc:penalties", "svc:gateway"} <= keys.keys()
    assert all(set(key) == {"kty", "crv", "x", "y", "kid", "alg", "use"} for key in keys.values())
    token = (await identity.login("wu")).access_token
    kid = jwt.get_unverified_header(token)["kid"]
    assert jwt.decode(token, jwt.PyJWK(keys[kid]), algorithms=["ES256"], issuer="anzhi")["name"] == "吴晓岚"


async def test_a_new_key_is_published_before_it_signs(identity):
    sessions, vault = identity.run.service.sessions, Vault(identity.vault_key)
    before = {key["kid"] for key in await published(identity)}
    keyring = Keyring(sessions, vault, service_keys=None, key_days=30)
    signing = (await keyring.signing()).kid

    new = await keyring.rotate()

    assert new not in before
    assert (await keyring.signing()).kid == signing
    both = {key["kid"] for key in json.loads(await keyring.jwks())["keys"]}
    assert {new, signing} <= both
    await identity.run.sql("UPDATE signing_keys SET signs_from = now() - interval '30 minutes' WHERE kid = $1", new)
    await identity.run.sql("UPDATE signing_keys SET signs_from = now() - interval '30 days' WHERE kid = $1", signing)
    fresh = Keyring(sessions, vault, service_keys=None, key_days=30)
    assert (await fresh.signing()).kid == new
    assert {key["kid"] for key in json.loads(await fresh.jwks())["keys"]} == {new}
    await identity.run.sql("DELETE FROM signing_keys WHERE kid = $1", new)


async def test_private_keys_do_not_stand_in_the_database_as_they_are(identity):
    rows = await identity.run.sql("SELECT kid, private_key FROM signing_keys")

    from cryptography.hazmat.primitives import serialization

    for row in rows:
        for content in (row["private_key"], row["private_key"][12:]):
            try:
                serialization.load_der_private_key(content, None)
            except ValueError:
                continue
            raise AssertionError("a private key can be read without the vault")

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from embedded import keys
from embedded.state import State


def test_keys_of_the_ledger_and_of_packs_are_made_once_and_for_their_owner_alone(tmp_path: Path):
    state = State(tmp_path)
    ledger, pack = keys.ledger_key(state), keys.pack_key(state)
    before = ledger.read_bytes(), pack.read_bytes()

    assert isinstance(load_pem_private_key(before[0], password=None), ed25519.Ed25519PrivateKey)
    assert isinstance(load_pem_private_key(before[1], password=None), ec.EllipticCurvePrivateKey)
    assert {path.stat().st_mode & 0o777 for path in (ledger, pack)} == {0o600}
    assert (keys.ledger_key(state).read_bytes(), keys.pack_key(state).read_bytes()) == before


def test_only_keys_that_sign_tokens_are_published(tmp_path: Path):
    state = State(tmp_path)
    keys.ledger_key(state)
    keys.pack_key(state)
    keys.private_key(state, "evidence")

    assert [path.name for path in keys.public_keys(state).iterdir()] == ["evidence.pem"]

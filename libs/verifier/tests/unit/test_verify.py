"""A pack in order is told to be; whatever is wrong with one is named, with its file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from anzhi_verifier import Wrong, verify
from anzhi_verifier.cli import run
from anzhi_verifier.keys import Trust
from anzhi_verifier.pdf import seals
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from testkit.sealed import a_certificate, a_pdf, a_sealed_pdf

from libs.verifier.tests.unit import packs
from libs.verifier.tests.unit.packs import DOCUMENT, ITEM, PDF, Making, a_pack, chain, fingerprint, sha256, sm3

CUSTODY, RECORD = f"evidence/{ITEM}/custody.json", f"evidence/{ITEM}/item.json"


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_pack(tmp_path_factory.mktemp("pack") / "pack.zip")


def trust(folder: Path, *contents: bytes) -> Trust:
    made = Trust()
    (folder / "trust.pem").write_bytes(b"".join(contents))
    made.add(folder / "trust.pem")
    return made


def test_a_pack_in_order_says_what_was_proved(pack: Path):
    report = verify(pack)

    assert report.counts == {
        "files": 15,
        "ledger_entries": 3,
        "documents": 1,
        "documents_in_ledger": 1,
        "evidence": 1,
        "custody_links": 2,
        "custody_links_in_ledger": 2,
    }
    assert report.withheld == [{"what": "举报人身份", "why": "保密"}]
    assert report.trusted is None
    assert "fingerprints" in report.notes[0]


def test_a_pack_whose_keys_are_trusted_says_so(pack: Path, tmp_path: Path):
    named = trust(tmp_path, packs.pem(packs.MANIFEST_KEY), packs.pem(packs.LEDGER_KEY), packs.AUTHORITY.public_bytes(Encoding.PEM))

    assert verify(pack, named).trusted is True


# --- single bytes -----------------------------------------------------------------------------------------------------
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_changed_byte_is_found_wherever_it_is(pack: Path, tmp_path: Path, data: st.DataObject):
    content = bytearray(pack.read_bytes())
    position, change = data.draw(st.integers(0, len(content) - 1)), data.draw(st.integers(1, 255))
    content[position] ^= change
    (tmp_path / "changed.zip").write_bytes(content)

    with pytest.raises(Wrong):
        verify(tmp_path / "changed.zip")


def test_one_changed_bit_of_the_structure_is_found_wherever_it_is(pack: Path, tmp_path: Path):
    content, place = bytearray(pack.read_bytes()), tmp_path / "changed.zip"
    inside = {position for start in _offsets(content) for position in range(start, start + 120)}
    directory = content.index(b"PK\x01\x02")

    for position in sorted({*inside, *range(directory, len(content))} & set(range(len(content)))):
        content[position] ^= 1
        place.write_bytes(content)
        with pytest.raises(Wrong):
            verify(place)
        content[position] ^= 1


def _offsets(content: bytearray) -> list[int]:
    found, at = [], content.find(b"PK\x03\x04")
    while at >= 0:
        found.append(at)
        at = content.find(b"PK\x03\x04", at + 1)
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_cut_off_or_added_is_found(pack: Path, tmp_path: Path, data: st.DataObject):
    content, place = pack.read_bytes(), tmp_path / "changed.zip"
    changed = data.draw(
        st.one_of(st.integers(0, len(content) - 1).map(lambda size: content[:size]), st.binary(min_size=1).map(content.__add__))
    )
    place.write_bytes(changed)

    with pytest.raises(Wrong):
        verify(place)


# --- what a careless or false sender would hand over -------------------------------------------------------------------
def listed(path: str, **values: Any) -> Callable[[Making], None]:
    def change(making: Making) -> None:
        making.on_listed = lambda lines: next(line for line in lines if line["path"] == path).update(values)

    return change


def record(path: str, **values: Any) -> Callable[[Making], None]:
    return lambda making: making.rewrite(path, {**making.parsed(path), **values})


def proof(number: int, **values: Any) -> Callable[[Making], None]:
    def change(making: Making) -> None:
        making.on_proofs = lambda proofs: proofs["entries"][number].update(values)

    return change


def document(content: bytes) -> Callable[[Making], None]:
    """Another file, rightly listed and recorded."""

    def change(making: Making) -> None:
        making.files[f"documents/{DOCUMENT}.pdf"] = content
        making.rewrite(f"documents/{DOCUMENT}.json", {"id": DOCUMENT, "size": len(content), "sha256": sha256(content), "sm3": sm3(content)})

    return change


def links(*made: dict[str, Any]) -> Callable[[Making], None]:
    return lambda making: making.rewrite(CUSTODY, {"evidence_id": ITEM, "events": list(made)})


def unheard(making: Making) -> None:
    """Nothing of custody in the ledger."""
    making.leaves = [leaf for leaf in making.leaves if "Custody" not in leaf["entry"]["ce_type"]]


def both(*changes: Callable[[Making], None]) -> Callable[[Making], None]:
    def change(making: Making) -> None:
        for one in changes:
            one(making)

    return change


def put(name: str, value: Any) -> Callable[[Making], None]:
    return lambda making: setattr(making, name, value)


def lost(path: str) -> Callable[[Making], Any]:
    return lambda making: making.files.pop(path)


TWO = chain({"type": "COLLECT", "hash_before": ""}, {})
OTHER_KEY, OTHER = a_certificate("other")
WRONGS = {
    "MANIFEST_SIGNATURE": (put("signed_by", ec.generate_private_key(ec.SECP256R1())), "manifest.json"),
    "FORMAT_UNKNOWN": (lambda making: making.manifest.update(format="anzhi-transfer-pack/2"), "manifest.json"),
    "JSON_NOT_CANONICAL": (put("on_text", lambda text: text.replace(b'","', b'", "', 1)), "manifest.json"),
    "JSON_INVALID": (put("on_text", lambda text: text[:-1]), "manifest.json"),
    "FIELD_INVALID": (lambda making: making.manifest.pop("handed_to"), "manifest.json"),
    "FILE_SIZE": (listed("statement.json", size=1), "statement.json"),
    "FILE_SHA256": (listed("statement.json", sha256="0" * 64), "statement.json"),
    "FILE_SM3": (listed("statement.json", sm3="0" * 64), "statement.json"),
    "FILE_UNLISTED": (lambda making: making.extra.update({"zz.txt": b"more"}), "zz.txt"),
    "FILE_MISSING": (lost(f"evidence/{ITEM}/item.json"), RECORD),
    "ZIP_NAME": (put("order", lambda paths: sorted(paths, reverse=True)), "ledger/proofs.json"),
    "CHECKPOINT_SIGNATURE": (put("noted_by", Ed25519PrivateKey.generate()), "ledger/checkpoint"),
    "CHECKPOINT_DIFFERS": (
        lambda making: making.manifest.update(ledger={"origin": packs.ORIGIN, "size": 3, "root": "0" * 64}),
        "ledger/checkpoint",
    ),
    "CONSISTENCY": (put("earlier_leaves", [bytes(32)] * 5), "ledger/consistency.json"),
    "ENTRY_VALUE": (proof(0, value="AAAA"), "ledger/proofs.json"),
    "ENTRY_FORM": (proof(1, index=0), "ledger/proofs.json"),
    "LEAF_HASH": (proof(0, leaf_hash="0" * 64), "ledger/proofs.json"),
    "INCLUSION": (proof(0, hashes=[]), "ledger/proofs.json"),
    "DOCUMENT_DIGEST": (record(f"documents/{DOCUMENT}.json", sha256="0" * 64), f"documents/{DOCUMENT}.pdf"),
    "DOCUMENT_SIGNATURE": (document(PDF.replace(b"%letter", b"%forged")), f"documents/{DOCUMENT}.pdf"),
    "DOCUMENT_CERTIFICATE": (document(a_sealed_pdf("letter", key=OTHER_KEY, certificate=OTHER)), f"documents/{DOCUMENT}.pdf"),
    "DOCUMENT_LEDGER": (document(a_sealed_pdf("new letter", key=packs.SEAL_KEY, certificate=packs.SEAL)), f"documents/{DOCUMENT}.pdf"),
    "EVIDENCE_DIGEST": (record(RECORD, sm3="0" * 64), f"evidence/{ITEM}/file.jpg"),
    "CUSTODY_OF_OTHER": (record(CUSTODY, evidence_id="somebody's"), CUSTODY),
    "CUSTODY_SEQUENCE": (links(TWO[1]), CUSTODY),
    "CUSTODY_HASH": (links(TWO[0], {**TWO[1], "place": "elsewhere"}), CUSTODY),
    "CUSTODY_FILE": (both(unheard, links(*chain({"hash_after": sha256(b"another")}))), CUSTODY),
    "CUSTODY_LEDGER": (links(TWO[0]), CUSTODY),
}


@pytest.mark.parametrize("name", WRONGS)
def test_what_is_wrong_is_named_with_its_file(name: str, tmp_path: Path):
    change, file = WRONGS[name]

    with pytest.raises(Wrong) as found:
        verify(a_pack(tmp_path / "pack.zip", change))

    assert (found.value.name, found.value.file) == (name, file), found.value.reason


@pytest.mark.parametrize(
    ("change", "name"),
    {
        "a document without a seal": (document(a_pdf("plain")), "DOCUMENT_SIGNATURE"),
        "something added after the seal": (document(PDF + b"\n%more"), "DOCUMENT_SIGNATURE"),
        "a chain without a link": (both(unheard, links()), "CUSTODY_SEQUENCE"),
        "a chain told anew behind the ledger's back": (links(*chain({"type": "COLLECT", "place": "elsewhere"}, {})), "CUSTODY_LEDGER"),
        "a proof with one hash too many": (proof(0, hashes=["0" * 64] * 9), "INCLUSION"),
        "an event outside of the tree": (proof(2, index=99), "ENTRY_FORM"),
        "an entry that states more": (proof(0, entry={"more": ""}), "ENTRY_FORM"),
        "bytes that are no base64": (proof(0, value="*"), "ENTRY_FORM"),
        "a key of another kind": (put("ledger_key", packs.MANIFEST_KEY), "KEY_INVALID"),
        "no checkpoint in the manifest's list": (
            put("on_listed", lambda lines: lines.remove(next(line for line in lines if line["path"] == "ledger/checkpoint"))),
            "FILE_UNLISTED",
        ),
        "one file listed twice": (put("on_listed", lambda lines: lines.append(lines[0])), "FILE_MISSING"),
    }.values(),
)
def test_other_ways_to_be_wrong(change: Callable[[Making], Any], name: str, tmp_path: Path):
    with pytest.raises(Wrong) as found:
        verify(a_pack(tmp_path / "pack.zip", change))

    assert found.value.name == name


@pytest.mark.parametrize("earlier", range(1, 13))
def test_a_pack_continues_any_tree_head_that_the_receiver_had(earlier: int, tmp_path: Path):
    report = verify(a_pack(tmp_path / "pack.zip", put("earlier", earlier)))

    assert (report.ledger["earlier_size"], report.ledger["size"]) == (earlier, 12)


@pytest.mark.parametrize(
    "change",
    [
        {"from_size": 4},
        {"to_size": 13},
        {"hashes": []},
        {"hashes": ["0" * 64] * 9},
    ],
)
def test_a_proof_that_the_ledger_grew_is_held_to_its_tree_heads(change: dict[str, Any], tmp_path: Path):
    with pytest.raises(Wrong, match="CONSISTENCY"):
        verify(a_pack(tmp_path / "pack.zip", put("on_consistency", lambda proof: proof.update(change))))


@pytest.mark.parametrize("earlier", [8, 12])
def test_another_tree_of_the_same_size_is_no_earlier_one(earlier: int, tmp_path: Path):
    def change(making: Making) -> None:
        making.earlier, making.earlier_leaves = earlier, [bytes([1]) * 32] * earlier

    with pytest.raises(Wrong, match="CONSISTENCY"):
        verify(a_pack(tmp_path / "pack.zip", change))


def test_a_longer_chain_than_the_ledger_knows_is_in_order(tmp_path: Path):
    report = verify(
        a_pack(tmp_path / "pack.zip", links(*chain({"type": "COLLECT", "hash_before": ""}, {}, {"type": "OPEN", "actors": ["a", "b"]})))
    )

    assert (report.counts["custody_links"], report.counts["custody_links_in_ledger"]) == (3, 2)


def test_keys_and_authorities_that_are_not_trusted_are_told(pack: Path, tmp_path: Path):
    stranger = trust(tmp_path, packs.pem(ec.generate_private_key(ec.SECP256R1())))
    half = trust(tmp_path, packs.pem(packs.MANIFEST_KEY))
    other_authority = trust(tmp_path, a_certificate("others")[1].public_bytes(Encoding.PEM))

    for named, name, file in (
        (stranger, "KEY_UNTRUSTED", "keys/manifest.pem"),
        (half, "KEY_UNTRUSTED", "keys/ledger.pem"),
        (other_authority, "DOCUMENT_CERTIFICATE_UNTRUSTED", f"documents/{DOCUMENT}.pdf"),
    ):
        with pytest.raises(Wrong) as found:
            verify(pack, named)
        assert (found.value.name, found.value.file) == (name, file)


def test_a_certificate_file_of_another_certificate_is_found(tmp_path: Path):
    def change(making: Making) -> None:
        making.files[f"certificates/{fingerprint(packs.SEAL)}.pem"] = OTHER.public_bytes(Encoding.PEM)

    with pytest.raises(Wrong, match="DOCUMENT_CERTIFICATE"):
        verify(a_pack(tmp_path / "pack.zip", change))


def test_a_longer_message_of_custody_is_written_as_protocol_buffers_do():
    from anzhi.evidence.v1.events_pb2 import CustodyRecorded
    from anzhi_verifier.custody import message

    for seq in (1, 127, 128, 70_000):
        event = CustodyRecorded(evidence_id=ITEM, seq=seq, type="HANDOVER", this_hash="ab" * 32)
        assert message(ITEM, seq, "HANDOVER", "ab" * 32) == event.SerializeToString(deterministic=True)


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.just("0" * 64), st.lists, max_leaves=3)


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for name, item in inside for place in [(*at, name), *places(item, (*at, name))]]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_a_signed_file_says_the_verifier_answers(tmp_path: Path, data: st.DataObject):
    """One value anywhere in the signed JSON files is replaced: the pack is in order or wrong, and nothing else happens."""
    value = data.draw(JSON)

    def replace(content: Any) -> None:
        *way, last = data.draw(st.sampled_from(places(content)))
        for name in way:
            content = content[name]
        content[last] = value

    def on_file(making: Making) -> None:
        path = data.draw(st.sampled_from([CUSTODY, RECORD, f"documents/{DOCUMENT}.json"]))
        content = making.parsed(path)
        replace(content)
        making.rewrite(path, content)

    def on_text(text: bytes) -> bytes:
        content = json.loads(text)
        replace(content)
        return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    def on_proofs(making: Making) -> None:
        making.on_proofs = replace

    change = data.draw(st.sampled_from([on_file, put("on_text", on_text), on_proofs]))
    try:
        verify(a_pack(tmp_path / "pack.zip", change))
    except Wrong as wrong:
        assert wrong.name.isupper()


def test_half_a_character_is_no_text(tmp_path: Path):
    def change(making: Making) -> None:
        making.files[RECORD] = b'{"id":"\\ud800"}'

    with pytest.raises(Wrong, match="JSON_INVALID"):
        verify(a_pack(tmp_path / "pack.zip", change))


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_whatever_a_seal_holds_the_verifier_answers(data: st.DataObject):
    content, start = bytearray(PDF), PDF.index(b"/Contents <") + len(b"/Contents <")
    for position in data.draw(st.lists(st.integers(start, start + 1_400), min_size=1, max_size=4)):
        content[position] = data.draw(st.sampled_from(b"0123456789abcdef"))
    try:
        seals(bytes(content), "letter.pdf")
    except Wrong as wrong:
        assert wrong.name == "DOCUMENT_SIGNATURE"


# --- the command -------------------------------------------------------------------------------------------------------
def test_the_command_tells_what_it_found(pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    changed = tmp_path / "changed.zip"
    changed.write_bytes(pack.read_bytes()[:-1])
    (tmp_path / "keys.pem").write_bytes(packs.pem(packs.MANIFEST_KEY) + packs.pem(packs.LEDGER_KEY))
    (tmp_path / "empty.pem").write_bytes(b"")

    assert run([str(pack), "--trust", str(tmp_path / "keys.pem")]) == 0
    assert capsys.readouterr().out.startswith("IN ORDER")
    assert run([str(pack), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["evidence"] == 1
    assert run([str(changed)]) == 1
    assert "ZIP_STRUCTURE" in capsys.readouterr().out
    assert run([str(changed), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"] == "ZIP_STRUCTURE"
    assert run([str(tmp_path / "nowhere.zip"), "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["error"] == "UNREADABLE"
    assert run([str(pack), "--trust", str(tmp_path / "empty.pem")]) == 3
    with pytest.raises(SystemExit) as ended:
        run([])
    assert ended.value.code == 2

"""Makes packs by the words of docs/formats/transfer-pack.md, apart from the platform's own code and from the verifier's.

`a_pack(…, change=…)` lets a test falsify anything before it is signed: what a careless or false sender would hand over.
"""

import base64
import hashlib
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from testkit.sealed import a_certificate, a_sealed_pdf

ITEM, DOCUMENT = "11111111-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000002"
ORIGIN = "test/ledger"
AUTHORITY_KEY, AUTHORITY = a_certificate("authority")
SEAL_KEY, SEAL = a_certificate("seal", issuer=AUTHORITY, by=AUTHORITY_KEY)
PDF = a_sealed_pdf("letter", key=SEAL_KEY, certificate=SEAL)
MANIFEST_KEY, LEDGER_KEY = ec.generate_private_key(ec.SECP256R1()), Ed25519PrivateKey.generate()
FILE = b"\xff\xd8 sixteen drums" * 20


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def sm3(content: bytes) -> str:
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return digest.finalize().hex()


def text_of(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def pem(key: ec.EllipticCurvePrivateKey | Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex()


def field_of(number: int, text: str) -> bytes:
    return bytes([number << 3 | 2, len(text.encode())]) + text.encode()


@dataclass
class Making:
    """A pack before it is signed."""

    files: dict[str, bytes]
    manifest: dict[str, Any]
    leaves: list[dict[str, Any]]
    manifest_key: ec.EllipticCurvePrivateKey = MANIFEST_KEY
    ledger_key: Ed25519PrivateKey = LEDGER_KEY
    signed_by: ec.EllipticCurvePrivateKey = MANIFEST_KEY
    noted_by: Ed25519PrivateKey = LEDGER_KEY
    # Applied to the proofs, to the list of files, to the finished manifest.
    on_proofs: Callable[[dict[str, Any]], None] = lambda proofs: None
    on_consistency: Callable[[dict[str, Any]], None] = lambda proof: None
    earlier: int = 5
    earlier_leaves: list[bytes] = field(default_factory=list)
    on_listed: Callable[[list[dict[str, Any]]], None] = lambda listed: None
    on_text: Callable[[bytes], bytes] = lambda text: text
    order: Callable[[list[str]], list[str]] = sorted
    extra: dict[str, bytes] = field(default_factory=dict)

    def parsed(self, path: str) -> Any:
        return json.loads(self.files[path])

    def rewrite(self, path: str, value: Any) -> None:
        self.files[path] = text_of(value)


def chain(*links: dict[str, Any]) -> list[dict[str, Any]]:
    """Links with their hashes."""
    made, before = [], ""
    for seq, given in enumerate(links, start=1):
        link = {
            "seq": seq,
            "type": "STORE",
            "at": "2022-06-14T02:00:00+00:00",
            "place": "仓库",
            "actors": ["qin"],
            "from_holder": "",
            "to_holder": "",
            "seal_no": "",
            "hash_before": sha256(FILE),
            "hash_after": sha256(FILE),
            "reason": "",
            "document_id": "",
            **given,
        }
        this = sm3(before.encode() + text_of({"evidence_id": ITEM, **link}))
        made.append({**link, "prev_hash": before, "this_hash": this})
        before = this
    return made


def leaf(type_: str, key: str, value: bytes) -> dict[str, Any]:
    entry = {
        "ce_id": f"e-{sha256(value)[:8]}",
        "ce_root": "/44/",
        "ce_source": "/anzhi/x",
        "ce_time": "2022-06-14T02:00:00+00:00",
        "ce_type": type_,
        "key": key,
        "topic": "x.y.v1",
        "value_sha256": sha256(value),
    }
    return {"entry": entry, "value": value}


def recorded(link: dict[str, Any]) -> dict[str, Any]:
    value = field_of(1, ITEM) + b"\x10" + bytes([link["seq"]]) + field_of(3, link["type"]) + field_of(4, link["this_hash"])
    return leaf("anzhi.evidence.v1.CustodyRecorded", ITEM, value)


def a_making() -> Making:
    links = chain({"type": "COLLECT", "hash_before": ""}, {})
    seal = fingerprint(SEAL)
    files = {
        f"documents/{DOCUMENT}.pdf": PDF,
        f"documents/{DOCUMENT}.json": text_of({"id": DOCUMENT, "size": len(PDF), "sha256": sha256(PDF), "sm3": sm3(PDF)}),
        f"evidence/{ITEM}/file.jpg": FILE,
        f"evidence/{ITEM}/item.json": text_of({"id": ITEM, "size": len(FILE), "sha256": sha256(FILE), "sm3": sm3(FILE)}),
        f"evidence/{ITEM}/custody.json": text_of({"evidence_id": ITEM, "events": links}),
        f"certificates/{seal}.pem": SEAL.public_bytes(Encoding.PEM),
        "statement.json": text_of({"offence": "非法经营"}),
    }
    manifest = {
        "format": "anzhi-transfer-pack/1",
        "pack_id": "33333333-0000-4000-8000-000000000003",
        "object": {"kind": "transfer", "id": "t"},
        "case_id": "c",
        "handed_by": {"org_path": "/44/", "person": "zhao"},
        "handed_to": "police-4404",
        "built_at": "2022-06-20T02:00:00+00:00",
        "withheld": [{"what": "举报人身份", "why": "保密"}],
        "documents": [
            {
                "id": DOCUMENT,
                "form": "F44",
                "title": "移送书",
                "number": "1",
                "path": f"documents/{DOCUMENT}.pdf",
                "record": f"documents/{DOCUMENT}.json",
                "certificates": [seal],
            }
        ],
        "evidence": [
            {
                "id": ITEM,
                "title": "照片",
                "path": f"evidence/{ITEM}/file.jpg",
                "record": f"evidence/{ITEM}/item.json",
                "custody": f"evidence/{ITEM}/custody.json",
            }
        ],
    }
    others = [leaf("other", f"k{number}", b"%d" % number) for number in range(9)]
    sealed = leaf("anzhi.documents.v1.DocumentSealed", DOCUMENT, field_of(1, DOCUMENT) + field_of(2, "F44") + field_of(7, sha256(PDF)))
    return Making(files, manifest, [*others[:4], recorded(links[0]), others[4], sealed, recorded(links[1]), *others[5:]])


def tree(hashes_: list[bytes]) -> bytes:
    if len(hashes_) == 1:
        return hashes_[0]
    k = 1 << (len(hashes_) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + tree(hashes_[:k]) + tree(hashes_[k:])).digest()


def path_of(index: int, hashes_: list[bytes]) -> list[bytes]:
    if len(hashes_) == 1:
        return []
    k = 1 << (len(hashes_) - 1).bit_length() - 1
    if index < k:
        return [*path_of(index, hashes_[:k]), tree(hashes_[k:])]
    return [*path_of(index - k, hashes_[k:]), tree(hashes_[:k])]


def grown(first: int, hashes_: list[bytes], whole: bool = True) -> list[bytes]:
    if first == len(hashes_):
        return [] if whole else [tree(hashes_)]
    k = 1 << (len(hashes_) - 1).bit_length() - 1
    if first <= k:
        return [*grown(first, hashes_[:k], whole), tree(hashes_[k:])]
    return [*grown(first - k, hashes_[k:], False), tree(hashes_[:k])]


def note(leaves: list[bytes], key: Ed25519PrivateKey) -> bytes:
    head = f"{ORIGIN}\n{len(leaves)}\n{base64.b64encode(tree(leaves)).decode()}\n"
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    key_id = hashlib.sha256(ORIGIN.encode() + b"\n\x01" + raw).digest()[:4]
    return f"{head}\n— {ORIGIN} {base64.b64encode(key_id + key.sign(head.encode())).decode()}\n".encode()


def add_ledger(making: Making) -> None:
    leaves = [hashlib.sha256(b"\x00" + text_of(line["entry"])).digest() for line in making.leaves]
    root = tree(leaves)
    entries = [
        {
            "index": index,
            "entry": line["entry"],
            "value": base64.b64encode(line["value"]).decode(),
            "leaf_hash": leaves[index].hex(),
            "hashes": [value.hex() for value in path_of(index, leaves)],
        }
        for index, line in enumerate(making.leaves)
        if line["entry"]["ce_type"] != "other"
    ]
    proofs = {"tree_size": len(leaves), "entries": entries}
    making.on_proofs(proofs)
    making.files["ledger/checkpoint"] = note(leaves, making.noted_by)
    consistency = {
        "from_size": making.earlier,
        "to_size": len(leaves),
        "hashes": [value.hex() for value in grown(making.earlier, leaves)],
    }
    making.on_consistency(consistency)
    making.files["ledger/earlier"] = note(making.earlier_leaves or leaves[: making.earlier], making.noted_by)
    making.files["ledger/consistency.json"] = text_of(consistency)
    making.files["ledger/proofs.json"] = text_of(proofs)
    making.files["keys/ledger.pem"] = pem(making.ledger_key)
    making.manifest.setdefault("ledger", {"origin": ORIGIN, "size": len(leaves), "root": root.hex()})


def base64url(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def jws(manifest: bytes, making: Making) -> bytes:
    der = making.manifest_key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    protected = base64url(b'{"alg":"ES256","kid":"' + sha256(der).encode() + b'"}')
    signature = making.signed_by.sign(protected + b"." + base64url(manifest), ec.ECDSA(hashes.SHA256()))
    r, s = decode_dss_signature(signature)
    return protected + b".." + base64url(r.to_bytes(32) + s.to_bytes(32))


def zipped(files: list[tuple[str, bytes]]) -> bytes:
    """Stored entries, nothing else; bytes written out one by one as the page lists them."""
    out, directory = b"", b""
    for path, content in files:
        name, offset = path.encode(), len(out)
        sizes = zlib.crc32(content).to_bytes(4, "little") + 2 * len(content).to_bytes(4, "little")
        shared = b"\x0a\x00" + b"\x00\x00" + b"\x00\x00" + b"\x00\x00" + b"\x21\x00" + sizes + len(name).to_bytes(2, "little") + b"\x00\x00"
        out += b"PK\x03\x04" + shared + name + content
        directory += b"PK\x01\x02" + b"\x0a\x00" + shared + bytes(10) + offset.to_bytes(4, "little") + name
    number = len(files).to_bytes(2, "little")
    end = b"PK\x05\x06" + bytes(4) + number + number + len(directory).to_bytes(4, "little") + len(out).to_bytes(4, "little") + b"\x00\x00"
    return out + directory + end


def a_pack(place: Path, change: Callable[[Making], Any] | None = None) -> Path:
    making = a_making()
    if change is not None:
        change(making)
    add_ledger(making)
    making.files["keys/manifest.pem"] = pem(making.manifest_key)
    listed = [
        {"path": path, "kind": "X", "size": len(content), "sha256": sha256(content), "sm3": sm3(content)}
        for path, content in sorted(making.files.items())
    ]
    making.on_listed(listed)
    manifest = making.on_text(text_of({**making.manifest, "files": listed}))
    files = {**making.files, **making.extra}
    ordered = [(path, files[path]) for path in making.order(list(files))]
    place.write_bytes(zipped([*ordered, ("manifest.json", manifest), ("manifest.jws", jws(manifest, making))]))
    return place

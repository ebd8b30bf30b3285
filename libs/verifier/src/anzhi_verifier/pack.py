"""The order of the checks: container, manifest, its signature, files, ledger, documents, evidence and custody."""

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from anzhi_verifier import custody, keys, ledger, pdf
from anzhi_verifier.container import LAST, Container, open_container
from anzhi_verifier.keys import PublicKey, Trust
from anzhi_verifier.ledger import Event, Head
from anzhi_verifier.texts import Fields, parsed
from anzhi_verifier.verdict import Report, Wrong

FORMAT = "anzhi-transfer-pack/1"
MANIFEST, SIGNATURE = LAST
MANIFEST_KEY, LEDGER_KEY = "keys/manifest.pem", "keys/ledger.pem"
CHECKPOINT, PROOFS = "ledger/checkpoint", "ledger/proofs.json"
EARLIER, CONSISTENCY = "ledger/earlier", "ledger/consistency.json"
SEALED = "anzhi.documents.v1.DocumentSealed"
SEALED_DOCUMENT, SEALED_SHA256 = 1, 7


def verify(place: Path, trust: Trust | None = None) -> Report:
    """Raises: Wrong with the first thing that is wrong; OSError if the file cannot be read."""
    trust = trust or Trust()
    pack = open_container(place)
    manifest, signing = _manifest(pack)
    trusted = _trusted(trust, MANIFEST_KEY, signing)
    _files(pack, manifest)
    signer = keys.public_key(pack.read(LEDGER_KEY), LEDGER_KEY, Ed25519PublicKey)
    _trusted(trust, LEDGER_KEY, signer)
    earlier, head = _heads(pack, manifest, signer)
    proofs = Fields(parsed(pack.read(PROOFS), PROOFS), PROOFS)
    events = ledger.proved(proofs.objects("entries"), head, PROOFS)
    report = Report(
        pack_id=manifest.text("pack_id"),
        handed_to=manifest.text("handed_to"),
        built_at=manifest.text("built_at"),
        trusted=trusted,
        keys={MANIFEST_KEY: signing.fingerprint, LEDGER_KEY: signer.fingerprint},
        ledger={"size": head.size, "root": head.root.hex(), "earlier_size": earlier.size, "earlier_root": earlier.root.hex()},
        withheld=[{"what": line.text("what"), "why": line.text("why")} for line in manifest.objects("withheld")],
    )
    report.counts["files"] = len(pack.files)
    report.counts["ledger_entries"] = len(events)
    _documents(pack, manifest, events, trust, report)
    _evidence(pack, manifest, events, report)
    if trusted is None:
        report.notes.append("no key was named by --trust: compare the fingerprints of the keys with those that the sender published")
    return report


def _manifest(pack: Container) -> tuple[Fields, PublicKey]:
    for path in (*LAST, MANIFEST_KEY):
        if path not in pack.files:
            raise Wrong("FILE_MISSING", path, "the pack does not hold this file")
    content = pack.read(MANIFEST)
    key = keys.public_key(pack.read(MANIFEST_KEY), MANIFEST_KEY, ec.EllipticCurvePublicKey)
    keys.check_manifest(content, pack.read(SIGNATURE), key)
    manifest = Fields(parsed(content, MANIFEST), MANIFEST)
    if manifest.text("format") != FORMAT:
        raise Wrong("FORMAT_UNKNOWN", MANIFEST, f"this verifier reads {FORMAT}")
    return manifest, key


def _trusted(trust: Trust, path: str, key: PublicKey) -> bool | None:
    if not trust.fingerprints:
        return None
    if key.fingerprint not in trust.fingerprints:
        raise Wrong("KEY_UNTRUSTED", path, f"its fingerprint {key.fingerprint} is none of those that are trusted")
    return True


def _files(pack: Container, manifest: Fields) -> None:
    listed: set[str] = set(LAST)
    for line in manifest.objects("files"):
        path = line.text("path")
        found = pack.files.get(path)
        if found is None or path in listed:
            raise Wrong("FILE_MISSING", path, "the manifest names this file, the pack does not hold it (or holds it once for two lines)")
        listed.add(path)
        if found.size != line.number("size"):
            raise Wrong("FILE_SIZE", path, f"{found.size} bytes, in the manifest {line.number('size')}")
        if found.sha256 != line.text("sha256"):
            raise Wrong("FILE_SHA256", path, "the content does not hash to what the manifest says")
        if found.sm3 != line.text("sm3"):
            raise Wrong("FILE_SM3", path, "the content does not hash to what the manifest says")
    for path in pack.files:
        if path not in listed:
            raise Wrong("FILE_UNLISTED", path, "the manifest does not name this file")
    for path in (LEDGER_KEY, CHECKPOINT, EARLIER, CONSISTENCY, PROOFS):
        if path not in listed:
            raise Wrong("FILE_MISSING", path, "the pack does not hold this file")


def _heads(pack: Container, manifest: Fields, signer: PublicKey) -> tuple[Head, Head]:
    """The tree head that the receiver had before, and that of this pack."""
    stated, head = manifest.object("ledger"), ledger.checkpoint(pack.read(CHECKPOINT), signer, CHECKPOINT)
    if (stated.text("origin"), stated.number("size"), stated.hash("root")) != (head.origin, head.size, head.root):
        raise Wrong("CHECKPOINT_DIFFERS", CHECKPOINT, "the manifest speaks of another tree head")
    earlier = ledger.checkpoint(pack.read(EARLIER), signer, EARLIER)
    ledger.grown(Fields(parsed(pack.read(CONSISTENCY), CONSISTENCY), CONSISTENCY), earlier, head)
    return earlier, head


def _named(pack: Container, line: Fields, name: str) -> str:
    path = line.text(name)
    if path not in pack.files:
        raise Wrong("FILE_MISSING", path, f"{line.where}{name} names a file that the pack does not hold")
    return path


def _documents(pack: Container, manifest: Fields, events: list[Event], trust: Trust, report: Report) -> None:
    sealed = [dict(_texts(event.value)) for event in events if event.type == SEALED]
    proved = 0
    for line in manifest.objects("documents"):
        path, record = _named(pack, line, "path"), _named(pack, line, "record")
        said = Fields(parsed(pack.read(record), record), record)
        found = pack.files[path]
        if (said.text("id"), said.number("size"), said.text("sha256"), said.text("sm3")) != (
            line.text("id"),
            found.size,
            found.sha256,
            found.sm3,
        ):
            raise Wrong("DOCUMENT_DIGEST", path, "this is not the file that was sealed under this document's id")
        named = line.texts("certificates")
        for certificate in pdf.seals(pack.read(path), path):
            _certificate(pack, certificate, path, named, trust)
        hashes_of = [event[SEALED_SHA256] for event in sealed if event.get(SEALED_DOCUMENT) == line.text("id") and SEALED_SHA256 in event]
        if hashes_of and found.sha256 not in hashes_of:
            raise Wrong("DOCUMENT_LEDGER", path, "the ledger knows another file as the sealed one")
        proved += bool(hashes_of)
    report.counts["documents"] = len(manifest.objects("documents"))
    report.counts["documents_in_ledger"] = proved


def _certificate(pack: Container, certificate: x509.Certificate, path: str, named: list[str], trust: Trust) -> None:
    fingerprint = certificate.fingerprint(hashes.SHA256()).hex()
    file = f"certificates/{fingerprint}.pem"
    if fingerprint not in named or file not in pack.files:
        raise Wrong("DOCUMENT_CERTIFICATE", path, f"sealed with certificate {fingerprint}, which the manifest does not name for it")
    try:
        held = x509.load_pem_x509_certificate(pack.read(file))
    except ValueError as error:
        raise Wrong("DOCUMENT_CERTIFICATE", file, str(error)) from error
    if held != certificate:
        raise Wrong("DOCUMENT_CERTIFICATE", file, "this is not the certificate of that fingerprint")
    if trust.authorities and not pdf.issued_by(certificate, trust.authorities):
        raise Wrong("DOCUMENT_CERTIFICATE_UNTRUSTED", path, "no trusted authority issued the certificate of the seal")


def _evidence(pack: Container, manifest: Fields, events: list[Event], report: Report) -> None:
    links = proved = 0
    for line in manifest.objects("evidence"):
        path, record, chain = (_named(pack, line, name) for name in ("path", "record", "custody"))
        said, found = Fields(parsed(pack.read(record), record), record), pack.files[path]
        if (said.text("id"), said.number("size"), said.text("sha256"), said.text("sm3")) != (
            line.text("id"),
            found.size,
            found.sha256,
            found.sm3,
        ):
            raise Wrong("EVIDENCE_DIGEST", path, "this is not the file that was recorded under this item's id")
        counted = custody.check_chain(
            Fields(parsed(pack.read(chain), chain), chain), evidence_id=line.text("id"), file_sha256=found.sha256, events=events
        )
        links, proved = links + counted[0], proved + counted[1]
    report.counts["evidence"] = len(manifest.objects("evidence"))
    report.counts["custody_links"] = links
    report.counts["custody_links_in_ledger"] = proved


def _texts(message: bytes) -> list[tuple[int, str]]:
    """The texts among the fields of a protocol buffer; what cannot be read ends the list."""
    found, at = [], 0
    try:
        while at < len(message):
            tag, at = _varint(message, at)
            kind = tag & 7
            if kind == 2:
                length, at = _varint(message, at)
                found.append((tag >> 3, message[at : at + length].decode("utf-8", errors="replace")))
                at += length
            elif kind == 0:
                _, at = _varint(message, at)
            else:
                at += {1: 8, 5: 4}[kind]
    except (IndexError, KeyError):
        return found
    return found


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value, shift, at = value | (byte & 0x7F) << shift, shift + 7, at + 1
        if not byte & 0x80:
            return value, at

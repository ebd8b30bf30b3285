"""Makes the file of a pack: collects, hashes, signs, verifies it as its receiver will, and locks it."""

import asyncio
import base64
import hashlib
import json
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import grpc
from anzhi.documents.v1 import documents_pb2
from anzhi.documents.v1.documents_pb2_grpc import DocumentsServiceStub
from anzhi_verifier import Wrong, verify
from anzhi_verifier.pdf import seals
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from servicekit.objects import ObjectNotFound, digests

from evidence.adapters.clients import TIMEOUT, DocumentNotSealed, check_sealed, fetched
from evidence.adapters.container import PackFile, Written
from evidence.adapters.notary import Signing
from evidence.adapters.objects import EvidenceObjects
from evidence.application.packs import Content, Pressed, SealedDocument
from evidence.domain.item import EvidenceItem
from evidence.domain.ledger import Checkpoint
from evidence.domain.pack import PackDefective, PackSourceDiffers

MEDIA_TYPE = "application/zip"
ENDINGS = {
    "application/json": ".json",
    "application/pdf": ".pdf",
    "audio/mpeg": ".mp3",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "text/plain": ".txt",
    "video/mp4": ".mp4",
}
CHUNK = 1 << 20


class PackKeyUnfit(RuntimeError):
    """PACK_KEY_FILE holds no P-256 private key."""


class PackKey:
    """Signs manifests; read when first needed."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._key: ec.EllipticCurvePrivateKey | None = None

    @property
    def key(self) -> ec.EllipticCurvePrivateKey:
        if self._key is None:
            loaded = serialization.load_pem_private_key(self._file.read_bytes(), password=None)
            if not isinstance(loaded, ec.EllipticCurvePrivateKey) or not isinstance(loaded.curve, ec.SECP256R1):
                raise PackKeyUnfit(f"{self._file} holds no P-256 key")
            self._key = loaded
        return self._key

    @property
    def public_pem(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, manifest: bytes) -> bytes:
        """JWS with detached content, ES256."""
        header = {"alg": "ES256", "kid": fingerprint(self.public_pem)}
        protected = _base64url(json.dumps(header, separators=(",", ":")).encode())
        r, s = decode_dss_signature(self.key.sign(protected + b"." + _base64url(manifest), ec.ECDSA(hashes.SHA256())))
        return protected + b".." + _base64url(r.to_bytes(32) + s.to_bytes(32))


def fingerprint(pem: bytes) -> str:
    """SHA-256 of the SubjectPublicKeyInfo in DER, hex."""
    key = serialization.load_pem_public_key(pem)
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def _base64url(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def canonical(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


class PackPress:
    def __init__(self, documents: grpc.aio.Channel, objects: EvidenceObjects, signing: Signing, key: PackKey) -> None:
        self._documents = DocumentsServiceStub(documents)
        self._objects, self._signing, self._key = objects, signing, key

    async def checkpoint(self) -> Checkpoint:
        return await self._signing.now()

    def keys(self) -> dict[str, str]:
        """What a receiver of packs trusts."""
        notary = self._signing.notary
        return {
            "manifest_key": self._key.public_pem.decode(),
            "manifest_fingerprint": fingerprint(self._key.public_pem),
            "ledger_key": notary.public_pem,
            "ledger_fingerprint": fingerprint(notary.public_pem.encode()),
            "ledger_origin": notary.origin,
        }

    async def document(self, document_id: UUID) -> SealedDocument:
        wanted = str(document_id)
        document = await self._documents.GetDocument(documents_pb2.GetDocumentRequest(id=wanted), timeout=TIMEOUT)
        if not document.sha256:
            raise DocumentNotSealed("the document has no sealed file yet", document=wanted)
        file = documents_pb2.GetDocumentFileRequest(id=wanted)
        return SealedDocument(wanted, _record(document), (await self._documents.GetDocumentFile(file, timeout=TIMEOUT)).url)

    async def press(self, content: Content) -> Pressed:
        with tempfile.TemporaryDirectory(prefix="pack-") as folder:
            place = Path(folder) / f"{content.pack_id}.zip"
            manifest = await asyncio.to_thread(self._write, place, content)
            found = await asyncio.to_thread(lambda: digests(_read(place)))
            key = f"packs/{content.org_path.strip('/')}/{content.pack_id}.zip"
            version = await self._objects.put_file(key, place, MEDIA_TYPE)
            if await self._objects.hashes(key, version) != (found.size, found.sha256, found.sm3):
                raise PackSourceDiffers("the store does not hold the pack that was put", pack=str(content.pack_id))
            _, until = await self._objects.lock(key, version)
        return Pressed(key, version, found.size, found.sha256, found.sm3, hashlib.sha256(manifest).hexdigest(), until)

    def _write(self, place: Path, content: Content) -> bytes:
        """Answers the manifest."""
        held = _Collected(content, self._objects)
        held.add("keys/ledger.pem", "KEY", content.checkpoint.public_key.encode())
        held.add("keys/manifest.pem", "KEY", self._key.public_pem)
        with PackFile(place) as file:
            written = [held.write(file, path) for path in sorted(held.parts)]
            manifest = canonical(held.manifest(written))
            file.add("manifest.json", [manifest])
            file.add("manifest.jws", [self._key.sign(manifest)])
            file.close()
        try:
            verify(place)
        except Wrong as wrong:
            raise PackDefective("the pack does not verify", pack=str(content.pack_id), error=wrong.name, file=wrong.file) from wrong
        return manifest


class _Collected:
    """The parts of a pack by path; evidence is read from the store only while it is written."""

    def __init__(self, content: Content, objects: EvidenceObjects) -> None:
        self.content, self.objects = content, objects
        self.parts: dict[str, tuple[str, bytes | EvidenceItem]] = {}
        self.documents = [self._document(document) for document in content.documents]
        self.evidence = [self._item(item) for item in content.items]
        self.add("ledger/checkpoint", "CHECKPOINT", content.checkpoint.note.encode())
        self.add("ledger/earlier", "CHECKPOINT", content.earlier.note.encode())
        self.add("ledger/consistency.json", "PROOFS", canonical(content.consistency))
        self.add("ledger/proofs.json", "PROOFS", canonical(content.proofs))
        self.add("statement.json", "STATEMENT", canonical(content.statement))

    def add(self, path: str, kind: str, part: bytes | EvidenceItem) -> str:
        self.parts[path] = (kind, part)
        return path

    def _document(self, document: SealedDocument) -> dict[str, Any]:
        pdf, path = fetched(document.url), f"documents/{document.id}.pdf"
        check_sealed(pdf, document.sha256, document.id)
        try:
            certificates = seals(pdf, path)
        except Wrong as wrong:
            raise PackSourceDiffers("the seal of the document does not verify", document=document.id, found=wrong.reason) from wrong
        for certificate in certificates:
            name = certificate.fingerprint(hashes.SHA256()).hex()
            self.add(f"certificates/{name}.pem", "CERTIFICATE", certificate.public_bytes(Encoding.PEM))
        return {
            **{name: document.record[name] for name in ("id", "form", "title", "number")},
            "path": self.add(path, "DOCUMENT", pdf),
            "record": self.add(f"documents/{document.id}.json", "RECORD", canonical(document.record)),
            "certificates": sorted({certificate.fingerprint(hashes.SHA256()).hex() for certificate in certificates}),
        }

    def _item(self, item: EvidenceItem) -> dict[str, Any]:
        folder = f"evidence/{item.id}"
        links = [
            {
                **{name: value for name, value in link.stated().items() if name != "evidence_id"},
                "prev_hash": link.prev_hash,
                "this_hash": link.this_hash,
            }
            for link in sorted(item.custody, key=lambda link: link.seq)
        ]
        return {
            "id": str(item.id),
            "title": item.title,
            "path": self.add(f"{folder}/file{ENDINGS.get(item.media_type, '')}", "EVIDENCE", item),
            "record": self.add(f"{folder}/item.json", "RECORD", canonical(_described(item))),
            "custody": self.add(f"{folder}/custody.json", "CUSTODY", canonical({"evidence_id": str(item.id), "events": links})),
        }

    def write(self, file: PackFile, path: str) -> Written:
        """Raises: PackSourceDiffers."""
        part = self.parts[path][1]
        if isinstance(part, bytes):
            return file.add(path, [part])
        try:
            written = file.add(path, self.objects.chunks(part.object_key, part.object_version))
        except ObjectNotFound as error:
            raise PackSourceDiffers("the store does not hold the file of the item", evidence=str(part.id)) from error
        if (written.size, written.sha256, written.sm3) != (part.size, part.sha256, part.sm3):
            raise PackSourceDiffers("the file in the store is not the one that was recorded", evidence=str(part.id))
        return written

    def manifest(self, written: Iterable[Written]) -> dict[str, Any]:
        checkpoint = self.content.checkpoint
        files = [
            {"path": file.path, "kind": self.parts[file.path][0], "size": file.size, "sha256": file.sha256, "sm3": file.sm3}
            for file in written
        ]
        return {
            **self.content.head,
            "files": files,
            "documents": self.documents,
            "evidence": self.evidence,
            "ledger": {"origin": checkpoint.origin, "size": checkpoint.size, "root": checkpoint.root.hex()},
        }


def _record(document: documents_pb2.Document) -> dict[str, Any]:
    """What is said of a document beside its file."""
    plain = (
        "id",
        "form",
        "title",
        "number",
        "dated_on",
        "issuer_id",
        "issuer_name",
        "body_digest",
        "sha256",
        "sm3",
        "served_on",
        "deemed_on",
    )
    signature = documents_pb2.Signature
    return {
        **{name: getattr(document, name) for name in plain},
        "size": document.size,
        "pages": document.pages,
        "state": documents_pb2.Document.State.Name(document.state).removeprefix("STATE_"),
        "sealed_at": document.sealed_at.ToJsonString() if document.HasField("sealed_at") else "",
        "signatures": [
            {
                **{
                    name: getattr(line, name)
                    for name in ("signer_name", "body_digest", "certificate_number", "certificate_valid_to_on", "opinion")
                },
                "capacity": signature.Capacity.Name(line.capacity).removeprefix("CAPACITY_"),
                "method": signature.Method.Name(line.method).removeprefix("METHOD_"),
                "signed_at": line.signed_at.ToJsonString(),
            }
            for line in document.signatures
            if line.counts
        ],
    }


def _described(item: EvidenceItem) -> dict[str, Any]:
    texts = (
        "title",
        "media_type",
        "captured_by",
        "place",
        "device_id",
        "sha256",
        "sm3",
        "document_id",
        "source",
        "holder",
        "fact",
        "seal_no",
    )
    return {
        "id": str(item.id),
        **{name: getattr(item, name) for name in texts},
        "size": item.size,
        "origin": str(item.origin),
        "kind": str(item.kind or ""),
        "state": str(item.state),
        "captured_at": item.captured_at.isoformat(),
        "officer_ids": list(item.officer_ids),
        "is_copy": item.is_copy,
        "copy_checked_by": item.copy_checked_by,
        "object_version": item.object_version,
    }


def _read(place: Path) -> Iterable[bytes]:
    with place.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk

"""Public keys, the signature of the manifest (JWS ES256, detached), and whom the caller trusts."""

import base64
import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from anzhi_verifier.verdict import Wrong

Key = ec.EllipticCurvePublicKey | Ed25519PublicKey
_BLOCK = re.compile(rb"-----BEGIN ([A-Z ]+)-----.*?-----END \1-----\s*", re.S)


class TrustUnreadable(ValueError):
    """The file named by --trust holds no public key and no certificate."""


@dataclass
class Trust:
    """Fingerprints of trusted keys, and certificates of authorities that issue seals."""

    fingerprints: set[str] = field(default_factory=set)
    authorities: list[x509.Certificate] = field(default_factory=list)

    def add(self, file: Path) -> None:
        """Raises: TrustUnreadable, OSError."""
        blocks = list(_BLOCK.finditer(file.read_bytes()))
        for block in blocks:
            try:
                if block.group(1) == b"CERTIFICATE":
                    self.authorities.append(x509.load_pem_x509_certificate(block.group(0)))
                else:
                    self.fingerprints.add(_fingerprint(load_pem_public_key(block.group(0))))
            except (ValueError, UnsupportedAlgorithm) as error:
                raise TrustUnreadable(f"{file}: {error}") from error
        if not blocks:
            raise TrustUnreadable(f"{file} holds no public key and no certificate")


def _fingerprint(key: object) -> str:
    if not isinstance(key, ec.EllipticCurvePublicKey | Ed25519PublicKey):
        raise ValueError("neither a P-256 nor an Ed25519 key")
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


@dataclass(frozen=True)
class PublicKey:
    key: Key
    # SHA-256 of the SubjectPublicKeyInfo in DER, hex.
    fingerprint: str


def public_key(pem: bytes, file: str, kind: type[Key]) -> PublicKey:
    """Raises: Wrong."""
    try:
        key = load_pem_public_key(pem)
        if not isinstance(key, kind):
            raise ValueError("a key of another kind")
        if isinstance(key, ec.EllipticCurvePublicKey) and not isinstance(key.curve, ec.SECP256R1):
            raise ValueError("not on the curve P-256")
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Wrong("KEY_INVALID", file, str(error)) from error
    return PublicKey(key, _fingerprint(key))


def check_manifest(manifest: bytes, jws: bytes, key: PublicKey) -> None:
    """RFC 7515 with detached content (its appendix F): `protected..signature`. Raises: Wrong."""
    parts = jws.split(b".")
    if len(parts) != 3 or parts[1]:
        raise Wrong("MANIFEST_SIGNATURE", "manifest.jws", "this is no JWS with detached content")
    if parts[0] != base64url(_header(key.fingerprint)):
        raise Wrong("MANIFEST_SIGNATURE", "manifest.jws", "the header is not that of an ES256 signature by keys/manifest.pem")
    try:
        raw = base64.urlsafe_b64decode(parts[2] + b"=" * (-len(parts[2]) % 4))
    except ValueError as error:
        raise Wrong("MANIFEST_SIGNATURE", "manifest.jws", "the signature is not base64url") from error
    if len(raw) != 64 or base64url(raw) != parts[2]:
        raise Wrong("MANIFEST_SIGNATURE", "manifest.jws", "the signature is not 64 bytes in base64url")
    assert isinstance(key.key, ec.EllipticCurvePublicKey)
    signature = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    try:
        key.key.verify(signature, parts[0] + b"." + base64url(manifest), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise Wrong("MANIFEST_SIGNATURE", "manifest.json", "the signature is not of this manifest by this key") from error


def base64url(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def _header(fingerprint: str) -> bytes:
    return json.dumps({"alg": "ES256", "kid": fingerprint}, separators=(",", ":")).encode()

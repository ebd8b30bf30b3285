"""Seals: a PAdES B-B signature by the issuer's key, with the picture of his seal at its place.

`Signer` is the door for another cryptography (SM2 with a seal of GB/T 38540 and time stamps come from a licensed
service); here keys are ECDSA P-256 made on this machine by `python -m documents make-seal-keys`.
"""

import io
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Protocol

from asn1crypto import keys as asn1_keys  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from kernel.errors import Precondition
from pyhanko.pdf_utils import layout
from pyhanko.pdf_utils.content import ImportedPdfPage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from documents.adapters.typesetting import A4_HEIGHT, Place, Typeset, typeset

KINDS = {"G": "", "E": "行政执法专用章"}
YEARS = 10
# What a P-256 signature with two certificates takes, and some more: measuring it each time costs a second signature.
RESERVED = 6_144
_SAFE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}")


class SealKeyMissing(Precondition):
    """There is no key for the seal of this issuer."""


class Signer(Protocol):
    """Closes a typeset document with the seal of an issuer."""

    def seal(self, sheet: Typeset, *, issuer_id: str, issuer_name: str, kind: str, reason: str, fonts: Path) -> bytes: ...


@dataclass(frozen=True)
class PadesSigner:
    """Keys in a folder: `<issuer>/<kind>.key.pem` and `.cert.pem` (or `<issuer>.<kind>.…`), beside them the authority's certificate."""

    keys: Path

    def seal(self, sheet: Typeset, *, issuer_id: str, issuer_name: str, kind: str, reason: str, fonts: Path) -> bytes:
        if sheet.seal is None:
            raise ValueError("the template has no place for the seal")
        signer = _signer(self.keys, issuer_id, kind)
        name = f"seal-{kind}"
        picture = _picture(fonts, issuer_name, kind)
        style = StaticStampStyle(
            border_width=0,
            background=ImportedPdfPage(str(picture)),  # type: ignore[no-untyped-call]
            background_opacity=0.86,
            background_layout=layout.SimpleBoxLayoutRule(
                layout.AxisAlignment.ALIGN_MID, layout.AxisAlignment.ALIGN_MID, margins=layout.Margins(0, 0, 0, 0)
            ),
        )
        meta = PdfSignatureMetadata(
            field_name=name, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason=reason, name=issuer_name
        )
        field = SigFieldSpec(name, on_page=sheet.seal.page - 1, box=_box(sheet.seal))
        out = io.BytesIO()
        PdfSigner(meta, signer, stamp_style=style, new_field_spec=field).sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(sheet.pdf)), output=out, bytes_reserved=RESERVED
        )
        return out.getvalue()


def _box(place: Place) -> tuple[int, int, int, int]:
    half = place.size / 2
    x, y = place.x, A4_HEIGHT - place.y
    return round(x - half), round(y - half), round(x + half), round(y + half)


@cache
def _signer(keys: Path, issuer_id: str, kind: str) -> SimpleSigner:
    if _SAFE.fullmatch(issuer_id) is None:
        raise SealKeyMissing("this issuer has no seal here", issuer=issuer_id, kind=kind)
    place = keys / issuer_id
    # The files of a Secret stand in one folder: the name of the issuer is part of theirs.
    stem = place / kind if place.is_dir() else keys / f"{issuer_id}.{kind}"
    try:
        key, certificate = stem.with_name(f"{stem.name}.key.pem").read_bytes(), stem.with_name(f"{stem.name}.cert.pem").read_bytes()
        authority = (keys / "authority.cert.pem").read_bytes()
    except FileNotFoundError as error:
        raise SealKeyMissing("this issuer has no seal here", issuer=issuer_id, kind=kind) from error
    private = serialization.load_pem_private_key(key, password=None).private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    chain.register(_asn1(authority))
    return SimpleSigner(signing_cert=_asn1(certificate), signing_key=asn1_keys.PrivateKeyInfo.load(private), cert_registry=chain)


def _asn1(pem: bytes) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(x509.load_pem_x509_certificate(pem).public_bytes(serialization.Encoding.DER))


@cache
def _picture(fonts: Path, name: str, kind: str) -> Path:
    """The seal drawn once per process; the signing library takes a file."""
    drawn = typeset("seal", {"name": name, "below": KINDS[kind]}, fonts=fonts, at=datetime(2022, 1, 1, tzinfo=UTC))
    with tempfile.NamedTemporaryFile(prefix="seal-", suffix=".pdf", delete=False) as file:
        file.write(drawn.pdf)
    return Path(file.name)


# --- making keys ------------------------------------------------------------------------------------------------------
def make_seal_keys(keys: Path, issuers: dict[str, str]) -> list[Path]:
    """Development keys and certificates for the seals of `issuers` (id -> name). What is there already stays."""
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority_key, authority = _authority(keys)
    made = []
    for issuer_id, name in issuers.items():
        if _SAFE.fullmatch(issuer_id) is None:
            raise ValueError(f"{issuer_id!r} cannot name a folder")
        place = keys / issuer_id
        place.mkdir(exist_ok=True, mode=0o700)
        for kind, below in KINDS.items():
            certificate = place / f"{kind}.cert.pem"
            if certificate.exists():
                continue
            key = ec.generate_private_key(ec.SECP256R1())
            subject = x509.Name(
                [
                    x509.NameAttribute(NameOID.ORGANIZATION_NAME, _fitting(name)),
                    x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, _fitting(below or "公章")),
                    x509.NameAttribute(NameOID.COMMON_NAME, _fitting(name)),
                ]
            )
            _write_key(place / f"{kind}.key.pem", key)
            certificate.write_bytes(_issue(key, subject, authority_key, authority.subject).public_bytes(serialization.Encoding.PEM))
            made.append(certificate)
    return made


def _fitting(name: str) -> str:
    """What of a name fits into an attribute of a certificate (64 bytes, X.520)."""
    return name.encode()[:64].decode(errors="ignore")


def _authority(keys: Path) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key_file, certificate_file = keys / "authority.key.pem", keys / "authority.cert.pem"
    if certificate_file.exists():
        loaded = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)
        return loaded, x509.load_pem_x509_certificate(certificate_file.read_bytes())
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Anzhi development seal authority")])
    certificate = _issue(key, name, key, name, authority=True)
    _write_key(key_file, key)
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return key, certificate


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    path.touch(mode=0o600)
    path.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))


def _issue(
    key: ec.EllipticCurvePrivateKey,
    subject: x509.Name,
    by: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    *,
    authority: bool = False,
) -> x509.Certificate:
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
        .sign(by, hashes.SHA256())
    )

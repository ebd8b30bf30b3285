"""The seal of a document: a PAdES signature that covers the whole PDF, by the certificate that the pack names."""

import hashlib
import re

from asn1crypto import cms  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from anzhi_verifier.verdict import Wrong

_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")
_HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}


def seals(content: bytes, file: str) -> list[x509.Certificate]:
    """The certificates that sealed the file, each signature verified; the last covers every byte. Raises: Wrong."""
    found = [tuple(map(int, match.groups())) for match in _RANGE.finditer(content)]
    if not found:
        raise Wrong("DOCUMENT_SIGNATURE", file, "the document bears no signature")
    signers = []
    for first, length, second, rest in found:
        if (
            first
            or length >= second
            or second + rest > len(content)
            or content[length : length + 1] + content[second - 1 : second] != b"<>"
        ):
            raise Wrong("DOCUMENT_SIGNATURE", file, "the signature does not say what it covers")
        covered = content[:length] + content[second : second + rest]
        try:
            signers.append(_signer(bytes.fromhex(content[length + 1 : second - 1].decode("ascii")), covered))
        except Exception as error:
            raise Wrong("DOCUMENT_SIGNATURE", file, f"the signature does not verify: {error or type(error).__name__}") from error
    last = found[-1]
    if last[2] + last[3] != len(content):
        raise Wrong("DOCUMENT_SIGNATURE", file, "something was added after the seal")
    return signers


def _signer(der: bytes, covered: bytes) -> x509.Certificate:
    """Raises whatever the parsers raise."""
    info = cms.ContentInfo.load(der)
    signed = info["content"]
    if info["content_type"].native != "signed_data" or len(signed["signer_infos"]) != 1:
        raise ValueError("not one signature")
    signer = signed["signer_infos"][0]
    certificate = _certificate(signed, signer)
    algorithm = signer["digest_algorithm"]["algorithm"].native
    attributes = {line["type"].native: line["values"] for line in signer["signed_attrs"]}
    digest = hashlib.new(algorithm if algorithm in _HASHES else "unknown", covered).digest()
    if attributes["message_digest"][0].native != digest:
        raise InvalidSignature("the content was changed")
    if attributes["content_type"][0].native != "data":
        raise ValueError("not a signature of a document")
    if "signing_certificate_v2" in attributes:
        named = attributes["signing_certificate_v2"][0]["certs"][0]
        if named["hash_algorithm"]["algorithm"].native != "sha256" or named["cert_hash"].native != certificate.fingerprint(hashes.SHA256()):
            raise InvalidSignature("signed in the name of another certificate")
    # What is signed is the attributes as a SET, not under the tag that they have in the message.
    attested = signer["signed_attrs"].untag().dump(force=True)
    _check(certificate, signer["signature"].native, attested, signer["signature_algorithm"], algorithm)
    return certificate


def _certificate(signed: cms.SignedData, signer: cms.SignerInfo) -> x509.Certificate:
    wanted = signer["sid"].chosen
    for choice in signed["certificates"]:
        certificate = choice.chosen
        if certificate.serial_number == wanted["serial_number"].native and certificate.issuer == wanted["issuer"]:
            return x509.load_der_x509_certificate(certificate.dump())
    raise ValueError("the signer's certificate is missing")


def _check(certificate: x509.Certificate, signature: bytes, content: bytes, algorithm: cms.SignedDigestAlgorithm, digest: str) -> None:
    key, named = certificate.public_key(), algorithm.signature_algo
    if isinstance(key, ec.EllipticCurvePublicKey) and named == "ecdsa":
        key.verify(signature, content, ec.ECDSA(_HASHES[digest]))
    elif isinstance(key, rsa.RSAPublicKey) and named == "rsassa_pkcs1v15":
        key.verify(signature, content, padding.PKCS1v15(), _HASHES[digest])
    else:
        raise ValueError(f"this verifier does not know {named}")


def issued_by(certificate: x509.Certificate, authorities: list[x509.Certificate]) -> bool:
    for authority in authorities:
        try:
            certificate.verify_directly_issued_by(authority)
        except (ValueError, TypeError, InvalidSignature):
            continue
        return True
    return False

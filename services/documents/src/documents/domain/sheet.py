"""What is printed of a document: the data of its template, all in words."""

from typing import Any

from kernel.days import SHANGHAI

from documents.domain import body
from documents.domain.document import Document
from documents.domain.signature import Method, Signature

HOW = {Method.GLASS: "触屏签名", Method.PAPER_SCAN: "纸质签名", Method.CERTIFICATE: "电子签名", Method.REFUSED: ""}


def sheet(document: Document, verify_url: str) -> dict[str, Any]:
    """`verify_url` carries the digest after # (docs/decisions: what the QR code holds)."""
    spec, day = document.spec, document.dated_on
    return {
        "form": spec.id,
        "name": spec.zh,
        "title": f"{spec.zh} {document.number}".strip(),
        "issuer": document.issuer_name,
        "number": document.number,
        "seal": str(spec.seal),
        "date": body.day_in_words(day) if day else "",
        "dated": [day.year, day.month, day.day] if day else [],
        "digest": document.body_digest,
        "verify_url": verify_url,
        "signatures": [_line(signature) for signature in sorted(document.counting, key=lambda given: given.recorded_at)],
        "body": body.shown(spec, document.content),
    }


def _line(signature: Signature) -> dict[str, str]:
    at = signature.signed_at.astimezone(SHANGHAI)
    return {
        "capacity": str(signature.capacity),
        "method": str(signature.method),
        "name": signature.signer_name,
        "certificate": signature.certificate_number,
        "note": f"{HOW[signature.method]} {at:%Y-%m-%d %H:%M}".strip(),
        "date": body.day_in_words(at.date()),
        "opinion": signature.opinion,
    }

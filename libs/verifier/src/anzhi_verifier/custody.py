"""Chains of custody (SM3), held against the file they speak of and against the ledger."""

from cryptography.hazmat.primitives import hashes

from anzhi_verifier.ledger import Event
from anzhi_verifier.texts import Fields, canonical
from anzhi_verifier.verdict import Wrong

RECORDED = "anzhi.evidence.v1.CustodyRecorded"
TEXTS = (
    "type",
    "at",
    "place",
    "from_holder",
    "to_holder",
    "seal_no",
    "hash_before",
    "hash_after",
    "reason",
    "document_id",
)


def check_chain(chain: Fields, *, evidence_id: str, file_sha256: str, events: list[Event]) -> tuple[int, int]:
    """Answers how many links there are and how many of them are leaves of the ledger. Raises: Wrong."""
    file = chain.file
    if chain.text("evidence_id") != evidence_id:
        raise Wrong("CUSTODY_OF_OTHER", file, "this is the chain of another item")
    recorded = {event.value for event in events if event.type == RECORDED and event.key == evidence_id}
    links = chain.objects("events")
    if not links:
        raise Wrong("CUSTODY_SEQUENCE", file, "the chain has no link")
    before, held, proved = "", "", 0
    for position, link in enumerate(links, start=1):
        if link.number("seq") != position:
            raise Wrong("CUSTODY_SEQUENCE", file, f"link {position} is missing")
        if link.text("prev_hash") != before:
            raise Wrong("CUSTODY_SEQUENCE", file, f"link {position} does not follow the one before")
        stated = {"evidence_id": evidence_id, "seq": position, "actors": link.texts("actors"), **{name: link.text(name) for name in TEXTS}}
        before = link.text("this_hash")
        if sm3(link.text("prev_hash").encode() + canonical(stated)) != before:
            raise Wrong("CUSTODY_HASH", file, f"link {position} is not what was recorded")
        if held and link.text("hash_before") and link.text("hash_before") != held:
            raise Wrong("CUSTODY_FILE", file, f"link {position} took over another file than the one before left")
        held = link.text("hash_after") or held
        if message(evidence_id, position, link.text("type"), before) in recorded:
            proved += 1
    if held and held != file_sha256:
        raise Wrong("CUSTODY_FILE", file, "the chain ends with another file than the one in the pack")
    if proved < len(recorded):
        raise Wrong("CUSTODY_LEDGER", file, "the ledger holds a link that the chain does not show")
    return len(links), proved


def message(evidence_id: str, seq: int, type_: str, this_hash: str) -> bytes:
    """The bytes of the event CustodyRecorded."""
    number = b""
    while seq > 0x7F:
        number, seq = number + bytes([seq & 0x7F | 0x80]), seq >> 7
    return _text(1, evidence_id) + b"\x10" + number + bytes([seq]) + _text(3, type_) + _text(4, this_hash)


def _text(field: int, value: str) -> bytes:
    content = value.encode()
    if len(content) > 0x7F:
        return b""
    return bytes([field << 3 | 2, len(content)]) + content if content else b""


def sm3(content: bytes) -> str:
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return digest.finalize().hex()

import hashlib
from datetime import UTC, datetime
from uuid import UUID

import pytest
from evidence.domain.custody import CustodyEvent, CustodyType, OpenedAlone, intact

ITEM = UUID(int=1)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def a_chain(length: int = 3) -> list[CustodyEvent]:
    chain: list[CustodyEvent] = []
    for seq in range(1, length + 1):
        event = CustodyEvent(
            evidence_id=ITEM,
            seq=seq,
            type=CustodyType.TRANSFER,
            at=datetime(2022, 8, 16, seq, tzinfo=UTC),
            place="store",
            actors=["zhou"],
            org_path="/44/",
            hash_before="ab" if seq > 1 else "",
            hash_after="ab",
            prev_hash=chain[-1].this_hash if chain else "",
        )
        event.seal(digest)
        chain.append(event)
    return chain


def test_a_chain_as_written_is_intact():
    assert intact(a_chain(), digest)
    assert intact([], digest)


def test_a_changed_event_breaks_the_chain():
    chain = a_chain()
    chain[1].place = "somewhere else"

    assert not intact(chain, digest)


def test_a_missing_event_breaks_the_chain():
    chain = a_chain()

    assert not intact([chain[0], chain[2]], digest)


def test_a_file_that_changed_between_two_hands_breaks_the_chain():
    chain = a_chain(1)
    event = CustodyEvent(
        evidence_id=ITEM,
        seq=2,
        type=CustodyType.OPEN,
        at=datetime(2022, 8, 17, tzinfo=UTC),
        place="store",
        actors=["zhou", "wu"],
        org_path="/44/",
        hash_before="cd",
        hash_after="cd",
        prev_hash=chain[0].this_hash,
    )
    event.seal(digest)

    assert not intact([*chain, event], digest)


def test_a_sealed_item_is_opened_by_two():
    event = a_chain(1)[0]
    event.type = CustodyType.OPEN

    with pytest.raises(OpenedAlone):
        event.seal(digest)

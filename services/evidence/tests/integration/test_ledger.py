"""The ledger against real Kafka and PostgreSQL: every event once, in one tree, signed, proved, never changed."""

import asyncio
import base64
import hashlib
from itertools import pairwise
from uuid import uuid4

import pytest
from anzhi.evidence.v1 import ledger_pb2 as pb
from anzhi.evidence.v1.ledger_pb2_grpc import LedgerServiceStub
from anzhi.identity.v1.events_pb2 import OrgUnitChanged
from anzhi.penalties.v1.events_pb2 import CaseArchived
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from evidence.adapters.keeper import domain_topics
from evidence.adapters.store import Store
from evidence.application import ledger
from evidence.domain.ledger import Arrived
from evidence.domain.merkle import leaf_hash, node_hash
from grpc.aio import AioRpcError
from servicekit.db import transaction
from testkit.asking import reason_of, refusal
from testkit.polling import poll
from testkit.users import a_user

ORG = "identity.org.v1"


async def auditor(evidence, *permissions: str) -> LedgerServiceStub:
    user = a_user("lu", roles=("AUDITOR",), permissions=permissions or ("ledger.read",))
    return await evidence.stub(LedgerServiceStub, user)


async def produced(world, number: int) -> list[str]:
    return [
        await world.produce(ORG, OrgUnitChanged(org_id=f"org-{count}"), key=f"org-{count}", ce_time="2022-08-16T01:00:00+00:00")
        for count in range(number)
    ]


async def proof_of(stub, event_id: str) -> pb.InclusionProof:
    async def proved():
        try:
            return await stub.GetInclusionProof(pb.GetInclusionProofRequest(event_id=event_id), timeout=5)
        except AioRpcError as error:
            if reason_of(error) not in {"ENTRY_NOT_FOUND", "ENTRY_NOT_CHECKPOINTED", "LEDGER_EMPTY"}:
                raise
            return None

    return await poll(proved, deadline=20)


def root_of(proof: pb.InclusionProof) -> bytes:
    """RFC 9162 2.1.3.2."""
    fn, sn, value = proof.entry.index, proof.tree_size - 1, bytes.fromhex(proof.entry.leaf_hash)
    for sibling in map(bytes.fromhex, proof.hashes):
        if fn & 1 or fn == sn:
            value = node_hash(sibling, value)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            value = node_hash(value, sibling)
        fn, sn = fn >> 1, sn >> 1
    assert sn == 0
    return value


def consistent(proof: pb.ConsistencyProof) -> bool:
    """RFC 9162 2.1.4.2."""
    path = [bytes.fromhex(value) for value in proof.hashes]
    first, second = bytes.fromhex(proof.from_root), bytes.fromhex(proof.to_root)
    if proof.from_size == proof.to_size:
        return not path and first == second
    if proof.from_size & (proof.from_size - 1) == 0:
        path = [first, *path]
    fn, sn = proof.from_size - 1, proof.to_size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for value in path[1:]:
        if fn & 1 or fn == sn:
            fr, sr = node_hash(value, fr), node_hash(value, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, value)
        fn, sn = fn >> 1, sn >> 1
    return fr == first and sr == second and sn == 0


async def test_an_event_of_another_service_becomes_a_leaf_under_a_signed_checkpoint(evidence, world):
    stub = await auditor(evidence)
    event_id = (await produced(world, 3))[1]

    proof = await proof_of(stub, event_id)
    checkpoint = await stub.GetCheckpoint(pb.GetCheckpointRequest(size=proof.tree_size), timeout=5)

    entry = proof.entry
    assert (entry.topic, entry.ce_type, entry.key) == (ORG, "anzhi.identity.v1.OrgUnitChanged", "org-1")
    assert entry.value_sha256 == hashlib.sha256(entry.value).hexdigest()
    assert OrgUnitChanged.FromString(entry.value).org_id == "org-1"
    stated = (
        f'{{"ce_id":"{event_id}","ce_root":"/","ce_source":"/testkit","ce_time":"2022-08-16T01:00:00+00:00",'
        f'"ce_type":"anzhi.identity.v1.OrgUnitChanged","key":"org-1","topic":"identity.org.v1","value_sha256":"{entry.value_sha256}"}}'
    )
    assert entry.leaf_hash == leaf_hash(stated.encode()).hex()
    assert root_of(proof).hex() == proof.root == checkpoint.root
    text, _, signature = checkpoint.note.partition("\n\n— anzhi/ledger ")
    assert text == f"anzhi/ledger\n{proof.tree_size}\n{base64.b64encode(bytes.fromhex(proof.root)).decode()}"
    load_pem_public_key(checkpoint.public_key.encode()).verify(base64.b64decode(signature)[4:], text.encode() + b"\n")
    by_hash = await stub.GetInclusionProof(pb.GetInclusionProofRequest(leaf_hash=entry.leaf_hash, tree_size=proof.tree_size), timeout=5)
    assert by_hash == proof


async def test_each_checkpoint_continues_the_one_before(evidence, world):
    stub = await auditor(evidence)
    for _ in range(3):
        await proof_of(stub, (await produced(world, 5))[-1])

    checkpoints = list((await stub.ListCheckpoints(pb.ListCheckpointsRequest(page_size=50), timeout=5)).checkpoints)[::-1]
    assert len(checkpoints) >= 3
    for earlier, later in pairwise(checkpoints):
        proof = await stub.GetConsistencyProof(pb.GetConsistencyProofRequest(from_size=earlier.size, to_size=later.size), timeout=5)
        assert (proof.from_root, proof.to_root) == (earlier.root, later.root)
        assert consistent(proof)


async def test_an_event_sent_twice_is_one_leaf(evidence, world):
    stub = await auditor(evidence)
    event = OrgUnitChanged(org_id="org-twice")
    event_id = await world.produce(ORG, event, key="org-twice")
    first = await proof_of(stub, event_id)
    await world.produce(ORG, event, key="org-twice", id=event_id)
    await proof_of(stub, await world.produce(ORG, event, key="org-twice"))

    assert [row["index"] for row in await evidence.sql("SELECT index FROM leaves WHERE ce_id = $1", event_id)] == [first.entry.index]


async def test_an_event_of_a_type_that_nobody_knows_is_kept_all_the_same(evidence, world):
    event_id = await world.produce(ORG, b"\xff\x00 no message", key="unknown", ce_type="anzhi.identity.v1.NotYetKnown")

    proof = await proof_of(await auditor(evidence), event_id)

    assert proof.entry.value == b"\xff\x00 no message"
    assert proof.entry.ce_type == "anzhi.identity.v1.NotYetKnown"


async def test_entries_are_read_in_order_and_by_pages(evidence, world):
    stub = await auditor(evidence)
    last = await proof_of(stub, (await produced(world, 4))[-1])

    page = await stub.GetEntries(pb.GetEntriesRequest(from_index=0, page_size=2), timeout=5)
    rest = await stub.GetEntries(pb.GetEntriesRequest(from_index=page.next_index, page_size=500), timeout=5)

    indices = [entry.index for entry in [*page.entries, *rest.entries]]
    assert indices[: last.tree_size] == list(range(len(indices)))[: last.tree_size]
    assert (await stub.GetEntries(pb.GetEntriesRequest(from_index=10**12), timeout=5)).next_index == 0


async def test_what_was_never_there_has_no_proof(evidence, world):
    stub = await auditor(evidence)
    proof = await proof_of(stub, (await produced(world, 1))[0])
    inclusion, consistency = pb.GetInclusionProofRequest, pb.GetConsistencyProofRequest

    asked = {
        "ENTRY_NOT_FOUND": stub.GetInclusionProof(inclusion(event_id=str(uuid4())), timeout=5),
        "LEAF_NOT_NAMED": stub.GetInclusionProof(inclusion(leaf_hash="zz"), timeout=5),
        "INVALID_ID": stub.GetInclusionProof(inclusion(event_id="\0"), timeout=5),
        "TREE_SIZE_UNKNOWN": stub.GetConsistencyProof(consistency(from_size=1, to_size=10**15), timeout=5),
        "CHECKPOINT_NOT_FOUND": stub.GetCheckpoint(pb.GetCheckpointRequest(size=-1), timeout=5),
        "LEAF_OUTSIDE_TREE": stub.GetInclusionProof(inclusion(event_id=proof.entry.ce_id, tree_size=1), timeout=5),
    }

    assert {reason: await refusal(call) for reason, call in asked.items()} == {reason: reason for reason in asked}


async def test_who_may_not_read_the_ledger_does_not(evidence):
    stub = await auditor(evidence, "evidence.read")

    assert await refusal(stub.GetCheckpoint(pb.GetCheckpointRequest(), timeout=5)) == "PERMISSION_MISSING"


@pytest.mark.parametrize("table", ["leaves", "nodes", "checkpoints"])
async def test_nobody_changes_or_removes_what_was_written(evidence, table: str):
    column = "size" if table == "checkpoints" else "index"
    for role in ("serve", "jobs"):
        for statement in (f"UPDATE {table} SET {column} = 0", f"DELETE FROM {table}"):
            with pytest.raises(Exception, match="permission denied"):
                await evidence.sql(statement, role=role)
    with pytest.raises(Exception, match="permission denied"):
        await evidence.sql(f"INSERT INTO {table} DEFAULT VALUES", role="jobs" if table == "checkpoints" else "serve")


async def test_two_who_append_at_once_make_one_tree(evidence, world):
    stub = await auditor(evidence)
    batches = [[arrived(f"{number}-{count}") for count in range(40)] for number in range(6)]

    async def append(batch: list[Arrived]) -> None:
        async with transaction(evidence.service.sessions, Store, jobs=True, scope="/") as uow:
            await ledger.append(uow, batch)

    await asyncio.gather(*(append(batch) for batch in [*batches, batches[0]]))

    rows = await evidence.sql("SELECT index, ce_id FROM leaves ORDER BY index")
    assert [row["index"] for row in rows] == list(range(len(rows)))
    assert len({row["ce_id"] for row in rows}) == len(rows)
    proof = await proof_of(stub, batches[0][0].id)
    assert root_of(proof).hex() == proof.root


def arrived(name: str) -> Arrived:
    return Arrived(str(uuid4()), "anzhi.test.v1.Appended", "/test", "/", "", "test.thing.v1", name, name.encode())


async def test_every_domain_topic_is_kept_and_no_setting():
    topics = domain_topics()

    assert {"documents.document.v1", "evidence.item.v1", "identity.user.v1", "penalties.case.v1"} <= set(topics)
    assert not {"identity.clock.v1", "lawbook.parameters.v1"} & set(topics)
    assert not [topic for topic in topics if topic.endswith(".work.v1")]


async def test_a_keeper_that_is_stopped_goes_on_where_it_stood(world, start):
    async with world.apart("again") as apart:
        ids = []
        for _ in range(3):
            async with start(apart) as run:
                ids += [await apart.produce(ORG, OrgUnitChanged(org_id="o"), key="o") for _ in range(20)]
                ids.append(await apart.produce("penalties.case.v1", CaseArchived(case_id=str(uuid4())), key="c"))
                await proof_of(await auditor(run), ids[0])
        async with start(apart) as run:
            stub = await auditor(run)
            for event_id in ids:
                await proof_of(stub, event_id)
            rows = await run.sql("SELECT index, ce_id FROM leaves ORDER BY index")

    assert [row["index"] for row in rows] == list(range(len(rows)))
    assert sorted(row["ce_id"] for row in rows) == sorted(ids)


async def test_two_services_at_once_keep_one_ledger(world, start):
    """Two instances share the partitions, append in turn and sign one row of checkpoints."""
    async with world.apart("two") as apart, start(apart) as first, start(apart):
        stub = await auditor(first)
        ids = [await apart.produce(ORG, OrgUnitChanged(org_id=f"o{count}"), key=f"o{count}") for count in range(200)]
        for event_id in ids:
            await proof_of(stub, event_id)

        rows = await first.sql("SELECT index, ce_id FROM leaves ORDER BY index")
        signed = await first.sql("SELECT size, root FROM checkpoints ORDER BY id")

    assert [row["index"] for row in rows] == list(range(len(rows)))
    assert sorted(row["ce_id"] for row in rows) == sorted(ids)
    assert len({row["size"] for row in signed}) == len({row["root"] for row in signed}) == len(signed)
    assert [row["size"] for row in signed] == sorted(row["size"] for row in signed)

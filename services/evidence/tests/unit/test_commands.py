import hashlib
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from evidence.application import commands, queries
from evidence.application.queries import MatterMissing
from evidence.domain.events import EvidenceArchived, EvidenceChallenged, EvidenceLinked
from evidence.domain.item import EvidenceItem, Origin
from evidence.domain.states import State
from evidence.domain.upload import TitleMissing, UploadDiffers, UploadMissing
from kernel.moves import Facts, Role

from .fakes import NOW, FakeObjects, FakeOutside, FakeUow, digest, outside
from .test_item import DESCRIPTION, MATTER, TWO, facts

PHOTO = b"a photo"
CASE = UUID(int=9)


class Scene:
    def __init__(self) -> None:
        self.uow, self.objects, self.fake = FakeUow(), FakeObjects(), FakeOutside(MATTER, TWO, answer={"found": False})
        self.outside = outside(self.fake, self.objects)

    async def announced(self, content: bytes = PHOTO, **changes: Any) -> dict[str, Any]:
        given = {
            "object_kind": "inspection",
            "object_id": MATTER.object_id,
            "title": "照片",
            "sha256": hashlib.sha256(content).hexdigest().upper(),
            "size": len(content),
            "media_type": "image/jpeg",
            "captured_at": None,
            "place": "车间",
            "device_id": "pad-1",
            "device_clock_offset_ms": 0,
            **changes,
        }
        return await commands.announce_upload(self.uow, facts=facts(), outside=self.outside, now=NOW, **given)

    async def confirmed(self, upload: dict[str, Any], by: Facts | None = None) -> EvidenceItem:
        return await commands.confirm_upload(self.uow, facts=by or facts(), outside=self.outside, digest=digest, upload_id=upload["id"])

    async def captured(self) -> EvidenceItem:
        upload = await self.announced()
        await self.put(upload)
        return await self.confirmed(upload)

    async def put(self, upload: dict[str, Any], content: bytes = PHOTO) -> None:
        await self.objects.put(upload["url"].removeprefix("https://store/"), content, "image/jpeg")


async def test_a_file_counts_once_it_was_put_and_hashed():
    scene = Scene()
    upload = await scene.announced()
    await scene.put(upload)

    item = await scene.confirmed(upload)

    assert (item.id, item.state, item.origin) == (upload["id"], State.CAPTURED, Origin.UPLOAD)
    assert item.sha256 == hashlib.sha256(PHOTO).hexdigest()
    assert scene.objects.locked == [(item.object_key, "1")]


async def test_a_file_that_was_not_put_is_no_evidence():
    scene = Scene()

    with pytest.raises(UploadMissing):
        await scene.confirmed(await scene.announced())
    assert not scene.uow.events


async def test_another_file_than_announced_is_not_locked():
    scene = Scene()
    upload = await scene.announced()
    await scene.put(upload, b"a phot0")

    with pytest.raises(UploadDiffers):
        await scene.confirmed(upload)
    assert not scene.objects.locked
    assert not scene.uow.events


async def test_a_later_file_does_not_replace_the_evidence():
    scene = Scene()
    upload = await scene.announced()
    await scene.put(upload)
    item = await scene.confirmed(upload)

    await scene.put(upload, b"another")

    assert (await commands.check(scene.outside, item))["ok"]


async def test_a_query_keeps_question_and_answer():
    scene = Scene()

    item = await commands.capture_query(
        scene.uow,
        facts=facts(),
        outside=scene.outside,
        digest=digest,
        object_kind="inspection",
        object_id=MATTER.object_id,
        title="特种作业操作证查询",
        register="SPECIAL_OPERATION",
        terms={"holder_name": "邓某"},
    )

    content = scene.objects.contents[item.object_key][0].decode()
    assert '"found": false' in content
    assert "邓某" in content
    assert item.answer == {"found": False}
    assert item.origin is Origin.QUERY


async def test_a_sealed_document_becomes_evidence_under_its_own_title():
    scene = Scene()

    item = await commands.capture_document(
        scene.uow, facts=facts(), outside=scene.outside, digest=digest, object_kind="case", object_id=CASE, title="", document_id="d1"
    )

    assert (item.title, item.document_id, item.media_type) == ("询问笔录", "d1", "application/pdf")


async def test_what_is_collected_has_a_title():
    scene = Scene()

    with pytest.raises(TitleMissing):
        await commands.capture_query(
            scene.uow,
            facts=facts(),
            outside=scene.outside,
            digest=digest,
            object_kind="inspection",
            object_id=MATTER.object_id,
            title=" ",
            register="SPECIAL_OPERATION",
            terms={},
        )


async def test_a_changed_file_challenges_its_item():
    scene = Scene()
    item = await scene.captured()
    scene.objects.contents[item.object_key][0] = b"changed"

    answer = await commands.verify(scene.uow, facts=facts(), outside=scene.outside, items=[item])

    assert (answer["ok"], answer["items"][0]["problem"]) == (False, "HASH_DIFFERS")
    assert item.state is State.CHALLENGED
    assert isinstance(scene.uow.events[-1], EvidenceChallenged)
    assert item.take_transitions()[-1].actors == ("system",)


async def test_a_lost_file_is_told_as_lost():
    scene = Scene()
    item = await scene.captured()
    scene.objects.contents.clear()

    answer = await commands.verify(scene.uow, facts=facts(), outside=scene.outside, items=[item])

    assert answer["items"][0]["problem"] == "OBJECT_MISSING"


async def test_a_reported_case_brings_its_items_under_review_once():
    scene = Scene()
    item = await scene.captured()
    await commands.register(scene.uow, facts=facts("wu"), item_id=item.id, version=1, description=DESCRIPTION)

    await commands.review(scene.uow, facts=facts("system"), item_ids=[item.id])
    await commands.review(scene.uow, facts=facts("system"), item_ids=[item.id])

    assert item.state is State.UNDER_REVIEW


async def test_items_of_an_inspection_are_linked_to_a_case_once():
    scene = Scene()
    item = await scene.captured()

    for _ in range(2):
        answer = await commands.link(scene.uow, facts=facts(), outside=scene.outside, case_id=CASE, item_ids=[item.id])

    assert answer["evidence_ids"] == [item.id]
    assert [event for event in scene.uow.events if isinstance(event, EvidenceLinked)] == [EvidenceLinked(item.id, CASE)]


async def test_items_of_another_body_are_not_linked():
    scene = Scene()
    item = await scene.captured()
    scene.fake.matter_ = replace(MATTER, org_path="/44/4404/")

    with pytest.raises(commands.EvidenceOfOtherMatter):
        await commands.link(scene.uow, facts=facts(), outside=scene.outside, case_id=CASE, item_ids=[item.id])


async def test_an_archived_case_archives_what_was_admitted():
    scene = Scene()
    item = await scene.captured()
    await commands.link(scene.uow, facts=facts(), outside=scene.outside, case_id=CASE, item_ids=[item.id])
    await commands.register(scene.uow, facts=facts("wu"), item_id=item.id, version=1, description=DESCRIPTION)
    await commands.review(scene.uow, facts=facts("system"), item_ids=[item.id])
    await commands.admit(scene.uow, facts=facts("he", Role.LEGAL), outside=scene.outside, item_id=item.id, version=1, opinion="采信")

    await commands.archive(scene.uow, facts=facts("system"), outside=scene.outside, case_id=CASE)

    assert item.state is State.ARCHIVED
    assert isinstance(scene.uow.events[-1], EvidenceArchived)


async def test_challenging_explaining_excluding_walk_one_after_another():
    scene = Scene()
    item = await scene.captured()

    await commands.challenge(scene.uow, facts=facts("wu"), item_id=item.id, version=1, reason="当事人异议")
    await commands.explain(scene.uow, facts=facts("zhou"), item_id=item.id, version=1, reason="重新核对")
    await commands.exclude(scene.uow, facts=facts("he", Role.LEGAL), item_id=item.id, version=1, reason="无法核实")

    assert item.state is State.EXCLUDED


async def test_storing_asks_for_the_keeper():
    scene = Scene()
    item = await scene.captured()
    await commands.register(scene.uow, facts=facts("wu"), item_id=item.id, version=1, description=DESCRIPTION)

    await commands.store(scene.uow, facts=facts("k", Role.EVID), digest=digest, item_id=item.id, version=1, seal_no="封1", place="物证室")

    answer = await queries.custody(scene.uow, digest=digest, item_id=item.id)
    assert answer["intact"]
    assert [event.type for event in answer["events"]] == ["COLLECT", "STORE"]


async def test_a_verification_names_what_it_means():
    scene = Scene()
    item = await scene.captured()

    assert await queries.named(scene.uow, item_id=item.id, object_kind="", object_id=None) == [item]
    assert await queries.named(scene.uow, item_id=None, object_kind="inspection", object_id=MATTER.object_id) == [item]
    with pytest.raises(MatterMissing):
        await queries.named(scene.uow, item_id=None, object_kind="case", object_id=None)


async def test_a_file_is_read_by_its_version():
    scene = Scene()
    item = await scene.captured()

    assert (await queries.file(scene.uow, outside=scene.outside, item_id=item.id))["url"].endswith("?versionId=1")


async def test_an_unknown_announcement_is_not_found():
    with pytest.raises(Exception, match="there is none"):
        await Scene().confirmed({"id": uuid4()})

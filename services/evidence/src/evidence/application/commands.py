"""What people and events do to evidence: one function each."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from kernel.errors import Invalid, Precondition
from kernel.moves import SYSTEM, Facts

from evidence.application.ports import Outside, Uow
from evidence.domain.custody import Digest
from evidence.domain.events import EvidenceLinked
from evidence.domain.item import Description, EvidenceItem, Matter, Origin
from evidence.domain.states import State
from evidence.domain.upload import LIFE, TitleMissing, Upload, UploadMissing

ONLINE = "platform"


class EvidenceOfOtherMatter(Invalid):
    """An item of another inspection is not used in this case."""


class NothingCollected(Precondition):
    """The register's answer could not be kept."""


async def announce_upload(
    uow: Uow,
    *,
    facts: Facts,
    outside: Outside,
    now: datetime,
    object_kind: str,
    object_id: UUID,
    title: str,
    sha256: str,
    size: int,
    media_type: str,
    captured_at: datetime | None,
    place: str,
    device_id: str,
    device_clock_offset_ms: int,
) -> dict[str, Any]:
    """`now` is real time. Raises what `Upload.check` raises, and what the owner of the matter answers."""
    matter = await outside.matters.matter(object_kind, object_id)
    upload = Upload(
        org_path=matter.org_path,
        object_kind=matter.object_kind,
        object_id=matter.object_id,
        title=title,
        sha256=sha256.lower(),
        size=size,
        media_type=media_type,
        captured_at=captured_at or facts.now,
        place=place,
        device_id=device_id,
        device_clock_offset_ms=device_clock_offset_ms,
        announced_by=facts.by.id,
        expires_at=now + LIFE,
    )
    upload.check(now=facts.now)
    uow.add(upload)
    door = await outside.objects.door_in(upload.object_key, upload.media_type)
    return {"id": upload.id, "url": door.url, "headers": dict(door.headers), "expires_at": door.expires_at}


async def confirm_upload(uow: Uow, *, facts: Facts, outside: Outside, digest: Digest, upload_id: UUID) -> EvidenceItem:
    """V01. Raises: UploadNotFound, UploadMissing, UploadDiffers, and what the guards refuse; nothing is locked before the hash agrees."""
    upload = await uow.upload(upload_id)
    matter = await outside.matters.matter(upload.object_kind, upload.object_id)
    version = await outside.objects.newest(upload.object_key)
    found = await outside.objects.hashes(upload.object_key, version) if version else None
    if version is None or found is None:
        raise UploadMissing("the announced file was not put yet", upload=str(upload.id))
    upload.compare(size=found[0], sha256=found[1])
    stored = await outside.keep(upload.object_key, version, found)
    item, event = EvidenceItem.capture(
        item_id=upload.id,
        matter=matter,
        title=upload.title,
        origin=Origin.UPLOAD,
        media_type=upload.media_type,
        captured_at=upload.captured_at,
        place=upload.place,
        device_id=upload.device_id,
        stored=stored,
        digest=digest,
        facts=await _witnessed(facts, outside, matter, device_clock_offset_ms=upload.device_clock_offset_ms),
    )
    uow.add(item)
    uow.record(event)
    return item


async def capture_query(
    uow: Uow,
    *,
    facts: Facts,
    outside: Outside,
    digest: Digest,
    object_kind: str,
    object_id: UUID,
    title: str,
    register: str,
    terms: Mapping[str, Any],
) -> EvidenceItem:
    """V01. Question, answer, time and operator are kept as one file (8.5, web query). Raises: RegisterUnknown, TitleMissing."""
    answer = await outside.registers.ask(register, terms)
    record = {"register": register, "terms": dict(terms), "answer": answer, "operator": facts.by.id, "asked_at": facts.now.isoformat()}
    content = json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1).encode()
    return await _capture_content(
        uow,
        facts=facts,
        outside=outside,
        digest=digest,
        matter=await outside.matters.matter(object_kind, object_id),
        title=title,
        origin=Origin.QUERY,
        content=content,
        media_type="application/json",
        answer=answer,
    )


async def capture_document(
    uow: Uow, *, facts: Facts, outside: Outside, digest: Digest, object_kind: str, object_id: UUID, title: str, document_id: str
) -> EvidenceItem:
    """V01. Raises: DocumentNotSealed, TitleMissing."""
    content, document_title = await outside.documents.sealed_file(document_id)
    return await _capture_content(
        uow,
        facts=facts,
        outside=outside,
        digest=digest,
        matter=await outside.matters.matter(object_kind, object_id),
        title=title or document_title,
        origin=Origin.DOCUMENT,
        content=content,
        media_type="application/pdf",
        document_id=document_id,
    )


async def register(uow: Uow, *, facts: Facts, item_id: UUID, version: int, description: Description) -> EvidenceItem:
    item = await _item(uow, item_id, version)
    uow.record(item.register(description, facts=replace(facts, input=description)))
    return item


async def store(uow: Uow, *, facts: Facts, digest: Digest, item_id: UUID, version: int, seal_no: str, place: str) -> EvidenceItem:
    item = await _item(uow, item_id, version)
    uow.record(item.store(seal_no=seal_no, place=place, digest=digest, facts=facts))
    return item


async def challenge(uow: Uow, *, facts: Facts, item_id: UUID, version: int, reason: str) -> EvidenceItem:
    item = await _item(uow, item_id, version)
    uow.record(item.challenge(reason=reason, facts=replace(facts, input=reason)))
    return item


async def explain(uow: Uow, *, facts: Facts, item_id: UUID, version: int, reason: str) -> EvidenceItem:
    item = await _item(uow, item_id, version)
    uow.record(item.explain(reason=reason, facts=replace(facts, input=reason)))
    return item


async def admit(uow: Uow, *, facts: Facts, outside: Outside, item_id: UUID, version: int, opinion: str) -> EvidenceItem:
    """V13. The file is hashed again before it is admitted."""
    item = await _item(uow, item_id, version)
    verified = (await check(outside, item))["ok"]
    uow.record(item.admit(opinion=opinion, facts=replace(facts, known={**facts.known, "verified": verified})))
    return item


async def exclude(uow: Uow, *, facts: Facts, item_id: UUID, version: int, reason: str) -> EvidenceItem:
    item = await _item(uow, item_id, version)
    uow.record(item.exclude(reason=reason, facts=replace(facts, input=reason)))
    return item


async def link(uow: Uow, *, facts: Facts, outside: Outside, case_id: UUID, item_ids: Sequence[UUID]) -> dict[str, Any]:
    """Use items of an inspection in a case. Raises: EvidenceNotFound, EvidenceOfOtherMatter."""
    matter = await outside.matters.matter("case", case_id)
    for item_id in item_ids:
        item = await uow.item(item_id)
        if item.org_path != matter.org_path:
            raise EvidenceOfOtherMatter("the item belongs to another body than the case", evidence=str(item_id), case=str(case_id))
    for linked in await uow.link(case_id, item_ids, matter.org_path):
        uow.record(EvidenceLinked(linked, case_id))
    return {"case_id": case_id, "evidence_ids": [item.id for item in await uow.items_of("case", case_id)]}


async def verify(uow: Uow, *, facts: Facts, outside: Outside, items: Sequence[EvidenceItem]) -> dict[str, Any]:
    """Hash every item again; one that differs is challenged (V10) by the system."""
    lines = []
    for item in items:
        line = await check(outside, item)
        if not line["ok"] and item.state not in {State.CHALLENGED, State.ARCHIVED}:
            problem = line["problem"]
            uow.record(item.challenge(reason=problem, facts=replace(facts, by=SYSTEM, second=None, input=problem)))
        lines.append(line)
    return {"items": lines, "ok": all(line["ok"] for line in lines)}


async def review(uow: Uow, *, facts: Facts, item_ids: Sequence[UUID]) -> None:
    """V12, when a case was reported; an item already reviewed stays as it is."""
    for item_id in item_ids:
        item = await uow.item(item_id)
        if item.state in {State.REGISTERED, State.SAMPLED, State.IN_STORE}:
            uow.record(item.review(facts=facts))


async def archive(uow: Uow, *, facts: Facts, outside: Outside, case_id: UUID) -> None:
    """V19, when a case was archived: every item of it that may go is hashed a last time and archived."""
    for item in await uow.items_of("case", case_id):
        if item.may_be_archived:
            verified = (await check(outside, item))["ok"]
            uow.record(item.archive(facts=replace(facts, known={"verified": verified})))


async def check(outside: Outside, item: EvidenceItem) -> dict[str, Any]:
    """Hash the locked version of an item again (INV-16)."""
    found = await outside.objects.hashes(item.object_key, item.object_version)
    if found is None:
        problem, sha256 = "OBJECT_MISSING", ""
    else:
        sha256 = found[1]
        problem = "" if (found[0], found[1], found[2]) == (item.size, item.sha256, item.sm3) else "HASH_DIFFERS"
    return {"id": item.id, "ok": not problem, "sha256": item.sha256, "found_sha256": sha256, "problem": problem}


async def _capture_content(
    uow: Uow,
    *,
    facts: Facts,
    outside: Outside,
    digest: Digest,
    matter: Matter,
    title: str,
    origin: Origin,
    content: bytes,
    media_type: str,
    answer: Mapping[str, Any] | None = None,
    document_id: str = "",
) -> EvidenceItem:
    if not title.strip():
        raise TitleMissing("an item has a title")
    item_id = uuid4()
    key = f"{matter.org_path.strip('/')}/{matter.object_kind}/{matter.object_id}/{item_id}"
    version = await outside.objects.put(key, content, media_type)
    found = await outside.objects.hashes(key, version)
    if found is None:
        raise NothingCollected("what was collected could not be kept", title=title)
    stored = await outside.keep(key, version, found)
    item, event = EvidenceItem.capture(
        item_id=item_id,
        matter=matter,
        title=title,
        origin=origin,
        media_type=media_type,
        captured_at=facts.now,
        place=ONLINE,
        device_id=ONLINE,
        stored=stored,
        digest=digest,
        facts=await _witnessed(facts, outside, matter, device_clock_offset_ms=0),
        answer=answer,
        document_id=document_id,
    )
    uow.add(item)
    uow.record(event)
    return item


async def _witnessed(facts: Facts, outside: Outside, matter: Matter, *, device_clock_offset_ms: int) -> Facts:
    """The facts of V01: the matter, its officers with their certificates, the device's clock."""
    officers = await outside.officers.officers(matter.officer_ids)
    return replace(facts, known={**facts.known, "matter": matter, "officers": officers, "device_clock_offset_ms": device_clock_offset_ms})


async def _item(uow: Uow, item_id: UUID, version: int) -> EvidenceItem:
    item = await uow.item(item_id)
    item.expect(version)
    return item

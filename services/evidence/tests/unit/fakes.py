"""Second implementations of the ports, for unit tests alone."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from evidence.adapters.store import EvidenceNotFound, UploadNotFound
from evidence.application.ports import Door, Outside
from evidence.domain.item import EvidenceItem, Matter
from evidence.domain.records import Paper, Ruling
from evidence.domain.upload import Upload

UNTIL = datetime(2036, 1, 1, tzinfo=UTC)


def digest(content: bytes) -> str:
    return hashlib.sha256(b"sm3" + content).hexdigest()


class FakeUow:
    def __init__(self) -> None:
        self.things: list[Any] = []
        self.events: list[Any] = []
        self.links: dict[UUID, list[UUID]] = {}
        self.rulings: dict[UUID, Ruling] = {}

    def add(self, thing: Any) -> None:
        self.things.append(thing)

    def record(self, event: Any) -> None:
        self.events.append(event)

    async def upload(self, upload_id: UUID) -> Upload:
        return self._one(Upload, upload_id, UploadNotFound)

    async def item(self, item_id: UUID) -> EvidenceItem:
        return self._one(EvidenceItem, item_id, EvidenceNotFound)

    async def items_of(self, object_kind: str, object_id: UUID) -> Sequence[EvidenceItem]:
        items = [thing for thing in self.things if isinstance(thing, EvidenceItem)]
        linked = self.links.get(object_id, []) if object_kind == "case" else []
        return [item for item in items if (item.object_kind, item.object_id) == (object_kind, object_id) or item.id in linked]

    async def items_held(self, measure_id: str) -> Sequence[EvidenceItem]:
        return [thing for thing in self.things if isinstance(thing, EvidenceItem) and thing.measure_id == measure_id]

    async def ruling(self, case_id: UUID) -> Ruling | None:
        return self.rulings.get(case_id)

    async def ruling_of(self, item: EvidenceItem, case_id: UUID | None = None) -> Ruling | None:
        cases = [case for case, linked in self.links.items() if item.id in linked]
        cases += [item.object_id] if item.object_kind == "case" else []
        found = [self.rulings[case] for case in cases if case in self.rulings and case_id in {None, case}]
        return max(found, key=lambda ruling: ruling.confiscates, default=None)

    async def note_ruling(self, case_id: UUID, changes: Mapping[str, Any]) -> None:
        known = self.rulings.get(case_id, Ruling(case_id, False, False, (), False))
        told = {name: tuple(value) if name == "pending" else value for name, value in changes.items() if name != "org_path"}
        self.rulings[case_id] = replace(known, **told)

    async def link(self, case_id: UUID, item_ids: Sequence[UUID], org_path: str) -> Sequence[UUID]:
        known = self.links.setdefault(case_id, [])
        added = [item_id for item_id in item_ids if item_id not in known]
        known.extend(added)
        return added

    def _one(self, kind: type[Any], wanted: UUID, missing: type[Exception]) -> Any:
        for thing in self.things:
            if isinstance(thing, kind) and thing.id == wanted:
                return thing
        raise missing("there is none", id=str(wanted))


@dataclass
class FakeObjects:
    """Versions of a key are its contents in order."""

    contents: dict[str, list[bytes]] = field(default_factory=dict)
    locked: list[tuple[str, str]] = field(default_factory=list)

    async def door_in(self, key: str, media_type: str) -> Door:
        return Door(f"https://store/{key}", {"content-type": media_type}, UNTIL)

    async def door_out(self, key: str, version: str) -> Door:
        return Door(f"https://store/{key}?versionId={version}", {}, UNTIL)

    async def put(self, key: str, content: bytes, media_type: str) -> str:
        self.contents.setdefault(key, []).append(content)
        return str(len(self.contents[key]))

    async def newest(self, key: str) -> str | None:
        versions = self.contents.get(key)
        return str(len(versions)) if versions else None

    async def hashes(self, key: str, version: str) -> tuple[int, str, str] | None:
        versions = self.contents.get(key, [])
        if not 0 < int(version) <= len(versions):
            return None
        content = versions[int(version) - 1]
        return len(content), hashlib.sha256(content).hexdigest(), digest(content)

    async def lock(self, key: str, version: str) -> tuple[str, datetime]:
        self.locked.append((key, version))
        return "COMPLIANCE", UNTIL


@dataclass
class FakeOutside:
    """Everything beyond the service, as one matter of one body."""

    matter_: Matter
    officers_: Sequence[Any]
    answer: Mapping[str, Any] = field(default_factory=dict)
    file: bytes = b"%PDF"
    papers: dict[str, Paper] = field(default_factory=dict)

    async def matter(self, object_kind: str, object_id: UUID) -> Matter:
        return self.matter_

    async def officers(self, ids: Sequence[str]) -> Sequence[Any]:
        return self.officers_

    async def ask(self, register: str, terms: Mapping[str, str]) -> Mapping[str, Any]:
        return self.answer

    async def sealed_file(self, document_id: str) -> tuple[bytes, str]:
        return self.file, "询问笔录"

    async def check(self, document_id: str) -> Paper:
        return self.papers[document_id]


def outside(fake: FakeOutside, objects: FakeObjects) -> Outside:
    return Outside(objects=objects, matters=fake, officers=fake, registers=fake, documents=fake)


NOW = datetime(2022, 8, 16, 2, tzinfo=UTC)
LATER = NOW + timedelta(days=1)

import io
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from anzhi_verifier.container import open_container
from evidence.adapters import container
from evidence.adapters.container import PackFile
from evidence.adapters.packs_api import _plain
from evidence.adapters.press import PackKey, PackKeyUnfit
from evidence.application import ledger, packs
from evidence.application.commands import EvidenceOfOtherMatter
from evidence.application.packs import Content, Pressed, SealedDocument
from evidence.domain.events import PackBuilt
from evidence.domain.ledger import Checkpoint
from evidence.domain.pack import HandedToMissing, Pack, PackEmpty, PackNotFound, PackTooLarge, WithheldUnexplained
from hypothesis import given
from hypothesis import strategies as st

from .fakes import NOW, FakeUow
from .test_commands import Scene
from .test_item import MATTER, facts
from .test_ledger import FakeLedger, FakeNotary, event

TRANSFER, CASE, DOCUMENT = UUID(int=1), UUID(int=2), UUID(int=3)


class FakePackUow(FakeUow, FakeLedger):
    def __init__(self) -> None:
        FakeUow.__init__(self)
        FakeLedger.__init__(self)

    async def entries_about(self, keys: Any, below: int) -> Any:
        return [leaf for leaf in self.leaves if leaf.key in keys and leaf.index < below]

    async def earlier(self, handed_to: str, than: Checkpoint) -> Checkpoint:
        return self.signed[0]

    async def pack(self, pack_id: UUID) -> Pack:
        return self._one(Pack, pack_id, PackNotFound)

    async def packs_of(self, object_kind: str, object_id: UUID) -> Any:
        return [thing for thing in self.things if isinstance(thing, Pack) and thing.object_id == object_id]


class FakePress:
    def __init__(self, uow: FakePackUow) -> None:
        self.uow, self.pressed = uow, list[Content]()

    async def document(self, document_id: UUID) -> SealedDocument:
        return SealedDocument(str(document_id), {"sha256": "ab"}, "https://store")

    async def checkpoint(self) -> Checkpoint:
        made = await ledger.sign(self.uow, notary=FakeNotary(), now=datetime.now(UTC), every=timedelta())
        assert made is not None
        return made

    async def press(self, content: Content) -> Pressed:
        self.pressed.append(content)
        return Pressed("packs/x.zip", "v1", 9, "aa", "bb", "cc", NOW)


class Built:
    """A case with one item, and a ledger that has heard of it."""

    def __init__(self) -> None:
        self.scene, self.uow = Scene(), FakePackUow()
        self.scene.uow = self.uow
        self.press = FakePress(self.uow)

    async def ready(self) -> "Built":
        self.item = await self.scene.captured()
        await ledger.append(self.uow, [event("a"), event(str(self.item.id)), event("b")])
        self.uow.leaves[1] = ledger.Entry(**{**self.uow.leaves[1].__dict__, "key": str(self.item.id)})
        return self

    async def build(self, **changes: Any) -> Pack:
        order = {
            "object_kind": "transfer",
            "object_id": TRANSFER,
            "case_id": CASE,
            "handed_to": "police",
            "document_ids": [DOCUMENT],
            "item_ids": [self.item.id],
            "withheld": [{"what": "举报人", "why": "保密"}],
            "statement": {},
        }
        return await packs.build(self.uow, facts=facts(), outside=self.scene.outside, press=self.press, **{**order, **changes})


async def test_a_pack_holds_what_was_named_once_with_its_proofs():
    built = await Built().ready()

    pack = await built.build(document_ids=[DOCUMENT, DOCUMENT], item_ids=[built.item.id] * 2)

    content = built.press.pressed[0]
    assert [document.id for document in content.documents] == [str(DOCUMENT)]
    assert [item.id for item in content.items] == [built.item.id]
    assert [line["index"] for line in content.proofs["entries"]] == [1]
    assert content.proofs["tree_size"] == pack.checkpoint_size == 3
    assert (content.earlier.size, content.consistency) == (3, {"from_size": 3, "to_size": 3, "hashes": []})
    assert content.head["handed_by"] == {"org_path": MATTER.org_path, "person": facts().by.id}
    assert content.head["withheld"] == pack.withheld == [{"what": "举报人", "why": "保密"}]
    assert (pack.sha256, pack.object_version, pack.org_path) == ("aa", "v1", MATTER.org_path)
    assert isinstance(built.uow.events[-1], PackBuilt)


async def test_a_pack_is_found_again():
    built = await Built().ready()
    pack = await built.build()

    assert await packs.get(built.uow, pack_id=pack.id) is pack
    assert (await packs.of_object(built.uow, object_kind="transfer", object_id=TRANSFER))["packs"] == [pack]
    door = await packs.file(built.uow, outside=built.scene.outside, pack_id=pack.id)
    assert (door["url"], door["sha256"]) == ("https://store/packs/x.zip?versionId=v1", "aa")
    with pytest.raises(PackNotFound):
        await packs.get(built.uow, pack_id=uuid4())


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"handed_to": " "}, HandedToMissing),
        ({"document_ids": [], "item_ids": []}, PackEmpty),
        ({"withheld": [{"what": "x", "why": ""}]}, WithheldUnexplained),
        ({"withheld": [{"what": "", "why": "x"}]}, WithheldUnexplained),
    ],
)
async def test_an_order_that_makes_no_sense_is_refused(changes: dict[str, Any], error: type[Exception]):
    built = await Built().ready()

    with pytest.raises(error):
        await built.build(**changes)
    assert not built.press.pressed


async def test_evidence_of_another_body_goes_into_no_pack():
    built = await Built().ready()
    built.item.org_path = "/44/4404/"

    with pytest.raises(EvidenceOfOtherMatter):
        await built.build()


# --- the file ----------------------------------------------------------------------------------------------------------
NAMES = st.from_regex(r"[a-z][a-z0-9]{0,6}(/[a-z0-9]{1,6}\.txt)?", fullmatch=True)


@given(contents=st.dictionaries(NAMES, st.lists(st.binary(max_size=40), max_size=3), max_size=5))
def test_what_is_written_is_the_one_form_that_the_verifier_allows_and_a_zip_file(tmp_path_factory: Any, contents: dict[str, list[bytes]]):
    place = tmp_path_factory.mktemp("pack") / "pack.zip"
    with PackFile(place) as file:
        written = {path: file.add(path, contents[path]) for path in sorted(contents)}
        file.close()

    found = open_container(place).files
    assert {path: (one.sha256, one.sm3, one.size) for path, one in found.items()} == {
        path: (one.sha256, one.sm3, one.size) for path, one in written.items()
    }
    with zipfile.ZipFile(io.BytesIO(place.read_bytes())) as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in opened.namelist()} == {path: b"".join(parts) for path, parts in contents.items()}


def test_a_pack_does_not_outgrow_its_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(container, "LARGEST", 100)
    with PackFile(tmp_path / "large.zip") as file, pytest.raises(PackTooLarge):
        file.add("a", [bytes(60), bytes(60)])
    monkeypatch.setattr(container, "MOST_FILES", 0)
    monkeypatch.setattr(container, "LARGEST", 10_000)
    with PackFile(tmp_path / "many.zip") as file:
        file.add("a", [])
        with pytest.raises(PackTooLarge):
            file.close()


def test_a_key_of_another_kind_signs_no_pack(tmp_path: Path):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    place = tmp_path / "key.pem"
    place.write_bytes(Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))

    with pytest.raises(PackKeyUnfit):
        PackKey(place).sign(b"manifest")


def test_whole_numbers_of_a_statement_are_written_as_such():
    assert _plain({"a": [1.0, 2.5, {"b": 3.0}], "c": "x", "d": True}) == {"a": [1, 2.5, {"b": 3}], "c": "x", "d": True}

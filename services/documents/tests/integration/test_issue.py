"""From draft to sealed file, on real parts."""

import hashlib

import pytest
from anzhi.documents.v1 import documents_pb2 as pb

from .office import LEGAL_NOW, Office


@pytest.fixture
async def office(world, documents, neighbours):
    root = world.a_root()
    neighbours.org_path = root
    await world.set_legal_now(root, LEGAL_NOW)
    return Office(world, documents, root)


@pytest.mark.row("W05")
@pytest.mark.row("W06")
@pytest.mark.row("W07")
@pytest.mark.row("W08")
async def test_a_record_goes_from_draft_to_a_sealed_file_in_one_go(office):
    document = await office.sealed(await office.signed("F03"))

    content = await office.file(document)

    assert document.state == pb.Document.STATE_EFFECTIVE
    assert document.number.startswith("（莞）应急检记〔2022〕")
    assert document.dated_on == "2022-08-16"
    assert hashlib.sha256(content).hexdigest() == document.sha256
    assert content.startswith(b"%PDF")

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from documents.application import drafting, queries, releasing, serving
from documents.domain import guards
from documents.domain.document import Document, LinkKind
from documents.domain.rows import State
from documents.domain.signature import Method
from kernel.actors import Role
from kernel.guards import CertificateMissing, CertificateNotValid, OfficerUnknown

from ..samples import VALUES, a_document, signed  # noqa: TID252
from .fakes import NOW, SYS, FakePress, FakeUow, OwnerAnswer, facts, outside, person

CASE = UUID("5a3c1a52-2222-4f5e-9a52-6f0d0d1e2c3b")


def ready(form_id: str, *, matter_id: UUID = CASE, **given: object) -> Document:
    document = signed(a_document(form_id, id=uuid4(), matter_id=matter_id, object_id=matter_id, **given))
    if document.spec.reviewed:
        document.submit(facts())
    return document


async def release(uow: FakeUow, around, *documents: Document, matters=(CASE,)) -> list[Document]:
    ids = [document.id for document in documents]
    return await releasing.release(uow, facts=facts(SYS), outside=around, document_ids=ids, matters=matters, released_by="he")


async def create(uow: FakeUow, form: str = "F05", **given):
    values = {"form": form, "object_kind": "case", "object_id": CASE, "content": {}, "links": ()}
    return await drafting.create_draft(uow, facts=facts(), **{"outside": outside(uow), **values, **given})


async def test_a_draft_holds_what_the_owner_knows_and_its_issuer():
    uow = FakeUow()
    around = outside(uow)
    around.owners.draft = OwnerAnswer(True, "", "", {**VALUES, "foreign": 1}, "dalingshan", "/44/4419/dalingshan/", CASE)

    view = await create(uow, outside=around, object_kind="order", object_id=uuid4(), content={"unit": "甲厂"})

    assert view.content["unit"] == "甲厂"
    assert "foreign" not in view.content
    assert (view.issuer_name, view.matter_id, view.template_version) == ("东莞市应急管理局", CASE, "F05/1")
    assert uow.happened() == ["DocumentDrafted"]


async def test_a_refused_draft_is_not_kept():
    uow = FakeUow()
    around = outside(uow)
    around.owners.draft = OwnerAnswer(False, "X", "not yet")

    with pytest.raises(guards.OwnerForbidsDraft):
        await create(uow, outside=around)

    assert uow.things == []


async def test_a_draft_is_linked_to_documents_that_exist():
    approval = ready("ws1003012")
    uow = FakeUow(approval)

    view = await create(uow, "F24", links=[("APPROVED_BY", approval.id)])

    assert view.document.linked(LinkKind.APPROVED_BY) == [approval.id]


async def sign(uow: FakeUow, document: Document, by: str = "zhou", *roles: Role, **given):
    values = {
        "document_id": document.id,
        "capacity": "OFFICER",
        "method": "CERTIFICATE",
        "signer_name": "",
        "body_digest": document.body_digest,
        "stroke_evidence_id": "",
        "device_id": "",
        "place": "",
        "opinion": "",
    }
    return await drafting.sign(uow, facts=facts(person(by, *(roles or (Role.OFF,)))), outside=outside(uow), **{**values, **given})


async def test_an_officer_signs_with_the_name_and_certificate_that_identity_knows():
    document = a_document("F03")
    document.freeze(facts())

    await sign(FakeUow(document), document, signer_name="someone else")

    (signature,) = document.signatures
    assert (signature.signer_id, signature.signer_name, signature.certificate_number) == ("zhou", "周明远", "44-zhou")


@pytest.mark.refuses("W07")
@pytest.mark.parametrize(("by", "error"), [("wei", CertificateNotValid), ("zheng", CertificateMissing), ("nobody", OfficerUnknown)])
async def test_an_officer_without_valid_certificate_does_not_sign(by, error):
    document = a_document("F03")
    document.freeze(facts())

    with pytest.raises(error):
        await sign(FakeUow(document), document, by)

    assert document.signatures == []


async def test_a_party_signs_on_the_glass_of_the_officer():
    document = a_document("F03")
    document.freeze(facts())

    await sign(FakeUow(document), document, capacity="ENTERPRISE", method="GLASS", signer_name="陈伯安", stroke_evidence_id="s")

    assert (document.signatures[0].signer_id, document.signatures[0].entered_by) == ("", "zhou")


@pytest.mark.row("W05")
@pytest.mark.row("W08")
async def test_one_release_takes_the_approving_form_first_and_links_it():
    approval, submission, notice = ready("ws1003012"), ready("F30"), ready("F24")
    uow = FakeUow(approval, submission, notice)

    await release(uow, outside(uow), approval, submission, notice)

    assert [document.state for document in (approval, submission, notice)] == [State.EFFECTIVE, State.EFFECTIVE, State.SEALED]
    assert notice.linked(LinkKind.APPROVED_BY) == [approval.id]
    assert uow.happened() == ["DocumentSealed", "DocumentEffective", "DocumentSealed", "DocumentEffective", "DocumentSealed"]
    assert notice.take_transitions()[-1].actors == ("he",)


async def test_a_release_heard_twice_seals_once():
    document = ready("F03")
    uow = FakeUow(document)
    around = outside(uow)

    await release(uow, around, document)
    await release(uow, around, document)

    assert around.press.printed == [document.id]


@pytest.mark.refuses("W05")
async def test_a_notice_without_its_approval_is_not_sealed_and_spends_no_number():
    notice, other = ready("F24"), ready("ws1003012", matter_id=uuid4())
    uow = FakeUow(notice, other)
    around = outside(uow)

    with pytest.raises(guards.ApprovalMissing):
        await release(uow, around, notice)

    assert around.register.last == {}


async def test_an_approval_of_the_same_matter_sealed_earlier_is_found_but_not_another_than_the_linked():
    approval, notice = ready("ws1003012"), ready("F24")
    uow = FakeUow(approval, notice)
    around = outside(uow)
    await release(uow, around, approval)
    notice.link(LinkKind.APPROVED_BY, uuid4())

    with pytest.raises(guards.ApprovalMissing):
        await release(uow, around, notice)

    notice.links = []
    await release(uow, around, notice)
    assert notice.state is State.SEALED


@pytest.mark.refuses("W05")
async def test_an_order_without_a_sealed_record_is_refused():
    record, order = ready("F03"), ready("F05")
    uow = FakeUow(record, order)
    around = outside(uow)
    with pytest.raises(guards.RecordMissing):
        await release(uow, around, order)

    await release(uow, around, record)
    await release(uow, around, order)

    assert order.number == "（莞）应急责改〔2022〕1号"


@pytest.mark.refuses("W07")
async def test_a_missing_signature_spends_no_number():
    record = ready("F03")
    record.signatures.pop()
    uow = FakeUow(record)
    around = outside(uow)

    with pytest.raises(guards.SignaturesMissing):
        await release(uow, around, record)

    assert around.register.last == {}


async def test_a_document_of_another_matter_is_not_released():
    record = ready("F03")

    with pytest.raises(releasing.DocumentOfAnotherMatter):
        await release(FakeUow(record), outside(FakeUow()), record, matters=(uuid4(),))


@pytest.mark.row("W06")
async def test_a_try_that_failed_after_the_number_bears_the_same_number_again():
    first, second = ready("F03"), ready("F03")
    uow = FakeUow(first, second)
    broken = outside(uow, press=FakePress(fails=True))
    with pytest.raises(OSError, match="away"):
        await release(uow, broken, first)
    first.state, first.number = State.DRAFT, ""

    await release(uow, replace(broken, press=FakePress()), second, first)

    assert (first.number, second.number) == ("（莞）应急检记〔2022〕1号", "（莞）应急检记〔2022〕2号")


@pytest.mark.row("W09")
async def test_service_opens_a_receipt_and_delivery_seals_it():
    order, record = ready("F05"), ready("F03")
    uow = FakeUow(order, record)
    around = outside(uow)
    await release(uow, around, record, order)
    uow.events.clear()

    await serving.serve(
        uow, facts=facts(), outside=around, document_id=order.id, version=0, mode="DIRECT", recipient="恒筑", address="厂内"
    )
    await deliver(uow, around, order)

    receipt = await uow.document(order.linked(LinkKind.RECEIPT)[0])
    assert (receipt.state, receipt.number) == (State.EFFECTIVE, "（莞）应急回〔2022〕1号")
    assert receipt.linked(LinkKind.RECEIPT_OF) == [order.id]
    assert [(s.signer_name, str(s.method)) for s in receipt.signatures] == [
        ("陈伯安", "PAPER_SCAN"),
        ("周明远", "CERTIFICATE"),
        ("吴立诚", "PAPER_SCAN"),
    ]
    assert uow.happened() == ["DocumentDrafted", "DocumentSealed", "DocumentEffective", "DocumentServed", "DocumentEffective"]
    assert uow.events[-2].receipt_id == receipt.id


async def start(uow, around, order):
    await serving.serve(
        uow, facts=facts(), outside=around, document_id=order.id, version=0, mode="DIRECT", recipient="恒筑机械", address="厂内"
    )


async def deliver(uow, around, document, **given):
    values = {
        "receiver": "陈伯安",
        "receiver_post": "厂长",
        "place": "厂内",
        "delivered_at": None,
        "proof_evidence_ids": ["scan"],
        "second_server_id": "wu",
    }
    return await serving.record_delivery(
        uow, facts=facts(), outside=around, document_id=document.id, version=document.version, **{**values, **given}
    )


async def serving_order(uow_things=()):
    order, record = ready("F05"), ready("F03")
    uow = FakeUow(order, record, *uow_things)
    around = outside(uow)
    await release(uow, around, record, order)
    await start(uow, around, order)
    return uow, around, order


@pytest.mark.row("W11")
async def test_a_refusal_is_left_with_a_witness_and_the_receipt_says_so():
    uow, around, order = await serving_order()

    await serving.note_refusal(
        uow,
        facts=facts(),
        outside=around,
        document_id=order.id,
        version=0,
        reason="拒绝签收",
        witness="梁某",
        place="厂内",
        delivered_at=None,
        proof_evidence_ids=["film"],
        second_server_id="wu",
    )

    receipt = await uow.document(order.linked(LinkKind.RECEIPT)[0])
    assert order.state is State.EFFECTIVE
    assert receipt.content["remarks"] == "拒收事由：拒绝签收；见证人：梁某"
    assert receipt.content["rows"][0]["mode"] == "留置送达"
    assert all(signature.method is not Method.REFUSED for signature in receipt.signatures)


@pytest.mark.row("W18")
async def test_after_a_failure_the_notice_serves_on_its_deemed_day():
    uow, around, order = await serving_order()
    await serving.fail_delivery(
        uow,
        facts=facts(),
        outside=around,
        document_id=order.id,
        version=0,
        reason="下落不明",
        next_mode="PUBLIC_NOTICE",
        recipient="",
        address="",
    )
    await deliver(uow, around, order, receiver="", receiver_post="")
    assert order.state is State.SERVED

    timer = order.timer("D13")
    await serving.notice_ended(uow, timer, facts(SYS, now=timer.expires_at))

    assert uow.events[-2].mode == "PUBLIC_NOTICE"
    assert uow.events[-2].deemed_on == order.deemed_on


@pytest.mark.refuses("W10")
async def test_the_second_server_has_a_valid_certificate():
    uow, around, order = await serving_order()

    with pytest.raises(CertificateNotValid):
        await deliver(uow, around, order, second_server_id="wei")


@pytest.mark.row("W16")
async def test_a_void_number_stands_in_the_void_log():
    record = ready("F03")
    uow = FakeUow(record)
    around = outside(uow)
    record.state = State.SEALED
    number = await around.register.take(uow, record, 2022, NOW)

    await releasing.void(uow, facts=facts(person("zhao", Role.CHIEF)), outside=around, document_id=record.id, version=0, reason="重复")

    assert (number.void, number.void_reason) == (True, "重复")


async def test_a_void_without_number_leaves_no_line():
    record = a_document("F03")
    uow = FakeUow(record)

    await releasing.void(
        uow, facts=facts(second=person("zheng", Role.UNIT)), outside=outside(uow), document_id=record.id, version=0, reason="重复"
    )

    assert uow.happened() == ["DocumentVoided"]


@pytest.mark.row("W17")
async def test_the_archived_case_takes_its_documents_along_and_leaves_drafts():
    record, draft, elsewhere = ready("F03"), a_document("F05", matter_id=CASE), ready("F03", matter_id=uuid4())
    uow = FakeUow(record, draft, elsewhere)
    around = outside(uow)
    await release(uow, around, record)
    await release(uow, around, elsewhere, matters=(elsewhere.matter_id,))

    await releasing.archive(uow, facts=facts(SYS), matter_id=CASE, document_ids=[elsewhere.id, record.id])

    assert [record.state, draft.state, elsewhere.state] == [State.ARCHIVED, State.DRAFT, State.ARCHIVED]


async def test_what_could_not_be_sealed_is_said_before():
    document = a_document("F03")
    document.write({"unit": "𠮷厂", "place": None})
    uow = FakeUow(document)

    answer = await queries.check(uow, facts=facts(), outside=outside(uow), document_id=document.id, capacities=[])

    reasons = [(problem["reason"], problem["field"]) for problem in answer["problems"]]
    assert reasons == [("FIELD_MISSING", "place"), ("GLYPH_MISSING", "unit"), ("BODY_OPEN", "")]
    assert answer["problems"][1]["detail"] == "𠮷 U+20BB7"


async def test_an_owner_asks_for_the_signatures_of_his_step_alone():
    document = signed(a_document("F30"))
    del document.signatures[2:]
    uow = FakeUow(document)

    step = await queries.check(uow, facts=facts(), outside=outside(uow), document_id=document.id, capacities=["OFFICER", "OFFICER"])
    whole = await queries.check(uow, facts=facts(), outside=outside(uow), document_id=document.id, capacities=[])

    assert step["ok"]
    assert [problem["field"] for problem in whole["problems"]] == ["APPROVER", "REVIEWER"]


async def test_the_page_compares_digests_and_shows_no_content():
    document = ready("F03")
    uow = FakeUow(document)
    with pytest.raises(queries.NothingToVerify):
        await queries.verify(uow, id=document.id, digest="", file_sha256="")
    await release(uow, outside(uow), document)

    right = await queries.verify(uow, id=document.id, digest=document.body_digest[:16].upper(), file_sha256=document.sha256)
    wrong = await queries.verify(uow, id=document.id, digest="0" * 16, file_sha256="")
    short = await queries.verify(uow, id=document.id, digest=document.body_digest[:8], file_sha256="")

    assert (right["match"], right["file_match"]) == (True, True)
    assert (wrong["match"], short["match"], wrong["file_match"]) == (False, False, False)
    assert set(right) == {"id", "form_name", "number", "issuer_name", "dated_on", "state", "match", "file_match", "body_digest"}
    with pytest.raises(queries.NothingToVerify):
        await queries.verify(uow, id=uuid4(), digest="", file_sha256="")


async def test_the_file_of_a_draft_is_not_there():
    document = a_document("F03")

    with pytest.raises(queries.NotSealed):
        await queries.file(FakeUow(document), outside=outside(FakeUow()), id=document.id)


async def test_a_void_document_is_no_content():
    document = a_document("F03")
    document.state, document.void_reason = State.VOID, "笔误"
    uow = FakeUow(document)

    answer = await queries.check(uow, facts=facts(), outside=outside(uow), document_id=document.id, capacities=[])

    assert answer["problems"][0]["reason"] == "DOCUMENT_VOID"


async def test_the_expired_certificate_of_a_signer_is_said():
    document = signed(a_document("F03"))
    document.signatures[0].certificate_valid_to_on = None
    uow = FakeUow(document)

    answer = await queries.check(uow, facts=facts(), outside=outside(uow), document_id=document.id, capacities=[])

    assert [problem["reason"] for problem in answer["problems"]] == ["CERTIFICATE_EXPIRED"]


async def test_forms_of_a_day_name_their_template():
    uow = FakeUow()

    found = {form["id"]: form for form in (await queries.forms_on(uow, facts=facts(), on=None))["forms"]}

    assert found["F05"]["template_version"] == "F05/1"
    assert found["ws10057"]["template"] == ""


async def test_a_draft_is_updated_submitted_frozen_and_returned_by_its_version():
    order, filing = a_document("F05"), a_document("F01")
    uow = FakeUow(order, filing)
    around = outside(uow)

    await drafting.update_draft(uow, facts=facts(), outside=around, document_id=order.id, version=0, content={"phone": None})
    await drafting.freeze_body(uow, facts=facts(), outside=around, document_id=order.id, version=0)
    await drafting.submit(uow, facts=facts(), outside=around, document_id=filing.id, version=0)
    await drafting.send_back(
        uow, facts=facts(person("zheng", Role.UNIT)), outside=around, document_id=filing.id, version=0, reason="事实不清"
    )

    assert "phone" not in order.content
    assert order.body_digest
    assert (filing.state, filing.return_reason) == (State.DRAFT, "事实不清")
    assert uow.happened() == ["DocumentReturned"]


@pytest.mark.refuses("W02")
async def test_a_name_without_glyph_is_not_frozen():
    order = a_document("F05")
    order.write({"unit": "𠮷厂"})
    uow = FakeUow(order)

    with pytest.raises(guards.CharactersMissing):
        await drafting.freeze_body(uow, facts=facts(), outside=outside(uow), document_id=order.id, version=0)


async def in_force(*forms):
    """Served F34 and what else is named, in one matter."""
    made = [ready(form) for form in forms]
    for document in made:
        document.state, document.dated_on = State.EFFECTIVE, NOW.date()
    uow = FakeUow(*made)
    return uow, outside(uow), *made


@pytest.mark.row("W14")
async def test_the_head_supersedes_a_document_by_its_correction():
    uow, around, wrong, right = await in_force("F34", "F34")

    await releasing.supersede(
        uow,
        facts=facts(person("zhao", Role.CHIEF)),
        outside=around,
        document_id=wrong.id,
        version=0,
        by_document_id=right.id,
        reason="更正",
    )

    assert (wrong.state, uow.happened()) == (State.SUPERSEDED, ["DocumentSuperseded"])


@pytest.mark.row("W15")
async def test_what_a_court_revoked_is_revoked_at_once_and_a_draft_stays():
    uow, _, decision, draft = await in_force("F34", "F35")
    draft.state = State.DRAFT

    await releasing.revoke(uow, facts=facts(SYS), document_ids=[decision.id, draft.id], withdrawn_by=None)

    assert (decision.state, draft.state, uow.happened()) == (State.REVOKED, State.DRAFT, ["DocumentRevoked"])


@pytest.mark.row("W15")
async def test_the_own_revocation_revokes_when_it_is_served():
    uow, around, decision, withdrawal = await in_force("F34", "X7D")
    withdrawal.state = State.SEALED

    await releasing.revoke(uow, facts=facts(SYS), document_ids=[decision.id], withdrawn_by=withdrawal.id)
    assert (decision.state, withdrawal.linked(LinkKind.REVOKES)) == (State.EFFECTIVE, [decision.id])
    await start(uow, around, withdrawal)
    await deliver(uow, around, withdrawal)

    assert (withdrawal.state, decision.state) == (State.EFFECTIVE, State.REVOKED)

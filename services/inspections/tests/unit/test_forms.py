from uuid import UUID, uuid4

import pytest
from inspections.application import forms
from inspections.domain.finding_rows import State as F
from inspections.domain.order import RectificationOrder
from inspections.domain.order import State as R
from inspections.domain.task_rows import State as I

from .builders import (
    ITEM,
    a_finding,
    a_task,
    an_order,
    facts,
)
from .scene import Scene, draftable


@pytest.mark.parametrize(
    ("form", "state", "expected"),
    [
        ("F02", I.SCHEME_REVIEW, ""),
        ("F02", I.ASSIGNED, "FORM_NOT_DUE_NOW"),
        ("F03", I.ON_SITE, ""),
        ("F03", I.READY, "FORM_NOT_DUE_NOW"),
        ("F04", I.ISSUES_OPEN, "FORM_NOT_DUE_NOW"),
        ("F24", I.ISSUES_OPEN, "FORM_NOT_OF_TASK"),
        ("F05", I.ISSUES_OPEN, "FORM_NOT_OF_TASK"),
    ],
)
async def test_a_form_is_drawn_up_in_its_state(form: str, state: I, expected: str) -> None:
    task = a_task(state)

    answer = await draftable(Scene(task), form, "inspection", task.id)

    assert (answer.allowed, answer.reason) == (not expected, expected)


async def test_forms_are_filled_from_the_task() -> None:
    task = a_task(I.ISSUES_OPEN)
    finding = a_finding(F.MEASURE_IN_FORCE, task, measures=["M2"], handling=["MEASURE", "ORDER"])
    draft = an_order(R.DRAFT, [finding])
    scene = Scene(task)

    measures = (await draftable(scene, "F04", "inspection", task.id)).fields
    order = (await draftable(scene, "F05", "order", draft.id)).fields

    assert measures["decisions"] == [{"no": 1, "text": "责令立即排除事故隐患"}]
    assert measures["basis_text"] == "《中华人民共和国安全生产法》第六十五条第一款第三项"
    assert measures["officers"] == [
        {"id": "zhou", "name": "zhou", "certificate": "44-zhou"},
        {"id": "wu", "name": "wu", "certificate": "44-wu"},
    ]
    assert measures["record_number"] == "F03-1"
    assert order["problems"][0]["rectify"] == "立即停止邓某等2人作业；于2022年9月15日前调整为持证人员作业"
    assert order["deadlines_text"] == "于2022年9月15日前整改完毕"
    assert order["court"] == "东莞市第二人民法院"


async def test_the_scheme_and_the_record_are_filled_from_the_task() -> None:
    planned, found = a_task(I.SCHEME_REVIEW), a_task(I.ON_SITE)
    a_finding(F.GENERAL, found)
    scene = Scene(planned, found)

    scheme = (await draftable(scene, "F02", "inspection", planned.id)).fields
    record = (await draftable(scene, "F03", "inspection", found.id)).fields

    assert scheme["time_from"] == "2022年8月16日8时00分"
    assert scheme["check_items"] == [{"id": ITEM.id, "matter": ITEM.matter, "check": ITEM.check}]
    assert record["findings"][0]["text"] == "特种作业人员邓某等2人未取得相应资格上岗作业"
    assert record["findings"][0]["handling_text"] == "责令限期整改"
    assert record["time_from"] == "2022年8月16日9时30分"


async def test_recheck_reply_withdrawal_and_referral_are_filled_from_the_order() -> None:
    due = an_order(R.RUNNING, [a_finding(F.RECHECK_DUE, hand_over_to="消防")])
    pending = an_order(R.EXT_PENDING)
    scene = Scene(due, pending)

    recheck_fields = (await draftable(scene, "F06", "order", due.id)).fields
    reply = (await draftable(scene, "ws10055", "order", pending.id)).fields
    withdrawal = (await draftable(scene, "X7", "order", due.id)).fields
    referral = (await draftable(scene, "ws10054", "finding", due.finding_ids[0])).fields

    assert recheck_fields["earlier_number"] == "F05-1"
    assert recheck_fields["items"][0]["due_on"] == "2022年9月15日"
    assert reply["due_on"] == "2022年9月15日"
    assert withdrawal["order_number"] == "F05-1"
    assert referral["department"] == "消防"


async def test_the_order_is_served_once_it_is_issued() -> None:
    issued, draft, withdrawn = an_order(R.ISSUED), an_order(R.DRAFT), an_order(R.RUNNING, withdrawal_document_id=uuid4())
    scene = Scene(issued, draft, withdrawn)

    async def may(order: RectificationOrder, form: str, document_id: UUID | None) -> str:
        answer = await forms.may_serve(
            scene.uow, facts=facts("system"), form=form, document_id=document_id or uuid4(), object_kind="order", object_id=order.id
        )
        return answer.reason

    assert await may(issued, "F05", issued.document_id) == ""
    assert await may(issued, "F05", uuid4()) == "FORM_NOT_DUE_NOW"
    assert await may(draft, "F05", None) == "FORM_NOT_DUE_NOW"
    assert await may(withdrawn, "X7", withdrawn.withdrawal_document_id) == ""
    assert await may(withdrawn, "X7", None) == "FORM_NOT_DUE_NOW"
    assert await may(withdrawn, "F06", None) == ""
    assert await may(withdrawn, "F34", None) == "FORM_NOT_OF_TASK"


async def test_an_object_that_is_none_of_ours_is_told() -> None:
    scene = Scene()

    assert (await draftable(scene, "F03", "case", uuid4())).reason == "INSPECTION_NOT_FOUND"
    assert (await draftable(scene, "F03", "inspection", uuid4())).reason == "INSPECTION_NOT_FOUND"


async def test_a_measure_is_drawn_up_after_the_record() -> None:
    found, recorded = a_task(I.ON_SITE), a_task(I.ISSUES_OPEN)
    for task in (found, recorded):
        a_finding(F.GENERAL, task, measures=["M2"])
    scene = Scene(found, recorded)

    assert (await draftable(scene, "F04", "inspection", found.id)).reason == "PREDECESSOR_NOT_SEALED"
    assert (await draftable(scene, "F04", "inspection", recorded.id)).allowed
    assert (await draftable(scene, "ws10054", "inspection", recorded.id)).allowed

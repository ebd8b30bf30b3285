"""One task in a Uow, and what the services around it answer."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from inspections.application import commands, forms, order_commands, reactions
from inspections.application.ports import Unit
from inspections.domain.form import Signature
from inspections.domain.inspection import Inspection
from inspections.domain.limits import Limits
from inspections.domain.order import RectificationOrder
from kernel.errors import DomainError
from kernel.guards import ActingBody

from .builders import (
    ITEM,
    NOW,
    OFFICERS,
    REGION,
    SLOTS,
    a_form,
    facts,
)
from .fakes import FakeOutside, FakeUow

UNIT_ID = uuid4()
UNIT = Unit(UNIT_ID, "东莞市穗岭机械有限公司", "91441900MA4W12346U", "大岭山镇", "C3421", REGION, "陈某", "0769", False)
PRINTED = {"authority_name": "东莞市应急管理局", "reconsideration_body": "东莞市人民政府", "court": "东莞市第二人民法院"}


class Scene:
    """A Uow, what the services around answer, and the parts of one task in it."""

    def __init__(self, *things: Any) -> None:
        self.uow = FakeUow()
        body = ActingBody("branch", "ENTRUSTED", (REGION,), frozenset({"INSPECTION"}), date(2020, 1, 1))
        self.outside = FakeOutside(UNIT, body, dict(OFFICERS), {ITEM.id: ITEM}, PRINTED)
        for thing in things:
            self.take(thing)

    def take(self, thing: Any) -> None:
        task = getattr(thing, "task", thing)
        self.uow.add(task)
        for part in (
            *task.file.findings,
            *task.file.orders,
            *task.file.recusals,
            *task.file.publicity,
            *task.file.documents,
            *task.file.measures,
        ):
            self.uow.add(part)

    def form(self, form: str, object_id: UUID, **given: Any) -> UUID:
        return self.outside.signed(a_form(form, object_id, **given))

    async def create(self, by: str = "plan", **changes: Any) -> Inspection:
        given = {
            "source": "PLAN_GENERAL",
            "source_ref": "plan 1",
            "title": "",
            "enterprise_id": UNIT_ID,
            "category": "",
            "covert": False,
            "frequency_override": "",
            "org_id": "",
            **changes,
        }
        return await commands.create(self.uow, facts=facts(by), identity=self.outside, enterprises=self.outside, limits=Limits(), **given)

    async def arrive(self, task: Inspection, second: str | None = "wu") -> Any:
        given = {"device_id": "camera", "recording": True, "certificates_shown": True, "notified_before": False, "position": None}
        return await commands.arrive(
            self.uow, facts=facts("zhou", second), inspection_id=task.id, version=task.version, identity=self.outside, **given
        )

    async def answer(self, task: Inspection, answer: str = "NOT_CONFORM", **changes: Any) -> Inspection:
        given = {"check_item_id": ITEM.id, "note": "", "slots": SLOTS, "place": "车间", "photo_ids": ["p"], "persons": 2, **changes}
        return await commands.answer_item(
            self.uow, facts=facts("wu"), inspection_id=task.id, version=task.version, answer=answer, lawbook=self.outside, **given
        )

    async def sign(self, task: Inspection, by: str = "zhou", **given: Any) -> Inspection:
        return await commands.sign_record(
            self.uow,
            facts=facts(by),
            inspection_id=task.id,
            version=task.version,
            document_id=self.form("F03", task.id, **given),
            documents=self.outside,
            identity=self.outside,
        )

    async def move(self, task: Inspection, move: str, by: str = "zhou", reason: str = "") -> Inspection:
        return await commands.move(self.uow, facts=facts(by), inspection_id=task.id, version=task.version, move=move, reason=reason)

    def signing(self, thing: Any, form: UUID, by: str = "zhou") -> dict[str, Any]:
        return {
            "facts": facts(by),
            "version": thing.version,
            "document_id": form,
            "documents": self.outside,
            "identity": self.outside,
        }


async def refused(call: Any) -> str:
    with pytest.raises(DomainError) as error:
        await call
    return str(error.value.reason)


async def serve(scene: Scene, order: RectificationOrder, form: str = "F05", on: date = date(2022, 8, 16)) -> None:
    document_id = order.document_id if form == "F05" else order.withdrawal_document_id
    assert document_id is not None
    await reactions.document_served(
        scene.uow,
        facts=facts("system"),
        document_id=document_id,
        form=form,
        object_kind="order",
        object_id=order.id,
        served_on=on,
        deemed_on=on,
        at=NOW,
        limits=Limits(),
    )


async def recheck(scene: Scene, order: RectificationOrder, *results: str) -> None:
    await order_commands.recheck(
        scene.uow,
        order_id=order.id,
        results=[
            {"finding_id": id, "result": result, "photo_after_ids": ["after"]}
            for id, result in zip(order.finding_ids, results, strict=True)
        ],
        **scene.signing(order, scene.form("F06", order.id)),
    )


async def ask(scene: Scene, order: RectificationOrder, ids: list[UUID] | None = None, now: datetime = NOW) -> None:
    await order_commands.request_extension(
        scene.uow,
        facts=facts("wu", now=now),
        order_id=order.id,
        version=1,
        finding_ids=ids or order.finding_ids,
        reason="设备未到货",
        evidence_id="e",
    )


def papers(scene: Scene, order: RectificationOrder, **changes: Any) -> list[UUID]:
    approval = replace(a_form("ws10056", order.id, kind="order"), signatures=(Signature("dep", "APPROVER", "GLASS"),), **changes)
    return [scene.form("ws10055", order.id, kind="order"), scene.outside.signed(approval)]


async def draftable(scene: Scene, form: str, kind: str, id: UUID) -> forms.MayDraft:
    return await forms.may_draft(
        scene.uow, facts=facts("system"), form=form, object_kind=kind, object_id=id, identity=scene.outside, lawbook=scene.outside
    )

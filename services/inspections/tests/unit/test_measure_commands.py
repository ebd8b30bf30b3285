"""Whole ways of a coercive measure over the commands: case 2 of the brief (6.7), the urgent path, the power cut, what hangs on it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from inspections.application import measure_commands as commands
from inspections.application import measure_endings as endings
from inspections.application import measure_reactions, queries, reactions
from inspections.application.forms import may_serve
from inspections.domain import measure_events as events
from inspections.domain.finding import Finding
from inspections.domain.finding_rows import State as F
from inspections.domain.limits import Limits
from inspections.domain.measure import CoerciveMeasure, MeasureDecision
from inspections.domain.measure_rows import LIFT
from inspections.domain.measure_rows import State as S
from inspections.domain.measure_terms import HandOver, Kind
from inspections.domain.task_rows import State as I
from inspections.domain.terms import Severity
from kernel.errors import DomainError
from kernel.money import Money

from . import measures as m
from .builders import NOW, a_finding, a_task, an_order, facts, timers_of
from .scene import Scene, draftable, refused

# 14 June 2022, 14:00 in Shanghai.
SEALED = datetime(2022, 6, 14, 6, tzinfo=UTC)
DRUM = {**asdict(m.DRUM), "sort": "GOODS"}
OBJECTS = [{**DRUM, "group": 1}, {**DRUM, "name": "丙酮", "group": 2}, {**DRUM, "name": "乙醇", "group": 1}]


def on(month: int, day: int) -> datetime:
    return datetime(2022, month, day, 6, tzinfo=UTC)


class Storehouse(Scene):
    """A task with a finding, before a body of its own right."""

    def __init__(self, state: I = I.ISSUES_OPEN, finding: F = F.GENERAL, **changes: Any) -> None:
        self.task = a_task(state)
        self.finding: Finding = a_finding(finding, self.task, **changes)
        super().__init__(self.task)
        self.outside.acting = m.COUNTY

    async def propose(self, now: datetime = SEALED, **changes: Any) -> MeasureDecision:
        given = {
            "kind": "SEAL",
            "finding_ids": [self.finding.id],
            "objects": OBJECTS,
            "problem": "超许可范围储存危险化学品",
            "basis_text": "",
            "hazardous_chemicals": True,
            "power": None,
            **changes,
        }
        return await commands.propose(
            self.uow, facts=facts("zhou", "wu", now=now), inspection_id=self.task.id, version=1, identity=self.outside, **given
        )

    async def approve(self, decision: MeasureDecision, by: str = "chief", now: datetime = SEALED) -> MeasureDecision:
        form = self.outside.signed(m.a_paper("F07", decision.id, officers=("zhou", "wu"), approver=by))
        return await commands.approve(
            self.uow,
            facts=facts(by, now=now),
            measure_id=decision.id,
            version=1,
            document_id=form,
            documents=self.outside,
            identity=self.outside,
        )

    def papers(self, decision: MeasureDecision, *forms: str) -> list[UUID]:
        both = ("zhou", "wu")
        return [self.outside.signed(m.a_paper(form, decision.id, officers=both if form in {"F09", "F17"} else ())) for form in forms]

    async def release(
        self, decision: MeasureDecision, ids: Sequence[UUID] = (), now: datetime = SEALED, by: str = "zhou"
    ) -> MeasureDecision:
        return await commands.apply(
            self.uow,
            facts=facts(by, now=now),
            measure_id=decision.id,
            version=1,
            document_ids=ids or self.papers(decision, "F08", "F09"),
            steps=asdict(m.STEPS),
            documents=self.outside,
            identity=self.outside,
        )

    async def serve(self, decision: MeasureDecision, form: str = "F08", now: datetime = SEALED) -> None:
        await reactions.document_served(
            self.uow,
            facts=facts("system", now=now),
            document_id=UUID(decision.measures[0].documents[form]),
            form=form,
            object_kind="measure",
            object_id=decision.id,
            served_on=now.date(),
            deemed_on=now.date(),
            at=now,
            limits=Limits(),
        )

    async def sealed(self, **changes: Any) -> MeasureDecision:
        decision = await self.propose(**changes)
        await self.approve(decision)
        await self.release(decision)
        await self.serve(decision)
        return decision

    def of(self, measure: CoerciveMeasure, form: str, now: datetime, by: str = "chief", **given: Any) -> dict[str, Any]:
        paper = self.outside.signed(m.a_paper(form, measure))
        return {
            "facts": facts(by, now=now),
            "measure_id": measure.id,
            "version": 1,
            "document_id": paper,
            "documents": self.outside,
            **given,
        }

    async def filed(self, case_id: str = "case") -> None:
        await reactions.case_linked(
            self.uow, facts=facts("system"), inspection_id=self.task.id, finding_ids=[self.finding.id], case_id=case_id, filed=True
        )


def last_on(measure: CoerciveMeasure) -> str:
    return measure.d02_raw_last_on


@pytest.mark.row("Q03")
@pytest.mark.row("HD06")
async def test_case_two_from_the_seal_to_the_confiscation() -> None:
    scene = Storehouse()
    decision = await scene.sealed()
    first, second = decision.measures

    assert [one.state for one in decision.measures] == [S.IN_FORCE, S.IN_FORCE]
    assert [len(one.objects) for one in decision.measures] == [2, 1]
    assert [last_on(one) for one in decision.measures] == ["2022-07-14", "2022-07-14"]
    assert scene.finding.state is F.MEASURE_IN_FORCE
    assert scene.finding.in_force == ["M7"]

    await scene.filed()
    assert first.case_id == second.case_id == "case"
    await endings.extend(scene.uow, **scene.of(first, "F10", on(7, 5), days=30, reason="案情复杂"))
    assert last_on(first) == "2022-08-13"
    assert last_on(second) == "2022-07-14"

    decided = scene.of(first, "F11", on(7, 29), handling="CONFISCATE", reason="非法财物")
    await endings.decide_handling(scene.uow, **decided)
    assert timers_of(first)["D02"] == "STOPPED"
    await measure_reactions.case_decided(scene.uow, facts=facts("system"), case_id="case", confiscates_goods=True)
    assert first.state is S.DECIDED
    await measure_reactions.case_served(scene.uow, facts=facts("system"), case_id="case")

    assert first.state is S.CONFISCATED
    assert second.state is S.IN_FORCE
    assert scene.finding.state is F.MEASURE_IN_FORCE, "the other record still holds objects of the finding"


@pytest.mark.row("Q12")
async def test_a_decision_on_the_goods_after_the_penalty_confiscates_at_once() -> None:
    scene = Storehouse()
    first = (await scene.sealed(objects=OBJECTS[:1])).measures[0]
    await scene.filed()
    await measure_reactions.case_decided(scene.uow, facts=facts("system"), case_id="case", confiscates_goods=True)
    await measure_reactions.case_served(scene.uow, facts=facts("system"), case_id="case")

    await endings.decide_handling(scene.uow, **scene.of(first, "F11", on(7, 1), handling="CONFISCATE", reason="非法财物"))

    assert first.state is S.CONFISCATED
    assert scene.finding.state is F.RECHECK_DUE, "HD20: the measure ended and no order is in force"


async def test_goods_that_the_penalty_spares_go_back() -> None:
    scene = Storehouse()
    first = (await scene.sealed(objects=OBJECTS[:1])).measures[0]
    await scene.filed()
    await endings.decide_handling(scene.uow, **scene.of(first, "F11", on(7, 1), handling="CONFISCATE", reason="非法财物"))
    await measure_reactions.case_decided(scene.uow, facts=facts("system"), case_id="case", confiscates_goods=False)
    await measure_reactions.case_served(scene.uow, facts=facts("system"), case_id="case")

    await endings.return_objects(
        scene.uow, facts=facts("wu", now=on(7, 2)), measure_id=first.id, version=1, receipt_evidence_id="receipt", proceeds=Money(0)
    )

    assert first.state is S.LIFTED
    assert {"ObjectsReturned", "MeasureLifted", "RecheckDue"} <= set(scene.uow.told())


@pytest.mark.row("HD20")
async def test_the_end_of_a_measure_asks_for_a_review_only_where_no_order_runs() -> None:
    scene = Storehouse(finding=F.RECTIFYING)
    order = an_order(findings=[scene.finding])
    scene.take(order)
    first = (await scene.sealed(objects=OBJECTS[:1])).measures[0]

    await endings.decide_handling(scene.uow, **scene.of(first, "F11", on(7, 1), handling="RETURN", reason="与违法行为无关"))
    await endings.return_objects(
        scene.uow, facts=facts("wu", now=on(7, 2)), measure_id=first.id, version=1, receipt_evidence_id="receipt", proceeds=Money(100)
    )

    assert scene.finding.state is F.RECTIFYING
    assert scene.finding.in_force == []
    assert first.proceeds == Money(100)


@pytest.mark.row("HD19")
async def test_a_finding_that_was_not_rectified_comes_under_the_seal() -> None:
    scene = Storehouse(finding=F.NOT_RECTIFIED)

    await scene.sealed()

    assert scene.finding.state is F.MEASURE_IN_FORCE
    assert [line.row for line in scene.finding.take_transitions()] == ["HD19"]


@pytest.mark.refuses("HD06")
@pytest.mark.refuses("HD19")
@pytest.mark.parametrize("state", [F.GENERAL, F.NOT_RECTIFIED])
@pytest.mark.parametrize(
    ("measure", "by", "reason"), [(S.PROPOSED, "system", "HEADS_APPROVAL_MISSING"), (S.IN_FORCE, "zhou", "ROLE_FORBIDS_MOVE")]
)
def test_nothing_comes_over_a_finding_without_an_approved_or_urgent_measure(state: F, measure: S, by: str, reason: str) -> None:
    finding = a_finding(state)

    with pytest.raises(DomainError) as refusal:
        finding.come_under(m.a_measure(measure, task=finding.task), facts=facts(by))

    assert refusal.value.reason == reason
    assert finding.state is state


@pytest.mark.row("Q15")
async def test_a_seizure_lapses_on_its_last_day_and_the_chief_is_told() -> None:
    scene = Storehouse()
    first = (await scene.sealed(kind="SEIZE", objects=OBJECTS[:1])).measures[0]
    timer = first.running("D02")
    assert timer.expires_at == datetime(2022, 7, 14, 16, tzinfo=UTC)

    await measure_reactions.period_ended(scene.uow, timer, facts("system", now=timer.expires_at))

    assert first.state is S.LIFT_OVERDUE
    assert timers_of(first)["D02"] == "BREACHED"
    told = scene.uow.events[-1]
    assert isinstance(told, events.LiftOverdue)
    assert told.alarm_to == "CHIEF"
    lifted = await endings.lift_overdue(scene.uow, **scene.of(first, LIFT, on(7, 15), reason="期限届满"))
    assert lifted.state is S.LIFTED
    assert (
        await refused(endings.lift_overdue(scene.uow, **scene.of(first, LIFT, on(7, 15), reason="期限届满"))) == "STATE_FORBIDS_TRANSITION"
    )


async def test_alarms_sound_seven_three_and_one_days_before_the_last() -> None:
    scene = Storehouse()
    first = (await scene.sealed(objects=OBJECTS[:1])).measures[0]
    heard = []

    for _ in range(3):
        timer = next(one for one in first.timers if one.params.get("purpose") == "ALARM" and one.stopped_at is None)
        await measure_reactions.count_ended(scene.uow, timer, facts("system", now=timer.expires_at))
        told = scene.uow.events[-1]
        assert isinstance(told, events.MeasureEnding)
        heard.append((told.days_left, told.at.isoformat(), told.last_on))

    assert heard == [
        (7, "2022-07-06T16:00:00+00:00", "2022-07-14"),
        (3, "2022-07-10T16:00:00+00:00", "2022-07-14"),
        (1, "2022-07-12T16:00:00+00:00", "2022-07-14"),
    ]
    assert not [one for one in first.timers if one.params.get("purpose") == "ALARM" and one.stopped_at is None]


async def appraise(scene: Storehouse, measure: CoerciveMeasure, days: int, now: datetime) -> None:
    await endings.send_to_appraisal(
        scene.uow,
        facts=facts("zhou", now=now),
        measure_id=measure.id,
        version=1,
        evidence_id="item-1",
        stated_days=days,
        notice_evidence_id="notice",
    )


@pytest.mark.row("Q07")
@pytest.mark.row("Q08")
async def test_a_test_pauses_the_clock_of_its_record_until_the_result() -> None:
    scene = Storehouse()
    first, second = (await scene.sealed()).measures

    await appraise(scene, first, 10, on(6, 20))
    assert last_on(first) == ""
    assert first.running("D02").expires_at is None
    await measure_reactions.opinion_recorded(
        scene.uow, facts=facts("system", now=on(6, 26)), evidence_id="item-1", opinion_evidence_id="opinion"
    )

    assert first.state is S.IN_FORCE
    assert last_on(first) == "2022-07-20", "six days are out"
    assert last_on(second) == "2022-07-14", "the exclusion belongs to the object tested"
    assert first.appraisals[0].opinion_evidence_id == "opinion"


async def test_a_test_excludes_at_most_the_days_told_to_the_party() -> None:
    scene = Storehouse()
    first = (await scene.sealed(objects=OBJECTS[:1])).measures[0]
    await endings.extend(scene.uow, **scene.of(first, "F10", on(6, 18), days=10, reason="案情复杂"))
    await appraise(scene, first, 5, on(6, 20))
    timer = next(one for one in first.timers if one.params.get("purpose") == "STATED")
    assert timer.expires_at == datetime(2022, 6, 25, 16, tzinfo=UTC)

    await measure_reactions.count_ended(scene.uow, timer, facts("system", now=timer.expires_at))

    assert first.state is S.EXTENDED
    assert last_on(first) == "2022-07-29", "30 and 10 days, and the five that were stated"


async def test_an_officer_enters_the_result_that_evidence_does_not_hold() -> None:
    scene = Storehouse()
    first = (await scene.sealed(objects=OBJECTS[:1])).measures[0]
    await appraise(scene, first, 10, on(6, 20))

    def enter(by: str) -> Any:
        given = {"measure_id": first.id, "version": 1, "opinion_evidence_id": "opinion"}
        return endings.end_appraisal(scene.uow, facts=facts(by, now=on(6, 21)), **given)

    assert await refused(enter("chief")) == "ROLE_FORBIDS_MOVE"
    assert (await enter("wu")).state is S.IN_FORCE


async def urgent(scene: Storehouse, by: str = "zhou", second: str = "wu") -> MeasureDecision:
    return await commands.apply_urgently(
        scene.uow,
        facts=facts(by, second, now=NOW),
        inspection_id=scene.task.id,
        version=1,
        kind="SEIZE",
        finding_ids=[scene.finding.id],
        objects=OBJECTS[:1],
        problem="正在转移危险化学品",
        basis_text="",
        hazardous_chemicals=True,
        urgency="不立即扣押将被转移",
        steps=asdict(m.STEPS),
        identity=scene.outside,
    )


@pytest.mark.row("Q04")
@pytest.mark.row("Q22")
async def test_the_urgent_path_misses_the_approval_and_is_approved_at_once() -> None:
    scene = Storehouse(I.ON_SITE)
    decision = await urgent(scene)
    measure = decision.measures[0]
    assert scene.finding.state is F.MEASURE_IN_FORCE
    timer = measure.running("D01")
    assert timer.expires_at is not None

    papers = scene.papers(decision, "F17", "F08", "F09")
    await commands.hand_over_decision(
        scene.uow,
        facts=facts("zhou", now=NOW),
        measure_id=decision.id,
        version=1,
        document_ids=papers,
        documents=scene.outside,
        identity=scene.outside,
    )
    assert scene.uow.events[-1].document_ids == papers, "the record of the spot first"
    await measure_reactions.approval_missed(scene.uow, timer, facts("system", now=timer.expires_at))
    assert measure.state is S.URGENT_APPLIED
    assert scene.uow.told()[-1] == "UrgentApprovalOverdue"
    assert timers_of(measure)["D01"] == "BREACHED"

    form = scene.outside.signed(m.a_paper("F07", decision.id, officers=("zhou", "wu")))
    await commands.confirm_urgent(
        scene.uow,
        facts=facts("chief", now=timer.expires_at),
        measure_id=decision.id,
        version=1,
        document_id=form,
        documents=scene.outside,
    )
    assert measure.state is S.IN_FORCE


@pytest.mark.row("Q06")
async def test_the_head_disagrees_and_the_objects_are_free_at_once() -> None:
    scene = Storehouse(I.ON_SITE)
    measure = (await urgent(scene)).measures[0]

    await endings.refuse_urgent(scene.uow, **scene.of(measure, LIFT, NOW, reason="证据不足"))

    assert measure.state is S.LIFTED
    assert timers_of(measure)["D02"] == "STOPPED"
    assert scene.finding.in_force == []


async def test_an_entrusted_body_seals_nothing() -> None:
    """G19: town branches act for the bureau, never with coercion. Law: AEL 17."""
    scene = Storehouse()
    scene.outside.acting = m.TOWN

    assert await refused(scene.propose()) == "COERCION_ENTRUSTED"
    assert await refused(urgent(scene)) == "COERCION_ENTRUSTED"


async def test_chemicals_of_the_regulation_are_the_chiefs_even_if_nobody_says_so() -> None:
    scene = Storehouse(instrument="HCR")

    decision = await scene.propose(hazardous_chemicals=False)

    assert decision.measures[0].hazardous_chemicals
    assert "《危险化学品安全管理条例》第七条第一款第四项" in decision.measures[0].basis_text


async def test_who_approves_and_who_applies_have_signed() -> None:
    scene = Storehouse()
    decision = await scene.propose()
    unsigned = scene.outside.signed(m.a_paper("F07", decision.id, officers=("zhou", "wu"), approver="dep"))
    given = {"measure_id": decision.id, "version": 1, "documents": scene.outside}

    approving = commands.approve(scene.uow, facts=facts("chief"), document_id=unsigned, identity=scene.outside, **given)
    assert await refused(approving) == "FORM_NOT_READY"
    await scene.approve(decision)
    alone = [scene.outside.signed(m.a_paper("F08", decision.id)), scene.outside.signed(m.a_paper("F09", decision.id, officers=("wu",)))]
    assert await refused(scene.release(decision, alone)) == "FORM_NOT_READY"
    assert await refused(scene.release(decision, alone, by="wu")) == "SECOND_OFFICER_MISSING"


async def test_a_refused_measure_is_not_applied() -> None:
    scene = Storehouse()
    decision = await scene.propose()
    form = scene.outside.signed(m.a_paper("F07", decision.id))

    await commands.reject(scene.uow, facts=facts("chief"), measure_id=decision.id, version=1, reason="理由不足", document_id=form)

    assert [one.state for one in decision.measures] == [S.REJECTED, S.REJECTED]
    assert await refused(scene.approve(decision)) == "STATE_FORBIDS_TRANSITION"


async def test_a_kind_is_needed() -> None:
    assert await refused(Storehouse().propose(kind="")) == "MEASURE_KIND_MISSING"


@pytest.mark.row("Q14")
async def test_the_objects_go_to_the_police_with_the_case() -> None:
    scene = Storehouse()
    first, second = (await scene.sealed()).measures
    await appraise(scene, second, 10, on(6, 20))
    given = HandOver("transfer", ("qin",), ("警官",))

    for _ in range(2):
        await measure_reactions.handed_over(scene.uow, facts=facts("system", now=on(6, 22)), measure_ids=[first.id, second.id], given=given)

    assert [first.state, second.state] == [S.HANDED_TO_POLICE, S.HANDED_TO_POLICE]
    assert timers_of(first)["D02"] == timers_of(second)["D02"] == "STOPPED"
    assert scene.uow.told().count("MeasureHandedToPolice") == 2
    assert first.transfer_id == "transfer"
    assert scene.finding.state is F.RECHECK_DUE


@pytest.mark.row("Q13")
async def test_what_is_unsafe_is_destroyed_by_two_before_a_witness() -> None:
    scene = Storehouse()
    first = (await scene.sealed(objects=OBJECTS[:1])).measures[0]
    await endings.decide_handling(scene.uow, **scene.of(first, "F11", on(7, 1), handling="DESTROY", reason="变质"))
    proof = {"ground": "变质", "witness": "林某", "contract_evidence_id": "c", "record_evidence_id": "r"}

    decision = await endings.destroy(scene.uow, facts=facts("fin", "evid", now=on(7, 2)), measure_id=first.id, version=1, destruction=proof)

    assert decision.measures[0].state is S.DESTROYED
    assert first.destruction is not None
    assert first.destruction.witness == "林某"


@pytest.mark.row("Q18")
@pytest.mark.row("Q19")
@pytest.mark.row("Q20")
async def test_power_is_cut_a_day_after_the_notice_and_comes_back() -> None:
    scene = Storehouse(finding=F.NOT_RECTIFIED, severity=Severity.MAJOR, in_force=["M4"])
    power = asdict(m.power_grounds(scene.task))
    scene.take(scene.task)
    decision = await scene.propose(kind="POWER", objects=[], power=power, hazardous_chemicals=False, now=NOW)
    await scene.approve(decision, now=NOW)
    measure = decision.measures[0]
    papers = [scene.outside.signed(m.a_paper(form, decision.id)) for form in ("F12", "F13")]
    await endings.notice_power_cut(
        scene.uow, facts=facts("wu", now=NOW), measure_id=measure.id, version=1, document_ids=papers, documents=scene.outside
    )
    await scene.serve(decision, "F13", NOW)
    assert measure.state is S.NOTICED
    assert scene.uow.events[-1].cut_from == NOW + m.DAY

    def cut(now: datetime) -> Any:
        given = {"receipt_evidence_id": "receipt", "refusal_goes_on": True, "emergency": "", "limits": Limits()}
        return endings.cut_power(scene.uow, facts=facts("wu", now=now), measure_id=measure.id, version=1, **given)

    assert await refused(cut(NOW + m.DAY / 2)) == "CUT_TOO_EARLY"
    await reactions.right_ended(scene.uow, measure.running("D30"), facts("system", now=NOW + m.DAY))
    await cut(NOW + m.DAY)
    assert measure.state is S.IN_FORCE
    assert (scene.finding.state, scene.finding.in_force) == (F.MEASURE_IN_FORCE, ["M4", "M8"])

    await endings.resume_power(scene.uow, **scene.of(measure, "F14", NOW + 3 * m.DAY, evidence_id="proof", reason="隐患已消除"))
    assert measure.state is S.LIFTED
    assert scene.finding.in_force == ["M4"]


async def test_documents_are_filled_from_the_inventory_and_drawn_up_in_their_time() -> None:
    scene = Storehouse()
    decision = await scene.propose()
    first, second = decision.measures

    approval = await draftable(scene, "F07", "measure", decision.id)
    assert approval.allowed, approval.detail
    assert approval.matter_id == str(scene.task.id)
    assert [row["name"] for row in approval.fields["inventory"]] == ["甲苯（CAS 108-88-3）", "丙酮（CAS 108-88-3）", "乙醇（CAS 108-88-3）"]
    assert approval.fields["act_text"] == "查封"
    assert not (await draftable(scene, "F08", "measure", decision.id)).allowed
    assert (await draftable(scene, "F07", "measure", second.id)).reason == "FORM_NOT_OF_OBJECT"
    assert (await draftable(scene, "F07", "order", uuid4())).reason == "ORDER_NOT_FOUND"

    await scene.approve(decision)
    assert (await draftable(scene, "F08", "measure", decision.id)).fields["period_to"] == "2022年9月15日"
    assert (await draftable(scene, "F17", "measure", decision.id)).fields["place"] == "二号仓库"
    await scene.release(decision)
    await scene.serve(decision)
    scene.uow.all(type(scene.task.file.documents[0]))[-1].number = "（粤珠香）应急查扣〔2022〕1号"
    more = await draftable(scene, "F10", "measure", second.id)
    assert (more.fields["period_to"], more.fields["extended_to"]) == ("2022年7月14日", "2022年8月13日")
    assert [row["no"] for row in more.fields["inventory"]] == [2]
    assert (await draftable(scene, LIFT, "measure", first.id)).reason == "FORM_NOT_DUE_NOW"
    assert (await draftable(scene, "F11", "measure", first.id)).allowed


async def test_what_was_released_may_be_served() -> None:
    scene = Storehouse()
    decision = await scene.propose()
    await scene.approve(decision)
    await scene.release(decision)
    released = {form: UUID(id) for form, id in decision.measures[0].documents.items()}

    async def servable(form: str, id: UUID) -> bool:
        answer = await may_serve(scene.uow, facts=facts("system"), form=form, document_id=id, object_kind="measure", object_id=decision.id)
        return answer.allowed

    assert [await servable(form, released[form]) for form in ("F08", "F09", "F07")] == [True, True, False]
    assert not await servable("F08", uuid4())
    await scene.serve(decision)
    assert not await servable("F08", released["F08"])


async def test_the_service_of_another_paper_moves_nothing() -> None:
    scene = Storehouse()
    decision = await scene.propose()
    await scene.approve(decision)
    await scene.release(decision)

    await measure_reactions.document_served(
        scene.uow, facts=facts("system"), document_id=uuid4(), form="F08", object_id=decision.id, deemed_on=date(2022, 6, 14), at=SEALED
    )
    await scene.serve(decision, "F09")

    assert decision.measures[0].state is S.APPROVED


async def test_measures_are_found_by_task_case_and_state() -> None:
    scene = Storehouse()
    decision = await scene.sealed()

    async def listed(**given: Any) -> list[CoerciveMeasure]:
        asked = {"size": 10, "token": "", "state": "", "inspection_id": None, "case_id": "", "enterprise_id": None, **given}
        found: list[CoerciveMeasure] = (await queries.measures(scene.uow, **asked))["measures"]
        return found

    assert len(await listed(inspection_id=scene.task.id)) == 2
    assert len(await listed(state="IN_FORCE", enterprise_id=scene.task.enterprise_id)) == 2
    assert await listed(case_id="case") == []
    assert (await queries.measure(scene.uow, measure_id=decision.id)).id == decision.id
    assert await refused(queries.measure(scene.uow, measure_id=uuid4())) == "MEASURE_NOT_FOUND"


async def test_a_case_that_was_filed_before_is_known_to_the_measure() -> None:
    scene = Storehouse()
    await scene.filed("earlier")

    decision = await scene.propose()

    assert {one.case_id for one in decision.measures} == {"earlier"}


async def test_the_end_of_the_stated_days_comes_to_its_measure() -> None:
    scene = Storehouse()
    measure = m.a_measure(S.APPRAISAL, task=scene.task)
    scene.take(measure)
    measure._count("STATED", date(2022, 8, 16), 10, facts("system"))
    timer = measure.timers[-1]

    await reactions.count_ended(scene.uow, timer, facts("system", now=timer.expires_at))

    assert measure.state is S.IN_FORCE
    assert measure.kind is Kind.SEAL

"""Coercive measures over gRPC: the seal of case 2 (law brief 6.7), a seizure that lapses, a test that pauses its own clock, a power cut."""

import json
from datetime import date
from uuid import uuid4

import pytest
from anzhi.criminal_transfer.v1 import events_pb2 as transfer_events
from anzhi.inspections.v1 import events_pb2
from anzhi.inspections.v1 import inspections_pb2 as pb
from anzhi.inspections.v1 import measures_pb2 as mp
from anzhi.inspections.v1.measures_pb2_grpc import MeasuresServiceStub
from anzhi.penalties.v1 import events_pb2 as penalties_events
from anzhi.type.v1 import types_pb2
from anzhi.work.v1 import events_pb2 as work_events
from testkit.asking import refusal, request_id
from testkit.polling import poll
from verify import inspections as invariants

from .story import Story
from .test_invariants import judged
from .town import COUNTY

STEPS = mp.CoercionSteps(
    certificates_shown=True,
    party_called=True,
    party_present=True,
    reasons_told=True,
    rights_told=True,
    statement_heard=True,
    device_id="camera-7",
    recording=True,
)
S = mp.CoerciveMeasure
SEALED_ON = date(2022, 6, 14)


def drum(name: str = "甲苯", **changes) -> mp.MeasureObject:
    given = {"quantity": "16", "unit": "桶", "place": "二号仓库", "sort": mp.OBJECT_SORT_GOODS, "evidence_id": "item-1", **changes}
    return mp.MeasureObject(name=name, cas="108-88-3", **given)


class Storehouse:
    """A recorded check of a body of its own right, with two officers, and its measures."""

    def __init__(self, story: Story) -> None:
        self.story, self.run, self.world, self.town = story, story.run, story.world, story.town
        self.stubs: dict[str, MeasuresServiceStub] = {}
        self.task, self.findings = "", []

    @classmethod
    async def begun(cls, run, world, town, body: str = COUNTY) -> "Storehouse":
        house = cls(await Story.begun(run, world, town, body, SEALED_ON))
        file = await house.story.recorded()
        house.task, house.findings = file.inspection.id, [one.id for one in file.findings]
        for name, user in house.story.users.items():
            house.stubs[name] = await run.stub(MeasuresServiceStub, user)
        return house

    async def get(self, id: str) -> mp.CoerciveMeasure:
        return await self.stubs["zhou"].GetMeasure(mp.GetMeasureRequest(id=id))

    async def asked(self, id: str, **given) -> dict:
        return {"request_id": request_id(), "id": id, "version": (await self.get(id)).version, **given}

    def paper(self, form: str, id: str, **given) -> str:
        return self.town.signed(form, "measure", id, **given)

    async def confirmed(self, proposal: types_pb2.Proposal, who: str = "wu") -> mp.MeasureDecision:
        return await self.stubs[who].ConfirmMeasureMove(types_pb2.ConfirmMoveRequest(request_id=request_id(), proposal_id=proposal.id))

    async def proposed(self, *objects: mp.MeasureObject, **changes) -> mp.MeasureDecision:
        given = {
            "kind": mp.COERCION_KIND_SEAL,
            "finding_ids": self.findings[:1],
            "problem": "超许可范围储存危险化学品",
            "hazardous_chemicals": True,
            **changes,
        }
        version = await self.story.version(self.task)
        proposal = await self.stubs["zhou"].ProposeMeasure(
            mp.ProposeMeasureRequest(request_id=request_id(), inspection_id=self.task, version=version, objects=objects, **given)
        )
        return await self.confirmed(proposal)

    async def approved(self, decision: mp.MeasureDecision, by: str = "chief") -> mp.MeasureDecision:
        ids = self.story.ids
        form = self.paper("F07", decision.id, officers=self.story.officers(), reviewers=(ids["zheng"],), approvers=(ids[by],))
        return await self.stubs[by].ApproveMeasure(mp.ApproveMeasureRequest(**await self.asked(decision.id, document_id=form)))

    async def sealed(self, *objects: mp.MeasureObject, **changes) -> list[mp.CoerciveMeasure]:
        """Proposed by two, approved by the chief, released and handed over."""
        decision = await self.approved(await self.proposed(*objects, **changes))
        f08, f09 = self.paper("F08", decision.id), self.paper("F09", decision.id, officers=self.story.officers())
        await self.stubs["zhou"].ApplyMeasure(mp.ApplyMeasureRequest(**await self.asked(decision.id, document_ids=[f08, f09], steps=STEPS)))
        await self.served("F08", f08, decision.id)
        await self.comes_to(decision.id, S.STATE_IN_FORCE)
        return [await self.get(one.id) for one in decision.measures]

    async def served(self, form: str, document_id: str, id: str, day: str = "2022-06-14") -> None:
        await self.story.served(form, document_id, "measure", id, day)

    async def comes_to(self, id: str, state: int) -> mp.CoerciveMeasure:
        async def there() -> bool:
            return (await self.get(id)).state == state

        await poll(there)
        return await self.get(id)

    async def tell(self, topic: str, event, key: str) -> None:
        await self.world.produce(topic, event, key=key, root=self.story.root)

    async def events(self, id: str) -> list[str]:
        records = [one for one in await self.world.records("inspections.measure.v1") if one.key == id.encode()]
        return [dict(one.headers)["ce_type"].decode().rsplit(".", 1)[1] for one in records]


@pytest.fixture
async def house(inspections, world, town):
    return await Storehouse.begun(inspections, world, town)


@pytest.mark.row("Q01")
@pytest.mark.row("Q02")
@pytest.mark.row("Q03")
@pytest.mark.row("Q09")
@pytest.mark.row("Q10")
@pytest.mark.row("Q12")
async def test_the_seal_of_case_two_until_the_goods_are_confiscated(house):
    first, second = await house.sealed(drum(), drum("丙酮", group=2))

    assert [one.d02_raw_last_on for one in (first, second)] == ["2022-07-14", "2022-07-14"]
    assert first.decision_id == second.decision_id == first.id
    finding = await house.story.finding(house.findings[0])
    assert finding.state == pb.Finding.STATE_MEASURE_IN_FORCE
    clock = next(one for one in first.deadlines if one.timer == "D02")
    assert (clock.raw, clock.legal_expiry) == ("2022-07-14", "2022-07-14")

    case_id = str(uuid4())
    filed = penalties_events.CaseFiled(case_id=case_id, inspection_id=house.task, finding_ids=house.findings)
    await house.tell("penalties.case.v1", filed, case_id)

    async def linked() -> bool:
        return (await house.get(first.id)).case_id == case_id

    await poll(linked)
    await house.story.at(2022, 7, 5)
    longer = await house.asked(first.id, days=30, reason="案情复杂", document_id=house.paper("F10", first.id))
    extended = await house.stubs["chief"].ExtendMeasure(mp.ExtendMeasureRequest(**longer))
    assert (extended.state, extended.d02_raw_last_on) == (S.STATE_EXTENDED, "2022-08-13")

    await house.story.at(2022, 7, 29)
    fate = {"handling": mp.OBJECT_HANDLING_CONFISCATE, "reason": "非法财物", "document_id": house.paper("F11", first.id)}
    decided = await house.stubs["chief"].DecideHandling(mp.DecideHandlingRequest(**await house.asked(first.id, **fate)))
    assert decided.state == S.STATE_DECIDED
    for event in (
        penalties_events.CaseDecided(case_id=case_id, inspection_id=house.task, confiscates_goods=True),
        penalties_events.CaseServed(case_id=case_id, served_on="2022-07-29"),
    ):
        await house.tell("penalties.case.v1", event, case_id)
    await house.comes_to(first.id, S.STATE_CONFISCATED)

    # The other record was forgotten: D02 of its own ends on the raw last day.
    assert (await house.get(second.id)).state == S.STATE_LIFT_OVERDUE
    listed = await house.stubs["dep"].ListMeasures(mp.ListMeasuresRequest(case_id=case_id))
    assert {one.id for one in listed.measures} == {first.id, second.id}

    async def told() -> bool:
        kinds = await house.events(first.id)
        wanted = ["MeasureProposed", "MeasureApproved", "MeasureApplied", "MeasureLinked", "MeasureExtended", "HandlingDecided"]
        return [one for one in kinds if one in wanted] == wanted and "ObjectsConfiscated" in kinds

    await poll(told)
    rows = await house.run.sql("SELECT h.row, h.move FROM history h WHERE object_id = $1 AND machine = 'measure' ORDER BY id", first.id)
    walked = [row["row"] for row in rows if row["move"] not in {"link_case", "note_penalty"}]
    assert walked == ["Q01", "Q02", "Q03", "Q03", "Q09", "Q10", "Q12"]


@pytest.mark.row("Q15")
@pytest.mark.row("Q16")
async def test_a_seizure_lapses_at_the_end_of_its_last_day(house):
    (measure,) = await house.sealed(drum(), kind=mp.COERCION_KIND_SEIZE)

    await house.story.at(2022, 7, 14, 23)
    assert (await house.get(measure.id)).state == S.STATE_IN_FORCE
    await house.story.at(2022, 7, 15)
    overdue = await house.get(measure.id)

    assert overdue.state == S.STATE_LIFT_OVERDUE
    assert next(one for one in overdue.deadlines if one.timer == "D02").state == "BREACHED"
    late = await house.asked(measure.id, days=10, reason="案情复杂", document_id=house.paper("F10", measure.id))
    assert await refusal(house.stubs["chief"].ExtendMeasure(mp.ExtendMeasureRequest(**late))) == "STATE_FORBIDS_TRANSITION"
    lift = await house.asked(measure.id, reason="期限届满", document_id=house.paper("X7L", measure.id))
    lifted = await house.stubs["chief"].LiftOverdueMeasure(mp.LiftMeasureRequest(**lift))
    assert lifted.state == S.STATE_LIFTED

    async def told() -> bool:
        kinds = await house.events(measure.id)
        return kinds.count("MeasureEnding") == 3 and "LiftOverdue" in kinds and "MeasureLifted" in kinds

    await poll(told)
    overdues = [
        events_pb2.LiftOverdue.FromString(one.value)
        for one in await house.world.records("inspections.measure.v1")
        if one.key == measure.id.encode() and dict(one.headers)["ce_type"].endswith(b"LiftOverdue")
    ]
    assert [one.alarm_to for one in overdues] == ["CHIEF"]
    deadlines = [
        work_events.DeadlineChanged.FromString(one.value)
        for one in await house.world.records("inspections.work.v1")
        if one.key == measure.id.encode() and dict(one.headers)["ce_type"].endswith(b"DeadlineChanged")
    ]
    assert {one.timer for one in deadlines} == {"D02"}, "the bells before the last day are nobody's deadlines"


@pytest.mark.row("Q07")
@pytest.mark.row("Q08")
async def test_a_test_pauses_the_clock_of_its_own_record(house):
    first, second = await house.sealed(drum(), drum("丙酮", group=2))
    given = {"evidence_id": "item-1", "stated_days": 10, "notice_evidence_id": "notice-1"}
    await house.story.at(2022, 6, 20)
    paused = await house.stubs["zhou"].SendToAppraisal(mp.SendToAppraisalRequest(**await house.asked(first.id, **given)))
    assert (paused.state, paused.d02_raw_last_on) == (S.STATE_APPRAISAL, "")

    # The test takes longer than was stated: the system goes on by itself, and ten days are out.
    await house.story.at(2022, 7, 2)
    resumed = await house.get(first.id)
    assert (resumed.state, resumed.d02_raw_last_on) == (S.STATE_IN_FORCE, "2022-07-24")
    assert (await house.get(second.id)).d02_raw_last_on == "2022-07-14"
    unknown = {"evidence_id": "item-1", "stated_days": 5, "notice_evidence_id": "nowhere"}
    refused = house.stubs["zhou"].SendToAppraisal(mp.SendToAppraisalRequest(**await house.asked(first.id, **unknown)))
    assert await refusal(refused) == "EVIDENCE_NOT_OF_TASK"


@pytest.mark.row("Q14")
async def test_the_police_take_the_goods_with_the_case(house):
    (measure,) = await house.sealed(drum())
    event = transfer_events.MaterialsHandedOver(
        transfer_id=str(uuid4()), measure_ids=[measure.id], handed_by=["qin"], received_by=["警官甲"]
    )

    await house.tell("criminal-transfer.transfer.v1", event, event.transfer_id)

    gone = await house.comes_to(measure.id, S.STATE_HANDED_TO_POLICE)
    assert gone.transfer_id == event.transfer_id
    assert (await house.story.finding(house.findings[0])).state == pb.Finding.STATE_RECHECK_DUE


@pytest.mark.row("Q11")
async def test_goods_go_back_where_no_penalty_follows(house):
    (measure,) = await house.sealed(drum())
    case_id = str(uuid4())
    filed = penalties_events.CaseFiled(case_id=case_id, inspection_id=house.task, finding_ids=house.findings)
    await house.tell("penalties.case.v1", filed, case_id)

    async def linked() -> bool:
        return (await house.get(measure.id)).case_id == case_id

    await poll(linked)
    fate = {"handling": mp.OBJECT_HANDLING_CONFISCATE, "reason": "非法财物", "document_id": house.paper("F11", measure.id)}
    await house.stubs["chief"].DecideHandling(mp.DecideHandlingRequest(**await house.asked(measure.id, **fate)))

    async def back() -> mp.CoerciveMeasure:
        receipt = mp.ReturnObjectsRequest(**await house.asked(measure.id, receipt_evidence_id="receipt-1"))
        return await house.stubs["wu"].ReturnObjects(receipt)

    assert await refusal(back()) == "HANDLING_IS_OTHER"
    await house.tell("penalties.case.v1", penalties_events.NoPenaltyDecided(case_id=case_id, inspection_id=house.task), case_id)

    async def spared() -> bool:
        found = await house.run.sql("SELECT case_outcome FROM measures WHERE id = $1", measure.id)
        return found[0]["case_outcome"] == "SPARES"

    await poll(spared)
    assert (await back()).state == S.STATE_LIFTED


@pytest.mark.row("Q13")
async def test_destruction_needs_two_keepers_and_a_witness(house):
    (measure,) = await house.sealed(drum())
    fate = {"handling": mp.OBJECT_HANDLING_DESTROY, "reason": "变质", "document_id": house.paper("F11", measure.id)}
    await house.stubs["chief"].DecideHandling(mp.DecideHandlingRequest(**await house.asked(measure.id, **fate)))
    given = {"ground": "变质", "witness": "林某", "contract_evidence_id": "proof-1", "record_evidence_id": "photo-1"}

    proposal = await house.stubs["fin"].RecordDestruction(mp.RecordDestructionRequest(**await house.asked(measure.id, **given)))
    assert await refusal(house.confirmed(proposal, "wu")) == "ROLE_FORBIDS_MOVE"
    decision = await house.confirmed(proposal, "evid")

    assert decision.measures[0].state == S.STATE_DESTROYED
    kept = await house.run.sql("SELECT destruction FROM measures WHERE id = $1", measure.id)
    assert json.loads(kept[0]["destruction"])["witness"] == "林某"


async def test_the_urgent_path_and_its_missed_approval(house):
    """Q04, Q22, Q05."""
    version = await house.story.version(house.task)
    proposal = await house.stubs["zhou"].ApplyUrgently(
        mp.ApplyUrgentlyRequest(
            request_id=request_id(),
            inspection_id=house.task,
            version=version,
            kind=mp.COERCION_KIND_SEIZE,
            finding_ids=house.findings[:1],
            objects=[drum()],
            problem="正在转移危险化学品",
            urgency="不立即扣押将被转移",
            steps=STEPS,
        )
    )
    decision = await house.confirmed(proposal)
    assert decision.measures[0].state == S.STATE_URGENT_APPLIED
    f08, f09 = house.paper("F08", decision.id), house.paper("F09", decision.id, officers=house.story.officers())
    await house.stubs["zhou"].HandOverDecision(mp.HandOverDecisionRequest(**await house.asked(decision.id, document_ids=[f08, f09])))

    await house.story.at(2022, 6, 15, 10)
    late = await house.get(decision.id)
    assert next(one for one in late.deadlines if one.timer == "D01").state == "BREACHED"
    ids = house.story.ids
    form = house.paper("F07", decision.id, officers=house.story.officers(), reviewers=(ids["zheng"],), approvers=(ids["chief"],))
    await house.stubs["chief"].ConfirmUrgent(mp.ApproveMeasureRequest(**await house.asked(decision.id, document_id=form)))

    rows = await house.run.sql("SELECT h.row FROM history h WHERE object_id = $1 AND machine = 'measure' ORDER BY id", decision.id)
    assert [row["row"] for row in rows] == ["Q04", "Q04", "Q22", "Q05"]
    moves = await house.stubs["zhou"].ListMeasureMoves(types_pb2.ListMovesRequest(id=decision.id))
    assert {one.row for one in moves.moves} >= {"Q07", "Q09", "Q10"}
    history = await house.stubs["zhou"].ListMeasureHistory(types_pb2.ListHistoryRequest(id=decision.id))
    assert len(history.entries) == 4


@pytest.mark.row("Q21")
async def test_what_the_chief_refuses_is_not_applied(house):
    decision = await house.proposed(drum())

    refused = mp.RejectMeasureRequest(**await house.asked(decision.id, reason="理由不足"))
    rejected = await house.stubs["chief"].RejectMeasure(refused)

    assert rejected.measures[0].state == S.STATE_REJECTED
    assert await refusal(house.approved(decision)) == "STATE_FORBIDS_TRANSITION"


@pytest.mark.refuses("Q01")
async def test_an_entrusted_branch_has_no_coercive_power(inspections, world, town):
    house = await Storehouse.begun(inspections, world, town, "branch")

    assert await refusal(house.proposed(drum())) == "COERCION_ENTRUSTED"


@pytest.mark.refuses("Q02")
async def test_chemicals_are_approved_by_the_chief_alone(house):
    decision = await house.proposed(drum())

    assert await refusal(house.approved(decision, "dep")) == "ROLE_FORBIDS_MOVE"


@pytest.mark.row("Q18")
@pytest.mark.row("Q19")
@pytest.mark.row("Q20")
async def test_power_is_cut_a_day_after_the_notice(house):
    """WSL 70: the served stop decision over a major danger, its refusal, the notice, the cut, and the supply again."""
    story = house.story
    finding = await story.finding(house.findings[0])
    await house.run.sql("UPDATE findings SET severity = 'MAJOR', in_force = '{M4}', state = 'NOT_RECTIFIED' WHERE id = $1", finding.id)
    stop = house.town.signed("F04", "inspection", house.task)
    await story.sealed("F04", stop, "inspection", house.task, house.task)
    await story.served("F04", stop, "inspection", house.task, "2022-06-14")
    power = mp.PowerGrounds(
        stop_document_id=stop,
        refusal_evidence_id="refusal-1",
        danger="可燃气体浓度持续超标",
        danger_evidence_id="danger-1",
        cut_safety="保留消防电源",
        supplier="供电局",
    )
    decision = await house.proposed(kind=mp.COERCION_KIND_POWER, hazardous_chemicals=False, power=power)
    assert await refusal(house.approved(decision, "dep")) == "ROLE_FORBIDS_MOVE"

    async def stopped() -> bool:
        return any(line.document_id == stop and line.served_on for line in (await story.file(house.task)).documents)

    await poll(stopped)
    await house.approved(decision)
    f13, f12 = house.paper("F13", decision.id), house.paper("F12", decision.id)
    await house.stubs["wu"].NoticePowerCut(mp.NoticePowerCutRequest(**await house.asked(decision.id, document_ids=[f13, f12])))
    await house.served("F13", f13, decision.id)
    await house.comes_to(decision.id, S.STATE_NOTICED)

    async def cut(**changes) -> mp.MeasureDecision:
        given = {"receipt_evidence_id": "receipt-1", "refusal_goes_on": True, **changes}
        return await house.stubs["wu"].CutPower(mp.CutPowerRequest(**await house.asked(decision.id, **given)))

    assert await refusal(cut()) == "CUT_TOO_EARLY"
    await story.at(2022, 6, 15, 23)
    assert await refusal(cut()) == "NIGHT_OR_HOLIDAY"
    await story.at(2022, 6, 16, 9)
    assert (await cut()).measures[0].state == S.STATE_IN_FORCE
    assert (await story.finding(finding.id)).state == pb.Finding.STATE_MEASURE_IN_FORCE

    given = {"evidence_id": "proof-1", "reason": "隐患已消除", "document_id": house.paper("F14", decision.id)}
    resumed = await house.stubs["chief"].ResumePower(mp.ResumePowerRequest(**await house.asked(decision.id, **given)))
    assert resumed.measures[0].state == S.STATE_LIFTED
    clocks = {one.timer: one.state for one in resumed.measures[0].deadlines}
    assert clocks == {"D30": "STOPPED"}


async def test_invariants_hold_over_measures_and_see_what_somebody_changed(house):
    """INV-02, INV-07, INV-23 of `make verify`."""
    sealed, tested = await house.sealed(drum(), drum("丙酮", group=2))
    given = {"evidence_id": "item-1", "stated_days": 10, "notice_evidence_id": "notice-1"}
    await house.stubs["zhou"].SendToAppraisal(mp.SendToAppraisalRequest(**await house.asked(tested.id, **given)))
    ours = {sealed.id, tested.id, house.task}
    judges = (invariants.records_come_first, invariants.seals_end_in_time, invariants.nothing_stays_sealed)

    async def broken() -> list[str]:
        return [line for outcome in await judged(house.world, *judges) for line in outcome.violations if any(one in line for one in ours)]

    assert await broken() == []
    change = "UPDATE timers SET raw = $2, expires_at = $3 WHERE object_id = $1 AND timer = 'D02'"
    kept = (await house.run.sql("SELECT raw, expires_at FROM timers WHERE object_id = $1 AND timer = 'D02'", sealed.id))[0]
    await house.run.sql(change, sealed.id, "2022-07-15", kept["expires_at"])
    try:
        assert [line for line in await broken() if sealed.id in line]
    finally:
        await house.run.sql(change, sealed.id, kept["raw"], kept["expires_at"])

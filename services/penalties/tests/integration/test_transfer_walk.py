"""What penalties hears of criminal transfers and of goods held (PC44–PC46, G10, INV-09, D02)."""

from functools import partial
from uuid import uuid4

import pytest
from anzhi.criminal_transfer.v1 import events_pb2 as transfers
from anzhi.inspections.v1 import events_pb2 as inspections
from anzhi.penalties.v1 import execution_pb2
from anzhi.penalties.v1 import penalties_pb2 as pb
from anzhi.penalties.v1.execution_pb2_grpc import ExecutionServiceStub
from testkit.polling import poll

from .test_api import refused
from .test_enforcement_walk import deadline
from .test_remedy_walk import told
from .walk import at, money, stamp


class Transfer:
    """A record of criminal-transfer over this case, as its events tell."""

    def __init__(self, walk, world, case_id=None):
        self.walk, self.world, self.id = walk, world, str(uuid4())
        self.case_id = walk.case.id if case_id is None else case_id

    async def tell(self, name, **given):
        event = getattr(transfers, name)(transfer_id=self.id, **given)
        await self.world.produce("criminal-transfer.transfer.v1", event, key=self.id, root=self.walk.root)

    async def state(self, wanted):
        await self.walk.until(lambda case: any(t.id == self.id and t.state == wanted for t in case.transfers))

    async def opened(self, suspects=None):
        await self.tell(
            "TransferOpened",
            case_id=self.case_id,
            inspection_id=self.walk.inspection,
            enterprise_id=self.walk.enterprise,
            offences=["134(1)"],
            suspects=[self.walk.enterprise] if suspects is None else suspects,
            org_path=self.walk.branch,
            opened_at=stamp(at(8, 24)),
        )

    async def approved(self, moment):
        await self.tell("TransferApproved", case_id=self.case_id, suspects=[self.walk.enterprise], approved_at=stamp(moment))


@pytest.mark.row("PC44", "PC45")
async def test_the_case_rests_with_the_police_and_resumes_with_its_elapsed_time(walk, world):
    await walk.to("investigate")
    assert deadline(walk.case, "D12").legal_expiry == walk.case.decide_by == "2022-09-19"
    crime = pb.CrimeFacts(accident=pb.ANSWER_YES, dead=1)
    await walk.do("zhou", "RecordCrimeFacts", crime_facts=crime)
    await walk.do("zhou", "ScreenCase")
    screened = await told(world, walk, "CaseScreened")
    assert (screened.result, list(screened.offences), list(screened.suspects)) == ("MUST_TRANSFER", ["134(1)"], [walk.enterprise])
    assert (screened.org_path, screened.inspection_id, screened.point) == (walk.branch, walk.inspection, "REQUEST")
    transfer = Transfer(walk, world)
    await transfer.opened()
    await walk.clock(at(8, 30))
    await transfer.approved(at(8, 30))
    await walk.until(lambda case: case.state == pb.Case.STATE_CRIME_TRANSFER)
    assert deadline(walk.case, "D12").legal_expiry == ""
    assert (await told(world, walk, "CaseSentToPolice")).transfer_id == transfer.id
    for name, state in (("TransferDelivered", "DELIVERED"), ("ReceiptSigned", "RECEIPTED"), ("TransferNotFiled", "NOT_FILED")):
        await transfer.tell(name, case_id=walk.case.id)
        await transfer.state(state)
    await walk.clock(at(9, 9))

    await transfer.tell("TransferReturned", case_id=walk.case.id, row="C24", cause="不予立案", at=stamp(at(9, 9)))

    await walk.until(lambda case: case.state == pb.Case.STATE_INVESTIGATING)
    assert deadline(walk.case, "D12").legal_expiry == walk.case.decide_by == "2022-09-27"
    walk.town.evidence_state = "REGISTERED"
    await walk.report()
    assert walk.case.state == pb.Case.STATE_REPORTED


@pytest.mark.row("PC46")
@pytest.mark.refuses("PC46")
async def test_a_convicted_party_ends_the_case(walk, world):
    await walk.to("investigate")
    transfer = Transfer(walk, world)
    await transfer.opened()
    await transfer.approved(at(8, 30))
    await walk.until(lambda case: case.state == pb.Case.STATE_CRIME_TRANSFER)
    close = partial(walk.call, "dai", ExecutionServiceStub, execution_pb2, "CloseAfterJudgment")
    assert await refused(close(document_id=walk.draft("F46"))) == "TRANSFER_UNRESOLVED"
    judged = {"criminal_fine": money(100_000), "outcome": "CONVICTED", "at": stamp(at(12, 1))}
    await transfer.tell("TransferJudged", case_id=walk.case.id, **judged)
    await transfer.state("JUDGED")

    await close(document_id=walk.draft("F46"))

    assert walk.case.state == pb.Case.STATE_CLOSED
    assert (walk.case.criminal_fine, walk.case.criminal_fine_due) == (money(100_000), money(100_000))


@pytest.mark.refuses("PC27")
async def test_nothing_is_imposed_on_a_suspect_of_a_sibling_case(walk, world):
    """INV-09."""
    await walk.to("notify")
    await walk.clock(at(9, 20))
    await walk.until(lambda case: case.state == pb.Case.STATE_DEFENCE)
    await walk.move("zheng", "submit_for_decision", "", walk.draft("F30"))
    sibling = Transfer(walk, world, case_id="")
    await sibling.opened()
    await sibling.tell("TransferApproved", suspects=[walk.enterprise], approved_at=stamp(at(9, 20)))
    papers = [walk.draft("F30"), walk.draft("F34")]

    async def blocked():
        found = await walk.run.sql("SELECT state FROM transfers WHERE id = $1::uuid", sibling.id, role="jobs")
        return found and found[0]["state"] == "APPROVED"

    await poll(blocked)
    assert await refused(walk.do("chen", "DecideCase", document_ids=papers)) == "SUSPECT_WITH_POLICE"
    await sibling.tell("TransferReturned", cause="不予立案")
    await poll(lambda: returned(walk, sibling))
    await walk.do("chen", "DecideCase", document_ids=papers)
    decided = await told(world, walk, "CaseDecided")
    assert (decided.fine, decided.confiscates_goods, decided.org_path) == (money(49_000), False, walk.branch)


async def returned(walk, sibling):
    found = await walk.run.sql("SELECT state FROM transfers WHERE id = $1::uuid", sibling.id, role="jobs")
    return found and found[0]["state"] == "RETURNED_ADMIN"


async def goods(walk, world, name, **given):
    event = getattr(inspections, name)(measure_id=walk.measure, inspection_id=walk.inspection, **given)
    await world.produce("inspections.measure.v1", event, key=walk.measure, root=walk.root)


@pytest.mark.refuses("PC27", "PC42")
async def test_goods_held_set_the_working_deadline_and_are_settled_before_the_end(walk, world):
    await walk.to("investigate")
    walk.measure = str(uuid4())
    await goods(walk, world, "MeasureApplied", kind="SEAL", last_on="2022-09-15", at=stamp(at(8, 16)))
    await walk.until(lambda case: case.decide_by == "2022-09-15")
    await walk.report()
    await walk.review()
    await walk.notify()
    await walk.clock(at(9, 20))
    await walk.until(lambda case: case.state == pb.Case.STATE_DEFENCE)
    await walk.move("zheng", "submit_for_decision", "", walk.draft("F30"))
    papers = [walk.draft("F30"), walk.draft("F34")]
    assert await refused(walk.do("chen", "DecideCase", document_ids=papers)) == "GOODS_HELD_TOO_LONG"
    await goods(walk, world, "MeasureExtended", days=30, last_on="2022-10-15")
    await walk.until(lambda case: case.goods[0].last_on == "2022-10-15")

    await walk.do("chen", "DecideCase", document_ids=papers)

    await walk.sealed(papers[1], "（莞）应急罚〔2022〕9号")
    await walk.served(papers[1], "2022-09-20")
    await walk.until(lambda case: case.state == pb.Case.STATE_EXECUTING)
    await walk.clock(at(9, 28))
    await walk.do("zhou", "PublishPenalty", channel="公示系统")
    await walk.do("fang", "RecordPayment", amount=money(49_000), paid_on="2022-09-28", slip="s")
    await walk.move("zhou", "complete_execution")
    assert await refused(walk.do("dai", "CloseCase", document_id=walk.draft("F46"))) == "GOODS_STILL_HELD"
    await goods(walk, world, "ObjectsReturned")
    await walk.until(lambda case: case.goods[0].state == "RETURNED")
    await walk.do("dai", "CloseCase", document_id=walk.draft("F46"))
    assert walk.case.state == pb.Case.STATE_CLOSED

"""The hearing of case 2, the collective discussion, and its decision over gRPC, each on its own day (6.7)."""

from functools import partial
from uuid import uuid4

import pytest
import pytest_asyncio
from anzhi.documents.v1 import documents_pb2
from anzhi.documents.v1.documents_pb2_grpc import DocumentOwnerServiceStub
from anzhi.penalties.v1 import events_pb2, hearings_pb2
from anzhi.penalties.v1 import penalties_pb2 as pb
from anzhi.penalties.v1.hearings_pb2_grpc import HearingsServiceStub
from testkit.polling import poll

from .test_api import refused
from .walk import Walk, at, money, stamp

HEARD_AT = at(7, 22, 9)


class Chemicals(Walk):
    """Sixteen hazardous chemicals outside the licence."""

    async def hear(self, name, rpc, **given):
        return await self.call(name, HearingsServiceStub, hearings_pb2, rpc, **given)

    async def open(self):
        await self.clock(at(6, 15, 8))
        self.town.act_id = "A59"
        request = pb.OpenCaseRequest(
            request_id=str(uuid4()),
            source=pb.SOURCE_FINDING,
            inspection_id=self.inspection,
            finding_ids=self.findings,
            enterprise_id=self.enterprise,
            act_id="A59",
            act_on="2022-06-14",
            discovered_on="2022-06-14",
            name="超范围经营危险化学品案",
            summary="十六种危险化学品不在许可范围内",
            officer_ids=["zhou", "wu"],
        )
        self.case = await (await self.by("zhou")).OpenCase(request)

    async def investigate(self):
        await self.clock(at(6, 15, 14))
        await self.both("StartInvestigation", reason="询问")

    async def report(self):
        await self.clock(at(6, 30, 9))
        facts = [pb.AllegedFact(text="超范围经营十六种危险化学品", evidence_ids=["e1", "e2"], finding_ids=self.findings)]
        await self.do(
            "zhou",
            "ProposePenalty",
            facts=facts,
            amount=money(150_000),
            reasons="销售收入九万二千元",
            correction_order_ids=["order"],
            illegal_income=money(92_000),
            income_handling=pb.INCOME_HANDLING_CONFISCATED,
            goods_value=money(286_400),
        )
        await self.do("zhou", "ScreenCase")
        self.ws10053, self.f30 = self.draft("ws10053"), self.draft("F30")
        await self.both("SubmitReport", document_ids=[self.ws10053, self.f30])
        await self.sealed(self.ws10053)

    async def review(self):
        await self.move("zhou", "submit_for_review", "", self.draft("ws10051"))
        await self.clock(at(7, 4))
        await self.do("luo", "PassReview", opinion="同意", document_id=self.draft("ws10059"))
        self.town.evidence_state = "ADMITTED"

    async def notify(self):
        await self.clock(at(7, 6))
        await self.do("chen", "ExtendCase", days=60, reason="复杂", document_id=self.draft("F45"))
        await self.clock(at(7, 7, 9))
        self.f24, self.f26 = self.draft("F24"), self.draft("F26")
        await self.do("dai", "ReleaseNotice", document_ids=[self.f24, self.f26, self.draft("ws1003012")])
        await self.served(self.f24, "2022-07-07")
        assert self.case.state == pb.Case.STATE_NOTICE_DRAFT
        await self.served(self.f26, "2022-07-07")
        await self.until(lambda case: case.state == pb.Case.STATE_NOTIFIED)

    async def ask(self):
        await self.clock(at(7, 11))
        await self.do("zhou", "RecordHearingRequest", requested_at=stamp(at(7, 11)), evidence_id="letter")

    async def set(self):
        await self.hear("kong", "AcceptHearing", clerk_id="clerk")
        await self.clock(at(7, 12, 9))
        self.f27 = self.draft("F27")
        await self.hear("kong", "ReleaseHearingNotice", document_id=self.f27, scheduled_at=stamp(HEARD_AT), place="听证室")
        await self.served(self.f27, "2022-07-12")
        await self.until(lambda case: case.state == pb.Case.STATE_HEARING_SET)

    async def day(self, moment):
        """A day after D08: that nothing was stated lapses by itself first."""
        await self.clock(moment)
        await self.until(lambda case: case.notices[0].statement == pb.STATEMENT_MODE_EXPIRED)

    async def hold(self):
        await self.day(HEARD_AT)
        await self.hear("kong", "OpenHearing", agents=["代理人"])
        said = {"accusation": "提出事实、证据和建议", "defence": "陈述申辩", "cross_examination": "质证"}
        await self.hear("kong", "CloseHearing", document_id=self.draft("F28"), **said)
        await self.hear("kong", "ReportHearing", opinion="维持", document_ids=[self.draft("F29"), self.draft("ws10051")])

    async def discuss(self):
        await self.clock(at(7, 25))
        await self.do("zhou", "ScreenCase")
        await self.do("luo", "PassReview", opinion="同意", document_id=self.draft("ws10059"))
        await self.clock(at(7, 27, 8))
        await self.move("zheng", "start_deliberation")
        await self.clock(at(7, 27, 11))
        leaders = [
            an_attendant("chen", True),
            an_attendant("ye", True),
            an_attendant("dai", False, "罚款偏低"),
        ]
        minutes = {
            "starts_at": stamp(at(7, 27, 9)),
            "ends_at": stamp(at(7, 27, 10)),
            "place": "会议室",
            "presider_id": "chen",
            "reporter": "zhou",
            "recorder": "记录员",
            "record": "逐一发表意见",
            "conclusion": "同意",
        }
        conclude = partial(self.hear, "chen", "ConcludeDeliberation", document_id=self.draft("F31"), **minutes)
        assert await refused(conclude(attendants=leaders[:2])) == "TOO_FEW_ATTENDANTS"
        await conclude(attendants=leaders)

    async def decide(self):
        await self.clock(at(7, 29))
        self.second, self.f34 = self.draft("F30"), self.draft("F34")
        await self.do("chen", "DecideCase", document_ids=[self.second, self.f34])

    async def to(self, step):
        for name in ("open", "file", "investigate", "report", "review", "notify", "ask", "set", "hold", "discuss", "decide"):
            await getattr(self, name)()
            if name == step:
                break
        return self


def an_attendant(id, agrees, opinion=""):
    return pb.Attendant(id=id, name=id, post="局领导", agrees=agrees, opinion=opinion)


@pytest_asyncio.fixture
async def chemicals(penalties, world, town):
    town.expired.clear()
    town.mismatches.clear()
    yield Chemicals(penalties, world, town)
    town.act_id = "A14"


HEARD = [
    ("PC19", "request_hearing"),
    ("PC20", "release_hearing_notice"),
    ("PC20", "set_hearing"),
    ("PC22", "close_hearing"),
    ("PC23", "review_hearing"),
    ("PC14", "pass_review"),
    ("PC24", "start_deliberation"),
    ("PC25", "conclude_deliberation"),
    ("PC27", "decide"),
]


async def test_case_2_is_heard_discussed_and_decided_on_its_days(chemicals, penalties, world):
    await chemicals.to("decide")
    case = await chemicals.get()

    rows = await penalties.sql("SELECT row, move FROM history WHERE object_id = $1 ORDER BY id", case.id)
    walked = [(row["row"], row["move"]) for row in rows if row["row"].startswith("PC")]
    assert walked[-len(HEARD) :] == HEARD
    hearing = case.hearings[0]
    small = await penalties.sql("SELECT row FROM history WHERE object_id = $1 ORDER BY id", hearing.id)
    assert [row["row"] for row in small] == ["HR01", "HR02", "HR04", "HR04", "HR05", "HR08", "HR11"]
    assert (hearing.earliest_on, hearing.target_on, hearing.target_reason) == ("2022-07-22", "2022-07-26", "")
    assert (case.fine.fen, case.proposals[0].goods_value.fen, case.proposals[0].illegal_income.fen) == (15_000_000, 28_640_000, 9_200_000)
    assert not case.late
    expiry = {line.timer: line.legal_expiry for line in case.deadlines}
    assert {name: expiry[name] for name in ("D08", "D09", "D10", "D12", "D14", "D51")} == {
        "D08": "2022-07-14",
        "D09": "2022-07-14",
        "D10": "2022-07-26",
        "D12": "2022-09-13",
        "D14": "2022-08-09",
        "D51": "2022-08-08",
    }

    async def published():
        mine = [record for record in await world.records("penalties.case.v1") if record.key == case.id.encode()]
        names = [dict(record.headers)["ce_type"].decode().rsplit(".", 1)[1] for record in mine]
        return names if "CaseDecided" in names else None

    names = await poll(published, deadline=10)
    told = ["HearingRequested", "HearingAccepted", "HearingNoticed", "HearingHeld", "HearingReported", "DeliberationCalled"]
    assert [name for name in names if name in told] == told
    decided = [
        events_pb2.CaseDecided.FromString(record.value)
        for record in await world.records("penalties.case.v1")
        if record.key == case.id.encode() and b"CaseDecided" in dict(record.headers)["ce_type"]
    ]
    assert decided[0].fine.fen == 15_000_000


async def test_the_days_of_a_hearing_can_be_asked_for_and_a_wrong_one_is_refused(chemicals):
    await chemicals.to("ask")
    stub = await chemicals.run.stub(HearingsServiceStub, chemicals.user("kong"))
    days = await stub.CheckHearingDay(hearings_pb2.CheckHearingDayRequest(id=chemicals.case.id, served_on="2022-07-12"))
    assert (days.earliest_on, days.target_on, days.feasible) == ("2022-07-22", "2022-07-26", True)

    await chemicals.hear("kong", "AcceptHearing", clerk_id="clerk")
    await chemicals.clock(at(7, 12, 9))
    notice = {"document_id": chemicals.draft("F27"), "place": "听证室"}
    assert await refused(chemicals.hear("kong", "ReleaseHearingNotice", scheduled_at=stamp(at(7, 21)), **notice)) == "HEARING_TOO_EARLY"
    assert await refused(chemicals.hear("kong", "ReleaseHearingNotice", scheduled_at=stamp(at(7, 27)), **notice)) == "HEARING_AFTER_TARGET"
    assert await refused(chemicals.hear("zhou", "ReleaseHearingNotice", scheduled_at=stamp(HEARD_AT), **notice)) == "ROLE_FORBIDS_MOVE"


async def test_while_a_hearing_is_owed_nothing_is_decided_and_the_service_is_asked_first(chemicals, penalties):
    await chemicals.to("ask")
    assert await refused(chemicals.move("zheng", "submit_for_decision", "", chemicals.draft("F30"))) == "STATE_FORBIDS_TRANSITION"
    await chemicals.hear("kong", "AcceptHearing", clerk_id="clerk")
    await chemicals.clock(at(7, 12, 9))
    f27 = chemicals.draft("F27")
    await chemicals.hear("kong", "ReleaseHearingNotice", document_id=f27, scheduled_at=stamp(HEARD_AT), place="听证室")
    owner = await penalties.stub(DocumentOwnerServiceStub, chemicals.user("kong"), service="documents")
    asked = documents_pb2.MayServeRequest(form="F27", document_id=f27, object_kind="case", object_id=chemicals.case.id)
    assert (await owner.MayServe(asked)).allowed
    await chemicals.clock(at(7, 13, 9))

    answer = await owner.MayServe(asked)

    assert (answer.allowed, answer.reason) == (False, "HEARING_TOO_EARLY")
    drafted = await owner.MayDraft(documents_pb2.MayDraftRequest(form="F27", object_kind="case", object_id=chemicals.case.id))
    assert drafted.fields["presider"] == "kong"


async def test_a_postponed_hearing_is_told_anew_and_a_missed_target_is_a_breach(chemicals):
    await chemicals.to("set")
    await chemicals.day(at(7, 20))
    again = chemicals.draft("F27")
    await chemicals.hear("chen", "PostponeHearing", reason="住院", document_id=again, scheduled_at=stamp(at(8, 1, 9)))
    await chemicals.served(again, "2022-07-20")
    await chemicals.until(lambda case: case.hearings[0].state == pb.Hearing.STATE_NOTIFIED)
    assert chemicals.case.hearings[0].earliest_on == "2022-08-01"

    await chemicals.clock(at(8, 2, 1))

    await chemicals.until(lambda case: any(line.timer == "D10" and line.state == "BREACHED" for line in case.deadlines))


async def test_a_late_request_is_refused_in_writing(chemicals):
    await chemicals.to("notify")
    await chemicals.clock(at(7, 15, 9))
    await chemicals.until(lambda case: case.state == pb.Case.STATE_DEFENCE)
    await chemicals.do("zhou", "RecordHearingRequest", requested_at=stamp(at(7, 15, 9)), evidence_id="letter")
    assert chemicals.case.state == pb.Case.STATE_DEFENCE

    await chemicals.hear("kong", "RefuseHearing", reason="逾期", document_id="paper")

    assert chemicals.case.hearings[0].state == pb.Hearing.STATE_REJECTED_LATE


@pytest.mark.parametrize("step", ["ask", "set"])
async def test_a_request_is_withdrawn_and_the_statement_lapses_by_itself(chemicals, step):
    await chemicals.to(step)
    await chemicals.hear("zhou", "WithdrawHearing", document_id="letter")
    assert chemicals.case.state == pb.Case.STATE_DEFENCE

    await chemicals.clock(at(7, 15, 1))

    await chemicals.until(lambda case: case.notices[0].statement == pb.STATEMENT_MODE_EXPIRED)


async def test_who_stays_away_has_waived(chemicals):
    await chemicals.to("set")
    await chemicals.day(HEARD_AT)
    await chemicals.hear("kong", "TerminateHearing", reason="无正当理由缺席", document_id=chemicals.draft("F28"))

    assert chemicals.case.state == pb.Case.STATE_HEARING_DONE
    assert chemicals.case.hearings[0].state == pb.Hearing.STATE_TERMINATED_ABSENT

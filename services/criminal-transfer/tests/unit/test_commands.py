"""The use cases over fakes: what they load, ask, release, hand on and tell."""

from dataclasses import replace
from typing import Any

import pytest
from criminal_transfer.application import commands, following, forms, partner_commands, queries, reactions
from criminal_transfer.domain import events
from criminal_transfer.domain.clue import OfficialClue
from criminal_transfer.domain.records import CaseFine, Handed, ReceiverKind, Source, State, TransferDocument
from criminal_transfer.domain.transfer import Transfer
from kernel.errors import DomainError
from kernel.money import Money
from kernel.moves import SYSTEM
from kernel.timers import TimerState

from .fakes import FakeUow, ports
from .scene import (
    COURT,
    DISTRICT,
    HUANG,
    LIANG,
    LIN,
    LUO,
    PAN,
    POLICE,
    POLICE_BODY,
    PROCURATORATE,
    PROCURATORATE_BODY,
    SONG,
    YE,
    a_transfer,
    at,
    do,
    facts,
    sealed,
)

WHEN = at(12, 12)


def named(uow: FakeUow) -> list[str]:
    return [type(event).__name__ for event in uow.events]


async def refused(call: Any) -> str:
    with pytest.raises(DomainError) as error:
        await call
    return error.value.reason


async def run(
    state: str, by: Any, command: Any, *given: Any, second: Any = None, now: Any = WHEN, **named: Any
) -> tuple[Transfer, FakeUow]:
    """The command on a transfer in this state."""
    transfer = a_transfer(state)
    uow = FakeUow(transfer, *sealed(transfer, "F43", "F44", "X3A", "X3B", "X3C"))
    await command(*given, uow, facts=facts(by, now, second), id=transfer.id, version=1, **named)
    return transfer, uow


async def screen(uow: FakeUow, result: str, *offences: str, case_id: str = "case-1", inspection_id: str = "inspection-1") -> None:
    told = {"case_id": case_id, "inspection_id": inspection_id, "result": result, "offences": offences, "suspects": ["enterprise-1"]}
    await reactions.screened(ports(), uow, facts=facts(SYSTEM, WHEN), **told)


async def test_a_grave_screen_opens_a_transfer_once():
    uow = FakeUow()
    await screen(uow, "WATCH", "225")
    assert not uow.things
    await screen(uow, "CONSULT", "225")
    await screen(uow, "MUST_TRANSFER", "225", "134-1")

    (made,) = uow.of(Transfer)
    assert (made.source, made.screen_result, made.offences, made.enterprise_name) == (
        Source.SCREEN,
        "MUST_TRANSFER",
        ["225", "134-1"],
        "某化工贸易有限公司",
    )
    assert named(uow) == ["TransferOpened"]


async def test_a_screen_of_a_record_opens_one_on_the_inspection_and_the_case_takes_it_over():
    uow = FakeUow()
    await screen(uow, "CONSULT", "225", case_id="")
    await screen(uow, "CONSULT", "225")
    await screen(uow, "CONSULT", "225", case_id="", inspection_id="")

    (made,) = uow.of(Transfer)
    assert made.case_id == "case-1"


async def test_after_the_end_a_screen_opens_only_what_is_new():
    rejected, returned, unfounded = a_transfer("REJECTED"), a_transfer("RETURNED_ADMIN"), a_transfer("VERIFYING", screen_result="WATCH")
    do(unfounded, "close_unfounded", at(12, 11))
    assert unfounded.unfounded
    for known, offences, states in (
        (rejected, ("225",), [State.REJECTED]),
        (rejected, ("225", "134-1"), [State.SUSPECTED]),
        (returned, ("225",), [State.RETURNED_ADMIN]),
        (returned, ("134-1",), [State.RETURNED_ADMIN, State.SUSPECTED]),
        (unfounded, ("225",), [State.CLOSED, State.SUSPECTED]),
    ):
        uow = FakeUow(known)
        await screen(uow, "MUST_TRANSFER", *offences)
        assert [one.state for one in uow.of(Transfer)] == states
    assert rejected.offences == ["225", "134-1"]


async def test_an_officer_opens_one_and_no_second_on_the_same():
    uow = FakeUow()
    given = {"case_id": "case-1", "inspection_id": "", "text": "强令冒险作业", "offences": ["134(2)"], "suspects": []}
    made = await commands.open_transfer(ports(), uow, facts=facts(LIANG, WHEN), **given)
    assert (made.suspects, made.source) == (["enterprise-1"], Source.OFFICER)

    assert await refused(commands.open_transfer(ports(), uow, facts=facts(LIANG, WHEN), **given)) == "TRANSFER_ALREADY_OPEN"
    other = {**given, "offences": ["136"], "case_id": "", "inspection_id": "inspection-9"}
    assert await commands.open_transfer(ports(), uow, facts=facts(LIANG, WHEN), **other)
    nothing = {**given, "case_id": ""}
    assert await refused(commands.open_transfer(ports(), uow, facts=facts(LIANG, WHEN), **nothing)) == "MATTER_MISSING"


async def test_a_stale_version_changes_nothing():
    transfer = a_transfer("TASK_FORCE")
    stale = commands.start_verification(ports(), FakeUow(transfer), facts=facts(LIANG, WHEN), id=transfer.id, version=7, note="")

    assert await refused(stale) == "CHANGED_MEANWHILE"


async def test_from_the_task_force_to_the_desk_of_the_principal():
    _, uow = await run("SUSPECTED", PAN, commands.name_task_force, ports(), officer_ids=["liang", "song"], lead_id="liang")
    assert named(uow) == ["TaskForceNamed"]
    _, uow = await run("TASK_FORCE", LIANG, commands.start_verification, ports(), note="")
    assert named(uow) == ["VerificationStarted"]
    _, uow = await run("REPORTED", LIN, commands.review, passed=True, text="同意")
    assert named(uow) == ["TransferReviewed"]
    _, uow = await run("LEGAL_REVIEWED", LIN, commands.return_report, ports(), text="补充", gaps=["金额"])
    assert named(uow) == ["TransferSentBack"]
    transfer, uow = await run("LEGAL_REVIEWED", LIANG, commands.hand_report, received_by="黄局长", received_at=None)
    assert named(uow) == ["ReportReceived"] and transfer.report_received_at == WHEN


async def test_the_report_releases_its_paper():
    world, transfer = ports(), a_transfer("VERIFYING", screen_result="WATCH")
    uow, document = FakeUow(transfer), world.documents.draft(transfer, "X3A")
    element = {"offence": "225", "text": "无证经营", "met": True, "evidence_ids": ["photo"]}
    await commands.submit_report(
        world,
        uow,
        facts=facts(LIANG, WHEN, SONG),
        id=transfer.id,
        version=1,
        transfer=True,
        text="建议移送",
        elements=[element],
        document_id=document,
    )
    assert named(uow) == ["DocumentReleased", "TransferReported"]
    assert uow.events[0].document_ids == (document,)

    again = a_transfer("VERIFYING", screen_result="WATCH")
    uow = FakeUow(again)
    await commands.close_unfounded(uow, facts=facts(LIANG, WHEN, YE), id=again.id, version=1, reason="没有现实危险")
    assert named(uow) == ["SuspicionUnfounded"]


async def test_recusals_are_raised_decided_and_followed():
    transfer = a_transfer("VERIFYING")
    uow, own = FakeUow(transfer), {"id": transfer.id, "version": 1}
    await commands.raise_recusal(uow, facts=facts(LIANG, WHEN), **own, officer_id="song", ground="RELATIVE", reason="亲属")
    await commands.decide_recusal(uow, facts=facts(HUANG, WHEN), **own, officer_id="song", accepted=True, reason="成立")
    await commands.replace_officer(ports(), uow, facts=facts(PAN, WHEN), **own, officer_id="song", by_officer_id="deng")
    assert transfer.officer_ids == ["liang", "deng"]


async def test_the_decision_takes_the_second_factor_from_the_token_and_hands_a_refusal_to_the_procuratorate():
    world, transfer = ports(), a_transfer("PRINCIPAL")
    approval, refusal = world.documents.draft(transfer, "F43"), world.documents.draft(transfer, "X3E")
    own = {"facts": facts(HUANG, at(12, 11)), "id": transfer.id, "version": 1, "late_reason": ""}
    without = commands.approve(world, FakeUow(transfer, amr=("pwd",)), **own, document_id=approval, opinion="同意")
    assert await refused(without) == "SECOND_FACTOR_MISSING"
    uow = FakeUow(transfer)
    await commands.approve(world, uow, **own, document_id=approval, opinion="同意")
    assert named(uow) == ["DocumentReleased", "TransferApproved"]

    other = a_transfer("PRINCIPAL")
    uow, refusal = FakeUow(other), world.documents.draft(other, "X3E")
    await commands.refuse(world, uow, **{**own, "id": other.id}, reason="未达标准", document_id=refusal)
    assert [row.handed_to for row in uow.of(Handed)] == ["procuratorate"]
    await commands.reopen(world, uow, facts=facts(LIANG, WHEN), id=other.id, version=1, reason="新事实")
    assert named(uow) == ["DocumentReleased", "TransferRejected", "TransferReopened"]


async def test_a_breach_is_told_before_the_late_decision():
    world, transfer = ports(), a_transfer("PRINCIPAL", now=at(9))
    uow, document = FakeUow(transfer), world.documents.draft(transfer, "F43")
    await commands.approve(
        world, uow, facts=facts(HUANG, at(14)), id=transfer.id, version=1, document_id=document, opinion="", late_reason="出差"
    )
    assert named(uow) == ["DocumentReleased", "TransferDeadlineBreached", "TransferApproved"]


async def test_the_hand_over_builds_the_pack_on_confirmation_only():
    world, transfer = ports(), a_transfer("APPROVED")
    uow = FakeUow(transfer, *sealed(transfer, "F43", "F44", "X3A", "X3B", "X3C"))
    drafts = [world.documents.draft(transfer, form) for form in ("F44", "X3B", "X3C")]
    await commands.prepare_package(world, uow, facts=facts(LIANG, WHEN), id=transfer.id, version=1, document_ids=drafts)
    given = {
        "opinion_evidence_ids": ["opinion"],
        "evidence_ids": ["photo"],
        "appraisal_commissioned": True,
        "original_media": "存储卡",
        "refusal": "",
    }
    await commands.deliver(world, uow, facts=facts(LIANG, WHEN, SONG), id=transfer.id, version=1, **given)

    (built,) = world.evidence.built
    assert (built["handed_to"], built["evidence_ids"], len(built["document_ids"])) == ("police", ["opinion", "photo"], 5)
    assert built["withheld"] == [("样品 goods", commands.KEPT)]
    assert built["request_id"].startswith(f"transfer:{transfer.id}:")
    assert {(row.handed_to, row.kind) for row in uow.of(Handed)} == {
        ("police", ReceiverKind.POLICE),
        ("procuratorate", ReceiverKind.PROCURATORATE),
    }
    assert named(uow) == ["DocumentReleased", "TransferDelivered"]
    assert uow.events[-1].pack_id == "pack-1"

    trial = a_transfer("APPROVED")
    uow = FakeUow(trial, *sealed(trial, "F44", "X3A", "X3B", "X3C"))
    asked = replace(facts(LIANG, WHEN), permission_only=True)
    await commands.deliver(world, uow, facts=asked, id=trial.id, version=1, **given)
    assert len(world.evidence.built) == 1 and not uow.of(Handed)


async def test_what_is_kept_back_is_named_with_its_reason():
    world, transfer = ports(), a_transfer("APPROVED")
    uow = FakeUow(transfer, *sealed(transfer, "F44", "X3A", "X3B", "X3C"))
    given = {"opinion_evidence_ids": [], "evidence_ids": ["photo"], "appraisal_commissioned": False, "original_media": "卡", "refusal": ""}
    own = {"facts": facts(LIANG, WHEN, SONG), "id": transfer.id, "version": 1}
    bare = commands.deliver(world, uow, **own, **given, withheld=[{"what": "goods", "why": " "}])
    assert await refused(bare) == "PACKAGE_INCOMPLETE"
    said = [{"what": "goods", "why": "体积过大，随后移交"}, {"what": "opinion", "why": "另案使用"}]
    await commands.deliver(world, uow, **own, **given, withheld=said)
    assert world.evidence.built[0]["withheld"] == [("goods", "体积过大，随后移交"), ("opinion", "另案使用")]


async def test_without_a_client_the_police_are_reached_by_paper():
    world, transfer = ports(PROCURATORATE_BODY), a_transfer("APPROVED")
    uow = FakeUow(transfer, *sealed(transfer, "F44", "X3A", "X3B", "X3C"))
    given = {"opinion_evidence_ids": [], "evidence_ids": [], "appraisal_commissioned": False, "original_media": "", "refusal": "拒收"}
    await commands.deliver(world, uow, facts=facts(LIANG, WHEN, SONG), id=transfer.id, version=1, **given)

    assert world.evidence.built[0]["handed_to"] == "珠海市公安局香洲分局"
    assert [row.handed_to for row in uow.of(Handed)] == ["procuratorate"]


FOLLOWING = [
    ("SUPPLEMENT", LIANG, None, following.supplement, {"list_": "台账", "evidence_ids": ["photo"]}, ["Supplemented"]),
    ("NOT_FILED", HUANG, None, following.accept_non_filing, {"reason": "接受"}, ["TransferReturned"]),
    (
        "FILED_POLICE",
        LUO,
        LIANG,
        following.prepare_materials,
        {"evidence_ids": ["goods"], "measure_ids": [], "note": "", "party_told": True},
        [],
    ),
    ("JUDGED", YE, None, following.close, {"admin_result": "无", "reply_number": "", "reply_text": ""}, ["TransferClosed"]),
    ("DELIVERED", POLICE, None, partner_commands.sign_receipt, {"number": "1", "received_by": "王"}, ["ReceiptSigned"]),
    ("RECEIPTED", POLICE, None, partner_commands.demand_supplement, {"number": "1", "missing": ["台账"]}, ["SupplementDemanded"]),
    ("RECEIPTED", POLICE, None, partner_commands.start_review, {}, ["PoliceReviewStarted"]),
    ("POLICE_REVIEW", POLICE, None, partner_commands.extend_review, {"approved_days": 7, "approved_by": "局长", "number": "1"}, []),
    ("FORWARDED", POLICE, None, partner_commands.take_forwarded, {"number": "1"}, ["PoliceReviewStarted"]),
    (
        "POLICE_REVIEW",
        POLICE,
        None,
        partner_commands.file,
        {"number": "1", "dated_on": "", "text": "", "sha256": "", "copied_to_procuratorate": True},
        ["TransferFiled"],
    ),
    (
        "POLICE_REVIEW",
        POLICE,
        None,
        partner_commands.refuse_filing,
        {"number": "1", "dated_on": "", "reason": "x", "sha256": "", "file_returned": True, "copied_to_procuratorate": True},
        ["TransferNotFiled"],
    ),
    (
        "RECON",
        POLICE,
        None,
        partner_commands.decide_reconsideration,
        {"filed": True, "number": "1", "dated_on": "", "reason": "x", "sha256": ""},
        ["ReconsiderationDecided", "TransferFiled"],
    ),
    (
        "RECON",
        POLICE,
        None,
        partner_commands.decide_reconsideration,
        {"filed": False, "number": "1", "dated_on": "", "reason": "x", "sha256": ""},
        ["ReconsiderationDecided"],
    ),
    (
        "SUPERVISION",
        PROCURATORATE,
        None,
        partner_commands.order_filing,
        {"number": "1", "dated_on": "", "text": "", "sha256": ""},
        ["FilingOrdered"],
    ),
    ("SUPERVISION", PROCURATORATE, None, partner_commands.justify_non_filing, {"number": "1", "reason": "x"}, ["TransferReturned"]),
    ("SUPERVISION", POLICE, None, partner_commands.take_up, {"number": "1", "reason": ""}, ["PoliceReviewStarted"]),
    (
        "MATERIALS_GIVEN",
        PROCURATORATE,
        None,
        partner_commands.record_result,
        {"result": "PROSECUTED", "number": "1", "dated_on": "", "text": "", "sha256": ""},
        ["ProsecutionResult"],
    ),
    (
        "NOT_PROSECUTED",
        PROCURATORATE,
        None,
        partner_commands.return_to_administration,
        {"number": "1", "reason": "x", "opinion_text": "", "party_fined": False},
        ["TransferReturned"],
    ),
    ("JUDGED", COURT, None, partner_commands.return_judged, {"number": "1", "reason": "免予刑事处罚"}, ["TransferReturned"]),
]


@pytest.mark.parametrize(("state", "by", "second", "command", "given", "told"), FOLLOWING, ids=lambda one: getattr(one, "__name__", None))
async def test_what_follows_is_told(state, by, second, command, given, told):
    _, uow = await run(state, by, command, second=second, **given)

    assert named(uow) == told


async def test_letters_of_the_head_release_their_papers():
    world = ports()
    for state, form, command, told in (
        ("NOT_FILED", "X4A", following.ask_reconsideration, "ReconsiderationAsked"),
        ("NOT_FILED", "X4B", following.suggest_supervision, "SupervisionAsked"),
    ):
        transfer = a_transfer(state)
        uow, document = FakeUow(transfer), world.documents.draft(transfer, form)
        more = {"refusal": "", "superior_told": False} if form == "X4B" else {}
        await command(
            world,
            uow,
            facts=facts(HUANG, WHEN),
            id=transfer.id,
            version=1,
            document_id=document,
            reason="应当立案",
            late_reason="",
            **more,
        )
        assert named(uow) == ["DocumentReleased", told]
    silent = a_transfer("POLICE_REVIEW")
    await following.remind(FakeUow(silent), facts=facts(HUANG, at(20)), id=silent.id, version=1, text="请决定", number="催1号")
    assert silent.letters[-1].kind == "REMINDER"


async def test_a_forwarded_file_is_seen_by_its_new_police():
    transfer, uow = await run(
        "POLICE_REVIEW", POLICE, partner_commands.forward, to_name="斗门分局", to_client_id="doumen", number="1", text="犯罪地"
    )
    assert [row.handed_to for row in uow.of(Handed)] == ["doumen"]
    assert transfer.state is State.FORWARDED


async def test_who_is_no_police_matter_leaves_a_record_for_the_competent_body():
    given = {"number": "1", "reason": "属监察机关管辖", "competent_body": "监察委员会"}
    _, uow = await run("POLICE_REVIEW", POLICE, partner_commands.decline, ports(), **given)
    assert sorted(named(uow)) == ["TransferOpened", "TransferReturned"]
    assert [one.source for one in uow.of(Transfer)] == [Source.SCREEN, Source.NOT_POLICE]

    _, uow = await run("POLICE_REVIEW", POLICE, partner_commands.decline, ports(), **{**given, "competent_body": ""})
    assert named(uow) == ["TransferReturned"]


async def test_the_police_sign_what_was_prepared():
    transfer = a_transfer("FILED_POLICE")
    do(transfer, "prepare_materials", at(12, 11))
    uow = FakeUow(transfer)
    await partner_commands.sign_materials(uow, facts=facts(POLICE, WHEN), id=transfer.id, version=1, received_by=["王"], number="1")
    assert named(uow) == ["MaterialsHandedOver"]


async def test_the_procuratorate_demands_a_transfer():
    transfer, uow = await run("REJECTED", PROCURATORATE, partner_commands.require_transfer, ports(), number="1", reason="应当移送")
    assert (transfer.state, named(uow)) == (State.SUSPECTED, ["TransferReopened"])


async def test_fines_told_by_penalties_are_offset():
    uow = FakeUow()
    await reactions.paid(ports(), uow, case_id="case-1", amount=500)
    await reactions.fined(ports(), uow, case_id="case-1", org_path="/44/", fine=2_000)
    await reactions.paid(ports(), uow, case_id="case-1", amount=1_500)
    await reactions.paid(ports(), uow, case_id="case-1", amount=-1_000)
    (line,) = uow.of(CaseFine)
    assert (line.fine, line.paid, line.org_path) == (Money(2_000), Money(1_000), DISTRICT)
    await reactions.fined(ports(), uow, case_id="case-2", org_path="/44/", fine=1)

    transfer = a_transfer("PROSECUTED")
    uow.add(transfer)
    given = {"number": "1", "effective_on": "", "criminal_fine": Money(5_000), "text": "", "administrative_matter_left": True}
    await partner_commands.record_judgment(uow, facts=facts(COURT, WHEN), id=transfer.id, version=1, **given)
    assert isinstance(uow.events[-1], events.TransferJudged)
    assert (uow.events[-1].criminal_fine_due, uow.events[-1].outcome) == (Money(4_000), "PAUSED")

    bare = a_transfer("PROSECUTED", case_id="")
    uow.add(bare)
    await partner_commands.record_judgment(uow, facts=facts(COURT, WHEN), id=bare.id, version=1, **given)
    assert uow.events[-1].outcome == "NONE_ANY_MORE"


async def test_a_document_is_noted_as_it_is_told():
    transfer = a_transfer("APPROVED")
    uow = FakeUow(transfer)
    told = {"document_id": "d", "form": "F44", "transfer_id": str(transfer.id), "served_on": ""}
    await reactions.note_document(uow, facts=facts(SYSTEM, WHEN), **told, state="DRAFT", number="", sha256="")
    await reactions.note_document(uow, facts=facts(SYSTEM, WHEN), **told, state="SEALED", number="1", sha256="ab")
    await reactions.note_document(uow, facts=facts(SYSTEM, WHEN), **told, state="EFFECTIVE", number="", sha256="")
    (line,) = uow.of(TransferDocument)
    assert (line.state, line.number, line.sha256) == ("EFFECTIVE", "1", "ab")


async def test_the_end_of_a_timer_leaves_one_breach_and_moves_nothing():
    transfer = a_transfer("NOT_FILED")
    uow, timer = FakeUow(transfer), transfer.timer("D38")
    await reactions.over(uow, facts=facts(SYSTEM, timer.expires_at), timer=timer)
    await reactions.over(uow, facts=facts(SYSTEM, timer.expires_at), timer=timer)

    assert (timer.state, transfer.state) == (TimerState.BREACHED, State.NOT_FILED)
    assert [event.timer for event in uow.events] == ["D38"]


async def test_what_is_asked_is_answered():
    transfer, world = a_transfer("DELIVERED"), ports()
    uow = FakeUow(transfer)
    assert await queries.transfer(uow, id=transfer.id) is transfer
    assert await queries.machine(uow, id=transfer.id) is transfer
    listed = await queries.transfers(uow, size=1, token="", state="", case_id="case-1", inspection_id="", enterprise_id="")
    assert listed["transfers"] == [transfer]
    assert await refused(queries.handed_as(uow, id=transfer.id)) == "TRANSFER_NOT_FOUND"
    uow.add(Handed(1, transfer.id, transfer.org_path, "police", ReceiverKind.POLICE, WHEN))
    assert await queries.handed_as(uow, id=transfer.id) == (ReceiverKind.POLICE, transfer.org_path)
    assert len((await queries.handed_rows(uow, size=1, token=""))[0]) == 1
    no_pack = queries.package_file(world, uow, id=transfer.id, kind=ReceiverKind.POLICE)
    assert await refused(no_pack) == "PACKAGE_NOT_YOURS"
    transfer.packed("pack-1", "ab", 1)
    assert (await queries.package_file(world, uow, id=transfer.id, kind=ReceiverKind.POLICE)).url.endswith("pack-1")
    copy = queries.package_file(world, uow, id=transfer.id, kind=ReceiverKind.PROCURATORATE)
    assert await refused(copy) == "PACKAGE_NOT_YOURS"


async def test_a_clue_is_kept_apart():
    given = {"receiver": "监察委员会", "text": "失职", "letter_number": "1", "sent_on": "2023-06-12"}
    transfer, uow = await run("VERIFYING", HUANG, following.record_clue, **given)

    assert not uow.events and not [line for line in transfer.take_transitions() if line.row == "C30"]
    assert (await following.clues(uow, id=transfer.id))["clues"] == uow.of(OfficialClue)


async def test_a_form_is_filled_with_what_is_known():
    world = ports()
    for state, form, expected in (
        ("VERIFYING", "X3A", {"case_name": "无证经营案", "party_address": "香洲", "police_name": "珠海市公安局香洲分局"}),
        ("PRINCIPAL", "F43", {"report_text": "涉嫌非法经营罪，建议移送", "offences_text": "《中华人民共和国刑法》第二百二十五条"}),
        ("NOT_FILED", "X4A", {"notice_number": "不立1号", "notice_reason": "没有犯罪事实"}),
    ):
        transfer = a_transfer(state)
        answer = await forms.may_draft(world, FakeUow(transfer), facts=facts(SYSTEM, WHEN), form=form, object_id=transfer.id)
        assert answer.allowed and expected.items() <= answer.fields.items()
        assert "superior_name" not in answer.fields
    bare = a_transfer("VERIFYING", case_id="")
    answer = await forms.may_draft(world, FakeUow(bare), facts=facts(SYSTEM, WHEN), form="X3A", object_id=bare.id)
    assert answer.fields["case_name"] == "检查"
    assert answer.fields["transfer_objects"] == ["无"]
    full = a_transfer("APPROVED")
    answer = await forms.may_draft(world, FakeUow(full), facts=facts(SYSTEM, WHEN), form="X3B", object_id=full.id)
    assert answer.fields["transfer_objects"][0]["seizure"] == "查封1号"
    assert answer.fields["transfer_materials"] == ["案件移送书", "涉嫌犯罪案件调查报告", "涉案物品清单", "照片", "鉴定意见", "样品"]
    assert answer.fields["legal_opinion_text"] == "事实清楚"
    refusal = await forms.may_draft(world, FakeUow(bare), facts=facts(SYSTEM, WHEN), form="F44", object_id=bare.id)
    assert (refusal.allowed, refusal.reason) == (False, "FORM_NOT_DUE_NOW")


async def test_only_letters_are_served_and_only_once_approved():
    for state, form, allowed in (("APPROVED", "F44", True), ("PRINCIPAL", "F44", False), ("APPROVED", "X3A", False)):
        transfer = a_transfer(state)
        answer = await forms.may_serve(FakeUow(transfer), form=form, document_id="d", object_id=transfer.id)
        assert answer.allowed is allowed
    assert POLICE_BODY.client_id == "police"

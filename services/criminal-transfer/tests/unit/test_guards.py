"""What the rows refuse, and what they take late but with reasons."""

from datetime import date, timedelta

import pytest
from criminal_transfer.application.ports import Item, Paper
from criminal_transfer.domain.clue import ClueState, OfficialClue
from criminal_transfer.domain.offset import offset
from criminal_transfer.domain.records import Element, Materials, Outcome, Package, Receiver, ReceiverKind, Report, State
from kernel.errors import DomainError
from kernel.money import Money
from kernel.moves import RoleForbidsMove
from kernel.timers import TimerState

from .scene import (
    COURT,
    HUANG,
    ITEMS,
    LIANG,
    LIN,
    LUO,
    PACKAGE,
    PAN,
    POLICE,
    POLICE_BODY,
    PROCURATORATE,
    PROCURATORATE_BODY,
    SONG,
    YE,
    a_transfer,
    an_officer,
    at,
    do,
    facts,
    known,
    sealed,
)


def refused(act):
    with pytest.raises(DomainError) as error:
        act()
    return error.value.reason


# --- C02, G01, G02 --------------------------------------------------------------------------------------------------


@pytest.mark.refuses("C02")
@pytest.mark.parametrize(
    ("officers", "reason"),
    [
        ([an_officer("liang")], "TOO_FEW_OFFICERS"),
        ([an_officer("liang"), an_officer("song", valid_to=date(2023, 6, 1))], "CERTIFICATE_NOT_VALID"),
        ([an_officer("liang"), an_officer("song", region_codes=("4419",))], "CERTIFICATE_OF_OTHER_REGION"),
        ([an_officer("liang"), an_officer("song", categories=frozenset({"FIRE"}))], "CERTIFICATE_OF_OTHER_CATEGORY"),
    ],
)
def test_a_task_force_is_two_officers_with_certificates_for_place_and_field(officers, reason):
    transfer = a_transfer("SUSPECTED")

    assert refused(lambda: do(transfer, "name_task_force", at(7, 12), officers=officers)) == reason


@pytest.mark.refuses("C02")
def test_a_lead_outside_the_task_force_is_refused():
    transfer = a_transfer("SUSPECTED")

    given = facts(PAN, at(7, 12), **known(transfer, PAN))
    assert refused(lambda: transfer.name_task_force(["liang", "song"], "deng", facts=given)) == "LEAD_NOT_IN_TASK_FORCE"


def test_who_is_recused_acts_no_more_and_another_takes_his_place():
    transfer = a_transfer("VERIFYING")
    transfer.raise_recusal("song", "RELATIVE", "与法定代表人系亲属", facts=facts(LIANG, at(8)))
    assert do(transfer, "submit_report", at(8, 11)), "a pending recusal stops nobody"
    transfer.return_report("补充", ["金额"], facts=facts(LIN, at(8, 12), **known(transfer, LIN)))

    assert refused(lambda: transfer.decide_recusal("song", "成立", accepted=True, facts=facts(LIANG, at(9)))) == "ROLE_FORBIDS_MOVE"
    assert refused(lambda: transfer.decide_recusal("song", " ", accepted=True, facts=facts(HUANG, at(9)))) == "REASON_MISSING"
    transfer.decide_recusal("song", "成立", accepted=True, facts=facts(HUANG, at(9)))
    assert refused(lambda: transfer.decide_recusal("song", "成立", accepted=True, facts=facts(HUANG, at(9)))) == "RECUSAL_NOT_OPEN"
    assert refused(lambda: do(transfer, "submit_report", at(9, 11))) == "OFFICER_IN_CONFLICT"

    given = facts(PAN, at(9, 12), officers=[an_officer("liang"), an_officer("deng")])
    transfer.replace_officer("song", "deng", facts=given)
    assert (transfer.officer_ids, transfer.lead_id) == (["liang", "deng"], "liang")
    assert refused(lambda: transfer.replace_officer("liang", "song", facts=given)) == "NOT_IN_TASK_FORCE"
    assert refused(lambda: transfer.replace_officer("liang", "deng", facts=facts(LIANG, at(9)))) == "ROLE_FORBIDS_MOVE"
    assert [line.name for line in transfer.take_transitions() if not line.row] == ["raise_recusal", "decide_recusal", "replace_officer"]


def test_a_new_officer_in_place_of_a_recused_one_needs_a_certificate_and_no_recusal():
    transfer = a_transfer("VERIFYING")
    transfer.raise_recusal("liang", "INTEREST", "持有股份", facts=facts(SONG, at(8)))
    transfer.decide_recusal("liang", "成立", accepted=True, facts=facts(HUANG, at(9)))

    without = facts(PAN, at(9, 12), officers=[an_officer("song")])
    assert refused(lambda: transfer.replace_officer("liang", "deng", facts=without)) == "TOO_FEW_OFFICERS"
    again = facts(PAN, at(9, 12), officers=[an_officer("song"), an_officer("liang")])
    assert refused(lambda: transfer.replace_officer("liang", "liang", facts=again)) == "OFFICER_IN_CONFLICT"
    transfer.replace_officer("liang", "deng", facts=facts(PAN, at(9, 12), officers=[an_officer("song"), an_officer("deng")]))
    assert transfer.lead_id == "deng"


def test_only_a_member_is_recused_and_with_a_ground():
    transfer = a_transfer("VERIFYING")

    assert refused(lambda: transfer.raise_recusal("pan", "OTHER", "x", facts=facts(LIANG, at(8)))) == "NOT_IN_TASK_FORCE"
    assert refused(lambda: transfer.raise_recusal("song", "", "x", facts=facts(LIANG, at(8)))) == "REASON_MISSING"
    transfer.raise_recusal("song", "OTHER", "x", facts=facts(LIANG, at(8)))
    transfer.decide_recusal("song", "不成立", accepted=False, facts=facts(HUANG, at(9)))
    assert do(transfer, "submit_report", at(9, 11))


# --- C04, C05, C06, C31 ---------------------------------------------------------------------------------------------


@pytest.mark.refuses("C04")
@pytest.mark.parametrize(
    "report",
    [
        Report(True, " ", (Element("225", "x", True, ("photo",)),), "X3A-1"),
        Report(True, "x", (), "X3A-1"),
        Report(True, "x", (Element("134-1", "x", True, ("photo",)),), "X3A-1"),
        Report(True, "x", (Element("225", "x", True),), "X3A-1"),
    ],
)
def test_a_report_answers_every_offence_with_its_evidence(report):
    transfer = a_transfer("VERIFYING")

    given = facts(LIANG, at(8), SONG, **known(transfer, LIANG, "X3A"))
    assert refused(lambda: transfer.submit_report(report, facts=given)) == "REPORT_INCOMPLETE"


@pytest.mark.refuses("C04")
def test_the_paper_of_the_report_is_its_own_and_complete():
    transfer = a_transfer("VERIFYING")
    strange = [Paper("d", "X3A", "another", ())]
    open_ = [Paper("d", "X3A", str(transfer.id), ("BODY_OPEN",))]

    for checked in (strange, open_, []):
        assert refused(lambda checked=checked: do(transfer, "submit_report", at(8), checked=checked)) == "PAPER_NOT_READY"


@pytest.mark.refuses("C05")
@pytest.mark.parametrize("result", ["MUST_TRANSFER", "CONSULT"])
def test_no_suspicion_is_closed_while_the_screen_still_speaks(result):
    transfer = a_transfer("VERIFYING", screen_result=result)

    assert refused(lambda: do(transfer, "close_unfounded", at(8))) == "SCREEN_STILL_DEMANDS_TRANSFER"


@pytest.mark.refuses("C05")
def test_an_unfounded_suspicion_needs_reasons_and_a_deputy_head():
    transfer = a_transfer("VERIFYING", screen_result="WATCH")

    given = facts(LIANG, at(8), YE, **known(transfer, LIANG))
    assert refused(lambda: transfer.close_unfounded(" ", facts=given)) == "REASON_MISSING"
    assert refused(lambda: do(transfer, "close_unfounded", at(8), second=PAN)) == "ROLE_FORBIDS_MOVE"
    assert refused(lambda: do(transfer, "close_unfounded", at(8), second=None)) == "SECOND_OFFICER_MISSING"


@pytest.mark.refuses("C06")
@pytest.mark.refuses("C31")
def test_who_is_in_the_task_force_does_not_review():
    transfer = a_transfer("REPORTED")
    transfer.officer_ids = [*transfer.officer_ids, "lin"]

    assert refused(lambda: do(transfer, "review", at(9))) == "SEPARATION_VIOLATED"
    assert refused(lambda: do(transfer, "return_report", at(9))) == "SEPARATION_VIOLATED"


@pytest.mark.refuses("C31")
def test_who_asks_for_more_says_what():
    transfer = a_transfer("LEGAL_REVIEWED")

    given = facts(LIN, at(9), **known(transfer, LIN))
    assert refused(lambda: transfer.return_report("补充", [" "], facts=given)) == "GAPS_MISSING"


# --- C07, C08, C09 --------------------------------------------------------------------------------------------------


@pytest.mark.row("C07")
def test_the_three_days_of_the_principal_run_from_the_receipt_and_roll_over_the_weekend():
    """Received on Friday the 9th: the third day is Monday the 12th."""
    transfer = a_transfer("LEGAL_REVIEWED", now=at(9, 16))

    event = transfer.hand_report("黄局长", at(9, 9), facts=facts(LIANG, at(9, 17), **known(transfer, LIANG)))

    assert event.decide_by == "2023-06-12"
    assert transfer.running("D33").starts_at == at(9, 9)
    assert transfer.report_received_at == at(9, 9)


@pytest.mark.refuses("C07")
def test_a_receipt_is_not_in_the_future_and_names_who_took_it():
    transfer = a_transfer("LEGAL_REVIEWED")

    given = facts(LIANG, at(9), **known(transfer, LIANG))
    assert refused(lambda: transfer.hand_report("黄局长", at(10), facts=given)) == "INSTANT_IN_THE_FUTURE"
    assert refused(lambda: transfer.hand_report("", at(9), facts=given)) == "FIELD_MISSING"


@pytest.mark.refuses("C07")
@pytest.mark.refuses("C08")
@pytest.mark.parametrize("name", ["approve", "refuse"])
def test_only_the_principal_with_a_second_factor_who_did_not_review_decides(name):
    transfer = a_transfer("PRINCIPAL")

    assert refused(lambda: do(transfer, name, at(12, 11), amr=("pwd",))) == "SECOND_FACTOR_MISSING"
    assert refused(lambda: do(transfer, name, at(12, 11), by=YE)) == "ROLE_FORBIDS_MOVE"
    transfer.officer_ids = [*transfer.officer_ids, "huang"]
    assert refused(lambda: do(transfer, name, at(12, 11))) == "SEPARATION_VIOLATED"


@pytest.mark.refuses("C07")
def test_the_approval_is_signed_by_who_decides():
    transfer = a_transfer("PRINCIPAL")
    other = [Paper("F43-1", "F43", str(transfer.id), (), {"APPROVER": ["ye"]})]

    assert refused(lambda: do(transfer, "approve", at(12, 11), checked=other)) == "PAPER_NOT_READY"


@pytest.mark.row("C07")
@pytest.mark.refuses("C07")
def test_who_slept_decides_with_reasons_and_the_breach_stays():
    transfer = a_transfer("PRINCIPAL", now=at(9))
    late = at(14, 9)

    assert refused(lambda: do(transfer, "approve", late)) == "LATE_REASON_MISSING"
    event = transfer.approve("同意", "出差，未及时审阅", "F43-1", facts=facts(HUANG, late, **known(transfer, HUANG, "F43")))

    assert event.late
    assert (transfer.decision.late, transfer.decision.late_reason) == (True, "出差，未及时审阅")
    breach = transfer.timer("D33")
    assert (breach.state, breach.stopped_at) == (TimerState.BREACHED, late)
    told = transfer.take_breaches()
    assert [(one.timer, one.legal_expiry, one.at) for one in told] == [("D33", "2023-06-12", breach.expires_at)]
    assert transfer.running("D34").legal_expiry == at(15, 9).isoformat()


@pytest.mark.row("C08")
def test_a_late_refusal_needs_the_same_reasons():
    transfer = a_transfer("PRINCIPAL", now=at(9))

    assert refused(lambda: do(transfer, "refuse", at(14))) == "LATE_REASON_MISSING"
    event = transfer.refuse("未达标准", "出差", "X3E-1", facts=facts(HUANG, at(14), **known(transfer, HUANG, "X3E")))
    assert event.late and not transfer.decision.approved


@pytest.mark.refuses("C08")
@pytest.mark.refuses("C09")
def test_a_refusal_and_its_reopening_are_reasoned():
    transfer = a_transfer("PRINCIPAL")

    given = facts(HUANG, at(12, 11), **known(transfer, HUANG, "X3E"))
    assert refused(lambda: transfer.refuse(" ", "", "X3E-1", facts=given)) == "REASON_MISSING"
    refused_once = a_transfer("REJECTED")
    assert refused(lambda: refused_once.reopen("", facts=facts(PROCURATORATE, at(12, 11)))) == "REASON_MISSING"


@pytest.mark.row("C09")
def test_a_reopened_transfer_begins_anew_and_keeps_the_refusal_among_its_letters():
    transfer = a_transfer("REJECTED")

    do(transfer, "reopen", at(12, 12))

    assert (transfer.decision, transfer.report, transfer.opinions) == (None, None, [])
    assert [(one.row, one.sender) for one in transfer.letters] == [("C08", "AUTHORITY"), ("C09", "PROCURATORATE")]
    do(transfer, "name_task_force", at(12, 13))
    assert transfer.state is State.TASK_FORCE


# --- C10, C13, C25 --------------------------------------------------------------------------------------------------


@pytest.mark.refuses("C10")
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"police": []}, "POLICE_UNKNOWN"),
        ({"procuratorate": []}, "PROCURATORATE_UNKNOWN"),
        ({"evidence": {}}, "PACKAGE_INCOMPLETE"),
        ({"evidence": {**ITEMS, "photo": Item("photo", "ADMITTED", "E5", "照片", "", electronic=True)}}, "EVIDENCE_WITHOUT_HASH"),
    ],
)
def test_an_incomplete_package_does_not_leave(changes, reason):
    transfer = a_transfer("APPROVED")

    assert refused(lambda: do(transfer, "deliver", at(12, 12), **changes)) == reason


@pytest.mark.refuses("C10")
@pytest.mark.parametrize("missing", ["F44", "X3A", "X3B", "X3C"])
def test_every_paper_of_the_package_is_sealed(missing):
    transfer = a_transfer("APPROVED")
    there = sealed(transfer, *({"F44", "X3A", "X3B", "X3C"} - {missing}))

    assert refused(lambda: do(transfer, "deliver", at(12, 12), papers=there)) == "PAPER_NOT_SEALED"
    assert refused(lambda: do(transfer, "prepare_package", at(12, 12), papers=there)) == "PAPER_NOT_SEALED"


@pytest.mark.refuses("C10")
@pytest.mark.parametrize(
    ("package", "reason"),
    [
        (Package((), (), ("photo",), True, "x"), "PACKAGE_INCOMPLETE"),
        (Package((), ("opinion",), ("photo",), True, " "), "ORIGINAL_MEDIA_MISSING"),
    ],
)
def test_what_was_commissioned_goes_along_and_originals_are_named(package, reason):
    transfer = a_transfer("APPROVED")

    given = facts(LIANG, at(12, 12), SONG, **known(transfer, LIANG))
    assert refused(lambda: transfer.deliver(package, [], "", facts=given)) == reason


@pytest.mark.row("C10")
def test_a_hand_over_within_24_hours_ends_d34_and_a_later_one_leaves_the_breach():
    """INV-10: hand-over time minus approval is at most 24 hours, or the breach is on record."""
    for delay, state in ((timedelta(hours=24), TimerState.STOPPED), (timedelta(hours=24, seconds=1), TimerState.BREACHED)):
        transfer = a_transfer("APPROVED", now=at(12))
        approved = transfer.decision.decided_at
        do(transfer, "deliver", approved + delay)
        assert transfer.timer("D34").state is state
        assert [one.timer for one in transfer.take_breaches()] == (["D34"] if state is TimerState.BREACHED else [])
        assert transfer.package.handed_at == approved + delay
        assert transfer.package.handed_by == ("liang", "song")


@pytest.mark.row("C10")
def test_who_was_handed_what_is_kept():
    transfer = a_transfer("APPROVED")

    do(transfer, "deliver", at(12, 12))
    transfer.packed("pack", "ab" * 32, 10)

    assert transfer.receivers == [POLICE_BODY, PROCURATORATE_BODY]
    event = transfer.delivered(facts(LIANG, at(12, 12)))
    assert (event.client_ids, event.pack_id, event.sha256) == (("police", "procuratorate"), "pack", "ab" * 32)


@pytest.mark.refuses("C13")
def test_what_is_supplemented_is_listed():
    transfer = a_transfer("SUPPLEMENT")

    given = facts(LIANG, at(12, 12), **known(transfer, LIANG))
    assert refused(lambda: transfer.supplement("", [], facts=given)) == "REASON_MISSING"
    assert refused(lambda: do(transfer, "supplement", at(12, 12), by=SONG)) == "ROLE_FORBIDS_MOVE", "the lead hands it in"


@pytest.mark.refuses("C25")
@pytest.mark.parametrize(
    ("materials", "reason"),
    [(Materials((), (), "", True), "NOTHING_TO_HAND_OVER"), (Materials(("goods",), (), "", False), "PARTY_NOT_TOLD")],
)
def test_objects_go_over_when_named_and_the_party_was_told(materials, reason):
    transfer = a_transfer("FILED_POLICE")

    given = facts(LUO, at(12, 12), LIANG, **known(transfer, LUO))
    assert refused(lambda: transfer.prepare_materials(materials, facts=given)) == reason


@pytest.mark.row("C25")
@pytest.mark.refuses("C25")
def test_three_persons_hand_over_keeper_lead_and_police():
    transfer = a_transfer("FILED_POLICE")

    assert refused(lambda: do(transfer, "sign_materials", at(12, 12))) == "NOTHING_PREPARED"
    do(transfer, "prepare_materials", at(12, 12))
    assert transfer.state is State.FILED_POLICE
    given = facts(POLICE, at(12, 13))
    assert refused(lambda: transfer.sign_materials([], "", facts=given)) == "FIELD_MISSING"
    event = do(transfer, "sign_materials", at(12, 13))

    assert (event.evidence_ids, event.measure_ids) == (("goods",), ("measure-1",))
    assert (event.handed_by, event.received_by) == (("luo", "liang"), ("王警官", "李警官"))
    assert transfer.timer("D43").stopped_at == at(12, 13)


# --- the police -----------------------------------------------------------------------------------------------------


@pytest.mark.refuses("C11")
def test_a_receipt_names_who_took_the_file():
    transfer = a_transfer("DELIVERED")

    assert refused(lambda: transfer.sign_receipt("1", " ", facts=facts(POLICE, at(12, 12)))) == "FIELD_MISSING"


@pytest.mark.row("C12")
@pytest.mark.refuses("C12")
def test_what_is_missing_is_told_in_24_hours_or_noted_as_late():
    for delay, late in ((timedelta(hours=23), False), (timedelta(hours=25), True)):
        transfer = a_transfer("RECEIPTED", now=at(12))
        receipt = transfer.running("D36").starts_at
        assert refused(lambda t=transfer: t.demand_supplement("1", [], facts=facts(POLICE, at(12, 12)))) == "GAPS_MISSING"
        event = do(transfer, "demand_supplement", receipt + delay)
        assert transfer.letters[-1].late is late
        assert event.supplement_by == transfer.expiry("D35")
        told = (receipt + delay).date()
        assert transfer.expiry("D35") == (told + timedelta(days=3)).isoformat()


def test_the_police_head_extends_d36_to_7_or_30_days_in_all():
    transfer = a_transfer("POLICE_REVIEW", now=at(12))
    receipt = transfer.running("D36").starts_at

    assert refused(lambda: transfer.extend_review(10, "局长", "1", facts=facts(POLICE, at(12, 12)))) == "DAYS_NOT_ALLOWED"
    transfer.extend_review(7, "局长", "延1号", facts=facts(POLICE, at(12, 12)))

    assert transfer.expiry("D36") == (receipt.date() + timedelta(days=7)).isoformat()
    assert transfer.running("D36").earlier[0]["why"] == "局长 延1号"


@pytest.mark.refuses("C15")
@pytest.mark.refuses("C16")
@pytest.mark.refuses("C17")
@pytest.mark.refuses("C20")
@pytest.mark.refuses("C22")
@pytest.mark.refuses("C28")
@pytest.mark.refuses("C33")
def test_a_paper_has_its_number_and_its_day_is_no_later_than_today():
    review, given = a_transfer("POLICE_REVIEW"), facts(POLICE, at(12, 12))
    elsewhere = Receiver(ReceiverKind.POLICE, "", "斗门分局")
    assert refused(lambda: review.forward("", "x", elsewhere, facts=given)) == "NUMBER_MISSING"
    assert refused(lambda: review.file("", "", "", "", copied_to_procuratorate=True, facts=given)) == "NUMBER_MISSING"
    assert refused(lambda: review.file("1", "2023-06-13", "", "", copied_to_procuratorate=True, facts=given)) == "DAY_IN_THE_FUTURE"
    assert refused(lambda: review.file("1", "13.6.", "", "", copied_to_procuratorate=True, facts=given)) == "DAY_IN_THE_FUTURE"
    assert refused(lambda: review.decline("", "x", "", facts=given)) == "NUMBER_MISSING"
    assert refused(lambda: review.decline("1", "", "", facts=given)) == "REASON_MISSING"
    content = {"file_returned": True, "copied_to_procuratorate": True, "facts": given}
    assert refused(lambda: review.refuse_filing("", "", "x", "", **content)) == "NUMBER_MISSING"
    assert refused(lambda: review.refuse_filing("1", "", "", "", **content)) == "REASON_MISSING"
    assert refused(lambda: review.refuse_filing("1", "", "x", "", **{**content, "file_returned": False})) == "FILE_NOT_RETURNED"
    recon = a_transfer("RECON")
    assert refused(lambda: recon.decide_reconsideration("", "", "x", "", filed=True, facts=given)) == "NUMBER_MISSING"
    assert refused(lambda: recon.decide_reconsideration("1", "", "", "", filed=False, facts=given)) == "REASON_MISSING"
    watched = a_transfer("SUPERVISION")
    assert refused(lambda: watched.order_filing("", "", "", "", facts=facts(PROCURATORATE, at(12, 12)))) == "NUMBER_MISSING"
    assert refused(lambda: watched.file("", "", "", "", copied_to_procuratorate=True, facts=given)) == "NUMBER_MISSING"
    prosecuted = a_transfer("PROSECUTED")
    none = Money(0)
    assert (
        refused(lambda: prosecuted.judge("", "", "", none, none, none, matter_left=False, facts=facts(COURT, at(12, 12))))
        == "NUMBER_MISSING"
    )


@pytest.mark.row("C16")
def test_the_notice_of_the_police_counts_three_days_from_their_decision():
    transfer = a_transfer("POLICE_REVIEW", now=at(12))
    given = facts(POLICE, at(15, 16))

    transfer.file("立1号", "2023-06-09", "", "", copied_to_procuratorate=True, facts=given)

    notice = transfer.timer("D58")
    assert (notice.legal_expiry, notice.state, notice.stopped_at) == ("2023-06-12", TimerState.BREACHED, at(15, 16))
    assert "D58" in {one.timer for one in transfer.take_breaches()}
    assert transfer.expiry("D43") == "2023-06-19", "the third day is a Sunday and rolls"


@pytest.mark.row("C18")
@pytest.mark.refuses("C18")
def test_silence_is_reported_after_the_end_of_d36_and_a_reminder():
    transfer = a_transfer("POLICE_REVIEW", now=at(12))

    assert refused(lambda: do(transfer, "remind", at(13))) == "POLICE_PERIOD_RUNNING"
    assert refused(lambda: do(transfer, "report_silence", at(13))) == "POLICE_PERIOD_RUNNING"
    assert refused(lambda: do(transfer, "report_silence", at(18))) == "REMINDER_MISSING"
    do(transfer, "remind", at(18))
    do(transfer, "report_silence", at(18, 12))

    assert transfer.expiry("D41") == "2023-06-25", "seven days; that Sunday is a working day"
    do(transfer, "take_up", at(19))
    assert transfer.running("D36").starts_at == at(19)


@pytest.mark.refuses("C19")
@pytest.mark.refuses("C21")
@pytest.mark.parametrize(("name", "form"), [("ask_reconsideration", "X4A"), ("suggest_supervision", "X4B")])
def test_after_d38_it_is_still_asked_with_reasons(name, form):
    transfer = a_transfer("NOT_FILED", now=at(12))
    late = at(20)

    assert refused(lambda: do(transfer, name, late)) == "LATE_REASON_MISSING"
    given = facts(HUANG, late, **known(transfer, HUANG, form))
    if form == "X4A":
        transfer.ask_reconsideration("X4A-1", "应当立案", "内部会商", facts=given)
    else:
        transfer.suggest("X4B-1", "应当立案", "内部会商", "", superior_told=False, facts=given)

    assert (transfer.letters[-1].late, transfer.letters[-1].late_reason) == (True, "内部会商")
    assert "D38" in {one.timer for one in transfer.take_breaches()}


@pytest.mark.refuses("C21")
def test_after_d40_too():
    transfer = a_transfer("RECON_UPHELD", now=at(12))

    assert refused(lambda: do(transfer, "suggest_supervision", at(20))) == "LATE_REASON_MISSING"
    assert do(a_transfer("RECON_UPHELD", now=at(12)), "suggest_supervision", at(13)).row == "C21"


@pytest.mark.refuses("C23")
@pytest.mark.refuses("C24")
@pytest.mark.refuses("C27")
@pytest.mark.refuses("C34")
@pytest.mark.refuses("C35")
def test_what_ends_or_turns_a_transfer_is_reasoned():
    when = at(12, 12)
    assert refused(lambda: a_transfer("SUPERVISION").justify_non_filing("1", "", facts=facts(PROCURATORATE, when))) == "REASON_MISSING"
    assert refused(lambda: a_transfer("NOT_FILED").accept_non_filing("", facts=facts(HUANG, when))) == "REASON_MISSING"
    back = a_transfer("NOT_PROSECUTED")
    assert (
        refused(lambda: back.return_to_administration("1", "", "", party_fined=False, facts=facts(PROCURATORATE, when))) == "REASON_MISSING"
    )
    assert refused(lambda: a_transfer("JUDGED").return_judged("1", "", facts=facts(COURT, when))) == "REASON_MISSING"
    assert refused(lambda: a_transfer("SUPERVISION").take_up("", "", facts=facts(POLICE, when))) == "REASON_MISSING"


@pytest.mark.refuses("C32")
def test_a_refusal_of_the_file_is_recorded_and_told_upward():
    transfer = a_transfer("DELIVERED")
    given = facts(HUANG, at(12, 12), **known(transfer, HUANG, "X4B"))

    assert refused(lambda: transfer.suggest("X4B-1", "x", "", "", superior_told=True, facts=given)) == "RECEIPT_NOT_REFUSED"
    assert refused(lambda: transfer.suggest("X4B-1", "x", "", "拒收", superior_told=False, facts=given)) == "SUPERIOR_NOT_TOLD"


# --- C26 to C30 -----------------------------------------------------------------------------------------------------


@pytest.mark.refuses("C26")
def test_each_result_is_its_own_bodys():
    transfer = a_transfer("MATERIALS_GIVEN")

    assert refused(lambda: transfer.record_result(State.PROSECUTED, "1", "", "", "", facts=facts(POLICE, at(12, 12)))) == "NOT_YOUR_RESULT"
    given = facts(PROCURATORATE, at(12, 12))
    assert refused(lambda: transfer.record_result(State.WITHDRAWN_POLICE, "1", "", "", "", facts=given)) == "NOT_YOUR_RESULT"
    assert refused(lambda: transfer.record_result(State.NOT_PROSECUTED, "", "", "", "", facts=given)) == "NUMBER_MISSING"


@pytest.mark.row("C27")
@pytest.mark.row("C29")
@pytest.mark.refuses("C29")
def test_only_an_opinion_of_the_procuratorate_asks_for_a_reply():
    for opinion in ("", "建议给予行政处罚"):
        transfer = a_transfer("NOT_PROSECUTED")
        event = transfer.return_to_administration("1", "犯罪情节轻微", opinion, party_fined=True, facts=facts(PROCURATORATE, at(12, 12)))
        assert event.police_party_fined and transfer.police_party_fined
        assert (transfer.timer("D44") is not None) is bool(opinion)
        given = facts(YE, at(12, 13))
        assert refused(lambda t=transfer, g=given: t.close("", "", "", facts=g)) == "RESULT_MISSING"
        if opinion:
            assert transfer.expiry("D44") == "2023-08-14", "two months, the last day a Saturday"
            assert refused(lambda t=transfer, g=given: t.close("已处罚", "", "", facts=g)) == "REPLY_MISSING"
            transfer.close("已处罚", "复函1号", "处理情况", facts=given)
            assert (transfer.timer("D44").stopped_at, transfer.letters[-1].kind) == (at(12, 13), "REPLY_TO_OPINION")
        else:
            transfer.close("已处罚，已函告", "", "", facts=given)
        assert (transfer.state, transfer.closed_at) == (State.CLOSED, at(12, 13))


@pytest.mark.parametrize(
    ("court", "imposed", "paid", "due", "outcome"),
    [
        (50_000, 0, 0, 50_000, Outcome.NONE_ANY_MORE),
        (50_000, 20_000, 20_000, 30_000, Outcome.OFFSET),
        (10_000, 20_000, 20_000, 0, Outcome.OFFSET),
        (50_000, 20_000, 5_000, 45_000, Outcome.PAUSED),
        (0, 20_000, 20_000, 0, Outcome.UNTOUCHED),
    ],
)
def test_a_fine_is_not_paid_twice(court, imposed, paid, due, outcome):
    made = offset(Money.yuan(court), Money.yuan(imposed), Money.yuan(paid))

    assert (made.criminal_fine_due, made.outcome) == (Money.yuan(due), outcome)


@pytest.mark.row("C28")
def test_a_judgment_offsets_what_was_paid():
    event = do(a_transfer("PROSECUTED"), "judge", at(12, 12))

    assert (event.criminal_fine_due, event.outcome) == (Money.yuan(30_000), "OFFSET")


def a_clue(**changes):
    given = {
        "transfer_id": a_transfer().id,
        "org_path": "/44/",
        "receiver": "香洲区监察委员会",
        "facts": "发现公职人员涉嫌失职",
        "letter_number": "线索1号",
        "sent_on": "2023-06-12",
        "recorded_by": "huang",
        "recorded_at": at(12),
    }
    return OfficialClue(**{**given, **changes})


@pytest.mark.row("C30")
@pytest.mark.refuses("C30")
def test_a_clue_about_an_official_is_recorded_by_the_principal_with_its_letter():
    clue = a_clue()
    clue.record(facts=facts(HUANG, at(12)))
    assert clue.state is ClueState.RECORDED

    with pytest.raises(RoleForbidsMove):
        a_clue().record(facts=facts(LIANG, at(12)))
    assert refused(lambda: a_clue(letter_number="").record(facts=facts(HUANG, at(12)))) == "FIELD_MISSING"


def test_a_package_of_paper_only_needs_no_statement_of_media():
    transfer = a_transfer("APPROVED")
    only = Package((), (), ("goods",), False, "")

    transfer.deliver(only, [POLICE_BODY], "王警官拒绝签收", facts=facts(LIANG, at(12, 12), SONG, **known(transfer, LIANG)))

    assert transfer.package.receipt_refused
    assert transfer.deadlines is transfer.timers
    assert PACKAGE.appraisal_commissioned

"""The hearing: PC19–PC23, PC61, HR01–HR11, with the scheduling check of 5.5 and the dates of case 2."""

from dataclasses import replace
from datetime import timedelta

import pytest
from kernel.guards import OfficerInConflict
from kernel.money import Money
from kernel.moves import SYSTEM, Role, RoleForbidsMove, StateForbidsTransition
from kernel.timers import TimerState
from penalties.domain.case import State
from penalties.domain.guards import HearingNotReviewed, HearingRightNotTold, StatementNotRechecked
from penalties.domain.heard import HearingAlreadyRequested, HearingWaived, NoHearing
from penalties.domain.hearing import MOVES, Hearing, Tribunal
from penalties.domain.hearing_rules import (
    HearingAfterTarget,
    HearingIncomplete,
    HearingNotDue,
    HearingNoticeMissing,
    HearingReasonMissing,
    HearingRequestInTime,
    HearingRequestLate,
    HearingState,
    HearingTooEarly,
    PostponedBefore,
    PresiderInvestigated,
    PresiderOnly,
    TooManyAgents,
)
from penalties.domain.notice import ReviewNotPassed, StatementPeriodOver
from penalties.domain.papers import DocumentNotReady
from penalties.domain.records import StatementMode, StatementPoint

from .chemicals import CLERK, DRAFT, F28, FOUND, HEARD_AT, KONG, SAID, known, papers, the_chemicals
from .story import CHIEF, DEP, LEGAL, STRANGER, ZHENG, ZHOU, a_case, a_person, at

NOBODY = Tribunal("", (), "", False, "")


def tribunal(**changes):
    return replace(NOBODY, **changes)


def told(case, document, on, now):
    return case.hearing_told(document, on, on, "DIRECT", facts=known(SYSTEM, now, case))


def accepted():
    case = the_chemicals("HEARING_REQ")
    case.accept_hearing(tribunal(clerk_id=CLERK), facts=known(KONG, at(7, 11, 15), case))
    return case


def released(case, when, now, document="f27"):
    case.release_hearing_notice(document, when, "听证室", facts=known(KONG, now, case, **papers(case, "F27")))
    case.hearing.notice_document_id = document
    return case


# PC19, HR01–HR03


@pytest.mark.row("PC19")
@pytest.mark.row("HR01")
def test_a_request_in_time_stops_d09_and_starts_d10():
    case = the_chemicals("NOTIFIED")

    asked = case.request_hearing(at(7, 11), "", "letter", facts=known(ZHOU, at(7, 11), case))

    assert case.state is State.HEARING_REQ
    assert case.timer("D09").stopped_at == at(7, 11)
    assert (case.timer("D10").legal_expiry, asked.hold_by) == ("2022-07-26", "2022-07-26")
    assert (case.hearing.state, case.hearing.ask_by) == (HearingState.REQUESTED, "2022-07-14")


@pytest.mark.row("PC19")
def test_it_may_be_asked_for_from_the_defence_as_well():
    case = the_chemicals("NOTIFIED")
    case.take_statement(StatementMode.ORAL, "f25", ["已停止经营"], False, facts=known(ZHOU, at(7, 8), case))

    case.request_hearing(at(7, 11), "", "letter", facts=known(ZHOU, at(7, 11), case))

    assert case.state is State.HEARING_REQ


def test_the_day_of_posting_decides():
    case = the_chemicals("NOTIFIED")

    case.request_hearing(at(7, 18), "2022-07-14", "letter", facts=known(ZHOU, at(7, 18), case))

    assert case.state is State.HEARING_REQ


@pytest.mark.refuses("PC19")
def test_a_late_request_leaves_the_case_where_it_is_and_is_refused_in_writing():
    case = the_chemicals("NOTIFIED")

    asked = case.request_hearing(at(7, 15), "", "letter", facts=known(ZHOU, at(7, 15), case))

    assert (case.state, asked.in_time) == (State.NOTIFIED, False)
    assert case.hearing is None
    assert case.hearings[-1].state is HearingState.REQUESTED


@pytest.mark.refuses("PC19")
def test_who_waived_or_asked_before_or_was_not_told_asks_for_nothing():
    case = the_chemicals("NOTIFIED")
    case._change_notice(hearing_waived=True)
    with pytest.raises(HearingWaived):
        case.request_hearing(at(7, 11), "", "letter", facts=known(ZHOU, at(7, 11), case))
    with pytest.raises(HearingRightNotTold):
        a_case(State.NOTIFIED).request_hearing(at(9, 13), "", "letter", facts=known(ZHOU, at(9, 13), case))
    again = the_chemicals("HEARING_REQ")
    again.state = State.DEFENCE
    with pytest.raises(HearingAlreadyRequested):
        again.request_hearing(at(7, 12), "", "letter", facts=known(ZHOU, at(7, 12), again))


@pytest.mark.refuses("PC19")
@pytest.mark.refuses("HR01")
def test_a_stranger_enters_no_request():
    case = the_chemicals("NOTIFIED")

    with pytest.raises(RoleForbidsMove):
        case.request_hearing(at(7, 11), "", "letter", facts=known(STRANGER, at(7, 11), case))
    assert case.hearings == []


def test_without_a_notice_that_told_of_it_nobody_asks():
    case = the_chemicals("NOTICE_DRAFT")
    with pytest.raises(StateForbidsTransition):
        case.request_hearing(at(7, 11), "", "letter", facts=known(ZHOU, at(7, 11), case))
    with pytest.raises(NoHearing):
        case.refuse_hearing("迟", "paper", facts=known(KONG, at(7, 11), case))
    with pytest.raises(NoHearing):
        case.hearing_days("", facts=known(KONG, at(7, 11), case))


@pytest.mark.row("HR02")
def test_who_accepts_presides_unless_another_is_named():
    case = accepted()

    assert (case.hearing.state, case.hearing.presider_id, case.hearing.public) == (HearingState.ACCEPTED, "kong", True)


@pytest.mark.refuses("HR02")
def test_nobody_of_the_investigation_or_recused_holds_the_hearing():
    case = the_chemicals("HEARING_REQ")
    case.raise_recusal("member", "亲属", True, facts=known(ZHOU, at(7, 11), case))
    case.decide_recusal(case.recusals[0].id, True, "属实", facts=known(CHIEF, at(7, 11), case))
    for who, error in (
        (tribunal(presider_id="zhou"), PresiderInvestigated),
        (tribunal(member_ids=("wu",)), PresiderInvestigated),
        (tribunal(member_ids=("member",)), OfficerInConflict),
        (tribunal(closed=True), HearingReasonMissing),
    ):
        with pytest.raises(error):
            case.accept_hearing(who, facts=known(KONG, at(7, 11), case))
    with pytest.raises(RoleForbidsMove):
        case.accept_hearing(NOBODY, facts=known(CHIEF, at(7, 11), case))
    assert case.hearing.state is HearingState.REQUESTED


@pytest.mark.refuses("HR02")
@pytest.mark.row("HR03")
def test_a_late_request_is_not_accepted_but_refused_with_reasons():
    case = the_chemicals("NOTIFIED")
    case.request_hearing(at(7, 15), "", "letter", facts=known(ZHOU, at(7, 15), case))
    with pytest.raises(HearingRequestLate):
        case.hearings[-1].accept(NOBODY, facts=known(KONG, at(7, 15), case))
    with pytest.raises(HearingReasonMissing):
        case.refuse_hearing("", "paper", facts=known(KONG, at(7, 15), case))

    case.refuse_hearing("逾期", "paper", facts=known(KONG, at(7, 15), case))

    assert case.hearings[-1].state is HearingState.REJECTED_LATE


@pytest.mark.refuses("HR03")
def test_a_request_in_time_is_not_refused_as_late():
    case = the_chemicals("HEARING_REQ")

    with pytest.raises(HearingRequestInTime):
        case.refuse_hearing("逾期", "paper", facts=known(KONG, at(7, 11), case))


# PC20, HR04: the day


@pytest.mark.row("PC20")
@pytest.mark.row("HR04")
def test_the_hearing_of_case_2_is_set_on_the_first_day_that_d11_allows():
    case = the_chemicals("HEARING_SET")

    hearing = case.hearing
    assert (case.state, hearing.state) == (State.HEARING_SET, HearingState.NOTIFIED)
    assert (hearing.earliest_on, hearing.target_on, hearing.target_reason) == ("2022-07-22", "2022-07-26", "")
    assert case.timer("D11").starts_at.astimezone(at(7, 12).tzinfo).date().isoformat() == "2022-07-12"


@pytest.mark.refuses("PC20")
@pytest.mark.refuses("HR04")
@pytest.mark.parametrize(
    ("when", "error"),
    [(at(7, 21), HearingTooEarly), (at(7, 23), HearingTooEarly), (at(7, 27), HearingAfterTarget)],
    ids=["before the eighth working day", "a Saturday", "after D10 although D11 leaves days"],
)
def test_a_day_that_d10_or_d11_forbids_is_refused(when, error):
    case = accepted()

    with pytest.raises(error):
        released(case, when, at(7, 12))


def test_the_check_says_which_days_are_left():
    case = accepted()

    days = case.hearing_days("2022-07-12", facts=known(KONG, at(7, 12), case))

    assert (days.earliest_on, days.target_on, days.feasible, days.reason) == ("2022-07-22", "2022-07-26", True, "")
    assert any("D11" in line for line in days.derivation)


def test_where_d11_leaves_no_day_inside_d10_it_wins_and_the_reason_is_stored():
    """Near a long holiday: served on 18 July, the eighth working day is 28 July, after D10."""
    case = accepted()
    with pytest.raises(HearingAfterTarget):
        released(case, at(7, 29), at(7, 18))
    released(case, at(7, 28), at(7, 18))

    told(case, "f27", "2022-07-18", at(7, 18, 15))

    assert case.state is State.HEARING_SET
    assert "D11 is law and wins" in case.hearing.target_reason
    assert case.hearing_excused_until(facts=known(SYSTEM, at(7, 27), case)) is not None
    assert case.hearing_excused_until(facts=known(SYSTEM, at(7, 29), case)) is None


def test_by_the_other_reading_the_hearing_may_be_on_the_seventh():
    case = accepted()
    law = known(KONG, at(7, 12), case).law.override({"readings": {"hearing_lead": "7th"}})
    facts = replace(known(KONG, at(7, 12), case, **papers(case, "F27")), law=law)

    case.release_hearing_notice("f27", at(7, 21), "听证室", facts=facts)

    assert case.hearing.scheduled_at == at(7, 21)


def test_served_too_late_for_its_day_it_sets_no_hearing_and_another_notice_is_released():
    case = released(accepted(), HEARD_AT, at(7, 12))

    assert told(case, "f27", "2022-07-13", at(7, 13)) is None

    assert (case.state, case.hearing.state) == (State.HEARING_REQ, HearingState.ACCEPTED)
    assert case.hearing.notice_failure
    released(case, at(7, 25), at(7, 13), "second")
    assert told(case, "second", "2022-07-13", at(7, 13)) is not None
    assert told(case, "f27", "2022-07-13", at(7, 13)) is None


@pytest.mark.refuses("PC20")
@pytest.mark.refuses("HR04")
def test_the_notice_is_that_of_the_presider_with_a_place():
    case = accepted()
    other = a_person("other", Role.HEAR)
    for by, place, error in ((other, "听证室", PresiderOnly), (KONG, " ", HearingReasonMissing), (CHIEF, "听证室", RoleForbidsMove)):
        with pytest.raises(error):
            case.release_hearing_notice("f27", HEARD_AT, place, facts=known(by, at(7, 12), case, **papers(case, "F27")))
    with pytest.raises(DocumentNotReady):
        case.release_hearing_notice("f27", HEARD_AT, "听证室", facts=known(KONG, at(7, 12), case))
    with pytest.raises(RoleForbidsMove):
        case._move("set_hearing", known(KONG, at(7, 12), case))


@pytest.mark.refuses("HR04")
def test_no_hearing_is_notified_without_its_released_notice():
    case = accepted()
    judged = replace(known(SYSTEM, at(7, 12), case), input={"document_id": "x", "scheduled_at": HEARD_AT})

    with pytest.raises(HearingNoticeMissing):
        case.hearing._move("notify_hearing", judged)


# PC21, HR06, HR07


def postponed(case, when=None, by=CHIEF, reason="当事人住院"):
    known_then = known(by, at(7, 20), case, **papers(case, "F27"))
    case.postpone_hearing(reason, "again", when or at(8, 1), "", facts=known_then)
    case.hearing.notice_document_id = "again"
    return case


@pytest.mark.row("PC21")
@pytest.mark.row("HR06")
@pytest.mark.row("HR07")
def test_a_hearing_is_postponed_once_by_the_head_and_notified_anew():
    case = postponed(the_chemicals("HEARING_SET"))
    assert (case.state, case.hearing.state) == (State.HEARING_SET, HearingState.POSTPONED)
    assert case.timer("D10").legal_expiry == "2022-08-01"

    told(case, "again", "2022-07-20", at(7, 20, 15))

    assert (case.hearing.state, case.hearing.scheduled_at) == (HearingState.NOTIFIED, at(8, 1))
    assert (case.hearing.place, len(case.hearing.postponements)) == ("二楼听证室", 1)
    with pytest.raises(PostponedBefore):
        postponed(case, at(8, 12))


@pytest.mark.refuses("PC21")
@pytest.mark.refuses("HR06")
def test_a_postponement_needs_the_head_a_reason_and_a_day_that_d11_allows():
    case = the_chemicals("HEARING_SET")
    with pytest.raises(RoleForbidsMove):
        postponed(case, by=KONG)
    with pytest.raises(RoleForbidsMove):
        postponed(case, by=DEP)
    for changes, error in (({"reason": ""}, HearingReasonMissing), ({"when": at(7, 29)}, HearingTooEarly)):
        again = the_chemicals("HEARING_SET")
        with pytest.raises(error):
            postponed(again, **changes)
        assert again.hearing.state is HearingState.NOTIFIED
    delegated = postponed(the_chemicals("HEARING_SET"), by=a_person("dai", Role.DEP, hearing_postponement=None))
    assert delegated.hearing.state is HearingState.POSTPONED


@pytest.mark.refuses("PC21")
@pytest.mark.refuses("HR07")
def test_a_postponed_hearing_waits_for_its_new_notice():
    case = postponed(the_chemicals("HEARING_SET"))

    assert told(case, "f27", "2022-07-20", at(7, 20)) is None
    assert told(case, "again", "2022-07-21", at(7, 21)) is None

    assert case.hearing.state is HearingState.POSTPONED
    with pytest.raises(RoleForbidsMove):
        case._move("set_hearing_anew", known(CHIEF, at(7, 20), case))


# PC22, HR05, HR08, HR09


@pytest.mark.row("HR05")
@pytest.mark.row("HR08")
@pytest.mark.row("PC22")
def test_a_hearing_is_held_and_what_was_said_is_new():
    case = the_chemicals("HEARING_SET")
    before = case.fact_version
    case.open_hearing(["代理人"], facts=known(KONG, HEARD_AT, case))
    case.close_hearing(SAID, "f28", facts=known(KONG, at(7, 22, 11), case, **papers(case, "F28", **F28)))

    assert (case.state, case.hearing.state, case.hearing.held) == (State.HEARING_DONE, HearingState.CLOSED_HELD, True)
    assert case.timer("D10").stopped_at is not None
    assert case.timer("D10").state is TimerState.STOPPED
    assert case.fact_version == before + 1


@pytest.mark.refuses("HR05")
def test_a_hearing_opens_on_its_day_with_two_agents_at_most():
    case = the_chemicals("HEARING_SET")
    with pytest.raises(HearingNotDue):
        case.open_hearing([], facts=known(KONG, at(7, 21), case))
    with pytest.raises(TooManyAgents):
        case.open_hearing(["甲", "乙", "丙"], facts=known(KONG, HEARD_AT, case))
    with pytest.raises(RoleForbidsMove):
        case.open_hearing([], facts=known(ZHOU, HEARD_AT, case))


@pytest.mark.refuses("HR08")
@pytest.mark.refuses("PC22")
@pytest.mark.parametrize("part", list(SAID))
def test_both_parts_stand_in_the_record(part):
    case = the_chemicals("HEARING_SET")
    case.open_hearing([], facts=known(KONG, HEARD_AT, case))

    with pytest.raises(HearingIncomplete):
        case.close_hearing({**SAID, part: " "}, "f28", facts=known(KONG, HEARD_AT, case, **papers(case, "F28", **F28)))


@pytest.mark.refuses("PC22")
@pytest.mark.refuses("HR08")
def test_a_hearing_that_was_not_opened_is_not_closed_and_its_record_is_signed():
    case = the_chemicals("HEARING_SET")
    with pytest.raises(DocumentNotReady):
        case.close_hearing(SAID, "f28", facts=known(KONG, HEARD_AT, case, **papers(case, "F28", PRESIDER=("kong",))))
    with pytest.raises(RoleForbidsMove):
        case.close_hearing(SAID, "f28", facts=known(CHIEF, HEARD_AT, case, **papers(case, "F28", **F28)))
    with pytest.raises(StateForbidsTransition):
        case.hearing.close(SAID, "f28", facts=known(KONG, HEARD_AT, case))


@pytest.mark.row("HR09")
@pytest.mark.row("PC22")
@pytest.mark.parametrize("opened", [False, True])
def test_who_stays_away_or_leaves_waives_the_hearing(opened):
    case = the_chemicals("HEARING_SET")
    case.lapse_statement_meanwhile(facts=known(SYSTEM, at(7, 15), case))
    if opened:
        case.open_hearing([], facts=known(KONG, HEARD_AT, case))

    case.terminate_hearing("无正当理由缺席", "f28", facts=known(KONG, HEARD_AT, case, **papers(case, "F28", PRESIDER=("kong",))))

    assert (case.state, case.hearing.state, case.hearing.held) == (State.HEARING_DONE, HearingState.TERMINATED_ABSENT, False)


@pytest.mark.refuses("HR09")
def test_an_absence_is_explained_on_the_day():
    case = the_chemicals("HEARING_SET")
    with pytest.raises(HearingReasonMissing):
        case.hearing.terminate("", "f28", facts=known(KONG, HEARD_AT, case))
    with pytest.raises(HearingNotDue):
        case.hearing.terminate("缺席", "f28", facts=known(KONG, at(7, 21), case))


# PC23, HR11


@pytest.mark.row("HR11")
@pytest.mark.row("PC23")
def test_the_report_sends_the_case_to_its_second_review():
    case = the_chemicals("LEGAL_REVIEW")

    assert (case.state, case.review_round, case.hearing.state) == (State.LEGAL_REVIEW, "PRE_DECISION", HearingState.REPORTED)
    assert case.take_transitions()[-1].actors == ("system",)


@pytest.mark.refuses("HR11")
@pytest.mark.refuses("PC23")
def test_the_report_is_signed_by_presider_and_leader_and_the_review_follows_by_itself():
    case = the_chemicals("HEARING_DONE")
    with pytest.raises(DocumentNotReady):
        case.report_hearing("维持", ["f29"], facts=known(KONG, at(7, 22), case, **papers(case, "F29", PRESIDER=("kong",))))
    with pytest.raises(RoleForbidsMove):
        case._move("review_hearing", known(KONG, at(7, 22), case))
    with pytest.raises(StateForbidsTransition):
        the_chemicals("HEARING_SET").hearing.report("维持", "f29", facts=known(KONG, at(7, 22), case))


def test_after_a_hearing_the_first_review_is_not_enough():
    """INV-05: the same proposal passed before the notice; the decision needs a later pass."""
    case = the_chemicals("LEGAL_REVIEW")
    case.run_screen(facts=known(ZHOU, at(7, 25), case))
    case.review = "PASS"

    with pytest.raises(HearingNotReviewed):
        case.start_deliberation("", (), facts=known(ZHENG, at(7, 25), case))


def test_after_an_absence_the_review_passes_anew_as_well():
    case = the_chemicals("HEARING_SET")
    case.lapse_statement_meanwhile(facts=known(SYSTEM, at(7, 15), case))
    case.terminate_hearing("缺席", "f28", facts=known(KONG, HEARD_AT, case, **papers(case, "F28", PRESIDER=("kong",))))
    signed = papers(case, "F29", PRESIDER=("kong",), APPROVER=("chen",))
    case.report_hearing("缺席", ["f29"], facts=known(KONG, at(7, 22), case, **signed))
    with pytest.raises(ReviewNotPassed):
        case.start_deliberation("", (), facts=known(ZHENG, at(7, 25), case))

    case.pass_review("同意", "ws10059", facts=known(LEGAL, at(7, 25), case, "ws10059"))
    case.start_deliberation("", (), facts=known(ZHENG, at(7, 25), case))

    assert case.state is State.DELIBERATION


@pytest.mark.parametrize(("excluded", "limit"), [(False, "2022-09-13"), (True, "2022-09-24")])
def test_whether_the_hearing_counts_in_the_case_limit_is_a_reading(excluded, limit):
    case = the_chemicals("NOTIFIED")
    law = known(ZHOU, at(7, 11), case).law.override({"readings": {"d12_exclude.hearing": excluded}})
    case.request_hearing(at(7, 11), "", "letter", facts=replace(known(ZHOU, at(7, 11), case), law=law))
    assert (case.timer("D12").expires_at is None) is excluded

    case.withdraw_hearing("letter", facts=replace(known(ZHOU, at(7, 22), case), law=law))

    assert case.timer("D12").raw == limit


def test_a_case_that_comes_back_with_a_hearing_owed_is_told_anew():
    """After a transfer (PC44, PC45) the hearing that was asked for is still owed on the old notice: a new one is told."""
    case = the_chemicals("HEARING_SET")
    case.lapse_statement_meanwhile(facts=known(SYSTEM, at(7, 15), case))
    case.state = State.REPORTED

    case.submit_for_review(("ws10051",), facts=known(ZHOU, at(7, 25), case, "ws10051"))

    assert case.review_round == "PRE_NOTICE"


# PC61, HR10


@pytest.mark.row("PC61")
@pytest.mark.row("HR10")
@pytest.mark.parametrize(("step", "now"), [("HEARING_REQ", at(7, 12)), ("HEARING_SET", at(7, 18))])
def test_a_request_is_withdrawn_in_writing(step, now):
    case = the_chemicals(step)

    case.withdraw_hearing("letter", facts=known(ZHOU, now, case))

    assert (case.state, case.hearing.state) == (State.DEFENCE, HearingState.WITHDRAWN_BY_PARTY)
    assert case.timer("D10").stopped_at == now
    over = now > at(7, 15)
    assert (case.served_notice.statement is StatementMode.EXPIRED) is over
    with pytest.raises(HearingWaived):
        case.request_hearing(at(7, 13), "", "letter", facts=known(ZHOU, now, case))


@pytest.mark.row("HR10")
@pytest.mark.parametrize("state", [HearingState.ACCEPTED, HearingState.POSTPONED, HearingState.OPEN])
def test_it_may_be_withdrawn_until_the_hearing_is_over(state):
    case = the_chemicals("HEARING_SET")
    case.hearing.state = state

    case.withdraw_hearing("letter", facts=known(ZHOU, at(7, 18), case))

    assert case.hearing.state is HearingState.WITHDRAWN_BY_PARTY


@pytest.mark.refuses("PC61")
@pytest.mark.refuses("HR10")
def test_nobody_withdraws_for_the_party_by_word_of_mouth():
    case = the_chemicals("HEARING_SET")
    with pytest.raises(HearingReasonMissing):
        case.withdraw_hearing("", facts=known(ZHOU, at(7, 18), case))
    with pytest.raises(RoleForbidsMove):
        case.withdraw_hearing("letter", facts=known(KONG, at(7, 18), case))


def test_the_period_of_the_statement_runs_on_while_a_hearing_is_pending():
    case = the_chemicals("HEARING_REQ")

    case.note_statement(StatementMode.WRITTEN, "letter", ["罚款过重", ""], facts=known(ZHOU, at(7, 13), case))

    assert case.served_notice.points == (StatementPoint("罚款过重"),)
    assert case.timer("D08").stopped_at == at(7, 13)
    with pytest.raises(StatementPeriodOver):
        case.note_statement(StatementMode.WRITTEN, "letter", ["罚款过重"], facts=known(ZHOU, at(7, 18), case))
    case.withdraw_hearing("letter", facts=known(ZHOU, at(7, 18), case))
    case.run_screen(facts=known(ZHOU, at(7, 18), case))
    with pytest.raises(StatementNotRechecked):
        case.start_deliberation("", (), facts=known(ZHENG, at(7, 18), case))


def test_a_lighter_version_may_follow_the_hearing():
    case = the_chemicals("HEARING_DONE")

    case.propose_penalty(
        DRAFT,
        FOUND,
        circumstances=(),
        amount=Money.yuan(140_000),
        deviation_reason="",
        metric_value=0,
        facts=known(ZHOU, at(7, 22, 12), case),
    )

    assert case.proposal.fine == Money.yuan(140_000)


REACHED = {state for move in MOVES for state in ([move.target] if move.target else [])}
WRONG = [
    pytest.param(move, state, id=f"{move.row}-{move.name}-{state}", marks=pytest.mark.refuses(move.row))
    for move in MOVES
    if None not in move.sources
    for state in HearingState
    if state not in move.sources
]


@pytest.mark.parametrize(("move", "state"), WRONG)
def test_a_hearing_never_leaves_its_table(move, state):
    hearing = Hearing(
        case_id=None, org_path="/", requested_at=at(7, 11), in_time=True, ask_by="", entered_by="", investigators=[], notice_number=1
    )
    hearing.state = state

    with pytest.raises(StateForbidsTransition):
        hearing._move(move.name, known(KONG, at(7, 22), the_chemicals("NOTIFIED")))


def test_every_state_of_the_hearing_is_reached():
    assert set(HearingState) == REACHED


def test_who_reviewed_and_who_is_told():
    case = the_chemicals("REVIEWED")

    assert [review.round for review in case.reviews] == ["PRE_NOTICE", "PRE_DECISION"]
    assert case.reviews[-1].reviewer_id == LEGAL.id
    assert case.timer("D08").expires_at == at(7, 15, 0) - timedelta(0)

"""PC51, the publication (PI01–PI04), the filing upward (UF01, UF02), loans (PC52) and recusals (RC02)."""

from uuid import uuid4

import pytest
from kernel.moves import SYSTEM, RoleForbidsMove, StateForbidsTransition
from penalties.domain.account import AccountState
from penalties.domain.case import State
from penalties.domain.challenge import CORRECTED, NoDecisionYet
from penalties.domain.execution import NothingToPublish
from penalties.domain.file import ReasonMissing
from penalties.domain.lending import FileAway, LoanInvalid, LoanNotApproved, LoanNotFound
from penalties.domain.papers import DocumentNotReady
from penalties.domain.publicity import FilingReferenceMissing, PublicityChannelMissing, PublicityItem, PublicityReasonMissing, UpwardFiling
from penalties.domain.recusal import OwnRecusal

from .story import ARCHIVE, BRANCH, CHIEF, DEP, FIN, PATH, ZHENG, ZHOU, a_case, at, facts

LATER = at(12, 1)


def correct(case, by=CHIEF, redecide=False, reason="事实认定有误", forms="X7D"):
    return case.correct(reason, redecide, ("x7d",), facts=facts(by, LATER, case=case, forms=forms))


@pytest.mark.row("PC51")
@pytest.mark.parametrize("state", [state for state in PATH if State(state) in CORRECTED])
def test_the_body_revokes_its_own_decision_and_stays_where_it_is(state):
    case = a_case(state)

    happened = correct(case)

    assert (case.state, case.revoked) == (State(state), True)
    assert happened[0].withdrawn_by == "x7d"
    published = case.publicity is not None and case.publicity.state == "PUBLISHED"
    assert (case.timer("D15") is not None) is published


@pytest.mark.row("PC51")
def test_a_corrected_decision_is_made_again():
    case = a_case(State.ARCHIVED)

    correct(case, redecide=True)

    assert (case.state, case.redecision.ordered_by, case.redecision.procedure_only) == (State.INVESTIGATING, "SELF", True)
    assert case.earlier_accounts[0].state is AccountState.REFUND_DUE


@pytest.mark.refuses("PC51")
def test_a_correction_is_the_heads_with_reasons_and_its_paper():
    case = a_case(State.CLOSED)
    for changes, reason in (
        ({"by": DEP}, RoleForbidsMove),
        ({"by": ZHOU}, RoleForbidsMove),
        ({"reason": " "}, ReasonMissing),
        ({"forms": ""}, DocumentNotReady),
    ):
        with pytest.raises(reason):
            correct(case, **changes)
    correct(case)
    with pytest.raises(NoDecisionYet):
        correct(case)


@pytest.mark.row("PC51")
def test_what_is_revoked_while_it_is_executed_is_complete_once_its_money_is_back():
    case = a_case(State.EXECUTING)

    correct(case)
    case.complete_execution((), facts=facts(FIN, LATER))

    assert case.state is State.EXECUTED


@pytest.mark.row("PI01", "PI02", "UF01", "UF02")
def test_what_a_decision_owes_is_entered_by_the_platform_and_its_periods_stop():
    case = a_case(State.DECIDED)
    assert [line.row for line in case.publicity.take_transitions()] == ["PI01"]
    filing = UpwardFiling(case.id, case.org_path, "省厅", case=case)
    filing.owe(facts=facts(SYSTEM, at(9, 20)))
    assert case.timer("D51").legal_expiry == "2022-09-30"
    case.upward_filings.append(filing)

    case.publish("公示系统", "", facts=facts(ZHOU, at(9, 28)))
    case.file_upward("备1号", facts=facts(ZHOU, at(9, 28)))

    assert [case.timer(row).stopped_at is not None for row in ("D14", "D51")] == [True, True]
    assert [line.deadlines for line in filing.take_transitions()] == [("D51 starts: 2022-09-30",), ("D51 stops",)]


@pytest.mark.row("PI03")
def test_a_publication_is_withdrawn_within_three_working_days():
    case = a_case(State.CLOSED)
    correct(case)
    assert case.timer("D15").legal_expiry == "2022-12-06"

    case.withdraw_publicity("处罚决定已撤销", facts=facts(ZHENG, at(12, 2)))

    assert (case.publicity.state, case.publicity.ended_reason) == ("WITHDRAWN", "处罚决定已撤销")
    assert case.timer("D15").stopped_at is not None


@pytest.mark.row("PI04")
def test_a_publication_ends_when_the_credit_is_repaired():
    case = a_case(State.CLOSED)

    case.expire_publicity("信用修复", facts=facts(ZHENG, at(12, 2)))

    assert case.publicity.state == "EXPIRED"


@pytest.mark.refuses("PI01", "PI02", "PI03", "PI04", "UF01", "UF02")
def test_the_publication_and_the_filing_go_their_way_only():
    item = PublicityItem(uuid4(), BRANCH)
    filing = UpwardFiling(uuid4(), BRANCH, "省厅")
    for machine in (item, filing):
        with pytest.raises(RoleForbidsMove):
            machine._begin("owe", facts(ZHENG, LATER))
    for name in ("withdraw", "expire"):
        with pytest.raises(StateForbidsTransition):
            item._move(name, facts(ZHENG, LATER))
    with pytest.raises(RoleForbidsMove):
        item._move("publish", facts(FIN, LATER))
    with pytest.raises(PublicityChannelMissing):
        a_case(State.EXECUTING).publish(" ", "", facts=facts(ZHOU, LATER))
    with pytest.raises(RoleForbidsMove):
        filing._move("file_upward", facts(FIN, LATER))
    case = a_case(State.CLOSED)
    with pytest.raises(PublicityReasonMissing):
        case.withdraw_publicity(" ", facts=facts(ZHENG, LATER))
    with pytest.raises(RoleForbidsMove):
        case.withdraw_publicity("原因", facts=facts(FIN, LATER))
    with pytest.raises(RoleForbidsMove):
        case.expire_publicity("原因", facts=facts(FIN, LATER))
    case.upward_filings = [filing]
    with pytest.raises(FilingReferenceMissing):
        case.file_upward("", facts=facts(ZHOU, LATER))
    with pytest.raises(NothingToPublish):
        a_case(State.DECIDING).withdraw_publicity("原因", facts=facts(ZHENG, LATER))


@pytest.mark.row("PC52")
def test_a_file_is_lent_with_the_heads_approval_and_comes_back():
    case = a_case(State.ARCHIVED)
    case.approve_loan("市检察院", "复查", "2022-12-20", facts=facts(CHIEF, LATER))
    id = case.loans[0].id

    lent = case.lend(id, facts=facts(ARCHIVE, at(12, 2)))
    with pytest.raises(FileAway):
        case.lend(id, facts=facts(ARCHIVE, at(12, 2)))
    case.take_back(id, facts=facts(ARCHIVE, at(12, 10)))

    assert (case.state, lent.borrower, lent.returned) == (State.ARCHIVED, "市检察院", False)
    loan = case.loans[0]
    assert (loan.approved_by, loan.lent_by, loan.returned_to) == ("chen", "an", "an")
    assert [line.name for line in case.take_transitions() if line.row == "PC52"] == ["approve_loan", "lend", "take_back"]


@pytest.mark.refuses("PC52")
def test_no_file_leaves_the_archive_without_approval():
    case = a_case(State.ARCHIVED)
    with pytest.raises(LoanInvalid):
        case.approve_loan("", "复查", "2022-12-20", facts=facts(CHIEF, LATER))
    with pytest.raises(RoleForbidsMove):
        case.approve_loan("检察院", "复查", "2022-12-20", facts=facts(ARCHIVE, LATER))
    with pytest.raises(LoanNotApproved):
        case._move("lend", facts(ARCHIVE, LATER))
    with pytest.raises(LoanNotFound):
        case.lend(uuid4(), facts=facts(ARCHIVE, LATER))
    case.approve_loan("检察院", "复查", "2022-12-20", facts=facts(CHIEF, LATER))
    with pytest.raises(RoleForbidsMove):
        case.lend(case.loans[0].id, facts=facts(ZHOU, LATER))
    with pytest.raises(LoanNotApproved):
        case.take_back(case.loans[0].id, facts=facts(ARCHIVE, LATER))
    with pytest.raises(StateForbidsTransition):
        a_case(State.CLOSED).approve_loan("检察院", "复查", "2022-12-20", facts=facts(CHIEF, LATER))


@pytest.mark.row("RC02")
def test_an_accepted_recusal_puts_another_in_his_place_and_what_was_done_is_examined_again():
    case = a_case(State.INVESTIGATING)
    before = case.fact_version
    case.raise_recusal("zhou", "亲属", True, facts=facts(ZHOU, at(8, 24)))
    case.decide_recusal(case.recusals[0].id, True, "属实", "song", facts=facts(CHIEF, at(8, 24)))

    assert (case.lead_id, case.officer_ids, case.fact_version) == ("song", ["song", "wu"], before + 1)
    assert case.recusals[0].replaced_by == "song"
    assert [line.row for line in case.take_transitions() if line.machine == "recusal"] == ["RC01", "RC02"]


@pytest.mark.refuses("RC02", "RC03")
def test_nobody_decides_on_his_own_recusal():
    case = a_case(State.INVESTIGATING)
    case.raise_recusal("chen", "股东", True, facts=facts(ZHOU, at(8, 24)))
    for accept in (True, False):
        with pytest.raises(OwnRecusal):
            case.decide_recusal(case.recusals[0].id, accept, "理由", facts=facts(CHIEF, at(8, 24)))

"""What may happen now, asked without fetching anything; and guards asked about a case that lacks what they look at."""

from dataclasses import replace

import pytest
from kernel.guards import CertificateOfOtherRegion, SeparationViolated
from kernel.money import Money
from kernel.moves import SYSTEM, Facts
from penalties.domain.case import MOVES, State
from penalties.domain.decision import within_policy
from penalties.domain.file import known
from penalties.domain.guards import NoticeNotServed, g01, g11, g14, g15, g16, g22
from penalties.domain.law import Range
from penalties.domain.papers import DocumentNotReady, ready
from penalties.domain.proof import g08_admitted
from penalties.domain.proposal import PenaltyItem, PenaltyKind
from penalties.domain.publicity import UpwardFiling
from penalties.domain.wording import discretion_text, item_text, penalty_text, step_texts, told

from .story import CHIEF, DEP, FIN, LAW, PATH, WU, ZHENG, ZHOU, a_case, a_clue, a_document, an_officer, at, checked, facts, pay, propose


def asked(by, now):
    return Facts(by=by, now=now, law=LAW, permission_only=True)


@pytest.mark.parametrize("by", [ZHOU, ZHENG, DEP, CHIEF], ids=lambda person: person.id)
@pytest.mark.parametrize("state", list(State))
def test_every_row_answers_in_every_state_whatever_is_known(state, by):
    answers = a_case(state).permitted(asked(by, at(9, 20)))

    assert len(answers) == sum(None not in move.sources for move in MOVES)
    assert all(answer.refusal is None or answer.refusal.reason for answer in answers)


def permitted(state, by, now):
    return {answer.move.name for answer in a_case(state).permitted(asked(by, now)) if answer.refusal is None}


def test_who_sees_what_as_possible():
    assert permitted("CLUE", ZHOU, at(8, 18)) == {"propose_filing", "start_urgently"}
    assert permitted("FILED", WU, at(8, 18)) == {"start_investigation"}
    assert permitted("NOTICE_DRAFT", DEP, at(9, 9)) == {"release_notice", "return_notice", "split", "hand_over", "terminate"}
    assert permitted("NOTIFIED", CHIEF, at(9, 15)) == {"extend"}
    assert permitted("DECIDING", CHIEF, at(9, 20)) == {"decide", "send_back", "extend"}
    assert permitted("CLOSED", CHIEF, at(10, 10)) == {"correct", "correct_and_redecide"}


def test_on_the_late_day_the_head_still_sees_the_decision_but_no_extension():
    case = a_case("DECIDING")

    names = {answer.move.name for answer in case.permitted(asked(CHIEF, at(11, 17))) if answer.refusal is None}

    assert names == {"decide", "send_back"}


def test_a_guard_has_no_opinion_on_what_is_not_there_yet():
    case = a_clue()
    given = facts(ZHOU, at(8, 18))

    assert [guard(case, given) for guard in (g08_admitted, g11, g14, g15, g22, within_policy)] == [None] * 6
    assert isinstance(g16(case, given), NoticeNotServed)


def test_a_command_that_forgot_to_ask_is_our_mistake():
    with pytest.raises(LookupError, match="thresholds"):
        known(Facts(by=ZHOU, now=at(8, 18), law=LAW), "thresholds")


def test_one_person_does_not_sign_as_two():
    case = a_case("FILING")
    (document,) = checked(case, "F01", signers={"OFFICER": ("zhou", "wu"), "REVIEWER": ("wu",), "APPROVER": ("dai",)}).values()

    assert isinstance(ready(case, facts(DEP, at(8, 18)), document, ("OFFICER", "APPROVER")), SeparationViolated)


def test_a_form_without_its_reviewer_is_not_ready():
    case = a_case("FILING")
    (document,) = checked(case, "F01", signers={"OFFICER": ("zhou", "wu"), "APPROVER": ("dai",)}).values()

    assert isinstance(ready(case, facts(DEP, at(8, 18)), document, ("OFFICER", "REVIEWER", "APPROVER")), DocumentNotReady)


def test_a_decision_of_a_person_needs_no_publicity():
    case = a_case("DECIDING")
    case.party_kind = "PERSON"

    case.decide(("f30", "f35"), "", facts=facts(CHIEF, at(9, 20), case=case, forms="F30 F35"))

    assert case.publicity is None
    assert case.timer("D14") is None


def test_ranges_that_do_not_meet_end_at_the_edge_of_the_law():
    law = Range(10, 20)

    assert Range(30, 40).within(law) == Range(20, 20)
    assert Range(1, 5).within(law) == Range(10, 10)
    assert Range(12, 40).within(law) == Range(12, 20)


def test_how_a_penalty_reads():
    case = a_case("REPORTED")
    proposal = case.proposal
    income = PenaltyItem(PenaltyKind.CONFISCATE_INCOME, Money(1_234_50))
    both = proposal.__class__(**{**proposal.__dict__, "items": (*proposal.items, income, PenaltyItem(PenaltyKind.WARNING))})

    assert told(proposal)["fine_yuan"] == "49,000"
    assert penalty_text(proposal) == "罚款人民币肆万玖仟元整（¥49,000元）。"
    assert "2．没收违法所得人民币壹仟贰佰叁拾肆元伍角整（¥1,234.50元）；3．警告。" in penalty_text(both)
    assert item_text(PenaltyItem(PenaltyKind.SUSPENSION, text="停业")) == "停业"


def test_the_trace_reads_as_unofficial_and_names_each_step():
    case = a_case("REPORTED")
    trace = case.proposal.discretion

    assert "47.5%" in discretion_text(trace)
    assert "未经核实" in discretion_text(trace)
    assert len(step_texts(trace)) == len(trace.steps)
    official = trace.__class__(**{**trace.__dict__, "official": True})
    assert "未经核实" not in discretion_text(official)
    unscaled = trace.__class__(**{**trace.__dict__, "max": Money(0)})
    assert discretion_text(unscaled) == "适用首次发现阶段。"


def test_a_sealed_document_has_the_name_of_its_form():
    assert a_document(a_clue(), "F34").title == "行政处罚决定书"


def test_an_officer_of_the_case_whose_recusal_was_accepted_records_nothing():
    case = a_case("INVESTIGATING")
    case.raise_recusal("zhou", "亲属", False, facts=facts(ZHOU, at(8, 24)))
    case.decide_recusal(case.recusals[0].id, True, "属实", facts=facts(CHIEF, at(8, 24)))

    with pytest.raises(Exception, match="recusal"):
        propose(case)


def test_every_state_of_the_walk_is_reached():
    assert [a_case(state).state for state in PATH] == PATH


def test_the_small_machines_say_what_they_allow():
    case = a_case("EXECUTING")

    assert [a.move.name for a in case.fine_account.permitted(asked(FIN, at(9, 21))) if a.refusal is None] == ["pay_part", "pay", "overdue"]
    assert [a.move.name for a in case.publicity.permitted(asked(ZHOU, at(9, 21))) if a.refusal is None] == ["publish"]
    filing = UpwardFiling(case.id, case.org_path, "省厅")
    assert [a.move.name for a in filing.permitted(asked(ZHOU, at(9, 21))) if a.refusal is None] == ["file_upward"]


def test_on_trial_somebody_of_the_case_has_to_be_able_to_be_the_second():
    case = a_case("FILED")
    good, bad = an_officer("wu"), an_officer("wu", region_codes=("440400",))

    def on_trial(*officers):
        return replace(facts(ZHOU, at(8, 23), officers=[an_officer("zhou"), *officers]), permission_only=True)

    assert g01(case, on_trial(bad, an_officer("third"))) is None
    assert g01(case, on_trial(good)) is None
    assert isinstance(g01(case, on_trial(bad)), CertificateOfOtherRegion)


def test_the_number_of_the_filing_form_is_that_of_the_case():
    case = a_case("FILED")

    case.take_number("（莞）应急立〔2022〕1号", facts=facts(SYSTEM, at(8, 18)))

    assert case.number == "（莞）应急立〔2022〕1号"
    assert case.take_transitions()[-1].name == "take_number"


def test_a_payment_of_surcharge_alone_is_no_part_of_the_fine():
    case = a_case("EXECUTING")
    pay(case, 49_000, at(10, 18), slip="a")
    pay(case, 14_700, at(10, 19), slip="b")

    assert case.fine_account.surcharge_on(at(11, 1).date(), LAW) == Money.yuan(14_700)

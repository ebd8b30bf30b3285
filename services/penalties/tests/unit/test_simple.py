"""The simple procedure: PC53–PC57 and PC04 from S_DRAFT, G23, cash by D06 and D07 (APL 51, 52, 68–71)."""

from dataclasses import replace
from datetime import date

import pytest
from kernel.guards import CertificateNotValid
from kernel.money import Money
from kernel.moves import RoleForbidsMove, SecondOfficerMissing, StateForbidsTransition
from penalties.domain.account import AccountState, Payment
from penalties.domain.case import State
from penalties.domain.cash import CashDateInvalid, CashHandedIn, CashNotAllowed, CashNotFound, CashTooMuch, ReceiptMissing, ReceiptUsed
from penalties.domain.file import ReasonMissing
from penalties.domain.guards import CrimeScreenMissing, LimitationPassed, OrderToCorrectMissing
from penalties.domain.law import Act, Branch, PartyKind, Range
from penalties.domain.papers import DocumentNotReady
from penalties.domain.proceedings import CashCollection, CashGround, SimpleKind, SimplePenalty
from penalties.domain.publicity import PublicityState
from penalties.domain.records import RefusalGround
from penalties.domain.simple import (
    EntryMissing,
    FineStillDue,
    HandOver,
    PartyNotTold,
    ReconsiderationFirstMissing,
    SimpleFactsUncertain,
    SimpleFineTooHigh,
    SimpleNotAllowed,
)

from .story import (
    A14,
    BODY,
    CHIEF,
    DEP,
    FIN,
    OFFICE,
    RANGE,
    STRANGER,
    WU,
    ZHOU,
    a_case,
    a_clue,
    a_person_party,
    an_officer,
    at,
    checked,
    facts,
)

NOW = at(8, 18)
SIGNED = {"OFFICER": ("zhou", "wu"), "PARTY": ("",)}
GIVEN = HandOver(True, True, "没有异议", False, "一号车间", "f32")


def a_penalty(yuan=2_000, **changes):
    given = {
        "kind": SimpleKind.FINE,
        "fine": Money.yuan(yuan),
        "facts": "一名焊工证件过期",
        "violated": A14.violated_text,
        "basis": A14.basis_text,
        "evidence_ids": ("e1",),
        "correction_order_ids": ("order-1",),
    }
    return SimplePenalty(**{**given, **changes})


def a_screened_clue(**clue):
    case = a_case(State.CLUE, **clue)
    case.run_screen(facts=facts(ZHOU, NOW))
    return case


def drafted(yuan=2_000, now=NOW, **changes):
    case = a_screened_clue()
    case.draft_simple(a_penalty(yuan, **changes), facts=facts(ZHOU, now, second=WU))
    return case


def told(case, given=GIVEN, now=NOW, form="F32", signers=SIGNED, **more):
    papers = checked(case, form, signers=signers, fields=more.pop("fields", {}))
    return case.hand_over_simple(given, facts=facts(ZHOU, now, second=WU, checked=papers, **more))


def decided(yuan=2_000, now=NOW):
    case = drafted(yuan)
    told(case, now=now)
    return case


def recorded(yuan=2_000):
    case = decided(yuan)
    case.record_simple("当场处罚登记 1 号", facts=facts(ZHOU, at(8, 19)))
    return case


@pytest.mark.row("PC53")
def test_two_officers_draft_a_small_fine():
    case = drafted()

    assert (case.state, case.simple.fine, case.prepared_by) == (State.S_DRAFT, Money.yuan(2_000), ["wu", "zhou"])


@pytest.mark.row("PC53")
def test_a_warning_where_the_branch_knows_one():
    act = replace(A14, branches=(Branch("FIRST", unit=RANGE, warning=True),))
    case = a_screened_clue()

    case.draft_simple(a_penalty(0, kind=SimpleKind.WARNING), facts=facts(ZHOU, NOW, second=WU, act=act))

    assert case.simple.kind is SimpleKind.WARNING


@pytest.mark.refuses("PC53")
@pytest.mark.parametrize(
    ("penalty", "branch", "error"),
    [
        (a_penalty(3_001), {}, SimpleFineTooHigh),
        (a_penalty(0), {}, SimpleFineTooHigh),
        (a_penalty(), {"suspend": True}, SimpleNotAllowed),
        (a_penalty(), {"confiscate_goods": True}, SimpleNotAllowed),
        (a_penalty(), {"revoke": True}, SimpleNotAllowed),
        (a_penalty(), {"unit": Range(10_000_000, 20_000_000)}, SimpleNotAllowed),
        (a_penalty(0, kind=SimpleKind.WARNING), {}, SimpleNotAllowed),
        (a_penalty(facts=" "), {}, SimpleFactsUncertain),
        (a_penalty(evidence_ids=()), {}, SimpleFactsUncertain),
    ],
)
def test_more_than_a_warning_or_a_small_fine_is_no_simple_procedure(penalty, branch, error):
    """INV-18."""
    act = replace(A14, branches=(Branch("FIRST", **{"unit": RANGE, **branch}),))
    case = a_screened_clue()

    with pytest.raises(error):
        case.draft_simple(penalty, facts=facts(ZHOU, NOW, second=WU, act=act))
    assert case.state is State.CLUE


@pytest.mark.refuses("PC53")
def test_a_citizen_pays_at_most_200():
    case = a_screened_clue(party_kind=PartyKind.PERSON, person=a_person_party(), enterprise_id="")
    act = Act("A14", "x", "v", "b", (Branch("FIRST", persons=RANGE),))
    with pytest.raises(SimpleFineTooHigh):
        case.draft_simple(a_penalty(201), facts=facts(ZHOU, NOW, second=WU, act=act))
    case.draft_simple(a_penalty(200), facts=facts(ZHOU, NOW, second=WU, act=act))

    told(case, replace(GIVEN, document_id="f33"), form="F33", act=act)

    assert case.publicity is None
    assert case.timer("D14") is None


@pytest.mark.refuses("PC53")
def test_two_certified_officers_a_screen_and_an_act_that_is_not_too_old():
    case = a_screened_clue()
    with pytest.raises(SecondOfficerMissing):
        case.draft_simple(a_penalty(), facts=facts(ZHOU, NOW))
    with pytest.raises(RoleForbidsMove):
        case.draft_simple(a_penalty(), facts=facts(ZHOU, NOW, second=STRANGER))
    with pytest.raises(CertificateNotValid):
        officers = [an_officer("zhou"), an_officer("wu", valid_to=at(1, 1).date())]
        case.draft_simple(a_penalty(), facts=facts(ZHOU, NOW, second=WU, officers=officers))
    with pytest.raises(CrimeScreenMissing):
        a_case(State.CLUE).draft_simple(a_penalty(), facts=facts(ZHOU, NOW, second=WU))
    old = a_screened_clue(act_on="2019-01-01")
    with pytest.raises(LimitationPassed):
        old.draft_simple(a_penalty(), facts=facts(ZHOU, NOW, second=WU))


@pytest.mark.row("PC54")
def test_handed_over_on_the_spot_all_periods_run_from_that_day():
    case = drafted()

    happened = told(case)

    assert (case.state, case.served_on, case.fine) == (State.S_DECIDED, "2022-08-18", Money.yuan(2_000))
    expiry = {name: case.timer(name).legal_expiry for name in ("D05", "D14", "D16", "D19", "D20")}
    assert expiry == {"D05": "2022-08-23", "D14": "2022-08-29", "D16": "2022-09-02", "D19": "2022-10-17", "D20": "2023-02-20"}
    assert (case.fine_account.state, case.fine_account.due_on) == (AccountState.DUE, "2022-09-02")
    assert case.publicity.state is PublicityState.DUE
    assert happened.pay_by == "2022-09-02"
    assert case.simple.handed_over_at == NOW


@pytest.mark.row("PC54")
def test_since_2024_reconsideration_comes_first_and_no_suit_runs():
    case = a_clue(act_on="2024-03-01", discovered_on="2024-03-01", opened_at=at(3, 1, year=2024))
    case.open(facts=facts(ZHOU, at(3, 1, year=2024)))
    case.run_screen(facts=facts(ZHOU, at(3, 1, year=2024)))
    body = replace(BODY, office=replace(OFFICE, entrusted_to=date(2027, 1, 1)))
    case.draft_simple(a_penalty(), facts=facts(ZHOU, at(3, 1, year=2024), second=WU, body=body))
    with pytest.raises(ReconsiderationFirstMissing):
        told(case, now=at(3, 1, year=2024))

    told(case, now=at(3, 1, year=2024), fields={"reconsideration_first": "先申请行政复议"})

    assert case.timer("D20") is None
    assert case.timer("D19").legal_expiry == "2024-04-30"


@pytest.mark.refuses("PC54")
@pytest.mark.parametrize(
    "given",
    [
        replace(GIVEN, certificate_shown=False),
        replace(GIVEN, rights_told=False),
        replace(GIVEN, statement=" "),
        replace(GIVEN, place=""),
    ],
)
def test_who_was_not_told_and_heard_is_not_punished(given):
    case = drafted()

    with pytest.raises(PartyNotTold):
        told(case, given)
    assert case.state is State.S_DRAFT


@pytest.mark.refuses("PC54")
def test_the_form_is_signed_by_three_and_carries_the_penalty():
    case = drafted()
    for form, signers, fields in (
        ("F33", SIGNED, {}),
        ("F32", {"OFFICER": ("zhou", "wu")}, {}),
        ("F32", {"OFFICER": ("zhou",), "PARTY": ("",)}, {}),
        ("F32", SIGNED, {"fine_yuan": "3,000"}),
    ):
        with pytest.raises(DocumentNotReady):
            told(case, form=form, signers=signers, fields=fields)
    case.simple = replace(case.simple, correction_order_ids=("other",))
    with pytest.raises(OrderToCorrectMissing):
        told(case)
    with pytest.raises(SecondOfficerMissing):
        case.hand_over_simple(GIVEN, facts=facts(ZHOU, NOW, checked=checked(case, "F32", signers=SIGNED)))


@pytest.mark.row("PC55")
def test_a_defence_that_makes_it_uncertain_leads_to_the_ordinary_procedure():
    case = drafted()

    case.leave_simple("当事人出示有效证件", "f01", facts=facts(ZHOU, NOW, second=WU, case=case, forms="F01"))

    assert (case.state, case.simple) == (State.FILING, None)


@pytest.mark.refuses("PC55")
def test_that_has_its_reason_and_its_filing_form():
    case = drafted()
    with pytest.raises(ReasonMissing):
        case.leave_simple(" ", "f01", facts=facts(ZHOU, NOW, second=WU, case=case, forms="F01"))
    with pytest.raises(DocumentNotReady):
        case.leave_simple("不清", "", facts=facts(ZHOU, NOW, second=WU, case=case))


@pytest.mark.row("PC04")
def test_a_draft_may_be_dropped():
    case = drafted()
    case.finding_ids = []

    case.refuse_filing(RefusalGround.NO_VIOLATION, "证件有效", "", facts=facts(DEP, NOW))

    assert case.state is State.NOT_FILED


@pytest.mark.row("PC56")
def test_reported_to_the_authority_d05_stops():
    case = recorded()

    assert (case.state, case.simple.record_entry) == (State.S_RECORDED, "当场处罚登记 1 号")
    assert case.timer("D05").stopped_at == at(8, 19)


@pytest.mark.refuses("PC56")
def test_the_report_names_its_entry():
    case = decided()
    with pytest.raises(EntryMissing):
        case.record_simple(" ", facts=facts(ZHOU, at(8, 19)))
    with pytest.raises(RoleForbidsMove):
        case.record_simple("1", facts=facts(FIN, at(8, 19)))


@pytest.mark.row("PC57")
def test_paid_at_the_bank_it_is_executed():
    case = recorded()
    case.execute_simple(facts=facts(FIN, at(8, 22)))
    with pytest.raises(FineStillDue):
        case.complete_simple(facts=facts(FIN, at(8, 22)))
    case.record_payment(Payment(Money.yuan(2_000), "2022-08-23", "slip", "", "fang", at(8, 23)), facts=facts(FIN, at(8, 23)))

    case.complete_simple(facts=facts(FIN, at(8, 23)))

    assert case.state is State.EXECUTED
    assert case.timer("D16").stopped_at is not None


@pytest.mark.refuses("PC57")
def test_only_a_penalty_on_the_spot_goes_this_way():
    case = a_case(State.EXECUTING)
    with pytest.raises(SimpleNotAllowed):
        case.complete_simple(facts=facts(FIN, at(9, 21)))
    with pytest.raises(StateForbidsTransition):
        case.execute_simple(facts=facts(FIN, at(9, 21)))
    other = recorded()
    with pytest.raises(RoleForbidsMove):
        other.execute_simple(facts=facts(CHIEF, at(8, 22)))


def cash(yuan=100, **changes):
    given = {
        "amount": Money.yuan(yuan),
        "ground": CashGround.UP_TO_100,
        "receipt_number": "粤财 001",
        "collected_by": "",
        "collected_at": NOW,
    }
    return CashCollection(**{**given, **changes})


@pytest.mark.row("PC57")
def test_cash_goes_from_the_officer_to_the_authority_to_the_bank():
    case = decided(100)

    case.collect_cash(cash(), facts=facts(ZHOU, at(8, 18, 11)))
    assert (case.state, case.timer("D06").legal_expiry) == (State.S_DECIDED, "2022-08-22")
    taken = case.hand_in_cash("粤财 001", facts=facts(FIN, at(8, 19)))
    assert (taken.collected_by, taken.taken_in_by) == ("zhou", "fang")
    assert case.timer("D06").stopped_at == at(8, 19)
    assert case.timer("D07").legal_expiry == "2022-08-23"
    case.record_payment(Payment(taken.amount, "2022-08-18", "粤财 001", "", "fang", at(8, 19)), facts=facts(FIN, at(8, 19)))
    case.record_simple("1", facts=facts(ZHOU, at(8, 19)))
    case.execute_simple(facts=facts(FIN, at(8, 19)))
    with pytest.raises(FineStillDue):
        case.complete_simple(facts=facts(FIN, at(8, 19)))
    case.deposit_cash("粤财 001", "bank-1", facts=facts(FIN, at(8, 22)))
    case.complete_simple(facts=facts(FIN, at(8, 22)))

    assert case.state is State.EXECUTED
    assert case.timer("D07").stopped_at == at(8, 22)


def test_taken_on_water_d06_runs_from_the_landing():
    case = decided(100)

    case.collect_cash(cash(landed_at=at(8, 20)), facts=facts(ZHOU, at(8, 20, 12)))

    assert case.timer("D06").legal_expiry == "2022-08-23"


def test_in_a_remote_place_on_request_in_any_procedure():
    case = a_case(State.EXECUTING)
    remote = cash(49_000, ground=CashGround.REMOTE, party_request_id="letter", collected_at=at(9, 21))

    case.collect_cash(remote, facts=facts(ZHOU, at(9, 21)))

    assert case.cash[0].collected_by == "zhou"


@pytest.mark.refuses("PC57")
@pytest.mark.parametrize(
    ("given", "error"),
    [
        (cash(ground=CashGround.REMOTE), CashNotAllowed),
        (cash(receipt_number=" "), ReceiptMissing),
        (cash(101), CashTooMuch),
        (cash(0), CashTooMuch),
        (cash(collected_at=at(8, 19)), CashDateInvalid),
        (cash(landed_at=at(8, 17)), CashDateInvalid),
    ],
)
def test_cash_that_may_not_be_taken(given, error):
    case = decided(100)

    with pytest.raises(error):
        case.collect_cash(given, facts=facts(ZHOU, at(8, 18, 11)))


@pytest.mark.refuses("PC57")
def test_cash_outside_its_grounds_or_twice():
    with pytest.raises(CashNotAllowed):
        decided(101).collect_cash(cash(101), facts=facts(ZHOU, at(8, 18, 11)))
    decided(101).collect_cash(cash(101, ground=CashGround.HARD_LATER), facts=facts(ZHOU, at(8, 18, 11)))
    with pytest.raises(CashNotAllowed):
        a_case(State.EXECUTING).collect_cash(cash(collected_at=at(9, 21)), facts=facts(ZHOU, at(9, 21)))
    case = decided(100)
    case.collect_cash(cash(50), facts=facts(ZHOU, at(8, 18, 11)))
    with pytest.raises(ReceiptUsed):
        case.collect_cash(cash(50), facts=facts(ZHOU, at(8, 18, 11)))
    with pytest.raises(CashTooMuch):
        case.collect_cash(cash(51, receipt_number="2"), facts=facts(ZHOU, at(8, 18, 11)))
    with pytest.raises(RoleForbidsMove):
        case.collect_cash(cash(50, receipt_number="2"), facts=facts(FIN, at(8, 18, 11)))
    with pytest.raises(CashNotFound):
        case.hand_in_cash("unknown", facts=facts(FIN, at(8, 19)))
    with pytest.raises(CashNotFound):
        case.deposit_cash("粤财 001", "bank", facts=facts(FIN, at(8, 19)))
    case.hand_in_cash("粤财 001", facts=facts(FIN, at(8, 19)))
    with pytest.raises(CashHandedIn):
        case.hand_in_cash("粤财 001", facts=facts(FIN, at(8, 19)))
    with pytest.raises(ReceiptMissing):
        case.deposit_cash("粤财 001", " ", facts=facts(FIN, at(8, 19)))
    case.deposit_cash("粤财 001", "bank", facts=facts(FIN, at(8, 19)))
    with pytest.raises(CashHandedIn):
        case.deposit_cash("粤财 001", "bank", facts=facts(FIN, at(8, 19)))

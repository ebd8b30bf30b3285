"""PC44–PC46: the case while the police have it; G10 resolved by a transfer; INV-09; the offset of fines (APL 35); goods held."""

import pytest
from kernel.money import Money
from kernel.moves import SYSTEM, RoleForbidsMove
from penalties.domain.case import State
from penalties.domain.closing import GoodsStillHeld
from penalties.domain.crime_screen import Answer, CrimeFacts
from penalties.domain.decision import CriminalFineImposed, GoodsHeldTooLong, SuspectWithPolice
from penalties.domain.enforcement import WITH_POLICE
from penalties.domain.file import ReasonMissing
from penalties.domain.guards import CrimeSuspicionUnresolved, InvestigatorMayNotDecide
from penalties.domain.papers import DocumentNotReady
from penalties.domain.records import span
from penalties.domain.standing import ExecutionOnHold
from penalties.domain.transfer import (
    AdministrativeMatterLeft,
    NotConvicted,
    NothingPaused,
    TransferNotApproved,
    TransferUnresolved,
)

from .enforced import TRANSFER, a_transfer, goods, overdue
from .story import CHIEF, DEP, PATH, REGISTERED, WU, ZHENG, ZHOU, a_case, a_person, at, facts, propose

DANGER = CrimeFacts(real_danger=Answer.YES, disabled_monitoring=Answer.YES)


def to_police(state=State.INVESTIGATING, now=None):
    case = a_case(state)
    case.transfers = [a_transfer(case)]
    case.send_to_police(TRANSFER, now or at(9, 1), facts=facts(SYSTEM, now or at(9, 1)))
    return case


def back(case, state="RETURNED_ADMIN", now=None, **changes):
    for name, value in changes.items():
        setattr(case.transfers[0], name, value)
    case.transfers[0].state = state
    return case.come_back(TRANSFER, now or at(9, 11), "不予立案", facts=facts(SYSTEM, now or at(9, 11)))


@pytest.mark.row("PC44")
@pytest.mark.parametrize("state", [state for state in PATH if State(state) in span(State.CLUE, State.DECIDING)])
def test_from_every_state_before_the_decision_the_case_rests_with_the_police(state):
    case = to_police(State(state))

    assert case.state is State.CRIME_TRANSFER
    limit = case.timer("D12")
    assert limit is None or (limit.legal_expiry, limit.expires_at) == ("", None)
    assert case.timer("D08") is None or case.timer("D08").stopped_at is not None


@pytest.mark.row("PC45")
def test_the_limit_goes_on_with_the_days_that_it_had():
    """7.4: D12 under PB ends on 2022-09-19; the ten days with the police are out."""
    case = to_police()

    resumed = back(case)

    assert case.state is State.INVESTIGATING
    assert resumed.decide_by == case.timer("D12").legal_expiry == case.decide_by == "2022-09-27"


@pytest.mark.row("PC45")
@pytest.mark.parametrize("state", [State.CLUE, State.FILING])
def test_a_case_that_was_not_filed_comes_back_to_its_filing(state):
    case = to_police(state)

    back(case)

    assert (case.state, case.timer("D12")) == (State.FILING, None)


@pytest.mark.refuses("PC44", "PC45")
def test_people_do_not_move_a_case_to_the_police_or_back_and_nothing_moves_by_itself():
    case = a_case(State.INVESTIGATING)
    with pytest.raises(TransferNotApproved):
        case.send_to_police(TRANSFER, at(9, 1), facts=facts(SYSTEM, at(9, 1)))
    case.transfers = [a_transfer(case)]
    with pytest.raises(RoleForbidsMove):
        case.send_to_police(TRANSFER, at(9, 1), facts=facts(CHIEF, at(9, 1)))
    case = to_police()
    with pytest.raises(TransferUnresolved):
        case.come_back(TRANSFER, at(9, 11), "", facts=facts(SYSTEM, at(9, 11)))
    case.transfers[0].state = "RETURNED_ADMIN"
    with pytest.raises(RoleForbidsMove):
        case.come_back(TRANSFER, at(9, 11), "", facts=facts(CHIEF, at(9, 11)))
    assert case.state is State.CRIME_TRANSFER


def report(case):
    forms = facts(ZHOU, at(9, 8), second=WU, case=case, forms="ws10053 F30", evidence=REGISTERED)
    case.submit_report(("ws10053", "f30"), facts=forms)


def suspected():
    case = a_case(State.INVESTIGATING)
    propose(case)
    case.record_crime_facts(DANGER, facts=facts(ZHOU, at(9, 1)))
    case.run_screen(facts=facts(ZHOU, at(9, 1)))
    return case


@pytest.mark.row("PC10")
@pytest.mark.parametrize("state", ["CLOSED", "REJECTED", "RETURNED_ADMIN"])
def test_a_resolved_transfer_answers_the_screen(state):
    case = suspected()
    case.transfers = [a_transfer(case, state)]

    report(case)

    assert case.state is State.REPORTED


@pytest.mark.refuses("PC10")
@pytest.mark.parametrize(
    ("transfers", "offences"),
    [([], []), (["SUSPECTED"], ["134-1"]), (["PRINCIPAL"], ["134-1"]), (["REJECTED"], ["134(1)"]), (["JUDGED"], ["134-1"])],
)
def test_a_transfer_that_is_open_or_about_another_offence_resolves_nothing(transfers, offences):
    case = suspected()
    case.transfers = [a_transfer(case, state, offences=offences) for state in transfers]
    with pytest.raises(CrimeSuspicionUnresolved):
        report(case)


def decide(case, **known):
    case.decide(("f30", "f34"), "", facts=facts(CHIEF, at(9, 20), case=case, forms="F30 F34", **known))


@pytest.mark.refuses("PC27")
@pytest.mark.parametrize("state", sorted(WITH_POLICE))
def test_nothing_is_imposed_on_a_suspect_before_the_police_are_done(state):
    """INV-09, also where the transfer began from a sibling case."""
    case = a_case(State.DECIDING)
    with pytest.raises(SuspectWithPolice):
        decide(case, transfers_of_party=[a_transfer(case, state, case_id=None)])

    decide(case, transfers_of_party=[a_transfer(case, state, case_id=None, suspects=["another"])])


@pytest.mark.refuses("PC27")
def test_goods_are_decided_on_before_their_last_day():
    case = a_case(State.DECIDING)
    case.measures = [goods(case)]
    assert case.decide_by == "2022-09-15"
    with pytest.raises(GoodsHeldTooLong):
        decide(case)
    case.measures = [goods(case, last_on="2022-09-20")]
    decide(case)

    assert case.state is State.DECIDED


@pytest.mark.refuses("PC42")
def test_a_case_is_not_closed_while_its_goods_are_held():
    case = a_case(State.EXECUTED)
    case.measures = [goods(case, "DECIDED")]
    with pytest.raises(GoodsStillHeld):
        case.close("f46", facts=facts(DEP, at(10, 10), case=case, forms="F46"))
    case.measures[0].state = "DESTROYED"
    case.close("f46", facts=facts(DEP, at(10, 10), case=case, forms="F46"))


def test_no_fine_beside_a_criminal_fine():
    """APL 35."""
    case = a_case(State.DECIDING)
    case.criminal_fine = Money.yuan(100_000)
    with pytest.raises(CriminalFineImposed):
        decide(case)


@pytest.mark.parametrize(("court_fine", "paid", "due"), [(100_000, 49_000, 51_000), (30_000, 49_000, 0), (100_000, 0, 100_000)])
def test_the_criminal_fine_is_lowered_by_what_was_paid(court_fine, paid, due):
    """criminal_fine_due = max(0, court_fine - admin_fine_paid)."""
    case = a_case(State.CLOSED) if paid else a_case(State.EXECUTING)

    case.meet_criminal_fine(Money.yuan(court_fine), facts=facts(SYSTEM, at(12, 1)))

    assert case.criminal_fine_due == Money.yuan(due)
    assert case.execution_paused is not bool(paid)


def test_an_unpaid_fine_rests_until_the_head_lets_it_go_on():
    case = overdue()
    paused = case.meet_criminal_fine(Money.yuan(1), facts=facts(SYSTEM, at(10, 20)))
    assert paused.paused
    with pytest.raises(ExecutionOnHold):
        case.release_demand("f41", facts=facts(ZHOU, at(10, 21), case=case, forms="F41"))
    with pytest.raises(RoleForbidsMove):
        case.resume_collection("可以", facts=facts(ZHENG, at(10, 21)))
    with pytest.raises(ReasonMissing):
        case.resume_collection(" ", facts=facts(CHIEF, at(10, 21)))
    case.resume_collection("律师意见", facts=facts(CHIEF, at(10, 21)))
    with pytest.raises(NothingPaused):
        case.resume_collection("律师意见", facts=facts(CHIEF, at(10, 21)))


def judged(**changes):
    case = to_police()
    case.transfers[0].state, case.transfers[0].cause = "JUDGED", "CONVICTED"
    for name, value in changes.items():
        setattr(case.transfers[0], name, value)
    return case


def close(case, by=DEP, forms="F46"):
    return case.close_after_judgment("f46", facts=facts(by, at(12, 1), case=case, forms=forms))


@pytest.mark.row("PC46")
def test_a_convicted_party_owes_no_administrative_fine():
    case = judged()

    close(case)

    assert (case.state, case.fine, case.closed_at) == (State.CLOSED, Money(0), at(12, 1))


@pytest.mark.refuses("PC46")
def test_a_case_is_closed_by_a_judgment_that_convicts_and_leaves_nothing():
    for case, reason, changes in (
        (to_police(), TransferUnresolved, {}),
        (judged(administrative_left=True), AdministrativeMatterLeft, {}),
        (judged(cause="ACQUITTED"), NotConvicted, {}),
        (judged(), RoleForbidsMove, {"by": CHIEF}),
        (judged(), InvestigatorMayNotDecide, {"by": a_person("zhou", "DEP")}),
        (judged(), DocumentNotReady, {"forms": ""}),
    ):
        with pytest.raises(reason):
            close(case, **changes)
        assert case.state is State.CRIME_TRANSFER
    case = judged()
    case.transfers = []
    with pytest.raises(NotConvicted):
        close(case)


def test_a_judgment_that_leaves_something_lets_the_case_go_on():
    case = judged(administrative_left=True)

    case.come_back(TRANSFER, at(12, 1), "JUDGED", facts=facts(SYSTEM, at(12, 1)))

    assert case.state is State.INVESTIGATING
    assert case.transfers[0].resolved


def test_what_was_raised_while_the_record_was_open_is_part_of_it():
    """One record per case in criminal-transfer: a later screen of the same case adds its offences."""
    case = suspected()
    case.transfers = [a_transfer(case, "CLOSED", offences=["134(1)"], ended_at=at(9, 5))]

    report(case)

    assert case.state is State.REPORTED
    late = suspected()
    late.transfers = [a_transfer(late, "CLOSED", offences=["134(1)"], ended_at=at(8, 31))]
    with pytest.raises(CrimeSuspicionUnresolved):
        report(late)

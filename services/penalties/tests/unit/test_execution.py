"""PC29, PC30, PC33, PC34, PC42, PC43: service, payment, surcharge, publicity, closing, archive."""

from datetime import date

import pytest
from kernel.money import Money
from kernel.moves import SYSTEM, RoleForbidsMove, StateForbidsTransition
from kernel.timers import TimerState
from penalties.domain.account import AccountState, NotYetOverdue, Payment, PaymentInvalid, PaymentTooHigh, SlipAlreadyBooked
from penalties.domain.case import State
from penalties.domain.closing import DocumentsUnfinished, FindingsWithoutOrder, HashMismatch, NotFiledUpward, NotPublished
from penalties.domain.execution import (
    DecisionNotServed,
    FineUnpaid,
    FormNotReleased,
    NoFineAccount,
    NothingToFile,
    NothingToPublish,
    NotPerformed,
    PaidInFuture,
    PaymentPeriodOpen,
)
from penalties.domain.guards import InvestigatorMayNotDecide
from penalties.domain.papers import DocumentNotReady
from penalties.domain.proposal import PenaltyItem, PenaltyKind
from penalties.domain.publicity import FilingReferenceMissing, PublicityChannelMissing, PublicityState, UpwardFiling
from penalties.domain.records import RefusalGround

from .story import ARCHIVE, DEP, FIN, LAW, WU, ZHENG, ZHOU, a_case, a_document, a_person, at, checked, facts, pay


@pytest.mark.row("PC29")
@pytest.mark.row("PC30")
def test_the_service_of_the_decision_starts_payment_and_remedies():
    case = a_case(State.EXECUTING)

    assert case.served_on == "2022-09-20"
    assert (case.fine_account.state, case.fine_account.due_on) == ("DUE", "2022-10-08")
    assert case.timer("D13").stopped_at is not None


@pytest.mark.row("PC29")
def test_without_a_fine_there_is_no_payment():
    case = a_case(State.DECIDED)
    case.fine = Money(0)

    case.serve("f34", "2022-09-20", "2022-09-20", "DIRECT", facts=facts(SYSTEM, at(9, 20)))

    assert case.fine_account is None
    assert case.timer("D16") is None


@pytest.mark.refuses("PC29")
@pytest.mark.refuses("PC30")
def test_people_do_not_serve_by_hand():
    with pytest.raises(RoleForbidsMove):
        a_case(State.DECIDED).serve("f34", "2022-09-20", "2022-09-20", "DIRECT", facts=facts(ZHOU, at(9, 20)))
    case = a_case(State.SERVED)
    case.documents = []
    with pytest.raises(DecisionNotServed):
        case.start_execution(facts=facts(SYSTEM, at(9, 20)))


@pytest.mark.row("PC33")
def test_what_is_not_paid_in_time_becomes_overdue():
    case = a_case(State.EXECUTING)

    case.charge_surcharge(facts=facts(SYSTEM, case.timer("D16").expires_at))

    assert case.state is State.EXECUTING
    assert case.fine_account.state is AccountState.OVERDUE
    assert case.timer("D18").state is TimerState.RUNNING


@pytest.mark.refuses("PC33")
def test_no_surcharge_before_the_period_ends_nor_twice():
    case = a_case(State.EXECUTING)
    with pytest.raises(PaymentPeriodOpen):
        case.charge_surcharge(facts=facts(FIN, at(10, 8, 23)))
    case.charge_surcharge(facts=facts(FIN, at(10, 9)))
    with pytest.raises(NotYetOverdue):
        case.charge_surcharge(facts=facts(FIN, at(10, 10)))
    case.accounts = []
    with pytest.raises(NoFineAccount):
        case.charge_surcharge(facts=facts(FIN, at(10, 10)))
    with pytest.raises(NoFineAccount):
        pay(case, 1, at(10, 10))


@pytest.mark.parametrize(
    ("day", "yuan"), [(date(2022, 10, 8), 0), (date(2022, 11, 10), 48_510), (date(2022, 11, 11), 49_000), (date(2023, 1, 1), 49_000)]
)
def test_the_surcharge_is_three_per_cent_a_day_up_to_the_fine(day, yuan):
    case = a_case(State.EXECUTING)

    assert case.fine_account.surcharge_on(day, LAW) == Money.yuan(yuan)


def test_the_surcharge_is_capped_on_the_34th_day():
    case = a_case(State.EXECUTING)
    case.charge_surcharge(facts=facts(SYSTEM, at(10, 9)))
    assert case.surcharge_capped_at() == at(11, 11, 0)

    case.cap_surcharge(facts=facts(SYSTEM, at(11, 11, 0)))

    assert (case.fine_account.state, case.fine_account.surcharge) == ("CAPPED", Money.yuan(49_000))
    assert case.timer("D18").stopped_at is not None


def test_after_a_part_was_paid_the_rest_is_capped_without_a_state_of_its_own():
    case = a_case(State.EXECUTING)
    case.charge_surcharge(facts=facts(SYSTEM, at(10, 9)))
    pay(case, 9_000, at(10, 9))

    case.cap_surcharge(facts=facts(SYSTEM, at(11, 11, 0)))

    assert (case.fine_account.state, case.fine_account.surcharge) == ("PART_PAID", Money.yuan(40_270))


@pytest.mark.row("PC34")
def test_a_late_payment_carries_the_surcharge_of_its_day():
    case = a_case(State.EXECUTING)
    case.charge_surcharge(facts=facts(SYSTEM, at(10, 9)))
    pay(case, 49_000, at(10, 18))
    assert case.fine_account.state is AccountState.PART_PAID
    assert case.fine_account.owed == Money.yuan(14_700)

    pay(case, 14_700, at(10, 28))
    case.complete_execution((), facts=facts(FIN, at(10, 28)))

    assert case.fine_account.state is AccountState.PAID
    assert case.state is State.EXECUTED


def test_two_parts_carry_each_their_own_days():
    case = a_case(State.EXECUTING)
    pay(case, 9_000, at(10, 8))

    assert case.fine_account.surcharge_on(date(2022, 10, 18), LAW) == Money.yuan(12_000)


@pytest.mark.refuses("PC34")
def test_the_execution_is_not_complete_while_something_is_owed():
    case = a_case(State.EXECUTING)
    with pytest.raises(FineUnpaid):
        case.complete_execution((), facts=facts(FIN, at(10, 1)))
    with pytest.raises(RoleForbidsMove):
        case.complete_execution((), facts=facts(WU, at(10, 1)))


@pytest.mark.refuses("PC34")
def test_a_suspension_is_verified_before_the_execution_is_complete():
    case = a_case(State.EXECUTING)
    pay(case, 49_000, at(10, 1))
    decided = case.proposals[-1]
    both = (*decided.items, PenaltyItem(PenaltyKind.SUSPENSION))
    case.proposals = [decided.__class__(**{**decided.__dict__, "items": both})]
    with pytest.raises(NotPerformed):
        case.complete_execution((), facts=facts(FIN, at(10, 1)))

    case.complete_execution((), facts=facts(ZHOU, at(10, 1), performed=("SUSPENSION",)))

    assert case.state is State.EXECUTED


@pytest.mark.parametrize(("yuan", "slip", "reason"), [(0, "a", PaymentInvalid), (1, " ", PaymentInvalid), (49_001, "b", PaymentTooHigh)])
def test_a_wrong_payment_is_not_booked(yuan, slip, reason):
    case = a_case(State.EXECUTING)
    with pytest.raises(reason):
        pay(case, yuan, at(9, 30), slip=slip)
    assert case.fine_account.payments == []


def test_a_slip_is_booked_once_not_in_advance_and_by_the_clerk():
    case = a_case(State.EXECUTING)
    pay(case, 1_000, at(9, 30), slip="s")
    with pytest.raises(SlipAlreadyBooked):
        pay(case, 1_000, at(9, 30), slip="s")
    with pytest.raises(RoleForbidsMove):
        pay(case, 1_000, at(9, 30), slip="t", by=ZHOU)
    with pytest.raises(PaidInFuture):
        case.record_payment(Payment(Money.yuan(1), "2022-10-01", "u", "", "fang", at(9, 30)), facts=facts(FIN, at(9, 30)))
    with pytest.raises(StateForbidsTransition):
        pay(a_case(State.DECIDED), 1, at(9, 30))


def test_publication_stops_its_timer_and_names_the_system():
    case = a_case(State.EXECUTING)
    with pytest.raises(PublicityChannelMissing):
        case.publish("", "", facts=facts(ZHOU, at(9, 28)))
    with pytest.raises(RoleForbidsMove):
        case.publish("公示系统", "", facts=facts(a_person("song", "OFF"), at(9, 28)))
    case.publish("公示系统", "", facts=facts(ZHENG, at(9, 28)))

    assert case.publicity.state == "PUBLISHED"
    assert case.timer("D14").stopped_at is not None
    with pytest.raises(NothingToPublish):
        a_case(State.DECIDING).publish("公示系统", "", facts=facts(ZHOU, at(9, 28)))


def test_a_late_publication_keeps_its_breach():
    case = a_case(State.EXECUTING)
    timer = case.timer("D14")
    case.note_breach(timer, facts=facts(SYSTEM, timer.expires_at))

    case.publish("公示系统", "", facts=facts(ZHOU, at(10, 8)))

    assert timer.state is TimerState.BREACHED


def test_a_filing_upward_names_its_reference():
    case = a_case(State.EXECUTING)
    with pytest.raises(NothingToFile):
        case.file_upward("x", facts=facts(ZHOU, at(9, 28)))
    case.upward_filings = [UpwardFiling(case.id, case.org_path, "省厅")]
    with pytest.raises(FilingReferenceMissing):
        case.file_upward(" ", facts=facts(ZHOU, at(9, 28)))

    case.file_upward("备〔2022〕1号", facts=facts(ZHOU, at(9, 28)))

    assert case.upward_filing.state == "FILED"


def test_a_right_of_the_party_lapses_without_breach():
    case = a_case(State.EXECUTING)
    timer = case.timer("D19")

    case.note_lapse(timer, facts=facts(SYSTEM, timer.expires_at))

    assert timer.state is TimerState.STOPPED


@pytest.mark.row("PC42")
def test_a_case_is_closed_by_a_deputy():
    assert a_case(State.CLOSED).closed_at is not None


@pytest.mark.refuses("PC42")
def test_a_case_is_not_closed_while_something_is_open():
    def refuse(reason, prepare=lambda case: None, by=DEP, forms="F46", **known):
        case = a_case(State.EXECUTED)
        prepare(case)
        with pytest.raises(reason):
            case.close("f46", facts=facts(by, at(10, 10), case=case, forms=forms, **known))
        assert case.state is State.EXECUTED

    refuse(NotPublished, lambda c: setattr(c.publicity, "state", PublicityState.DUE))
    refuse(NotFiledUpward, lambda c: c.upward_filings.append(UpwardFiling(c.id, c.org_path, "省厅")))
    refuse(FindingsWithoutOrder, findings_without_order=["f1"])
    refuse(DocumentsUnfinished, lambda c: c.documents.append(a_document(c, "F16", "DRAFT")))
    refuse(DocumentNotReady, forms="")
    refuse(InvestigatorMayNotDecide, by=a_person("zhou", "DEP"))
    refuse(RoleForbidsMove, by=FIN)


@pytest.mark.row("PC43")
@pytest.mark.parametrize("state", ["CLOSED", "NOT_FILED", "WITHDRAWN", "TERMINATED", "MOVED"])
def test_the_file_is_archived(state):
    case = a_case(state)

    archived = case.archive(("f47", "f48"), facts=facts(ARCHIVE, at(10, 12), case=case, forms="F47 F48"))

    assert case.state is State.ARCHIVED
    assert {"f47", "f48"} <= set(archived.document_ids)


@pytest.mark.refuses("PC43")
def test_a_file_that_does_not_match_its_hashes_is_not_archived():
    case = a_case(State.CLOSED)
    with pytest.raises(HashMismatch):
        case.archive(("f47", "f48"), facts=facts(ARCHIVE, at(10, 12), case=case, forms="F47 F48", hash_mismatches=["e1"]))
    with pytest.raises(DocumentNotReady):
        case.archive(("f47",), facts=facts(ARCHIVE, at(10, 12), case=case, forms="F47"))
    with pytest.raises(RoleForbidsMove):
        case.archive(("f47", "f48"), facts=facts(DEP, at(10, 12), case=case, forms="F47 F48"))


def test_forms_without_approval_are_released_by_an_officer():
    case = a_case(State.INVESTIGATING)
    with pytest.raises(FormNotReleased):
        case.release_documents(checked(case, "F34").values(), facts=facts(ZHOU, at(8, 23)))
    with pytest.raises(DocumentNotReady):
        case.release_documents(checked(case, "F16").values(), facts=facts(ZHOU, at(8, 23)))
    with pytest.raises(RoleForbidsMove):
        case.release_documents((), facts=facts(DEP, at(8, 23)))

    case.release_documents(checked(case, "F15").values(), facts=facts(ZHOU, at(8, 23)))

    assert case.take_transitions()[-1].row == "W05"


@pytest.mark.row("PC04")
@pytest.mark.row("PC43")
def test_a_clue_that_was_not_filed_is_archived_too():
    case = a_case(State.CLUE, finding_ids=[])
    case.refuse_filing(RefusalGround.NO_VIOLATION, "不构成", "", facts=facts(DEP, at(8, 19)))

    case.archive(("f47", "f48"), facts=facts(ARCHIVE, at(8, 30), case=case, forms="F47 F48"))

    assert case.state is State.ARCHIVED

"""The screen of 7.5: facts against standards."""

import pytest
from kernel.money import Money
from penalties.domain.crime_screen import Answer, CrimeFacts, ScreenResult, crime_screen, element_answer, gravest
from penalties.domain.law import CrimeStandard, Element, Op

from .story import CRIME_STANDARDS

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


@pytest.mark.parametrize(
    ("facts", "act", "result"),
    [
        (CrimeFacts(), "A14", "NONE"),
        (CrimeFacts(accident=YES), "A14", "WATCH"),
        (CrimeFacts(accident=YES, dead=1), "A14", "MUST_TRANSFER"),
        (CrimeFacts(accident=YES, seriously_injured=2), "A14", "WATCH"),
        (CrimeFacts(accident=YES, seriously_injured=3), "A14", "MUST_TRANSFER"),
        (CrimeFacts(accident=YES, direct_loss=Money.yuan(499_999)), "A14", "WATCH"),
        (CrimeFacts(accident=YES, direct_loss=Money.yuan(500_000)), "A14", "CONSULT"),
        (CrimeFacts(accident=YES, direct_loss=Money.yuan(1_000_000)), "A14", "MUST_TRANSFER"),
        (CrimeFacts(accident=NO, dead=1), "A14", "WATCH"),
        (CrimeFacts(accident=NO, direct_loss=Money.yuan(500_000)), "A14", "NONE"),
        (CrimeFacts(dead=1), "A14", "CONSULT"),
        (CrimeFacts(), "A59", "CONSULT"),
        (CrimeFacts(real_danger=NO), "A59", "WATCH"),
        (CrimeFacts(real_danger=YES), "A59", "MUST_TRANSFER"),
        (CrimeFacts(real_danger=YES), "A14", "WATCH"),
        (CrimeFacts(disabled_monitoring=YES), "A22", "CONSULT"),
    ],
)
def test_each_combination_has_its_result(facts, act, result):
    assert gravest(crime_screen(CRIME_STANDARDS, facts, act)) == result


def test_the_result_says_what_is_met_missing_and_unknown():
    (accident, operation) = crime_screen(CRIME_STANDARDS, CrimeFacts(accident=YES, dead=2), "A14", ["e1"])

    assert accident.elements_met == ("an accident", "dead >= 1")
    assert accident.elements_missing == ("seriously injured >= 3", "loss >= 1,000,000", "loss >= 500,000")
    assert operation.elements_unknown == ("real danger", "monitoring disabled")
    assert accident.evidence_ids == ("e1",)


def test_a_standard_of_conduct_alone_is_met_by_all_its_elements():
    forged = CrimeStandard("280", "伪造证件罪", required=(Element("f", "forged", "forged_documents", Op.TRUE),))

    assert gravest(crime_screen([forged], CrimeFacts(forged_documents=YES), "A77")) is ScreenResult.MUST_TRANSFER
    assert gravest(crime_screen([forged], CrimeFacts(), "A77")) is ScreenResult.NONE


def test_a_fact_that_the_screen_does_not_know_is_unknown():
    assert element_answer(Element("x", "x", "weather", Op.TRUE), CrimeFacts(), "A14") is UNKNOWN
    assert element_answer(Element("x", "x", "weather", Op.GE, 1), CrimeFacts(), "A14") is UNKNOWN


def test_no_standard_is_no_suspicion():
    assert gravest(()) is ScreenResult.NONE


def test_only_consult_and_must_transfer_block():
    assert [result.blocks for result in ScreenResult] == [False, False, True, True]

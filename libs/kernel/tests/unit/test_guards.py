"""The guards over officers and bodies that services share."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from kernel.errors import DomainError
from kernel.guards import (
    ActingBody,
    ActNotCovered,
    Certificate,
    CertificateMissing,
    CertificateNotValid,
    CertificateOfOtherCategory,
    CertificateOfOtherRegion,
    CertificateState,
    CoercionEntrusted,
    EntrustmentOver,
    Officer,
    OfficerInConflict,
    OfficerUnknown,
    PlaceNotCompetent,
    SeparationViolated,
    TooFewOfficers,
    certificate_refusal,
    competent,
    no_conflict,
    separate,
    two_certified_officers,
)

AT = datetime(2022, 8, 16, 2, tzinfo=UTC)
PLACE, FIELD = "441900118", "WORK_SAFETY"
CERTIFICATE = Certificate("粤S-001", frozenset({FIELD}), ("441900",), date(2020, 1, 1), date(2024, 12, 31))


def an_officer(name: str = "zhou", *certificates: Certificate) -> Officer:
    return Officer(id=name, certificates=certificates or (CERTIFICATE,))


def refusal_of(*officers: Officer) -> DomainError | None:
    return two_certified_officers(officers, AT, PLACE, FIELD)


def test_two_officers_with_valid_certificates_may_act() -> None:
    assert refusal_of(an_officer("zhou"), an_officer("wu")) is None


def test_one_person_twice_is_one_officer() -> None:
    refused = refusal_of(an_officer("zhou"), an_officer("zhou"))

    assert isinstance(refused, TooFewOfficers)
    assert refused.facts == {"given": 1, "needed": 2}


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, CertificateState.VALID),
        ({"valid_to": date(2022, 10, 15)}, CertificateState.EXPIRING),
        ({"valid_to": date(2022, 10, 16)}, CertificateState.VALID),
        ({"valid_to": date(2022, 8, 16)}, CertificateState.EXPIRING),
        ({"valid_to": date(2022, 8, 15)}, CertificateState.EXPIRED),
        ({"valid_from": date(2022, 8, 17)}, CertificateState.NOT_YET_VALID),
        ({"suspended": ((date(2022, 8, 1), None),)}, CertificateState.SUSPENDED),
        ({"suspended": ((date(2022, 8, 1), date(2022, 8, 16)),)}, CertificateState.VALID),
        ({"suspended": ((date(2022, 8, 17), None),)}, CertificateState.VALID),
        ({"revoked_on": date(2022, 8, 16)}, CertificateState.REVOKED),
        ({"revoked_on": date(2022, 8, 17)}, CertificateState.VALID),
    ],
)
def test_a_certificate_is_judged_on_the_day_of_the_event(change: dict[str, object], state: CertificateState) -> None:
    assert replace(CERTIFICATE, **change).state_at(AT) is state  # type: ignore[arg-type]


@pytest.mark.parametrize("state", list(CertificateState))
def test_a_certificate_as_identity_answers_it_keeps_what_stops_it(state: CertificateState) -> None:
    answered = Certificate.as_answered("粤S-001", [FIELD], ["441900"], date(2020, 1, 1), date(2024, 12, 31), state)

    stopped = {CertificateState.SUSPENDED, CertificateState.REVOKED}
    assert answered.state_at(AT) is (state if state in stopped else CertificateState.VALID)


@pytest.mark.parametrize(
    ("officer", "error"),
    [
        (None, OfficerUnknown),
        (Officer("x", active=False, certificates=(CERTIFICATE,)), OfficerUnknown),
        (Officer("x"), CertificateMissing),
        (an_officer("x", replace(CERTIFICATE, categories=frozenset({"FIREWORKS"}))), CertificateOfOtherCategory),
        (an_officer("x", replace(CERTIFICATE, region_codes=("440402",))), CertificateOfOtherRegion),
        (an_officer("x", replace(CERTIFICATE, valid_to=date(2022, 8, 15))), CertificateNotValid),
    ],
)
def test_an_officer_without_a_fitting_certificate_is_refused(officer: Officer | None, error: type[DomainError]) -> None:
    refused = certificate_refusal(officer, "x", at=AT, region_code=PLACE, category=FIELD)

    assert type(refused) is error
    assert refused.facts["officer"] == "x"
    assert officer is None or type(refusal_of(an_officer("zhou"), officer)) is error


def test_one_fitting_certificate_is_enough_and_the_nearest_one_says_what_is_missing() -> None:
    expired = replace(CERTIFICATE, valid_to=date(2022, 8, 15))
    foreign = replace(CERTIFICATE, region_codes=("440402",))

    assert certificate_refusal(an_officer("x", expired, CERTIFICATE), "x", at=AT, region_code=PLACE, category=FIELD) is None
    refused = certificate_refusal(an_officer("x", foreign, expired), "x", at=AT, region_code=PLACE, category=FIELD)
    assert isinstance(refused, CertificateNotValid)
    assert refused.facts["state"] == "EXPIRED"


@pytest.mark.parametrize(
    ("codes", "reaches"), [(("44",), True), (("440000",), True), (("441900",), True), (("441900118",), True), (("440402",), False)]
)
def test_a_region_code_covers_what_begins_with_it(codes: tuple[str, ...], reaches: bool) -> None:
    assert replace(CERTIFICATE, region_codes=codes).reaches(PLACE) is reaches


def test_an_accepted_recusal_or_a_conflict_keeps_an_officer_out() -> None:
    assert no_conflict(["zhou", "wu"], recused={"zheng"}) is None
    recused = no_conflict(["zhou", "wu"], recused={"wu"})
    conflict = no_conflict(["zhou"], recused=(), conflicts={"zhou"})

    assert isinstance(recused, OfficerInConflict)
    assert recused.facts == {"officer": "wu", "ground": "recusal"}
    assert isinstance(conflict, OfficerInConflict)
    assert conflict.facts["ground"] == "conflict"


def test_one_person_fills_one_post() -> None:
    others = {"preparer": {"zhou", "wu"}, "reviewer": {"zheng"}}

    assert separate("chief", "approver", others) is None
    refused = separate("zheng", "approver", others)
    assert isinstance(refused, SeparationViolated)
    assert refused.facts == {"officer": "zheng", "post": "approver", "other": "reviewer"}


BUREAU = ActingBody("dg", "STATUTORY", ("441900",))
BRANCH = ActingBody("dls", "ENTRUSTED", ("441900118",), frozenset({"penalty"}), date(2022, 1, 1), date(2022, 12, 31))


@pytest.mark.parametrize(
    ("body", "on", "act", "coercive", "error"),
    [
        (BUREAU, date(2022, 8, 16), "penalty", True, None),
        (BRANCH, date(2022, 8, 16), "penalty", False, None),
        (replace(BRANCH, entrusted_to=None), date(2023, 8, 16), "penalty", False, None),
        (replace(BUREAU, region_codes=("440402",)), date(2022, 8, 16), "penalty", False, PlaceNotCompetent),
        (BRANCH, date(2022, 8, 16), "penalty", True, CoercionEntrusted),
        (BRANCH, date(2021, 12, 31), "penalty", False, EntrustmentOver),
        (BRANCH, date(2023, 1, 1), "penalty", False, EntrustmentOver),
        (replace(BRANCH, entrusted_from=None), date(2022, 8, 16), "penalty", False, EntrustmentOver),
        (BRANCH, date(2022, 8, 16), "closure", False, ActNotCovered),
    ],
)
def test_a_body_acts_where_and_as_far_as_its_basis_reaches(
    body: ActingBody, on: date, act: str, coercive: bool, error: type[DomainError] | None
) -> None:
    refused = competent(body, on=on, region_code=PLACE, act=act, coercive=coercive)

    assert (type(refused) if refused else None) is error

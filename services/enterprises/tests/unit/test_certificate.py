from datetime import UTC, date, datetime

import pytest
from enterprises.domain.certificate import (
    Certificate,
    CertificateEndUnknown,
    CertificatePeriodReversed,
    HolderNameDiffers,
    Status,
    UnknownOperationItem,
    check_holder,
    qualified,
)
from kernel.moves import Facts, Person, Role, StateForbidsTransition
from kernel.parameters import LawParameters

OFFICER = Person(id="wu", org_id="o", org_path="/44/", roles=frozenset({Role.OFF}))


def facts() -> Facts:
    return Facts(by=OFFICER, now=datetime(2022, 8, 16, 2, tzinfo=UTC), law=LawParameters.shipped())


def a_certificate(**changes: object) -> Certificate:
    given = {
        "number": "T11010519491231002X",
        "holder_name": "李某",
        "holder_id_number": "11010519491231002X",
        "item": "2.1",
        "valid_from_on": date(2016, 5, 1),
        "valid_to_on": date(2022, 4, 30),
        "review_due_on": date(2019, 5, 1),
        "issuer": "省安监局",
        **changes,
    }
    return Certificate.register(facts=facts(), **given)


def test_an_expired_certificate_is_expired_on_the_day_after():
    certificate = a_certificate(review_due_on=date(2022, 4, 30))

    assert certificate.status(date(2022, 4, 30)) is Status.VALID
    assert certificate.status(date(2022, 5, 1)) is Status.EXPIRED


def test_a_missed_review_voids_the_certificate():
    assert a_certificate().status(date(2019, 5, 2)) is Status.REVIEW_OVERDUE


def test_a_certificate_is_not_valid_before_its_first_day():
    assert a_certificate().status(date(2016, 4, 30)) is Status.NOT_YET_VALID


def test_a_revoked_certificate_is_revoked_from_that_day_on():
    certificate = a_certificate()

    certificate.end(Status.REVOKED, on=date(2018, 1, 2), reason="forged training record", facts=facts())

    assert certificate.status(date(2018, 1, 1)) is Status.VALID
    assert certificate.status(date(2018, 1, 2)) is Status.REVOKED


def test_a_certificate_ends_once():
    certificate = a_certificate()
    certificate.end(Status.CANCELLED, on=date(2018, 1, 2), reason="asked by the holder", facts=facts())

    with pytest.raises(StateForbidsTransition):
        certificate.end(Status.REVOKED, on=date(2018, 1, 3), reason="again", facts=facts())


def test_a_certificate_does_not_end_as_expired():
    with pytest.raises(CertificateEndUnknown):
        a_certificate().end(Status.EXPIRED, on=date(2018, 1, 2), reason="", facts=facts())


def test_the_catalogue_decides_about_items():
    with pytest.raises(UnknownOperationItem):
        a_certificate(item="2.9")


def test_a_review_outside_the_life_is_refused():
    with pytest.raises(CertificatePeriodReversed):
        a_certificate(review_due_on=date(2023, 1, 1))


def test_an_electricians_certificate_of_the_past_does_not_qualify():
    assert not qualified([a_certificate()], date(2022, 8, 16))
    assert qualified([a_certificate(review_due_on=date(2022, 4, 30))], date(2022, 4, 1))


def test_another_name_under_the_number_is_told():
    with pytest.raises(HolderNameDiffers):
        check_holder([a_certificate()], "邓某")


def test_numbers_are_shown_masked():
    certificate = a_certificate()

    assert certificate.masked_id_number == "110***********002X"
    assert certificate.masked_number == "T110***********002X"

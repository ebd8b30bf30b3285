"""Arguments kept for the second officer, errors on the wire, page tokens, the clock, Settings."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import grpc
import pytest
from google.rpc import error_details_pb2
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Precondition
from kernel.money import Money
from kernel.moves import Person, Role
from pydantic import ValidationError
from servicekit.calls import _packed, _packed_person, _unpacked, _unpacked_person
from servicekit.clock import LegalClock, root_of
from servicekit.db import PageTokenInvalid, page_token, read_page_token
from servicekit.faults import Unavailable, away, collided
from servicekit.grpc import status_of
from servicekit.settings import ObjectSettings, ServiceSettings
from sqlalchemy import BigInteger, Column, Text, Uuid
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

ID = UUID("7a5b2a34-0d2c-4b62-8c4f-5d6f0e6b7f10")
AT = datetime(2025, 5, 1, 8, tzinfo=UTC)


def test_arguments_come_back_as_they_were():
    given = {
        "id": ID,
        "at": AT,
        "on": date(2025, 5, 1),
        "fine": Money(3),
        "raw": b"\x00",
        "n": 1,
        "deep": {"list": [ID, None, True, 0.5, "x"]},
    }

    assert _unpacked(_packed(given)) == given


def test_an_argument_that_is_no_data_is_refused():
    with pytest.raises(TypeError):
        _packed({"port": object()})


def test_a_person_comes_back_as_he_was():
    person = Person("zhou", "org", "/44/", frozenset({Role.OFF, Role.LEAD}), {"decide": None, "extend": 5})

    assert _unpacked_person(_packed_person(person)) == person


class OfficerMissing(Precondition):
    """For this test."""


@pytest.mark.parametrize(
    ("error", "code", "reason"),
    [
        (OfficerMissing("x", officer="li", on=date(2025, 5, 1), yes=True), grpc.StatusCode.FAILED_PRECONDITION, "OFFICER_MISSING"),
        (Invalid("x"), grpc.StatusCode.INVALID_ARGUMENT, "INVALID"),
        (NotFound("x"), grpc.StatusCode.NOT_FOUND, "NOT_FOUND"),
        (Forbidden("x"), grpc.StatusCode.PERMISSION_DENIED, "FORBIDDEN"),
        (Conflict("x"), grpc.StatusCode.ABORTED, "CONFLICT"),
        (StaleDataError(), grpc.StatusCode.ABORTED, "CHANGED_MEANWHILE"),
        (Unavailable("x", dependency="s3"), grpc.StatusCode.UNAVAILABLE, "UNAVAILABLE"),
        (ConnectionResetError(), grpc.StatusCode.UNAVAILABLE, "UNAVAILABLE"),
        (KeyError("secret"), grpc.StatusCode.INTERNAL, "INTERNAL"),
    ],
)
def test_an_error_has_one_code_and_one_reason(error, code, reason):
    status = status_of(error, "toy")
    info = error_details_pb2.ErrorInfo()
    status.details[0].Unpack(info)

    assert (status.code, info.reason, info.domain) == (code.value[0], reason, "toy.anzhi")
    assert "secret" not in status.message
    if reason == "OFFICER_MISSING":
        assert dict(info.metadata) == {"officer": "li", "on": "2025-05-01", "yes": "true"}


class _Driver(Exception):
    def __init__(self, sqlstate):
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("state", "again", "gone"),
    [
        ("40001", True, False),
        ("40P01", True, False),
        ("57P01", False, True),
        ("08006", False, True),
        ("28P01", False, True),
        ("23505", False, False),
    ],
)
def test_database_errors_are_told_apart(state, again, gone):
    error = DBAPIError("", {}, _Driver(state))

    assert collided(error) is again
    assert away(error) is gone


def test_a_page_token_comes_back_as_it_was():
    by = [Column("at", TIMESTAMP(timezone=True)), Column("id", Uuid()), Column("n", BigInteger()), Column("name", Text())]
    values = [AT, ID, 5, "张三"]

    assert [bound.value for bound in read_page_token(page_token(values), by)] == values


@pytest.mark.parametrize("token", ["x", "!!!", "W10", "eyJ9"])
def test_a_page_token_of_ones_own_making_is_refused(token):
    with pytest.raises(PageTokenInvalid):
        read_page_token(token, [Column("n", BigInteger())])


def test_the_root_of_a_body():
    assert root_of("/44/4419/dalingshan/") == "/44/"
    assert root_of("/") == "/"


async def test_legal_time_is_real_time_where_the_clock_is_off_or_no_root_is_meant():
    for clock, root in ((LegalClock(on=False), "/44/"), (LegalClock(on=True), ""), (LegalClock(on=True), "/")):
        assert abs(await clock.now(root, None) - datetime.now(UTC)) < timedelta(seconds=1)


async def test_legal_time_that_nobody_knows_is_no_time():
    with pytest.raises(Unavailable):
        await LegalClock(on=True).now("/44/", None)


async def test_an_answer_of_identity_is_kept_for_a_moment():
    asked = []

    async def ask(root):
        asked.append(root)
        return 60

    clock = LegalClock(on=True, ask=ask)
    for _ in range(3):
        assert await clock.now("/44/", None) > datetime.now(UTC) + timedelta(seconds=50)

    assert asked == ["/44/"]


def test_a_secret_has_no_default(monkeypatch):
    for name in ("S3_ENDPOINT", "S3_ACCESS_KEY", "S3_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ValidationError) as error:
        ObjectSettings(_env_file=None)

    assert {line["loc"][0] for line in error.value.errors()} >= {"s3_endpoint", "s3_access_key", "s3_secret_key"}


def test_a_target_without_scheme_is_spread_over_all_addresses():
    assert ServiceSettings(identity="identity:50051").identity == "dns:///identity:50051"
    assert ServiceSettings(identity="unix:///x").identity == "unix:///x"

"""What a log and a span may say of an error, and what is blotted out of them."""

import json
import logging

import pytest
from asyncpg.exceptions import UniqueViolationError
from kernel.errors import Invalid
from servicekit import privacy, telemetry
from sqlalchemy.exc import IntegrityError

PERSON = ("440106199001011234", "44010619900101123X", "13912345678", "+8613912345678", "86-13912345678")
SECRETS = ("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln", "password=Hunter2!x", '"refresh_token": "abc.def"', "postgresql://me:pw1@db/x")


class NameRefused(Invalid):
    """A name that is none."""


def failed(error: BaseException) -> BaseException:
    try:
        raise error
    except BaseException as raised:  # noqa: BLE001
        return raised


def line_of(error: BaseException | None, text: str = "it failed", **facts: object) -> dict[str, object]:
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, text, (), (type(error), error, error.__traceback__) if error else None)
    record.facts = facts
    return json.loads(telemetry._JsonLines("toy").format(record))


@pytest.mark.parametrize("value", PERSON)
def test_the_number_of_a_person_is_blotted_out(value: str):
    assert value.removeprefix("+86").removeprefix("86-") not in privacy.redacted(f"of {value}, as told")


@pytest.mark.parametrize(("text", "secret"), list(zip(SECRETS, ("c2ln", "Hunter2", "abc.def", "pw1"), strict=True)))
def test_a_secret_is_blotted_out(text: str, secret: str):
    assert secret not in privacy.redacted(text)


@pytest.mark.parametrize(
    "text", ["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "offset 12345678901234567890", "fine 4900000 fen"]
)
def test_what_is_no_number_of_a_person_stays(text: str):
    assert privacy.redacted(text) == text


def test_facts_are_blotted_out_too():
    line = line_of(None, "refused", given=["440106199001011234"], nested={"phone": "13912345678"})

    assert "440106199001011234" not in json.dumps(line)
    assert "13912345678" not in json.dumps(line)


def test_a_value_error_does_not_repeat_the_value():
    line = line_of(failed(ValueError("no such name: 王小明")))

    assert "王小明" not in json.dumps(line, ensure_ascii=False)
    assert "ValueError" in str(line["error"])


def test_a_refusal_is_told_by_its_reason():
    assert privacy.words_of(NameRefused("王小明 is none", given="王小明")) == "NameRefused NAME_REFUSED"


def test_an_error_of_the_database_is_told_without_its_row():
    orig = UniqueViolationError("duplicate key")
    orig.detail, orig.constraint_name, orig.sqlstate = "Key (name)=(王小明) already exists.", "uq_people_name", "23505"

    said = privacy.words_of(IntegrityError("INSERT INTO people VALUES ($1)", ("王小明",), orig))

    assert said == "IntegrityError UniqueViolationError 23505 uq_people_name"


def test_what_an_error_came_from_is_told_in_the_same_way():
    first = failed(ValueError("王小明"))
    second = RuntimeError("the ledger lacks nodes")
    second.__cause__ = first

    told = privacy.traced(failed(second))

    assert "王小明" not in told
    assert told.index("ValueError") < told.index("RuntimeError: the ledger lacks nodes")
    assert "test_privacy.py" in told


def test_the_repr_of_a_task_is_left_out():
    record = logging.LogRecord("asyncio", logging.ERROR, __file__, 1, "Task failed\nfuture: <Task ValueError('王小明')>", (), None)

    assert json.loads(telemetry._JsonLines("toy").format(record))["text"] == "Task failed"

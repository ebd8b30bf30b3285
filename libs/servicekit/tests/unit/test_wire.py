"""Objects onto messages, requests into values."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID

import pytest
from anzhi.type.v1 import types_pb2
from google.protobuf import struct_pb2, timestamp_pb2
from kernel.money import Money
from servicekit import wire
from servicekit.wire import FieldMissing, FieldWithoutSource, InvalidDate, InvalidId
from toy.v1 import toy_pb2 as pb

ID = UUID("7a5b2a34-0d2c-4b62-8c4f-5d6f0e6b7f10")
AT = datetime(2025, 5, 1, 8, tzinfo=UTC)


class State(StrEnum):
    PLACED = "PLACED"


@dataclass
class Thing:
    id: UUID = ID
    state: object = State.PLACED
    title: str = "x"
    worth: object = field(default_factory=lambda: Money(7))
    placed_at: object = AT
    due_on: object = date(2025, 5, 9)
    timers: list = field(default_factory=list)
    version: int = 3


def test_each_kind_of_field_is_copied():
    message = wire.write(pb.Parcel, Thing())

    assert (message.id, message.state) == (str(ID), pb.Parcel.STATE_PLACED)
    assert (message.worth.fen, message.due_on, message.version) == (7, "2025-05-09", 3)
    assert message.placed_at.ToDatetime(tzinfo=UTC) == AT


def test_none_leaves_a_field_unset():
    message = wire.write(pb.Parcel, Thing(state=None, worth=None, placed_at=None, due_on=None))

    assert message.state == 0
    assert not message.HasField("worth")
    assert not message.HasField("placed_at")
    assert message.due_on == ""


def test_a_field_without_source_is_an_error():
    with pytest.raises(FieldWithoutSource, match=r"toy\.v1\.Parcel\.title"):
        wire.write(pb.Parcel, {"id": ID, "state": "PLACED"})


def test_a_word_that_the_enum_does_not_know_is_an_error():
    with pytest.raises(FieldWithoutSource, match="STATE_BROKEN"):
        wire.write(pb.Parcel, Thing(state="BROKEN"))


def test_nested_lists_and_maps_are_copied():
    moves = [
        {
            "move": "send",
            "row": "T02",
            "permitted": True,
            "reason": "",
            "detail": "",
            "facts": {"a": 1},
            "by": "OFF",
            "law": ("APL 1",),
            "object_kind": "parcel",
            "object_id": ID,
            "target_states": [State.PLACED],
            "form": "",
        }
    ]

    message = wire.write(types_pb2.ListMovesResponse, {"moves": moves})

    assert dict(message.moves[0].facts) == {"a": "1"}
    assert list(message.moves[0].law) == ["APL 1"]
    assert list(message.moves[0].target_states) == ["PLACED"]


def test_a_message_passes_as_it_is():
    message = pb.PingResponse(text="x")

    assert wire.write(pb.PingResponse, message) is message


def test_an_event_becomes_the_message_of_its_name():
    @dataclass(frozen=True)
    class ParcelSent:
        parcel_id: UUID
        sent_at: datetime

    message = wire.event(pb, ParcelSent(ID, AT))

    assert message.DESCRIPTOR.full_name == "toy.v1.ParcelSent"


def test_free_content_keeps_whole_numbers():
    message = struct_pb2.Struct()
    message.update(wire.plain_json({"n": 3, "half": 0.5, "on": date(2025, 5, 1), "who": [ID], "fine": Money(5), "deep": {"yes": True}}))

    assert wire.plain(message) == {"n": 3, "half": 0.5, "on": "2025-05-01", "who": [str(ID)], "fine": 5, "deep": {"yes": True}}


@pytest.mark.parametrize("text", ["", "x", "123"])
def test_what_is_no_id_is_refused(text):
    with pytest.raises(InvalidId) as error:
        wire.uuid(text, "parcel_id")

    assert error.value.facts["field"] == "parcel_id"


def test_days_and_instants_may_be_missing():
    assert wire.day("") is None
    assert wire.day("2025-05-01") == date(2025, 5, 1)
    assert wire.instant(timestamp_pb2.Timestamp()) is None
    assert wire.uuid_or_none("") is None
    with pytest.raises(InvalidDate):
        wire.day("1.5.2025")


def test_a_word_loses_its_prefix():
    assert wire.word(pb.Parcel.State, pb.Parcel.STATE_LOST) == "LOST"
    assert wire.word(pb.Parcel.State, 0) == ""


def test_a_needed_text_is_named_when_it_is_missing():
    assert wire.needed("x", "title") == "x"
    with pytest.raises(FieldMissing) as error:
        wire.needed(" ", "title")
    assert error.value.facts == {"field": "title"}

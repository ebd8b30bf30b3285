import json
from typing import Any

import pytest
from anzhi.enterprises.v1 import enterprises_pb2 as pb
from anzhi.type.v1 import types_pb2
from gateway import codec
from gateway.doors import doors
from gateway.problems import BodyNotJson, BodyTooDeep, InvalidField, UnknownField
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.struct_pb2 import Struct
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st


def reader(name: str) -> codec.Reader:
    door = next(door for door in doors() if door.name == name)
    return codec.Reader(door, GetMessageClass(door.request))


def read(name: str, body: Any = None, *, query: str = "", raw: bytes | None = None, **path: str) -> Any:
    return reader(name).read(path, query.encode(), raw if raw is not None else json.dumps(body).encode() if body is not None else b"")


def test_a_body_fills_the_message():
    made = read("RegisterEnterprise", {"code": "91441900MA4W12346U", "name": "某机械厂", "confirmCode": True})

    assert made == pb.RegisterEnterpriseRequest(code="91441900MA4W12346U", name="某机械厂", confirm_code=True)


def test_an_enum_is_written_without_its_prefix():
    made = read("EndCertificate", {"status": "REVOKED", "reason": "伪造"}, id="c1")

    assert made.status == pb.Certificate.STATUS_REVOKED
    assert made.id == "c1"


@pytest.mark.parametrize("word", ["STATUS_REVOKED", "UNSPECIFIED", "revoked", 3, True])
def test_an_enum_takes_its_words_only(word: object):
    with pytest.raises(InvalidField) as refused:
        read("EndCertificate", {"status": word}, id="c1")

    assert refused.value.facts["fields"][0].field == "status"


def test_an_unknown_field_is_refused_with_its_name():
    with pytest.raises(UnknownField) as refused:
        read("RegisterEnterprise", {"name": "厂", "nmae": "厂"})

    assert [problem.field for problem in refused.value.facts["fields"]] == ["nmae"]


@pytest.mark.parametrize("field", ["requestId", "request_id", "id", "version"])
def test_what_headers_and_path_bring_is_unknown_in_the_body(field: str):
    with pytest.raises(UnknownField):
        read("AmendEnterprise", {field: "1"}, id="e1")


@pytest.mark.parametrize("value", [1, True, None, ["a"], {"a": 1}])
def test_a_text_is_not_guessed_from_another_type(value: object):
    with pytest.raises(InvalidField):
        read("RegisterEnterprise", {"name": value})


@pytest.mark.parametrize("raw", [b"{", b"[]x", b'{"name": "\xff"}', b'{"name": "\\ud800"}', b"\x00"])
def test_what_is_no_json_is_refused(raw: bytes):
    with pytest.raises(BodyNotJson):
        read("RegisterEnterprise", raw=raw)


@pytest.mark.parametrize("raw", [b"[]", b'"text"', b"7", b"null"])
def test_a_body_is_an_object(raw: bytes):
    with pytest.raises(InvalidField):
        read("RegisterEnterprise", raw=raw)


def test_a_zero_character_is_refused_with_its_place():
    with pytest.raises(InvalidField) as refused:
        read("AddLicence", {"kind": "a", "scope": ["fine", "a\u0000b"]}, enterprise_id="e1")

    assert refused.value.facts["fields"][0].field == "scope[1]"


def test_the_text_backslash_u0000_is_not_a_zero_character():
    assert read("RegisterEnterprise", raw=rb'{"name": "\\u0000"}').name == r"\u0000"


def test_a_zero_character_in_path_or_query_is_refused():
    with pytest.raises(InvalidField):
        read("GetEnterprise", id="a\x00")
    with pytest.raises(InvalidField):
        read("SearchEnterprises", query="q=a%00")


def test_a_body_nested_too_deep_is_refused():
    deep: Any = "x"
    for _ in range(60):
        deep = [deep]

    with pytest.raises(BodyTooDeep):
        codec.check_text(json.dumps(deep).encode())


def test_many_flat_lists_are_not_deep():
    codec.check_text(json.dumps([[1]] * 500).encode())


def test_a_query_is_read_by_type():
    made = read("SearchEnterprises", query="q=%E6%9C%BA%E6%A2%B0&pageSize=20&pageToken=t")

    assert made == pb.SearchEnterprisesRequest(q="机械", page_size=20, page_token="t")


@pytest.mark.parametrize("query", ["pageSize=ten", "pageSize=99999999999", "pageSize=1.5", "pageSize=", "q=a&q=b", "q=%FF"])
def test_a_query_of_the_wrong_type_is_refused(query: str):
    with pytest.raises(InvalidField):
        read("SearchEnterprises", query=query)


@pytest.mark.parametrize("query", ["page_size=1", "unknown=1", "Q=1"])
def test_an_unknown_query_parameter_is_refused(query: str):
    with pytest.raises(UnknownField):
        read("SearchEnterprises", query=query)


def test_a_query_may_not_say_again_what_the_path_says():
    with pytest.raises(UnknownField):
        read("GetEnterprise", query="id=other", id="e1")


def test_a_repeated_query_parameter_is_a_list():
    assert list(read("GetCheckItems", query="ids=a&ids=b").ids) == ["a", "b"]


def test_an_answer_has_all_its_values_and_leaves_out_what_is_not_set():
    written = json.loads(codec.write(pb.Enterprise(id="e1", state=pb.Enterprise.STATE_ACTIVE, version=3)))

    assert written["state"] == "ACTIVE"
    assert written["version"] == "3"
    assert written["codeChecked"] is False
    assert written["name"] == ""
    assert "registeredAt" not in written


def test_an_unspecified_enum_is_absence():
    assert "state" not in json.loads(codec.write(pb.Enterprise()))


def test_maps_lists_and_instants_are_written():
    moves = types_pb2.ListMovesResponse(moves=[types_pb2.PermittedMove(move="amend", facts={"b": "2", "a": "1"}, law=["APL 42"])])
    proposal = types_pb2.Proposal()
    proposal.proposed_at.FromJsonString("2025-05-09T16:00:00Z")

    assert json.loads(codec.write(moves))["moves"][0]["facts"] == {"a": "1", "b": "2"}
    assert json.loads(codec.write(proposal))["proposedAt"] == "2025-05-09T16:00:00Z"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**50), 2**50) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), json_values, max_size=5))
def test_free_content_comes_back_as_it_was(content: dict[str, Any]):
    held = Struct()
    held.update(content)

    assert codec.struct(Struct.FromString(held.SerializeToString())) == content


@given(st.integers(-62_135_596_800, 253_402_300_799), st.integers(0, 999_999_999))
def test_an_instant_is_written_as_proto_writes_it(seconds: int, nanos: int):
    held = Timestamp(seconds=seconds, nanos=nanos)

    assert codec.instant(held) == held.ToJsonString()


def test_an_instant_is_read_with_its_offset():
    made = read("GetOfficers", query="ids=a&at=2025-05-10T00%3A00%3A00%2B08%3A00")

    assert made.at.ToJsonString() == "2025-05-09T16:00:00Z"


@pytest.mark.parametrize("at", ["2025-05-10", "2025-05-10T00:00:00", "1746806400", "now", "0001-01-01T00:00:00%2B14:00"])
def test_an_instant_without_offset_or_out_of_time_is_refused(at: str):
    with pytest.raises(InvalidField):
        read("GetOfficers", query=f"ids=a&at={at}")


def test_free_content_is_taken_as_it_is():
    made = read("CreateDraft", {"form": "F01", "content": {"事实": [1, 2.5, None, True, {"a": "b"}]}})

    assert codec.struct(made.content) == {"事实": [1, 2.5, None, True, {"a": "b"}]}


def test_a_number_that_fits_no_field_is_refused():
    with pytest.raises(InvalidField):
        read("CreateDraft", raw=b'{"content": {"n": 1' + b"0" * 400 + b"}}")


@pytest.mark.parametrize("fen", ["1.5", "01", "+1", "9223372036854775808", "", "1e3"])
def test_money_is_a_whole_number_of_fen_written_as_text(fen: str):
    with pytest.raises(InvalidField):
        read("RecordPayment", {"amount": {"fen": fen}}, id="c1")


def test_money_as_a_number_is_refused_because_scripts_round_it():
    with pytest.raises(InvalidField):
        read("RecordPayment", {"amount": {"fen": 4900000}}, id="c1")

import json

import grpc
import pytest
from gateway.problems import CODES, Problem, RequestIdMissing, TooManyRequests, VersionMissing, catalogue, language
from google.protobuf.any_pb2 import Any
from google.rpc import error_details_pb2, status_pb2
from grpc.aio import AioRpcError, Metadata


def rpc_error(code: grpc.StatusCode, *, reason: str = "", detail: str = "", **facts: str) -> AioRpcError:
    trailing = Metadata()
    if reason:
        packed = Any()
        packed.Pack(error_details_pb2.ErrorInfo(reason=reason, domain="penalties.anzhi", metadata=facts))
        trailing.add("grpc-status-details-bin", status_pb2.Status(code=code.value[0], message=detail, details=[packed]).SerializeToString())
    return AioRpcError(code, Metadata(), trailing, details=detail)


def rendered(problem: Problem, said: str = "zh") -> dict[str, object]:
    return json.loads(problem.render(language=said, trace_id="t1", docs="https://docs.anzhi.example/errors"))


def test_a_refusal_of_a_service_keeps_reason_facts_and_sentence():
    error = rpc_error(
        grpc.StatusCode.PERMISSION_DENIED,
        reason="INVESTIGATOR_MAY_NOT_DECIDE",
        detail="who investigated a case may not decide it",
        officer="li",
    )

    body = rendered(Problem.of_rpc(error, "penalties"))

    assert body.pop("message")
    assert body == {
        "type": "https://docs.anzhi.example/errors#INVESTIGATOR_MAY_NOT_DECIDE",
        "title": "Forbidden",
        "status": 403,
        "reason": "INVESTIGATOR_MAY_NOT_DECIDE",
        "service": "penalties",
        "detail": "who investigated a case may not decide it",
        "facts": {"officer": "li"},
        "trace_id": "t1",
    }


@pytest.mark.parametrize(("code", "status"), sorted(CODES.items(), key=lambda pair: pair[0].name))
def test_each_code_has_the_status_of_the_table(code: grpc.StatusCode, status: int):
    assert Problem.of_rpc(rpc_error(code, reason="R"), "penalties").status == status


@pytest.mark.parametrize(
    "code", [grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN, grpc.StatusCode.UNIMPLEMENTED, grpc.StatusCode.DATA_LOSS]
)
def test_our_faults_tell_nothing(code: grpc.StatusCode):
    body = rendered(Problem.of_rpc(rpc_error(code, reason="SECRET", detail="Traceback …", path="/etc"), "penalties"))

    assert body["status"] == 500
    assert body["reason"] == "INTERNAL"
    assert body["facts"] == {}
    assert "Traceback" not in json.dumps(body)


def test_an_absence_says_when_to_come_back_and_nothing_of_the_inside():
    problem = Problem.of_rpc(rpc_error(grpc.StatusCode.UNAVAILABLE, detail="ipv4:10.0.0.7:50051: connection refused"), "penalties")

    assert problem.status == 503
    assert ("retry-after", "1") in problem.headers
    assert "10.0.0.7" not in json.dumps(rendered(problem))


def test_a_missed_deadline_is_an_absence():
    assert Problem.of_rpc(rpc_error(grpc.StatusCode.DEADLINE_EXCEEDED), "penalties").reason == "UNAVAILABLE"


def test_refusals_of_the_gateway_have_their_status():
    assert Problem.of(RequestIdMissing("…")).status == 400
    assert Problem.of(VersionMissing("…")).status == 428
    assert Problem.of(TooManyRequests("…", retry_after=7)).headers == (("retry-after", "7"),)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("", "zh"),
        ("*", "zh"),
        ("fr", "zh"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh;q=0.5,en;q=0.8", "en"),
        ("en;q=oops", "zh"),
    ],
)
def test_chinese_unless_english_is_preferred(header: str, said: str):
    assert language(header) == said


def test_the_words_of_a_reason_carry_its_facts():
    problem = Problem.of(TooManyRequests("too many requests", retry_after=7))

    assert "7" in str(rendered(problem)["message"])
    assert rendered(problem, "en")["message"] != rendered(problem, "zh")["message"]


def test_both_languages_have_the_same_sections():
    assert catalogue("zh").keys() == catalogue("en").keys()

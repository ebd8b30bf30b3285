"""Nested parts of requests as plain data."""

from collections.abc import Iterable
from typing import Any

from anzhi.inspections.v1 import inspections_pb2 as pb
from anzhi.inspections.v1 import measures_pb2
from servicekit import wire


def results(given: Iterable[pb.FindingResult]) -> list[dict[str, Any]]:
    return [
        {
            "finding_id": wire.uuid(one.finding_id, "finding_id"),
            "result": wire.word(pb.RecheckResult, one.result),
            "photo_after_ids": list(one.photo_after_ids),
        }
        for one in given
    ]


def items(given: Iterable[pb.OrderItem]) -> list[dict[str, Any]]:
    return [{"finding_id": wire.uuid(one.finding_id, "finding_id"), "due_on": wire.day(one.due_on, "due_on")} for one in given]


def grounds(request: Any) -> dict[str, Any]:
    """What a proposed and an urgent measure say alike."""
    return {
        "inspection_id": wire.uuid(request.inspection_id, "inspection_id"),
        "version": request.version,
        "kind": wire.word(measures_pb2.CoercionKind, request.kind),
        "finding_ids": wire.uuids(request.finding_ids, "finding_ids"),
        "objects": [_object(one) for one in request.objects],
        "problem": request.problem,
        "basis_text": request.basis_text,
        "hazardous_chemicals": request.hazardous_chemicals,
    }


def _object(one: measures_pb2.MeasureObject) -> dict[str, Any]:
    texts = ("name", "cas", "model", "quantity", "unit", "packaging", "place", "lot", "owner", "evidence_id", "excluded")
    return {**_fields(one, *texts), "sort": wire.word(measures_pb2.ObjectSort, one.sort), "group": one.group}


def steps(given: measures_pb2.CoercionSteps) -> dict[str, Any]:
    return _fields(given, *given.DESCRIPTOR.fields_by_name)


def power(given: measures_pb2.PowerGrounds) -> dict[str, Any]:
    return _fields(given, *given.DESCRIPTOR.fields_by_name)


def _fields(given: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(given, name) for name in names}

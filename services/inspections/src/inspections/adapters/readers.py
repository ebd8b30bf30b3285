"""Nested parts of requests as plain data."""

from collections.abc import Iterable
from typing import Any

from anzhi.inspections.v1 import inspections_pb2 as pb
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

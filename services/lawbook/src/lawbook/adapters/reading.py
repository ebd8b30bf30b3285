"""From messages to the shapes of the domain."""

from typing import Any

from anzhi.lawbook.v1 import lawbook_pb2 as pb
from google.protobuf.json_format import MessageToDict
from pydantic import ValidationError
from servicekit import wire

from lawbook.adapters.store import THRESHOLDS
from lawbook.domain.acts import Adjust, Range, Scale, Shift, Tier
from lawbook.domain.thresholds import Thresholds, ThresholdsInvalid


def scale(request: pb.LoadScaleRequest) -> Scale:
    return Scale(
        id=f"{request.act_id}/{request.branch}@{request.valid_from_on}",
        act_id=request.act_id,
        branch=request.branch,
        doc=request.doc,
        doc_no=request.doc_no,
        valid_from_on=wire.needed_day(request.valid_from_on, "valid_from_on"),
        valid_to_on=wire.day(request.valid_to_on, "valid_to_on"),
        verified=request.verified,
        official=True,
        metric=request.metric,
        tiers=tuple(
            Tier(
                tier.level,
                tier.min_n,
                tier.max_n,
                Range(tier.range.min_fen, tier.range.max_fen, tier.range.min_inclusive, tier.range.max_inclusive),
            )
            for tier in request.tiers
        ),
        adjust=tuple(
            Adjust(entry.circumstance, Shift(wire.needed(wire.word(pb.Adjust.Shift, entry.shift), "adjust.shift")))
            for entry in request.adjust
        ),
    )


def thresholds(message: pb.Thresholds) -> Thresholds:
    """Raises: ThresholdsInvalid."""
    shape: dict[str, Any] = MessageToDict(message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)
    for standard in shape["crime_standards"]:
        for element in (*standard["required"], *standard["any_of"], *standard["consult_any_of"]):
            element["op"] = element["op"].removeprefix("OP_")
    try:
        return THRESHOLDS.validate_python({**shape, "valid_to_on": None})
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise ThresholdsInvalid(f"{field}: {first['msg']}", field=field) from error

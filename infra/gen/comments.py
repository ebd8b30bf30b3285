"""The comments of the protos by full name."""

import re
import tempfile
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2
from stubs import describe

Comments = dict[str, str]


def comments() -> Comments:
    with tempfile.NamedTemporaryFile(suffix=".binpb") as file:
        describe(Path(file.name))
        everything = descriptor_pb2.FileDescriptorSet.FromString(Path(file.name).read_bytes())
    found: Comments = {}
    for proto in everything.file:
        if proto.package.startswith("anzhi."):
            for location in proto.source_code_info.location:
                text = clean(location.leading_comments or location.trailing_comments)
                if text:
                    found[named(proto, list(location.path))] = text
    return found


def clean(comment: str) -> str:
    """One paragraph a line; the line breaks of the file are only its width."""
    paragraphs = re.split(r"\n\s*\n", comment.strip())
    return "\n\n".join(" ".join(line.strip() for line in paragraph.splitlines()) for paragraph in paragraphs if paragraph.strip())


def named(proto: descriptor_pb2.FileDescriptorProto, path: list[int]) -> str:
    """The full name of what a path of source_code_info points at."""
    names, here = [proto.package], proto
    while path:
        number, path = path[0], path[1:]
        value: Any = getattr(here, here.DESCRIPTOR.fields_by_number[number].name)
        if path and here.DESCRIPTOR.fields_by_number[number].is_repeated:
            value, path = value[path[0]], path[1:]
        if not hasattr(value, "DESCRIPTOR") or not hasattr(value, "name"):
            return ".".join([*names, f"({number})"])
        here = value
        names.append(here.name)
    return ".".join(names)

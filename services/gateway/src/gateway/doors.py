"""The HTTP doors of the RPCs, read from the descriptors: nobody writes a route by hand.

A door is one RPC whose policy names a method and a path. Path parameters are fields of the request. Of the rest,
`request_id` comes from Idempotency-Key, `version` from If-Match, and everything else from the query (GET, DELETE) or the body.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

import anzhi
from anzhi.policy.v1 import policy_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor, FileDescriptor, MethodDescriptor, ServiceDescriptor

PARAMETER = re.compile(r"\{(\w+)\}")
WITHOUT_BODY = frozenset({"GET", "DELETE"})


class BadDoor(Exception):
    """A policy whose path does not fit its request. Found at start-up and by `make gen`."""


@dataclass(frozen=True, eq=False)
class Door:
    """One RPC with its method and path."""

    rpc: MethodDescriptor
    method: str
    path: str
    policy: policy_pb2.Policy

    @property
    def service(self) -> str:
        """The service that answers: `penalties` of `anzhi.penalties.v1`."""
        return str(self.rpc.containing_service.file.package).split(".")[1]

    @property
    def name(self) -> str:
        return str(self.rpc.name)

    @property
    def request(self) -> Descriptor:
        return self.rpc.input_type

    @property
    def response(self) -> Descriptor:
        return self.rpc.output_type

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        return tuple(PARAMETER.findall(self.path))

    @cached_property
    def write(self) -> bool:
        return "request_id" in self.request.fields_by_name

    @cached_property
    def versioned(self) -> bool:
        return self.write and "version" in self.request.fields_by_name

    @cached_property
    def tagged(self) -> bool:
        """The answer has a version of its own, so it gets an ETag."""
        return "version" in self.response.fields_by_name

    @cached_property
    def rest(self) -> tuple[FieldDescriptor, ...]:
        """The fields that neither path nor headers bring."""
        elsewhere = {*self.parameters, *(("request_id",) if self.write else ()), *(("version",) if self.versioned else ())}
        return tuple(field for field in self.request.fields if field.name not in elsewhere)

    @cached_property
    def body(self) -> tuple[FieldDescriptor, ...]:
        return () if self.method in WITHOUT_BODY else self.rest

    @cached_property
    def text(self) -> tuple[FieldDescriptor, ...]:
        """The fields that come as text: path parameters and query."""
        return (*(self.request.fields_by_name[name] for name in self.parameters), *self.query)

    @cached_property
    def query(self) -> tuple[FieldDescriptor, ...]:
        return self.rest if self.method in WITHOUT_BODY else ()

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Names its parameters; a parameter ends at a slash or a colon."""
        pieces = PARAMETER.split(self.path)
        return re.compile("".join(f"(?P<{piece}>[^/:]+)" if index % 2 else re.escape(piece) for index, piece in enumerate(pieces)))

    def check(self) -> None:
        fields = self.request.fields_by_name
        for name in self.parameters:
            if name not in fields or fields[name].message_type is not None or fields[name].is_repeated:
                raise BadDoor(f"{self.rpc.full_name}: {{{name}}} is no single value of {self.request.name}")
        for field in self.query:
            if field.message_type is not None and field.message_type.full_name != "google.protobuf.Timestamp":
                raise BadDoor(f"{self.rpc.full_name}: {field.name} cannot be a query parameter, it is a message")


def files() -> Iterator[FileDescriptor]:
    """Every proto file of the contracts."""
    for module in sorted(found.name for found in pkgutil.walk_packages(anzhi.__path__, "anzhi.") if found.name.endswith("_pb2")):
        yield importlib.import_module(module).DESCRIPTOR


def services() -> Iterator[ServiceDescriptor]:
    for file in files():
        yield from (service for _, service in sorted(file.services_by_name.items()))


def doors() -> list[Door]:
    """Every door, by service, in the order of the contract."""
    found = []
    for service in services():
        for rpc in service.methods:
            policy = rpc.GetOptions().Extensions[policy_pb2.policy]
            if policy.http:
                method, _, path = policy.http.partition(" ")
                door = Door(rpc, method, path, policy)
                door.check()
                found.append(door)
    twice = {(door.method, PARAMETER.sub("{}", door.path)) for door in found}
    if len(twice) != len(found):
        seen: set[tuple[str, str]] = set()
        for door in found:
            key = (door.method, PARAMETER.sub("{}", door.path))
            if key in seen:
                raise BadDoor(f"{door.rpc.full_name}: {door.method} {door.path} has two doors")
            seen.add(key)
    return found


class House:
    """Finds the door of a request. Doors with the same number of segments and the same literal beginning share a shelf."""

    def __init__(self, doors: Iterable[Door]) -> None:
        self.shelves: dict[tuple[int, str], list[Door]] = {}
        for door in doors:
            self.shelves.setdefault(self._shelf(door.path), []).append(door)
        for shelf in self.shelves.values():
            # Of `/v1/cases/{id}` and `/v1/cases/mine`, the one with more text of its own is asked first.
            shelf.sort(key=lambda door: (len(door.parameters), -len(PARAMETER.sub("", door.path))))

    @staticmethod
    def _shelf(path: str) -> tuple[int, str]:
        segments = path.split("/")
        return len(segments), segments[2].split(":")[0] if len(segments) > 2 else ""

    def at(self, path: str) -> list[tuple[Door, dict[str, str]]]:
        """The doors of this path as it was sent (percent-encoded), whatever their method, best first."""
        found = []
        for door in self.shelves.get(self._shelf(path), ()):
            match = door.pattern.fullmatch(path)
            if match:
                found.append((door, {name: unquote(value) for name, value in match.groupdict().items()}))
        return found
